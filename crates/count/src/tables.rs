//! The names under which this stage knows its tables in SQL, and the way of whole numbers into a column of reals.

/// `cases.parquet` of the stage casefind.
pub(crate) const CASES: &str = "count_cases";
/// `case_people.parquet` of the stage casefind.
pub(crate) const PEOPLE: &str = "count_people";
/// `evidence.parquet` of the stage casefind.
pub(crate) const EVIDENCE: &str = "count_evidence";
/// The registrations that the stage intake read.
pub(crate) const REGISTRATIONS: &str = "count_registrations";
/// Our own `estimates.parquet`.
pub(crate) const ESTIMATES: &str = "count_estimates";
/// Our own `counts.parquet`.
pub(crate) const COUNTS: &str = "count_counts";

/// A whole number for a column of reals. Counts of people and of days stay far below 2^53, so this is exact.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn whole(number: i64) -> f64 {
    number as f64
}
