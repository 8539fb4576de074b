//! Who a record is about: what can be used, what cannot, and that no message says who.

use super::*;

/// A record of version 10 with one linkage item and one demographic item replaced.
fn read(linkage: &str, demographics: &str) -> (Study, FileOutcome) {
    let body = record(
        "a",
        &[
            &format!("<PatientIdentityDetails>{linkage}</PatientIdentityDetails>"),
            &primary("C509", "2024-01-10", ""),
            &format!("<Demographics>{demographics}</Demographics>"),
        ],
    );
    let study = Study::of(&[("a.xml", v10("2024-02-01", &[body]))]);
    let mut outcome = study.run().unwrap();
    let file = outcome.files.remove(0);
    (study, file)
}

const LOCAL: &str = "<LocalPatientIdentifier>L1</LocalPatientIdentifier><OrganisationIdentifierCodeOfProvider extension='ZZ1'/>";

#[test]
fn each_item_is_read_or_named() {
    let born = |date: &str| format!("{LOCAL}<PersonBirthDate>{date}</PersonBirthDate>");
    let number = |number: &str| format!("{LOCAL}<NhsNumber extension='{number}'/>");
    let table: &[(String, &str, &str, &str, &str)] = &[
        (
            number(ANN),
            "",
            "number number_as_sent",
            "9990000018 9990000018",
            "number-test-range",
        ),
        (
            number("999 000 0018"),
            "",
            "number number_as_sent",
            "9990000018 999 000 0018",
            "number-test-range",
        ),
        (
            number("1111111111"),
            "",
            "number number_as_sent",
            "- 1111111111",
            "number-all-same",
        ),
        (
            number("9990000019"),
            "",
            "number number_as_sent",
            "- 9990000019",
            "number-check-digit",
        ),
        (
            number("12345"),
            "",
            "number number_as_sent",
            "- 12345",
            "number-not-ten-digits",
        ),
        (
            number("999 000 001"),
            "",
            "number number_as_sent",
            "- 999 000 001",
            "number-nine-digits",
        ),
        // A number of Northern Ireland in a file of England is of Northern Ireland.
        (
            number("3230000005"),
            "",
            "number number_kind",
            "3230000005 hcn",
            "",
        ),
        (LOCAL.to_owned(), "", "number local_id", "- L1", "number-blank"),
        (
            born("1960-02-29"),
            "",
            "birth_date birth_date_latest",
            "1960-02-29 1960-02-29",
            "number-blank",
        ),
        (
            born("29/02/1960"),
            "",
            "birth_date",
            "1960-02-29",
            "date-day-first number-blank",
        ),
        (
            born("1900-01-01"),
            "",
            "birth_date",
            "-",
            "date-placeholder number-blank",
        ),
        (
            born("1960-02-30"),
            "",
            "birth_date",
            "-",
            "date-unreadable number-blank",
        ),
        (
            born("2024-01-10"),
            "",
            "birth_date",
            "2024-01-10",
            "birth-after-record number-blank",
        ),
        (
            number("9990000018"),
            "<PersonFamilyName>de la Crème-O'X</PersonFamilyName>",
            "family_name",
            "DELACREMEOX",
            "number-test-range",
        ),
        (
            number("9990000018"),
            "<PersonFamilyName>UNKNOWN</PersonFamilyName>",
            "family_name",
            "-",
            "name-placeholder number-test-range",
        ),
        (
            number("9990000018"),
            "<PersonStatedGenderCode code='2'/>",
            "sex",
            "female",
            "number-test-range",
        ),
        (
            number("9990000018"),
            "<PersonStatedGenderCode code='9'/>",
            "sex",
            "-",
            "number-test-range sex-not-known",
        ),
        (
            number("9990000018"),
            "<PersonStatedGenderCode code='7'/>",
            "sex",
            "-",
            "number-test-range sex-unreadable",
        ),
        (
            number("9990000018"),
            "<PostcodeOfUsualAddressAtDiagnosis>za11zz</PostcodeOfUsualAddressAtDiagnosis>",
            "postcode",
            "ZA1 1ZZ",
            "number-test-range",
        ),
        (
            number("9990000018"),
            "<PostcodeOfUsualAddressAtDiagnosis>ZZ99 3VZ</PostcodeOfUsualAddressAtDiagnosis>",
            "postcode",
            "-",
            "number-test-range postcode-pseudo",
        ),
        (
            number("9990000018"),
            "<PostcodeOfUsualAddressAtDiagnosis>NK010AA</PostcodeOfUsualAddressAtDiagnosis>",
            "postcode",
            "-",
            "number-test-range postcode-pseudo",
        ),
        (
            number("9990000018"),
            "<PersonFamilyName>Ann3</PersonFamilyName>",
            "family_name",
            "ANN3",
            "name-odd number-test-range",
        ),
        (
            number("9990000018"),
            "<PostcodeOfUsualAddressAtDiagnosis>1ZZ ZZ1</PostcodeOfUsualAddressAtDiagnosis>",
            "postcode",
            "-",
            "number-test-range postcode-unreadable",
        ),
        (
            "<NhsNumber extension='9990000018'/>".to_owned(),
            "",
            "organisation",
            "ZZ1",
            "no-provider number-test-range",
        ),
        (
            "<NhsNumber extension='9990000018'/><OrganisationIdentifierCodeOfProvider extension='Some Hospital'/>"
                .to_owned(),
            "",
            "organisation",
            "ZZ1",
            "number-test-range organisation-unreadable",
        ),
        // A word for "none" is no number of a hospital.
        (
            LOCAL.replace("L1", "NA"),
            "",
            "number local_id",
            "- -",
            "number-blank person-missing",
        ),
        (
            born("2024-01-20"),
            "",
            "birth_date event_date",
            "- 2024-01-10",
            "birth-after-record number-blank",
        ),
        (
            "<OrganisationIdentifierCodeOfProvider extension='zz1'/>".to_owned(),
            "",
            "organisation number",
            "ZZ1 -",
            "number-blank person-missing",
        ),
    ];
    for (linkage, demographics, columns, expected, broken) in table {
        let (study, outcome) = read(linkage, demographics);
        assert_eq!(
            study.table("identities", columns),
            [*expected],
            "{linkage} {demographics}"
        );
        let lines = outcome.problems.lines();
        let mut rules: Vec<&str> = lines.iter().map(|line| &*line.rule).collect();
        rules.sort_unstable();
        assert_eq!(rules.join(" "), *broken, "{linkage} {demographics}");
    }
}

/// Two codes in one item, and a year in which there was no hospital: the record stays, and both are said.
#[test]
fn a_diagnosis_of_two_codes_in_the_first_century() {
    let body = record(
        "a",
        &[
            &format!(
                "<PatientIdentityDetails><NhsNumber extension='{ANN}'/>{LOCAL}</PatientIdentityDetails>"
            ),
            &primary("C50.9 C79.5", "0024-01-10", ""),
        ],
    );
    let study = Study::of(&[("a.xml", v10("2024-02-01", &[body]))]);
    let outcome = study.run().unwrap();
    assert_eq!(study.table("cosd", "PRIMARY_DIAGNOSIS PRIMARY_DATE"), ["C509 -"]);
    let lines = outcome.files[0].problems.lines();
    let mut rules: Vec<&str> = lines.iter().map(|line| &*line.rule).collect();
    rules.sort_unstable();
    assert_eq!(
        rules,
        [
            "date-before-1900",
            "icd10-several",
            "number-test-range",
            "record-date-missing"
        ]
    );
}

/// A date a century before the life is none, wherever the record says it; and a birth after the record is not used, nor is the
/// record's month sure.
#[test]
fn dates_that_cannot_be_are_none() {
    let early = record(
        "a",
        &[
            &who(ANN),
            &recurrence("1924-01-10", "03/10"),
            "<Treatment><TreatmentStartDateCancer>1924-01-12</TreatmentStartDateCancer></Treatment>",
        ],
    );
    let study = Study::of(&[("a.xml", v10("2024-02-01", &[early]))]);
    let outcome = study.run().unwrap();
    assert_eq!(
        study.table("identities", "birth_date event_date"),
        ["1960-02-29 -"]
    );
    assert_eq!(study.table("cosd.metastasis", "EVENT_DATE PAIRS"), ["- 03/10"]);
    assert!(outcome.files[0].coverage["ZZ1"].months.is_empty());
    assert!(rules(&outcome.files[0]).contains(&"1:date-before-birth".to_owned()));
    let born_later = who(ANN).replace("1960-02-29", "2024-01-20");
    for (born, months) in [(born_later, 0), (who(ANN), 1)] {
        let body = record("a", &[&born, &primary("C509", "2024-01-10", "")]);
        let outcome = Study::of(&[("a.xml", v10("2024-02-01", &[body]))]).run().unwrap();
        assert_eq!(outcome.files[0].coverage["ZZ1"].months.len(), months);
    }
}

#[test]
fn no_message_holds_a_value_of_the_person() {
    // One canary in every place that is read, of a kind that no rule can accept.
    let canary = "CANARYq7Zr";
    let elements: String = layouts::cosd_paths::elements(layouts::cosd_paths::Version::V10)
        .map(|element| {
            let parts: Vec<&str> = element.path.split('/').collect();
            let (leaf, above) = parts.split_last().unwrap();
            let value = match element.held.attribute() {
                Some(attribute) => format!("<{leaf} {attribute}='{canary}'/>"),
                None => format!("<{leaf}>{canary}</{leaf}>"),
            };
            let value = above
                .iter()
                .rev()
                .fold(value, |inner, name| format!("<{name}>{inner}</{name}>"));
            value
                .replace("<PatientIdentityDetails>", "")
                .replace("</PatientIdentityDetails>", "")
        })
        .collect();
    let linkage: String = ["NhsNumber", "LocalPatientIdentifier", "PersonBirthDate"]
        .iter()
        .map(|name| format!("<{name} extension='{canary}'>{canary}</{name}>"))
        .collect();
    let header =
        format!("<FileCreationDateTime>{canary}</FileCreationDateTime><RecordCount value='{canary}'/>");
    let body = record(
        "a",
        &[
            &format!("<PatientIdentityDetails>{linkage}</PatientIdentityDetails>"),
            &elements,
        ],
    );
    let file = v10("", &[body]).replace("<RecordCount value=\"1\"/>", &header);
    let study = Study::of(&[("a.xml", file.clone())]);
    let outcome = study.run().unwrap();
    let lines = outcome.files[0].problems.lines();
    assert!(lines.len() > 30, "every place is named");
    for line in lines {
        assert!(!format!("{line:?}").contains(canary), "{}", line.rule);
    }
    for cut in (0..file.len())
        .step_by(97)
        .filter(|cut| file.is_char_boundary(*cut))
    {
        let error = Study::of(&[("a.xml", file[..cut].to_owned())])
            .check()
            .unwrap_err();
        assert!(!format!("{error} {error:?}").contains(canary), "cut at {cut}");
    }
}
