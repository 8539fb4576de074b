//! Which body a case belongs to, and in which nation it counts.

use std::collections::BTreeMap;

use vocabulary::organisation::{Registry, Resolved};
use vocabulary::postcode::Postcode;

use crate::facts::Fact;

/// A body as case-finding speaks of it: its code after sites and successors, and its nation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Body {
    /// The code of the body today, or the code as sent where the registry does not know it.
    pub code: String,
    /// Its nation: as the registry has it, or else the one that the study names for the source of the record.
    pub nation: Option<String>,
    /// Whether it only treats: an oncology centre or a body outside the registry.
    pub treats_only: bool,
}

/// Resolves codes as sent; remembers what it has resolved.
pub(crate) struct Bodies<'a> {
    registry: &'a Registry,
    /// Of input files, by number: the nation of their source, where the study names but one.
    nations: &'a BTreeMap<i64, String>,
    known: BTreeMap<String, Option<Body>>,
}

impl<'a> Bodies<'a> {
    pub(crate) fn new(registry: &'a Registry, nations: &'a BTreeMap<i64, String>) -> Self {
        Self {
            registry,
            nations,
            known: BTreeMap::new(),
        }
    }

    /// The body that a record of a fact names. One that the registry does not know lies in the nation of its source.
    pub(crate) fn of(&mut self, fact: &Fact) -> Option<Body> {
        let mut body = self.resolve(fact.organisation.as_deref()?)?;
        body.nation = body.nation.or_else(|| self.of_source(fact));
        Some(body)
    }

    /// The nation of a fact: of the body that it names, or else of its source.
    pub(crate) fn nation(&mut self, fact: &Fact) -> Option<String> {
        let body = self.of(fact);
        body.and_then(|body| body.nation).or_else(|| self.of_source(fact))
    }

    fn of_source(&self, fact: &Fact) -> Option<String> {
        self.nations.get(&fact.file).cloned()
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
        let none = BTreeMap::new();
        let mut bodies = Bodies::new(&registry, &none);
        let mut code = |sent: &str| bodies.resolve(sent).map(|body| body.code);
        assert_eq!(code("RTH08").as_deref(), Some("RTH"));
        assert_eq!(code("NT345").as_deref(), Some("NT345"));
        // Earlier codes of boards, in Wales and in Scotland: replaced once, or twice.
        assert_eq!(code("W11000026").as_deref(), Some("7A3"));
        assert_eq!(code("W11000027").as_deref(), Some("7A5"));
        assert_eq!(code("S08000001").as_deref(), Some("S08000015"));
        assert_eq!(code("S08000007").as_deref(), Some("S08000031"));
        for text in ["SMITH", "AMY", "4010232137", "E16 2RH", "E162RH", "A B1", ""] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    /// File 1 is of Scotland; of file 2 the study says nothing.
    #[test]
    fn a_body_outside_the_list_lies_in_the_nation_of_its_source() {
        let registry = Registry::uk().expect("the registry");
        let nations = BTreeMap::from([(1, "Scotland".to_owned())]);
        let mut bodies = Bodies::new(&registry, &nations);
        for (file, sent, of_body, of_fact) in [
            (1, Some("G107H"), Some("Scotland"), Some("Scotland")),
            (2, Some("G107H"), None, None),
            (1, Some("RTH08"), Some("England"), Some("England")),
            (2, Some("S08000024"), Some("Scotland"), Some("Scotland")),
            (1, Some("SMITH"), None, Some("Scotland")),
            (1, None, None, Some("Scotland")),
        ] {
            let fact = Fact {
                rule: 0,
                date: None,
                created: None,
                organisation: sent.map(str::to_owned),
                sites: None,
                said: None,
                file,
                row: 1,
                record: None,
            };
            let body = bodies.of(&fact).and_then(|body| body.nation);
            assert_eq!(body.as_deref(), of_body, "{file} {sent:?}");
            assert_eq!(bodies.nation(&fact).as_deref(), of_fact, "{file} {sent:?}");
        }
    }
}
