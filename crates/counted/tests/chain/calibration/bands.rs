//! Pairs by how sure the linker is of them, and how often it is right.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use estimate::{Confidence, Interval, wilson};
use linkage::weigh::Pair;

use super::town::Town;

/// The bands that are judged, each from a probability up to another.
const BANDS: [(f64, f64); 4] = [(0.8, 0.9), (0.9, 0.99), (0.99, 0.999), (0.999, 1.0)];
/// A band with fewer pairs is reported, not judged.
const FEWEST: u64 = 1_000;
/// Patterns that are told of a band that is wrong.
const TOLD: usize = 12;

/// Pairs, how many of them are one person's, and the sum of their probabilities.
#[derive(Default, Clone, Copy)]
struct Tally {
    pairs: u64,
    right: u64,
    said: f64,
}

impl Tally {
    fn add(&mut self, right: bool, said: f64) {
        self.pairs += 1;
        self.right += u64::from(right);
        self.said += said;
    }

    fn interval(self) -> Interval {
        wilson(self.right, self.pairs, Confidence::new(0.99).unwrap())
            .unwrap()
            .interval
    }
}

/// All bands.
#[derive(Default)]
pub(super) struct Bands {
    all: [Tally; BANDS.len()],
    patterns: [BTreeMap<String, Tally>; BANDS.len()],
}

impl Bands {
    pub(super) fn add(&mut self, town: &Town, pair: &Pair) {
        let said = f64::from(pair.probability);
        let Some(band) = BANDS.iter().rposition(|(from, _)| said >= *from) else {
            return;
        };
        let right = town.one_person(pair.a, pair.b);
        self.all[band].add(right, said);
        let signs = town.signs(pair.a, pair.b);
        self.patterns[band].entry(signs).or_default().add(right, said);
    }

    /// What is wrong, in words: a band of enough pairs whose true share surely lies outside it.
    pub(super) fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for ((from, to), (tally, patterns)) in BANDS.into_iter().zip(self.all.iter().zip(&self.patterns)) {
            if tally.pairs < FEWEST {
                continue;
            }
            let Interval { low, high } = tally.interval();
            if high < from || low > to {
                wrong.push(format!(
                    "between {from} and {to} the true share lies from {low:.5} to {high:.5}"
                ));
                wrong.extend(told(patterns));
            }
        }
        if self.all.iter().all(|tally| tally.pairs < FEWEST) {
            wrong.push("no band holds enough pairs to be judged".to_owned());
        }
        wrong
    }
}

/// The patterns in which most pairs are wrong beyond what was said.
fn told(patterns: &BTreeMap<String, Tally>) -> impl Iterator<Item = String> {
    let off = |tally: &Tally| tally.said - tally.right as f64;
    let mut sorted: Vec<(&String, &Tally)> = patterns.iter().collect();
    sorted.sort_by(|(_, x), (_, y)| off(y).abs().total_cmp(&off(x).abs()));
    sorted.into_iter().take(TOLD).map(move |(signs, tally)| {
        let (pairs, right) = (tally.pairs as f64, tally.right as f64);
        format!(
            "    {signs}: {pairs} pairs, said {:.4}, true {:.4}, {:+.0} too many",
            tally.said / pairs,
            right / pairs,
            off(tally)
        )
    })
}

impl Display for Bands {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| probability | pairs | mean said | truly one person | 99 % interval | |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        for ((from, to), tally) in BANDS
            .into_iter()
            .zip(self.all)
            .filter(|(_, tally)| tally.pairs > 0)
        {
            let (pairs, Interval { low, high }) = (tally.pairs as f64, tally.interval());
            let verdict = match () {
                () if tally.pairs < FEWEST => "too few to judge",
                () if high < from || low > to => "wrong",
                () => "right",
            };
            let (said, right) = (tally.said / pairs, tally.right as f64 / pairs);
            writeln!(
                f,
                "| {from} to {to} | {pairs} | {said:.5} | {right:.5} | {low:.5} to {high:.5} | {verdict} |"
            )?;
        }
        Ok(())
    }
}
