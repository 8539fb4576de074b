//! The drawn examples of the definition, all of them in one run of case-finding.
//!
//! Each example is one person. The tables are written as intake and linkage would write them, the
//! stage runs once, and what came is compared with what is drawn. To prove that the comparison
//! can fail, every outcome is then changed in turn and must be found wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use casefind::spec::{self, Cell, Chapter, Example, Expected, Found};
use casefind::{Definition, Request, run};
use engine::{Options, Session, TableReader, TableWriter};
use layouts::tables;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;
use vocabulary::table::{TableSchema, Value};

fn definition() -> Definition {
    Definition::load("uk-mbc/2026.1", Path::new("")).unwrap()
}

fn chapters(definition: &Definition) -> Vec<Chapter> {
    let read = definition.examples().map(|(file, text)| spec::read(file, text));
    read.map(|chapter| chapter.unwrap_or_else(|error| panic!("{error}")))
        .collect()
}

type Cells = BTreeMap<String, Cell>;

/// The records of all people, by table, as they are about to be written.
#[derive(Default)]
struct Sources {
    /// Kind to the number of its file.
    files: BTreeMap<String, i64>,
    /// Kind to the person of each of its records, in row order, with the columns of the person.
    people: BTreeMap<String, Vec<(i64, Cells)>>,
    /// Table to its rows: file, row, columns.
    rows: BTreeMap<String, Vec<(i64, i64, Cells)>>,
}

impl Sources {
    fn person(&mut self, person: i64, example: &Example) {
        let mut cosd: Option<i64> = None;
        for table in &example.tables {
            for cells in &table.rows {
                let drawn = table.columns.iter().cloned().zip(cells.iter().cloned());
                let drawn = drawn.filter(|(_, cell)| *cell != Cell::Blank);
                let (own, record): (Cells, Cells) =
                    drawn.partition(|(column, _)| column.starts_with(char::is_lowercase));
                match table.name.split_once('.') {
                    None => {
                        let row = self.record(&table.name, person, own, record);
                        if table.name == "cosd" {
                            cosd = Some(row);
                        }
                    }
                    Some((kind, _)) => {
                        let row = cosd.unwrap_or_else(|| self.record(kind, person, own, BTreeMap::new()));
                        cosd = Some(row);
                        let file = self.file(kind);
                        self.rows
                            .entry(table.name.clone())
                            .or_default()
                            .push((file, row, record));
                    }
                }
            }
        }
    }

    fn file(&mut self, kind: &str) -> i64 {
        let next = self.files.len() as i64;
        *self.files.entry(kind.to_owned()).or_insert(next)
    }

    fn record(&mut self, kind: &str, person: i64, mut own: Cells, mut record: Cells) -> i64 {
        let file = self.file(kind);
        let people = self.people.entry(kind.to_owned()).or_default();
        let row = people.len() as i64 + 1;
        if let Some(day) = record.get("DOD") {
            own.insert("death_date".to_owned(), day.clone());
        }
        if kind == "cosd" {
            record
                .entry("ID".to_owned())
                .or_insert(Cell::Text(format!("record-{row}")));
        }
        people.push((person, own));
        self.rows
            .entry(kind.to_owned())
            .or_default()
            .push((file, row, record));
        row
    }
}

fn value<'a>(schema: &TableSchema, at: usize, cells: &'a Cells, fixed: &[Value<'a>]) -> Value<'a> {
    if let Some(value) = fixed.get(at) {
        return value.clone();
    }
    match cells.get(&schema.columns[at].name) {
        None | Some(Cell::Blank) => Value::Null,
        Some(Cell::Text(text)) => Value::Text(text),
        Some(Cell::Date(date)) => Value::Date(*date),
        Some(Cell::Flag(flag)) => Value::Flag(*flag),
    }
}

fn writer(folder: &Path, name: &str, schema: &TableSchema) -> TableWriter {
    fs_err::create_dir_all(folder).unwrap();
    TableWriter::create(&folder.join(name), schema).unwrap()
}

fn write(sources: &Sources, cover: (Date, Date), intake: &Path, linkage: &Path) {
    for (table, rows) in &sources.rows {
        let schema = tables::records(table).unwrap();
        let mut out = writer(&intake.join("records").join(table), "00000.parquet", &schema);
        for (seq, (file, row, cells)) in rows.iter().enumerate() {
            let mut fixed = vec![Value::Integer(*file), Value::Integer(*row)];
            if table.contains('.') {
                fixed.push(Value::Integer(seq as i64));
            }
            let row: Vec<Value<'_>> = (0..schema.columns.len())
                .map(|at| value(&schema, at, cells, &fixed))
                .collect();
            out.row(&row).unwrap();
        }
        out.finish().unwrap();
    }
    write_people(sources, intake, linkage);
    write_files(sources, cover, intake);
}

fn write_people(sources: &Sources, intake: &Path, linkage: &Path) {
    let schema = tables::identities();
    let mut links = writer(linkage, "links.parquet", &tables::links());
    let mut kinds: Vec<(&String, &i64)> = sources.files.iter().collect();
    kinds.sort_by_key(|(_, file)| **file);
    for (kind, file) in kinds {
        let mut out = writer(&intake.join("identities"), &format!("{file:05}.parquet"), &schema);
        for (index, (person, cells)) in sources.people[kind].iter().enumerate() {
            let row = Value::Integer(index as i64 + 1);
            let fixed = [Value::Integer(*file), row.clone(), Value::Text(kind)];
            let identity: Vec<Value<'_>> = (0..schema.columns.len())
                .map(|at| value(&schema, at, cells, &fixed))
                .collect();
            out.row(&identity).unwrap();
            let (person, step) = (Value::Integer(*person), Value::Text("number"));
            links
                .row(&[
                    Value::Text(kind),
                    Value::Integer(*file),
                    row,
                    person,
                    step,
                    Value::Real(1.0),
                ])
                .unwrap();
        }
        out.finish().unwrap();
    }
    links.finish().unwrap();
}

fn write_files(sources: &Sources, cover: (Date, Date), intake: &Path) {
    let mut files = writer(intake, "files.parquet", &tables::files());
    let mut coverage = writer(intake, "coverage.parquet", &tables::coverage());
    for (kind, file) in &sources.files {
        let path = format!("examples/{kind}");
        let (file, kind) = (Value::Integer(*file), Value::Text(kind));
        let mut row = vec![Value::Null; tables::files().columns.len()];
        (row[0], row[2], row[3]) = (file, kind.clone(), Value::Text(&path));
        files.row(&row).unwrap();
        let months = [Value::Date(cover.0), Value::Date(cover.1)];
        let [first, last] = months;
        coverage
            .row(&[kind, Value::Null, Value::Null, Value::Integer(1), first, last])
            .unwrap();
    }
    files.finish().unwrap();
    coverage.finish().unwrap();
}

fn found(out: &Path) -> BTreeMap<String, Found> {
    let mut cases = BTreeMap::new();
    for batch in TableReader::open(&out.join("cases.parquet")).unwrap() {
        let batch = batch.unwrap();
        for row in 0..batch.rows() {
            let text = |name: &str| batch.text(name).unwrap().get(row).map(str::to_owned);
            let date = |name: &str| batch.date(name).unwrap().get(row);
            let flag = |name: &str| batch.flag(name).unwrap().get(row).unwrap();
            let list = |name: &str| {
                batch
                    .texts(name)
                    .unwrap()
                    .get(row)
                    .into_iter()
                    .collect::<BTreeSet<_>>()
            };
            let case = Found {
                tier: text("tier").unwrap(),
                kind: text("kind").unwrap(),
                date: date("date"),
                low: date("date_low"),
                high: date("date_high"),
                organisation: text("organisation"),
                nation: text("nation"),
                recorded: flag("recorded"),
                recorded_on: date("recorded_date"),
                recorded_by: text("recorded_organisation"),
                new: flag("new"),
                counted: flag("counted"),
                at_death: flag("only_at_death"),
                last_seen: text("only_at_death_organisation"),
                sites: list("sites"),
                bodies: list("organisations"),
                reasons: list("reasons"),
            };
            cases.insert(text("person_id").unwrap(), case);
        }
    }
    cases
}

type Outcome<'a> = (&'a Chapter, &'a Example, Option<Found>);

/// Runs all examples at once; gives what came of each, in their order, and the rules that met a
/// record.
fn outcomes<'a>(definition: &Definition, chapters: &'a [Chapter]) -> (Vec<Outcome<'a>>, BTreeSet<String>) {
    let folder = tempfile::tempdir().unwrap();
    let [intake, linkage, out, work] =
        ["intake", "linkage", "out", "work"].map(|name| folder.path().join(name));
    fs_err::create_dir_all(&out).unwrap();
    let mut sources = Sources::default();
    let all = || {
        chapters
            .iter()
            .flat_map(|chapter| chapter.examples.iter().map(move |example| (chapter, example)))
    };
    for (person, (_, example)) in all().enumerate() {
        sources.person(person as i64 + 1, example);
    }
    write(&sources, chapters[0].cover, &intake, &linkage);
    let options = Options {
        memory_bytes: 64 << 20,
        threads: 1,
        spill: folder.path().join("spill"),
    };
    let session = Session::embedded(options).unwrap();
    let request = Request {
        intake: &intake,
        linkage: &linkage,
        definition,
        registry: &Registry::uk().unwrap(),
        as_of: chapters[0].cover.1,
        declared_cover: &BTreeMap::new(),
        nations: &BTreeMap::new(),
        home_nation: Some("England"),
        former: None,
        settings: None,
        session: &session,
        out: &out,
        work: &work,
    };
    run(&request).unwrap_or_else(|error| panic!("{error}"));
    let mut cases = found(&out);
    let came = all()
        .enumerate()
        .map(|(person, (chapter, example))| (chapter, example, cases.remove(&format!("P{:08}", person + 1))))
        .collect();
    (came, rules_met(&out))
}

fn rules_met(out: &Path) -> BTreeSet<String> {
    let mut rules = BTreeSet::new();
    for batch in TableReader::open(&out.join("evidence.parquet")).unwrap() {
        let batch = batch.unwrap();
        let rule = batch.text("rule").unwrap();
        rules.extend((0..batch.rows()).filter_map(|row| rule.get(row).map(str::to_owned)));
    }
    rules
}

#[test]
fn every_drawn_example_comes_out_as_drawn() {
    let definition = definition();
    let chapters = chapters(&definition);
    assert!(
        chapters.iter().all(|chapter| chapter.cover == chapters[0].cover),
        "one cover for all examples"
    );
    let (outcomes, met) = outcomes(&definition, &chapters);
    let mut wrong = Vec::new();
    for (chapter, example, found) in &outcomes {
        let differences = example.expected.differences(found.as_ref());
        if !differences.is_empty() {
            let came = found.as_ref().map_or("none".to_owned(), ToString::to_string);
            let list = differences.join("\n     ");
            wrong.push(format!(
                "{}, line {}\n{example}  found {came}\n     {list}\n",
                chapter.file, example.line
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} examples\n\n{}",
        wrong.len(),
        outcomes.len(),
        wrong.join("\n")
    );
    let evidence = definition.rules.iter().filter(|rule| rule.strength.is_evidence());
    let silent: Vec<&str> = evidence
        .map(|rule| rule.id.as_str())
        .filter(|id| !met.contains(*id))
        .collect();
    assert!(
        silent.is_empty(),
        "no example shows the rules {}",
        silent.join(", ")
    );
    let missed: Vec<String> = outcomes
        .iter()
        .flat_map(|(_, example, found)| {
            let changed = changed(&example.expected).into_iter();
            changed
                .filter(|(_, other)| other.differences(found.as_ref()).is_empty())
                .map(|(what, _)| format!("{what} of `{}` may be anything", example.title))
        })
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// Every single change of an outcome, with its name.
fn changed(expected: &Expected) -> Vec<(&'static str, Expected)> {
    let Expected::Case(case) = expected else {
        return vec![("nothing", "D weak".parse().unwrap())];
    };
    let mut changed = vec![("the case", Expected::None)];
    let mut change = |what, edit: &dyn Fn(&mut spec::ExpectedCase)| {
        let mut other = case.clone();
        edit(&mut other);
        if other != *case {
            changed.push((what, Expected::Case(other)));
        }
    };
    let later = |date: &mut Option<Date>| *date = date.map(|date| date.plus_days(1));
    change("tier", &|case| {
        case.tier = if case.tier == 'A' { 'B' } else { 'A' }
    });
    change("recorded", &|case| case.recorded = !case.recorded);
    change("living-only", &|case| {
        case.living_only = !case.living_only && case.tier != 'D'
    });
    change("at-death", &|case| case.at_death = !case.at_death);
    change("last-seen", &|case| case.last_seen = Some("XXX".to_owned()));
    change("kind", &|case| {
        case.kind = case.kind.as_ref().map(|_| "other".to_owned())
    });
    change("date", &|case| {
        case.date = case
            .date
            .map(|date| date.map_or(Some(Date::from_days(0)), |d| Some(d.plus_days(1))))
    });
    change("organisation", &|case| {
        case.organisation = case.organisation.as_ref().map(|_| Some("XXX".to_owned()))
    });
    change("low", &|case| later(&mut case.low));
    change("high", &|case| later(&mut case.high));
    change("recorded-on", &|case| later(&mut case.recorded_on));
    change("recorded-by", &|case| {
        case.recorded_by = case.recorded_by.as_ref().map(|_| "XXX".to_owned())
    });
    change("nation", &|case| {
        case.nation = case.nation.as_ref().map(|_| "Elsewhere".to_owned())
    });
    change("sites", &|case| {
        case.sites = case.sites.as_ref().map(|_| BTreeSet::new())
    });
    change("bodies", &|case| {
        case.bodies = case.bodies.as_ref().map(|_| BTreeSet::new())
    });
    if case.tier == 'D' {
        change("reason", &|case| {
            let all = BTreeSet::from(["impossible", "competing", "weak", "refuted", "after-death"]);
            case.because = all.difference(&case.because).copied().collect();
        });
    }
    changed
}

#[test]
fn the_drawings_are_aligned_and_fit_a_page() {
    for chapter in chapters(&definition()) {
        for example in &chapter.examples {
            let mut bars: Vec<usize> = Vec::new();
            for line in example.drawing.lines().filter(|line| line.contains('|')) {
                let here: Vec<usize> = line.match_indices('|').map(|(at, _)| at).collect();
                let head = !line.trim_start().starts_with('|');
                if head {
                    assert!(
                        bars.is_empty() || bars[0] == here[0],
                        "{}: the tables start apart\n{example}",
                        chapter.file
                    );
                    bars = here;
                } else {
                    assert_eq!(
                        bars, here,
                        "{}: the columns are not aligned\n{example}",
                        chapter.file
                    );
                }
                assert!(
                    line.chars().count() <= 130,
                    "{}: too wide for a page\n{example}",
                    chapter.file
                );
            }
        }
    }
}

#[test]
fn the_themes_are_all_there() {
    let definition = definition();
    let themes = [
        "who",
        "nodes",
        "codes",
        "competing",
        "drugs",
        "kind",
        "date",
        "organisation",
        "deaths",
        "contradictions",
        "review",
        "recorded",
        "coverage",
    ];
    let chapters = chapters(&definition);
    let there: BTreeSet<&str> = chapters.iter().map(|chapter| chapter.file.as_str()).collect();
    for theme in themes {
        assert!(
            there.contains(format!("cases/{theme}.txt").as_str()),
            "no examples of {theme}"
        );
    }
}
