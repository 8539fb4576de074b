//! A release of the size to serve, in the shapes that a run hands over: people drawn one by one, who live with the disease, are
//! found and recorded in some organisation or in none, and are then counted in every table.
//!
//! `counts` as the stage `count` writes it (organisations, networks, nations, the country; new, living and died; kinds; sex and
//! age), `completeness` of each organisation beside it, `checks`, and one question of care a nation, with their links.

use std::collections::BTreeMap;

use protect::*;

/// A simple congruential generator, the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// The place of the first share that a draw of a thousand falls into.
    fn among(&mut self, shares: &[u64]) -> usize {
        let mut left = self.below(1000);
        for (at, share) in shares.iter().enumerate() {
            if left < *share {
                return at;
            }
            left -= share;
        }
        shares.len() - 1
    }
}

/// How large.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) organisations: usize,
    pub(crate) networks: usize,
    pub(crate) years: usize,
    /// In a thousand people, those of whom no organisation is known: without any every sum holds.
    pub(crate) of_none: u64,
}

const FIRST_YEAR: usize = 2012;
const KINDS: [&str; 3] = ["de_novo", "recurrent", "not_known"];
const SEXES: [&str; 3] = ["female", "male", "not_known"];
const AGES: [&str; 7] = ["<45", "45-54", "55-64", "65-74", "75-84", "85+", "not_known"];
const MEASURES: [&str; 3] = ["new", "living", "died"];

/// Found and recorded.
#[derive(Clone, Copy, Default)]
struct Tally {
    found: i64,
    recorded: i64,
    elsewhere: i64,
    recorded_of_elsewhere: i64,
    only_at_death: i64,
}

/// Place kind, place, period, measure, kind, sex, age band.
type Cells = BTreeMap<[String; 7], Tally>;
/// Organisation, period, kind.
type Completeness = BTreeMap<[String; 3], Tally>;

/// Whom a person is counted with.
struct Person {
    organisation: Option<usize>,
    nation: usize,
    kind: usize,
    sex: usize,
    age: usize,
    tally: Tally,
}

struct Country {
    size: Size,
    dice: Dice,
    cells: Cells,
    completeness: Completeness,
    inside: BTreeMap<Place, Place>,
    /// People a year of each organisation, and of a thousand the share it records.
    people: Vec<(u64, u64)>,
}

/// Everything a run of this size hands over.
pub(crate) fn raw(size: Size, seed: u64) -> RawRelease {
    let mut country = Country::new(size, seed);
    for year in 0..size.years {
        for organisation in 0..size.organisations {
            country.year(organisation, year);
        }
    }
    let (mut tables, links) = country.others();
    tables.insert(0, country.counts());
    RawRelease {
        manifest: super::manifest(true, false),
        tables,
        links,
    }
}

impl Country {
    fn new(size: Size, seed: u64) -> Self {
        let mut country = Self {
            size,
            dice: Dice(seed),
            cells: Cells::new(),
            completeness: Completeness::new(),
            inside: BTreeMap::new(),
            people: Vec::new(),
        };
        for organisation in 0..size.organisations {
            let chain = country.chain(organisation);
            for pair in chain.windows(2) {
                let place = |at: usize| Place::new(pair[at].0, &pair[at].1);
                country.inside.insert(place(0), place(1));
            }
            // One in fifteen has hardly anybody; most have 5 to 150 a year, smaller ones more often.
            let people = match country.dice.below(15) {
                0 => country.dice.below(5),
                _ => 5 + country.dice.below(120) * (country.dice.below(100) + 20) / 100,
            };
            let share = [950, 900, 700, 500, 80, 0][country.dice.among(&[350, 150, 150, 150, 120, 80])];
            country.people.push((people, share));
        }
        country
    }

    /// Most networks lie in the first nation, as they do at home; the last nation has one.
    fn nation(&self, network: usize) -> usize {
        let others = (self.size.networks / 7).max(1);
        (network + 1)
            .saturating_sub(self.size.networks.saturating_sub(others * 3))
            .div_ceil(others)
            .min(3)
    }

    fn chain(&self, organisation: usize) -> [(&'static str, String); 4] {
        let network = organisation * self.size.networks / self.size.organisations;
        [
            ("organisation", format!("O{organisation:03}")),
            ("network", format!("N{network:02}")),
            ("nation", format!("Nation {}", self.nation(network))),
            ("country", "all".to_owned()),
        ]
    }

    /// Everybody of an organisation in a year, for each measure.
    fn year(&mut self, organisation: usize, year: usize) {
        let (people, share) = self.people[organisation];
        let network = organisation * self.size.networks / self.size.organisations;
        let nation = self.nation(network);
        for (measure, times) in MEASURES.iter().zip([100, 310, 90]) {
            let mean = people * times / 100;
            let people = mean * 9 / 10 + self.dice.below(mean / 5 + 2);
            let year = FIRST_YEAR + year;
            let period = match *measure {
                "living" => format!("{year}-12-31"),
                _ => year.to_string(),
            };
            for _ in 0..people {
                let person = self.person((organisation, nation), share);
                self.count(&person, measure, &period);
            }
        }
    }

    fn person(&mut self, (organisation, nation): (usize, usize), share: u64) -> Person {
        let of_none = self.dice.below(1000) < self.size.of_none;
        let only_at_death = self.dice.below(1000) < 60;
        let elsewhere = !only_at_death && self.dice.below(1000) < 900;
        let recorded = !only_at_death && self.dice.below(1000) < share;
        let one = i64::from;
        Person {
            organisation: (!of_none).then_some(organisation),
            nation,
            kind: self.dice.among(&[280, 660, 60]),
            sex: self.dice.among(&[989, 10, 1]),
            age: self.dice.among(&[100, 170, 210, 230, 190, 98, 2]),
            tally: Tally {
                found: 1,
                recorded: one(recorded),
                elsewhere: one(elsewhere),
                recorded_of_elsewhere: one(recorded && elsewhere),
                only_at_death: one(only_at_death),
            },
        }
    }

    fn count(&mut self, person: &Person, measure: &str, period: &str) {
        let chain = match person.organisation {
            Some(organisation) => self.chain(organisation).to_vec(),
            None => vec![
                ("nation", format!("Nation {}", person.nation)),
                ("country", "all".to_owned()),
            ],
        };
        for (place_kind, place) in &chain {
            let all = "all";
            let split = matches!(*place_kind, "nation" | "country");
            for kind in [KINDS[person.kind], all] {
                for sex in [SEXES[person.sex], all] {
                    for age in [AGES[person.age], all] {
                        if split || (sex == all && age == all) {
                            let key = [place_kind, place.as_str(), period, measure, kind, sex, age];
                            add(&mut self.cells, key.map(str::to_owned), person.tally);
                        }
                    }
                }
                if *place_kind == "organisation" && measure == "new" {
                    let key = [place.as_str(), period, kind].map(str::to_owned);
                    add(&mut self.completeness, key, person.tally);
                }
            }
        }
    }

    /// A total of nobody stands in the table too; other zeros have no row.
    fn counts(&mut self) -> RawTable {
        let periods: Vec<[String; 7]> = self
            .cells
            .keys()
            .filter(|key| key[0] == "country" && key[4..] == ["all", "all", "all"])
            .cloned()
            .collect();
        for organisation in 0..self.size.organisations {
            for key in &periods {
                let mut key = key.clone();
                (key[0], key[1]) = ("organisation".to_owned(), format!("O{organisation:03}"));
                self.cells.entry(key).or_default();
            }
        }
        let mut sums = counts_sums();
        sums.push(SumRule::Places {
            kind: "place_kind".into(),
            place: "place".into(),
            inside: self.inside.clone(),
        });
        RawTable {
            name: "counts".into(),
            version: 1,
            about: "People new, living and died, by place and year.".into(),
            columns: counts_columns(),
            rows: self.cells.iter().map(|(key, tally)| row(key, *tally)).collect(),
            sums,
        }
    }

    /// Which organisation lies in which nation, and those in the country.
    fn in_nations(&self) -> BTreeMap<Place, Place> {
        let mut inside = BTreeMap::new();
        for organisation in 0..self.people.len() {
            let chain = self.chain(organisation);
            let wanted = chain.iter().filter(|(kind, _)| *kind != "network");
            let places: Vec<Place> = wanted.map(|(kind, name)| Place::new(kind, name)).collect();
            inside.extend(places.windows(2).map(|pair| (pair[0].clone(), pair[1].clone())));
        }
        inside
    }

    /// The tables beside `counts`, and what they share with it.
    fn others(&self) -> (Vec<RawTable>, Vec<LinkRule>) {
        let table = |name: &str, columns, rows, sums| RawTable {
            name: name.to_owned(),
            version: 1,
            about: "Beside the counts.".into(),
            columns,
            rows,
            sums,
        };
        let by_kind = vec![SumRule::Column {
            column: "kind".into(),
            total: "all".into(),
        }];
        let (mut checks, mut care) = (Vec::new(), Vec::new());
        for (key, tally) in self.cells.iter().filter(|(key, _)| {
            key[3] == "new"
                && key[4..] == ["all", "all", "all"]
                && matches!(key[0].as_str(), "organisation" | "nation" | "country")
        }) {
            checks.push(vec![
                "found_only_at_death".into(),
                key[0].as_str().into(),
                key[1].as_str().into(),
                key[2].as_str().into(),
                tally.only_at_death.into(),
                "".into(),
            ]);
            if key[0] == "nation" {
                care.push(question(key, *tally));
            }
        }
        let completeness = self.completeness.iter().filter(|(key, _)| key[2] != "not_known");
        let completeness: Vec<Vec<RawValue>> =
            completeness.map(|(key, tally)| standing(key, *tally)).collect();
        let tables = vec![
            table(
                "completeness",
                completeness_columns(90, 10, 20),
                completeness,
                by_kind,
            ),
            table("checks", checks_columns(), checks, checks_sums(self.in_nations())),
            table("care", care_columns(), care, care_sums()),
        ];
        let links = vec![
            counts_and_care_link("care", "asked_of_new"),
            only_at_death_link("care", "asked_of_new", "excluded"),
            counts_and_completeness_link(),
            checks_and_completeness_link(),
        ];
        (tables, links)
    }
}

fn add<const N: usize>(to: &mut BTreeMap<[String; N], Tally>, key: [String; N], tally: Tally) {
    let sum = to.entry(key).or_default();
    sum.found += tally.found;
    sum.recorded += tally.recorded;
    sum.elsewhere += tally.elsewhere;
    sum.recorded_of_elsewhere += tally.recorded_of_elsewhere;
    sum.only_at_death += tally.only_at_death;
}

/// A row of `counts`.
fn row(key: &[String; 7], tally: Tally) -> Vec<RawValue> {
    let mut row: Vec<RawValue> = key.iter().map(|word| word.as_str().into()).collect();
    row.extend(["all", "all"].map(RawValue::from));
    row.extend([tally.recorded, tally.found].map(RawValue::from));
    row.extend([0.98, 0.94, 1.07].map(|share| RawValue::from(tally.found as f64 * share)));
    row.extend(["joint", "estimate"].map(RawValue::from));
    row
}

/// A row of `completeness`.
fn standing(key: &[String; 3], tally: Tally) -> Vec<RawValue> {
    let mut row: Vec<RawValue> = key.iter().map(|word| word.as_str().into()).collect();
    row.extend([
        tally.recorded.into(),
        tally.found.into(),
        RawValue::Null,
        tally.elsewhere.into(),
        tally.recorded_of_elsewhere.into(),
        RawValue::Null,
        (tally.found as f64).into(),
        RawValue::Null,
        RawValue::Null,
        tally.only_at_death.into(),
        tally.recorded.into(),
        45.0.into(),
        "".into(),
    ]);
    row
}

/// A row of `care`: everybody who is new, without those found only at death, of whom nine in ten have an answer.
fn question(key: &[String; 7], tally: Tally) -> Vec<RawValue> {
    let known = (tally.found - tally.only_at_death) * 9 / 10;
    let mut row: Vec<RawValue> = [
        "nation",
        &key[1],
        "asked_of_new",
        &key[2],
        "1",
        "",
        "",
        "national_records",
    ]
    .map(RawValue::from)
    .to_vec();
    row.extend([tally.found, tally.only_at_death].map(RawValue::from));
    row.push(RawValue::Null);
    row.extend([known, known * 8 / 10].map(RawValue::from));
    row.extend(std::iter::repeat_n(RawValue::Null, 8));
    row
}
