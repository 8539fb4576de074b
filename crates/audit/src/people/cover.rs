//! Which days the sources cover, by nation: only there does silence mean anything.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{EngineError, TableReader};
use vocabulary::cover::Spans;
use vocabulary::date::Date;

/// Days by kind of source and nation, or of none.
pub(crate) type Given = BTreeMap<(String, Option<String>), Spans>;

/// The days of each kind of source in each nation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cover {
    /// Without a nation stand sources that belong to none, such as a death register of all.
    places: Given,
}

impl Cover {
    /// The days that are given; where nothing is said of a kind and nation, those from its first month to its last.
    pub(crate) fn read(intake: &Path, given: &Given) -> Result<Self, EngineError> {
        let mut cover = Self::default();
        for batch in TableReader::open(&intake.join("coverage.parquet"))? {
            let batch = batch?;
            let (kind, nation) = (batch.text("kind")?, batch.text("nation")?);
            let (first, last) = (batch.date("first_month")?, batch.date("last_month")?);
            for row in 0..batch.rows() {
                if let (Some(kind), Some(first), Some(last)) = (kind.get(row), first.get(row), last.get(row))
                {
                    let span = (first.first_of_month(), last.last_of_month());
                    cover.add(kind, nation.get(row), span);
                }
            }
        }
        let given = given.iter().map(|(place, days)| (place.clone(), days.clone()));
        cover.places.extend(given);
        Ok(cover)
    }

    /// Makes the days reach from the first to the last.
    pub(crate) fn add(&mut self, kind: &str, nation: Option<&str>, (first, last): (Date, Date)) {
        let days = self
            .places
            .entry((kind.to_owned(), nation.map(str::to_owned)))
            .or_default();
        let from = days.first().map_or(first, |from| from.min(first));
        let to = days.last().map_or(last, |to| to.max(last));
        *days = Spans::of([(from, to)]);
    }

    fn of(&self, kind: &str, nation: Option<&str>) -> Option<&Spans> {
        let days = |nation: Option<&str>| self.places.get(&(kind.to_owned(), nation.map(str::to_owned)));
        days(nation).or_else(|| days(None))
    }

    /// Whether a kind of source covers all of these days where somebody of this nation is seen.
    pub(crate) fn holds(&self, kind: &str, nation: Option<&str>, (from, to): (i32, i32)) -> bool {
        self.of(kind, nation)
            .is_some_and(|days| days.hold(Date::from_days(from), Date::from_days(to)))
    }

    /// Whether a kind of source is in the study at all.
    pub(crate) fn has(&self, kind: &str) -> bool {
        self.places.keys().any(|(own, _)| own == kind)
    }

    /// The last day that all of these kinds cover, for a nation.
    pub(crate) fn last(&self, kinds: &[String], nation: Option<&str>) -> Option<Date> {
        let last = |kind: &String| self.of(kind, nation)?.last();
        kinds.iter().filter_map(last).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// The chemotherapy of 2023 was not sent: nobody can be said to have had none in it.
    #[test]
    fn silence_says_nothing_in_a_year_of_which_no_file_was_sent() {
        let of_wales = Spans::of([
            (day("2014-01-01"), day("2022-12-31")),
            (day("2024-01-01"), day("2025-12-31")),
        ]);
        let cover = Cover {
            places: Given::from([(("sact".to_owned(), Some("Wales".to_owned())), of_wales)]),
        };
        let holds = |first: &str, last: &str| {
            cover.holds("sact", Some("Wales"), (day(first).days(), day(last).days()))
        };
        assert!(holds("2022-12-02", "2022-12-31"));
        assert!(!holds("2022-12-17", "2023-01-15"));
        assert!(!holds("2023-06-01", "2023-06-30"));
        assert!(holds("2024-01-01", "2024-01-30"));
        assert_eq!(
            cover.last(&["sact".to_owned()], Some("Wales")),
            Some(day("2025-12-31"))
        );
    }
}
