//! Why something could not be estimated.

/// Why something could not be estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
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

    // Misclassification, shrinkage, funnels, charts, standardisation and calibration.
    /// A stratum, counted from 1, in which nobody's chart was reviewed.
    #[error("no chart was reviewed in stratum {0}, so nothing is known of its people")]
    NotReviewed(usize),
    /// A validation without anyone of one kind.
    #[error("the validation holds nobody {0}")]
    NobodyValidated(&'static str),
    /// A flag that says nothing: sensitivity + specificity ≤ 1.
    #[error(
        "sensitivity and specificity add up to 1 or less, so the flag does not tell people with the disease from people without it"
    )]
    Uninformative,
    /// Two inputs that cannot both be right.
    #[error("{0} contradict each other")]
    Contradiction(&'static str),
    /// Fewer of something than the method needs.
    #[error("{needed} {what} or more are needed, and there are {found}")]
    TooFew {
        /// What there is too little of.
        what: &'static str,
        /// How many are needed.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// Inputs that belong together, value by value, and differ in length.
    #[error("{0} differ in number")]
    Lengths(&'static str),
    /// A share, a probability or a coefficient outside 0 to 1.
    #[error("{0} must lie between 0 and 1")]
    OutsideUnit(&'static str),
    /// Something that must be above 0 and is not.
    #[error("{0} must be above 0")]
    NotPositive(&'static str),
    /// Groups without any spread between them beyond chance.
    #[error(
        "the groups differ no more than chance alone would make them, so no spread between them can be fitted"
    )]
    NoSpread,
    /// A total that the groups cannot reach.
    #[error("the total cannot be reached by the groups it is meant for")]
    Unreachable,
    /// A width that reviewing one stratum cannot reach.
    #[error(
        "reviewing every chart of this stratum would still leave a wider interval, because of the other strata"
    )]
    WidthUnreachable,
    /// A sum or search that did not come to an end.
    #[error("{0} did not settle")]
    NotSettled(&'static str),
}
