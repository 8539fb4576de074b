//! Days in pieces, such as those that a source covers; and the months in which a source is silent beyond chance.
//!
//! A file that is missing leaves months without records, or next to none: a few records of those months stand in other files.
//! A small source has months without records too. [`silent`] tells the two apart.

use std::collections::BTreeMap;

use crate::date::Date;

/// Records of each month, by the month's first day.
pub type Months = BTreeMap<Date, u64>;

/// Days in pieces: in order, and with days between one piece and the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans(Vec<(Date, Date)>);

impl Spans {
    /// All days of some pieces, first and last day each; one that ends before it starts holds none.
    pub fn of(pieces: impl IntoIterator<Item = (Date, Date)>) -> Self {
        let mut pieces: Vec<(Date, Date)> =
            pieces.into_iter().filter(|(first, last)| first <= last).collect();
        pieces.sort_unstable();
        let mut joined: Vec<(Date, Date)> = Vec::new();
        for (first, last) in pieces {
            match joined.last_mut() {
                Some(before) if first <= before.1.plus_days(1) => before.1 = before.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    /// The pieces in order, first and last day each.
    pub fn pieces(&self) -> impl Iterator<Item = (Date, Date)> + '_ {
        self.0.iter().copied()
    }

    /// Whether there is no day.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first day.
    pub fn first(&self) -> Option<Date> {
        self.0.first().map(|(first, _)| *first)
    }

    /// The last day.
    pub fn last(&self) -> Option<Date> {
        self.0.last().map(|(_, last)| *last)
    }

    /// The days of either.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        Self::of(self.pieces().chain(other.pieces()))
    }

    /// The days of both.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        Self::of(self.pieces().flat_map(|(first, last)| {
            other
                .pieces()
                .map(move |(from, to)| (first.max(from), last.min(to)))
        }))
    }

    /// The days that the other lacks.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        other.pieces().fold(self.clone(), |left, (from, to)| {
            Self::of(left.pieces().flat_map(|(first, last)| {
                [
                    (first, last.min(from.plus_days(-1))),
                    (first.max(to.plus_days(1)), last),
                ]
            }))
        })
    }

    /// Whether any day from the first to the last is in them.
    pub fn touch(&self, first: Date, last: Date) -> bool {
        self.0.iter().any(|(from, to)| *from <= last && *to >= first)
    }

    /// Whether every day from the first to the last is in them.
    pub fn hold(&self, first: Date, last: Date) -> bool {
        self.0.iter().any(|(from, to)| *from <= first && *to >= last)
    }

    /// How many days from the first to the last are in them.
    pub fn days_of(&self, first: Date, last: Date) -> i64 {
        self.pieces()
            .map(|(from, to)| days(from.max(first), to.min(last)))
            .sum()
    }

    /// How many days from the first to the last lie between two pieces.
    pub fn days_between(&self, first: Date, last: Date) -> i64 {
        let (Some(from), Some(to)) = (self.first(), self.last()) else {
            return 0;
        };
        days(from.max(first), to.min(last)) - self.days_of(first, last)
    }

    /// The last day of the piece that holds a day.
    pub fn unbroken_from(&self, day: Date) -> Option<Date> {
        let holds = |(first, last): &(Date, Date)| (*first..=*last).contains(&day);
        self.pieces().find(holds).map(|(_, last)| last)
    }
}

/// Days from the first to the last, none if the last comes before.
fn days(first: Date, last: Date) -> i64 {
    (i64::from(last.days()) - i64::from(first.days()) + 1).max(0)
}

/// A month is quiet with at most one in so many of its usual records.
const FEW: u64 = 10;
/// The same for a month of which no file speaks, where the files say of which months they speak.
const FEW_UNTOLD: u64 = 2;
/// Chance with which quiet months are called silence in a source that misses none.
const BY_CHANCE: f64 = 0.001;
/// Where silences come oftener than once in so many months, they are the way of the source: a file of quarters, of which each
/// date is the first of its quarter, misses nothing.
const MONTHS_A_SILENCE: usize = 18;
/// The median of χ² with one degree of freedom.
const MEDIAN_CHI_SQUARE: f64 = 0.455;
/// Months before and after a silence that tell what it would have held.
const BESIDE: usize = 24;

/// The months, as days, in which there are no records or next to none, and hardly by chance.
///
/// The months run from the first with a record to the last, or to that of `until` if it is later; `told` are days of which
/// files say that they speak of them: they are never silent, and beside them half of what is usual counts as next to none.
/// Each run of quiet months is weighed as one: the chance of so few records where records come by chance (Poisson), as many
/// a month as in the two years before it or after it, whichever is less, is bounded from above (Chernoff), for every month in
/// which such a run may begin: a source that grows or fades is not silent. Where records come in clusters, the logarithm of
/// the bound is divided by how much more they vary (quasi-Poisson). Its first months are only where most of them hold
/// nothing at all.
pub fn silent(months: &Months, until: Option<Date>, told: &Spans) -> Spans {
    let all = one_by_one(months, until);
    let usual = usual(months);
    let few = if told.is_empty() { FEW } else { FEW_UNTOLD };
    let is_quiet = |(month, records): &(Date, u64)| {
        few.saturating_mul(*records) <= usual && !told.touch(*month, month.last_of_month())
    };
    let mut silences = Vec::new();
    let mut from = 0;
    for run in all.chunk_by(|month, next| is_quiet(month) == is_quiet(next)) {
        let to = from + run.len();
        let (before, after) = (all.get(..from), all.get(to..));
        if run.first().is_some_and(is_quiet)
            && is_beyond_chance(before.unwrap_or_default(), run, after.unwrap_or_default())
        {
            silences.push(run);
        }
        from = to;
    }
    let loud = all.iter().filter(|month| !is_quiet(month)).count();
    // Between two silences lies one month: its records bear the date of their quarter or of their year.
    let is_rhythm = loud <= silences.len() + 1;
    if is_rhythm || silences.len() > all.len() / MONTHS_A_SILENCE + 1 {
        return Spans::default();
    }
    Spans::of(silences.into_iter().filter_map(|run| {
        let (first, last) = run.first().zip(run.last())?;
        Some((first.0, last.0.last_of_month()))
    }))
}

/// The first month in which a source speaks: few records before a silence that chance does not explain are not its beginning.
pub fn beginning(months: &Months) -> Option<Date> {
    let (first, last) = months.keys().next().zip(months.keys().next_back())?;
    let days = Spans::of([(*first, last.last_of_month())]);
    days.without(&silent(months, None, &Spans::default())).first()
}

/// Whether a source begins later than on a day, beyond chance: with as many records a month as in its first two years it would
/// have had some of the months between.
pub fn begins_late(months: &Months, day: Date) -> bool {
    let day = day.first_of_month();
    let Some(first) = months.keys().next().filter(|first| **first > day) else {
        return false;
    };
    let before = one_by_one(&Months::from([(day, 0)]), Some(first.plus_months(-1)));
    is_beyond_chance(&[], &before, &one_by_one(months, None))
}

/// Every month from the first with a record to the last, those without one among them.
fn one_by_one(months: &Months, until: Option<Date>) -> Vec<(Date, u64)> {
    let (Some(first), Some(last)) = (months.keys().next(), months.keys().next_back()) else {
        return Vec::new();
    };
    let last = until.map_or(*last, |until| until.first_of_month().max(*last));
    let next = |month: &Date| Some(month.plus_months(1)).filter(|next| next > month && *next <= last);
    std::iter::successors(Some(*first), next)
        .map(|month| (month, months.get(&month).copied().unwrap_or(0)))
        .collect()
}

/// The records of a usual month: the median of those that hold any.
fn usual(months: &Months) -> u64 {
    let mut counts: Vec<u64> = months.values().copied().filter(|records| *records > 0).collect();
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or(0)
}

/// Whether a run of months holds fewer records than chance explains, given the months before and after it.
fn is_beyond_chance(before: &[(Date, u64)], run: &[(Date, u64)], after: &[(Date, u64)]) -> bool {
    let a_month_before = records(before.iter().rev().take(BESIDE)) / BESIDE as f64;
    let a_month_after = records(after.iter().take(BESIDE)) / BESIDE as f64;
    let blank = run.iter().filter(|(_, records)| *records == 0).count();
    let a_month = match (before.is_empty(), after.is_empty()) {
        (true, _) if 2 * blank <= run.len() => return false,
        (true, _) => a_month_after,
        (false, true) => a_month_before,
        (false, false) => a_month_before.min(a_month_after),
    };
    let expected = a_month * run.len() as f64;
    let seen = records(run.iter());
    if seen >= expected {
        return false;
    }
    // The logarithm of Chernoff's bound; with no record at all it is the chance itself.
    let bound = if seen > 0.0 {
        seen - expected + seen * (expected / seen).ln()
    } else {
        -expected
    };
    let starts = (before.len() + run.len() + after.len()) as f64;
    bound / clustering([before, after], run.len()) + starts.ln() < BY_CHANCE.ln()
}

/// How much more so many months together vary than records that come one by one, at least 1: a course of treatment is
/// many records, and few people in treatment leave months without any.
///
/// Half the median square of the difference between a stretch and the next one, over their mean and over the median of
/// χ² with one degree of freedom: the slow growth of a source moves it little, nor does another silence.
fn clustering(stretches: [&[(Date, u64)]; 2], length: usize) -> f64 {
    // Where there is no room for two such stretches beside each other, shorter ones must do.
    let longest = stretches.iter().map(|months| months.len()).max().unwrap_or(0);
    let length = length.min(longest / 2).max(1);
    let mut squares = Vec::new();
    let mut all = 0.0;
    for months in stretches {
        for pair in months.windows(2 * length) {
            let (one, next) = pair.split_at(length);
            let (one, next) = (records(one.iter()), records(next.iter()));
            squares.push((one - next) * (one - next));
            all += one + next;
        }
    }
    let mean = all / (2 * squares.len()).max(1) as f64;
    squares.sort_unstable_by(f64::total_cmp);
    let median = squares.get(squares.len() / 2).copied().unwrap_or(0.0);
    if mean > 0.0 {
        (median / (2.0 * MEDIAN_CHI_SQUARE * mean)).max(1.0)
    } else {
        1.0
    }
}

fn records<'a>(months: impl Iterator<Item = &'a (Date, u64)>) -> f64 {
    months.map(|(_, records)| *records).sum::<u64>() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// `2021-01-01..2021-03-31 2022-01-01..2022-01-31`
    fn spans(text: &str) -> Spans {
        Spans::of(text.split_whitespace().map(|piece| {
            let (first, last) = piece.split_once("..").unwrap();
            (day(first), day(last))
        }))
    }

    fn drawn(spans: &Spans) -> String {
        let pieces: Vec<String> = spans
            .pieces()
            .map(|(first, last)| format!("{first}..{last}"))
            .collect();
        pieces.join(" ")
    }

    #[test]
    fn pieces_that_meet_are_one() {
        for (given, joined) in [
            (
                "2021-01-01..2021-03-31 2021-04-01..2021-04-30",
                "2021-01-01..2021-04-30",
            ),
            (
                "2021-01-01..2021-12-31 2021-04-01..2021-04-30",
                "2021-01-01..2021-12-31",
            ),
            (
                "2023-01-01..2023-12-31 2021-01-01..2021-12-31",
                "2021-01-01..2021-12-31 2023-01-01..2023-12-31",
            ),
            ("2021-02-01..2021-01-01", ""),
        ] {
            assert_eq!(drawn(&spans(given)), joined, "{given}");
        }
    }

    #[test]
    fn days_are_taken_away_kept_and_counted() {
        let whole = spans("2021-01-01..2021-12-31");
        let summer = spans("2021-06-01..2021-08-31");
        let rest = whole.without(&summer);
        assert_eq!(drawn(&rest), "2021-01-01..2021-05-31 2021-09-01..2021-12-31");
        assert_eq!(rest.joined(&summer), whole);
        assert_eq!(whole.within(&summer), summer);
        assert!(rest.within(&summer).is_empty());
        assert!(summer.without(&whole).is_empty());
        let july = (day("2021-07-01"), day("2021-07-31"));
        assert!(!rest.touch(july.0, july.1) && summer.hold(july.0, july.1));
        let all = (day("2020-01-01"), day("2022-12-31"));
        assert_eq!(
            (rest.days_of(all.0, all.1), rest.days_between(all.0, all.1)),
            (273, 92)
        );
        assert_eq!(rest.days_between(july.0, july.1), 31);
        assert_eq!(rest.unbroken_from(day("2021-02-03")), Some(day("2021-05-31")));
        assert_eq!(rest.unbroken_from(july.0), None);
    }

    /// Records of the months from January 2014 on.
    fn months(records: impl IntoIterator<Item = u64>) -> Months {
        let first = day("2014-01-01");
        let numbered = (0..).zip(records);
        let held = numbered.filter(|(_, records)| *records > 0);
        held.map(|(month, records)| (first.plus_months(month), records))
            .collect()
    }

    /// Twelve years of so many records a month, but for some months, told by their number from 0.
    fn years(usual: u64, other: impl Fn(usize) -> Option<u64>) -> Months {
        months((0..144).map(|month| other(month).unwrap_or(usual)))
    }

    #[test]
    fn a_missing_file_is_told_from_chance() {
        let nothing = Spans::default();
        let of_2022 = |month: usize| (96..108).contains(&month);
        for (what, months, silence) in [
            ("nothing is missing", years(13, |_| None), ""),
            (
                "a year is missing",
                years(13, |month| of_2022(month).then_some(0)),
                "2022-01-01..2022-12-31",
            ),
            (
                "a year is missing, but for two that other files hold",
                years(13, |month| of_2022(month).then_some(u64::from(month % 6 == 0))),
                "2022-01-01..2022-12-31",
            ),
            (
                "a month is missing",
                years(13, |month| (month == 100).then_some(0)),
                "2022-05-01..2022-05-31",
            ),
            (
                "a small source has months without records",
                years(2, |month| [3, 4, 50, 90].contains(&month).then_some(0)),
                "",
            ),
            (
                "a small source misses a year",
                years(1, |month| of_2022(month).then_some(0)),
                "2022-01-01..2022-12-31",
            ),
            (
                "a straggler does not bridge",
                years(13, |month| (month > 134).then_some(u64::from(month == 143))),
                "2025-04-01..2025-12-31",
            ),
            (
                "a straggler at the beginning does not either",
                years(13, |month| (month < 24).then_some(u64::from(month == 0))),
                "2014-01-01..2015-12-31",
            ),
            (
                "a source that grows",
                years(60, |month| (month < 24).then_some(1 + month as u64 / 6)),
                "",
            ),
            (
                "dates are the first of a quarter",
                years(0, |month| (month % 3 == 0).then_some(40)),
                "",
            ),
            (
                "dates are the first of a year",
                years(0, |month| (month % 12 == 0).then_some(160)),
                "",
            ),
            (
                "dates are the first of one of four years",
                months((0..37).map(|month| if month % 12 == 0 { 160 } else { 0 })),
                "",
            ),
            (
                "few people in treatment, with many records each",
                years(16, |month| {
                    Some(if (60..63).contains(&month) {
                        1
                    } else {
                        [16, 30, 4, 8, 36, 12, 5, 22][month * 5 % 8]
                    })
                }),
                "",
            ),
            ("nothing at all", Months::new(), ""),
        ] {
            assert_eq!(drawn(&silent(&months, None, &nothing)), silence, "{what}");
        }
    }

    #[test]
    fn a_source_begins_late_where_chance_does_not_explain_it() {
        let from = |usual: u64, begins: usize| years(usual, |month| (month < begins).then_some(0));
        for (usual, begins, late) in [
            (30, 36, true),
            (30, 0, false),
            (30, 1, true),
            (1, 5, false),
            (1, 48, true),
        ] {
            let months = from(usual, begins);
            assert_eq!(begins_late(&months, day("2014-01-15")), late, "{usual} {begins}");
            assert_eq!(beginning(&months), months.keys().next().copied());
        }
        assert!(!begins_late(&Months::new(), day("2014-01-01")));
        let mut stray = from(30, 96);
        stray.insert(day("2014-01-01"), 1);
        assert_eq!(beginning(&stray), Some(day("2022-01-01")));
    }

    #[test]
    fn a_source_that_ends_before_another_is_silent_to_its_end() {
        let nothing = Spans::default();
        let until = Some(day("2026-06-30"));
        let silence = silent(&years(13, |_| None), until, &nothing);
        assert_eq!(drawn(&silence), "2026-01-01..2026-06-30");
        let silence = silent(&years(1, |_| None), Some(day("2026-02-28")), &nothing);
        assert_eq!(drawn(&silence), "", "two months of one record each may be chance");
    }

    #[test]
    fn a_month_of_which_a_file_speaks_is_not_silent() {
        let sparse = years(11, |month| (96..108).contains(&month).then_some(3));
        let nothing = Spans::default();
        assert_eq!(
            drawn(&silent(&sparse, None, &nothing)),
            "",
            "a third is no silence"
        );
        let told = spans("2014-01-01..2021-12-31 2022-10-01..2025-12-31");
        assert_eq!(
            drawn(&silent(&sparse, None, &told)),
            "2022-01-01..2022-09-30",
            "unless no file speaks of it"
        );
    }
}
