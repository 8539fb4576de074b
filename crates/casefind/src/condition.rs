//! The closed subset of SQL that a rule may use, checked before any row is read.
//!
//! Allowed: columns of the rule's table, text, numbers and dates in quotes, comparisons,
//! `in`, `between`, `like 'PREFIX%'`, `is (not) null`, `is (not) true`, `and`, `or`, `not`,
//! and the functions `any_code`, `any_pair`, `any_phrase`. Everything else is refused with a
//! reason. What passes becomes a tree ([`Condition`]), so that nothing of the author's text reaches
//! the engine unread.

use layouts::DocumentedColumn;
use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator, Value,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use vocabulary::table::Kind;

use crate::lists::Lists;

mod portable;
mod tree;

pub use portable::Dialect;
pub(crate) use portable::Portable;
pub(crate) use tree::{Condition, Operand, Order, Question, quoted, text_literal};

/// Checks a condition against the columns of its table.
pub(crate) fn read(text: &str, columns: &[DocumentedColumn], lists: &Lists) -> Result<Condition, String> {
    let mut parser = Parser::new(&GenericDialect {})
        .try_with_sql(text)
        .map_err(|error| format!("the condition is not valid: {error}"))?;
    let expression = parser
        .parse_expr()
        .map_err(|error| format!("the condition is not valid: {error}"))?;
    let rest = parser.peek_token();
    if rest.token != sqlparser::tokenizer::Token::EOF {
        return Err(format!(
            "the condition goes on after its end, at `{}`",
            rest.token
        ));
    }
    let checker = Checker { columns, lists };
    checker.truth(&expression)
}

/// Checks that a column is there and is a date, text …; gives it quoted.
pub(crate) fn column(name: &str, wanted: Kind, columns: &[DocumentedColumn]) -> Result<String, String> {
    let found = find(name, columns)?;
    if found.kind != wanted {
        return Err(format!(
            "column `{name}` is {}, not {}",
            word(found.kind),
            word(wanted)
        ));
    }
    Ok(quoted(&found.name))
}

struct Checker<'a> {
    columns: &'a [DocumentedColumn],
    lists: &'a Lists,
}

impl Checker<'_> {
    /// An expression that is true or false.
    fn truth(&self, expression: &Expr) -> Result<Condition, String> {
        let part = |expression: &Expr| self.truth(expression).map(Box::new);
        match expression {
            Expr::Nested(inner) => Ok(Condition::Nested(part(inner)?)),
            Expr::UnaryOp {
                op: UnaryOperator::Not,
                expr,
            } => Ok(Condition::Not(part(expr)?)),
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => Ok(Condition::And(part(left)?, part(right)?)),
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Or,
                right,
            } => Ok(Condition::Or(part(left)?, part(right)?)),
            other => self.question(other).map(Condition::Asks),
        }
    }

    fn question(&self, expression: &Expr) -> Result<Question, String> {
        match expression {
            Expr::BinaryOp { left, op, right } => self.comparison(left, op, right),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated),
            Expr::Between {
                expr,
                negated,
                low,
                high,
            } => self.between(expr, low, high, *negated),
            Expr::Like {
                negated: false,
                any: false,
                expr,
                pattern,
                escape_char: None,
            } => self.prefix(expr, pattern),
            Expr::IsNull(inner) | Expr::IsNotNull(inner) => Ok(Question::Blank {
                of: self.value(inner)?,
                negated: matches!(expression, Expr::IsNotNull(_)),
            }),
            Expr::IsTrue(inner) | Expr::IsNotTrue(inner) => Ok(Question::Yes {
                of: self.flag(inner)?,
                negated: matches!(expression, Expr::IsNotTrue(_)),
            }),
            Expr::Function(function) => self.function(function),
            other => Err(format!(
                "`{other}` is not allowed; a condition uses comparisons, in, between, like 'PREFIX%', is null, and, or, not, any_code, any_pair and any_phrase"
            )),
        }
    }

    fn flag(&self, expression: &Expr) -> Result<Operand, String> {
        let value = self.value(expression)?;
        match value.kind() {
            Kind::Flag => Ok(value),
            kind => Err(format!("{} is {}, not yes or no", value.words(), word(kind))),
        }
    }

    fn comparison(&self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<Question, String> {
        let order = match op {
            BinaryOperator::Eq => Order::Equal,
            BinaryOperator::NotEq => Order::Differs,
            BinaryOperator::Lt => Order::Less,
            BinaryOperator::LtEq => Order::AtMost,
            BinaryOperator::Gt => Order::More,
            BinaryOperator::GtEq => Order::AtLeast,
            _ => return Err(format!("`{op}` is not allowed in a condition")),
        };
        let left = self.value(left)?;
        let right = self.fitting(right, left.kind())?;
        // A comparison with a blank is not met, rather than unknown.
        Ok(Question::Compares(left, order, right))
    }

    fn in_list(&self, expression: &Expr, list: &[Expr], negated: bool) -> Result<Question, String> {
        let of = self.value(expression)?;
        let items = list.iter().map(|item| self.fitting(item, of.kind()));
        let items = items.collect::<Result<Vec<_>, _>>()?;
        Ok(Question::In { of, items, negated })
    }

    fn between(&self, expression: &Expr, low: &Expr, high: &Expr, negated: bool) -> Result<Question, String> {
        let of = self.value(expression)?;
        let (low, high) = (self.fitting(low, of.kind())?, self.fitting(high, of.kind())?);
        Ok(Question::Between {
            of,
            low,
            high,
            negated,
        })
    }

    fn prefix(&self, expression: &Expr, pattern: &Expr) -> Result<Question, String> {
        let of = self.value(expression)?;
        let text = literal(pattern).ok_or("`like` takes a text in quotes")?;
        let prefix = text.strip_suffix('%').unwrap_or_default();
        if of.kind() != Kind::Text || prefix.is_empty() || prefix.contains(['%', '_', '\\']) {
            return Err("`like` is for text and a prefix only, as in like 'C50%'".to_owned());
        }
        Ok(Question::Begins(of, prefix.to_owned()))
    }

    fn function(&self, function: &Function) -> Result<Question, String> {
        let name = function.name.to_string().to_lowercase();
        let arguments = arguments(function)?;
        let text = |at: usize| -> Result<Operand, String> {
            let expression = arguments
                .get(at)
                .ok_or_else(|| format!("`{name}` lacks its argument {}", at + 1))?;
            let value = self.value(expression)?;
            match value.kind() {
                Kind::Text => Ok(value),
                kind => Err(format!(
                    "`{name}` takes text, and {} is {}",
                    value.words(),
                    word(kind)
                )),
            }
        };
        let (question, width) = match name.as_str() {
            "any_code" => (Question::AnyCode(text(0)?, self.set(&arguments, 1, false)?), 2),
            "any_pair" => {
                let (types, sites) = (self.set(&arguments, 1, false)?, self.set(&arguments, 2, false)?);
                (Question::AnyPair(text(0)?, types, sites), 3)
            }
            "any_phrase" => {
                let date = self.value(arguments.get(1).ok_or("`any_phrase` lacks its date")?)?;
                if date.kind() != Kind::Date {
                    return Err(format!(
                        "the second argument of `any_phrase` is a date, and {} is {}",
                        date.words(),
                        word(date.kind())
                    ));
                }
                (
                    Question::AnyPhrase(text(0)?, date, self.set(&arguments, 2, true)?),
                    3,
                )
            }
            _ => {
                return Err(format!(
                    "no function `{name}`; there are any_code, any_pair and any_phrase"
                ));
            }
        };
        if arguments.len() == width {
            Ok(question)
        } else {
            Err(format!("`{name}` takes {width} arguments"))
        }
    }

    /// The name of a set, checked to be there and to be of the right sort.
    fn set(&self, arguments: &[&Expr], at: usize, phrases: bool) -> Result<String, String> {
        let name = arguments.get(at).and_then(|argument| literal(argument));
        let name = name.ok_or("the name of a list is a text in quotes")?;
        match self.lists.sets.get(name) {
            Some(engine::NamedSet::Phrases(_)) if phrases => Ok(name.to_owned()),
            Some(engine::NamedSet::Codes(_)) if !phrases => Ok(name.to_owned()),
            Some(_) => Err(format!("list `{name}` is of the other sort (codes or phrases)")),
            None => {
                let known = self.lists.sets.keys().map(String::as_str);
                Err(format!("no list `{name}`{}", suggestion(name, known)))
            }
        }
    }

    /// A column or a literal.
    fn value(&self, expression: &Expr) -> Result<Operand, String> {
        match expression {
            Expr::Nested(inner) => self.value(inner),
            Expr::Identifier(name) => {
                if let Some(element) = self.element(&name.value) {
                    return Ok(element);
                }
                let column = find(&name.value, self.columns)?;
                Ok(Operand::Column(column.name.clone(), column.kind))
            }
            Expr::Value(value) => match &value.value {
                Value::SingleQuotedString(text) => Ok(Operand::Text(text.clone())),
                Value::Number(number, _) => Ok(Operand::Number(number.clone())),
                other => Err(format!("`{other}` is not allowed as a value")),
            },
            other => Err(format!("`{other}` is not a column or a value")),
        }
    }

    /// A literal that fits a kind; text becomes a date beside a date.
    fn fitting(&self, expression: &Expr, kind: Kind) -> Result<Operand, String> {
        if kind == Kind::Date
            && let Some(text) = literal(expression)
        {
            let date = text.parse();
            return date
                .map(Operand::Day)
                .map_err(|_| format!("`{text}` is not a date (YYYY-MM-DD)"));
        }
        let value = self.value(expression)?;
        if value.kind() == kind {
            return Ok(value);
        }
        Err(format!(
            "{} is {}, and is compared with {}",
            value.words(),
            word(value.kind()),
            word(kind)
        ))
    }

    /// `DIAG_03` for the third code of the repeated group `DIAG`.
    fn element(&self, name: &str) -> Option<Operand> {
        let (base, place) = name.rsplit_once('_')?;
        let place: usize = place.parse().ok().filter(|place| (1..=99).contains(place))?;
        let column = self.columns.iter().find(|column| column.name == base)?;
        self.columns
            .iter()
            .all(|column| column.name != name)
            .then_some(())?;
        Some(Operand::Element(column.name.clone(), place))
    }
}

fn arguments(function: &Function) -> Result<Vec<&Expr>, String> {
    let FunctionArguments::List(list) = &function.args else {
        return Err(format!("`{}` takes its arguments in brackets", function.name));
    };
    list.args
        .iter()
        .map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Ok(expression),
            other => Err(format!("`{other}` is not allowed as an argument")),
        })
        .collect()
}

fn literal(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

fn find<'a>(name: &str, columns: &'a [DocumentedColumn]) -> Result<&'a DocumentedColumn, String> {
    columns.iter().find(|column| column.name == name).ok_or_else(|| {
        format!(
            "no column `{name}`{}",
            suggestion(name, columns.iter().map(|column| &*column.name))
        )
    })
}

/// The nearest known name, when it is near enough to be meant.
fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let wanted = name.to_lowercase();
    let nearest = known.min_by_key(|candidate| distance(&wanted, &candidate.to_lowercase()));
    match nearest {
        Some(candidate) => format!("; did you mean `{candidate}`?"),
        None => String::new(),
    }
}

/// Levenshtein distance, for suggestions only.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (corner + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            corner = above;
        }
    }
    row[b.len()]
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Date => "a date",
        Kind::Integer | Kind::Real => "a number",
        Kind::Flag => "yes or no",
        Kind::Texts => "a list",
    }
}

#[cfg(test)]
mod tests;
