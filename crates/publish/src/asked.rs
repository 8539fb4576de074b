//! What organisations answered when they were asked, added up by nation.
//!
//! # The invariants
//! Everybody who was asked is in one of the four numbers, so a silent hospital never makes a share look better. No interval
//! is drawn around a share: whoever was asked is not a sample. What is not known is what the silent would have said, and
//! [`Asked::bounds`] says how far that can move the share.

use std::collections::BTreeMap;

use crate::told::{Answer, Question, Told};

/// Organisations of one nation, or of all, by what each answered last to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The nation; none for all of them together.
    pub nation: Option<String>,
    /// What they were asked.
    pub question: Question,
    /// Organisations that answered yes.
    pub yes: u32,
    /// That answered partly.
    pub partly: u32,
    /// That answered no.
    pub no: u32,
    /// That were asked and have never answered.
    pub silent: u32,
}

impl Asked {
    /// Organisations that were asked.
    #[must_use]
    pub fn asked(&self) -> u32 {
        self.answered() + self.silent
    }

    /// Of them, those that answered.
    #[must_use]
    pub fn answered(&self) -> u32 {
        self.yes + self.partly + self.no
    }

    /// The share of those that answered who said yes; none where nobody answered.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        share(self.yes, self.answered())
    }

    /// The share of all asked who would have said yes: from what it is if no silent one would, to if each would.
    #[must_use]
    pub fn bounds(&self) -> Option<(f64, f64)> {
        share(self.yes, self.asked()).zip(share(self.yes + self.silent, self.asked()))
    }
}

fn share(of: u32, all: u32) -> Option<f64> {
    (all > 0).then(|| f64::from(of) / f64::from(all))
}

/// Adds up the last answer of each organisation to each question: all nations first, then each by name. An organisation
/// without a nation is in the first alone. Silent is who never answered the question, not who answered and was asked again.
#[must_use]
pub fn asked<'a>(answers: &'a [Answer], nation_of: impl Fn(&str) -> Option<&'a str>) -> Vec<Asked> {
    let mut last: BTreeMap<(Question, &str), &Answer> = BTreeMap::new();
    for answer in answers {
        let known = last
            .entry((answer.question, &answer.organisation))
            .or_insert(answer);
        if known.rank() <= answer.rank() {
            *known = answer;
        }
    }
    let mut sums: BTreeMap<(Question, Option<&str>), Asked> = BTreeMap::new();
    for ((question, organisation), answer) in last {
        let nation = nation_of(organisation);
        for nation in [None].into_iter().chain(nation.map(Some)) {
            let sum = sums.entry((question, nation)).or_insert_with(|| Asked {
                nation: nation.map(str::to_owned),
                question,
                yes: 0,
                partly: 0,
                no: 0,
                silent: 0,
            });
            *match answer.told {
                Told::Yes => &mut sum.yes,
                Told::Partly => &mut sum.partly,
                Told::No => &mut sum.no,
                Told::NoResponse => &mut sum.silent,
            } += 1;
        }
    }
    sums.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::{Asked, asked};
    use crate::told::{Answer, Question, Told};

    fn answer(organisation: &str, asked_on: &str, told: Told) -> Answer {
        Answer {
            organisation: organisation.to_owned(),
            asked_on: asked_on.to_owned(),
            answered_on: (told != Told::NoResponse).then(|| asked_on.to_owned()),
            question: Question::EnoughNurses,
            told,
            source_url: "https://example.org/1".to_owned(),
        }
    }

    #[test]
    fn the_last_answer_counts_and_nobody_is_lost() {
        let answers = [
            answer("A", "2025-01-10", Told::Yes),
            answer("A", "2026-01-10", Told::No),
            answer("B", "2025-01-10", Told::Yes),
            answer("C", "2025-01-10", Told::NoResponse),
            answer("D", "2025-01-10", Told::Partly),
            answer("E", "2025-01-10", Told::Yes),
        ];
        let nation = |code: &str| match code {
            "A" | "B" | "C" => Some("England"),
            "D" => Some("Wales"),
            _ => None,
        };
        let sums = asked(&answers, nation);
        let of = |nation: Option<&str>| {
            let found = sums.iter().find(|sum| sum.nation.as_deref() == nation);
            found.map(|sum| (sum.yes, sum.partly, sum.no, sum.silent))
        };
        assert_eq!(of(None), Some((2, 1, 1, 1)));
        assert_eq!(of(Some("England")), Some((1, 0, 1, 1)));
        assert_eq!(of(Some("Wales")), Some((0, 1, 0, 0)));
        assert_eq!(sums.len(), 3);
    }

    #[test]
    fn a_question_asked_again_takes_no_answer_back() {
        let mut answers = Vec::new();
        for (code, told) in [("A", Told::Yes), ("B", Told::Yes), ("C", Told::No)] {
            answers.push(answer(code, "2024-03-01", told));
            answers.push(answer(code, "2025-02-20", Told::NoResponse));
        }
        answers.push(answer("D", "2025-02-20", Told::NoResponse));
        let counts = |answers: &[Answer]| {
            let sums = asked(answers, |_| None);
            (sums[0].yes, sums[0].no, sums[0].silent)
        };
        assert_eq!(counts(&answers), (2, 1, 1));
        // In whatever order they stand.
        answers.reverse();
        assert_eq!(counts(&answers), (2, 1, 1));
        // Once answered, the new answer counts.
        answers.push(answer("A", "2025-02-20", Told::No));
        assert_eq!(counts(&answers), (1, 2, 1));
    }

    #[test]
    fn the_silent_widen_the_bounds_and_are_not_in_the_share() {
        let sum = Asked {
            nation: None,
            question: Question::EnoughNurses,
            yes: 5,
            partly: 4,
            no: 11,
            silent: 5,
        };
        assert_eq!((sum.asked(), sum.answered()), (25, 20));
        assert_eq!(sum.share(), Some(0.25));
        assert_eq!(sum.bounds(), Some((0.2, 0.4)));
        let nobody = Asked {
            yes: 0,
            partly: 0,
            no: 0,
            silent: 3,
            ..sum
        };
        assert_eq!((nobody.share(), nobody.bounds()), (None, Some((0.0, 1.0))));
    }
}
