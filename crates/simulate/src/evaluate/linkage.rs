//! Linkage as a clustering of records: pairs that belong together, counted by contingency and not pair by pair.

use super::Share;
use rustc_hash::FxHashMap;
use serde::Serialize;

/// Pairs of records, and how many people came out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LinkageScore {
    /// Records compared.
    pub records: u64,
    /// Pairs put together that belong together, of all pairs put together.
    pub precision: Share,
    /// Pairs put together that belong together, of all that belong together.
    pub recall: Share,
    /// Harmonic mean of the two; `None` when nothing belongs or was put together.
    pub f1: Option<f64>,
    /// True people among the records.
    pub true_people: u64,
    /// Found people among the records.
    pub found_people: u64,
    /// True people whose records are in more than one found person.
    pub split: u64,
    /// Found people whose records are of more than one true person.
    pub merged: u64,
}

/// Scores (true person, found person) of each record, in any order.
pub fn score_linkage(records: &[(u32, u32)]) -> LinkageScore {
    let mut pairs = records.to_vec();
    pairs.sort_unstable();
    let (mut both, mut in_truth) = (0_u64, 0_u64);
    let (mut true_people, mut split) = (0, 0);
    for person in pairs.chunk_by(|a, b| a.0 == b.0) {
        true_people += 1;
        in_truth += choose_two(person.len());
        let mut parts = 0;
        for cell in person.chunk_by(|a, b| a.1 == b.1) {
            parts += 1;
            both += choose_two(cell.len());
        }
        split += u64::from(parts > 1);
    }
    pairs.sort_unstable_by_key(|p| (p.1, p.0));
    let (mut in_found, mut found_people, mut merged) = (0_u64, 0, 0);
    for person in pairs.chunk_by(|a, b| a.1 == b.1) {
        found_people += 1;
        in_found += choose_two(person.len());
        merged += u64::from(person.first().map(|p| p.0) != person.last().map(|p| p.0));
    }
    let f1 = (in_truth + in_found > 0).then(|| 2.0 * both as f64 / (in_truth + in_found) as f64);
    LinkageScore {
        records: records.len() as u64,
        precision: Share {
            part: both,
            whole: in_found,
        },
        recall: Share {
            part: both,
            whole: in_truth,
        },
        f1,
        true_people,
        found_people,
        split,
        merged,
    }
}

fn choose_two(n: usize) -> u64 {
    let n = n as u64;
    n * n.saturating_sub(1) / 2
}

/// The true person for whom each found person stands: most records, then the smallest number.
pub(super) fn matches(records: &[(u32, u32)]) -> FxHashMap<u32, u32> {
    let mut pairs: Vec<(u32, u32)> = records.iter().map(|(truth, found)| (*found, *truth)).collect();
    pairs.sort_unstable();
    let mut matched = FxHashMap::default();
    for person in pairs.chunk_by(|a, b| a.0 == b.0) {
        let mut best: Option<(usize, u32)> = None;
        for cell in person.chunk_by(|a, b| a.1 == b.1) {
            if best.is_none_or(|(size, _)| cell.len() > size) {
                best = Some((cell.len(), cell[0].1));
            }
        }
        if let Some((_, truth)) = best {
            matched.insert(person[0].0, truth);
        }
    }
    matched
}
