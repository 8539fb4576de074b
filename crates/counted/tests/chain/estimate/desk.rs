//! A folder for one test, and its small files.

use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Ran, counted};

pub(super) struct Desk {
    root: TempDir,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self {
            root: TempDir::new().unwrap(),
        }
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(super) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs_err::write(self.at(name), content).unwrap();
    }

    /// Runs `counted` with these words; a word that is a file of this folder is it.
    pub(super) fn run(&self, words: &[&str]) -> Ran {
        let place = |word: &&str| {
            let path = self.at(word);
            if !word.is_empty() && path.exists() {
                path.display().to_string()
            } else {
                (*word).to_owned()
            }
        };
        counted(&words.iter().map(place).collect::<Vec<_>>())
    }

    /// What was said, the same on every machine.
    pub(super) fn said(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.root.path().display()), "")
    }
}

/// The answer of a method to a file, as JSON.
pub(super) fn json(method: &str, file: &str, more: &[&str]) -> Value {
    json_of("file.csv", method, file, more)
}

/// The same, with a file of another name.
pub(super) fn json_of(name: &str, method: &str, file: &str, more: &[&str]) -> Value {
    let desk = Desk::new();
    desk.write(name, file);
    let mut words = vec!["estimate", method, name, "--format", "json"];
    words.extend(more);
    desk.run(&words).well().json()
}

/// The estimates of one method, in order.
pub(super) fn rows<'a>(answer: &'a Value, method: &str) -> Vec<&'a Value> {
    let all = answer["estimates"].as_array().unwrap();
    all.iter().filter(|row| row["method"] == method).collect()
}

/// The only estimate of a method whose key has a value.
pub(super) fn row<'a>(answer: &'a Value, method: &str, key: &str, value: impl Into<Value>) -> &'a Value {
    let value = value.into();
    let same = |found: &Value| match (found.as_f64(), value.as_f64()) {
        (Some(found), Some(value)) => found == value,
        _ => *found == value,
    };
    let found: Vec<&Value> = rows(answer, method)
        .into_iter()
        .filter(|row| same(&row[key]))
        .collect();
    assert_eq!(found.len(), 1, "{method} with {key} {value}: {found:#?}");
    found[0]
}

/// That a figure is the wanted one, to an absolute error.
#[track_caller]
pub(super) fn near(found: &Value, wanted: f64, within: f64) {
    let number = found
        .as_f64()
        .unwrap_or_else(|| panic!("{wanted} wanted, and there is {found}"));
    assert!(
        (number - wanted).abs() <= within,
        "{wanted} wanted, {number} found"
    );
}
