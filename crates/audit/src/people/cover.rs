//! Which days the sources cover, by nation and by who sends: only there does silence mean anything.
//!
//! Three things leave silence without a meaning: the files of the nation do not cover the days; whoever treats the people of
//! an organisation sent nothing of them; or what was sent comes without the code that is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::{EngineError, TableReader};
use vocabulary::cover::Spans;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use super::facts::{Asked, BLANK};
use super::silence::Silence;
use super::{People, UNDATED};

/// A column is not filled in a nation where one in so many of its records leaves it blank, and not only a few of them do.
const PART: u64 = 10;
/// Only a few: fewer than so many.
const FEW: u64 = 10;

/// Days by kind of source and nation, or of none.
pub(crate) type Given = BTreeMap<(String, Option<String>), Spans>;

/// Where somebody is seen: nation and organisation, either of which may not be known.
pub(crate) type Seen<'a> = (Option<&'a str>, Option<&'a str>);

/// The days of each kind of source in each nation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cover {
    /// Without a nation stand sources that belong to none, such as a death register of all.
    places: Given,
    /// Days of which nobody sent what was done with people of an organisation.
    silence: Silence,
    /// By fact, nation, and organisation (none: the whole nation): days of which records come without what the fact is told by.
    blank: BTreeMap<usize, BTreeMap<(String, Option<String>), Spans>>,
}

impl Cover {
    /// The days that are given; where nothing is said of a kind and nation, those from its first month to its last. Of `kinds`
    /// it is looked up who falls silent.
    pub(crate) fn read(
        intake: &Path,
        given: &Given,
        registry: &Registry,
        kinds: &BTreeSet<&str>,
    ) -> Result<Self, EngineError> {
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
        let silence = Silence::read(intake, registry, kinds, |kind, nation| {
            cover.of(kind, Some(nation))
        })?;
        cover.silence = silence;
        Ok(cover)
    }

    /// Notes where the records of everybody come without what a fact is told by, of facts whose silence is asked about.
    pub(crate) fn note_blanks(&mut self, asked: &Asked, people: &People) {
        let mut counted = Counted::new();
        for (person, facts) in people.each(0, people.people.len()) {
            let case = person.case.as_ref().and_then(|case| {
                let nation = case.nation.as_deref()?;
                Some((nation, case.organisation.as_deref()))
            });
            let Some((nation, organisation)) = case else {
                continue;
            };
            for fact in facts {
                let index = usize::from(fact.fact);
                let is_blank = fact.mask & BLANK != 0;
                // Where only some codes are kept, nobody can say how many records have one.
                if !asked.counts_blanks(index) || (!is_blank && fact.mask & 1 == 0) {
                    continue;
                }
                let year = (fact.day != UNDATED).then(|| Date::from_days(fact.day).year());
                let whole = ((index, nation, None), year);
                let own = organisation.map(|organisation| ((index, nation, Some(organisation)), year));
                for (place, year) in [Some(whole), own].into_iter().flatten() {
                    let count = counted.entry(place).or_default().entry(year).or_default();
                    count.0 += u64::from(is_blank);
                    count.1 += 1;
                }
            }
        }
        for ((fact, nation, organisation), years) in &counted {
            let days = blank_days(years, organisation.is_none());
            if !days.is_empty() {
                let place = ((*nation).to_owned(), organisation.map(str::to_owned));
                self.blank.entry(*fact).or_default().insert(place, days);
            }
        }
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

    /// Whether a kind of source tells of all of these days where somebody is seen: it covers them, and who sends it for the
    /// organisation is not silent.
    pub(crate) fn tells(&self, kind: &str, (nation, organisation): Seen<'_>, (from, to): (i32, i32)) -> bool {
        self.holds(kind, nation, (from, to))
            && self
                .silence
                .of(kind, organisation)
                .is_none_or(|days| !days.touch(Date::from_days(from), Date::from_days(to)))
    }

    /// Whether records of these days come with what a fact is told by where somebody is seen.
    pub(crate) fn fills(
        &self,
        fact: usize,
        (nation, organisation): Seen<'_>,
        (from, to): (i32, i32),
    ) -> bool {
        let (Some(places), Some(nation)) = (self.blank.get(&fact), nation) else {
            return true;
        };
        let filled = |organisation: Option<&str>| {
            let days = places.get(&(nation.to_owned(), organisation.map(str::to_owned)));
            days.is_none_or(|days| !days.touch(Date::from_days(from), Date::from_days(to)))
        };
        filled(None) && (organisation.is_none() || filled(organisation))
    }

    /// Whether a kind of source is in the study at all.
    pub(crate) fn has(&self, kind: &str) -> bool {
        self.places.keys().any(|(own, _)| own == kind)
    }

    /// From a day on, the last day up to which all of these kinds tell without a break of where somebody is seen; none where
    /// one of them does not tell of the day itself.
    pub(crate) fn unbroken_from(
        &self,
        kinds: &[String],
        (nation, organisation): Seen<'_>,
        day: Date,
    ) -> Option<Date> {
        let last = |kind: &String| {
            let last = self.of(kind, nation)?.unbroken_from(day)?;
            let silence = self.silence.of(kind, organisation);
            let next = silence.and_then(|days| days.pieces().find(|(_, to)| *to >= day));
            match next {
                Some((first, _)) if first <= day => None,
                Some((first, _)) => Some(last.min(first.plus_days(-1))),
                None => Some(last),
            }
        };
        let lasts: Option<Vec<Date>> = kinds.iter().map(last).collect();
        lasts?.into_iter().min()
    }

    /// Whose silence within a time somebody must know of: kind of source, organisation and days, in words.
    pub(crate) fn silences(&self, time: (Date, Date)) -> Vec<String> {
        self.silence.told(time)
    }
}

/// How many records of a fact are blank, and how many there are, by place and year; those without a day have no year.
type Counted<'a> = BTreeMap<(usize, &'a str, Option<&'a str>), BTreeMap<Option<i32>, (u64, u64)>>;

/// The years in which most records are blank, or in a nation more than a few and more than one in ten. Where it is the day
/// that is missing, nobody knows of which years: all of them.
fn blank_days(years: &BTreeMap<Option<i32>, (u64, u64)>, of_nation: bool) -> Spans {
    let too_many = |(blank, all): (u64, u64)| {
        2 * blank > all || (of_nation && blank >= FEW && blank.saturating_mul(PART) > all)
    };
    let all: u64 = years.values().map(|(_, all)| all).sum();
    let undated = years.get(&None).map_or(0, |(blank, _)| *blank);
    if undated > 0 && too_many((undated, all)) {
        return Spans::of([(Date::from_days(i32::MIN), Date::from_days(i32::MAX))]);
    }
    let of_years = years.iter().filter_map(|(year, counts)| {
        let year = (*year)?;
        let ends = Date::new(year, 1, 1).zip(Date::new(year, 12, 31));
        ends.filter(|_| too_many(*counts))
    });
    Spans::of(of_years)
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
            ..Cover::default()
        };
        let holds = |first: &str, last: &str| {
            cover.holds("sact", Some("Wales"), (day(first).days(), day(last).days()))
        };
        assert!(holds("2022-12-02", "2022-12-31"));
        assert!(!holds("2022-12-17", "2023-01-15"));
        assert!(!holds("2023-06-01", "2023-06-30"));
        assert!(holds("2024-01-01", "2024-01-30"));
        // A wait is followed up to the end of the piece in which it began, and not from a day that no file covers.
        let followed = |kinds: &[&str], from: &str| {
            let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
            cover.unbroken_from(&kinds, (Some("Wales"), None), day(from))
        };
        assert_eq!(followed(&["sact"], "2022-05-01"), Some(day("2022-12-31")));
        assert_eq!(followed(&["sact"], "2024-05-01"), Some(day("2025-12-31")));
        assert_eq!(followed(&["sact"], "2023-05-01"), None);
        assert_eq!(followed(&["sact"], "2013-12-31"), None);
        assert_eq!(
            followed(&["sact", "rtds"], "2022-05-01"),
            None,
            "one of them is not there"
        );
    }

    /// A column is blank in the years in which most leave it so; three of a hundred are no reason to say nothing at all.
    #[test]
    fn years_in_which_a_column_is_not_filled_are_told() {
        let counts = |years: &[(Option<i32>, (u64, u64))]| BTreeMap::from_iter(years.iter().copied());
        let of_2021 = Spans::of([(day("2021-01-01"), day("2021-12-31"))]);
        let years = counts(&[(Some(2020), (3, 100)), (Some(2021), (60, 100))]);
        assert_eq!(blank_days(&years, true), of_2021);
        assert_eq!(blank_days(&years, false), of_2021);
        // One in five: too many in a nation, and in one hospital it may be one person's.
        let some = counts(&[(Some(2021), (20, 100))]);
        assert_eq!(blank_days(&some, true), of_2021);
        assert!(blank_days(&some, false).is_empty());
        let few = counts(&[(Some(2021), (2, 10))]);
        assert!(blank_days(&few, true).is_empty());
        // Without a day, all years.
        let undated = counts(&[(None, (60, 60)), (Some(2021), (0, 40))]);
        assert!(blank_days(&undated, true).hold(day("1990-01-01"), day("2040-01-01")));
    }
}
