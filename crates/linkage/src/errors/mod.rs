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
pub(crate) use groups::{ByFile, Sums, of_people};
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
        let wrong = |step: Step| {
            let share = shares.get(step as usize).copied().unwrap_or(10_000);
            10_000u64.saturating_sub(share) * (ONE / 10_000)
        };
        let wrong: Vec<u64> = Step::ALL.into_iter().map(wrong).collect();
        let people = people(table, linked, chances, threads);
        let missed = |at: usize| match chances {
            Some(chances) => missed(table, linked, &people, chances, at),
            None => 0,
        };
        let mut of = vec![Stands::default(); identities];
        fill_in_parts(threads, &mut of, |first, part| {
            for (stands, at) in part.iter_mut().zip(first..) {
                if let Some(step) = linked.steps[at] {
                    let all = u64::from(people[linked.roots[at] as usize].0).max(1);
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

/// Records of a person that has several, and how far its chance of having been missed lies below what stands for none at
/// all: so that both are 0 of whoever was not heard of yet.
type OfPerson = (u32, u32);

/// What is known of each person that has several records, by its first identity. Its chance of having been missed is the least
/// of its identities', since whoever said most of a person has been looked for best; with a number it is 0.
fn people(table: &Identities, linked: &Linked, chances: Option<&Chances>, threads: usize) -> Vec<OfPerson> {
    let mut people: Vec<OfPerson> = vec![(0, 0); table.rows.len()];
    // Each thread goes through all identities, and heeds those whose person is in its part.
    fill_in_parts(threads, &mut people, |first, part| {
        let joined = linked.steps.iter().zip(&linked.roots).enumerate();
        for (at, (_, root)) in joined.filter(|(_, (step, _))| step.is_some()) {
            let own = (*root as usize).checked_sub(first);
            let Some((records, below)) = own.and_then(|own| part.get_mut(own)) else {
                continue;
            };
            *records = records.saturating_add(table.records[at]);
            if let Some(chances) = chances {
                let row = &table.rows[at];
                let chance = if row.number == 0 { chances.of(row) } else { 0 };
                *below = (*below).max(u32::MAX - chance);
            }
        }
    });
    people
}

/// The part of its person's chance of having been missed that falls to a record of an identity.
fn missed(table: &Identities, linked: &Linked, people: &[OfPerson], chances: &Chances, at: usize) -> u32 {
    match linked.steps[at] {
        // Its records are people of their own.
        None if table.rows[at].number == 0 => chances.of(&table.rows[at]),
        None => 0,
        Some(_) => {
            let (records, below) = people[linked.roots[at] as usize];
            (u32::MAX - below) / records.max(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::class::CLASSES;
    use super::{Chances, Covered, Expected, ONE, Stands, of_people};
    use crate::cascade::{Identities, Identity, Linked, Step, Words};
    use crate::kept::{Apart, Everybody};

    const IDENTITIES: u32 = 60_000;

    fn chances() -> Chances {
        let answers = |class: usize| serde_json::json!({"asked": 100, "more": 60, "found": class % 50});
        let by_class: Vec<_> = (0..CLASSES).map(answers).collect();
        let covered = serde_json::json!({"identities": IDENTITIES, "by_class": by_class});
        let covered: Covered = serde_json::from_value(covered).unwrap();
        covered.chances().unwrap()
    }

    /// Identities of one person lie far apart, so that no thread has all of anybody.
    fn linked() -> (Identities, Linked) {
        let rows = (0..IDENTITIES).map(|at| Identity {
            number: u64::from(at % 23 / 22),
            family: at % 3,
            given: at % 2,
            postcode: at % 5,
            ..Identity::default()
        });
        let records = (0..IDENTITIES).map(|at| 1 + at % 4).collect();
        let linked = Linked {
            roots: (0..IDENTITIES).map(|at| at * 7 % 40_000).collect(),
            steps: (0..IDENTITIES)
                .map(|at| (at % 11 > 0).then_some(Step::LocalId))
                .collect(),
            ..Linked::default()
        };
        (Identities::of(rows.collect(), records, Words::new()), linked)
    }

    /// One after the other, as the book has it: records, least chance, and whether there is a number.
    fn plainly(table: &Identities, linked: &Linked, wrong: u64, chances: &Chances) -> Vec<Stands> {
        let mut people: BTreeMap<u32, (u32, u32, bool)> = BTreeMap::new();
        for (at, root) in linked.roots.iter().enumerate() {
            if linked.steps[at].is_some() {
                let (records, least, numbered) = people.entry(*root).or_insert((0, u32::MAX, false));
                *records += table.records[at];
                *least = (*least).min(chances.of(&table.rows[at]));
                *numbered |= table.rows[at].number != 0;
            }
        }
        let all = linked.roots.iter().enumerate();
        all.map(|(at, root)| match linked.steps[at] {
            Some(_) => {
                let (records, least, numbered) = people[root];
                let all = u64::from(records);
                Stands {
                    false_links: (wrong / all * (all - 1)) as u32,
                    missed_links: if numbered { 0 } else { least / records },
                }
            }
            None => Stands {
                false_links: 0,
                missed_links: if table.rows[at].number == 0 {
                    chances.of(&table.rows[at])
                } else {
                    0
                },
            },
        })
        .collect()
    }

    #[test]
    fn what_is_expected_does_not_depend_on_threads() {
        let ((table, linked), chances) = (linked(), chances());
        let shares = vec![9_000; Step::ALL.len()];
        let wanted = plainly(&table, &linked, ONE / 10, &chances);
        let of = |threads| Expected::of(&table, &linked, &shares, Some(&chances), threads);
        let all = [of(1), of(2), of(3)];
        for expected in &all {
            assert!(expected.of == wanted);
        }
        let everybody = Everybody {
            persons: linked.roots.clone(),
            linked,
            says: vec![(None, None)],
        };
        let sums = |threads| of_people(&all[0], &table, &everybody, &Apart::default(), (39_999, threads));
        let once = sums(1);
        assert!(once.iter().any(|stands| stands.missed_links > 0));
        assert!(sums(2) == once && sums(3) == once);
    }
}
