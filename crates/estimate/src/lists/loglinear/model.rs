//! A hierarchical log-linear model: which lists depend on which.

use crate::EstimateError;
use crate::lists::{History, ListsError, MOST_LISTS};

/// A hierarchical log-linear model of the overlap table: a set of combinations of lists that have a parameter.
///
/// The constant and every single list always have one; a combination has one only together with all that it holds.
/// The combination of all lists never has one: it would leave nothing to tell how many stand on none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Model {
    lists: usize,
    /// Rising, the constant (0) first, closed downwards.
    terms: Vec<History>,
}

impl Model {
    /// The model in which being on one list says nothing about being on another.
    pub fn independence(lists: usize) -> Result<Self, EstimateError> {
        Self::of_terms(lists, &[])
    }

    /// The smallest hierarchical model that holds these combinations.
    pub fn of_terms(lists: usize, combinations: &[History]) -> Result<Self, EstimateError> {
        if lists < 2 {
            return Err(ListsError::OneList.into());
        }
        if lists > MOST_LISTS {
            let most = MOST_LISTS;
            return Err(ListsError::NumberOfLists { found: lists, most }.into());
        }
        let all = (1 << lists) - 1;
        if combinations.iter().any(|term| term & !all != 0) {
            return Err(ListsError::UnknownHistory { lists }.into());
        }
        if combinations.contains(&all) {
            return Err(ListsError::Saturated.into());
        }
        let terms = (0..=all)
            .filter(|term| term.count_ones() <= 1 || combinations.iter().any(|held| held & term == *term))
            .collect();
        Ok(Self { lists, terms })
    }

    /// A model as written: terms with commas between, the lists of a term with colons, lower terms implied.
    ///
    /// `A:B,A:C` has the pairs *AB* and *AC*; `A:B:C` has that triple and its three pairs; an empty text is independence.
    ///
    /// **Errors.** A name that is no list's (with the nearest that is), a list twice in a term, the term of all lists.
    pub fn parse(text: &str, names: &[String]) -> Result<Self, EstimateError> {
        let mut combinations = Vec::new();
        for term in text.split(',').map(str::trim).filter(|term| !term.is_empty()) {
            let mut combination = 0;
            for name in term.split(':').map(str::trim) {
                let bit = 1 << position(name, names)?;
                if combination & bit != 0 {
                    let term = term.to_owned();
                    return Err(ListsError::RepeatedList { term }.into());
                }
                combination |= bit;
            }
            combinations.push(combination);
        }
        Self::of_terms(names.len(), &combinations)
    }

    /// The model as it is written: the terms that no other implies, pairs first.
    pub fn text(&self, names: &[String]) -> String {
        let mut generators: Vec<History> = self.generators().collect();
        // Pairs before triples, and each in the order of the lists: by the first list, then by the second.
        generators.sort_by_key(|term| (term.count_ones(), std::cmp::Reverse(term.reverse_bits())));
        let written = |term: History| {
            let named: Vec<&str> = members(term)
                .filter_map(|list| names.get(list))
                .map(String::as_str)
                .collect();
            named.join(":")
        };
        generators.into_iter().map(written).collect::<Vec<_>>().join(",")
    }

    /// How many lists it is about.
    pub fn lists(&self) -> usize {
        self.lists
    }

    /// The combinations that have a parameter, rising, the constant first.
    pub fn terms(&self) -> &[History] {
        &self.terms
    }

    /// How many parameters it has.
    pub fn parameters(&self) -> usize {
        self.terms.len()
    }

    /// Whether no list depends on another.
    pub fn is_independence(&self) -> bool {
        self.terms.len() == self.lists + 1
    }

    /// The combinations of two lists or more that no other term implies.
    fn generators(&self) -> impl Iterator<Item = History> + '_ {
        let implied = |term: History| {
            self.terms
                .iter()
                .any(|other| *other != term && other & term == term)
        };
        self.terms
            .iter()
            .copied()
            .filter(move |term| term.count_ones() > 1 && !implied(*term))
    }
}

/// The lists of a combination, in order.
pub(in crate::lists) fn members(combination: History) -> impl Iterator<Item = usize> {
    (0..History::BITS as usize).filter(move |list| combination >> list & 1 == 1)
}

/// Where a list stands, by its name.
fn position(name: &str, names: &[String]) -> Result<usize, ListsError> {
    if let Some(at) = names.iter().position(|known| known == name) {
        return Ok(at);
    }
    let nearest = names
        .iter()
        .map(|known| {
            (
                strsim::damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase()),
                known,
            )
        })
        .min();
    let suggestion = match nearest {
        // A name that shares little more than its length is no suggestion.
        Some((distance, known)) if distance <= known.chars().count().div_ceil(2) => {
            format!("; did you mean \"{known}\"?")
        }
        _ => format!("; the lists are {}", names.join(", ")),
    };
    let name = name.to_owned();
    Err(ListsError::UnknownList { name, suggestion })
}
