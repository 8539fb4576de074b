//! The manual, `spec.md`, is run: every table in it is a case.

use std::collections::{BTreeMap, BTreeSet};

use super::row::{Row, people, table};
use crate::cascade::step::Trust;
use crate::cascade::{ALONE, Given, Options, Step, link};
use crate::drawn::{self, Case};

const MANUAL: &str = include_str!("../../../spec.md");

fn options(case: &Case) -> Options {
    let mut options = Options::default();
    for (name, value) in &case.settings {
        match name.as_str() {
            "chance_of_namesake" => options.chance_of_namesake = value.parse().unwrap(),
            "trial" => options.wrong_share_unproven = 1.0,
            "birth_dates_per_number" => options.birth_dates_per_number = value.parse().unwrap(),
            other => panic!("{}: unknown setting {other}", case.title),
        }
    }
    options
}

fn rows(case: &Case) -> Vec<Row> {
    case.rows().map(row).collect()
}

fn row<'a>(cells: impl Iterator<Item = (&'a str, &'a str)>) -> Row {
    let mut row = Row::default();
    for (name, cell) in cells {
        match name {
            "number" => cell.clone_into(&mut row.number),
            "born" if !cell.is_empty() => {
                let padded = format!("{:0<8}", cell.replace('-', ""));
                row.born = padded.parse().unwrap();
            }
            "family" => cell.clone_into(&mut row.family),
            "given" => cell.clone_into(&mut row.given),
            "sex" => row.sex = cell.chars().next().unwrap_or(' '),
            "postcode" => cell.clone_into(&mut row.postcode),
            "organisation" => cell.clone_into(&mut row.organisation),
            "local" => cell.clone_into(&mut row.local),
            "key" => cell.clone_into(&mut row.key),
            "decision" if !cell.is_empty() => row.decided = cell.parse().unwrap(),
            "born" | "decision" | "person" | "step" => {}
            other => panic!("unknown column {other}"),
        }
    }
    row
}

fn cases() -> Vec<Case> {
    drawn::cases(MANUAL.split("\n## How sure").next().unwrap_or_default())
}

#[test]
fn the_manual_is_true() {
    let cases = cases();
    assert!(cases.len() > 20, "the manual has lost its tables");
    for case in &cases {
        let found = people(&rows(case), &options(case));
        let letters: Vec<String> = found
            .iter()
            .map(|(person, _)| char::from(b'@' + *person as u8).to_string())
            .collect();
        let steps: Vec<&str> = found
            .iter()
            .map(|(_, step)| step.map_or(ALONE, Step::name))
            .collect();
        assert_eq!(letters, case.column("person"), "{}", case.title);
        assert_eq!(steps, case.column("step"), "{}", case.title);
        assert_eq!(listed(case), case.listed, "{}", case.title);
    }
}

/// The conflicts of a case, as the manual writes them.
fn listed(case: &Case) -> String {
    let (mut identities, _) = table(&rows(case));
    let linked = link(&mut identities, &options(case), Given::default(), &|_| ());
    let mut reasons: BTreeMap<_, &str> = BTreeMap::new();
    for conflict in &linked.conflicts {
        reasons.insert(conflict.reason, conflict.reason.words());
    }
    let wanted: BTreeSet<&str> = case.listed.split("; ").collect();
    // The manual may cut the words short.
    let short = |words: &str| {
        wanted
            .iter()
            .find(|start| !start.is_empty() && words.starts_with(*start))
            .map(|start| (*start).to_owned())
    };
    let mut listed: Vec<String> = reasons
        .into_values()
        .map(|words| short(words).unwrap_or_else(|| words.to_owned()))
        .collect();
    listed.extend(
        linked
            .shared_values
            .iter()
            .map(|shared| format!("shared {}", shared.kind)),
    );
    listed.join("; ")
}

#[test]
fn the_assumed_shares_are_those_of_the_manual() {
    let table = MANUAL.split("| assumed share |").nth(1).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(2)
        .take(Step::ALL.len())
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    for (step, row) in Step::ALL.into_iter().zip(rows) {
        let trial = match step.trust() {
            Trust::Given => "none",
            Trust::UnlessWrong => "stands down when wrong above 1 in 200",
            Trust::OnlyIfRight => "used only when surely below 1 in 200",
        };
        let share = format!("{:.4}", step.assumed() as f64 / 10_000.0);
        assert_eq!(row[1..4], [step.name(), &share, trial]);
    }
}

#[test]
fn every_step_is_in_the_manual() {
    let cases = cases();
    let seen: BTreeSet<&str> = cases.iter().flat_map(|case| case.column("step")).collect();
    for step in Step::ALL {
        assert!(seen.contains(step.name()), "{} is not shown", step.name());
    }
    let mut sorted = Step::ALL;
    sorted.sort();
    assert_eq!(sorted, Step::ALL, "steps compare in the order in which they run");
}
