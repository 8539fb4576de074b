//! Writes the invented records: as the canonical tables of intake and linkage, and in the shape in which bodies send them.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use engine::TableWriter;
use layouts::tables;
use vocabulary::code::{CodeSet, of_tumours};
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};
use vocabulary::table::{Kind, TableSchema, Value};

use crate::invent::{Codes, Event, What, Year};
use crate::people::{Illness, People, last_day, sent};

/// Files of admissions, then of treatments, then one of deaths.
const FILES: u64 = 21;
const DEATHS: u64 = 20;

fn kind(file: u64) -> &'static str {
    match file {
        0..10 => "admissions",
        10..20 => "sact",
        _ => "deaths",
    }
}

/// Invents so many records.
pub(crate) fn make(folder: &Path, rows: u64, seed: u64) {
    let bodies = bodies(folder);
    let (people, codes) = (People::of(rows, seed), Codes::new());
    let next = AtomicU64::new(0);
    let written = std::thread::scope(|scope| {
        let work = || {
            let mut written = Vec::new();
            loop {
                let file = next.fetch_add(1, Ordering::Relaxed);
                if file >= FILES {
                    return written;
                }
                let mut out = Files::create(folder, file);
                if file == DEATHS {
                    deaths(people, &mut out);
                } else {
                    for event in Year::new(people, &codes, file, rows, seed, bodies.len()) {
                        out.event(&event, &bodies);
                    }
                }
                written.push((file, out.finish()));
            }
        };
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    links(folder, people, &codes, rows, seed, bodies.len());
    about_files(folder, written);
}

/// The bodies that send: those of England and Wales that are what their code says, and one that only treats.
fn bodies(folder: &Path) -> Vec<String> {
    let registry = Registry::uk().unwrap();
    let itself = |code: &str| matches!(registry.resolve(code), Resolved::Known(body) if body.code == code);
    let known = registry.organisations().filter(|body| itself(&body.code));
    let known: Vec<_> = known.map(|body| (body.code.clone(), body.treats_only)).collect();
    fs_err::create_dir_all(folder).unwrap();
    let lines: String = known
        .iter()
        .map(|(code, only)| format!("{code},{only}\n"))
        .collect();
    fs_err::write(folder.join("bodies.csv"), format!("code,treats_only\n{lines}")).unwrap();
    known.into_iter().map(|(code, _)| code).collect()
}

fn raw_schema(kind: &str) -> TableSchema {
    let columns: Vec<(String, Kind)> = match kind {
        "admissions" => {
            let fixed = [
                ("NEWNHSNO", Kind::Text),
                ("ADMIDATE", Kind::Date),
                ("PROCODE", Kind::Text),
            ];
            let fixed = fixed.map(|(name, kind)| (name.to_owned(), kind)).into_iter();
            let diagnoses = (1..=20).map(|at| (format!("DIAG_{at:02}"), Kind::Text));
            let operations = (1..=24).map(|at| (format!("OPERTN_{at:02}"), Kind::Text));
            fixed.chain(diagnoses).chain(operations).collect()
        }
        "sact" => [
            ("NHS_Number", Kind::Text),
            ("Organisation_Identifier_(Code_Of_Provider)", Kind::Text),
            ("Primary_Diagnosis", Kind::Text),
            ("Adjunctive_Therapy", Kind::Text),
            ("Intent_Of_Treatment", Kind::Text),
            ("Regimen", Kind::Text),
            ("Start_Date_Of_Regimen", Kind::Date),
            ("Drug_Name", Kind::Text),
            ("Actual_Dose_Per_Administration", Kind::Text),
        ]
        .map(|(name, kind)| (name.to_owned(), kind))
        .to_vec(),
        _ => {
            let fixed = [
                ("NHSNUMBER", Kind::Text),
                ("DOD", Kind::Date),
                ("S_UNDERLYING_COD_ICD10", Kind::Text),
            ];
            let fixed = fixed.map(|(name, kind)| (name.to_owned(), kind)).into_iter();
            fixed
                .chain((1..=15).map(|at| (format!("S_COD_CODE_{at}"), Kind::Text)))
                .collect()
        }
    };
    let columns: Vec<(&str, Kind)> = columns
        .iter()
        .map(|(name, kind)| (name.as_str(), *kind))
        .collect();
    TableSchema::new(&format!("raw/{kind}"), 1, &columns)
}

/// The tables that one input file becomes.
struct Files {
    file: u64,
    row: i64,
    schema: TableSchema,
    records: TableWriter,
    /// The records of a tumour once more, as intake keeps them.
    excerpt: Option<TableWriter>,
    tumours: CodeSet,
    identities: TableWriter,
    raw: TableWriter,
    raw_width: usize,
}

impl Files {
    fn create(folder: &Path, file: u64) -> Self {
        let (kind, name) = (kind(file), format!("{file:05}.parquet"));
        let writer = |place: &str, schema: &TableSchema| {
            let folder = folder.join(place);
            fs_err::create_dir_all(&folder).unwrap();
            TableWriter::create(&folder.join(&name), schema).unwrap()
        };
        let (schema, raw) = (tables::records(kind).unwrap(), raw_schema(kind));
        Self {
            file,
            row: 0,
            records: writer(&format!("intake/records/{kind}"), &schema),
            excerpt: tables::excerpt(kind).map(|_| writer(&format!("intake/excerpts/{kind}"), &schema)),
            tumours: of_tumours(),
            identities: writer("intake/identities", &tables::identities()),
            raw_width: raw.columns.len(),
            raw: writer(&format!("raw/{kind}"), &raw),
            schema,
        }
    }

    fn event(&mut self, event: &Event, bodies: &[String]) {
        self.row += 1;
        let (number, body) = (sent(event.person), bodies[event.body].as_str());
        self.identity(&number, Some(body), event.day, None);
        match &event.what {
            What::Admission(diagnoses, operations) => {
                let (diag, opertn) = (diagnoses.join(" "), operations.join(" "));
                let mut cells = vec![
                    ("ADMIDATE", Value::Date(event.day)),
                    ("EPISTART", Value::Date(event.day)),
                    ("PROCODE", Value::Text(body)),
                    ("DIAG", Value::Text(&diag)),
                ];
                if !opertn.is_empty() {
                    cells.push(("OPERTN", Value::Text(&opertn)));
                }
                self.record(cells);
                let mut raw = vec![Value::Null; self.raw_width];
                (raw[0], raw[1], raw[2]) = (Value::Text(&number), Value::Date(event.day), Value::Text(body));
                let filled: Vec<String> = diagnoses.iter().map(|code| filled(code)).collect();
                for (at, code) in filled.iter().enumerate() {
                    raw[3 + at] = Value::Text(code);
                }
                for (at, code) in operations.iter().enumerate() {
                    raw[23 + at] = Value::Text(code);
                }
                self.raw.row(&raw).unwrap();
            }
            What::Treatment(said) => {
                self.record(vec![
                    ("PROVIDER", Value::Text(body)),
                    ("PRIMARY_DIAGNOSIS", Value::Text(said.diagnosis)),
                    ("ADJUNCTIVE_THERAPY", Value::Text(said.adjunctive)),
                    ("INTENT_OF_TREATMENT", Value::Text(said.intent)),
                    ("REGIMEN", Value::Text(said.drug)),
                    ("START_DATE_OF_REGIMEN", Value::Date(event.day)),
                    ("DRUG_NAME", Value::Text(said.drug)),
                    ("DOSE", Value::Text(said.dose)),
                ]);
                let diagnosis = filled(said.diagnosis);
                let texts = [body, &diagnosis, said.adjunctive, said.intent, said.drug];
                let mut raw = vec![Value::Text(&number)];
                raw.extend(texts.map(Value::Text));
                raw.extend([
                    Value::Date(event.day),
                    Value::Text(said.drug),
                    Value::Text(said.dose),
                ]);
                self.raw.row(&raw).unwrap();
            }
        }
    }

    fn death(&mut self, person: u64, day: Date, underlying: &str, other: &str) {
        self.row += 1;
        let number = sent(person);
        self.identity(&number, None, day, Some(day));
        let causes = format!("{underlying} {other}");
        self.record(vec![
            ("DOD", Value::Date(day)),
            ("UNDERLYING", Value::Text(underlying)),
            ("CAUSES", Value::Text(&causes)),
        ]);
        let mut raw = vec![Value::Null; self.raw_width];
        let (underlying, other) = (filled(underlying), filled(other));
        (raw[0], raw[1]) = (Value::Text(&number), Value::Date(day));
        (raw[2], raw[3], raw[4]) = (
            Value::Text(&underlying),
            Value::Text(&underlying),
            Value::Text(&other),
        );
        self.raw.row(&raw).unwrap();
    }

    fn record(&mut self, cells: Vec<(&str, Value<'_>)>) {
        let mut row = vec![Value::Null; self.schema.columns.len()];
        row[0] = Value::Integer(i64::try_from(self.file).unwrap());
        row[1] = Value::Integer(self.row);
        for (name, value) in cells {
            row[self.schema.column_index(name).unwrap()] = value;
        }
        self.records.row(&row).unwrap();
        if let Some(excerpt) = &mut self.excerpt
            && let Value::Text(codes) = row[self.schema.column_index("DIAG").unwrap()]
            && self.tumours.contains_any(codes)
        {
            excerpt.row(&row).unwrap();
        }
    }

    fn identity(&mut self, number: &str, body: Option<&str>, day: Date, death: Option<Date>) {
        let mut row = vec![Value::Null; tables_width()];
        row[0] = Value::Integer(i64::try_from(self.file).unwrap());
        row[1] = Value::Integer(self.row);
        row[2] = Value::Text(kind(self.file));
        row[4] = Value::Text(number);
        row[5] = Value::Text("nhs");
        row[13] = body.map_or(Value::Null, Value::Text);
        row[17] = Value::Date(day);
        row[18] = death.map_or(Value::Null, Value::Date);
        self.identities.row(&row).unwrap();
    }

    fn finish(self) -> u64 {
        self.identities.finish().unwrap();
        self.raw.finish().unwrap();
        if let Some(excerpt) = self.excerpt {
            excerpt.finish().unwrap();
        }
        self.records.finish().unwrap()
    }
}

/// The columns of `identities`; their places are those of the contract.
fn tables_width() -> usize {
    23
}

/// A code as hospitals write it: a filler where there is no fourth character.
fn filled(code: &str) -> String {
    if code.len() == 3 {
        format!("{code}X")
    } else {
        code.to_owned()
    }
}

fn deaths(people: People, out: &mut Files) {
    for place in 0..people.count() {
        let person = people.person(place);
        let Some(day) = person.death else { continue };
        let (underlying, other) = match (person.illness, person.spread) {
            (Illness::Breast | Illness::Both, Some(_)) if place % 10 < 7 => ("C509", "C787"),
            (Illness::Breast | Illness::Both, _) => ("I219", "C509"),
            (Illness::Other, Some(_)) => ("C349", "C793"),
            _ => ("I219", "R18"),
        };
        out.death(person.number, day, underlying, other);
    }
}

/// Which person each record belongs to, in the order of files and rows.
fn links(folder: &Path, people: People, codes: &Codes, rows: u64, seed: u64, bodies: usize) {
    fs_err::create_dir_all(folder.join("linkage")).unwrap();
    let mut out = engine::GroupWriter::create(
        &folder.join("linkage/links.parquet"),
        &tables::links(),
        &["row", "person"],
    )
    .unwrap();
    let mut row = |file: u64, row: u64, person: u64| {
        let number = |number: u64| Value::Integer(i64::try_from(number).unwrap());
        let (step, sure) = (Value::Text("number"), Value::Real(1.0));
        out.row(&[
            Value::Text(kind(file)),
            number(file),
            number(row),
            number(person),
            step,
            sure,
        ])
        .unwrap();
        if row.is_multiple_of(engine::GROUP_ROWS as u64) {
            out.end_group().unwrap();
        }
    };
    for file in 0..DEATHS {
        for (at, event) in Year::new(people, codes, file, rows, seed, bodies).enumerate() {
            row(file, at as u64 + 1, event.person);
        }
    }
    let dead = (0..people.count())
        .map(|place| people.person(place))
        .filter(|person| person.death.is_some());
    for (at, person) in dead.enumerate() {
        row(DEATHS, at as u64 + 1, person.number);
    }
    out.finish().unwrap();
}

fn about_files(folder: &Path, mut written: Vec<(u64, u64)>) {
    written.sort_unstable();
    let place = |name: &str| folder.join("intake").join(name);
    let mut files = TableWriter::create(&place("files.parquet"), &tables::files()).unwrap();
    for (file, rows) in &written {
        let path = format!("raw/{}/{file:05}.parquet", kind(*file));
        let mut row = vec![Value::Null; tables::files().columns.len()];
        row[0] = Value::Integer(i64::try_from(*file).unwrap());
        (row[2], row[3]) = (Value::Text(kind(*file)), Value::Text(&path));
        row[5] = Value::Integer(i64::try_from(*rows).unwrap());
        files.row(&row).unwrap();
    }
    files.finish().unwrap();
    let mut coverage = TableWriter::create(&place("coverage.parquet"), &tables::coverage()).unwrap();
    let first = Date::new(crate::people::FIRST_YEAR, 1, 1).unwrap();
    for kind in ["admissions", "sact", "deaths"] {
        let months = [Value::Date(first), Value::Date(last_day())];
        let [from, until] = months;
        coverage
            .row(&[
                Value::Text(kind),
                Value::Null,
                Value::Null,
                Value::Integer(1),
                from,
                until,
            ])
            .unwrap();
    }
    coverage.finish().unwrap();
}
