//! Who is known to have died is not among the living, whatever is known of the day.

use crate::nation::{HEAD, REGISTRATIONS, Study, source};
use crate::program::{counted, run};
use crate::tree;

const DEATHS: &str = "NHSNUMBER,DOB,DOD,S_UNDERLYING_COD_ICD10\n9990000026,1951-02-03,2024-05-06,I219\n";

/// A study of two registrations, the first metastatic, beside these deaths.
fn study(registrations: &str, deaths: &str) -> Study {
    let study = Study::empty();
    let sources = [
        source("registrations", "registrations.csv"),
        source("deaths", "deaths.csv"),
    ];
    study.write("study.toml", [HEAD, &sources.concat()].concat());
    study.few_organisations();
    study.write("registrations.csv", registrations);
    study.write("deaths.csv", deaths);
    study
}

/// People found living in the country at the end of a year.
fn living(study: &Study, day: &str) -> Option<String> {
    let columns = [
        "place_kind",
        "measure",
        "period",
        "kind",
        "sex",
        "age_band",
        "found",
    ];
    let rows = tree::rows(&study.at("out/tables/counts.parquet"), &columns);
    let wanted = ["country", "living", day, "all", "all", "all"];
    let row = rows
        .into_iter()
        .find(|row| (0..6).all(|at| row[at].as_deref() == Some(wanted[at])));
    row.and_then(|row| row[6].clone())
}

#[test]
fn who_died_on_a_day_that_nobody_knows_is_not_living() {
    let alive = study(REGISTRATIONS, DEATHS);
    run(&alive.folder(), &[]).well();
    assert_eq!(living(&alive, "2023-12-31").as_deref(), Some("1"));
    let undated = REGISTRATIONS.replacen("RTH,A,2025-12-31", "RTH,D,", 1);
    let unread = format!("{DEATHS}9990000018,1950-02-03,about Easter,C509\n");
    for (registrations, deaths) in [(undated.as_str(), DEATHS), (REGISTRATIONS, unread.as_str())] {
        let dead = study(registrations, deaths);
        run(&dead.folder(), &[]).well();
        assert_eq!(living(&dead, "2023-12-31").as_deref(), Some("0"));
        let meeting = counted(&[
            "mdt",
            dead.folder().to_str().unwrap(),
            "--organisation",
            "RTH",
            "--since",
            "2020-01-01",
        ]);
        assert!(!meeting.well().words().contains("P00000001"));
    }
}

#[test]
fn who_left_on_a_day_that_nobody_knows_is_not_living_for_ever() {
    let gone = study(&REGISTRATIONS.replacen("RTH,A,2025-12-31", "RTH,X,", 1), DEATHS);
    run(&gone.folder(), &[]).well();
    assert_eq!(living(&gone, "2023-12-31").as_deref(), Some("0"));
    let told = tree::rows(&gone.at("out/tables/problems.parquet"), &["rule", "field"]);
    let undated = ["departure-undated", "VITALSTATUSDATE"].map(|word| Some(word.to_owned()));
    assert!(told.iter().any(|row| *row == undated), "{told:?}");
}

/// Answers to a work list that are younger than the study: which of two is the later says the day on which they looked.
#[test]
fn who_looked_last_is_heard_also_after_the_last_day() {
    let study = Study::tiny();
    study.append("study.toml", source("form", "form.csv"));
    study.write(
        "form.csv",
        "ORGANISATION,NHS_NUMBER,BIRTH_DATE,METASTATIC,METASTATIC_DATE,RECORDED_ON\n\
        RTH,9990000018,1950-02-03,no,,2025-11-01\n\
        RTH,9990000018,1950-02-03,yes,2025-06-01,2026-01-20\n\
        RTH,9990000026,1951-02-03,no,,2026-01-15\n\
        RTH,9990000026,1951-02-03,yes,2025-06-01,2026-02-10\n\
        RTH,9434765919,1950-01-02,yes,2025-06-01,2026-01-10\n\
        RTH,9434765919,1950-01-02,no,,2026-03-01\n\
        RTH,9434765870,1950-01-03,yes,2025-06-01,2025-12-10\n\
        RTH,9434765870,1950-01-03,no,,2026-03-01\n",
    );
    run(&study.folder(), &[]).well();
    let cases = tree::rows(&study.at("out/tables/cases.parquet"), &["tier"]);
    let mut tiers: Vec<&str> = cases.iter().filter_map(|row| row[0].as_deref()).collect();
    tiers.sort_unstable();
    assert_eq!(tiers, ["A", "A", "D", "D"]);
}

#[test]
fn what_people_write_for_a_code_is_read() {
    let study = Study::empty();
    let form = "ORGANISATION,NHS_NUMBER,BIRTH_DATE,SEX,METASTATIC,METASTATIC_DATE,KIND,PRIMARY_DATE\n\
        RTH,'9434765919,1950-01-02,2,Y,2024-05-01,De novo,2024-05-01\n\n\n\
        RTH,943 476 5870,1950-01-03,2,1.0,2024-05-01,recurrent,2015-01-01\n";
    // A whole-number column with blanks, as tables are written out with a point.
    let staged = REGISTRATIONS.replacen("C509,4,1,", "C509,4.0,1.0,", 1);
    study.write("form.csv", form);
    study.write("registrations.csv", staged);
    for (file, found) in [("form.csv", 2), ("registrations.csv", 1)] {
        let path = study.at(file);
        let checked = counted(&["check".as_ref(), path.as_os_str()]).well();
        for word in ["list of codes", "quoted cell", "ten digits"] {
            assert!(!checked.words().contains(word), "{checked:#?}");
        }
        let out = study.at("cases.csv");
        counted(&[
            "find".as_ref(),
            path.as_os_str(),
            "--output".as_ref(),
            out.as_os_str(),
        ])
        .well();
        let rows = fs_err::read_to_string(&out).unwrap().lines().count() - 1;
        assert_eq!(rows, found, "{file}");
        fs_err::remove_file(out).unwrap();
    }
}

/// So few people leave no row in some sources.
#[test]
fn a_nation_of_one_primary_can_be_run() {
    let study = Study::invented(1, 1);
    run(&study.folder(), &[]).well();
}
