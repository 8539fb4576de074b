//! The errors that linkage expects of itself, beside those that it makes.
#![allow(clippy::print_stderr, reason = "it is also a measurement for whoever runs it")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::TableReader;

use super::study::{File, Study, lines, persons};
use crate::cascade::tests::row::Row;
use crate::cascade::tests::world::World;

/// By grouping and group: records, false links, missed links (none where not known).
type Errors = BTreeMap<(String, String), (i64, f64, Option<f64>)>;

fn errors(out: &Path) -> Errors {
    let mut errors = Errors::new();
    for batch in TableReader::open(&out.join("link_errors.parquet")).unwrap() {
        let batch = batch.unwrap();
        let (grouping, group) = (batch.text("grouping").unwrap(), batch.text("group").unwrap());
        let records = batch.integer("records").unwrap();
        let (false_links, missed) = (
            batch.real("false_links").unwrap(),
            batch.real("missed_links").unwrap(),
        );
        for at in 0..batch.rows() {
            let text = |column: Option<&str>| column.unwrap().to_owned();
            errors.insert(
                (text(grouping.get(at)), text(group.get(at))),
                (
                    records.get(at).unwrap(),
                    false_links.get(at).unwrap(),
                    missed.get(at),
                ),
            );
        }
    }
    errors
}

fn all(errors: &Errors) -> (i64, f64, Option<f64>) {
    errors[&("all".to_owned(), "all".to_owned())]
}

/// A nation as files, with the true person of every record.
fn with_truth(seed: u64, people: u32) -> (Vec<File>, BTreeMap<String, u32>) {
    let (mut files, mut truth): (Vec<File>, BTreeMap<String, u32>) = Default::default();
    for entry in World::new(seed, 30).entries(people) {
        if files.last().is_none_or(|file| file.kind != entry.source) {
            files.push(File::new(
                &format!("{0}.csv", entry.source),
                entry.source,
                Vec::new(),
            ));
        }
        let file = files.last_mut().unwrap();
        file.records.push((None, entry.row));
        truth.insert(format!("{}#{}", file.path, file.records.len()), entry.person);
    }
    (files, truth)
}

/// Links that are there and should not be, and that should be there and are not.
fn made(found: &BTreeMap<String, String>, truth: &BTreeMap<String, u32>) -> (usize, usize) {
    let mut of_found: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    let mut of_truth: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for (record, person) in found {
        of_found.entry(person).or_default().insert(truth[record]);
        of_truth.entry(truth[record]).or_default().insert(person);
    }
    (
        of_found.values().map(|people| people.len() - 1).sum(),
        of_truth.values().map(|people| people.len() - 1).sum(),
    )
}

#[test]
fn what_is_expected_is_near_what_is_made() {
    let (mut expected, mut made_in_all) = ((0.0, 0.0), (0, 0));
    for seed in [3, 4, 5] {
        let (files, truth) = with_truth(seed, 8_000);
        let mut study = Study::new(&files);
        let (out, _) = study.run(None);
        let (_, false_links, missed) = all(&errors(&out));
        let (wrong, apart) = made(&persons(&out), &truth);
        eprintln!(
            "seed {seed}: false {false_links:.0} expected, {wrong} made; missed {missed:.0?} expected, {apart} made"
        );
        expected = (expected.0 + false_links, expected.1 + missed.unwrap());
        made_in_all = (made_in_all.0 + wrong, made_in_all.1 + apart);
    }
    // Both are small numbers of rare events, and what is assumed of the steps by number is more than what happens here.
    let ratio = |expected: f64, made: usize| (expected + 10.0) / (made as f64 + 10.0);
    let missed = ratio(expected.1, made_in_all.1);
    assert!((0.5..2.0).contains(&missed), "missed links: {missed}");
    let wrong = ratio(expected.0, made_in_all.0);
    assert!((0.5..8.0).contains(&wrong), "false links: {wrong}");
}

#[test]
fn groups_add_up_to_all() {
    let (files, _) = with_truth(9, 2_000);
    let mut study = Study::new(&files);
    let (out, report) = study.run(None);
    let errors = errors(&out);
    let whole = all(&errors);
    assert_eq!(whole.0 as u64, report.records);
    let mut sums: BTreeMap<&str, (i64, f64, f64)> = BTreeMap::new();
    for ((grouping, _), (records, false_links, missed)) in &errors {
        let sum = sums.entry(grouping).or_default();
        *sum = (sum.0 + records, sum.1 + false_links, sum.2 + missed.unwrap());
    }
    let groupings: Vec<&str> = sums.keys().copied().collect();
    let wanted = [
        "all",
        "birth_decade",
        "deprivation",
        "ethnicity",
        "name_order",
        "organisation",
        "sex",
        "source",
    ];
    assert_eq!(groupings, wanted);
    for (grouping, (records, false_links, missed)) in sums {
        assert_eq!(records, whole.0, "{grouping}");
        assert!(
            (false_links - whole.1).abs() < 1e-6,
            "{grouping}: {false_links} {}",
            whole.1
        );
        assert!(
            (missed - whole.2.unwrap()).abs() < 1e-6,
            "{grouping}: {missed} {:?}",
            whole.2
        );
    }
    // Whoever is in doubt is one of the people, and doubts are no more than all.
    let doubts: f64 = lines(&out.join("doubts.parquet"), &["missed_links"])
        .iter()
        .map(|line| line.parse::<f64>().unwrap())
        .sum();
    assert!(doubts > 0.0 && doubts <= whole.2.unwrap() + 1e-6);
}

#[test]
fn without_numbers_missed_links_are_not_known() {
    let row = |n: u32| Row {
        born: 19500312 + n % 9,
        family: format!("NAME{n}"),
        given: "SUSAN".to_owned(),
        postcode: "ZA1 1AA".to_owned(),
        sex: 'F',
        ..Row::default()
    };
    let files = [File::new("cwt.csv", "cwt", (0..200).map(row).collect())];
    let mut study = Study::new(&files);
    let (out, _) = study.run(None);
    assert_eq!(all(&errors(&out)).2, None);
    let missed = lines(&out.join("doubts.parquet"), &["missed_links"]);
    assert!(missed.iter().all(|line| line == "-"), "{missed:?}");
}

/// Drawn partitions have as many people more and fewer as errors are expected, within chance.
#[test]
fn drawn_partitions_err_as_expected() {
    use crate::weigh::draw::draw;
    let (files, _) = with_truth(6, 3_000);
    let mut study = Study::new(&files);
    let (out, _) = study.run(None);
    let (_, false_links, missed) = all(&errors(&out));
    let of = crate::uncertain(&out).unwrap();
    let draws = 400;
    let more: Vec<f64> = (0..draws)
        .map(|number| draw(&of, 7, number).more_people() as f64)
        .collect();
    let mean = more.iter().sum::<f64>() / f64::from(draws);
    let spread = (more.iter().map(|more| (more - mean).powi(2)).sum::<f64>() / f64::from(draws)).sqrt();
    let wanted = false_links - missed.unwrap();
    eprintln!("{wanted:.1} people more expected, {mean:.1} drawn on average, standard deviation {spread:.1}");
    // Links by number are many and all but sure; they are taken as sure. Who is joined twice is one person, once.
    assert!(
        (mean - wanted).abs() < 0.1 * wanted.abs() + 3.0,
        "{mean} {wanted}"
    );
    assert!(spread > 1.0, "{spread}");
    assert_eq!(draw(&of, 7, 3), draw(&of, 7, 3));
}
