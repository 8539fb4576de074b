//! The functions that case definitions may use, beside plain SQL.
//!
//! | function | true when |
//! |---|---|
//! | `any_code(codes, set)` | one of the space-separated codes is in the code set |
//! | `any_pair(pairs, types, sites)` | one `type/site` pair has its type in the first set and its site in the second |
//! | `any_phrase(text, date, set)` | the text holds a phrase of the set that counts on that date |
//!
//! `code_at(codes, n)` gives the n-th code, counted from 1, or null.
//!
//! A set is a text ([`NamedSet::text`]), so that it travels in the plan; the functions travel by name: the same list is
//! registered wherever a plan may run. A half of a pair that was left blank is looked up as `-`.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, Date32Array, StringBuilder};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use serde::{Deserialize, Serialize};
use vocabulary::code::CodeSet;
use vocabulary::date::Date;

use crate::batch::TextColumn;
use crate::known::Known;

/// A named set that a function can ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedSet {
    /// Codes, matched by prefix.
    Codes(Box<CodeSet>),
    /// Phrases, matched as whole words, each within its dates.
    Phrases(Vec<Phrase>),
}

impl NamedSet {
    /// The set as the text that the functions take; the same set gives the same text.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn read(text: &str) -> Result<Arc<Self>> {
        match serde_json::from_str(text) {
            Ok(set) => Ok(Arc::new(set)),
            Err(_) => exec_err!("a set could not be read"),
        }
    }
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

/// The functions of definitions.
pub(crate) fn all() -> Vec<ScalarUDF> {
    [Name::AnyCode, Name::AnyPair, Name::AnyPhrase, Name::CodeAt]
        .into_iter()
        .map(|name| ScalarUDF::from(Function::new(name)))
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Name {
    AnyCode,
    AnyPair,
    AnyPhrase,
    CodeAt,
}

#[derive(Debug)]
struct Function {
    name: Name,
    signature: Signature,
    known: Known<NamedSet>,
}

// A name stands for one function; its sets are among the arguments.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for Function {}
impl std::hash::Hash for Function {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Function {
    fn new(name: Name) -> Self {
        let width = match name {
            Name::AnyCode | Name::CodeAt => 2,
            Name::AnyPair | Name::AnyPhrase => 3,
        };
        Self {
            name,
            signature: Signature::any(width, Volatility::Immutable),
            known: Known::default(),
        }
    }

    fn set(&self, argument: &ColumnarValue) -> Result<Arc<NamedSet>> {
        self.known.get(literal(argument)?, NamedSet::read)
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        match self.name {
            Name::AnyCode => "any_code",
            Name::AnyPair => "any_pair",
            Name::AnyPhrase => "any_phrase",
            Name::CodeAt => "code_at",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(if self.name == Name::CodeAt {
            DataType::Utf8
        } else {
            DataType::Boolean
        })
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = call.number_rows;
        let text = text_array(&call.args[0], rows)?;
        let Some(texts) = TextColumn::of(&text) else {
            return plan_err!("the first argument is text");
        };
        let array: ArrayRef = match self.name {
            Name::AnyCode => Arc::new(any_code(texts, rows, self.set(&call.args[1])?.as_ref())?),
            Name::CodeAt => code_at(texts, rows, whole_number(&call.args[1])?),
            Name::AnyPair => {
                let types = self.set(&call.args[1])?;
                Arc::new(any_pair(texts, rows, &types, self.set(&call.args[2])?.as_ref())?)
            }
            Name::AnyPhrase => {
                let dates = cast(&call.args[1].to_array(rows)?, &DataType::Date32)?;
                Arc::new(any_phrase(
                    texts,
                    &dates,
                    rows,
                    self.set(&call.args[2])?.as_ref(),
                )?)
            }
        };
        Ok(ColumnarValue::Array(array))
    }
}

fn text_array(argument: &ColumnarValue, rows: usize) -> Result<ArrayRef> {
    let array = argument.to_array(rows)?;
    match array.data_type() {
        DataType::Utf8 | DataType::Utf8View => Ok(array),
        _ => Ok(cast(&array, &DataType::Utf8)?),
    }
}

/// A text that is the same for all rows.
pub(crate) fn literal(argument: &ColumnarValue) -> Result<&str> {
    match argument {
        ColumnarValue::Scalar(
            ScalarValue::Utf8(Some(text))
            | ScalarValue::Utf8View(Some(text))
            | ScalarValue::LargeUtf8(Some(text)),
        ) => Ok(text.as_str()),
        _ => plan_err!("what a function is to know is a text in quotes"),
    }
}

fn whole_number(argument: &ColumnarValue) -> Result<usize> {
    match argument {
        ColumnarValue::Scalar(ScalarValue::Int64(Some(number))) if *number > 0 => Ok(*number as usize),
        _ => plan_err!("the place of a code is a whole number from 1"),
    }
}

fn codes(set: &NamedSet) -> Result<&CodeSet> {
    match set {
        NamedSet::Codes(codes) => Ok(codes),
        NamedSet::Phrases(_) => exec_err!("that set holds phrases, not codes"),
    }
}

fn any_code(texts: TextColumn<'_>, rows: usize, set: &NamedSet) -> Result<BooleanArray> {
    let set = codes(set)?;
    Ok((0..rows)
        .map(|row| Some(texts.get(row).is_some_and(|text| set.contains_any(text))))
        .collect())
}

fn any_pair(texts: TextColumn<'_>, rows: usize, types: &NamedSet, sites: &NamedSet) -> Result<BooleanArray> {
    let (types, sites) = (codes(types)?, codes(sites)?);
    Ok((0..rows)
        .map(|row| Some(texts.get(row).is_some_and(|text| holds_pair(text, types, sites))))
        .collect())
}

fn any_phrase(texts: TextColumn<'_>, dates: &ArrayRef, rows: usize, set: &NamedSet) -> Result<BooleanArray> {
    let NamedSet::Phrases(phrases) = set else {
        return exec_err!("that set holds codes, not phrases");
    };
    let Some(dates) = dates.as_any().downcast_ref::<Date32Array>() else {
        return plan_err!("the second argument is a date");
    };
    let on = |row: usize| dates.is_valid(row).then(|| Date::from_days(dates.value(row)));
    Ok((0..rows)
        .map(|row| {
            let Some(text) = texts.get(row) else {
                return Some(false);
            };
            Some(
                phrases
                    .iter()
                    .any(|phrase| phrase.counts_on(on(row)) && phrase.is_in(text)),
            )
        })
        .collect())
}

fn code_at(texts: TextColumn<'_>, rows: usize, place: usize) -> ArrayRef {
    let mut found = StringBuilder::with_capacity(rows, rows * 4);
    for row in 0..rows {
        found.append_option(texts.get(row).and_then(|text| code_of(text, place)));
    }
    Arc::new(found.finish())
}

#[cfg(test)]
mod tests {
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
}
