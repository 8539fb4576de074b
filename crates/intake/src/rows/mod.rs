//! Files of rows and columns: CSV and its kin, and Parquet with the same columns.

mod bodies;
mod buffer;
mod cells;
mod claims;
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

pub(crate) use bodies::{nation_of, unknown_in};
pub(crate) use cells::may_be_organisation;
pub(crate) use claims::{Claims, People, of_key as key_claim, of_number as number_claim};
pub(crate) use delimited::Delimited;
pub(crate) use file::{Common, Job, PickedRows, glance, no_parquet, parquet_header, read};
pub(crate) use identity::lacks_a_century;
pub(crate) use marks::{HEAD, Known, Mark, Wanted, between_files};
pub use narrow::Narrowing;
pub(crate) use narrow::{Narrowed, Sought, names as column_names};
pub use plan::ColumnChoices;
pub(crate) use plan::Plan;
pub(crate) use source::{ByteSource, Looks};
pub(crate) use text::{key_in, text as cell_text};
