//! Every failure in words, with the exit code of the contract.

use std::process::ExitCode;

use audit::AuditError;
use casefind::CasefindError;
use cluster::ClusterError;
use engine::{EngineError, Lack};
use intake::IntakeError;
use linkage::LinkageError;
use linkage::columns::ChoiceError;
use simulate::SimulateError;
use study::StudyError;

/// Why a command ended without doing its work.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// The call is wrong.
    pub(crate) fn call(message: impl Into<String>) -> Self {
        Self {
            code: 2,
            message: message.into(),
        }
    }

    /// A source is not as it must be.
    pub(crate) fn source(message: impl Into<String>) -> Self {
        Self {
            code: 3,
            message: message.into(),
        }
    }

    /// Refused for safety.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self {
            code: 5,
            message: message.into(),
        }
    }

    /// The run's own accounts do not add up.
    pub(crate) fn invariant(message: impl Into<String>) -> Self {
        Self {
            code: 4,
            message: message.into(),
        }
    }

    /// The answer could not be printed to its end.
    pub(crate) fn answer(error: &std::io::Error) -> Self {
        Self {
            code: if Lack::of(error).is_some() { 2 } else { 70 },
            message: format!(
                "the answer could not be printed ({error}); what the command writes into files is written: make room, or print \
                 elsewhere, and ask again"
            ),
        }
    }

    /// What went wrong, in words.
    pub(crate) fn message(&self) -> &str {
        self.message.trim_end()
    }

    /// Prints the failure and gives its code.
    pub(crate) fn report(&self) -> ExitCode {
        crate::ending::wait_if_told();
        crate::tell::error(&self.message);
        ExitCode::from(self.code)
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        // Whatever reads it: the program made it, so no advice for somebody's own file fits.
        if let Some(table) = error.lost_output() {
            return Self::invariant(format!(
                "{}: it is missing or damaged, and not what the last run put out; run again: `counted run STUDY`",
                table.display()
            ));
        }
        let message = match error.advice() {
            Some(advice) => format!("{error}; {advice}"),
            None => error.to_string(),
        };
        Self {
            code: error.exit_code(),
            message,
        }
    }
}

impl From<ClusterError> for Failure {
    fn from(error: ClusterError) -> Self {
        StudyError::from(error).into()
    }
}

impl From<CasefindError> for Failure {
    fn from(error: CasefindError) -> Self {
        StudyError::from(error).into()
    }
}

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Definition(_) | AuditError::TooManyCodes => Self::call(error.to_string()),
            _ => StudyError::from(error).into(),
        }
    }
}

impl From<SimulateError> for Failure {
    fn from(error: SimulateError) -> Self {
        Self {
            code: 2,
            message: error.to_string(),
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        StudyError::from(error).into()
    }
}

impl From<IntakeError> for Failure {
    fn from(error: IntakeError) -> Self {
        StudyError::from(error).into()
    }
}

impl From<ChoiceError> for Failure {
    fn from(error: ChoiceError) -> Self {
        Self::call(error.to_string())
    }
}

impl From<LinkageError> for Failure {
    fn from(error: LinkageError) -> Self {
        match error {
            LinkageError::NoPerson { .. }
            | LinkageError::Rule { .. }
            | LinkageError::Fields { .. }
            | LinkageError::Model { .. } => Self::call(error.to_string()),
            LinkageError::Training { .. } | LinkageError::TooMany => Self::source(error.to_string()),
            _ => StudyError::from(error).into(),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        StudyError::from(error).into()
    }
}
