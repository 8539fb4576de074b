//! The bodies that see people with breast cancer: codes, names, places, dates, successors.
//!
//! A code in a record may be that of a site, of a body that has since merged, or of a body that is
//! not in the registry. [`Registry::resolve`] follows sites and successors to the body of today.

use std::collections::BTreeMap;

use crate::date::Date;

mod table;

/// An organisation: a trust, a health board or an HSC trust.
#[derive(Debug, Clone, PartialEq)]
pub struct Organisation {
    /// Its code: ODS where it has one, else the code of its nation.
    pub code: String,
    /// Its full name.
    pub name: String,
    /// Its name without legal form.
    pub short_name: String,
    /// Its nation.
    pub nation: String,
    /// Its kind, such as `acute_trust` or `health_board`.
    pub kind: String,
    /// Its cancer network.
    pub network: String,
    /// Latitude of its principal place, rounded.
    pub latitude: f64,
    /// Longitude of its principal place, rounded.
    pub longitude: f64,
    /// First day, where known.
    pub opened: Option<Date>,
    /// Last day, if it has closed.
    pub closed: Option<Date>,
    /// Whether it is expected to see people with breast cancer.
    pub breast_service: bool,
    /// Whether it only treats, as an oncology centre does.
    pub treats_only: bool,
    /// Codes of bodies that it took over.
    pub predecessors: Vec<String>,
}

/// A code that lives on in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The code that ended.
    pub old: String,
    /// The code that took over: of a body of the registry, or one that ended later.
    pub new: String,
    /// The day of the change, where known.
    pub date: Option<Date>,
}

/// Why a table of organisations cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct RegistryError {
    /// Where: the table and its row.
    pub place: String,
    /// What is wrong and what to do.
    pub why: String,
}

/// What a code stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved<'a> {
    /// A body of the registry, after site and successor.
    Known(&'a Organisation),
    /// A body outside the registry, with its code in upper case.
    Outside(String),
}

/// The organisations of a country.
///
/// Invariants: a code stands for one body at most; a body of the registry has no successor; the
/// chains of successors have no circle.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    organisations: BTreeMap<String, Organisation>,
    /// By old code.
    successions: BTreeMap<String, Succession>,
}

impl Registry {
    /// The registry of the United Kingdom, as compiled in `countries/uk`.
    pub fn uk() -> Result<Self, RegistryError> {
        let mut registry = Self::from_csv(include_str!("../../../countries/uk/organisations.csv"))?;
        registry.add_successions(include_str!("../../../countries/uk/successions.csv"))?;
        Ok(registry)
    }

    /// The organisations in the order of their codes.
    pub fn organisations(&self) -> impl Iterator<Item = &Organisation> {
        self.organisations.values()
    }

    /// What is known of codes that ended, in the order of the old codes.
    pub fn successions(&self) -> impl Iterator<Item = &Succession> {
        self.successions.values()
    }

    /// The organisation with exactly this code.
    pub fn get(&self, code: &str) -> Option<&Organisation> {
        self.organisations.get(code)
    }

    /// The body of today that a code stands for: itself, its last successor, or the body of a site.
    ///
    /// A site is its body's code and two characters more (`RTH08`); an English one is cut to its three
    /// characters however long it is. A code that leads nowhere is kept, in upper case.
    pub fn resolve(&self, code: &str) -> Resolved<'_> {
        let code = code.trim().to_ascii_uppercase();
        match self.body(&code).or_else(|| self.body_of_site(&code)) {
            Some(organisation) => Resolved::Known(organisation),
            None => Resolved::Outside(code),
        }
    }

    fn body_of_site(&self, code: &str) -> Option<&Organisation> {
        let shorter = code
            .get(..code.len().checked_sub(2)?)
            .filter(|shorter| shorter.len() >= 3)?;
        let trust = || code.get(..3).filter(|_| code.starts_with('R'));
        self.body(shorter).or_else(|| self.body(trust()?))
    }

    /// The body with this code, or the last of its successors.
    fn body(&self, code: &str) -> Option<&Organisation> {
        let mut code = code;
        // Chains have no circle, so this ends.
        while let Some(succession) = self.successions.get(code) {
            code = &succession.new;
        }
        self.organisations.get(code)
    }
}

#[cfg(test)]
mod tests;
