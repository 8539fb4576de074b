//! Sample coverage: how much of the whole the lists overlap on, corrected for pairs of lists that depend on each other.

use rand_distr::{Binomial, Distribution as _};

use super::{Distribution, Histories, ListsError, histories::Count};
use crate::chance::chance;
use crate::{Confidence, EstimateError, Interval};

/// How often the table is drawn again for the standard error.
const REDRAWN: usize = 1_000;

/// Below this coverage the full estimate is unstable, and the one-step estimate is to be preferred (Chao and Tsay).
pub const LOW_COVERAGE: f64 = 0.55;

/// What the coverage of the lists says.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleCoverage {
    /// People on at least one list.
    pub seen: f64,
    /// The share of each list that another list holds too, on average.
    pub coverage: f64,
    /// How many there are: every dependence of two lists estimated from the number itself.
    pub total: f64,
    /// The same after one step from independence: steadier, biased towards it.
    pub one_step: f64,
    /// The standard error of `total`, from tables drawn again.
    pub standard_error: f64,
    /// Log-normal on the unseen, with that standard error.
    pub interval: Interval,
    /// The same as a distribution.
    pub distribution: Distribution,
}

/// How many there are, by the coverage of the lists, after Chao and Tsay.
///
/// **Formula.** With *z*(*w*) people on exactly the lists *w*, *n*(*w*) on at least those, *t* lists and *S* people:
/// *C* = 1 − (1/*t*) Σ *z*(*j*)/*n*(*j*), *D* = *S* − (1/*t*) Σ *z*(*j*), *a*(*jk*) = *z*(*j*) + *z*(*k*) + 2*z*(*jk*), and
/// *N* = (*tD* − Σ *a*(*jk*)) / (*tC* − Σ *a*(*jk*) *n*(*jk*)/(*n*(*j*) *n*(*k*))), sums over pairs. One step: from *N* = *D*/*C*, twice
/// *N* ← *D*/*C* + Σ *a*(*jk*)(*N* *n*(*jk*)/(*n*(*j*) *n*(*k*)) − 1)/(*tC*). The standard error is that of 1,000 tables, each with *N*
/// people drawn with the observed chances, the unseen among them; a table without an answer counts as *S*.
///
/// **Source.** A. Chao and P. K. Tsay, Journal of the American Statistical Association 93 (1998) 283–293; P. K. Tsay and A. Chao,
/// Journal of Applied Statistics 28 (2001) 25–36. Their variance is the bootstrap as well.
///
/// **When it fails.** Dependence of three lists or more, beyond that of their pairs, is left out. Below a coverage of 0.55
/// ([`LOW_COVERAGE`]) the number is unstable. **Errors** with fewer than three lists, an empty list, no overlap, or an overlap so
/// small that the formula has no answer above the people seen.
pub fn sample_coverage<C: Count>(
    histories: &Histories<C>,
    confidence: Confidence,
    seed: u64,
) -> Result<SampleCoverage, EstimateError> {
    histories.overlapping(3)?;
    let counts = histories.weights();
    let lists = histories.lists();
    let point = Point::of(&counts, lists);
    let seen = histories.people();
    let total = point
        .total()
        .filter(|total| *total >= seen)
        .ok_or(ListsError::CoverageTooLow)?;
    let standard_error = redrawn_error(&counts, lists, total, seed)?;
    let distribution = Distribution::log_normal(seen, total - seen, standard_error * standard_error);
    Ok(SampleCoverage {
        seen,
        coverage: point.coverage(),
        total,
        one_step: point.one_step(),
        standard_error,
        interval: distribution.interval(confidence),
        distribution,
    })
}

/// The sums that both estimates are made of.
#[derive(Debug, Clone, Copy)]
struct Point {
    lists: f64,
    /// *tC* and *tD*.
    coverage_sum: f64,
    found_sum: f64,
    /// Σ *a* and Σ *a* *n*(*jk*)/(*n*(*j*) *n*(*k*)).
    single: f64,
    single_by_overlap: f64,
}

impl Point {
    fn of(counts: &[f64], lists: usize) -> Self {
        let exactly = |lists: usize| counts.get(lists).copied().unwrap_or(0.0);
        let mut at_least = counts.to_vec();
        super::lattice::sum_over_supersets(&mut at_least);
        let on = |lists: usize| at_least.get(lists).copied().unwrap_or(0.0);
        let mut point = Self {
            lists: lists as f64,
            coverage_sum: lists as f64,
            found_sum: lists as f64 * on(0),
            single: 0.0,
            single_by_overlap: 0.0,
        };
        for one in (0..lists).map(|list| 1_usize << list) {
            // A list on which nobody stands covers nobody.
            let alone = if on(one) > 0.0 {
                exactly(one) / on(one)
            } else {
                1.0
            };
            point.coverage_sum -= alone;
            point.found_sum -= exactly(one);
            for other in (0..lists)
                .map(|list| 1_usize << list)
                .filter(|other| one < *other)
            {
                let single = exactly(one) + exactly(other) + 2.0 * exactly(one | other);
                point.single += single;
                if on(one | other) > 0.0 {
                    point.single_by_overlap += single * on(one | other) / (on(one) * on(other));
                }
            }
        }
        point
    }

    fn coverage(self) -> f64 {
        self.coverage_sum / self.lists
    }

    fn total(self) -> Option<f64> {
        let below = self.coverage_sum - self.single_by_overlap;
        (below > 1e-4).then(|| (self.found_sum - self.single) / below)
    }

    fn one_step(self) -> f64 {
        let start = self.found_sum / self.coverage_sum;
        let step = |from: f64| start + (from * self.single_by_overlap - self.single) / self.coverage_sum;
        step(step(start))
    }
}

/// The standard deviation of the total over tables with the same chances.
fn redrawn_error(counts: &[f64], lists: usize, total: f64, seed: u64) -> Result<f64, ListsError> {
    let mut chance = chance(seed);
    let people = total.round() as u64;
    let mut drawn = vec![0.0; counts.len()];
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..REDRAWN {
        let (mut left, mut mass) = (people, total);
        for (cell, count) in drawn.iter_mut().zip(counts).skip(1) {
            let share = (count / mass).clamp(0.0, 1.0);
            let taken = Binomial::new(left, share)
                .map_err(|_| ListsError::BadCount)?
                .sample(&mut chance);
            *cell = taken as f64;
            left -= taken;
            mass -= count;
        }
        let seen: f64 = drawn.iter().sum();
        let again = Point::of(&drawn, lists)
            .total()
            .map_or(seen, |again| again.max(seen))
            - total;
        sum += again;
        squares += again * again;
    }
    let tables = REDRAWN as f64;
    Ok(((squares - sum * sum / tables) / (tables - 1.0)).max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::super::samples::{anomaly, diabetes};
    use super::super::{Repeated, lattice};
    use super::*;

    const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

    /// methods.md D2 and D4, computed by CARE1 1.1.0.
    #[test]
    fn the_golden_numbers_of_care1() {
        let found = sample_coverage(&diabetes(), CONFIDENCE, 1).unwrap();
        assert_eq!((found.coverage * 1_000.0).round(), 803.0);
        assert_eq!((found.total.round(), found.one_step.round()), (2_609.0, 2_458.0));
        let found = sample_coverage(&anomaly(), CONFIDENCE, 1).unwrap();
        assert_eq!(
            ((found.coverage * 1_000.0).round(), found.total.round()),
            (774.0, 659.0)
        );
    }

    /// Three lists that are independent, with the expected table: the formula gives the number it was made from.
    #[test]
    fn independent_lists_give_the_number() {
        let chances = [0.5, 0.4, 0.3];
        let rows = (1..8_u32).map(|history| {
            let factor = |(list, chance): (usize, &f64)| {
                if history >> list & 1 == 1 {
                    *chance
                } else {
                    1.0 - chance
                }
            };
            (
                history,
                10_000.0 * chances.iter().enumerate().map(factor).product::<f64>(),
            )
        });
        let table = Histories::from_rows(["A", "B", "C"], rows, Repeated::Refuse).unwrap();
        let found = sample_coverage(&table, CONFIDENCE, 1).unwrap();
        assert!((found.total - 10_000.0).abs() < 1e-6, "{found:?}");
        assert!(found.interval.contains(10_000.0));
        let mut sums = table.weights();
        lattice::sum_over_supersets(&mut sums);
        assert!((sums[3] - 2_000.0).abs() < 1_000.0);
    }

    #[test]
    fn the_same_seed_gives_the_same_bits() {
        let [one, same, other] =
            [7, 7, 8].map(|seed| sample_coverage(&diabetes(), CONFIDENCE, seed).unwrap());
        assert_eq!(one, same);
        assert_ne!(one.standard_error, other.standard_error);
        assert!((one.standard_error / other.standard_error - 1.0).abs() < 0.2);
    }

    #[test]
    fn two_lists_are_too_few() {
        let two = Histories::from_rows(["A", "B"], [(1, 9_u64), (3, 4)], Repeated::Refuse).unwrap();
        let empty = ListsError::TooFewLists { least: 3, found: 2 };
        assert_eq!(sample_coverage(&two, CONFIDENCE, 1), Err(empty.into()));
    }
}
