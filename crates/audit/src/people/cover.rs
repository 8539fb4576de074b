//! Which days the sources cover, by nation: only there does silence mean anything.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{EngineError, TableReader};
use vocabulary::date::Date;

/// First and last day of each kind of source in each nation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cover {
    by_nation: BTreeMap<(String, String), (Date, Date)>,
    /// Sources that belong to no nation, such as a death register of all.
    of_all: BTreeMap<String, (Date, Date)>,
}

impl Cover {
    /// The cover that the data show, overridden by what the study declares.
    pub(crate) fn read(
        intake: &Path,
        declared: &BTreeMap<String, (Date, Date)>,
    ) -> Result<Self, EngineError> {
        let mut cover = Self::default();
        for batch in TableReader::open(&intake.join("coverage.parquet"))? {
            let batch = batch?;
            let (kind, nation) = (batch.text("kind")?, batch.text("nation")?);
            let (first, last) = (batch.date("first_month")?, batch.date("last_month")?);
            for row in 0..batch.rows() {
                if let (Some(kind), Some(first), Some(last)) = (kind.get(row), first.get(row), last.get(row))
                {
                    let span = (first.first_of_month(), last.last_of_month());
                    cover.add(kind, nation.get(row), span);
                }
            }
        }
        for (kind, span) in declared {
            cover
                .by_nation
                .iter_mut()
                .filter(|((own, _), _)| own == kind)
                .for_each(|(_, own)| *own = *span);
            cover.of_all.entry(kind.clone()).and_modify(|own| *own = *span);
        }
        Ok(cover)
    }

    pub(crate) fn add(&mut self, kind: &str, nation: Option<&str>, (first, last): (Date, Date)) {
        let seen = match nation {
            Some(nation) => self
                .by_nation
                .entry((kind.to_owned(), nation.to_owned()))
                .or_insert((first, last)),
            None => self.of_all.entry(kind.to_owned()).or_insert((first, last)),
        };
        *seen = (seen.0.min(first), seen.1.max(last));
    }

    /// Whether a kind of source covers all of these days where somebody of this nation is seen.
    pub(crate) fn holds(&self, kind: &str, nation: Option<&str>, (from, to): (i32, i32)) -> bool {
        let own = nation.and_then(|nation| self.by_nation.get(&(kind.to_owned(), nation.to_owned())));
        let span = own.or_else(|| self.of_all.get(kind));
        span.is_some_and(|(first, last)| first.days() <= from && to <= last.days())
    }

    /// Whether a kind of source is in the study at all.
    pub(crate) fn has(&self, kind: &str) -> bool {
        self.of_all.contains_key(kind) || self.by_nation.keys().any(|(own, _)| own == kind)
    }

    /// The last day that all of these kinds cover, for a nation.
    pub(crate) fn last(&self, kinds: &[String], nation: Option<&str>) -> Option<Date> {
        let last = |kind: &String| {
            let own = nation.and_then(|nation| self.by_nation.get(&(kind.clone(), nation.to_owned())));
            own.or_else(|| self.of_all.get(kind)).map(|(_, last)| *last)
        };
        kinds.iter().filter_map(last).min()
    }
}
