//! Which matches the rules reach, as the model sees it.
//!
//! Fields are independent within a class, and each level of a field keeps some rules alive. So the chance of every
//! set of rules that a pair fulfils is worked out field by field, exactly, and with it: how many true pairs no rule
//! proposes, what they look like, and how many reach a rule only after all earlier ones failed.

use std::collections::BTreeMap;

use super::counts::Shares;
use super::field::{LEVELS, MISSING, SAME};
use super::mixture::Class;
use super::rules::{Rule, holding};

/// The rules under which two records meet, one bit a rule.
type Alive = u64;

/// Most rules a table can have.
pub(crate) const MOST_RULES: usize = 60;

/// What the rules reach of a class.
pub(crate) struct Reach {
    /// By rule: the chance that it is the first to propose a pair, given that the pair agrees in its fixed fields.
    pub(crate) mass: Vec<f64>,
    /// By rule: the chance that it is the first to propose a pair.
    pub(crate) first: Vec<f64>,
    /// The chance that some rule proposes it.
    pub(crate) proposed: f64,
    /// By field, the levels of pairs that no rule proposes (missing at 0).
    pub(crate) unproposed: Vec<Shares>,
}

/// A field's part in it: the levels that keep the same rules alive, taken together.
struct Atoms {
    field: usize,
    alive: Vec<(Alive, Vec<usize>)>,
}

/// The part of the rules in every field, worked out once a training.
pub(crate) struct Region {
    rules: usize,
    atoms: Vec<Atoms>,
    /// By rule, the fields it fixes.
    fixed: Vec<Vec<usize>>,
}

impl Region {
    pub(crate) fn new(rules: &[Rule], fields: usize) -> Self {
        let atoms = (0..fields)
            .map(|field| {
                let mut alive: Vec<(Alive, Vec<usize>)> = Vec::new();
                for (level, mask) in holding(rules, field).into_iter().enumerate() {
                    match alive.iter_mut().find(|(other, _)| *other == mask) {
                        Some((_, levels)) => levels.push(level),
                        None => alive.push((mask, vec![level])),
                    }
                }
                Atoms { field, alive }
            })
            .collect();
        let fixed = rules
            .iter()
            .map(|rule| (0..fields).filter(|&field| rule.fixes(field)).collect())
            .collect();
        Self {
            rules: rules.len(),
            atoms,
            fixed,
        }
    }

    /// What the rules reach of a class.
    pub(crate) fn reach(&self, class: &Class) -> Reach {
        let shares: Vec<Shares> = (0..class.levels.len()).map(|field| whole(class, field)).collect();
        let all = self.walk(&shares, None);
        let none = all.get(&0).copied().unwrap_or_default();
        let mut first = vec![0.0; self.rules];
        for (alive, chance) in &all {
            if *alive != 0 {
                first[alive.trailing_zeros() as usize] += chance;
            }
        }
        let mass = first
            .iter()
            .zip(&self.fixed)
            .map(|(first, fixed)| {
                let agree: f64 = fixed.iter().map(|&field| shares[field][SAME as usize]).product();
                // However rare the agreement, only where there is none is there nothing to divide by.
                (first / agree.max(f64::MIN_POSITIVE)).clamp(1e-6, 1.0)
            })
            .collect();
        let unproposed = (0..shares.len())
            .map(|field| self.outside(&shares, field, none))
            .collect();
        Reach {
            mass,
            first,
            proposed: 1.0 - none,
            unproposed,
        }
    }

    /// The chance of each set of rules; `but` leaves a field out.
    fn walk(&self, shares: &[Shares], but: Option<usize>) -> BTreeMap<Alive, f64> {
        let every = if self.rules >= 64 {
            Alive::MAX
        } else {
            (1 << self.rules) - 1
        };
        let mut chances = BTreeMap::from([(every, 1.0)]);
        for atoms in &self.atoms {
            // A field that no rule asks for changes nothing.
            if Some(atoms.field) == but || atoms.alive.len() == 1 {
                continue;
            }
            let mut next: BTreeMap<Alive, f64> = BTreeMap::new();
            for (alive, levels) in &atoms.alive {
                let share: f64 = levels.iter().map(|&level| shares[atoms.field][level]).sum();
                if share > 0.0 {
                    for (before, chance) in &chances {
                        *next.entry(before & alive).or_default() += chance * share;
                    }
                }
            }
            chances = next;
        }
        chances
    }

    fn outside(&self, shares: &[Shares], field: usize, none: f64) -> Shares {
        if self.atoms[field].alive.len() == 1 || none <= 0.0 {
            return shares[field];
        }
        let others = self.walk(shares, Some(field));
        let mut levels = [0.0; LEVELS];
        for (alive, of_field) in &self.atoms[field].alive {
            let chance: f64 = others
                .iter()
                .filter(|(before, _)| *before & alive == 0)
                .map(|(_, chance)| chance)
                .sum();
            for &level in of_field {
                levels[level] = shares[field][level] * chance / none;
            }
        }
        levels
    }
}

/// Levels with the missing ones among them.
fn whole(class: &Class, field: usize) -> Shares {
    let missing = class.missing[field];
    let mut shares = class.levels[field].map(|share| share * (1.0 - missing));
    shares[MISSING as usize] = missing;
    shares
}
