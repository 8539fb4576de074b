//! The people behind a number of the table `counts`: from a figure back to those it counts.
//!
//! Invariant: they are found by the very condition that counted them, so that there are as many as the table says; whoever
//! asks checks it.

use std::path::Path;

use engine::Session;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::error::at;
use crate::periods::{Measure, Period, Span};
use crate::tables::{CASES, PEOPLE};
use crate::{CountError, counts, places, sql};

/// A cell of the table `counts`, by the words of its columns; `all` is a total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// `country`, `nation`, `network` or `organisation`.
    pub place_kind: String,
    /// The place.
    pub place: String,
    /// A year, a day, or first and last day with `/` between them.
    pub period: String,
    /// `new`, `living` or `died`.
    pub measure: String,
    /// The kind of case.
    pub kind: String,
    /// The sex.
    pub sex: String,
    /// The age band.
    pub age_band: String,
}

/// Someone whom a figure counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The study's id of the person.
    pub person_id: String,
    /// Whether a hospital recorded the person.
    pub recorded: bool,
}

/// Finds the people behind a figure, in order of their ids. `cases` and `people` (or `case_people`) are the tables that were counted.
///
/// # Errors
/// When a table cannot be read, or the figure is of no measure or period that there is.
pub fn behind(
    session: &Session,
    registry: &Registry,
    (cases, people): (&Path, &Path),
    figure: &Figure,
) -> Result<Vec<Person>, CountError> {
    const STEP: &str = "finding the people behind a figure";
    let period = period(figure).ok_or_else(|| CountError::NoFigure {
        measure: figure.measure.clone(),
        period: figure.period.clone(),
    })?;
    session.table(CASES, cases).map_err(at(STEP))?;
    session.table(PEOPLE, people).map_err(at(STEP))?;
    let question = question(registry, &period, figure);
    let mut found = Vec::new();
    for batch in session.query(STEP, &question).map_err(at(STEP))? {
        let batch = batch.map_err(at(STEP))?;
        let (ids, recorded) = (
            batch.text("person_id").map_err(at(STEP))?,
            batch.integer("recorded").map_err(at(STEP))?,
        );
        found.extend((0..batch.rows()).map(|row| Person {
            person_id: ids.get(row).unwrap_or_default().to_owned(),
            recorded: recorded.get(row) == Some(1),
        }));
    }
    Ok(found)
}

fn question(registry: &Registry, period: &Period, figure: &Figure) -> String {
    let banded = counts::banded(registry, std::slice::from_ref(period));
    let place = match figure.place_kind.as_str() {
        "country" => format!("{} = {}", sql::text(&figure.place), sql::text(places::COUNTRY)),
        "nation" => format!("nation = {}", sql::text(&figure.place)),
        "network" => format!("network = {}", sql::text(&figure.place)),
        _ => format!("organisation = {}", sql::text(&figure.place)),
    };
    let of_total = |column: &str, value: &str| match value {
        "all" => "true".to_owned(),
        value => format!("{column} = {}", sql::text(value)),
    };
    format!(
        r#"SELECT person_id, CAST(recorded AS BIGINT) AS recorded FROM ({banded}) AS banded
           WHERE {place} AND {} AND {} AND {}
           ORDER BY person_id"#,
        of_total("kind", &figure.kind),
        of_total("sex", &figure.sex),
        of_total("age_band", &figure.age_band)
    )
}

/// The period that a label stands for.
fn period(figure: &Figure) -> Option<Period> {
    let measure = [Measure::New, Measure::Living, Measure::Died]
        .into_iter()
        .find(|measure| measure.as_str() == figure.measure)?;
    let day = |text: &str| text.parse::<Date>().ok();
    let label = figure.period.as_str();
    let (first, last) = match label.split_once('/') {
        Some((first, last)) => (day(first)?, day(last)?),
        None if label.len() == 4 => {
            let year = label.parse().ok()?;
            (Date::new(year, 1, 1)?, Date::new(year, 12, 31)?)
        }
        None => (day(label)?, day(label)?),
    };
    let span = Span {
        label: label.to_owned(),
        first,
        last,
    };
    Some(Period {
        measure,
        span,
        computable: true,
    })
}
