//! The items that are read, by their national names.

/// What an element says, with the national item number where the user guide's is known to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Field {
    /// CR0010.
    NhsNumber,
    /// CR0020.
    LocalPatientId,
    /// CR0100.
    BirthDate,
    /// CR0030, organisation identifier (code of provider).
    Provider,
    /// Person family name.
    FamilyName,
    /// Person given name.
    GivenName,
    /// Person stated gender code.
    Sex,
    /// Postcode of usual address at diagnosis.
    Postcode,
    /// Ethnic category.
    Ethnicity,
    /// Person death date.
    DeathDate,
    /// CR0370, primary diagnosis (ICD).
    PrimaryDiagnosis,
    /// CR2030, date of primary diagnosis (clinically agreed).
    PrimaryDate,
    /// CR0380.
    Laterality,
    /// Source of referral for out-patients.
    ReferralSource,
    /// Date first seen.
    FirstSeen,
    /// CR0300, source of referral for the non primary cancer pathway.
    NonPrimaryReferralSource,
    /// CR7400, date first seen (non primary cancer pathway).
    NonPrimaryFirstSeen,
    /// CR6500, date of non primary cancer diagnosis (clinically agreed).
    NonPrimaryDate,
    /// CR7100 (recurrence) or CR6900 (progression): the original diagnosis.
    OriginalDiagnosis,
    /// Version 8 only: recurrence, progression or transformation.
    PathwayType,
    /// CR1550, palliative care specialist seen indicator (cancer recurrence).
    PalliativeSeen,
    /// CR0560, M category (final pretreatment).
    MFinal,
    /// CR0640, M category (integrated stage).
    MIntegrated,
    /// CR0580, TNM stage grouping (final pretreatment).
    StageFinal,
    /// CR0610, TNM stage grouping (integrated).
    StageIntegrated,
    /// CR2050, clinical nurse specialist indication code.
    Nurse,
    /// CR0460, cancer care plan intent.
    CarePlanIntent,
    /// CR0510, performance status (adult).
    PerformanceStatus,
    /// CR6520 (CR6960 at diagnosis): local, regional, distant.
    MetastaticType,
    /// CR1590 (CR6970 at diagnosis).
    MetastaticSite,
    /// CR6910, progression date (primary pathway).
    ProgressionDate,
    /// Treatment start date (cancer).
    TreatmentDate,
    /// CR2040, cancer treatment modality.
    Modality,
    /// CR0680, cancer treatment intent.
    TreatmentIntent,
    /// Cancer treatment event type.
    EventType,
    /// Adjunctive therapy.
    Adjunctive,
    /// Organisation site identifier (of provider cancer treatment start date).
    TreatmentProvider,
    /// CR3080 (CR0430 in the care plan): date of the team's discussion.
    MeetingDate,
    /// CR3190, multidisciplinary team meeting type.
    MeetingType,
    /// CR8110, multidisciplinary team meeting discussion type.
    MeetingDiscussion,
    /// Acute oncology assessment date.
    AcuteDate,
    /// CR8730, acute oncology patient type.
    AcutePatientType,
    /// CR7930, assessment and care plan date.
    AssessmentDate,
    /// CR7940, assessment and care plan point of pathway.
    AssessmentPoint,
    /// CR7920, assessment and care plan status.
    AssessmentStatus,
    /// CR7900, whether an assessment was offered, and what came of the offer.
    AssessmentOffered,
}

impl Field {
    /// Every field, in the order of its number (`field as u8`).
    pub const ALL: [Self; 46] = [
        Self::NhsNumber,
        Self::LocalPatientId,
        Self::BirthDate,
        Self::Provider,
        Self::FamilyName,
        Self::GivenName,
        Self::Sex,
        Self::Postcode,
        Self::Ethnicity,
        Self::DeathDate,
        Self::PrimaryDiagnosis,
        Self::PrimaryDate,
        Self::Laterality,
        Self::ReferralSource,
        Self::FirstSeen,
        Self::NonPrimaryReferralSource,
        Self::NonPrimaryFirstSeen,
        Self::NonPrimaryDate,
        Self::OriginalDiagnosis,
        Self::PathwayType,
        Self::PalliativeSeen,
        Self::MFinal,
        Self::MIntegrated,
        Self::StageFinal,
        Self::StageIntegrated,
        Self::Nurse,
        Self::CarePlanIntent,
        Self::PerformanceStatus,
        Self::MetastaticType,
        Self::MetastaticSite,
        Self::ProgressionDate,
        Self::TreatmentDate,
        Self::Modality,
        Self::TreatmentIntent,
        Self::EventType,
        Self::Adjunctive,
        Self::TreatmentProvider,
        Self::MeetingDate,
        Self::MeetingType,
        Self::MeetingDiscussion,
        Self::AcuteDate,
        Self::AcutePatientType,
        Self::AssessmentDate,
        Self::AssessmentPoint,
        Self::AssessmentStatus,
        Self::AssessmentOffered,
    ];

    /// The item as people in a hospital know it: its number, where known to us, and its name.
    pub fn item(self) -> &'static str {
        match self {
            Self::NhsNumber => "CR0010 NHS number",
            Self::LocalPatientId => "CR0020 local patient identifier",
            Self::BirthDate => "CR0100 person birth date",
            Self::Provider => "CR0030 organisation identifier (code of provider)",
            Self::FamilyName => "person family name",
            Self::GivenName => "person given name",
            Self::Sex => "person stated gender code",
            Self::Postcode => "postcode of usual address at diagnosis",
            Self::Ethnicity => "ethnic category",
            Self::DeathDate => "person death date",
            Self::PrimaryDiagnosis => "CR0370 primary diagnosis (ICD)",
            Self::PrimaryDate => "CR2030 date of primary diagnosis (clinically agreed)",
            Self::Laterality => "CR0380 tumour laterality",
            Self::ReferralSource => "source of referral for out-patients",
            Self::FirstSeen => "date first seen",
            Self::NonPrimaryReferralSource => "CR0300 source of referral (non primary cancer pathway)",
            Self::NonPrimaryFirstSeen => "CR7400 date first seen (non primary cancer pathway)",
            Self::NonPrimaryDate => "CR6500 date of non primary cancer diagnosis (clinically agreed)",
            Self::OriginalDiagnosis => "CR7100 or CR6900 original diagnosis (ICD)",
            Self::PathwayType => "non primary cancer pathway type",
            Self::PalliativeSeen => "CR1550 palliative care specialist seen indicator",
            Self::MFinal => "CR0560 M category (final pretreatment)",
            Self::MIntegrated => "CR0640 M category (integrated stage)",
            Self::StageFinal => "CR0580 TNM stage grouping (final pretreatment)",
            Self::StageIntegrated => "CR0610 TNM stage grouping (integrated)",
            Self::Nurse => "CR2050 clinical nurse specialist indication code",
            Self::CarePlanIntent => "CR0460 cancer care plan intent",
            Self::PerformanceStatus => "CR0510 performance status (adult)",
            Self::MetastaticType => "CR6520 metastatic type",
            Self::MetastaticSite => "CR1590 metastatic site",
            Self::ProgressionDate => "CR6910 progression date (primary pathway)",
            Self::TreatmentDate => "treatment start date (cancer)",
            Self::Modality => "CR2040 cancer treatment modality",
            Self::TreatmentIntent => "CR0680 cancer treatment intent",
            Self::EventType => "cancer treatment event type",
            Self::Adjunctive => "adjunctive therapy",
            Self::TreatmentProvider => {
                "organisation site identifier (of provider cancer treatment start date)"
            }
            Self::MeetingDate => "CR3080 multidisciplinary team discussion date",
            Self::MeetingType => "CR3190 multidisciplinary team meeting type",
            Self::MeetingDiscussion => "CR8110 multidisciplinary team meeting discussion type",
            Self::AcuteDate => "acute oncology assessment date",
            Self::AcutePatientType => "CR8730 acute oncology patient type",
            Self::AssessmentDate => "CR7930 assessment and care plan date",
            Self::AssessmentPoint => "CR7940 assessment and care plan point of pathway",
            Self::AssessmentStatus => "CR7920 assessment and care plan status",
            Self::AssessmentOffered => "CR7900 assessment offered",
        }
    }
}
