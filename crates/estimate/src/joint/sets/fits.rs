//! What the lists said of each table, kept for the next estimate: most tables of a study are the same a month later.
//!
//! A question holds everything that an answer depends on, number by number, so that an answer is never given to another
//! question. Numbers with a fraction are kept as their bits.

use std::collections::BTreeMap;

use crate::lists::Missed;
use crate::numbers::{Numbers, put_reals};

use super::fit::Law;

/// Answers of an estimate. With them a later one works out only what changed, and says the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fits(BTreeMap<Vec<u64>, Vec<u64>>);

/// What is worked out of one table.
pub(super) struct Answer {
    pub(super) laws: Vec<Law>,
    pub(super) slope: Vec<f64>,
    pub(super) missed: Missed,
}

impl Fits {
    /// How many tables.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[cfg(test)]
    pub(in super::super) fn each(&self) -> impl Iterator<Item = (&[u64], &[u64])> {
        self.0
            .iter()
            .map(|(question, answer)| (question.as_slice(), answer.as_slice()))
    }

    /// As bytes: numbers of eight, the lowest first; each list after its length.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut put = |number: u64| bytes.extend_from_slice(&number.to_le_bytes());
        for list in self.0.iter().flat_map(|(question, answer)| [question, answer]) {
            put(list.len() as u64);
            list.iter().for_each(|number| put(*number));
        }
        bytes
    }

    /// From those bytes; none where they are no such.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() {
            return None;
        }
        let numbers: Vec<u64> = numbers.iter().map(|number| u64::from_le_bytes(*number)).collect();
        let mut numbers = Numbers::of(&numbers);
        let mut kept = BTreeMap::new();
        while !numbers.is_empty() {
            let question = numbers.list(Numbers::whole)?;
            let answer = numbers.list(Numbers::whole)?;
            Answer::from_numbers(&answer)?;
            kept.insert(question, answer);
        }
        Some(Self(kept))
    }

    pub(super) fn answer(&self, question: &[u64]) -> Option<Answer> {
        Answer::from_numbers(self.0.get(question)?)
    }

    pub(super) fn put(&mut self, question: Vec<u64>, laws: &[Law], slope: &[f64], missed: &Missed) {
        let mut answer = vec![laws.len() as u64];
        for law in laws {
            law.put(&mut answer);
        }
        put_reals(slope, &mut answer);
        missed.put(&mut answer);
        self.0.insert(question, answer);
    }
}

impl Answer {
    fn from_numbers(numbers: &[u64]) -> Option<Self> {
        let mut numbers = Numbers::of(numbers);
        let answer = Self {
            laws: numbers.list(Law::take)?,
            slope: numbers.list(Numbers::real)?,
            missed: Missed::take(&mut numbers)?,
        };
        numbers.is_empty().then_some(answer)
    }
}
