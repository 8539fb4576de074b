//! Tries a step on the records whose answer is known.
//!
//! Each record with a valid number is taken in turn, its number is covered, and the step is asked whose it is.
//! Where all others that fit carry one and the same number, the step would join; it is right when that is the number
//! under the cover. Where they carry several it would refuse. The share of right answers among the given ones is the
//! step's measured precision. It assumes that records without a number go wrong no more often than those with one.

use serde::{Deserialize, Serialize};

use super::Options;
use super::block::{Block, draw};
use super::identity::{Identity, Number, kind};
use super::intern::Words;
use super::step::{Step, Trust};

/// Every record of a group is asked about every other, so large groups are left out.
const MOST_IN_GROUP: usize = 200;

/// The outcome of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Trial {
    /// The step would join the record to its own person.
    pub right: u64,
    /// The step would join the record to somebody else.
    pub wrong: u64,
    /// The step would see two people who fit, and refuse.
    pub refused: u64,
}

impl Trial {
    /// Tries a step on the groups that it looks at; on a fixed part of them where there are very many.
    pub(crate) fn of(step: Step, block: &Block, rows: &[Identity], words: &Words, options: &Options) -> Self {
        let mut trial = Self::default();
        if step.trust() == Trust::Given {
            return trial;
        }
        let one_in = one_in(rows.len(), options);
        let mut members: Vec<&Identity> = Vec::new();
        for group in block.groups() {
            members.clear();
            members.extend(group.iter().map(|place| &rows[*place as usize]));
            trial.try_group(step, &members, words, one_in);
        }
        trial
    }

    /// Tries a step on one group, if the group is drawn.
    pub(crate) fn try_group(&mut self, step: Step, group: &[&Identity], words: &Words, one_in: u64) {
        let drawn = |row: &Identity| one_in == 1 || draw(row, step.shares(), words).is_multiple_of(one_in);
        if group.len() < 2 || group.len() > MOST_IN_GROUP || !drawn(group[0]) {
            return;
        }
        for (at, row) in group.iter().enumerate() {
            if row.number == 0 || !step.is_for(row) {
                continue;
            }
            let others = group.iter().enumerate().filter(|(other, _)| *other != at);
            let fits = others
                .map(|(_, other)| other)
                .filter(|other| comparable(row.number, other.number) && step.fits(words, row, other));
            self.hear(row.number, fits.map(|other| other.number));
        }
    }

    /// What a trial came to once some groups are no longer as they were.
    pub(crate) fn exchange(&mut self, out: Self, taken_in: Self) {
        let exchange = |all: u64, out: u64, taken_in: u64| (all + taken_in).saturating_sub(out);
        self.right = exchange(self.right, out.right, taken_in.right);
        self.wrong = exchange(self.wrong, out.wrong, taken_in.wrong);
        self.refused = exchange(self.refused, out.refused, taken_in.refused);
    }

    fn hear(&mut self, own: Number, mut others: impl Iterator<Item = Number>) {
        let Some(first) = others.next() else { return };
        if others.any(|other| other != first) {
            self.refused += 1;
        } else if first == own {
            self.right += 1;
        } else {
            self.wrong += 1;
        }
    }

    /// Why the step is not to be used on these data, if it is not.
    ///
    /// A step that is trusted unless wrong stands down when even a lenient bound on its share of wrong answers is too
    /// high; one that must prove itself is used only when a strict bound is low enough.
    pub(crate) fn verdict(&self, trust: Trust, options: &Options) -> Option<StandsDown> {
        let (given, wrong) = ((self.right + self.wrong) as f64, self.wrong as f64);
        match trust {
            Trust::Given => None,
            Trust::UnlessWrong => {
                let least = wrong - 2.0 * wrong.sqrt();
                (given > 0.0 && least > given * options.wrong_share).then_some(StandsDown::TooOftenWrong)
            }
            Trust::OnlyIfRight if options.wrong_share_unproven >= 1.0 => None,
            Trust::OnlyIfRight => {
                let most = wrong + 2.0 * wrong.sqrt() + 3.0;
                (most > given * options.wrong_share_unproven).then_some(StandsDown::NotProven)
            }
        }
    }

    /// The share of right links that is handed on, in ten-thousandths: what was measured, together with what was
    /// assumed before, which weighs as much as two hundred answers.
    pub(crate) fn share(&self, step: Step) -> u64 {
        let given = self.right + self.wrong;
        (self.right * 10_000 + step.assumed() * 200 + (given + 200) / 2) / (given + 200)
    }
}

/// Why a step was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StandsDown {
    /// Its trial shows it wrong too often.
    TooOftenWrong,
    /// Its trial is too small, or not good enough, to show it right.
    NotProven,
}

/// Of so many groups one is drawn. Which ones depends on what the records say, not on their order.
pub(crate) fn one_in(identities: usize, options: &Options) -> u64 {
    identities as u64 / u64::from(options.trial_identities.max(1)) + 1
}

fn comparable(a: Number, b: Number) -> bool {
    b != 0 && kind(a) == kind(b)
}
