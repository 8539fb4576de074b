//! Tables from which nothing can be learnt are refused, with the reason.

use super::town::{FIELDS, Row, Town, table};
use crate::weigh::{Kind, Linker, Rule, Settings, Table};

/// Why a table teaches nothing.
fn refusal(table: &Table, rules: &[&str]) -> String {
    let settings = Settings {
        rules: rules
            .iter()
            .map(|rule| Rule::read(rule, table).unwrap())
            .collect(),
        ..Settings::default()
    };
    let trained = Linker::new(table, settings).unwrap().train();
    match trained {
        Err(error) => error.to_string(),
        Ok(learnt) => panic!("it learnt from {:?} expected pairs", learnt.model.expected_pairs),
    }
}

/// Every person once.
fn strangers(people: usize) -> Vec<Row> {
    let town = Town::invented(people, 3);
    let mut seen = std::collections::BTreeSet::new();
    let rows = town.rows.into_iter().zip(town.person);
    rows.filter(|(_, person)| seen.insert(*person))
        .map(|(row, _)| row)
        .collect()
}

#[test]
fn strangers_only() {
    for people in [1_000, 8_000] {
        let told = refusal(&table(&FIELDS, &strangers(people)), &[]);
        assert!(told.contains("one person"), "{told}");
    }
}

#[test]
fn the_same_record_again_and_again() {
    let row = Town::invented(4, 3).rows[0].clone();
    let told = refusal(&table(&FIELDS, &vec![row; 500]), &[]);
    assert!(told.contains("every record says the same"), "{told}");
}

#[test]
fn ten_records() {
    let town = Town::invented(8, 3);
    let told = refusal(&table(&FIELDS, &town.rows[..10]), &[]);
    assert!(told.contains("too few to learn from"), "{told}");
}

#[test]
fn no_record_and_one() {
    for records in [0, 1] {
        let rows = &Town::invented(4, 3).rows[..records];
        let told = refusal(&table(&FIELDS, rows), &[]);
        assert!(told.contains("too few to learn from"), "{told}");
    }
}

#[test]
fn nothing_that_tells_people_apart() {
    let rows: Vec<[String; 2]> = Town::invented(3_000, 3)
        .rows
        .into_iter()
        .map(|row| [row[3].clone(), row[4].chars().take(3).collect()])
        .collect();
    let told = refusal(&table(&[("sex", Kind::Sex), ("town", Kind::Text)], &rows), &[]);
    assert!(told.contains("the same in `sex` in 5"), "{told}");
}

#[test]
fn empty_columns() {
    let rows = vec![[const { String::new() }; 6]; 2_000];
    let told = refusal(&table(&FIELDS, &rows), &[]);
    assert!(told.contains("every record says the same, or nothing"), "{told}");
}

#[test]
fn rules_under_which_nobody_meets() {
    let told = refusal(&table(&FIELDS, &strangers(4_000)), &["number + born"]);
    assert!(told.contains("too few to learn from"), "{told}");
}
