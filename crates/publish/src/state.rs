//! The states an organisation can be in, each with its plain words, its meaning and its symbol.
//!
//! Invariant: every state differs from every other in shape, not only in colour. A state is what the release says; a sign shows
//! more of it and never another one.

use protect::Figure;

use crate::facts::Thresholds;

/// Of whom a state speaks.
const SIGNS: &str = "people with signs of secondary breast cancer in other records";

/// The state of an organisation (`docs/src/tables-out.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Collecting,
    Partly,
    NotCollecting,
    NoResponse,
    TooFew,
    NotMeasured,
    NotComputable,
    NotInScope,
}

impl State {
    /// All, in the order of the legend.
    pub(crate) const ALL: [Self; 8] = [
        Self::Collecting,
        Self::Partly,
        Self::NotCollecting,
        Self::NoResponse,
        Self::TooFew,
        Self::NotMeasured,
        Self::NotComputable,
        Self::NotInScope,
    ];

    /// The signs of a state, in the order of the legend: three of the one that reaches from line to line, and one of each other.
    pub(crate) fn signs(self) -> Vec<Sign> {
        match self {
            Self::Partly => Half::ALL.map(Sign::between).to_vec(),
            state => vec![state.into()],
        }
    }

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
            Self::NotComputable => "not_computable",
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
            Self::NoResponse => "Sent few or no records".to_owned(),
            Self::TooFew => "Too few people to say".to_owned(),
            Self::NotMeasured => "Not measured".to_owned(),
            Self::NotComputable => "Cannot be worked out".to_owned(),
            Self::NotInScope => "No breast service".to_owned(),
        }
    }

    /// What it means, in a sentence.
    fn meaning(self, lines: &Thresholds) -> String {
        let (upper, lower) = (lines.collecting_percent, lines.not_collecting_percent);
        match self {
            Self::Collecting => format!("Of every 100 {SIGNS}, at least {upper} had been recorded."),
            Self::Partly => format!("Some of the {SIGNS} had been recorded, and some had not."),
            Self::NotCollecting => format!("Of every 100 {SIGNS}, fewer than {lower} had been recorded."),
            Self::NoResponse => {
                "No cancer records, or those of under half of these months, reached this count from here. We do not \
                 know why."
                    .to_owned()
            }
            Self::TooFew => {
                "Too few people with signs in other records, or numbers hidden so that nobody can be recognised: too little \
                 to say anything fair."
                    .to_owned()
            }
            Self::NotMeasured => {
                "This study has no source of recording for this nation, so nothing can be said.".to_owned()
            }
            Self::NotComputable => {
                "No records of treatment or hospital stays are held for these months, so there is nothing to compare with.".to_owned()
            }
            Self::NotInScope => {
                "This organisation has no breast service, so it is not asked to record.".to_owned()
            }
        }
    }
}

/// On which side of half a share lies between the two lines: they are so far apart that a state alone says little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    Under,
    OrMore,
    /// The percentage is hidden, so nobody may see on which side it lies.
    NotShown,
}

impl Half {
    /// All, in the order of the legend.
    pub(crate) const ALL: [Self; 3] = [Self::Under, Self::OrMore, Self::NotShown];

    /// From a percentage as it is released, and from nothing else.
    pub(crate) fn of(percent: Option<Figure>) -> Self {
        Self::side(percent.and_then(Figure::as_f64))
    }

    fn side(percent: Option<f64>) -> Self {
        match percent {
            Some(percent) if percent < 50.0 => Self::Under,
            Some(_) => Self::OrMore,
            None => Self::NotShown,
        }
    }

    /// Words for the public, after those of the state.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Under => "under half",
            Self::OrMore => "half or more",
            Self::NotShown => "percentage not shown",
        }
    }

    /// What it means, in a sentence or two.
    fn meaning(self) -> String {
        match self {
            Self::Under => format!("Of the {SIGNS}, fewer than half had been recorded."),
            Self::OrMore => format!("Of the {SIGNS}, half or more had been recorded, and some had not."),
            Self::NotShown => format!(
                "Some of the {SIGNS} had been recorded, and some had not. How many is hidden, so that nobody can be recognised."
            ),
        }
    }
}

/// What a symbol shows: a state, and of the one that reaches from line to line the side of half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sign {
    pub(crate) state: State,
    /// Of no other state, and not where the symbol stands for the state of many.
    pub(crate) half: Option<Half>,
}

impl Sign {
    /// Of the state that reaches from line to line.
    pub(crate) fn between(half: Half) -> Self {
        Self {
            state: State::Partly,
            half: Some(half),
        }
    }

    /// Words for the public.
    pub(crate) fn words(self, lines: &Thresholds) -> String {
        let state = self.state.words(lines);
        match self.half {
            Some(half) => format!("{state}, {}", half.words()),
            None => state,
        }
    }

    /// What it means, in a sentence or two.
    pub(crate) fn meaning(self, lines: &Thresholds) -> String {
        self.half.map_or_else(|| self.state.meaning(lines), Half::meaning)
    }
}

impl From<State> for Sign {
    fn from(state: State) -> Self {
        Self { state, half: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Half, State};

    #[test]
    fn half_itself_is_half_or_more_and_a_hidden_percentage_is_on_neither_side() {
        for (percent, half) in [
            (Some(10.0), Half::Under),
            (Some(49.9), Half::Under),
            (Some(50.0), Half::OrMore),
            (Some(95.0), Half::OrMore),
            (None, Half::NotShown),
        ] {
            assert_eq!(Half::side(percent), half, "{percent:?}");
        }
    }

    #[test]
    fn every_word_reads_back() {
        for state in State::ALL {
            assert_eq!(State::read(state.key()), state);
        }
        assert_eq!(State::read("another word"), State::NotMeasured);
    }
}
