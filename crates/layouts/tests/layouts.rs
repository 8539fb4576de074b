//! The shipped layouts hold together, fit the real headers, and yield the tables of the contract.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::fmt::Write as _;

use layouts::{Renames, all, documented, layout};
use vocabulary::table::Kind;

#[test]
fn every_shipped_layout_is_read() {
    let kinds: Vec<&str> = all().iter().map(|layout| layout.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "registrations",
            "cosd",
            "sact",
            "rtds",
            "admissions",
            "cwt",
            "deaths",
            "form"
        ]
    );
}

#[test]
fn every_layout_reads_its_own_header() {
    for layout in all().iter().filter(|layout| !layout.columns.is_empty()) {
        let header = layout.header();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let binding = layout
            .bind(&header, &Renames::new(), None)
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(binding.unknown.is_empty(), "{}", layout.kind);
        assert!(binding.missing.is_empty(), "{}", layout.kind);
        assert_eq!(binding.recognised, header.len(), "{}", layout.kind);
    }
}

/// A file is taken for its own kind and no other: by recognised headers first.
#[test]
fn kinds_are_told_apart_by_header() {
    for layout in all().iter().filter(|layout| !layout.columns.is_empty()) {
        let header = layout.header();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let best = all()
            .iter()
            .filter(|other| other.recognise(&header).1)
            .max_by_key(|other| other.recognise(&header).0)
            .map(|other| other.kind.as_str());
        assert_eq!(best, Some(layout.kind.as_str()));
    }
}

#[test]
fn header_matching_ignores_case_spaces_and_punctuation() {
    let rtds = layout("rtds").unwrap();
    let header = [
        "nhs number",
        "Radiotherapy-Diagnosis ICD",
        "treatment_start_date",
        "SOMETHING",
    ];
    let binding = rtds.bind(&header, &Renames::new(), None).unwrap();
    assert_eq!(binding.unknown, [3]);
    let found: Vec<&str> = binding
        .bound
        .iter()
        .map(|bound| rtds.columns[bound.column].name.as_str())
        .collect();
    assert_eq!(
        found,
        ["NHS_NUMBER", "RADIOTHERAPYDIAGNOSISICD", "TREATMENTSTARTDATE"]
    );
    let missing: Vec<&str> = binding
        .missing
        .iter()
        .map(|&index| rtds.columns[index].name.as_str())
        .collect();
    assert_eq!(
        missing,
        [
            "DATE_OF_BIRTH",
            "ORGCODEPROVIDER",
            "RADIOTHERAPYINTENT",
            "RTTREATMENTREGION"
        ]
    );
}

#[test]
fn a_missing_column_says_what_to_do() {
    let rtds = layout("rtds").unwrap();
    let error = rtds
        .bind(&["NHS_NUMBER", "TREATMENTSTARTDATE"], &Renames::new(), None)
        .unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#"the rtds file has no column `RADIOTHERAPYDIAGNOSISICD`; add it, or, if it is there under another name, write `RADIOTHERAPYDIAGNOSISICD = "that name"` under [source.columns] in study.toml"#);
    let error = rtds
        .bind(
            &["RADIOTHERAPYDIAGNOSISICD", "TREATMENTSTARTDATE"],
            &Renames::new(),
            None,
        )
        .unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r#"the rtds file has no column `NHS_NUMBER` or `PERSON_KEY` or `PATIENTID` or `DATE_OF_BIRTH` or `LOCAL_PATIENT_IDENTIFIER`; add it, which gives something that says which rows are one person, or, if it is there under another name, write `NHS_NUMBER = "that name"` under [source.columns] in study.toml"#);
}

#[test]
fn a_column_map_renames_plain_columns_and_groups() {
    let admissions = layout("admissions").unwrap();
    let header = ["PEDW_ID", "START", "COND_1", "COND_2", "DIAG_01"];
    let renames = Renames::from([
        ("EPISTART".to_owned(), "start".to_owned()),
        ("DIAG".to_owned(), "COND_#".to_owned()),
    ]);
    let binding = admissions.bind(&header, &renames, Some("PEDW_ID")).unwrap();
    assert_eq!(binding.person_key, Some(0));
    let got: Vec<(String, u32, Vec<usize>)> = binding
        .bound
        .iter()
        .map(|bound| {
            (
                admissions.columns[bound.column].name.clone(),
                bound.element,
                bound.headers.clone(),
            )
        })
        .collect();
    assert_eq!(
        got,
        [
            ("EPISTART".into(), 1, vec![1]),
            ("DIAG".into(), 1, vec![2]),
            ("DIAG".into(), 2, vec![3])
        ]
    );
    assert_eq!(
        binding.unknown,
        [4],
        "a mapped column no longer reads its national header"
    );

    let typo = Renames::from([("EPISTRAT".to_owned(), "start".to_owned())]);
    let error = admissions.bind(&header, &typo, None).unwrap_err();
    insta::assert_snapshot!(error.to_string(), @"`EPISTRAT` under [source.columns] is no column of admissions; did you mean `EPISTART`?");
    let absent = Renames::from([("EPISTART".to_owned(), "begin".to_owned())]);
    let error = admissions.bind(&header, &absent, None).unwrap_err();
    insta::assert_snapshot!(error.to_string(), @"[source.columns] reads `EPISTART` from `begin`, but the file has no such column");
}

/// A map, and where each column of the file comes to stand: element of the group and file column; then what stands beyond it.
#[test]
fn a_group_stands_after_what_is_named_by_itself() {
    let admissions = layout("admissions").unwrap();
    let header = ["EPISTART", "CHI", "MAIN", "OTHER_0", "OTHER_1", "OTHER_2"];
    let places = |map: &[(&str, &str)]| {
        let renames: Renames = map
            .iter()
            .map(|(name, header)| ((*name).to_owned(), (*header).to_owned()))
            .collect();
        admissions
            .bind(&header, &renames, None)
            .map(|binding| {
                let of_group = |bound: &&layouts::Bound| admissions.columns[bound.column].name == "DIAG";
                let bound = binding.bound.iter().filter(of_group);
                let places: Vec<_> = bound
                    .map(|bound| (bound.element, bound.headers.clone()))
                    .collect();
                let beyond: Vec<usize> = binding.beyond.iter().map(|(_, index)| *index).collect();
                (places, beyond)
            })
            .map_err(|error| error.to_string())
    };
    let others = ("DIAG", "OTHER_#");
    assert_eq!(
        places(&[others, ("DIAG_01", "MAIN")]),
        Ok((vec![(1, vec![2]), (2, vec![4]), (3, vec![5])], vec![3]))
    );
    assert_eq!(places(&[others]), Ok((vec![(1, vec![4]), (2, vec![5])], vec![3])));
    // No place is named twice: the numbers stay.
    assert_eq!(
        places(&[others, ("DIAG_05", "MAIN")]),
        Ok((vec![(1, vec![4]), (2, vec![5]), (5, vec![2])], vec![3]))
    );
    // One column of the file, named by itself and by the group.
    assert_eq!(
        places(&[others, ("DIAG_01", "OTHER_1")]),
        Ok((vec![(1, vec![4]), (2, vec![5])], vec![3]))
    );
    assert_eq!(
        places(&[others, ("DIAG_20", "MAIN"), ("DIAG_01", "OTHER_0")]).unwrap_err(),
        "under [source.columns], places of `DIAG` are named twice, by themselves and by `DIAG = \"OTHER_#\"`; it holds 20, and \
         `OTHER_1` would be lost: name each by itself"
    );
    assert_eq!(
        places(&[("NEWNHSNO", "MAIN"), ("CHI", "OTHER_1")]).unwrap_err(),
        "under [source.columns], `CHI` and `NEWNHSNO` are names of one column; take one of them out"
    );
    assert_eq!(
        places(&[("UPI", "NEWNHSNO")]).unwrap_err(),
        "`UPI` under [source.columns] is no column of admissions; the national name stands on the left and your heading on the \
         right: write `NEWNHSNO = \"UPI\"`"
    );
    // A slip in the national name; where the right side is read by itself, the line is not needed. A heading is no slip.
    assert_eq!(
        places(&[("EPISTRAT", "EPISTART")]).unwrap_err(),
        "`EPISTRAT` under [source.columns] is no column of admissions; did you mean `EPISTART`? `EPISTART` is a name of that \
         column and read without a line: take the line out"
    );
    assert_eq!(
        places(&[("EPISTRAT", "EPIEND")]).unwrap_err(),
        "`EPISTRAT` under [source.columns] is no column of admissions; did you mean `EPISTART`?"
    );
    let heading = Renames::from([("SEXX".to_owned(), "SEX".to_owned())]);
    let error = admissions
        .bind(&["EPISTART", "SEXX"], &heading, None)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`SEXX` under [source.columns] is no column of admissions; the national name stands on the left and your heading on the \
         right: write `SEX = \"SEXX\"`"
    );
    assert_eq!(
        places(&[("SOMETHING_ELSE", "MAIN")]).unwrap_err(),
        "`SOMETHING_ELSE` under [source.columns] is no column of admissions; write the national name on the left and your heading \
         on the right"
    );
}

/// No element of a group is lost because its number has a leading zero, or has none.
#[test]
fn the_numbers_of_a_group_are_read_with_and_without_their_zero() {
    for (kind, before, group, forms) in [
        (
            "admissions",
            ["NEWNHSNO", "EPISTART"],
            "DIAG",
            ["DIAG_", "DIAG_4_"],
        ),
        ("deaths", ["DOB", "DOD"], "CAUSES", ["S_COD_CODE_", "S_COD_CODE_"]),
    ] {
        let layout = layout(kind).unwrap();
        let is_of_group = |index: usize| layout.columns[index].table.as_deref() == Some(group);
        for (form, width) in forms.into_iter().flat_map(|form| [(form, 1), (form, 2)]) {
            let numbered = (1..=12).map(|n: u32| format!("{form}{n:0width$}"));
            let header: Vec<String> = before
                .iter()
                .map(|name| (*name).to_owned())
                .chain(numbered)
                .collect();
            let header: Vec<&str> = header.iter().map(String::as_str).collect();
            let binding = layout.bind(&header, &Renames::new(), None).unwrap();
            assert!(binding.unknown.is_empty(), "{kind} {form} {width}");
            let found: Vec<(u32, Vec<usize>)> = binding
                .bound
                .iter()
                .filter(|bound| is_of_group(bound.column))
                .map(|bound| (bound.element, bound.headers.clone()))
                .collect();
            let wanted: Vec<(u32, Vec<usize>)> =
                (1..=12).zip(2..).map(|(n, place)| (n, vec![place])).collect();
            assert_eq!(found, wanted, "{kind} {form} {width}");
        }
    }
}

#[test]
fn providers_fall_back_in_order() {
    let admissions = layout("admissions").unwrap();
    let header = [
        "NEWNHSNO",
        "EPISTART",
        "DIAG_4_01",
        "PROCODET",
        "PROCODE3",
        "PROCODE5",
    ];
    let binding = admissions.bind(&header, &Renames::new(), None).unwrap();
    let provider = binding
        .bound
        .iter()
        .find(|bound| admissions.columns[bound.column].name == "PROCODE")
        .unwrap();
    assert!(provider.headers.is_empty());
    assert_eq!(provider.fallbacks, [5, 4, 3]);
}

#[test]
fn the_national_sact_header_is_known_to_the_last_column() {
    let Ok(header) = fs_read("cosd/sact_v3_header.csv") else {
        return;
    };
    let header: Vec<&str> = header.trim().split(',').collect();
    let sact = layout("sact").unwrap();
    let binding = sact.bind(&header, &Renames::new(), None).unwrap();
    assert!(
        binding.unknown.is_empty(),
        "{:?}",
        binding.unknown.iter().map(|&i| header[i]).collect::<Vec<_>>()
    );
    assert!(binding.missing.is_empty());
    let postcode = binding
        .bound
        .iter()
        .find(|bound| sact.columns[bound.column].name == "Patient_Postcode")
        .unwrap();
    assert_eq!(
        postcode.headers.len(),
        2,
        "the file spells the postcode column twice"
    );
}

#[test]
fn the_national_hes_header_is_known_to_the_last_column() {
    let Ok(text) = fs_read("hes-artificial/artificial_hes_apc_0102_truncated.csv") else {
        return;
    };
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let admissions = layout("admissions").unwrap();
    let binding = admissions.bind(&header, &Renames::new(), None).unwrap();
    assert!(
        binding.unknown.is_empty(),
        "{:?}",
        binding.unknown.iter().map(|&i| header[i]).collect::<Vec<_>>()
    );
    let missing: Vec<&str> = binding
        .missing
        .iter()
        .map(|&index| admissions.columns[index].name.as_str())
        .collect();
    assert_eq!(missing, ["NEWNHSNO"], "MYDOB stands for DOB");
}

/// Reads public data beside the repository, where it is; says so where it is not.
fn fs_read(path: &str) -> Result<String, ()> {
    let path = format!("{}/../../../shared/data/{path}", env!("CARGO_MANIFEST_DIR"));
    fs_err::read_to_string(&path).map_err(|_| eprintln!("skipped: {path} is not here"))
}

#[test]
fn documented_columns_are_what_definitions_may_name() {
    let diag = documented("admissions")
        .unwrap()
        .iter()
        .find(|column| column.name == "DIAG")
        .unwrap();
    assert_eq!(diag.kind, Kind::Text);
    assert_eq!(diag.elements.len(), 20);
    assert_eq!(diag.elements[0], "DIAG_01");
    assert_eq!(diag.elements[19], "DIAG_20");
    let causes = documented("deaths")
        .unwrap()
        .iter()
        .find(|column| column.name == "CAUSES")
        .unwrap();
    assert_eq!(causes.elements[14], "S_COD_CODE_15");
    assert!(
        documented("cosd.metastasis")
            .unwrap()
            .iter()
            .any(|column| column.name == "PAIRS")
    );
    assert_eq!(documented("cosd.metastases"), None);
}

#[test]
fn the_schemas_are_the_contract() {
    let mut text = String::new();
    for schema in layouts::tables::every() {
        writeln!(text, "{} v{}", schema.name, schema.version).unwrap();
        for column in &schema.columns {
            writeln!(text, "  {} {:?}", column.name, column.kind).unwrap();
        }
    }
    insta::assert_snapshot!("schemas", text);
}
