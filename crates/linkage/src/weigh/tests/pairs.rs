//! The pair loop with its blocks, bounds and short cuts, against comparing everybody with everybody.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::model::any_model;
use crate::weigh::level::Comparer;
use crate::weigh::model::Model;
use crate::weigh::rules::{Cut, Part, Rule};
use crate::weigh::similar::soundex;
use crate::weigh::table::Table;
use crate::weigh::weights::{Rarity, Weights};
use crate::weigh::{Field, Kind, Linker, Pair, Plan, PlannedRule, Settings};

const FIELDS: [(&str, Kind); 7] = [
    ("given", Kind::GivenName),
    ("family", Kind::FamilyName),
    ("born", Kind::BirthDate),
    ("sex", Kind::Sex),
    ("postcode", Kind::Postcode),
    ("number", Kind::Number),
    ("street", Kind::Text),
];

/// Few values, so that they meet often; given and family names are drawn from the same, so that they change places.
const NAMES: [&str; 18] = [
    "",
    "Susan",
    "Sue",
    "Suzan",
    "Anne",
    "Anna",
    "A",
    "Smith",
    "Smyth",
    "Smith-Jones",
    "Jones",
    "Mei",
    "Chen",
    "Łukasz",
    "Жуков",
    "Жукова",
    "李小龙",
    "李小明",
];
const DATES: [&str; 10] = [
    "",
    "1950-03-12",
    "1950-12-03",
    "1950-03-13",
    "1951-03-12",
    "1950-03",
    "1950",
    "1962-07-28",
    "1950-07-28",
    "1900-01-01",
];
const SEXES: [&str; 3] = ["", "F", "M"];
const PLACES: [&str; 9] = [
    "", "ZA1 1AA", "ZA1 1AB", "ZA1 2AB", "ZA2 1AA", "ZB11 1AA", "75001", "75002", "ZZ99 3VZ",
];
const NUMBERS: [&str; 7] = [
    "",
    "9990000018",
    "9990000081",
    "9990000026",
    "999000001",
    "AB/123",
    "0000000000",
];
const STREETS: [&str; 8] = [
    "",
    "1 High Street",
    "High Street 1",
    "2 High Street",
    "Łódź Lane",
    "Łódź Line",
    "ann@a.net",
    "ann@b.net",
];

const RULES: [&str; 18] = [
    "number",
    "born + family",
    "given + postcode",
    "postcode + born.year",
    "family.sound + given.initial",
    "family.start + born.month",
    "given.start",
    "postcode.sector",
    "postcode.district + sex",
    "street",
    "street.start + sex",
    "street.initial",
    "number.start + born.year",
    "family.initial + sex",
    "family.sound",
    "born",
    "sex",
    "everybody with everybody",
];

#[derive(Clone)]
struct Case {
    rows: Vec<[&'static str; 7]>,
    model: Model,
    cap: u32,
    least: f64,
}

/// Short enough to be read when a case fails: the model's numbers are left out.
impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rules: Vec<&str> = self
            .model
            .strata
            .iter()
            .map(|stratum| stratum.rule.as_str())
            .collect();
        writeln!(f, "cap {}, least {}, rules {rules:?}", self.cap, self.least)?;
        self.rows
            .iter()
            .try_for_each(|row| writeln!(f, "    {}", row.join(" | ")))
    }
}

fn row() -> impl Strategy<Value = [&'static str; 7]> {
    use proptest::sample::select;
    (
        select(&NAMES[..]),
        select(&NAMES[..]),
        select(&DATES[..]),
        select(&SEXES[..]),
        select(&PLACES[..]),
        select(&NUMBERS[..]),
        select(&STREETS[..]),
    )
        .prop_map(|(given, family, born, sex, postcode, number, street)| {
            [given, family, born, sex, postcode, number, street]
        })
}

fn fields() -> Vec<Field> {
    FIELDS
        .map(|(name, kind)| Field {
            name: name.to_owned(),
            kind,
        })
        .to_vec()
}

fn cases() -> impl Strategy<Value = Case> {
    let rules = proptest::sample::subsequence(&RULES[..], 1..6).prop_shuffle();
    let model = rules
        .prop_flat_map(|rules| any_model(fields(), rules.iter().map(|rule| (*rule).to_owned()).collect()));
    (
        proptest::collection::vec(row(), 2..40),
        model,
        prop_oneof![Just(3), Just(8), Just(1_000)],
        prop_oneof![
            Just(0.0),
            Just(0.01),
            Just(0.1),
            Just(0.5),
            Just(0.9),
            Just(0.999)
        ],
    )
        .prop_map(|(rows, mut model, cap, least)| {
            model.records = rows.len() as u64;
            Case {
                rows,
                model,
                cap,
                least,
            }
        })
}

fn table(rows: &[[&str; 7]]) -> Table {
    let mut table = Table::new(fields());
    rows.iter().for_each(|row| table.push(*row).unwrap());
    table.close();
    table
}

/// The part of a value that a rule asks for, as text.
fn part(table: &Table, part: Part, record: u32) -> Option<String> {
    let text = table.shown(part.field, record as usize);
    let letters = |many: usize| text.chars().take(many).collect::<String>();
    let part = match part.cut {
        Cut::Whole => text,
        Cut::Initial => letters(1),
        Cut::Start => letters(3),
        Cut::Sound => match soundex(&text) {
            0 => String::new(),
            sound => sound.to_string(),
        },
        Cut::Year => letters(4),
        Cut::Month if text.get(5..7) == Some("00") => String::new(),
        Cut::Month => letters(7),
        Cut::Sector => text
            .split_once(' ')
            .map(|(out, inward)| format!("{out} {}", &inward[..1]))
            .unwrap_or_default(),
        // Other countries' postcodes hold no space; their first four characters stand for a district.
        Cut::District => text.split(' ').next().unwrap().chars().take(4).collect(),
    };
    (!part.is_empty()).then_some(part)
}

/// The records by what a rule asks for.
fn blocks(table: &Table, rule: &Rule) -> BTreeMap<Vec<String>, Vec<u32>> {
    let mut blocks = BTreeMap::<_, Vec<u32>>::new();
    for record in 0..table.records() as u32 {
        let key: Option<Vec<String>> = rule.parts.iter().map(|one| part(table, *one, record)).collect();
        if let Some(key) = key {
            blocks.entry(key).or_default().push(record);
        }
    }
    blocks
}

/// Every pair that some rule proposes, with the first rule that does; and what each rule proposes.
fn proposed(table: &Table, rules: &[Rule], cap: u32) -> (BTreeMap<(u32, u32), usize>, Plan) {
    let pairs = |records: &Vec<u32>| (records.len() * (records.len() - 1) / 2) as u64;
    let everybody = rules.iter().any(|rule| rule.parts.is_empty());
    let (mut first, mut planned) = (BTreeMap::new(), Vec::new());
    for (at, rule) in rules.iter().enumerate() {
        let blocks: Vec<Vec<u32>> = blocks(table, rule).into_values().collect();
        let (used, capped): (Vec<_>, Vec<_>) = blocks
            .iter()
            .partition(|records| everybody || records.len() <= cap as usize);
        for records in &used {
            for (place, &b) in records.iter().enumerate() {
                for &a in &records[..place] {
                    first.entry((a, b)).or_insert(at);
                }
            }
        }
        planned.push(PlannedRule {
            rule: rule.words(table),
            pairs: used.iter().map(|records| pairs(records)).sum(),
            capped: (
                capped.len() as u64,
                capped.iter().map(|records| pairs(records)).sum(),
            ),
            largest: blocks.iter().map(Vec::len).max().unwrap_or_default() as u32,
        });
    }
    let plan = Plan {
        pairs: planned.iter().map(|rule| rule.pairs).sum(),
        rules: planned,
        too_wide: Vec::new(),
        all_pairs: (table.records() * (table.records() - 1) / 2) as u64,
    };
    (first, plan)
}

fn slowly(case: &Case, table: &Table, rules: &[Rule]) -> (Vec<Pair>, Plan) {
    let frequencies = (0..FIELDS.len()).map(|field| table.frequencies(field)).collect();
    let rarity = Rarity::new(table, frequencies, &case.model);
    let weights: Vec<Weights> = (0..rules.len())
        .map(|at| Weights::new(&case.model, table, &rules[at], at, 1.0))
        .collect();
    let (first, plan) = proposed(table, rules, case.cap);
    let mut pairs = Vec::new();
    for ((a, b), rule) in first {
        let pattern = Comparer::new(table).pattern(a, b);
        let rare = |field| rarity.of(field, table.value(field, a));
        let probability = weights[rule].probability(pattern, rare);
        if probability >= case.least {
            pairs.push(Pair {
                a,
                b,
                probability: probability as f32,
            });
        }
    }
    pairs.sort_by(|x, y| {
        y.probability
            .total_cmp(&x.probability)
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    (pairs, plan)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn everybody_compared_gives_the_same(case in cases()) {
        let table = table(&case.rows);
        let settings = Settings { cap: case.cap, least: case.least, ..Settings::default() };
        let rules = case.model.rules(&table).unwrap();
        let (linker, mut learnt) = Linker::with_model(&table, settings, case.model.clone()).unwrap();
        let mut weighed = linker.weigh(&mut learnt).unwrap();
        let found: Vec<Pair> = weighed.pairs.in_order().unwrap().map(Result::unwrap).collect();
        let (wanted, plan) = slowly(&case, &table, &rules);
        prop_assert_eq!(&weighed.plan, &plan);
        prop_assert_eq!(&linker.plan(), &plan);
        prop_assert_eq!(found, wanted);
    }
}
