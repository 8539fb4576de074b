//! How many said yes, of how many known, by place and year.
//!
//! Answers are counted once, at their organisation and quarter; totals are sums of those. So a nation is the sum of its
//! organisations and of events without one, and `all` years are the sum of the quarters.
//!
//! A part of a year is never called by the year's name: a year that the counted days cut is called by the first and last of
//! them, as in `counts`, beside which these numbers stand.
//!
//! Invariants: denominator + missing + excluded = population and numerator ≤ denominator, because a cell grows by one
//! answer at a time, or by another cell, and by nothing else.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::answer::{Answer, Event};
use crate::over_time::Quarters;

/// The total over a dimension (`docs/src/tables-out.md`).
pub const ALL: &str = "all";

/// Where and when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Nation, or `all`.
    pub nation: String,
    /// Code of the organisation, or `all`.
    pub organisation: String,
    /// Year, first and last day of a part of one, or `all`.
    pub period: String,
}

impl Place {
    /// Before every other place.
    pub(crate) fn first() -> Self {
        Self {
            nation: String::new(),
            organisation: String::new(),
            period: String::new(),
        }
    }
}

/// Names of places as small numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    numbers: FxHashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn number(&mut self, name: Option<&str>) -> u32 {
        let name = name.unwrap_or("");
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.to_owned(), next);
        self.names.push(name.to_owned());
        next
    }

    fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }
}

/// Something that is counted at one organisation in one quarter: nation, organisation, and the year times four with the
/// quarter from 0.
pub(crate) type Spot = (u32, u32, i32);

/// What can be summed.
pub(crate) trait Sum: Clone + Default {
    fn sum(&mut self, other: &Self);
}

/// Anything by question and spot.
#[derive(Debug, Clone)]
pub(crate) struct Counted<T> {
    names: Names,
    spots: FxHashMap<(u32, Spot), T>,
}

impl<T> Default for Counted<T> {
    fn default() -> Self {
        Self {
            names: Names::default(),
            spots: FxHashMap::default(),
        }
    }
}

impl<T: Sum> Counted<T> {
    /// What is counted of a question where and when an event was.
    pub(crate) fn at(&mut self, question: usize, event: &Event<'_>) -> &mut T {
        let spot = (
            self.names.number(event.nation),
            self.names.number(event.organisation),
            quarter(Date::from_days(event.day)),
        );
        let question = u32::try_from(question).unwrap_or(u32::MAX);
        self.spots.entry((question, spot)).or_default()
    }

    /// Adds all that somebody else counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        for ((question, (nation, organisation, quarter)), own) in &other.spots {
            let spot = (
                self.names.number(Some(other.names.name(*nation))),
                self.names.number(Some(other.names.name(*organisation))),
                *quarter,
            );
            self.spots.entry((*question, spot)).or_default().sum(own);
        }
    }

    /// Everything by place, with the totals over organisations, nations and years.
    ///
    /// An event without an organisation is in its nation, one without a nation in `all` only. `ends` are the first and last day
    /// that is counted.
    pub(crate) fn by_place(&self, ends: (Date, Date)) -> BTreeMap<(usize, Place), T> {
        self.summed(ends, with_totals)
    }

    /// Everything by network, which stands in the place of the organisation.
    pub(crate) fn by_network(&self, ends: (Date, Date), registry: &Registry) -> BTreeMap<(usize, Place), T> {
        self.summed(ends, |nation, organisation| {
            network(registry, nation, organisation)
        })
    }

    fn summed<'a>(
        &'a self,
        ends: (Date, Date),
        places: impl Fn(&'a str, &'a str) -> Vec<(&'a str, &'a str)>,
    ) -> BTreeMap<(usize, Place), T> {
        let mut found: BTreeMap<(usize, Place), T> = BTreeMap::new();
        let mut spots: Vec<_> = self.spots.iter().collect();
        spots.sort_unstable_by_key(|((question, spot), _)| {
            (
                *question,
                self.names.name(spot.0),
                self.names.name(spot.1),
                spot.2,
            )
        });
        for ((question, (nation, organisation, quarter)), own) in spots {
            let year = called(quarter.div_euclid(4), ends);
            for (nation, organisation) in places(self.names.name(*nation), self.names.name(*organisation)) {
                for period in [year.clone(), ALL.to_owned()] {
                    let place = Place {
                        nation: nation.to_owned(),
                        organisation: organisation.to_owned(),
                        period,
                    };
                    found.entry((*question as usize, place)).or_default().sum(own);
                }
            }
        }
        found
    }
}

/// What a year is called of which the days from the first to the last are counted.
fn called(year: i32, (first, last): (Date, Date)) -> String {
    match Date::new(year, 1, 1).zip(Date::new(year, 12, 31)) {
        Some((new_year, new_years_eve)) if new_year < first || last < new_years_eve => {
            format!("{}/{}", first.max(new_year), last.min(new_years_eve))
        }
        _ => year.to_string(),
    }
}

/// The places that an event of a nation and an organisation counts at, of which either may be blank.
fn with_totals<'a>(nation: &'a str, organisation: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut places = vec![(ALL, ALL)];
    if !nation.is_empty() {
        places.push((nation, ALL));
        if !organisation.is_empty() {
            places.push((nation, organisation));
        }
    }
    places
}

/// The network of an organisation; none where the registry names none.
fn network<'a>(registry: &'a Registry, nation: &'a str, organisation: &str) -> Vec<(&'a str, &'a str)> {
    let body = registry.get(organisation);
    body.map(|body| (nation, body.network.as_str()))
        .filter(|(nation, network)| !nation.is_empty() && !network.is_empty())
        .into_iter()
        .collect()
}

/// Yes and known answers of each question by nation, organisation and quarter.
pub(crate) type ByQuarter = BTreeMap<(usize, String, String), Quarters>;

impl Counted<Answers> {
    /// Known answers by quarter, with the totals over organisations and nations.
    pub(crate) fn by_quarter(&self) -> ByQuarter {
        self.quarters(with_totals)
    }

    /// Known answers by quarter and network.
    pub(crate) fn by_quarter_and_network(&self, registry: &Registry) -> ByQuarter {
        self.quarters(|nation, organisation| network(registry, nation, organisation))
    }

    fn quarters<'a>(&'a self, places: impl Fn(&'a str, &'a str) -> Vec<(&'a str, &'a str)>) -> ByQuarter {
        let mut found = ByQuarter::new();
        for ((question, (nation, organisation, quarter)), own) in &self.spots {
            for (nation, organisation) in places(self.names.name(*nation), self.names.name(*organisation)) {
                let key = (*question as usize, nation.to_owned(), organisation.to_owned());
                let sum = found.entry(key).or_default().entry(*quarter).or_default();
                sum.0 += own.cell.numerator;
                sum.1 += own.cell.denominator;
            }
        }
        found
    }
}

/// The year times four, and the quarter from 0.
fn quarter(day: Date) -> i32 {
    let of_year = day.month().saturating_sub(1) / 3;
    day.year() * 4 + i32::try_from(of_year).unwrap_or_default()
}

/// Answers of one place and period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// Events.
    pub population: u64,
    /// Events with the answer yes.
    pub numerator: u64,
    /// Events with an answer.
    pub denominator: u64,
    /// Events of which nobody knows.
    pub missing: u64,
    /// Events that do not count.
    pub excluded: u64,
}

impl Cell {
    pub(crate) fn add(&mut self, answer: Answer) {
        self.population += 1;
        match answer {
            Answer::Yes => {
                self.numerator += 1;
                self.denominator += 1;
            }
            Answer::No => self.denominator += 1,
            Answer::Missing => self.missing += 1,
            Answer::Excluded => self.excluded += 1,
        }
    }

    /// Whether the sums hold that this crate promises.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.denominator + self.missing + self.excluded == self.population
            && self.numerator <= self.denominator
    }

    /// Of the events that count, the share with an answer; none where none counts.
    #[must_use]
    pub fn recorded(&self) -> Option<f64> {
        let asked = self.denominator + self.missing;
        (asked > 0).then(|| self.denominator as f64 / asked as f64)
    }
}

/// Things that can be adjusted for.
pub(crate) const FACTORS: usize = 4;

/// Age band, kind, deprivation, subtype: each 0 where it is not adjusted for.
pub(crate) type Stratum = [u8; FACTORS];

/// A cell, and for questions that are adjusted the yes and known of each stratum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Answers {
    pub cell: Cell,
    pub strata: BTreeMap<Stratum, (u64, u64)>,
}

impl Answers {
    pub(crate) fn add(&mut self, answer: Answer, stratum: Option<Stratum>) {
        self.cell.add(answer);
        if let (Some(stratum), Answer::Yes | Answer::No) = (stratum, answer) {
            let own = self.strata.entry(stratum).or_default();
            own.0 += u64::from(answer == Answer::Yes);
            own.1 += 1;
        }
    }
}

impl Sum for Answers {
    fn sum(&mut self, other: &Self) {
        let (own, more) = (&mut self.cell, &other.cell);
        own.population += more.population;
        own.numerator += more.numerator;
        own.denominator += more.denominator;
        own.missing += more.missing;
        own.excluded += more.excluded;
        for (stratum, (yes, known)) in &other.strata {
            let own = self.strata.entry(*stratum).or_default();
            own.0 += yes;
            own.1 += known;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event<'a>(day: i32, nation: Option<&'a str>, organisation: Option<&'a str>) -> Event<'a> {
        Event {
            day,
            organisation,
            nation,
            records: &[],
            first_shown: &[],
        }
    }

    #[test]
    fn a_part_of_a_year_is_not_called_by_the_years_name() {
        let ends = ("2024-07-01".parse().unwrap(), "2026-06-30".parse().unwrap());
        let called = [2024, 2025, 2026].map(|year| super::called(year, ends));
        assert_eq!(called, ["2024-07-01/2024-12-31", "2025", "2026-01-01/2026-06-30"]);
    }

    proptest! {
        /// Whatever the answers and however the work is parted, every cell adds up and totals are sums.
        #[test]
        fn every_cell_adds_up(
            answers in prop::collection::vec((0..3_usize, 0..4_usize, 18_000..19_500_i32, 0..4_u8), 0..200),
            parted in 0..200_usize,
        ) {
            let (nations, bodies) = ([None, Some("N"), Some("M")], [None, Some("A"), Some("B"), Some("C")]);
            let mut parts = [Counted::<super::Answers>::default(), Counted::default()];
            for (index, (nation, body, day, answer)) in answers.iter().enumerate() {
                let answer = [Answer::Yes, Answer::No, Answer::Missing, Answer::Excluded][usize::from(*answer)];
                let event = event(*day, nations[*nation], bodies[*body]);
                parts[usize::from(index >= parted)].at(3, &event).add(answer, None);
            }
            let [mut all, rest] = parts;
            all.merge(&rest);
            let ends = (Date::new(2019, 1, 1).unwrap(), Date::new(2023, 12, 31).unwrap());
            let cells = all.by_place(ends);
            prop_assert!(cells.values().all(|own| own.cell.holds()));
            let total = |nation: &str, organisation: &str, period: &str| {
                let place = Place {
                    nation: nation.to_owned(),
                    organisation: organisation.to_owned(),
                    period: period.to_owned(),
                };
                cells.get(&(3, place)).map_or(0, |own| own.cell.population)
            };
            prop_assert_eq!(total(ALL, ALL, ALL), answers.len() as u64);
            let years: u64 = (2019..2024).map(|year| total(ALL, ALL, &year.to_string())).sum();
            prop_assert_eq!(years, answers.len() as u64);
            let of_nation = answers.iter().filter(|(nation, ..)| *nation == 1);
            prop_assert_eq!(total("N", ALL, ALL), of_nation.clone().count() as u64);
            let bodies: u64 = ["A", "B", "C"].iter().map(|body| total("N", body, ALL)).sum();
            prop_assert_eq!(bodies, of_nation.filter(|(_, body, ..)| *body > 0).count() as u64);
        }
    }
}
