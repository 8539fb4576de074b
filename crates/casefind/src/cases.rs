//! Writing the `evidence` and `cases` tables.

mod before;

use std::collections::BTreeMap;
use std::path::Path;

use engine::{TableReader, TableWriter};
use layouts::tables;
use vocabulary::date::Date;
use vocabulary::table::Value;

use crate::definition::Definition;
use crate::error::CasefindError;
use crate::facts::{Fact, Persons, source_of};
use crate::judge::{Case, Contradicted, End, LEFT_UNDATED, NAMELESS, UNDATED};
use before::Before;
pub(crate) use before::number;

/// The paths of the input files, for record ids, and the nations that they come from.
pub(crate) struct Files {
    paths: BTreeMap<i64, String>,
    nations: BTreeMap<i64, String>,
}

impl Files {
    /// Reads the list of files; `of_paths` is the nation of each whose source has but one.
    pub(crate) fn read(intake: &Path, of_paths: &BTreeMap<String, String>) -> Result<Self, CasefindError> {
        let mut paths = BTreeMap::new();
        for batch in TableReader::open_columns(&intake.join("files.parquet"), &["file", "path"])? {
            let batch = batch?;
            let (file, path) = (batch.integer("file")?, batch.text("path")?);
            for row in 0..batch.rows() {
                if let (Some(file), Some(path)) = (file.get(row), path.get(row)) {
                    paths.insert(file, path.to_owned());
                }
            }
        }
        let nation = |(number, path): (&i64, &String)| Some((*number, of_paths.get(path)?.clone()));
        let nations = paths.iter().filter_map(nation).collect();
        Ok(Self { paths, nations })
    }

    /// The nations of the files whose source has but one.
    pub(crate) fn nations(&self) -> &BTreeMap<i64, String> {
        &self.nations
    }

    /// The numbers of the files, by what they are known by from run to run: the path, and the nation where the study names
    /// one. A file of another nation is another file, since where its people count hangs on it.
    pub(crate) fn numbers(&self) -> BTreeMap<String, i64> {
        let name = |number: &i64, path: &String| match self.nations.get(number) {
            Some(nation) => format!("{path}\n{nation}"),
            None => path.clone(),
        };
        let numbers = self
            .paths
            .iter()
            .map(|(number, path)| (name(number, path), *number));
        numbers.collect()
    }

    /// The id that leads back to the record.
    pub(crate) fn record_id(&self, file: i64, row: i64, record: Option<&str>) -> String {
        let path = self.paths.get(&file).map_or("", String::as_str);
        match record {
            Some(record) => format!("{path}#{record}"),
            None => format!("{path}#{row}"),
        }
    }
}

/// The former tables, and who stands in them as before.
pub(crate) struct Standing<'a> {
    /// Folder of the former tables.
    pub stage: &'a Path,
    /// Who is judged anew, or is gone.
    pub changed: &'a Persons,
}

/// Writes both tables, person after person.
pub(crate) struct Output<'a> {
    definition: &'a Definition,
    files: &'a Files,
    evidence: TableWriter,
    cases: TableWriter,
    /// Of the former run: its cases, its evidence, and who is not taken over from them.
    before: Option<(Before, Before, &'a Persons)>,
    /// Cases that were taken over, by tier.
    taken: BTreeMap<char, u64>,
}

/// The ends that the former cases rest on, told person by person.
pub(crate) fn former_ends(stage: &Path, mut hear: impl FnMut(i64, End)) -> Result<(), CasefindError> {
    let columns = ["person_id", "death_date", "left_date", "reasons"];
    for batch in TableReader::open_columns(&stage.join(CASES), &columns)? {
        let batch = batch?;
        let (ids, reasons) = (batch.text("person_id")?, batch.texts("reasons")?);
        let (death, left) = (batch.date("death_date")?, batch.date("left_date")?);
        for row in 0..batch.rows() {
            let told = reasons.get(row);
            let end = End {
                death: death.get(row),
                left: left.get(row),
                nameless: told.iter().any(|reason| reason == NAMELESS),
                undated: told.iter().any(|reason| reason == UNDATED),
                left_undated: told.iter().any(|reason| reason == LEFT_UNDATED),
                contradicted: told.iter().find_map(|reason| Contradicted::told(reason)),
                ..End::default()
            };
            if let Some(person) = ids.get(row).and_then(number) {
                hear(person, end);
            }
        }
    }
    Ok(())
}

const CASES: &str = "cases.parquet";
const EVIDENCE: &str = "evidence.parquet";

/// Whether a run left both tables.
pub(crate) fn tables_are_there(stage: &Path) -> bool {
    [CASES, EVIDENCE].iter().all(|name| stage.join(name).is_file())
}

impl<'a> Output<'a> {
    pub(crate) fn create(
        definition: &'a Definition,
        files: &'a Files,
        out: &Path,
        standing: Option<Standing<'a>>,
    ) -> Result<Self, CasefindError> {
        let before = |standing: Standing<'a>| -> Result<_, CasefindError> {
            let open = |name: &str| Before::open(&standing.stage.join(name));
            Ok((open(CASES)?, open(EVIDENCE)?, standing.changed))
        };
        let table = |name: &str, schema| -> Result<_, CasefindError> {
            let table = TableWriter::create(&out.join(name), schema)?;
            let alone = rayon::current_num_threads() == 1;
            Ok(if alone { table } else { table.aside() })
        };
        Ok(Self {
            definition,
            files,
            evidence: table(EVIDENCE, &tables::evidence())?,
            cases: table(CASES, &tables::cases())?,
            before: standing.map(before).transpose()?,
            taken: BTreeMap::new(),
        })
    }

    /// Takes over who stands before a person.
    fn before(&mut self, person: i64) -> Result<(), CasefindError> {
        let Some((cases, evidence, changed)) = &mut self.before else {
            return Ok(());
        };
        let stands = |person: i64| !changed.contains(person);
        let taken = &mut self.taken;
        cases.take_over(person, &stands, &mut self.cases, |batch, row| {
            let tier = batch.text("tier")?.get(row).and_then(|tier| tier.chars().next());
            *taken.entry(tier.unwrap_or_default()).or_default() += 1;
            Ok(())
        })?;
        evidence.take_over(person, &stands, &mut self.evidence, |_, _| Ok(()))
    }

    /// Writes a person's case and evidence.
    pub(crate) fn person(
        &mut self,
        person: i64,
        case: &Case,
        nation: Option<&str>,
        evidence: &[Fact],
        end: End,
    ) -> Result<(), CasefindError> {
        self.before(person)?;
        let person_id = person_id(person);
        self.evidence_of(&person_id, evidence)?;
        let list = |texts: &'_ std::collections::BTreeSet<String>| texts.iter().cloned().collect::<Vec<_>>();
        let (sites, sources) = (list(&case.sites), list(&case.sources));
        let (reasons, organisations) = (list(&case.reasons), list(&case.organisations));
        let counted = case.tier != 'D';
        let mut tier = [0; 4];
        self.cases.row(&[
            Value::Text(&person_id),
            Value::Text(case.tier.encode_utf8(&mut tier)),
            Value::Text(case.kind),
            date(case.date),
            date(case.date_low),
            date(case.date_high),
            text(case.organisation.as_ref().map(|body| body.code.as_str())),
            text(nation),
            texts(&sites),
            Value::Flag(case.recorded),
            date(case.recorded_date),
            texts(&sources),
            date(end.death),
            texts(&reasons),
            texts(&organisations),
            Value::Flag(case.elsewhere),
            Value::Flag(counted),
            Value::Flag(counted && case.date_low.is_some()),
            Value::Flag(case.only_at_death),
            text(
                case.only_at_death_organisation
                    .as_ref()
                    .map(|body| body.code.as_str()),
            ),
            date(end.left),
            text(case.recorded_organisation.as_ref().map(|body| body.code.as_str())),
        ])?;
        Ok(())
    }

    fn evidence_of(&mut self, person_id: &str, evidence: &[Fact]) -> Result<(), CasefindError> {
        let mut rows: Vec<(Option<Date>, &str, String, &str, &Fact)> = evidence
            .iter()
            .map(|fact| {
                let rule = &self.definition.rules[fact.rule];
                let record = self.files.record_id(fact.file, fact.row, fact.record.as_deref());
                (fact.date, source_of(rule), record, rule.id.as_str(), fact)
            })
            .collect();
        rows.sort_by(|a, b| (a.0, a.1, &a.2, a.3).cmp(&(b.0, b.1, &b.2, b.3)));
        // Two sections of one record may meet one rule on one day: one line of evidence.
        rows.dedup_by(|a, b| (a.0, a.1, &a.2, a.3) == (b.0, b.1, &b.2, b.3));
        for (day, source, record, rule_id, fact) in rows {
            let rule = &self.definition.rules[fact.rule];
            self.evidence.row(&[
                Value::Text(person_id),
                Value::Text(rule_id),
                Value::Text(rule.strength.word()),
                Value::Text(source),
                date(day),
                text(fact.organisation.as_deref()),
                Value::Text(&record),
                Value::Text(&rule.words),
                text(fact.sites.as_deref()),
            ])?;
        }
        Ok(())
    }

    /// Completes both files; gives how many cases of each tier were taken over, and the lines of evidence.
    pub(crate) fn finish(mut self) -> Result<(BTreeMap<char, u64>, u64), CasefindError> {
        self.before(i64::MAX)?;
        self.cases.finish()?;
        Ok((self.taken, self.evidence.finish()?))
    }
}

/// The text form of a person's number.
#[must_use]
pub fn person_id(person: i64) -> String {
    format!("P{person:08}")
}

fn date<'v>(date: Option<Date>) -> Value<'v> {
    date.map_or(Value::Null, Value::Date)
}

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Null, Value::Text)
}

fn texts(texts: &[String]) -> Value<'_> {
    Value::Texts(texts.iter().map(String::as_str).collect())
}
