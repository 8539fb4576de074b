use rand::RngExt;
use rand_distr::Distribution as _;
use statrs::function::gamma::ln_gamma;

use super::*;
use crate::chance::chance;
use crate::length::long;
use crate::lists::Repeated;
use crate::lists::samples::{anomaly, diabetes};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

fn near(found: f64, wanted: f64, share: f64) {
    assert!(
        (found / wanted - 1.0).abs() <= share,
        "{found} instead of {wanted}"
    );
}

/// methods.md D2: LCMCR with 10 classes.
#[test]
fn the_golden_numbers_of_diabetes() {
    let found = latent_class(&diabetes(), &LatentClasses::default(), CONFIDENCE, 1).unwrap();
    near(found.median, 2_473.0, 0.05);
    near(found.interval.low, 2_262.0, 0.05);
    near(found.interval.high, 3_276.0, 0.10);
}

/// methods.md D4: LCMCR with 10 classes.
#[test]
fn the_golden_numbers_of_a_congenital_anomaly() {
    let found = latent_class(&anomaly(), &LatentClasses::default(), CONFIDENCE, 1).unwrap();
    near(found.median, 628.0, 0.02);
    near(found.interval.low, 590.0, 0.02);
    near(found.interval.high, 726.0, 0.10);
}

/// The largest distance between the draws and an exact posterior, given as weights of whole numbers.
fn distance(draws: &[f64], exact: &[(u64, f64)]) -> f64 {
    let all: f64 = exact.iter().map(|(_, weight)| weight).sum();
    let (mut sum, mut worst) = (0.0, 0.0_f64);
    for (total, weight) in exact {
        sum += weight / all;
        let below = draws.iter().filter(|draw| **draw <= *total as f64).count();
        worst = worst.max((below as f64 / draws.len() as f64 - sum).abs());
    }
    worst
}

fn small(counts: [u64; 7]) -> Histories {
    Histories::from_rows(["A", "B", "C"], (1..).zip(counts), Repeated::Refuse).unwrap()
}

/// ln of the beta function of whole numbers plus one: chances of a list integrated out.
fn ln_beta(on: u64, off: u64) -> f64 {
    let [on, off] = [on, off].map(|count| count as f64 + 1.0);
    ln_gamma(on) + ln_gamma(off) - ln_gamma(on + off)
}

/// One class: independent lists, whose posterior is a plain sum. The prior is cut off on both sides.
#[test]
fn one_class_is_the_exact_posterior() {
    let table = small([9, 7, 3, 11, 4, 2, 1]);
    let prior = NumberPrior { least: 45, most: 90 };
    let settings = LatentClasses {
        classes: 1,
        warm_up: 500,
        sweeps: 60_000,
        thin: 3,
        prior,
        ..LatentClasses::default()
    };
    let draws = latent_class_draws(&table, &settings, 3).unwrap().concat();
    let weight = |total: u64| {
        let lists: f64 = [1, 2, 4]
            .map(|list| table.on_all(list) as u64)
            .map(|on| ln_beta(on, total - on))
            .iter()
            .sum();
        let ways = ln_gamma(total as f64 + 1.0) - ln_gamma((total - 37) as f64 + 1.0);
        (ways - (total as f64).ln() + lists + 60.0).exp()
    };
    let exact: Vec<(u64, f64)> = (prior.least..=prior.most)
        .map(|total| (total, weight(total)))
        .collect();
    let worst = distance(&draws, &exact);
    assert!(worst < 0.01, "{worst}");
}

/// Two classes and a concentration of one: every way to deal the people out, added up.
#[test]
fn two_classes_are_the_exact_posterior() {
    let counts = [4_u64, 3, 2, 0, 0, 0, 3];
    let table = small(counts);
    let seen = 12;
    let settings = LatentClasses {
        classes: 2,
        // So narrow around 1 that it is 1.
        concentration: (1e8, 1e8),
        warm_up: 500,
        sweeps: 120_000,
        thin: 3,
        prior: NumberPrior { least: 1, most: 30 },
        ..LatentClasses::default()
    };
    let draws = latent_class_draws(&table, &settings, 3).unwrap().concat();
    let cells: Vec<(u32, u64)> = table.cells().filter(|(_, count)| *count > 0).collect();
    let choose = |of: u64, some: u64| {
        ln_gamma(of as f64 + 1.0) - ln_gamma(some as f64 + 1.0) - ln_gamma((of - some) as f64 + 1.0)
    };
    let mut exact: Vec<(u64, f64)> = Vec::new();
    for total in seen..=30_u64 {
        let unseen = total - seen;
        let mut weight = 0.0;
        let deals: u64 = cells.iter().map(|(_, count)| count + 1).product();
        for deal in 0..deals {
            for unseen_first in 0..=unseen {
                let mut rest = deal;
                let mut ways = choose(unseen, unseen_first);
                let (mut people, mut on) = ([unseen_first, unseen - unseen_first], [[0_u64; 3]; 2]);
                for (history, count) in &cells {
                    let first = rest % (count + 1);
                    rest /= count + 1;
                    ways += choose(*count, first);
                    for (class, dealt) in [first, count - first].into_iter().enumerate() {
                        people[class] += dealt;
                        (0..3)
                            .filter(|list| history >> list & 1 == 1)
                            .for_each(|list| on[class][list] += dealt);
                    }
                }
                let lists: f64 = (0..2)
                    .flat_map(|class| (0..3).map(move |list| (class, list)))
                    .map(|(class, list)| ln_beta(on[class][list], people[class] - on[class][list]))
                    .sum();
                weight += (ways + lists + ln_beta(people[0], people[1])).exp();
            }
        }
        let ways = ln_gamma(total as f64 + 1.0) - ln_gamma(unseen as f64 + 1.0);
        exact.push((total, (ways - (total as f64).ln()).exp() * weight));
    }
    let worst = distance(&draws, &exact);
    assert!(worst < 0.012, "{worst}");
}

/// The same seed gives the same bits, on one thread and on several.
#[test]
fn chance_is_repeatable() {
    let settings = LatentClasses {
        warm_up: 50,
        sweeps: 400,
        ..LatentClasses::default()
    };
    let run = |seed| latent_class_draws(&anomaly(), &settings, seed).unwrap();
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let three_threads = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let (one, three) = (one_thread.install(|| run(9)), three_threads.install(|| run(9)));
    assert_eq!(one, three);
    assert_ne!(one, run(10));
    assert_ne!(one[0], one[1], "each chain has its own stream");
}

/// A run too short to agree gives a reason, and no number.
#[test]
fn chains_that_disagree_give_no_number() {
    let settings = LatentClasses {
        warm_up: 0,
        sweeps: 200,
        doublings: 0,
        ..LatentClasses::default()
    };
    let reason = latent_class(&diabetes(), &settings, CONFIDENCE, 1).unwrap_err();
    assert!(
        matches!(
            reason,
            EstimateError::Lists(ListsError::ChainsDisagree { .. } | ListsError::TooFewDraws { .. })
        ),
        "{reason}"
    );
}

#[test]
fn settings_that_do_not_fit() {
    let usual = LatentClasses::default();
    let prior = |least, most| LatentClasses {
        prior: NumberPrior { least, most },
        ..usual
    };
    for settings in [
        LatentClasses { classes: 0, ..usual },
        LatentClasses { chains: 1, ..usual },
        LatentClasses { thin: 0, ..usual },
        LatentClasses { sweeps: 20, ..usual },
        LatentClasses {
            concentration: (0.0, 1.0),
            ..usual
        },
        prior(10, 5),
        prior(1, 2_068),
    ] {
        assert!(
            latent_class_draws(&diabetes(), &settings, 1).is_err(),
            "{settings:?}"
        );
    }
    let two = Histories::from_rows(["A", "B"], [(1, 9_u64), (3, 4)], Repeated::Refuse).unwrap();
    let few = ListsError::TooFewLists { least: 3, found: 2 };
    assert_eq!(latent_class_draws(&two, &usual, 1), Err(few.into()));
}

/// Simulation-based calibration: a truth drawn from the prior has a uniform rank among the draws of its posterior.
///
/// **Source.** S. Talts, M. Betancourt, D. Simpson, A. Vehtari and A. Gelman (2018), arXiv 1804.06788.
#[test]
fn ranks_of_the_truth_are_uniform() {
    let long = long();
    let (worlds, bins, thin) = if long { (2_000_u32, 20, 40) } else { (120, 10, 20) };
    let settings = LatentClasses {
        classes: 3,
        concentration: (2.0, 2.0),
        chains: 2,
        warm_up: 200,
        sweeps: 99 * thin,
        thin,
        prior: NumberPrior { least: 40, most: 200 },
        ..LatentClasses::default()
    };
    let mut histogram = vec![0_u32; bins];
    let mut chance = chance(2026);
    for world in 0..worlds {
        let (truth, table) = from_prior(&settings, &mut chance);
        let draws = latent_class_draws(&table, &settings, u64::from(world))
            .unwrap()
            .concat();
        let below = draws.iter().filter(|draw| **draw < truth).count();
        let same = draws.iter().filter(|draw| **draw == truth).count();
        // Whole numbers tie; a tie is broken by chance.
        let rank = below + chance.random_range(0..=same);
        histogram[rank * bins / (draws.len() + 1)] += 1;
    }
    let expected = f64::from(worlds) / bins as f64;
    let chi_square: f64 = histogram
        .iter()
        .map(|count| (f64::from(*count) - expected).powi(2) / expected)
        .sum();
    // The 99.9 % points of χ² with 9 and 19 degrees of freedom.
    let refused = if long { 43.82 } else { 27.88 };
    assert!(chi_square < refused, "{chi_square}: {histogram:?}");
}

/// A number of people, and an overlap table, as the prior has them.
fn from_prior(settings: &LatentClasses, chance: &mut ChaCha8Rng) -> (f64, Histories) {
    loop {
        let prior = &settings.prior;
        let all: f64 = (prior.least..=prior.most).map(|total| 1.0 / total as f64).sum();
        let mut at = chance.random::<f64>() * all;
        let mut reached = |total: &u64| {
            at -= 1.0 / *total as f64;
            at < 0.0
        };
        let truth = (prior.least..prior.most).find(&mut reached).unwrap_or(prior.most);
        let (shape, rate) = settings.concentration;
        let concentration = rand_distr::Gamma::new(shape, 1.0 / rate).unwrap().sample(chance);
        let mut left = 1.0;
        let mut classes = Vec::new();
        for class in 1..=settings.classes {
            let taken: f64 = if class == settings.classes {
                1.0
            } else {
                rand_distr::Beta::new(1.0, concentration).unwrap().sample(chance)
            };
            classes.push((left * taken, [0, 1, 2].map(|_| chance.random::<f64>())));
            left *= 1.0 - taken;
        }
        let mut counts = [0_u64; 8];
        for _ in 0..truth {
            let mut at = chance.random::<f64>();
            let of = classes
                .iter()
                .find(|(weight, _)| {
                    at -= weight;
                    at < 0.0
                })
                .unwrap_or(&classes[0]);
            let history =
                of.1.iter()
                    .enumerate()
                    .map(|(list, on)| usize::from(chance.random::<f64>() < *on) << list);
            counts[history.sum::<usize>()] += 1;
        }
        // Nobody on any list leaves no table; among 40 people and more that all but never happens.
        let [_, seen @ ..] = counts;
        if seen.iter().sum::<u64>() > 0 {
            return (truth as f64, small(seen));
        }
    }
}
