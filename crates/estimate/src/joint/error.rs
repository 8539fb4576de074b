//! Why there is no joint estimate.

/// Why there is no joint estimate. Each text fits behind "cannot be estimated, because ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JointError {
    /// Not one person.
    #[error("nobody was found in any source")]
    Nobody,
    /// No organisation.
    #[error("the study has no organisation")]
    NoPlace,
    /// No time.
    #[error("the study covers no time, or more than 200 years")]
    NoTime,
    /// A place, class or list that a person names and that is not there.
    #[error("a person names {0} that the study does not have")]
    Unknown(&'static str),
    /// A value without sense.
    #[error("{0} is not a number in its range")]
    Value(&'static str),
    /// Nothing left that counts.
    #[error("no class of evidence counts before charts of it have been read, and none were read")]
    NothingCounts,
    /// Charts of people without evidence that ask about years of which nothing is known here.
    #[error(
        "charts of people without evidence ask about {first} to {last}, and the study knows who died from {from} to {to}"
    )]
    ChartYears {
        /// The first year that they ask about.
        first: i32,
        /// The last one.
        last: i32,
        /// The first year counted.
        from: i32,
        /// The last year counted.
        to: i32,
    },
    /// Too few lists, everywhere.
    #[error(
        "no organisation is covered by two lists in any year, and one list alone cannot say whom it misses"
    )]
    OneList,
    /// Lists everywhere, and none of them speaks.
    #[error("the lists do not say how many people they miss: {0}")]
    Lists(crate::lists::ListsError),
    /// Too few people in closed sets.
    #[error("nobody has been followed long enough for the lists to be compared")]
    NoClosedSet,
    /// More deaths among people on no list than there are for them.
    #[error(
        "more people on no list are expected to have died of the disease than were found only on certificates"
    )]
    NoRoom,
    /// Nothing to calculate back from.
    #[error("no national deaths were given; study.toml may name them")]
    NoNationalDeaths,
    /// No survival.
    #[error("nothing says how long people live who were not followed: {0}")]
    Survival(String),
}
