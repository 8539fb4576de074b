//! Generated conditions: the text of each, and its answer in plain Rust.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use engine::{NamedSet, Phrase};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use vocabulary::code::CodeSet;
use vocabulary::date::Date;
use vocabulary::table::Kind;

use super::records::{CODES, Cell, Row, TABLES};
use crate::definition::{Definition, Rule, Strength};
use crate::lists::Lists;

/// Code lists as lines, so that the oracle can compare prefixes itself.
const LISTS: [(&str, &[&str]); 6] = [
    ("breast", &["C50"]),
    ("spread", &["C78", "C790", "C79"]),
    ("some", &["R18", "C787", "M1", "05"]),
    ("types", &["03", "-"]),
    ("sites", &["10", "04", "-"]),
    ("long", &["C5091", "Z85", "254837009"]),
];
/// Words, first and last day.
const PHRASES: [(&str, Option<i32>, Option<i32>); 3] = [
    ("FULVESTRANT", None, None),
    ("TRASTUZUMAB", Some(2019), None),
    ("EMTANSINE", None, Some(2021)),
];

/// The sets as the engine takes them.
pub(super) fn sets() -> BTreeMap<String, NamedSet> {
    let codes = LISTS.map(|(name, lines)| {
        let set = CodeSet::from_lines(lines.iter().copied());
        (name.to_owned(), NamedSet::Codes(Box::new(set)))
    });
    let day = |year: Option<i32>| year.and_then(|year| Date::new(year, 6, 30));
    let phrases = PHRASES.map(|(words, from, until)| Phrase {
        words: words.to_owned(),
        from: day(from),
        until: day(until),
    });
    codes
        .into_iter()
        .chain([("drugs".to_owned(), NamedSet::Phrases(phrases.to_vec()))])
        .collect()
}

/// A question, as the manual has it.
#[derive(Debug, Clone)]
pub(super) enum Ask {
    And(Box<Ask>, Box<Ask>),
    Or(Box<Ask>, Box<Ask>),
    Not(Box<Ask>),
    Is(String, &'static str, Cell),
    In(String, Vec<String>, bool),
    Between(String, Date, Date, bool),
    Begins(String, String),
    Blank(String, bool),
    Yes(String, bool),
    Place(String, usize, String),
    Code(String, &'static str),
    Pair(String, &'static str, &'static str),
    Phrase(String, String),
}

impl Ask {
    fn any(chance: &mut ChaCha8Rng, table: &str, depth: u32) -> Self {
        if depth > 0 && chance.random_bool(0.55) {
            let mut part = || Box::new(Self::any(chance, table, depth - 1));
            let (a, b) = (part(), part());
            return match chance.random_range(0..5) {
                0 | 1 => Self::And(a, b),
                2 | 3 => Self::Or(a, b),
                _ => Self::Not(a),
            };
        }
        let columns = layouts::documented(table).unwrap();
        let mut column = |kind: Kind| {
            let of: Vec<&str> = columns
                .iter()
                .filter(|c| c.kind == kind)
                .map(|c| c.name.as_str())
                .collect();
            (!of.is_empty()).then(|| of[chance.random_range(0..of.len())].to_owned())
        };
        let (text, other, date, flag) = (
            column(Kind::Text).unwrap(),
            column(Kind::Text).unwrap(),
            column(Kind::Date),
            column(Kind::Flag),
        );
        let code = |chance: &mut ChaCha8Rng| CODES[chance.random_range(0..CODES.len())].to_owned();
        let sign = ["=", "<>", "<", "<=", ">", ">="][chance.random_range(0..6)];
        let day = |chance: &mut ChaCha8Rng| {
            Date::new(2018, 1, 1)
                .unwrap()
                .plus_days(chance.random_range(0..2_500))
        };
        let negated = chance.random_bool(0.4);
        let list = LISTS[chance.random_range(0..LISTS.len())].0;
        match (chance.random_range(0..12), date, flag) {
            (0, _, _) => Self::Is(text, sign, Cell::Text(code(chance))),
            (1, Some(date), _) => Self::Is(date, sign, Cell::Date(day(chance))),
            (2, _, _) => Self::In(text, (0..3).map(|_| code(chance)).collect(), negated),
            (3, Some(date), _) => {
                let low = day(chance);
                Self::Between(date, low, low.plus_days(chance.random_range(-50..900)), negated)
            }
            (4, _, _) => Self::Begins(text, code(chance)[..1].to_owned()),
            (5, _, _) => Self::Blank(text, negated),
            (6, _, Some(flag)) => Self::Yes(flag, negated),
            (7, _, _) => Self::Place(text, chance.random_range(1..4), code(chance)),
            (8, _, _) if table == "cosd.metastasis" => Self::Pair("PAIRS".to_owned(), "types", "sites"),
            (9, Some(date), _) if table == "sact" => Self::Phrase("DRUG_NAME".to_owned(), date),
            (10, Some(date), _) => Self::Phrase(other, date),
            _ => Self::Code(text, list),
        }
    }

    /// The answer for a row.
    pub(super) fn met(&self, row: &Row) -> bool {
        match self {
            Self::And(a, b) => a.met(row) && b.met(row),
            Self::Or(a, b) => a.met(row) || b.met(row),
            Self::Not(a) => !a.met(row),
            Self::Is(column, sign, value) => match (row.cells.get(column), value) {
                (Some(Cell::Text(a)), Cell::Text(b)) => holds(sign, a.cmp(b)),
                (Some(Cell::Date(a)), Cell::Date(b)) => holds(sign, a.cmp(b)),
                _ => false,
            },
            Self::In(column, values, negated) => row
                .text(column)
                .is_some_and(|text| values.contains(&text) != *negated),
            Self::Between(column, low, high, negated) => row
                .date(column)
                .is_some_and(|day| (*low <= day && day <= *high) != *negated),
            Self::Begins(column, prefix) => row
                .text(column)
                .is_some_and(|text| text.starts_with(prefix.as_str())),
            Self::Blank(column, negated) => row.cells.contains_key(column) == *negated,
            Self::Yes(column, negated) => (row.cells.get(column) == Some(&Cell::Flag(true))) != *negated,
            Self::Place(column, place, code) => row.text(column).is_some_and(|text| {
                let found = text.split(' ').nth(place - 1);
                found.filter(|found| *found != "-") == Some(code.as_str())
            }),
            Self::Code(column, list) => row
                .text(column)
                .is_some_and(|text| text.split(' ').any(|code| in_list(list, code))),
            Self::Pair(column, types, sites) => row.text(column).is_some_and(|text| {
                text.split(' ').any(|pair| {
                    let (kind, site) = pair.split_once('/').unwrap_or((pair, ""));
                    let told = |half: &'_ str| {
                        if half.is_empty() {
                            "-".to_owned()
                        } else {
                            half.to_owned()
                        }
                    };
                    in_list(types, &told(kind)) && in_list(sites, &told(site))
                })
            }),
            Self::Phrase(column, date) => row.text(column).is_some_and(|text| {
                let year = |year: i32| Date::new(year, 6, 30).unwrap();
                PHRASES.iter().any(|(words, from, until)| {
                    let said = text.split_whitespace().any(|word| word == *words);
                    said && match row.date(date) {
                        Some(day) => {
                            from.is_none_or(|from| year(from) <= day)
                                && until.is_none_or(|until| day <= year(until))
                        }
                        None => from.is_none() && until.is_none(),
                    }
                })
            }),
        }
    }
}

fn holds(sign: &str, found: std::cmp::Ordering) -> bool {
    match sign {
        "=" => found.is_eq(),
        "<>" => found.is_ne(),
        "<" => found.is_lt(),
        "<=" => found.is_le(),
        ">" => found.is_gt(),
        _ => found.is_ge(),
    }
}

/// Prefixes of three characters or more; shorter lines match only themselves.
fn in_list(list: &str, code: &str) -> bool {
    let (_, lines) = LISTS.iter().find(|(name, _)| *name == list).unwrap();
    lines
        .iter()
        .any(|line| *line == code || (line.len() >= 3 && code.starts_with(line)))
}

impl fmt::Display for Ask {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = |negated: &bool| if *negated { "not " } else { "" };
        match self {
            Self::And(a, b) => write!(out, "({a} and {b})"),
            Self::Or(a, b) => write!(out, "({a} or {b})"),
            Self::Not(a) => write!(out, "(not {a})"),
            Self::Is(column, sign, Cell::Text(text)) => write!(out, "{column} {sign} '{text}'"),
            Self::Is(column, sign, Cell::Date(day)) => write!(out, "{column} {sign} '{day}'"),
            Self::Is(..) => Err(fmt::Error),
            Self::In(column, values, negated) => {
                write!(out, "{column} {}in ('{}')", not(negated), values.join("', '"))
            }
            Self::Between(column, low, high, negated) => {
                write!(out, "{column} {}between '{low}' and '{high}'", not(negated))
            }
            Self::Begins(column, prefix) => write!(out, "{column} like '{prefix}%'"),
            Self::Blank(column, negated) => write!(out, "{column} is {}null", not(negated)),
            Self::Yes(column, negated) => write!(out, "{column} is {}true", not(negated)),
            Self::Place(column, place, code) => write!(out, "{column}_{place:02} = '{code}'"),
            Self::Code(column, list) => write!(out, "any_code({column}, '{list}')"),
            Self::Pair(column, types, sites) => write!(out, "any_pair({column}, '{types}', '{sites}')"),
            Self::Phrase(column, date) => write!(out, "any_phrase({column}, {date}, 'drugs')"),
        }
    }
}

/// A generated definition, its questions beside.
pub(super) struct Generated {
    pub definition: Definition,
    pub rules: Vec<(Rule, Ask, Option<Ask>)>,
}

impl fmt::Display for Generated {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = self.rules.iter();
        rules
            .enumerate()
            .try_for_each(|(at, (rule, ask, of))| writeln!(out, "{at} {} {ask} of {of:?}", rule.source))
    }
}

impl Generated {
    /// A definition without rules, with the lists of the generated ones.
    pub(super) fn base() -> Definition {
        let mut definition = Definition::load("uk-mbc/2026.1", Path::new("")).unwrap();
        definition.lists = Lists {
            sets: sets(),
            names: BTreeMap::new(),
        };
        definition.rules.clear();
        definition.files.clear();
        definition
    }

    /// Four to sixteen rules on the base.
    pub(super) fn any(base: &Definition, chance: &mut ChaCha8Rng) -> Self {
        let mut definition = base.clone();
        let count = chance.random_range(4..=16);
        let rules: Vec<_> = (0..count).map(|number| rule(chance, number)).collect();
        definition.rules = rules.iter().map(|(rule, ..)| rule.clone()).collect();
        Self { definition, rules }
    }
}

fn rule(chance: &mut ChaCha8Rng, number: usize) -> (Rule, Ask, Option<Ask>) {
    let table = TABLES[chance.random_range(0..TABLES.len())];
    let mut ask = Ask::any(chance, table, 3);
    // Rules of tumours alone, which are asked of an excerpt, would be rare.
    if table == "admissions" && chance.random_bool(0.7) {
        let list = ["breast", "spread"][chance.random_range(0..2)];
        ask = Ask::And(Box::new(Ask::Code("DIAG".to_owned(), list)), Box::new(ask));
    }
    let kind = crate::tables::kind(table);
    let of_record = (table != kind && chance.random_bool(0.6)).then(|| Ask::any(chance, kind, 2));
    let columns = layouts::documented(table).unwrap();
    let mut taken = |kind: Kind| {
        let of: Vec<&str> = columns
            .iter()
            .filter(|c| c.kind == kind)
            .map(|c| c.name.as_str())
            .collect();
        (!of.is_empty() && chance.random_bool(0.7))
            .then(|| of[chance.random_range(0..of.len().min(2))].to_owned())
    };
    let (date, sites, kind_column) = (taken(Kind::Date), taken(Kind::Text), taken(Kind::Text));
    let strengths = [
        Strength::Primary,
        Strength::Primary,
        Strength::Strong,
        Strength::Weak,
        Strength::Competing,
        Strength::Refuted,
    ];
    let rule = Rule {
        id: format!("rule-{number}"),
        source: table.to_owned(),
        when: ask.to_string(),
        of_record: of_record.as_ref().map(ToString::to_string),
        strength: strengths[chance.random_range(0..strengths.len())],
        date,
        sites,
        kind: None,
        kind_column,
        recorded: false,
        recorded_unless: None,
        ambiguous: false,
        dates_the_primary: false,
        repeats: true,
        confirms: true,
        words: String::new(),
    };
    (rule, ask, of_record)
}
