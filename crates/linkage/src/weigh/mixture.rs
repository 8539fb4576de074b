//! Expectation and maximisation over counts of patterns.
//!
//! The model of Fellegi and Sunter (1969), trained without labels as by Winkler (1988), with two additions.
//!
//! *Strata.* Every pair was proposed by some rule, and is counted under the first that did. Within a stratum the
//! fields that its rule fixes say nothing, the share of matches is its own, and so are the levels of strangers (which
//! the rule picks out of all pairs, and which are not quite independent). The levels of matches are the same in all
//! strata, and pairs that no rule proposes are allowed for.
//!
//! *Classes.* Errors come together: a careless desk mistypes the name and the date. So matches are a mixture of two
//! classes, and a third class of strangers share a roof, and with it the family name and the postcode.
//!
//! Within a class, fields are independent:
//! `P(pattern | stratum r) = sum over classes c of  share(r, c) / mass(r, c) * product over free fields q(c, field, level)`.

use super::counts::{Shares, Stratum};
use super::field::{LEVELS, MISSING, SAME};
use super::level::level_of;

/// A class of pairs that are one person's, or of people who share a roof.
#[derive(Debug, Clone)]
pub(crate) struct Class {
    /// By field, the share at each level, of pairs where it is not missing.
    pub(crate) levels: Vec<Shares>,
    /// By field, what was believed at the start, in pairs: it keeps small tables from wild conclusions.
    pub(crate) believed: Vec<Shares>,
    /// By field, the least share at "the same". A class of matches that agreed less often would be no class of
    /// matches: it would have gone over to twins, namesakes, or whoever else is many.
    pub(crate) least_same: Vec<f64>,
    /// By field, true when its levels stay as they are.
    pub(crate) pinned: Vec<bool>,
    /// By field, the share of pairs with the field missing.
    pub(crate) missing: Vec<f64>,
}

/// Where a rule looks: by field, whether it is fixed.
pub(crate) struct Fixed(pub(crate) Vec<bool>);

/// The mixture. Classes are numbered: matches first, then kin (if any), strangers last.
#[derive(Debug, Clone)]
pub(crate) struct Mixture {
    pub(crate) matches: Vec<Class>,
    pub(crate) kin: Option<Class>,
    /// By stratum and field: the levels of strangers.
    pub(crate) strangers: Vec<Vec<Shares>>,
    /// By field, the levels of random pairs.
    pub(crate) random: Vec<Shares>,
    /// By stratum and field, the levels of the strangers whom its rule picks, and in how many pairs they are believed.
    pub(crate) picked: Vec<Vec<Shares>>,
    pub(crate) random_weight: f64,
    /// By stratum and class, the share of pairs; sums to one.
    pub(crate) shares: Vec<Vec<f64>>,
    /// By stratum and class of matches, the chance that a match which agrees in the fixed fields lies in the
    /// stratum (no earlier rule proposes it).
    pub(crate) mass: Vec<Vec<f64>>,
    /// By stratum and class of matches, the chance that a match lies in the stratum.
    pub(crate) first: Vec<Vec<f64>>,
    /// By class of matches, the chance that some rule proposes it.
    pub(crate) proposed: Vec<f64>,
    /// By class of matches, its levels where no rule proposes it (by field, missing at 0).
    pub(crate) unproposed: Vec<Vec<Shares>>,
    /// By class of matches, expected pairs: proposed and not.
    pub(crate) expected: Vec<(f64, f64)>,
    /// By field, how often proposed matches were the same, whatever was believed of them.
    pub(crate) heard: Vec<f64>,
}

/// Shares below this are held to be this: nothing is impossible.
const LEAST: f64 = 1e-9;

impl Mixture {
    pub(crate) fn classes(&self) -> usize {
        self.matches.len() + usize::from(self.kin.is_some()) + 1
    }

    /// The weight of each class for a pattern: share over mass times the product over free fields.
    pub(crate) fn densities(&self, stratum: usize, pattern: u64, fixed: &Fixed, out: &mut [f64]) {
        let (matches, classes) = (self.matches.len(), self.classes());
        for (class, density) in out.iter_mut().enumerate() {
            *density = self.shares[stratum][class]
                / if class < matches {
                    self.mass[stratum][class]
                } else {
                    1.0
                };
        }
        for (field, random) in self.strangers[stratum].iter().enumerate() {
            let level = level_of(pattern, field);
            if level == MISSING || fixed.0[field] {
                continue;
            }
            let at = level as usize;
            for (class, density) in out.iter_mut().enumerate() {
                *density *= if class < matches {
                    self.matches[class].levels[field][at]
                } else if class + 1 == classes {
                    random[at]
                } else {
                    self.kin.as_ref().map_or(0.0, |kin| kin.levels[field][at])
                };
            }
        }
    }

    /// One step; gives the largest change of a share of matches or of a level.
    pub(crate) fn step(&mut self, strata: &[Stratum], fixed: &[Fixed]) -> f64 {
        let (classes, fields) = (self.classes(), self.random.len());
        let mut levels = vec![vec![[0.0; LEVELS]; fields]; classes];
        let mut totals = vec![0.0; classes];
        let mut change: f64 = 0.0;
        let mut densities = vec![0.0; classes];
        for (at, stratum) in strata.iter().enumerate() {
            let mut own = vec![[0.0; LEVELS]; fields];
            let mut sums = vec![0.0; classes];
            for &(pattern, count) in &stratum.patterns {
                self.densities(at, pattern, &fixed[at], &mut densities);
                let all: f64 = densities.iter().sum::<f64>().max(f64::MIN_POSITIVE);
                for (class, density) in densities.iter().enumerate() {
                    let pairs = count * stratum.scale * density / all;
                    sums[class] += pairs;
                    let levels = if class + 1 == classes {
                        &mut own
                    } else {
                        &mut levels[class]
                    };
                    for (field, levels) in levels.iter_mut().enumerate() {
                        levels[level_of(pattern, field) as usize] += pairs;
                    }
                }
            }
            change = change.max(self.settle_stratum(at, &sums, &own, &fixed[at]));
            totals
                .iter_mut()
                .zip(&sums)
                .for_each(|(total, sum)| *total += sum);
        }
        self.hold_back(strata, &totals);
        let (of_matches, of_kin) = levels.split_at_mut(self.matches.len());
        change = change.max(self.settle_matches(of_matches, &totals));
        if let (Some(kin), Some(counts)) = (&mut self.kin, of_kin.first()) {
            for (field, counts) in counts.iter().enumerate().filter(|(field, _)| !kin.pinned[*field]) {
                let believed = kin.believed[field];
                blend(&mut kin.levels[field], counts, &believed, 1.0);
            }
        }
        change
    }

    /// Keeps the matches of a rule down to what all matches let expect of it. Under a rule that only those matches reach
    /// which differ in nearly everything, they look like strangers, and nothing else would tell how many they are.
    fn hold_back(&mut self, strata: &[Stratum], totals: &[f64]) {
        let strangers = self.classes() - 1;
        for (at, stratum) in strata.iter().enumerate() {
            for (class, total) in totals.iter().enumerate().take(self.matches.len()) {
                let all = total / self.proposed[class].max(LEAST_PROPOSED);
                let most = all * self.first[at][class] / stratum.pairs().max(1.0);
                let beyond = self.shares[at][class] - most.max(LEAST);
                if beyond > 0.0 {
                    self.shares[at][class] -= beyond;
                    self.shares[at][strangers] += beyond;
                }
            }
        }
    }

    /// Matches proposed, and those that no rule proposes, as the model sees them; then their levels.
    fn settle_matches(&mut self, levels: &mut [Vec<Shares>], totals: &[f64]) -> f64 {
        for (field, heard) in self.heard.iter_mut().enumerate() {
            let at = |from: u8| {
                levels
                    .iter()
                    .flat_map(|counts| &counts[field][from as usize..])
                    .sum::<f64>()
            };
            *heard = at(SAME) / at(1).max(f64::MIN_POSITIVE);
        }
        for (class, counts) in levels.iter_mut().enumerate() {
            let total = totals[class];
            let hidden = total * (1.0 - self.proposed[class]) / self.proposed[class].max(LEAST_PROPOSED);
            self.expected[class] = (total, hidden);
            for (counts, outside) in counts.iter_mut().zip(&self.unproposed[class]) {
                counts
                    .iter_mut()
                    .zip(outside)
                    .for_each(|(count, share)| *count += hidden * share);
            }
        }
        let mut change: f64 = 0.0;
        for field in 0..self.random.len() {
            let counts: Vec<Shares> = levels.iter().map(|counts| counts[field]).collect();
            change = change.max(settle_field(&mut self.matches, field, &counts));
        }
        change
    }

    fn settle_stratum(&mut self, at: usize, sums: &[f64], own: &[Shares], fixed: &Fixed) -> f64 {
        let all: f64 = sums.iter().sum();
        let mut change: f64 = 0.0;
        if all > 0.0 {
            for (class, (share, sum)) in self.shares[at].iter_mut().zip(sums).enumerate() {
                let new = (sum / all).max(LEAST);
                if class < self.matches.len() {
                    change = change.max((new - *share).abs());
                }
                *share = new;
            }
        }
        for (field, levels) in self.strangers[at].iter_mut().enumerate() {
            if !fixed.0[field] {
                let picked = &self.picked[at][field];
                blend(levels, &own[field], picked, self.random_weight);
                keep_near(levels, picked);
            }
        }
        change
    }
}

/// Matches outside all rules are guessed from those inside; where few are inside, the guess is held back.
const LEAST_PROPOSED: f64 = 0.3;

/// Settles a field of all classes of matches. How often it is not the same is each class's own; in what ways it
/// then differs is the same for all: a careless desk makes more slips, not others. Without this a class of matches
/// goes over to whoever else is many, twins for one, whose given names differ as no person's do.
fn settle_field(classes: &mut [Class], field: usize, counts: &[Shares]) -> f64 {
    let mut slips = [0.0; LEVELS];
    let mut change: f64 = 0.0;
    for (class, counts) in classes.iter_mut().zip(counts) {
        let pairs: f64 = counts.iter().sum();
        if pairs > 0.0 {
            class.missing[field] = (counts[MISSING as usize] / pairs).min(0.999);
        }
        for (level, slip) in slips.iter_mut().enumerate().take(SAME as usize).skip(1) {
            *slip += counts[level] + class.believed[field][level];
        }
    }
    let all: f64 = slips.iter().sum();
    for (class, counts) in classes.iter_mut().zip(counts) {
        let (mut levels, before) = ([0.0; LEVELS], class.levels[field]);
        blend(&mut levels, counts, &class.believed[field], 1.0);
        let same = levels[SAME as usize]
            .max(class.least_same[field])
            .min(1.0 - LEAST);
        for (level, slip) in slips.iter().enumerate() {
            let least = if *slip > 0.0 { LEAST } else { 0.0 };
            levels[level] = ((1.0 - same) * slip / all.max(f64::MIN_POSITIVE)).max(least);
        }
        levels[SAME as usize] = same;
        for (new, old) in levels.iter().zip(before) {
            change = change.max((new - old).abs());
        }
        class.levels[field] = levels;
    }
    change
}

/// Strangers of a rule are picked from all strangers, and fields hang together a little (given name and sex, names and
/// year of birth): each level is at most this many times as frequent among them as among all, or as rare.
const MOST_PICKED: f64 = 8.0;

/// Keeps the levels of a rule's strangers near those of all. Unbound, they would in time describe whoever is many
/// under the rule: the matches.
fn keep_near(levels: &mut Shares, picked: &Shares) {
    for (level, random) in levels.iter_mut().zip(picked).filter(|(_, share)| **share > 0.0) {
        let random = random.max(LEAST_PICKED);
        *level = level.clamp(random / MOST_PICKED, (random * MOST_PICKED).min(1.0));
    }
    let all: f64 = levels.iter().sum();
    levels.iter_mut().for_each(|level| *level /= all);
}

/// Random pairs at a level are not known to be rarer than this.
const LEAST_PICKED: f64 = 1e-7;

/// Levels as counted, with what was believed before weighing as many pairs as it says.
fn blend(levels: &mut Shares, counts: &Shares, believed: &Shares, weight: f64) {
    let present = 1..=SAME as usize;
    let all: f64 = counts[present.clone()].iter().sum::<f64>() + weight * believed.iter().sum::<f64>();
    if all <= 0.0 {
        return;
    }
    for at in present {
        levels[at] =
            ((counts[at] + weight * believed[at]) / all).max(if believed[at] > 0.0 || counts[at] > 0.0 {
                LEAST
            } else {
                0.0
            });
    }
}
