//! Whole partitions of a study's records into people, drawn by chance.
//!
//! A record stands here for all records that say the same of a person (a distinct identity). Links that a step made
//! carry the step's share of right links; links that were missed are an allowance among the people without any number.

use std::path::Path;

use super::{Expected, ONE};
use crate::cascade::{Linked, Step};
use crate::error::LinkageError;
use crate::kept::{Kept, KnownBefore};
use crate::weigh::Pair;
use crate::weigh::draw::{Allowance, Stated, Uncertain, Who};

/// What the linkage of a study was unsure of, made ready for [`draw`](crate::weigh::draw::draw): `folder` is where the
/// stage wrote its tables.
///
/// Each drawn [`Partition`](crate::weigh::draw::Partition) is transitive, and holds nobody together whom the steps
/// refused to join. On average it has as many more people than stated as false links are expected, and as many fewer as
/// missed ones.
///
/// # Errors
/// When the folder holds nothing that this version of the program left.
pub fn uncertain(folder: &Path) -> Result<Uncertain, LinkageError> {
    let kept = Kept::read(folder).ok_or(LinkageError::Kept)?;
    let KnownBefore { table, everybody, .. } = KnownBefore::read(folder, &kept.places(), 1)?;
    let linked = &everybody.linked;
    let shares: Vec<u64> = Step::ALL
        .into_iter()
        .zip(&kept.trials)
        .map(|(step, trial)| trial.share(step))
        .collect();
    let chances = kept.covered.chances();
    let expected = Expected::of(&table, linked, &shares, chances.as_ref(), 1);
    let mut allowance = Allowance::default();
    let mut billionths = 0u64;
    for (at, row) in table.rows.iter().enumerate() {
        let missed = u64::from(expected.of[at].missed_links) * u64::from(table.records[at]);
        billionths += missed;
        // Records that stay apart have one place here; they are among the people as often as any other.
        if linked.roots[at] as usize == at {
            // Someone with a number may be the other one of a missed pair.
            let list = if missed > 0 {
                &mut allowance.who
            } else {
                &mut allowance.also
            };
            list.push(Who {
                person: at as u32,
                sex: row.sex,
                year: u16::try_from(row.born.year()).unwrap_or_default(),
            });
        }
    }
    allowance.expected = billionths as f64 / ONE as f64;
    Ok(Uncertain::new(Stated {
        held: held(linked, &shares),
        between: Vec::new(),
        apart: apart(linked),
        person: linked.roots.clone(),
        allowance,
    }))
}

/// People whom the steps refused to join. A contradiction within a person is only noted.
fn apart(linked: &Linked) -> Vec<(u32, u32)> {
    let person = |identity: u32| linked.roots.get(identity as usize).copied();
    let all = linked.conflicts.iter().map(|conflict| (conflict.a, conflict.b));
    all.filter(|(a, b)| person(*a) != person(*b)).collect()
}

/// Each identity that a step joined, with the first of its person.
fn held(linked: &Linked, shares: &[u64]) -> Vec<Pair> {
    let joined = linked.roots.iter().zip(&linked.steps).zip(0u32..);
    let pair = |((root, step), place): ((&u32, &Option<Step>), u32)| {
        let share = shares.get((*step)? as usize).copied().unwrap_or(10_000);
        (*root != place).then(|| Pair {
            a: *root,
            b: place,
            probability: share as f32 / 10_000.0,
        })
    };
    joined.filter_map(pair).collect()
}
