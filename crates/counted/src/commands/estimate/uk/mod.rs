//! `uk`: the United Kingdom from public figures, as a range of scenarios and never as an interval.

mod file;

use std::path::PathBuf;

use clap::Args;
use estimate::back_calculation::uk::{
    DEATH_SOURCES, Made, PublishedEstimate, Role, ScenarioFigure, Spread, Timing, UkFigure, Who,
    published_estimates, uk_figure,
};
use serde_json::{Value, json};

use crate::exit::Failure;
use crate::export::refuse_harm;

use super::answer::{Answer, Grid, Headline};
use super::figures::{or_dash, percent, plain, whole};
use super::rows::Row;
use super::settings::{draws, seed};
use super::working;

const METHOD: &str = "uk";
const WHAT: &str = "people living with secondary breast cancer in the United Kingdom";

/// How the scenarios are drawn.
#[derive(Args)]
pub(super) struct Options {
    /// Draws under each scenario; 100 when left out.
    #[arg(long)]
    draws: Option<usize>,
    /// Where chance starts; the same seed gives the same bits. 1 when left out.
    #[arg(long)]
    seed: Option<u64>,
    /// Also writes the figures, rounded, with their sources, as the TOML file that the public pages show. A file that is
    /// there is replaced.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// The share of the draws of one scenario between its low and its high end, as [`Spread`] has them.
const OF_DRAWS: f64 = 0.9;
/// What the range is called.
const LABEL: &str = "a range of scenarios, not a 95 % interval";

pub(super) const NOTE: &str =
    "Nothing here is a count. Deaths of women in England are public, how long people live is printed for
other countries and for parts of this one, and nobody prints both for the United Kingdom: so there is
one scenario for each way to read what is printed, and what is said of all is their range. Published
estimates are laid beside it. The low and the high end of one scenario hold nine in ten of
its draws.

Example: counted estimate uk --format json";

/// Says what public figures say.
pub(super) fn answer(options: &Options) -> Result<Answer, Failure> {
    refuse_harm(std::iter::empty(), options.write.iter().map(PathBuf::as_path))?;
    let (draws, seed) = (draws(options.draws, 100)?, seed(options.seed));
    let figure = match working(|| uk_figure(draws, seed)) {
        Ok(figure) => figure,
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason)),
    };
    if let Some(place) = &options.write {
        file::write(&figure, seed, place)?;
    }
    let headline = Headline::scenarios(
        WHAT,
        METHOD,
        figure.within_ten_years.low,
        figure.within_ten_years.high,
    );
    let sentence = format!(
        "Between {} and {} people who were diagnosed in the last ten years were living with secondary breast cancer in the \
         United Kingdom at the end of {}, and between {} and {} with those of earlier years. This is a range of scenarios, \
         and not an interval that holds the truth with a stated chance.",
        whole(figure.within_ten_years.low),
        whole(figure.within_ten_years.high),
        figure.end_of_year,
        whole(figure.total.low),
        whole(figure.total.high)
    );
    let range = |of: estimate::Interval| json!({ "low": of.low, "high": of.high });
    Ok(Answer::new(METHOD, headline, sentence)
        .grid(scenarios(&figure))
        .grid(published())
        .estimates(figure.scenarios.iter().map(scenario))
        .with("end_of_year", figure.end_of_year)
        .with("label", LABEL)
        .with("within_ten_years", range(figure.within_ten_years))
        .with("total", range(figure.total))
        .with("total_at_widest", range(figure.total_at_widest))
        .with(
            "drivers",
            json!({
                "survival": figure.drivers.survival, "found_at_death": figure.drivers.found_at_death,
                "noise": figure.drivers.noise,
            }),
        )
        .with("draws", figure.draws)
        .with("confidence_of_scenarios", OF_DRAWS)
        .with("published", published_estimates().iter().map(of_published).collect::<Vec<_>>())
        .with(
            "sources",
            DEATH_SOURCES.map(|source| json!({ "title": source.title, "url": source.url })).to_vec(),
        )
        .assuming(
            "deaths from breast cancer end a life with secondary breast cancer, but for about one in ten found at death \
             only; people in the United Kingdom live as one of the scenarios says; those outside England die as women in \
             England do.",
        )
        .warn_if(
            figure.covid_year,
            "covid",
            "Deaths of 2020 may have been changed by covid.",
        ))
}

fn spread(of: Spread) -> Value {
    json!({ "middle": of.middle, "low": of.low, "high": of.high })
}

fn scenario(figure: &ScenarioFigure) -> Value {
    let scenario = figure.scenario;
    let sources = scenario
        .sources
        .iter()
        .map(|source| json!({ "title": source.title, "url": source.url }));
    Row::new("scenario", scenario.name)
        .n(figure.within_ten_years.middle)
        .with("low", figure.within_ten_years.low)
        .with("high", figure.within_ten_years.high)
        .with("assumes", scenario.words)
        .with("plausible", scenario.role == Role::Plausible)
        .with("within_ten_years", spread(figure.within_ten_years))
        .with("total", spread(figure.total))
        .with("total_of_weibull_alone", figure.total_of_weibull_alone)
        .with("share_extrapolated", spread(figure.share_extrapolated))
        .with("new", spread(figure.new))
        .with("living_over_deaths", spread(figure.living_over_deaths))
        .with("new_over_deaths", spread(figure.new_over_deaths))
        .with("sources", sources.collect::<Vec<_>>())
        .json()
}

fn scenarios(figure: &UkFigure) -> Grid {
    let mut grid = Grid::new(
        "If people live (an edge is shown beside the range, and is not part of it; low and high hold nine in ten draws):",
        &[
            "scenario",
            "in the last 10 years",
            "low",
            "high",
            "all",
            "extrapolated",
            "new a year",
            "living/deaths",
        ],
    );
    for one in &figure.scenarios {
        grid.row([
            one.scenario.name.to_owned(),
            whole(one.within_ten_years.middle),
            whole(one.within_ten_years.low),
            whole(one.within_ten_years.high),
            whole(one.total.middle),
            percent(one.share_extrapolated.middle),
            whole(one.new.middle),
            plain(one.living_over_deaths.middle),
        ]);
    }
    grid
}

fn published() -> Grid {
    let mut grid = Grid::new(
        "What others have published (they count different things):",
        &["place and date", "number", "in 100,000", "living/deaths", "made"],
    );
    for one in published_estimates() {
        grid.row([
            format!("{}, {}", one.place, one.date),
            whole(f64::from(one.number)),
            or_dash(one.crude_rate(), plain),
            or_dash(one.living_over_deaths(), plain),
            made(one.made).to_owned(),
        ]);
    }
    grid
}

fn of_published(one: &PublishedEstimate) -> Value {
    json!({
        "place": one.place, "date": one.date, "number": one.number,
        "who": who(one.who), "timing": timing(one.timing),
        "made": made(one.made), "in_100000": one.crude_rate(), "living_over_deaths": one.living_over_deaths(),
        "source": one.source, "url": one.url,
    })
}

fn who(who: Who) -> &'static str {
    match who {
        Who::Women => "women",
        Who::People => "people",
    }
}

fn timing(timing: Timing) -> &'static str {
    match timing {
        Timing::Point => "on a day",
        Timing::Period => "in a period",
        Timing::NotSaid => "not said",
    }
}

fn made(made: Made) -> &'static str {
    match made {
        Made::Counted => "counted",
        Made::ScaledUp => "scaled up",
        Made::Modelled => "modelled",
        Made::NotSaid => "not said",
    }
}
