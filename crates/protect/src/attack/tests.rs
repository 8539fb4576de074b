//! Planted leaks, each with its clean twin: the attacker finds the one and passes the other.
#![allow(clippy::unwrap_used)]

use super::*;

const LIMITS: Limits = Limits {
    min_feasible: 5,
    min_rounded: 3,
    whole_group_under: 20,
    contributors: true,
};

/// A figure about a place, as drawn: `?` hidden, `~60` rounded to the nearest 5, `60` exact.
fn figure(name: &str, drawn: &str) -> Published {
    let known = match drawn.strip_prefix('~') {
        Some(shown) => Known::Rounded {
            shown: shown.parse().unwrap(),
            base: 5,
        },
        None if drawn == "?" => Known::Hidden,
        None => Known::Exact(drawn.parse().unwrap()),
    };
    let key = Key {
        table: "counts".into(),
        column: "found".into(),
        about: vec![("place".into(), name.into())],
    };
    Published { key, known }
}

fn publication(figures: &[(&str, &str)], relations: Vec<Relation>) -> Publication {
    Publication {
        name: "drawn".into(),
        small_to: 7,
        figures: figures.iter().map(|(name, drawn)| figure(name, drawn)).collect(),
        relations,
    }
}

fn sum(total: usize, parts: &[usize]) -> Relation {
    Relation::Sum {
        total,
        parts: parts.to_vec(),
    }
}

fn found(publications: &[Publication]) -> Vec<LeakKind> {
    examine(publications, &LIMITS)
        .iter()
        .map(|leak| leak.kind)
        .collect()
}

/// The planted one is found, with a leak of this kind; its clean twin passes.
fn planted(kind: LeakKind, leaky: &[Publication], clean: &[Publication]) {
    let leaks = examine(leaky, &LIMITS);
    assert!(leaks.iter().any(|leak| leak.kind == kind), "{leaks:?}");
    assert_eq!(found(clean), [], "the clean twin");
    for leak in leaks {
        let words = leak.words(leaky);
        assert!(!words.is_empty() && words.contains("place="), "{words}");
    }
}

#[test]
fn a_total_gives_its_only_hidden_part_away() {
    let table = |b: &'static str| {
        publication(
            &[("all", "63"), ("a", "?"), ("b", b), ("c", "20")],
            vec![sum(0, &[1, 2, 3])],
        )
    };
    planted(LeakKind::Hidden, &[table("40")], &[table("?")]);
}

#[test]
fn rounding_that_cannot_hide_two_parts_is_a_leak_of_rounded_figures() {
    // 10 and 10 make at most 24; what is shown as 25 is at least 23.
    let table = |total: &'static str| {
        publication(
            &[("all", total), ("a", "~10"), ("b", "~10")],
            vec![sum(0, &[1, 2])],
        )
    };
    planted(LeakKind::Rounded, &[table("~25")], &[table("~20")]);
}

#[test]
fn a_percentage_of_the_raw_numbers_gives_the_part_away() {
    // 7.1 % of about 40: 3 people. To whole per cents of about 80 it could be several numbers.
    let table = |relation: Option<Relation>| {
        publication(&[("part", "?"), ("whole", "~40")], relation.into_iter().collect())
    };
    let share = Relation::Share {
        part: 0,
        whole: 1,
        tenths: 71,
        step: 1,
    };
    planted(LeakKind::Hidden, &[table(Some(share))], &[table(None)]);
}

#[test]
fn a_difference_between_months_is_people() {
    let table = |later: &'static str| {
        publication(
            &[("to May", "57"), ("to June", later)],
            vec![
                Relation::Successive { earlier: 0, later: 1 },
                Relation::Within { part: 0, whole: 1 },
            ],
        )
    };
    planted(LeakKind::Difference, &[table("60")], &[table("70")]);
    planted(LeakKind::Difference, &[table("60")], &[table("?")]);
}

#[test]
fn a_change_between_releases_is_people() {
    let release = |n: &'static str| publication(&[("a", n)], Vec::new());
    planted(
        LeakKind::Difference,
        &[release("57"), release("60")],
        &[release("57"), release("57")],
    );
    planted(
        LeakKind::Difference,
        &[release("57"), release("60")],
        &[release("~55"), release("~60")],
    );
}

#[test]
fn a_later_release_gives_an_earlier_hidden_part_away() {
    // b was hidden beside a; shown later, it gives a away in the release before.
    let first = publication(
        &[("all", "63"), ("a", "?"), ("b", "?"), ("c", "20")],
        vec![sum(0, &[1, 2, 3])],
    );
    let later = |b: &'static str| {
        publication(
            &[("all", "?"), ("a", "?"), ("b", b), ("c", "20")],
            vec![sum(0, &[1, 2, 3])],
        )
    };
    planted(
        LeakKind::Hidden,
        &[first.clone(), later("40")],
        &[first.clone(), later("?")],
    );
    // Examined since the second only, what it opens in the first is still found.
    let leaks = examine_since(&[first, later("40")], &LIMITS, 1);
    assert!(leaks.iter().any(|leak| leak.figures.contains(&Place {
        publication: 0,
        figure: 1
    })));
}

#[test]
fn a_year_is_one_thing_under_both_its_names() {
    let release = |period: &str, all: &str, b: &str| {
        let figures = [("all", all), ("a", "?"), ("b", b), ("c", "20")];
        let mut release = publication(&figures, vec![sum(0, &[1, 2, 3])]);
        for figure in &mut release.figures {
            figure.key.about.push(("period".into(), period.into()));
        }
        release
    };
    let first = release("2024-01-01/2024-12-31", "63", "?");
    planted(
        LeakKind::Hidden,
        &[first.clone(), release("2024", "?", "40")],
        &[first, release("2024-01-01/2025-12-31", "?", "40")],
    );
}

#[test]
fn a_nested_geography_gives_the_rest_away() {
    // Network and nation show the same people but for one hospital outside the network.
    let table = |network: &'static str| {
        publication(
            &[
                ("nation", "100"),
                ("network", network),
                ("outside", "?"),
                ("a", "?"),
                ("b", "?"),
            ],
            vec![sum(0, &[1, 2]), sum(1, &[3, 4])],
        )
    };
    planted(LeakKind::Hidden, &[table("96")], &[table("?")]);
}

#[test]
fn what_is_left_of_a_total_can_be_few_people_together() {
    let table = |shown: &'static str| {
        publication(
            &[
                ("all", "100"),
                ("shown", shown),
                ("a", "?"),
                ("b", "?"),
                ("c", "?"),
            ],
            vec![sum(0, &[1, 2, 3, 4])],
        )
    };
    planted(LeakKind::Difference, &[table("94")], &[table("80")]);
}

#[test]
fn a_zero_complement_is_a_whole_group() {
    let table = |whole: &'static str, part: &'static str| {
        publication(
            &[("seen by a nurse", part), ("people", whole)],
            vec![Relation::Measure { part: 0, whole: 1 }],
        )
    };
    planted(LeakKind::WholeGroup, &[table("12", "0")], &[table("40", "0")]);
    planted(LeakKind::WholeGroup, &[table("~15", "~15")], &[table("~15", "?")]);
}

#[test]
fn an_interval_that_fixes_its_count_is_a_leak() {
    let table = |low, high| {
        let mut table = publication(&[("a", "?")], Vec::new());
        table.figures[0].known = Known::Range { low, high };
        table
    };
    planted(LeakKind::Hidden, &[table(3, 5)], &[table(1, 7)]);
}

#[test]
fn an_estimates_low_end_is_no_lower_than_what_was_found() {
    // Whoever was found was there: found is at most the low end of the estimate.
    let table = |low: &'static str| {
        publication(
            &[("found", "?"), ("low end", low)],
            vec![Relation::AtMost { small: 0, large: 1 }],
        )
    };
    planted(LeakKind::Hidden, &[table("3")], &[table("?")]);
}

#[test]
fn two_definitions_side_by_side_differ_by_people() {
    let table = |wide: &'static str, narrow: &'static str| {
        publication(
            &[("wide", wide), ("narrow", narrow)],
            vec![Relation::Within { part: 1, whole: 0 }],
        )
    };
    planted(LeakKind::Difference, &[table("60", "57")], &[table("~60", "~55")]);
}

#[test]
fn the_same_number_rounded_two_ways_is_narrowed() {
    let table = |base: i64, shown: i64| {
        let mut table = publication(&[("a", "?")], Vec::new());
        table.figures[0].known = Known::Rounded { shown, base };
        table
    };
    // To the nearest 5 it is 18 to 22, to the nearest 7 it is 18 to 24 or 11 to 17 … and to the nearest 4 22 to 25.
    planted(
        LeakKind::Rounded,
        &[table(5, 20), table(4, 24)],
        &[table(5, 20), table(5, 20)],
    );
}

#[test]
fn guesses_that_cannot_be_true_are_given_up() {
    // Each figure could be unchanged, but not all of them: the sums differ. Nothing follows.
    let first = publication(
        &[("all", "~60"), ("a", "~20"), ("b", "~40")],
        vec![sum(0, &[1, 2])],
    );
    let second = publication(
        &[("all", "~70"), ("a", "~20"), ("b", "~50")],
        vec![sum(0, &[1, 2])],
    );
    assert_eq!(found(&[first, second]), []);
}

#[test]
fn somebody_alone_in_a_figure_may_not_know_another() {
    // 60 = ? + ? + 40 + 15: five people are left for two figures, and whoever is one of them alone knows of four others.
    let two = |d: &'static str| {
        let figures = [("all", "60"), ("a", "?"), ("b", "?"), ("c", "40"), ("d", d)];
        publication(&figures, vec![sum(0, &[1, 2, 3, 4])])
    };
    planted(LeakKind::Contributor, &[two("15")], &[two("?")]);
    // A larger number is left: one of the two is no small one.
    assert!(!found(&[two("8")]).contains(&LeakKind::Contributor));
    let unasked = Limits {
        contributors: false,
        ..LIMITS
    };
    let leaks = examine(&[two("15")], &unasked);
    assert!(leaks.iter().all(|leak| leak.kind != LeakKind::Contributor));
}
