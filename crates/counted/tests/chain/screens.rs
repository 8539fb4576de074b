//! What a person sees on the terminal, kept as snapshots.

use crate::bad_input;
use crate::nation::Study;
use crate::program::{Ran, counted, run};

/// Folders differ from machine to machine; everything else on the screen does not.
fn seen(study: Option<&Study>, ran: &Ran) -> String {
    let mut text = format!(
        "exit code {}\n--- stdout\n{}--- stderr\n{}",
        ran.code, ran.stdout, ran.stderr
    );
    if let Some(study) = study {
        for folder in [study.folder(), fs_err::canonicalize(study.folder()).unwrap()] {
            text = text.replace(folder.to_str().unwrap(), "STUDY");
        }
    }
    text
}

#[test]
fn help() {
    insta::assert_snapshot!("help", seen(None, &counted(&["--help"])));
    for command in [
        "run", "check", "explain", "worklist", "evaluate", "simulate", "demo", "verify", "publish",
        "estimate", "mdt",
    ] {
        let ran = counted(&[command, "--help"]).well();
        assert!(
            ran.stdout.contains(&format!("Example: counted {command}")),
            "{command} shows no example: {}",
            ran.stdout
        );
    }
    insta::assert_snapshot!("help_of_run", seen(None, &counted(&["run", "--help"])));
}

#[test]
fn a_tiny_run_and_its_case() {
    let study = Study::tiny_in_all();
    let ran = run(&study.folder(), &["--explain"]).well();
    insta::assert_snapshot!("tiny_run", seen(Some(&study), &ran));
    let folder = study.folder();
    let case = counted(&["explain", folder.to_str().unwrap(), "P00000001"]);
    insta::assert_snapshot!("tiny_explain", seen(Some(&study), &case));
    let other = counted(&["explain", folder.to_str().unwrap(), "P00000002"]);
    insta::assert_snapshot!("tiny_explain_no_case", seen(Some(&study), &other));
    insta::assert_snapshot!(
        "tiny_verify",
        seen(Some(&study), &counted(&["verify", folder.to_str().unwrap()]))
    );
    let file = study.at("registrations.csv");
    insta::assert_snapshot!(
        "tiny_check",
        seen(
            Some(&study),
            &counted(&["check", file.to_str().unwrap(), "--as-of", "2025-12-31"])
        )
    );
}

#[test]
fn bad_inputs() {
    let mut all = String::new();
    for (name, study, _, _) in bad_input::table() {
        let ran = run(&study.folder(), &[]);
        all.push_str(&format!("=== {name}\n{}\n", seen(Some(&study), &ran)));
    }
    insta::assert_snapshot!("bad_inputs", all);
}
