//! The tables of the estimate: `estimates` (every cell), `routes` (the same question answered by each route, and the
//! field's checks), `projection` (the years to come), `width` (what the interval is made of) and `assumptions` (what was taken for granted).
//!
//! All are confidential: nothing in them has passed disclosure control.

use std::path::Path;

use engine::TableWriter;
use estimate::EstimateError;
use estimate::joint::{Checks, Figures, Joint, RouteName};
use vocabulary::table::Value;

use crate::CountError;
use crate::error::at;
use crate::estimating::assumed::Assumed;
use crate::estimating::cells::Row;
use crate::estimating::places::Places;

/// Writes every cell, in order; gives the number of rows.
pub(crate) fn cells(rows: &mut [Row], out: &Path) -> Result<u64, CountError> {
    let step = || at("writing the estimates");
    rows.sort_by(|a, b| key(a).cmp(&key(b)));
    let path = out.join("estimates.parquet");
    let mut table = TableWriter::create(&path, &layouts::tables::estimates()).map_err(step())?;
    for row in rows {
        let [estimate, half_low, half_high, low, high] = row.figures.map(Value::Real);
        table
            .row(&[
                Value::Text(row.place_kind),
                Value::Text(&row.place),
                Value::Text(&row.period),
                Value::Text(row.measure),
                Value::Text(row.kind),
                Value::Text(row.sex),
                Value::Text(row.age_band),
                estimate,
                half_low,
                half_high,
                low,
                high,
                Value::Text(row.status),
            ])
            .map_err(step())?;
    }
    table.finish().map_err(step())
}

fn key(row: &Row) -> [&str; 7] {
    [
        row.place_kind,
        &row.place,
        &row.period,
        row.measure,
        row.kind,
        row.sex,
        row.age_band,
    ]
}

/// Writes the tables beside the cells; without an estimate they are empty.
pub(crate) fn beside(
    joint: Option<&Joint>,
    assumed: &Assumed,
    places: &Places,
    out: &Path,
) -> Result<(), CountError> {
    routes(joint, out)?;
    projection(joint, out)?;
    width(joint, places, out)?;
    assumptions(joint, assumed, out)
}

fn routes(joint: Option<&Joint>, out: &Path) -> Result<(), CountError> {
    let step = || at("writing the routes");
    let mut table =
        TableWriter::create(&out.join("routes.parquet"), &layouts::tables::routes()).map_err(step())?;
    let mut put = |figure: &str, route: &str, period: &str, value: &Result<Figures, EstimateError>| {
        let (numbers, reason) = match value {
            Ok(found) => (
                [found.median, found.interval.low, found.interval.high].map(Some),
                None,
            ),
            Err(error) => ([None; 3], Some(error.to_string())),
        };
        let [estimate, low, high] = numbers.map(Value::from);
        table.row(&[
            Value::Text(figure),
            Value::Text(route),
            Value::Text(period),
            estimate,
            low,
            high,
            Value::from(reason.as_deref()),
        ])
    };
    if let Some(joint) = joint {
        let checks = &joint.checks;
        let year = checks.year.to_string();
        for route in &joint.routes {
            put("living", route_name(route.name), &year, &route.living).map_err(step())?;
            put("new", route_name(route.name), &year, &route.new).map_err(step())?;
        }
        for (figure, period, value) in figures_of(checks) {
            put(figure, "joint", &period, &value).map_err(step())?;
        }
    }
    table.finish().map_err(step())?;
    Ok(())
}

/// The checks, each with its period. The ratios are of the estimate over deaths from breast cancer; those of the table `checks` are
/// of people found over deaths of any cause, and have other names.
fn figures_of(checks: &Checks) -> Vec<(&'static str, String, Result<Figures, EstimateError>)> {
    let year = checks.year.to_string();
    let span = |(first, last): (i32, i32)| {
        if first == last {
            last.to_string()
        } else {
            format!("{first}/{last}")
        }
    };
    let only_at_death = checks.found_only_at_death.clone().map(|share| Figures {
        median: share.value,
        half: share.interval,
        interval: share.interval,
    });
    let of_years = [
        ("living_over_breast_cancer_deaths", &checks.living_over_deaths),
        ("new_over_breast_cancer_deaths", &checks.new_over_deaths),
    ];
    let of_year = [
        ("recurrent_over_de_novo", &checks.recurrent_over_de_novo),
        ("share_extrapolated", &checks.share_extrapolated),
    ];
    let of_deaths = [
        ("found_only_at_death", &only_at_death),
        ("deaths_without_metastasis", &checks.implied_without_metastasis),
    ];
    let of_years = of_years.map(|(name, value)| (name, span(checks.years), value.clone()));
    let of_year = of_year.map(|(name, value)| (name, year.clone(), value.clone()));
    let of_deaths = of_deaths.map(|(name, value)| (name, span(checks.of_deaths), value.clone()));
    of_years.into_iter().chain(of_year).chain(of_deaths).collect()
}

fn projection(joint: Option<&Joint>, out: &Path) -> Result<(), CountError> {
    let step = || at("writing the years to come");
    let path = out.join("projection.parquet");
    let mut table = TableWriter::create(&path, &layouts::tables::projection()).map_err(step())?;
    match joint.map(|joint| &joint.ahead) {
        Some(Ok(years)) => {
            for ahead in years {
                let of = |figures: Figures| {
                    [figures.median, figures.interval.low, figures.interval.high].map(Value::Real)
                };
                let period = format!("{}-12-31", ahead.year);
                let mut row = vec![Value::Text(ahead.new.name()), Value::Text(&period)];
                row.extend(of(ahead.living));
                row.extend(of(ahead.times_now));
                row.push(Value::Null);
                table.row(&row).map_err(step())?;
            }
        }
        Some(Err(error)) => {
            let reason = error.to_string();
            let mut row = vec![Value::Null; 8];
            row.push(Value::Text(&reason));
            table.row(&row).map_err(step())?;
        }
        None => {}
    }
    table.finish().map_err(step())?;
    Ok(())
}

fn route_name(name: RouteName) -> &'static str {
    match name {
        RouteName::Recorded => "recorded",
        RouteName::Found => "found",
        RouteName::Joint => "joint",
        RouteName::BackCalculation => "back_calculation",
    }
}

fn width(joint: Option<&Joint>, places: &Places, out: &Path) -> Result<(), CountError> {
    let step = || at("writing what the width is made of");
    let mut table =
        TableWriter::create(&out.join("width.parquet"), &layouts::tables::width()).map_err(step())?;
    let mut put = |part: &str, name: &str, value: Option<f64>, error: Option<f64>, words: Option<&str>| {
        table.row(&[
            Value::Text(part),
            Value::Text(name),
            Value::from(value),
            Value::from(error),
            Value::from(words),
        ])
    };
    match joint.map(|joint| &joint.width) {
        Some(Ok(width)) => {
            for (cause, share) in width.causes.iter().zip(&width.split.causes) {
                put("cause", cause.name(), Some(share.share), Some(share.error), None).map_err(step())?;
            }
            let interactions = width.split.interactions;
            put(
                "interactions",
                "all",
                Some(interactions.share),
                Some(interactions.error),
                None,
            )
            .map_err(step())?;
            put("after_deaths", "all", Some(width.after_deaths), None, None).map_err(step())?;
            put("if_reviewed", "300 charts", Some(width.if_reviewed), None, None).map_err(step())?;
            for (organisation, ratio) in places.organisations.iter().zip(&width.if_recorded) {
                if let Some(code) = organisation {
                    put("if_recorded", code, Some(*ratio), None, None).map_err(step())?;
                }
            }
            for words in &width.not_in_it {
                put("not_in_it", "all", None, None, Some(words)).map_err(step())?;
            }
        }
        Some(Err(error)) => {
            put("none", "all", None, None, Some(&error.to_string())).map_err(step())?;
        }
        None => {}
    }
    table.finish().map_err(step())?;
    Ok(())
}

fn assumptions(joint: Option<&Joint>, assumed: &Assumed, out: &Path) -> Result<(), CountError> {
    let step = || at("writing what was assumed");
    let path = out.join("assumptions.parquet");
    let mut table = TableWriter::create(&path, &layouts::tables::assumptions()).map_err(step())?;
    for statement in joint.iter().flat_map(|joint| &joint.assumptions) {
        table
            .row(&[
                Value::Text(&statement.what),
                Value::Text(&statement.why),
                Value::from(statement.refuted_by),
            ])
            .map_err(step())?;
    }
    for (what, why) in assumed.reasons() {
        table
            .row(&[Value::Text(&what), Value::Text(why), Value::Null])
            .map_err(step())?;
    }
    table.finish().map_err(step())?;
    Ok(())
}
