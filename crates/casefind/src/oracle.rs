//! The stage beside an oracle that is slow and plain: generated definitions, generated records.
//!
//! Each generated condition is at once a text, which goes the stage's way, and a question that plain Rust answers row by
//! row from what the manual of definitions says, with nothing shared but the records. The seed stands in every message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use engine::{ByRecord, Options, Session};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::cases::Files;
use crate::condition::{Dialect, Portable};
use crate::definition::{Definition, Strength};
use crate::facts::{self, Fact, Gathered, Gathering, Looks};

mod ask;
mod months;
mod records;
mod same_bytes;
mod statement;

use ask::{Generated, sets};
use records::{Records, Row};

const SEED: u64 = 20_261_126;
/// Definitions that are asked of the same records.
const DEFINITIONS: u64 = 50;

/// In which order the facts of a person are judged.
type Order = (i64, i64, String, i64, usize);

/// What the oracle says of everybody: facts by person, in the order in which they are judged.
type Facts = BTreeMap<i64, Vec<Fact>>;

fn oracle(generated: &Generated, records: &Records) -> Facts {
    let mut found: BTreeMap<i64, Vec<(Order, Fact)>> = BTreeMap::new();
    for (index, (rule, question, of_record)) in generated.rules.iter().enumerate() {
        for row in records.rows(&rule.source) {
            let whole = records.whole(&rule.source, row);
            let belongs = of_record
                .as_ref()
                .is_none_or(|ask| whole.is_some_and(|whole| ask.met(whole)));
            if !question.met(row) || !belongs {
                continue;
            }
            let text = |column: &Option<String>| column.as_ref().and_then(|column| row.text(column));
            let place = crate::tables::place(&rule.source);
            let fact = Fact {
                rule: index,
                date: rule.date.as_ref().and_then(|column| row.date(column)),
                created: place.created.and_then(|column| row.date(column)),
                organisation: place.organisation.and_then(|column| row.text(column)),
                sites: text(&rule.sites),
                said: text(&rule.kind_column),
                file: row.file,
                row: row.row,
                record: whole.filter(|_| place.own_id).and_then(|whole| whole.text("ID")),
            };
            let columns = format!(
                "{} {:?} {:?} {:?}",
                rule.source, rule.date, rule.sites, rule.kind_column
            );
            let key = (row.file, row.row, columns, row.seq, index);
            found.entry(row.person).or_default().push((key, fact));
        }
    }
    let sorted = found.into_iter().map(|(person, mut facts)| {
        facts.sort_by(|(a, _), (b, _)| a.cmp(b));
        (person, facts.into_iter().map(|(_, fact)| fact).collect())
    });
    sorted.collect()
}

fn is(definition: &Definition, fact: &Fact, wanted: impl Fn(Strength) -> bool) -> bool {
    wanted(definition.rules[fact.rule].strength)
}

/// A fact that is no evidence, without what nobody asks of it.
fn judged(definition: &Definition, fact: Fact) -> Fact {
    if is(definition, &fact, Strength::is_evidence) {
        return fact;
    }
    Fact {
        created: None,
        sites: None,
        said: None,
        record: None,
        ..fact
    }
}

/// The hits of all records.
fn gathered<'a>(session: &Session, looks: &'a Looks, folder: &Path) -> Gathered<'a> {
    let tables = facts::present(&folder.join("intake")).unwrap();
    let links = ByRecord::open(&folder.join("linkage/links.parquet")).unwrap();
    let files = Files::read(&folder.join("intake"), &BTreeMap::new())
        .unwrap()
        .numbers();
    facts::gather(&Gathering {
        session,
        looks,
        tables: &tables,
        files: &files,
        links: &links,
        folder: &folder.join("hits"),
        former: None,
    })
    .unwrap()
}

/// Compares the stage with the oracle; gives how many facts were compared.
fn compare(session: &Session, generated: &Generated, records: &Records, folder: &Path, said: &str) -> usize {
    let definition = &generated.definition;
    let looks = facts::plan(definition).unwrap_or_else(|error| panic!("{said}: {error}"));
    let gathered = gathered(session, &looks, folder);
    let expected = oracle(generated, records);
    let with = |wanted: fn(Strength) -> bool| {
        let has = |facts: &&Vec<Fact>| facts.iter().any(|fact| is(definition, fact, wanted));
        expected.values().filter(has).count() as u64
    };
    assert_eq!(gathered.summary.lost, 0, "{said}");
    assert_eq!(
        gathered.summary.any.count(),
        expected.len() as u64,
        "{said}: people"
    );
    assert_eq!(
        gathered.summary.evidence.count(),
        with(Strength::is_evidence),
        "{said}: evidence"
    );
    assert_eq!(
        gathered.summary.primary.count(),
        with(|strength| strength == Strength::Primary),
        "{said}"
    );
    let wanted: Facts = expected
        .into_iter()
        .filter(|(_, facts)| {
            facts
                .iter()
                .any(|fact| is(definition, fact, Strength::is_evidence))
        })
        .filter(|(_, facts)| {
            facts
                .iter()
                .any(|fact| is(definition, fact, |strength| strength == Strength::Primary))
        })
        .map(|(person, facts)| {
            (
                person,
                facts.into_iter().map(|fact| judged(definition, fact)).collect(),
            )
        })
        .collect();
    // With room for nothing, every block of persons is a range of its own.
    for bytes in [u64::MAX, 1] {
        let mut came = Facts::new();
        let all = |some: &[(i64, Vec<Fact>)]| some.iter().map(|(_, facts)| facts.clone()).collect();
        let hear = |person: i64, facts: Vec<Fact>| {
            let facts = facts.into_iter().map(|fact| judged(definition, fact));
            assert!(
                came.insert(person, facts.collect()).is_none(),
                "{said}: {person} came twice"
            );
            Ok(())
        };
        gathered.each(&gathered.kept, bytes, all, hear).unwrap();
        assert_eq!(came, wanted, "{said}\n{generated}");
    }
    wanted.values().map(Vec::len).sum()
}

/// The SQL of each condition, without a function of ours, finds the rows that the oracle finds.
fn compare_sql(session: &Session, generated: &Generated, records: &Records, said: &str) {
    let sets = sets();
    for (rule, question, _) in &generated.rules {
        let columns = layouts::documented(&rule.source).unwrap();
        let condition = crate::condition::read(&rule.when, columns, &generated.definition.lists).unwrap();
        let portable = Portable {
            dialect: Dialect::Standard,
            of: "r",
            sets: &sets,
        };
        let met = records.rows(&rule.source).iter().filter(|row| question.met(row));
        let mut wanted: Vec<(i64, i64)> = met.map(|row: &Row| (row.file, row.row)).collect();
        wanted.sort_unstable();
        let written = portable.condition(&condition);
        let sql = format!(
            "select file, row from \"{}\" r where {written}",
            crate::tables::in_sql(&rule.source)
        );
        let mut came = Vec::new();
        for batch in session.query("plain", &sql).unwrap() {
            let batch = batch.unwrap();
            let (file, row) = (batch.integer("file").unwrap(), batch.integer("row").unwrap());
            came.extend((0..batch.rows()).map(|at| (file.get(at).unwrap(), row.get(at).unwrap())));
        }
        came.sort_unstable();
        assert_eq!(came, wanted, "{said}: {}\n{written}", rule.when);
    }
}

/// A thousand definitions; ten times as many with `COUNTED_LONG`.
#[test]
fn generated_definitions_find_what_the_oracle_finds() {
    #[allow(clippy::disallowed_methods, reason = "a test may ask how long it may take")]
    let rounds = if std::env::var_os("COUNTED_LONG").is_some() {
        200
    } else {
        20
    };
    let (mut compared, mut in_part, mut in_whole) = (0, 0, 0);
    let base = Generated::base();
    for round in 0..rounds {
        let mut chance = ChaCha8Rng::seed_from_u64(SEED + round);
        let records = Records::any(&mut chance, 60, 25);
        let folder = tempfile::tempdir().unwrap();
        records.write(folder.path(), 1 + (round as usize % 3));
        let session = Session::embedded(Options {
            memory_bytes: 64 << 20,
            threads: 1 + (round as usize % 3),
            spill: folder.path().join("spill"),
        })
        .unwrap();
        let intake = folder.path().join("intake");
        facts::open(&session, &intake, &facts::present(&intake).unwrap()).unwrap();
        for number in 0..DEFINITIONS {
            let said = format!("seed {SEED}, round {round}, definition {number}");
            let generated = Generated::any(&base, &mut chance);
            compared += compare(&session, &generated, &records, folder.path(), &said);
            let looks = facts::plan(&generated.definition).unwrap().looks;
            for look in looks.iter().filter(|look| look.table == "admissions") {
                *(if look.excerpt { &mut in_part } else { &mut in_whole }) += 1;
            }
            if number % 10 == 0 {
                compare_sql(&session, &generated, &records, &said);
            }
        }
    }
    // Both the excerpt of admissions and the whole table were asked, many times.
    assert!(
        in_part > 2 * rounds && in_whole > 2 * rounds,
        "{in_part} in the excerpt, {in_whole} in the whole"
    );
    // Definitions that find nobody would agree as well.
    assert!(
        compared > 20 * rounds as usize * DEFINITIONS as usize,
        "{compared} facts"
    );
}
