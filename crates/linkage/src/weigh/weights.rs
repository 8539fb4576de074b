//! What a pattern weighs: from the model to the probability that two records are one person's.

use super::field::{LEVELS, MISSING, SAME};
use super::glance::{GRADES, levels};
use super::level::{Pattern, level_of};
use super::model::Model;
use super::rules::Rule;
use super::table::{Frequencies, Table};

/// Rare values weigh at most this much more than the mean one (log2), and common ones that much less.
const MOST_RARE: f64 = 8.0;

/// How rare a value is: the chance that strangers agree in their values at all, over the share of this value.
pub(crate) struct Rarity {
    frequencies: Vec<Frequencies>,
    /// By field and place of the value, log2; empty where every value says the same.
    bits: Vec<Vec<f32>>,
}

impl Rarity {
    pub(crate) fn new(table: &Table, frequencies: Vec<Frequencies>, model: &Model) -> Self {
        let bits = table
            .fields
            .iter()
            .zip(&frequencies)
            .zip(&model.random)
            .map(|((field, frequencies), random)| {
                let bits = |count: &u32| rare_bits(frequencies.total, *count, random[SAME as usize]) as f32;
                if field.kind.has_rare_values() {
                    frequencies.counts().iter().map(bits).collect()
                } else {
                    Vec::new()
                }
            })
            .collect();
        Self { frequencies, bits }
    }

    /// The frequencies, by field.
    pub(crate) fn frequencies(&self) -> &[Frequencies] {
        &self.frequencies
    }

    /// Gives the frequencies back.
    pub(crate) fn into_frequencies(self) -> Vec<Frequencies> {
        self.frequencies
    }

    /// By how much agreement in a value is rarer among strangers than agreement in a mean value, log2.
    #[inline]
    pub(crate) fn bits(&self, field: usize, value: u32) -> f32 {
        let place = self.frequencies[field].place(value);
        self.bits[field].get(place).copied().unwrap_or_default()
    }

    /// The same as a factor.
    pub(crate) fn of(&self, field: usize, value: u32) -> f64 {
        f64::from(self.bits(field, value)).exp2()
    }
}

/// How much rarer than agreement in a mean value is agreement in one that stands in `count` of `total` records, log2;
/// `same` is the chance that strangers agree at all.
pub(crate) fn rare_bits(total: u64, count: u32, same: f64) -> f64 {
    // Its own records are a third of what little is known about a rare value.
    let share = f64::from(count + 3) / (total + 3) as f64;
    let bits = (same / share).log2().clamp(-MOST_RARE, MOST_RARE);
    if bits > 0.0 { bits * COMPANY } else { bits }
}

/// Rare values keep company: a rare family name brings the given names of its people with it, and their postcodes. Two
/// rare values together are less of a surprise than each alone; this part of the surprise is left.
const COMPANY: f64 = 0.8;

/// The weights of one stratum.
pub(crate) struct Weights {
    /// Share over mass, by class.
    pub(crate) prior: Vec<f64>,
    pub(crate) fixed: Vec<bool>,
    /// By field and level, the share of each class.
    pub(crate) shares: Vec<[[f64; CLASSES]; LEVELS]>,
    pub(crate) kin_random: Vec<bool>,
    /// By class of matches, log2 of the odds before any field is heard.
    pub(crate) base: PerClass,
    /// By field and level, log2 of what the level weighs.
    pub(crate) levels: Vec<[PerClass; LEVELS]>,
    /// By field and grade, the most that two different values can weigh.
    pub(crate) grades: Vec<[PerClass; GRADES]>,
}

/// A weight for each class of matches. The odds of a pair are at most twice those of the likelier class.
pub(crate) type PerClass = [f32; 2];

/// Most classes of a model.
pub(crate) const CLASSES: usize = 4;

impl Weights {
    /// The weights of a stratum; `scale` is by how much the odds of a match differ from those in training.
    pub(crate) fn new(model: &Model, table: &Table, rule: &Rule, stratum: usize, scale: f64) -> Self {
        let of = &model.strata[stratum];
        let (matches, fields) = (model.matches.len(), table.fields.len());
        let strangers = model.classes() - 1;
        let mut prior = vec![0.0; CLASSES];
        for (class, share) in of.shares.iter().enumerate() {
            prior[class_place(model, class)] = if class < matches {
                share / of.mass[class].max(1e-9) * scale
            } else if class < strangers {
                share * scale
            } else {
                *share
            };
        }
        let fixed: Vec<bool> = (0..fields).map(|field| rule.fixes(field)).collect();
        let shares: Vec<[[f64; CLASSES]; LEVELS]> = (0..fields)
            .map(|field| {
                let mut levels = [[0.0; CLASSES]; LEVELS];
                for (level, classes) in levels.iter_mut().enumerate() {
                    for (class, matches) in model.matches.iter().enumerate().take(2) {
                        classes[class] = matches[field][level];
                    }
                    classes[KIN] = model.kin.as_ref().map_or(0.0, |kin| kin[field][level]);
                    classes[STRANGERS] = of.strangers[field][level];
                }
                levels
            })
            .collect();
        let mut weights = Self {
            base: [0, 1].map(|class| (prior[class].max(1e-30) / prior[STRANGERS].max(1e-12)).log2() as f32),
            prior,
            fixed,
            shares,
            kin_random: if model.kin_random.is_empty() {
                vec![false; fields]
            } else {
                model.kin_random.clone()
            },
            levels: vec![[[0.0; 2]; LEVELS]; fields],
            grades: vec![[[0.0; 2]; GRADES]; fields],
        };
        weights.bound(table);
        weights
    }

    fn bound(&mut self, table: &Table) {
        for (field, shares) in self.shares.iter().enumerate() {
            if self.fixed[field] {
                continue;
            }
            for (level, classes) in shares.iter().enumerate().skip(1) {
                self.levels[field][level] = [0, 1].map(|class| {
                    if classes[class] > 0.0 {
                        (classes[class] / classes[STRANGERS].max(1e-12)).log2() as f32
                    } else {
                        -100.0
                    }
                });
            }
            let heard = &self.levels[field];
            let kind = table.fields[field].kind;
            for (grade, most) in self.grades[field].iter_mut().enumerate() {
                *most = levels(kind, grade).iter().fold([-100.0f32; 2], |most, &level| {
                    [0, 1].map(|class| most[class].max(heard[level as usize][class]))
                });
            }
        }
    }

    /// The probability that two records with this pattern are one person's. `rarity` gives, for the fields in which
    /// they are the same, how rare the value is.
    pub(crate) fn probability(&self, pattern: Pattern, rarity: impl Fn(usize) -> f64) -> f64 {
        let mut densities = [
            self.prior[0],
            self.prior[1],
            self.prior[KIN],
            self.prior[STRANGERS],
        ];
        for (field, levels) in self.shares.iter().enumerate() {
            let level = level_of(pattern, field);
            if level == MISSING {
                continue;
            }
            if !self.fixed[field] {
                let classes = &levels[level as usize];
                densities
                    .iter_mut()
                    .zip(classes)
                    .for_each(|(density, share)| *density *= share);
            }
            if level == SAME {
                let rare = rarity(field);
                densities[STRANGERS] /= rare;
                if self.kin_random[field] {
                    densities[KIN] /= rare;
                }
            }
        }
        let matches = densities[0] + densities[1];
        matches / (matches + densities[KIN] + densities[STRANGERS]).max(f64::MIN_POSITIVE)
    }
}

pub(crate) const KIN: usize = 2;
pub(crate) const STRANGERS: usize = 3;

/// A model's classes are matches, kin if any, strangers; here each has a fixed place.
fn class_place(model: &Model, class: usize) -> usize {
    if class < model.matches.len() {
        class.min(1)
    } else if class + 1 == model.classes() {
        STRANGERS
    } else {
        KIN
    }
}
