//! Files of rows and columns: CSV and its kin, and Parquet with the same columns.

mod bodies;
mod buffer;
mod cells;
mod codes;
mod delimited;
mod excerpt;
mod file;
mod identity;
mod marks;
mod narrow;
mod plan;
mod reader;
mod record;
mod sink;
mod source;
mod text;

pub(crate) use bodies::nation_of;
pub(crate) use delimited::Delimited;
pub(crate) use file::{Common, Job, glance, read};
pub(crate) use marks::{Known, Mark, between_files};
pub use plan::ColumnChoices;
pub(crate) use source::{ByteSource, Looks};
pub(crate) use text::text as cell_text;
