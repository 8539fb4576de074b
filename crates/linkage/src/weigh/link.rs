//! The linker: rules, training, scoring and deciding, in order.

use rayon::prelude::*;

use crate::error::LinkageError;

use super::blocks::{Blocks, Proposals};
use super::decide::{Decided, Deciding, decide};
use super::kernel::{Desk, Kernel, Pair};
use super::level::{Comparer, contradict};
use super::model::Model;
use super::pairs::{Pairs, Spill};
use super::plan::{self, Plan};
use super::rivals;
use super::rules::{Cuts, Rule};
use super::table::{Frequencies, Table};
use super::train::{Training, train};
use super::unproposed::unproposed;
use super::weights::{Rarity, Weights};

/// How a table is linked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The rules; chosen from the table when there are none.
    pub rules: Vec<Rule>,
    /// Blocks with more records than this are left out.
    pub cap: u32,
    /// Pairs below this probability are dropped.
    pub least: f64,
    /// How training is done.
    pub training: Training,
    /// How pairs become people.
    pub deciding: Deciding,
    /// Where pairs go that do not fit into memory; without it all are held.
    pub spill: Option<Spill>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            cap: 10_000,
            least: 0.01,
            training: Training::default(),
            deciding: Deciding::default(),
            spill: None,
        }
    }
}

/// Pairs for a thread to take at once.
const PAIRS_A_RUN: u64 = 1 << 19;

/// The pairs of a rule, in as many runs as there are.
pub(crate) type Scored = Result<Vec<Vec<Pair>>, LinkageError>;

/// A table with its rules, ready to be trained on and scored.
pub struct Linker<'a> {
    pub(super) table: &'a Table,
    pub(super) settings: Settings,
    pub(super) rules: Vec<Rule>,
    pub(super) cuts: Cuts,
    too_wide: Vec<plan::PlannedRule>,
}

/// A model for a table, with what belongs to it.
pub struct Learnt {
    /// The model.
    pub model: Model,
    blocks: Option<Vec<Blocks>>,
    pub(super) frequencies: Vec<Frequencies>,
}

/// What scoring found.
pub struct Weighed {
    /// Pairs at or above the least probability.
    pub pairs: Pairs,
    /// What the rules proposed.
    pub plan: Plan,
}

impl<'a> Linker<'a> {
    /// Takes a table; chooses rules where the settings have none.
    pub fn new(table: &'a Table, settings: Settings) -> Result<Self, LinkageError> {
        plan::fits(table, &settings.rules)?;
        let (mut rules, mut too_wide) = (settings.rules.clone(), Vec::new());
        if rules.is_empty() {
            for (rule, planned, used) in plan::choose(table, settings.cap) {
                if used {
                    rules.push(rule);
                } else {
                    too_wide.push(planned);
                }
            }
        }
        let cuts = Cuts::new(table, &rules);
        // A table small enough to compare everybody has one block; the cap is not for it.
        let everybody = rules.iter().any(|rule| rule.parts.is_empty());
        let cap = if everybody { u32::MAX } else { settings.cap };
        Ok(Self {
            table,
            settings: Settings { cap, ..settings },
            rules,
            cuts,
            too_wide,
        })
    }

    /// Counts the pairs that each rule proposes; nothing is compared.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let rules = self
            .rules
            .iter()
            .map(|rule| plan::planned(self.table, &self.cuts, rule, self.settings.cap));
        Plan::of(self.table, rules.collect(), self.too_wide.clone())
    }

    /// Learns a model from the table.
    pub fn train(&self) -> Result<Learnt, LinkageError> {
        let trained = train(
            self.table,
            &self.cuts,
            &self.rules,
            self.settings.cap,
            &self.settings.training,
        )?;
        Ok(Learnt {
            model: trained.model,
            blocks: Some(trained.blocks),
            frequencies: trained.frequencies,
        })
    }

    /// Takes a model that was learnt before; its rules are used.
    pub fn with_model(
        table: &'a Table,
        settings: Settings,
        model: Model,
    ) -> Result<(Self, Learnt), LinkageError> {
        let rules = model.rules(table)?;
        let linker = Self::new(table, Settings { rules, ..settings })?;
        let learnt = Learnt {
            model,
            blocks: None,
            frequencies: table.all_frequencies(),
        };
        Ok((linker, learnt))
    }

    /// Scores every pair that the rules propose, on as many threads as the caller's pool has.
    pub fn weigh(&self, learnt: &mut Learnt) -> Result<Weighed, LinkageError> {
        self.weigh_with(learnt, &mut |kernel, blocks| {
            let runs = blocks.runs(PAIRS_A_RUN).into_par_iter();
            let desk = || Desk::new(self.table);
            Ok(runs
                .map_init(desk, |desk, run| kernel.score(desk, blocks, run))
                .collect())
        })
    }

    /// Scores every pair that the rules propose; `score` is called for one rule after the other, and its pairs may come
    /// in any order.
    pub(crate) fn weigh_with(
        &self,
        learnt: &mut Learnt,
        score: &mut dyn FnMut(&Kernel<'_>, &Blocks) -> Scored,
    ) -> Result<Weighed, LinkageError> {
        let mut ready = learnt.blocks.take().map(Vec::into_iter);
        let rarity = Rarity::new(self.table, std::mem::take(&mut learnt.frequencies), &learnt.model);
        let mut proposals = Proposals::new(self.table, &self.cuts, &self.rules);
        let mut planned = Vec::new();
        let mut pairs = Pairs::new(self.settings.spill.clone());
        for (at, rule) in self.rules.iter().enumerate() {
            let blocks = match &mut ready {
                Some(ready) => ready.next(),
                None => None,
            };
            let blocks =
                blocks.unwrap_or_else(|| Blocks::new(self.table, &self.cuts, rule, self.settings.cap));
            let weights = self.weights(&learnt.model, at);
            let kernel = Kernel {
                table: self.table,
                proposals: &proposals,
                rarity: &rarity,
                weights: &weights,
                rule: at,
                least: self.settings.least,
            };
            for found in score(&kernel, &blocks)? {
                pairs.add(found)?;
            }
            planned.push(plan::described(self.table, rule, &blocks));
            proposals.next(&blocks);
        }
        learnt.frequencies = rarity.into_frequencies();
        Ok(Weighed {
            pairs,
            plan: Plan::of(self.table, planned, self.too_wide.clone()),
        })
    }

    /// The key of a record under a rule, given by its place.
    pub(crate) fn key(&self, rule: usize, record: usize) -> Option<u64> {
        self.rules[rule].key(self.table, &self.cuts, record)
    }

    /// The weights of a stratum.
    pub(super) fn weights(&self, model: &Model, stratum: usize) -> Weights {
        let scale = scale(model, self.table.records() as u64);
        Weights::new(model, self.table, &self.rules[stratum], stratum, scale)
    }

    /// Decides which records are one person's.
    pub fn decide(&self, learnt: &mut Learnt, weighed: &mut Weighed) -> Result<Decided, LinkageError> {
        let rarity = Rarity::new(self.table, std::mem::take(&mut learnt.frequencies), &learnt.model);
        let strata: Vec<Weights> = (0..self.rules.len())
            .map(|at| self.weights(&learnt.model, at))
            .collect();
        let elsewhere = unproposed(&learnt.model, self.table, self.table.records() as u64);
        let proposals = Proposals::all(self.table, &self.cuts, &self.rules);
        let mut comparer = Comparer::new(self.table);
        let mut weigh = |a: u32, b: u32| {
            let pattern = comparer.pattern(a, b);
            let rare = |field: usize| rarity.of(field, self.table.value(field, a));
            let weights = proposals.first(a, b).map_or(&elsewhere, |rule| &strata[rule]);
            let probability = weights.probability(pattern, rare).clamp(1e-6, 1.0 - 1e-6);
            let odds = (probability / (1.0 - probability)).log2();
            // Two records that say too little to be matched do not speak against each other.
            if odds < 0.0 && !contradict(pattern, self.table.fields.len()) {
                0.0
            } else {
                odds
            }
        };
        let deciding = &self.settings.deciding;
        let shared = rivals::shared(&mut weighed.pairs, deciding.accept, &mut weigh)?;
        let unrivalled = |pair: &Result<Pair, LinkageError>| {
            pair.as_ref()
                .map_or(true, |pair| !shared.contains_key(&(pair.a, pair.b)))
        };
        let pairs = weighed.pairs.in_order()?.filter(unrivalled);
        let mut decided = decide(self.table.records(), pairs, deciding, weigh)?;
        decided.review(shared, deciding);
        learnt.frequencies = rarity.into_frequencies();
        Ok(decided)
    }
}

/// By how much the odds of a match differ from those in training, in a table of so many records. Matches, and people
/// under one roof, grow with the records, strangers with their square. The pairs of a rule do not tell: under a narrow
/// one most are matches.
pub(super) fn scale(model: &Model, records: u64) -> f64 {
    if model.records == 0 || records == 0 {
        1.0
    } else {
        model.records as f64 / records as f64
    }
}
