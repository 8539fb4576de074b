//! The log of merges and splits: who did what to whom, why, and how to undo it.
//!
//! An operation names the records that changed hands, so the log alone leads from the people that records came to
//! first to the people of today ([`replay`]), and every operation can be turned round ([`Operation::reversed`]).
//! A record is named by its id, which holds no identity.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::decisions::{Decision, Verdict};
use crate::error::LinkageError;
use crate::kept::Kept;
use crate::numbering::{Recalled, parse_person_id};

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
    /// The hash of all that its file holds: its row, or its own id, stands for the record in that file only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub content: Option<String>,
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

    /// True when this operation gives back what the other took; newer records may go with it.
    pub fn undoes(&self, other: &Self) -> bool {
        let is_given_back = |taken: &Moved| self.moved.contains(taken);
        !other.moved.is_empty() && turned(&other.moved).iter().all(is_given_back)
    }

    /// True when it made one person of the two whose records these are.
    fn joined(&self, [a, b]: &[String; 2]) -> bool {
        let before = |record: &String| {
            let moved = self.moved.iter().find(|moved| moved.record == *record);
            moved.map(|moved| moved.from.as_str())
        };
        self.operation == Kind::Merge && before(a) != before(b)
    }
}

fn turned(moved: &[Moved]) -> Vec<Moved> {
    let turn = |moved: &Moved| Moved {
        record: moved.record.clone(),
        from: moved.to.clone(),
        to: moved.from.clone(),
        content: moved.content.clone(),
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

/// What the log says of people whom withdrawn decisions had made.
#[derive(Default)]
pub(crate) struct Undone {
    /// Records of which one of these decisions said that they are one person's.
    named: BTreeSet<String>,
    /// By record, where its last move was a merge.
    merged: BTreeMap<String, Merged>,
}

/// How a record came to whom it has.
struct Merged {
    from: u32,
    to: u32,
    content: Option<String>,
    /// The merge made one person of the two whom a withdrawn decision was about.
    by_withdrawn: bool,
    /// The row stands for the same record today.
    is_same_row: bool,
}

impl Undone {
    pub(crate) fn read(request: &crate::Request<'_>) -> Result<Self, LinkageError> {
        let behind = Behind::read(request)?;
        let (mut undone, mut by_withdrawn) = (Self::default(), BTreeSet::new());
        for decision in &behind.withdrawn {
            if decision.decision == Verdict::Same {
                undone.named.extend(decision.records.iter().cloned());
                let joined = |operation: &Operation| operation.joined(&decision.records);
                by_withdrawn.extend(behind.log.iter().rposition(joined));
            }
        }
        for (at, operation) in behind.log.iter().enumerate() {
            for moved in &operation.moved {
                undone.follow(moved, operation.operation, by_withdrawn.contains(&at));
            }
        }
        for (record, merged) in &mut undone.merged {
            let mut paths = record.match_indices('#').filter_map(|(end, _)| record.get(..end));
            let content = paths.find_map(|path| behind.contents.get(path));
            merged.is_same_row = merged.content.is_some() && merged.content.as_ref() == content;
        }
        Ok(undone)
    }

    fn follow(&mut self, moved: &Moved, operation: Kind, by_withdrawn: bool) {
        let people = parse_person_id(&moved.from).zip(parse_person_id(&moved.to));
        let Some((from, to)) = people.filter(|_| operation == Kind::Merge) else {
            self.merged.remove(&moved.record);
            return;
        };
        // Whom somebody made of two was merged as a whole: where that is undone, the record goes back to where it came from first.
        if let Some(merged) = self.merged.get_mut(&moved.record)
            && merged.by_withdrawn
            && merged.to == from
            && merged.content == moved.content
        {
            merged.to = to;
            return;
        }
        let merged = Merged {
            from,
            to,
            content: moved.content.clone(),
            by_withdrawn,
            is_same_row: false,
        };
        self.merged.insert(moved.record.clone(), merged);
    }

    /// Notes whose a record was before it was merged into whom it had, if it was.
    pub(crate) fn hear(&self, recalled: &mut Recalled, record: &str, (person, had): (u32, u32)) {
        if self.named.contains(record) {
            recalled.fell_apart(had);
        }
        let merged = self.merged.get(record);
        if let Some(merged) = merged.filter(|merged| merged.to == had && merged.is_same_row) {
            recalled.add(person, had, merged.from, merged.by_withdrawn);
        }
    }
}

/// Decisions that this run was the first to follow, or to follow no more; and the log so far.
struct Behind {
    taken: Vec<Decision>,
    withdrawn: Vec<Decision>,
    log: Vec<Operation>,
    /// The hash of all that each file of the former run holds, by path.
    contents: BTreeMap<String, String>,
}

impl Behind {
    fn read(request: &crate::Request<'_>) -> Result<Self, LinkageError> {
        let kept = request.former.and_then(Kept::read);
        let kept = kept.map(|kept| (kept.decisions, kept.files));
        let (before, files) = kept.unwrap_or_default();
        let contents = files.into_iter().map(|file| (file.path, file.content)).collect();
        let not_in = |some: &[Decision], others: &[Decision]| -> Vec<Decision> {
            some.iter()
                .filter(|decision| !others.iter().any(|other| other.is_as(decision)))
                .cloned()
                .collect()
        };
        let mut behind = Self {
            taken: not_in(request.decisions, &before),
            withdrawn: not_in(&before, request.decisions),
            log: Vec::new(),
            contents,
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
        let taken = about(&self.taken, operation, Verdict::Same);
        let withdrawn = about(&self.withdrawn, operation, Verdict::Different);
        let (before_reason, those) = if taken.is_empty() {
            ("withdrawn: ", &withdrawn)
        } else {
            ("", &taken)
        };
        if !those.is_empty() {
            operation.author = once_each(those.iter().map(|decision| decision.author.as_str()));
            let reasons = once_each(those.iter().map(|decision| decision.reason.as_str()));
            operation.reason = format!("{before_reason}{reasons}");
        }
        // Records that only go where they were once are not given back.
        let mut log = self.log.iter().rev().filter(|_| !withdrawn.is_empty());
        operation.reverses = log
            .find(|former| operation.undoes(former))
            .map(|former| former.number);
    }
}

/// Decisions that speak of records which an operation moved; `merges` says what a decision says that makes one of two.
fn about<'a>(decisions: &'a [Decision], operation: &Operation, merges: Verdict) -> Vec<&'a Decision> {
    let moved: BTreeSet<&str> = operation
        .moved
        .iter()
        .map(|moved| moved.record.as_str())
        .collect();
    let does = |decision: &Decision| (decision.decision == merges) == (operation.operation == Kind::Merge);
    let speaks = |decision: &Decision| {
        let mut records = decision.records.iter();
        records.any(|record| moved.contains(record.as_str()))
    };
    let those = |&decision: &&Decision| does(decision) && speaks(decision);
    decisions.iter().filter(those).collect()
}

/// Texts put together, each once.
fn once_each<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut list: Vec<&str> = Vec::new();
    for text in texts {
        if !list.contains(&text) {
            list.push(text);
        }
    }
    list.join("; ")
}
