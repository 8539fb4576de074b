//! Which body a case belongs to, and in which nation it counts.

use std::collections::BTreeMap;

use vocabulary::organisation::{Registry, Resolved};
use vocabulary::postcode::Postcode;

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
    known: BTreeMap<String, Option<Body>>,
}

impl<'a> Bodies<'a> {
    pub(crate) fn new(registry: &'a Registry) -> Self {
        Self {
            registry,
            known: BTreeMap::new(),
        }
    }

    /// The body that a code as sent stands for; none where the text has not the shape of a code:
    /// columns get mixed up, and what stands in them may name a person.
    pub(crate) fn resolve(&mut self, sent: &str) -> Option<Body> {
        if let Some(body) = self.known.get(sent) {
            return body.clone();
        }
        let body = match self.registry.resolve(sent) {
            Resolved::Known(organisation) => Some(Body {
                code: organisation.code.clone(),
                nation: Some(organisation.nation.clone()),
                treats_only: organisation.treats_only,
            }),
            // The independent sector and bodies of another kind: they treat, on behalf of others.
            Resolved::Outside(code) => has_shape(&code).then_some(Body {
                code,
                nation: None,
                treats_only: true,
            }),
        };
        self.known.insert(sent.to_owned(), body.clone());
        body
    }
}

/// Whether a text may be the code of a body that the registry does not know: three to six letters
/// and digits, a digit among them, and no postcode.
fn has_shape(code: &str) -> bool {
    (3..=6).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && code.bytes().any(|byte| byte.is_ascii_digit())
        && Postcode::read(code).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_code_is_shown() {
        let registry = Registry::uk().expect("the registry");
        let mut bodies = Bodies::new(&registry);
        let mut code = |sent: &str| bodies.resolve(sent).map(|body| body.code);
        assert_eq!(code("RTH08").as_deref(), Some("RTH"));
        assert_eq!(code("NT345").as_deref(), Some("NT345"));
        for text in ["SMITH", "AMY", "4010232137", "E16 2RH", "E162RH", "A B1", ""] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}
