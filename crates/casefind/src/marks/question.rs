//! The questions that are asked row by row, made ready: columns by place, literals read, sets at hand.

use engine::{NamedSet, Phrase, TextColumn, code_of, holds_pair};
use rustc_hash::FxHashMap;
use vocabulary::code::CodeSet;
use vocabulary::date::Date;
use vocabulary::table::Kind;

use super::bits::Bits;
use super::cells::{Cell, Columns};
use super::{Sets, codes_of};
use crate::condition::{Operand, Order, Question};

/// A question made ready.
#[derive(Debug)]
pub(super) enum Asked {
    Compares(Place, Order, Place),
    In(Place, Vec<Place>, bool),
    Between(Place, Place, Place, bool),
    Begins(Place, String),
    Blank(Place, bool),
    Yes(Place, bool),
    AnyCode(Place, Box<CodeSet>),
    AnyPair(Place, Box<[CodeSet; 2]>),
    AnyPhrase(Place, Place, Vec<Phrase>),
}

/// Where a value comes from.
#[derive(Debug)]
pub(super) enum Place {
    Column(usize),
    Element(usize, usize),
    Text(String),
    Integer(i64),
    Real(f64),
    Day(Date),
}

impl Place {
    fn new(operand: &Operand, column: &mut dyn FnMut(&str, Kind) -> usize) -> Self {
        match operand {
            Operand::Column(name, kind) => Self::Column(column(name, *kind)),
            Operand::Element(name, place) => Self::Element(column(name, Kind::Text), *place),
            Operand::Text(text) => Self::Text(text.clone()),
            Operand::Day(day) => Self::Day(*day),
            Operand::Number(number) => match (number.parse(), number.parse()) {
                (Ok(whole), _) => Self::Integer(whole),
                (_, real) => Self::Real(real.unwrap_or(f64::NAN)),
            },
        }
    }

    fn cell<'c>(&'c self, columns: &Columns<'c>, row: usize) -> Option<Cell<'c>> {
        match self {
            Self::Column(column) => columns.cell(*column, row),
            Self::Element(..) => self.text(columns, row).map(Cell::Text),
            Self::Text(text) => Some(Cell::Text(text)),
            Self::Integer(number) => Some(Cell::Integer(*number)),
            Self::Real(number) => Some(Cell::Real(*number)),
            Self::Day(day) => Some(Cell::Date(*day)),
        }
    }

    fn text<'c>(&'c self, columns: &Columns<'c>, row: usize) -> Option<&'c str> {
        let of = |column: &usize| {
            columns
                .text(*column)
                .and_then(|texts: TextColumn<'c>| texts.get(row))
        };
        match self {
            Self::Column(column) => of(column),
            Self::Element(column, place) => of(column).and_then(|codes| code_of(codes, *place)),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn date(&self, columns: &Columns<'_>, row: usize) -> Option<Date> {
        match self.cell(columns, row) {
            Some(Cell::Date(date)) => Some(date),
            _ => None,
        }
    }
}

impl Asked {
    /// Makes a question ready; `column` gives the place of a column.
    pub(super) fn new(question: &Question, sets: &Sets, column: &mut dyn FnMut(&str, Kind) -> usize) -> Self {
        let mut place = |operand: &Operand| Place::new(operand, column);
        match question {
            Question::Compares(left, order, right) => Self::Compares(place(left), *order, place(right)),
            Question::In { of, items, negated } => {
                Self::In(place(of), items.iter().map(place).collect(), *negated)
            }
            Question::Between {
                of,
                low,
                high,
                negated,
            } => Self::Between(place(of), place(low), place(high), *negated),
            Question::Begins(of, prefix) => Self::Begins(place(of), prefix.clone()),
            Question::Blank { of, negated } => Self::Blank(place(of), *negated),
            Question::Yes { of, negated } => Self::Yes(place(of), *negated),
            Question::AnyCode(of, set) => Self::AnyCode(place(of), Box::new(codes_of(sets, set))),
            Question::AnyPair(of, types, sites) => {
                let pair = [codes_of(sets, types), codes_of(sets, sites)];
                Self::AnyPair(place(of), Box::new(pair))
            }
            Question::AnyPhrase(of, day, set) => {
                let phrases = match sets.get(set) {
                    Some(NamedSet::Phrases(phrases)) => phrases.clone(),
                    _ => Vec::new(),
                };
                Self::AnyPhrase(place(of), place(day), phrases)
            }
        }
    }

    /// The rows that meet it, among those that matter.
    pub(super) fn rows(&self, columns: &Columns<'_>, among: &Bits) -> Bits {
        match self {
            // The names of drugs are few; which phrases a text holds is worked out once.
            Self::AnyPhrase(of, day, phrases) => {
                let mut known: FxHashMap<&str, Vec<&Phrase>> = FxHashMap::default();
                among.only(|row| {
                    let Some(text) = of.text(columns, row) else {
                        return false;
                    };
                    let held = known
                        .entry(text)
                        .or_insert_with(|| phrases.iter().filter(|phrase| phrase.is_in(text)).collect());
                    !held.is_empty() && {
                        let day = day.date(columns, row);
                        held.iter().any(|phrase| phrase.counts_on(day))
                    }
                })
            }
            other => among.only(|row| other.is_met(columns, row)),
        }
    }

    fn is_met(&self, columns: &Columns<'_>, row: usize) -> bool {
        let compare =
            |left: &Place, right: &Place| left.cell(columns, row)?.compare(right.cell(columns, row)?);
        match self {
            Self::Compares(left, order, right) => compare(left, right).is_some_and(|found| match order {
                Order::Equal => found.is_eq(),
                Order::Differs => found.is_ne(),
                Order::Less => found.is_lt(),
                Order::AtMost => found.is_le(),
                Order::More => found.is_gt(),
                Order::AtLeast => found.is_ge(),
            }),
            Self::In(of, items, negated) => is_in(of.cell(columns, row), items, columns, row, *negated),
            Self::Between(of, low, high, negated) => {
                let (low, high) = (compare(of, low), compare(of, high));
                if *negated {
                    low.is_some_and(|low| low.is_lt()) || high.is_some_and(|high| high.is_gt())
                } else {
                    low.is_some_and(|low| low.is_ge()) && high.is_some_and(|high| high.is_le())
                }
            }
            Self::Begins(of, prefix) => of
                .text(columns, row)
                .is_some_and(|text| text.starts_with(prefix.as_str())),
            Self::Blank(of, negated) => of.cell(columns, row).is_none() != *negated,
            Self::Yes(of, negated) => (of.cell(columns, row) == Some(Cell::Flag(true))) != *negated,
            Self::AnyCode(of, set) => of.text(columns, row).is_some_and(|text| set.contains_any(text)),
            Self::AnyPair(of, pair) => {
                let [types, sites] = pair.as_ref();
                of.text(columns, row)
                    .is_some_and(|text| holds_pair(text, types, sites))
            }
            Self::AnyPhrase(of, day, phrases) => of.text(columns, row).is_some_and(|text| {
                let day = day.date(columns, row);
                phrases
                    .iter()
                    .any(|phrase| phrase.counts_on(day) && phrase.is_in(text))
            }),
        }
    }
}

/// Whether a value is one of several. A blank value meets neither the question nor its opposite; a blank among the
/// several leaves the opposite open, so that it is not met.
fn is_in(value: Option<Cell<'_>>, items: &[Place], columns: &Columns<'_>, row: usize, negated: bool) -> bool {
    let Some(value) = value else {
        return false;
    };
    let mut blank = false;
    for item in items {
        match item.cell(columns, row) {
            Some(item) if value.compare(item).is_some_and(|found| found.is_eq()) => return !negated,
            Some(_) => {}
            None => blank = true,
        }
    }
    negated && !blank
}
