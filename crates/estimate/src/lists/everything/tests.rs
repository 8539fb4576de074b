use super::*;
use crate::lists::samples::{anomaly, diabetes, hiv};
use crate::lists::{History, LatentClasses, ListsError, Repeated};

/// Short chains: what is tested here is what is done with their answer.
fn settings() -> Settings {
    Settings {
        latent_classes: LatentClasses {
            warm_up: 1_000,
            sweeps: 6_000,
            doublings: 1,
            ..LatentClasses::default()
        },
        ..Settings::seeded(7)
    }
}

fn table(lists: &[&str], rows: &[(History, u64)]) -> Histories {
    Histories::from_rows(lists.iter().copied(), rows.iter().copied(), Repeated::Refuse).unwrap()
}

fn codes(all: &Everything) -> Vec<&'static str> {
    all.warnings.iter().map(|warning| warning.code.name()).collect()
}

fn of(all: &Everything, method: Method) -> Vec<&Estimate> {
    all.estimates
        .iter()
        .filter(|estimate| estimate.method == method)
        .collect()
}

/// Five lists, but 537 people: the model average leads, and every estimator of the whole number is in the interval.
#[test]
fn a_congenital_anomaly() {
    let all = everything_with(&anomaly(), &settings());
    let headline = all.headline.clone().unwrap();
    assert_eq!(
        (headline.method, headline.status),
        (Method::ModelAverage, Status::LowerBound)
    );
    assert!((headline.n - 622.298).abs() < 5e-4);
    let four = [
        Method::ModelAverage,
        Method::DecomposableGraphs,
        Method::LatentClass,
        Method::SampleCoverage,
    ];
    assert_eq!(headline.mixed, four);
    assert!(headline.low > 537.0 && headline.low < 600.0 && headline.high > 690.0 && headline.high < 756.0);
    assert!(
        headline.sentence().starts_with("about 622 people or more (59"),
        "{}",
        headline.sentence()
    );
    assert_eq!(of(&all, Method::Chapman).len(), 10);
    let models: Vec<&str> = of(&all, Method::LogLinear)
        .iter()
        .map(|model| model.terms.as_deref().unwrap())
        .collect();
    assert_eq!(models, ["", "a:b,a:c,d:e", "a:b,a:c,b:d,d:e"]);
    assert_eq!(
        codes(&all),
        ["lists_only", "empty_overlaps", "dependence", "heterogeneity"]
    );
}

/// Four lists and 1,896 people: the latent classes lead; 13 % of coverage is too little for sample coverage.
#[test]
fn hiv_in_rome() {
    let mut settings = settings();
    settings.latent_classes.doublings = 4;
    let all = everything_with(&hiv(), &settings);
    let headline = all.headline.clone().unwrap();
    assert_eq!(headline.method, Method::LatentClass);
    assert!(!headline.mixed.contains(&Method::SampleCoverage));
    for code in [
        "lists_only",
        "empty_overlaps",
        "no_maximum",
        "low_coverage",
        "heterogeneity",
    ] {
        assert!(codes(&all).contains(&code), "{code}");
    }
}

/// Only a caller who vouches for a random sample of people on no list gets an estimate; nothing else changes.
#[test]
fn an_anchored_number_is_an_estimate() {
    let mut settings = settings();
    settings.latent_classes.sweeps = 2_000;
    let all = everything_with(&anomaly(), &settings);
    settings.anchored = true;
    let anchored = everything_with(&anomaly(), &settings);
    assert_eq!(
        all.estimates, anchored.estimates,
        "the same seed gives the same bits"
    );
    assert_eq!(
        (all.status(), anchored.status()),
        (Status::LowerBound, Status::Estimate)
    );
    assert!(codes(&all).contains(&"lists_only") && !codes(&anchored).contains(&"lists_only"));
    assert!(!anchored.headline.unwrap().sentence().contains("or more"));
}

/// Chains too short to agree: the average leads, and a warning says why.
#[test]
fn without_the_sampler_the_average_leads() {
    let mut short = settings();
    short.latent_classes = LatentClasses {
        warm_up: 0,
        sweeps: 200,
        doublings: 0,
        ..short.latent_classes
    };
    let all = everything_with(&diabetes(), &short);
    let headline = all.headline.clone().unwrap();
    assert_eq!(headline.method, Method::ModelAverage);
    assert!(codes(&all).contains(&"sampler"));
    let reason = of(&all, Method::LatentClass)[0]
        .outcome
        .clone()
        .unwrap_err()
        .to_string();
    let sentence = &all
        .warnings
        .iter()
        .find(|warning| warning.code == WarningCode::Sampler)
        .unwrap()
        .sentence;
    assert!(sentence.contains(&reason), "{sentence}");
}

#[test]
fn two_lists_are_chapmans() {
    let all = everything_with(&table(&["A", "B"], &[(1, 420), (2, 220), (3, 380)]), &settings());
    let headline = all.headline.clone().unwrap();
    assert_eq!((headline.method, headline.n.round()), (Method::Chapman, 1_263.0));
    let pair = of(&all, Method::Chapman)[0].outcome.clone().unwrap();
    assert!((pair.low - headline.low).abs() < 1e-6 && (pair.high - headline.high).abs() < 1e-6);
    assert_eq!(codes(&all), ["lists_only"]);
    let graphs = of(&all, Method::DecomposableGraphs)[0].outcome.clone();
    assert_eq!(graphs, Err(ListsError::TooFewLists { least: 3, found: 2 }.into()));
}

/// Fifty people on both lists and thirty on B alone: A lies inside B, so nothing says whom both miss. "80 (80 to 80)" would be
/// no answer.
#[test]
fn a_list_inside_another_says_nothing() {
    for (rows, inner, outer) in [
        (&[(3, 50), (2, 30)][..], "A", "B"),
        (&[(3, 50), (1, 30)][..], "B", "A"),
        (&[(3, 50)][..], "A", "B"),
    ] {
        let all = everything_with(&table(&["A", "B"], rows), &settings());
        let wanted = ListsError::Inside {
            inner: inner.to_owned(),
            outer: outer.to_owned(),
        };
        assert_eq!(all.headline, Err(wanted.clone().into()));
        assert_eq!(of(&all, Method::Chapman)[0].outcome, Err(wanted.into()));
        assert!(codes(&all).contains(&"lists_only"));
    }
}

/// What cannot be estimated has a reason that fits behind "cannot be estimated, because".
#[test]
fn lists_that_say_nothing_have_no_number() {
    let cases = [
        (table(&["A"], &[(1, 20)]), ListsError::OneList),
        (table(&["A", "B"], &[(1, 20), (2, 9)]), ListsError::NoOverlap),
        (
            table(&["A", "B", "C"], &[(1, 20), (2, 9), (4, 8)]),
            ListsError::NoOverlap,
        ),
        (
            table(&["A", "B", "C"], &[(1, 20), (2, 9), (3, 8)]),
            ListsError::EmptyList { name: "C".to_owned() },
        ),
    ];
    for (table, wanted) in cases {
        let all = everything_with(&table, &settings());
        assert_eq!(all.headline, Err(wanted.into()));
        assert_eq!((all.status(), all.status().name()), (Status::None, "none"));
        // A and B alone may still be compared, where they overlap; nothing else has an answer.
        let others = all
            .estimates
            .iter()
            .filter(|estimate| estimate.method != Method::Chapman);
        assert!(
            others.into_iter().all(|estimate| estimate.outcome.is_err()),
            "{:?}",
            all.estimates
        );
        assert!(codes(&all).contains(&"lists_only"));
    }
}

/// All cells equal, and everybody on every list: no panic, and nothing that is not a number.
#[test]
fn tables_without_shape() {
    let equal: Vec<(History, u64)> = (1..16).map(|history| (history, 12)).collect();
    let all = everything_with(&table(&["A", "B", "C", "D"], &equal), &settings());
    assert!(all.headline.is_ok());
    let same = everything_with(&table(&["A", "B", "C"], &[(7, 50)]), &settings());
    for all in [all, same] {
        let figures = all
            .estimates
            .iter()
            .filter_map(|estimate| estimate.outcome.as_ref().ok());
        for found in figures {
            let numbers = [found.n, found.se, found.low, found.high];
            assert!(
                numbers.iter().all(|number| number.is_finite() && *number >= 0.0),
                "{found:?}"
            );
            assert!(found.low <= found.high, "{found:?}");
        }
    }
}

/// Two lists that avoid each other's people, and hardly anybody on two: sparse, wide, and said so.
#[test]
fn sparse_lists_are_warned_of() {
    let rows = [(1, 60), (2, 50), (4, 40), (3, 2), (5, 3), (6, 1)];
    let all = everything_with(&table(&["A", "B", "C"], &rows), &settings());
    for code in ["empty_overlaps", "sparse", "low_coverage"] {
        assert!(codes(&all).contains(&code), "{code}: {:?}", codes(&all));
    }
}

#[test]
fn numbers_are_written_as_people_write_them() {
    for (number, wanted) in [
        (0.4, "0"),
        (999.6, "1,000"),
        (12_345.0, "12,345"),
        (1_234_567.0, "1,234,567"),
    ] {
        assert_eq!(headline::grouped(number), wanted);
    }
}
