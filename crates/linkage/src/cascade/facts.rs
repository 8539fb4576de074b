//! What is known about a cluster, and whether two clusters may be one person.
//!
//! The check is over whole clusters, so that no chain through a weak link brings two people together:
//! whatever way two clusters came to be compared, all their members are heard.

use serde::Serialize;

use super::birth::{BirthAgreement, Born};
use super::identity::{Identity, Number, kind};
use super::intern::{NO_WORD, Word, Words};
use super::name::{family_may_be, given_may_be};
use super::step::{Shares, Step};

/// Why two clusters were not joined, or were joined with a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each has its words in `Reason::words`")]
pub enum Reason {
    NumberAndBirthDate,
    Number,
    BirthDate,
    GivenName,
    Name,
    Sex,
    Ambiguous,
    KeyWithTwoNumbers,
    KeyWithTwoBirthDates,
    Shared,
    DecidedApart,
    DecidedAgainst,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 12] = [
        Self::NumberAndBirthDate,
        Self::Number,
        Self::BirthDate,
        Self::GivenName,
        Self::Name,
        Self::Sex,
        Self::Ambiguous,
        Self::KeyWithTwoNumbers,
        Self::KeyWithTwoBirthDates,
        Self::Shared,
        Self::DecidedApart,
        Self::DecidedAgainst,
    ];

    /// The reason in words, without any value.
    pub fn words(self) -> &'static str {
        match self {
            Self::NumberAndBirthDate => "different valid numbers and different birth dates: not joined",
            Self::Number => {
                "different valid numbers of one kind: not joined; one of them may be another person's"
            }
            Self::BirthDate => "different birth dates: not joined",
            Self::GivenName => "different given names, as twins have: not joined",
            Self::Name => "different family and given names: not joined",
            Self::Sex => "different sex: not joined",
            Self::Ambiguous => "fits two people who cannot be one: joined to neither",
            Self::KeyWithTwoNumbers => "one key with two valid numbers of one kind: joined, please check",
            Self::KeyWithTwoBirthDates => {
                "one key with two birth dates more than a slip apart: joined, please check"
            }
            Self::Shared => {
                "a value that more people share than one person, address or date can have: not used"
            }
            Self::DecidedApart => "somebody decided that they are two people: not joined",
            Self::DecidedAgainst => {
                "somebody decided that they are one person, and the records contradict each other: joined, please check"
            }
        }
    }
}

/// What the members of a cluster say, each value once.
#[derive(Default)]
pub(crate) struct Facts {
    numbers: Vec<Number>,
    births: Vec<Born>,
    families: Vec<Word>,
    givens: Vec<Word>,
    sexes: u8,
}

impl Facts {
    pub(crate) fn clear(&mut self) {
        self.numbers.clear();
        self.births.clear();
        self.families.clear();
        self.givens.clear();
        self.sexes = 0;
    }

    pub(crate) fn take_in(&mut self, identity: &Identity) {
        keep(&mut self.numbers, identity.number);
        keep(&mut self.births, identity.born);
        keep(&mut self.families, identity.family);
        keep(&mut self.givens, identity.given);
        self.sexes |= identity.sex;
    }

    /// Takes in all that others say.
    pub(crate) fn absorb(&mut self, other: &Self) {
        other
            .numbers
            .iter()
            .for_each(|&number| keep(&mut self.numbers, number));
        other.births.iter().for_each(|&born| keep(&mut self.births, born));
        other
            .families
            .iter()
            .for_each(|&name| keep(&mut self.families, name));
        other.givens.iter().for_each(|&name| keep(&mut self.givens, name));
        self.sexes |= other.sexes;
    }

    /// The same number on both sides.
    fn numbers_agree(&self, other: &Self) -> bool {
        self.numbers.iter().any(|number| other.numbers.contains(number))
    }

    /// Both have numbers of some kind, and none of that kind in common.
    fn numbers_conflict(&self, other: &Self) -> bool {
        let of_kind = |facts: &Self, number: Number| facts.numbers.iter().any(|n| kind(*n) == kind(number));
        let common = |number: Number| {
            self.numbers
                .iter()
                .any(|n| kind(*n) == kind(number) && other.numbers.contains(n))
        };
        self.numbers
            .iter()
            .any(|&number| of_kind(other, number) && !common(number))
    }

    /// Both have numbers, and none in common, of whatever kinds.
    fn numbers_differ(&self, other: &Self) -> bool {
        !self.numbers.is_empty() && !other.numbers.is_empty() && !self.numbers_agree(other)
    }

    /// Both have a birth date, and all pairs are more than a slip apart.
    fn births_conflict(&self, other: &Self) -> bool {
        let differ = |a: &Born| {
            other
                .births
                .iter()
                .all(|b| a.agreement(*b) == BirthAgreement::Differs)
        };
        !self.births.is_empty() && !other.births.is_empty() && self.births.iter().all(differ)
    }

    /// Some pair of birth dates is more than a near slip apart: stricter, for joins that rest on a slip.
    fn some_births_apart(&self, other: &Self) -> bool {
        let apart = |a: &Born, b: &Born| a.agreement(*b) >= BirthAgreement::FarSlip;
        self.births
            .iter()
            .any(|a| other.births.iter().any(|b| apart(a, b)))
    }

    fn sexes_conflict(&self, other: &Self) -> bool {
        self.sexes != 0 && other.sexes != 0 && self.sexes & other.sexes == 0
    }

    /// Family and given name changed round on one side.
    fn turned_round(&self, other: &Self) -> bool {
        let meet = |a: &[Word], b: &[Word]| a.iter().any(|word| b.contains(word));
        meet(&self.givens, &other.families) && meet(&self.families, &other.givens)
    }

    fn givens_conflict(&self, other: &Self, words: &Words) -> bool {
        !self.turned_round(other)
            && conflict(&self.givens, &other.givens, |a, b| {
                given_may_be(words.text(a), words.text(b))
            })
    }

    fn families_conflict(&self, other: &Self, words: &Words) -> bool {
        !self.turned_round(other)
            && conflict(&self.families, &other.families, |a, b| {
                family_may_be(words.text(a), words.text(b))
            })
    }

    /// Why a step may not join two clusters whose members it found to agree, if anything speaks against it.
    pub(crate) fn against(&self, other: &Self, step: Step, words: &Words) -> Option<Reason> {
        if self.numbers_conflict(other) {
            if self.births_conflict(other) {
                return Some(Reason::NumberAndBirthDate);
            }
            if step != Step::Key {
                return Some(Reason::Number);
            }
        }
        // Two nations may give out one key, and each has numbers of its own kind.
        if step == Step::Key && self.numbers_differ(other) && self.births_conflict(other) {
            return Some(Reason::NumberAndBirthDate);
        }
        let sex = || self.sexes_conflict(other);
        let given = || self.givens_conflict(other, words);
        let family = || self.families_conflict(other, words);
        match step {
            Step::Decision | Step::Key | Step::NumberBirthDate | Step::NameBirthDatePostcode => None,
            Step::NumberNearBirthDate | Step::NumberOnly | Step::LocalId if given() && family() => {
                Some(Reason::Name)
            }
            Step::NumberName if sex() && (given() || family()) => Some(Reason::Sex),
            Step::NumberName => None,
            Step::NumberPostcode if given() => Some(Reason::GivenName),
            Step::BirthDateSexOrganisation | Step::BirthDateOrganisation if family() => Some(Reason::Name),
            Step::NamePostcode if self.some_births_apart(other) => Some(Reason::BirthDate),
            _ if sex() => Some(Reason::Sex),
            _ if step.shares() != Shares::Number && given() => Some(Reason::GivenName),
            _ => None,
        }
    }

    /// What deserves a note although the clusters are joined.
    pub(crate) fn note(&self, other: &Self, step: Step) -> Option<Reason> {
        match step {
            Step::Key if self.numbers_conflict(other) => Some(Reason::KeyWithTwoNumbers),
            Step::Key if self.births_conflict(other) => Some(Reason::KeyWithTwoBirthDates),
            _ => None,
        }
    }

    /// True when two clusters cannot be one person, so that a third which fits both fits neither.
    pub(crate) fn apart(&self, other: &Self, words: &Words) -> bool {
        self.numbers_conflict(other)
            || self.births_conflict(other)
            || (!self.numbers_agree(other)
                && (self.sexes_conflict(other) || self.givens_conflict(other, words)))
    }
}

/// Nobody has more names, numbers or birth dates than this; what follows is not heard.
const MOST_VALUES: usize = 64;

fn keep<T: PartialEq + Default>(values: &mut Vec<T>, value: T) {
    if value != T::default() && values.len() < MOST_VALUES && !values.contains(&value) {
        values.push(value);
    }
}

fn conflict(a: &[Word], b: &[Word], may_be: impl Fn(Word, Word) -> bool) -> bool {
    debug_assert!(!a.contains(&NO_WORD) && !b.contains(&NO_WORD));
    !a.is_empty() && !b.is_empty() && !a.iter().any(|&x| b.iter().any(|&y| x == y || may_be(x, y)))
}
