//! Every record comes out once, in order, the same every time.

use std::collections::BTreeMap;
use std::path::Path;

use super::study::{File, Study, lines, nation, persons};
use crate::cascade::tests::row::Row;
use crate::{ALONE, Step};

const TABLES: [&str; 9] = [
    "links.parquet",
    "persons.parquet",
    "people.parquet",
    "steps.parquet",
    "conflicts.parquet",
    "link_errors.parquet",
    "doubts.parquet",
    "operations.jsonl",
    "numbering.json",
];

#[test]
fn every_record_comes_out_once_and_in_order() {
    let files = nation(11, 1_500);
    let mut study = Study::new(&files);
    let (out, report) = study.run(None);
    let records: usize = files.iter().map(|file| file.records.len()).sum();
    assert_eq!(report.records, records as u64);
    let links = lines(&out.join("links.parquet"), &["file", "row", "person"]);
    let mut wanted = Vec::new();
    for (file, of) in files.iter().enumerate() {
        wanted.extend((1..=of.records.len()).map(|row| format!("{file} {row}")));
    }
    let places: Vec<&str> = links
        .iter()
        .map(|link| link.rsplit_once(' ').unwrap().0)
        .collect();
    assert_eq!(places, wanted);
    // People are numbered by their first record, without gaps.
    let mut sizes: BTreeMap<u32, i64> = BTreeMap::new();
    for link in &links {
        let person: u32 = link.rsplit_once(' ').unwrap().1.parse().unwrap();
        assert!(person as usize <= sizes.len() + 1, "{link}");
        *sizes.entry(person).or_default() += 1;
    }
    assert_eq!(sizes.len() as u64, report.people);
    let people = lines(&out.join("people.parquet"), &["person", "person_id", "records"]);
    let wanted: Vec<String> = sizes
        .iter()
        .map(|(person, records)| format!("{person} P{person:08} {records}"))
        .collect();
    assert_eq!(people, wanted);
    assert_eq!(persons(&out).len(), records, "record ids are distinct");
}

#[test]
fn the_steps_account_for_every_record() {
    let files = nation(12, 1_500);
    let mut study = Study::new(&files);
    let (out, report) = study.run(None);
    let mut by_step: BTreeMap<String, u64> = BTreeMap::new();
    for step in lines(&out.join("links.parquet"), &["step"]) {
        *by_step.entry(step).or_default() += 1;
    }
    let mut people = report.records;
    for (step, line) in report.steps.iter().zip(lines(
        &out.join("steps.parquet"),
        &["step", "records", "people_before", "people_after"],
    )) {
        assert_eq!(
            step.records,
            by_step.remove(step.name).unwrap_or_default(),
            "{}",
            step.name
        );
        assert_eq!(
            line,
            format!(
                "{} {} {} {}",
                step.name, step.records, step.people_before, step.people_after
            )
        );
        assert_eq!(step.people_before, people);
        people = step.people_after;
    }
    assert_eq!(people, report.people);
    assert_eq!(report.steps.len(), Step::ALL.len());
    assert_eq!(by_step.into_keys().collect::<Vec<_>>(), [ALONE]);
}

#[test]
fn the_same_input_gives_the_same_bytes_on_one_thread_and_on_two() {
    let mut study = Study::new(&nation(13, 800));
    let bytes = |out: &Path| TABLES.map(|table| fs_err::read(out.join(table)).unwrap());
    let (first, report) = study.run(None);
    let (second, again) = study.try_run(None, 1).unwrap();
    assert!(bytes(&first) == bytes(&second));
    assert_eq!(report, again);
    let names: Vec<_> = fs_err::read_dir(&first)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    let kept = 1;
    assert_eq!(
        names.len(),
        TABLES.len() + kept,
        "working files are removed: {names:?}"
    );
}

fn row(number: &str, born: u32, family: &str, given: &str) -> Row {
    let (number, family, given) = (number.to_owned(), family.to_owned(), given.to_owned());
    Row {
        number,
        born,
        family,
        given,
        sex: 'F',
        postcode: "ZA1 1AA".to_owned(),
        ..Row::default()
    }
}

#[test]
fn a_person_has_the_values_that_most_of_its_records_have() {
    let rows = vec![
        row("9990000018", 19500312, "SMITH", "SUSAN"),
        Row {
            sex: 'M',
            ..row("9990000018", 19500312, "SMITH", "SUSAN")
        },
        Row {
            postcode: "ZB2 2BB".to_owned(),
            ..row("9990000018", 19501203, "SMITH", "SUSAN")
        },
        // Nobody else's, known to the month.
        Row {
            postcode: String::new(),
            sex: ' ',
            ..row("C0101500017", 19500400, "", "")
        },
        // Ties: the smallest.
        row("9990000026", 19620728, "JONES", "BETH"),
        Row {
            postcode: "ZA0 1AA".to_owned(),
            sex: 'M',
            ..row("9990000026", 19620729, "JONES", "BETH")
        },
    ];
    let mut study = Study::new(&[File::new("a.csv", "registrations", rows)]);
    let (out, _) = study.run(None);
    let columns = [
        "person_id",
        "records",
        "sex",
        "birth_date",
        "postcode_area",
        "number_kind",
        "ethnicity",
    ];
    assert_eq!(
        lines(&out.join("people.parquet"), &columns),
        [
            "P00000001 3 female 1950-03-12 ZA nhs Z",
            "P00000002 1 - 1950-04-01 - chi -",
            "P00000003 2 female 1962-07-28 ZA nhs Z",
        ]
    );
}

#[test]
fn keys_mean_something_in_their_space_only() {
    let key = |key: &str| Row {
        key: key.to_owned(),
        ..Row::default()
    };
    let rows = vec![
        key("PATIENTID 1"),
        key("PSEUDO_HESID 1"),
        key("PATIENTID 1"),
        key("PATIENTID 2"),
    ];
    let mut study = Study::new(&[File::new("a.csv", "registrations", rows)]);
    let (out, _) = study.run(None);
    let links = lines(&out.join("persons.parquet"), &["record_id", "person_id", "step"]);
    assert_eq!(
        links,
        [
            "a.csv#1 P00000001 key",
            "a.csv#2 P00000002 alone",
            "a.csv#3 P00000001 key",
            "a.csv#4 P00000003 alone",
        ]
    );
}

#[test]
fn no_identity_leaves_but_in_people() {
    let canary = |number: &str, born| Row {
        postcode: "ZQ9 9ZQ".to_owned(),
        local: "CANARYLOCAL".to_owned(),
        organisation: "X01".to_owned(),
        key: "SPACE CANARYKEY".to_owned(),
        ..row(number, born, "CANARYFAMILY", "CANARYGIVEN")
    };
    let rows = vec![
        canary("9990000018", 19500312),
        canary("9990000026", 19500312),
        canary("9990000034", 19710905),
        Row {
            key: String::new(),
            ..canary("", 19500312)
        },
    ];
    let mut study = Study::new(&[File::new("a.csv", "registrations", rows)]);
    let (out, report) = study.run(None);
    assert!(report.conflicts > 0);
    let mut all = serde_json::to_string(&report).unwrap() + &format!("{report:?}");
    for (table, columns) in [
        ("links.parquet", &["source", "step"][..]),
        ("persons.parquet", &["source", "record_id", "person_id", "step"]),
        ("steps.parquet", &["step"]),
        (
            "conflicts.parquet",
            &["rule", "person_id", "other_person_id", "reason"],
        ),
        (
            "people.parquet",
            &[
                "person_id",
                "sex",
                "postcode_area",
                "number_kind",
                "ethnicity",
                "deprivation",
            ],
        ),
    ] {
        all += &lines(&out.join(table), columns).join("\n");
    }
    all += &fs_err::read_to_string(out.join("operations.jsonl")).unwrap();
    for value in ["CANARY", "99900000", "ZQ9", "1950-03-12", "19500312"] {
        assert!(!all.contains(value), "{value} leaves");
    }
}
