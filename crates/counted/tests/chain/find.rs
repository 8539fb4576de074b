//! `counted find`: a first look beside the whole chain, and what it leaves behind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use engine::TableReader;

use crate::nation::{REGISTRATIONS, Study, source};
use crate::program::{Ran, counted, run};
use crate::shared;

/// The files of all sources.
fn files(study: &Study) -> Vec<PathBuf> {
    let settings = fs_err::read_to_string(study.at("study.toml")).unwrap();
    let patterns = settings.lines().filter_map(|line| line.strip_prefix("path = \""));
    let mut files: Vec<PathBuf> = Vec::new();
    for pattern in patterns.map(|rest| study.at(rest.trim_end_matches('"'))) {
        if !pattern.to_string_lossy().contains('*') {
            files.push(pattern);
            continue;
        }
        let ending = pattern.extension().unwrap().to_owned();
        let inside = fs_err::read_dir(pattern.parent().unwrap()).unwrap();
        let paths = inside.map(|entry| entry.unwrap().path());
        files.extend(paths.filter(|path| path.extension() == Some(&ending)));
    }
    assert!(files.len() > 5, "{settings}");
    files
}

fn find(files: &[PathBuf], study: &Study, more: &[&str]) -> Ran {
    let organisations = study.at("organisations.csv");
    let mut arguments = vec![
        "find",
        "--as-of",
        "2025-12-31",
        "--organisations",
        organisations.to_str().unwrap(),
    ];
    arguments.extend(more);
    arguments.extend(files.iter().map(|file| file.to_str().unwrap()));
    counted(&arguments)
}

/// A list as maps from heading to cell.
fn list(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// The cases of a run, of people whose every record has the one number that nobody else has: number, tier, date, body.
fn cases_by_number(study: &Study) -> BTreeSet<[String; 4]> {
    let stage = |name: &str| {
        let mut made = fs_err::read_dir(study.at("state/stages").join(name)).unwrap();
        made.next().unwrap().unwrap().path()
    };
    let mut person_of: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for batch in TableReader::open(&stage("linkage").join("links.parquet")).unwrap() {
        let batch = batch.unwrap();
        let number = |name: &str, row: usize| batch.integer(name).unwrap().get(row).unwrap();
        person_of.extend(
            (0..batch.rows()).map(|row| ((number("file", row), number("row", row)), number("person", row))),
        );
    }
    let (mut numbers, mut people): (BTreeMap<_, BTreeSet<_>>, BTreeMap<_, BTreeSet<_>>) = Default::default();
    for batch in TableReader::open(&stage("intake").join("identities")).unwrap() {
        let batch = batch.unwrap();
        let key = |name: &str, row: usize| batch.integer(name).unwrap().get(row).unwrap();
        let text = |name: &str, row: usize| batch.text(name).unwrap().get(row).unwrap_or_default().to_owned();
        for row in 0..batch.rows() {
            let person = person_of[&(key("file", row), key("row", row))];
            let number = text("number", row);
            numbers.entry(person).or_default().insert(number.clone());
            people.entry(number).or_default().insert(person);
        }
    }
    let mut cases = BTreeSet::new();
    for batch in TableReader::open(&study.at("out/tables/cases.parquet")).unwrap() {
        let batch = batch.unwrap();
        let text = |name: &str, row: usize| batch.text(name).unwrap().get(row).unwrap_or_default().to_owned();
        for row in 0..batch.rows() {
            let person: i64 = text("person_id", row).trim_start_matches('P').parse().unwrap();
            let of_person: Vec<&String> = numbers[&person].iter().collect();
            if let [number] = of_person[..]
                && !number.is_empty()
                && people[number].len() == 1
            {
                let date = batch.date("date").unwrap().get(row).map(|date| date.to_string());
                cases.insert([
                    number.clone(),
                    text("tier", row),
                    date.unwrap_or_default(),
                    text("organisation", row),
                ]);
            }
        }
    }
    cases
}

/// Whom nothing but the number joins is the same case in both, although the look reads a part of the admissions only.
#[test]
fn a_look_finds_what_a_run_finds() {
    let study = shared::finished();
    let (list_of_cases, evidence) = (study.beside("cases.csv"), study.beside("evidence.csv"));
    let said = find(
        &files(&study),
        &study,
        &[
            "--output",
            list_of_cases.to_str().unwrap(),
            "--evidence",
            evidence.to_str().unwrap(),
            "--format",
            "json",
        ],
    );
    let said = said.well().json();
    assert_eq!(said["only_tumours_read"], true);
    // Every record is of somebody with a number, or alone; those who are alone are not counted among the former.
    let [people, records, alone] =
        ["by_number", "records", "alone"].map(|key| said["people"][key].as_u64().unwrap());
    assert!(
        0 < alone && 0 < people && people + alone < records,
        "{people} {alone} {records}"
    );
    let cases = list(&list_of_cases);
    let found: BTreeMap<&String, &BTreeMap<String, String>> =
        cases.iter().map(|case| (&case["id"], case)).collect();
    let of_run = cases_by_number(&study);
    assert!(of_run.len() > 60, "{}", of_run.len());
    for [number, tier, date, body] in &of_run {
        let case = found
            .get(number)
            .unwrap_or_else(|| panic!("somebody of tier {tier} was not found"));
        assert_eq!(
            [&case["tier"], &case["date"], &case["organisation"]],
            [tier, date, body]
        );
    }
    // Cases of records that stand alone are told apart.
    for (told, of_nobody) in [("tiers", false), ("tiers_of_records_alone", true)] {
        let listed = cases.iter().filter(|case| case["id"].is_empty() == of_nobody);
        let told: u64 = said[told]
            .as_object()
            .unwrap()
            .values()
            .map(|count| count.as_u64().unwrap())
            .sum();
        assert_eq!(told, listed.count() as u64);
        assert!(told > 0);
    }
    // Each line of evidence is of a case.
    let persons: BTreeSet<&String> = cases.iter().map(|case| &case["person"]).collect();
    assert!(
        list(&evidence)
            .iter()
            .all(|line| persons.contains(&line["person"]))
    );
}

/// The order of the call, threads and memory change nothing; the lists are their owner's; working files go.
#[test]
fn a_look_leaves_its_lists_alone() {
    let study = Study::invented(92, 300);
    let mut files = files(&study);
    let (one, other) = (study.beside("one.csv"), study.beside("other.csv"));
    find(
        &files,
        &study,
        &[
            "--output",
            one.to_str().unwrap(),
            "--threads",
            "1",
            "--memory",
            "64MB",
        ],
    )
    .well();
    files.reverse();
    find(
        &files,
        &study,
        &["--output", other.to_str().unwrap(), "--threads", "3"],
    )
    .well();
    assert_eq!(fs_err::read(&one).unwrap(), fs_err::read(&other).unwrap());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs_err::metadata(&one).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // Nothing that is read is written over: in a study as in every place of its own, elsewhere since it is read.
    let input = files[0].to_str().unwrap();
    assert_eq!(find(&files, &study, &["--output", input]).code, 5);
    let own = study.beside("own.csv");
    fs_err::copy(study.at("registrations.csv"), &own).unwrap();
    let over = find(
        std::slice::from_ref(&own),
        &study,
        &["--output", own.to_str().unwrap()],
    );
    assert_eq!(over.code, 2, "{over:#?}");
    // A look that fails leaves what was there, and no working files.
    files.push(study.at("study.toml"));
    let failed = find(&files, &study, &["--output", one.to_str().unwrap()]);
    assert_eq!(failed.code, 3, "{failed:#?}");
    assert_eq!(fs_err::read(&one).unwrap(), fs_err::read(&other).unwrap());
    for entry in fs_err::read_dir(one.parent().unwrap()).unwrap() {
        let name = entry.unwrap().file_name();
        let name = name.to_string_lossy();
        assert!(!name.ends_with(".work") && !name.ends_with(".part"), "{name}");
    }
}

/// What lies beside the lists and is not known to be ours is somebody's, whatever its name.
#[test]
fn a_look_touches_nothing_that_it_did_not_make() {
    let study = Study::tiny();
    let (part, list) = (study.beside("x.csv.part"), study.beside("x.csv"));
    fs_err::copy(study.at("registrations.csv"), &part).unwrap();
    let look = || {
        counted(&[
            "find",
            part.to_str().unwrap(),
            "--kind",
            "registrations",
            "--output",
            list.to_str().unwrap(),
        ])
    };
    look().well();
    assert_eq!(
        fs_err::read(&part).unwrap(),
        fs_err::read(study.at("registrations.csv")).unwrap()
    );
    let first = fs_err::read(&list).unwrap();
    // It has the name that ours would have, and is somebody's.
    let works = study.beside("x.csv.work");
    fs_err::create_dir(&works).unwrap();
    fs_err::write(works.join("rows"), "").unwrap();
    assert_eq!(look().code, 2);
    assert!(works.join("rows").is_file() && part.is_file());
    assert_eq!(fs_err::read(&list).unwrap(), first);
}

/// Files of two nations, whose columns and nations only study.toml knows.
#[test]
fn a_look_reads_files_as_a_study_says() {
    let study = Study::tiny();
    for (file, nation, date, diagnoses, rows) in [
        (
            "smr01.csv",
            "Scotland",
            "DATE_IN",
            "CONDITION",
            "CHI,DATE_IN,CONDITION_1,CONDITION_2,PROCODE\n\
             0101301006,2020-02-03,Z853,C795,A111H\n\
             0101301006,2020-04-20,C795,,A111H\n",
        ),
        (
            "pas.csv",
            "Northern Ireland",
            "ADMITTED",
            "DX",
            "HC_NUMBER,ADMITTED,DX_1,DX_2,PROCODE\n\
             3200000015,2021-02-03,Z853,C795,BEL01\n\
             3200000015,2021-04-20,C795,,BEL01\n",
        ),
    ] {
        let map = format!(
            "nations = [\"{nation}\"]\n[source.columns]\nDIAG = \"{diagnoses}_#\"\nADMIDATE = \"{date}\"\n"
        );
        study.append("study.toml", [source("admissions", file), map].concat());
        study.write(file, rows);
    }
    let (folder, list_of_cases) = (study.folder(), study.beside("cases.csv"));
    let (folder, output) = (folder.to_str().unwrap(), list_of_cases.to_str().unwrap());
    let (of_scotland, of_ireland) = (study.at("smr01.csv"), study.at("pas.csv"));
    let (of_scotland, of_ireland) = (of_scotland.to_str().unwrap(), of_ireland.to_str().unwrap());
    let found = |files: &[&str]| -> Vec<[String; 2]> {
        let call = ["find", "--study", folder, "--output", output];
        counted(&[&call[..], files].concat()).well();
        let cases = list(&list_of_cases).into_iter();
        let cases = cases.filter(|case| case["tier"] == "C");
        let mut cases: Vec<[String; 2]> = cases
            .map(|case| ["nation", "date"].map(|column| case[column].clone()))
            .collect();
        cases.sort();
        cases
    };
    let ireland = ["Northern Ireland", "2021-02-03"].map(str::to_owned);
    let scotland = ["Scotland", "2020-02-03"].map(str::to_owned);
    assert_eq!(
        found(&[]),
        [ireland.clone(), scotland.clone()],
        "all files of the study"
    );
    assert_eq!(found(&[of_ireland, of_scotland]), [ireland, scotland.clone()]);
    assert_eq!(found(&[of_scotland]), [scotland]);
    assert!(!study.at("state").exists(), "nothing is written into the study");
    // The list of organisations is the study's.
    let other = counted(&["find", folder, "--organisations", of_scotland, "--output", output]);
    assert_eq!(other.code, 2, "{other:#?}");
    // By themselves the columns say nothing.
    let alone = counted(&["find", of_scotland, "--kind", "admissions", "--output", output]);
    assert_eq!(alone.code, 3, "{alone:#?}");
}

/// A body that no list knows, in files of which nobody says the nation.
#[test]
fn a_nation_that_nobody_says_is_none_in_a_look_and_told_of_a_run() {
    let study = Study::tiny();
    study.write("registrations.csv", REGISTRATIONS.replace(",RTH,", ",ZZZ,"));
    let (file, output) = (study.at("registrations.csv"), study.beside("cases.csv"));
    let (file, place) = (file.to_str().unwrap(), output.to_str().unwrap());
    counted(&["find", file, "--output", place]).well();
    let nations: Vec<String> = list(&output)
        .into_iter()
        .map(|case| case["nation"].clone())
        .collect();
    assert_eq!(nations, [""]);
    let supposed = "they count in England";
    let ran = run(&study.folder(), &[]).well();
    assert!(ran.words().contains(supposed), "{ran:#?}");
    let rows = crate::tree::rows(&study.at("out/tables/cases.parquet"), &["nation"]);
    assert_eq!(rows, [[Some("England".to_owned())]]);
    study.append("study.toml", "nations = [\"Wales\"]\n");
    let ran = run(&study.folder(), &[]).well();
    assert!(!ran.words().contains(supposed), "{ran:#?}");
}
