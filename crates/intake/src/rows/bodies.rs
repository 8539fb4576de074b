//! Which organisations a file speaks of: how many records, for which months, of which nation.

use rustc_hash::FxHashMap;
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};

use crate::outcome::{Coverage, Span};

#[derive(Debug)]
struct Body {
    code: String,
    nation: Option<String>,
    is_known: bool,
    span: Span,
}

/// The organisations of one file, by code as sent.
#[derive(Debug)]
pub(crate) struct Bodies<'a> {
    registry: Option<&'a Registry>,
    bodies: Vec<Body>,
    // For look-up only: never iterated.
    places: FxHashMap<String, usize>,
}

impl<'a> Bodies<'a> {
    pub(crate) fn new(registry: Option<&'a Registry>) -> Self {
        Self {
            registry,
            bodies: Vec::new(),
            places: FxHashMap::default(),
        }
    }

    /// Counts a record of an organisation; gives the organisation's nation, if known.
    pub(crate) fn count(&mut self, code: &str, event: Option<Date>) -> Option<&str> {
        let place = match self.places.get(code) {
            Some(&place) => place,
            None => {
                let (nation, is_known) = nation_of(self.registry, code);
                self.bodies.push(Body {
                    code: code.to_owned(),
                    nation,
                    is_known,
                    span: Span::default(),
                });
                self.places.insert(code.to_owned(), self.bodies.len() - 1);
                self.bodies.len() - 1
            }
        };
        let body = &mut self.bodies[place];
        body.span.add(event);
        body.nation.as_deref()
    }

    /// Codes that the registry does not hold, with their records, most records first: those that may be
    /// shown, then how many others there are. Nothing without a registry.
    pub(crate) fn unknown(&self) -> (Vec<(&str, u64)>, usize) {
        let unknown = self
            .bodies
            .iter()
            .filter(|body| !body.is_known && !body.code.is_empty());
        let (shown, other): (Vec<&Body>, Vec<&Body>) =
            unknown.partition(|body| may_be_shown(&body.code, body.span.records));
        let mut shown: Vec<(&str, u64)> = shown
            .into_iter()
            .map(|body| (body.code.as_str(), body.span.records))
            .collect();
        shown.sort_by_key(|&(code, records)| (std::cmp::Reverse(records), code));
        (shown, other.len())
    }

    /// Who sent what.
    pub(crate) fn into_coverage(self) -> Coverage {
        self.bodies
            .into_iter()
            .map(|body| (body.code, body.span))
            .collect()
    }
}

/// Whether a code may stand in a message. A name or a postcode may have slipped into the column; so it
/// is a code beyond doubt (`5A2`, `5A200`), or one that very many records share.
fn may_be_shown(code: &str, records: u64) -> bool {
    const MANY: u64 = 10;
    let bytes = code.as_bytes();
    let mixed = bytes.iter().any(u8::is_ascii_digit) && bytes.iter().any(u8::is_ascii_alphabetic);
    match bytes {
        [_, _, _] if mixed => true,
        [_, _, _, x, y] if mixed && x.is_ascii_digit() && y.is_ascii_digit() => true,
        _ => records >= MANY && bytes.len() <= 5,
    }
}

/// The nation of a code, and whether the registry holds it (or there is no registry to ask).
pub(crate) fn nation_of(registry: Option<&Registry>, code: &str) -> (Option<String>, bool) {
    match registry.map(|registry| registry.resolve(code)) {
        None => (None, true),
        Some(Resolved::Known(organisation)) => (Some(organisation.nation.clone()), true),
        Some(Resolved::Outside(_)) => (None, false),
    }
}
