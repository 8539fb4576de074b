//! The statement for other engines gives the facts of each person who has both evidence and a breast primary: no more and
//! no fewer than the stage.

use std::collections::BTreeSet;
use std::path::Path;

use engine::{Options, Session};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::SEED;
use super::records::Records;
use crate::condition::Dialect;
use crate::definition::Definition;
use crate::facts::{self, Fact};

#[test]
fn the_definition_as_sql_finds_the_same_facts() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let records = Records::any(&mut chance, 1_500, 300);
    let folder = tempfile::tempdir().unwrap();
    records.write(folder.path(), 2);
    let session = Session::embedded(Options {
        memory_bytes: 1 << 30,
        threads: 2,
        spill: folder.path().join("spill"),
    })
    .unwrap();
    let (intake, links) = (
        folder.path().join("intake"),
        folder.path().join("linkage/links.parquet"),
    );
    let tables = facts::present(&intake).unwrap();
    facts::open(&session, &intake, &tables).unwrap();
    session.table("links", &links).unwrap();
    let mut definition = Definition::load("uk-mbc/2026.1", Path::new("")).unwrap();
    // The invented records are of some sources.
    let there = |table: &str| tables.iter().any(|(name, _)| name == table);
    definition.rules.retain(|rule| there(&rule.source));
    assert!(definition.rules.len() > 15, "{} rules", definition.rules.len());
    let looks = facts::plan(&definition).unwrap();
    let gathered = super::gathered(&session, &looks, folder.path());
    let mut wanted = BTreeSet::new();
    let all = |some: &[(i64, Vec<Fact>)]| some.iter().map(|(_, facts)| facts.clone()).collect();
    let hear = |person: i64, facts: Vec<Fact>| {
        wanted.extend(facts.iter().map(|fact| {
            let rule = definition.rules[fact.rule].id.clone();
            (person, rule, fact.file, fact.row, fact.date)
        }));
        Ok(())
    };
    gathered.each(&gathered.kept, u64::MAX, all, hear).unwrap();
    let persons: BTreeSet<i64> = wanted.iter().map(|(person, ..)| *person).collect();
    let mut came = BTreeSet::new();
    let sql = crate::export::sql(&definition, Dialect::Standard).unwrap();
    for batch in session.query("the definition as SQL", &sql).unwrap() {
        let batch = batch.unwrap();
        let number = |name: &str| batch.integer(name).unwrap();
        let (person, file, row) = (number("person"), number("file"), number("row"));
        let (rule, day) = (batch.text("rule").unwrap(), batch.date("day").unwrap());
        for at in 0..batch.rows() {
            let person = person.get(at).unwrap();
            if persons.contains(&person) {
                let (file, row) = (file.get(at).unwrap(), row.get(at).unwrap());
                came.insert((person, rule.get(at).unwrap().to_owned(), file, row, day.get(at)));
            }
        }
    }
    assert!(wanted.len() > 500, "seed {SEED}: {} facts", wanted.len());
    assert_eq!(came, wanted, "seed {SEED}");
}
