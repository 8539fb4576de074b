//! What is a record, which of several is the same one, and what becomes of it.

use super::*;

fn file(body: &str) -> String {
    format!(
        r#"<COSD xmlns="http://www.datadictionary.nhs.uk/messages/COSD-v10-0-1"><Id root="header"/><RecordCount value="1"/>{body}</COSD>"#
    )
}

/// The ids of the records of one file, `-` for a record without one, with the local patient id.
fn found(body: &str) -> Vec<String> {
    let study = Study::of(&[("a.xml", file(body))]);
    study.run().unwrap();
    study.table("identities", "record local_id")
}

const LINK: &str =
    "<PatientIdentityDetails><LocalPatientIdentifier>P1</LocalPatientIdentifier></PatientIdentityDetails>";
const LINK2: &str =
    "<LinkagePatientId><LocalPatientIdentifier>P2</LocalPatientIdentifier></LinkagePatientId>";

#[test]
fn a_record_is_the_innermost_element_with_an_id_and_a_linkage_block_below() {
    let table: &[(&str, String, &[&str])] = &[
        (
            "a plain record",
            format!("<BreastRecord><Id root='a'/>{LINK}</BreastRecord>"),
            &["a P1"],
        ),
        (
            "any wrapper",
            format!("<X><Y><Z><Id root='a'/><Q><W>{LINK}</W></Q></Z></Y></X>"),
            &["a P1"],
        ),
        (
            "the inner Id counts",
            format!("<X><Id root='outer'/><Y><Id root='inner'/>{LINK}</Y></X>"),
            &["inner P1"],
        ),
        (
            "an Id beside is not above",
            format!("<X><Id root='a'/><Y><Id root='b'/></Y>{LINK}</X>"),
            &["a P1"],
        ),
        (
            "an Id after the block",
            format!("<X>{LINK}<Id root='a'/></X>"),
            &["a P1"],
        ),
        (
            "many in a wrapper",
            format!("<R><X><Id root='a'/>{LINK}</X><X><Id root='b'/>{LINK2}</X></R>"),
            &["a P1", "b P2"],
        ),
        (
            "no Id",
            format!("<X>{LINK}</X><X><Id root='b'/>{LINK2}</X>"),
            &["- P1", "b P2"],
        ),
        (
            "no Id, in a wrapper",
            format!("<R><X>{LINK}</X><X>{LINK2}</X></R>"),
            &["- P1", "- P2"],
        ),
        ("an Id and no linkage", "<X><Id root='a'/></X>".to_owned(), &[]),
        ("an Id as text", format!("<X><Id>a</Id>{LINK}</X>"), &["a P1"]),
        ("an empty Id", format!("<X><Id root=''/>{LINK}</X>"), &["- P1"]),
        (
            "prefixes",
            format!("<n:X><n:Id root='a'/>{LINK}</n:X>"),
            &["a P1"],
        ),
        ("the root itself", LINK.to_owned(), &["header P1"]),
        (
            "a section before its record",
            format!("<LinkageX/><X><Id root='a'/>{LINK}</X>"),
            &["a P1"],
        ),
    ];
    for (what, body, expected) in table {
        assert_eq!(found(body), *expected, "{what}");
    }
}

#[test]
fn two_linkage_blocks_in_a_record_are_named() {
    let body = format!("<X><Id root='a'/>{LINK}{LINK2}</X>");
    assert_eq!(found(&body), ["a P1"]);
    let outcome = Study::of(&[("a.xml", file(&body))]).check().unwrap();
    assert!(rules(&outcome).contains(&"1:two-people".to_owned()));
}

#[test]
fn nothing_leaks_from_one_record_into_the_next() {
    let first = record(
        "a",
        &[
            &who(ANN),
            &primary("C509", "2024-01-10", ""),
            "<Treatment><AdjunctiveTherapy code='1'/></Treatment>",
        ],
    );
    let second = record("b", &[&who(BEA)]);
    let study = Study::of(&[("a.xml", v10("2024-02-01T10:00:00", &[first, second]))]);
    study.run().unwrap();
    assert_eq!(
        study.table("cosd", "row ID PRIMARY_DIAGNOSIS PRIMARY_DATE"),
        ["1 a C509 2024-01-10", "2 b - -"]
    );
    assert_eq!(
        study.table("cosd.treatment", "row seq ADJUNCTIVE PROVIDER"),
        ["1 1 1 ZZ1"]
    );
}

#[test]
fn the_same_record_in_a_later_file_stands_and_keeps_what_it_does_not_say() {
    let staged = "<Staging><MCategoryIntegratedStage>M0</MCategoryIntegratedStage></Staging>";
    let nurse = |code: &str| {
        format!(
            "<ClinicalNurseSpecialistAndRiskFactorAssessment><ClinicalNurseSpecialistIndicationCode code='{code}'/></ClinicalNurseSpecialistAndRiskFactorAssessment>"
        )
    };
    let progression = format!(
        "<Diagnosis><Progression>{}<ProgressionDatePrimaryPathway>2024-02-20</ProgressionDatePrimaryPathway></Progression></Diagnosis>",
        pairs_xml("MetastaticTypeAndSite", "03/10")
    );
    let one = record(
        "id-1",
        &[&who(ANN), &primary("C50.9", "2024-01-10", staged), &nurse("Y1")],
    );
    let two = record(
        "other",
        &[&who(ANN), &primary("C509", "2024-01-10", &progression)],
    );
    let three = record(
        "third",
        &[&who(ANN), &primary("C509", "2024-01-10", ""), &nurse("NN")],
    );
    let bystander = record("id-1", &[&who(BEA), &primary("C509", "2024-01-10", "")]);
    let study = Study::of(&[
        ("c.xml", v10("2024-04-01T08:00:00", &[three])),
        ("a.xml", v10("2024-02-01T08:00:00", &[one, bystander])),
        ("b.xml", v10("2024-03-01T08:00:00", &[two])),
    ]);
    let outcome = study.run().unwrap();
    assert_eq!(
        outcome.files.iter().map(set_aside).collect::<Vec<_>>(),
        [
            vec![],
            vec!["1 superseded 0:1".to_owned()],
            vec!["1 superseded 0:1".to_owned()]
        ]
    );
    assert_eq!(
        study.table("cosd", "file row ID CREATED M_INTEGRATED CNS PATHWAY"),
        [
            "0 1 third 2024-02-01 M0 NN primary",
            "1 2 id-1 2024-02-01 - - primary"
        ]
    );
    // The progression was first stated by the second file.
    assert_eq!(
        study.table(
            "cosd.metastasis",
            "file row seq SECTION EVENT_DATE PAIRS CREATED FUTURE"
        ),
        ["0 1 1 primary_progression 2024-02-20 03/10 2024-03-01 false"]
    );
}

#[test]
fn a_corrected_section_replaces_the_older_one() {
    let version = |pairs: &str| record("a", &[&who(ANN), &recurrence("2024-01-10", pairs)]);
    let study = Study::of(&[
        ("a.xml", v10("2024-02-01T08:00:00", &[version("03/10 03/03")])),
        ("b.xml", v10("2024-02-01T09:00:00", &[version("01/12")])),
    ]);
    study.run().unwrap();
    assert_eq!(
        study.table("cosd.metastasis", "file PAIRS CREATED"),
        ["1 01/12 2024-02-01"]
    );
}

#[test]
fn files_are_ordered_by_their_making_then_by_path_and_the_unknown_come_first() {
    let version = |laterality: &str| {
        record(
            "a",
            &[
                &who(ANN),
                &primary("C509", "2024-01-10", "").replace("code=\"L\"", &format!("code='{laterality}'")),
            ],
        )
    };
    let standing = |files: &[(&str, &str, &str)]| {
        let files: Vec<(&str, String)> = files
            .iter()
            .map(|(name, created, side)| (*name, v10(created, &[version(side)])))
            .collect();
        let study = Study::of(&files);
        study.run().unwrap();
        study.table("cosd", "file LATERALITY CREATED").join(", ")
    };
    type Files<'a> = &'a [(&'a str, &'a str, &'a str)];
    let table: &[(Files<'_>, &str)] = &[
        (
            &[
                ("b.xml", "2024-02-01T08:00:00", "L"),
                ("a.xml", "2024-02-01T09:00:00", "R"),
            ],
            "1 R 2024-02-01",
        ),
        (
            &[
                ("b.xml", "2024-02-01T09:00:00", "L"),
                ("a.xml", "2024-02-01T09:00:00", "R"),
            ],
            "0 L 2024-02-01",
        ),
        (
            &[("b.xml", "", "L"), ("a.xml", "2024-02-01T09:00:00", "R")],
            "1 R -",
        ),
        (&[("b.xml", "", "L"), ("a.xml", "", "R")], "0 L -"),
        (
            &[
                ("z_2024-03-01T00_00_00.xml", "", "L"),
                ("a.xml", "2024-02-01T09:00:00", "R"),
            ],
            "0 L 2024-02-01",
        ),
        (
            &[
                ("z_2024-03-01T00_00_00.xml", "2024-01-20", "L"),
                ("a.xml", "2024-02-01T09:00:00", "R"),
            ],
            "1 R 2024-01-20",
        ),
    ];
    for (files, expected) in table {
        assert_eq!(standing(files), *expected, "{files:?}");
    }
}

#[test]
fn what_makes_a_record_another_one() {
    let base = (ANN, "ZZ1", "C509", "2024-01-10");
    let make = |(number, provider, diagnosis, date): (&str, &str, &str, &str)| {
        record(
            "a",
            &[
                &who(number).replace("zz1", provider),
                &primary(diagnosis, date, ""),
            ],
        )
    };
    let table = [
        (base, 1),
        ((BEA, "ZZ1", "C509", "2024-01-10"), 2),
        ((ANN, "ZZ2", "C509", "2024-01-10"), 2),
        ((ANN, "ZZ1", "C504", "2024-01-10"), 2),
        ((ANN, "ZZ1", "C509", "2024-01-11"), 2),
        ((ANN, "ZZ101", "C50.9", "2024-01-10T00:00:00"), 1),
    ];
    for (other, expected) in table {
        let study = Study::of(&[
            ("a.xml", v10("2024-02-01", &[make(base)])),
            ("b.xml", v10("2024-03-01", &[make(other)])),
        ]);
        study.run().unwrap();
        assert_eq!(study.table("cosd", "ID").len(), expected, "{other:?}");
    }
}

#[test]
fn a_recurrence_is_not_a_version_of_the_primary_nor_of_another_recurrence() {
    let study = Study::of(&[
        (
            "a.xml",
            v10(
                "2024-02-01",
                &[record("a", &[&who(ANN), &primary("C509", "2024-01-10", "")])],
            ),
        ),
        (
            "b.xml",
            v10(
                "2024-03-01",
                &[record("a", &[&who(ANN), &recurrence("2024-01-10", "03/10")])],
            ),
        ),
        (
            "c.xml",
            v10(
                "2024-04-01",
                &[record("a", &[&who(ANN), &recurrence("2024-03-15", "03/03")])],
            ),
        ),
    ]);
    study.run().unwrap();
    assert_eq!(
        study.table("cosd", "file PATHWAY"),
        ["0 primary", "1 non_primary", "2 non_primary"]
    );
}

#[test]
fn repeats_are_used_once_and_a_shared_id_is_named() {
    let one = record("a", &[&who(ANN), &primary("C509", "2024-01-10", "")]);
    let other = record("a", &[&who(BEA), &primary("C509", "2024-01-10", "")]);
    let study = Study::of(&[("a.xml", v10("2024-02-01", &[one.clone(), other, one]))]);
    let outcome = study.run().unwrap();
    assert_eq!(set_aside(&outcome.files[0]), ["3 repeated 0:1"]);
    assert_eq!(
        study.table("identities", "row record number"),
        ["1 a 9990000018", "2 a 9990000026"]
    );
    let rules = rules(&outcome.files[0]);
    assert!(
        rules.contains(&"2:id-twice".to_owned()) && rules.contains(&"3:row-repeated".to_owned()),
        "{rules:?}"
    );
    let check = study.check().unwrap();
    assert_eq!(
        (check.facts.rows, check.in_identities, check.set_aside.len()),
        (3, 2, 1)
    );
}

#[test]
fn a_repeat_of_a_superseded_record_leads_to_the_one_that_stands() {
    let one = record("a", &[&who(ANN), &primary("C509", "2024-01-10", "")]);
    let study = Study::of(&[
        ("a.xml", v10("2024-02-01", &[one.clone(), one.clone()])),
        ("b.xml", v10("2024-03-01", &[one])),
    ]);
    let outcome = study.run().unwrap();
    assert_eq!(
        set_aside(&outcome.files[0]),
        ["1 superseded 1:1", "2 repeated 1:1"]
    );
}

#[test]
fn what_lies_after_the_end_of_the_study_is_set_aside_and_what_cannot_be_is_marked() {
    // The study ends on 2025-12-31.
    let primary_on = |date: &str| record("a", &[&who(ANN), &primary("C509", date, "")]);
    let back_on = |date: &str| record("a", &[&who(ANN), &recurrence(date, "03/10")]);
    let table: &[(&str, &str, String, &str, &str)] = &[
        (
            "within",
            "2026-02-01",
            primary_on("2025-12-31"),
            "2025-12-31 false",
            "",
        ),
        (
            "late",
            "2026-02-01",
            primary_on("2026-01-01"),
            "",
            "1 after_as_of -",
        ),
        (
            "late, making unknown",
            "",
            primary_on("2026-01-01"),
            "",
            "1 after_as_of -",
        ),
        (
            "after its making",
            "2024-02-01",
            primary_on("2026-01-01"),
            "- true",
            "",
        ),
        (
            "after its making, within",
            "2024-02-01",
            primary_on("2024-03-01"),
            "- true",
            "",
        ),
        (
            "a late recurrence",
            "2026-02-01",
            back_on("2026-01-01"),
            "",
            "1 after_as_of -",
        ),
        (
            "an impossible recurrence",
            "2024-02-01",
            back_on("2031-01-01"),
            "- true",
            "",
        ),
    ];
    for (what, created, record, identity, aside) in table {
        let study = Study::of(&[("a.xml", v10(created, std::slice::from_ref(record)))]);
        let outcome = study.run().unwrap();
        let dates = study.table("identities", "event_date");
        let flags = study.table("cosd", "FUTURE");
        let drawn: Vec<String> = dates
            .iter()
            .zip(&flags)
            .map(|(date, flag)| format!("{date} {flag}"))
            .collect();
        assert_eq!(drawn.join(","), *identity, "{what}");
        assert_eq!(set_aside(&outcome.files[0]).join(","), *aside, "{what}");
        let named = rules(&outcome.files[0]).contains(&"1:future-date".to_owned());
        assert_eq!(named, identity.ends_with("true"), "{what}");
    }
    let study = Study::of(&[("a.xml", v10("2024-02-01", &[back_on("2031-01-01")]))]);
    study.run().unwrap();
    assert_eq!(
        study.table("cosd.metastasis", "EVENT_DATE FUTURE"),
        ["2031-01-01 true"]
    );
}

#[test]
fn what_a_record_says_of_later_is_left_out_and_the_record_stays() {
    let later = "<Treatment><TreatmentStartDateCancer>2026-01-05</TreatmentStartDateCancer><CancerTreatmentModalityRegistration code='05'/></Treatment><Treatment><TreatmentStartDateCancer>2025-11-05</TreatmentStartDateCancer></Treatment><DeathDetails><PersonDeathDate>2026-01-20</PersonDeathDate></DeathDetails>";
    let both = record(
        "a",
        &[
            &who(ANN),
            &primary("C509", "2025-01-01", ""),
            &recurrence("2026-01-02", "03/10"),
            later,
        ],
    );
    let study = Study::of(&[("a.xml", v10("2026-02-01", &[both]))]);
    let outcome = study.run().unwrap();
    assert_eq!(
        study.table("identities", "event_date death_date vital_status"),
        ["2025-01-01 - -"]
    );
    assert_eq!(
        study.table("cosd", "PATHWAY PRIMARY_DATE NON_PRIMARY_DATE"),
        ["both 2025-01-01 -"]
    );
    assert_eq!(study.table("cosd.metastasis", "SECTION"), Vec::<String>::new());
    assert_eq!(study.table("cosd.treatment", "TREATMENT_DATE"), ["2025-11-05"]);
    assert!(rules(&outcome.files[0]).contains(&"1:date-after-as-of".to_owned()));
}
