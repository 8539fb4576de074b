//! Every failure in words, with the exit code of the contract.

use std::process::ExitCode;

use audit::AuditError;
use casefind::CasefindError;
use cluster::ClusterError;
use engine::EngineError;
use intake::{Cause, IntakeError};
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
            code: 70,
            message: format!(
                "the answer could not be printed ({error}); what the command writes into files is written: make room, or print \
                 elsewhere, and ask again"
            ),
        }
    }

    /// Prints the failure and gives its code.
    pub(crate) fn report(&self) -> ExitCode {
        crate::tell::error(&self.message);
        ExitCode::from(self.code)
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        Self {
            code: error.exit_code(),
            message: error.to_string(),
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
        Self {
            code: if error.is_call() { 2 } else { 70 },
            message: error.to_string(),
        }
    }
}

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Self {
        let code = match error {
            AuditError::Definition(_) | AuditError::TooManyCodes => 2,
            AuditError::Invariant { .. } => 4,
            _ => 70,
        };
        Self {
            code,
            message: error.to_string(),
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
        Self {
            code: 70,
            message: error.to_string(),
        }
    }
}

impl From<IntakeError> for Failure {
    fn from(error: IntakeError) -> Self {
        let code = match error.cause() {
            Cause::Study => 2,
            Cause::Source => 3,
            Cause::Invariant => 4,
            Cause::Machine => 70,
        };
        Self {
            code,
            message: error.to_string(),
        }
    }
}

impl From<ChoiceError> for Failure {
    fn from(error: ChoiceError) -> Self {
        Self::call(error.to_string())
    }
}

impl From<LinkageError> for Failure {
    fn from(error: LinkageError) -> Self {
        let code = match error {
            LinkageError::NoPerson { .. }
            | LinkageError::Rule { .. }
            | LinkageError::Fields { .. }
            | LinkageError::Model { .. } => 2,
            LinkageError::Training { .. } | LinkageError::TooMany => 3,
            _ => 70,
        };
        Self {
            code,
            message: error.to_string(),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self {
            code: 70,
            message: error.to_string(),
        }
    }
}
