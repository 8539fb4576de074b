//! What can go wrong in case-finding.

use engine::EngineError;

/// An error of case-finding: where, what is wrong, what to do.
#[derive(Debug, thiserror::Error)]
pub enum CasefindError {
    /// There is no such definition.
    #[error("no definition `{name}`; there are {known}, or give the path of a folder with a definition.toml")]
    NoDefinition {
        /// What was asked for.
        name: String,
        /// The built-in ones.
        known: String,
    },
    /// The definition does not read as one.
    #[error("definition `{definition}`, {place}: {why}")]
    Definition {
        /// Which definition.
        definition: String,
        /// The file or the rule.
        place: String,
        /// What is wrong and what to do.
        why: String,
    },
    /// A condition names something that is not there, or is not allowed.
    #[error("definition `{definition}`, rule `{rule}`: {why}")]
    Condition {
        /// Which definition.
        definition: String,
        /// Which rule.
        rule: String,
        /// What is wrong, with a suggestion.
        why: String,
    },
    /// Records went missing between stages.
    #[error(
        "case-finding lost rows: {found} of {expected} facts belong to a person; this is a fault of the program, please report it"
    )]
    Lost {
        /// Facts with a person.
        found: u64,
        /// Facts read.
        expected: u64,
    },
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A file could not be read or written.
    #[error("{0}")]
    File(#[from] std::io::Error),
}

impl CasefindError {
    /// True when the definition, not the data, is at fault.
    pub fn is_call(&self) -> bool {
        matches!(
            self,
            Self::NoDefinition { .. } | Self::Definition { .. } | Self::Condition { .. }
        )
    }
}
