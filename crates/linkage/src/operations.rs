//! The log of merges and splits: who did what to whom, why, and how to undo it.
//!
//! An operation names the records that changed hands, so the log alone leads from the people that records came to
//! first to the people of today ([`replay`]), and every operation can be turned round ([`Operation::reversed`]).
//! A record is named by its id, which holds no identity.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::decisions::{Decision, Verdict};
use crate::error::LinkageError;
use crate::kept::Kept;
use crate::numbering::parse_person_id;

/// What happened to former people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Several people became one.
    #[default]
    Merge,
    /// One person became several.
    Split,
}

/// A record that changed hands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moved {
    /// The record, as in the table `persons`.
    pub record: String,
    /// Whose it was.
    pub from: String,
    /// Whose it is.
    pub to: String,
}

/// A change to the people of the former run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Operation {
    /// Its place in the log of the study, from 1.
    #[serde(default)]
    pub number: u64,
    /// What happened.
    pub operation: Kind,
    /// Who decided.
    pub author: String,
    /// Ids before, smallest first.
    pub before: Vec<String>,
    /// Ids after, smallest first.
    pub after: Vec<String>,
    /// Why.
    pub reason: String,
    /// The weakest step that holds the merged person together.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule: Option<String>,
    /// The operation that this one undoes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reverses: Option<u64>,
    /// The records that changed hands, in order.
    #[serde(default)]
    pub moved: Vec<Moved>,
}

impl Operation {
    /// The operation that undoes this one.
    #[must_use]
    pub fn reversed(&self, number: u64, author: &str, reason: &str) -> Self {
        Self {
            number,
            operation: match self.operation {
                Kind::Merge => Kind::Split,
                Kind::Split => Kind::Merge,
            },
            author: author.to_owned(),
            before: self.after.clone(),
            after: self.before.clone(),
            reason: reason.to_owned(),
            rule: None,
            reverses: Some(self.number),
            moved: turned(&self.moved),
        }
    }

    /// True when this operation gives back what the other took.
    pub fn undoes(&self, other: &Self) -> bool {
        !self.moved.is_empty() && self.moved == turned(&other.moved)
    }
}

fn turned(moved: &[Moved]) -> Vec<Moved> {
    let turn = |moved: &Moved| Moved {
        record: moved.record.clone(),
        from: moved.to.clone(),
        to: moved.from.clone(),
    };
    moved.iter().map(turn).collect()
}

/// Follows the log from the person that each record came to first to the person it belongs to now. Records that are
/// in no operation stay where they are.
pub fn replay(people: &mut BTreeMap<String, String>, log: &[Operation]) {
    for moved in log.iter().flat_map(|operation| &operation.moved) {
        if let Some(person) = people.get_mut(&moved.record)
            && *person == moved.from
        {
            person.clone_from(&moved.to);
        }
    }
}

/// What this run changed.
pub(crate) struct Changed {
    pub(crate) operations: Vec<Operation>,
    pub(crate) moved: Vec<Moved>,
    /// The number of the last operation of the log.
    pub(crate) last: u64,
    pub(crate) reason: &'static str,
}

/// Gives each operation its number, its records, and who is behind it.
pub(crate) fn complete(
    request: &crate::Request<'_>,
    changed: Changed,
) -> Result<Vec<Operation>, LinkageError> {
    let Changed {
        mut operations,
        mut moved,
        last,
        reason,
    } = changed;
    moved.sort_unstable();
    let merged: BTreeMap<(String, String), usize> = operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| operation.operation == Kind::Merge)
        .flat_map(|(at, operation)| {
            let to = operation.after.first().cloned().unwrap_or_default();
            operation
                .before
                .iter()
                .map(move |from| ((from.clone(), to.clone()), at))
        })
        .collect();
    let split: BTreeMap<String, usize> = operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| operation.operation == Kind::Split)
        .filter_map(|(at, operation)| Some((operation.before.first()?.clone(), at)))
        .collect();
    for moved in moved {
        let merge = merged.get(&(moved.from.clone(), moved.to.clone()));
        if let Some(at) = merge.or_else(|| split.get(&moved.from)) {
            operations[*at].moved.push(moved);
        }
    }
    let behind = Behind::read(request)?;
    for (number, operation) in (last + 1..).zip(&mut operations) {
        operation.number = number;
        reason.clone_into(&mut operation.reason);
        behind.explain(operation);
    }
    Ok(operations)
}

/// Whose records were before they were merged, as the log says, where decisions were withdrawn since.
pub(crate) fn merged(request: &crate::Request<'_>) -> Result<BTreeMap<String, u32>, LinkageError> {
    let mut merged = BTreeMap::new();
    for operation in Behind::read(request)?.log {
        for moved in operation.moved {
            if let Some(from) = parse_person_id(&moved.from) {
                merged.insert(moved.record, from);
            }
        }
    }
    Ok(merged)
}

/// Decisions that this run was the first to follow, or to follow no more; and the log so far.
struct Behind {
    taken: Vec<Decision>,
    withdrawn: Vec<Decision>,
    log: Vec<Operation>,
}

impl Behind {
    fn read(request: &crate::Request<'_>) -> Result<Self, LinkageError> {
        let before = request
            .former
            .and_then(Kept::read)
            .map(|kept| kept.decisions)
            .unwrap_or_default();
        let not_in = |some: &[Decision], others: &[Decision]| -> Vec<Decision> {
            some.iter()
                .filter(|decision| !others.contains(decision))
                .cloned()
                .collect()
        };
        let mut behind = Self {
            taken: not_in(request.decisions, &before),
            withdrawn: not_in(&before, request.decisions),
            log: Vec::new(),
        };
        let log = request.former.map(|folder| folder.join("operations.jsonl"));
        if let Some(log) = log.filter(|log| !behind.withdrawn.is_empty() && log.is_file()) {
            for line in fs_err::read_to_string(log)?.lines() {
                behind.log.push(serde_json::from_str(line)?);
            }
        }
        Ok(behind)
    }

    fn explain(&self, operation: &mut Operation) {
        let about = |decision: &&Decision| {
            let moved = |record: &String| operation.moved.iter().any(|moved| moved.record == *record);
            decision.records.iter().any(moved)
        };
        let does = |decision: &&Decision, merges: Verdict| {
            (decision.decision == merges) == (operation.operation == Kind::Merge)
        };
        let taken = self
            .taken
            .iter()
            .filter(about)
            .find(|decision| does(decision, Verdict::Same));
        let withdrawn = self
            .withdrawn
            .iter()
            .filter(about)
            .find(|decision| does(decision, Verdict::Different));
        if let Some(decision) = taken {
            (operation.author, operation.reason) = (decision.author.clone(), decision.reason.clone());
        } else if let Some(decision) = withdrawn {
            operation.author.clone_from(&decision.author);
            operation.reason = format!("withdrawn: {}", decision.reason);
        }
        operation.reverses = self
            .log
            .iter()
            .rev()
            .find(|former| operation.undoes(former))
            .map(|former| former.number);
    }
}
