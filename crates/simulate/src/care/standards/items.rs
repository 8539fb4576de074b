//! The items of care, with their rates.
//!
//! | Item | Truly so | Written down if so, if not | Where from |
//! |---|---|---|---|
//! | nurse (CR2050), at the primary | 0.90 | 0.92, 0.88 | assumption |
//! | nurse, at secondary disease | 0.55 | 0.84, 0.78 | assumption; 30 % saw one regularly in 2019, a fifth to a quarter of hospitals have one for secondary disease |
//! | team meeting (CR3080, CR3190), at the primary | 0.95 | 0.95, never | assumption |
//! | team meeting, at secondary disease | 0.75 | 0.79 (0.93 in Brennick), never | so that 59 % and 70 % are documented: NAoMe 2025, England and Wales |
//! | needs assessment (CR7900, CR7920), at the primary | 0.60 | 0.88, 0.84 | assumption |
//! | needs assessment, at secondary disease and progression | 0.35 | 0.82, 0.76 | assumption |
//! | care plan (CR7920 = 03) of those assessed | 0.70 at the primary, 0.50 at secondary disease | with the assessment | assumption |
//! | aim of the plan (CR0460), at the primary | 0.95 | 0.85, never | assumption |
//! | aim of the plan, at secondary disease | 0.80 | 0.78, never | assumption; 53 % were told too little of trials |
//! | palliative care specialist (CR1550) within 90 days | 0.50 | 0.80, 0.75 | NCIN 2012: nurse or palliative referral documented for 53 % |
//! | palliative care before death | by what was done, else 0.25 | when an admission shows it | assumption |
//! | clinical trial (SACT) | 0.07 of regimens | 0.95, 0.92 | assumption |
//! | emergency route (CR0300, ADMIMETH) | by what was done | 0.90, 0.90 | assumption |
//! | cord compression at diagnosis (CR8730 = 08) | 0.15 of those with bone disease who come as an emergency | 0.70, never | assumption |
//! | the five answers of the form | 0.30 to 0.70 | 0.85, 0.80 | assumption |
//!
//! Care at the primary is better given and better recorded than at secondary disease: that is the disparity that
//! the campaign names. That the two nations with COSD differ in what is documented and not in what is done is
//! deliberate: in Wales the documented share rose from 6 % to 70 % within a year, with a new form. Where no code says
//! "no" (meeting, aim, cord compression) a "no" is never written down: silence means both.

/// An item of care; the position is its number in the draws, so add at the end only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Item {
    NurseAtPrimary,
    MeetingAtPrimary,
    AssessmentAtPrimary,
    CarePlanAtPrimary,
    AimAtPrimary,
    Nurse,
    Meeting,
    Assessment,
    CarePlan,
    Aim,
    Palliative,
    EmergencyRoute,
    CordCompression,
    Trial,
    PalliativeBeforeDeath,
    KeyWorker,
    SupportServices,
    MoneyAndWork,
    GpInformed,
    FamilySupport,
}

/// Where an item is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Cosd,
    Form,
    Sact,
    Admissions,
}

/// Palliative care that no admission of the last weeks shows (assumption).
pub(super) const PALLIATIVE_UNSEEN: f64 = 0.25;
/// Of those with bone disease who come as an emergency (assumption).
pub(super) const CORD_COMPRESSION: f64 = 0.15;
/// Lines of the form on which the person asked gave the answers (assumption).
pub(super) const ANSWERED_BY_PERSON: f64 = 0.25;
/// Palliative care within 90 days that an admission shows, where there was one (assumption).
pub(super) const PALLIATIVE_IN_ADMISSION: f64 = 0.5;
/// The share that is written down of a meeting at secondary disease, in the nation that resembles Wales.
pub(super) const MEETINGS_IN_BRENNICK: f64 = 0.93;

impl Item {
    pub(crate) const ALL: [Item; 20] = [
        Item::NurseAtPrimary,
        Item::MeetingAtPrimary,
        Item::AssessmentAtPrimary,
        Item::CarePlanAtPrimary,
        Item::AimAtPrimary,
        Item::Nurse,
        Item::Meeting,
        Item::Assessment,
        Item::CarePlan,
        Item::Aim,
        Item::Palliative,
        Item::EmergencyRoute,
        Item::CordCompression,
        Item::Trial,
        Item::PalliativeBeforeDeath,
        Item::KeyWorker,
        Item::SupportServices,
        Item::MoneyAndWork,
        Item::GpInformed,
        Item::FamilySupport,
    ];

    /// The five answers of the form, in the order of its columns.
    pub(crate) const FORM: [Item; 5] = [
        Item::KeyWorker,
        Item::SupportServices,
        Item::MoneyAndWork,
        Item::GpInformed,
        Item::FamilySupport,
    ];

    /// As the truth files name it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Item::NurseAtPrimary => "nurse_at_primary",
            Item::MeetingAtPrimary => "mdt_at_primary",
            Item::AssessmentAtPrimary => "assessment_at_primary",
            Item::CarePlanAtPrimary => "care_plan_at_primary",
            Item::AimAtPrimary => "plan_intent_at_primary",
            Item::Nurse => "nurse",
            Item::Meeting => "mdt",
            Item::Assessment => "assessment",
            Item::CarePlan => "care_plan",
            Item::Aim => "plan_intent",
            Item::Palliative => "palliative",
            Item::EmergencyRoute => "emergency_route",
            Item::CordCompression => "cord_compression",
            Item::Trial => "trial",
            Item::PalliativeBeforeDeath => "palliative_before_death",
            Item::KeyWorker => "key_worker",
            Item::SupportServices => "support_services",
            Item::MoneyAndWork => "money_and_work",
            Item::GpInformed => "gp_informed",
            Item::FamilySupport => "family_support",
        }
    }

    pub(crate) fn place(self) -> Place {
        match self {
            Item::Trial => Place::Sact,
            Item::PalliativeBeforeDeath => Place::Admissions,
            _ if Item::FORM.contains(&self) => Place::Form,
            _ => Place::Cosd,
        }
    }

    /// The share of people who truly have it, in a hospital like others; `None` where it follows from what was done.
    /// A care plan's is of those assessed.
    pub(super) fn given(self) -> Option<f64> {
        Some(match self {
            Item::NurseAtPrimary => 0.90,
            Item::MeetingAtPrimary | Item::AimAtPrimary => 0.95,
            Item::AssessmentAtPrimary => 0.60,
            Item::CarePlanAtPrimary => 0.70,
            Item::Nurse | Item::KeyWorker => 0.55,
            Item::Meeting => 0.75,
            Item::Assessment => 0.35,
            Item::CarePlan | Item::Palliative | Item::SupportServices => 0.50,
            Item::Aim => 0.80,
            Item::MoneyAndWork => 0.40,
            Item::GpInformed => 0.70,
            Item::FamilySupport => 0.30,
            Item::EmergencyRoute | Item::CordCompression | Item::Trial | Item::PalliativeBeforeDeath => {
                return None;
            }
        })
    }

    /// The shares written down: of those who had it, of those who had not.
    pub(super) fn recorded(self) -> (f64, f64) {
        match self {
            Item::NurseAtPrimary => (0.92, 0.88),
            Item::MeetingAtPrimary => (0.95, 0.0),
            Item::AssessmentAtPrimary | Item::CarePlanAtPrimary => (0.88, 0.84),
            Item::AimAtPrimary => (0.85, 0.0),
            Item::Nurse => (0.84, 0.78),
            Item::Meeting => (0.79, 0.0),
            Item::Assessment | Item::CarePlan => (0.82, 0.76),
            Item::Aim => (0.78, 0.0),
            Item::Palliative => (0.80, 0.75),
            Item::EmergencyRoute => (0.90, 0.90),
            Item::CordCompression => (0.70, 0.0),
            Item::Trial => (0.95, 0.92),
            Item::PalliativeBeforeDeath => (0.0, 0.0),
            Item::KeyWorker
            | Item::SupportServices
            | Item::MoneyAndWork
            | Item::GpInformed
            | Item::FamilySupport => (0.85, 0.80),
        }
    }

    /// The code for an answer that is known; `u` is uniform on [0, 1).
    pub(super) fn answer(self, truth: bool, u: f64) -> Option<&'static str> {
        const SEEN: [&str; 10] = ["Y1", "Y1", "Y1", "Y1", "Y1", "Y3", "Y3", "Y4", "Y4", "Y5"];
        const NOT_SEEN: [&str; 5] = ["NI", "NI", "NI", "NN", "NN"];
        const NOT_ASSESSED: [&str; 10] = [
            "04/", "04/", "04/", "04/", "04/", "02/", "02/", "02/", "01/", "05/",
        ];
        let one = |codes: &[&'static str]| codes.get((u * codes.len() as f64) as usize).copied();
        match (self, truth) {
            (Item::NurseAtPrimary | Item::Nurse, true) => one(&SEEN),
            (Item::NurseAtPrimary | Item::Nurse, false) => one(&NOT_SEEN),
            (Item::MeetingAtPrimary, true) => Some("0101"),
            (Item::Meeting, true) => one(&["0102", "0101"]),
            (Item::AssessmentAtPrimary | Item::Assessment, false) => one(&NOT_ASSESSED),
            (Item::AimAtPrimary, true) => Some("C"),
            (Item::Aim, true) => one(&["Z", "Z", "Z", "Z", "Z", "X"]),
            (Item::Palliative, true) => Some("Y"),
            (Item::Palliative, false) => Some("N"),
            (Item::EmergencyRoute, true) => one(&["01", "04", "10"]),
            (Item::EmergencyRoute, false) => one(&["03", "05", "05", "13", "17"]),
            (Item::CordCompression, true) => Some("08"),
            (Item::Trial, true) => Some("01"),
            (Item::Trial, false) => Some("02"),
            (item, _) if item.place() == Place::Form => Some(if truth { "yes" } else { "no" }),
            _ => None,
        }
    }

    /// The code for "not known", which some enter where they know no answer (assumption: one in eight, or as said).
    pub(super) fn not_known(self, u: f64) -> Option<&'static str> {
        let (code, share) = match self {
            Item::NurseAtPrimary | Item::Nurse => ("99", 0.125),
            Item::AimAtPrimary | Item::Aim => ("9", 0.125),
            Item::Palliative => ("9", 0.5),
            Item::Trial => ("99", 0.5),
            _ if self.place() == Place::Form => ("not_known", 0.4),
            _ => return None,
        };
        (u < share).then_some(code)
    }
}

/// A share after its odds are multiplied.
pub(super) fn with_odds(share: f64, ratio: f64) -> f64 {
    ratio * share / (1.0 - share + ratio * share)
}

/// The odds of a share.
pub(super) fn odds(share: f64) -> f64 {
    share / (1.0 - share)
}
