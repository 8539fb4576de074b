//! Everyone accounted for: each person of `cases` is counted or has a reason why not, in every run.
//!
//! Invariant: people in `cases` = to review + not new + new outside the period + new in the period, and the last are
//! exactly the people whom `counts` shows as new. A person who stands twice in a table of an earlier stage, or falls
//! through a join, breaks it.

use engine::Session;
use vocabulary::date::Date;

use crate::CountError;
use crate::error::at;
use crate::sql;
use crate::tables::{CASES, COUNTS};

/// Where the people of `cases` went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct People {
    /// People in `cases`.
    pub cases: i64,
    /// Tier D: a list to review, in no number.
    pub to_review: i64,
    /// Counted among the living, but first known to us when the records began: not new in any period.
    pub not_new: i64,
    /// New before or after the study's period, or on no known date.
    pub new_outside_period: i64,
    /// New in the study's period.
    pub new_in_period: i64,
}

/// Counts everyone once more, without the joins, and compares.
pub(crate) fn check(session: &Session, (first, last): (Date, Date)) -> Result<People, CountError> {
    let (first, last) = (sql::date(first), sql::date(last));
    let within = format!(r#"coalesce("date" BETWEEN {first} AND {last}, false)"#);
    let people = numbers(
        session,
        &format!(
            r#"SELECT count(*) AS a, coalesce(sum(CASE WHEN counted THEN 0 ELSE 1 END), 0) AS b,
                      coalesce(sum(CASE WHEN counted AND NOT "new" THEN 1 ELSE 0 END), 0) AS c,
                      coalesce(sum(CASE WHEN counted AND "new" AND NOT {within} THEN 1 ELSE 0 END), 0) AS d,
                      coalesce(sum(CASE WHEN counted AND "new" AND {within} THEN 1 ELSE 0 END), 0) AS e
               FROM {CASES}"#
        ),
    )?;
    let shown = numbers(
        session,
        &format!(
            r#"SELECT coalesce(sum(CASE WHEN place_kind = 'country' AND measure = 'new' AND kind = 'all' AND sex = 'all'
                                         AND age_band = 'all' THEN found ELSE 0 END), 0) AS a,
                      coalesce(sum(CASE WHEN recorded > found THEN 1 ELSE 0 END), 0) AS b, 0 AS c, 0 AS d, 0 AS e
               FROM {COUNTS}"#
        ),
    )?;
    let [cases, to_review, not_new, new_outside_period, new_in_period] = people;
    let [new_shown, more_recorded, ..] = shown;
    let broken = if to_review + not_new + new_outside_period + new_in_period != cases {
        Some(format!("{cases} people in cases have one reason each"))
    } else if new_shown != new_in_period {
        Some(format!(
            "{new_in_period} people new in the period are those in counts, which shows {new_shown}"
        ))
    } else if more_recorded > 0 {
        Some(format!(
            "recorded is a part of found, but {more_recorded} rows of counts have more"
        ))
    } else {
        None
    };
    match broken {
        Some(rule) => Err(CountError::Invariant { rule }),
        None => Ok(People {
            cases,
            to_review,
            not_new,
            new_outside_period,
            new_in_period,
        }),
    }
}

/// One row of five whole numbers.
fn numbers(session: &Session, question: &str) -> Result<[i64; 5], CountError> {
    let step = || at("accounting for everyone");
    let mut numbers = [0; 5];
    for batch in session
        .query("accounting for everyone", question)
        .map_err(step())?
    {
        let batch = batch.map_err(step())?;
        for (number, column) in numbers.iter_mut().zip(["a", "b", "c", "d", "e"]) {
            let column = batch.integer(column).map_err(step())?;
            *number = (0..batch.rows()).filter_map(|row| column.get(row)).sum();
        }
    }
    Ok(numbers)
}
