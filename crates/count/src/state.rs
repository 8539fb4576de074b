//! The state of an organisation: one word for whether it records the secondary breast cancer that others see.
//!
//! Pure, so that the same rule serves the tables of this stage and the protected numbers that are published.
//! Invariant: the state depends on nothing but what is passed in; people found only at death are never passed in.

use crate::Thresholds;

/// The state of an organisation (`docs/src/tables-out.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Records nearly everyone whom other records show.
    Collecting,
    /// Records some.
    Partly,
    /// Records hardly anyone.
    NotCollecting,
    /// In scope, but sent no COSD and no form, or those of most of these months are missing. Public words: 'sent few or no records'.
    NoResponse,
    /// Too few people found elsewhere to say.
    TooFew,
    /// No recording source for its nation in this study.
    NotMeasured,
    /// No breast service.
    NotInScope,
}

impl State {
    /// Every state, in the order in which they are listed to people.
    pub const ALL: [Self; 7] = [
        Self::Collecting,
        Self::Partly,
        Self::NotCollecting,
        Self::NoResponse,
        Self::TooFew,
        Self::NotMeasured,
        Self::NotInScope,
    ];

    /// The word in the column `status`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
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
}

/// What is known of an organisation before anybody is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// It has a breast service.
    pub in_scope: bool,
    /// Its nation has a recording source over these months.
    pub measured: bool,
    /// It sent COSD or a form over these months, and the file of most of them is not missing.
    pub responded: bool,
}

/// People found elsewhere, and how many of them some hospital recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// People with evidence in admissions, SACT, RTDS or CWT.
    pub found_elsewhere: u64,
    /// Those among them who are recorded.
    pub recorded_of_elsewhere: u64,
}

impl Tally {
    fn enough(self, thresholds: &Thresholds) -> bool {
        self.found_elsewhere >= u64::from(thresholds.fewest_people)
    }

    /// Share recorded is at least this percentage; whole numbers only, so 18 of 20 is 90 % exactly.
    fn reaches(self, percent: u32) -> bool {
        u128::from(self.recorded_of_elsewhere) * 100 >= u128::from(self.found_elsewhere) * u128::from(percent)
    }
}

/// The state by the rules of `definitions/completeness/README.md`, first match wins. `kinds` are the single kinds
/// that must each reach the threshold where they have enough people; empty when `overall` is itself a single kind.
#[must_use]
pub fn state(standing: Standing, overall: Tally, kinds: &[Tally], thresholds: &Thresholds) -> State {
    if !standing.in_scope {
        return State::NotInScope;
    }
    if !standing.measured {
        return State::NotMeasured;
    }
    if !standing.responded {
        return State::NoResponse;
    }
    if !overall.enough(thresholds) {
        return State::TooFew;
    }
    if !overall.reaches(thresholds.not_collecting_percent) {
        return State::NotCollecting;
    }
    let every_kind_reaches = kinds
        .iter()
        .all(|kind| !kind.enough(thresholds) || kind.reaches(thresholds.collecting_percent));
    if overall.reaches(thresholds.collecting_percent) && every_kind_reaches {
        State::Collecting
    } else {
        State::Partly
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// The manual's table: standing, recorded/found elsewhere overall, de novo, recurrent, and the word.
    const GOLDEN: &str = "
        scope measured responded | all      de_novo  recurrent | state
        yes   yes      yes       | 100/100  40/40    60/60     | collecting
        yes   yes      yes       | 18/20    9/10     9/10      | collecting
        yes   yes      yes       | 90/100   36/40    54/60     | collecting
        yes   yes      yes       | 95/100   19/19    70/80     | partly
        yes   yes      yes       | 95/100   16/20    79/80     | partly
        yes   yes      yes       | 95/100   15/19    80/81     | collecting
        yes   yes      yes       | 89/100   40/40    49/60     | partly
        yes   yes      yes       | 899/1000 400/400  499/600   | partly
        yes   yes      yes       | 10/100   10/40    0/60      | partly
        yes   yes      yes       | 2/20     0/0      2/20      | partly
        yes   yes      yes       | 9/100    0/40     9/60      | not_collecting
        yes   yes      yes       | 1/20     1/20     0/0       | not_collecting
        yes   yes      yes       | 0/100    0/40     0/60      | not_collecting
        yes   yes      yes       | 19/19    10/10    9/9       | too_few
        yes   yes      yes       | 0/19     0/10     0/9       | too_few
        yes   yes      yes       | 0/0      0/0      0/0       | too_few
        yes   yes      no        | 0/100    0/40     0/60      | no_response
        yes   yes      no        | 95/100   38/40    57/60     | no_response
        yes   yes      no        | 0/0      0/0      0/0       | no_response
        yes   no       no        | 0/100    0/40     0/60      | not_measured
        yes   no       yes       | 95/100   38/40    57/60     | not_measured
        no    yes      yes       | 95/100   38/40    57/60     | not_in_scope
        no    yes      no        | 0/0      0/0      0/0       | not_in_scope
        no    no       no        | 0/100    0/40     0/60      | not_in_scope
    ";

    fn thresholds() -> Thresholds {
        Thresholds::built_in().unwrap()
    }

    fn tally(text: &str) -> Tally {
        let (recorded, found) = text.split_once('/').unwrap();
        Tally {
            found_elsewhere: found.parse().unwrap(),
            recorded_of_elsewhere: recorded.parse().unwrap(),
        }
    }

    #[test]
    fn golden_states() {
        let mut seen = std::collections::BTreeSet::new();
        for line in GOLDEN.lines().filter(|line| line.contains('/')) {
            let cells: Vec<&str> = line.split_whitespace().filter(|cell| *cell != "|").collect();
            let yes = |index: usize| cells[index] == "yes";
            let standing = Standing {
                in_scope: yes(0),
                measured: yes(1),
                responded: yes(2),
            };
            let kinds = [tally(cells[4]), tally(cells[5])];
            let found = state(standing, tally(cells[3]), &kinds, &thresholds());
            assert_eq!(found.as_str(), cells[6], "in the line {line}");
            seen.insert(found);
        }
        assert_eq!(
            seen.len(),
            State::ALL.len(),
            "every state needs a line in the table"
        );
    }

    proptest::proptest! {
        /// Recording one more person never makes a state worse.
        #[test]
        fn more_recording_is_never_worse(found in 20_u64..500, recorded in 0_u64..499) {
            proptest::prop_assume!(recorded < found);
            let standing = Standing { in_scope: true, measured: true, responded: true };
            let of = |recorded| {
                let tally = Tally { found_elsewhere: found, recorded_of_elsewhere: recorded };
                state(standing, tally, &[], &thresholds())
            };
            // The order of the enum runs from best to worst for these three.
            proptest::prop_assert!(of(recorded + 1) <= of(recorded));
        }
    }
}
