//! Sums over the subsets and supersets of a combination of lists.
//!
//! A combination is a number whose bits are lists, so a table over all combinations is an array of 2ᵗ. Summing over
//! every superset of every combination costs *t* 2ᵗ⁻¹ additions, where the plain sum would cost 3ᵗ. Every sufficient
//! statistic and every element of the information matrix of a log-linear model is one element of such a sum.

/// Replaces each element by the sum over all combinations that hold it: `table[s] = Σ_{w ⊇ s} table[w]`.
///
/// The length is a power of two.
pub(super) fn sum_over_supersets(table: &mut [f64]) {
    let mut half = 1;
    while half < table.len() {
        for block in table.chunks_exact_mut(2 * half) {
            let (without, with) = block.split_at_mut(half);
            for (low, high) in without.iter_mut().zip(with) {
                *low += *high;
            }
        }
        half *= 2;
    }
}

/// Replaces each element by the sum over all combinations that it holds: `table[w] = Σ_{s ⊆ w} table[s]`.
///
/// The length is a power of two.
pub(super) fn sum_over_subsets(table: &mut [f64]) {
    let mut half = 1;
    while half < table.len() {
        for block in table.chunks_exact_mut(2 * half) {
            let (without, with) = block.split_at_mut(half);
            for (low, high) in without.iter().zip(with) {
                *high += *low;
            }
        }
        half *= 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_the_plain_sums(table in (0..6_u32).prop_flat_map(|lists| prop::collection::vec(-9.0..9.0_f64, 1 << lists))) {
            let (mut up, mut down) = (table.clone(), table.clone());
            sum_over_supersets(&mut up);
            sum_over_subsets(&mut down);
            for s in 0..table.len() {
                let above: f64 = (0..table.len()).filter(|w| w & s == s).map(|w| table[w]).sum();
                let below: f64 = (0..table.len()).filter(|w| w & s == *w).map(|w| table[w]).sum();
                prop_assert!((up[s] - above).abs() < 1e-9 && (down[s] - below).abs() < 1e-9);
            }
        }
    }
}
