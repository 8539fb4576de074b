//! The states an organisation can be in, each with its plain words, its meaning and its symbol.
//!
//! Invariant: every state differs from every other in shape, not only in colour.

use crate::facts::Thresholds;

/// The state of an organisation (`docs/src/tables-out.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Collecting,
    Partly,
    NotCollecting,
    NoResponse,
    TooFew,
    NotMeasured,
    NotInScope,
}

impl State {
    /// All, in the order of the legend.
    pub(crate) const ALL: [Self; 7] = [
        Self::Collecting,
        Self::Partly,
        Self::NotCollecting,
        Self::NoResponse,
        Self::TooFew,
        Self::NotMeasured,
        Self::NotInScope,
    ];

    /// From the word in the release; anything else cannot be told apart from not measured.
    pub(crate) fn read(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|s| s.key() == word)
            .unwrap_or(Self::NotMeasured)
    }

    /// The word in the release, also the class of its symbol.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Collecting => "collecting",
            Self::Partly => "partly",
            Self::NotCollecting => "not_collecting",
            Self::NoResponse => "no_response",
            Self::TooFew => "too_few",
            Self::NotMeasured => "not_measured",
            Self::NotInScope => "not_in_scope",
        }
    }

    /// Words for the public.
    pub(crate) fn words(self, lines: &Thresholds) -> String {
        let (upper, lower) = (lines.collecting_percent, lines.not_collecting_percent);
        match self {
            Self::Collecting => format!("Recording {upper}% or more"),
            Self::Partly => format!("Recording {lower}% to under {upper}%"),
            Self::NotCollecting => format!("Recording under {lower}%"),
            Self::NoResponse => "Sent no records".to_owned(),
            Self::TooFew => "Too few people to say".to_owned(),
            Self::NotMeasured => "Not measured".to_owned(),
            Self::NotInScope => "No breast service".to_owned(),
        }
    }

    /// What it means, in a sentence.
    pub(crate) fn meaning(self, lines: &Thresholds) -> String {
        let (upper, lower) = (lines.collecting_percent, lines.not_collecting_percent);
        let signs = "people with signs of secondary breast cancer in other records";
        match self {
            Self::Collecting => format!("Of every 100 {signs}, at least {upper} had been recorded."),
            Self::Partly => format!("Some of the {signs} had been recorded, and some had not."),
            Self::NotCollecting => format!("Of every 100 {signs}, fewer than {lower} had been recorded."),
            Self::NoResponse => {
                "No records of cancer diagnoses reached this count from here. We do not know why.".to_owned()
            }
            Self::TooFew => format!(
                "Fewer than {} people with signs in other records: too few to say anything fair.",
                lines.fewest_people
            ),
            Self::NotMeasured => {
                "This study has no source of recording for this nation, so nothing can be said.".to_owned()
            }
            Self::NotInScope => {
                "This organisation has no breast service, so it is not asked to record.".to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn every_word_reads_back() {
        for state in State::ALL {
            assert_eq!(State::read(state.key()), state);
        }
        assert_eq!(State::read("not_computable"), State::NotMeasured);
    }
}
