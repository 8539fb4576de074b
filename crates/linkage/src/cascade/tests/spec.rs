//! The manual, `spec.md`, is run: every table in it is a case.

use std::collections::{BTreeMap, BTreeSet};

use super::row::{Row, people, table};
use crate::cascade::step::Trust;
use crate::cascade::{ALONE, Given, Options, Step, link};

const MANUAL: &str = include_str!("../../../spec.md");

#[derive(Default)]
struct Case {
    title: String,
    settings: Vec<(String, String)>,
    lines: Vec<Vec<String>>,
    listed: String,
}

impl Case {
    fn options(&self) -> Options {
        let mut options = Options::default();
        for (name, value) in &self.settings {
            match name.as_str() {
                "chance_of_namesake" => options.chance_of_namesake = value.parse().unwrap(),
                "trial" => options.wrong_share_unproven = 1.0,
                "birth_dates_per_number" => options.birth_dates_per_number = value.parse().unwrap(),
                other => panic!("{}: unknown setting {other}", self.title),
            }
        }
        options
    }

    fn rows(&self) -> Vec<Row> {
        self.lines[1..]
            .iter()
            .map(|line| row(&self.lines[0], line))
            .collect()
    }

    /// A column of what is expected.
    fn expected(&self, column: &str) -> Vec<&str> {
        let at = self.lines[0].iter().position(|name| name == column).unwrap();
        self.lines[1..].iter().map(|line| line[at].as_str()).collect()
    }
}

fn row(names: &[String], cells: &[String]) -> Row {
    let mut row = Row::default();
    for (name, cell) in names.iter().zip(cells) {
        match name.as_str() {
            "number" => row.number.clone_from(cell),
            "born" if !cell.is_empty() => {
                let padded = format!("{:0<8}", cell.replace('-', ""));
                row.born = padded.parse().unwrap();
            }
            "family" => row.family.clone_from(cell),
            "given" => row.given.clone_from(cell),
            "sex" => row.sex = cell.chars().next().unwrap_or(' '),
            "postcode" => row.postcode.clone_from(cell),
            "organisation" => row.organisation.clone_from(cell),
            "local" => row.local.clone_from(cell),
            "key" => row.key.clone_from(cell),
            "decision" if !cell.is_empty() => row.decided = cell.parse().unwrap(),
            "born" | "decision" | "person" | "step" => {}
            other => panic!("unknown column {other}"),
        }
    }
    row
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let (mut title, mut settings) = (String::new(), Vec::new());
    let mut inside = false;
    let drawn = MANUAL.split("\n## How sure").next().unwrap_or_default();
    for line in drawn.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            title = heading.to_owned();
        } else if let Some(setting) = line.strip_prefix("Setting: ") {
            let (name, value) = setting.split_once(" = ").unwrap();
            settings.push((name.to_owned(), value.to_owned()));
        } else if let Some(listed) = line.strip_prefix("Listed: ") {
            cases.last_mut().unwrap().listed = listed.to_owned();
        }
        if let Some(cells) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) {
            if !inside {
                cases.push(Case {
                    title: title.clone(),
                    settings: std::mem::take(&mut settings),
                    ..Case::default()
                });
            }
            inside = true;
            if !cells.starts_with('-') {
                cases
                    .last_mut()
                    .unwrap()
                    .lines
                    .push(cells.split('|').map(|cell| cell.trim().to_owned()).collect());
            }
        } else {
            inside = false;
        }
    }
    cases
}

#[test]
fn the_manual_is_true() {
    let cases = cases();
    assert!(cases.len() > 20, "the manual has lost its tables");
    for case in &cases {
        let found = people(&case.rows(), &case.options());
        let letters: Vec<String> = found
            .iter()
            .map(|(person, _)| char::from(b'@' + *person as u8).to_string())
            .collect();
        let steps: Vec<&str> = found
            .iter()
            .map(|(_, step)| step.map_or(ALONE, Step::name))
            .collect();
        assert_eq!(letters, case.expected("person"), "{}", case.title);
        assert_eq!(steps, case.expected("step"), "{}", case.title);
        assert_eq!(listed(case), case.listed, "{}", case.title);
    }
}

/// The conflicts of a case, as the manual writes them.
fn listed(case: &Case) -> String {
    let (mut identities, _) = table(&case.rows());
    let linked = link(&mut identities, &case.options(), Given::default(), &|_| ());
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
    let seen: BTreeSet<&str> = cases.iter().flat_map(|case| case.expected("step")).collect();
    for step in Step::ALL {
        assert!(seen.contains(step.name()), "{} is not shown", step.name());
    }
    let mut sorted = Step::ALL;
    sorted.sort();
    assert_eq!(sorted, Step::ALL, "steps compare in the order in which they run");
}
