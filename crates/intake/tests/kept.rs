//! Reading again after something changed, beside reading everything anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use std::collections::BTreeMap;

use drawn::Study;
use drawn::cosd::{primary, record, recurrence, submission};
use proptest::prelude::*;
use vocabulary::date::Date;

const TABLES: [&str; 10] = [
    "files",
    "problems",
    "set_aside",
    "coverage",
    "months",
    "identities",
    "records/admissions",
    "excerpts/admissions",
    "records/cosd",
    "records/cosd.metastasis",
];
/// Kind and name of each file that there may be; those of admissions sort before and behind one another.
const FILES: [(&str, &str); 8] = [
    ("admissions", "a1.csv"),
    ("admissions", "a2.csv"),
    ("admissions", "a3.csv"),
    ("cosd", "c1.xml"),
    ("cosd", "c2.xml"),
    ("cosd", "c3.xml"),
    ("deaths", "d1.csv"),
    ("deaths", "d2.csv"),
];

/// The rows of a file: few different ones, so that files repeat themselves and one another.
type Rows = Vec<(u8, u8)>;

fn number(person: u8) -> &'static str {
    ["4010232137", "9990000018", "bad"][usize::from(person) % 3]
}

/// Records of the same people again and again, on a few days, so that files supersede one another.
fn cosd(name: &str, rows: &Rows) -> String {
    let records: String = rows
        .iter()
        .enumerate()
        .map(|(at, (person, what))| {
            let day = match what {
                11 => "2025-13-01".to_owned(),
                // Few different days, and some of them after the last day or after the file was made.
                _ => format!("2025-{:02}-10", 2 + what % 4 * 3),
            };
            let body = match what % 2 {
                0 => primary(&day),
                _ => recurrence(&day),
            };
            let record = record(&format!("r{}", at % 7), number(*person), &body);
            // Some do not say when she was born; older versions may.
            match at % 3 {
                0 => record,
                _ => record.replace("<PersonBirthDate>1960-02-29</PersonBirthDate>", ""),
            }
        })
        .collect();
    let month = 8 + usize::from(name.as_bytes()[1] % 3);
    submission(&format!("2025-{month:02}-20T10:00:00"), 3, &records)
}

fn text((kind, name): (&str, &str), rows: &Rows) -> String {
    if kind == "cosd" {
        return cosd(name, rows);
    }
    let mut text = match kind {
        "admissions" => "NEWNHSNO,DOB,ADMIDATE,PROCODE,DIAG_01,DIAG_02\n",
        _ => "NHSNUMBER,DOB,DOD,S_UNDERLYING_COD_ICD10\n",
    }
    .to_owned();
    for (person, what) in rows {
        let (number, code) = (
            number(*person),
            ["C509", "I10", "?", "C795"][usize::from(*what) % 4],
        );
        let day = format!("2025-{:02}-10", 1 + what % 12);
        text.push_str(&match kind {
            "admissions" => format!("{number},1950-05-01,{day},RTH,{code},\n"),
            _ => format!("{number},1950-05-01,{day},{code}\n"),
        });
    }
    text
}

/// What lies in the study at one time: files by their place in [`FILES`], and the month of the last day.
fn time() -> impl Strategy<Value = (BTreeMap<usize, Rows>, u8)> {
    let rows = prop::collection::vec((0..4_u8, 0..12_u8), 1..12);
    (
        prop::collection::btree_map(0..FILES.len(), rows, 1..=FILES.len()),
        6..=12_u8,
    )
}

/// Lays the files down; sources in their order.
fn lay(study: &mut Study, files: &BTreeMap<usize, Rows>) {
    study.sources.clear();
    for kind in ["admissions", "cosd", "deaths"] {
        let of_kind: Vec<(&str, Vec<u8>)> = files
            .iter()
            .filter(|(at, _)| FILES[**at].0 == kind)
            .map(|(at, rows)| (FILES[*at].1, text(FILES[*at], rows).into_bytes()))
            .collect();
        if !of_kind.is_empty() {
            let of_kind: Vec<(&str, &[u8])> = of_kind
                .iter()
                .map(|(name, text)| (*name, text.as_slice()))
                .collect();
            study.source(kind, &of_kind).unreadable_set_aside = true;
        }
    }
}

/// Every table as text, and which parts there are.
fn tables(study: &Study) -> Vec<String> {
    let there = |name: &&&str| !name.contains('/') || study.out().join(name).is_dir();
    let texts = TABLES.iter().filter(there).map(|name| study.table(name));
    let files = study.bytes().into_keys();
    let parts = files.filter(|path| path.starts_with("records") || path.starts_with("identities"));
    texts
        .chain(parts.map(|path| path.display().to_string()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever comes, goes and changes from time to time, and wherever the last day lies: taking over gives the tables of
    /// reading everything.
    #[test]
    fn taking_over_gives_what_reading_everything_gives(
        first in time(),
        steps in prop::collection::vec((time(), prop::collection::vec(any::<bool>(), FILES.len())), 1..4),
    ) {
        let mut study = Study::new();
        let mut present = first.0;
        let mut month = first.1;
        for (at, (now, changes)) in std::iter::once(&((BTreeMap::new(), month), Vec::new())).chain(&steps).enumerate() {
            // Some files become what they are now, the others stay.
            for (file, _) in changes.iter().enumerate().filter(|(_, change)| **change) {
                match now.0.get(&file) {
                    Some(rows) => present.insert(file, rows.clone()),
                    None => present.remove(&file),
                };
            }
            if at > 0 && now.1 % 2 == 0 {
                month = now.1;
            }
            if present.is_empty() {
                continue;
            }
            lay(&mut study, &present);
            study.as_of = Date::new(2025, u32::from(month), 28).unwrap();
            study.into = ["out0", "out1", "out2", "out3"][at];
            let beside = study.run();
            let taken = beside.is_ok().then(|| tables(&study));
            let former = study.former.take();
            study.into = "anew";
            let anew = study.run();
            prop_assert_eq!(beside.as_ref().ok(), anew.as_ref().ok());
            if let Some(taken) = taken {
                prop_assert_eq!(taken, tables(&study));
                study.former = Some(study.folder.path().join(["out0", "out1", "out2", "out3"][at]));
            } else {
                study.former = former;
            }
        }
    }
}

/// Whether a date lacks a century hangs on the last day, so the file that has one is read again.
#[test]
fn a_date_before_birth_is_judged_by_the_last_day_of_now() {
    let mut study = Study::of(
        "admissions",
        "NEWNHSNO,DOB,ADMIDATE,PROCODE,DIAG_01\n\
         4010232137,1950-05-01,1922-06-10,RTH,C509\n\
         4010232137,1950-05-01,2020-06-10,RTH,C509\n",
    );
    study.as_of = Date::new(2022, 1, 31).unwrap();
    study.into = "first";
    study.run().unwrap();
    assert!(study.table("identities").contains("1922-06-10"));
    study.former = Some(study.out());
    study.as_of = Date::new(2025, 12, 31).unwrap();
    study.into = "second";
    study.run().unwrap();
    let beside = study.table("identities");
    assert!(!beside.contains("1922-06-10"), "{beside}");
}

/// A record of the year before the birth lacks no century on any last day for a long time, so its file is taken over.
#[test]
#[cfg(unix)]
fn a_date_just_before_birth_is_the_same_on_another_last_day() {
    use std::os::unix::fs::MetadataExt;
    let mut study = Study::of(
        "admissions",
        "NEWNHSNO,DOB,ADMIDATE,PROCODE,DIAG_01\n\
         4010232137,2015-05-01,2014-06-10,RTH,C509\n\
         4010232137,2015-05-01,2020-06-10,RTH,C509\n",
    );
    study.as_of = Date::new(2025, 11, 30).unwrap();
    study.into = "first";
    study.run().unwrap();
    study.former = Some(study.out());
    study.as_of = Date::new(2025, 12, 31).unwrap();
    study.into = "second";
    study.run().unwrap();
    let part = study.out().join("identities/00000.parquet");
    assert_eq!(
        fs_err::metadata(part).unwrap().nlink(),
        2,
        "the file was taken over"
    );
}

/// A month more: the files that were there are not read again, though their numbers move.
#[test]
fn files_that_are_as_they_were_are_not_read_again() {
    let rows = |from: u8| -> Rows { (0..6).map(|row| (row % 3, from + row % 3)).collect() };
    let mut study = Study::new();
    study.as_of = Date::new(2025, 12, 31).unwrap();
    let deaths = FILES.iter().position(|(kind, _)| *kind == "deaths").unwrap();
    let mut files = BTreeMap::from([(0, rows(0)), (deaths, rows(6))]);
    lay(&mut study, &files);
    study.into = "first";
    study.run().unwrap();
    study.former = Some(study.out());
    files.insert(1, rows(3));
    lay(&mut study, &files);
    study.into = "second";
    study.run().unwrap();
    let parts = |name: &str| study.folder.path().join("second/identities").join(name);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let links = |name: &str| fs_err::metadata(parts(name)).unwrap().nlink();
        assert_eq!(links("00000.parquet"), 2, "the first file was taken over");
        assert_eq!(links("00001.parquet"), 1, "the new one was read");
        // What speaks of no number is linked where the number moved, too.
        let moved = study.folder.path().join("second/kept/00002.months.parquet");
        assert_eq!(
            fs_err::metadata(moved).unwrap().nlink(),
            2,
            "deaths were taken over"
        );
    }
    // Deaths were the second file and are the third.
    assert!(study.table("identities").contains("file=2  row=1  source=deaths"));
}

/// COSD files that are as they were are not parsed again, and where nothing of them is superseded they are not written
/// again; one whose records were damaged where they are kept is.
#[test]
#[cfg(unix)]
fn cosd_files_that_are_as_they_were_are_not_parsed_again() {
    use std::os::unix::fs::MetadataExt;
    let rows = |from: u8| -> Rows { (0..6).map(|row| (row % 2, from + row % 3)).collect() };
    let first = FILES.iter().position(|(kind, _)| *kind == "cosd").unwrap();
    let mut study = Study::new();
    study.as_of = Date::new(2025, 12, 31).unwrap();
    let mut files = BTreeMap::from([(first, rows(0)), (first + 1, rows(1))]);
    // Runs with the files as they are now; the names that the kept records of the files have, and their parts.
    let mut run = |files: &BTreeMap<usize, Rows>, into: &'static str| -> [Vec<u64>; 2] {
        lay(&mut study, files);
        study.into = into;
        study.run().unwrap();
        let beside = tables(&study);
        let out = study.out();
        study.former = None;
        study.into = "anew";
        study.run().unwrap();
        assert_eq!(beside, tables(&study), "{into}");
        let names = |place: String| fs_err::metadata(out.join(place)).unwrap().nlink();
        let of = |place: &dyn Fn(usize) -> String| (0..files.len()).map(|file| names(place(file))).collect();
        study.former = Some(out.clone());
        [
            of(&|file| format!("kept/cosd/{file:05}")),
            of(&|file| format!("records/cosd/{file:05}.parquet")),
        ]
    };
    assert_eq!(run(&files, "first"), [[1, 1], [1, 1]]);
    files.insert(first + 2, vec![(2, 0), (2, 1)]);
    assert_eq!(
        run(&files, "second"),
        [[2, 2, 1], [2, 2, 1]],
        "a file of people without a number"
    );
    files.insert(first + 2, rows(0));
    assert_eq!(
        run(&files, "third"),
        [[3, 3, 1], [1, 1, 1]],
        "it has older versions of records of both"
    );
    let kept = study.folder.path().join("third/kept/cosd/00001");
    let mut bytes = fs_err::read(&kept).unwrap();
    let digits = bytes.windows(10).position(|some| some == number(0).as_bytes());
    bytes[digits.unwrap()] ^= 1;
    fs_err::write(&kept, bytes).unwrap();
    lay(&mut study, &files);
    study.into = "fourth";
    study.run().unwrap();
    let again = study.folder.path().join("fourth/kept/cosd/00001");
    assert_eq!(
        fs_err::metadata(again).unwrap().nlink(),
        1,
        "the damaged one is parsed again"
    );
    let beside = tables(&study);
    study.former = None;
    study.into = "anew";
    study.run().unwrap();
    assert_eq!(beside, tables(&study));
}

/// Of a file that is left out as a whole nothing stays, though its first records could be read.
#[test]
fn nothing_is_kept_of_a_cosd_file_that_is_left_out() {
    let mut study = Study::new();
    let whole = cosd("c1.xml", &vec![(0, 0), (1, 1)]);
    let cut = &whole[..whole.len() - 20];
    let files: [(&str, &[u8]); 2] = [("c1.xml", cut.as_bytes()), ("c2.xml", whole.as_bytes())];
    study.source("cosd", &files).unreadable_set_aside = true;
    study.run().unwrap();
    let kept = fs_err::read_dir(study.out().join("kept/cosd")).unwrap();
    let names: Vec<_> = kept.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["00001"]);
}
