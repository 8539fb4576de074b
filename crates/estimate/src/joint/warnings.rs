//! What a reader must know before the number.

/// How loud a warning is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    /// True of every estimate of this design.
    Standing,
    /// Something is wrong in this study.
    Alarm,
}

impl Loudness {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Alarm => "alarm",
        }
    }
}

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningCode {
    /// Nothing but lists stands behind the number.
    ListsOnly,
    /// Organisations that sent no lists were filled from their peers.
    Silent,
    /// The outside check is not independent.
    NotIndependent,
    /// People differ in how likely they are to be listed.
    Heterogeneity,
    /// More people were found only at death than the lists leave room for, or fewer.
    FoundAtDeath,
    /// Living over deaths is unusual.
    LivingOverDeaths,
    /// New over deaths is unusual.
    NewOverDeaths,
    /// Two routes do not meet.
    RoutesDisagree,
    /// The families of survival that were fitted do not agree after the years that were watched.
    LongSurvivors,
    /// The draws rest on few proposals.
    FewDraws,
}

impl WarningCode {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::ListsOnly => "lists_only",
            Self::Silent => "silent_organisations",
            Self::NotIndependent => "check_not_independent",
            Self::Heterogeneity => "heterogeneity",
            Self::FoundAtDeath => "found_at_death",
            Self::LivingOverDeaths => "living_over_deaths",
            Self::NewOverDeaths => "new_over_deaths",
            Self::RoutesDisagree => "routes_disagree",
            Self::LongSurvivors => "long_survivors",
            Self::FewDraws => "few_draws",
        }
    }
}

/// A warning: its code, how loud it is, and a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is about.
    pub code: WarningCode,
    /// How loud.
    pub level: Loudness,
    /// What to know.
    pub message: String,
}
