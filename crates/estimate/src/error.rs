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

    // Survival, prevalence, back-calculation, delay and projection.
    /// Follow-up that ends where it begins, or before.
    #[error("someone's follow-up has no length (give a death on the first day half a day)")]
    FollowUpWithoutLength,
    /// Follow-up without a single end.
    #[error("nobody is known to have died during the follow-up")]
    NoDeaths,
    /// Everyone under observation has died while others had not yet entered.
    #[error(
        "everyone under observation had died before others entered, so that the curve would stay at nought"
    )]
    EarlyRiskSetDied,
    /// A time after the last one at which anybody was observed.
    #[error("nobody was followed up that long")]
    BeyondFollowUp,
    /// Parameters that make no survival curve.
    #[error("a survival curve needs shapes, scales and hazards above nought and shares from 0 to below 1")]
    SurvivalParameters,
    /// Two points that no curve of the family passes through.
    #[error("no curve of this family passes through the two published points")]
    SurvivalAnchors,
    /// Too few deaths for as many parameters.
    #[error(
        "only {deaths} deaths were seen, and a curve with {parameters} parameters needs at least {least}"
    )]
    TooFewDeathsForCurve {
        /// Deaths seen.
        deaths: usize,
        /// Parameters of the curve.
        parameters: usize,
        /// The fewest deaths that are accepted.
        least: usize,
    },
    /// A mean that does not exist.
    #[error("the tail of the survival curve is so heavy that its mean has no bound")]
    InfiniteMean,
    /// A matrix that cannot be inverted.
    #[error("the data do not determine all parameters")]
    NotDetermined,
    /// A duration or horizon of no length, or one without sense.
    #[error("a duration must be longer than nought and at most 250 years")]
    Duration,
    /// A count or rate below nought.
    #[error("a count is below nought")]
    Negative,
    /// A register that holds nobody who could be corrected for.
    #[error("nobody is expected to be alive within the years that were recorded")]
    NobodyExpected,
    /// A date before the first diagnosis of a register.
    #[error("nobody in the register was diagnosed by that date")]
    NobodyByDate,
    /// The first year of incidence does not lie before the first year of deaths.
    #[error(
        "new cases must be counted from a year before the first year of deaths, and from at most 200 years before"
    )]
    StartYear,
    /// A year outside the fitted years.
    #[error("the year {year} lies outside the years {first} to {last}")]
    YearOutside {
        /// The year asked for.
        year: i32,
        /// The first year there is.
        first: i32,
        /// The last year there is.
        last: i32,
    },
    /// No draws asked for, or none that could be made.
    #[error("no draws were asked for")]
    NoDraws,
    /// A reporting triangle of the wrong shape.
    #[error("the rows of a reporting triangle must not grow longer, and none may be empty")]
    TriangleShape,
    /// A reporting triangle that is too small.
    #[error("reports of {periods} periods over {delays} delays are too few: at least 3 of each are needed")]
    TriangleTooSmall {
        /// Periods of diagnosis.
        periods: usize,
        /// Delays.
        delays: usize,
    },
    /// No period has been followed from its beginning to this delay with anybody in it.
    #[error("in no period had anything been reported before delay {delay}, so its growth is not known")]
    NothingReportedBefore {
        /// The delay, from 0.
        delay: usize,
    },
    /// A period without a single report.
    #[error("nothing has been reported for this period yet")]
    NothingReported,
    /// Runs of a study that do not fit together.
    #[error("runs must come in order of time, each with the people of every period up to its own")]
    RunsOutOfOrder,
    /// A trend between two years of which one has no new cases.
    #[error(
        "the trend compares the new cases of the last year with those {years} years before, and one of these two years has none"
    )]
    NoTrend {
        /// Years between the two.
        years: usize,
    },
    /// A projection that reaches too far.
    #[error("a projection reaches 1 to 10 years ahead, and not {years}")]
    ProjectionTooLong {
        /// Years asked for.
        years: usize,
    },
    // Lists that overlap.
    /// Why overlapping lists do not say how many there are.
    #[error(transparent)]
    Lists(#[from] crate::lists::ListsError),
    // The joint estimate.
    /// Why there is no joint estimate.
    #[error(transparent)]
    Joint(#[from] crate::joint::JointError),

    // Case-mix.
    /// Too few yes or no for the effects of a model.
    #[error("{events} events are too few for a model of {effects} effects: ten are needed for each")]
    FewForModel {
        /// The rarer of yes and no.
        events: u64,
        /// Effects that would be fitted.
        effects: usize,
    },
    /// The model has no best fit that could be found.
    #[error("no best fit of the model was found")]
    NoTop,
}
