//! Breast cancers that had not spread: the first of each person, from registrations, else from COSD.

use rustc_hash::FxHashMap;
use vocabulary::date::Date;

use super::rows::{Columns, Row};

/// ICD-10 of invasive breast cancer.
const BREAST: &str = "C50";

/// A table that dates primaries.
pub(crate) struct Source {
    pub table: &'static str,
    code: &'static str,
    date: &'static str,
    organisation: &'static str,
}

/// The registry before the hospitals: it has settled what they say.
pub(crate) const SOURCES: [Source; 2] = [
    Source {
        table: "registrations",
        code: "SITE_ICD10_O2",
        date: "DIAGNOSISDATEBEST",
        organisation: "DIAG_TRUST",
    },
    Source {
        table: "cosd",
        code: "PRIMARY_DIAGNOSIS",
        date: "PRIMARY_DATE",
        organisation: "PROVIDER",
    },
];

impl Source {
    pub(crate) fn columns(&self) -> Columns {
        Columns {
            texts: vec![self.code.to_owned(), self.organisation.to_owned()],
            dates: vec![self.date.to_owned()],
        }
    }
}

/// First primaries by person number of linkage.
#[derive(Debug, Default)]
pub(crate) struct Primaries {
    /// Day, the source that said so (the registry first), and the organisation.
    first: FxHashMap<i64, (Date, usize, Option<String>)>,
}

impl Primaries {
    /// Takes a row of a source, of a person.
    pub(crate) fn add(&mut self, source: usize, person: i64, row: &Row<'_>) {
        let (Some(code), Some(day)) = (row.texts[0], row.dates[0]) else {
            return;
        };
        if !code.starts_with(BREAST) {
            return;
        }
        let own = (Date::from_days(day), source, row.texts[1].map(str::to_owned));
        match self.first.get_mut(&person) {
            None => {
                self.first.insert(person, own);
            }
            // The registry's first date stands, whatever a hospital says of a later or earlier day.
            Some(known) if (own.1, own.0) < (known.1, known.0) => *known = own,
            Some(_) => {}
        }
    }

    /// Those diagnosed from `first` to `last`, in the order of persons.
    pub(crate) fn within(self, (first, last): (Date, Date)) -> Vec<(i64, Date, Option<String>)> {
        let mut found: Vec<_> = self
            .first
            .into_iter()
            .filter(|(_, (date, _, _))| (first..=last).contains(date))
            .map(|(person, (date, _, organisation))| (person, date, organisation))
            .collect();
        found.sort_unstable_by_key(|(person, _, _)| *person);
        found
    }
}
