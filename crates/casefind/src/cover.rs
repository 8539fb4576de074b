//! Which months the sources cover.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::TableReader;
use vocabulary::date::Date;

use crate::error::CasefindError;

/// The first and last day that each kind of source covers, and which nations send it. Judging asks only from when on there are
/// records; in which months between there are none is counted with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cover {
    kinds: BTreeMap<String, (Date, Date)>,
    /// Pairs of a kind and a nation that it came from.
    sent: BTreeSet<(String, String)>,
}

impl Cover {
    /// The cover that the data show, overridden by what the study declares.
    pub fn read(intake: &Path, declared: &BTreeMap<String, (Date, Date)>) -> Result<Self, CasefindError> {
        let mut kinds: BTreeMap<String, (Date, Date)> = BTreeMap::new();
        let mut sent = BTreeSet::new();
        for batch in TableReader::open(&intake.join("coverage.parquet"))? {
            let batch = batch?;
            let (kind, first, last) = (
                batch.text("kind")?,
                batch.date("first_month")?,
                batch.date("last_month")?,
            );
            let nation = batch.text("nation")?;
            for row in 0..batch.rows() {
                if let Some((kind, nation)) = kind.get(row).zip(nation.get(row)) {
                    sent.insert((kind.to_owned(), nation.to_owned()));
                }
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
        Ok(Self { kinds, sent })
    }

    /// Whether a nation sends a kind of source.
    pub(crate) fn is_sent(&self, kind: &str, nation: &str) -> bool {
        self.sent.contains(&(kind.to_owned(), nation.to_owned()))
    }

    /// A cover from plain spans.
    pub fn of(spans: &[(&str, Date, Date)]) -> Self {
        let kinds = spans
            .iter()
            .map(|(kind, first, last)| ((*kind).to_owned(), (*first, *last)));
        Self {
            kinds: kinds.collect(),
            sent: BTreeSet::new(),
        }
    }

    /// The first day of each kind of source, and who sends it, as text: all of the cover that judging depends on.
    pub(crate) fn judged_by(&self) -> String {
        let firsts = self
            .kinds
            .iter()
            .map(|(kind, (first, _))| format!("{kind} {first}"));
        let sent = self
            .sent
            .iter()
            .map(|(kind, nation)| format!("{kind} of {nation}"));
        firsts.chain(sent).collect::<Vec<_>>().join("\n")
    }

    /// First day that a kind of source covers.
    pub fn first(&self, kind: &str) -> Option<Date> {
        self.kinds.get(kind).map(|(first, _)| *first)
    }

    /// First day covered by any of these kinds.
    pub fn first_of(&self, kinds: &[&str]) -> Option<Date> {
        kinds.iter().filter_map(|kind| self.first(kind)).min()
    }
}
