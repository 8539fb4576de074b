//! A slow and obvious fit, and what must hold of any fit.

use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

use crate::Confidence;
use crate::lists::{Histories, Model, Repeated, log_linear, models, profile, walk};

/// Newton's method on the design matrix, written down in full: N and se(n0).
fn plain(counts: &[f64], terms: &[u32]) -> (f64, f64) {
    let cells = counts.len() - 1;
    let design = DMatrix::from_fn(cells, terms.len(), |row, column| {
        f64::from((row as u32 + 1) & terms[column] == terms[column])
    });
    let observed = DVector::from_fn(cells, |row, _| counts[row + 1]);
    let mut beta = DVector::zeros(terms.len());
    beta[0] = (observed.sum() / cells as f64).ln();
    for _ in 0..500 {
        let means = (&design * &beta).map(f64::exp);
        let information = design.transpose() * DMatrix::from_diagonal(&means) * &design;
        let step = information
            .lu()
            .solve(&(design.transpose() * (&observed - &means)))
            .unwrap();
        // A short way in every step, so that it cannot run off.
        let length = (0.5 / step.amax()).min(1.0);
        beta += step * length;
    }
    let means = (&design * &beta).map(f64::exp);
    let information = design.transpose() * DMatrix::from_diagonal(&means) * &design;
    let unseen = beta[0].exp();
    (
        observed.sum() + unseen,
        unseen * information.try_inverse().unwrap()[(0, 0)].sqrt(),
    )
}

fn table(lists: usize, counts: &[u32]) -> Histories<f64> {
    let names = (0..lists).map(|list| format!("L{list}"));
    let rows = (1..).zip(counts.iter().map(|count| f64::from(*count) + 0.5));
    Histories::from_rows(names, rows, Repeated::Refuse).unwrap()
}

fn any_table() -> impl Strategy<Value = Histories<f64>> {
    (2..5_usize).prop_flat_map(|lists| {
        prop::collection::vec(0..60_u32, (1 << lists) - 1).prop_map(move |counts| table(lists, &counts))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Any model of any table, also with weights that are not whole.
    #[test]
    fn it_is_the_plain_fit(histories in any_table(), pick in any::<prop::sample::Index>()) {
        let all = models(histories.lists()).unwrap();
        let model = pick.get(&all);
        let found = log_linear(&histories, model).unwrap();
        let (total, error) = plain(&histories.weights(), model.terms());
        prop_assert!((found.total() / total - 1.0).abs() < 1e-7, "{} {total}", found.total());
        prop_assert!((found.standard_error / error - 1.0).abs() < 1e-6, "{} {error}", found.standard_error);
    }

    /// Twice as many people of every kind: twice the number, √2 the standard error.
    #[test]
    fn it_scales(histories in any_table()) {
        let twice = histories.cells().map(|(history, count)| (history, 2.0 * count));
        let double = Histories::from_rows(histories.names().iter().cloned(), twice, Repeated::Refuse).unwrap();
        let model = Model::independence(histories.lists()).unwrap();
        let (one, two) = (log_linear(&histories, &model).unwrap(), log_linear(&double, &model).unwrap());
        prop_assert!((two.total() / one.total() - 2.0).abs() < 1e-8);
        prop_assert!((two.standard_error / one.standard_error - 2.0_f64.sqrt()).abs() < 1e-8);
        prop_assert!((two.deviance - 2.0 * one.deviance).abs() < 1e-6 * (1.0 + one.deviance));
    }

    /// Both intervals hold the estimate, and end no lower than the people seen.
    #[test]
    fn intervals_hold_what_they_are_about(histories in any_table()) {
        let model = Model::independence(histories.lists()).unwrap();
        let fit = log_linear(&histories, &model).unwrap();
        let normal = fit.log_normal_interval(Confidence::NINETY_FIVE);
        prop_assert!(normal.contains(fit.total()) && normal.low >= fit.seen);
        let profile = profile(&histories, &model, Confidence::NINETY_FIVE).unwrap();
        prop_assert!(profile.interval.contains(profile.total) && profile.interval.low >= fit.seen);
    }

    #[test]
    fn weights_sum_to_one(histories in any_table()) {
        let walk = walk(&histories).unwrap();
        prop_assert!((walk.weights().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert_eq!(walk.fits.len() + walk.without.len(), models(histories.lists()).unwrap().len());
    }
}
