//! Which codes live on in which others: mergers and changes of code, as the country's table of successions has them.

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::organisation::Registry;

use crate::PublishError;

/// The codes before each code.
#[derive(Default)]
pub(crate) struct History {
    before: BTreeMap<String, Vec<(String, Option<String>)>>,
}

impl History {
    /// The history of the United Kingdom's bodies.
    ///
    /// **Errors.** The built-in table is not as it must be.
    pub(crate) fn united_kingdom() -> Result<Self, PublishError> {
        let registry = Registry::uk()
            .map_err(|error| PublishError::facts("countries/uk/successions.csv", error.to_string()))?;
        let mut before: BTreeMap<String, Vec<(String, Option<String>)>> = BTreeMap::new();
        for one in registry.successions() {
            let date = one.date.map(|date| date.to_string());
            before
                .entry(one.new.clone())
                .or_default()
                .push((one.old.clone(), date));
        }
        Ok(Self { before })
    }

    /// Every code that ended in this one, directly or by way of others, latest first, with the day on which it ended.
    pub(crate) fn before(&self, code: &str) -> Vec<(&str, Option<&str>)> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([code]);
        let mut open = vec![code];
        while let Some(code) = open.pop() {
            for (old, date) in self.before.get(code).into_iter().flatten() {
                if seen.insert(old) {
                    found.push((old.as_str(), date.as_deref()));
                    open.push(old);
                }
            }
        }
        found.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::History;

    #[test]
    fn a_chain_of_mergers_is_followed_to_its_start() {
        let history = History::united_kingdom().unwrap();
        // Weston Area Health (RA3) merged into University Hospitals Bristol (RA7) on 1 April 2020; North Bristol (RVJ) in 2026.
        let bristol = history.before("RA7");
        assert!(bristol.contains(&("RA3", Some("2020-04-01"))), "{bristol:?}");
        assert!(bristol.iter().any(|(code, _)| *code == "RVJ"), "{bristol:?}");
        assert!(bristol.is_sorted_by(|a, b| a.1 >= b.1));
        assert!(history.before("INV01").is_empty());
    }
}
