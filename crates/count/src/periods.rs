//! The periods that are counted: years, days, and the window on which the state of an organisation rests.
//!
//! Invariants: no period reaches past `as_of`; a part of a year is never called by the year's name; people living
//! with the disease and people who died are computable only where the deaths that it takes are known.

use vocabulary::cover::Spans;
use vocabulary::date::Date;

use crate::{CountError, Thresholds};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Measure {
    New,
    Living,
    Died,
}

impl Measure {
    /// The word in the column `measure`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Living => "living",
            Self::Died => "died",
        }
    }
}

/// Some days in a row, and what they are called in the column `period`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub label: String,
    pub first: Date,
    pub last: Date,
}

impl Span {
    /// A calendar year is called by its number wherever it stands, so that nobody is counted under two names; other days in a
    /// row by the first and the last.
    fn of(first: Date, last: Date) -> Self {
        let year = first.year();
        let is_year = Date::new(year, 1, 1) == Some(first) && Date::new(year, 12, 31) == Some(last);
        Self {
            label: if is_year {
                year.to_string()
            } else {
                format!("{first}/{last}")
            },
            first,
            last,
        }
    }
}

/// A measure over a span; `living` has one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    pub measure: Measure,
    pub span: Span,
    /// False where the deaths that it needs are not covered.
    pub computable: bool,
}

/// The calendar years of the study's period; a year cut by the period's ends is called by its first and last day.
pub(crate) fn years(period: (Date, Date), as_of: Date) -> Result<Vec<Span>, CountError> {
    let end = period.1.min(as_of);
    if period.0 > end {
        return Err(CountError::Period {
            first: period.0.to_string(),
            last: period.1.to_string(),
            as_of: as_of.to_string(),
        });
    }
    let mut years = Vec::new();
    let mut first = period.0;
    while first <= end {
        let new_years_eve = new_years_eve(first)?;
        years.push(Span::of(first, new_years_eve.min(end)));
        first = new_years_eve.plus_days(1);
    }
    Ok(years)
}

/// The last day for which living can be told: every day up to it since the study's first, or since deaths are known at all,
/// is one of which deaths are known. Whoever died on another day would count as living ever after.
pub(crate) fn deaths_until(years: &[Span], deaths: &Spans) -> Option<Date> {
    let first = years.first()?.first.max(deaths.first()?);
    deaths.unbroken_from(first)
}

/// Every period of `counts`: new and died in each year, living at each 31 December, on the last day that is counted, and, where
/// living cannot be told up to that, on the last day for which it can. Died asks for deaths of the whole year, living for
/// deaths of its day: who died before they begin would count as living.
pub(crate) fn periods(years: &[Span], deaths: &Spans) -> Result<Vec<Period>, CountError> {
    let (Some(earliest), Some(end)) = (years.first(), years.last()) else {
        return Ok(Vec::new());
    };
    let (earliest, end) = (earliest.first, end.last);
    let until = deaths_until(years, deaths);
    let mut periods = Vec::new();
    let mut days = vec![end];
    for year in years {
        periods.push(Period {
            measure: Measure::New,
            span: year.clone(),
            computable: true,
        });
        periods.push(Period {
            measure: Measure::Died,
            span: year.clone(),
            computable: deaths.hold(year.first, year.last),
        });
        if year.last == new_years_eve(year.last)? {
            days.push(year.last);
        }
    }
    days.extend(until.filter(|until| (earliest..end).contains(until)));
    days.sort_unstable();
    days.dedup();
    for day in days {
        let span = Span {
            label: day.to_string(),
            first: day,
            last: day,
        };
        periods.push(Period {
            measure: Measure::Living,
            span,
            computable: until.is_some_and(|until| day <= until)
                && deaths.first().is_some_and(|first| first <= day),
        });
    }
    Ok(periods)
}

/// The window of a state: so many months, ending some months before `as_of` or with the last reporting period of
/// COSD, whichever is earlier.
pub(crate) fn window(as_of: Date, last_cosd: Option<Date>, thresholds: &Thresholds) -> Span {
    let settled = months_back(as_of, thresholds.lag_months);
    let last = last_cosd.map_or(settled, |cosd| cosd.min(settled));
    let first = months_back(last, thresholds.window_months).plus_days(1);
    Span::of(first, last)
}

/// So many months earlier; the end of a month stays an end of a month (30 September is three months before
/// 31 December, and 31 March three months before 30 June).
fn months_back(day: Date, months: u32) -> Date {
    let back = day.plus_months(-i32::try_from(months).unwrap_or(i32::MAX));
    if day == day.last_of_month() {
        back.last_of_month()
    } else {
        back
    }
}

fn new_years_eve(day: Date) -> Result<Date, CountError> {
    let year = day.year();
    Date::new(year, 12, 31).ok_or_else(|| CountError::Invariant {
        rule: format!("the year {year} has a last day"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Deaths known for `2014-01-01..2021-12-31 2023-01-01..2024-12-31`, and for nothing without a piece.
    fn known(deaths: &str) -> Spans {
        Spans::of(deaths.split_whitespace().map(|piece| {
            let (first, last) = piece.split_once("..").unwrap();
            (day(first), day(last))
        }))
    }

    fn labels(spans: &[Span]) -> Vec<&str> {
        spans.iter().map(|span| span.label.as_str()).collect()
    }

    #[test]
    fn whole_years_have_a_name_and_parts_have_their_days() {
        let of = |first, last, as_of| years((day(first), day(last)), day(as_of));
        let whole = of("2019-01-01", "2020-12-31", "2020-12-31").unwrap();
        assert_eq!(labels(&whole), ["2019", "2020"]);
        let cut = of("2019-04-01", "2021-12-31", "2021-06-30").unwrap();
        assert_eq!(
            labels(&cut),
            ["2019-04-01/2019-12-31", "2020", "2021-01-01/2021-06-30"]
        );
        assert!(of("2022-01-01", "2021-12-31", "2022-12-31").is_err());
        assert!(of("2022-01-01", "2022-12-31", "2021-12-31").is_err());
    }

    #[test]
    fn the_window_ends_with_whichever_is_earlier() {
        let thresholds = Thresholds::built_in().unwrap();
        let of = |as_of, cosd: Option<&str>| window(day(as_of), cosd.map(day), &thresholds).label;
        assert_eq!(of("2025-12-31", None), "2024-10-01/2025-09-30");
        assert_eq!(of("2025-12-31", Some("2025-10-31")), "2024-10-01/2025-09-30");
        assert_eq!(of("2025-12-31", Some("2025-08-31")), "2024-09-01/2025-08-31");
        // Ends of months stay ends of months, in leap years too.
        assert_eq!(of("2025-06-30", None), "2024-04-01/2025-03-31");
        assert_eq!(of("2025-05-31", None), "2024-03-01/2025-02-28");
        assert_eq!(of("2024-05-31", None), "2023-03-01/2024-02-29");
        assert_eq!(of("2025-12-15", None), "2024-09-16/2025-09-15");
        // A calendar year is called as it is among the years.
        assert_eq!(of("2025-03-31", None), "2024");
        assert_eq!(of("2025-12-31", Some("2024-12-31")), "2024");
    }

    #[test]
    fn living_and_died_end_with_the_deaths() {
        let years = years((day("2023-01-01"), day("2024-12-31")), day("2024-12-31")).unwrap();
        let of = |deaths: &str| -> Vec<String> {
            periods(&years, &known(deaths))
                .unwrap()
                .into_iter()
                .map(|p| format!("{} {} {}", p.measure.as_str(), p.span.label, p.computable))
                .collect()
        };
        assert_eq!(
            of("2014-01-01..2024-05-31"),
            [
                "new 2023 true",
                "died 2023 true",
                "new 2024 true",
                "died 2024 false",
                "living 2023-12-31 true",
                "living 2024-05-31 true",
                "living 2024-12-31 false",
            ]
        );
        assert_eq!(
            of("2014-01-01..2024-12-31")
                .iter()
                .filter(|p| p.ends_with("false"))
                .count(),
            0
        );
        assert_eq!(
            of("").iter().filter(|p| p.ends_with("true")).count(),
            2,
            "only new is left"
        );
    }

    #[test]
    fn what_comes_after_the_period_is_used_and_not_counted() {
        let years = years((day("2023-01-01"), day("2023-06-30")), day("2024-12-31")).unwrap();
        let living = |deaths: &str| -> Vec<String> {
            let periods = periods(&years, &known(deaths)).unwrap().into_iter();
            let living = periods.filter(|period| period.measure == Measure::Living);
            living.map(|period| period.span.label).collect()
        };
        assert_eq!(living("2014-01-01..2024-12-31"), ["2023-06-30"]);
        assert_eq!(living("2014-01-01..2023-05-31"), ["2023-05-31", "2023-06-30"]);
        assert_eq!(living(""), ["2023-06-30"]);
    }

    #[test]
    fn a_year_without_deaths_is_not_computable_and_nobody_is_known_to_live_after_it() {
        let years = years((day("2021-01-01"), day("2024-12-31")), day("2024-12-31")).unwrap();
        let of = |deaths: &str| -> Vec<String> {
            let periods = periods(&years, &known(deaths)).unwrap().into_iter();
            let told = periods.filter(|period| period.computable && period.measure != Measure::New);
            told.map(|period| format!("{} {}", period.measure.as_str(), period.span.label))
                .collect()
        };
        for (deaths, told) in [
            (
                "2014-01-01..2021-12-31 2023-01-01..2024-12-31",
                vec!["died 2021", "died 2023", "died 2024", "living 2021-12-31"],
            ),
            (
                "2014-01-01..2022-06-30 2022-09-01..2024-12-31",
                vec![
                    "died 2021",
                    "died 2023",
                    "died 2024",
                    "living 2021-12-31",
                    "living 2022-06-30",
                ],
            ),
            // Deaths are known from a day of the period on: of the year in which they begin not all are.
            (
                "2021-04-01..2022-12-31",
                vec!["died 2022", "living 2021-12-31", "living 2022-12-31"],
            ),
            // Before they are known at all, nobody is known to live.
            (
                "2022-04-01..2024-12-31",
                vec![
                    "died 2023",
                    "died 2024",
                    "living 2022-12-31",
                    "living 2023-12-31",
                    "living 2024-12-31",
                ],
            ),
            // What was known before the period begins says nothing of it.
            ("2014-01-01..2020-12-31", vec![]),
        ] {
            assert_eq!(of(deaths), told, "{deaths}");
        }
    }
}
