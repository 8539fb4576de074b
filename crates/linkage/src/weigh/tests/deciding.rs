//! From pairs to people, against a way that follows the words of the rule and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::weigh::decide::{Decided, decide};
use crate::weigh::{Deciding, Pair, Pairs, Refusal};

/// A few records and how sure it is of each two that they are one person's, in sixteenths; and what is said of any two
/// when groups are asked, in quarters of a bit, so that sums are exact.
#[derive(Debug, Clone)]
struct Case {
    records: usize,
    pairs: Vec<Pair>,
    /// The same in another order.
    stirred: Vec<Pair>,
    odds: BTreeMap<(u32, u32), f64>,
    deciding: Deciding,
}

fn cases() -> impl Strategy<Value = Case> {
    let stir = |case: Case| {
        (Just(case.pairs.clone()).prop_shuffle(), Just(case))
            .prop_map(|(stirred, case)| Case { stirred, ..case })
    };
    drawn().prop_flat_map(stir)
}

fn drawn() -> impl Strategy<Value = Case> {
    (2..11usize).prop_flat_map(|records| {
        let all: Vec<(u32, u32)> = (0..records as u32)
            .flat_map(|b| (0..b).map(move |a| (a, b)))
            .collect();
        let said = proptest::collection::vec((0..24u8, -60..60i32), all.len());
        (said, prop_oneof![Just(4..16u8), Just(8..12u8)], 2..9u32).prop_map(
            move |(said, band, most_records)| {
                let pairs = all.iter().zip(&said).filter(|(_, (sure, _))| *sure <= 16);
                Case {
                    records,
                    pairs: pairs
                        .map(|(&(a, b), &(sure, _))| Pair {
                            a,
                            b,
                            probability: f32::from(sure) / 16.0,
                        })
                        .collect(),
                    stirred: Vec::new(),
                    odds: all
                        .iter()
                        .zip(&said)
                        .map(|(&pair, said)| (pair, f64::from(said.1) / 4.0))
                        .collect(),
                    deciding: Deciding {
                        accept: f64::from(band.end) / 16.0 - 0.25,
                        review: f64::from(band.start) / 16.0,
                        most_records,
                    },
                }
            },
        )
    })
}

fn surest_first(mut pairs: Vec<Pair>) -> Vec<Pair> {
    pairs.sort_by(|x, y| {
        y.probability
            .total_cmp(&x.probability)
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    pairs
}

fn decided(case: &Case, given: &[Pair]) -> Decided {
    let mut pairs = Pairs::new(None);
    pairs.add(given.to_vec()).unwrap();
    let weigh = |a: u32, b: u32| case.odds[&(a, b)];
    decide(case.records, pairs.in_order().unwrap(), &case.deciding, weigh).unwrap()
}

/// Groups as sets of records.
type Groups = Vec<BTreeSet<u32>>;

fn of(groups: &Groups, record: u32) -> usize {
    groups.iter().position(|group| group.contains(&record)).unwrap()
}

/// Why two groups may not join.
fn reason(case: &Case, x: &BTreeSet<u32>, y: &BTreeSet<u32>) -> Option<Refusal> {
    if x.len() + y.len() > case.deciding.most_records as usize {
        return Some(Refusal::TooLarge);
    }
    let said: f64 = x
        .iter()
        .flat_map(|&a| y.iter().map(move |&b| (a.min(b), a.max(b))))
        .map(|pair| case.odds[&pair].clamp(-10.0, 10.0))
        .sum();
    (x.len() + y.len() > 2 && said < 0.0).then_some(Refusal::WeakChain)
}

struct Slowly {
    groups: Groups,
    refused: Vec<(Pair, Refusal)>,
    /// By record, the surest link that was accepted; 1 for records alone.
    probability: Vec<f32>,
}

fn slowly(case: &Case) -> Slowly {
    let mut groups: Groups = (0..case.records as u32)
        .map(|record| BTreeSet::from([record]))
        .collect();
    let (mut refused, mut accepted) = (Vec::new(), Vec::new());
    for pair in surest_first(case.pairs.clone()) {
        let (x, y) = (of(&groups, pair.a), of(&groups, pair.b));
        if f64::from(pair.probability) < case.deciding.accept {
            break;
        }
        if x == y {
            accepted.push(pair);
        } else if let Some(reason) = reason(case, &groups[x], &groups[y]) {
            refused.push((pair, reason));
        } else {
            accepted.push(pair);
            let joined = groups[x].union(&groups[y]).copied().collect();
            groups.retain(|group| !group.contains(&pair.a) && !group.contains(&pair.b));
            groups.push(joined);
        }
    }
    refused.retain(|(pair, _)| of(&groups, pair.a) != of(&groups, pair.b));
    let best = |record: u32| {
        let mut of_record = accepted
            .iter()
            .filter(|pair| pair.a == record || pair.b == record);
        // Accepted links come the surest first.
        of_record.next().map_or(1.0, |pair| pair.probability)
    };
    Slowly {
        probability: (0..case.records as u32).map(best).collect(),
        groups,
        refused,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn the_words_of_the_rule_give_the_same(case in cases()) {
        let Slowly { groups, refused, probability } = slowly(&case);
        let found = decided(&case, &case.pairs);
        for record in 0..case.records as u32 {
            let first = groups[of(&groups, record)].first().copied();
            prop_assert_eq!(Some(found.person[record as usize]), first, "record {}", record);
        }
        prop_assert_eq!(found.refused, refused);
        prop_assert_eq!(found.probability, probability);
        prop_assert_eq!(found.largest as usize, groups.iter().map(BTreeSet::len).max().unwrap());
    }

    #[test]
    fn nothing_is_lost(case in cases()) {
        let found = decided(&case, &case.pairs);
        let together = |pair: &Pair| found.person[pair.a as usize] == found.person[pair.b as usize];
        let mut sizes = BTreeMap::<u32, u32>::new();
        for (record, &person) in found.person.iter().enumerate() {
            prop_assert!(person as usize <= record && found.person[person as usize] == person);
            *sizes.entry(person).or_default() += 1;
        }
        prop_assert!(sizes.values().all(|size| *size <= case.deciding.most_records));
        for pair in &case.pairs {
            let sure = f64::from(pair.probability) >= case.deciding.accept;
            let listed = found.refused.iter().filter(|(refused, _)| refused == pair).count();
            prop_assert_eq!(listed, usize::from(sure && !together(pair)));
            let open = !sure && f64::from(pair.probability) >= case.deciding.review && !together(pair);
            prop_assert_eq!(found.review.iter().filter(|review| *review == pair).count(), usize::from(open));
        }
        prop_assert!(found.review.len() + found.refused.len() <= case.pairs.len());
    }

    #[test]
    fn the_order_of_pairs_changes_nothing(case in cases()) {
        let (one, other) = (decided(&case, &case.pairs), decided(&case, &case.stirred));
        prop_assert_eq!(one.person, other.person);
        prop_assert_eq!(one.probability, other.probability);
        prop_assert_eq!(one.review, other.review);
        prop_assert_eq!(one.refused, other.refused);
    }
}
