//! The errors that linkage expects of itself: links that are false, and links that it missed.
//!
//! Nobody tells linkage the truth, but the data hold one: people who carry a number. Each step was tried on them with
//! the number covered ([`crate::Trial`]), which measures how often its links are right. The same people, asked for once
//! through all steps ([`covered`]), show how often a record without a number would have stayed apart although there is
//! more of its person. Both are handed on:
//!
//! - *false links*: a record that was joined by a step with the share of right links `s`, among the `k` records of its
//!   person, stands for `(1 - s)(k - 1)/k` false links, so that a person of `k` records stands for its `k - 1` links;
//! - *missed links*: someone without any number is another of the people as well with the chance
//!   `q(1 - f)/(1 - qf)`, where `q` is the share of people whose records say as much who have other records, and `f` the
//!   share of them that the steps find.
//!
//! **When it fails.** It takes records without a number to be like those with one that say as much otherwise. A number that
//! is valid and somebody else's is not seen. Where too few records carry a number, missed links are not known, and
//! blank.

mod class;
mod covered;
mod groups;
mod uncertain;
mod write;

pub(crate) use covered::{Chances, Covered};
pub(crate) use groups::{ByFile, of_people};
pub use uncertain::uncertain;
pub(crate) use write::write;

use crate::cascade::{Identities, Linked, Step};
use crate::threads::fill_in_parts;

/// What stands for one: expectations are added up as whole numbers, so that their order does not matter.
pub(crate) const ONE: u64 = 1_000_000_000;

/// What one record of an identity stands for, in billionths.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Stands {
    pub(crate) false_links: u32,
    pub(crate) missed_links: u32,
}

/// What is expected of each identity's records.
pub(crate) struct Expected {
    pub(crate) of: Vec<Stands>,
    /// False where too few people carry a number to know of missed links.
    pub(crate) missed_known: bool,
}

impl Expected {
    /// Of the identities as they were linked; `shares` are the shares of right links by step, in ten-thousandths.
    pub(crate) fn of(
        table: &Identities,
        linked: &Linked,
        shares: &[u64],
        chances: Option<&Chances>,
        threads: usize,
    ) -> Self {
        let identities = table.rows.len();
        // Records of each person that has several, and whether one of them has a number, by the person's first identity.
        let (mut records, mut numbered) = (vec![0u32; identities], vec![false; identities]);
        let joined = linked.steps.iter().zip(&linked.roots).enumerate();
        for (at, (_, root)) in joined.filter(|(_, (step, _))| step.is_some()) {
            let root = *root as usize;
            records[root] = records[root].saturating_add(table.records[at]);
            numbered[root] |= table.rows[at].number != 0;
        }
        let wrong = |step: Step| {
            let share = shares.get(step as usize).copied().unwrap_or(10_000);
            10_000u64.saturating_sub(share) * (ONE / 10_000)
        };
        let wrong: Vec<u64> = Step::ALL.into_iter().map(wrong).collect();
        let least = chances.map(|chances| least(table, linked, &numbered, chances));
        let missed = |at: usize| match (chances, &least) {
            (Some(chances), Some(least)) => missed(table, linked, (&records, least), chances, at),
            _ => 0,
        };
        let mut of = vec![Stands::default(); identities];
        fill_in_parts(threads, &mut of, |first, part| {
            for (stands, at) in part.iter_mut().zip(first..) {
                if let Some(step) = linked.steps[at] {
                    let all = u64::from(records[linked.roots[at] as usize]).max(1);
                    stands.false_links = (wrong[step as usize] / all * (all - 1)) as u32;
                }
                stands.missed_links = missed(at);
            }
        });
        Self {
            of,
            missed_known: chances.is_some(),
        }
    }
}

/// The least chance of having been missed of each person without a number, by its first identity: whoever said most of a
/// person has been looked for best.
fn least(table: &Identities, linked: &Linked, numbered: &[bool], chances: &Chances) -> Vec<u32> {
    let mut least = vec![u32::MAX; table.rows.len()];
    for (at, root) in linked.roots.iter().enumerate() {
        if linked.steps[at].is_some() && !numbered[*root as usize] {
            let root = *root as usize;
            least[root] = least[root].min(chances.of(&table.rows[at]));
        }
    }
    least
}

/// The part of its person's chance of having been missed that falls to a record of an identity.
fn missed(
    table: &Identities,
    linked: &Linked,
    (records, least): (&[u32], &[u32]),
    chances: &Chances,
    at: usize,
) -> u32 {
    match linked.steps[at] {
        // Its records are people of their own.
        None if table.rows[at].number == 0 => chances.of(&table.rows[at]),
        None => 0,
        Some(_) => match least[linked.roots[at] as usize] {
            u32::MAX => 0,
            chance => chance / records[linked.roots[at] as usize].max(1),
        },
    }
}
