//! What lists get wrong before they are compared: people not recognised as the same, and people listed by mistake.

use rand_distr::{Beta, Distribution as _};

use super::{Histories, History, ListsError, Repeated};
use crate::EstimateError;
use crate::chance::chance;

/// Two lists with the errors of their linkage taken out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkedLists {
    /// People on both lists, as there would be with perfect linkage.
    pub both: f64,
    /// How many there are, on a list or on none.
    pub total: f64,
}

/// How many there are, from two lists whose linkage misses some pairs and makes others up.
///
/// **Formula.** With lists of *a* and *b* people, *m* linked, a share μ of true pairs missed and a share φ of the people of
/// the first list linked to somebody else: *m*′ = (*m* − φ*a*)/(1 − μ − φ), *N* = *a* *b*/*m*′.
///
/// **Source.** Y. Ding and S. E. Fienberg, Survey Methodology 20 (1994) 149–158; L. Di Consiglio and T. Tuoto, Journal of
/// Official Statistics 31 (2015) 415–429.
///
/// **When it fails.** The two rates must come from a check of this linkage, on people like these; the result is
/// very sensitive to them, and has no interval for that reason: draw the rates from what the check
/// allows and look at the spread. Everything else as for [`chapman`](crate::chapman).
pub fn corrected_for_linkage(
    first: u64,
    second: u64,
    linked: u64,
    missed: f64,
    made_up: f64,
) -> Result<LinkedLists, EstimateError> {
    let share = |rate: f64| (0.0..1.0).contains(&rate);
    if !share(missed) || !share(made_up) || missed + made_up >= 1.0 {
        return Err(ListsError::LinkageRates.into());
    }
    if linked > first.min(second) {
        return Err(EstimateError::OverlapAboveList);
    }
    if first == 0 || second == 0 {
        return Err(EstimateError::Empty);
    }
    let (a, b, m) = (first as f64, second as f64, linked as f64);
    let both = (m - made_up * a) / (1.0 - missed - made_up);
    if both <= 0.0 {
        return Err(ListsError::OverlapIsError.into());
    }
    if both > a.min(b) {
        return Err(EstimateError::OverlapAboveList);
    }
    Ok(LinkedLists {
        both,
        total: a * b / both,
    })
}

/// What a review of people on one combination of lists found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// On exactly which lists they were.
    pub history: History,
    /// How many were looked at.
    pub reviewed: u64,
    /// How many of them are rightly listed.
    pub confirmed: u64,
}

/// Overlap tables in which every count is weighted by the chance that its people are rightly listed.
///
/// **Formula.** *y*(*w*) π(*w*), π(*w*) ~ Beta(*c* + ½, *r* − *c* + ½) with *c* of *r* reviewed people confirmed: one table for each draw. A
/// combination that was not reviewed is taken as it stands (π = 1), so a review of every combination of few
/// lists is what this is for.
///
/// **Source.** The prior is that of Jeffreys, as in L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 16 (2001) 101–133.
///
/// **When it fails.** When the reviewed people were not drawn by chance from their combination. Wrongly listed people
/// mostly stand on one list alone, and those decide the estimate: left in, they make it far too high. Fit each table and mix the
/// results, so that the uncertainty of the review enters the interval.
///
/// **Errors** where a review confirms more than it saw, or is of a combination that is not there.
pub fn confirmed(
    histories: &Histories<u64>,
    reviews: &[Review],
    tables: usize,
    seed: u64,
) -> Result<Vec<Histories<f64>>, EstimateError> {
    let cells = histories.weights();
    let mut shares = Vec::with_capacity(reviews.len());
    for review in reviews {
        if review.history == 0 {
            return Err(ListsError::OnNoList.into());
        }
        if review.history as usize >= cells.len() {
            let lists = histories.lists();
            return Err(ListsError::UnknownHistory { lists }.into());
        }
        let refuted = review
            .reviewed
            .checked_sub(review.confirmed)
            .ok_or(ListsError::Review)?;
        let share = Beta::new(review.confirmed as f64 + 0.5, refuted as f64 + 0.5);
        shares.push((review.history as usize, share.map_err(|_| ListsError::Review)?));
    }
    let mut chance = chance(seed);
    let draw = |_| {
        let mut weights = cells.clone();
        for (history, share) in &shares {
            let rightly = share.sample(&mut chance);
            if let (Some(weight), Some(count)) = (weights.get_mut(*history), cells.get(*history)) {
                *weight = count * rightly;
            }
        }
        let rows = (0..).zip(weights).skip(1);
        Histories::from_rows(histories.names().iter().cloned(), rows, Repeated::Refuse)
    };
    (0..tables).map(draw).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::diabetes;
    use super::super::{Distribution, Model, log_linear, walk};
    use super::*;
    use crate::Confidence;

    /// methods.md 2c.
    #[test]
    fn the_golden_number_of_linkage_error() {
        let found = corrected_for_linkage(800, 600, 380, 0.05, 0.005).unwrap();
        assert!((found.both - 397.883_6).abs() < 5e-5, "{found:?}");
        assert!((found.total - 1_206.383).abs() < 5e-4, "{found:?}");
        // Without errors it is Petersen's estimate.
        assert!((corrected_for_linkage(800, 600, 380, 0.0, 0.0).unwrap().total - 1_263.158).abs() < 5e-4);
    }

    #[test]
    fn rates_that_leave_nothing() {
        for (missed, made_up) in [(0.6, 0.4), (-0.1, 0.0), (0.0, 1.0), (f64::NAN, 0.0)] {
            let found = corrected_for_linkage(800, 600, 380, missed, made_up);
            assert_eq!(found, Err(ListsError::LinkageRates.into()), "{missed} {made_up}");
        }
        let found = corrected_for_linkage(800, 600, 3, 0.05, 0.005);
        assert_eq!(found, Err(ListsError::OverlapIsError.into()));
        assert_eq!(
            corrected_for_linkage(80, 60, 58, 0.2, 0.0),
            Err(EstimateError::OverlapAboveList)
        );
    }

    /// Half of those on the second list alone are refuted: the number falls, and varies with the review.
    #[test]
    fn a_review_takes_out_the_wrongly_listed() {
        let table = diabetes();
        let review = Review {
            history: 0b0100,
            reviewed: 60,
            confirmed: 30,
        };
        let tables = confirmed(&table, &[review], 40, 5).unwrap();
        assert_eq!(tables, confirmed(&table, &[review], 40, 5).unwrap());
        let shares: Vec<f64> = tables.iter().map(|drawn| drawn.count(0b0100) / 182.0).collect();
        let mean = shares.iter().sum::<f64>() / 40.0;
        assert!(
            (mean - 0.5).abs() < 0.04 && shares.iter().any(|share| (share - mean).abs() > 0.02),
            "{mean}"
        );
        assert!(tables.iter().all(|drawn| drawn.count(0b0001) == 709.0));
        let independence = Model::independence(4).unwrap();
        let all = log_linear(&table, &independence).unwrap().unseen;
        for drawn in &tables {
            assert!(log_linear(drawn, &independence).unwrap().unseen < all);
        }
    }

    /// The uncertainty of a small review enters the interval of the mixture; that of a large one hardly does.
    #[test]
    fn a_small_review_widens_the_interval() {
        let width = |reviewed: u64| {
            let history = 0b0100;
            let confirmed_people = reviewed / 2;
            let review = Review {
                history,
                reviewed,
                confirmed: confirmed_people,
            };
            let tables = confirmed(&diabetes(), &[review], 100, 5).unwrap();
            let each = |table| walk(table).unwrap().average(Confidence::NINETY_FIVE).distribution;
            Distribution::equal_mixture(tables.iter().map(each).collect())
                .interval(Confidence::NINETY_FIVE)
                .width()
        };
        assert!(width(6) > 1.15 * width(6_000), "{} {}", width(6), width(6_000));
    }

    #[test]
    fn reviews_that_cannot_be() {
        let review = |history, reviewed, confirmed| Review {
            history,
            reviewed,
            confirmed,
        };
        for (review, wanted) in [
            (review(0, 4, 2), ListsError::OnNoList),
            (review(16, 4, 2), ListsError::UnknownHistory { lists: 4 }),
            (review(1, 4, 5), ListsError::Review),
        ] {
            assert_eq!(confirmed(&diabetes(), &[review], 1, 1), Err(wanted.into()));
        }
    }
}
