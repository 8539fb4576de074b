//! Cases: who was found, as what, when, and whether alive.

use super::{Input, Share};
use rustc_hash::FxHashMap;
use serde::Serialize;
use vocabulary::date::Date;

/// One line of `truth/people.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TruePerson {
    /// Metastatic by the end of the truth, which may lie after the date of the study.
    pub metastatic: bool,
    /// `de_novo` or `recurrent`; empty when not metastatic.
    pub kind: String,
    /// Date of metastatic disease.
    pub date: Option<Date>,
    /// Date of death.
    pub death: Option<Date>,
    /// Code of the organisation where it was found.
    pub organisation: String,
}

impl TruePerson {
    /// Metastatic on or before a day; whoever has no date is taken to be.
    pub(super) fn has_it(&self, on: Date) -> bool {
        self.metastatic && self.date.is_none_or(|date| date <= on)
    }
}

/// One row of `cases`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCase {
    /// Number of the found person.
    pub person: u32,
    /// A to D.
    pub tier: char,
    /// `de_novo`, `recurrent` or `not_known`.
    pub kind: String,
    /// Date of metastatic disease.
    pub date: Option<Date>,
    /// Date of death; none while alive.
    pub death: Option<Date>,
    /// Date after which nothing is known, for people who left.
    pub left: Option<Date>,
    /// Code of the organisation.
    pub organisation: String,
    /// Whether the case counts (tiers A, B and C).
    pub counted: bool,
}

/// How well cases were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CaseScore {
    /// Of the truly metastatic by the date of the study, found.
    pub sensitivity: Share,
    /// Of the others, not found.
    pub specificity: Share,
    /// Of the counted cases, right; a second case of the same person is wrong.
    pub ppv: Share,
    /// Counted cases that repeat a person already found.
    pub repeated: u64,
    /// Counted cases whose found person holds no record of the truth.
    pub unmatched: u64,
    /// Of the right cases, kind right; `not_known` is not right.
    pub kind: Share,
    /// Of the right cases whose kind was stated, kind right.
    pub kind_of_stated: Share,
    /// Of the right cases, dated within 90 days.
    pub date_90: Share,
    /// The same among those whose true date the sources can know.
    pub date_90_known: Share,
    /// Of the right cases, organisation right.
    pub organisation: Share,
}

/// One tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TierScore {
    /// A to D.
    pub tier: char,
    /// Of its cases, those that stand for people who are truly metastatic; a second case of the same person is wrong.
    pub right: Share,
    /// Of all truly metastatic people, those whose best case is in this tier.
    pub of_truth: Share,
}

/// People living with it on the date of the study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct LivingScore {
    /// In the truth.
    pub truth: u64,
    /// Counted cases without a death or a departure by then.
    pub found: u64,
    /// In both.
    pub both: u64,
}

const DAYS: i32 = 90;

pub(super) fn score(
    input: &Input<'_>,
    matched: &FxHashMap<u32, u32>,
) -> (CaseScore, Vec<TierScore>, LivingScore) {
    let mut found: Vec<Vec<&FoundCase>> = vec![Vec::new(); input.people.len()];
    let mut score = CaseScore::default();
    for case in input.cases {
        match matched
            .get(&case.person)
            .and_then(|truth| found.get_mut(*truth as usize))
        {
            Some(place) => place.push(case),
            None => {
                score.unmatched += u64::from(case.counted);
                score.ppv.whole += u64::from(case.counted);
            }
        }
    }
    let mut living = LivingScore::default();
    living.found += input
        .cases
        .iter()
        .filter(|c| c.counted && alive(c, input.as_of))
        .count() as u64;
    for (person, cases) in input.people.iter().zip(&found) {
        score_person(input, person, cases, &mut score);
        let lives = person.has_it(input.as_of) && person.death.is_none_or(|d| d > input.as_of);
        living.truth += u64::from(lives);
        living.both += u64::from(lives && cases.iter().any(|c| c.counted && alive(c, input.as_of)));
    }
    (score, tiers(input, &found), living)
}

fn alive(case: &FoundCase, as_of: Date) -> bool {
    case.death.is_none_or(|d| d > as_of) && case.left.is_none_or(|d| d > as_of)
}

/// The case that stands for a person: one that counts, then the best tier, then the earliest date. Every other repeats it.
fn standing<'a>(cases: &[&'a FoundCase]) -> Option<&'a FoundCase> {
    cases
        .iter()
        .copied()
        .min_by_key(|c| (!c.counted, c.tier, c.date.is_none(), c.date, c.person))
}

fn score_person(input: &Input<'_>, person: &TruePerson, cases: &[&FoundCase], score: &mut CaseScore) {
    let counted = cases.iter().filter(|c| c.counted).count() as u64;
    score.ppv.whole += counted;
    if !person.has_it(input.as_of) {
        score.specificity.add(counted == 0);
        return;
    }
    score.sensitivity.add(counted > 0);
    let Some(case) = standing(cases).filter(|case| case.counted) else {
        return;
    };
    score.ppv.part += 1;
    score.repeated += counted - 1;
    score.kind.add(case.kind == person.kind);
    if case.kind != "not_known" {
        score.kind_of_stated.add(case.kind == person.kind);
    }
    score.organisation.add(case.organisation == person.organisation);
    if let Some(truth) = person.date {
        let near = case.date.is_some_and(|d| (d.days() - truth.days()).abs() <= DAYS);
        score.date_90.add(near);
        if input.known_from.is_none_or(|from| truth >= from) {
            score.date_90_known.add(near);
        }
    }
}

fn tiers(input: &Input<'_>, found: &[Vec<&FoundCase>]) -> Vec<TierScore> {
    let has_it = |person: &TruePerson| person.has_it(input.as_of);
    let metastatic = input.people.iter().filter(|person| has_it(person)).count() as u64;
    let mut tiers: Vec<TierScore> = ['A', 'B', 'C', 'D']
        .into_iter()
        .map(|tier| TierScore {
            tier,
            right: Share::default(),
            of_truth: Share {
                part: 0,
                whole: metastatic,
            },
        })
        .collect();
    for (person, cases) in input.people.iter().zip(found) {
        let best = standing(cases).map(|case| case.tier).filter(|_| has_it(person));
        for tier in &mut tiers {
            let right = u64::from(best == Some(tier.tier));
            tier.right.whole += cases.iter().filter(|c| c.tier == tier.tier).count() as u64;
            tier.right.part += right;
            tier.of_truth.part += right;
        }
    }
    tiers
}
