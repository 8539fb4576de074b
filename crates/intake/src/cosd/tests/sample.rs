//! The registry's own version 10 sample: random values, and none of its oddities is fatal.

use super::*;

#[test]
fn the_national_sample_is_read_with_its_oddities_named() {
    let Some(path) = reference("cosd_v10-0-1_breast_sample.xml") else {
        return;
    };
    let study = Study::of_bytes(&[("cosd_v10-0-1_breast_sample.xml", fs_err::read(path).unwrap())]);
    let outcome = study.run().unwrap();
    let file = &outcome.files[0];
    assert_eq!(
        (file.facts.rows, file.in_identities, file.set_aside.len()),
        (1, 1, 0)
    );
    assert_eq!(file.facts.organisation.as_deref(), Some("LT4"));
    assert_eq!(
        study
            .table(
                "identities",
                "record number birth_date sex organisation event_date"
            )
            .len(),
        1
    );
    assert_eq!(
        study.table(
            "cosd",
            "VERSION PATHWAY PRIMARY_DIAGNOSIS PRIMARY_DATE M_INTEGRATED STAGE_INTEGRATED CNS"
        ),
        ["10.0.1 primary - 2023-10-26 - - Y3"]
    );
    assert_eq!(
        study.table("cosd.metastasis", "SECTION EVENT_DATE PAIRS"),
        [
            "at_diagnosis 2023-10-26 01/07 01/11",
            "primary_progression 2023-10-26 02/07",
            "primary_progression 2023-10-26 01/09 03/02"
        ]
    );
    assert_eq!(
        study.table("cosd.treatment", "seq TREATMENT_DATE MODALITY").len(),
        3
    );
    assert_eq!(study.table("cosd.acute_oncology", "PATIENT_TYPE"), ["02", "09"]);
    let lines: Vec<String> = file
        .problems
        .lines()
        .iter()
        .map(|line| {
            format!(
                "{} {} {} {}",
                line.severity,
                line.row.map_or("file".to_owned(), |row| row.to_string()),
                line.rule,
                line.field.as_deref().unwrap_or("-")
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    error 1 number-all-same CR0010 NHS number
    error file record-count RecordCount
    warning 1 birth-after-record CR0100 person birth date
    warning 1 code-not-in-list CR0560 M category (final pretreatment)
    warning 1 code-not-in-list CR0580 TNM stage grouping (final pretreatment)
    warning 1 code-not-in-list CR0610 TNM stage grouping (integrated)
    warning 1 code-not-in-list CR0640 M category (integrated stage)
    warning 1 icd10-unreadable CR0370 primary diagnosis (ICD)
    warning 1 impossible-statement CR6520 metastatic type
    warning file no-creation-time FileCreationDateTime
    notice 1 name-odd person family name
    notice 1 name-odd person given name
    notice 1 postcode-unreadable postcode of usual address at diagnosis
    notice 1 sex-not-known person stated gender code
    ");
}
