//! The plan of the looks: one for each table that rules name, and what it gives.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use engine::Session;
use layouts::DocumentedColumn;
use vocabulary::code::of_tumours;
use vocabulary::table::Kind;

use crate::condition::{self, Condition};
use crate::definition::{Definition, Rule};
use crate::error::CasefindError;
use crate::marks::{self, Marks};
use crate::tables::{excerpt_in_sql, in_sql, kind, place};

/// Rules of one look: their marks are the bits of one number, of which one stays for the sign.
const MOST_RULES: usize = 60;

/// All the looks of a definition.
pub(crate) struct Looks {
    /// One for each table, or more where a table has very many rules.
    pub looks: Vec<Look>,
    /// Tables that rules name, in the order of groups.
    pub tables: Vec<String>,
}

/// One look at one table.
pub(crate) struct Look {
    /// The table.
    pub table: String,
    /// Whether its excerpt is enough: the records that speak of a tumour.
    pub excerpt: bool,
    /// Its rules: one for each bit.
    pub rules: Vec<Member>,
    /// What to ask.
    pub sql: String,
}

/// A rule as a part of a look.
pub(crate) struct Member {
    /// The rule.
    pub rule: usize,
    /// Rules that take the same columns are a group; groups have an order.
    pub group: u32,
    /// The columns that it takes, as the look names them.
    pub date: Option<String>,
    pub sites: Option<String>,
    pub said: Option<String>,
    /// Whether the rule is evidence of metastatic disease; whether it is a breast primary.
    pub evidence: bool,
    pub primary: bool,
    when: Condition,
    of_record: Option<Condition>,
}

/// The columns that make a group, in the order of groups.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    table: String,
    date: Option<String>,
    sites: Option<String>,
    said: Option<String>,
}

/// Checks every rule against its layout and plans the looks.
pub(crate) fn plan(definition: &Definition) -> Result<Looks, CasefindError> {
    let mut grouped: BTreeMap<Key, Vec<(usize, Condition, Option<Condition>)>> = BTreeMap::new();
    for (index, rule) in definition.rules.iter().enumerate() {
        let (key, when, of_record) = check(definition, rule)?;
        grouped.entry(key).or_default().push((index, when, of_record));
    }
    let tumours = of_tumours();
    let mut by_table: BTreeMap<(String, bool), Vec<Member>> = BTreeMap::new();
    let mut tables: Vec<String> = Vec::new();
    for (group, (key, rules)) in (0..).zip(grouped) {
        if tables.last() != Some(&key.table) {
            tables.push(key.table.clone());
        }
        // A group is asked as a whole, so that the facts of a record stay in the order of its rules.
        let needs = |column: &str| {
            let sets = &definition.lists.sets;
            rules
                .iter()
                .all(|(_, when, _)| when.needs(column, &tumours, sets))
        };
        let excerpt = layouts::tables::excerpt(&key.table).is_some_and(needs);
        let members = by_table.entry((key.table.clone(), excerpt)).or_default();
        for (rule, when, of_record) in rules {
            let strength = definition.rules[rule].strength;
            members.push(Member {
                rule,
                group,
                date: key.date.clone(),
                sites: key.sites.clone(),
                said: key.said.clone(),
                evidence: strength.is_evidence(),
                primary: strength == crate::definition::Strength::Primary,
                when,
                of_record,
            });
        }
    }
    let mut looks = Vec::new();
    for ((table, excerpt), mut members) in by_table {
        while !members.is_empty() {
            let rest = members.split_off(members.len().min(MOST_RULES));
            looks.push(Look::new(&table, excerpt, members, definition)?);
            members = rest;
        }
    }
    Ok(Looks { looks, tables })
}

fn check(definition: &Definition, rule: &Rule) -> Result<(Key, Condition, Option<Condition>), CasefindError> {
    let wrong = |why: String| CasefindError::Condition {
        definition: definition.id.clone(),
        rule: rule.id.clone(),
        why,
    };
    let columns: &[DocumentedColumn] = layouts::documented(&rule.source)
        .ok_or_else(|| wrong(format!("no table `{}` in any layout", rule.source)))?;
    let when = condition::read(&rule.when, columns, &definition.lists).map_err(wrong)?;
    let of_record = match &rule.of_record {
        None => None,
        Some(_) if kind(&rule.source) == rule.source => {
            return Err(wrong(
                "`of_record` is for a section of a record; use `when`".to_owned(),
            ));
        }
        Some(text) => {
            let columns = layouts::documented(kind(&rule.source)).unwrap_or_default();
            Some(condition::read(text, columns, &definition.lists).map_err(wrong)?)
        }
    };
    let named = |name: &Option<String>, kind: Kind| {
        name.as_ref()
            .map(|name| condition::column(name, kind, columns))
            .transpose()
            .map_err(wrong)
    };
    let key = Key {
        table: rule.source.clone(),
        date: named(&rule.date, Kind::Date)?,
        sites: named(&rule.sites, Kind::Text)?,
        said: named(&rule.kind_column, Kind::Text)?,
    };
    Ok((key, when, of_record))
}

/// A rule that was checked against its layout, for whoever writes it for another engine.
pub(crate) struct Checked {
    /// The column of its date.
    pub date: Option<String>,
    /// What a record must meet.
    pub when: Condition,
    /// What the record of a section must meet.
    pub of_record: Option<Condition>,
}

/// Checks a rule against its layout.
pub(crate) fn checked(definition: &Definition, rule: &Rule) -> Result<Checked, CasefindError> {
    let (key, when, of_record) = check(definition, rule)?;
    // Names of columns hold no quotes but those around them.
    let date = key.date.map(|name| name.trim_matches('"').to_owned());
    Ok(Checked {
        date,
        when,
        of_record,
    })
}

impl Look {
    /// The bits of some of its rules.
    pub(super) fn bits(&self, keep: impl Fn(&Member) -> bool) -> i64 {
        let rules = self.rules.iter().enumerate();
        rules
            .filter(|(_, rule)| keep(rule))
            .fold(0, |bits, (bit, _)| bits | 1 << bit)
    }

    fn new(
        table: &str,
        excerpt: bool,
        mut members: Vec<Member>,
        definition: &Definition,
    ) -> Result<Self, CasefindError> {
        let sets = &definition.lists.sets;
        let call = |conditions: &[Option<&Condition>]| {
            let text = marks::text(conditions, sets);
            Marks::read(&text).map(|marks| marks.call(&text))
        };
        let whens: Vec<_> = members.iter().map(|member| Some(&member.when)).collect();
        let met = call(&whens)?;
        // A section belongs to a record, which may have to meet something too.
        let allowed = if kind(table) == table {
            None
        } else {
            let conditions: Vec<_> = members.iter().map(|member| member.of_record.as_ref()).collect();
            Some(call(&conditions)?)
        };
        let from = if excerpt {
            excerpt_in_sql(table)
        } else {
            in_sql(table)
        };
        let sql = sql(table, &from, &mut members, &met, allowed.as_deref());
        Ok(Self {
            table: table.to_owned(),
            excerpt,
            rules: members,
            sql,
        })
    }
}

/// The question as SQL: every record that meets a rule, with the columns that its rules take. Columns get names of the
/// look's own (`date_0`), since two groups may take different ones.
fn sql(table: &str, from: &str, members: &mut [Member], met: &str, allowed: Option<&str>) -> String {
    let place = place(table);
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    for member in members {
        let own = [&mut member.date, &mut member.sites, &mut member.said];
        for column in own.into_iter().flatten() {
            let next = format!("taken_{}", taken.len());
            *column = taken.entry(column.clone()).or_insert(next).clone();
        }
    }
    let mut columns: Vec<String> = taken
        .iter()
        .map(|(from, to)| format!("t.{from} as {to}"))
        .collect();
    for (column, name) in [(place.created, "created"), (place.organisation, "organisation")] {
        if let Some(column) = column {
            columns.push(format!("t.\"{column}\" as {name}"));
        }
    }
    let whole = in_sql(kind(table));
    let (mut mask, mut join) = ("t.met".to_owned(), String::new());
    if let Some(allowed) = allowed {
        columns.push("t.seq as seq".to_owned());
        columns.push("c.\"ID\" as record".to_owned());
        mask = "(t.met & c.allowed)".to_owned();
        join = format!(
            " join (select file, row, \"ID\", {allowed} as allowed from \"{whole}\") c \
             on c.file = t.file and c.row = t.row"
        );
    } else if place.own_id {
        columns.push("t.\"ID\" as record".to_owned());
    }
    let columns: String = columns.iter().map(|column| format!("{column}, ")).collect();
    format!(
        "select * from (select t.file as file, t.row as row, {columns}{mask} as mask \
         from (select *, {met} as met from \"{from}\") t{join} where t.met > 0) where mask > 0"
    )
}

/// The tables that are there: name and folder, for those with at least one part.
pub(crate) fn present(intake: &Path) -> Result<Vec<(String, PathBuf)>, CasefindError> {
    let folder = intake.join("records");
    let mut tables = Vec::new();
    if !folder.is_dir() {
        return Ok(tables);
    }
    for entry in fs_err::read_dir(&folder)? {
        let path = entry?.path();
        if path.is_dir() && !engine::parts(&path)?.is_empty() {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            tables.push((name, path));
        }
    }
    tables.sort();
    Ok(tables)
}

/// Makes the tables known to the engine, each with its excerpt.
pub(crate) fn open(
    session: &Session,
    intake: &Path,
    tables: &[(String, PathBuf)],
) -> Result<(), CasefindError> {
    for (name, path) in tables {
        session.table(&in_sql(name), path)?;
        if layouts::tables::excerpt(name).is_some() {
            session.table(&excerpt_in_sql(name), &excerpt(intake, name, path)?)?;
        }
    }
    Ok(())
}

/// Where the excerpt of a table is read: the table itself where no excerpt was written, or not of each of its parts.
/// Whoever asks of tumours alone gets the same answer from both.
fn excerpt(intake: &Path, name: &str, table: &Path) -> Result<PathBuf, CasefindError> {
    let excerpt = intake.join("excerpts").join(name);
    let names = |folder: &Path| -> Result<Vec<OsString>, CasefindError> {
        let parts = engine::parts(folder)?;
        Ok(parts
            .iter()
            .filter_map(|part| part.file_name().map(OsString::from))
            .collect())
    };
    let whole = excerpt.is_dir() && names(&excerpt)? == names(table)?;
    Ok(if whole { excerpt } else { table.to_owned() })
}
