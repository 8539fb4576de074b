//! Spec tests of disclosure control on small drawn tables: rows in, released figures out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;

use protect::*;
use support::{completeness, counts, drawn, made, manifest};

#[test]
fn small_numbers_are_hidden_and_others_rounded_for_nations_too() {
    let release = made(
        vec![counts(&[
            ("country", "Somewhere", "all", "all", 801, 1203),
            ("nation", "North", "all", "all", 801, 1203),
            ("organisation", "AAA", "all", "all", 0, 12),
            ("organisation", "BBB", "all", "all", 5, 88),
            ("organisation", "CCC", "all", "all", 796, 1103),
        ])],
        vec![],
    );
    // BBB's 5 recorded are hidden and would be the only hidden part of North, so the next smallest goes too: the 796,
    // since AAA's zero gives way last. Estimates are withheld wherever a count they stand on is hidden.
    insta::assert_snapshot!(drawn(&release, "counts", &["place", "recorded", "found", "estimate", "low", "high"]), @"
    Somewhere 800 1205 1205 1080 1325
    North 800 1205 1205 1080 1325
    AAA 0 10 10 5 15
    BBB [suppressed] 90 [suppressed] [suppressed] [suppressed]
    CCC [suppressed] 1105 [suppressed] [suppressed] [suppressed]
    ");
}

#[test]
fn sex_stays_at_nations_and_countries_and_men_hide_women_with_them() {
    let release = made(
        vec![counts(&[
            ("nation", "North", "all", "all", 60, 60),
            ("nation", "North", "all", "female", 56, 56),
            ("nation", "North", "all", "male", 4, 4),
            ("organisation", "AAA", "all", "all", 60, 60),
            ("organisation", "AAA", "all", "female", 56, 56),
            ("organisation", "AAA", "all", "male", 4, 4),
        ])],
        vec![],
    );
    insta::assert_snapshot!(drawn(&release, "counts", &["place", "sex", "found"]), @"
    North all 60
    North female [suppressed]
    North male [suppressed]
    AAA all 60
    ");
}

#[test]
fn groups_are_another_split_of_the_same_total() {
    let mut table = counts(&[("nation", "North", "all", "all", 60, 60); 1]);
    let total = table.rows[0].clone();
    for (kind, group, found) in [
        ("deprivation", "1", 30_i64),
        ("deprivation", "2", 30),
        ("ethnicity", "Asian", 3),
        ("ethnicity", "Black", 20),
        ("ethnicity", "White", 37),
    ] {
        let mut row = total.clone();
        (row[7], row[8], row[9], row[10]) = (kind.into(), group.into(), found.into(), found.into());
        table.rows.push(row);
    }
    insta::assert_snapshot!(drawn(&made(vec![table], vec![]), "counts", &["group_kind", "group", "found"]), @"
    all all 60
    deprivation 1 30
    deprivation 2 30
    ethnicity Asian [suppressed]
    ethnicity Black [suppressed]
    ethnicity White 35
    ");
}

#[test]
fn the_same_number_in_two_tables_is_hidden_in_both() {
    let one = counts(&[
        ("organisation", "AAA", "all", "all", 40, 60),
        ("organisation", "AAA", "de_novo", "all", 10, 11),
        ("organisation", "AAA", "not_known", "all", 2, 3),
        ("organisation", "AAA", "recurrent", "all", 28, 46),
    ]);
    let other = completeness(&[
        ("AAA", "de_novo", 11, 10, 0, 0.0, ""),
        ("AAA", "recurrent", 46, 28, 0, 0.0, ""),
    ]);
    let release = made(vec![one, other], vec![counts_and_completeness_link()]);
    insta::assert_snapshot!(drawn(&release, "counts", &["kind", "recorded", "found"]), @"
    all 40 60
    de_novo [suppressed] [suppressed]
    not_known [suppressed] [suppressed]
    recurrent 30 45
    ");
    insta::assert_snapshot!(
        drawn(&release, "completeness", &["kind", "recorded", "found", "recorded_percent"]),
        @r"
    de_novo [suppressed] [suppressed] [suppressed]
    recurrent 30 45 67
    "
    );
}

#[test]
fn states_follow_from_the_rounded_numbers() {
    let release = made(
        vec![completeness(&[
            ("A90", "all", 200, 190, 190, 31.0, ""), // 190 of 200
            ("B89", "all", 50, 44, 44, 33.0, ""),    // 88 %, shown as 45 of 50: 90 %
            ("C50", "all", 100, 50, 12, 40.0, ""),   // half
            ("D08", "all", 60, 5, 5, 40.0, ""),      // 5 is hidden, so read as 4 of 60
            ("E00", "all", 60, 0, 0, 0.0, ""),       // none
            ("F17", "all", 17, 17, 17, 10.0, ""),    // 17 rounds to 15: too few
            ("G__", "all", 0, 0, 0, 0.0, "no_response"),
            ("H__", "all", 0, 0, 0, 0.0, "not_in_scope"),
        ])],
        vec![],
    );
    let columns = [
        "organisation",
        "recorded_of_elsewhere",
        "found_elsewhere",
        "recorded_of_elsewhere_percent",
        "low",
        "high",
        "median_days_to_record",
        "status",
        "status_close_to_line",
    ];
    insta::assert_snapshot!(drawn(&release, "completeness", &columns), @"
    A90 190 200 95 88 99 28 collecting no
    B89 45 50 90 70 100 35 collecting yes
    C50 50 100 50 37 63 [too_few] partly no
    D08 [suppressed] 60 [suppressed] [suppressed] [suppressed] [too_few] not_collecting yes
    E00 0 60 0 0 7 [too_few] not_collecting no
    F17 15 15 100 52 100 7 too_few 
    G__ 0 0 [not_computable] [not_computable] [not_computable] [too_few] no_response 
    H__ 0 0 [not_computable] [not_computable] [not_computable] [too_few] not_in_scope 
    ");
}

#[test]
fn collecting_must_hold_in_each_kind_that_has_twenty_people() {
    let release = made(
        vec![completeness(&[
            ("AAA", "all", 300, 280, 280, 31.0, ""),
            ("AAA", "de_novo", 50, 30, 30, 31.0, ""),
            ("AAA", "recurrent", 250, 250, 250, 31.0, ""),
            ("BBB", "all", 300, 280, 280, 31.0, ""),
            ("BBB", "de_novo", 15, 8, 8, 31.0, ""),
            ("BBB", "recurrent", 285, 272, 272, 31.0, ""),
        ])],
        vec![],
    );
    insta::assert_snapshot!(drawn(&release, "completeness", &["organisation", "kind", "status"]), @"
    AAA all partly
    AAA de_novo partly
    AAA recurrent collecting
    BBB all collecting
    BBB de_novo too_few
    BBB recurrent collecting
    ");
}

#[test]
fn nothing_reported_is_not_zero() {
    let mut table = completeness(&[("AAA", "all", 30, 0, 0, 0.0, "not_measured")]);
    table.rows[0][3] = RawValue::Null;
    table.rows[0][7] = RawValue::Missing(State::NotComputable);
    let release = made(vec![table], vec![]);
    insta::assert_snapshot!(
        drawn(&release, "completeness", &["recorded", "found", "recorded_percent", "recorded_of_elsewhere", "status"]),
        @"[not_reported] 30 [not_reported] [not_computable] not_measured"
    );
}

#[test]
fn a_blank_says_why_it_is_blank() {
    let mut table = counts(&[("nation", "North", "all", "all", 0, 0)]);
    table.rows[0][9..14].fill(RawValue::Null);
    table.rows[0][14] = "not_computable".into();
    insta::assert_snapshot!(
        drawn(&made(vec![table], vec![]), "counts", &["recorded", "found", "estimate", "method"]),
        @"[not_computable] [not_computable] [not_computable] not_computable"
    );
}

#[test]
fn a_nation_is_the_sum_of_its_organisations_too() {
    // One network between; AAA's 3 hide BBB's 50 within the network and CCC, without a network, is left alone.
    let mut table = counts(&[
        ("nation", "North", "all", "all", 110, 110),
        ("network", "Upper", "all", "all", 53, 53),
        ("organisation", "AAA", "all", "all", 3, 3),
        ("organisation", "BBB", "all", "all", 50, 50),
        ("organisation", "CCC", "all", "all", 57, 57),
    ]);
    let place = |kind: &str, name: &str| Place::new(kind, name);
    let inside = BTreeMap::from([
        (place("organisation", "AAA"), place("network", "Upper")),
        (place("organisation", "BBB"), place("network", "Upper")),
        (place("organisation", "CCC"), place("nation", "North")),
        (place("network", "Upper"), place("nation", "North")),
    ]);
    table.sums = vec![SumRule::Places {
        kind: "place_kind".into(),
        place: "place".into(),
        inside,
    }];
    insta::assert_snapshot!(drawn(&made(vec![table], vec![]), "counts", &["place", "found"]), @"
    North 110
    Upper 55
    AAA [suppressed]
    BBB [suppressed]
    CCC 55
    ");
}

#[test]
fn what_does_not_fit_is_refused_without_naming_a_value() {
    let policy = Policy::hes().unwrap();
    let refused = |table: RawTable| {
        release(
            &RawRelease {
                manifest: manifest(true, false),
                tables: vec![table],
                links: vec![],
            },
            &policy,
        )
        .unwrap_err()
        .to_string()
    };
    let drawn = || {
        counts(&[
            ("nation", "North", "all", "all", 3, 4),
            ("nation", "South", "all", "all", 3, 4),
        ])
    };
    let mut table = drawn();
    table.rows[1][1] = "North".into();
    insta::assert_snapshot!(refused(table), @"table counts, row 2: a second row with the same dimensions; each may come once");
    let mut table = drawn();
    table.rows[1][9] = (-3_i64).into();
    insta::assert_snapshot!(refused(table), @"table counts, row 2, column recorded: a count cannot be below zero");
    let mut table = drawn();
    table.rows[0].pop();
    insta::assert_snapshot!(refused(table), @"table counts, row 1: one value a column is needed");
    let mut table = drawn();
    table.columns[9].name = "recorde".into();
    insta::assert_snapshot!(refused(table), @"table counts: no column recorded, which an inclusion needs; add the column or correct the name");
    assert_eq!(
        format!("{:?}", drawn()),
        "RawTable { name: \"counts\", version: 1, .. }"
    );
}

#[test]
fn an_estimate_says_no_more_of_its_counts_than_they_do() {
    let row = |place, found: i64, figures: [Option<f64>; 3], status: &str| {
        let mut table = counts(&[("organisation", place, "all", "all", found, found)]);
        for (at, figure) in figures.into_iter().enumerate() {
            table.rows[0][11 + at] = figure.into();
        }
        table.rows[0][15] = status.into();
        table.rows.remove(0)
    };
    // The second and third are lower bounds: what was found, and no upper end. 43 and 47 are both shown as 45, and so are their ends.
    let mut table = counts(&[]);
    table.rows = vec![
        row("AAA", 102, [Some(121.4), Some(108.9), Some(140.2)], "estimate"),
        row("BBB", 43, [Some(43.0), Some(43.0), None], "lower_bound"),
        row("CCC", 47, [Some(47.0), Some(47.0), None], "lower_bound"),
        row("DDD", 4, [Some(11.0), Some(5.0), Some(20.0)], "estimate"),
        // That there is no estimate would say something of whom it stands on.
        row("EEE", 4, [None, None, None], "not_estimated"),
    ];
    insta::assert_snapshot!(
        drawn(&made(vec![table], vec![]), "counts", &["place", "recorded", "found", "estimate", "low", "high", "status"]), @"
    AAA 100 100 120 105 145 estimate
    BBB 45 45 45 40 [not_estimated] lower_bound
    CCC 45 45 45 40 [not_estimated] lower_bound
    DDD [suppressed] [suppressed] [suppressed] [suppressed] [suppressed] suppressed
    EEE [suppressed] [suppressed] [suppressed] [suppressed] [suppressed] suppressed
    ");
}

#[test]
fn people_of_no_organisation_belong_to_the_nation_only() {
    // One of 25 is known in no organisation. The sum does not hold, and nothing that would follow from it is taken for known.
    let table = counts(&[
        ("nation", "North", "all", "all", 25, 25),
        ("organisation", "AAA", "all", "all", 3, 3),
        ("organisation", "BBB", "all", "all", 12, 12),
        ("organisation", "CCC", "all", "all", 9, 9),
    ]);
    insta::assert_snapshot!(drawn(&made(vec![table], vec![]), "counts", &["place", "found"]), @"
    North 25
    AAA [suppressed]
    BBB [suppressed]
    CCC 10
    ");
}

#[test]
fn a_state_that_says_that_a_number_is_small_is_reckoned_with() {
    let of = |first: i64, later: i64| {
        let row =
            |kind, elsewhere: i64, recorded: i64| ("AAA", kind, elsewhere, recorded, recorded, 31.0, "");
        let tables = vec![completeness(&[
            row("all", 90, first + later),
            row("de_novo", 50, first),
            row("recurrent", 40, later),
        ])];
        RawRelease {
            manifest: manifest(true, false),
            tables,
            links: vec![],
        }
    };
    let policy = Policy::hes().unwrap();
    let columns = ["kind", "recorded_of_elsewhere", "found_elsewhere", "status"];
    // Alone the state says of two that they are few, as of anything from 1 to 7, and the others are 11 to 21.
    let alone = release(&of(2, 20), &policy).unwrap();
    insta::assert_snapshot!(drawn(&alone, "completeness", &columns), @"
    all 20 90 partly
    de_novo [suppressed] 50 not_collecting
    recurrent [suppressed] 40 too_few
    ");
    // Last month 18 to 22 of the other kind were shown. If they are as many still, 18 to 22 in all leave 0 to 4, and a state
    // would say 1 to 4: too few values.
    let before = release(&of(10, 20), &policy).unwrap();
    let earlier = std::slice::from_ref(before.publication());
    let after = release_after(&of(2, 20), &policy, earlier).unwrap();
    insta::assert_snapshot!(drawn(&after, "completeness", &columns), @"
    all 20 90 partly
    de_novo [suppressed] [suppressed] too_few
    recurrent [suppressed] [suppressed] too_few
    ");
}

#[test]
fn that_no_state_is_given_says_that_a_hidden_number_is_not_small() {
    let of = |all: [i64; 2], later: i64| {
        let row =
            |kind, elsewhere: i64, recorded: i64| ("AAA", kind, elsewhere, recorded, recorded, 31.0, "");
        let table = completeness(&[
            row("all", all[0], all[1]),
            row("de_novo", 25, 3),
            row("recurrent", 25, later),
        ]);
        let columns = ["kind", "recorded_of_elsewhere", "found_elsewhere", "status"];
        drawn(&made(vec![table], vec![]), "completeness", &columns)
    };
    // 8 to 12 in all: with a state for three and none for nine there would be 1 to 4 and 8 to 11 of them.
    insta::assert_snapshot!(of([50, 12], 9), @"
    all 10 50 partly
    de_novo [suppressed] [suppressed] too_few
    recurrent [suppressed] [suppressed] too_few
    ");
    // Nine of no known kind. Nobody is hidden beside three, and is no range: no state may rest on it.
    insta::assert_snapshot!(of([60, 12], 0), @"
    all 10 60 partly
    de_novo [suppressed] [suppressed] too_few
    recurrent [suppressed] [suppressed] too_few
    ");
    // Where there is room it says enough for nobody, and the numbers below are shown.
    insta::assert_snapshot!(of([50, 23], 20), @"
    all 25 50 partly
    de_novo [suppressed] 25 partly
    recurrent [suppressed] 25 too_few
    ");
}

#[test]
fn a_year_under_two_names_is_one_year() {
    let one = counts(&[
        ("organisation", "AAA", "all", "all", 40, 60),
        ("organisation", "AAA", "de_novo", "all", 10, 11),
        ("organisation", "AAA", "not_known", "all", 2, 3),
        ("organisation", "AAA", "recurrent", "all", 28, 46),
    ]);
    let year = [
        ("AAA", "de_novo", 11, 10, 0, 0.0, ""),
        ("AAA", "recurrent", 46, 28, 0, 0.0, ""),
    ];
    let mut other = completeness(&[year, year].concat());
    for row in &mut other.rows[2..] {
        row[1] = "2024-01-01/2024-12-31".into();
    }
    let release = made(vec![one, other], vec![counts_and_completeness_link()]);
    // Beside the three of no known kind the eleven are hidden, wherever they stand.
    insta::assert_snapshot!(drawn(&release, "completeness", &["period", "kind", "recorded", "found"]), @"
    2024 de_novo [suppressed] [suppressed]
    2024 recurrent 30 45
    2024-01-01/2024-12-31 de_novo [suppressed] [suppressed]
    2024-01-01/2024-12-31 recurrent 30 45
    ");
}
