//! The sets that case definitions ask: codes, and phrases with dates.
//!
//! What a set means is decided here once, for the plans of this program and for whoever tests them. A half of a pair that
//! was left blank is looked up as `-`.

use serde::{Deserialize, Serialize};
use vocabulary::code::CodeSet;
use vocabulary::date::Date;

/// A named set that a condition can ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedSet {
    /// Codes, matched by prefix.
    Codes(Box<CodeSet>),
    /// Phrases, matched as whole words, each within its dates.
    Phrases(Vec<Phrase>),
}

/// Words to look for, and the dates on which they count.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Phrase {
    /// Upper case words.
    pub words: String,
    /// First date on which the phrase counts.
    pub from: Option<Date>,
    /// Last date on which the phrase counts.
    pub until: Option<Date>,
}

impl Phrase {
    /// Whether the phrase counts on that date. One without dates always does; one with dates never does on an unknown
    /// date.
    pub fn counts_on(&self, date: Option<Date>) -> bool {
        match date {
            Some(date) => {
                self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until)
            }
            None => self.from.is_none() && self.until.is_none(),
        }
    }

    /// Whether the text holds the phrase, bounded by anything that is neither letter nor digit.
    pub fn is_in(&self, text: &str) -> bool {
        let edge = |character: Option<char>| !character.is_some_and(char::is_alphanumeric);
        text.match_indices(&self.words).any(|(at, found)| {
            edge(text[..at].chars().next_back()) && edge(text[at + found.len()..].chars().next())
        })
    }
}

/// Whether one of the space-separated `type/site` pairs has its type in the first set and its site in the second. A half
/// that was left blank is looked up as a dash.
pub fn holds_pair(pairs: &str, types: &CodeSet, sites: &CodeSet) -> bool {
    let told = |half| if str::is_empty(half) { "-" } else { half };
    pairs.split(' ').any(|pair| {
        let (kind, site) = pair.split_once('/').unwrap_or((pair, ""));
        types.contains(told(kind)) && sites.contains(told(site))
    })
}

/// The code at a place, counted from 1, of space-separated codes; none where it is missing or a dash.
pub fn code_of(codes: &str, place: usize) -> Option<&str> {
    let code = codes.split(' ').nth(place.checked_sub(1)?);
    code.filter(|code| !code.is_empty() && *code != "-")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn phrase(words: &str, until: Option<Date>) -> Phrase {
        Phrase {
            words: words.to_owned(),
            from: None,
            until,
        }
    }

    #[test]
    fn phrases_are_whole_words() {
        let holds = |text: &str, words: &str| phrase(words, None).is_in(text);
        assert!(holds("EVEROLIMUS + EXEMESTANE", "EVEROLIMUS"));
        assert!(holds("TRASTUZUMAB DERUXTECAN", "TRASTUZUMAB DERUXTECAN"));
        assert!(!holds("TRASTUZUMAB", "TRASTUZUMAB DERUXTECAN"));
        assert!(!holds("NIRAPARIBX", "NIRAPARIB"));
    }

    #[test]
    fn a_dated_phrase_never_counts_on_an_unknown_date() {
        let phrase = phrase("X", Date::new(2020, 2, 29));
        assert!(phrase.counts_on(Date::new(2020, 2, 29)));
        assert!(!phrase.counts_on(Date::new(2020, 3, 1)));
        assert!(!phrase.counts_on(None));
    }

    proptest! {
        /// A pair matches only when both of its halves do; a blank half is a dash.
        #[test]
        fn pairs_match_half_by_half(pairs in prop::collection::vec("(01|03|)/(10|12|)", 1..4)) {
            let [types, sites] = ["03", "10"].map(|code| CodeSet::from_lines([code, "-"]));
            let half = |text: &str, wanted: &str| text.is_empty() || text == wanted;
            let naive = pairs.iter().any(|pair| {
                let (kind, site) = pair.split_once('/').unwrap();
                half(kind, "03") && half(site, "10")
            });
            prop_assert_eq!(holds_pair(&pairs.join(" "), &types, &sites), naive);
        }
    }

    #[test]
    fn a_code_stands_at_its_place_or_nowhere() {
        let codes = "C509 - C795";
        let at = |place| code_of(codes, place);
        assert_eq!(
            [at(0), at(1), at(2), at(3), at(4)],
            [None, Some("C509"), None, Some("C795"), None]
        );
        assert_eq!(code_of("", 1), None);
    }
}
