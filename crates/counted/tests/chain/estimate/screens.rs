//! What is shown: the help of every method, and the keys of every answer.

use std::collections::BTreeSet;

use serde_json::Value;

use super::desk::{Desk, json};
use super::groups::SURGERY;
use super::time::{england, leukaemia};
use crate::program::counted;

const METHODS: [&str; 12] = [
    "capture-recapture",
    "back-calculation",
    "prevalence",
    "survival",
    "delay",
    "misclassification",
    "shrink",
    "funnel",
    "chart",
    "standardise",
    "project",
    "uk",
];

#[test]
fn help() {
    let mut all = counted(&["estimate", "--help"]).well().stdout;
    for method in METHODS {
        let help = counted(&["estimate", method, "--help"]).well().stdout;
        assert!(
            help.contains(&format!("Example: counted estimate {method}")),
            "{method}: {help}"
        );
        all += &format!("\n=== {method}\n{help}");
    }
    insta::assert_snapshot!("help", all);
}

/// Every key with the kinds of its values: `estimates[].n: null number`.
fn keys(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, value)| keys(value, &format!("{path}.{key}"), found)),
        Value::Array(values) => values
            .iter()
            .for_each(|value| keys(value, &format!("{path}[]"), found)),
        single => {
            let kind = match single {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Number(_) => "number",
                _ => "text",
            };
            found.insert(format!("{path}: {kind}"));
        }
    }
}

#[test]
fn the_keys_of_every_answer() {
    let mut all = String::new();
    let deaths = england();
    let review = "stratum,people,reviewed,confirmed\nflagged,1000,300,270\nothers,30000,500,5\n";
    let triangle = "period,0,1,2\n1,40,12,3\n2,38,15,\n3,41,,\n";
    let months = "value\n42\n38\n45\n51\n47\n40\n44\n39\n48\n46\n60\n43\n";
    let curve = ["--shape", "0.8", "--scale", "3.926", "--draws", "10"];
    let lists = "A,B,C,count\n1,0,0,60\n0,1,0,75\n1,1,0,45\n0,0,1,110\n1,0,1,50\n0,1,1,65\n1,1,1,40\n";
    let people = leukaemia();
    let answers = [
        ("capture-recapture", lists, &[][..]),
        ("capture-recapture", lists, &["--terms", "A:B"]),
        ("back-calculation", &deaths, &curve),
        ("back-calculation", &deaths, &[]),
        ("prevalence", "shape,scale\n0.7,3.5\n", &[]),
        ("survival", &people, &["--at", "12,24", "--slow-hazard", "0.05"]),
        ("delay", triangle, &[]),
        ("misclassification", review, &[]),
        ("misclassification", "tp,fp,fn,tn\n175,7,9,837\n", &[]),
        ("shrink", SURGERY, &["--draws", "100"]),
        ("funnel", SURGERY, &[]),
        ("chart", months, &[]),
        ("standardise", "hospital,observed,expected\nA,10,5\n", &[]),
        ("project", &deaths, &["--years", "2"]),
    ];
    for (method, file, more) in answers {
        let mut found = BTreeSet::new();
        keys(&json(method, file, more), "", &mut found);
        let lines: Vec<String> = found.into_iter().collect();
        all += &format!("=== {method} {}\n{}\n", more.join(" "), lines.join("\n"));
    }
    insta::assert_snapshot!("keys", all);
}

#[test]
fn the_united_kingdom_is_a_range() {
    let ran = Desk::new()
        .run(&["estimate", "uk", "--draws", "20", "--format", "json"])
        .well();
    let answer = ran.json();
    let headline = &answer["headline"];
    assert_eq!(headline["status"], "scenarios");
    assert!(headline["n"].is_null(), "no middle of a range of scenarios");
    assert_eq!(answer["estimates"].as_array().unwrap().len(), 8);
    assert_eq!(answer["published"].as_array().unwrap().len(), 14);
    let low = headline["low"].as_f64().unwrap();
    let high = headline["high"].as_f64().unwrap();
    // methods.md 4.3: 41 to 52 thousand in all is what deaths and plausible survival support, fewer within ten years.
    assert!(low > 25_000.0 && high < 55_000.0 && low < high, "{low} to {high}");
    let again = Desk::new()
        .run(&["estimate", "uk", "--draws", "20", "--format", "json"])
        .well();
    assert_eq!(again.stdout, ran.stdout, "the same seed gives the same bytes");
    let words = Desk::new()
        .run(&["estimate", "uk", "--draws", "20"])
        .well()
        .stdout;
    assert!(
        words.contains("range of scenarios") && !words.contains("95 %"),
        "{words}"
    );
}
