//! One whole record in each version, encodings, and files that say another version.

use super::*;
use layouts::cosd_paths::{ELEMENTS, SECTIONS};

const V8: &str = r#"<COSD:COSD xmlns:COSD="http://www.datadictionary.nhs.uk/messages/COSD-v8-1">
<OrganisationIdentifierCodeOfSubmittingOrganisation extension="ZZ1"/><RecordCount value="1"/>
<FileCreationDateTime>2019-07-01T00:00:00</FileCreationDateTime>
<COSDRecord><Id root="A-8"/><Breast><BreastCore>
<BreastCoreLinkagePatientId><NHSNumber extension="999 000 0018"/><LocalPatientIdExtended><![CDATA[L & 1]]></LocalPatientIdExtended>
<Birthdate>1960-02-29</Birthdate><OrganisationIdentifierCodeOfProvider extension="zz1"/></BreastCoreLinkagePatientId>
<BreastCoreLinkageDiagnosticDetails><PrimaryDiagnosis code="C50.4"/><TumourLaterality code="R"/>
<ClinicalDateCancerDiagnosis>2019-03-05</ClinicalDateCancerDiagnosis></BreastCoreLinkageDiagnosticDetails>
<BreastCoreReferralAndFirstStageOfPatientPathway><SourceOfReferralOutPatients code="03"/><DateFirstSeen>2019-02-20</DateFirstSeen></BreastCoreReferralAndFirstStageOfPatientPathway>
<BreastCoreDemographics><PersonFamilyName><family><![CDATA[O'Imagined]]></family></PersonFamilyName><PersonGivenName><given>Ann&#233;</given></PersonGivenName>
<Postcode><postalCode>za1 1zz</postalCode></Postcode><Ethnicity code="A"/></BreastCoreDemographics>
<BreastCoreDiagnosis><AdultPerformanceStatus code="1"/></BreastCoreDiagnosis>
<BreastCoreStaging><FinalPreTreatmentMCategory>M0</FinalPreTreatmentMCategory><FinalPreTreatmentTNMStageGrouping>2a</FinalPreTreatmentTNMStageGrouping>
<IntegratedStageMCategory>1</IntegratedStageMCategory><IntegratedStageTNMStageGrouping>IV</IntegratedStageTNMStageGrouping></BreastCoreStaging>
<BreastCoreClinicalNurseSpecialistAndRiskFactorAssessments><ClinicalNurseSpecialistIndicationCode code="Y1"/></BreastCoreClinicalNurseSpecialistAndRiskFactorAssessments>
<BreastCoreCancerCarePlan><CancerMultiTeamDiscussionDate>2019-03-10</CancerMultiTeamDiscussionDate><CancerCarePlanIntent code="C"/></BreastCoreCancerCarePlan>
<BreastCoreMultidisciplinaryTeamMeetings><TeamMeetingDate>2019-03-11</TeamMeetingDate><TeamMeetingType>0101</TeamMeetingType>
<TeamMeetingDate>2019-03-18</TeamMeetingDate><TeamMeetingType>0102</TeamMeetingType></BreastCoreMultidisciplinaryTeamMeetings>
<BreastCoreTreatment><CancerTreatmentStartDate>2019-04-01</CancerTreatmentStartDate><CancerTreatmentModality code="05"/><CancerTreatmentIntent code="02"/>
<CancerTreatmentEventType code="05"/><AdjunctiveTherapyType code="3"/><OrganisationSiteIdentifierOfProviderCancerTreatmentStartDate extension="zz201"/>
<BreastCoreSurgeryAndOtherProcedures><ProcedureDate>2019-04-02</ProcedureDate></BreastCoreSurgeryAndOtherProcedures></BreastCoreTreatment>
<BreastCoreDeathDetails><PersonDeathDate>2019-06-01</PersonDeathDate></BreastCoreDeathDetails>
</BreastCore></Breast></COSDRecord></COSD:COSD>"#;

fn v9() -> String {
    let body = r#"<LinkagePatientId><NhsNumber extension="9990000018"/><LocalPatientIdentifier><![CDATA[L & 1]]></LocalPatientIdentifier>
<PersonBirthDate>1960-02-29</PersonBirthDate><OrganisationIdentifierCodeOfProvider extension="zz1"/></LinkagePatientId>
<PrimaryPathway><LinkageDiagnosticDetails><PrimaryDiagnosisIcd code="C504"/><DateOfPrimaryDiagnosisClinicallyAgreed>2019-03-05</DateOfPrimaryDiagnosisClinicallyAgreed><TumourLaterality code="R"/></LinkageDiagnosticDetails>
<ReferralAndFirstStageOfPatientPathway><SourceOfReferralForOut-patients code="03"/><DateFirstSeen>2019-02-20</DateFirstSeen></ReferralAndFirstStageOfPatientPathway>
<Diagnosis><PerformanceStatusAdult code="1"/></Diagnosis>
<Staging><MCategoryFinalPretreatment>M0</MCategoryFinalPretreatment><TnmStageGroupingFinalPretreatment>2A</TnmStageGroupingFinalPretreatment>
<MCategoryIntegratedStage>M1</MCategoryIntegratedStage><TnmStageGroupingIntegrated>Stage IV</TnmStageGroupingIntegrated></Staging></PrimaryPathway>
<Demographics><PersonFamilyName>O'Imagined</PersonFamilyName><PersonGivenName>Anné</PersonGivenName><PostcodeOfUsualAddressAtDiagnosis>ZZ11ZZ</PostcodeOfUsualAddressAtDiagnosis><EthnicCategory code="A"/></Demographics>
<ClinicalNurseSpecialistAndRiskFactorAssessments><ClinicalNurseSpecialistIndicationCode code="Y1"/></ClinicalNurseSpecialistAndRiskFactorAssessments>
<CancerCarePlan><MultidisciplinaryTeamDiscussionDateCancer>2019-03-10</MultidisciplinaryTeamDiscussionDateCancer><CancerCarePlanIntent code="C"/></CancerCarePlan>
<Treatment><TreatmentStartDateCancer>2019-04-01</TreatmentStartDateCancer><CancerTreatmentModalityRegistration code="05"/><CancerTreatmentIntent code="02"/><AdjunctiveTherapy code="3"/></Treatment>"#;
    format!(
        r#"<COSD:COSD xmlns:COSD="http://www.datadictionary.nhs.uk/messages/COSD-v9-0-1"><RecordCount value="1"/><FileCreationDateTime>2019-07-01</FileCreationDateTime><Record><Id root="A-9"/>{body}</Record></COSD:COSD>"#
    )
}

fn whole_v10() -> String {
    let staging = "<Staging><MCategoryFinalPretreatment>M0</MCategoryFinalPretreatment><MCategoryIntegratedStage>M1</MCategoryIntegratedStage><TnmStageGroupingFinalPretreatment>2A</TnmStageGroupingFinalPretreatment><TnmStageGroupingIntegrated>IV</TnmStageGroupingIntegrated></Staging><Diagnosis><PerformanceStatusAdult code='1'/></Diagnosis><ReferralsAndFirstStageOfPatientPathway><SourceOfReferralForOut-patients code='03'/><DateFirstSeen>2019-02-20</DateFirstSeen></ReferralsAndFirstStageOfPatientPathway><CancerCarePlan><MultidisciplinaryTeamDiscussionDateCancer>2019-03-10</MultidisciplinaryTeamDiscussionDateCancer><CancerCarePlanIntent code='C'/></CancerCarePlan>";
    let rest = "<Demographics><PersonFamilyName>O'Imagined</PersonFamilyName><PersonGivenName>Anné</PersonGivenName><PostcodeOfUsualAddressAtDiagnosis>ZA1 1ZZ</PostcodeOfUsualAddressAtDiagnosis><PersonStatedGenderCode code='2'/><EthnicCategory code='A'/></Demographics><ClinicalNurseSpecialistAndRiskFactorAssessment><ClinicalNurseSpecialistIndicationCode code='Y1'/></ClinicalNurseSpecialistAndRiskFactorAssessment><MultidisciplinaryTeamMeetings><MultidisciplinaryTeamMeetingDetail><MultidisciplinaryTeamMeetingDate>2019-03-18</MultidisciplinaryTeamMeetingDate><MultidisciplinaryTeamMeetingType>0102</MultidisciplinaryTeamMeetingType><MultidisciplinaryTeamMeetingDiscussionType code='3'/></MultidisciplinaryTeamMeetingDetail></MultidisciplinaryTeamMeetings><AcuteOncology><AcuteOncologyAssessmentDate>2019-05-01</AcuteOncologyAssessmentDate><PatientType code='06'/></AcuteOncology><HolisticNeedsAssessmentAndPersonalisedCareAndSupportPlanning><AssessmentOffered code='3'/><AssessmentCarePlanStatus code='03'/><AssessmentCarePlanDate>2019-05-02</AssessmentCarePlanDate><AssessmentCarePlanPointOfPathway code='05'/></HolisticNeedsAssessmentAndPersonalisedCareAndSupportPlanning>";
    v10(
        "2019-07-01T00:00:00",
        &[record(
            "A-10",
            &[
                &who(ANN),
                &primary("C504", "2019-03-05", staging).replace("code=\"L\"", "code=\"R\""),
                rest,
            ],
        )],
    )
}

const COLUMNS: &str = "VERSION PROVIDER CREATED PATHWAY PRIMARY_DIAGNOSIS PRIMARY_DATE LATERALITY M_FINAL M_INTEGRATED STAGE_FINAL STAGE_INTEGRATED REFERRAL_SOURCE FIRST_SEEN CNS CARE_PLAN_INTENT PERFORMANCE_STATUS DEATH_DATE";
const IDENTITY: &str = "record number number_kind birth_date family_name given_name sex postcode organisation local_id event_date vital_status vital_date ethnicity";

#[test]
fn a_whole_record_of_each_version() {
    let said = "ZZ1 2019-07-01 primary C504 2019-03-05 R M0 M1 2A IV 03 2019-02-20 Y1 C 1";
    let eight = Study::of(&[("a.xml", V8.to_owned())]);
    let outcome = eight.run().unwrap();
    assert_eq!(eight.table("cosd", COLUMNS), [format!("8.1 {said} 2019-06-01")]);
    assert_eq!(
        eight.table("identities", IDENTITY),
        ["A-8 9990000018 nhs 1960-02-29 OIMAGINED ANNE - ZA1 1ZZ ZZ1 L & 1 2019-03-05 dead 2019-06-01 A"]
    );
    assert_eq!(
        eight.table(
            "cosd.treatment",
            "seq TREATMENT_DATE MODALITY INTENT EVENT_TYPE ADJUNCTIVE PROVIDER CREATED"
        ),
        ["1 2019-04-01 05 02 05 3 ZZ201 2019-07-01"]
    );
    assert_eq!(
        eight.table("cosd.mdt", "seq MDT_DATE MDT_TYPE"),
        ["1 2019-03-10 -", "2 2019-03-11 0101", "3 2019-03-18 0102"]
    );
    assert_eq!(rules(&outcome.files[0]), ["1:number-test-range", "old-version"]);

    let nine = Study::of(&[("a.xml", v9())]);
    nine.run().unwrap();
    assert_eq!(nine.table("cosd", COLUMNS), [format!("9.0.1 {said} -")]);
    assert_eq!(
        nine.table(
            "cosd.treatment",
            "TREATMENT_DATE MODALITY INTENT EVENT_TYPE ADJUNCTIVE PROVIDER"
        ),
        ["2019-04-01 05 02 - 3 ZZ1"]
    );
    assert_eq!(nine.table("cosd.mdt", "MDT_DATE MDT_TYPE"), ["2019-03-10 -"]);

    let ten = Study::of(&[("a.xml", whole_v10())]);
    let outcome = ten.run().unwrap();
    assert_eq!(ten.table("cosd", COLUMNS), [format!("10.0.1 {said} -")]);
    assert_eq!(
        ten.table("identities", IDENTITY),
        ["A-10 9990000018 nhs 1960-02-29 OIMAGINED ANNE female ZA1 1ZZ ZZ1 L9990000018 2019-03-05 - - A"]
    );
    assert_eq!(
        ten.table("cosd.mdt", "MDT_DATE MDT_TYPE DISCUSSION PROVIDER"),
        ["2019-03-10 - - ZZ1", "2019-03-18 0102 3 ZZ1"]
    );
    assert_eq!(
        ten.table("cosd.acute_oncology", "ASSESSED_ON PATIENT_TYPE CREATED"),
        ["2019-05-01 06 2019-07-01"]
    );
    assert_eq!(
        ten.table("cosd.assessment", "ASSESSED_ON POINT STATUS OFFERED"),
        ["2019-05-02 05 03 03"]
    );
    assert_eq!(rules(&outcome.files[0]), ["1:number-test-range"]);
    let facts = &outcome.files[0].facts;
    assert_eq!(
        (facts.rows, facts.organisation.as_deref(), facts.created),
        (1, Some("ZZ1"), Some(day("2019-07-01")))
    );
    assert_eq!(
        (facts.period_start, facts.period_end),
        (Some(day("2024-01-01")), Some(day("2024-01-31")))
    );
}

/// Two elements that stand beside each other and do not mean the same: only the one whose meaning is certain is read.
#[test]
fn how_a_person_came_before_the_team_is_read_in_version_ten_only() {
    let with = |discussion: &str, detail: &str| {
        let rest = format!(
            "<MultidisciplinaryTeamMeetings>{discussion}{detail}</MultidisciplinaryTeamMeetings>\
             <HolisticNeedsAssessmentAndPersonalisedCareAndSupportPlanning><AssessmentOffered code='04'/>\
             </HolisticNeedsAssessmentAndPersonalisedCareAndSupportPlanning>"
        );
        v10(
            "2024-07-01T00:00:00",
            &[record(
                "A-11",
                &[&who(ANN), &primary("C504", "2024-03-05", ""), &rest],
            )],
        )
    };
    let section = "<MultidisciplinaryTeamMeetingDiscussion code='1'/>";
    let detail = |code: &str| {
        format!(
            "<MultidisciplinaryTeamMeetingDetail><MultidisciplinaryTeamMeetingDate>2024-03-18</MultidisciplinaryTeamMeetingDate>\
             <MultidisciplinaryTeamMeetingDiscussionType code='{code}'/></MultidisciplinaryTeamMeetingDetail>"
        )
    };
    let table = [
        (with(section, ""), vec![]),
        (with(section, &detail("2")), vec!["2024-03-18 - 2"]),
        (with("", &detail("7")), vec!["2024-03-18 - -"]),
    ];
    for (file, meetings) in table {
        let study = Study::of(&[("a.xml", file)]);
        study.run().unwrap();
        assert_eq!(study.table("cosd.mdt", "MDT_DATE MDT_TYPE DISCUSSION"), meetings);
        assert_eq!(
            study.table("cosd.assessment", "ASSESSED_ON STATUS OFFERED"),
            ["- - 04"]
        );
    }
}

#[test]
fn another_minor_version_is_read_with_a_warning_and_another_major_one_refused() {
    let as_version = |version: &str| whole_v10().replace("COSD-v10-0-1", version);
    let table = [
        ("COSD-v10-0-1", "read", false),
        ("COSD-v10-2-0", "read", true),
        ("COSD-v9-1-0", "read", true),
        (
            "COSD-v11-0-0",
            "a.xml: COSD 11.0.0 is not a version we can read; export the file as COSD 8.1, 9.0.1 or 10.0.1",
            false,
        ),
        (
            "COSD-v7-0",
            "a.xml: COSD 7.0 is not a version we can read; export the file as COSD 8.1, 9.0.1 or 10.0.1",
            false,
        ),
        (
            "SACT-v3",
            "a.xml: a root without a COSD namespace is not a version we can read; export the file as COSD XML; its root must name the namespace …/messages/COSD-v…",
            false,
        ),
    ];
    for (version, expected, warned) in table {
        let study = Study::of(&[("a.xml", as_version(version))]);
        match study.check() {
            Ok(outcome) => {
                assert_eq!(expected, "read", "{version}");
                assert_eq!(
                    rules(&outcome).contains(&"minor-version".to_owned()),
                    warned,
                    "{version}"
                );
            }
            Err(error) => assert_eq!(error.to_string(), expected, "{version}"),
        }
    }
}

#[test]
fn every_encoding_gives_the_same_record() {
    let text = whole_v10();
    let wide = |big: bool, mark: bool, text: &str| -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        let units = mark
            .encode_utf16()
            .chain(text.encode_utf16())
            .collect::<Vec<u16>>();
        units
            .iter()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    let latin: Vec<u8> = text
        .replace("UTF-8", "windows-1252")
        .chars()
        .map(|letter| letter as u32 as u8)
        .collect();
    let undeclared: Vec<u8> = text.chars().map(|letter| letter as u32 as u8).collect();
    let declared_wide = text.replace("UTF-8", "UTF-16");
    let mut half_a_letter = wide(false, true, &declared_wide);
    let before_the_end = half_a_letter.len() - 2 * "</COSD:COSD>".len();
    half_a_letter.splice(before_the_end..before_the_end, 0xD83D_u16.to_le_bytes());
    let table = [
        ("UTF-8", text.clone().into_bytes(), ""),
        (
            "UTF-8 with a mark",
            [&[0xEF, 0xBB, 0xBF][..], text.as_bytes()].concat(),
            "",
        ),
        ("UTF-16, little end first", wide(false, true, &declared_wide), ""),
        ("UTF-16, big end first", wide(true, true, &declared_wide), ""),
        ("UTF-16 without a mark", wide(false, false, &declared_wide), ""),
        ("Windows-1252", latin, ""),
        (
            "Windows-1252 that says it is UTF-8",
            undeclared,
            "encoding-windows-1252",
        ),
        ("UTF-16 with half a letter", half_a_letter, "encoding-broken"),
        (
            "UTF-8 that says it is UTF-16",
            declared_wide.clone().into_bytes(),
            "encoding-declared",
        ),
    ];
    for (what, bytes, rule) in table {
        let study = Study::of_bytes(&[("a.xml", bytes)]);
        let outcome = study.run().unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(
            study.table("identities", "record given_name"),
            ["A-10 ANNE"],
            "{what}"
        );
        let rules = rules(&outcome.files[0]);
        assert_eq!(
            rules
                .iter()
                .find(|rule| rule.starts_with("encoding"))
                .map_or("", |rule| rule),
            rule,
            "{what}"
        );
    }
}

#[test]
fn every_element_we_claim_to_have_seen_is_in_the_reference() {
    let Some(path) = reference("cosd_breast_element_paths.csv") else {
        return;
    };
    let text = fs_err::read_to_string(path).unwrap();
    let rows: Vec<(&str, &str, bool)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[0], cells[2], cells[3].starts_with('@'))
        })
        .collect();
    for element in ELEMENTS.iter().filter(|element| element.seen) {
        let path = format!("{}{}", element.version.section_prefix(), element.path);
        let row = (
            element.version.known(),
            path.as_str(),
            element.held.attribute().is_some(),
        );
        assert!(rows.contains(&row), "{row:?}");
    }
    for section in SECTIONS.iter().filter(|section| section.seen) {
        let below = format!("{}{}/", section.version.section_prefix(), section.path);
        let known = section.version.known();
        assert!(
            rows.iter()
                .any(|(version, path, _)| *version == known && path.starts_with(&below)),
            "{known} {below}"
        );
    }
}

#[test]
fn every_column_of_the_contract_is_filled_with_something() {
    use crate::cosd::fills::{Fill, fill};
    let tables = [
        "cosd",
        "cosd.metastasis",
        "cosd.treatment",
        "cosd.mdt",
        "cosd.acute_oncology",
        "cosd.assessment",
    ];
    for table in tables {
        for column in crate::cosd::tables::schema(table).unwrap().columns {
            assert!(
                !matches!(fill(table, &column.name), Fill::Nothing),
                "{table} {}",
                column.name
            );
        }
    }
    let never = ["key_space", "key", "deprivation"];
    for column in layouts::tables::identities().columns {
        let nothing = matches!(fill("identities", &column.name), Fill::Nothing);
        assert_eq!(nothing, never.contains(&column.name.as_str()), "{}", column.name);
    }
}
