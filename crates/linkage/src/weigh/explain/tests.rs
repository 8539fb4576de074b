//! The parts of an account add up, to what scoring says.

use proptest::prelude::*;

use crate::weigh::level::Comparer;
use crate::weigh::weights::{Rarity, Weights};
use crate::weigh::{Deciding, Linker, Settings, Table, built_in};

use super::*;

/// Records that agree, nearly agree, differ, and are silent, in every field of the built-in model.
const VALUES: [[&str; 6]; 6] = [
    ["SUSAN", "SUSANNE", "SUE", "MARY", "PATEL", ""],
    ["PATEL", "PATELL", "SMITH", "SMITH-JONES", "SUSAN", ""],
    [
        "1950-03-12",
        "1950-12-03",
        "1950-03",
        "1951-07-30",
        "1950-03-13",
        "",
    ],
    ["F", "M", "F", "F", "M", ""],
    ["ZA1 1AA", "ZA1 1AB", "ZA1 2AA", "ZB2 2BB", "ZA2 1AA", ""],
    ["9990000018", "9990000028", "9990000026", "9990000042", "", ""],
];

/// Records by the places of their values.
fn records() -> impl Strategy<Value = Vec<Vec<usize>>> {
    proptest::collection::vec(proptest::collection::vec(0..6usize, 6), 2..12)
}

fn table(records: &[Vec<usize>]) -> Table {
    let mut table = Table::new(built_in().fields);
    for record in records {
        table
            .push(record.iter().zip(VALUES).map(|(&at, values)| values[at]))
            .unwrap();
    }
    table.close();
    table
}

fn sum(account: &PairAccount) -> f64 {
    let fields = account.fields.iter().map(|field| field.weight + field.rarity);
    account.prior + fields.sum::<f64>() + account.company + account.roof
}

proptest! {
    #[test]
    fn the_parts_add_up_to_what_scoring_says(records in records()) {
        let table = table(&records);
        let settings = Settings { least: 1e-9, deciding: Deciding::default(), ..Settings::default() };
        let (linker, mut learnt) = Linker::with_model(&table, settings, built_in()).unwrap();
        let mut weighed = linker.weigh(&mut learnt).unwrap();
        for pair in weighed.pairs.in_order().unwrap() {
            let pair = pair.unwrap();
            let account = linker.explain(&learnt, pair.b, pair.a);
            prop_assert!((sum(&account) - account.odds).abs() < 1e-9, "{account:?}");
            prop_assert!((account.probability - f64::from(pair.probability)).abs() < 1e-6, "{account:?}");
            prop_assert!(account.rule.is_some() && account.roof <= 0.0);
        }
    }

    #[test]
    fn pairs_that_no_rule_proposes_are_explained_too(records in records()) {
        let table = table(&records);
        let (linker, learnt) = Linker::with_model(&table, Settings::default(), built_in()).unwrap();
        for b in 1..table.records() as u32 {
            let account = linker.explain(&learnt, 0, b);
            prop_assert!((sum(&account) - account.odds).abs() < 1e-9);
            if account.rule.is_none() {
                let weights = unproposed(&learnt.model, &table, table.records() as u64);
                let chance = scored(&table, &weights, &learnt, b);
                prop_assert!((account.probability - chance).abs() < 1e-6);
                prop_assert!(account.fields.iter().all(|field| !field.fixed));
            }
        }
    }

    #[test]
    fn lines_fit_a_page_and_hold_no_value(records in records()) {
        let table = table(&records);
        let (linker, learnt) = Linker::with_model(&table, Settings::default(), built_in()).unwrap();
        let account = linker.explain(&learnt, 0, 1).with_values(&table);
        let text = account.waterfall().join("\n") + &format!("{account:?}") + &serde_json::to_string(&account).unwrap();
        prop_assert!(account.waterfall().iter().all(|line| line.chars().count() <= 74));
        for value in VALUES.iter().flatten().filter(|value| value.len() > 2) {
            prop_assert!(!text.contains(value), "{text}");
        }
    }
}

fn scored(table: &Table, weights: &Weights, learnt: &Learnt, b: u32) -> f64 {
    let frequencies = (0..6).map(|field| table.frequencies(field)).collect();
    let rarity = Rarity::new(table, frequencies, &learnt.model);
    let pattern = Comparer::new(table).pattern(0, b);
    weights.probability(pattern, |field| rarity.of(field, table.value(field, 0)))
}

#[test]
fn chances_are_said_with_as_many_decimals_as_they_need() {
    let said: Vec<String> = [-40.0, -12.0, -5.0, 0.0, 1.0, 5.0, 12.0, 40.0]
        .map(chance)
        .to_vec();
    let wanted = [
        "<0.001 %",
        "0.0244 %",
        "3.0 %",
        "50 %",
        "67 %",
        "97.0 %",
        "99.9756 %",
        ">99.999 %",
    ];
    assert_eq!(said, wanted);
}

#[test]
fn a_pair_as_a_person_sees_it() {
    let mut table = Table::new(built_in().fields);
    let records = [
        ["SUSAN", "SMITH", "1950-03-12", "F", "ZA1 1AA", ""],
        ["SUE", "SMYTH", "1950-03-12", "F", "ZA1 1AA", ""],
        ["MARY", "JONES", "1961-01-02", "M", "ZB2 2BB", ""],
    ];
    for record in records {
        table.push(record).unwrap();
    }
    table.close();
    let mut among = Among::new(&table, built_in(), 1_000_000).unwrap();
    let one = among.explain(0, 1).waterfall().join("\n");
    let two = among.explain(0, 2).waterfall().join("\n");
    insta::assert_snapshot!(format!("{one}\n\n{two}"), @"
                                        bits                            chance
    pairs met by birth date +
        postcode                        +7.3   +++++++++               99.39 %
    given name: a form of the same
        name, or its initial            +4.5   |        ++++++       99.9720 %
    family name: one keystroke apart    +3.9   |              ++++   99.9981 %
    birth date: the same, by rule       +0.0   |                     99.9981 %
    sex: the same                       +0.5   |                  +  99.9986 %
    postcode: the same, by rule         +0.0   |                     99.9986 %
    number: missing                     +0.0   |                     99.9986 %
    errors keep company                 -0.8   |                  -  99.9976 %

                                        bits                            chance
    all pairs, as no rule proposes it  -19.7               --------|  <0.001 %
    given name: differs                 -7.5            ---        |  <0.001 %
    family name: differs                -4.5          --           |  <0.001 %
    birth date: differs                -10.0      ----             |  <0.001 %
    sex: differs                        -5.6    --                 |  <0.001 %
    postcode: differs                   -2.9   -                   |  <0.001 %
    number: missing                     +0.0                       |  <0.001 %
    errors keep company                 -3.0  -                    |  <0.001 %
    ");
}
