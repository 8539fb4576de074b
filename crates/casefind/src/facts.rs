//! From tables of records to facts about persons.
//!
//! Rules on one table that share their columns are evaluated together, in one look at the
//! table: each record gets a mask of the rules it meets, and only records that meet one go on.
//! The hits are few; they are joined with the links and streamed in the order of persons.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::{Answer, Batch, EngineError, Session};
use layouts::DocumentedColumn;
use vocabulary::date::Date;
use vocabulary::table::{Kind, TableSchema};

use crate::condition;
use crate::definition::{Definition, Rule};
use crate::error::CasefindError;
use crate::tables::{Place, kind, place};

/// Rules on one table that read the same columns.
pub(crate) struct Group {
    /// The table.
    pub table: String,
    /// Indices of the rules, one per bit of the mask.
    pub rules: Vec<usize>,
    sql: String,
}

/// One record that meets one rule, of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub rule: usize,
    pub date: Option<Date>,
    pub created: Option<Date>,
    pub organisation: Option<String>,
    pub sites: Option<String>,
    pub said: Option<String>,
    pub file: i64,
    pub row: i64,
    pub record: Option<String>,
}

/// Checks every rule against its layout and plans one look at each table.
pub(crate) fn plan(definition: &Definition) -> Result<Vec<Group>, CasefindError> {
    let mut grouped: BTreeMap<Key, Vec<Member>> = BTreeMap::new();
    for (index, rule) in definition.rules.iter().enumerate() {
        let (key, when, of_record) = check(definition, rule)?;
        let member = Member {
            rule: index,
            when,
            of_record,
        };
        grouped.entry(key).or_default().push(member);
    }
    let mut groups = Vec::new();
    for (key, members) in grouped {
        // The mask is a 64-bit integer; more rules than that on one table make a second look.
        for chunk in members.chunks(60) {
            groups.push(Group {
                table: key.table.clone(),
                rules: chunk.iter().map(|member| member.rule).collect(),
                sql: sql(&key, chunk),
            });
        }
    }
    Ok(groups)
}

/// A rule with its conditions as SQL.
struct Member {
    rule: usize,
    when: String,
    /// On the record that the section belongs to.
    of_record: Option<String>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    table: String,
    date: Option<String>,
    sites: Option<String>,
    said: Option<String>,
}

fn check(definition: &Definition, rule: &Rule) -> Result<(Key, String, Option<String>), CasefindError> {
    let wrong = |why: String| CasefindError::Condition {
        definition: definition.id.clone(),
        rule: rule.id.clone(),
        why,
    };
    let columns: &[DocumentedColumn] = layouts::documented(&rule.source)
        .ok_or_else(|| wrong(format!("no table `{}` in any layout", rule.source)))?;
    let condition = condition::compile(&rule.when, columns, &definition.lists).map_err(wrong)?;
    let of_record = match &rule.of_record {
        None => None,
        Some(_) if kind(&rule.source) == rule.source => {
            return Err(wrong(
                "`of_record` is for a section of a record; use `when`".to_owned(),
            ));
        }
        Some(text) => {
            let columns = layouts::documented(kind(&rule.source)).unwrap_or_default();
            Some(condition::compile(text, columns, &definition.lists).map_err(wrong)?)
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
    Ok((key, condition, of_record))
}

fn sql(key: &Key, members: &[Member]) -> String {
    let place = place(&key.table);
    let column = |column: Option<&str>, kind: &str| match column {
        Some(column) => format!("t.{column}"),
        None => format!("cast(null as {kind})"),
    };
    let own = |name: Option<&str>| name.map(|name| format!("\"{name}\""));
    let (record, mask, join) = of_record(key, &place, members);
    format!(
        "select * from (select t.file as file, t.row as row, {record} as record, {} as date, {} as created, \
         {} as organisation, {} as sites, {} as said, {mask} as mask \
         from (select *, {} as met from \"{}\") t{join} where t.met > 0) where mask > 0",
        column(key.date.as_deref(), "date"),
        column(own(place.created).as_deref(), "date"),
        column(own(place.organisation).as_deref(), "varchar"),
        column(key.sites.as_deref(), "varchar"),
        column(key.said.as_deref(), "varchar"),
        sum(members.iter().map(|member| Some(member.when.as_str()))),
        key.table,
    )
}

/// The record's own id, the mask of rules that it meets as well, and the join that gives them.
fn of_record(key: &Key, place: &Place, members: &[Member]) -> (String, String, String) {
    if !place.own_id {
        return (
            "cast(null as varchar)".to_owned(),
            "t.met".to_owned(),
            String::new(),
        );
    }
    let whole = kind(&key.table);
    if whole == key.table {
        return ("t.\"ID\"".to_owned(), "t.met".to_owned(), String::new());
    }
    let allowed = sum(members.iter().map(|member| member.of_record.as_deref()));
    let join = format!(
        " join (select file, row, \"ID\", {allowed} as allowed from \"{whole}\") c on c.file = t.file and c.row = t.row"
    );
    ("c.\"ID\"".to_owned(), "(t.met & c.allowed)".to_owned(), join)
}

/// A mask with one bit a condition; no condition is always met.
fn sum<'a>(conditions: impl Iterator<Item = Option<&'a str>>) -> String {
    let bits = conditions.enumerate().map(|(at, condition)| {
        let bit = 1_i64 << at;
        match condition {
            Some(condition) => format!("(case when {condition} then {bit} else 0 end)"),
            None => bit.to_string(),
        }
    });
    bits.collect::<Vec<_>>().join(" + ")
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

/// The schema of the hits, a working table.
fn hits_schema() -> TableSchema {
    TableSchema::new(
        "hits",
        1,
        &[
            ("group", Kind::Integer),
            ("file", Kind::Integer),
            ("row", Kind::Integer),
            ("record", Kind::Text),
            ("date", Kind::Date),
            ("created", Kind::Date),
            ("organisation", Kind::Text),
            ("sites", Kind::Text),
            ("said", Kind::Text),
            ("mask", Kind::Integer),
        ],
    )
}

/// Looks once at each table and writes the hits; gives their number.
pub(crate) fn write_hits(
    session: &Session,
    groups: &[Group],
    tables: &[(String, PathBuf)],
    work: &Path,
) -> Result<u64, CasefindError> {
    fs_err::create_dir_all(work)?;
    let schema = hits_schema();
    let mut hits = 0;
    for (number, group) in groups.iter().enumerate() {
        if tables.iter().all(|(name, _)| *name != group.table) {
            continue;
        }
        let what = format!("looking for evidence in `{}`", group.table);
        let sql = format!(
            "select cast({number} as bigint) as \"group\", h.* from ({}) h",
            group.sql
        );
        hits += session.write(&what, &sql, &work.join(format!("{number:03}.parquet")), &schema)?;
    }
    Ok(hits)
}

/// Streams the facts in the order of persons.
pub(crate) fn by_person<'a>(session: &Session, groups: &'a [Group]) -> Result<Facts<'a>, EngineError> {
    let sql = "select l.person as person, h.* from hits h \
               join links l on l.file = h.file and l.row = h.row \
               order by l.person, h.file, h.row, h.\"group\"";
    let answer = session.query("bringing each person's evidence together", sql)?;
    Ok(Facts {
        answer,
        groups,
        batch: None,
        at: 0,
        next: None,
        read: 0,
    })
}

/// Persons with their facts, one person after the other.
pub(crate) struct Facts<'a> {
    answer: Answer,
    groups: &'a [Group],
    batch: Option<Batch>,
    at: usize,
    next: Option<(i64, Vec<Fact>)>,
    read: u64,
}

impl Facts<'_> {
    /// Hits read so far.
    pub(crate) fn read(&self) -> u64 {
        self.read
    }

    /// The next person and all its facts.
    pub(crate) fn person(&mut self) -> Result<Option<(i64, Vec<Fact>)>, EngineError> {
        let mut current = self.next.take();
        while let Some((person, facts)) = self.hit()? {
            match &mut current {
                Some((same, collected)) if *same == person => collected.extend(facts),
                Some(_) => {
                    self.next = Some((person, facts));
                    return Ok(current);
                }
                None => current = Some((person, facts)),
            }
        }
        Ok(current)
    }

    fn hit(&mut self) -> Result<Option<(i64, Vec<Fact>)>, EngineError> {
        loop {
            if let Some(batch) = &self.batch {
                if self.at < batch.rows() {
                    let hit = read_hit(batch, self.at, self.groups)?;
                    self.at += 1;
                    self.read += 1;
                    return Ok(Some(hit));
                }
                self.batch = None;
            }
            match self.answer.next() {
                Some(batch) => {
                    self.batch = Some(batch?);
                    self.at = 0;
                }
                None => return Ok(None),
            }
        }
    }
}

fn read_hit(batch: &Batch, row: usize, groups: &[Group]) -> Result<(i64, Vec<Fact>), EngineError> {
    let integer = |name: &str| {
        batch
            .integer(name)
            .map(|column| column.get(row).unwrap_or_default())
    };
    let text = |name: &str| batch.text(name).map(|column| column.get(row).map(str::to_owned));
    let mask = integer("mask")?;
    let mut facts = Vec::new();
    if let Some(group) = groups.get(usize::try_from(integer("group")?).unwrap_or(usize::MAX)) {
        for (bit, &rule) in group.rules.iter().enumerate() {
            if mask & (1 << bit) != 0 {
                facts.push(Fact {
                    rule,
                    date: batch.date("date")?.get(row),
                    created: batch.date("created")?.get(row),
                    organisation: text("organisation")?,
                    sites: text("sites")?,
                    said: text("said")?,
                    file: integer("file")?,
                    row: integer("row")?,
                    record: text("record")?,
                });
            }
        }
    }
    Ok((integer("person")?, facts))
}

/// The kind of source of a rule.
pub(crate) fn source_of(rule: &Rule) -> &str {
    kind(&rule.source)
}
