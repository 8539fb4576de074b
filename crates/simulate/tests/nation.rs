//! A small nation on disk: repeatable, complete, in the layouts, at the stated rates.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use simulate::{Dirt, Plan, SimulateError, Summary, simulate};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use vocabulary::organisation::{Registry, Resolved};

struct Study {
    folder: tempfile::TempDir,
    summary: Summary,
}

/// One nation of 1,200 primaries for all tests that only read.
fn study() -> &'static Study {
    static STUDY: OnceLock<Study> = OnceLock::new();
    STUDY.get_or_init(|| write(&Plan::new(42, 1_200)))
}

fn write(plan: &Plan) -> Study {
    let folder = tempfile::tempdir().unwrap();
    let summary = simulate(plan, folder.path(), &mut |_| {}).unwrap();
    Study { folder, summary }
}

fn text(root: &Path, path: &str) -> String {
    fs_err::read_to_string(root.join(path)).unwrap()
}

fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![root.to_path_buf()];
    while let Some(folder) = left.pop() {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.sort();
    found
}

/// XML as text, whatever its encoding.
fn xml(path: &Path) -> String {
    let bytes = fs_err::read(path).unwrap();
    if bytes.starts_with(&[0xFF, 0xFE]) {
        let wide: Vec<u16> = bytes[2..]
            .chunks_exact(2)
            .map(|b| u16::from_le_bytes([b[0], b[1]]))
            .collect();
        return String::from_utf16(&wide).unwrap();
    }
    String::from_utf8(bytes)
        .unwrap()
        .trim_start_matches('\u{feff}')
        .to_owned()
}

fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|r| {
            header
                .iter()
                .map(str::to_owned)
                .zip(r.unwrap().iter().map(str::to_owned))
                .collect()
        })
        .collect()
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_does_not() {
    let (a, b, c) = (
        write(&Plan::new(3, 150)),
        write(&Plan::new(3, 150)),
        write(&Plan::new(4, 150)),
    );
    let (ours, theirs) = (files(a.folder.path()), files(b.folder.path()));
    assert_eq!(ours.len(), theirs.len());
    for (x, y) in ours.iter().zip(&theirs) {
        assert_eq!(
            x.strip_prefix(a.folder.path()).unwrap(),
            y.strip_prefix(b.folder.path()).unwrap()
        );
        assert!(
            fs_err::read(x).unwrap() == fs_err::read(y).unwrap(),
            "{} differs",
            x.display()
        );
    }
    assert_eq!(a.summary, b.summary);
    assert_ne!(text(a.folder.path(), "cwt.csv"), text(c.folder.path(), "cwt.csv"));
}

#[test]
fn every_record_stands_once_in_the_truth_and_exists() {
    let study = study();
    let root = study.folder.path();
    let people: BTreeSet<String> = rows(&text(root, "truth/people.csv"))
        .iter()
        .map(|r| r["person"].clone())
        .collect();
    assert_eq!(people.len() as u64, study.summary.people);
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut with_records = BTreeSet::new();
    for row in rows(&text(root, "truth/records.csv")) {
        let (path, id) = row["record_id"].split_once('#').unwrap();
        assert!(
            told.entry(path.to_owned()).or_default().insert(id.to_owned()),
            "{} stands twice",
            row["record_id"]
        );
        assert!(people.contains(&row["person"]));
        with_records.insert(row["person"].clone());
    }
    assert_eq!(
        with_records.len(),
        people.len(),
        "everyone in the truth left a record"
    );
    let mut all = 0;
    for path in files(root) {
        let relative = path
            .strip_prefix(root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        if relative.starts_with("truth/")
            || ["organisations.csv", "staffing.csv", "study.toml"].contains(&relative.as_str())
        {
            continue;
        }
        let told = told.remove(&relative).unwrap_or_default();
        let present: BTreeSet<String> = if relative.ends_with(".xml") {
            record_ids(&xml(&path))
        } else {
            (1..=rows(&text(root, &relative)).len())
                .map(|n| n.to_string())
                .collect()
        };
        assert_eq!(told, present, "{relative}");
        all += present.len() as u64;
    }
    assert!(told.is_empty(), "the truth names files that are not there");
    assert_eq!(all, study.summary.records);
    assert_eq!(study.summary.rows.values().sum::<u64>(), all);
    assert!(!root.join("truth/cosd-parts").exists());
}

/// Ids of records: those followed by a linkage block, not the file's own.
fn record_ids(xml: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for opening in ["<COSDRecord>", "<BreastRecord>"] {
        for record in xml.split(opening).skip(1) {
            let id = record.split("root=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(ids.insert(id.to_owned()), "an id stands twice in one file");
            assert!(record.contains("LinkagePatientId>") || record.contains("PatientIdentityDetails>"));
        }
    }
    ids
}

#[test]
fn files_have_the_shapes_that_are_promised() {
    let root = study().folder.path();
    let head = |path: &str, lines: usize| {
        text(root, path)
            .lines()
            .take(lines)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let mut shown = String::new();
    let listed = [
        "study.toml",
        "registrations.csv",
        "sact.csv",
        "rtds.csv",
        "admissions/hes_2014.csv",
        "admissions/hes_2025.csv",
        "cwt.csv",
        "deaths.csv",
        "form.csv",
        "truth/people.csv",
        "truth/records.csv",
    ];
    for path in listed {
        let lines = if path == "study.toml" { 14 } else { 3 };
        shown.push_str(&format!("== {path}\n{}\n", head(path, lines)));
    }
    insta::assert_snapshot!("heads", shown);
    let names: Vec<String> = fs_err::read_dir(root.join("cosd"))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    for (version, period) in [("8-1", "2016"), ("9-0-1", "2022"), ("10-0-1", "2025")] {
        let mut of_period: Vec<&String> = names
            .iter()
            .filter(|n| n.contains(&format!("SIM24_{period}")))
            .collect();
        of_period.sort();
        let text = xml(&root.join("cosd").join(of_period[0]));
        assert!(text.contains(&format!("COSD-v{version}")));
        let head: Vec<&str> = text.lines().take(48).collect();
        insta::assert_snapshot!(
            format!("cosd_{version}"),
            format!("{}\n{}", of_period[0], head.join("\n"))
        );
    }
}

#[test]
fn no_real_code_and_no_real_postcode_area_occurs() {
    let root = study().folder.path();
    let registry = Registry::from_csv(&text(root, "organisations.csv")).unwrap();
    let uk = Registry::uk().unwrap();
    let columns = [
        ("registrations.csv", "DIAG_TRUST", "POSTCODE"),
        (
            "sact.csv",
            "Organisation_Identifier_(Code_Of_Provider)",
            "Patient_Postcode",
        ),
        ("rtds.csv", "ORGCODEPROVIDER", "POSTCODE"),
        ("admissions/hes_2020.csv", "PROCODE", "HOMEADD"),
        ("form.csv", "ORGANISATION", "POSTCODE"),
    ];
    let mut outside = 0;
    for (path, code, postcode) in columns {
        for row in rows(&text(root, path)) {
            assert!(uk.get(&row[code]).is_none());
            outside += usize::from(matches!(registry.resolve(&row[code]), Resolved::Outside(_)));
            let area = row[postcode].get(..2).unwrap_or("");
            assert!(
                area.is_empty() || area.contains('Z') || area.len() < 2 || !area.is_ascii(),
                "{}",
                &row[postcode]
            );
        }
    }
    assert!(
        (1..200).contains(&outside),
        "some rows are of an independent hospital: {outside}"
    );
}

#[test]
fn every_header_is_known_to_the_layouts() {
    let root = study().folder.path();
    for path in [
        "registrations",
        "sact",
        "rtds",
        "cwt",
        "deaths",
        "form",
        "admissions/hes_2014",
        "admissions/hes_2025",
    ] {
        let text = text(root, &format!("{path}.csv"));
        let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let kind = path.split('/').next().unwrap();
        let layout = layouts::layout(kind).unwrap_or_else(|| panic!("no layout {kind}"));
        let bound = layout.bind(&header, &layouts::Renames::default(), None);
        let bound = bound.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(bound.unknown.is_empty(), "{path}: {:?}", bound.unknown);
    }
}

#[test]
fn every_element_of_cosd_is_one_that_layouts_have_seen() {
    use layouts::cosd_paths::{ELEMENTS, Version};
    let root = study().folder.path();
    let known: BTreeSet<&str> = ELEMENTS
        .iter()
        .filter(|e| e.seen)
        .flat_map(|e| e.path.split('/'))
        .chain(Version::V8.section_prefix().split('/'))
        .collect();
    // What stands around records, or is written and not read.
    let around = [
        "COSDRecord",
        "BreastRecord",
        "Id",
        "RecordCount",
        "ReportingPeriodStartDate",
        "ReportingPeriodEndDate",
        "FileCreationDateTime",
        "OrganisationIdentifierCodeOfSubmittingOrganisation",
        "NHSNumberStatusIndicator",
        "NhsNumberStatusIndicatorCode",
        "BasisOfCancerDiagnosis",
        "BasisOfDiagnosisCancer",
    ];
    let mut strange = BTreeSet::new();
    for entry in fs_err::read_dir(root.join("cosd")).unwrap() {
        let text = xml(&entry.unwrap().path());
        for part in text
            .split('<')
            .skip(1)
            .filter(|p| p.starts_with(|c: char| c.is_ascii_alphabetic()))
        {
            let name: String = part
                .chars()
                .take_while(|c| !matches!(c, ' ' | '>' | '/'))
                .collect();
            let bare = name
                .strip_prefix("BreastCore")
                .filter(|b| !b.is_empty())
                .unwrap_or(&name);
            if !known.contains(name.as_str())
                && !known.contains(bare)
                && !around.contains(&name.as_str())
                && !name.contains(':')
            {
                strange.insert(name);
            }
        }
    }
    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn people_leave_about_as_many_records_as_people_do() {
    let study = study();
    let root = study.folder.path();
    let mut per_person: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows(&text(root, "truth/records.csv")) {
        *per_person.entry(row["person"].clone()).or_default() += 1;
    }
    let mean = study.summary.records as f64 / study.summary.people as f64;
    assert!((4.0..30.0).contains(&mean), "{mean} records a person");
    assert!(per_person.values().max().unwrap() < &900);
    let metastatic: Vec<String> = rows(&text(root, "truth/people.csv"))
        .iter()
        .filter(|r| r["metastatic"] == "true")
        .map(|r| r["person"].clone())
        .collect();
    assert_eq!(metastatic.len() as u64, study.summary.metastatic);
    let share = metastatic.len() as f64 / 1_200.0;
    assert!(
        (0.15..0.45).contains(&share),
        "metastatic people for each primary: {share}"
    );
    let of_metastatic: u64 = metastatic.iter().map(|p| per_person[p]).sum();
    assert!((15.0..90.0).contains(&(of_metastatic as f64 / metastatic.len() as f64)));
}

#[test]
fn clean_files_hold_no_dirt() {
    let mut plan = Plan::new(6, 120);
    plan.dirt = Dirt::none();
    let study = write(&plan);
    let root = study.folder.path();
    for row in rows(&text(root, "cwt.csv")) {
        assert_eq!(row["NHS_NUMBER"].len(), 10);
        assert!(row["NHS_NUMBER"].starts_with("999"));
        assert!(!row["DATE_OF_BIRTH"].contains('/'));
    }
    let dirty = text(self::study().folder.path(), "admissions/hes_2019.csv");
    assert!(
        dirty.contains("/20") || dirty.contains("1801-01-01"),
        "the usual plan is dirty"
    );
}

#[test]
fn a_used_folder_and_too_many_people_are_refused() {
    let study = study();
    let again = simulate(&Plan::new(1, 10), study.folder.path(), &mut |_| {});
    assert!(matches!(again, Err(SimulateError::NotEmpty { .. })));
    let empty = tempfile::tempdir().unwrap();
    let none = simulate(
        &Plan {
            years: 1,
            ..Plan::new(1, 10)
        },
        empty.path(),
        &mut |_| {},
    );
    assert!(matches!(none, Err(SimulateError::Plan { .. })));
}

#[test]
fn a_number_of_admissions_is_reached_and_hardly_passed() {
    let plan = Plan {
        admissions_rows: Some(30_000),
        ..Plan::new(8, 300)
    };
    let mut last = 0;
    let folder = tempfile::tempdir().unwrap();
    let summary = simulate(&plan, folder.path(), &mut |p| last = p.done).unwrap();
    assert!(
        (30_000..31_000).contains(&summary.rows["admissions"]),
        "{}",
        summary.rows["admissions"]
    );
    assert!(last >= summary.people);
}
