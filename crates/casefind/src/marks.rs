//! Rules of one table, asked together: each record gets a number with a bit for each rule that it meets.
//!
//! Rules ask the same few columns again and again. A column of codes is walked once for all sets that any rule asks of
//! it ([`codes`]); a rule's other questions are asked only of records that still can meet it. What comes out is that of
//! the conditions as SQL for other engines, record by record; tests compare the two.
//!
//! A plan names marks by a text ([`text`]): the conditions and the sets that they ask. Whoever runs the plan makes the
//! marks from it, so that a plan may run where nobody has read the definition.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{Batch, EngineError, Marker, Markers, NamedSet};
use serde::{Deserialize, Serialize};
use vocabulary::code::CodeSet;
use vocabulary::table::Kind;

use crate::condition::{Condition, Operand, Question, text_literal};

mod bits;
mod cells;
mod codes;
mod question;

use bits::Bits;
use cells::Columns;
use codes::Walk;
use question::Asked;

/// Named sets of a definition.
pub(crate) type Sets = BTreeMap<String, NamedSet>;

/// The marks of definitions as a function of the engine, registered wherever a plan of case-finding may run.
pub const MARKS: Markers = Markers {
    name: "marks",
    read: |text| Ok(Arc::new(Marks::read(text)?)),
};

/// What a text says of marks.
#[derive(Serialize, Deserialize)]
struct Told {
    /// One for each bit; none where every record meets it.
    conditions: Vec<Option<Condition>>,
    /// The sets that the conditions ask.
    sets: Sets,
}

/// Marks as a text, for [`MARKS`]: bit n is that of the n-th condition, and there are at most 63. The same conditions and
/// sets give the same text.
pub(crate) fn text(conditions: &[Option<&Condition>], sets: &Sets) -> String {
    let mut asked = BTreeSet::new();
    for condition in conditions.iter().flatten() {
        condition.sets(&mut asked);
    }
    let told = Told {
        conditions: conditions.iter().map(|condition| condition.cloned()).collect(),
        sets: asked
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), sets.get(name)?.clone())))
            .collect(),
    };
    serde_json::to_string(&told).unwrap_or_default()
}

/// The conditions of some rules, made ready.
#[derive(Debug)]
pub(crate) struct Marks {
    /// The columns to read: the first is one that every table has, so that there is always one.
    columns: Vec<String>,
    kinds: Vec<Kind>,
    walks: Vec<Walk>,
    /// None where every record meets the condition.
    rules: Vec<Option<Tree>>,
}

/// A condition over questions that were made ready.
#[derive(Debug)]
enum Tree {
    Not(Box<Tree>),
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
    /// Whether a code of a column is in a set: which walk, which of its sets.
    Code(usize, usize),
    Asks(Box<Asked>),
}

impl Marks {
    /// Makes ready what a text says.
    pub(crate) fn read(text: &str) -> Result<Self, EngineError> {
        let told: Told = serde_json::from_str(text).map_err(|_| EngineError::Failed {
            what: "reading the questions of a plan".to_owned(),
            code: "E-MARKS",
        })?;
        let conditions: Vec<_> = told.conditions.iter().map(Option::as_ref).collect();
        Ok(Self::new(&conditions, &told.sets))
    }

    /// Makes conditions ready; bit n is that of the n-th.
    fn new(conditions: &[Option<&Condition>], sets: &Sets) -> Self {
        let mut marks = Self {
            columns: vec!["file".to_owned()],
            kinds: vec![Kind::Integer],
            walks: Vec::new(),
            rules: Vec::new(),
        };
        for condition in conditions {
            let rule = condition.map(|condition| marks.tree(condition, sets));
            marks.rules.push(rule);
        }
        for walk in &mut marks.walks {
            walk.prepare();
        }
        marks
    }

    /// The call of the function as SQL, for the text from which these marks were made.
    pub(crate) fn call(&self, text: &str) -> String {
        let columns = self.columns.iter().map(|name| crate::condition::quoted(name));
        let arguments: Vec<String> = std::iter::once(text_literal(text)).chain(columns).collect();
        format!("{}({})", MARKS.name, arguments.join(", "))
    }

    fn tree(&mut self, condition: &Condition, sets: &Sets) -> Tree {
        let mut part = |condition: &Condition| Box::new(self.tree(condition, sets));
        match condition {
            Condition::Nested(inner) => self.tree(inner, sets),
            Condition::Not(inner) => Tree::Not(part(inner)),
            Condition::And(left, right) => Tree::And(part(left), part(right)),
            Condition::Or(left, right) => Tree::Or(part(left), part(right)),
            Condition::Asks(question) => self.question(question, sets),
        }
    }

    fn question(&mut self, question: &Question, sets: &Sets) -> Tree {
        if let Question::AnyCode(Operand::Column(name, kind), set) = question {
            let column = self.column(name, *kind);
            return self.code(column, set, codes_of(sets, set));
        }
        let asked = Asked::new(question, sets, &mut |name, kind| self.column(name, kind));
        Tree::Asks(Box::new(asked))
    }

    /// The walk over a column that has a set, and its place there.
    fn code(&mut self, column: usize, name: &str, set: CodeSet) -> Tree {
        for (number, walk) in self.walks.iter_mut().enumerate() {
            if walk.column() == column
                && let Some(place) = walk.add(name, &set)
            {
                return Tree::Code(number, place);
            }
        }
        self.walks.push(Walk::new(column, name, set));
        Tree::Code(self.walks.len() - 1, 0)
    }

    fn column(&mut self, name: &str, kind: Kind) -> usize {
        if let Some(place) = self.columns.iter().position(|column| column == name) {
            return place;
        }
        self.columns.push(name.to_owned());
        self.kinds.push(kind);
        self.columns.len() - 1
    }
}

/// A set of codes by its name; a checked condition names no other.
fn codes_of(sets: &Sets, name: &str) -> CodeSet {
    match sets.get(name) {
        Some(NamedSet::Codes(codes)) => (**codes).clone(),
        _ => CodeSet::default(),
    }
}

impl Marker for Marks {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn mark(&self, batch: &Batch) -> Result<Vec<i64>, EngineError> {
        let columns = Columns::of(batch, &self.columns, &self.kinds)?;
        let mut look = Look {
            marks: self,
            columns: &columns,
            walked: self.walks.iter().map(|_| None).collect(),
        };
        let everything = Bits::all(batch.rows());
        let mut marks = vec![0; batch.rows()];
        for (bit, rule) in self.rules.iter().enumerate() {
            let met = match rule {
                Some(rule) => look.meet(rule, &everything),
                None => everything.clone(),
            };
            met.each(|row| {
                if let Some(mark) = marks.get_mut(row) {
                    *mark |= 1_i64 << bit;
                }
            });
        }
        Ok(marks)
    }
}

/// One look at a batch.
struct Look<'a> {
    marks: &'a Marks,
    columns: &'a Columns<'a>,
    /// What the walks that were made found: the rows of each set.
    walked: Vec<Option<Vec<Bits>>>,
}

impl Look<'_> {
    /// The rows that meet a condition, among those that still matter.
    fn meet(&mut self, tree: &Tree, among: &Bits) -> Bits {
        if among.is_empty() {
            return among.clone();
        }
        match tree {
            Tree::Not(inner) => among.without(&self.meet(inner, among)),
            Tree::And(left, right) => {
                let met = self.meet(left, among);
                self.meet(right, &met)
            }
            Tree::Or(left, right) => {
                let met = self.meet(left, among);
                let rest = self.meet(right, &among.without(&met));
                met.or(&rest)
            }
            Tree::Code(walk, set) => self.code(*walk, *set, among),
            Tree::Asks(asked) => asked.rows(self.columns, among),
        }
    }

    /// A column is walked whole when many of its rows matter; the answer then serves every rule.
    fn code(&mut self, number: usize, set: usize, among: &Bits) -> Bits {
        let (Some(walk), Some(walked)) = (self.marks.walks.get(number), self.walked.get_mut(number)) else {
            return among.without(among);
        };
        let texts = self.columns.text(walk.column());
        if walked.is_none() && among.count() * 8 < among.rows() {
            return among.only(|row| {
                texts
                    .and_then(|texts| texts.get(row))
                    .is_some_and(|text| walk.holds(set, text))
            });
        }
        let found = walked.get_or_insert_with(|| walk.all(texts, among.rows()));
        found
            .get(set)
            .map_or_else(|| among.without(among), |found| among.and(found))
    }
}
