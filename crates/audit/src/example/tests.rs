#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use super::*;

#[test]
fn every_drawn_example_has_the_answer_drawn() {
    let standards = Standards::built_in().unwrap_or_else(|error| panic!("{error}"));
    let chapters = chapters(&standards).unwrap_or_else(|error| panic!("{error}"));
    let mut asked = BTreeSet::new();
    for chapter in &chapters {
        let found = chapter
            .differences(&standards)
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(found.is_empty(), "{}", found.join("\n"));
        asked.extend(
            chapter
                .examples
                .iter()
                .flat_map(|example| example.expected.iter().map(|(id, _)| id.clone())),
        );
    }
    // An indicator without an example is a rule that nobody has seen at work.
    let undrawn: Vec<&str> = standards
        .indicators
        .iter()
        .map(|indicator| indicator.id.as_str())
        .filter(|id| !asked.contains(*id))
        .collect();
    assert_eq!(undrawn, Vec::<&str>::new());
}

#[test]
fn a_wrong_answer_is_noticed() {
    let standards = Standards::built_in().unwrap();
    let text = "Words.\nknown 2015-01-01 to 2025-12-31\n\n# A nurse\n  secondary | date\n            | 2021-03-01\n  \
                cosd | of        | CNS\n       | secondary | Y1\n  => nurse no\n";
    let chapter = read::read("nurse.txt", text).unwrap();
    let found = chapter.differences(&standards).unwrap();
    assert_eq!(
        found,
        ["nurse.txt, line 4: A nurse: `nurse` must be no and is yes"]
    );
}

#[test]
fn every_fault_names_its_line() {
    let head = "Words.\nknown 2015-01-01 to 2025-12-31\n\n";
    for (text, wanted) in [
        ("", "line 1: no line `known"),
        (
            &format!("{head}# A\n  secondary | date\n"),
            "line 4: the example has no `=>`",
        ),
        (
            &format!("{head}# A\n  => nurse perhaps\n"),
            "line 5: `nurse` needs answers",
        ),
        (
            &format!("{head}# A\n  secondary | date | kind\n            | 2021-03-01\n  => nurse yes\n"),
            "line 6: 1 cells under 2 columns",
        ),
    ] {
        let error = read::read("a.txt", text).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
}
