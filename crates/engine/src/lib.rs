//! One door to the query engine.
//!
//! Every other crate sees tables, rows and SQL; only this one and `cluster` name DataFusion or Parquet,
//! and of Arrow `linkage` names the arrays alone, for the function that scores pairs. The engine runs inside the process ([`Session::embedded`]), with a bounded memory
//! pool, and spills to a folder of the study that only its owner can read; or the same plans run
//! elsewhere ([`Session::over`]), and whoever asks does not know it.
//!
//! Invariants kept here:
//! - the same rows written through a [`TableWriter`] or [`Session::write`] give the same bytes,
//!   whatever the number of threads, the memory or the batch sizes inside;
//! - no error of the engine quotes a cell: the text of Arrow and DataFusion is dropped;
//! - an answer that memory did not suffice for is an error, never another answer;
//! - every file carries the name and the version of its table in its metadata.
//!
//! Column names are case sensitive (national names are upper case); unquoted names in SQL are
//! taken as written.

mod batch;
mod blocks;
mod error;
mod group_writer;
mod groups;
mod known;
mod lack;
mod lookup;
mod marks;
mod memory;
mod names;
mod pick;
mod place;
mod private;
mod quiet;
mod read;
mod real;
mod rename;
mod schema;
mod session;
mod sets;
mod some_rows;
mod unchanged;
mod write;

pub use batch::{Batch, DateColumn, FlagColumn, IntegerColumn, RealColumn, TextColumn, TextsColumn};
pub use blocks::{BlockFunction, BlockFunctions};
pub use error::{EngineError, IN_CLEAR};
pub use group_writer::GroupWriter;
pub use groups::{Groups, MOST_GROUPS, encoded, same_but};
pub use lack::Lack;
pub use lookup::{ByRecord, ColumnByRecord};
pub use marks::{Marker, Markers};
pub use names::{one_file, second_name};
pub use pick::{Picked, PickedBatch, Question};
pub use private::private_folder;
pub use read::{TableReader, parts, schema_of};
pub use real::real;
pub use rename::rename;
pub use session::{Answer, Functions, GiveUp, Lend, Options, Remote, Session, functions};
pub use sets::{NamedSet, Phrase, code_of, holds_pair};
pub use unchanged::Unchanged;
pub use write::{GROUP_ROWS, TableWriter};
