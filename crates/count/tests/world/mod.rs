//! A small world for the tests: cases drawn as a table go in, the three tables come out through the real engine.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods
)]

use std::collections::BTreeMap;
use std::path::Path;

use count::{Assumed, CountError, Report, Request, Review, Thresholds};
use engine::{Options, Session, TableReader, TableWriter};
use layouts::tables;
use vocabulary::cover::Spans;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;
use vocabulary::table::Value;

/// Five bodies in two nations: two trusts in one network, one alone, one without a breast service, one abroad.
pub(crate) const ORGANISATIONS: &str = "\
code,name,short_name,nation,kind,network,latitude,longitude,opened,closed,breast_service,treats_only,predecessors
AAA,Ash O'Neill Trust,Ash,Northland,acute trust,Fens,52.0,-1.0,,,yes,no,
BBB,Birch Trust,Birch,Northland,acute trust,Fens,52.1,-1.1,,,yes,no,
CCC,Cedar Trust,Cedar,Northland,acute trust,Hills,52.2,-1.2,,,yes,no,
EEE,Elm Eye Hospital,Elm,Northland,specialist trust,Fens,52.3,-1.3,,,no,no,
WWW,Willow Board,Willow,Westland,health board,,53.0,-3.0,,,yes,no,
";

/// A person of the table `cases`, with what linkage knows of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Case {
    pub(crate) person: u32,
    pub(crate) tier: String,
    pub(crate) kind: String,
    pub(crate) date: Option<Date>,
    pub(crate) organisation: Option<String>,
    pub(crate) nation: Option<String>,
    pub(crate) sex: Option<String>,
    pub(crate) born: Option<Date>,
    pub(crate) recorded: bool,
    pub(crate) recorded_date: Option<Date>,
    pub(crate) elsewhere: bool,
    pub(crate) new: bool,
    pub(crate) only_at_death: bool,
    pub(crate) only_at_death_organisation: Option<String>,
    pub(crate) death: Option<Date>,
    pub(crate) left: Option<Date>,
}

impl Case {
    pub(crate) fn counted(&self) -> bool {
        self.tier != "D"
    }
}

/// The people of some groups, numbered one after the other.
pub(crate) fn numbered(groups: Vec<Vec<Case>>) -> Vec<Case> {
    let all = groups.into_iter().flatten().enumerate();
    all.map(|(index, case)| Case {
        person: u32::try_from(index).unwrap() + 1,
        ..case
    })
    .collect()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is not a date"))
}

/// A line of `coverage`: kind, organisation as sent, nation, first and last month.
pub(crate) type Sent = (
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    &'static str,
    &'static str,
);

/// Records of COSD: sender, organisation as sent, first and last month, and how many in each.
pub(crate) type Monthly = (&'static str, &'static str, &'static str, &'static str, i64);

/// Everything the stage reads.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) cases: Vec<Case>,
    pub(crate) coverage: Vec<Sent>,
    /// Days that a kind covers in a nation, where they are not those of `coverage`.
    pub(crate) cover: BTreeMap<(String, Option<String>), Spans>,
    pub(crate) months: Vec<Monthly>,
    /// Evidence: person, source, strength, day.
    pub(crate) evidence: Vec<(u32, &'static str, &'static str, Date)>,
    pub(crate) review: Review,
    /// What earlier runs knew.
    pub(crate) earlier: Vec<count::Look>,
    /// Last reporting period of COSD files: organisation, first and last day.
    pub(crate) cosd_files: Vec<(&'static str, &'static str, &'static str)>,
    pub(crate) as_of: Date,
    pub(crate) period: (Date, Date),
    pub(crate) deaths_until: Option<Date>,
    /// Days before that of which no deaths are known.
    pub(crate) no_deaths: Vec<(Date, Date)>,
}

impl World {
    /// A study of 2023 and 2024 in which Northland sent everything and Westland admissions only.
    pub(crate) fn new(cases: Vec<Case>) -> Self {
        Self {
            cases,
            coverage: vec![
                ("cosd", Some("AAA"), None, "2022-01-01", "2024-12-01"),
                ("cosd", Some("BBB01"), None, "2022-01-01", "2024-12-01"),
                ("admissions", Some("CCC"), None, "2022-01-01", "2024-12-01"),
                ("admissions", Some("WWW"), None, "2022-01-01", "2024-12-01"),
                ("deaths", None, None, "2022-01-01", "2024-12-01"),
            ],
            cover: BTreeMap::new(),
            months: Vec::new(),
            evidence: Vec::new(),
            review: Review::default(),
            earlier: Vec::new(),
            cosd_files: Vec::new(),
            as_of: day("2024-12-31"),
            period: (day("2023-01-01"), day("2024-12-31")),
            deaths_until: Some(day("2024-12-31")),
            no_deaths: Vec::new(),
        }
    }

    /// The days of which deaths are known.
    fn deaths(&self) -> Spans {
        let all = Spans::of(self.deaths_until.map(|until| (day("2014-01-01"), until)));
        all.without(&Spans::of(self.no_deaths.iter().copied()))
    }

    /// Reads cases drawn as a table; `-` is blank, columns may come in any order, absent ones are blank.
    pub(crate) fn drawn(text: &str) -> Self {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let header: Vec<&str> = lines.next().expect("a header").split_whitespace().collect();
        let mut cases = Vec::new();
        for (index, line) in lines.enumerate() {
            let cells: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(cells.len(), header.len(), "in the line {line}");
            let row: BTreeMap<&str, &str> = header.iter().copied().zip(cells).collect();
            cases.push(drawn_case(u32::try_from(index).unwrap() + 1, &row));
        }
        Self::new(cases)
    }

    /// Writes the inputs, runs the stage on so many threads, and reads what it wrote.
    pub(crate) fn run(&self, threads: usize) -> Outcome {
        self.run_with(threads, Thresholds::built_in().unwrap())
    }

    pub(crate) fn run_with(&self, threads: usize, thresholds: Thresholds) -> Outcome {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        self.write(at);
        let session = session(at, threads);
        let report = self.count(at, &session, thresholds).unwrap();
        Outcome::read(at, report)
    }

    /// Runs the stage in a folder that holds its inputs.
    pub(crate) fn count(
        &self,
        at: &Path,
        session: &Session,
        thresholds: Thresholds,
    ) -> Result<Report, CountError> {
        let registry = Registry::from_csv(ORGANISATIONS).unwrap();
        count::run(&Request {
            casefind: at,
            intake: at,
            registry: &registry,
            as_of: self.as_of,
            period: self.period,
            thresholds,
            assumed: Assumed::built_in().unwrap(),
            review: self.review.clone(),
            earlier: self.earlier.clone(),
            national_deaths: None,
            cover: &self.cover,
            deaths: &self.deaths(),
            session,
            out: at,
        })
    }

    /// Writes what the stages before would have written.
    pub(crate) fn write(&self, at: &Path) {
        self.write_cases(at);
        let mut people =
            TableWriter::create(&at.join("case_people.parquet"), &tables::case_people()).unwrap();
        for case in &self.cases {
            let id = format!("P{:08}", case.person);
            people
                .row(&[
                    Value::Integer(i64::from(case.person)),
                    Value::Text(&id),
                    Value::from(case.sex.as_deref()),
                    Value::from(case.born),
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    Value::Null,
                ])
                .unwrap();
        }
        people.finish().unwrap();
        self.write_intake(at);
    }

    /// Writes the cases alone.
    pub(crate) fn write_cases(&self, at: &Path) {
        let mut cases = TableWriter::create(&at.join("cases.parquet"), &tables::cases()).unwrap();
        for case in &self.cases {
            write_case(&mut cases, case);
        }
        cases.finish().unwrap();
        let mut evidence = TableWriter::create(&at.join("evidence.parquet"), &tables::evidence()).unwrap();
        for (person, source, strength, day) in &self.evidence {
            let id = format!("P{person:08}");
            evidence
                .row(&[
                    Value::Text(&id),
                    Value::Text("a rule"),
                    Value::Text(strength),
                    Value::Text(source),
                    Value::Date(*day),
                    Value::Null,
                    Value::Text("a record"),
                    Value::Text("words"),
                    Value::Null,
                ])
                .unwrap();
        }
        evidence.finish().unwrap();
    }

    fn write_intake(&self, at: &Path) {
        let mut coverage = TableWriter::create(&at.join("coverage.parquet"), &tables::coverage()).unwrap();
        for (kind, organisation, nation, first, last) in &self.coverage {
            coverage
                .row(&[
                    Value::Text(kind),
                    Value::from(*organisation),
                    Value::from(*nation),
                    Value::Integer(1),
                    Value::Date(day(first)),
                    Value::Date(day(last)),
                ])
                .unwrap();
        }
        coverage.finish().unwrap();
        self.write_months(at);
        let schema = tables::files();
        let mut files = TableWriter::create(&at.join("files.parquet"), &schema).unwrap();
        for (organisation, first, last) in &self.cosd_files {
            let mut row = vec![Value::Null; schema.columns.len()];
            let mut set = |column: &str, value| row[schema.column_index(column).unwrap()] = value;
            set("kind", Value::Text("cosd"));
            set("organisation", Value::Text(organisation));
            set("period_start", Value::Date(day(first)));
            set("period_end", Value::Date(day(last)));
            files.row(&row).unwrap();
        }
        files.finish().unwrap();
    }
}

impl World {
    fn write_months(&self, at: &Path) {
        let mut months = TableWriter::create(&at.join("months.parquet"), &tables::months()).unwrap();
        for (sender, organisation, first, last, records) in &self.months {
            let mut month = day(first);
            while month <= day(last) {
                months
                    .row(&[
                        Value::Integer(0),
                        Value::Text("cosd"),
                        Value::Text(sender),
                        Value::Text(organisation),
                        Value::Null,
                        Value::Date(month),
                        Value::Integer(*records),
                    ])
                    .unwrap();
                month = month.plus_months(1);
            }
        }
        months.finish().unwrap();
    }
}

/// An engine of its own, spilling into the folder.
pub(crate) fn session(at: &Path, threads: usize) -> Session {
    Session::embedded(Options {
        memory_bytes: 256 << 20,
        threads,
        spill: at.join("spill"),
    })
    .unwrap()
}

fn drawn_case(person: u32, row: &BTreeMap<&str, &str>) -> Case {
    let text = |name: &str| {
        row.get(name)
            .copied()
            .filter(|cell| *cell != "-")
            .map(str::to_owned)
    };
    let date = |name: &str| text(name).map(|cell| day(&cell));
    let yes = |name: &str| text(name).as_deref() == Some("yes");
    let organisation = text("organisation");
    let nation = match organisation.as_deref() {
        Some("WWW") => "Westland",
        _ => "Northland",
    };
    Case {
        person,
        tier: text("tier").unwrap_or_else(|| "A".to_owned()),
        kind: text("kind").unwrap_or_else(|| "not_known".to_owned()),
        date: date("date"),
        organisation,
        nation: text("nation").or_else(|| Some(nation.to_owned())),
        sex: text("sex"),
        born: date("born"),
        recorded: yes("recorded") || date("recorded_on").is_some(),
        recorded_date: date("recorded_on"),
        elsewhere: yes("elsewhere"),
        new: text("new").as_deref() != Some("no"),
        only_at_death: yes("only_at_death"),
        only_at_death_organisation: text("last_breast_record"),
        death: date("death"),
        left: date("left"),
    }
}

fn write_case(table: &mut TableWriter, case: &Case) {
    let id = format!("P{:08}", case.person);
    table
        .row(&[
            Value::Text(&id),
            Value::Text(&case.tier),
            Value::Text(&case.kind),
            Value::from(case.date),
            Value::from(case.date.filter(|_| case.new)),
            Value::from(case.date),
            Value::from(case.organisation.as_deref()),
            Value::from(case.nation.as_deref()),
            Value::Texts(Vec::new()),
            Value::Flag(case.recorded),
            Value::from(case.recorded_date),
            Value::Texts(vec!["cosd"]),
            Value::from(case.death),
            Value::Texts(Vec::new()),
            Value::Texts(Vec::new()),
            Value::Flag(case.elsewhere),
            Value::Flag(case.counted()),
            Value::Flag(case.new),
            Value::Flag(case.only_at_death),
            Value::from(case.only_at_death_organisation.as_deref()),
            Value::from(case.left),
            Value::from(case.organisation.as_deref().filter(|_| case.recorded)),
        ])
        .unwrap();
}

/// place_kind, place, period, measure, kind, sex, age_band.
pub(crate) type CountKey = [String; 7];

/// A row of `counts` beside its key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Count {
    pub(crate) recorded: Option<i64>,
    pub(crate) found: Option<i64>,
}

/// A row of `completeness` beside its key (organisation, period, kind).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Complete {
    pub(crate) recorded: Option<i64>,
    pub(crate) found: Option<i64>,
    pub(crate) found_elsewhere: Option<i64>,
    pub(crate) recorded_of_elsewhere: Option<i64>,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    pub(crate) only_at_death: Option<i64>,
    pub(crate) median: Option<f64>,
    pub(crate) people_with_days: Option<i64>,
    pub(crate) status: String,
}

/// What the stage wrote.
pub(crate) struct Outcome {
    pub(crate) report: Report,
    pub(crate) counts: BTreeMap<CountKey, Count>,
    /// Keys in the order of the file.
    pub(crate) order: Vec<CountKey>,
    pub(crate) methods: BTreeMap<CountKey, (String, Option<f64>)>,
    pub(crate) completeness: BTreeMap<[String; 3], Complete>,
    pub(crate) checks: BTreeMap<[String; 3], (Option<f64>, String)>,
    /// The bytes of the three files.
    pub(crate) bytes: [Vec<u8>; 3],
}

impl Outcome {
    fn read(at: &Path, report: Report) -> Self {
        let bytes = ["counts", "completeness", "checks"]
            .map(|name| std::fs::read(at.join(format!("{name}.parquet"))).unwrap());
        let mut outcome = Self {
            report,
            counts: BTreeMap::new(),
            order: Vec::new(),
            methods: BTreeMap::new(),
            completeness: BTreeMap::new(),
            checks: BTreeMap::new(),
            bytes,
        };
        outcome.read_counts(&at.join("counts.parquet"));
        outcome.read_completeness(&at.join("completeness.parquet"));
        outcome.read_checks(&at.join("checks.parquet"));
        outcome
    }

    fn read_counts(&mut self, path: &Path) {
        for batch in TableReader::open(path).unwrap() {
            let batch = batch.unwrap();
            let names = [
                "place_kind",
                "place",
                "period",
                "measure",
                "kind",
                "sex",
                "age_band",
            ];
            let keys = names.map(|name| batch.text(name).unwrap());
            let (recorded, found) = (
                batch.integer("recorded").unwrap(),
                batch.integer("found").unwrap(),
            );
            let (method, estimate) = (batch.text("method").unwrap(), batch.real("estimate").unwrap());
            let constant = ["status", "group_kind", "group"].map(|name| batch.text(name).unwrap());
            let (low, high) = (batch.real("low").unwrap(), batch.real("high").unwrap());
            for row in 0..batch.rows() {
                let key = keys.map(|column| column.get(row).unwrap().to_owned());
                let count = Count {
                    recorded: recorded.get(row),
                    found: found.get(row),
                };
                assert_eq!(
                    constant.map(|column| column.get(row).unwrap()),
                    ["not_estimated", "all", "all"]
                );
                assert_eq!((low.get(row), high.get(row)), (None, None));
                self.order.push(key.clone());
                self.methods.insert(
                    key.clone(),
                    (method.get(row).unwrap().to_owned(), estimate.get(row)),
                );
                assert!(self.counts.insert(key, count).is_none(), "a key twice in counts");
            }
        }
    }

    fn read_completeness(&mut self, path: &Path) {
        for batch in TableReader::open(path).unwrap() {
            let batch = batch.unwrap();
            let keys = ["organisation", "period", "kind"].map(|name| batch.text(name).unwrap());
            let integer = |name| batch.integer(name).unwrap();
            let real = |name| batch.real(name).unwrap();
            let status = batch.text("status").unwrap();
            for row in 0..batch.rows() {
                assert_eq!(real("estimate").get(row), None);
                let complete = Complete {
                    recorded: integer("recorded").get(row),
                    found: integer("found").get(row),
                    found_elsewhere: integer("found_elsewhere").get(row),
                    recorded_of_elsewhere: integer("recorded_of_elsewhere").get(row),
                    low: real("low").get(row),
                    high: real("high").get(row),
                    only_at_death: integer("found_only_at_death").get(row),
                    median: real("median_days_to_record").get(row),
                    people_with_days: integer("people_with_days").get(row),
                    status: status.get(row).unwrap().to_owned(),
                };
                let key = keys.map(|column| column.get(row).unwrap().to_owned());
                assert!(
                    self.completeness.insert(key, complete).is_none(),
                    "a key twice in completeness"
                );
            }
        }
    }

    fn read_checks(&mut self, path: &Path) {
        for batch in TableReader::open(path).unwrap() {
            let batch = batch.unwrap();
            let keys = ["name", "place", "period"].map(|name| batch.text(name).unwrap());
            let (value, words) = (batch.real("value").unwrap(), batch.text("words").unwrap());
            for row in 0..batch.rows() {
                let key = keys.map(|column| column.get(row).unwrap().to_owned());
                let check = (value.get(row), words.get(row).unwrap().to_owned());
                assert!(self.checks.insert(key, check).is_none(), "a key twice in checks");
            }
        }
    }

    /// A row of counts with the totals of kind, sex and age: `recorded/found`, `.` for blank, `no row`.
    pub(crate) fn total(&self, place_kind: &str, place: &str, measure: &str, period: &str) -> String {
        self.cell(place_kind, place, measure, period, "all", "all", "all")
    }

    #[allow(clippy::too_many_arguments)]
    pub(crate) fn cell(
        &self,
        place_kind: &str,
        place: &str,
        measure: &str,
        period: &str,
        kind: &str,
        sex: &str,
        age_band: &str,
    ) -> String {
        let key = [place_kind, place, period, measure, kind, sex, age_band].map(str::to_owned);
        let number = |n: Option<i64>| n.map_or_else(|| ".".to_owned(), |n| n.to_string());
        self.counts.get(&key).map_or_else(
            || "no row".to_owned(),
            |count| format!("{}/{}", number(count.recorded), number(count.found)),
        )
    }

    pub(crate) fn complete(&self, organisation: &str, period: &str, kind: &str) -> &Complete {
        let key = [organisation, period, kind].map(str::to_owned);
        self.completeness
            .get(&key)
            .unwrap_or_else(|| panic!("no row {key:?} in completeness"))
    }
}
