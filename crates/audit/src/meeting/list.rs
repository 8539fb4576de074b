//! One organisation's list: those whom it may name, and how many it may not.

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::date::Date;

use super::{Happened, Open, Waiting};
use crate::people::{RecordKey, record_key};

/// The list of one organisation.
#[derive(Debug, Default, PartialEq)]
pub struct MeetingList {
    /// People whose situation something in the records makes complex.
    pub complex: Vec<Listed>,
    /// Everybody else: a standard plan may do.
    pub standard: Vec<Listed>,
    /// People of the organisation of whom it has itself sent no record; they cannot be named here.
    pub unnamed: usize,
    /// People who would be on the list of an earlier meeting: something happened before the last one, and no review is known.
    pub earlier: usize,
}

/// One person of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The number that linkage gave.
    pub person: i64,
    /// What brings the person before the team, by day.
    pub occasions: Vec<Said>,
    /// What makes the situation complex, in words.
    pub reasons: Vec<String>,
}

/// Something that happened, as far as the organisation may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// By a record of its own: the day.
    Own(Date, String),
    /// By somebody else's record: the month.
    Elsewhere(String, String),
}

impl Said {
    fn of(happened: &Happened, own: &BTreeSet<RecordKey>) -> Self {
        if happened.records.iter().any(|record| own.contains(record)) {
            return Self::Own(happened.day, happened.words.clone());
        }
        let month = format!("{:04}-{:02}", happened.day.year(), happened.day.month());
        Self::Elsewhere(month, happened.words.clone())
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Own(day, words) => write!(f, "{day}: {words}"),
            Self::Elsewhere(month, words) => write!(f, "{month}: {words} (by a record from elsewhere)"),
        }
    }
}

impl Open {
    /// The list of an organisation, which has sent these records (file and row) of these people itself.
    ///
    /// A person is on it whose case is the organisation's, or whose occasion the organisation itself has sent.
    #[must_use]
    pub fn list(&self, organisation: &str, own: &BTreeMap<i64, BTreeSet<(i64, i64)>>) -> MeetingList {
        let mut list = MeetingList::default();
        for waiting in &self.people {
            let of_organisation = waiting.organisation.as_deref() == Some(organisation);
            let Some(records) = own.get(&waiting.person) else {
                list.unnamed += usize::from(of_organisation);
                continue;
            };
            let listed = listed(waiting, records);
            let sent = listed.occasions.iter().any(|said| matches!(said, Said::Own(..)));
            if !of_organisation && !sent {
                continue;
            }
            if listed.reasons.is_empty() {
                list.standard.push(listed);
            } else {
                list.complex.push(listed);
            }
        }
        let named = self.earlier.iter().filter(|waiting| {
            let records = own.get(&waiting.person);
            let of_organisation = waiting.organisation.as_deref() == Some(organisation);
            records.is_some_and(|records| {
                let said = listed(waiting, records).occasions;
                of_organisation || said.iter().any(|said| matches!(said, Said::Own(..)))
            })
        });
        list.earlier = named.count();
        // The month only, so that the order does not give away a day that the list keeps back.
        let first = |listed: &Listed| {
            let first = listed.occasions.first().map(|said| match said {
                Said::Own(day, _) => format!("{:04}-{:02}", day.year(), day.month()),
                Said::Elsewhere(month, _) => month.clone(),
            });
            (first, listed.person)
        };
        list.complex.sort_by_key(first);
        list.standard.sort_by_key(first);
        list
    }
}

fn listed(waiting: &Waiting, own: &BTreeSet<(i64, i64)>) -> Listed {
    let own = own.iter().map(|(file, row)| record_key(*file, *row)).collect();
    let mut occasions: Vec<Said> = Vec::new();
    for happened in &waiting.occasions {
        let said = Said::of(happened, &own);
        if !occasions.contains(&said) {
            occasions.push(said);
        }
    }
    Listed {
        person: waiting.person,
        occasions,
        reasons: waiting.reasons.iter().map(|(_, words)| words.clone()).collect(),
    }
}
