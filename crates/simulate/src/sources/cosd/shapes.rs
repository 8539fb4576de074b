//! The shape of a record in COSD 8.1, 9.0.1 and 10.0.1.
//!
//! Element paths are those seen in real files (`layouts::cosd_paths` holds the same facts for reading); nothing
//! is written that has not been seen.

use super::xml::Xml;
use crate::care::record::Pair;
use crate::care::standards::{Item, Sent};
use crate::care::{Statement, What};
use crate::desk::Seen;
use vocabulary::date::Date;
use vocabulary::sex::Sex;

/// A version of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    V8,
    V9,
    V10,
}

impl Version {
    pub(super) fn namespace(self) -> &'static str {
        match self {
            Version::V8 => "http://www.datadictionary.nhs.uk/messages/COSD-v8-1",
            Version::V9 => "http://www.datadictionary.nhs.uk/messages/COSD-v9-0-1",
            Version::V10 => "http://www.datadictionary.nhs.uk/messages/COSD-v10-0-1",
        }
    }
}

/// A statement with what the hospital's desk knows of the person.
pub(super) struct Told<'a> {
    pub(super) id: &'a str,
    pub(super) seen: &'a Seen<'a>,
    pub(super) provider: &'a str,
    pub(super) ethnicity: &'a str,
    pub(super) statement: &'a Statement,
    /// The site a treatment took place at.
    pub(super) site: &'a str,
}

/// Writes one record.
pub(super) fn record(version: Version, told: &Told<'_>, xml: &mut Xml) {
    match version {
        Version::V8 => v8(told, xml),
        Version::V9 => later(told, xml, &NAMES_9),
        Version::V10 => later(told, xml, &NAMES_10),
    }
}

fn dotted(code: &str) -> String {
    if code.len() == 4 {
        format!("{}.{}", &code[..3], &code[3..])
    } else {
        code.to_owned()
    }
}

fn day(date: Date) -> String {
    date.to_string()
}

fn optional(date: Option<Date>) -> String {
    date.map(day).unwrap_or_default()
}

fn number_status(seen: &Seen<'_>) -> &'static str {
    if seen.number.is_empty() { "07" } else { "01" }
}

fn v8(told: &Told<'_>, xml: &mut Xml) {
    let (seen, s) = (told.seen, told.statement);
    xml.open("COSDRecord")
        .root(told.id)
        .open("Breast")
        .open("BreastCore");
    xml.open("BreastCoreLinkagePatientId")
        .extension("NHSNumber", seen.number)
        .cdata("LocalPatientIdExtended", seen.local_id)
        .code("NHSNumberStatusIndicator", number_status(seen))
        .text("Birthdate", &day(seen.birth))
        .extension("OrganisationIdentifierCodeOfProvider", told.provider)
        .close();
    v8_pathway(s, xml);
    xml.open("BreastCoreDemographics");
    xml.open("PersonFamilyName").cdata("family", &seen.family).close();
    xml.open("PersonGivenName").cdata("given", seen.given).close();
    if !seen.postcode.is_empty() {
        xml.open("Postcode").text("postalCode", &seen.postcode).close();
    }
    xml.code("Ethnicity", told.ethnicity).close();
    if let Some(nurse) = s.nurse {
        xml.open("BreastCoreClinicalNurseSpecialistAndRiskFactorAssessments")
            .code("ClinicalNurseSpecialistIndicationCode", nurse)
            .close();
    }
    let (discussed, intent) = (s.plan.discussed, s.plan.intent);
    if discussed.is_some() || intent.is_some() {
        xml.open("BreastCoreCancerCarePlan")
            .text("CancerMultiTeamDiscussionDate", &optional(discussed))
            .code("CancerCarePlanIntent", intent.unwrap_or(""))
            .close();
    }
    for meeting in &s.meetings {
        xml.open("BreastCoreMultidisciplinaryTeamMeetings")
            .text("TeamMeetingDate", &day(meeting.date))
            .text("TeamMeetingType", meeting.kind)
            .close();
    }
    for (date, modality, intent, event) in &s.treatments {
        xml.open("BreastCoreTreatment")
            .code("CancerTreatmentEventType", event)
            .text("CancerTreatmentStartDate", &day(*date))
            .code("CancerTreatmentModality", modality)
            .code("CancerTreatmentIntent", intent)
            .extension(
                "OrganisationSiteIdentifierOfProviderCancerTreatmentStartDate",
                told.site,
            )
            .close();
    }
    if let Some(death) = s.death {
        xml.open("BreastCoreDeathDetails")
            .text("PersonDeathDate", &day(death))
            .close();
    }
    xml.close().close().close();
}

fn v8_pathway(s: &Statement, xml: &mut Xml) {
    xml.open("BreastCoreLinkageDiagnosticDetails")
        .code("PrimaryDiagnosis", &dotted(s.icd))
        .code("TumourLaterality", s.side);
    match &s.what {
        What::Primary { stage, m, pairs, .. } => {
            xml.text("ClinicalDateCancerDiagnosis", &day(s.date)).close();
            xml.open("BreastCoreDiagnosis")
                .code("BasisOfCancerDiagnosis", "7");
            for (_, site) in pairs {
                xml.code("MetastaticSite", site);
            }
            xml.close();
            if !stage.is_empty() || !m.is_empty() {
                xml.open("BreastCoreStaging")
                    .text("FinalPreTreatmentMCategory", m)
                    .text("FinalPreTreatmentTNMStageGrouping", stage)
                    .close();
            }
        }
        What::Return {
            progression,
            pairs,
            referral,
            palliative,
            ..
        } => {
            xml.text("DateOfNonPrimaryCancerDiagnosisClinicallyAgreed", &day(s.date))
                .close();
            xml.open("BreastCoreNonPrimaryCancerPathway")
                .code("SourceOfReferralForOutPatientsNonPrimaryCancerPathway", referral)
                .code(
                    "PalliativeCareSpecialistSeenIndicatorCancerRecurrence",
                    palliative,
                )
                .close();
            xml.open("BreastCoreNonPrimaryCancerPathwayRoute").code(
                "NonPrimaryCancerPathwayType",
                if *progression { "02" } else { "01" },
            );
            if *progression {
                xml.code("CancerProgressionICD", &dotted(s.icd));
            }
            if let Some((kind, _)) = pairs.iter().find(|p| !p.0.is_empty()) {
                xml.code("CancerRecurrenceOrMetastaticDiseaseType", kind);
            }
            for (_, site) in pairs {
                xml.code("MetastaticSite", site);
            }
            xml.close();
        }
    }
}

/// Where 9.0.1 and 10.0.1 differ in their names.
struct Names {
    version: Version,
    record: &'static str,
    linkage: &'static str,
    details: &'static str,
    at_diagnosis: &'static str,
    recurrence: &'static str,
    progression: &'static str,
    nurse: &'static str,
    referral: &'static str,
}

const NAMES_9: Names = Names {
    version: Version::V9,
    record: "COSDRecord",
    linkage: "LinkagePatientId",
    details: "LinkageDiagnosticDetails",
    at_diagnosis: "MetastaticTypeAndSiteDiagnosis",
    recurrence: "MetastaticTypeAndSiteRecurrence",
    progression: "MetastaticTypeAndSiteProgression",
    nurse: "ClinicalNurseSpecialistAndRiskFactorAssessments",
    referral: "NonPrimaryCancerPathwayReferral",
};

const NAMES_10: Names = Names {
    version: Version::V10,
    record: "BreastRecord",
    linkage: "PatientIdentityDetails",
    details: "PrimaryCancerPathwayDetails",
    at_diagnosis: "MetastaticTypeAndSite",
    recurrence: "MetastaticTypeAndSite",
    progression: "MetastaticTypeAndSite",
    nurse: "ClinicalNurseSpecialistAndRiskFactorAssessment",
    referral: "Referral",
};

fn later(told: &Told<'_>, xml: &mut Xml, names: &Names) {
    let (seen, s) = (told.seen, told.statement);
    xml.open(names.record).root(told.id);
    xml.open(names.linkage).extension("NhsNumber", seen.number);
    xml.code("NhsNumberStatusIndicatorCode", number_status(seen));
    if names.version == Version::V9 {
        xml.cdata("LocalPatientIdentifier", seen.local_id);
    } else {
        xml.text("LocalPatientIdentifier", seen.local_id);
    }
    xml.text("PersonBirthDate", &day(seen.birth))
        .extension("OrganisationIdentifierCodeOfProvider", told.provider)
        .close();
    match &s.what {
        What::Primary { .. } => primary_pathway(s, xml, names),
        What::Return { .. } => non_primary_pathway(s, xml, names),
    }
    demographics(told, xml, names);
    if let Some(nurse) = s.nurse {
        xml.open(names.nurse)
            .code("ClinicalNurseSpecialistIndicationCode", nurse)
            .close();
    }
    if names.version == Version::V9 {
        care_plan(s, s.plan.discussed.or(s.meetings.first().map(|m| m.date)), xml);
        for meeting in s.meetings.iter().skip(1) {
            xml.open("CancerCarePlan")
                .text("MultidisciplinaryTeamDiscussionDateCancer", &day(meeting.date))
                .close();
        }
    } else {
        meetings(s, xml);
    }
    for (date, modality, intent, _) in &s.treatments {
        xml.open("Treatment")
            .code("AdjunctiveTherapy", "9")
            .code("CancerTreatmentIntent", intent)
            .text("TreatmentStartDateCancer", &day(*date))
            .code("CancerTreatmentModalityRegistration", modality)
            .extension(
                "OrganisationSiteIdentifierOfProviderCancerTreatmentStartDate",
                told.site,
            )
            .close();
    }
    if names.version == Version::V10 {
        only_in_ten(s, xml);
    }
    xml.close();
}

fn demographics(told: &Told<'_>, xml: &mut Xml, names: &Names) {
    let seen = told.seen;
    xml.open("Demographics");
    if names.version == Version::V9 {
        xml.cdata("PersonFamilyName", &seen.family)
            .cdata("PersonGivenName", seen.given);
    } else {
        xml.text("PersonFamilyName", &seen.family)
            .text("PersonGivenName", seen.given);
    }
    xml.text("PostcodeOfUsualAddressAtDiagnosis", &seen.postcode);
    if names.version == Version::V10 {
        let code = match seen.sex {
            Some(Sex::Male) => "1",
            Some(Sex::Female) => "2",
            None => "9",
        };
        xml.code("PersonStatedGenderCode", code);
    }
    xml.code("EthnicCategory", told.ethnicity).close();
}

fn primary_pathway(s: &Statement, xml: &mut Xml, names: &Names) {
    let What::Primary {
        stage,
        m,
        pairs,
        progression,
    } = &s.what
    else {
        return;
    };
    xml.open("PrimaryPathway");
    xml.open(names.details)
        .code("PrimaryDiagnosisIcd", &dotted(s.icd))
        .code("TumourLaterality", s.side)
        .text("DateOfPrimaryDiagnosisClinicallyAgreed", &day(s.date))
        .close();
    xml.open("Diagnosis").code("BasisOfDiagnosisCancer", "7");
    write_pairs(pairs, names.at_diagnosis, xml);
    if let Some((date, pairs)) = progression.as_ref().filter(|_| names.version == Version::V10) {
        xml.open("Progression");
        write_pairs(pairs, names.progression, xml);
        xml.text("ProgressionDatePrimaryPathway", &day(*date)).close();
    }
    xml.close();
    if names.version == Version::V10 {
        care_plan(s, s.plan.discussed, xml);
    }
    if !stage.is_empty() || !m.is_empty() {
        // Surgery first: the integrated stage is known; otherwise the one before treatment.
        if s.treatments.is_empty() {
            xml.open("Staging")
                .text("MCategoryFinalPretreatment", m)
                .text("TnmStageGroupingFinalPretreatment", stage)
                .close();
        } else {
            xml.open("Staging")
                .text("MCategoryIntegratedStage", m)
                .text("TnmStageGroupingIntegrated", stage)
                .close();
        }
    }
    xml.close();
}

fn non_primary_pathway(s: &Statement, xml: &mut Xml, names: &Names) {
    let What::Return {
        progression,
        pairs,
        referral,
        palliative,
        seen,
    } = &s.what
    else {
        return;
    };
    xml.open("NonPrimaryPathway");
    if names.version == Version::V9 {
        xml.text("DateOfNonPrimaryCancerDiagnosisClinicallyAgreed", &day(s.date));
    } else {
        xml.open("NonPrimaryCancerPathwayDetails")
            .text("DateOfNonPrimaryCancerDiagnosisClinicallyAgreed", &day(s.date))
            .close();
    }
    xml.open(names.referral)
        .code("SourceOfReferralForNonPrimaryCancerPathway", referral)
        .text("DateFirstSeen-NonPrimaryCancerPathway", &day(*seen))
        .close();
    if *progression {
        xml.open("Progression").code("ProgressionIcd", &dotted(s.icd));
        write_pairs(pairs, names.progression, xml);
    } else {
        xml.open("Recurrence")
            .code("OriginalPrimaryDiagnosisIcd", &dotted(s.icd));
        write_pairs(pairs, names.recurrence, xml);
        xml.code(
            "PalliativeCareSpecialistSeenIndicatorCancerRecurrence",
            palliative,
        );
    }
    xml.close().close();
}

fn write_pairs(pairs: &[Pair], group: &'static str, xml: &mut Xml) {
    for (kind, site) in pairs {
        xml.open(group)
            .code("MetastaticType", kind)
            .code("MetastaticSite", site)
            .close();
    }
}

fn care_plan(s: &Statement, discussed: Option<Date>, xml: &mut Xml) {
    if discussed.is_some() || s.plan.intent.is_some() {
        xml.open("CancerCarePlan")
            .text("MultidisciplinaryTeamDiscussionDateCancer", &optional(discussed))
            .code("CancerCarePlanIntent", s.plan.intent.unwrap_or(""))
            .close();
    }
}

/// Version 10 says when, in which meeting and how; version 9 has been seen to say only when, in the care plan. The
/// element `MultidisciplinaryTeamMeetingDiscussion` of both is not written: its code 1 may mean "not discussed".
fn meetings(s: &Statement, xml: &mut Xml) {
    if s.meetings.is_empty() {
        return;
    }
    xml.open("MultidisciplinaryTeamMeetings");
    for meeting in &s.meetings {
        xml.open("MultidisciplinaryTeamMeetingDetail")
            .text("MultidisciplinaryTeamMeetingDate", &day(meeting.date))
            .text("MultidisciplinaryTeamMeetingType", meeting.kind)
            .code("MultidisciplinaryTeamMeetingDiscussionType", meeting.discussion)
            .close();
    }
    xml.close();
}

fn only_in_ten(s: &Statement, xml: &mut Xml) {
    for (date, kind) in &s.acute {
        xml.open("AcuteOncology")
            .text("AcuteOncologyAssessmentDate", &day(*date))
            .code("PatientType", kind)
            .close();
    }
    for assessment in &s.assessments {
        let held = !assessment.status.is_empty();
        xml.open("HolisticNeedsAssessmentAndPersonalisedCareAndSupportPlanning")
            .code("AssessmentOffered", assessment.offered)
            .code("AssessmentCarePlanStatus", assessment.status)
            .text(
                "AssessmentCarePlanDate",
                &optional(held.then_some(assessment.date)),
            )
            .code("AssessmentCarePlanPointOfPathway", assessment.point)
            .close();
    }
}

/// What a version of the standard says of an item of care that a record holds.
pub(super) fn says(version: Version, what: &What, item: Item) -> Sent {
    let held = match item {
        Item::MeetingAtPrimary | Item::Meeting if version == Version::V9 => return Sent::Date,
        Item::NurseAtPrimary | Item::Nurse | Item::MeetingAtPrimary | Item::Meeting => true,
        Item::AssessmentAtPrimary
        | Item::Assessment
        | Item::CarePlanAtPrimary
        | Item::CarePlan
        | Item::CordCompression => version == Version::V10,
        Item::AimAtPrimary | Item::Aim => version != Version::V10 || matches!(what, What::Primary { .. }),
        Item::EmergencyRoute => matches!(what, What::Return { .. }),
        Item::Palliative => match what {
            What::Return { progression, .. } => version == Version::V8 || !progression,
            What::Primary { .. } => false,
        },
        _ => false,
    };
    if held { Sent::Code } else { Sent::Nothing }
}
