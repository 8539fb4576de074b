//! An invented nation of `counts`: organisations in networks in nations in a country, over years, measures, kinds, and
//! for nations also sex and age. Every sum holds.

use std::collections::BTreeMap;

use protect::*;

/// A simple congruential generator, the same numbers on every machine.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

pub(crate) struct Shape {
    pub(crate) organisations: usize,
    pub(crate) per_network: usize,
    pub(crate) networks_per_nation: usize,
    pub(crate) years: usize,
    pub(crate) measures: usize,
    pub(crate) largest: u64,
    /// Whether nations are split by sex and age.
    pub(crate) split: bool,
}

/// Recorded and found by kind of place, place, year, measure and kind; 3 is all kinds.
type Totals = BTreeMap<(String, String, usize, usize, usize), (i64, i64)>;

/// People by (place, year, measure, kind): recorded and found.
pub(crate) type People = BTreeMap<(usize, usize, usize, usize), (i64, i64)>;

/// Draws the people of every organisation; kinds are de_novo, recurrent, not_known.
pub(crate) fn drawn_people(shape: &Shape, seed: u64) -> People {
    let mut dice = Dice(seed);
    let mut people = People::new();
    for organisation in 0..shape.organisations {
        let size = 1 + dice.below(shape.largest);
        for year in 0..shape.years {
            for measure in 0..shape.measures {
                let scale = [1, 3, 1][measure % 3];
                for (kind, share) in [40, 55, 5].into_iter().enumerate() {
                    let mean = size * share * scale / 100;
                    let found = dice.below(mean / 2 + 2) + mean * 3 / 4;
                    let recorded = found - dice.below(found / 2 + 1).min(found);
                    people.insert(
                        (organisation, year, measure, kind),
                        (recorded as i64, found as i64),
                    );
                }
            }
        }
    }
    people
}

const KINDS: [&str; 4] = ["de_novo", "recurrent", "not_known", "all"];
const MEASURES: [&str; 3] = ["new", "living", "died"];

fn row(
    place: (&str, &str),
    year: usize,
    measure: usize,
    split: [&str; 3],
    counts: (i64, i64),
) -> Vec<RawValue> {
    let [kind, sex, age] = split;
    vec![
        place.0.into(),
        place.1.into(),
        format!("{}", 2015 + year).into(),
        MEASURES[measure % 3].into(),
        kind.into(),
        sex.into(),
        age.into(),
        "all".into(),
        "all".into(),
        counts.0.into(),
        counts.1.into(),
        RawValue::Null,
        RawValue::Null,
        RawValue::Null,
        "found".into(),
        "lower_bound".into(),
    ]
}

/// The table `counts` of these people, with every place above them, and if asked sex and age for nations.
pub(crate) fn table(shape: &Shape, people: &People) -> RawTable {
    let mut inside = BTreeMap::new();
    let mut sums: Totals = BTreeMap::new();
    for ((organisation, year, measure, kind), (recorded, found)) in people {
        let network = organisation / shape.per_network;
        let chain = [
            ("organisation", format!("O{organisation:03}")),
            ("network", format!("N{network:02}")),
            ("nation", format!("Nation{}", network / shape.networks_per_nation)),
            ("country", "all".to_owned()),
        ];
        for pair in chain.windows(2) {
            inside.insert(
                Place::new(pair[0].0, &pair[0].1),
                Place::new(pair[1].0, &pair[1].1),
            );
        }
        for (place_kind, place) in chain {
            for kind in [*kind, 3] {
                let sum = sums
                    .entry((place_kind.to_owned(), place.clone(), *year, *measure, kind))
                    .or_default();
                (sum.0, sum.1) = (sum.0 + recorded, sum.1 + found);
            }
        }
    }
    let mut rows = Vec::new();
    let mut splits = BTreeMap::new();
    for ((place_kind, place, year, measure, kind), counts) in &sums {
        let at = (place_kind.as_str(), place.as_str());
        rows.push(row(at, *year, *measure, [KINDS[*kind], "all", "all"], *counts));
        if shape.split && place_kind == "nation" && *kind < 3 {
            split(at, *year, *measure, *kind, *counts, &mut splits);
        }
    }
    for ((place_kind, place, year, measure, (kind, sex, age)), counts) in &splits {
        rows.push(row(
            (place_kind, place),
            *year,
            *measure,
            [KINDS[*kind], sex, age],
            *counts,
        ));
    }
    let mut rules = counts_sums();
    rules.push(SumRule::Places {
        kind: "place_kind".into(),
        place: "place".into(),
        inside,
    });
    RawTable {
        name: "counts".into(),
        version: 1,
        about: "People counted.".into(),
        columns: counts_columns(),
        rows,
        sums: rules,
    }
}

type Splits = BTreeMap<(String, String, usize, usize, (usize, &'static str, &'static str)), (i64, i64)>;

/// By sex and age, for a kind and for all kinds: one in a hundred a man, four bands of age. A nation's people are the
/// sum of nothing smaller here, so the parts are drawn from the total.
fn split(at: (&str, &str), year: usize, measure: usize, kind: usize, counts: (i64, i64), into: &mut Splits) {
    let bands: [(&str, i64); 4] = [("18-49", 20), ("50-69", 42), ("70-79", 23), ("80 and over", 15)];
    // Recorded and not recorded are split each for itself, so that recorded is never above found.
    let part = |(a, b): (i64, i64), percent: i64| {
        let recorded = a * percent / 100;
        (recorded, recorded + (b - a) * percent / 100)
    };
    let less = |a: (i64, i64), b: (i64, i64)| (a.0 - b.0, a.1 - b.1);
    let men = part(counts, 1);
    for (sex, people) in [("female", less(counts, men)), ("male", men)] {
        let mut left = people;
        for (age, percent) in bands {
            let here = if age == "80 and over" {
                left
            } else {
                part(people, percent)
            };
            left = less(left, here);
            for (kind, sex, age) in [kind, 3]
                .into_iter()
                .flat_map(|kind| [(sex, age), (sex, "all"), ("all", age)].map(|(sex, age)| (kind, sex, age)))
            {
                let key = (at.0.to_owned(), at.1.to_owned(), year, measure, (kind, sex, age));
                let sum: &mut (i64, i64) = into.entry(key).or_default();
                (sum.0, sum.1) = (sum.0 + here.0, sum.1 + here.1);
            }
        }
    }
}
