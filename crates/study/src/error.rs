//! What can end a run, each with the exit code of the contract.

use audit::AuditError;
use casefind::CasefindError;
use cluster::ClusterError;
use count::CountError;
use engine::EngineError;
use intake::IntakeError;
use linkage::LinkageError;
use protect::ProtectError;
use publish::PublishError;

/// Why a command on a study ended without doing its work.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// The call or `study.toml` is wrong.
    #[error("{message}")]
    Call {
        /// What is wrong and what to do.
        message: String,
    },
    /// A source is missing or not as it must be.
    #[error("{message}")]
    Source {
        /// Which source, what is wrong, what to do.
        message: String,
    },
    /// The run's own accounts do not add up.
    #[error("{message}; nothing was published. This is a fault of the program: please report it")]
    Invariant {
        /// Which account, and by how much.
        message: String,
    },
    /// The ledger does not hold everything that was released.
    #[error("{message}")]
    Ledger {
        /// What is missing, and what to do.
        message: String,
    },
    /// Refused for safety.
    #[error("{message}")]
    Refused {
        /// What was refused and why.
        message: String,
    },
    /// Another command is at work on the study.
    #[error("another command is at work on this study; wait for it to end")]
    Busy,
    /// Reading the sources failed.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// Linkage failed.
    #[error(transparent)]
    Linkage(#[from] LinkageError),
    /// Case-finding failed.
    #[error(transparent)]
    Casefind(#[from] CasefindError),
    /// Counting failed.
    #[error(transparent)]
    Count(#[from] CountError),
    /// Measuring care failed.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// Disclosure control failed or refused.
    #[error(transparent)]
    Protect(#[from] ProtectError),
    /// Writing the pages failed.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The cluster could not be asked.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A file of the study's own could not be read or written.
    #[error("{0}")]
    File(#[from] std::io::Error),
}

impl StudyError {
    /// The exit code that the contract gives to this.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Call { .. } | Self::Busy => 2,
            Self::Source { .. } => 3,
            Self::Intake(error) => match error.cause() {
                intake::Cause::Study => 2,
                intake::Cause::Source => 3,
                intake::Cause::Invariant => 4,
                intake::Cause::Machine => 70,
            },
            Self::Casefind(error) if error.is_call() => 2,
            // What a cluster owes is missing, as a source may be: nothing is published, and it can be tried again.
            Self::Casefind(CasefindError::Engine(error)) if error.is_cluster() => 3,
            Self::Cluster(error) if error.is_call() => 2,
            Self::Cluster(error) if error.is_refusal() => 5,
            Self::Cluster(_) => 3,
            Self::Casefind(CasefindError::Lost { .. })
            | Self::Audit(AuditError::Invariant { .. })
            | Self::Protect(ProtectError::Ledger { .. })
            | Self::Ledger { .. }
            | Self::Invariant { .. } => 4,
            Self::Linkage(error) if error.is_invariant() => 4,
            Self::Refused { .. }
            | Self::Protect(ProtectError::Leaks { .. })
            | Self::Publish(PublishError::Release(ProtectError::Leaks { .. })) => 5,
            _ => 70,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_that_would_give_somebody_away_is_refused_for_safety() {
        let leaks = || ProtectError::Leaks {
            leaks: vec!["counts/found place=AAA would stay known, whatever is hidden beside it".to_owned()],
        };
        assert_eq!(StudyError::from(leaks()).exit_code(), 5);
        assert_eq!(StudyError::from(PublishError::from(leaks())).exit_code(), 5);
    }
}
