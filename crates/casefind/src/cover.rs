//! Which months the sources cover.

use std::collections::BTreeMap;
use std::path::Path;

use engine::TableReader;
use vocabulary::cover::{Months, beginning, begins_late};
use vocabulary::date::Date;

use crate::error::CasefindError;

/// Pairs of a kind and a nation that it came from, or of none.
type Places<T> = BTreeMap<(String, Option<String>), T>;

/// The first and last day that each kind of source covers, and which nations send it from when on. Judging asks only from when
/// on there are records; in which months between there are none is counted with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cover {
    kinds: BTreeMap<String, (Date, Date)>,
    /// The first day by kind and nation: that of the kind, but where the nation begins later beyond chance.
    sent: BTreeMap<(String, String), Option<Date>>,
}

impl Cover {
    /// The cover that the data show, overridden by what the study declares. A straggler is no beginning.
    pub fn read(intake: &Path, declared: &BTreeMap<String, (Date, Date)>) -> Result<Self, CasefindError> {
        let mut kinds: BTreeMap<String, (Date, Date)> = BTreeMap::new();
        let mut sent = BTreeMap::new();
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
                    sent.insert((kind.to_owned(), nation.to_owned()), None);
                }
                let (Some(kind), Some(first), Some(last)) = (kind.get(row), first.get(row), last.get(row))
                else {
                    continue;
                };
                let seen = kinds.entry(kind.to_owned()).or_insert((first, last));
                *seen = (seen.0.min(first), seen.1.max(last));
            }
        }
        let months = months(&intake.join("months.parquet"))?;
        for (kind, (first, last)) in &mut kinds {
            let mut all = Months::new();
            for (month, records) in months
                .iter()
                .filter(|((of, _), _)| of == kind)
                .flat_map(|(_, own)| own)
            {
                *all.entry(*month).or_default() += records;
            }
            *first = beginning(&all).unwrap_or(*first).first_of_month();
            *last = last.last_of_month();
        }
        for (kind, span) in declared {
            kinds.insert(kind.clone(), *span);
        }
        for ((kind, nation), first) in &mut sent {
            let own = months.get(&(kind.clone(), Some(nation.clone())));
            *first = kinds
                .get(kind)
                .map(|(first, _)| own.map_or(*first, |own| begun(own, *first)));
        }
        Ok(Self { kinds, sent })
    }

    /// Whether a nation sends a kind of source, and of that day if there is one.
    pub(crate) fn is_sent(&self, kind: &str, nation: &str, day: Option<Date>) -> bool {
        let first = self.sent.get(&(kind.to_owned(), nation.to_owned()));
        first.is_some_and(|first| first.zip(day).is_none_or(|(first, day)| first <= day))
    }

    /// A cover from plain spans.
    pub fn of(spans: &[(&str, Date, Date)]) -> Self {
        let kinds = spans
            .iter()
            .map(|(kind, first, last)| ((*kind).to_owned(), (*first, *last)));
        Self {
            kinds: kinds.collect(),
            sent: BTreeMap::new(),
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
            .map(|((kind, nation), first)| format!("{kind} of {nation} {first:?}"));
        firsts.chain(sent).collect::<Vec<_>>().join("\n")
    }

    /// First day that a kind of source covers.
    pub fn first(&self, kind: &str) -> Option<Date> {
        self.kinds.get(kind).map(|(first, _)| *first)
    }

    /// First day that a kind of source covers in a nation, if one is named; none where only others send it.
    pub(crate) fn first_in(&self, kind: &str, nation: Option<&str>) -> Option<Date> {
        let others = || self.sent.keys().any(|(of, _)| of == kind);
        let Some(nation) = nation else {
            return self.first(kind);
        };
        match self.sent.get(&(kind.to_owned(), nation.to_owned())) {
            Some(first) => *first,
            None if others() => None,
            None => self.first(kind),
        }
    }

    /// First day covered by any of these kinds in a nation, if one is named.
    pub(crate) fn first_of(&self, kinds: &[&str], nation: Option<&str>) -> Option<Date> {
        kinds.iter().filter_map(|kind| self.first_in(kind, nation)).min()
    }
}

/// The first day of a nation's records, where they begin later than those of all beyond chance.
fn begun(own: &Months, all: Date) -> Date {
    let Some(first) = beginning(own) else {
        return all;
    };
    let spoken: Months = own.range(first..).map(|(month, n)| (*month, *n)).collect();
    if begins_late(&spoken, all) { first } else { all }
}

/// Records by month, kind and nation; nothing where intake did not write them.
fn months(path: &Path) -> Result<Places<Months>, CasefindError> {
    let mut places: Places<Months> = BTreeMap::new();
    if !path.exists() {
        return Ok(places);
    }
    for batch in TableReader::open_columns(path, &["kind", "nation", "month", "records"])? {
        let batch = batch?;
        let (kind, nation) = (batch.text("kind")?, batch.text("nation")?);
        let (month, records) = (batch.date("month")?, batch.integer("records")?);
        for row in 0..batch.rows() {
            if let Some((kind, month)) = kind.get(row).zip(month.get(row)) {
                let key = (kind.to_owned(), nation.get(row).map(str::to_owned));
                let own = places.entry(key).or_default();
                *own.entry(month).or_default() += records.get(row).unwrap_or(0).unsigned_abs();
            }
        }
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use engine::TableWriter;
    use vocabulary::table::Value;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Admissions of England from 2010 on, and of Scotland from some month on, so many in each; both to the end of 2025.
    fn cover(scotland: &[(&str, &str, i64)]) -> Cover {
        let folder = tempfile::tempdir().unwrap();
        let table = |name: &str, schema| TableWriter::create(&folder.path().join(name), &schema).unwrap();
        let mut coverage = table("coverage.parquet", layouts::tables::coverage());
        let mut months = table("months.parquet", layouts::tables::months());
        let england = [("England", "2010-01-01", "2025-12-01", 300)];
        let scotland = scotland
            .iter()
            .map(|(first, last, n)| ("Scotland", *first, *last, *n));
        for (nation, first, last, records) in england.into_iter().chain(scotland) {
            coverage
                .row(&[
                    Value::Text("admissions"),
                    Value::Null,
                    Value::Text(nation),
                    Value::Integer(records),
                    Value::Date(day(first)),
                    Value::Date(day(last)),
                ])
                .unwrap();
            let mut month = day(first);
            while month <= day(last) {
                months
                    .row(&[
                        Value::Integer(0),
                        Value::Text("admissions"),
                        Value::Null,
                        Value::Null,
                        Value::Text(nation),
                        Value::Date(month),
                        Value::Integer(records),
                    ])
                    .unwrap();
                month = month.plus_months(1);
            }
        }
        coverage.finish().unwrap();
        months.finish().unwrap();
        Cover::read(folder.path(), &BTreeMap::new()).unwrap()
    }

    #[test]
    fn a_nation_begins_with_its_own_records_and_a_straggler_is_no_beginning() {
        let (late, stray) = (("2022-06-01", "2025-12-01", 30), ("2007-01-01", "2007-01-01", 1));
        let begins = |cover: &Cover, nation| cover.first_in("admissions", nation).map(|day| day.to_string());
        for cover in [cover(&[late]), cover(&[stray, late])] {
            assert_eq!(begins(&cover, Some("Scotland")).as_deref(), Some("2022-06-01"));
            assert_eq!(begins(&cover, Some("England")).as_deref(), Some("2010-01-01"));
            assert_eq!(begins(&cover, Some("Wales")), None, "only others send it");
            assert_eq!(begins(&cover, None).as_deref(), Some("2010-01-01"));
        }
        // Few records may begin later by chance.
        let few = cover(&[("2010-03-01", "2025-12-01", 1)]);
        assert_eq!(begins(&few, Some("Scotland")).as_deref(), Some("2010-01-01"));
        assert!(few.is_sent("admissions", "Scotland", None));
        assert!(!few.is_sent("admissions", "Scotland", Some(day("2009-12-31"))));
    }
}
