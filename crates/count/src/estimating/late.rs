//! Reports that are still to come, from what earlier runs of the study knew.
//!
//! No file says when a row was reported. But each run leaves how many new people it found of each quarter, and a later run
//! finds more of the same quarters: that is the delay. Only runs that read alike (same definition, same kinds of source) are
//! compared; the study keeps them apart.
//!
//! Invariant: a look at fewer quarters than the estimate needs, or at another moment than the end of a quarter, is not
//! used, and then the warning about the last year stands.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{Session, TableReader, TableWriter};
use estimate::delay::{Runs, Snapshot};
use estimate::joint::Delay;
use serde::Deserialize;
use vocabulary::date::Date;
use vocabulary::table::Value;

use crate::CountError;
use crate::error::at;
use crate::tables::CASES;

/// New people by quarter, as a run knew them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Last day of the data of that run.
    pub as_of: Date,
    /// People found by the first day of the quarter.
    pub found: BTreeMap<Date, u64>,
}

/// How much is made of late reports.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LateReports {
    /// Runs, this one among them, without which nothing is corrected.
    least_runs: usize,
    /// Quarters after which nothing more is expected.
    longest_quarters: usize,
    /// How many people the shares of all delays together count for.
    shrinkage: f64,
}

impl Default for LateReports {
    fn default() -> Self {
        Self {
            least_runs: 4,
            longest_quarters: 8,
            shrinkage: 5.0,
        }
    }
}

impl Look {
    /// Reads the table `quarters` of a run.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub fn read(path: &Path, as_of: Date) -> Result<Self, CountError> {
        let step = || at("reading what an earlier run found");
        let mut found = BTreeMap::new();
        for batch in TableReader::open(path).map_err(step())? {
            let batch = batch.map_err(step())?;
            let (quarter, people) = (
                batch.date("quarter").map_err(step())?,
                batch.integer("found").map_err(step())?,
            );
            for row in 0..batch.rows() {
                if let (Some(quarter), Some(people)) = (quarter.get(row), people.get(row)) {
                    found.insert(quarter, u64::try_from(people).unwrap_or(0));
                }
            }
        }
        Ok(Self { as_of, found })
    }

    /// Whether a look with such a last day is ever used: one at the end of a quarter.
    #[must_use]
    pub fn is_used_of(as_of: Date) -> bool {
        ends_a_quarter(as_of)
    }
}

/// Writes the table `quarters`: new people of tiers A to C by quarter. Gives them as a look.
pub(super) fn write(session: &Session, as_of: Date, out: &Path) -> Result<Look, CountError> {
    let step = || at("counting new people by quarter");
    let sql = format!(
        r#"SELECT "date" AS day, count(*) AS people FROM {CASES}
           WHERE coalesce(counted, false) AND coalesce("new", false) AND "date" IS NOT NULL
           GROUP BY "date" ORDER BY "date""#
    );
    let mut found: BTreeMap<Date, u64> = BTreeMap::new();
    for batch in session
        .query("counting new people by quarter", &sql)
        .map_err(step())?
    {
        let batch = batch.map_err(step())?;
        let (day, people) = (
            batch.date("day").map_err(step())?,
            batch.integer("people").map_err(step())?,
        );
        for row in 0..batch.rows() {
            if let (Some(day), Some(people)) = (day.get(row), people.get(row)) {
                *found.entry(quarter(day)).or_default() += u64::try_from(people).unwrap_or(0);
            }
        }
    }
    let path = out.join("quarters.parquet");
    let mut table = TableWriter::create(&path, &layouts::tables::quarters()).map_err(step())?;
    for (quarter, people) in &found {
        let people = i64::try_from(*people).unwrap_or(i64::MAX);
        table
            .row(&[Value::Date(*quarter), Value::Integer(people)])
            .map_err(step())?;
    }
    table.finish().map_err(step())?;
    Ok(Look { as_of, found })
}

/// Whether a quarter ends with this day.
fn ends_a_quarter(day: Date) -> bool {
    let next = day.plus_days(1);
    quarter(next) == next
}

/// The first day of a day's quarter.
fn quarter(day: Date) -> Date {
    day.first_of_month()
        .plus_months(-i32::try_from((day.month() - 1) % 3).unwrap_or(0))
}

/// Quarters since the year 0 that had ended by the end of a day.
fn ended(day: Date) -> i32 {
    let next = day.plus_days(1);
    next.year() * 4 + i32::try_from((next.month() - 1) / 3).unwrap_or(0)
}

/// What the looks say of late reports, for an estimate of some years; none where they say too little.
///
/// A look reaches as many quarters behind its `as_of` as this run's estimate ends behind this run's, so that all are
/// compared at the same distance: so only looks at the end of a quarter are used, and nothing is said where this run is
/// none. Of several looks at one quarter the first counts.
pub(super) fn delay(
    late: LateReports,
    earlier: &[Look],
    now: &Look,
    (first, last): (Date, Date),
) -> Option<Delay> {
    let starts = (first.month(), first.day()) == (1, 1);
    if !starts || !ends_a_quarter(last) || !ends_a_quarter(now.as_of) {
        return None;
    }
    let begin = ended(first.plus_days(-1));
    let behind = ended(now.as_of) - ended(last);
    let mut looks: Vec<&Look> = earlier
        .iter()
        .filter(|look| look.as_of < now.as_of && ends_a_quarter(look.as_of))
        .collect();
    looks.sort_by_key(|look| look.as_of);
    let mut snapshots: Vec<Snapshot> = Vec::new();
    for look in looks.into_iter().chain([now]) {
        let quarters = ended(look.as_of) - behind - begin;
        let Some(at) = usize::try_from(quarters)
            .ok()
            .and_then(|quarters| quarters.checked_sub(1))
        else {
            continue;
        };
        if snapshots.last().is_none_or(|last| last.at < at) {
            let found = (0..=at).map(|index| {
                let months = i32::try_from(index).unwrap_or(i32::MAX).saturating_mul(3);
                look.found.get(&first.plus_months(months)).copied().unwrap_or(0)
            });
            snapshots.push(Snapshot {
                at,
                found: found.collect(),
            });
        }
    }
    if snapshots.len() < late.least_runs
        || snapshots.last()?.at + 1 != usize::try_from(ended(last) - begin).ok()?
    {
        return None;
    }
    Runs::new(&snapshots, late.longest_quarters)
        .ok()
        .map(|runs| Delay {
            runs,
            periods_a_year: 4,
            shrinkage: late.shrinkage,
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// A look that knew so many people of each quarter from the first of 2023 on.
    fn look(as_of: &str, found: &[u64]) -> Look {
        let quarters = found.iter().enumerate().map(|(index, people)| {
            (
                day("2023-01-01").plus_months(3 * i32::try_from(index).unwrap()),
                *people,
            )
        });
        Look {
            as_of: day(as_of),
            found: quarters.collect(),
        }
    }

    fn earlier() -> Vec<Look> {
        vec![
            look("2024-03-31", &[90, 90, 90, 80, 40]),
            look("2024-06-30", &[90, 90, 90, 90, 80, 40]),
            look("2024-07-31", &[90, 90, 90, 90, 85, 45, 10]),
            look("2024-09-30", &[90, 90, 90, 90, 90, 80, 40]),
        ]
    }

    #[test]
    fn a_quarter_has_a_first_day_and_an_end() {
        assert_eq!(quarter(day("2024-05-17")), day("2024-04-01"));
        assert_eq!(quarter(day("2024-12-31")), day("2024-10-01"));
        assert_eq!(ended(day("2024-03-31")) - ended(day("2024-03-30")), 1);
        assert_eq!(ended(day("2024-06-29")), ended(day("2024-03-31")));
    }

    #[test]
    fn half_of_the_last_quarter_is_still_to_come() {
        let now = look("2024-12-31", &[90, 90, 90, 90, 90, 90, 80, 40]);
        let years = (day("2023-01-01"), day("2024-12-31"));
        let late = LateReports {
            shrinkage: 0.0,
            ..LateReports::default()
        };
        let delay = delay(late, &earlier(), &now, years).unwrap();
        let growth = delay.runs.growth(0.0).unwrap();
        // 40 become 80, 80 become 90: the last two quarters are 90/40 and 90/80 of what is known.
        assert!((growth[7].factor - 2.25).abs() < 1e-9, "{growth:?}");
        assert!((growth[6].factor - 1.125).abs() < 1e-9);
        assert!((growth[5].factor - 1.0).abs() < 1e-9);
    }

    #[test]
    fn an_estimate_that_ends_before_the_data_is_compared_at_the_same_distance() {
        let now = look("2024-12-31", &[90, 90, 90, 90, 90, 90, 80, 40]);
        // Deaths are known to the end of September only.
        let delay = delay(
            LateReports::default(),
            &earlier(),
            &now,
            (day("2023-01-01"), day("2024-09-30")),
        )
        .unwrap();
        let latest: Vec<(usize, u64)> = delay.runs.latest().collect();
        assert_eq!(latest.last(), Some(&(0, 80)));
    }

    #[test]
    fn a_look_within_a_quarter_is_not_used() {
        let now = look("2024-12-31", &[90, 90, 90, 90, 90, 90, 80, 40]);
        let years = (day("2023-01-01"), day("2024-12-31"));
        // With the look of July in place of that of June there are three, and four are needed.
        let mut looks = earlier();
        looks.retain(|look| look.as_of != day("2024-06-30"));
        assert!(delay(LateReports::default(), &looks, &now, years).is_none());
        // Two months after the end of the last quarter more of it has been reported than the earlier looks tell of.
        let later = look("2025-02-28", &[90, 90, 90, 90, 90, 90, 85, 70, 20]);
        let mut looks = earlier();
        looks.push(now);
        assert!(delay(LateReports::default(), &looks, &later, years).is_none());
    }

    #[test]
    fn too_few_looks_or_a_crooked_end_say_nothing() {
        let now = look("2024-12-31", &[90, 90, 90, 90, 90, 90, 80, 40]);
        let late = LateReports::default();
        let years = (day("2023-01-01"), day("2024-12-31"));
        assert!(delay(late, &earlier()[..2], &now, years).is_none());
        assert!(delay(late, &earlier(), &now, (day("2023-01-01"), day("2024-12-15"))).is_none());
        assert!(delay(late, &earlier(), &now, (day("2023-04-01"), day("2024-12-31"))).is_none());
    }
}
