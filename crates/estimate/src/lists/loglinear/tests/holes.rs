//! Empty overlaps: maxima at infinity, found by the linear programme and by trying.

use proptest::prelude::*;

use super::super::existence::face;
use super::super::newton::Newton;
use crate::lists::{Histories, ListsError, Model, Repeated, log_linear, models, walk};

fn table(lists: &[&str], rows: &[(u32, u64)]) -> Histories {
    Histories::from_rows(lists.iter().copied(), rows.iter().copied(), Repeated::Refuse).unwrap()
}

/// Nobody on A and B together: with their pair in the model, its two cells are dropped and nothing tells C from the rest.
#[test]
fn an_empty_pair_with_all_pairs_leaves_the_number_open() {
    let rows = [(0b001, 30), (0b010, 25), (0b100, 40), (0b101, 9), (0b110, 7)];
    let table = table(&["A", "B", "C"], &rows);
    let all = Model::parse("A:B,A:C,B:C", table.names()).unwrap();
    assert_eq!(log_linear(&table, &all), Err(ListsError::NotIdentified.into()));
    // Without one pair the limit exists: the pair's parameter is −∞, and lists A and C over B's people decide.
    let one = log_linear(&table, &Model::parse("A:B", table.names()).unwrap()).unwrap();
    assert_eq!(one.dropped, [0b011, 0b111]);
    assert!(one.is_limit() && one.unseen.is_finite());
    // With A and B apart, a person is on one of them or on neither, and C is independent of which: n₀ = n(C)·n(¬C, A or B)/n(C, A or B).
    assert!((one.unseen - 40.0 * 55.0 / 16.0).abs() < 1e-6, "{one:?}");
}

/// The limit is what ever smaller counts in the empty cells come to.
#[test]
fn the_limit_is_approached() {
    let rows = [(0b001, 30), (0b010, 25), (0b100, 40), (0b101, 9), (0b110, 7)];
    let model = Model::of_terms(3, &[0b011]).unwrap();
    let limit = log_linear(&table(&["A", "B", "C"], &rows), &model).unwrap();
    let filled = |tiny: f64| {
        let cells = rows
            .iter()
            .map(|(history, count)| (*history, *count as f64))
            .chain([(0b011, tiny), (0b111, tiny)]);
        let table = Histories::from_rows(["A", "B", "C"], cells, Repeated::Refuse).unwrap();
        log_linear(&table, &model).unwrap()
    };
    let (far, near) = (filled(1e-3), filled(1e-7));
    assert!((near.total() - limit.total()).abs() < 1e-4 * limit.total());
    assert!((near.total() - limit.total()).abs() < (far.total() - limit.total()).abs());
    assert!((near.standard_error - limit.standard_error).abs() < 1e-3 * limit.standard_error);
}

/// A table with people everywhere has all its maxima.
#[test]
fn people_everywhere_leave_nothing_out() {
    let rows: Vec<(u32, u64)> = (1..32).map(|history| (history, u64::from(history))).collect();
    let walk = walk(&table(&["A", "B", "C", "D", "E"], &rows)).unwrap();
    assert!(walk.without.is_empty() && walk.fits.iter().all(|fit| !fit.is_limit()));
}

/// Lists of which nothing can be said.
#[test]
fn degenerate_lists() {
    let independence = |lists| Model::independence(lists).unwrap();
    let apart = table(&["A", "B"], &[(1, 20), (2, 30)]);
    assert_eq!(
        log_linear(&apart, &independence(2)),
        Err(ListsError::NoOverlap.into())
    );
    let nobody = table(&["A", "B", "C"], &[(1, 20), (2, 30), (3, 4)]);
    let empty = ListsError::EmptyList { name: "C".to_owned() };
    assert_eq!(log_linear(&nobody, &independence(3)), Err(empty.clone().into()));
    assert_eq!(walk(&nobody), Err(empty.into()));
    // Everybody on both: nobody is missed, and no way of telling by how much.
    let same = table(&["A", "B"], &[(3, 50)]);
    assert!(log_linear(&same, &independence(2)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The oracle: a trace of a person in every cell keeps all means up but those that go to zero.
    ///
    /// A cell is dropped exactly when its fitted mean shrinks in proportion as the filling does.
    #[test]
    fn the_cells_that_are_dropped_are_those_that_go_to_zero(
        (lists, counts) in (3..5_usize).prop_flat_map(|lists| {
            (Just(lists), prop::collection::vec(prop_oneof![Just(0_u32), 1..9_u32], (1 << lists) - 1))
        }),
        pick in any::<prop::sample::Index>(),
    ) {
        prop_assume!(counts.iter().filter(|count| **count > 0).count() > 2);
        let all = models(lists).unwrap();
        let terms = pick.get(&all).terms();
        let filled = |tiny: f64| -> Vec<f64> {
            [0.0].into_iter().chain(counts.iter().map(|count| f64::from(*count) + tiny)).collect()
        };
        let mut active = vec![true; 1 << lists];
        active[0] = false;
        let means = |tiny: f64| -> Vec<f64> {
            let mut newton = Newton::new(lists);
            newton.fit(&filled(tiny), terms, &active).unwrap();
            newton.cells().map(|(_, mean, _)| mean).collect()
        };
        let (some, less) = (means(1e-5), means(1e-7));
        let zero: Vec<u32> =
            (1..).zip(some.iter().zip(&less)).filter(|(_, (some, less))| *less < &(*some / 5.0)).map(|(cell, _)| cell).collect();
        match face(&filled(0.0), terms) {
            Ok(face) => prop_assert_eq!(face.dropped, zero),
            Err(reason) => prop_assert_eq!(reason, ListsError::NotIdentified),
        }
    }
}
