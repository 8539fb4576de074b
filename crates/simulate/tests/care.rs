//! The truth of care on disk: what it says was recorded is in the files, and nothing else moved.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use simulate::{Plan, simulate};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

fn study() -> &'static tempfile::TempDir {
    static STUDY: OnceLock<tempfile::TempDir> = OnceLock::new();
    STUDY.get_or_init(|| write(&Plan::new(42, 1_200)))
}

fn write(plan: &Plan) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    simulate(plan, folder.path(), &mut |_| {}).unwrap();
    folder
}

fn text(root: &Path, path: &str) -> String {
    fs_err::read_to_string(root.join(path)).unwrap()
}

type Rows = Vec<BTreeMap<String, String>>;

fn rows(text: &str) -> Rows {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        let cells = record.iter().map(str::to_owned).collect::<Vec<_>>();
        header.iter().map(str::to_owned).zip(cells).collect()
    };
    reader.records().map(|r| row(r.unwrap())).collect()
}

fn lines() -> &'static Rows {
    static LINES: OnceLock<Rows> = OnceLock::new();
    LINES.get_or_init(|| rows(&text(study().path(), "truth/care.csv")))
}

/// The text of every COSD record, by person; a record that came in two files twice.
fn records() -> BTreeMap<String, String> {
    let root = study().path();
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    for row in rows(&text(root, "truth/records.csv")) {
        if row["source"] != "cosd" {
            continue;
        }
        let (path, id) = row["record_id"].split_once('#').unwrap();
        let file = files
            .entry(path.to_owned())
            .or_insert_with(|| xml(&root.join(path)));
        let at = file.find(&format!("root=\"{id}\"")).unwrap();
        let rest = &file[at..];
        let end = ["</COSDRecord>", "</BreastRecord>"]
            .iter()
            .filter_map(|e| rest.find(e))
            .min();
        told.entry(row["person"].clone())
            .or_default()
            .push_str(&rest[..end.unwrap()]);
    }
    told
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
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_truth_of_care_is_of_known_people_events_and_hospitals() {
    let root = study().path();
    let people: BTreeMap<String, BTreeMap<String, String>> = rows(&text(root, "truth/people.csv"))
        .into_iter()
        .map(|row| (row["person"].clone(), row))
        .collect();
    let habits: BTreeSet<(String, String)> = rows(&text(root, "truth/care_organisations.csv"))
        .into_iter()
        .map(|row| (row["organisation"].clone(), row["item"].clone()))
        .collect();
    let mut events = BTreeSet::new();
    for line in lines() {
        let person = &people[&line["person"]];
        assert!(["yes", "no"].contains(&line["truth"].as_str()));
        assert!(
            habits.contains(&(line["organisation"].clone(), line["item"].clone())),
            "{line:?}"
        );
        events.insert(line["event"].clone());
        match line["event"].as_str() {
            "secondary" => {
                assert_eq!(
                    (&line["date"], &line["organisation"]),
                    (&person["date"], &person["organisation"])
                );
            }
            "death" => assert_eq!(line["date"], person["death"]),
            "primary" => {}
            _ => assert!(
                person["metastatic"] == "true" && line["date"] >= person["date"],
                "{line:?}"
            ),
        }
    }
    assert_eq!(
        events.iter().map(String::as_str).collect::<Vec<_>>(),
        ["death", "primary", "progression", "regimen", "secondary"]
    );
}

#[test]
fn what_the_truth_calls_recorded_in_cosd_is_in_the_persons_records() {
    let told = records();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for line in lines().iter().filter(|line| !line["recorded"].is_empty()) {
        let (item, code) = (line["item"].as_str(), line["recorded"].as_str());
        let element = match item {
            "nurse" | "nurse_at_primary" => format!("ClinicalNurseSpecialistIndicationCode code=\"{code}\""),
            "mdt" | "mdt_at_primary" if code == "date" => {
                "MultidisciplinaryTeamDiscussionDateCancer>".to_owned()
            }
            "mdt" | "mdt_at_primary" => format!("TeamMeetingType>{code}<"),
            "assessment" | "assessment_at_primary" => {
                format!("AssessmentOffered code=\"{}\"", code.split('/').next().unwrap())
            }
            "care_plan" | "care_plan_at_primary" => format!("AssessmentCarePlanStatus code=\"{code}\""),
            "plan_intent" | "plan_intent_at_primary" => format!("CancerCarePlanIntent code=\"{code}\""),
            "palliative" if code.len() == 1 => {
                format!("PalliativeCareSpecialistSeenIndicatorCancerRecurrence code=\"{code}\"")
            }
            "emergency_route" if code != "2x" => format!("PrimaryCancerPathway code=\"{code}\""),
            "cord_compression" => format!("PatientType code=\"{code}\""),
            _ => continue,
        };
        assert!(told[&line["person"]].contains(&element), "{line:?}");
        *seen.entry(item).or_default() += 1;
    }
    let (few, many): (Vec<_>, Vec<_>) = seen.iter().partition(|(_, count)| **count < 20);
    assert!(many.len() >= 9, "{seen:?}");
    assert!(
        few.iter()
            .all(|(item, _)| item.starts_with("c") || item.starts_with("a")),
        "{seen:?}"
    );
}

#[test]
fn what_the_truth_calls_recorded_elsewhere_is_in_the_files() {
    let root = study().path();
    let mut of: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in rows(&text(root, "truth/records.csv")) {
        let (path, n) = row["record_id"].split_once('#').unwrap();
        if ["sact", "form"].contains(&row["source"].as_str()) {
            let key = (row["source"].clone(), row["person"].clone());
            of.entry(key).or_default().push(format!("{path}#{n}"));
        }
    }
    let files: BTreeMap<&str, Rows> = ["sact.csv", "form.csv"]
        .map(|path| (path, rows(&text(root, path))))
        .into();
    let cells = |source: &str, person: &str, column: &str| -> BTreeSet<String> {
        let rows = of
            .get(&(source.to_owned(), person.to_owned()))
            .cloned()
            .unwrap_or_default();
        rows.iter()
            .map(|id| {
                let (path, n) = id.split_once('#').unwrap();
                files[path][n.parse::<usize>().unwrap() - 1][column].clone()
            })
            .collect()
    };
    let (mut trials, mut answers) = (0, 0);
    for line in lines().iter().filter(|line| !line["recorded"].is_empty()) {
        let (person, item, code) = (&line["person"], &line["item"], &line["recorded"]);
        if item == "trial" {
            trials += 1;
            assert!(cells("sact", person, "Clinical_Trial").contains(code), "{line:?}");
        } else if line["organisation"].as_str() >= "SIM34" && line["event"] == "secondary" {
            answers += 1;
            assert!(
                cells("form", person, &item.to_uppercase()).contains(code),
                "{line:?}"
            );
            let by = cells("form", person, "ANSWERED_BY");
            assert!(by.contains("hospital") || by.contains("person"), "{by:?}");
        }
    }
    assert!(trials > 100 && answers > 50, "{trials} {answers}");
    let by: BTreeSet<&str> = files["form.csv"]
        .iter()
        .map(|row| row["ANSWERED_BY"].as_str())
        .collect();
    assert!(by.contains("hospital") && by.contains("person"), "{by:?}");
    for row in files["form.csv"].iter().filter(|row| row["METASTATIC"] == "no") {
        assert!(row["KEY_WORKER"].is_empty() && row["ANSWERED_BY"].is_empty());
    }
}

/// Hashes (FNV-1a, cells parted by 0x1F, rows by a line feed) of this very nation's rows as they were before care had a
/// truth, without the columns that care writes: its chance is its own, so no other draw may move.
#[test]
fn nothing_but_care_moved_when_care_was_given_a_truth() {
    let form = [
        "KEY_WORKER",
        "SUPPORT_SERVICES",
        "MONEY_AND_WORK",
        "GP_INFORMED",
        "FAMILY_SUPPORT",
        "ANSWERED_BY",
    ];
    let table: [(&str, &[&str], u64); 8] = [
        ("registrations.csv", &[], 0xfc41_35b0_5d5d_7e34),
        ("rtds.csv", &[], 0x8fb6_e903_d24c_ee4b),
        ("cwt.csv", &[], 0xdbb1_6b81_ad1e_dc7d),
        ("deaths.csv", &[], 0xac15_f844_a18f_2506),
        ("truth/people.csv", &[], 0xd8ea_93a6_a514_a4ea),
        ("sact.csv", &["Clinical_Trial"], 0xac4d_14a4_92c4_7338),
        ("form.csv", &form, 0x3ce7_8230_af07_512d),
        (
            "admissions/hes_2020.csv",
            &["DIAG", "MAINSPEF", "TRETSPEF"],
            0x0d47_f197_8af9_f6f6,
        ),
    ];
    for (path, without, wanted) in table {
        let text = text(study().path(), path);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let kept: Vec<usize> = reader
            .headers()
            .unwrap()
            .iter()
            .enumerate()
            .filter(|(_, name)| !without.iter().any(|column| name.starts_with(column)))
            .map(|(place, _)| place)
            .collect();
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for record in reader.records() {
            let record = record.unwrap();
            let cells: Vec<&str> = kept.iter().map(|place| &record[*place]).collect();
            for byte in format!("{}\n", cells.join("\u{1f}")).bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        assert_eq!(hash, wanted, "{path}");
    }
}

#[test]
fn the_truth_of_care_and_the_nurses_have_their_shape() {
    let root = study().path();
    let mut shown = String::new();
    for path in ["truth/care.csv", "truth/care_organisations.csv", "staffing.csv"] {
        let text = text(root, path);
        let head: Vec<&str> = text.lines().take(24).collect();
        shown.push_str(&format!("== {path}\n{}\n", head.join("\n")));
    }
    insta::assert_snapshot!("care", shown);
}

/// Breast Cancer Care 2017: 21 % of organisations had a nurse for secondary disease; Breast Cancer Now 2018: 28 %.
#[test]
fn about_a_quarter_of_hospitals_have_a_nurse_for_secondary_disease() {
    let rows = rows(&text(study().path(), "staffing.csv"));
    let hospitals: BTreeSet<&str> = rows.iter().map(|row| row["organisation"].as_str()).collect();
    let with: BTreeSet<&str> = rows
        .iter()
        .filter(|row| row["secondary_wte"] != "0.0")
        .map(|row| row["organisation"].as_str())
        .collect();
    // 35 hospitals have a breast service; two of them never answer.
    assert_eq!(hospitals.len(), 33);
    let share = with.len() as f64 / hospitals.len() as f64;
    assert!((0.20..=0.28).contains(&share), "{share}");
    assert!(rows.len() < 33 * 12, "some answers are missing");
    let keys: BTreeSet<(&str, &str)> = rows
        .iter()
        .map(|row| (row["organisation"].as_str(), row["date"].as_str()))
        .collect();
    assert_eq!(keys.len(), rows.len(), "a hospital answers once a year");
}
