//! Every place where spread can be stated, in all versions, and what is made of it.

use super::*;

/// The metastasis rows of one record body, and the rules it breaks in the type and site fields.
fn read(version: u8, body: &str) -> (Vec<String>, Vec<String>) {
    let namespace = ["8-1", "9-0-1", "10-0-1"][usize::from(version - 8)];
    let link = match version {
        8 => {
            "<BreastCoreLinkagePatientId><LocalPatientIdExtended>P1</LocalPatientIdExtended></BreastCoreLinkagePatientId>"
        }
        9 => "<LinkagePatientId><LocalPatientIdentifier>P1</LocalPatientIdentifier></LinkagePatientId>",
        _ => {
            "<PatientIdentityDetails><LocalPatientIdentifier>P1</LocalPatientIdentifier></PatientIdentityDetails>"
        }
    };
    let body = if version == 8 {
        format!("<Breast><BreastCore>{link}{body}</BreastCore></Breast>")
    } else {
        format!("{link}{body}")
    };
    let file = format!(
        r#"<COSD xmlns="http://www.datadictionary.nhs.uk/messages/COSD-v{namespace}"><FileCreationDateTime>2024-06-01</FileCreationDateTime><R><Id root="a"/>{body}</R></COSD>"#
    );
    let study = Study::of(&[("a.xml", file)]);
    let outcome = study.run().unwrap();
    let lines = outcome.files[0].problems.lines();
    let about = |field: &Option<String>| field.as_deref().is_some_and(|field| field.contains("metastatic"));
    let rules = lines
        .iter()
        .filter(|line| about(&line.field))
        .map(|line| line.rule.to_string())
        .collect();
    (
        study.table("cosd.metastasis", "SECTION EVENT_DATE ORIGINAL_DIAGNOSIS PAIRS"),
        rules,
    )
}

#[test]
fn version_10() {
    let pairs = |pairs: &str| pairs_xml("MetastaticTypeAndSite", pairs);
    let at_diagnosis = primary(
        "C509",
        "2024-01-10",
        &format!("<Diagnosis>{}</Diagnosis>", pairs("03/10 03/12")),
    );
    assert_eq!(
        read(10, &at_diagnosis).0,
        ["at_diagnosis 2024-01-10 - 03/10 03/12"]
    );
    let progression = |date: &str, said: &str| {
        format!(
            "<Progression>{}<ProgressionDatePrimaryPathway>{date}</ProgressionDatePrimaryPathway></Progression>",
            pairs(said)
        )
    };
    let two = primary(
        "C509",
        "2024-01-10",
        &format!(
            "<Diagnosis>{}{}{}</Diagnosis>",
            pairs("01/12"),
            progression("2024-02-01", "02/12"),
            progression("2024-03-01", "03/02 03/03")
        ),
    );
    assert_eq!(
        read(10, &two).0,
        [
            "at_diagnosis 2024-01-10 - 01/12",
            "primary_progression 2024-02-01 - 02/12",
            "primary_progression 2024-03-01 - 03/02 03/03"
        ]
    );
    assert_eq!(
        read(10, &recurrence("2024-05-05", "03/04")).0,
        ["recurrence 2024-05-05 C509 03/04"]
    );
    let progressed = recurrence("2024-05-05", "03/04")
        .replace("Recurrence>", "Progression>")
        .replace("OriginalPrimaryDiagnosisIcd", "ProgressionIcd");
    assert_eq!(read(10, &progressed).0, ["progression 2024-05-05 C509 03/04"]);
    let transformed = recurrence("2024-05-05", "").replace("Recurrence>", "Transformation>");
    assert_eq!(read(10, &transformed).0, Vec::<String>::new());
    assert_eq!(
        read(10, &recurrence("2024-05-05", "")).0,
        ["recurrence 2024-05-05 C509 -"]
    );
}

#[test]
fn version_9() {
    let dated = |inner: &str| {
        format!(
            "<NonPrimaryPathway><DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>2024-05-05</DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>{inner}</NonPrimaryPathway>"
        )
    };
    let recurred = format!(
        "<Recurrence><OriginalPrimaryDiagnosisIcd code='C501'/>{}</Recurrence>",
        pairs_xml("MetastaticTypeAndSiteRecurrence", "03/03 03/10")
    );
    assert_eq!(
        read(9, &dated(&recurred)).0,
        ["recurrence 2024-05-05 C501 03/03 03/10"]
    );
    let progressed = format!(
        "<Progression><ProgressionIcd code='C502'/>{}</Progression>",
        pairs_xml("MetastaticTypeAndSiteProgression", "03/11")
    );
    assert_eq!(
        read(9, &dated(&progressed)).0,
        ["progression 2024-05-05 C502 03/11"]
    );
    let at_diagnosis = format!(
        "<PrimaryPathway><LinkageDiagnosticDetails><DateOfPrimaryDiagnosisClinicallyAgreed>2024-01-10</DateOfPrimaryDiagnosisClinicallyAgreed></LinkageDiagnosticDetails><Diagnosis>{}</Diagnosis></PrimaryPathway>",
        pairs_xml("MetastaticTypeAndSiteDiagnosis", "03/02")
    );
    assert_eq!(read(9, &at_diagnosis).0, ["at_diagnosis 2024-01-10 - 03/02"]);
    // A 10.x spelling in a 9.x file is read all the same.
    assert_eq!(
        read(9, &recurrence("2024-05-05", "03/04")).0,
        ["recurrence 2024-05-05 C509 03/04"]
    );
}

#[test]
fn version_8() {
    let linkage = |what: &str| {
        format!("<BreastCoreLinkageDiagnosticDetails>{what}</BreastCoreLinkageDiagnosticDetails>")
    };
    let back = linkage(
        "<DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>2019-05-05</DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>",
    );
    let route = |inner: &str| {
        format!(
            "{back}<BreastCoreNonPrimaryCancerPathwayRoute>{inner}</BreastCoreNonPrimaryCancerPathwayRoute>"
        )
    };
    let sites = "<MetastaticSite code='10'/><MetastaticSite code='03'/>";
    let kind = "<CancerRecurrenceOrMetastaticDiseaseType code='03'/>";
    let table = [
        (
            route(&format!("{kind}{sites}")),
            "recurrence 2019-05-05 - 03/10 03/03",
        ),
        (
            route(&format!("{sites}{kind}")),
            "recurrence 2019-05-05 - 03/10 03/03",
        ),
        (route(sites), "recurrence 2019-05-05 - /10 /03"),
        (route(kind), "recurrence 2019-05-05 - 03/"),
        (
            route(&format!("<NonPrimaryCancerPathwayType code='02'/>{kind}")),
            "progression 2019-05-05 - 03/",
        ),
        (
            route(&format!("<CancerProgressionICD code='C50.4'/>{kind}{sites}")),
            "progression 2019-05-05 C504 03/10 03/03",
        ),
        (
            format!(
                "{}<BreastCoreDiagnosis>{sites}</BreastCoreDiagnosis>",
                linkage("<ClinicalDateCancerDiagnosis>2018-01-10</ClinicalDateCancerDiagnosis>")
            ),
            "at_diagnosis 2018-01-10 - /10 /03",
        ),
    ];
    for (body, expected) in table {
        assert_eq!(read(8, &body), (vec![expected.to_owned()], vec![]), "{body}");
    }
}

#[test]
fn what_is_odd_about_a_statement_is_named_and_nothing_is_lost() {
    let table = [
        ("03/10", "03/10", ""),
        ("3/10", "03/10", ""),
        ("03/01", "03/10", "site-retired"),
        ("03/06", "03/06", "site-multiple"),
        ("03/99", "03/99", "site-not-known"),
        ("03/55", "03/", "code-not-in-list"),
        ("/10", "/10", "metastatic-type-missing"),
        ("/97", "/97", ""),
        ("x/y", "-", "code-not-in-list code-not-in-list"),
        ("03/97", "03/97", "impossible-statement"),
        ("03/12", "03/12", "impossible-statement"),
        ("01/10", "01/10", "impossible-statement"),
        ("01/12 03/10", "01/12 03/10", ""),
    ];
    for (said, pairs, broken) in table {
        let (rows, mut rules) = read(10, &recurrence("2024-05-05", said));
        rules.sort_unstable();
        assert_eq!(rows, [format!("recurrence 2024-05-05 C509 {pairs}")], "{said}");
        assert_eq!(rules.join(" "), broken, "{said}");
    }
}
