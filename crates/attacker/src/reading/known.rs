//! What the twin of a file says anyway: an addition that uses no other words and no other names tells nothing by its choice of
//! them.

use std::collections::BTreeSet;

use super::numbers;
use crate::differ::markup::{Markup, What};

/// Attributes that only tie elements together or give them a form.
const TIES: [&str; 14] = [
    "class",
    "id",
    "for",
    "href",
    "src",
    "role",
    "scope",
    "lang",
    "aria-labelledby",
    "aria-describedby",
    "aria-hidden",
    "focusable",
    "text-anchor",
    "preserveAspectRatio",
];

/// Words and ties of a file.
#[derive(Debug)]
pub(crate) struct Known {
    /// Its words, also in lower case.
    pub(crate) words: BTreeSet<String>,
    /// Its words, and those of the site's styles: classes that it need not use yet.
    forms: BTreeSet<String>,
    /// Names in its ties, whole.
    ties: BTreeSet<String>,
}

impl Known {
    /// From the text of the twin, and from the styles of its site.
    pub(crate) fn of(text: &str, styles: &str) -> Self {
        let words: BTreeSet<String> = words_of(text)
            .flat_map(|word| [word.to_owned(), word.to_lowercase()])
            .collect();
        let mut forms = words.clone();
        forms.extend(words_of(styles).map(str::to_owned));
        let mut ties = BTreeSet::new();
        for atom in Markup::read(text).map(|markup| markup.atoms).unwrap_or_default() {
            if let What::Attribute(name, value) = atom
                && is_tie(&name)
            {
                let parts = value.split(' ').filter(|part| !part.is_empty());
                ties.extend(parts.map(str::to_owned));
            }
        }
        Self { words, forms, ties }
    }

    /// Whether the name of an element or an attribute, or one part of a tie, holds no number and no word of its own.
    pub(crate) fn has_form(&self, name: &str) -> bool {
        let mut parts = name.split(|c: char| !c.is_alphanumeric());
        numbers::numbers(name).is_empty() && parts.all(|word| self.forms.contains(word))
    }

    /// Whether all parts of a tie are ones that the file has, or made of words that the site uses.
    pub(crate) fn has_tie(&self, value: &str) -> bool {
        value
            .split(' ')
            .all(|part| self.ties.contains(part) || self.has_form(part))
    }
}

/// Whether an attribute only ties elements together or gives them a form.
pub(crate) fn is_tie(attribute: &str) -> bool {
    TIES.contains(&attribute)
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_is_known_whole_or_by_words_without_a_number() {
        let page = "<p id=\"found-three\" class=\"note wide\">Found: three of 4 people</p>";
        let known = Known::of(page, ".dot-rim { fill: #333; }");
        for value in ["note", "wide note", "found-three", "dot", "note-dot", "people"] {
            assert!(known.has_tie(value), "{value}");
        }
        for value in [
            "three",
            "found-4",
            "found-secret",
            "333",
            "note  wide",
            "note-",
            "thirteen",
        ] {
            assert!(!known.has_tie(value), "{value}");
        }
    }
}
