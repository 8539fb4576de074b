//! Whose deaths are known: of which nations a source of deaths tells, and of which of the people counted.
//!
//! Invariant: where a nation has people counted and no source of deaths, deaths are known of no nation: its dead would count
//! as living ever after, in it and in the whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::{ByRecord, TableReader};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use vocabulary::cover::Spans;
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};

use crate::config::Config;
use crate::error::StudyError;

/// A nation with at most one in so many of the people counted sends nothing of its own: its people were treated in another,
/// whose sources hold theirs. The same of the rows of a registry. A choice, not a finding.
const STRAYS: u64 = 100;

/// What is asked, and of which study.
pub(crate) struct Asked<'a> {
    pub intake: &'a Path,
    pub linkage: &'a Path,
    pub casefind: &'a Path,
    pub config: &'a Config,
    pub registry: &'a Registry,
}

/// The nations of which a kind of source tells; all of them where nothing names one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Nations {
    all: bool,
    named: BTreeSet<String>,
}

impl Nations {
    /// Takes in a record of a nation, or of none, from a source that names some nations, or none.
    pub(crate) fn add(&mut self, own: Option<&str>, of_source: &[String]) {
        self.all |= own.is_none() && of_source.is_empty();
        self.named.extend(of_source.iter().cloned());
        self.named.extend(own.map(str::to_owned));
    }

    /// These, and all where there is none among them.
    pub(crate) fn of(named: impl IntoIterator<Item = String>) -> Self {
        let named: BTreeSet<String> = named.into_iter().collect();
        Self {
            all: named.is_empty(),
            named,
        }
    }

    /// The nations of the people counted that are not among them, but for strays.
    fn lacking(&self, by_nation: &BTreeMap<String, u64>) -> Vec<String> {
        let all: u64 = by_nation.values().sum();
        let lacks = |(nation, people): &(&String, &u64)| {
            !self.all && STRAYS * **people > all && !self.named.contains(*nation)
        };
        by_nation
            .iter()
            .filter(lacks)
            .map(|(nation, _)| nation.clone())
            .collect()
    }
}

/// The people counted.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    by_nation: BTreeMap<String, u64>,
    /// Those of whom neither a death nor a departure is known, each with a number of its own from 0.
    alive: FxHashMap<String, usize>,
}

impl Counted {
    /// Reads `cases.parquet` of the stage casefind.
    pub(crate) fn read(casefind: &Path) -> Result<Self, StudyError> {
        let mut all = Self::default();
        let columns = ["person_id", "nation", "counted", "death_date", "left_date"];
        for batch in TableReader::open_columns(&casefind.join("cases.parquet"), &columns)? {
            let batch = batch?;
            let (person, nation) = (batch.text("person_id")?, batch.text("nation")?);
            let (counted, death) = (batch.flag("counted")?, batch.date("death_date")?);
            let left = batch.date("left_date")?;
            for row in (0..batch.rows()).filter(|&row| counted.get(row) == Some(true)) {
                if let Some(nation) = nation.get(row) {
                    *all.by_nation.entry(nation.to_owned()).or_default() += 1;
                }
                if death.get(row).is_none()
                    && left.get(row).is_none()
                    && let Some(person) = person.get(row)
                {
                    let next = all.alive.len();
                    all.alive.entry(person.to_owned()).or_insert(next);
                }
            }
        }
        Ok(all)
    }

    /// How many of whom no death is known have no evidence from a day on: whoever of them died before it would count as
    /// living ever after. Nobody, where they are so few that it matters little.
    fn found_before(&self, casefind: &Path, day: Date) -> Result<u64, StudyError> {
        let mut last: Vec<Option<Date>> = vec![None; self.alive.len()];
        let path = casefind.join("evidence.parquet");
        for batch in TableReader::open_columns(&path, &["person_id", "date"])? {
            let batch = batch?;
            let (person, date) = (batch.text("person_id")?, batch.date("date")?);
            // The rows of a person follow each other: the person is looked up once.
            let mut asked: Option<(&str, Option<usize>)> = None;
            for row in 0..batch.rows() {
                let Some(person) = person.get(row) else {
                    continue;
                };
                let own = match asked {
                    Some((same, own)) if same == person => own,
                    _ => self.alive.get(person).copied(),
                };
                asked = Some((person, own));
                if let Some(seen) = own.and_then(|own| last.get_mut(own)) {
                    *seen = (*seen).max(date.get(row));
                }
            }
        }
        let before = last.iter().filter(|last| last.is_some_and(|last| last < day));
        let before = before.count() as u64;
        let matters = STRAYS * before > self.alive.len() as u64;
        Ok(if matters { before } else { 0 })
    }

    /// How many of whom no death is known have no registration that tells of life or death.
    fn not_registered(&self, asked: &Asked<'_>) -> Result<u64, StudyError> {
        let mut people: BTreeSet<i64> = BTreeSet::new();
        let path = asked.casefind.join("case_people.parquet");
        for batch in TableReader::open_columns(&path, &["person", "person_id"])? {
            let batch = batch?;
            let (person, id) = (batch.integer("person")?, batch.text("person_id")?);
            let alive = |row: &usize| id.get(*row).is_some_and(|id| self.alive.contains_key(id));
            people.extend((0..batch.rows()).filter(alive).filter_map(|row| person.get(row)));
        }
        let mut persons = ByRecord::open(&asked.linkage.join("links.parquet"))?.column("person");
        let columns = ["file", "row", "source", "vital_status"];
        for batch in TableReader::open_columns(&asked.intake.join("identities"), &columns)? {
            let batch = batch?;
            let (file, number) = (batch.integer("file")?, batch.integer("row")?);
            let (source, status) = (batch.text("source")?, batch.text("vital_status")?);
            for row in 0..batch.rows() {
                if source.get(row) != Some("registrations") || status.get(row).is_none() {
                    continue;
                }
                if let Some((file, number)) = file.get(row).zip(number.get(row))
                    && let Some(person) = persons.integer(file, number)?
                {
                    people.remove(&person);
                }
            }
        }
        Ok(people.len() as u64)
    }
}

/// What tells of deaths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Register,
    /// The vital status of registrations.
    Registry,
    Hospitals,
    Nothing,
}

/// The days of which deaths are known, and what somebody must know of them.
#[derive(Debug)]
pub(crate) struct Followed {
    pub days: Spans,
    pub warnings: Vec<Value>,
}

impl Followed {
    /// What is left of the days of which a source of deaths tells, when it is asked of whom it tells.
    pub(crate) fn of(
        days: Spans,
        (by, nations): (By, &Nations),
        asked: &Asked<'_>,
    ) -> Result<Self, StudyError> {
        let counted = Counted::read(asked.casefind)?;
        let mut warnings = Vec::new();
        let lacking = nations.lacking(&counted.by_nation);
        if by != By::Nothing && !lacking.is_empty() {
            warnings.push(of_no_nation(&lacking.join(", ")));
            return Ok(Self {
                days: Spans::default(),
                warnings,
            });
        }
        if let Some(first) = days.first() {
            if first > asked.config.period.0 {
                warnings.push(begin_late(first));
            }
            let (rule, people) = match by {
                By::Registry => ("deaths_of_the_registry", counted.not_registered(asked)?),
                By::Hospitals => ("deaths_in_hospital", counted.alive.len() as u64),
                By::Register | By::Nothing => (
                    "found_before_deaths",
                    counted.found_before(asked.casefind, first)?,
                ),
            };
            warnings.extend((people > 0).then(|| of_people(rule, people, first)));
        }
        Ok(Self { days, warnings })
    }
}

/// What to know where a nation has cases and no deaths.
fn of_no_nation(nations: &str) -> Value {
    json!({
        "rule": "deaths_of_nations",
        "level": "alarm",
        "message": format!(
            "People of {nations} are counted, and no source of deaths holds those of {nations}. Its dead would count as living \
             ever after, so the numbers of people who died and of people living, and the estimate, are given for no nation. Put \
             these deaths into the study; where a source does hold them, name all its nations with `nations` in study.toml; or \
             count the other nations in a study of their own."
        ),
    })
}

/// What to know where the deaths begin within the period.
fn begin_late(first: Date) -> Value {
    json!({
        "rule": "deaths_begin_late",
        "level": "alarm",
        "message": format!(
            "Deaths are known from {first} on, and the period begins before. People living are given for no day before it, people \
             who died and the estimate for no year that begins before it. Where the sources of deaths do cover the days before, say \
             so with `covers` in study.toml."
        ),
    })
}

/// What to know of people whose death nobody would tell.
fn of_people(rule: &str, people: u64, first: Date) -> Value {
    let message = match rule {
        "deaths_of_the_registry" => format!(
            "There is no register of deaths. Deaths are known by the vital status of registrations, and of {people} of the people \
             counted of whom no death is known there is no registration that tells it: those of them who died count as living."
        ),
        "deaths_in_hospital" => format!(
            "There is no register of deaths, and no vital status: deaths are known only where somebody died in hospital. Of {people} \
             of the people counted no death is known, and those of them who died elsewhere count as living."
        ),
        _ => format!(
            "Of {people} of the people counted there is no evidence from {first} on, the day on which the deaths begin, and no \
             death is known: those of them who died before count as living. Put earlier deaths into the study, or count from sources \
             that begin with the deaths."
        ),
    };
    json!({ "rule": rule, "level": "alarm", "message": message })
}

/// What a registry says of the people of a nation.
#[derive(Debug, Default)]
struct Told {
    rows: u64,
    last: Option<Date>,
}

/// What tells of deaths where there is no register of them: of which nations, and in registrations up to which day. In
/// registrations of several nations it is the day up to which those of each tell.
pub(crate) fn beside_a_register(asked: &Asked<'_>) -> Result<(By, Nations, Option<Date>), StudyError> {
    let of_file = sources_of_files(asked)?;
    let mut told: BTreeMap<Option<String>, Told> = BTreeMap::new();
    let mut listed: BTreeSet<String> = BTreeSet::new();
    let mut in_hospital = false;
    let mut bodies: BTreeMap<String, Option<String>> = BTreeMap::new();
    let columns = [
        "file",
        "source",
        "organisation",
        "death_date",
        "vital_status",
        "vital_date",
    ];
    for batch in TableReader::open_columns(&asked.intake.join("identities"), &columns)? {
        let batch = batch?;
        let (file, source) = (batch.integer("file")?, batch.text("source")?);
        let (body, death) = (batch.text("organisation")?, batch.date("death_date")?);
        let (status, date) = (batch.text("vital_status")?, batch.date("vital_date")?);
        for row in 0..batch.rows() {
            match source.get(row) {
                Some("registrations") if status.get(row).is_some() => {
                    let own = file.get(row).and_then(|file| of_file.get(&file).copied());
                    let nations = own.unwrap_or_default();
                    listed.extend(nations.iter().cloned());
                    let nation = match (nations, body.get(row)) {
                        ([nation], _) => Some(nation.clone()),
                        (_, Some(code)) => nation_of(asked.registry, code, &mut bodies),
                        _ => None,
                    };
                    let told = told.entry(nation).or_default();
                    told.rows += 1;
                    told.last = told.last.max(date.get(row));
                }
                Some("admissions") => in_hospital |= death.get(row).is_some(),
                _ => {}
            }
        }
    }
    let rows: u64 = told.values().map(|told| told.rows).sum();
    let of_nations = told.iter().filter(|(_, told)| STRAYS * told.rows > rows);
    let of_nations: Vec<(&Option<String>, Date)> = of_nations
        .filter_map(|(nation, told)| Some((nation, told.last?)))
        .collect();
    let last = of_nations.iter().map(|(_, last)| last.last_of_month()).min();
    let named = of_nations.iter().filter_map(|(nation, _)| (*nation).clone());
    Ok(match last {
        Some(last) => (By::Registry, Nations::of(named.chain(listed)), Some(last)),
        None if in_hospital => (By::Hospitals, Nations::of([]), None),
        None => (By::Nothing, Nations::of([]), None),
    })
}

/// The nation of a body as sent, remembered.
fn nation_of(
    registry: &Registry,
    code: &str,
    bodies: &mut BTreeMap<String, Option<String>>,
) -> Option<String> {
    if let Some(nation) = bodies.get(code) {
        return nation.clone();
    }
    let nation = match registry.resolve(code) {
        Resolved::Known(organisation) => Some(organisation.nation.clone()),
        Resolved::Outside(_) => None,
    };
    bodies.insert(code.to_owned(), nation.clone());
    nation
}

/// By file, the nations that the study names for its source.
fn sources_of_files<'a>(asked: &Asked<'a>) -> Result<BTreeMap<i64, &'a [String]>, StudyError> {
    let mut of_file = BTreeMap::new();
    let path = asked.intake.join("files.parquet");
    for batch in TableReader::open_columns(&path, &["file", "source"])? {
        let batch = batch?;
        let (file, source) = (batch.integer("file")?, batch.integer("source")?);
        for row in 0..batch.rows() {
            let number = source.get(row).and_then(|source| usize::try_from(source).ok());
            let own = number.and_then(|number| asked.config.sources.get(number));
            if let Some((file, source)) = file.get(row).zip(own) {
                of_file.insert(file, source.nations.as_slice());
            }
        }
    }
    Ok(of_file)
}

#[cfg(test)]
mod tests {
    use engine::TableWriter;
    use layouts::tables;
    use vocabulary::table::{TableSchema, Value as Cell};

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Writes a table of which each row has some cells, by column.
    fn write(path: &Path, schema: &TableSchema, rows: &[Vec<(&str, Cell<'_>)>]) {
        let mut table = TableWriter::create(path, schema).unwrap();
        for row in rows {
            let mut cells = vec![Cell::Null; schema.columns.len()];
            for (name, cell) in row {
                cells[schema.column_index(name).unwrap()] = cell.clone();
            }
            table.row(&cells).unwrap();
        }
        table.finish().unwrap();
    }

    /// A study of 2019 to 2025 whose two registries name a nation each.
    fn config() -> Config {
        let text = "
            [study]
            name = \"A study\"
            as_of = 2025-12-31
            period = [2019-01-01, 2025-12-31]
            definition = \"uk-mbc/2026.1\"
            [[source]]
            kind = \"registrations\"
            path = \"a.csv\"
            nations = [\"England\"]
            [[source]]
            kind = \"registrations\"
            path = \"b.csv\"
            nations = [\"Scotland\"]
        ";
        Config::parse(text).unwrap()
    }

    /// All stages in one folder.
    fn asked<'a>(at: &'a Path, config: &'a Config, registry: &'a Registry) -> Asked<'a> {
        Asked {
            intake: at,
            linkage: at,
            casefind: at,
            config,
            registry,
        }
    }

    #[test]
    fn registries_tell_of_deaths_as_long_as_that_of_each_nation_does() {
        let folder = tempfile::tempdir().unwrap();
        let (at, config, registry) = (folder.path(), config(), Registry::uk().unwrap());
        let file = |file: i64| vec![("file", Cell::Integer(file)), ("source", Cell::Integer(file - 1))];
        write(&at.join("files.parquet"), &tables::files(), &[file(1), file(2)]);
        let row = |file: i64, status, date| {
            vec![
                ("file", Cell::Integer(file)),
                ("row", Cell::Integer(1)),
                ("source", Cell::Text("registrations")),
                ("vital_status", Cell::Text(status)),
                ("vital_date", Cell::Date(day(date))),
            ]
        };
        let rows = [row(1, "A", "2025-12-31"), row(2, "D", "2020-06-15")];
        write(&at.join("identities"), &tables::identities(), &rows);
        let asked = asked(at, &config, &registry);
        let (by, nations, last) = beside_a_register(&asked).unwrap();
        assert_eq!((by, last), (By::Registry, Some(day("2020-06-30"))));
        let counted = [("England", 5), ("Scotland", 5), ("Wales", 5)];
        assert_eq!(lacking(&nations, &counted), "Wales");
    }

    #[test]
    fn deaths_of_one_nation_are_none_of_another_and_who_died_before_them_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (at, config, registry) = (folder.path(), config(), Registry::uk().unwrap());
        let case = |person, nation| {
            vec![
                ("person_id", Cell::Text(person)),
                ("nation", Cell::Text(nation)),
                ("counted", Cell::Flag(true)),
            ]
        };
        let cases = [case("P00000001", "England"), case("P00000002", "Scotland")];
        write(&at.join("cases.parquet"), &tables::cases(), &cases);
        let seen = |person, date| vec![("person_id", Cell::Text(person)), ("date", Cell::Date(day(date)))];
        let evidence = [
            seen("P00000001", "2012-05-05"),
            seen("P00000002", "2012-05-05"),
            seen("P00000002", "2023-05-05"),
            seen("P00000003", "2023-05-05"),
            seen("P00000001", "2011-05-05"),
        ];
        write(&at.join("evidence.parquet"), &tables::evidence(), &evidence);
        let before = Counted::read(at).unwrap().found_before(at, day("2020-01-01"));
        assert_eq!(before.unwrap(), 1);
        let asked = asked(at, &config, &registry);
        let known = |nations: &[&str]| {
            let nations = Nations::of(nations.iter().map(|nation| (*nation).to_owned()));
            let days = Spans::of([(day("2020-01-01"), day("2025-12-31"))]);
            let followed = Followed::of(days, (By::Register, &nations), &asked).unwrap();
            let rules = followed
                .warnings
                .iter()
                .map(|warning| warning["rule"].as_str().unwrap());
            let rules = rules.collect::<Vec<_>>().join(" ");
            (followed.days.first(), rules)
        };
        let none = (None, "deaths_of_nations".to_owned());
        assert_eq!(known(&["England"]), none);
        let both = "deaths_begin_late found_before_deaths".to_owned();
        assert_eq!(known(&["England", "Scotland"]), (Some(day("2020-01-01")), both));
    }

    fn lacking(nations: &Nations, counted: &[(&str, u64)]) -> String {
        let counted = counted
            .iter()
            .map(|(nation, people)| ((*nation).to_owned(), *people));
        nations.lacking(&counted.collect()).join(" ")
    }

    #[test]
    fn a_nation_with_cases_needs_deaths_and_strays_do_not() {
        let mut england = Nations::default();
        england.add(Some("England"), &[]);
        for (counted, lacks) in [
            ([("England", 500), ("Scotland", 20)], "Scotland"),
            ([("England", 5_000), ("Scotland", 20)], ""),
            ([("England", 0), ("Scotland", 20)], "Scotland"),
        ] {
            assert_eq!(lacking(&england, &counted), lacks, "{counted:?}");
        }
        // A source of two nations names them; one that names none holds the deaths of all.
        let mut both = england.clone();
        both.add(None, &["England".to_owned(), "Scotland".to_owned()]);
        assert_eq!(lacking(&both, &[("England", 500), ("Scotland", 20)]), "");
        assert_eq!(lacking(&both, &[("England", 500), ("Wales", 20)]), "Wales");
        both.add(None, &[]);
        assert_eq!(lacking(&both, &[("England", 500), ("Wales", 20)]), "");
        assert_eq!(lacking(&Nations::of([]), &[("Wales", 20)]), "");
    }
}
