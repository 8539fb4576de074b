//! Why overlapping lists do not say how many there are.

/// Why overlapping lists do not say how many there are.
///
/// Each text fits behind "cannot be estimated, because ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListsError {
    /// More lists, or fewer, than the tables are made for.
    #[error("there are {found} lists, and between 1 and {most} can be laid over each other")]
    NumberOfLists {
        /// How many there were.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A list without a name, with a name that is taken, or with one that could not be written in a model.
    #[error(
        "\"{name}\" cannot name a list: names are not empty, differ, and hold no comma, colon or space at an end"
    )]
    ListName {
        /// The name as given.
        name: String,
    },
    /// A person on no list.
    #[error("a row stands on no list, and people on no list are what is asked for")]
    OnNoList,
    /// A row that names a list that is not there.
    #[error("a row stands on a list that has no name (there are {lists} lists)")]
    UnknownHistory {
        /// How many lists have a name.
        lists: usize,
    },
    /// The same combination of lists twice.
    #[error("the combination {history} is given twice")]
    RepeatedHistory {
        /// One digit a list, in their order: 1 on it, 0 not.
        history: String,
    },
    /// A count that is none.
    #[error("a count is negative or not a number")]
    BadCount,
    /// A list without a single person.
    #[error("nobody stands on the list \"{name}\"")]
    EmptyList {
        /// Its name.
        name: String,
    },
    /// One list alone.
    #[error("one list alone cannot say whom it misses: a second is needed, and people on both")]
    OneList,
    /// A method that needs more lists.
    #[error("this method needs at least {least} lists, and there are {found}")]
    TooFewLists {
        /// How many it needs.
        least: usize,
        /// How many there are.
        found: usize,
    },
    /// A method whose cost explodes with the number of lists.
    #[error("this method compares every model, which is done for up to {most} lists, and there are {found}")]
    TooManyLists {
        /// How many it can do.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// Nobody is on two lists.
    #[error("nobody stands on two lists, so nothing says how much of the whole the lists reach")]
    NoOverlap,
    /// Two lists of which one holds everybody of the other.
    #[error(
        "everybody on the list \"{inner}\" stands on \"{outer}\" too, so the two are not two views of the same people, and say \
         nothing of those on neither"
    )]
    Inside {
        /// The name of the list that lies inside the other.
        inner: String,
        /// The name of the other.
        outer: String,
    },
    /// A term that names a list that is not there.
    #[error("the model names a list \"{name}\" that is not there{suggestion}")]
    UnknownList {
        /// The name as written.
        name: String,
        /// Empty, or "; did you mean …?".
        suggestion: String,
    },
    /// A term with the same list twice.
    #[error("the term \"{term}\" names a list twice")]
    RepeatedList {
        /// The term as written.
        term: String,
    },
    /// The term of all lists.
    #[error(
        "the model ties all lists together at once, which leaves nothing to tell how many stand on none of them"
    )]
    Saturated,
    /// Empty overlaps that leave the number free.
    #[error(
        "some overlaps are empty, and without them the model fits equally well with any number of people on no list"
    )]
    NotIdentified,
    /// The iterations did not come to rest.
    #[error("the calculation did not come to rest after {steps} steps")]
    NoConvergence {
        /// How many were made.
        steps: u32,
    },
    /// Not one model of the walk has an answer.
    #[error("none of the {models} models gives a finite number")]
    NoModel {
        /// How many were tried.
        models: usize,
    },
    /// Chains that ended in different places.
    #[error(
        "the chains of the sampler still disagree (R-hat {}, at most {}): these lists leave it undecided between answers",
        decimal(*rhat_thousandths),
        decimal(*most_thousandths)
    )]
    ChainsDisagree {
        /// The split R-hat, times a thousand, rounded.
        rhat_thousandths: u64,
        /// The limit, times a thousand.
        most_thousandths: u64,
    },
    /// Chains that moved too slowly.
    #[error(
        "the sampler moved too slowly: its draws are worth {effective} independent ones, and {least} are needed"
    )]
    TooFewDraws {
        /// The smallest effective sample size, rounded down.
        effective: u64,
        /// How many are asked for.
        least: u64,
    },
    /// Settings that contradict each other.
    #[error("the settings do not fit: {0}")]
    Settings(&'static str),
    /// Sample coverage too low for the formula.
    #[error("the lists overlap so little that the formula of sample coverage has no positive answer")]
    CoverageTooLow,
    /// Rates of linkage error that leave nothing.
    #[error("the rates of missed and false links add up to one or more, or are not shares")]
    LinkageRates,
    /// Linkage error explains the whole overlap.
    #[error("false links alone would explain the whole overlap of the lists")]
    OverlapIsError,
    /// A review with more confirmed than reviewed people.
    #[error("a review confirms more people than it looked at")]
    Review,
    /// A bound of a list of people that cannot hold it.
    #[error("the prior allows at most {most} people, and {seen} were seen")]
    PriorBelowSeen {
        /// The largest number that the prior allows.
        most: u64,
        /// The people on at least one list.
        seen: u64,
    },
}

/// Thousandths as a person writes them: 1134 is 1.134.
fn decimal(thousandths: u64) -> String {
    format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reason stands behind "cannot be estimated, because": a fragment, without a full stop.
    #[test]
    fn a_reason_is_a_fragment() {
        let reasons = [
            ListsError::OneList,
            ListsError::NoOverlap,
            ListsError::NotIdentified,
            ListsError::CoverageTooLow,
            ListsError::TooFewLists { least: 3, found: 2 },
            ListsError::EmptyList { name: "B".to_owned() },
            ListsError::TooFewDraws {
                effective: 12,
                least: 100,
            },
        ];
        for reason in reasons.map(|reason| reason.to_string()) {
            assert!(
                reason.starts_with(char::is_lowercase) && !reason.ends_with('.'),
                "{reason}"
            );
        }
        let disagree = ListsError::ChainsDisagree {
            rhat_thousandths: 1_134,
            most_thousandths: 1_050,
        };
        assert!(
            disagree.to_string().contains("(R-hat 1.134, at most 1.050)"),
            "{disagree}"
        );
    }
}
