//! The closed subset of SQL that a rule may use, checked before any row is read.
//!
//! Allowed: columns of the rule's table, text, numbers and dates in quotes, comparisons,
//! `in`, `between`, `like 'PREFIX%'`, `is (not) null`, `is (not) true`, `and`, `or`, `not`,
//! and the functions `any_code`, `any_pair`, `any_phrase`. Everything else is refused with a
//! reason. What passes is written anew with every name quoted, so that nothing of the author's
//! text reaches the engine unread.

use layouts::DocumentedColumn;
use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator, Value,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use vocabulary::table::Kind;

use crate::lists::Lists;

/// Checks a condition against the columns of its table and gives it as SQL for the engine.
pub(crate) fn compile(text: &str, columns: &[DocumentedColumn], lists: &Lists) -> Result<String, String> {
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
    fn truth(&self, expression: &Expr) -> Result<String, String> {
        match expression {
            Expr::Nested(inner) => Ok(format!("({})", self.truth(inner)?)),
            Expr::UnaryOp {
                op: UnaryOperator::Not,
                expr,
            } => Ok(format!("(not {})", self.truth(expr)?)),
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => Ok(format!("({} and {})", self.truth(left)?, self.truth(right)?)),
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Or,
                right,
            } => Ok(format!("({} or {})", self.truth(left)?, self.truth(right)?)),
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
            Expr::IsNull(inner) => Ok(format!("({} is null)", self.value(inner)?.0)),
            Expr::IsNotNull(inner) => Ok(format!("({} is not null)", self.value(inner)?.0)),
            Expr::IsTrue(inner) => Ok(format!("({} is true)", self.flag(inner)?)),
            Expr::IsNotTrue(inner) => Ok(format!("({} is not true)", self.flag(inner)?)),
            Expr::Function(function) => self.function(function),
            other => Err(format!(
                "`{other}` is not allowed; a condition uses comparisons, in, between, like 'PREFIX%', is null, and, or, not, any_code, any_pair and any_phrase"
            )),
        }
    }

    fn flag(&self, expression: &Expr) -> Result<String, String> {
        match self.value(expression)? {
            (sql, Kind::Flag) => Ok(sql),
            (sql, kind) => Err(format!("{sql} is {}, not yes or no", word(kind))),
        }
    }

    fn comparison(&self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<String, String> {
        use BinaryOperator as Op;
        if !matches!(op, Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq) {
            return Err(format!("`{op}` is not allowed in a condition"));
        }
        let (left_sql, kind) = self.value(left)?;
        let right_sql = self.fitting(right, kind)?;
        // A comparison with a blank is not met, rather than unknown.
        Ok(format!("coalesce({left_sql} {op} {right_sql}, false)"))
    }

    fn in_list(&self, expression: &Expr, list: &[Expr], negated: bool) -> Result<String, String> {
        let (sql, kind) = self.value(expression)?;
        let items = list
            .iter()
            .map(|item| self.fitting(item, kind))
            .collect::<Result<Vec<_>, _>>()?;
        let not = if negated { "not " } else { "" };
        Ok(format!("coalesce({sql} {not}in ({}), false)", items.join(", ")))
    }

    fn between(&self, expression: &Expr, low: &Expr, high: &Expr, negated: bool) -> Result<String, String> {
        let (sql, kind) = self.value(expression)?;
        let (low, high) = (self.fitting(low, kind)?, self.fitting(high, kind)?);
        let not = if negated { "not " } else { "" };
        Ok(format!("coalesce({sql} {not}between {low} and {high}, false)"))
    }

    fn prefix(&self, expression: &Expr, pattern: &Expr) -> Result<String, String> {
        let (sql, kind) = self.value(expression)?;
        let text = literal(pattern).ok_or("`like` takes a text in quotes")?;
        let prefix = text.strip_suffix('%').unwrap_or_default();
        if kind != Kind::Text || prefix.is_empty() || prefix.contains(['%', '_']) {
            return Err("`like` is for text and a prefix only, as in like 'C50%'".to_owned());
        }
        Ok(format!("coalesce({sql} like {}, false)", text_literal(text)))
    }

    fn function(&self, function: &Function) -> Result<String, String> {
        let name = function.name.to_string().to_lowercase();
        let arguments = arguments(function)?;
        let text = |at: usize| -> Result<String, String> {
            let expression = arguments
                .get(at)
                .ok_or_else(|| format!("`{name}` lacks its argument {}", at + 1))?;
            match self.value(expression)? {
                (sql, Kind::Text) => Ok(sql),
                (sql, kind) => Err(format!("`{name}` takes text, and {sql} is {}", word(kind))),
            }
        };
        let (sql, width) = match name.as_str() {
            "any_code" => (
                format!("any_code({}, {})", text(0)?, self.set(&arguments, 1, false)?),
                2,
            ),
            "any_pair" => {
                let (types, sites) = (self.set(&arguments, 1, false)?, self.set(&arguments, 2, false)?);
                (format!("any_pair({}, {types}, {sites})", text(0)?), 3)
            }
            "any_phrase" => {
                let date = arguments.get(1).ok_or("`any_phrase` lacks its date")?;
                let (date, kind) = self.value(date)?;
                if kind != Kind::Date {
                    return Err(format!(
                        "the second argument of `any_phrase` is a date, and {date} is {}",
                        word(kind)
                    ));
                }
                (
                    format!(
                        "any_phrase({}, {date}, {})",
                        text(0)?,
                        self.set(&arguments, 2, true)?
                    ),
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
            Ok(sql)
        } else {
            Err(format!("`{name}` takes {width} arguments"))
        }
    }

    /// The name of a set, checked to be there and to be of the right sort.
    fn set(&self, arguments: &[&Expr], at: usize, phrases: bool) -> Result<String, String> {
        let name = arguments.get(at).and_then(|argument| literal(argument));
        let name = name.ok_or("the name of a list is a text in quotes")?;
        match self.lists.sets.get(name) {
            Some(engine::NamedSet::Phrases(_)) if phrases => Ok(text_literal(name)),
            Some(engine::NamedSet::Codes(_)) if !phrases => Ok(text_literal(name)),
            Some(_) => Err(format!("list `{name}` is of the other sort (codes or phrases)")),
            None => {
                let known = self.lists.sets.keys().map(String::as_str);
                Err(format!("no list `{name}`{}", suggestion(name, known)))
            }
        }
    }

    /// A column or a literal, with its kind.
    fn value(&self, expression: &Expr) -> Result<(String, Kind), String> {
        match expression {
            Expr::Nested(inner) => self.value(inner),
            Expr::Identifier(name) => {
                if let Some(element) = self.element(&name.value) {
                    return Ok((element, Kind::Text));
                }
                let column = find(&name.value, self.columns)?;
                Ok((quoted(&column.name), column.kind))
            }
            Expr::Value(value) => match &value.value {
                Value::SingleQuotedString(text) => Ok((text_literal(text), Kind::Text)),
                Value::Number(number, _) => Ok((number.clone(), Kind::Integer)),
                other => Err(format!("`{other}` is not allowed as a value")),
            },
            other => Err(format!("`{other}` is not a column or a value")),
        }
    }

    /// A literal that fits a kind; text becomes a date beside a date.
    fn fitting(&self, expression: &Expr, kind: Kind) -> Result<String, String> {
        if kind == Kind::Date
            && let Some(text) = literal(expression)
        {
            let date: vocabulary::date::Date = text
                .parse()
                .map_err(|_| format!("`{text}` is not a date (YYYY-MM-DD)"))?;
            return Ok(format!("date '{date}'"));
        }
        let (sql, given) = self.value(expression)?;
        if given == kind {
            return Ok(sql);
        }
        Err(format!(
            "{sql} is {}, and is compared with {}",
            word(given),
            word(kind)
        ))
    }

    /// `DIAG_03` for the third code of the repeated group `DIAG`.
    fn element(&self, name: &str) -> Option<String> {
        let (base, place) = name.rsplit_once('_')?;
        let place: usize = place.parse().ok().filter(|place| (1..=99).contains(place))?;
        let column = self.columns.iter().find(|column| column.name == base)?;
        self.columns
            .iter()
            .all(|column| column.name != name)
            .then_some(())?;
        Some(format!("code_at({}, {place})", quoted(&column.name)))
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

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
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
