//! Which organisations a file speaks of: how many records, for which months, of which nation.

use rustc_hash::FxHashMap;
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};

use crate::outcome::{Coverage, Span};
use crate::rows::plan::listed;

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

    /// Codes that the registry does not hold, in words: how many records have one; each that may be shown with its records,
    /// most records first; how many others there are. None without a registry, or where it holds all.
    pub(crate) fn unknown(&self) -> Option<String> {
        let unknown = self.bodies.iter().filter(|body| !body.is_known);
        in_words(unknown.map(|body| (body.code.as_str(), body.span.records)))
    }

    /// Who sent what.
    pub(crate) fn into_coverage(self) -> Coverage {
        self.bodies
            .into_iter()
            .map(|body| (body.code, body.span))
            .collect()
    }
}

/// The same of all that a file sent, as it is known when the file was read.
pub(crate) fn unknown_in(registry: Option<&Registry>, sent: &Coverage) -> Option<String> {
    let unknown = sent.iter().filter(|(code, _)| !nation_of(registry, code).1);
    in_words(unknown.map(|(code, span)| (code.as_str(), span.records)))
}

/// Codes that no list holds, with their records, in words; none where there are none.
fn in_words<'c>(unknown: impl Iterator<Item = (&'c str, u64)>) -> Option<String> {
    let (mut shown, mut other) = (Vec::new(), Vec::new());
    for (code, records) in unknown.filter(|(code, _)| !code.is_empty()) {
        if may_be_shown(code, records) {
            shown.push((code, records));
        } else {
            other.push((code, records));
        }
    }
    shown.sort_by_key(|&(code, records)| (std::cmp::Reverse(records), code));
    let of_others: u64 = other.iter().map(|(_, records)| records).sum();
    let all = of_others + shown.iter().map(|(_, records)| records).sum::<u64>();
    let mut codes: Vec<String> = shown
        .iter()
        .map(|(code, records)| format!("{code} ({records})"))
        .collect();
    if !other.is_empty() {
        let rare = if other.len() == 1 { "rare one" } else { "rare ones" };
        codes.push(format!("{} {rare} ({of_others})", other.len()));
    }
    let records = if all == 1 { "record" } else { "records" };
    (all > 0).then(|| format!("{all} {records}: {}", listed(codes.iter().map(String::as_str))))
}

/// Whether a code may stand in a message. A name or a postcode may have slipped into the column; so it
/// is a code beyond doubt (`5A2`, `5A200`), or one that very many records share and that is short, as that of a Scottish
/// hospital (`G107H`), or of the form of a board's code (`W11000026`).
fn may_be_shown(code: &str, records: u64) -> bool {
    const MANY: u64 = 10;
    let bytes = code.as_bytes();
    let mixed = bytes.iter().any(u8::is_ascii_digit) && bytes.iter().any(u8::is_ascii_alphabetic);
    match bytes {
        [_, _, _] if mixed => true,
        [_, _, _, x, y] if mixed && x.is_ascii_digit() && y.is_ascii_digit() => true,
        _ => records >= MANY && (bytes.len() <= 5 || is_of_a_board(bytes)),
    }
}

/// A code as the national statistical offices give them to boards and areas: the nation's letter and eight digits, of which
/// three in the middle are zeros. A hospital's number of a person would hardly have that form.
fn is_of_a_board(bytes: &[u8]) -> bool {
    match bytes {
        [b'E' | b'N' | b'S' | b'W', kind @ .., b'0', b'0', b'0', a, b, c] => {
            kind.len() == 2 && kind.iter().chain([a, b, c]).all(u8::is_ascii_digit)
        }
        _ => false,
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// Codes as sent, each with its records, and what is said of them.
    #[test]
    fn unknown_bodies_are_named_where_they_are_codes_beyond_doubt() {
        let registry = Registry::uk().unwrap();
        let said = |sent: &[(&str, u64)]| {
            let mut bodies = Bodies::new(Some(&registry));
            for (code, records) in sent {
                for _ in 0..*records {
                    bodies.count(code, None);
                }
            }
            bodies.unknown()
        };
        type Sent<'a> = &'a [(&'a str, u64)];
        let table: [(Sent<'_>, Option<&str>); 7] = [
            (&[("RTH", 50)], None),
            (&[("W11000099", 120)], Some("120 records: W11000099 (120)")),
            (&[("G107H", 10), ("RTH", 3)], Some("10 records: G107H (10)")),
            (&[("5A2", 1)], Some("1 record: 5A2 (1)")),
            // Few have it, so it may be anything.
            (&[("G107H", 9)], Some("9 records: 1 rare one (9)")),
            // The form of a person's number at some hospital, or of a name.
            (
                &[("S12345678", 40), ("SMITHSON", 40)],
                Some("80 records: 2 rare ones (80)"),
            ),
            (
                &[("5A2", 2), ("W11000099", 30), ("AMY", 1)],
                Some("33 records: W11000099 (30), 5A2 (2), 1 rare one (1)"),
            ),
        ];
        for (sent, words) in table {
            assert_eq!(said(sent).as_deref(), words, "{sent:?}");
        }
    }
}
