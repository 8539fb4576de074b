//! Nations with planted hospitals: what is found, and what is flagged that should not be.
//!
//! 140 hospitals of 20 to 400 events; eight are truly different (odds ratio 2 or ½). Of the others some record less, and
//! some record only what happened: those must not be flagged for it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use estimate::jeffreys;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Binomial as Draws, Distribution};

use super::*;

const HOSPITALS: usize = 140;
const PLANTED: usize = 8;
const PEERS: f64 = 0.7;

/// How a hospital records.
#[derive(Clone, Copy, PartialEq)]
enum Habit {
    /// This share, whatever the answer.
    Share(f64),
    /// Only when it happened.
    OnlyYes,
}

struct Hospital {
    /// 0 for an ordinary one, else 1 above and −1 below its peers.
    planted: i8,
    truth: f64,
    group: Group,
}

/// A nation in which ordinary hospitals differ with this standard deviation.
fn nation(seed: u64, spread: f64) -> Vec<Hospital> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    (0..HOSPITALS)
        .map(|index| {
            let planted = match index {
                0..4 => 1,
                4..PLANTED => -1,
                _ => 0,
            };
            let habit = match index {
                20..28 => Habit::Share(chance.random_range(0.5..0.85)),
                28..34 => Habit::OnlyYes,
                _ => Habit::Share(chance.random_range(0.9..1.0)),
            };
            let odds = PEERS / (1.0 - PEERS) * 2.0_f64.powi(i32::from(planted));
            let truth = if planted != 0 || spread == 0.0 {
                odds / (1.0 + odds)
            } else {
                let strength = PEERS * (1.0 - PEERS) / (spread * spread) - 1.0;
                Beta::new(PEERS * strength, (1.0 - PEERS) * strength)
                    .unwrap()
                    .sample(&mut chance)
            };
            let events = chance.random_range(20..=400_u64);
            Hospital {
                planted,
                truth,
                group: recorded(events, truth, habit, &mut chance),
            }
        })
        .collect()
}

fn recorded(events: u64, truth: f64, habit: Habit, chance: &mut impl Rng) -> Group {
    let mut draw = |n: u64, p: f64| Draws::new(n, p).unwrap().sample(chance);
    let yes = draw(events, truth);
    let (part, no) = match habit {
        Habit::Share(share) => (draw(yes, share), draw(events - yes, share)),
        Habit::OnlyYes => (yes, 0),
    };
    Group {
        part,
        whole: part + no,
        missing: events - part - no,
        expected: None,
    }
}

fn nations() -> u64 {
    200
}

/// The chance that `trials` of chance `p` give at least so many.
fn at_least(found: u64, trials: u64, p: f64) -> f64 {
    use statrs::distribution::{Binomial, DiscreteCDF};
    found
        .checked_sub(1)
        .map_or(1.0, |below| Binomial::new(p, trials).unwrap().sf(below))
}

/// The chance that a hospital of this truth falls outside these limits on the side where it belongs.
fn power(hospital: &Hospital, limits: Interval) -> f64 {
    use statrs::distribution::{Binomial, DiscreteCDF};
    let n = hospital.group.whole;
    let law = Binomial::new(hospital.truth, n).unwrap();
    if hospital.planted > 0 {
        law.sf((limits.high * n as f64).floor() as u64)
    } else {
        ((limits.low * n as f64).ceil() as u64)
            .checked_sub(1)
            .map_or(0.0, |below| law.cdf(below))
    }
}

#[derive(Default)]
struct Score {
    found: f64,
    power: f64,
    ordinary: u64,
    outside: [u64; 2],
    expected: [f64; 2],
    covered: u64,
    intervals: u64,
}

fn score(spread: f64, first_seed: u64) -> Score {
    let mut score = Score::default();
    for seed in 0..nations() {
        let hospitals = nation(first_seed + seed, spread);
        let groups: Vec<Group> = hospitals.iter().map(|hospital| hospital.group).collect();
        let comparison = compare(&groups, 0.7).unwrap();
        for (hospital, judged) in hospitals.iter().zip(&comparison.judged) {
            let judged = judged.unwrap();
            if hospital.planted != 0 {
                let own = if hospital.planted > 0 {
                    Flag::High998
                } else {
                    Flag::Low998
                };
                score.found += f64::from(u8::from(judged.flag == own));
                score.power += power(hospital, judged.limits[1]);
                continue;
            }
            score.ordinary += 1;
            score.outside[0] += u64::from(judged.flag.is_outside());
            score.outside[1] += u64::from(judged.flag.is_alarm());
        }
        for (sum, own) in score.expected.iter_mut().zip(comparison.expected_flags) {
            *sum += own;
        }
        // Answers that depend on being yes are no sample; the interval promises nothing of them.
        for hospital in hospitals
            .iter()
            .filter(|one| one.group.whole >= 20 && one.group.part < one.group.whole)
        {
            let interval =
                jeffreys(hospital.group.part, hospital.group.whole, Confidence::NINETY_FIVE).unwrap();
            score.covered += u64::from(interval.interval.contains(hospital.truth));
            score.intervals += 1;
        }
    }
    score
}

#[test]
fn what_is_planted_is_found_and_chance_is_not_flagged() {
    for (spread, seed) in [(0.0, 1_000), (0.03, 5_000)] {
        let score = score(spread, seed);
        let detected = score.found / score.power;
        println!(
            "spread {spread}: found {:.0} of a power of {:.1} ({detected:.3}); outside {:?} of {} ordinary hospitals, \
             expected {:.1} and {:.1}; held {} of {}",
            score.found,
            score.power,
            score.outside,
            score.ordinary,
            score.expected[0],
            score.expected[1],
            score.covered,
            score.intervals,
        );
        assert!(detected >= 0.9, "{detected}");
        assert!(
            at_least(score.outside[0], score.ordinary, 0.05) > 0.01,
            "{:?}",
            score.outside
        );
        // Where ordinary hospitals truly differ, winsorising makes their variance a little small, and the outer limits
        // are crossed by somewhat more than one in five hundred (the module says so). Nobody is flagged twice as often.
        let outer = if spread == 0.0 { 0.002 } else { 0.004 };
        assert!(
            at_least(score.outside[1], score.ordinary, outer) > 0.01,
            "{:?}",
            score.outside
        );
        let covered = score.covered as f64 / score.intervals as f64;
        assert!((0.93..=0.97).contains(&covered), "{covered}");
    }
}

fn same(part: u64, whole: u64, missing: u64) -> Group {
    Group {
        part,
        whole,
        missing,
        expected: None,
    }
}

#[test]
fn of_whom_nothing_is_expected_says_nothing_of_the_others() {
    let adjusted = |part, expected| Group {
        expected: Some(expected),
        ..same(part, 100, 0)
    };
    let mut groups = vec![adjusted(10, 10.0); 20];
    groups[0] = adjusted(12, 10.0);
    let alone = compare(&groups, 0.7).unwrap();
    groups.push(Group {
        expected: Some(0.0),
        ..same(0, 1, 0)
    });
    let together = compare(&groups, 0.7).unwrap();
    assert_eq!(
        (together.target, together.compared),
        (alone.target, alone.compared)
    );
    assert_eq!(together.judged[..20], alone.judged[..]);
    assert_eq!(together.judged[20], None);
}

#[test]
fn what_nobody_recorded_of_an_adjusted_outcome_is_as_expected_of_people_like_these() {
    // Four in ten are expected of these people, one in ten of those of the other hospitals.
    let adjusted = |part, whole, missing, expected| Group {
        expected: Some(expected),
        ..same(part, whole, missing)
    };
    let mut groups = vec![adjusted(10, 100, 0, 10.0); 20];
    let first = |groups: &[Group]| compare(groups, 0.7).unwrap().judged[0].unwrap().flag;
    // 18 of 30 expected; with ten of the 25 missing 28 of 40, and the 95 % limit there is 27.6.
    groups[0] = adjusted(18, 75, 25, 30.0);
    assert_eq!(first(&groups), Flag::NotEnoughRecorded);
    groups[0] = adjusted(17, 75, 25, 30.0);
    assert_eq!(first(&groups), Flag::Low95);
}

#[test]
fn one_event_in_one_person_is_no_alarm() {
    let adjusted = |part, whole, expected| Group {
        expected: Some(expected),
        ..same(part, whole, 0)
    };
    let mut groups = vec![adjusted(3, 100, 3.0); 20];
    let first = |groups: &[Group]| compare(groups, 0.7).unwrap().judged[0].unwrap().flag;
    // Chance gives this to three of a hundred hospitals of this size, and to one in two hundred of the next.
    groups[0] = adjusted(1, 1, 0.032);
    assert_eq!(first(&groups), Flag::Within);
    groups[0] = adjusted(1, 1, 0.005);
    assert_eq!(first(&groups), Flag::High95);
    groups[0] = adjusted(2, 2, 0.032);
    assert_eq!(first(&groups), Flag::High998);
}

#[test]
fn what_nobody_recorded_flags_nobody() {
    let mut groups = vec![same(70, 100, 5); 20];
    let first = |groups: &[Group]| compare(groups, 0.7).unwrap().judged[0].unwrap().flag;
    assert_eq!(first(&groups), Flag::Within);
    groups[0] = same(40, 100, 5);
    assert_eq!(first(&groups), Flag::Low998);
    // Six in ten answers known: below the threshold, whatever they say.
    groups[0] = same(40, 100, 67);
    assert_eq!(first(&groups), Flag::NotEnoughRecorded);
    // Enough known, but with the missing at the peers' rate it would be one of them.
    groups[0] = same(40, 70, 29);
    assert_eq!(first(&groups), Flag::NotEnoughRecorded);
    // Recorded only when it happened: a hundred per cent, and one in four missing.
    groups[0] = same(75, 75, 25);
    assert_eq!(first(&groups), Flag::NotEnoughRecorded);
    // The same share with nothing missing is a better hospital.
    groups[0] = same(98, 100, 0);
    assert_eq!(first(&groups), Flag::High998);
}

#[test]
fn the_flag_and_the_drawn_limit_are_one() {
    let hospitals = nation(7, 0.0);
    let groups: Vec<Group> = hospitals
        .iter()
        .map(|hospital| Group {
            missing: 0,
            ..hospital.group
        })
        .collect();
    let comparison = compare(&groups, 0.7).unwrap();
    for (group, judged) in groups.iter().zip(&comparison.judged) {
        let (judged, value) = (judged.unwrap(), group.part as f64 / group.whole as f64);
        let [inner, outer] = judged.limits;
        let drawn = if value > outer.high {
            Flag::High998
        } else if value < outer.low {
            Flag::Low998
        } else if value > inner.high {
            Flag::High95
        } else if value < inner.low {
            Flag::Low95
        } else {
            Flag::Within
        };
        assert_eq!(judged.flag, drawn);
    }
}

#[test]
fn who_cannot_be_compared_is_told_why() {
    let few = vec![same(7, 10, 0); 4];
    assert_eq!(compare(&few, 0.7).unwrap_err(), NotCompared::TooFew(4));
    let mut hardly = vec![same(7, 10, 90); 50];
    hardly.push(same(70, 100, 0));
    assert_eq!(compare(&hardly, 0.7).unwrap_err(), NotCompared::TooFew(1));
    assert_eq!(
        compare(&vec![same(10, 10, 0); 9], 0.7).unwrap_err(),
        NotCompared::AllTheSame
    );
    // A hospital without events stands beside the others and is not judged.
    let mut groups = vec![same(70, 100, 5); 9];
    groups.push(same(0, 0, 3));
    assert_eq!(compare(&groups, 0.7).unwrap().judged[9], None);
}
