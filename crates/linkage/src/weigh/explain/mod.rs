//! Why two records are, or are not, one person's: a sum that anybody can follow.
//!
//! `log2 odds = prior + sum over fields (weight + rarity) + company + roof`
//!
//! - *prior*: the odds among all pairs that the rule proposes, before any field is heard;
//! - *weight* of a field: `log2(m / u)`, how much likelier its level is among one person's records than among
//!   strangers. The two classes of matches (careful and careless desks) are taken together in the proportion that
//!   the whole pair suggests;
//! - *rarity*: agreement in a rare value says more than in a mean one, and in a common one less;
//! - *company*: errors keep company. Two slips at a careless desk are less of a surprise than two weights say;
//! - *roof*: strangers who share a home share a family name and a postcode, so these prove less.
//!
//! The parts add up to the log odds of the probability that scoring gives (property-tested). No value of a record is
//! in an account unless [`PairAccount::with_values`] puts it there, and then in a type that does not print itself.

mod among;
mod parts;
#[cfg(test)]
mod tests;
mod waterfall;

use serde::Serialize;
use vocabulary::redact::Secret;

use super::blocks::{Blocks, Proposals};
use super::field::{Kind, Level, MISSING, SAME, name};
use super::level::{Comparer, level_of};
use super::link::{Learnt, Linker};
use super::table::Table;
use super::unproposed::unproposed;
use super::weights::{Weights, rare_bits};

pub use among::Among;
pub use waterfall::chance;

use parts::Parts;

/// What speaks for and against two records being one person's. All weights are in bits: 1 doubles the odds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairAccount {
    /// The earlier record.
    #[serde(skip)]
    pub a: u32,
    /// The later record.
    #[serde(skip)]
    pub b: u32,
    /// The first rule that proposes the pair; none where no rule does.
    pub rule: Option<String>,
    /// Log odds (base 2) among the pairs of the rule; among all pairs where no rule proposes this one.
    pub prior: f64,
    /// What each field says, in the order of the table.
    pub fields: Vec<FieldAccount>,
    /// What is added because errors keep company.
    pub company: f64,
    /// What is added (never above 0) because strangers may live under one roof.
    pub roof: f64,
    /// Log odds (base 2) that the two are one person's: the sum of all the others.
    pub odds: f64,
    /// The same as a probability.
    pub probability: f64,
}

/// What one field says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldAccount {
    /// The field's name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// At which level the values agree (see [`Kind::levels`]).
    pub level: Level,
    /// The level in words.
    pub words: &'static str,
    /// What the level weighs, in bits.
    pub weight: f64,
    /// True when the rule asks for agreement in the field: that it agrees then says nothing.
    pub fixed: bool,
    /// What the rarity of the value weighs, in bits; 0 unless the values are the same.
    pub rarity: f64,
    /// Both values, only where they were asked for.
    #[serde(skip)]
    pub values: Option<[Secret<String>; 2]>,
}

impl Linker<'_> {
    /// Explains a pair, whether or not a rule proposes it. Costs a look at the whole table.
    #[must_use]
    pub fn explain(&self, learnt: &Learnt, a: u32, b: u32) -> PairAccount {
        let (a, b) = (a.min(b), a.max(b));
        let (rule, weights) = match self.proposing(a, b) {
            Some(at) => {
                let weights = self.weights(&learnt.model, at);
                (Some(self.rules[at].words(self.table)), weights)
            }
            None => (
                None,
                unproposed(&learnt.model, self.table, self.table.records() as u64),
            ),
        };
        let rarity = |field: usize, value: u32| {
            let frequencies = &learnt.frequencies[field];
            let same = learnt.model.random[field][SAME as usize];
            // Rounded as the pair loop rounds it.
            f64::from(rare_bits(frequencies.total, frequencies.count(value), same) as f32)
        };
        let mut comparer = Comparer::new(self.table);
        account(&mut comparer, self.table, &weights, rule, (a, b), rarity)
    }

    /// The first rule that proposes a pair, blocks above the cap left out.
    fn proposing(&self, a: u32, b: u32) -> Option<usize> {
        let proposals = Proposals::all(self.table, &self.cuts, &self.rules);
        self.rules.iter().enumerate().find_map(|(at, rule)| {
            if !proposals.meets(at, a, b) {
                return None;
            }
            let blocks = Blocks::new(self.table, &self.cuts, rule, self.settings.cap);
            let key = rule.key(self.table, &self.cuts, a as usize)?;
            blocks.capped().binary_search(&key).is_err().then_some(at)
        })
    }
}

/// The account of a pair under given weights; `rarity` gives the bits of a value that both have.
fn account(
    comparer: &mut Comparer<'_>,
    table: &Table,
    weights: &Weights,
    rule: Option<String>,
    (a, b): (u32, u32),
    rarity: impl Fn(usize, u32) -> f64,
) -> PairAccount {
    let pattern = comparer.pattern(a, b);
    let rare: Vec<f64> = (0..table.fields.len())
        .map(|field| {
            if level_of(pattern, field) == SAME && table.fields[field].kind.has_rare_values() {
                rarity(field, table.value(field, a))
            } else {
                0.0
            }
        })
        .collect();
    let parts = Parts::new(weights, pattern, &rare);
    let swapped = table
        .first(Kind::GivenName)
        .is_some_and(|given| level_of(pattern, given) == name::SWAPPED);
    let fields = table.fields.iter().enumerate().map(|(at, field)| {
        let level = level_of(pattern, at);
        FieldAccount {
            name: field.name.clone(),
            kind: field.kind,
            level,
            words: match (level, field.kind) {
                (MISSING, Kind::FamilyName) if swapped => "heard with the given name",
                (MISSING, _) => "missing",
                (_, kind) => kind.words(level),
            },
            weight: parts.weights[at],
            fixed: level != MISSING && weights.fixed[at],
            rarity: rare[at],
            values: None,
        }
    });
    PairAccount {
        a,
        b,
        rule,
        prior: parts.prior,
        fields: fields.collect(),
        company: parts.company,
        roof: parts.roof,
        odds: parts.odds,
        probability: 1.0 / (1.0 + (-parts.odds).exp2()),
    }
}

impl PairAccount {
    /// Puts the values of both records in, for the eyes of somebody entitled to them.
    #[must_use]
    pub fn with_values(mut self, table: &Table) -> Self {
        let records = [self.a, self.b];
        for (at, field) in self.fields.iter_mut().enumerate() {
            field.values = Some(records.map(|record| Secret::new(table.shown(at, record as usize))));
        }
        self
    }
}
