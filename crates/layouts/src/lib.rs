//! The layouts of the files that hospitals and registries send, as data.
//!
//! For whom: `intake` reads files by them, `simulate` writes files by them, and definitions are
//! checked against the columns they document. One TOML file a kind lies in `data/` and is compiled in.
//!
//! Invariant: a name exists once. A column that a table promises is named by exactly one layout
//! entry, a header fits at most one column of a layout, and the schemas in [`tables`] are derived
//! from the same entries, so that reader, writer and definition cannot drift apart. The schemas are
//! contracts (`docs/src/tables-out.md`): a change shows in the committed snapshot and needs a new version.
//!
//! Standards followed: HES/PEDW data dictionaries, SACT v3, RTDS, Cancer Waiting Times v12,
//! COSD 8.1, 9.0.1 and 10.0.1 (DAPB1521), the column names of the English registry.

/// The kinds of source that show people whom a hospital should have recorded.
pub const ELSEWHERE: [&str; 4] = ["admissions", "cwt", "rtds", "sact"];

mod bind;
mod column;
pub mod cosd_paths;
mod error;
mod layout;
mod mapped;
mod parse;
pub mod tables;

pub use bind::{Binding, Bound, Renames, header_key, is_column_name};
pub use column::{Cell, Column, Repeat, Role};
pub use error::{BindError, LayoutError};
pub use layout::{DocumentedColumn, Format, Layout, Need, Section, all, documented, layout};
