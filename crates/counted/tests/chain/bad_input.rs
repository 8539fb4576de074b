//! Files and settings that cannot be used: each ends with its exit code and with words that name the
//! file and what to do, in little memory, and nothing is published.

use std::io::Write;

use crate::nation::{HEAD, REGISTRATIONS, Study, source};
use crate::program::{Ran, counted, long, run};
use crate::tree;

/// What the program may hold, whatever a file says.
const MOST_MEMORY: u64 = 600 << 20;

/// A COSD file of one record, for spoiling.
pub(crate) const COSD: &str = r#"<?xml version="1.0"?>
<COSD:COSD xmlns:COSD="http://www.datadictionary.nhs.uk/messages/COSD-v9-0-1">
  <Id root="8D80516C-2965-41C9-874F-98A14BD8F1AF"/>
  <OrganisationIdentifierCodeOfSubmittingOrganisation extension="RTH"/>
  <RecordCount value="1"/>
  <ReportingPeriodStartDate>2023-04-01</ReportingPeriodStartDate>
  <ReportingPeriodEndDate>2023-04-30</ReportingPeriodEndDate>
  <FileCreationDateTime>2023-06-08T09:12:53</FileCreationDateTime>
  <COSDRecord>
    <Id root="11209215-E765-4520-80B5-CA03FFA1ED17"/>
    <LinkagePatientId>
      <NhsNumber extension="9990000018"/>
      <NhsNumberStatusIndicatorCode code="01"/>
      <LocalPatientIdentifier>G0230716</LocalPatientIdentifier>
      <PersonBirthDate>1950-02-03</PersonBirthDate>
      <OrganisationIdentifierCodeOfProvider extension="RTH"/>
    </LinkagePatientId>
    <PrimaryPathway>
      <LinkageDiagnosticDetails>
        <PrimaryDiagnosisIcd code="C50.9"/>
        <TumourLaterality code="L"/>
        <DateOfPrimaryDiagnosisClinicallyAgreed>2023-04-05</DateOfPrimaryDiagnosisClinicallyAgreed>
      </LinkageDiagnosticDetails>
    </PrimaryPathway>
  </COSDRecord>
</COSD:COSD>
"#;

/// A tiny study with one COSD file beside.
fn with_cosd(content: impl AsRef<[u8]>) -> Study {
    let study = Study::tiny();
    study.append("study.toml", source("cosd", "cosd/*.xml"));
    study.write("cosd/april.xml", content);
    study
}

fn with_registrations(content: impl AsRef<[u8]>) -> Study {
    let study = Study::tiny();
    study.write("registrations.csv", content);
    study
}

fn with_settings(content: impl AsRef<[u8]>) -> Study {
    let study = Study::tiny();
    study.write("study.toml", content);
    study
}

fn entity(declaration: &str, name: &str) -> String {
    let text = COSD.replacen("?>\n", &format!("?>\n<!DOCTYPE COSD [{declaration}]>\n"), 1);
    text.replace(">G0230716<", &format!(">&{name};<"))
}

fn bomb() -> String {
    let mut declaration = "<!ENTITY a0 \"lol\">".to_owned();
    for level in 1..10 {
        let inner = format!("&a{};", level - 1).repeat(10);
        declaration.push_str(&format!("<!ENTITY a{level} \"{inner}\">"));
    }
    entity(&declaration, "a9")
}

const REVIEWER: &str = "\n[estimate]\nreviewer = { sensitivity = 1.95, specificity = 0.95 }\n";

/// Every bad input: its name, the study, the exit code, and words that the message must hold.
pub(crate) fn table() -> Vec<(&'static str, Study, i32, &'static [&'static str])> {
    let registrations = source("registrations", "registrations.csv");
    let half = &COSD[..COSD.len() / 2];
    let wrong_rows = format!(
        "{}\n{}",
        REGISTRATIONS.lines().next().unwrap(),
        "junk\n".repeat(1_000)
    );
    let unbound = REGISTRATIONS.replace("SITE_ICD10_O2", "SOMETHING_ELSE");
    vec![
        ("truncated XML", with_cosd(half), 3, &["cosd/april.xml"]),
        (
            "mismatched tags",
            with_cosd(COSD.replace("</PrimaryPathway>", "</SecondPathway>")),
            3,
            &["cosd/april.xml"],
        ),
        (
            "entity bomb",
            with_cosd(bomb()),
            3,
            &["cosd/april.xml", "document type"],
        ),
        (
            "external entity",
            with_cosd(entity("<!ENTITY x SYSTEM \"file:///etc/passwd\">", "x")),
            3,
            &["cosd/april.xml", "document type"],
        ),
        (
            "external DTD",
            with_cosd(COSD.replacen(
                "?>\n",
                "?>\n<!DOCTYPE COSD SYSTEM \"http://127.0.0.1:9/x.dtd\">\n",
                1,
            )),
            3,
            &["cosd/april.xml", "document type"],
        ),
        (
            "unknown version",
            with_cosd(COSD.replace("v9-0-1", "v12-0-0")),
            3,
            &["cosd/april.xml", "12"],
        ),
        ("not XML", with_cosd("a,b,c\n1,2,3\n"), 3, &["cosd/april.xml"]),
        ("empty XML", with_cosd(""), 3, &["cosd/april.xml"]),
        (
            "every row wrong",
            with_registrations(wrong_rows),
            3,
            &["registrations", "no usable row", "1000"],
        ),
        (
            "missing column",
            with_registrations(unbound),
            3,
            &["registrations.csv", "SITE_ICD10_O2"],
        ),
        ("empty table", with_registrations(""), 3, &["registrations.csv"]),
        (
            "missing file",
            with_settings([HEAD, &registrations, &source("deaths", "deaths.csv")].concat()),
            3,
            &["deaths.csv"],
        ),
        (
            "unknown key",
            with_settings([&HEAD.replace("as_of", "as_off"), &*registrations].concat()),
            2,
            &["study.toml", "as_off"],
        ),
        (
            "unknown key of a source",
            with_settings([HEAD, &registrations, "colums = 1\n"].concat()),
            2,
            &["study.toml", "colums"],
        ),
        (
            "unknown kind",
            with_settings([HEAD, &source("registration", "registrations.csv")].concat()),
            2,
            &["study.toml", "registration", "registrations"],
        ),
        (
            "path out of the study",
            with_settings([HEAD, &source("registrations", "../registrations.csv")].concat()),
            2,
            &["study.toml", "../registrations.csv"],
        ),
        (
            "absolute path",
            with_settings([HEAD, &source("registrations", "/etc/passwd")].concat()),
            2,
            &["study.toml", "/etc/passwd"],
        ),
        (
            "unknown definition",
            with_settings([&HEAD.replace("2026.1", "1926.1"), &*registrations].concat()),
            2,
            &["uk-mbc/1926.1"],
        ),
        (
            "unknown country",
            with_settings([&HEAD.replace("\"uk\"", "\"narnia\""), &*registrations].concat()),
            2,
            &["study.toml", "narnia"],
        ),
        (
            "unknown nation",
            with_settings([HEAD, &registrations, "nations = [\"Nowhere\"]\n"].concat()),
            2,
            &["study.toml", "registrations", "Nowhere", "Scotland"],
        ),
        (
            "reviewers who are right too often",
            with_settings([HEAD, &*registrations, REVIEWER].concat()),
            2,
            &["study.toml", "[estimate]", "sensitivity", "1.95"],
        ),
        (
            "no sources",
            with_settings(HEAD),
            2,
            &["study.toml", "[[source]]"],
        ),
        ("not TOML", with_settings("[study\n"), 2, &["study.toml"]),
    ]
}

/// Ended as it must: code, words, no fault of the program, nothing published.
fn assert_refused(name: &str, study: &Study, ran: &Ran, code: i32, words: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    if ran.code != code {
        wrong.push(format!(
            "{name}: ended with {} instead of {code}: {}",
            ran.code, ran.stderr
        ));
    }
    for word in words {
        if !ran.stderr.contains(word) {
            wrong.push(format!(
                "{name}: the message does not name `{word}`: {}",
                ran.stderr
            ));
        }
    }
    if ["panicked", "RUST_BACKTRACE", "Error {"]
        .iter()
        .any(|word| ran.words().contains(word))
    {
        wrong.push(format!("{name}: a fault of the program: {}", ran.words()));
    }
    if study.at("out").exists() {
        wrong.push(format!("{name}: there is something under out/"));
    }
    if ran.peak > MOST_MEMORY {
        wrong.push(format!("{name}: held {} MB", ran.peak >> 20));
    }
    wrong
}

#[test]
fn each_ends_with_its_code_and_publishes_nothing() {
    let mut wrong = Vec::new();
    for (name, study, code, words) in table() {
        let ran = run(&study.folder(), &[]);
        wrong.extend(assert_refused(name, &study, &ran, code, words));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_good_ones_beside_them_are_read() {
    // Otherwise the table above could refuse everything.
    let study = with_cosd(COSD);
    let ran = run(&study.folder(), &[]).well();
    assert!(ran.stdout.contains("cosd"), "{ran:#?}");
    assert!(study.at("out/site/index.html").is_file());
}

#[test]
fn a_bad_file_leaves_the_former_release_as_it_was() {
    let study = with_cosd(COSD);
    run(&study.folder(), &[]).well();
    let former = study.beside("former");
    tree::copy(&study.at("out"), &former);
    study.write("cosd/may.xml", &COSD[..COSD.len() / 2]);
    assert_eq!(run(&study.folder(), &[]).code, 3);
    tree::assert_same(&former, &study.at("out"), "after a run that was refused");
}

#[test]
fn a_field_without_end_is_refused_in_bounded_memory() {
    let megabytes = if long() { 1_024 } else { 200 };
    let letters = vec![b'A'; 1 << 20];
    let fill = |study: &Study, path: &str, before: &str, after: &str| {
        let mut file = fs_err::File::create(study.at(path)).unwrap();
        file.write_all(before.as_bytes()).unwrap();
        for _ in 0..megabytes {
            file.write_all(&letters).unwrap();
        }
        file.write_all(after.as_bytes()).unwrap();
    };
    let (before, after) = COSD.split_at(COSD.find("G0230716").unwrap());
    let (attribute, rest) = COSD.split_at(COSD.find("9990000018").unwrap());
    let table = REGISTRATIONS.replacen("ASH,", "\"ASH", 1);
    let (row, end) = table.split_at(table.find("ASH").unwrap());
    let mut wrong = Vec::new();
    for (name, path, before, after) in [
        ("CSV", "registrations.csv", row, end),
        ("XML text", "cosd/april.xml", before, after),
        ("XML attribute", "cosd/april.xml", attribute, rest),
        ("XML name", "cosd/april.xml", "<", ""),
    ] {
        let study = with_cosd(COSD);
        fill(&study, path, before, after);
        let ran = run(&study.folder(), &[]);
        eprintln!(
            "{name}: {megabytes} MB, held {} MB, ended with {}: {}",
            ran.peak >> 20,
            ran.code,
            ran.stderr.lines().last().unwrap_or_default()
        );
        wrong.extend(assert_refused(name, &study, &ran, 3, &[path]));
        if cfg!(target_os = "linux") && ran.peak == 0 {
            wrong.push("the memory was not measured".to_owned());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_record_count_is_listed_and_the_run_goes_on() {
    let study = with_cosd(COSD.replace("RecordCount value=\"1\"", "RecordCount value=\"7\""));
    run(&study.folder(), &[]).well();
    let problems = tree::cells(&study.at("out/tables/problems.parquet"));
    assert!(
        problems
            .iter()
            .any(|(column, cell)| column == "field" && cell == "RecordCount"),
        "{problems:?}"
    );
    let file = study.at("cosd/april.xml");
    let checked = counted(&["check", file.to_str().unwrap()]);
    assert_eq!(checked.code, 1, "{checked:#?}");
    assert!(checked.stdout.contains("RecordCount"), "{checked:#?}");
    let (whole, good) = (with_cosd(COSD), "cosd/april.xml");
    counted(&["check", whole.at(good).to_str().unwrap()]).well();
}

#[test]
fn unreadable_files_are_set_aside_where_the_study_says_so() {
    for (name, content) in [
        ("truncated", &COSD[..COSD.len() / 2]),
        ("bomb", &*bomb()),
        ("version", &*COSD.replace("v9-0-1", "v12-0-0")),
    ] {
        let study = with_cosd(COSD);
        study.append("study.toml", "unreadable = \"set-aside\"\n");
        study.write("cosd/may.xml", content);
        run(&study.folder(), &[]).well();
        let problems = tree::rows(&study.at("out/tables/problems.parquet"), &["rule", "path"]);
        let named = problems.iter().any(|row| {
            row[0].as_deref() == Some("file-unreadable") && row[1].as_deref() == Some("cosd/may.xml")
        });
        assert!(
            named,
            "{name}: the file is not named among the problems: {problems:?}"
        );
        let told: serde_json::Value =
            serde_json::from_slice(&fs_err::read(study.at("out/run.json")).unwrap()).unwrap();
        assert_eq!(
            told["sources"][1]["in_persons"], 1,
            "{name}: the good file beside it is used"
        );
    }
}

#[test]
fn a_call_that_is_wrong_ends_with_2() {
    let study = Study::tiny();
    let folder = study.folder();
    let folder = folder.to_str().unwrap();
    for call in [
        &["run", "/no/such/study"][..],
        &["run", folder, "--memory", "much"],
        &["run", folder, "--memory", "3MB"],
        &["run", folder, "--threads", "0"],
        &["run", folder, "--sideways"],
        &["check", folder, "--kind", "foo"],
        &["verify", "--site", folder],
        &["verify", "--site", "/no/such/site"],
        &["explain", folder, "P00000001"],
        &["worklist", folder, "--organisation", "RTH"],
        &["mdt", folder, "--organisation", "RTH", "--since", "2024-01-01"],
        &["mdt", folder, "--organisation", "RTH", "--since", "yesterday"],
        &["verify", folder],
        &["fly"],
    ] {
        let ran = counted(call);
        assert_eq!(ran.code, 2, "{call:?}: {ran:#?}");
        assert!(!ran.stderr.trim().is_empty(), "{call:?} says nothing");
    }
    run(&study.folder(), &[]).well();
    for call in [
        &["explain", folder, "P99999999"][..],
        &["explain", folder, "nobody"],
        &["worklist", folder, "--organisation", "NOWHERE"],
        &[
            "mdt",
            folder,
            "--organisation",
            "NOWHERE",
            "--since",
            "2020-01-01",
        ],
        &["mdt", folder, "--organisation", "RTH", "--since", "2099-01-01"],
    ] {
        assert_eq!(counted(call).code, 2, "{call:?}");
    }
}

/// Asks for the work list of one organisation, to be written at a place.
fn list_of_rth(folder: &std::path::Path, place: &std::path::Path) -> Ran {
    let (folder, place) = (folder.to_str().unwrap(), place.to_str().unwrap());
    counted(&["worklist", folder, "--organisation", "RTH", "--output", place])
}

#[test]
fn a_work_list_is_refused_where_it_could_be_published() {
    let study = Study::tiny();
    run(&study.folder(), &[]).well();
    let folder = study.folder();
    for place in [
        "out/list.csv",
        "out/site/list.csv",
        "out/release/../site/list.csv",
    ] {
        let place = study.at(place);
        let ran = list_of_rth(&folder, &place);
        assert_eq!(ran.code, 5, "{ran:#?}");
        assert!(!place.exists());
        for option in ["--output", "--print"] {
            let ran = counted(&[
                "mdt",
                folder.to_str().unwrap(),
                "--organisation",
                "RTH",
                "--since",
                "2020-01-01",
                option,
                place.to_str().unwrap(),
            ]);
            assert_eq!(ran.code, 5, "{ran:#?}");
            assert!(!place.exists());
        }
    }
}

#[test]
fn a_list_takes_the_place_of_no_file_of_the_study() {
    let study = Study::tiny();
    run(&study.folder(), &[]).well();
    let folder = study.folder();
    let list = |more: &[&str]| {
        let mut call = vec!["mdt", folder.to_str().unwrap(), "--organisation", "RTH"];
        call.extend(["--since", "2020-01-01"]);
        call.extend(more);
        counted(&call)
    };
    for own in [
        "study.toml",
        "registrations.csv",
        "state/lock",
        "state/new.csv",
        "released/new.csv",
    ] {
        let place = study.at(own);
        let before = fs_err::read(&place).ok();
        for option in ["--output", "--print"] {
            let ran = list(&[option, place.to_str().unwrap()]);
            assert_eq!(
                ran.code,
                if own == "released/new.csv" { 2 } else { 5 },
                "{own}: {ran:#?}"
            );
        }
        let ran = list_of_rth(&folder, &place);
        assert_ne!(ran.code, 0, "{own}: {ran:#?}");
        assert_eq!(fs_err::read(&place).ok(), before, "{own}");
    }
    // Its own lists may be made again, under any name; new ones may lie beside them.
    let lists = study.at("worklists");
    fs_err::create_dir_all(&lists).unwrap();
    let (again, print) = (lists.join("a.csv"), study.at("a.html"));
    for _ in 0..2 {
        list(&["--output", again.to_str().unwrap()]).well();
    }
    list(&["--print", print.to_str().unwrap()]).well();
    // Two lists of one call want two names, and a folder that is there.
    let both = lists.join("both");
    let both = both.to_str().unwrap();
    assert_eq!(list(&["--output", both, "--print", both]).code, 2);
    let nowhere = study.beside("nowhere/list.csv");
    let ran = list(&["--output", nowhere.to_str().unwrap()]);
    assert!(ran.code == 2 && ran.words().contains("nowhere"), "{ran:#?}");
}

#[cfg(unix)]
#[test]
fn a_list_takes_the_place_of_no_source_behind_a_link() {
    let study = Study::tiny();
    study.append("study.toml", source("cosd", "cosd/*.xml"));
    let disk = study.beside("disk");
    fs_err::create_dir_all(&disk).unwrap();
    fs_err::write(disk.join("april.xml"), COSD).unwrap();
    fs_err::os::unix::fs::symlink(&disk, study.at("cosd")).unwrap();
    run(&study.folder(), &[]).well();
    let place = study.at("cosd/april.xml");
    let ran = counted(&[
        "worklist",
        study.folder().to_str().unwrap(),
        "--organisation",
        "RTH",
        "--output",
        place.to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 5, "{ran:#?}");
    assert_eq!(fs_err::read_to_string(place).unwrap(), COSD);
}

#[cfg(unix)]
#[test]
fn a_source_that_cannot_be_reached_ends_the_run() {
    let study = Study::tiny_in_all();
    study.write("study.toml", [HEAD, &source("registrations", "*.csv")].concat());
    fs_err::os::unix::fs::symlink("/nowhere", study.at("more.csv")).unwrap();
    let ran = run(&study.folder(), &[]);
    assert!(ran.code == 3 && ran.words().contains("more.csv"), "{ran:#?}");
    assert!(!study.at("out").exists());
}

#[test]
fn a_file_belongs_to_one_source() {
    let study = Study::tiny_in_all();
    let twice = [
        source("registrations", "*.csv"),
        source("deaths", "registrations.csv"),
    ]
    .concat();
    study.write("study.toml", [HEAD, &twice].concat());
    let ran = run(&study.folder(), &[]);
    let told = ran
        .words()
        .contains("registrations.csv is matched by source 1 and by source 2");
    assert!(ran.code == 2 && told, "{ran:#?}");
    assert!(!study.at("out").exists());
}

#[test]
fn a_file_of_the_call_that_is_not_there_is_a_wrong_call() {
    let study = Study::tiny();
    run(&study.folder(), &[]).well();
    let site = study.at("out/site");
    for option in ["--trusted", "--ledger"] {
        let ran = counted(&[
            "verify",
            "--site",
            site.to_str().unwrap(),
            option,
            "/nowhere/file",
        ]);
        assert!(
            ran.code == 2 && ran.words().contains("/nowhere/file"),
            "{option}: {ran:#?}"
        );
    }
}

/// What somebody decided is not taken back because a disk is not there.
#[cfg(unix)]
#[test]
fn a_file_beside_the_records_that_cannot_be_reached_ends_the_call() {
    let study = Study::tiny();
    for file in [
        "charts.csv",
        "staffing.csv",
        "responses.csv",
        "linkage-decisions.csv",
        "ledger-keys.txt",
    ] {
        let place = study.at(file);
        fs_err::os::unix::fs::symlink("/nowhere", &place).unwrap();
        let ran = run(&study.folder(), &[]);
        assert!(ran.code == 2 && ran.words().contains(file), "{ran:#?}");
        assert!(!study.at("out").exists());
        fs_err::remove_file(place).unwrap();
    }
    run(&study.folder(), &[]).well();
}
