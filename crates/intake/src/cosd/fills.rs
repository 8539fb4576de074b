//! What fills each column of the COSD tables: their contract, seen from the reader.

use layouts::cosd_paths::Field;

/// What a column of a table is filled with.
#[derive(Clone, Copy)]
pub(super) enum Fill {
    File,
    Row,
    Seq,
    Source,
    Id,
    Version,
    FirstCreated,
    Pathway,
    Future,
    ReferralSource,
    FirstSeen,
    Section,
    EventDate,
    Pairs,
    Number,
    NumberKind,
    Event,
    VitalStatus,
    TreatmentProvider,
    Text(Field),
    Date(Field),
    EntryText(Field),
    EntryDate(Field),
    Nothing,
}

/// What fills a column, by the contract of the table.
pub(super) fn fill(table: &str, column: &str) -> Fill {
    match (table, column) {
        (_, "file") => Fill::File,
        (_, "row") => Fill::Row,
        (_, "seq") => Fill::Seq,
        ("identities", _) => identity(column),
        ("cosd.treatment", "PROVIDER") => Fill::TreatmentProvider,
        (_, "PROVIDER") => Fill::Text(Field::Provider),
        (_, "CREATED") => Fill::FirstCreated,
        (_, "FUTURE") => Fill::Future,
        ("cosd", _) => of_record(column),
        _ => of_entry(table, column),
    }
}

fn identity(column: &str) -> Fill {
    match column {
        "source" => Fill::Source,
        "record" => Fill::Id,
        "number" => Fill::Number,
        "number_kind" => Fill::NumberKind,
        "number_as_sent" => Fill::Text(Field::NhsNumber),
        "birth_date" | "birth_date_latest" => Fill::Date(Field::BirthDate),
        "family_name" => Fill::Text(Field::FamilyName),
        "given_name" => Fill::Text(Field::GivenName),
        "sex" => Fill::Text(Field::Sex),
        "postcode" => Fill::Text(Field::Postcode),
        "organisation" => Fill::Text(Field::Provider),
        "local_id" => Fill::Text(Field::LocalPatientId),
        "event_date" => Fill::Event,
        "death_date" | "vital_date" => Fill::Date(Field::DeathDate),
        "vital_status" => Fill::VitalStatus,
        "ethnicity" => Fill::Text(Field::Ethnicity),
        _ => Fill::Nothing,
    }
}

fn of_record(column: &str) -> Fill {
    match column {
        "ID" => Fill::Id,
        "VERSION" => Fill::Version,
        "PATHWAY" => Fill::Pathway,
        "PRIMARY_DIAGNOSIS" => Fill::Text(Field::PrimaryDiagnosis),
        "PRIMARY_DATE" => Fill::Date(Field::PrimaryDate),
        "LATERALITY" => Fill::Text(Field::Laterality),
        "M_FINAL" => Fill::Text(Field::MFinal),
        "M_INTEGRATED" => Fill::Text(Field::MIntegrated),
        "STAGE_FINAL" => Fill::Text(Field::StageFinal),
        "STAGE_INTEGRATED" => Fill::Text(Field::StageIntegrated),
        "ORIGINAL_DIAGNOSIS" => Fill::Text(Field::OriginalDiagnosis),
        "NON_PRIMARY_DATE" => Fill::Date(Field::NonPrimaryDate),
        "REFERRAL_SOURCE" => Fill::ReferralSource,
        "FIRST_SEEN" => Fill::FirstSeen,
        "CNS" => Fill::Text(Field::Nurse),
        "CARE_PLAN_INTENT" => Fill::Text(Field::CarePlanIntent),
        "PERFORMANCE_STATUS" => Fill::Text(Field::PerformanceStatus),
        "PALLIATIVE_SEEN" => Fill::Text(Field::PalliativeSeen),
        "DEATH_DATE" => Fill::Date(Field::DeathDate),
        _ => Fill::Nothing,
    }
}

fn of_entry(table: &str, column: &str) -> Fill {
    match (table, column) {
        (_, "SECTION") => Fill::Section,
        (_, "EVENT_DATE") => Fill::EventDate,
        (_, "PAIRS") => Fill::Pairs,
        (_, "ORIGINAL_DIAGNOSIS") => Fill::EntryText(Field::OriginalDiagnosis),
        (_, "TREATMENT_DATE") => Fill::EntryDate(Field::TreatmentDate),
        (_, "MODALITY") => Fill::EntryText(Field::Modality),
        (_, "INTENT") => Fill::EntryText(Field::TreatmentIntent),
        (_, "EVENT_TYPE") => Fill::EntryText(Field::EventType),
        (_, "ADJUNCTIVE") => Fill::EntryText(Field::Adjunctive),
        (_, "MDT_DATE") => Fill::EntryDate(Field::MeetingDate),
        (_, "MDT_TYPE") => Fill::EntryText(Field::MeetingType),
        (_, "DISCUSSION") => Fill::EntryText(Field::MeetingDiscussion),
        ("cosd.acute_oncology", "ASSESSED_ON") => Fill::EntryDate(Field::AcuteDate),
        (_, "PATIENT_TYPE") => Fill::EntryText(Field::AcutePatientType),
        ("cosd.assessment", "ASSESSED_ON") => Fill::EntryDate(Field::AssessmentDate),
        (_, "POINT") => Fill::EntryText(Field::AssessmentPoint),
        (_, "STATUS") => Fill::EntryText(Field::AssessmentStatus),
        (_, "OFFERED") => Fill::EntryText(Field::AssessmentOffered),
        _ => Fill::Nothing,
    }
}
