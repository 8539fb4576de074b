//! Whose records are missing though those of the nation are there.
//!
//! A centre whose files were not sent leaves its people untreated in the records, and its nation is covered all the same:
//! nobody could have said there that something did not happen. Most people are treated where they were diagnosed, others at
//! a centre of the same network; so a body that brings a tenth or more of its network's records of a kind speaks for itself,
//! and for any other those do, each of which may be where its people go.
//!
//! Only silences of half a year and more count, and only of bodies from which records come in nearly every month: those of few
//! people, whose courses are many records each, are too often silent by chance. All three are choices.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::{EngineError, TableReader};
use vocabulary::cover::{Months, Spans, silent};
use vocabulary::date::Date;
use vocabulary::organisation::{Organisation, Registry, Resolved};

/// The shortest silence that counts, in months.
const SHORTEST: i32 = 6;
/// Outside its silences a body has no more than one month in so many without a record; otherwise such months are its way.
const BLANK: usize = 10;
/// Months with records that there must be beside them.
const HEARD: usize = 12;
/// Who brings one in so many of a network's records speaks for itself.
const PART: u64 = 10;

/// Records by month of every organisation, and by kind of source.
type Sent = BTreeMap<String, BTreeMap<String, Months>>;

/// Days of which nobody sent what was done, by kind of source and organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Silence {
    /// Of those who are treated by a body that is silent.
    of: BTreeMap<String, BTreeMap<String, Spans>>,
    /// Of the bodies that are silent themselves.
    senders: BTreeMap<String, BTreeMap<String, Spans>>,
}

impl Silence {
    /// Reads `months.parquet` of the stage intake; `covered` gives the days of a kind of source in a nation.
    pub(crate) fn read<'a>(
        intake: &Path,
        registry: &Registry,
        kinds: &BTreeSet<&str>,
        covered: impl Fn(&str, &str) -> Option<&'a Spans>,
    ) -> Result<Self, EngineError> {
        let mut sent = Sent::new();
        for batch in TableReader::open(&intake.join("months.parquet"))? {
            let batch = batch?;
            let (kind, body) = (batch.text("kind")?, batch.text("organisation")?);
            let (month, records) = (batch.date("month")?, batch.integer("records")?);
            for row in 0..batch.rows() {
                let kind = kind.get(row).filter(|kind| kinds.contains(kind));
                let body = body.get(row).map(|code| registry.resolve(code));
                let (Some(kind), Some(Resolved::Known(body)), Some(month)) = (kind, body, month.get(row))
                else {
                    continue;
                };
                let months = sent
                    .entry(kind.to_owned())
                    .or_default()
                    .entry(body.code.clone())
                    .or_default();
                *months.entry(month.first_of_month()).or_default() +=
                    records.get(row).unwrap_or(0).unsigned_abs();
            }
        }
        let mut silence = Self::default();
        for (kind, bodies) in &sent {
            silence.add(kind, bodies, registry, &|nation: &str| covered(kind, nation));
        }
        Ok(silence)
    }

    fn add<'a>(
        &mut self,
        kind: &str,
        bodies: &BTreeMap<String, Months>,
        registry: &Registry,
        covered: &impl Fn(&str) -> Option<&'a Spans>,
    ) {
        let of_nations = nations(bodies, registry);
        let mut networks: BTreeMap<&str, u64> = BTreeMap::new();
        let mut own: BTreeMap<&str, Spans> = BTreeMap::new();
        for (code, months) in bodies {
            let Some(body) = registry.get(code) else { continue };
            *networks.entry(&body.network).or_default() += months.values().sum::<u64>();
            let nation = of_nations.get(body.nation.as_str());
            if let Some((days, nation)) = covered(&body.nation).zip(nation) {
                own.insert(code, of_body(body, (months, nation), days));
            }
        }
        let speaks = |body: &Organisation| {
            let records: u64 = bodies.get(&body.code).map_or(0, |months| months.values().sum());
            let of_network = networks.get(body.network.as_str()).copied().unwrap_or(0);
            records > 0 && (body.network.is_empty() || records.saturating_mul(PART) >= of_network)
        };
        for body in registry.organisations() {
            let mut days = Spans::default();
            if speaks(body) {
                days = own.get(body.code.as_str()).cloned().unwrap_or_default();
                if !days.is_empty() {
                    let senders = self.senders.entry(kind.to_owned()).or_default();
                    senders.insert(body.code.clone(), days.clone());
                }
            } else if !body.network.is_empty() {
                let others = registry.organisations().filter(|other| {
                    other.network == body.network && other.nation == body.nation && speaks(other)
                });
                for other in others {
                    if let Some(silent) = own.get(other.code.as_str()) {
                        days = days.joined(silent);
                    }
                }
            }
            if !days.is_empty() {
                let of = self.of.entry(kind.to_owned()).or_default();
                of.insert(body.code.clone(), days);
            }
        }
    }

    /// The days of which nobody sent what was done with people of an organisation.
    pub(crate) fn of(&self, kind: &str, organisation: Option<&str>) -> Option<&Spans> {
        self.of.get(kind)?.get(organisation?)
    }

    /// Which bodies are silent within a time, in words: kind of source, code and days.
    pub(crate) fn told(&self, (first, last): (Date, Date)) -> Vec<String> {
        let within = Spans::of([(first, last)]);
        let mut told = Vec::new();
        for (kind, bodies) in &self.senders {
            for (code, days) in bodies {
                let days = days.within(&within);
                let pieces: Vec<String> = days
                    .pieces()
                    .map(|(first, last)| format!("from {first} to {last}"))
                    .collect();
                if !pieces.is_empty() {
                    told.push(format!("`{kind}` of {code} {}", pieces.join(" and ")));
                }
            }
        }
        told
    }
}

/// Records by month of all bodies of each nation together.
fn nations<'a>(bodies: &BTreeMap<String, Months>, registry: &'a Registry) -> BTreeMap<&'a str, Months> {
    let mut nations: BTreeMap<&str, Months> = BTreeMap::new();
    for (code, months) in bodies {
        let Some(body) = registry.get(code) else { continue };
        let all = nations.entry(&body.nation).or_default();
        for (month, records) in months {
            *all.entry(*month).or_default() += records;
        }
    }
    nations
}

/// The days in which a body is silent, of those that its nation's files cover and in which it exists. Where its whole nation is
/// silent, who declared these days is believed.
fn of_body(body: &Organisation, (months, of_nation): (&Months, &Months), days: &Spans) -> Spans {
    let life = Spans::of([(
        body.opened.unwrap_or(Date::from_days(i32::MIN)),
        body.closed.unwrap_or(Date::from_days(i32::MAX)),
    )]);
    let mine = silent_within(months, days)
        .without(&silent_within(of_nation, days))
        .within(days)
        .within(&life);
    let long = |(first, last): &(Date, Date)| first.plus_months(SHORTEST) <= last.plus_days(1);
    let long = Spans::of(mine.pieces().filter(long));
    if is_sparse(months, &days.within(&life).without(&long)) {
        return Spans::default();
    }
    long
}

/// Whether months without a record are usual in these days.
fn is_sparse(months: &Months, days: &Spans) -> bool {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return true;
    };
    let next = |month: &Date| Some(month.plus_months(1)).filter(|next| next > month && *next <= last);
    let all = std::iter::successors(Some(first.first_of_month()), next)
        .filter(|month| days.touch(*month, month.last_of_month()));
    let (mut heard, mut blank) = (0, 0);
    for month in all {
        match months.get(&month).copied().unwrap_or(0) {
            0 => blank += 1,
            _ => heard += 1,
        }
    }
    heard < HEARD || blank * BLANK > blank + heard
}

/// The silences from the first covered day to the last, those before the first record and behind the last among them.
fn silent_within(months: &Months, days: &Spans) -> Spans {
    let mut months = months.clone();
    if let Some(first) = days.first() {
        months.entry(first.first_of_month()).or_default();
    }
    silent(&months, days.last(), &Spans::default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn registry() -> Registry {
        let head = "code,name,short_name,nation,kind,network,latitude,longitude,opened,closed,breast_service,treats_only,predecessors\n";
        let rows = [("AAA", "W"), ("BBB", "W"), ("CCC", "V"), ("DDD", "W")];
        let rows = rows.map(|(code, network)| {
            format!("{code},{code},{code},N,acute_trust,{network},51.0,0.0,,,yes,no,\n")
        });
        Registry::from_csv(&format!("{head}{}", rows.concat())).unwrap()
    }

    /// Ten years of so many records a month, but for those from a day on.
    fn months(usual: u64, until: &str) -> Months {
        let all = (0..120).map(|month| day("2014-01-01").plus_months(month));
        all.filter(|month| *month < day(until))
            .map(|month| (month, usual))
            .collect()
    }

    #[test]
    fn a_centre_that_falls_silent_speaks_for_nobody_who_goes_there() {
        let registry = registry();
        let covered = Spans::of([(day("2014-01-01"), day("2023-12-31"))]);
        // BBB sends next to nothing itself; CCC stands in another network, and DDD sends a fifth of what this one does.
        let bodies = BTreeMap::from([
            ("AAA".to_owned(), months(40, "2020-01-01")),
            ("BBB".to_owned(), months(1, "2024-01-01")),
            ("CCC".to_owned(), months(40, "2024-01-01")),
            ("DDD".to_owned(), months(10, "2024-01-01")),
        ]);
        let mut silence = Silence::default();
        silence.add("rtds", &bodies, &registry, &|_: &str| Some(&covered));
        let from_2020 = Spans::of([(day("2020-01-01"), day("2023-12-31"))]);
        for (code, expected) in [
            ("AAA", Some(&from_2020)),
            ("BBB", Some(&from_2020)),
            ("CCC", None),
            ("DDD", None),
        ] {
            assert_eq!(silence.of("rtds", Some(code)), expected, "{code}");
        }
        assert_eq!(silence.of("sact", Some("AAA")), None);
        assert_eq!(silence.of("rtds", None), None);
        // Told is who is silent, and only what is of the time asked about.
        assert_eq!(
            silence.told((day("2022-01-01"), day("2022-12-31"))),
            ["`rtds` of AAA from 2022-01-01 to 2022-12-31"]
        );
        assert!(silence.told((day("2018-01-01"), day("2019-12-31"))).is_empty());
    }

    /// A body of few people, whose records come in some months and not in others, says nothing by sending none.
    #[test]
    fn blank_months_are_the_way_of_a_small_body() {
        let registry = registry();
        let covered = Spans::of([(day("2014-01-01"), day("2023-12-31"))]);
        let every = |step: usize| -> Months { months(30, "2020-01-01").into_iter().step_by(step).collect() };
        let silent = |own: Months| {
            let mut silence = Silence::default();
            let bodies = BTreeMap::from([
                ("AAA".to_owned(), own),
                ("CCC".to_owned(), months(40, "2024-01-01")),
            ]);
            silence.add("sact", &bodies, &registry, &|_: &str| Some(&covered));
            silence.of("sact", Some("AAA")).is_some()
        };
        assert!(silent(every(1)));
        assert!(!silent(every(3)));
    }

    /// A file of three months missing, or a nation that is silent as a whole and declared: nobody is singled out.
    #[test]
    fn short_silences_and_those_of_everybody_are_not_one_bodys() {
        let registry = registry();
        let covered = Spans::of([(day("2014-01-01"), day("2023-12-31"))]);
        let short = months(40, "2023-10-01");
        let mut of_nation = Silence::default();
        let all = BTreeMap::from(["AAA", "CCC"].map(|code| (code.to_owned(), months(40, "2022-01-01"))));
        of_nation.add("rtds", &all, &registry, &|_: &str| Some(&covered));
        assert_eq!(of_nation, Silence::default());
        let mut of_one = Silence::default();
        let one = BTreeMap::from([
            ("AAA".to_owned(), short),
            ("CCC".to_owned(), months(40, "2024-01-01")),
        ]);
        of_one.add("rtds", &one, &registry, &|_: &str| Some(&covered));
        assert_eq!(of_one, Silence::default());
    }
}
