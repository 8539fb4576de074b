//! Arrow in, Arrow out: the pair loop as a pure function from one batch of blocked records to pairs.
//!
//! For a cluster, where no machine scores the whole table. Whoever calls it has grouped the records by the key of one
//! rule and cuts the groups into batches between blocks, anywhere; the pairs of all batches are those that
//! [`Linker::weigh`] finds under the rule, with the same probabilities, bit by bit.
//!
//! What only the whole table knows comes along: its size in the [`Scoring`], and with each record how many others have
//! its values, and under which rules its block was too large and was left out. A pair that an earlier rule proposes is
//! left to that rule.
//!
//! | column in | type | |
//! |---|---|---|
//! | `block` | UInt64 | the block; its rows stand side by side |
//! | `record` | UInt32 | the number of the record in the whole table |
//! | `left_out` | UInt64 | bit r: under the model's rule r the record's block was left out |
//! | `value_f`, for each field f of the model | Utf8 | what the record says, as [`Table::shown`] shows it; null or blank where nothing |
//! | `count_f`, unless f is a number or a sex | UInt32 | records of the whole table with this value |
//!
//! | column out | type | |
//! |---|---|---|
//! | `block` | UInt64 | that of the pair |
//! | `a`, `b` | UInt32 | two records, `a` below `b` |
//! | `probability` | Float32 | that they are one person's; pairs below the least are left out |
//!
//! [`Linker::weigh`]: super::Linker::weigh
//! [`Table::shown`]: super::Table::shown

mod columns;
mod function;
mod scoring;
#[cfg(test)]
mod tests;
mod written;

pub use function::PAIRS;
pub use scoring::Scoring;

pub(crate) use columns::{count_name, value_name};
