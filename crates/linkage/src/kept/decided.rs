//! Whom decisions are about: what the two records of each said when a run followed it.
//!
//! A decision names its records by their ids, and an id may be the number of a row. Where a file comes again with other
//! rows, that row may be somebody else's: the decision is about two people, so it is not followed any more, and the call
//! ends. A record with the number and the birth date that it had is the same person's, whatever else was corrected.
//! Hashes are kept, not what the records say; they lie beside the identities, and are as confidential.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind::NotFound;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{FOLDER, sealed};
use crate::cascade::{Identity, Words};
use crate::decisions::{Decision, Verdict};
use crate::error::LinkageError;
use crate::read::{Met, number_word};

/// There only where there are decisions.
const DECIDED: &str = "decided.json";
/// What the hash of an identity begins with.
const DOMAIN: &str = "counted: the identity of a record that somebody decided about";
/// What the hash of a number with a birth date begins with.
const DOMAIN_OF_PERSON: &str = "counted: the person of a record that somebody decided about";

/// What a record said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    /// The hash of its file; empty where intake says none.
    file: String,
    /// Of its identity; empty where it says nothing of a person, or where this does not tell whose it is.
    identity: String,
    /// Of its number with its birth date; empty where it has not both, to the day, or where they do not tell whose it is.
    #[serde(default)]
    person: String,
}

impl Said {
    /// Of a record of a file with this hash.
    pub(crate) fn of(file: &str, identity: &Identity, words: &Words) -> Self {
        let number = match number_word(identity.number) {
            Some(word) => words.text(word).to_owned(),
            None => identity.number.to_string(),
        };
        let (born, sex) = (identity.born.0.to_string(), identity.sex.to_string());
        let texts = [
            identity.family,
            identity.given,
            identity.postcode,
            identity.organisation,
            identity.local,
            identity.key,
        ];
        let first = [DOMAIN, number.as_str(), born.as_str(), sex.as_str()];
        let says_something = identity.number != 0
            || identity.born.0 != 0
            || [identity.family, identity.given, identity.local, identity.key] != [0; 4];
        let all = first.into_iter().chain(texts.map(|word| words.text(word)));
        let of_identity = says_something.then(|| hash_of(all));
        let has_both = identity.number != 0 && identity.born.is_whole();
        let person = has_both.then(|| hash_of([DOMAIN_OF_PERSON, number.as_str(), born.as_str()]));
        Self {
            file: file.to_owned(),
            identity: of_identity.unwrap_or_default(),
            person: person.unwrap_or_default(),
        }
    }

    /// True when it is the record that it was: its file is unchanged, or it says the same of a person, or it has the
    /// number and the birth date of this person, whatever else was corrected.
    pub(crate) fn is_still(&self, before: &Self) -> bool {
        (!self.identity.is_empty() && self.identity == before.identity)
            || (!self.file.is_empty() && self.file == before.file)
            || (!self.person.is_empty() && self.person == before.person)
    }
}

fn hash_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// A decision that was followed. Who took it and why does not matter here: a reason in other words makes no record another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Followed {
    decision: Verdict,
    /// In order.
    records: [String; 2],
    said: [Said; 2],
}

/// The decisions that a run followed, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DecidedRecords {
    list: Vec<Followed>,
}

impl DecidedRecords {
    /// Of decisions whose records were met.
    pub(crate) fn of(decisions: &[Decision], met: &BTreeMap<String, Met>) -> Self {
        let followed = |decision: &Decision| {
            let mut records = decision.records.clone();
            records.sort_unstable();
            let said = records
                .each_ref()
                .map(|record| met.get(record).map(|met| met.said.clone()).unwrap_or_default());
            Followed {
                decision: decision.decision,
                records,
                said,
            }
        };
        let mut list: Vec<Followed> = decisions.iter().map(followed).collect();
        forget_shared(&mut list);
        Self { list }
    }

    /// Refuses decisions about a record that is another now than it was; and, of decisions that the former run did not
    /// follow, those for which `is_moved` says of a record, and of what it says now, that it may be another than the one that
    /// was looked up. The message is about the first such line, and names the records of all others.
    pub(crate) fn check(
        &self,
        former: &Self,
        is_moved: impl Fn(&str, &Said) -> bool,
    ) -> Result<(), LinkageError> {
        let before: BTreeMap<(Verdict, &[String; 2]), &[Said; 2]> = former
            .list
            .iter()
            .map(|followed| ((followed.decision, &followed.records), &followed.said))
            .collect();
        let mut first: Option<(u64, String)> = None;
        let mut likewise: Vec<String> = Vec::new();
        for (line, now) in (1..).zip(&self.list) {
            let [a, b] = &now.records;
            let mut said_now = now.records.iter().zip(&now.said);
            let what = match before.get(&(now.decision, &now.records)) {
                Some(said) => said_now
                    .zip(*said)
                    .find(|((_, now), before)| !now.is_still(before))
                    .map(|((record, _), _)| another(record, a, b)),
                None => said_now
                    .find(|(record, said)| is_moved(record.as_str(), said))
                    .map(|(record, _)| moved(record, a, b)),
            };
            match what {
                Some(what) if first.is_none() => first = Some((line, what)),
                Some(_) => likewise.push(format!("`{a}` and `{b}`")),
                None => {}
            }
        }
        let Some((line, mut what)) = first else {
            return Ok(());
        };
        if !likewise.is_empty() {
            what = format!("{what}. Likewise: {}", likewise.join("; "));
        }
        Err(LinkageError::Decision { line, what })
    }

    /// True when it is known of every decision whom it is about.
    pub(crate) fn knows(&self, decisions: &[Decision]) -> bool {
        self.list.len() == decisions.len()
    }

    /// Reads what a run left; nothing where it followed no decision.
    pub(crate) fn read(former: &Path) -> Result<Self, LinkageError> {
        let damaged = || LinkageError::Decision {
            line: 1,
            what: format!(
                "what the last run kept of the records that are decided about ({DECIDED}) is damaged, so whether they are still the same is not known; take all lines out, run, look the records up again in the table `persons`, and put the lines in again"
            ),
        };
        let text = match fs_err::read_to_string(former.join(FOLDER).join(DECIDED)) {
            Ok(text) => text,
            Err(error) if error.kind() == NotFound => return Ok(Self::default()),
            Err(_) => return Err(damaged()),
        };
        let line = sealed::line(&text).map_err(|_| damaged())?;
        serde_json::from_str(line).map_err(|_| damaged())
    }

    /// Keeps them for the next run.
    pub(crate) fn write(&self, out: &Path) -> Result<(), LinkageError> {
        if self.list.is_empty() {
            return Ok(());
        }
        let text = sealed::lines(&serde_json::to_string(self)?);
        Ok(fs_err::write(out.join(FOLDER).join(DECIDED), text)?)
    }
}

/// A number and a birth date do not tell whose a record is where two records with both are two people's, says a decision; nor
/// does all that it says, where two say the same.
fn forget_shared(list: &mut [Followed]) {
    let signs: [fn(&mut Said) -> &mut String; 2] = [|said| &mut said.person, |said| &mut said.identity];
    for sign in signs {
        let both_say = |followed: &mut Followed| {
            let [a, b] = followed.said.each_mut().map(sign);
            (followed.decision == Verdict::Different && a == b).then(|| a.clone())
        };
        let shared: BTreeSet<String> = list.iter_mut().filter_map(both_say).collect();
        for said in list.iter_mut().flat_map(|followed| &mut followed.said) {
            let text = sign(said);
            if shared.contains(text.as_str()) {
                text.clear();
            }
        }
    }
}

/// How a line is confirmed, or brought to the ids of today.
const CONFIRM: &str = "Look both up again: take the line out, run, find them in the table `persons`, and put the line in again with the ids they have there, if it still holds";

fn another(record: &str, a: &str, b: &str) -> String {
    format!(
        "this was decided of `{a}` and `{b}`, and `{record}` is another record now, or says something else of its person: its file came again, with its rows in another place or with corrections. {CONFIRM}"
    )
}

fn moved(record: &str, a: &str, b: &str) -> String {
    format!(
        "this is decided of `{a}` and `{b}`, and the file of `{record}` came since the last run with other rows, under its own name or another: the row may be another record than the one that was looked up. {CONFIRM}"
    )
}
