//! From the people found to the estimate: lays out what the stages before wrote as a study of
//! [`estimate::joint`], and gives its cells the names of `counts`.
//!
//! Invariants: where there is no estimate there is its reason, and never a number; whole calendar years only, but for
//! a last part; nothing after the last day that both `as_of` and the sources of deaths cover.

mod assumed;
mod cells;
mod late;
mod lists;
mod people;
mod places;
mod review;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use engine::Session;
use estimate::joint::{Assumptions, Delay, Joint, Loudness, NationalDeaths, Settings, Study, joint};
use vocabulary::cover::Spans;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

pub use assumed::Assumed;
pub use late::Look;
pub use review::{Of, Review, Reviewed};

use crate::CountError;
use crate::cover::Cover;
use crate::periods::Span;
use places::Places;
use review::Classes;

/// Something a reader of the estimate must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is about, as a word for programs.
    pub rule: String,
    /// True of every estimate of this design (`standing`), or a sign that something is wrong (`alarm`).
    pub level: &'static str,
    /// What to know, in a sentence.
    pub message: String,
}

/// Everyone living with the disease on a day, estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct Living {
    /// The day.
    pub day: String,
    /// The median of the draws.
    pub estimate: f64,
    /// Low end of the 95 % interval.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// `estimate` or `lower_bound`.
    pub status: &'static str,
}

/// What the estimate needs.
pub(crate) struct Asked<'a> {
    pub session: &'a Session,
    pub intake: &'a Path,
    pub registry: &'a Registry,
    pub cover: &'a Cover,
    pub assumed: &'a Assumed,
    /// Charts that were read.
    pub review: &'a Review,
    /// What earlier runs that read alike knew.
    pub earlier: &'a [Look],
    /// Nothing after this day is used.
    pub as_of: Date,
    /// National deaths: the first year, and each year's.
    pub national_deaths: Option<&'a (i32, Vec<u64>)>,
    /// The years of the study, in order.
    pub years: &'a [Span],
    /// Days of which deaths are known.
    pub deaths: &'a Spans,
    /// The last of them before the first hole from the study's first day on.
    pub deaths_until: Option<Date>,
    pub out: &'a Path,
}

/// What came of it.
pub(crate) struct Written {
    pub rows: u64,
    pub living: Option<Living>,
    pub warnings: Vec<Warning>,
}

/// Estimates, and writes the tables of the estimate; they are empty where nothing can be estimated.
pub(crate) fn write(asked: &Asked<'_>) -> Result<Written, CountError> {
    let years = whole_years(asked.years, asked.deaths.first(), asked.deaths_until);
    let ends = years.first().zip(years.last());
    let ends = ends.map(|(first, last)| (first.first, last.last));
    let primaries = match ends {
        Some(ends) => places::primaries(asked.session, asked.intake, asked.registry, ends)?,
        None => BTreeMap::new(),
    };
    let places = Places::of_study(asked.registry, asked.cover, asked.assumed, &years, &primaries);
    let now = late::write(asked.session, asked.as_of, asked.out)?;
    let delay = ends.and_then(|ends| late::delay(asked.assumed.late_reports, asked.earlier, &now, ends));
    let corrected = delay.is_some();
    let Drawn {
        joint,
        mut rows,
        mut warnings,
    } = match ends {
        Some(_) => drawn(asked, &places, &years, delay)?,
        None => Drawn::none(no_year(asked)),
    };
    match &joint {
        Ok(joint) => warnings.extend(said(joint)),
        Err(reason) => warnings.push(not_estimated(reason)),
    }
    let joint = joint.as_ref().ok();
    if joint.is_some() && !corrected {
        warnings.push(late_reports(&years));
    }
    write::beside(joint, asked.assumed, &places, asked.out)?;
    let living = living(&rows);
    let rows = write::cells(&mut rows, asked.out)?;
    Ok(Written {
        rows,
        living,
        warnings,
    })
}

/// What was drawn of some years: the estimate or why there is none, its cells, and what to know of the people in it.
struct Drawn {
    joint: Result<Joint, String>,
    rows: Vec<cells::Row>,
    warnings: Vec<Warning>,
}

impl Drawn {
    /// No estimate, for a reason.
    fn none(reason: String) -> Self {
        Self {
            joint: Err(reason),
            rows: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// Draws the joint estimate of some years from the people found in them and the charts that were read.
fn drawn(
    asked: &Asked<'_>,
    places: &Places,
    years: &[Span],
    delay: Option<Delay>,
) -> Result<Drawn, CountError> {
    let classes = asked.assumed.classes(asked.review);
    let (mut study, undated) = study(asked, &classes, places, years)?;
    let settings = Settings {
        draws: asked.assumed.draws,
        seed: asked.assumed.seed,
    };
    let assumptions = Assumptions {
        delay,
        ..asked.assumed.assumptions(&classes)
    };
    let mut rows = Vec::new();
    let reviewed = review::charts(asked.review, &classes);
    let estimated = reviewed.and_then(|(charts, unflagged)| {
        study.charts = charts;
        study.unflagged = unflagged;
        joint(&study, &assumptions, &settings, &mut |cell| {
            rows.extend(cells::row(&cell, places, years));
        })
    });
    if estimated.is_err() {
        // Cells of an estimate that failed half-way are no estimate.
        rows.clear();
    }
    Ok(Drawn {
        joint: estimated.map_err(|error| error.to_string()),
        rows,
        warnings: undated.into_iter().collect(),
    })
}

/// The last day of the country's people living, all kinds together.
fn living(rows: &[cells::Row]) -> Option<Living> {
    let totals = rows.iter().filter(|row| {
        (row.place_kind, row.measure) == ("country", "living")
            && [row.kind, row.sex, row.age_band] == ["all"; 3]
    });
    let last = totals.max_by(|one, other| one.period.cmp(&other.period))?;
    let [estimate, _, _, low, high] = last.figures;
    Some(Living {
        day: last.period.clone(),
        estimate,
        low,
        high,
        status: last.status,
    })
}

/// The study as the estimator reads it.
fn study(
    asked: &Asked<'_>,
    classes: &Classes,
    places: &Places,
    years: &[Span],
) -> Result<(Study, Option<Warning>), CountError> {
    let first_year = years.first().map_or(0, |year| year.first.year());
    let found = people::people(asked.session, (asked.assumed, classes), places, first_year)?;
    let undated = (found.undated > 0).then(|| Warning {
        rule: "undated".to_owned(),
        level: Loudness::Standing.name(),
        message:
            "Some people have no date of metastatic disease, or no place. They are found, but in no estimate."
                .to_owned(),
    });
    let end = years.last().map_or(f64::from(first_year), |year| {
        people::time(year.last) + 0.5 / 366.0
    });
    let whole = years.last().is_some_and(|year| !year.label.contains('/'));
    let study = Study {
        first_year,
        end: if whole { end.round() } else { end },
        lists: asked.assumed.lists.iter().map(|list| list.name.clone()).collect(),
        places: places.places.clone(),
        people: found.people,
        charts: Vec::new(),
        unflagged: None,
        reviewer: review::reviewer(asked.review),
        deaths: asked.national_deaths.map(|(first_year, counts)| NationalDeaths {
            first_year: *first_year,
            counts: counts.clone(),
        }),
    };
    Ok((study, undated))
}

/// The whole calendar years, and a last part of one, as far as deaths are known: none that begins before they do.
fn whole_years(years: &[Span], begin: Option<Date>, deaths_until: Option<Date>) -> Vec<Span> {
    let Some((begin, until)) = begin.zip(deaths_until) else {
        return Vec::new();
    };
    let known = years
        .iter()
        .filter(|year| begin <= year.first && year.first <= until);
    let mut kept: Vec<Span> = known
        .skip_while(|year| year.label.contains('/') && !begins_a_year(year))
        .cloned()
        .collect();
    if let Some(last) = kept.last_mut()
        && until < last.last
    {
        last.last = until;
        last.label = format!("{}/{}", last.first, last.last);
    }
    kept
}

fn begins_a_year(span: &Span) -> bool {
    (span.first.month(), span.first.day()) == (1, 1)
}

/// Why there is no year to estimate, and what to do.
fn no_year(asked: &Asked<'_>) -> String {
    match (asked.deaths_until, asked.years.first()) {
        (Some(_), Some(year)) if asked.deaths.first().is_some_and(|begin| year.first < begin) => {
            "no calendar year of the period begins once deaths are known".to_owned()
        }
        (Some(_), _) => "the period holds no calendar year from its first day on".to_owned(),
        (None, Some(year)) if !asked.deaths.is_empty() => format!(
            "the deaths of the first year are not wholly covered: of its first day, {}, none are known, and whoever died then \
             would count as living ever after. Put the missing file of deaths into the study and run again; or, where its \
             files do hold them, say so with `covers` in study.toml; or let `period` begin after the hole",
            year.first
        ),
        (None, _) => {
            "no source of deaths was sent whose dates can be read, or none of some nation with people counted, so nobody can say \
             who is living"
                .to_owned()
        }
    }
}

fn not_estimated(reason: &str) -> Warning {
    Warning {
        rule: "not_estimated".to_owned(),
        level: Loudness::Standing.name(),
        message: format!(
            "The number of people cannot be estimated, because {reason}. The tables show who was found."
        ),
    }
}

/// No file says when its rows were reported; what is still to come can be known only from earlier runs.
fn late_reports(years: &[Span]) -> Warning {
    // A part of a year is its first and last day, with a slash between them.
    let last = years.last().map_or_else(
        || "the last year".to_owned(),
        |year| year.label.replace('/', " to "),
    );
    Warning {
        rule: "late_reports".to_owned(),
        level: Loudness::Standing.name(),
        message: format!(
            "Records of {last} that had not been sent by the last day of the study are missing from its estimate: the \
             files do not say when they were reported, and too few earlier runs of this study, at the ends of quarters, \
             show how many come late."
        ),
    }
}

fn said(joint: &Joint) -> impl Iterator<Item = Warning> {
    joint.warnings.iter().map(|warning| Warning {
        rule: warning.code.name().to_owned(),
        level: warning.level.name(),
        message: warning.message.clone(),
    })
}
