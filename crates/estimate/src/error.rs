//! Why something could not be estimated.

/// Why something could not be estimated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EstimateError {
    /// Nothing to estimate from.
    #[error("there is nothing to estimate from")]
    Empty,
    /// A value that is not a number.
    #[error("a value is not a finite number")]
    NotFinite,
    /// More successes than trials.
    #[error("the part is larger than the whole")]
    PartAboveWhole,
    /// More people on both lists than on one of them.
    #[error("more people stand on both lists than on one of them")]
    OverlapAboveList,
    /// A level of confidence that is not between 0 and 1.
    #[error("a level of confidence lies between 0 and 1, such as 0.95")]
    Confidence,

    // Lists that overlap.
    /// Why overlapping lists do not say how many there are.
    #[error(transparent)]
    Lists(#[from] crate::lists::ListsError),
}
