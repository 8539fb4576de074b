//! Real figures from public sources, shown beside an invented nation: people living with secondary breast cancer in
//! the United Kingdom.
//!
//! # Why no `Release`
//! Everything else on a site comes out of a [`protect::Release`], because it was made from records of people. These
//! figures were not: they are worked out from printed totals (who died in a whole country, how long people live on
//! average), so there is nobody in them who could be recognised. They come from one file that is built into the
//! program, and [`publish`](crate::publish()) takes them from nowhere else. No caller can put a table of people into
//! their place.
//!
//! # The invariant
//! Nothing in that file is typed: `counted estimate uk --write FILE` writes it, a test recomputes it, and
//! [`PublicFigures::read`] refuses one whose parts contradict each other.

mod checks;
mod format;

pub use format::{
    Deaths, Drivers, Inhabitants, Printed, PublicFigures, Published, Range, Rerun, Scenario, Spread,
};

pub(crate) use checks::is_link;

use crate::PublishError;

/// The file, as it was written.
pub const LIVING_IN_THE_UK: &str = include_str!("../../../../countries/uk/living-2021.toml");

/// Where a site offers the same file.
pub(crate) const DOWNLOAD: &str = "public-figures/living-2021.toml";

/// People living with secondary breast cancer in the United Kingdom on 1 January 2021.
///
/// **Source.** `countries/uk/living-2021.toml`, which names its own.
///
/// **Errors.** The built-in file contradicts itself.
pub fn living_in_the_uk() -> Result<PublicFigures, PublishError> {
    PublicFigures::read(LIVING_IN_THE_UK)
}

#[cfg(test)]
mod tests;
