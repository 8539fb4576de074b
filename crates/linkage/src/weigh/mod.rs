//! The probabilistic linker: which records of any person table are one person's, and how sure that is.
//!
//! It follows Fellegi and Sunter (1969). Two records are compared field by field; each field agrees at a level. How
//! often each level is met among records of one person (`m`) and among strangers (`u`) is learnt from the table
//! itself, without labels. `log2(m/u)` is the weight of a level; the weights and the odds before any field is heard
//! add up to the odds that the two are one person's.
//!
//! The way of the data, a module a station:
//! `table` (values as integers) → `rules` and `blocks` (which pairs are looked at) → `counts` (what pairs look like)
//! → `mixture`, `region`, `train`, `check` (what is learnt) → `model` (the file) → `weights` and `kernel` (every
//! pair's probability) → `decide` (people).
//!
//! It knows no file, and of the engine only that it may call `batch`. The outcome depends on the table and the settings alone, not on threads.

mod batch;
mod blocks;
mod built_in;
mod check;
mod counts;
mod decide;
pub mod draw;
mod explain;
mod field;
mod glance;
mod kernel;
mod level;
mod link;
mod mixture;
mod model;
mod normal;
mod numbers;
mod pairs;
mod plan;
mod region;
mod rivals;
mod rules;
mod similar;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod train;
mod unproposed;
mod weights;
mod written;

pub use batch::{PAIRS, Scoring};
pub use built_in::built_in;
pub use decide::{Decided, Deciding, Refusal};
pub use explain::{Among, FieldAccount, PairAccount, chance};
pub use field::{Field, Kind, LEVELS, Level};
pub use kernel::Pair;
pub use link::{Learnt, Linker, Settings, Weighed};
pub use model::{Model, ModelStratum};
pub use pairs::{InOrder, Pairs, Spill};
pub use plan::{Plan, PlannedRule};
pub use rules::{Cut, Part, Rule};
pub use table::Table;
pub use train::Training;

pub(crate) use batch::{count_name, value_name};
pub(crate) use blocks::Blocks;
pub(crate) use field::date::PARTIAL;
pub(crate) use field::name::SWAPPED;
pub(crate) use field::{DIFFERS, SAME};
pub(crate) use kernel::Kernel;
pub(crate) use level::{level_of_dates, level_of_texts};
pub(crate) use link::Scored;
