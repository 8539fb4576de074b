//! What can end a run, each with the exit code of the contract.

use std::path::Path;

use audit::AuditError;
use casefind::CasefindError;
use cluster::ClusterError;
use count::CountError;
use engine::{EngineError, Lack};
use intake::{Cause, IntakeError};
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
                Cause::Study => 2,
                Cause::Source => 3,
                Cause::Invariant => 4,
                Cause::Machine => self.code_of_the_machine(),
            },
            Self::Count(CountError::ChartYears { .. }) => 2,
            Self::Casefind(error) if error.is_call() => 2,
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
            _ => self.code_of_the_machine(),
        }
    }

    /// What to do about it, where the system's own words do not say so.
    pub fn advice(&self) -> Option<&'static str> {
        self.system().and_then(Lack::of).map(Lack::advice)
    }

    /// The table of a finished run, under `out/tables` of a study, that is missing or damaged, where that ended the command. A
    /// run makes it anew; nobody writes it by hand.
    pub fn lost_output(&self) -> Option<&Path> {
        let table = self.engine().and_then(EngineError::lost_table)?;
        let tables = table.parent()?;
        let out = tables.parent()?;
        let is_ours = tables.ends_with("out/tables") && out.with_file_name("study.toml").is_file();
        is_ours.then_some(table)
    }

    /// The code where no stage is at fault: that of the cluster, that of the call where this machine, or whoever runs the
    /// program, did not give what it needs, or our own.
    fn code_of_the_machine(&self) -> u8 {
        let engine = self.engine();
        if engine.is_some_and(EngineError::is_refusal) {
            return 5;
        }
        // What a cluster owes is missing, as a source may be: nothing is published, and it can be tried again.
        if engine.is_some_and(EngineError::is_cluster) {
            return 3;
        }
        let lack = engine.and_then(EngineError::lack);
        let lack = lack.or_else(|| self.system().and_then(Lack::of));
        if lack.is_some() || engine.is_some_and(EngineError::is_place) {
            2
        } else {
            70
        }
    }

    /// What the engine says, whichever stage it stopped.
    fn engine(&self) -> Option<&EngineError> {
        match self {
            Self::Engine(error)
            | Self::Intake(IntakeError::Table { error, .. })
            | Self::Linkage(LinkageError::Engine(error))
            | Self::Casefind(CasefindError::Engine(error))
            | Self::Count(CountError::Engine { source: error, .. })
            | Self::Audit(AuditError::Engine { source: error, .. }) => Some(error),
            _ => None,
        }
    }

    /// What the system says, whichever stage it stopped.
    fn system(&self) -> Option<&std::io::Error> {
        match self {
            Self::File(error)
            | Self::Intake(IntakeError::Folder { error, .. })
            | Self::Linkage(LinkageError::Io(error))
            | Self::Casefind(CasefindError::File(error))
            | Self::Audit(AuditError::File(error))
            | Self::Protect(ProtectError::File { source: error, .. })
            | Self::Publish(
                PublishError::File(error) | PublishError::Release(ProtectError::File { source: error, .. }),
            ) => Some(error),
            _ => match self.engine() {
                Some(EngineError::File(error)) => Some(error),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn a_release_that_would_give_somebody_away_is_refused_for_safety() {
        let leaks = || ProtectError::Leaks {
            leaks: vec!["counts/found place=AAA would stay known, whatever is hidden beside it".to_owned()],
        };
        assert_eq!(StudyError::from(leaks()).exit_code(), 5);
        assert_eq!(StudyError::from(PublishError::from(leaks())).exit_code(), 5);
    }

    #[test]
    fn a_file_that_a_call_names_is_its_fault_and_a_process_that_stops_is_not() {
        let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
        let code = |error: ClusterError| StudyError::from(error).exit_code();
        assert_eq!(code(ClusterError::Given(missing())), 2);
        assert_eq!(code(ClusterError::Stopped("executor")), 3);
        assert_eq!(code(ClusterError::Lost("a folder".into())), 3);
    }

    #[test]
    fn charts_of_years_that_are_not_counted_are_a_fault_of_the_call() {
        let error = StudyError::Count(CountError::ChartYears {
            first: 2008,
            last: 2018,
            counted: "2019 to 2025".to_owned(),
        });
        assert_eq!(error.exit_code(), 2, "{error}");
    }

    /// Whichever stage says so: who ran it gives more, and runs it again.
    #[test]
    fn what_the_machine_does_not_give_is_no_fault_of_ours() {
        let memory = || EngineError::Memory {
            what: "counting".to_owned(),
        };
        let file = |kind: ErrorKind| std::io::Error::from(kind);
        let of_stages = |engine: &dyn Fn() -> EngineError| {
            [
                StudyError::Engine(engine()),
                StudyError::Intake(IntakeError::table("identities")(engine())),
                StudyError::Linkage(engine().into()),
                StudyError::Casefind(engine().into()),
                StudyError::Count(CountError::Engine {
                    step: "adding up",
                    source: engine(),
                }),
                StudyError::Audit(AuditError::Engine {
                    step: "asking",
                    source: engine(),
                }),
            ]
        };
        for error in of_stages(&memory) {
            assert_eq!((error.exit_code(), error.advice()), (2, None), "{error}");
        }
        for (kind, code) in [
            (ErrorKind::StorageFull, 2),
            (ErrorKind::QuotaExceeded, 2),
            (ErrorKind::PermissionDenied, 2),
            (ErrorKind::ReadOnlyFilesystem, 2),
            (ErrorKind::IsADirectory, 70),
        ] {
            let of_files = [
                StudyError::File(file(kind)),
                StudyError::Linkage(file(kind).into()),
                StudyError::Casefind(file(kind).into()),
                StudyError::Audit(file(kind).into()),
                StudyError::Publish(file(kind).into()),
            ];
            let of_engine = of_stages(&|| EngineError::File(file(kind)));
            for error in of_files.into_iter().chain(of_engine) {
                assert_eq!(error.exit_code(), code, "{kind}: {error}");
                assert_eq!(error.advice().is_some(), code == 2, "{kind}: {error}");
            }
        }
        let lost = || EngineError::Elsewhere {
            what: "scoring".to_owned(),
            why: "no executor is left",
        };
        for error in of_stages(&lost) {
            assert_eq!(error.exit_code(), 3, "{error}");
        }
        let clear = || EngineError::InClear {
            what: "scoring".to_owned(),
        };
        for error in of_stages(&clear) {
            assert_eq!(error.exit_code(), 5, "{error}");
        }
    }
}
