//! Whole files: study.toml, a policy, a definition. Each is read or refused in words.

use casefind::Definition;
use intake::{CheckOptions, Limits, check};
use protect::Policy;
use study::Config;
use vocabulary::date::Date;

use super::{fuzz, seeds};

#[test]
fn study_files() {
    fuzz("study", &seeds("study"), 2_000, |bytes| {
        if let Err(error) = Config::parse(&String::from_utf8_lossy(bytes)) {
            assert!(!error.to_string().is_empty());
            assert_eq!(error.exit_code(), 2, "a wrong study.toml is a wrong call");
        }
    });
}

#[test]
fn policies() {
    let good = fs_err::read(super::root().join("definitions/disclosure/hes.toml")).expect("the policy");
    fuzz("policy", &[good], 2_000, |bytes| {
        if let Err(error) = Policy::from_toml("fuzz", &String::from_utf8_lossy(bytes)) {
            assert!(!error.to_string().is_empty());
        }
    });
}

/// A folder with a definition and its lists, and the text of the definition.
fn definition() -> (tempfile::TempDir, String) {
    let from = super::root().join("definitions/uk-mbc/2026.1");
    let base = tempfile::tempdir().expect("a folder");
    fs_err::create_dir_all(base.path().join("fuzz/lists")).expect("a folder");
    for entry in fs_err::read_dir(from.join("lists")).expect("lists") {
        let entry = entry.expect("a list");
        fs_err::copy(
            entry.path(),
            base.path().join("fuzz/lists").join(entry.file_name()),
        )
        .expect("a list");
    }
    (
        base,
        fs_err::read_to_string(from.join("definition.toml")).expect("the definition"),
    )
}

/// Loads what was written; a definition that is read has rules that name tables.
fn load(base: &std::path::Path, text: &str) {
    fs_err::write(base.join("fuzz/definition.toml"), text).expect("the definition can be written");
    match Definition::load("fuzz", base) {
        Ok(definition) => assert!(!definition.rules.is_empty()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

#[test]
fn definitions() {
    let (base, good) = definition();
    load(base.path(), &good);
    fuzz("definition", &[good.into_bytes()], 150, |bytes| {
        load(base.path(), &String::from_utf8_lossy(bytes))
    });
}

#[test]
fn conditions() {
    let (base, good) = definition();
    let table: toml::Table = good.parse().expect("the definition is TOML");
    fuzz("condition", &seeds("conditions"), 150, |bytes| {
        for line in String::from_utf8_lossy(bytes).lines().take(40) {
            let mut changed = table.clone();
            let rules = changed
                .get_mut("rule")
                .and_then(toml::Value::as_array_mut)
                .expect("rules");
            rules.truncate(1);
            rules[0]
                .as_table_mut()
                .expect("a rule")
                .insert("when".to_owned(), line.into());
            load(base.path(), &changed.to_string());
        }
    });
}

/// Files from hospitals: read or refused, every record accounted for, nobody's identity in a message.
fn sent(kind: &str, extension: &str, cases: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("sent.{extension}"));
    let organisations = vocabulary::organisation::Registry::uk().expect("the organisations");
    let options = CheckOptions {
        kind: Some(kind),
        as_of: Date::new(2025, 12, 31).expect("a date"),
        is_today: false,
        limits: Limits::default(),
        organisations: Some(&organisations),
        progress: &|_, _| {},
    };
    fuzz(kind, &seeds(kind), cases, |bytes| {
        fs_err::write(&path, bytes).expect("the file can be written");
        let report = check(&[("sent".to_owned(), path.clone())], &options);
        let file = &report.files[0];
        let mut said: Vec<String> = file.lines().into_iter().map(|line| format!("{line:?}")).collect();
        match &file.error {
            Some(error) => said.push(format!("{error} {error:?}")),
            None => {
                let outcome = &file.outcome;
                let accounted = outcome.in_identities + outcome.set_aside.len() as u64;
                assert_eq!(
                    outcome.facts.rows, accounted,
                    "records in are records used or set aside"
                );
            }
        }
        for words in said {
            for identity in IDENTITIES {
                assert!(
                    !words.contains(identity),
                    "a message holds an identity value: {words}"
                );
            }
        }
    });
}

/// Who is named in the examples.
const IDENTITIES: &[&str] = &[
    "9434765919",
    "9990000018",
    "O'Invented-Smith",
    "Ma\"ry",
    "1951-03-02",
];

#[test]
fn registrations() {
    sent("registrations", "csv", 400);
}

#[test]
fn admissions() {
    sent("admissions", "csv", 400);
}

#[test]
fn sact() {
    sent("sact", "csv", 400);
}

#[test]
fn deaths() {
    sent("deaths", "csv", 400);
}

#[test]
fn rtds() {
    sent("rtds", "csv", 400);
}

#[test]
fn cwt() {
    sent("cwt", "csv", 400);
}

#[test]
fn forms() {
    sent("form", "csv", 400);
}

#[test]
fn cosd() {
    sent("cosd", "xml", 600);
}
