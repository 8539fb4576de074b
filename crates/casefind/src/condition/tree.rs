//! A condition that was checked, as a tree: what it asks of which column.
//!
//! Invariant: a condition is true or false, never unknown: what a blank column says is decided at each leaf.

use std::collections::{BTreeMap, BTreeSet};

use engine::NamedSet;
use serde::{Deserialize, Serialize};
use vocabulary::code::CodeSet;
use vocabulary::date::Date;
use vocabulary::table::Kind;

/// A checked condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Condition {
    /// In brackets.
    Nested(Box<Condition>),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    /// One question.
    Asks(Question),
}

/// One question of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Question {
    /// A comparison; not met by a blank.
    Compares(Operand, Order, Operand),
    /// One of several values; neither met by a blank, nor its opposite.
    In {
        of: Operand,
        items: Vec<Operand>,
        negated: bool,
    },
    Between {
        of: Operand,
        low: Operand,
        high: Operand,
        negated: bool,
    },
    /// The text begins with this.
    Begins(Operand, String),
    Blank {
        of: Operand,
        negated: bool,
    },
    /// Yes; or, when negated, no or blank.
    Yes {
        of: Operand,
        negated: bool,
    },
    AnyCode(Operand, String),
    AnyPair(Operand, String, String),
    AnyPhrase(Operand, Operand, String),
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Order {
    Equal,
    Differs,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A column or a literal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Operand {
    Column(String, Kind),
    /// The code at a place, from 1, of a column of codes.
    Element(String, usize),
    Text(String),
    /// As written.
    Number(String),
    Day(Date),
}

impl Operand {
    /// What it holds.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Column(_, kind) => *kind,
            Self::Element(..) | Self::Text(_) => Kind::Text,
            Self::Number(_) => Kind::Integer,
            Self::Day(_) => Kind::Date,
        }
    }

    /// In words, for whoever wrote the condition.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Column(name, _) => quoted(name),
            Self::Element(name, place) => format!("code {place} of {}", quoted(name)),
            Self::Text(text) => text_literal(text),
            Self::Number(number) => number.clone(),
            Self::Day(day) => format!("date '{day}'"),
        }
    }
}

impl Condition {
    /// Whether a record must have a code of `family` in that column to meet this condition.
    pub(crate) fn needs(&self, column: &str, family: &CodeSet, sets: &BTreeMap<String, NamedSet>) -> bool {
        match self {
            Self::Nested(inner) => inner.needs(column, family, sets),
            Self::Not(_) => false,
            Self::And(left, right) => left.needs(column, family, sets) || right.needs(column, family, sets),
            Self::Or(left, right) => left.needs(column, family, sets) && right.needs(column, family, sets),
            Self::Asks(Question::AnyCode(Operand::Column(name, _), set)) => {
                name == column
                    && matches!(sets.get(set), Some(NamedSet::Codes(codes)) if codes.is_within(family))
            }
            Self::Asks(_) => false,
        }
    }

    /// Columns and codes of which a record must have one to meet this condition, as (column, set); none where it may be met
    /// without.
    pub(crate) fn needed(&self, sets: &BTreeMap<String, NamedSet>) -> Option<Vec<(String, CodeSet)>> {
        match self {
            Self::Nested(inner) => inner.needed(sets),
            Self::And(left, right) => left.needed(sets).or_else(|| right.needed(sets)),
            Self::Or(left, right) => {
                let mut needed = left.needed(sets)?;
                needed.extend(right.needed(sets)?);
                Some(needed)
            }
            Self::Asks(Question::AnyCode(Operand::Column(name, _), set)) => match sets.get(set) {
                Some(NamedSet::Codes(codes)) => Some(vec![(name.clone(), codes.as_ref().clone())]),
                _ => None,
            },
            Self::Not(_) | Self::Asks(_) => None,
        }
    }

    /// Gathers the names of the sets that it asks.
    pub(crate) fn sets<'a>(&'a self, names: &mut BTreeSet<&'a str>) {
        match self {
            Self::Nested(inner) | Self::Not(inner) => inner.sets(names),
            Self::And(left, right) | Self::Or(left, right) => {
                left.sets(names);
                right.sets(names);
            }
            Self::Asks(Question::AnyCode(_, set) | Question::AnyPhrase(_, _, set)) => {
                names.insert(set);
            }
            Self::Asks(Question::AnyPair(_, types, sites)) => names.extend([types.as_str(), sites]),
            Self::Asks(_) => {}
        }
    }
}

/// A name as SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL.
pub(crate) fn text_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
