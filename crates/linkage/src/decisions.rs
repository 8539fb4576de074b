//! What somebody decided about records, and what follows for the cascade.
//!
//! Records that somebody decided to be one person's form a *decided person*. Such records stand for themselves: they
//! share their identity with no other record, so that a decision about one record moves that record only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::LinkageError;
use crate::read::Met;

/// What was decided about two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They are one person's.
    Same,
    /// They are two people's.
    Different,
}

/// A decision of a person, with the name of who took it and the reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Decision {
    /// What was decided.
    pub decision: Verdict,
    /// The two records, as in the table `persons`.
    pub records: [String; 2],
    /// Who decided.
    pub author: String,
    /// Why.
    pub reason: String,
}

impl Decision {
    /// Reads the word for what was decided.
    pub fn verdict(word: &str) -> Option<Verdict> {
        match word {
            "same" => Some(Verdict::Same),
            "different" => Some(Verdict::Different),
            _ => None,
        }
    }

    /// True when the same was decided of the same two records, whoever did and why.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        let [a, b] = &self.records;
        let [c, d] = &other.records;
        self.decision == other.decision && ((a == c && b == d) || (a == d && b == c))
    }
}

/// The decisions of a run, as the cascade takes them.
#[derive(Default)]
pub(crate) struct Decided {
    /// The decided person of each record that is named, from 1.
    people: BTreeMap<String, u32>,
    /// Decided people who are not one.
    pub(crate) apart: Vec<(u32, u32)>,
}

impl Decided {
    /// Puts decisions together; `line` counts from 1.
    pub(crate) fn new(decisions: &[Decision]) -> Result<Self, LinkageError> {
        let wrong = |at: usize, what: &str| LinkageError::Decision {
            line: at as u64 + 1,
            what: what.to_owned(),
        };
        let mut heads: BTreeMap<&str, &str> = BTreeMap::new();
        for (at, decision) in decisions.iter().enumerate() {
            let [a, b] = &decision.records;
            if decision.author.trim().is_empty() {
                return Err(wrong(at, "no author; write who decided"));
            }
            if decision.reason.trim().is_empty() {
                return Err(wrong(at, "no reason; write why, in a few words"));
            }
            if a == b {
                return Err(wrong(at, "the same record twice; name two records"));
            }
            heads.entry(a).or_insert(a);
            heads.entry(b).or_insert(b);
            if decision.decision == Verdict::Same {
                let (a, b) = (head(&heads, a), head(&heads, b));
                heads.insert(a.max(b), a.min(b));
            }
        }
        let mut decided = Self::default();
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        for record in heads.keys() {
            let next = numbers.len() as u32 + 1;
            let number = *numbers.entry(head(&heads, record)).or_insert(next);
            decided.people.insert((*record).to_owned(), number);
        }
        for (at, decision) in decisions.iter().enumerate() {
            if decision.decision == Verdict::Different {
                let [a, b] = decision.records.each_ref().map(|record| decided.people[record]);
                if a == b {
                    return Err(wrong(
                        at,
                        "other lines say that these two are one person's; remove this line or one of them",
                    ));
                }
                decided.apart.push((a.min(b), a.max(b)));
            }
        }
        decided.apart.sort_unstable();
        decided.apart.dedup();
        Ok(decided)
    }

    /// The decided people of the records of one file.
    pub(crate) fn of_file(&self, path: &str) -> OfFile<'_> {
        let prefix = format!("{path}#");
        let from = self.people.range(prefix.clone()..);
        let people = from
            .take_while(|(record, _)| record.starts_with(&prefix))
            .map(|(record, person)| (&record[prefix.len()..], (record.as_str(), *person)))
            .collect();
        OfFile { people }
    }

    /// True when a decision names a record of this file.
    pub(crate) fn speaks_of(&self, path: &str) -> bool {
        !self.of_file(path).people.is_empty()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.people.is_empty()
    }
}

/// The decided people of a file, by what stands after the path in a record id.
pub(crate) struct OfFile<'a> {
    people: BTreeMap<&'a str, (&'a str, u32)>,
}

impl OfFile<'_> {
    /// The id and the decided person of a record; for nearly all there is none.
    pub(crate) fn person(&self, record: Option<&str>, row: i64) -> Option<(String, u32)> {
        if self.people.is_empty() {
            return None;
        }
        let row = row.to_string();
        let (id, person) = self.people.get(record.unwrap_or(&row))?;
        Some(((*id).to_owned(), *person))
    }
}

fn head<'a>(heads: &BTreeMap<&'a str, &'a str>, mut record: &'a str) -> &'a str {
    while let Some(above) = heads.get(record).filter(|above| **above != record) {
        record = above;
    }
    record
}

/// Says which line names a record that is in no file.
pub(crate) fn unknown(decisions: &[Decision], met: &BTreeMap<String, Met>) -> Option<LinkageError> {
    let mut lines = decisions.iter().enumerate();
    lines.find_map(|(at, decision)| {
        let record = decision.records.iter().find(|record| !met.contains_key(*record))?;
        Some(LinkageError::Decision {
            line: at as u64 + 1,
            what: format!(
                "no record `{record}` in use; record ids are in the table `persons` (path#row, or path# and the national record id)"
            ),
        })
    })
}
