//! Secondary suppression on drawn sums, and against the least loss there is.
#![allow(clippy::unwrap_used)]

use super::clauses::Cover;
use super::*;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng as _};

fn policy(mode: &str) -> Policy {
    let text = include_str!("../../../../definitions/disclosure/hes.toml")
        .replace("mode = \"always\"", &format!("mode = \"{mode}\""));
    Policy::from_toml("test", &text).unwrap()
}

fn relations(sums: Vec<Sum>) -> Relations {
    Relations {
        sums,
        within: Vec::new(),
    }
}

fn hidden(counts: &[i64], sums: Vec<Sum>, policy: &Policy) -> Vec<bool> {
    let rules = vec![policy.rule(); counts.len()];
    let mut cells = Cells::new(counts.iter().map(|n| Some(*n)).collect(), rules);
    cells.suppress(&relations(sums), &[], policy).unwrap();
    cells.hidden
}

fn one(parts: usize) -> Vec<Sum> {
    vec![Sum::new(0, (1..=parts).collect())]
}

#[test]
fn one_hidden_part_takes_the_smallest_other_with_it() {
    // 60 = 3 + 40 + 17: the 3 is hidden, and the 17 with it.
    assert_eq!(
        hidden(&[60, 3, 40, 17], one(3), &policy("always")),
        [false, true, false, true]
    );
    assert_eq!(
        hidden(&[60, 3, 40, 17], one(3), &policy("never")),
        [false, true, false, false]
    );
}

#[test]
fn a_zero_is_hidden_only_where_nothing_else_can_be() {
    // 12 people of whom 4 are in the only other part that has any: the zero goes, not the total.
    assert_eq!(
        hidden(&[12, 4, 8, 0], one(3), &policy("always")),
        [false, true, true, false]
    );
    assert_eq!(
        hidden(&[12, 4, 0], one(2), &policy("always")),
        [false, true, true]
    );
    assert_eq!(hidden(&[12, 4], one(1), &policy("always")), [true, true]);
}

#[test]
fn two_hidden_parts_are_left_alone() {
    assert_eq!(
        hidden(&[60, 3, 5, 52], one(3), &policy("always")),
        [false, true, true, false]
    );
}

#[test]
fn hiding_one_may_uncover_another_sum() {
    // Two networks: 0 = 1 + 2 and 3 = 2 + 4. Hiding 2 beside 1 leaves 2 the only hidden one of the second sum.
    let sum = |total, parts: [usize; 2]| Sum::new(total, parts.to_vec());
    assert_eq!(
        hidden(
            &[33, 3, 30, 80, 50],
            vec![sum(0, [1, 2]), sum(3, [2, 4])],
            &policy("always")
        ),
        [false, true, true, false, true]
    );
}

#[test]
fn what_the_sums_alone_say_cannot_be_hidden_and_is_said_at_once() {
    // 40 = 40 + 0, and the same 40 in another table: that the last part is nobody follows from the sums, whatever is hidden.
    // In a small group, and in one that is solved in turns: this went on for as many turns as there are cells.
    let policy = policy("always");
    for others in [0, 100] {
        let mut counts = vec![40, 40, 0];
        let mut sums = vec![Sum::new(0, vec![1, 2]), Sum::new(0, vec![1])];
        if others > 0 {
            counts.extend(vec![20; others]);
            counts.push(40 + 20 * i64::try_from(others).unwrap());
            sums.push(Sum::new(
                others + 3,
                std::iter::once(0).chain(3..others + 3).collect(),
            ));
        }
        let mut cells = Cells::new(
            counts.iter().map(|n| Some(*n)).collect(),
            vec![policy.rule(); counts.len()],
        );
        let relations = relations(sums);
        cells.suppress(&relations, &[], &policy).unwrap();
        let before = cells.hidden.clone();
        assert_eq!(
            cells.suppress(&relations, &[2], &policy),
            Err(Unprotected::Known(2))
        );
        // Everything is as it was, and another cell can be asked for.
        assert_eq!(cells.hidden, before);
        cells.suppress(&relations, &[1], &policy).unwrap();
        assert!(cells.hidden[1]);
    }
}

#[test]
fn a_sum_that_rounding_blurs_enough_can_be_spared() {
    // Two other numbers, each known to 5 only: the hidden one may be anything from 1 to 7.
    assert_eq!(
        hidden(&[60, 4, 40, 16], one(3), &policy("unless_blurred")),
        [false, true, false, false]
    );
    // Numbers as they are blur nothing.
    let exact = Policy::named("suppress").unwrap();
    assert_eq!(
        hidden(&[60, 4, 40, 16], one(3), &exact),
        [false, true, false, true]
    );
}

#[test]
fn rounding_that_two_parts_cannot_hide_costs_both() {
    // 12 and 12 are shown as 10 and 10, their 24 as 25: both can only be 11 or 12.
    assert_eq!(
        hidden(&[24, 12, 12], one(2), &policy("always")),
        [false, true, true]
    );
    assert_eq!(hidden(&[20, 10, 10], one(2), &policy("always")), [false; 3]);
}

#[test]
fn somebody_alone_in_a_cell_cannot_find_out_another() {
    // Nothing is rounded: whoever is the 1 would know the 4 from the 5 that are left of the total.
    let exact = Policy::named("suppress").unwrap();
    assert_eq!(
        hidden(&[60, 1, 4, 40, 15], one(4), &exact),
        [false, true, true, false, true]
    );
    // With rounding to 5 the total alone blurs enough.
    assert_eq!(
        hidden(&[60, 1, 4, 40, 15], one(4), &policy("always")),
        [false, true, true, false, false]
    );
}

#[test]
fn a_small_total_and_its_only_part_are_the_same_people() {
    // 5 = 5 + 0 beside another 20, and the same five in another table, so that nobody can hide that the last part is nobody.
    // The third that somebody alone in the 5 would ask for does not exist, and is not needed: who is in one is in both.
    let exact = Policy::named("suppress").unwrap();
    let sums = vec![
        Sum::new(0, vec![1, 2, 3]),
        Sum::new(1, vec![4, 5]),
        Sum::new(1, vec![4]),
    ];
    assert_eq!(
        hidden(&[45, 5, 20, 20, 5, 0], sums, &exact),
        [false, true, true, false, true, false]
    );
    // In one sum alone the zero need not be hidden either.
    assert_eq!(hidden(&[4, 4, 0], one(2), &exact), [true, true, false]);
}

/// A two-way table of parts with its totals: parts row by row each with its total, then the totals of the columns.
fn two_way(parts: &[i64], width: usize) -> (Vec<i64>, Vec<Sum>) {
    let height = parts.len() / width;
    let at = |row: usize, column: usize| row * (width + 1) + column;
    let mut counts = vec![0; (height + 1) * (width + 1)];
    for row in 0..height {
        for column in 0..width {
            let n = parts[row * width + column];
            for cell in [
                at(row, column),
                at(row, width),
                at(height, column),
                at(height, width),
            ] {
                counts[cell] += n;
            }
        }
    }
    let mut sums: Vec<Sum> = (0..=height)
        .map(|row| Sum::new(at(row, width), (0..width).map(|c| at(row, c)).collect()))
        .collect();
    sums.extend(
        (0..=width).map(|column| Sum::new(at(height, column), (0..height).map(|r| at(r, column)).collect())),
    );
    (counts, sums)
}

/// The loss of suppression, of suppression as large groups get it, and the least of every set of cells there is.
fn losses(counts: &[i64], sums: &[Sum], policy: &Policy) -> (i64, i64, i64) {
    let cells = Cells::new(
        counts.iter().map(|n| Some(*n)).collect(),
        vec![policy.rule(); counts.len()],
    );
    let relations = relations(sums.to_vec());
    let cost = cells.losses(&relations);
    let view = View {
        classes: &cells.classes,
        rules: &cells.rules,
        cost: &cost,
        need: policy.uncertainty(),
    };
    let groups = groups(counts.len(), &relations);
    let [group] = groups.as_slice() else {
        unreachable!("a table is one group")
    };
    let standing = group.standing(&view);
    let cover = Cover::new(&standing, &cost, &cells.hidden);
    let small = cover.loss(
        &group
            .solve_small(&view, &cells.hidden, &mut Memory::default())
            .unwrap(),
    );
    let large = cover.loss(
        &group
            .solve_large(&view, &cells.hidden, None, &mut Memory::default(), 0)
            .unwrap(),
    );
    let free: Vec<usize> = (0..counts.len()).filter(|c| !cells.hidden[*c]).collect();
    let mut least = i64::MAX;
    for set in 0_u32..1 << free.len() {
        let mut hide = cells.hidden.clone();
        for (bit, cell) in free.iter().enumerate() {
            hide[*cell] |= set & (1 << bit) != 0;
        }
        let loss = cover.loss(&hide);
        if loss < least
            && (0..standing.len()).all(|c| !cover.violated(c, &hide))
            && group
                .leaks(&view, &hide, &mut None, &mut Memory::default())
                .unwrap()
                .is_empty()
        {
            least = loss;
        }
    }
    (small, large, least)
}

#[test]
#[allow(clippy::print_stderr, reason = "says the distribution")]
fn within_ten_per_cent_of_the_least_loss() {
    let tables = 60;
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(20_260_101);
    for policy in [policy("always"), Policy::named("suppress").unwrap()] {
        let (mut small, mut large) = (Vec::new(), Vec::new());
        for _ in 0..tables {
            let parts: Vec<i64> = (0..6).map(|_| rng.random_range(0..40)).collect();
            let (counts, sums) = two_way(&parts, 3);
            let (one, two, least) = losses(&counts, &sums, &policy);
            assert!(one >= least && two >= least, "the least is the least");
            if least > 0 {
                small.push(one as f64 / least as f64);
                large.push(two as f64 / least as f64);
            }
        }
        for (name, ratios) in [("small groups", &mut small), ("as large groups", &mut large)] {
            ratios.sort_by(f64::total_cmp);
            let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
            let at = |share: usize| ratios[(ratios.len() - 1) * share / 100];
            eprintln!(
                "{} {name}: {} tables, loss over least: mean {mean:.3}, median {:.3}, 90 % {:.3}, most {:.3}",
                policy.name(),
                ratios.len(),
                at(50),
                at(90),
                at(100)
            );
            assert!(mean <= 1.10, "{mean}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// The oracle: after suppression no sum has exactly one hidden, no small number is shown, and a fresh audit of the whole is clean.
    #[test]
    fn nothing_small_is_left_to_work_out(parts in prop::collection::vec(0_i64..40, 12)) {
        for policy in [policy("always"), Policy::named("threshold-10").unwrap(), Policy::named("midpoint-6").unwrap()] {
            let (counts, sums) = two_way(&parts, 3);
            let hidden = hidden(&counts, sums.clone(), &policy);
            for (cell, count) in counts.iter().enumerate() {
                prop_assert!(hidden[cell] || !policy.rule().hides(*count), "a small number is shown");
            }
            if policy.uncertainty().mode == crate::policy::Secondary::Always {
                for sum in &sums {
                    prop_assert_ne!(sum.cells().filter(|c| hidden[*c]).count(), 1);
                }
            }
        }
    }
}

/// A table of many organisations and kinds, as in `counts`: recorded beside found, most of them small.
fn wide(organisations: usize, seed: u64) -> (Vec<i64>, Relations) {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let found: Vec<i64> = (0..organisations * 3).map(|_| rng.random_range(0..60)).collect();
    let recorded: Vec<i64> = found.iter().map(|n| rng.random_range(0..=*n)).collect();
    let (mut counts, mut sums) = two_way(&found, 3);
    let (other, others) = two_way(&recorded, 3);
    let half = counts.len();
    counts.extend(other);
    sums.extend(others.into_iter().map(|sum| {
        Sum::new(
            sum.total + half,
            sum.parts.iter().map(|part| part + half).collect(),
        )
    }));
    let within = (0..half).map(|cell| (half + cell, cell)).collect();
    (counts, Relations { sums, within })
}

#[test]
fn the_work_grows_no_faster_than_the_table() {
    // Steps of linear programs, which are the same on every machine: about two a cell.
    let policy = Policy::hes().unwrap();
    for organisations in [50, 200] {
        let (counts, relations) = wide(organisations, 3);
        let size = counts.len() as u64;
        let rules = vec![policy.rule(); counts.len()];
        let mut cells = Cells::new(counts.iter().map(|n| Some(*n)).collect(), rules);
        cells.suppress(&relations, &[], &policy).unwrap();
        let steps: u64 = cells.memory.iter().map(|memory| memory.steps).sum();
        assert!(steps > 0 && steps < 6 * size, "{steps} steps for {size} cells");
    }
}

#[test]
fn a_zero_that_the_sums_alone_say_is_not_hidden() {
    // 9 = 4 + 0 + not reported: hiding the zero beside the 4 would be cheapest. But 5 = 5 and 5 = 5 + 0 say that it is nobody,
    // whatever the numbers are, so the total goes.
    let policy = policy("always");
    let counts = vec![Some(9), Some(4), Some(0), None, Some(5), Some(5)];
    let sums = vec![
        Sum::new(0, vec![1, 2, 3]),
        Sum::new(4, vec![5]),
        Sum::new(4, vec![5, 2]),
    ];
    let mut cells = Cells::new(counts, vec![policy.rule(); 6]);
    cells.suppress(&relations(sums), &[], &policy).unwrap();
    assert_eq!(cells.hidden, [true, true, false, false, true, true]);
}

#[test]
fn totals_are_hidden_last() {
    // Each total is a step above its parts, and hiding it loses more than hiding any one of them.
    let sums = vec![
        Sum::new(0, vec![1, 2]),
        Sum::new(1, vec![3, 4]),
        Sum::new(2, vec![5, 6]),
    ];
    let counts = [2000, 1000, 1000, 500, 500, 500, 500];
    let cells = Cells::new(
        counts.iter().map(|n| Some(*n)).collect(),
        vec![Policy::hes().unwrap().rule(); 7],
    );
    let losses = cells.losses(&relations(sums));
    assert!(losses[0] > losses[1..3].iter().max().copied().unwrap() && losses[1] > losses[3]);
}

/// Counts and sums as `shown_again.txt` writes them.
fn written(text: &str) -> (Vec<Option<i64>>, Vec<Sum>) {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let text: Vec<&str> = lines.collect();
    let (counts, sums) = text.split_at(text.iter().position(|line| line.is_empty()).unwrap());
    let counts = counts
        .iter()
        .flat_map(|line| line.split(' '))
        .map(|n| n.parse().ok());
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for line in sums.iter().filter(|line| !line.is_empty()) {
        let numbers = line.split([' ', '=', '+']).filter_map(|n| n.parse().ok());
        match parts.last_mut() {
            Some(last) if line.starts_with(' ') => last.extend(numbers),
            _ => parts.push(numbers.collect()),
        }
    }
    let sums = parts
        .into_iter()
        .map(|cells| Sum::new(cells[0], cells[1..].to_vec()));
    (counts.collect(), sums.collect())
}

#[test]
fn what_was_safe_beside_a_number_that_is_shown_again_is_asked_again() {
    // Zeros of the third kind are hidden first, are found to be said by the sums alone, and shown: what was safe only with them
    // hidden is not any longer.
    let policy = Policy::hes().unwrap();
    let (counts, sums) = written(include_str!("shown_again.txt"));
    let cells = Cells::new(counts.clone(), vec![policy.rule(); counts.len()]);
    let relations = relations(sums);
    let cost = cells.losses(&relations);
    let view = View {
        classes: &cells.classes,
        rules: &cells.rules,
        cost: &cost,
        need: policy.uncertainty(),
    };
    for group in groups(counts.len(), &relations) {
        let hidden = group
            .solve_large(&view, &cells.hidden, None, &mut Memory::default(), 0)
            .unwrap();
        let left = group.leaks(&view, &hidden, &mut None, &mut Memory::default());
        // What the sums alone say is known whatever is hidden; nothing that is shown may say more.
        let told = left
            .unwrap()
            .into_iter()
            .filter(|(clause, _)| !clause.any.is_empty());
        assert_eq!(told.count(), 0);
    }
}
