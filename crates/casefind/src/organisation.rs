//! Which body a case belongs to, and in which nation it counts.

use std::collections::BTreeMap;

use vocabulary::organisation::{Registry, Resolved};

/// A body as case-finding speaks of it: its code after sites and successors, and its nation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Body {
    /// The code of the body today, or the code as sent where the registry does not know it.
    pub code: String,
    /// Its nation, where the registry knows the body.
    pub nation: Option<String>,
    /// Whether it only treats: an oncology centre or a body outside the registry.
    pub treats_only: bool,
}

/// Resolves codes as sent; remembers what it has resolved.
pub(crate) struct Bodies<'a> {
    registry: &'a Registry,
    known: BTreeMap<String, Body>,
}

impl<'a> Bodies<'a> {
    pub(crate) fn new(registry: &'a Registry) -> Self {
        Self {
            registry,
            known: BTreeMap::new(),
        }
    }

    pub(crate) fn resolve(&mut self, sent: &str) -> Body {
        if let Some(body) = self.known.get(sent) {
            return body.clone();
        }
        let body = match self.registry.resolve(sent) {
            Resolved::Known(organisation) => Body {
                code: organisation.code.clone(),
                nation: Some(organisation.nation.clone()),
                treats_only: organisation.treats_only,
            },
            // The independent sector and bodies of another kind: they treat, on behalf of others.
            Resolved::Outside(code) => Body {
                code,
                nation: None,
                treats_only: true,
            },
        };
        self.known.insert(sent.to_owned(), body.clone());
        body
    }
}
