//! The sentences of each language, by key, and how a sentence of a page is found among them.

use std::collections::BTreeMap;

use super::places;
use crate::PublishError;

const ENGLISH: (&str, &str) = (
    "web/words/en.toml, en-places.toml",
    concat!(
        include_str!("../../../../web/words/en.toml"),
        "\n",
        include_str!("../../../../web/words/en-places.toml")
    ),
);
const WELSH: (&str, &str) = (
    "web/words/cy.toml, cy-places.toml",
    concat!(
        include_str!("../../../../web/words/cy.toml"),
        "\n",
        include_str!("../../../../web/words/cy-places.toml")
    ),
);

/// How often what stands in a sentence may hold a sentence itself.
const DEPTH: u8 = 3;

/// Sentences of both languages.
pub(crate) struct Catalogue {
    /// English sentences in which nothing changes, with their Welsh.
    fixed: BTreeMap<String, Message>,
    /// Those in which something does, the most telling first.
    open: Vec<Message>,
    /// What only a Welsh page says, by key.
    own: BTreeMap<String, String>,
}

/// A sentence in both languages.
pub(crate) struct Message {
    pub(crate) key: String,
    english: Vec<Part>,
    welsh: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Words(String),
    /// Whatever stands there, by its name.
    Value(String),
}

impl Catalogue {
    /// The files that are built into the program: two a language, read as one.
    pub(crate) fn built_in() -> Result<Self, PublishError> {
        Self::of(ENGLISH.1, WELSH.1)
    }

    pub(super) fn of(english: &str, welsh: &str) -> Result<Self, PublishError> {
        let english = read(ENGLISH.0, english)?;
        let mut welsh = read(WELSH.0, welsh)?;
        let mut catalogue = Self {
            fixed: BTreeMap::new(),
            open: Vec::new(),
            own: BTreeMap::new(),
        };
        for (key, text) in english {
            let translated = welsh
                .remove(&key)
                .ok_or_else(|| PublishError::facts(WELSH.0, format!("no sentence {key}")))?;
            if let Some(own) = key.strip_prefix("own.") {
                catalogue.own.insert(own.to_owned(), translated);
                continue;
            }
            let message = Message {
                key,
                english: parts(&text),
                welsh: parts(&translated),
            };
            if let [Part::Words(_)] = message.english.as_slice() {
                catalogue.fixed.insert(text, message);
            } else {
                catalogue.open.push(message);
            }
        }
        if let Some(key) = welsh.keys().next() {
            return Err(PublishError::facts(ENGLISH.0, format!("no sentence {key}")));
        }
        let words = |message: &Message| message.english.iter().map(Part::length).sum::<usize>();
        catalogue
            .open
            .sort_by(|a, b| (words(b), &a.key).cmp(&(words(a), &b.key)));
        Ok(catalogue)
    }

    /// A sentence in Welsh, for a page that says it in both languages.
    pub(crate) fn said(&self, english: &str) -> Result<String, PublishError> {
        self.welsh(english, &mut Vec::new())
            .ok_or_else(|| PublishError::facts(WELSH.0, format!("no sentence \"{english}\"")))
    }

    /// What only a Welsh page says.
    pub(crate) fn own(&self, key: &str) -> &str {
        self.own.get(key).map_or("", String::as_str)
    }

    /// A sentence in Welsh, or several one after the other, with the keys of those it was found under; none where there is
    /// none for all of it.
    pub(super) fn welsh(&self, english: &str, used: &mut Vec<String>) -> Option<String> {
        let whole = self.found(english, DEPTH, used);
        let welsh = whole.or_else(|| {
            let sentences: Vec<&str> = english.split_inclusive(". ").collect();
            let each = sentences.iter().map(|one| self.one_of(one, used));
            let each: Option<Vec<String>> = each.collect();
            each.filter(|all| all.len() > 1).map(|all| all.join(" "))
        })?;
        Some(places::mutated(&welsh))
    }

    /// One of several sentences, which may stand elsewhere without its full stop.
    fn one_of(&self, sentence: &str, used: &mut Vec<String>) -> Option<String> {
        let sentence = sentence.trim_end();
        if !sentence.contains(char::is_alphabetic) {
            return Some(sentence.to_owned());
        }
        let whole = self.found(sentence, DEPTH, used);
        whole.or_else(|| {
            let bare = sentence.strip_suffix('.')?;
            self.found(bare, DEPTH, used).map(|welsh| format!("{welsh}."))
        })
    }

    fn found(&self, english: &str, depth: u8, used: &mut Vec<String>) -> Option<String> {
        if !english.contains(char::is_alphabetic) {
            return None;
        }
        if let Some(date) = date(english) {
            return Some(date);
        }
        if let Some(message) = self.fixed.get(english) {
            used.push(message.key.clone());
            return Some(message.filled(&BTreeMap::new()));
        }
        if let Some(nations) = self.nations(english, used) {
            return Some(nations);
        }
        let depth = depth.checked_sub(1)?;
        for message in &self.open {
            let Some(values) = message.values(english) else {
                continue;
            };
            used.push(message.key.clone());
            let values = values.into_iter().map(|(name, value)| {
                let value = self.found(value, depth, used).unwrap_or_else(|| value.to_owned());
                (name, value)
            });
            let values = values.collect();
            return Some(message.filled(&values));
        }
        None
    }

    /// Nations one after the other, as a site names those that it counts; none where any of them has no Welsh.
    fn nations(&self, english: &str, used: &mut Vec<String>) -> Option<String> {
        let (before, last) = english.rsplit_once(" and ")?;
        let of_place = |name: &str| {
            let message = self.fixed.get(name)?;
            message.key.starts_with("places.").then_some(message)
        };
        let nations = before.split(", ").chain([last]).map(of_place);
        let nations = nations.collect::<Option<Vec<&Message>>>()?;
        used.extend(nations.iter().map(|message| message.key.clone()));
        let welsh: Vec<String> = nations
            .iter()
            .map(|message| message.filled(&BTreeMap::new()))
            .collect();
        Some(places::listed(&welsh))
    }
}

impl Message {
    /// What stands in the open places, if this is the sentence.
    fn values<'t>(&self, text: &'t str) -> Option<Vec<(&str, &'t str)>> {
        let mut values = Vec::new();
        fit(&self.english, text, &mut values).then_some(values)
    }

    fn filled(&self, values: &BTreeMap<&str, String>) -> String {
        let words = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Value(name) => values.get(name.as_str()).cloned().unwrap_or_default(),
        };
        self.welsh.iter().map(words).collect()
    }
}

impl Part {
    fn length(&self) -> usize {
        match self {
            Self::Words(words) => words.len(),
            Self::Value(_) => 0,
        }
    }
}

/// Whether a text is these parts one after the other; then `values` holds what stands in the open ones.
fn fit<'p, 't>(parts: &'p [Part], text: &'t str, values: &mut Vec<(&'p str, &'t str)>) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Words(words), after @ ..] => text
            .strip_prefix(words.as_str())
            .is_some_and(|rest| fit(after, rest, values)),
        [Part::Value(name)] => {
            let fits = may_stand(name, text);
            values.extend(fits.then_some((name.as_str(), text)));
            fits
        }
        [Part::Value(name), Part::Words(words), after @ ..] => {
            let known = values.len();
            text.match_indices(words.as_str()).any(|(at, _)| {
                let (value, rest) = text.split_at(at);
                values.truncate(known);
                values.push((name, value));
                may_stand(name, value) && fit(after, rest.get(words.len()..).unwrap_or_default(), values)
            })
        }
        [Part::Value(_), ..] => false,
    }
}

/// What may stand in an open place: something and no element, by the sign with which its name begins.
///
/// `#` a number; `@` a year, a day, or two with `to` between them; `^` a name; `+` whole sentences; otherwise no more than
/// a part of one, so that no sentence is taken for a part of the one before it.
fn may_stand(name: &str, text: &str) -> bool {
    let digits = |sign: char| sign.is_ascii_digit() || matches!(sign, ',' | '.');
    let fits = match name.chars().next() {
        Some('#') => text.chars().all(digits),
        Some('@') => text.chars().all(|sign| sign.is_ascii_digit()) || date(text).is_some(),
        Some('^') => is_name(text),
        Some('+') => true,
        _ => !text.contains(". "),
    };
    fits && !text.contains('<') && !text.trim().is_empty()
}

/// Whether this can be the name of a place: each word has a capital or a figure, but for those that join others.
fn is_name(text: &str) -> bool {
    const JOINING: [&str; 7] = ["and", "at", "for", "of", "the", "upon", "&"];
    let is_part = |word: &str| !word.starts_with(char::is_lowercase) || JOINING.contains(&word);
    text.split_whitespace().all(is_part)
}

/// The sentences of a file: a table of tables, each key with its text.
fn read(file: &'static str, text: &str) -> Result<BTreeMap<String, String>, PublishError> {
    let tables: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(text).map_err(|error| PublishError::facts(file, error.to_string()))?;
    let all = tables.into_iter().flat_map(|(table, sentences)| {
        sentences
            .into_iter()
            .map(move |(key, text)| (format!("{table}.{key}"), text))
    });
    Ok(all.collect())
}

/// A sentence as words and open places.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !words.is_empty() {
            parts.push(Part::Words(words.to_owned()));
        }
        parts.push(Part::Value(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Words(rest.to_owned()));
    }
    parts
}

/// A day, or two with `to` between them, in Welsh; none for anything else.
fn date(english: &str) -> Option<String> {
    const MONTHS: [(&str, &str); 12] = [
        ("January", "Ionawr"),
        ("February", "Chwefror"),
        ("March", "Mawrth"),
        ("April", "Ebrill"),
        ("May", "Mai"),
        ("June", "Mehefin"),
        ("July", "Gorffennaf"),
        ("August", "Awst"),
        ("September", "Medi"),
        ("October", "Hydref"),
        ("November", "Tachwedd"),
        ("December", "Rhagfyr"),
    ];
    let mut months = 0;
    let mut words = Vec::new();
    for word in english.split(' ') {
        let bare = word.trim_end_matches(',');
        if let Some((name, welsh)) = MONTHS.iter().find(|(name, _)| *name == bare) {
            months += 1;
            words.push(word.replace(name, welsh));
        } else if word == "to" {
            words.push("i".to_owned());
        } else if !bare.is_empty() && bare.chars().all(|sign| sign.is_ascii_digit()) {
            words.push(word.to_owned());
        } else {
            return None;
        }
    }
    (months > 0).then(|| words.join(" "))
}
