//! A condition as SQL that any engine runs: no function of ours, no list beside it.
//!
//! Sets become regular expressions over the text of a column, without a backslash, since engines differ in what it means in a
//! text. What is used beside plain comparisons is `regexp_like(text, pattern)` and `split_part(text, ' ', n)`, which DataFusion,
//! Spark, Databricks, Snowflake and PostgreSQL (15) have; DuckDB has the first as `regexp_matches`.
//!
//! Invariant: a condition is true or false, never unknown, as in the program. A thousand generated conditions find the same
//! rows in this form as in every other.

use std::collections::BTreeMap;

use engine::{NamedSet, Phrase};
use vocabulary::code::CodeSet;

use super::{Condition, Operand, Order, Question, text_literal};

/// How an engine writes names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Names in double quotes, as the standard has it.
    Standard,
    /// Names in back quotes: Spark, Databricks.
    Spark,
}

impl Dialect {
    /// A name of a table or a column.
    pub(crate) fn name(self, name: &str) -> String {
        let mark = match self {
            Self::Standard => '"',
            Self::Spark => '`',
        };
        format!("{mark}{}{mark}", name.replace(mark, &format!("{mark}{mark}")))
    }
}

/// Writes conditions over the columns of one table.
pub(crate) struct Portable<'a> {
    /// The names of the engine.
    pub dialect: Dialect,
    /// The table's short name in the statement.
    pub of: &'a str,
    /// The sets of the definition.
    pub sets: &'a BTreeMap<String, NamedSet>,
}

impl Portable<'_> {
    /// A condition.
    pub(crate) fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Nested(inner) => format!("({})", self.condition(inner)),
            Condition::Not(inner) => format!("(not {})", self.condition(inner)),
            Condition::And(left, right) => {
                format!("({} and {})", self.condition(left), self.condition(right))
            }
            Condition::Or(left, right) => format!("({} or {})", self.condition(left), self.condition(right)),
            Condition::Asks(question) => self.question(question),
        }
    }

    /// A column.
    pub(crate) fn column(&self, name: &str) -> String {
        format!("{}.{}", self.of, self.dialect.name(name))
    }

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Column(name, _) => self.column(name),
            Operand::Element(name, place) => {
                let code = format!("split_part({}, ' ', {place})", self.column(name));
                format!("nullif(nullif({code}, ''), '-')")
            }
            Operand::Text(text) => text_literal(text),
            Operand::Number(number) => number.clone(),
            Operand::Day(day) => format!("date '{day}'"),
        }
    }

    fn question(&self, question: &Question) -> String {
        let not = |negated: &bool| if *negated { "not " } else { "" };
        match question {
            Question::Compares(left, order, right) => met(&format!(
                "{} {} {}",
                self.operand(left),
                sign(*order),
                self.operand(right)
            )),
            Question::In { of, items, negated } => {
                let items: Vec<String> = items.iter().map(|item| self.operand(item)).collect();
                met(&format!(
                    "{} {}in ({})",
                    self.operand(of),
                    not(negated),
                    items.join(", ")
                ))
            }
            Question::Between {
                of,
                low,
                high,
                negated,
            } => met(&format!(
                "{} {}between {} and {}",
                self.operand(of),
                not(negated),
                self.operand(low),
                self.operand(high)
            )),
            Question::Begins(of, prefix) => self.matches(of, &format!("^{}", literally(prefix))),
            Question::Blank { of, negated } => format!("({} is {}null)", self.operand(of), not(negated)),
            Question::Yes { of, negated: false } => met(&format!("{} = true", self.operand(of))),
            Question::Yes { of, negated: true } => {
                format!("(not {})", met(&format!("{} = true", self.operand(of))))
            }
            Question::AnyCode(of, set) => self.matches(of, &any_code(&self.codes(set))),
            Question::AnyPair(of, types, sites) => {
                self.matches(of, &any_pair(&self.codes(types), &self.codes(sites)))
            }
            Question::AnyPhrase(of, day, set) => self.phrases(of, day, set),
        }
    }

    /// Whether a text matches; one that is blank does not, and nothing matches an empty pattern.
    fn matches(&self, of: &Operand, pattern: &str) -> String {
        if pattern.is_empty() {
            return "(1 = 0)".to_owned();
        }
        met(&format!(
            "regexp_like({}, {})",
            self.operand(of),
            text_literal(pattern)
        ))
    }

    fn codes(&self, set: &str) -> CodeSet {
        match self.sets.get(set) {
            Some(NamedSet::Codes(codes)) => (**codes).clone(),
            _ => CodeSet::default(),
        }
    }

    /// Phrases that count within the same dates are one question.
    fn phrases(&self, of: &Operand, day: &Operand, set: &str) -> String {
        let Some(NamedSet::Phrases(phrases)) = self.sets.get(set) else {
            return "(1 = 0)".to_owned();
        };
        let mut by_dates: BTreeMap<_, Vec<&Phrase>> = BTreeMap::new();
        for phrase in phrases {
            by_dates
                .entry((phrase.from, phrase.until))
                .or_default()
                .push(phrase);
        }
        let day = self.operand(day);
        let mut parts = Vec::new();
        for ((from, until), phrases) in by_dates {
            let words: Vec<String> = phrases.iter().map(|phrase| literally(&phrase.words)).collect();
            let mut all = vec![self.matches(of, &format!("{EDGE_BEFORE}({}){EDGE_AFTER}", words.join("|")))];
            all.extend(from.map(|from| met(&format!("{day} >= date '{from}'"))));
            all.extend(until.map(|until| met(&format!("{day} <= date '{until}'"))));
            parts.push(format!("({})", all.join(" and ")));
        }
        if parts.is_empty() {
            return "(1 = 0)".to_owned();
        }
        format!("({})", parts.join(" or "))
    }
}

/// What stands before and after a phrase: nothing, or neither a letter nor a digit.
const EDGE_BEFORE: &str = "(^|[^A-Za-z0-9])";
const EDGE_AFTER: &str = "([^A-Za-z0-9]|$)";

/// A comparison that a blank does not meet.
fn met(comparison: &str) -> String {
    format!("coalesce({comparison}, false)")
}

fn sign(order: Order) -> &'static str {
    match order {
        Order::Equal => "=",
        Order::Differs => "<>",
        Order::Less => "<",
        Order::AtMost => "<=",
        Order::More => ">",
        Order::AtLeast => ">=",
    }
}

/// A text as the pattern that matches it alone. Four characters that no list has cannot be written without a backslash
/// in a way that all engines read alike; any character matches there.
fn literally(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '^' | '[' | ']' | '\\' => pattern.push('.'),
            character if character.is_alphanumeric() || " _-/,:;%&'\"".contains(character) => {
                pattern.push(character);
            }
            character => {
                pattern.push('[');
                pattern.push(character);
                pattern.push(']');
            }
        }
    }
    pattern
}

/// Prefixes, and codes that match only themselves, of a set.
fn split(set: &CodeSet) -> (Vec<String>, Vec<String>) {
    let (prefixes, wholes): (Vec<_>, Vec<_>) = set.codes().into_iter().partition(|code| code.len() >= 3);
    let patterns = |codes: Vec<String>| codes.iter().map(|code| literally(code)).collect();
    (patterns(prefixes), patterns(wholes))
}

/// One of the space-separated codes is in the set; an empty pattern where the set is.
fn any_code(set: &CodeSet) -> String {
    let (prefixes, wholes) = split(set);
    let mut ways = prefixes;
    ways.extend(wholes.iter().map(|code| format!("{code}( |$)")));
    if ways.is_empty() {
        return String::new();
    }
    format!("(^| )({})", ways.join("|"))
}

/// One `type/site` pair has both halves in their sets. A half left blank is a dash.
fn any_pair(types: &CodeSet, sites: &CodeSet) -> String {
    let half = |set: &CodeSet, rest: &str| {
        let (prefixes, mut ways) = split(set);
        ways.extend(prefixes.iter().map(|code| format!("{code}{rest}")));
        let blank = set.contains("-");
        (ways, blank)
    };
    let ((types, no_type), (sites, no_site)) = (half(types, "[^ /]*"), half(sites, "[^ ]*"));
    let of = |ways: &[String], blank: bool| match (ways.is_empty(), blank) {
        (true, _) => None,
        (false, true) => Some(format!("({})?", ways.join("|"))),
        (false, false) => Some(format!("({})", ways.join("|"))),
    };
    let (Some(kind), Some(site)) = (of(&types, no_type), of(&sites, no_site)) else {
        return String::new();
    };
    // A pair without a stroke has no site.
    let told = if no_site {
        format!("(/{site})?")
    } else {
        format!("/{site}")
    };
    format!("(^| ){kind}{told}( |$)")
}
