//! What is hidden leaves no trace in what is released; and how long a large release takes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;

use protect::*;
use support::{completeness, counts, made};

/// Another number that the policy shows the same way: hidden stays hidden, rounded rounds to the same.
fn same_to_the_public(n: i64, step: i64) -> i64 {
    match n {
        0 => 0,
        1..=7 => (n - 1 + step) % 7 + 1,
        _ => {
            let rounded = (n + 2) / 5 * 5;
            let low = (rounded - 2).max(8);
            low + (n - low + step) % (rounded + 2 - low + 1)
        }
    }
}

proptest::proptest! {
    /// Non-interference: whoever sees the release cannot tell apart two runs that differ only in what is hidden or
    /// rounded away, so no choice made on the way (which second cell to hide, a state, an order) betrays it.
    #[test]
    fn what_is_hidden_leaves_no_trace(
        cells in proptest::collection::vec((0_i64..120, 0_i64..120), 4..5),
        steps in proptest::collection::vec(0_i64..7, 64..65),
    ) {
        let mut steps = steps.into_iter().cycle();
        let mut other = |n: i64, changed: bool| if changed { same_to_the_public(n, steps.next().unwrap_or(1)) } else { n };
        let mut made_with = |changed: bool| {
            let names = [("organisation", "AAA"), ("organisation", "BBB"), ("organisation", "CCC"), ("nation", "North")];
            let mut rows = Vec::new();
            for ((place_kind, place), (recorded, found)) in names.iter().zip(&cells) {
                for (kind, part) in [("all", 2), ("de_novo", 1), ("recurrent", 1)] {
                    let count = |n: i64| n * part / 2;
                    rows.push((*place_kind, *place, kind, "all", other(count(*recorded), changed), other(count(*found), changed)));
                }
            }
            // Estimates come from a model; here they are left out, since their raw values are not changed with the counts.
            let mut table = counts(&rows);
            for row in &mut table.rows {
                row[11..14].fill(RawValue::Null);
            }
            let mut of = Vec::new();
            for ((_, place), (recorded, found)) in names.iter().zip(&cells).take(3) {
                for (kind, part) in [("all", 2), ("de_novo", 1), ("recurrent", 1)] {
                    let (found, recorded) = (found * part / 2, recorded * part / 2);
                    let (found, recorded) = (other(found, changed), other(recorded, changed));
                    of.push((*place, kind, found, recorded, recorded, 31.0, ""));
                }
            }
            made(vec![table, completeness(&of)], vec![counts_and_completeness_link()])
        };
        let (one, two) = (made_with(false), made_with(true));
        for (a, b) in one.tables().iter().zip(two.tables()) {
            proptest::prop_assert_eq!(csv_text(a, None).unwrap(), csv_text(b, None).unwrap());
        }
    }
}

/// How long a hundred thousand cells take: `cargo test -p protect --test release -- --ignored measure --nocapture`.
#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stderr, reason = "its only result")]
fn measure() {
    let mut table = counts(&[]);
    let mut inside = BTreeMap::new();
    let kinds = ["de_novo", "recurrent", "not_known"];
    for organisation in 0..200_i64 {
        let code = format!("O{organisation:03}");
        let network = format!("N{:02}", organisation / 8);
        inside.insert(Place::new("organisation", &code), Place::new("network", &network));
        inside.insert(Place::new("network", &network), Place::new("nation", "North"));
        for year in 0..10_i64 {
            for measure in ["new", "living", "died"] {
                let mut all = 0;
                for step in 0..4_usize {
                    let found = if step < 3 {
                        (organisation * 31 + year * 17 + step as i64 * 7) % 23
                    } else {
                        all
                    };
                    all += found;
                    let kind = kinds.get(step).copied().unwrap_or("all");
                    let period = format!("{}", 2015 + year);
                    table.rows.push(vec![
                        "organisation".into(),
                        code.as_str().into(),
                        period.into(),
                        measure.into(),
                        kind.into(),
                        "all".into(),
                        "all".into(),
                        "all".into(),
                        "all".into(),
                        (found / 2).into(),
                        found.into(),
                        RawValue::Null,
                        RawValue::Null,
                        RawValue::Null,
                        "found".into(),
                        "lower_bound".into(),
                    ]);
                }
            }
        }
    }
    table.rows.truncate(50_000);
    table.sums.push(SumRule::Places {
        kind: "place_kind".into(),
        place: "place".into(),
        inside,
    });
    let cells = table.rows.len() * 2;
    let start = std::time::Instant::now();
    let release = made(vec![table], vec![]);
    eprintln!("{cells} cells in {:?}, release {}", start.elapsed(), release.id());
}
