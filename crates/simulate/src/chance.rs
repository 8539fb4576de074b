//! Chance that can be repeated: one ChaCha stream for each person and purpose.
//!
//! The invariant: what happens to one person, for one purpose, depends on nothing but the seed, the person's
//! number, and the purpose. Drawing more for one person, or for a new purpose, leaves every other draw as it
//! was, so a feature can be added without reshuffling a nation. The draws are made here, from the raw 64-bit
//! words, and not by a distributions library, so that an upgrade of one does not change the bytes.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream is for. The numbers are part of the seed's meaning: never change one, only add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Purpose {
    /// Birth, sex, cancers, recurrence, death.
    Life = 1,
    /// Names, addresses, number.
    Identity = 2,
    /// Treatment of a primary cancer.
    EarlyCare = 3,
    /// Treatment of metastatic disease.
    LateCare = 4,
    /// Everything else that brings people to hospital.
    OtherCare = 5,
    /// What one hospital's patient index holds about one person (part = hospital).
    Desk = 6,
    /// Slips in single rows (part = source).
    Slip = 7,
    /// COSD records: whether, when and what.
    Cosd = 8,
    /// Hospitals and their habits; `who` is 0.
    Nation = 10,
    /// The order of rows within a file (`who` = file).
    Order = 11,
    /// Test numbers handed out.
    Numbers = 12,
    /// The pair two neighbours may form: twins.
    Pair = 13,
    /// Other cancers.
    OtherCancer = 14,
    /// Codes that look like metastatic disease and are not.
    Decoy = 15,
    /// Who a person of a person table is (`who` = person, part = what of it).
    TablePerson = 16,
    /// The home of a person of a person table, shared by a household (`who` = its head).
    TableHome = 17,
    /// How four people of a person table live together (`who` = the four).
    TableHousehold = 18,
    /// What a record of a person table shows (`who` = record).
    TableRecord = 19,
    /// The order of a person table, and who has how many records; `who` is 0.
    TableOrder = 20,
    /// The quality of each hospital's care and its habit of recording it; `who` is 0.
    CareHabits = 21,
    /// The care a person truly had, and what was written down of it (part = event).
    CareTruth = 22,
    /// Nurses in post (`who` = hospital).
    Staffing = 23,
}

/// A repeatable source of chance.
pub(crate) struct Chance {
    rng: ChaCha8Rng,
}

impl Chance {
    /// The stream of one person (or file, or hospital) for one purpose.
    pub(crate) fn of(seed: u64, purpose: Purpose, who: u64, part: u8) -> Chance {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((who << 16) | ((purpose as u64) << 8) | u64::from(part));
        Chance { rng }
    }

    /// A raw word.
    pub(crate) fn word(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// Uniform on [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        // 53 bits: every value is exact in a double.
        (self.word() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Does something of this probability happen?
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Uniform on 0..n; 0 when n is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.word()) * n as u128) >> 64) as usize
    }

    /// Uniform on low..=high.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        if high <= low {
            return low;
        }
        low + self.below((high - low) as usize + 1) as i32
    }

    /// One of the items, all alike. The slice is never empty in this crate; an empty one gives `fallback`.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T], fallback: &'a T) -> &'a T {
        let chosen = self.below(items.len());
        items.get(chosen).copied().unwrap_or(fallback)
    }

    /// The position of one of the weights.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let total: f64 = weights.iter().sum();
        let mut left = self.unit() * total;
        for (position, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return position;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Exponential with this mean.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Standard normal (Box and Muller; one of the pair is thrown away to keep streams simple).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Log-normal with this median.
    pub(crate) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    /// Log-logistic with this median: the heavy tail of survival with metastatic disease.
    pub(crate) fn log_logistic(&mut self, median: f64, shape: f64) -> f64 {
        let u = self.unit().clamp(1e-9, 1.0 - 1e-9);
        median * ((1.0 - u) / u).powf(1.0 / shape)
    }

    /// A number of events with this mean (Knuth; means here are small).
    pub(crate) fn poisson(&mut self, mean: f64) -> u32 {
        if mean <= 0.0 {
            return 0;
        }
        let limit = (-mean.min(50.0)).exp();
        let mut product = self.unit();
        let mut count = 0;
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::{Chance, Purpose};

    #[test]
    fn streams_do_not_touch_each_other() {
        let draw = |purpose, who, part| Chance::of(7, purpose, who, part).word();
        assert_eq!(draw(Purpose::Life, 1, 0), draw(Purpose::Life, 1, 0));
        let all = [
            draw(Purpose::Life, 1, 0),
            draw(Purpose::Life, 2, 0),
            draw(Purpose::Identity, 1, 0),
            draw(Purpose::Life, 1, 1),
            Chance::of(8, Purpose::Life, 1, 0).word(),
        ];
        for (i, a) in all.iter().enumerate() {
            for b in &all[i + 1..] {
                assert_ne!(a, b);
            }
        }
    }

    #[test]
    fn draws_have_the_shape_they_promise() {
        let mut chance = Chance::of(1, Purpose::Life, 0, 0);
        let n = 20_000;
        let mean = (0..n).map(|_| chance.exponential(3.0)).sum::<f64>() / f64::from(n);
        assert!((mean - 3.0).abs() < 0.1, "{mean}");
        let mut times: Vec<f64> = (0..n).map(|_| chance.log_logistic(26.0, 0.8)).collect();
        times.sort_by(f64::total_cmp);
        assert!(
            (times[n as usize / 2] - 26.0).abs() < 1.5,
            "{}",
            times[n as usize / 2]
        );
        let events = (0..n).map(|_| chance.poisson(2.5)).sum::<u32>();
        assert!((f64::from(events) / f64::from(n) - 2.5).abs() < 0.05);
        let z: Vec<f64> = (0..n).map(|_| chance.normal()).collect();
        let sd = (z.iter().map(|x| x * x).sum::<f64>() / f64::from(n)).sqrt();
        assert!((sd - 1.0).abs() < 0.03);
        assert!((0..1000).all(|_| (3..=9).contains(&chance.between(3, 9))));
        let heavy = (0..n).filter(|_| chance.weighted(&[1.0, 3.0]) == 1).count();
        assert!((heavy as f64 / f64::from(n) - 0.75).abs() < 0.02);
    }
}
