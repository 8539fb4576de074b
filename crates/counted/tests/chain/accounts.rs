//! Every row of every file ends in a person or is set aside with a reason: once.
//!
//! The rows are counted again here by readers of a few lines that know nothing of ours.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::nation::{Study, files_in};
use crate::program::run;
use crate::tree;

const SEED: u64 = 5_207;

#[test]
fn every_row_ends_once() {
    let study = Study::invented(SEED, 500);
    dirty(&study);
    run(&study.folder(), &[]).well();
    let came_in = rows_in(&study);
    let ended = rows_out(&study);
    let lost: Vec<_> = came_in
        .iter()
        .filter(|(id, times)| ended.get(*id) != Some(times))
        .take(10)
        .collect();
    let invented: Vec<_> = ended
        .keys()
        .filter(|id| !came_in.contains_key(*id))
        .take(10)
        .collect();
    assert!(
        lost.is_empty() && invented.is_empty(),
        "lost or doubled {lost:?}; from nowhere {invented:?}"
    );
    let total: usize = came_in.values().sum();
    assert!(total > 10_000, "only {total} rows");
    told(&study, total);
}

/// `run.json` and the tables say the same, with every reason counted.
fn told(study: &Study, total: usize) {
    let told: serde_json::Value =
        serde_json::from_slice(&fs_err::read(study.at("out/run.json")).unwrap()).unwrap();
    let (mut rows, mut persons, mut aside) = (0, 0, 0);
    for source in told["sources"].as_array().unwrap() {
        rows += source["rows"].as_u64().unwrap();
        persons += source["in_persons"].as_u64().unwrap();
        aside += source["set_aside"]
            .as_object()
            .unwrap()
            .values()
            .map(|count| count.as_u64().unwrap())
            .sum::<u64>();
    }
    assert_eq!(rows, u64::try_from(total).unwrap());
    assert_eq!(rows, persons + aside);
    let reasons = tree::rows(&study.at("out/tables/set_aside.parquet"), &["reason"]);
    assert_eq!(u64::try_from(reasons.len()).unwrap(), aside);
    for reason in ["unparsable", "repeated", "superseded", "after_as_of"] {
        assert!(
            reasons.iter().any(|row| row[0].as_deref() == Some(reason)),
            "no row was set aside as {reason}"
        );
    }
}

/// Rows that a reader may stumble over: too long, too short, blank, quoted over lines, repeated.
fn dirty(study: &Study) {
    let rtds = fs_err::read_to_string(study.at("rtds.csv")).unwrap();
    let first = rtds.lines().nth(1).unwrap();
    let more = [
        format!("{first},one,cell,too,many"),
        ",,,,,,,,,,,".to_owned(),
        "9990000018".to_owned(),
        first.to_owned(),
        "\"9990000018\",1950-01-01,\"OX1\n1AA\",2,SIM01,C509,01,P,Z151,8,1,2020-01-01".to_owned(),
    ];
    study.append("rtds.csv", more.join("\n") + "\n");
}

/// Record ids of all inputs, with how often each occurs.
fn rows_in(study: &Study) -> BTreeMap<String, usize> {
    let mut ids = BTreeMap::new();
    for (name, text) in inputs(study) {
        let records = if name.ends_with(".xml") {
            record_ids(&text)
        } else {
            (1..records(&text)).map(|row| row.to_string()).collect()
        };
        for record in records {
            *ids.entry(format!("{name}#{record}")).or_insert(0) += 1;
        }
    }
    ids
}

/// Every input file: its path from the study, and its text.
pub(crate) fn inputs(study: &Study) -> impl Iterator<Item = (String, String)> {
    let names = ["registrations", "sact", "rtds", "cwt", "deaths", "form"];
    let mut inputs: Vec<PathBuf> = names
        .iter()
        .map(|name| study.at(&format!("{name}.csv")))
        .collect();
    inputs.extend(files_in(&study.at("admissions")));
    inputs.extend(files_in(&study.at("cosd")));
    let folder = study.folder();
    inputs.into_iter().map(move |path| {
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
        (name, text(&path))
    })
}

fn text(path: &Path) -> String {
    let bytes = fs_err::read(path).unwrap();
    let wide = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        String::from_utf16(
            &bytes
                .chunks_exact(2)
                .map(|pair| of([pair[0], pair[1]]))
                .collect::<Vec<_>>(),
        )
        .unwrap()
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        bytes => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Records of a CSV text with its header: lines with anything on them, outside quotes.
fn records(text: &str) -> usize {
    let (mut quoted, mut filled, mut records) = (false, false, 0);
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            '\n' if !quoted => records += usize::from(std::mem::take(&mut filled)),
            '\r' if !quoted => {}
            _ => filled = true,
        }
    }
    records + usize::from(filled)
}

/// The `Id` of every COSD record: those that are not a child of the root.
fn record_ids(text: &str) -> Vec<String> {
    let (mut depth, mut ids) = (0_u32, Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            rest = &data[data.find("]]>").unwrap()..];
            continue;
        }
        let end = rest.find('>').unwrap();
        let (tag, after) = (&rest[1..end], &rest[end..]);
        rest = after;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if tag.starts_with('/') {
            depth -= 1;
            continue;
        }
        if tag.starts_with("Id ") && depth > 1 {
            ids.push(tag.split('"').nth(1).unwrap().to_owned());
        }
        depth += u32::from(!tag.ends_with('/'));
    }
    ids
}

/// Record ids in `persons` and in `set_aside`, with how often each occurs.
fn rows_out(study: &Study) -> BTreeMap<String, usize> {
    let mut ids = BTreeMap::new();
    for row in tree::rows(&study.at("out/tables/persons.parquet"), &["record_id"]) {
        *ids.entry(row[0].clone().unwrap()).or_insert(0) += 1;
    }
    let intake = &files_in(&study.at("state/stages/intake"))[0];
    let paths: BTreeMap<String, String> = tree::rows(&intake.join("files.parquet"), &["file", "path"])
        .into_iter()
        .map(|row| (row[0].clone().unwrap(), row[1].clone().unwrap()))
        .collect();
    for row in tree::rows(
        &study.at("out/tables/set_aside.parquet"),
        &["file", "row", "record"],
    ) {
        let path = &paths[row[0].as_ref().unwrap()];
        let record = row[2].as_ref().or(row[1].as_ref()).unwrap();
        *ids.entry(format!("{path}#{record}")).or_insert(0) += 1;
    }
    ids
}
