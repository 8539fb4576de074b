//! One chain of the Gibbs sampler.
//!
//! People with the same history are alike to the model, so a sweep deals out each cell of the table over the classes by a
//! multinomial draw: its cost is cells × classes, whatever the number of people.

use rand::{Rng, RngExt};
use rand_distr::{Beta, Binomial, Distribution as _, Gamma, Poisson};

use super::LatentClasses;
use super::moves::{change_reach, exchange};
use crate::lists::{History, ListsError};

/// How often a number of unseen people outside the prior's range is drawn again before the chain stays where it is.
const TRIES: u32 = 100;

/// A mean of so many unseen has a Poisson spread that no longer matters; the prior's range ends before.
const LARGE_MEAN: f64 = 1e15;

/// The state of a chain.
#[derive(Debug)]
pub(super) struct Chain<'a> {
    settings: &'a LatentClasses,
    pub(super) lists: usize,
    /// The combinations with people, and how many each has.
    cells: &'a [(History, u64)],
    seen: u64,
    /// The weight of each class, and the concentration of the weights.
    pub(super) weights: Vec<f64>,
    pub(super) concentration: f64,
    /// The chance to be on each list, class by class.
    pub(super) listed: Vec<f64>,
    /// People in each class, the seen among them, and those on each list class by class.
    pub(super) people: Vec<u64>,
    pub(super) seen_people: Vec<u64>,
    pub(super) on_list: Vec<u64>,
    /// People on no list, whole and by class.
    pub(super) unseen: u64,
    unseen_by_class: Vec<u64>,
    /// Room for the chances of the classes in one cell, and for its people.
    chances: Vec<f64>,
    dealt: Vec<u64>,
}

impl<'a> Chain<'a> {
    /// A chain that starts somewhere in the prior, with no more unseen people than a few times the seen.
    pub(super) fn new(
        settings: &'a LatentClasses,
        lists: usize,
        cells: &'a [(History, u64)],
        chance: &mut impl Rng,
    ) -> Self {
        let classes = settings.classes;
        let seen: u64 = cells.iter().map(|(_, count)| count).sum();
        let (fewest, most) = (
            settings.prior.least.saturating_sub(seen),
            settings.prior.most.saturating_sub(seen),
        );
        let unseen = (seen as f64 * 3.0 * chance.random::<f64>()) as u64;
        let mut chain = Self {
            settings,
            lists,
            cells,
            seen,
            weights: vec![1.0 / classes as f64; classes],
            concentration: 1.0,
            listed: (0..classes * lists)
                .map(|_| 0.02 + 0.96 * chance.random::<f64>())
                .collect(),
            people: vec![0; classes],
            seen_people: vec![0; classes],
            on_list: vec![0; classes * lists],
            unseen: unseen.clamp(fewest, most),
            unseen_by_class: vec![0; classes],
            chances: vec![0.0; classes],
            dealt: vec![0; classes],
        };
        chain.deal_unseen(chance);
        chain
    }

    /// How many there are at this point of the chain.
    pub(super) fn total(&self) -> u64 {
        self.seen + self.unseen
    }

    /// One sweep: the seen are dealt to classes, reach and number of unseen move together, the unseen are dealt, classes
    /// change places, then chances of the lists, weights, number, and concentration, each given the rest.
    pub(super) fn sweep(&mut self, chance: &mut impl Rng) -> Result<(), ListsError> {
        self.deal_seen(chance);
        change_reach(self, chance)?;
        self.draw_unseen(chance)?;
        for ((people, seen), unseen) in self
            .people
            .iter_mut()
            .zip(&self.seen_people)
            .zip(&self.unseen_by_class)
        {
            *people = seen + unseen;
        }
        exchange(self, chance);
        self.draw_listed(chance)?;
        let left_to_last = self.draw_weights(chance)?;
        let shape = self.settings.concentration.0 + self.settings.classes as f64 - 1.0;
        let rate = self.settings.concentration.1 - left_to_last;
        self.concentration = gamma(shape, chance)? / rate;
        Ok(())
    }

    /// Puts everybody who is seen into a class, and counts who is on which list.
    fn deal_seen(&mut self, chance: &mut impl Rng) {
        self.seen_people.fill(0);
        self.on_list.fill(0);
        for (history, count) in self.cells {
            self.fill_chances(*history);
            deal(*count, &self.chances, &mut self.dealt, chance);
            let by_class = self
                .seen_people
                .iter_mut()
                .zip(self.on_list.chunks_exact_mut(self.lists));
            for ((people, on_list), dealt) in by_class.zip(&self.dealt) {
                *people += dealt;
                for (list, on) in on_list.iter_mut().enumerate() {
                    *on += dealt * u64::from(history >> list & 1);
                }
            }
        }
    }

    /// Puts everybody who is not seen into a class.
    fn deal_unseen(&mut self, chance: &mut impl Rng) {
        self.fill_chances(0);
        deal(self.unseen, &self.chances, &mut self.unseen_by_class, chance);
    }

    /// How many of a class are seen.
    pub(super) fn people_seen_in(&self, class: usize) -> f64 {
        self.seen_people.get(class).copied().unwrap_or(0) as f64
    }

    /// The chance to be on no list under these weights, if one class had these chances.
    pub(super) fn missed_by_all(&self, class: usize, weights: &[f64], listed: &[f64]) -> f64 {
        let classes = weights
            .iter()
            .zip(self.listed.chunks_exact(self.lists))
            .enumerate();
        classes
            .map(|(at, (weight, own))| weight * chance_of_none(if at == class { listed } else { own }))
            .sum()
    }

    /// The weight of each class times its chance of a history.
    fn fill_chances(&mut self, history: History) {
        let classes = self.weights.iter().zip(self.listed.chunks_exact(self.lists));
        for (room, (weight, listed)) in self.chances.iter_mut().zip(classes) {
            let factor = |(list, on): (usize, &f64)| if history >> list & 1 == 1 { *on } else { 1.0 - on };
            *room = weight * listed.iter().enumerate().map(factor).product::<f64>();
        }
    }

    fn draw_listed(&mut self, chance: &mut impl Rng) -> Result<(), ListsError> {
        let by_class = self
            .listed
            .chunks_exact_mut(self.lists)
            .zip(self.on_list.chunks_exact(self.lists));
        for ((listed, on_list), people) in by_class.zip(&self.people) {
            for (share, on) in listed.iter_mut().zip(on_list) {
                let off = people - on;
                let posterior = Beta::new(1.0 + *on as f64, 1.0 + off as f64);
                *share = posterior.map_err(|_| BAD_STATE)?.sample(chance);
            }
        }
        Ok(())
    }

    /// Breaks the stick; gives the logarithm of what is left for the last class.
    fn draw_weights(&mut self, chance: &mut impl Rng) -> Result<f64, ListsError> {
        let mut behind: u64 = self.people.iter().sum();
        let (mut left, last) = (0.0_f64, self.settings.classes - 1);
        for (at, (weight, people)) in self.weights.iter_mut().zip(&self.people).enumerate() {
            if at == last {
                *weight = left.exp();
                break;
            }
            behind -= people;
            // The two shares of a beta as two gammas, on the log scale: with a small concentration the second is tiny.
            let taken = log_gamma_draw(1.0 + *people as f64, chance)?;
            let rest = log_gamma_draw(self.concentration + behind as f64, chance)?;
            let both = taken.max(rest) + (-(taken - rest).abs()).exp().ln_1p();
            *weight = (left + taken - both).exp();
            left += rest - both;
        }
        Ok(left)
    }

    /// How many are unseen, given the chance to be, and in which classes.
    ///
    /// Drawn again where the prior forbids it, and left as it is where that does not help: either way the chain has the same
    /// limit.
    fn draw_unseen(&mut self, chance: &mut impl Rng) -> Result<(), ListsError> {
        self.fill_chances(0);
        let missed = self.chances.iter().sum();
        for _ in 0..TRIES {
            if let Some(unseen) = self.propose_unseen(missed, chance)? {
                self.unseen = unseen;
                break;
            }
        }
        self.deal_unseen(chance);
        Ok(())
    }

    /// A draw of the unseen under a prior of 1/N, negative binomial; `None` where it lies outside the prior's range.
    pub(super) fn propose_unseen(
        &self,
        missed: f64,
        chance: &mut impl Rng,
    ) -> Result<Option<u64>, ListsError> {
        let missed = missed.min(1.0 - f64::EPSILON);
        let mean = gamma(self.seen as f64, chance)? * missed / (1.0 - missed);
        let unseen = if mean > 0.0 && mean < LARGE_MEAN {
            Poisson::new(mean).map_err(|_| BAD_STATE)?.sample(chance)
        } else {
            mean.round()
        };
        let total = self.seen as f64 + unseen;
        let prior = &self.settings.prior;
        Ok((prior.least as f64 <= total && total <= prior.most as f64).then_some(unseen as u64))
    }
}

/// The chance to be on no list.
pub(super) fn chance_of_none(listed: &[f64]) -> f64 {
    listed.iter().map(|on| 1.0 - on).product()
}

/// What a distribution refuses, which no state of the chain should ask for.
const BAD_STATE: ListsError = ListsError::Settings("the sampler reached chances that are not numbers");

fn gamma(shape: f64, chance: &mut impl Rng) -> Result<f64, ListsError> {
    Ok(Gamma::new(shape, 1.0).map_err(|_| BAD_STATE)?.sample(chance))
}

/// The logarithm of a gamma draw, also where the draw itself would be zero in floating point.
///
/// A gamma of shape *a* is one of shape *a* + 1 times *u* to the power 1/*a*.
fn log_gamma_draw(shape: f64, chance: &mut impl Rng) -> Result<f64, ListsError> {
    if shape >= 1.0 {
        return Ok(gamma(shape, chance)?.ln());
    }
    let above = gamma(shape + 1.0, chance)?.ln();
    let uniform = 1.0 - chance.random::<f64>();
    Ok(above + uniform.ln() / shape.max(f64::MIN_POSITIVE))
}

/// Deals people out over classes in proportion to their chances, one binomial draw a class.
fn deal(people: u64, chances: &[f64], dealt: &mut [u64], chance: &mut impl Rng) {
    let mut left = people;
    let mut mass: f64 = chances.iter().sum();
    dealt.fill(0);
    for (share, room) in chances.iter().zip(&mut *dealt) {
        if left == 0 {
            return;
        }
        if *share > 0.0 && mass > 0.0 {
            let share_of_rest = (share / mass).min(1.0);
            *room = Binomial::new(left, share_of_rest).map_or(0, |binomial| binomial.sample(chance));
            left -= *room;
        }
        mass -= share;
    }
    // Rounding may use up the mass before the people; the likeliest class takes them, as it would have.
    let likeliest = chances
        .iter()
        .zip(dealt)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    if let Some((_, room)) = likeliest {
        *room += left;
    }
}
