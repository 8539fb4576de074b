//! Who sends for whom, and the months in which whoever sends for a body is silent.
//!
//! A hospital that records little has months without a record. A file that was not sent leaves them too, in all hospitals for
//! which one body sends, and then no file says that it speaks of these months. The two must not be taken for each other:
//! the first is a state of the hospital, the second says nothing of it.

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::cover::{Months, Spans, silent};
use vocabulary::date::Date;

/// Kind of source, and a body.
type Body = (String, String);

/// Where so many records are to be expected and none comes, it is no chance: one in twenty thousand, if they come one by one.
const NO_CHANCE: i128 = 10;
const DAYS_A_MONTH: i64 = 30;
const MONTHS_A_YEAR: i64 = 12;

/// Records by month, of all bodies that send records of their own or of others.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Senders {
    /// Records of all for whom a body sends.
    months: BTreeMap<Body, Months>,
    /// First and last month of the records that each sender sent of a body.
    of: BTreeMap<Body, BTreeMap<String, (Date, Date)>>,
    /// Days of which a sender's files say that they speak of them.
    told: BTreeMap<Body, Spans>,
}

impl Senders {
    /// Takes in the records of a month.
    pub(crate) fn add(&mut self, kind: &str, (sender, body): (&str, &str), month: Date, records: u64) {
        let key = |body: &str| (kind.to_owned(), body.to_owned());
        *self
            .months
            .entry(key(sender))
            .or_default()
            .entry(month)
            .or_default() += records;
        let senders = self.of.entry(key(body)).or_default();
        let ends = senders.entry(sender.to_owned()).or_insert((month, month));
        *ends = (ends.0.min(month), ends.1.max(month));
    }

    /// Takes in the days of which a file speaks.
    pub(crate) fn tell(&mut self, kind: &str, sender: &str, days: (Date, Date)) {
        let told = self.told.entry((kind.to_owned(), sender.to_owned())).or_default();
        *told = told.joined(&Spans::of([days]));
    }

    /// The days in which whoever sends a kind for a body is silent.
    pub(crate) fn silence(&self, kind: &str, body: &str) -> Spans {
        let key = |body: &str| (kind.to_owned(), body.to_owned());
        let mut months = Months::new();
        let mut told = Spans::default();
        for (sender, (first, last)) in self.of.get(&key(body)).into_iter().flatten() {
            for (month, records) in self.months.get(&key(sender)).into_iter().flatten() {
                if (first..=last).contains(&month) {
                    *months.entry(*month).or_default() += records;
                }
            }
            if let Some(days) = self.told.get(&key(sender)) {
                let sent = Spans::of([(*first, last.last_of_month())]);
                told = told.joined(&days.within(&sent));
            }
        }
        silent(&months, None, &told)
    }

    /// Whether those who send a kind for a body sent it in no more than half of a span, though they send so much that the rest
    /// is no chance: their files begin in it, or end. What lies between two files is told by [`Senders::silence`].
    pub(crate) fn miss_most(&self, kind: &str, body: &str, (first, last): (Date, Date)) -> bool {
        let (mut sent, mut all, mut months) = (Spans::default(), 0_u64, 0_i64);
        for sender in self.of(kind, body) {
            let key = (kind.to_owned(), sender.to_owned());
            let own = self.months.get(&key).into_iter().flatten();
            let ends = own.clone().map(|(month, _)| *month);
            if let Some((begin, end)) = ends.clone().min().zip(ends.max()) {
                sent = sent.joined(&Spans::of([(begin, end.last_of_month())]));
                all += own.map(|(_, records)| *records).sum::<u64>();
                months += months_from(begin, end);
            }
            sent = sent.joined(self.told.get(&key).unwrap_or(&Spans::default()));
        }
        let of_span = i64::from(last.days()) - i64::from(first.days()) + 1;
        let missing = of_span - sent.days_of(first, last);
        // As many records as usual, in the days that are missing; one file says little of what is usual.
        let of_days = DAYS_A_MONTH * months.max(MONTHS_A_YEAR);
        2 * missing >= of_span && i128::from(all) * i128::from(missing) >= i128::from(of_days) * NO_CHANCE
    }

    /// Those who send a kind for a body.
    pub(crate) fn of(&self, kind: &str, body: &str) -> BTreeSet<&str> {
        let senders = self.of.get(&(kind.to_owned(), body.to_owned()));
        senders
            .into_iter()
            .flat_map(|senders| senders.keys().map(String::as_str))
            .collect()
    }
}

/// How many months there are from the first to the last, both counted.
fn months_from(first: Date, last: Date) -> i64 {
    let number = |day: Date| MONTHS_A_YEAR * i64::from(day.year()) + i64::from(day.month());
    number(last) - number(first) + 1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// From 2020 to 2024 one body sends a quarter's file for three, of three, two and one record a month, but for some quarters,
    /// told by their number from 0; and each quarter's file holds one record of the quarter before.
    fn senders(missing: &[i32]) -> Senders {
        let mut senders = Senders::default();
        for quarter in 0..20 {
            if missing.contains(&quarter) {
                continue;
            }
            let first = day("2020-01-01").plus_months(3 * quarter);
            for month in 0..3 {
                let month = first.plus_months(month);
                for (body, records) in [("AAA", 3), ("BBB", 2), ("CCC", 1)] {
                    senders.add("cosd", ("AAA", body), month, records);
                }
            }
            senders.add("cosd", ("AAA", "BBB"), first.plus_months(-1), 1);
            senders.tell("cosd", "AAA", (first, first.plus_months(2).last_of_month()));
        }
        senders
    }

    fn drawn(spans: &Spans) -> String {
        let pieces = spans.pieces().map(|(first, last)| format!("{first}..{last}"));
        pieces.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn files_that_were_not_sent_are_missing_for_all_for_whom_they_are_sent() {
        let missing = senders(&[8, 9, 10, 11]);
        for body in ["AAA", "BBB", "CCC"] {
            assert_eq!(
                drawn(&missing.silence("cosd", body)),
                "2022-01-01..2022-12-31",
                "{body}"
            );
        }
        // A late file fills it.
        assert_eq!(drawn(&senders(&[]).silence("cosd", "CCC")), "");
    }

    #[test]
    fn files_that_end_in_a_span_miss_most_of_it() {
        let mut senders = senders(&[]);
        let misses = |senders: &Senders, body: &str, first: &str, last: &str| {
            senders.miss_most("cosd", body, (day(first), day(last)))
        };
        for body in ["AAA", "CCC"] {
            assert!(misses(&senders, body, "2024-10-01", "2025-09-30"), "{body}");
            assert!(misses(&senders, body, "2019-01-01", "2019-12-31"), "{body}");
            assert!(!misses(&senders, body, "2024-04-01", "2025-03-31"), "{body}");
            assert!(!misses(&senders, body, "2022-01-01", "2022-12-31"), "{body}");
        }
        // A body with one record of its own may have no more by chance; of one that sends nothing, files say nothing.
        senders.add("cosd", ("EEE", "EEE"), day("2024-10-01"), 1);
        assert!(!misses(&senders, "EEE", "2024-10-01", "2025-09-30"));
        assert!(!misses(&senders, "FFF", "2024-10-01", "2025-09-30"));
        // One file of a month with twenty.
        senders.add("cosd", ("EEE", "EEE"), day("2024-10-01"), 19);
        assert!(misses(&senders, "EEE", "2024-10-01", "2025-09-30"));
    }

    #[test]
    fn a_body_that_records_little_is_not_silent() {
        let mut senders = senders(&[]);
        for month in ["2020-02-01", "2024-11-01"] {
            senders.add("cosd", ("AAA", "DDD"), day(month), 1);
        }
        assert_eq!(drawn(&senders.silence("cosd", "DDD")), "");
        assert_eq!(drawn(&senders.silence("form", "DDD")), "");
        assert_eq!(senders.of("cosd", "DDD"), BTreeSet::from(["AAA"]));
    }
}
