//! Which months the sources cover.

use std::collections::BTreeMap;
use std::path::Path;

use engine::TableReader;
use vocabulary::date::Date;

use crate::error::CasefindError;

/// The first and last day that each kind of source covers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cover {
    kinds: BTreeMap<String, (Date, Date)>,
}

impl Cover {
    /// The cover that the data show, overridden by what the study declares.
    pub fn read(intake: &Path, declared: &BTreeMap<String, (Date, Date)>) -> Result<Self, CasefindError> {
        let mut kinds: BTreeMap<String, (Date, Date)> = BTreeMap::new();
        for batch in TableReader::open(&intake.join("coverage.parquet"))? {
            let batch = batch?;
            let (kind, first, last) = (
                batch.text("kind")?,
                batch.date("first_month")?,
                batch.date("last_month")?,
            );
            for row in 0..batch.rows() {
                let (Some(kind), Some(first), Some(last)) = (kind.get(row), first.get(row), last.get(row))
                else {
                    continue;
                };
                let seen = kinds.entry(kind.to_owned()).or_insert((first, last));
                *seen = (seen.0.min(first), seen.1.max(last));
            }
        }
        for (first, last) in kinds.values_mut() {
            *first = first.first_of_month();
            *last = last.last_of_month();
        }
        for (kind, span) in declared {
            kinds.insert(kind.clone(), *span);
        }
        Ok(Self { kinds })
    }

    /// A cover from plain spans.
    pub fn of(spans: &[(&str, Date, Date)]) -> Self {
        let kinds = spans
            .iter()
            .map(|(kind, first, last)| ((*kind).to_owned(), (*first, *last)));
        Self {
            kinds: kinds.collect(),
        }
    }

    /// The first day of each kind of source, as text: all of the cover that judging depends on.
    pub(crate) fn firsts(&self) -> String {
        let firsts = self
            .kinds
            .iter()
            .map(|(kind, (first, _))| format!("{kind} {first}"));
        firsts.collect::<Vec<_>>().join("\n")
    }

    /// First day that a kind of source covers.
    pub fn first(&self, kind: &str) -> Option<Date> {
        self.kinds.get(kind).map(|(first, _)| *first)
    }

    /// Last day that a kind of source covers.
    pub fn last(&self, kind: &str) -> Option<Date> {
        self.kinds.get(kind).map(|(_, last)| *last)
    }

    /// First day covered by any of these kinds.
    pub fn first_of(&self, kinds: &[&str]) -> Option<Date> {
        kinds.iter().filter_map(|kind| self.first(kind)).min()
    }
}
