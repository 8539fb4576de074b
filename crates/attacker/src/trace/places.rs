//! A file as a list of places, in order: atoms of markup, values of JSON, cells of CSV.

use crate::differ::markup::{Markup, What};
use crate::differ::structured;
use crate::reading::numbers::numbers;

/// One place and what stands there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) at: String,
    pub(super) text: String,
}

impl Place {
    pub(super) fn has_number(&self) -> bool {
        !numbers(&self.text).is_empty()
    }
}

/// Attributes that tie elements together or give them a form: no figure stands in them.
const TIES: [&str; 8] = [
    "class",
    "id",
    "href",
    "src",
    "for",
    "aria-labelledby",
    "aria-describedby",
    "charset",
];

pub(super) fn read(path: &str, text: &str) -> Vec<Place> {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "html" | "svg" | "xml" => Markup::read(text)
            .map(|markup| of_markup(&markup))
            .unwrap_or_default(),
        "json" => structured::values(text)
            .into_iter()
            .map(|(at, text)| Place { at, text })
            .collect(),
        "csv" => of_csv(text),
        _ => Vec::new(),
    }
}

fn of_markup(markup: &Markup) -> Vec<Place> {
    let mut places = Vec::new();
    for (atom, owner) in markup.atoms.iter().zip(&markup.owners) {
        let (end, text) = match atom {
            What::Text(text) => ("", text),
            What::Attribute(name, value) if !TIES.contains(&name.as_str()) => (name.as_str(), value),
            _ => continue,
        };
        let style = markup.nodes.get(*owner).is_some_and(|node| node.tag == "style");
        if !style {
            let at = markup.path(*owner);
            places.push(Place {
                at: if end.is_empty() { at } else { format!("{at}@{end}") },
                text: text.clone(),
            });
        }
    }
    places
}

fn of_csv(text: &str) -> Vec<Place> {
    let rows = structured::rows(text);
    let Some((header, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let mut places = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        for (name, text) in header.iter().zip(row) {
            places.push(Place {
                at: format!("row {}, column {name}", at + 1),
                text: text.clone(),
            });
        }
    }
    places
}
