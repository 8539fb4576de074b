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
    /// What brings the person before the team, by month.
    pub occasions: Vec<Said>,
    /// What makes the situation complex, in words.
    pub reasons: Vec<String>,
}

/// Something that happened, as far as the organisation may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// By a record of its own that has the day.
    Own(Date, String),
    /// On a day that only somebody else's record has: the month.
    Elsewhere(String, String),
}

impl Said {
    fn of(happened: &Happened, own: &BTreeSet<RecordKey>) -> Self {
        if happened.first_shown.iter().any(|record| own.contains(record)) {
            return Self::Own(happened.day, happened.words.clone());
        }
        Self::Elsewhere(month(happened.day), happened.words.clone())
    }

    /// Where it stands among what happened. Days that are kept back have no place within their month, else the days beside
    /// them would tell of them.
    fn place(&self) -> (String, bool, Option<Date>, String) {
        match self {
            Self::Own(day, _) => (month(*day), false, Some(*day), String::new()),
            Self::Elsewhere(month, words) => (month.clone(), true, None, words.clone()),
        }
    }
}

fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
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
            let records = keys(records);
            if !of_organisation && !has_sent(waiting, &records) {
                continue;
            }
            let listed = listed(waiting, &records);
            if listed.reasons.is_empty() {
                list.standard.push(listed);
            } else {
                list.complex.push(listed);
            }
        }
        let named = self.earlier.iter().filter(|waiting| {
            let records = own.get(&waiting.person);
            let of_organisation = waiting.organisation.as_deref() == Some(organisation);
            records.is_some_and(|records| of_organisation || has_sent(waiting, &keys(records)))
        });
        list.earlier = named.count();
        // The month only, so that the order does not give away a day that the list keeps back.
        let first = |listed: &Listed| {
            let first = listed.occasions.first().map(|said| match said {
                Said::Own(day, _) => month(*day),
                Said::Elsewhere(month, _) => month.clone(),
            });
            (first, listed.person)
        };
        list.complex.sort_by_key(first);
        list.standard.sort_by_key(first);
        list
    }
}

fn keys(own: &BTreeSet<(i64, i64)>) -> BTreeSet<RecordKey> {
    own.iter().map(|(file, row)| record_key(*file, *row)).collect()
}

/// Whether the organisation has itself sent something of what happened, be it of a later day.
fn has_sent(waiting: &Waiting, own: &BTreeSet<RecordKey>) -> bool {
    let mut records = waiting.occasions.iter().flat_map(|happened| &happened.records);
    records.any(|record| own.contains(record))
}

fn listed(waiting: &Waiting, own: &BTreeSet<RecordKey>) -> Listed {
    let mut occasions: Vec<Said> = Vec::new();
    for happened in &waiting.occasions {
        let said = Said::of(happened, own);
        if !occasions.contains(&said) {
            occasions.push(said);
        }
    }
    occasions.sort_by_cached_key(Said::place);
    Listed {
        person: waiting.person,
        occasions,
        reasons: waiting.reasons.iter().map(|(_, words)| words.clone()).collect(),
    }
}
