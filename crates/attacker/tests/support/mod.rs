//! Invented nations, drawn from a seed, released month after month and rendered as sites.
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::BTreeMap;

use attacker::{Bytes, Knowledge, Report, Seen, attack};
use protect::attack::Publication;
use protect::*;
use publish::{Outline, PublicOrganisation, SiteFacts, Thresholds, render};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// code, short name, nation, network, and how many people are new there in a year, about.
const ORGANISATIONS: [(&str, &str, &str, &str, i64); 8] = [
    ("INVA", "Aldermere", "Averland", "Averland North", 60),
    ("INVB", "Brackenhythe", "Averland", "Averland North", 45),
    ("INVC", "Castlefell", "Averland", "Averland South", 30),
    ("INVD", "Dunmarrow", "Averland", "Averland South", 12),
    ("INVE", "Eskerby", "Brennick", "Brennick", 70),
    ("INVF", "Fallowick", "Brennick", "Brennick", 40),
    ("INVG", "Gannetsea", "Brennick", "Brennick", 25),
    ("INVH", "Harrowmere", "Brennick", "Brennick", 15),
];

pub(crate) const STUDY: &str = "An invented island";
/// The period on which states rest: a year, so that the two tables share numbers.
const STATE_PERIOD: &str = "2023";
const MEASURES: [&str; 3] = ["new", "living", "died"];
const KINDS: [&str; 2] = ["de_novo", "recurrent"];
const BANDS: [&str; 2] = ["under_60", "60_and_over"];

/// organisation, year, measure, kind, age band: people recorded and found.
type Key = (usize, usize, usize, usize, usize);

/// An invented island.
#[derive(Clone, Debug)]
pub(crate) struct Island {
    pub(crate) people: BTreeMap<Key, (i64, i64)>,
    /// Years that are counted, from 2022 on.
    pub(crate) years: usize,
    /// How many of new, living and died.
    pub(crate) measures: usize,
    /// Whether nations are split by age.
    pub(crate) split: bool,
    pub(crate) definition: &'static str,
    gone: Vec<usize>,
}

impl Island {
    /// Draws one; `part` of its people are there, so that small islands have many small numbers.
    pub(crate) fn drawn(seed: u64, organisations: usize) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut people = BTreeMap::new();
        for (at, (.., size)) in ORGANISATIONS.iter().enumerate().take(organisations) {
            let share: f64 = chance.random_range(0.05..0.98);
            for year in 0..3 {
                for (measure, times) in [1.0, 3.0, 0.9].iter().enumerate() {
                    for (kind, part) in [0.3, 0.7].iter().enumerate() {
                        for (band, of_age) in [0.4, 0.6].iter().enumerate() {
                            let mean = *size as f64 * times * part * of_age;
                            let found = (mean * chance.random_range(0.7..1.3)).round() as i64;
                            let recorded =
                                (found as f64 * share * chance.random_range(0.8..1.0)).round() as i64;
                            people.insert((at, year, measure, kind, band), (recorded.min(found), found));
                        }
                    }
                }
            }
        }
        Self {
            people,
            years: 2,
            measures: 3,
            split: false,
            definition: "uk-mbc/2026.1",
            gone: Vec::new(),
        }
    }

    /// Late records come in, some numbers are revised, most stay.
    pub(crate) fn a_month_passes(&mut self, chance: &mut ChaCha8Rng) {
        for (recorded, found) in self.people.values_mut() {
            if chance.random_range(0..6) == 0 {
                *found += chance.random_range(0..4);
                *recorded = (*recorded + chance.random_range(0..4)).min(*found);
            }
            if chance.random_range(0..40) == 0 {
                *found = (*found - 1).max(0);
                *recorded = (*recorded).min(*found);
            }
        }
    }

    /// One organisation becomes a part of another of the same network.
    pub(crate) fn merge(&mut self, from: usize, into: usize) {
        let moved: Vec<Key> = self.people.keys().filter(|key| key.0 == from).copied().collect();
        for key in moved {
            if let Some((recorded, found)) = self.people.remove(&key) {
                let of = self.people.entry((into, key.1, key.2, key.3, key.4)).or_default();
                *of = (of.0 + recorded, of.1 + found);
            }
        }
        self.gone.push(from);
    }

    fn organisations(&self) -> Vec<usize> {
        let all: std::collections::BTreeSet<usize> = self.people.keys().map(|key| key.0).collect();
        all.into_iter().collect()
    }

    pub(crate) fn facts(&self) -> SiteFacts {
        let organisation = |at: usize| {
            let (code, name, nation, network, _) = ORGANISATIONS[at];
            PublicOrganisation {
                code: code.into(),
                name: format!("{name} Hospitals"),
                short_name: name.into(),
                nation: nation.into(),
                network: network.into(),
                kind: "acute_trust".into(),
                latitude: Some(50.0 + at as f64 * 0.3),
                longitude: Some(-20.0 + (at % 3) as f64 * 0.4),
                breast_service: true,
            }
        };
        SiteFacts {
            country_name: "Hesperay".into(),
            nations: Vec::new(),
            outline: Outline::AroundPoints,
            definition: vec!["We count everyone whose records show it.".into()],
            usual_living_over_deaths: (2.0, 5.5),
            thresholds: Thresholds {
                collecting_percent: 90,
                not_collecting_percent: 10,
                fewest_people: 20,
            },
            organisations: self.organisations().into_iter().map(organisation).collect(),
            answers: Vec::new(),
            responses: Vec::new(),
        }
    }

    pub(crate) fn raw(&self) -> RawRelease {
        RawRelease {
            manifest: manifest(self.definition),
            tables: vec![self.counts(), self.completeness()],
            links: vec![counts_and_completeness_link()],
        }
    }

    /// Sums of people: what a row is about, and its recorded and found.
    fn tallies(&self) -> BTreeMap<[String; 6], (i64, i64)> {
        let mut tallies: BTreeMap<[String; 6], (i64, i64)> = BTreeMap::new();
        let shown = self
            .people
            .iter()
            .filter(|(key, _)| key.1 < self.years && key.2 < self.measures);
        for ((at, year, measure, kind, band), (recorded, found)) in shown {
            let (code, _, nation, network, _) = ORGANISATIONS[*at];
            let year = 2022 + year;
            let period = if MEASURES[*measure] == "living" {
                format!("{year}-12-31")
            } else {
                year.to_string()
            };
            let places = [
                ("organisation", code),
                ("network", network),
                ("nation", nation),
                ("country", "all"),
            ];
            for (place_kind, place) in places {
                for kind in [KINDS[*kind], "all"] {
                    for age in [BANDS[*band], "all"] {
                        let whole = matches!(place_kind, "nation" | "country");
                        if age != "all" && !(self.split && whole) {
                            continue;
                        }
                        let key =
                            [place_kind, place, &period, MEASURES[*measure], kind, age].map(str::to_owned);
                        let tally = tallies.entry(key).or_default();
                        *tally = (tally.0 + recorded, tally.1 + found);
                    }
                }
            }
        }
        tallies
    }

    fn counts(&self) -> RawTable {
        let mut inside = BTreeMap::new();
        for at in self.organisations() {
            let (code, _, nation, network, _) = ORGANISATIONS[at];
            inside.insert(Place::new("organisation", code), Place::new("network", network));
            inside.insert(Place::new("network", network), Place::new("nation", nation));
            inside.insert(Place::new("nation", nation), Place::new("country", "all"));
        }
        let mut sums = counts_sums();
        sums.push(SumRule::Places {
            kind: "place_kind".into(),
            place: "place".into(),
            inside,
        });
        let row = |(key, (recorded, found)): ([String; 6], (i64, i64))| {
            let [place_kind, place, period, measure, kind, age] = key;
            let of = |share: f64| RawValue::from(found as f64 * share);
            vec![
                place_kind.into(),
                place.into(),
                period.into(),
                measure.into(),
                kind.into(),
                "all".into(),
                age.into(),
                "all".into(),
                "all".into(),
                recorded.into(),
                found.into(),
                of(1.04),
                of(0.97),
                of(1.2),
                "joint".into(),
                "lower_bound".into(),
            ]
        };
        RawTable {
            name: "counts".into(),
            version: 1,
            about: "People new, living and died, by place and year.".into(),
            columns: counts_columns(),
            rows: self.tallies().into_iter().map(row).collect(),
            sums,
        }
    }

    fn completeness(&self) -> RawTable {
        let mut rows = Vec::new();
        for at in self.organisations() {
            let of_kind = |kind: usize| {
                let of = self.people.iter().filter(|(key, _)| {
                    key.0 == at && 2022 + key.1 == 2023 && MEASURES[key.2] == "new" && key.3 == kind
                });
                let of = of.fold((0, 0), |sum, (_, n)| (sum.0 + n.0, sum.1 + n.1));
                let elsewhere = of.1 - of.1 / 9;
                [of.0, of.1, elsewhere, (of.0 * 8 / 9).min(elsewhere), of.1 / 9]
            };
            let (first, later) = (of_kind(0), of_kind(1));
            let all: [i64; 5] = std::array::from_fn(|column| first[column] + later[column]);
            for (kind, of) in [("all", all), ("de_novo", first), ("recurrent", later)] {
                let [recorded, found, elsewhere, of_elsewhere, at_death] = of;
                rows.push(vec![
                    ORGANISATIONS[at].0.into(),
                    STATE_PERIOD.into(),
                    kind.into(),
                    recorded.into(),
                    found.into(),
                    RawValue::Null,
                    elsewhere.into(),
                    of_elsewhere.into(),
                    RawValue::Null,
                    (found as f64 * 1.04).into(),
                    RawValue::Null,
                    RawValue::Null,
                    at_death.into(),
                    recorded.into(),
                    45.0.into(),
                    RawValue::Null,
                ]);
            }
        }
        RawTable {
            name: "completeness".into(),
            version: 1,
            about: "What each organisation recorded of the people found.".into(),
            columns: completeness_columns(90, 10, 20),
            rows,
            sums: vec![SumRule::Column {
                column: "kind".into(),
                total: "all".into(),
            }],
        }
    }

    /// Protects and renders it.
    pub(crate) fn publish(&self, policy: &Policy, earlier: &[Publication]) -> Published {
        let release = release_after(&self.raw(), policy, earlier).unwrap_or_else(|e| panic!("{e}"));
        Published::of(&release, &self.facts())
    }
}

fn manifest(definition: &str) -> RawManifest {
    RawManifest {
        study: STUDY.into(),
        as_of: "2024-12-31".into(),
        period: ("2022-01-01".into(), "2024-12-31".into()),
        country: "an invented country".into(),
        coverage: "2 nations, 2022 to 2024, 7 kinds of record".into(),
        definition: definition.into(),
        program: "counted 0.1.0".into(),
        simulated: true,
        approved: false,
        demonstration_keys: false,
        state_period: STATE_PERIOD.into(),
        sections: vec![RawSection {
            id: "sources".into(),
            title: "What was read".into(),
            words: "Every row that was read is in use or set aside.".into(),
            columns: ["Kind of record", "Rows", "In use", "Set aside"]
                .map(str::to_owned)
                .to_vec(),
            rows: [("deaths", [1203, 1133, 70]), ("form", [1836, 1833, 3])]
                .map(|(kind, counts)| {
                    let counts = counts.map(RawFact::Count);
                    std::iter::once(RawFact::Text(kind.into()))
                        .chain(counts)
                        .collect()
                })
                .to_vec(),
        }],
    }
}

/// A rendered site, and what its release knew of its figures.
#[derive(Clone)]
pub(crate) struct Published {
    pub(crate) bytes: Bytes,
    pub(crate) publication: Publication,
}

impl Published {
    pub(crate) fn of(release: &Release, facts: &SiteFacts) -> Self {
        Self {
            bytes: render(release, facts).unwrap().into(),
            publication: release.publication().clone(),
        }
    }

    /// The bytes alone, as a stranger sees them.
    pub(crate) fn seen(&self) -> Seen<'_> {
        Seen {
            bytes: &self.bytes,
            relations: None,
        }
    }

    /// With what its guard knew of sums.
    pub(crate) fn known(&self) -> Seen<'_> {
        Seen {
            bytes: &self.bytes,
            relations: Some(&self.publication),
        }
    }
}

/// Words that the study chose for itself.
pub(crate) fn words() -> Vec<String> {
    [STUDY, "uk-mbc/2026.1", "uk-mbc/2026.2", "counted 0.1.0"]
        .map(str::to_owned)
        .to_vec()
}

/// The attack on the last of some releases.
pub(crate) fn attacked(releases: &[Seen<'_>], facts: &SiteFacts, policy: &Policy) -> Report {
    let words = words();
    let knowledge = Knowledge {
        facts,
        policy,
        words: &words,
        before: publish::Before::Nothing,
        kept: &[],
    };
    attack(releases, &knowledge).unwrap_or_else(|e| panic!("{e}"))
}

/// Findings in words, one a line.
pub(crate) fn lines(report: &Report) -> Vec<String> {
    report.findings.iter().map(ToString::to_string).collect()
}

/// Whether the long versions are asked for.
#[allow(
    clippy::disallowed_methods,
    reason = "how long a test runs, not what it finds"
)]
pub(crate) fn long() -> bool {
    std::env::var_os("COUNTED_LONG").is_some()
}
