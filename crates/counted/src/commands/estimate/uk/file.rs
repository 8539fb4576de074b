//! The figures as the file that the public pages show: rounded, with their sources and how to make them again.

use std::path::Path;

use estimate::Interval;
use estimate::back_calculation::uk::{
    COVID_YEAR, DEATH_SOURCES, ENGLAND_WOMEN, INHABITANTS_SOURCE, PublishedEstimate, Role, ScenarioFigure,
    Source, Spread, UK_INHABITANTS_MILLIONS, UK_PEOPLE, UkFigure, england_deaths, published_estimates,
};
use publish::public_figures as file;

use crate::exit::Failure;

use super::{LABEL, made, timing, who};

/// People are rounded to this many: chance in the draws moves the last hundred, and never a thousand.
const ROUNDED_TO: u32 = 100;

/// Writes the file.
pub(super) fn write(figure: &UkFigure, seed: u64, place: &Path) -> Result<(), Failure> {
    let Some(name) = place.file_name() else {
        return Err(Failure::call("--write: give the name of a file"));
    };
    let text = figures(figure, seed, &name.to_string_lossy())?
        .to_toml()
        .map_err(|error| Failure::invariant(error.to_string()))?;
    fs_err::write(place, text).map_err(|error| {
        Failure::call(format!(
            "--write: {error}; give a file in a folder that you may write to"
        ))
    })
}

fn figures(figure: &UkFigure, seed: u64, name: &str) -> Result<file::PublicFigures, Failure> {
    Ok(file::PublicFigures {
        place: "the United Kingdom".to_owned(),
        date: format!("{}-01-01", figure.end_of_year + 1),
        label: LABEL.to_owned(),
        rounded_to: ROUNDED_TO,
        rerun: file::Rerun {
            command: format!(
                "counted estimate uk --draws {} --seed {seed} --write {name}",
                figure.draws
            ),
            program: concat!("counted ", env!("CARGO_PKG_VERSION")).to_owned(),
            draws: figure.draws,
            seed,
        },
        within_ten_years: range(figure.within_ten_years),
        total: range(figure.total),
        total_at_widest: range(figure.total_at_widest),
        drivers: file::Drivers {
            survival_percent: tenths(figure.drivers.survival * 100.0),
            found_at_death_percent: tenths(figure.drivers.found_at_death * 100.0),
            chance_percent: tenths(figure.drivers.noise * 100.0),
        },
        deaths: deaths()?,
        inhabitants: file::Inhabitants {
            millions: UK_INHABITANTS_MILLIONS,
            source: printed(&INHABITANTS_SOURCE),
        },
        scenarios: figure.scenarios.iter().map(scenario).collect(),
        published: published_estimates().iter().map(published).collect(),
    })
}

fn deaths() -> Result<file::Deaths, Failure> {
    let deaths = england_deaths().map_err(|error| Failure::invariant(error.to_string()))?;
    Ok(file::Deaths {
        first_year: deaths.first_year(),
        last_year: deaths.last_year(),
        covid_year: deaths.last_year() == COVID_YEAR,
        women_in_england: deaths.counts().to_vec(),
        people_in_the_uk: UK_PEOPLE as u64,
        women_in_england_then: ENGLAND_WOMEN as u64,
        sources: DEATH_SOURCES.iter().map(printed).collect(),
    })
}

fn scenario(one: &ScenarioFigure) -> file::Scenario {
    file::Scenario {
        name: one.scenario.name.to_owned(),
        words: one.scenario.words.to_owned(),
        in_range: one.scenario.role == Role::Plausible,
        extrapolated_percent: (one.share_extrapolated.middle * 100.0).round(),
        new: people(one.new.middle),
        living_over_deaths: tenths(one.living_over_deaths.middle),
        new_over_deaths: (one.new_over_deaths.middle * 100.0).round() / 100.0,
        within_ten_years: spread(one.within_ten_years),
        total: spread(one.total),
        sources: one.scenario.sources.iter().map(printed).collect(),
    }
}

fn published(one: &PublishedEstimate) -> file::Published {
    file::Published {
        place: one.place.to_owned(),
        date: one.date.to_owned(),
        number: one.number,
        who: who(one.who).to_owned(),
        timing: timing(one.timing).to_owned(),
        made: made(one.made).to_owned(),
        crude_in_100000: one.crude_rate().map(tenths),
        source: one.source.to_owned(),
        url: one.url.map(str::to_owned),
    }
}

fn printed(source: &Source) -> file::Printed {
    file::Printed {
        title: source.title.to_owned(),
        url: source.url.to_owned(),
    }
}

fn range(of: Interval) -> file::Range {
    let rate = |people: f64| tenths(people / (UK_INHABITANTS_MILLIONS * 10.0));
    file::Range {
        low: people(of.low),
        high: people(of.high),
        low_in_100000: rate(of.low),
        high_in_100000: rate(of.high),
    }
}

fn spread(of: Spread) -> file::Spread {
    file::Spread {
        middle: people(of.middle),
        low: people(of.low),
        high: people(of.high),
    }
}

fn people(number: f64) -> u32 {
    let step = f64::from(ROUNDED_TO);
    ((number / step).round() * step) as u32
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
