//! Where a site differs from its twin: every file, down to the attribute, the cell and the byte.
//!
//! Invariant: two files of different bytes give at least one difference.

pub(crate) mod markup;
pub(crate) mod structured;

use std::collections::BTreeSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::reading::numbers::numbers;
use crate::{Bytes, FindingKind as Kind};
use markup::{Markup, What};

/// One place that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) file: String,
    pub(crate) at: String,
    pub(crate) kind: Kind,
    /// The atom of the site, where it is one that was added and nothing taken away for it.
    pub(crate) added: Option<usize>,
}

/// All differences, file by file.
pub(crate) fn differences(site: &Bytes, twin: &Bytes) -> Vec<Difference> {
    let paths: BTreeSet<&str> = site.paths().chain(twin.paths()).collect();
    let mut all = Vec::new();
    for path in paths {
        let whole = |kind| Difference {
            file: path.to_owned(),
            at: String::new(),
            kind,
            added: None,
        };
        match (site.file(path), twin.file(path)) {
            (Some(a), Some(b)) if a == b => {}
            (Some(_), Some(_)) => {
                let before = all.len();
                all.extend(in_file(path, site.text(path), twin.text(path)));
                if all.len() == before {
                    all.push(whole(Kind::Bytes));
                }
            }
            (Some(_), None) => all.push(whole(Kind::FileName)),
            _ => all.push(whole(Kind::MissingFile)),
        }
    }
    all
}

fn in_file(path: &str, site: Option<&str>, twin: Option<&str>) -> Vec<Difference> {
    let (Some(site), Some(twin)) = (site, twin) else {
        return Vec::new();
    };
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let found: Vec<Place> = match ending {
        "html" | "svg" | "xml" => match (Markup::read(site), Markup::read(twin)) {
            (Ok(site), Ok(twin)) => of_markup(&site, &twin)
                .into_iter()
                .map(|(at, kind, added)| (told(&at), kind, added))
                .collect(),
            _ => Vec::new(),
        },
        "json" => structured::json(site, twin),
        "csv" => structured::csv(site, twin),
        _ => Vec::new(),
    };
    let named = |(at, kind, added)| Difference {
        file: path.to_owned(),
        at,
        kind,
        added,
    };
    found.into_iter().map(named).collect()
}

/// Where an element stands, without classes that say a number in words: a finding says where, and not what.
fn told(path: &str) -> String {
    let part = |part: &str| match part.split_once('.') {
        Some((tag, class)) if !numbers(class).is_empty() => tag.to_owned(),
        _ => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A place, what kind it is, and the atom that was added there.
type Place = (String, Kind, Option<usize>);

fn of_markup(site: &Markup, twin: &Markup) -> Vec<Place> {
    let sorted = |markup: &Markup| {
        let mut atoms = markup.atoms.clone();
        atoms.sort();
        atoms
    };
    let ops = capture_diff_slices(Algorithm::Myers, &twin.atoms, &site.atoms);
    let owner = |markup: &Markup, at: usize| markup.owners.get(at).copied().unwrap_or_default();
    if site.atoms != twin.atoms && sorted(site) == sorted(twin) {
        let first = ops.iter().find(|op| !matches!(op, DiffOp::Equal { .. }));
        let at = first.map_or(0, |op| owner(site, op.new_range().start));
        return vec![(site.path(at), Kind::Order, None)];
    }
    let mut places = Vec::new();
    for op in ops {
        match op {
            // What is the same may be written otherwise: blanks in a tag, a stroke before its end.
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => {
                for at in 0..len {
                    if site.written.get(new_index + at) != twin.written.get(old_index + at) {
                        places.push((site.path(owner(site, new_index + at)), Kind::Bytes, None));
                    }
                }
            }
            DiffOp::Insert {
                new_index, new_len, ..
            } => {
                for at in new_index..new_index + new_len {
                    places.push((site.path(owner(site, at)), kind(site, at), Some(at)));
                }
            }
            DiffOp::Delete {
                old_index, old_len, ..
            } => {
                for at in old_index..old_index + old_len {
                    places.push((twin.path(owner(twin, at)), kind(twin, at), None));
                }
            }
            DiffOp::Replace {
                new_index, new_len, ..
            } => {
                for at in new_index..new_index + new_len {
                    places.push((site.path(owner(site, at)), kind(site, at), None));
                }
            }
        }
    }
    places
}

/// What kind of place an atom is.
fn kind(markup: &Markup, at: usize) -> Kind {
    const TOLD: [&str; 6] = [
        "title",
        "alt",
        "aria-label",
        "aria-description",
        "aria-valuetext",
        "content",
    ];
    const PLACES: [&str; 18] = [
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "d",
        "points",
        "width",
        "height",
        "transform",
        "viewBox",
        "stroke-dasharray",
    ];
    let owner = markup.owners.get(at).copied().unwrap_or_default();
    let tag = markup.nodes.get(owner).map_or("", |node| node.tag.as_str());
    match markup.atoms.get(at) {
        Some(What::Attribute(_, value)) if is_hash(value) => Kind::Hash,
        Some(What::Text(text)) if text.split([' ', ':', '\n']).any(is_hash) => Kind::Hash,
        Some(What::Attribute(name, _)) if TOLD.contains(&name.as_str()) => Kind::Title,
        Some(What::Attribute(name, _)) if PLACES.contains(&name.as_str()) => Kind::Coordinate,
        Some(What::Attribute(..)) => Kind::Attribute,
        Some(What::Text(_)) if matches!(tag, "title" | "desc") => Kind::Title,
        Some(What::Comment(_)) => Kind::Comment,
        _ => Kind::Text,
    }
}

/// Whether a word looks like a fingerprint: long, of letters a to f and digits, with both.
pub(crate) fn is_hash(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    word.len() >= 8
        && word.chars().all(|c| c.is_ascii_hexdigit())
        && word.chars().any(|c| c.is_ascii_digit())
        && word.chars().any(|c| c.is_ascii_alphabetic())
}
