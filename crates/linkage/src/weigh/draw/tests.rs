//! Drawn partitions, against enumeration and against what was stated.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::weigh::Pair;

use super::components::Way;
use super::*;

fn pair(a: u32, b: u32, probability: f64) -> Pair {
    Pair {
        a,
        b,
        probability: probability as f32,
    }
}

/// By record, the first record of its person.
fn people(sizes: &[u32]) -> Vec<u32> {
    let mut person = Vec::new();
    for size in sizes {
        let first = person.len() as u32;
        person.extend(std::iter::repeat_n(first, *size as usize));
    }
    person
}

/// Six people of up to three records; every record but the first is held by a link; pairs lie between.
fn any_stated() -> impl Strategy<Value = Stated> {
    let held = proptest::collection::vec(0.3..1.0f64, 18);
    let between = proptest::collection::vec((0..18usize, 0..18usize, 0.01..0.5f64), 0..8);
    let apart = proptest::collection::vec((0..18usize, 0..18usize), 0..3);
    (proptest::collection::vec(1..4u32, 6), held, between, apart).prop_map(|(sizes, sure, between, apart)| {
        let person = people(&sizes);
        let records = person.len();
        let at = |record: usize| (record % records) as u32;
        let held = (1..records).filter(|&record| person[record] == person[record - 1]);
        Stated {
            held: held
                .map(|record| pair(at(record - 1), at(record), sure[record]))
                .collect(),
            between: between
                .into_iter()
                .map(|(a, b, p)| pair(at(a), at(b), p))
                .collect(),
            apart: apart
                .into_iter()
                .map(|(a, b)| (at(a), at(b)))
                .filter(|(a, b)| person[*a as usize] != person[*b as usize])
                .collect(),
            person,
            allowance: Allowance::default(),
        }
    })
}

fn persons(of: &Uncertain, partition: &Partition) -> Vec<u32> {
    (0..of.person.len() as u32)
        .map(|record| partition.person(of, record))
        .collect()
}

const DRAWS: u32 = 4_000;

/// The share of partitions in which the ends of each link are together.
fn shares(of: &Uncertain) -> Vec<f64> {
    let mut together = vec![0.0; of.links.len()];
    for number in 0..DRAWS {
        let partition = draw(of, 7, number);
        for (sum, link) in together.iter_mut().zip(&of.links) {
            let [x, y] = link.records.map(|record| partition.person(of, record));
            *sum += f64::from(u8::from(x == y)) / f64::from(DRAWS);
        }
    }
    together
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn partitions_are_whole(stated in any_stated(), seed: u64) {
        let apart = stated.apart.clone();
        let of = Uncertain::new(stated);
        let stated_people = of.person.iter().collect::<BTreeSet<_>>().len() as i64;
        for number in 0..50 {
            let partition = draw(&of, seed, number);
            prop_assert_eq!(&partition, &draw(&of, seed, number));
            let persons = persons(&of, &partition);
            for &(a, b) in &apart {
                prop_assert!(persons[a as usize] != persons[b as usize]);
            }
            let drawn = persons.iter().collect::<BTreeSet<_>>().len() as i64;
            prop_assert_eq!(drawn - stated_people, partition.more_people());
            prop_assert!(persons.iter().enumerate().all(|(record, person)| *person as usize <= record));
        }
    }

    /// Without rings and contradictions every link is met as often as stated.
    #[test]
    fn links_hold_as_often_as_stated(mut stated in any_stated()) {
        stated.apart.clear();
        stated.between.truncate(2);
        let of = Uncertain::new(stated);
        for (share, link) in shares(&of).iter().zip(&of.links) {
            let error = (link.probability * (1.0 - link.probability) / f64::from(DRAWS)).sqrt();
            prop_assert!((share - link.probability).abs() < 4.5 * error + 1e-3, "{share} {link:?}");
        }
    }

    /// Probabilities that come from some distribution over the ways are met exactly, rings and contradictions or not.
    #[test]
    fn small_components_keep_every_probability(
        weights in proptest::collection::vec(0.05..1.0f64, 900),
        parts in 3..6u32,
        never in any::<bool>(),
    ) {
        let apart: Vec<(u32, u32)> = if never { vec![(0, parts - 1)] } else { Vec::new() };
        let all: Vec<(u32, u32)> = (0..parts).flat_map(|b| (0..b).map(move |a| (a, b))).filter(|pair| !apart.contains(pair)).collect();
        let even = all.iter().map(|&(a, b)| pair(a, b, 0.3)).collect();
        let stated = |between: Vec<Pair>| Stated { person: people(&vec![1; parts as usize]), between, apart: apart.clone(), ..Stated::default() };
        let truth = ways(&Uncertain::new(stated(even)));
        let sum: f64 = weights[..truth.len()].iter().sum();
        let wanted = |a: u32, b: u32| -> f64 {
            let together = truth.iter().zip(&weights).filter(|((way, _), _)| way[a as usize] == way[b as usize]);
            together.map(|(_, weight)| weight / sum).sum()
        };
        let of = Uncertain::new(stated(all.iter().map(|&(a, b)| pair(a, b, wanted(a, b))).collect()));
        let fitted = ways(&of);
        let mut expected = 0.0;
        for &(a, b) in &all {
            let share: f64 = fitted.iter().filter(|(way, _)| way[a as usize] == way[b as usize]).map(|(_, chance)| chance).sum();
            prop_assert!((share - wanted(a, b)).abs() < 1e-5, "{} {}", share, wanted(a, b));
            expected += share;
        }
        let stated: f64 = of.links.iter().map(|link| link.probability).sum();
        prop_assert!((expected - stated).abs() < 1e-4);
    }
}

/// The ways of the only component, with their chances.
fn ways(of: &Uncertain) -> Vec<([u8; 7], f64)> {
    match &of.components[0].way {
        Way::Joint(joint) => {
            let mut before = 0.0;
            let chance = |up_to: &f64| {
                let chance = up_to - before;
                before = *up_to;
                chance
            };
            let chances: Vec<f64> = joint.up_to.iter().map(chance).collect();
            joint.ways.iter().copied().zip(chances).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn probabilities_that_cannot_hold_together_give_way() {
    let of = Uncertain::new(Stated {
        person: people(&[1, 1, 1]),
        between: vec![pair(0, 1, 0.8), pair(1, 2, 0.8)],
        apart: vec![(0, 2)],
        ..Stated::default()
    });
    let shares = shares(&of);
    let sum: f64 = shares.iter().sum();
    assert!(sum <= 1.0 && sum > 0.9, "{shares:?}");
}

#[test]
fn a_large_ring_holds_together_a_little_more_often() {
    let between = (0..10).map(|at| pair(at, (at + 1) % 10, 0.3)).collect();
    let of = Uncertain::new(Stated {
        person: people(&[1; 10]),
        between,
        ..Stated::default()
    });
    assert!(matches!(of.components[0].way, Way::InTurn));
    let sum: f64 = shares(&of).iter().sum();
    assert!(sum > 2.95 && sum < 3.1, "{sum}");
}

#[test]
fn the_allowance_is_met_on_average_and_among_compatible_strangers() {
    let who: Vec<Who> = (0..200)
        .map(|person| Who {
            person,
            sex: (person % 2) as u8,
            year: 1950 + (person % 40) as u16,
        })
        .collect();
    let of = Uncertain::new(Stated {
        person: people(&[1; 200]),
        apart: vec![(0, 40), (0, 80)],
        allowance: Allowance {
            expected: 6.0,
            who: who.clone(),
            also: Vec::new(),
        },
        ..Stated::default()
    });
    let mut sum = 0.0;
    for number in 0..DRAWS {
        let partition = draw(&of, 3, number);
        sum -= partition.more_people() as f64 / f64::from(DRAWS);
        let mut by_person: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        persons(&of, &partition)
            .iter()
            .enumerate()
            .for_each(|(record, person)| by_person.entry(*person).or_default().push(record));
        for group in by_person.values() {
            assert!(group.iter().all(|record| who[*record].sex == who[group[0]].sex));
            assert!(!(group.contains(&0) && (group.contains(&40) || group.contains(&80))));
            if let [a, b] = group[..] {
                assert!(who[a].year.abs_diff(who[b].year) <= 1);
            }
        }
    }
    assert!((sum - 6.0).abs() < 0.2, "{sum}");
}

#[test]
fn expected_errors_add_up_whatever_the_groups() {
    let of = Uncertain::new(Stated {
        person: people(&[2, 1, 1]),
        held: vec![pair(0, 1, 0.75)],
        between: vec![pair(1, 2, 0.25), pair(0, 2, 0.125)],
        allowance: Allowance {
            also: Vec::new(),
            expected: 3.0,
            who: [0, 2, 3]
                .map(|person| Who {
                    person,
                    sex: 1,
                    year: 1950,
                })
                .to_vec(),
        },
        ..Stated::default()
    });
    let grouping = Grouping {
        name: "source".to_owned(),
        groups: vec!["a".to_owned(), "b".to_owned()],
        of: vec![0, 0, 1, 1],
    };
    let rows = expected(&of, &[grouping]);
    let seen: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.group.as_str(),
                row.records,
                row.accepted,
                row.false_links,
                row.left_apart,
                row.missed_links,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [("a", 2, 1.0, 0.25, 0.5, 1.125), ("b", 2, 0.0, 0.0, 0.5, 2.125)]
    );
}

#[test]
fn a_thousand_partitions_of_a_hundred_thousand_people_take_seconds() {
    let between = (0..5_000u32).map(|at| pair(at * 17, at * 17 + 5, 0.3)).collect();
    let held = (0..1_000u32)
        .map(|at| pair(at * 90 + 90_000, at * 90 + 90_001, 0.9))
        .filter(|pair| pair.b < 150_000)
        .collect();
    let who = (0..50_000)
        .map(|person| Who {
            person,
            sex: (person % 2) as u8,
            year: 1930 + (person % 60) as u16,
        })
        .collect();
    let mut sizes = vec![1; 50_000];
    sizes.extend(vec![2; 50_000]);
    let of = Uncertain::new(Stated {
        person: people(&sizes),
        held,
        between,
        apart: vec![(0, 5)],
        allowance: Allowance {
            expected: 200.0,
            who,
            also: Vec::new(),
        },
    });
    let start = Instant::now();
    let more: i64 = (0..1_000).map(|number| draw(&of, 1, number).more_people()).sum();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert!(more < -1_000_000, "{more}");
}
