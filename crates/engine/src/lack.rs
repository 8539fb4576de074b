//! What the machine, or whoever runs the program, did not give: memory, room on the disk, permission.
//!
//! Such a failure is no fault of the program and none of the data, and whoever runs it can mend it. What failed may be
//! wrapped several times before it arrives here, so the whole chain is looked at.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use datafusion::error::DataFusionError;

/// What was lacking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Memory.
    Memory,
    /// Room on the disk.
    Room,
    /// Permission to read or to write.
    Permission,
}

impl Lack {
    /// What was lacking when the system refused; none where it was something else.
    pub fn of(error: &io::Error) -> Option<Self> {
        match error.kind() {
            ErrorKind::OutOfMemory => Some(Self::Memory),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(Self::Room),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Some(Self::Permission),
            _ if cfg!(windows) && is_held(error) => Some(Self::Permission),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Memory => "this machine has no memory left: end what else needs it, or use another one",
            Self::Room => "make room there, and run it again",
            Self::Permission if cfg!(windows) => {
                "close it in every program that has it open (Excel keeps its files to itself), or give whoever runs this the \
                 permission to read and write there, and run it again"
            }
            Self::Permission => {
                "give whoever runs this the permission to read and write there, and run it again"
            }
        }
    }

    /// What was lacking at the bottom of a failure, whoever passed it on.
    pub(crate) fn under(error: &(dyn Error + 'static)) -> Option<Self> {
        causes(error).find_map(|cause| {
            if let Some(DataFusionError::ResourcesExhausted(_)) = of_engine(cause) {
                return Some(Self::Memory);
            }
            cause.downcast_ref::<io::Error>().and_then(Self::of)
        })
    }
}

/// The numbers with which Windows says that another program has a file, or a part of it, to itself.
const HELD: [&str; 2] = ["(os error 32)", "(os error 33)"];

/// Whether a failure has one of these numbers. Who adds the path to a failure leaves its number in the text alone.
fn is_held(error: &io::Error) -> bool {
    let text = error.to_string();
    HELD.iter().any(|number| text.ends_with(number))
}

/// A failure, what caused it, what caused that, and so on.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| cause(error))
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    // An error of the system that wraps another one names as its source what is below that one, and would hide it.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => {
            let wrapped: &'a (dyn Error + 'static) = wrapped;
            Some(wrapped)
        }
        None => error.source(),
    }
}

/// The same as an error of the query engine, also where several wait for one and share it.
fn of_engine<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a DataFusionError> {
    let shared = || {
        error
            .downcast_ref::<Arc<DataFusionError>>()
            .map(|shared| &**shared)
    };
    error.downcast_ref::<DataFusionError>().or_else(shared)
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::error::ArrowError;
    use datafusion::parquet::errors::ParquetError;

    use super::*;

    fn exhausted() -> DataFusionError {
        DataFusionError::ResourcesExhausted("a sort".to_owned())
    }

    fn full() -> io::Error {
        io::Error::from(ErrorKind::StorageFull)
    }

    fn of_arrow(error: impl Into<Box<dyn Error + Send + Sync>>) -> DataFusionError {
        DataFusionError::ArrowError(Box::new(ArrowError::ExternalError(error.into())), None)
    }

    #[test]
    fn what_was_lacking_is_found_whoever_wrapped_it() {
        let spilled = io::Error::other(DataFusionError::IoError(full()));
        let exhausted_while_written = io::Error::other(exhausted());
        let refused = io::Error::from(ErrorKind::PermissionDenied);
        let read_only = io::Error::from(ErrorKind::ReadOnlyFilesystem);
        for (error, lack) in [
            (exhausted(), Lack::Memory),
            (exhausted().context("a join").context("a plan"), Lack::Memory),
            (DataFusionError::Shared(Arc::new(exhausted())), Lack::Memory),
            (
                DataFusionError::External(Box::new(Arc::new(exhausted()))),
                Lack::Memory,
            ),
            (of_arrow(exhausted().context("a sort")), Lack::Memory),
            (of_arrow(exhausted_while_written), Lack::Memory),
            (DataFusionError::IoError(full()), Lack::Room),
            (
                DataFusionError::ArrowError(Box::new(ArrowError::from(spilled)), None),
                Lack::Room,
            ),
            (
                DataFusionError::ParquetError(Box::new(ParquetError::External(Box::new(full())))),
                Lack::Room,
            ),
            (of_arrow(refused), Lack::Permission),
            (DataFusionError::IoError(read_only), Lack::Permission),
        ] {
            assert_eq!(Lack::under(&error), Some(lack), "{error:?}");
        }
    }

    #[test]
    fn other_faults_lack_nothing() {
        for error in [
            DataFusionError::Execution("Resources exhausted, says a cell".to_owned()),
            DataFusionError::IoError(io::Error::from(ErrorKind::UnexpectedEof)),
            of_arrow(io::Error::other("no room, says a cell")),
        ] {
            assert_eq!(Lack::under(&error), None, "{error:?}");
        }
    }

    #[test]
    fn what_another_program_has_to_itself_is_told_by_its_number() {
        let numbered = |number| io::Error::from_raw_os_error(number);
        let with_path =
            |error: io::Error| io::Error::new(error.kind(), format!("failed to open `a.csv`: {error}"));
        assert!(is_held(&numbered(32)) && is_held(&with_path(numbered(33))));
        assert!(!is_held(&numbered(2)) && !is_held(&with_path(numbered(132))));
    }
}
