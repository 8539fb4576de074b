//! What is hidden leaves no trace in what is released; and how long a large release takes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use protect::*;
use support::nation::{Shape, drawn_people, table};
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
    /// rounded away, so no choice made on the way (which second cell to hide, a state, an order) betrays it. Which sums hold
    /// is the same in both: here none does, since every total has others too.
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
                    let others = if kind == "all" { 20 } else { 0 } + if *place_kind == "nation" { 800 } else { 0 };
                    let count = |n: i64| n * part / 2 + others;
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
                    let others = if kind == "all" { 20 } else { 0 };
                    let (found, recorded) = (found * part / 2 + others, recorded * part / 2 + others);
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

/// What a policy shows of a number: none, hidden, or rounded.
fn to_the_public(n: i64) -> Option<i64> {
    match n {
        0 => Some(0),
        1..=7 => None,
        _ => Some((n + 2) / 5 * 5),
    }
}

proptest::proptest! {
    /// The same where every sum holds: a few people who are in one hospital or in another make no difference, as long as no
    /// number that is shown says so.
    #[test]
    fn where_somebody_is_leaves_no_trace(
        cells in proptest::collection::vec(0_i64..30, 8..9),
        (from, to) in (0_usize..8, 0_usize..8),
    ) {
        let drawn = |cells: &[i64]| {
            let names = ["AAA", "BBB", "CCC", "DDD"];
            let parts: Vec<(&str, i64, i64)> = names.iter().zip(cells.chunks(2)).map(|(n, c)| (*n, c[0], c[1])).collect();
            let mut rows = Vec::new();
            let (mut a, mut b) = (0, 0);
            for (name, one, two) in parts {
                (a, b) = (a + one, b + two);
                for (kind, n) in [("de_novo", one), ("recurrent", two), ("all", one + two)] {
                    rows.push(("organisation", name, kind, "all", n, n));
                }
            }
            for (kind, n) in [("de_novo", a), ("recurrent", b), ("all", a + b)] {
                rows.push(("nation", "North", kind, "all", n, n));
            }
            rows
        };
        let mut moved = cells.clone();
        moved[from] -= 1;
        moved[to] += 1;
        proptest::prop_assume!(moved[from] >= 0 && from != to);
        let (one, two) = (drawn(&cells), drawn(&moved));
        let look_the_same = one.iter().zip(&two).all(|(a, b)| to_the_public(a.5) == to_the_public(b.5));
        proptest::prop_assume!(look_the_same);
        let released = |rows: &[(&str, &str, &str, &str, i64, i64)]| {
            let mut table = counts(rows);
            for row in &mut table.rows {
                row[11..14].fill(RawValue::Null);
            }
            let release = made(vec![table], vec![]);
            csv_text(&release.tables()[0], None).unwrap()
        };
        proptest::prop_assert_eq!(released(&one), released(&two));
    }
}

/// Every total of a nation or country, over all kinds, sexes and ages, is shown.
fn headline_stays(csv: &str) {
    let mut seen = 0;
    for line in csv.lines() {
        let fields: Vec<&str> = line.split(',').collect();
        let at = fields.iter().position(|f| matches!(*f, "nation" | "country"));
        let Some(at) = at else { continue };
        if fields.get(at + 4..at + 9) == Some(&["all"; 5]) {
            seen += 1;
            let figures: Vec<&str> = fields[at + 9..].iter().take(4).copied().collect();
            assert!(!figures.contains(&"suppressed"), "{line}");
        }
    }
    assert!(seen > 0, "nations are there");
}

/// Figures hidden, and all, at each kind of place.
fn hidden_at(csv: &str) -> std::collections::BTreeMap<&str, (usize, usize)> {
    let mut at = std::collections::BTreeMap::new();
    for line in csv.lines().skip(1) {
        let kind = line.split(',').next().unwrap();
        let (hidden, all): &mut (usize, usize) = at.entry(kind).or_default();
        *hidden += line.matches("suppressed").count();
        *all += 2;
    }
    at
}

/// One measure of one year of a nation of the size to serve; with `COUNTED_LONG`, a hundred thousand cells.
#[test]
#[allow(clippy::print_stderr, reason = "says what it measured")]
fn a_nation_has_the_same_bytes_on_any_number_of_threads() {
    let long = support::long();
    // 44 groups of 2 288 cells, or one.
    let (years, measures) = if long { (15, 3) } else { (1, 1) };
    let shape = Shape {
        organisations: 200,
        per_network: 8,
        networks_per_nation: 7,
        years,
        measures,
        largest: 120,
        split: true,
    };
    let people = drawn_people(&shape, 7);
    let make = |threads: usize| {
        let table = table(&shape, &people);
        let cells = table.rows.len() * 2;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let start = std::time::Instant::now();
        let release = pool.install(|| made(vec![table], vec![]));
        let taken = start.elapsed();
        let text = csv_text(&release.tables()[0], None).unwrap();
        let hidden = text.matches("suppressed").count();
        eprintln!("{cells} cells on {threads} threads: {taken:?}; {hidden} figures hidden");
        for (kind, (hidden, all)) in hidden_at(&text) {
            eprintln!("  {kind}: {hidden} of {all} hidden");
        }
        (taken, text)
    };
    let (taken, two) = make(2);
    let (_, one) = make(1);
    assert!(one == two, "the same bytes on any number of threads");
    headline_stays(&two);
    if long {
        assert!(taken.as_secs() < 10, "{taken:?}");
    }
}
