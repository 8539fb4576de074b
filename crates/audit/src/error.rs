//! What can go wrong in this stage. No message holds a value of a person's record.

use engine::EngineError;
use estimate::EstimateError;

use crate::definition::DefinitionError;

/// An error of the stage `audit`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// The definition of the standards is wrong.
    #[error("standards: {0}")]
    Definition(#[from] DefinitionError),
    /// A table could not be read or written; the engine's own text says which.
    #[error("measuring care stopped at {step}: {source}")]
    Engine {
        /// What was being done, in words.
        step: &'static str,
        /// The engine's reason.
        source: EngineError,
    },
    /// A figure that should exist could not be computed.
    #[error("measuring care stopped: indicator or delay `{what}` cannot be computed, because {source}")]
    Statistics {
        /// Which.
        what: String,
        /// Why.
        source: EstimateError,
    },
    /// A fact is asked for more codes than can be told apart in one pass.
    #[error("standards: more than 30 codes are asked for of one fact; join them with `*`")]
    TooManyCodes,
    /// A file or folder could not be written; the message names its path.
    #[error("measuring care stopped at writing: {0}")]
    File(#[from] std::io::Error),
    /// A number came out that no input can lead to: a bug, not a fault of the data.
    #[error("the stage audit broke its own rule: {rule}; please report this")]
    Invariant {
        /// Which rule.
        rule: String,
    },
}

/// Says at which step the engine failed.
pub(crate) fn at(step: &'static str) -> impl FnOnce(EngineError) -> AuditError {
    move |source| AuditError::Engine { step, source }
}
