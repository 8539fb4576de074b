//! What can go wrong at the door, in words that never quote a cell.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use datafusion::error::DataFusionError;
use datafusion::parquet::errors::ParquetError;

use crate::lack::Lack;

/// An error of the engine: where, what, and what to do; never the content of a row.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A file could not be read or written.
    #[error("{0}")]
    File(#[from] io::Error),
    /// A table that is not there.
    #[error("{path}: there is no such file", path = .0.display())]
    Missing(PathBuf),
    /// A path that the engine cannot be told.
    #[error(
        "{path}: the query engine reads no path with a line end, a tab or another control character, and none that is not UTF-8{shares}; give it another name",
        path = .0.display(),
        shares = if cfg!(windows) { ", and none in a shared folder that has no letter" } else { "" }
    )]
    Place(PathBuf),
    /// A Parquet file is damaged or is no Parquet file.
    #[error("{path}: not a readable Parquet file; write it again or leave it out", path = .0.display())]
    NotParquet(PathBuf),
    /// A Parquet file whose columns unfold to more than cells of records can hold.
    #[error("{path}: its columns unfold to more than cells of records can hold; write it again or leave it out", path = .0.display())]
    Unfolds(PathBuf),
    /// A row does not fit its table.
    #[error("table `{table}`: column `{column}` takes {wanted}, not {given}")]
    Type {
        /// The table being written or read.
        table: String,
        /// The column.
        column: String,
        /// The kind the schema names.
        wanted: &'static str,
        /// The kind that was given.
        given: &'static str,
    },
    /// A row has too many or too few values.
    #[error("table `{table}` has {wanted} columns, the row has {given}")]
    Width {
        /// The table being written.
        table: String,
        /// Columns of the schema.
        wanted: usize,
        /// Values of the row.
        given: usize,
    },
    /// A column is not there.
    #[error("table `{table}` has no column `{column}`")]
    NoColumn {
        /// The table.
        table: String,
        /// The column that was asked for.
        column: String,
    },
    /// A plan could not be made: the SQL is wrong. No data had been read.
    #[error("the plan for {what} is not valid: {why}")]
    Plan {
        /// What the plan was for.
        what: String,
        /// The engine's reason; it speaks of names and types only.
        why: String,
    },
    /// A question that a cluster might answer with rows told twice.
    #[error(
        "{what} keeps rows without a partner in a join that has no equality, which a cluster short of memory may answer with rows told twice; ask it without `--cluster`, or join by an equality"
    )]
    TellsTwice {
        /// What was to run.
        what: String,
    },
    /// The engine ran out of the memory it was given.
    #[error("{what} needs more memory than `--memory` allows; give more, or fewer `--threads`")]
    Memory {
        /// What was running.
        what: String,
    },
    /// The disk was full.
    #[error("{what} found no room left on the disk; make room where the working files lie, and run it again")]
    NoRoom {
        /// What was running.
        what: String,
    },
    /// The system refused a file.
    #[error(
        "{what} was refused a file by the system; give whoever runs this the permission to read and write where the working files lie, and run it again"
    )]
    NotAllowed {
        /// What was running.
        what: String,
    },
    /// A plan failed while it ran.
    #[error(
        "{what} failed in the query engine (code {code}); run `counted verify` on the study, and report it with this code"
    )]
    Failed {
        /// What was running.
        what: String,
        /// A code that stands for the kind of failure.
        code: &'static str,
    },
    // What may happen to a plan that runs elsewhere; each can be tried again.
    /// The answer was not whole in time.
    #[error(
        "{what} took longer on the cluster than {seconds} seconds and was given up; nothing was changed: run it again, with a longer `--deadline` or more executors"
    )]
    Late {
        /// What was running.
        what: String,
        /// How long it might have taken.
        seconds: u64,
    },
    /// A table could not be brought to where the cluster reads it.
    #[error(
        "table `{table}` could not be lent to the cluster: {why}; nothing was changed: run it again when its storage is well"
    )]
    Lent {
        /// The table.
        table: String,
        /// Why not.
        why: String,
    },
    /// Rows would have gone over a network in clear.
    #[error(
        "{what} was given up before an executor beyond this machine was called without TLS: whoever is on the network could read rows \
         of people and the token; give the certificate of the cluster's authority (`--cluster-authority`; of an executor \
         `--authority`), or accept it with `--cluster-insecure` (of an executor `--insecure`)"
    )]
    InClear {
        /// What was running.
        what: String,
    },
    /// The cluster could not do it.
    #[error(
        "{what} failed on the cluster: {why}; nothing was changed: run it again when the cluster is well"
    )]
    Elsewhere {
        /// What was running.
        what: String,
        /// What is known of the reason.
        why: &'static str,
    },
}

/// What a call says of itself that would have left its machine in clear unasked, wherever that was.
pub const IN_CLEAR: &str = "refused to call beyond this machine without TLS";

/// Words in the text of a failure elsewhere, and what they say. The text itself may quote cells and paths of other
/// machines, and is dropped.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["Unauthenticated", "unauthenticated"], "it refused the token"),
    (
        &["Resources exhausted", "ResourcesExhausted"],
        "an executor needs more memory than its `--memory` allows",
    ),
    (
        &[
            "no executors",
            "No executors",
            "ExecutorLost",
            "executor lost",
            "No available executor",
            // Our scheduler gives up what waits for the first one; whoever asks does not hear of what it gave up itself.
            "failed: Cancelled",
        ],
        "no executor is there, or none is left; see that they run, and what one said that ended",
    ),
    (
        &["FetchPartition", "FetchFailed", "fetch partition"],
        "an executor went away with its part of the answer",
    ),
    (
        &["No suitable object store"],
        "the scheduler or an executor was started without the `--storage` of this run",
    ),
    (
        &["the scheduler does not see"],
        "the scheduler does not see the files of the study; mount the study's folder there at the same path, for whoever runs the scheduler to read",
    ),
    (
        &["no longer what was lent"],
        "the scheduler or an executor does not find in its storage what was lent; give all of them the storage of this run, and each run at a time a `prefix` of its own",
    ),
    (
        &["the storage "],
        "the scheduler or an executor cannot read the storage",
    ),
    (
        &["Permission denied"],
        "the scheduler or an executor may not read the study's folder, or an executor may not write its `--work`; start it as the owner of both",
    ),
    (
        &["not found", "No such file", "ObjectStore"],
        "the scheduler or an executor does not see the files of the study under the same path",
    ),
    (
        &[
            "transport error",
            "ConnectError",
            "h2 protocol",
            "Stream closed",
            "connection",
            "Connection",
        ],
        "the scheduler or an executor cannot be reached",
    ),
];

impl EngineError {
    /// A failure before any data is read: the text speaks of names and types and is kept.
    pub(crate) fn planning(what: &str, error: &DataFusionError) -> Self {
        Self::Plan {
            what: what.to_owned(),
            why: error.strip_backtrace(),
        }
    }

    /// A failure while data is read: the engine's text may quote cells and is dropped.
    pub(crate) fn running(what: &str, error: &DataFusionError) -> Self {
        let what = what.to_owned();
        match Lack::under(error) {
            Some(Lack::Memory) => return Self::Memory { what },
            Some(Lack::Room) => return Self::NoRoom { what },
            Some(Lack::Permission) => return Self::NotAllowed { what },
            None => {}
        }
        match error.find_root() {
            DataFusionError::ArrowError(..) => Self::Failed {
                what,
                code: "E-ARROW",
            },
            DataFusionError::ParquetError(_) => Self::Failed {
                what,
                code: "E-PARQUET",
            },
            DataFusionError::ObjectStore(_) | DataFusionError::IoError(_) => {
                Self::Failed { what, code: "E-FILE" }
            }
            DataFusionError::Execution(_) => Self::Failed { what, code: "E-RUN" },
            _ => Self::Failed {
                what,
                code: "E-ENGINE",
            },
        }
    }

    /// A failure on other machines, of which only a text is known.
    pub(crate) fn elsewhere(what: &str, error: &DataFusionError) -> Self {
        let text = error.to_string();
        if text.contains(IN_CLEAR) {
            return Self::InClear {
                what: what.to_owned(),
            };
        }
        let known = ELSEWHERE
            .iter()
            .find(|(words, _)| words.iter().any(|word| text.contains(word)));
        Self::Elsewhere {
            what: what.to_owned(),
            why: known.map_or("an executor could not run its part of the plan", |(_, why)| why),
        }
    }

    pub(crate) fn late(what: &str, deadline: Duration) -> Self {
        Self::Late {
            what: what.to_owned(),
            seconds: deadline.as_secs(),
        }
    }

    /// A failure with a Parquet file; its own text may quote cells and is dropped.
    pub(crate) fn parquet(path: &Path, error: &ParquetError) -> Self {
        // A file that could not be written for want of room is not a damaged one.
        let kind = match Lack::under(error) {
            Some(Lack::Room) => io::ErrorKind::StorageFull,
            Some(Lack::Permission) => io::ErrorKind::PermissionDenied,
            Some(Lack::Memory) | None => return Self::NotParquet(path.to_owned()),
        };
        Self::File(io::Error::new(kind, format!("{}: {kind}", path.display())))
    }

    /// A table that cannot be opened; one that is not there is known by its path, so that whoever made it can be told.
    pub(crate) fn opening(path: &Path, error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound {
            Self::Missing(path.to_owned())
        } else {
            Self::File(error)
        }
    }

    /// The table that is missing, or damaged so that it cannot be read, where that is the fault.
    pub fn lost_table(&self) -> Option<&Path> {
        match self {
            Self::Missing(path) | Self::NotParquet(path) | Self::Unfolds(path) => Some(path),
            _ => None,
        }
    }

    /// What the machine, or whoever runs this, did not give; none where the fault is another.
    pub fn lack(&self) -> Option<Lack> {
        match self {
            Self::File(error) => Lack::of(error),
            Self::Memory { .. } => Some(Lack::Memory),
            Self::NoRoom { .. } => Some(Lack::Room),
            Self::NotAllowed { .. } => Some(Lack::Permission),
            _ => None,
        }
    }

    /// True when the cluster is at fault: the same call may go well another time.
    pub fn is_cluster(&self) -> bool {
        matches!(
            self,
            Self::Late { .. } | Self::Lent { .. } | Self::Elsewhere { .. }
        )
    }

    /// True when it was refused for safety.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::InClear { .. })
    }

    /// True when a path cannot be told to the engine.
    pub fn is_place(&self) -> bool {
        matches!(self, Self::Place(_))
    }

    /// True when the call, not the data, is at fault.
    pub fn is_plan(&self) -> bool {
        matches!(self, Self::Plan { .. } | Self::TellsTwice { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_not_taken_for_a_damaged_file() {
        let path = Path::new("counts.parquet");
        let of = |kind: io::ErrorKind| {
            EngineError::parquet(path, &ParquetError::External(Box::new(io::Error::from(kind))))
        };
        let full = of(io::ErrorKind::StorageFull);
        assert_eq!(full.lack(), Some(Lack::Room));
        assert_eq!(full.to_string(), "counts.parquet: no storage space");
        assert_eq!(of(io::ErrorKind::PermissionDenied).lack(), Some(Lack::Permission));
        let damaged = of(io::ErrorKind::UnexpectedEof);
        assert!(matches!(damaged, EngineError::NotParquet(_)) && damaged.lack().is_none());
    }

    #[test]
    fn what_failed_elsewhere_is_told_by_its_kind_and_not_quoted() {
        let connection = "GrpcConnectionError(\"Error creating endpoint to CANARY: \\\"";
        let clear = [connection, IN_CLEAR, "\\\"\")"].concat();
        for (text, words, refused) in [
            (clear.as_str(), "--cluster-insecure", true),
            ("Job CANARY failed: Cancelled", "no executor is there", false),
            (
                "Job CANARY failed: all executors were lost; no executors remain",
                "none is left",
                false,
            ),
            (
                "Object Store error: Unable to open CANARY: Permission denied (os error 13)",
                "start it as the owner of both",
                false,
            ),
            (
                "Object Store error: CANARY not found: No such file or directory (os error 2)",
                "the scheduler or an executor does not see the files",
                false,
            ),
            (
                "Generic the files of the scheduler error: the scheduler does not see a file",
                "mount the study's folder there",
                false,
            ),
            (
                "CANARY is no longer what was lent",
                "does not find in its storage what was lent",
                false,
            ),
            ("CANARY", "could not run its part", false),
        ] {
            let error = EngineError::elsewhere("looking", &DataFusionError::Execution(text.to_owned()));
            let said = error.to_string();
            assert!(said.starts_with("looking") && said.contains(words), "{said}");
            assert!(!said.contains("CANARY"), "{said}");
            assert_eq!(
                (error.is_refusal(), error.is_cluster()),
                (refused, !refused),
                "{said}"
            );
        }
    }

    #[test]
    fn what_was_lacking_is_told_and_the_engine_is_not_quoted() {
        let error = DataFusionError::ResourcesExhausted("CANARY".to_owned()).context("CANARY");
        let memory = EngineError::running("counting", &error);
        assert_eq!(memory.lack(), Some(Lack::Memory));
        let error = DataFusionError::IoError(io::Error::new(io::ErrorKind::StorageFull, "CANARY"));
        let room = EngineError::running("counting", &error);
        assert_eq!(room.lack(), Some(Lack::Room));
        for error in [memory, room] {
            let words = error.to_string();
            assert!(
                words.starts_with("counting") && !words.contains("CANARY"),
                "{words}"
            );
        }
    }
}
