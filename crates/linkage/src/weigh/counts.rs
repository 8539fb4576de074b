//! What pairs look like: the levels of random pairs, and the patterns of a sample of candidates.

use rustc_hash::FxHashMap;

use super::blocks::{Blocks, Proposals};
use super::field::{LEVELS, MISSING, SAME};
use super::level::{Comparer, Pattern, level_of};
use super::rules::{Cut, Cuts, Part, Rule};
use super::table::{Frequencies, Table};

/// The share of pairs of strangers at each level of a field, missing left out.
pub(crate) type Shares = [f64; LEVELS];

/// Random pairs that are looked at.
const RANDOM_PAIRS: u64 = 80_000;

/// Levels of random pairs of different records, by field. "The same" comes from the frequencies of all values, which
/// a sample would hardly meet; the levels below it come from the sample.
pub(crate) fn of_strangers(
    table: &Table,
    frequencies: &[Frequencies],
    comparer: &mut Comparer<'_>,
    records_a_person: f64,
) -> Vec<Shares> {
    let records = table.records() as u64;
    let mut counts = vec![[0u64; LEVELS]; table.fields.len()];
    for draw in 0..if records > 1 { RANDOM_PAIRS } else { 0 } {
        let (a, b) = (chance(2 * draw) % records, chance(2 * draw + 1) % records);
        if a == b {
            continue;
        }
        let pattern = comparer.pattern(a as u32, b as u32);
        for (field, counts) in counts.iter_mut().enumerate() {
            counts[level_of(pattern, field) as usize] += 1;
        }
    }
    let share = |counts: &[u64; LEVELS], frequencies: &Frequencies, levels: &[(u8, &str)]| {
        let other: u64 = counts[1..SAME as usize].iter().sum();
        let same = frequencies.between_people(records_a_person).min(0.999);
        let mut shares = [0.0; LEVELS];
        for &(level, _) in levels.iter().filter(|(level, _)| *level != SAME) {
            // Half a pair more at each level, so that none is impossible.
            let part =
                (counts[level as usize] as f64 + 0.5) / (other as f64 + 0.5 * (levels.len() - 1) as f64);
            shares[level as usize] = (1.0 - same) * part;
        }
        shares[SAME as usize] = same;
        shares
    };
    counts
        .iter()
        .zip(frequencies)
        .zip(&table.fields)
        .map(|((counts, frequencies), field)| share(counts, frequencies, field.kind.levels()))
        .collect()
}

/// Records that are looked at to see how values agree which share a part.
const SHARING: u64 = 60_000;

/// By rule and field, the levels of strangers whom the rule picks: those of random pairs, but where the rule asks for
/// a part of the field. Names that begin alike, and dates of one month, agree more often than any two.
pub(crate) fn of_picked(
    table: &Table,
    cuts: &Cuts,
    rules: &[Rule],
    random: &[Shares],
    comparer: &mut Comparer<'_>,
) -> Vec<Vec<Shares>> {
    let mut known: Vec<(Part, Shares)> = Vec::new();
    let mut picked = vec![random.to_vec(); rules.len()];
    for (rule, shares) in rules.iter().zip(&mut picked) {
        for part in rule.parts.iter().filter(|part| part.cut != Cut::Whole) {
            let shares = &mut shares[part.field];
            *shares = match known.iter().find(|(other, _)| other == part) {
                Some((_, known)) => *known,
                None => {
                    let sharing = of_sharing(table, cuts, *part, shares, comparer);
                    known.push((*part, sharing));
                    sharing
                }
            };
        }
    }
    picked
}

/// Levels of pairs of records that share a part of a field and nothing else on purpose.
fn of_sharing(
    table: &Table,
    cuts: &Cuts,
    part: Part,
    random: &Shares,
    comparer: &mut Comparer<'_>,
) -> Shares {
    let rule = Rule { parts: vec![part] };
    let one_in = (table.records() as u64 / SHARING).max(1);
    let chosen = (0..table.records()).filter(|&record| chance(record as u64).is_multiple_of(one_in));
    let mut keyed: Vec<(u64, u32)> = chosen
        .filter_map(|record| Some((rule.key(table, cuts, record)?, record as u32)))
        .collect();
    keyed.sort_unstable();
    // A few pairs of random ones, so that no level is impossible.
    let mut counts = random.map(|share| 3.0 * share);
    for group in keyed.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let others = group.len() as u64 - 1;
        for (at, &(_, a)) in group.iter().enumerate() {
            let step = 1 + chance(u64::from(a)) % others;
            let (_, b) = group[(at + step as usize) % group.len()];
            let level = comparer.level(part.field, a.min(b), a.max(b), false);
            counts[level as usize] += others as f64;
        }
    }
    counts[MISSING as usize] = 0.0;
    let all: f64 = counts.iter().sum();
    counts.map(|count| count / all)
}

/// A number that looks like chance and depends on its place alone (SplitMix64).
pub(crate) fn chance(place: u64) -> u64 {
    let mut z = place.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The patterns of pairs that one rule is the first to propose.
pub(crate) struct Stratum {
    /// Patterns in order, with the pairs that have them.
    pub(crate) patterns: Vec<(Pattern, f64)>,
    /// Pairs that each pair of the sample stands for.
    pub(crate) scale: f64,
}

impl Stratum {
    /// Pairs that the sample stands for.
    pub(crate) fn pairs(&self) -> f64 {
        self.patterns.iter().map(|(_, count)| count).sum::<f64>() * self.scale
    }
}

/// Pairs of a rule that are looked at in training.
const SAMPLE: u64 = 80_000;

/// Counts the patterns of a sample of the pairs of every rule; a pair counts under the first rule that proposes it.
pub(crate) fn of_candidates(
    table: &Table,
    cuts: &Cuts,
    rules: &[Rule],
    cap: u32,
    comparer: &mut Comparer<'_>,
) -> (Vec<Stratum>, Vec<Blocks>) {
    let mut proposals = Proposals::new(table, cuts, rules);
    let (mut strata, mut all) = (Vec::new(), Vec::new());
    for (at, rule) in rules.iter().enumerate() {
        let blocks = Blocks::new(table, cuts, rule, cap);
        let one_in = (blocks.pairs / SAMPLE).max(1);
        let mut counts: FxHashMap<Pattern, u32> = FxHashMap::default();
        for block in 0..blocks.len() {
            let records = blocks.block(block);
            for (place, &a) in records.iter().enumerate() {
                // Whole rows of pairs are taken or left: looking at a row costs its length.
                if one_in > 1 && !chance(u64::from(a) ^ (at as u64) << 40).is_multiple_of(one_in) {
                    continue;
                }
                for &b in &records[place + 1..] {
                    if !proposals.before(at, a, b) {
                        *counts.entry(comparer.pattern(a, b)).or_default() += 1;
                    }
                }
            }
        }
        let mut patterns: Vec<(Pattern, f64)> = counts
            .into_iter()
            .map(|(pattern, count)| (pattern, f64::from(count)))
            .collect();
        patterns.sort_unstable_by_key(|(pattern, _)| *pattern);
        strata.push(Stratum {
            patterns,
            scale: one_in as f64,
        });
        proposals.next(&blocks);
        all.push(blocks);
    }
    (strata, all)
}

/// The share of pairs in which a field is missing on one side, were records paired by chance.
pub(crate) fn missing(table: &Table, frequencies: &[Frequencies]) -> Vec<f64> {
    let records = table.records().max(1) as f64;
    debug_assert_eq!(MISSING, 0);
    frequencies
        .iter()
        .map(|frequencies| 1.0 - (frequencies.total as f64 / records).powi(2))
        .collect()
}
