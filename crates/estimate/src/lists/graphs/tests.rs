use super::*;
use crate::lists::Repeated;
use crate::lists::samples::{anomaly, diabetes, hiv};

const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

fn near(found: f64, wanted: f64, share: f64) {
    assert!(
        (found / wanted - 1.0).abs() <= share,
        "{found} instead of {wanted}"
    );
}

/// methods.md D1: dga with delta 2⁻⁴ and up to 60,000 unseen.
#[test]
fn the_golden_numbers_of_hiv() {
    let prior = GraphPrior {
        in_each_cell: 0.0625,
        most_unseen: 60_000,
    };
    let found = decomposable_graphs(&hiv(), prior, CONFIDENCE).unwrap();
    near(found.mean, 11_357.1, 1e-5);
    assert_eq!((found.interval.low, found.interval.high), (9_404.0, 14_095.0));
    assert!(found.graphs[0].0.edges.is_empty());
    assert!((found.graphs[0].1 - 0.539).abs() < 5e-4, "{}", found.graphs[0].1);
    assert_eq!(found.graphs.len(), 61);
}

/// methods.md D2.
#[test]
fn the_golden_numbers_of_diabetes() {
    let found = decomposable_graphs(&diabetes(), GraphPrior::usual(&diabetes()), CONFIDENCE).unwrap();
    near(found.mean, 2_474.110, 1e-6);
    assert_eq!(
        (found.median, found.interval.low, found.interval.high),
        (2_471.0, 2_376.0, 2_589.0)
    );
}

/// methods.md D4: delta 0.5.
#[test]
fn the_golden_numbers_of_a_congenital_anomaly() {
    let prior = GraphPrior {
        in_each_cell: 0.5,
        ..GraphPrior::usual(&anomaly())
    };
    let found = decomposable_graphs(&anomaly(), prior, CONFIDENCE).unwrap();
    near(found.mean, 617.816, 1e-6);
    assert_eq!(
        (found.median, found.interval.low, found.interval.high),
        (616.0, 588.0, 655.0)
    );
    assert_eq!(found.graphs.len(), 822);
}

/// The oracle for three lists: the eight graphs written down by hand, every number added up.
#[test]
fn three_lists_by_hand() {
    let counts = [0.0, 12.0, 9.0, 4.0, 15.0, 6.0, 3.0, 5.0];
    let rows = (1..).zip(counts.into_iter().skip(1));
    let table = Histories::from_rows(["A", "B", "C"], rows, Repeated::Refuse).unwrap();
    let prior = GraphPrior {
        in_each_cell: 0.125,
        most_unseen: 400,
    };
    let found = decomposable_graphs(&table, prior, CONFIDENCE).unwrap();
    let (mut sum, mut first) = (0.0, 0.0);
    for unseen in 0..=400_u32 {
        let full: Vec<f64> = [f64::from(unseen)]
            .into_iter()
            .chain(counts.into_iter().skip(1))
            .collect();
        let total: f64 = full.iter().sum();
        let h = |lists: usize| {
            let parts = (0..8).filter(|part| part & lists == *part);
            let prior = 1.0 / parts.clone().count() as f64;
            let cell = |part: usize| -> f64 { (0..8).filter(|w| w & lists == part).map(|w| full[w]).sum() };
            parts
                .map(|part| ln_gamma(prior + cell(part)) - ln_gamma(prior))
                .sum::<f64>()
                - ln_gamma(1.0 + total)
        };
        let (a, b, c) = (h(1), h(2), h(4));
        let graphs = [
            a + b + c,
            h(3) + c,
            h(5) + b,
            h(6) + a,
            h(3) + h(5) - a,
            h(3) + h(6) - b,
            h(5) + h(6) - c,
            h(7),
        ];
        let shared = ln_gamma(total + 1.0) - ln_gamma(f64::from(unseen) + 1.0) - total.ln();
        // Down by a constant that keeps exp in range.
        let chance: f64 = graphs.iter().map(|graph| (graph + shared + 60.0).exp()).sum();
        sum += chance;
        first += chance * total;
    }
    near(found.mean, first / sum, 1e-9);
}

/// Points that lie apart give what every whole number gives.
#[test]
fn the_grid_may_be_coarse() {
    let counts = [40_000.0, 30_000.0, 9_000.0, 20_000.0, 7_000.0, 5_000.0, 1_500.0];
    let table = Histories::from_rows(["A", "B", "C"], (1..).zip(counts), Repeated::Refuse).unwrap();
    let found = decomposable_graphs(&table, GraphPrior::usual(&table), CONFIDENCE).unwrap();
    let every = Grid {
        points: (0..=600_000_u32).map(f64::from).collect(),
        stands_for: vec![1.0; 600_001],
    };
    let margins = margins(&table, 0.125, &every);
    let shared: Vec<f64> = every
        .points
        .iter()
        .map(|unseen| {
            let total = unseen + table.people();
            ln_gamma(total + 1.0) - ln_gamma(unseen + 1.0) - total.ln()
        })
        .collect();
    let (posterior, graphs) = sum_over_graphs(decomposable(3), &margins, &shared);
    let exact = summary(table.people(), &every, &posterior, graphs, CONFIDENCE);
    near(found.mean, exact.mean, 1e-3);
    near(found.interval.low, exact.interval.low, 1e-3);
    near(found.interval.high, exact.interval.high, 1e-3);
}

#[test]
fn lists_that_say_nothing() {
    let two = Histories::from_rows(["A", "B"], [(1, 9_u64), (3, 4)], Repeated::Refuse).unwrap();
    let few = ListsError::TooFewLists { least: 3, found: 2 };
    assert_eq!(
        decomposable_graphs(&two, GraphPrior::usual(&two), CONFIDENCE),
        Err(few.into())
    );
    let six = Histories::from_rows(
        ["A", "B", "C", "D", "E", "F"],
        (1..64).map(|w| (w, 5_u64)),
        Repeated::Refuse,
    )
    .unwrap();
    let many = ListsError::TooManyLists { most: 5, found: 6 };
    assert_eq!(
        decomposable_graphs(&six, GraphPrior::usual(&six), CONFIDENCE),
        Err(many.into())
    );
    let bad = GraphPrior {
        in_each_cell: 0.0,
        most_unseen: 100,
    };
    assert!(decomposable_graphs(&hiv(), bad, CONFIDENCE).is_err());
}
