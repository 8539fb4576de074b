#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn read(indicator: &str) -> Result<Standards, String> {
    let facts = "diagnosis_days = [-30, 120]\nbreast_codes = [\"C50*\"]\n\
                 [[fact]]\nname = \"nurse\"\ntable = \"cosd\"\ncode = \"CNS\"\nitem = \"CR2050\"\nwords = \"\"\n\
                 [[fact]]\nname = \"meeting\"\ntable = \"cosd.mdt\"\ndate = \"MDT_DATE\"\ncode = \"MDT_TYPE\"\nitem = \"\"\nwords = \"\"\n\
                 [[fact]]\nname = \"key_worker\"\ntable = \"form\"\ncode = \"KEY_WORKER\"\nitem = \"\"\nwords = \"\"\n";
    let head = "[[indicator]]\nid = \"a\"\nstandard = 1\ntitle = \"\"\npatients = \"\"\nboards = \"\"\nsource = \"\"\n\
                direction = \"higher\"\nrole = \"process\"\npopulation = { event = \"secondary\" }\n";
    let files = [
        ("facts.toml".to_owned(), facts.to_owned()),
        ("indicators/a.toml".to_owned(), format!("{head}{indicator}")),
    ];
    Standards::from_files("t", files.into_iter().collect()).map_err(|error| error.to_string())
}

#[test]
fn the_built_in_standards_hold_together() {
    let standards = Standards::built_in().unwrap_or_else(|error| panic!("{error}"));
    let named: std::collections::BTreeSet<u8> = standards.indicators.iter().map(|one| one.standard).collect();
    assert_eq!(
        named.into_iter().filter(|one| *one > 0).collect::<Vec<_>>(),
        (1..=11).collect::<Vec<_>>()
    );
    // The five that no national data set holds are asked by form, and nothing else is.
    for indicator in &standards.indicators {
        let by_form = [2, 4, 5, 8, 10].contains(&indicator.standard);
        assert_eq!(
            indicator.reported == Reported::ByForm,
            by_form,
            "{}",
            indicator.id
        );
        assert!(
            !indicator.patients.is_empty() && !indicator.boards.is_empty(),
            "{}",
            indicator.id
        );
    }
}

#[test]
fn every_mistake_is_named() {
    let yes = "yes = [{ fact = \"nurse\", codes = [\"Y1\"], in = \"record\" }]\n";
    for (text, wanted) in [
        ("yes = []\nno = []\nfoo = 1\n".to_owned(), "unknown field `foo`"),
        (
            format!("{yes}no = [{{ fact = \"nurs\", in = \"record\" }}]"),
            "no fact `nurs` in facts.toml; did you mean `nurse`?",
        ),
        (
            format!("{yes}no = [{{ fact = \"nurse\", days = [0, 31] }}]"),
            "`nurse` has no date, so it speaks of an event only inside its record",
        ),
        (
            format!("{yes}no = [{{ fact = \"meeting\", in = \"anywhere\" }}]"),
            "`meeting` may speak of any disease at any time",
        ),
        (
            format!("{yes}no = [{{ absent = \"meeting\", days = [0, 31] }}]"),
            "silence says nothing by itself",
        ),
        (
            format!("{yes}no = [{{ fact = \"meeting\" }}]"),
            "`meeting` needs a place",
        ),
        (
            format!("{yes}no = [{{ fact = \"key_worker\", in = \"anywhere\" }}]"),
            "are never mixed",
        ),
        (format!("{yes}no = []\npair = \"b\""), "no indicator `b`"),
        (
            format!("{yes}no = []\nthreshold = 70.0"),
            "threshold is a share from 0 to 1",
        ),
        (
            format!("{yes}no = []\n[[indicator.exclude]]\nreason = \"\"\n"),
            "an exclusion needs exactly one",
        ),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.contains(wanted), "{error}");
    }
    assert!(read(&format!("{yes}no = []")).is_ok());
}

#[test]
fn what_is_not_sound_in_the_built_in_files_is_named() {
    let built = Standards::built_in().unwrap();
    for (file, text, instead, wanted) in [
        (
            "indicators/treatment.toml",
            "not_covered_since_diagnosis = [\"sact\"]",
            "only_at_death = true",
            "known only where the time before was seen",
        ),
        (
            "indicators/delay.toml",
            "until = \"non_primary_diagnosis\"\n",
            "",
            "`before` needs `until`",
        ),
        (
            "facts.toml",
            "diagnosis_days = [-30, 120]",
            "diagnosis_days = [120, -30]",
            "`diagnosis_days` is [from, to]",
        ),
        (
            "facts.toml",
            "\"DENOSUMAB\"",
            "\"-\"",
            "`-` holds no letter and no number",
        ),
        (
            "facts.toml",
            "only = { column = \"SITE_ICD10_O2\"",
            "diagnosis = \"SITE_ICD10_O2\"\nonly = { column = \"SITE_ICD10_O2\"",
            "fact `oestrogen`: either `only` or `diagnosis`",
        ),
        (
            "treatments.toml",
            "\"T-DXD\"",
            "\"\"",
            "`` holds no letter and no number",
        ),
    ] {
        let mut files = built.files.clone();
        let changed = files[file].replace(text, instead);
        assert!(changed != files[file], "{text}");
        files.insert(file.to_owned(), changed);
        let error = Standards::from_files("t", files).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
}

#[test]
fn a_record_is_of_another_cancer_only_where_it_says_so() {
    let standards = Standards::built_in().unwrap();
    for (diagnoses, wanted) in [
        ([Some("C509"), None], false),
        ([None, None], false),
        ([Some(""), None], false),
        ([Some("C341"), None], true),
        ([None, Some("C341")], true),
        ([Some("C341"), Some("C509")], false),
        ([Some("C795"), None], false),
        ([Some("C809"), None], false),
        ([Some("C800"), None], true),
    ] {
        assert_eq!(standards.of_another_cancer(&diagnoses), wanted, "{diagnoses:?}");
    }
}

#[test]
fn advice_changes_with_the_day_and_none_of_it_is_called_checked() {
    let standards = Standards::built_in().unwrap();
    let treatments = standards.treatments.unwrap();
    let advised = |subtype: &str, day: &str| {
        let found = treatments.advised(subtype, day.parse().unwrap());
        found.map(|advice| advice.class.clone()).collect::<Vec<_>>()
    };
    assert_eq!(advised("hr_positive", "2017-12-19"), ["endocrine"]);
    assert_eq!(advised("hr_positive", "2017-12-20"), ["cdk46_inhibitor"]);
    assert_eq!(
        advised("triple_negative", "2021-01-01"),
        ["chemotherapy", "immunotherapy"]
    );
    assert_eq!(advised("not_known", "2021-01-01"), Vec::<String>::new());
    // No line has been read against its source yet; whoever does so changes this test with the line.
    assert!(treatments.advice.iter().all(|advice| !advice.verified));
}

#[test]
fn a_word_of_a_drug_is_a_whole_word_in_any_letters() {
    let code = Code::Word(["PACLITAXEL", "EC", "T-DXD"].map(str::to_owned).to_vec());
    for (text, wanted) in [
        ("nab-Paclitaxel", true),
        ("EC (90) + pertuzumab", true),
        ("ECHO TRIAL", false),
        ("T-DXd q21", true),
        ("HER2: t dxd", true),
        // Another drug with the same end.
        ("DATO-DXD", false),
        ("T-DXDX", false),
        ("T-", false),
        ("", false),
    ] {
        assert_eq!(code.matches(text), wanted, "{text}");
    }
}

#[test]
fn every_fault_of_the_guidelines_names_its_line() {
    let built = Standards::built_in().unwrap();
    for (line, wanted) in [
        ("hr_positive,endocrine,2009-02-01", "line 2: 3 cells, not 6"),
        (
            "luminal,endocrine,2009-02-01,,A,no",
            "line 2: `luminal` is no subtype",
        ),
        (
            "hr_positive,tablets,2009-02-01,,A,no",
            "line 2: no class `tablets`",
        ),
        ("hr_positive,endocrine,soon,,A,no", "line 2: `soon` is not a date"),
        (
            "hr_positive,endocrine,2009-02-01,,A,perhaps",
            "line 2: verified is",
        ),
    ] {
        let mut files = built.files.clone();
        let text = format!("subtype,class,from,until,source,verified\n{line}\n");
        files.insert("guidelines.csv".to_owned(), text);
        let error = Standards::from_files("t", files).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
}
