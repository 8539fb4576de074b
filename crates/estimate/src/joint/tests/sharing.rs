//! What a draw takes from the numbers it rests on, against moments that have a closed form.

use crate::Confidence;
use crate::joint::Confirmed;
use crate::joint::Sample;
use crate::joint::Settings;
use crate::joint::alive::AliveAtEnd;
use crate::joint::assumptions::BetaPrior;
use crate::joint::chance::Seeds;
use crate::joint::mixtures::{Estimator, Mixtures, in_order};
use crate::joint::model::{Model, beyond};
use crate::joint::proposals::log_chance;
use crate::joint::sets::{Law, Set};
use crate::joint::split::Split;
use crate::joint::{Person, Place, Study};
use crate::lists::{Distribution, GraphPrior, Histories, Missed, Repeated, decomposable_graphs};
use crate::posterior::{mean, variance};

use super::nation::{Review, Scenario, assumptions, nation};

const PRIOR: BetaPrior = BetaPrior {
    alpha: 2.0,
    beta: 18.0,
};

/// The chance of so many deaths without metastasis is that of a negative binomial number, summed over f₀.
#[test]
fn certificates_have_the_chance_of_their_model() {
    use statrs::function::gamma::ln_gamma;
    let all = 60.0;
    // Midpoints: the density has no corner, so that 20,000 of them give six digits.
    let summed = |without: f64| -> f64 {
        let with = all - without;
        let steps = 20_000;
        (0..steps)
            .map(|step| {
                let share = (f64::from(step) + 0.5) / f64::from(steps);
                let density = (PRIOR.alpha - 1.0) * share.ln() + (PRIOR.beta - 1.0) * (1.0 - share).ln();
                let deaths = ln_gamma(all) - ln_gamma(without + 1.0) - ln_gamma(with);
                (density + deaths + without * share.ln() + with * (1.0 - share).ln()).exp()
            })
            .sum()
    };
    let base = summed(6.0).ln() - log_chance(PRIOR, 6.0, all - 6.0);
    for without in [0.0, 1.0, 12.0, 40.0, 59.0] {
        let found = log_chance(PRIOR, without, all - without);
        assert!((summed(without).ln() - found - base).abs() < 1e-5, "{without}");
    }
    assert_eq!(log_chance(PRIOR, -1.0, 61.0), f64::NEG_INFINITY);
    assert_eq!(log_chance(PRIOR, 60.0, 0.0), f64::NEG_INFINITY);
}

/// Two hundred people on two lists, fifty on both.
fn histories() -> Histories<u64> {
    let names = ["a", "b"].map(str::to_owned);
    Histories::from_rows(names, [(1, 75), (2, 75), (3, 50)], Repeated::Refuse).unwrap()
}

fn set(ready: f64, own: f64) -> Set {
    Set {
        missed: Missed::counted(&histories()),
        laws: Vec::new(),
        slope: Vec::new(),
        otherwise: Vec::new(),
        ready,
        own,
        all: Vec::new(),
        pairs: Vec::new(),
    }
}

/// Mean and variance within four of their Monte-Carlo errors.
fn has_moments(draws: &[f64], wanted: (f64, f64)) {
    let n = draws.len() as f64;
    let (middle, spread) = (mean(draws), variance(draws));
    assert!(
        (middle - wanted.0).abs() < 4.0 * (wanted.1 / n).sqrt(),
        "{middle} {wanted:?}"
    );
    // The error of a variance of nearly normal numbers.
    assert!(
        (spread / wanted.1 - 1.0).abs() < 4.0 * (2.0 / n).sqrt(),
        "{spread} {wanted:?}"
    );
}

/// 50 on no list beside 200 compared; 100 more were not watched long enough. Beside them stands a Poisson number of mean
/// Γ(100) times the odds, whose own moments are those of many draws.
#[test]
fn people_not_watched_long_enough_have_unseen_of_their_own() {
    let mut chance = crate::chance::chance(3);
    let draws: Vec<f64> = (0..20_000)
        .map(|_| beyond((50.0, 0.0), &set(200.0, 200.0), 300.0, &mut chance).unwrap())
        .collect();
    let missed = Missed::counted(&histories());
    let odds: Vec<f64> = (0..200_000).map(|_| missed.odds(50.0, &mut chance)).collect();
    let (middle, square) = (mean(&odds), variance(&odds) + mean(&odds).powi(2));
    // About a quarter, with a deviation of a sixth of itself: 1/50 + 1/200, the root of it.
    assert!((middle / 0.25 - 1.0).abs() < 0.05 && (variance(&odds).sqrt() / 0.25 - 0.158).abs() < 0.02);
    let square = 100.0 * 101.0 * square;
    has_moments(
        &draws,
        (
            50.0 + 100.0 * middle,
            100.0 * middle + square - (100.0 * middle).powi(2),
        ),
    );
    // Where everybody was watched, the number stands.
    assert_eq!(
        beyond((50.0, 0.0), &set(200.0, 200.0), 200.0, &mut chance),
        Ok(50.0)
    );
    assert_eq!(beyond((50.0, 0.0), &set(0.0, 0.0), 10.0, &mut chance), Ok(0.0));
}

/// Of 10,000 people 0.6 are on the first list, 0.7 of these and 0.3 of the others on the second, half on the third: 1,400 are on
/// none, and 700 of them were found otherwise. For each of 9,300 found 700 were not, and so it is beside 1,000 more.
#[test]
fn people_found_otherwise_are_none_of_the_unseen_of_others() {
    let names = ["a", "b", "c"].map(str::to_owned);
    let rows = [
        (1, 900_u64),
        (2, 600),
        (3, 2_100),
        (4, 1_400),
        (5, 900),
        (6, 600),
        (7, 2_100),
    ];
    let histories = Histories::from_rows(names, rows, Repeated::Refuse).unwrap();
    let graphs = decomposable_graphs(&histories, GraphPrior::usual(&histories), Confidence::NINETY_FIVE);
    let set = Set {
        missed: Missed::by_graphs(&graphs.unwrap(), &histories),
        ..set(9_300.0, 9_300.0)
    };
    let mut chance = crate::chance::chance(5);
    let draws: Vec<f64> = (0..20_000)
        .map(|_| beyond((700.0, 700.0), &set, 10_300.0, &mut chance).unwrap() - 700.0)
        .collect();
    let wanted = 1_000.0 * 700.0 / 9_300.0;
    // Four Monte-Carlo errors, and a thousandth for the prior of a graph and the terms of second order.
    let error = 4.0 * (variance(&draws) / draws.len() as f64).sqrt() + 1e-3 * wanted;
    assert!((mean(&draws) - wanted).abs() < error, "{} {wanted}", mean(&draws));
    // Where all of those on none were found otherwise, nobody is missing beside the others.
    assert_eq!(beyond((0.0, 700.0), &set, 10_300.0, &mut chance), Ok(0.0));
}

/// Sets of one, three and four estimators: no two of them take different ones that both have, and each takes its own equally
/// often.
#[test]
fn sets_take_the_same_estimator_where_they_have_it() {
    use Estimator::{Coverage, Graphs, LatentClasses, LogLinear};
    let all = [LogLinear, Graphs, LatentClasses, Coverage];
    let law = Law::of(&Distribution::log_normal(100.0, 20.0, 0.0), 100.0);
    let owns: [&[Estimator]; 3] = [&[LogLinear], &[LogLinear, Graphs, Coverage], &all];
    let sets = owns.map(|own| Set {
        laws: own.iter().map(|estimator| (*estimator, law.clone())).collect(),
        ..set(200.0, 200.0)
    });
    let mut taken = [[0; 4]; 3];
    for step in 0..2_400 {
        let order = in_order(&all, (f64::from(step) + 0.5) / 2_400.0);
        let [one, three, four] = sets.each_ref().map(|set| set.first_of(&order).unwrap().0);
        assert_eq!(one, LogLinear);
        assert!(three == four || four == LatentClasses);
        for (taken, estimator) in taken.iter_mut().zip([one, three, four]) {
            taken[estimator as usize] += 1;
        }
    }
    assert_eq!(taken, [[2_400, 0, 0, 0], [800, 800, 0, 800], [600; 4]]);
}

/// People at a place without a breast service, a quarter as many as all others: there are no primaries that they stand
/// against, so a silent place gets as many people as without them.
#[test]
fn people_of_places_out_of_scope_add_nobody_to_silent_ones() {
    let scenario = Scenario {
        silent: 1,
        ..Scenario::well_specified(400.0)
    };
    let mut study = nation(&scenario, 6).study;
    let alone = at_silent_places(&study);
    let found = study.people.iter().filter(|person| !person.only_at_death);
    let place = study.places.len() as u32;
    let more: Vec<Person> = found
        .step_by(4)
        .map(|person| Person { place, ..*person })
        .collect();
    study.people.extend(more);
    let sent = vec![0b1111; study.years()];
    study.places.push(Place {
        nation: 0,
        network: None,
        in_scope: false,
        exposure: 0.0,
        sent,
    });
    let together = at_silent_places(&study);
    // What the lists say of more people differs a little; counted in, they would add a quarter.
    assert!(
        alone > 10.0 && (together / alone - 1.0).abs() < 0.1,
        "{alone} {together}"
    );
}

/// People at silent places whom nobody found, on average.
fn at_silent_places(study: &Study) -> f64 {
    let (assumptions, settings) = (assumptions(), Settings { draws: 1, seed: 5 });
    let seeds = Seeds::of(5);
    let model = Model::of(study, &assumptions, &settings, seeds, Mixtures::ALL).unwrap();
    let people = |at: usize| f64::from(model.draw(seeds, at).unwrap().silent.iter().sum::<u32>());
    (0..400).map(people).sum::<f64>() / 400.0
}

/// A set that holds half of the people of the table that it borrows from: a beta-binomial half of the unseen.
#[test]
fn a_set_that_borrows_takes_its_share() {
    let mut chance = crate::chance::chance(4);
    let draws: Vec<f64> = (0..20_000)
        .map(|_| beyond((50.0, 0.0), &set(200.0, 100.0), 100.0, &mut chance).unwrap())
        .collect();
    has_moments(&draws, (25.0, 50.0 * 0.25 * 250.0 / 201.0));
}

/// What a part weighs among people on no list is a gamma number of those found there, so that the shares are those of a
/// Dirichlet–multinomial.
#[test]
fn shares_of_small_parts_are_uncertain() {
    let mut study = nation(&Scenario::well_specified(60.0), 4).study;
    // Without deaths found only on certificates, places weigh as many as were found there.
    study.people.retain(|person| !person.only_at_death);
    let (assumptions, settings) = (assumptions(), Settings { draws: 1, seed: 5 });
    let seeds = Seeds::of(5);
    let model = Model::of(&study, &assumptions, &settings, seeds, Mixtures::ALL).unwrap();
    let split = Split::of(&model, settings.draws, seeds);
    let drawn = model.draw(seeds, 0).unwrap();
    let weights: Vec<Vec<f64>> = (0..4_000)
        .map(|draw| split.weights(3, draw, &drawn).unwrap())
        .collect();
    let leaves = &split.places[3].leaves;
    assert!(leaves.len() >= 4, "{}", leaves.len());
    for (at, leaf) in leaves.iter().enumerate() {
        let people = |donor: &u32| {
            let member = model.roster.members[*donor as usize];
            model.definition.middle[usize::from(member.class)]
        };
        let found: f64 = leaf.donors.iter().map(people).sum();
        let draws: Vec<f64> = weights.iter().map(|weights| weights[at]).collect();
        let n = draws.len() as f64;
        // Six errors, there being several parts; that of a gamma's variance is √((2 + 6/shape)/n).
        assert!((mean(&draws) - found).abs() < 6.0 * (found / n).sqrt(), "{at}");
        let error = ((2.0 + 6.0 / found) / n).sqrt();
        assert!((variance(&draws) / found - 1.0).abs() < 6.0 * error, "{at}");
    }
}

/// With charts of the living, those whom nobody found and who are alive are as many, draw by draw, as the charts alone say:
/// a beta-binomial number, whatever lists, survival and the years before the records say.
#[test]
fn charts_of_the_living_say_how_many_are_living() {
    let mut nation = nation(&Scenario::well_specified(400.0), 21);
    let review = Review {
        flagged: 200,
        unflagged: 300,
        frame: 4_000,
        confirmed: Confirmed::Living,
        error: 0.0,
    };
    nation.review(&review, 21);
    let study = nation.study;
    let Some(Sample::Everywhere(stratum)) = study.unflagged.as_ref().map(|unflagged| &unflagged.sample)
    else {
        panic!("charts from everywhere");
    };
    let (ill, read) = (stratum.confirmed as f64, stratum.reviewed as f64);
    let (a, b, rest) = (ill + 0.5, read - ill + 0.5, stratum.people as f64 - read);
    let wanted = ill + rest * a / (a + b);
    let spread = rest * a * b * (a + b + rest) / ((a + b).powi(2) * (a + b + 1.0));
    let (assumptions, settings, seeds) = (assumptions(), Settings::seeded(5), Seeds::of(5));
    let model = Model::of(&study, &assumptions, &settings, seeds, Mixtures::ALL).unwrap();
    let reals = |people: &[u32]| {
        people
            .iter()
            .map(|people| f64::from(*people))
            .collect::<Vec<f64>>()
    };
    let draws: Vec<f64> = (0..800)
        .map(|at| {
            let draw = model.draw(seeds, at).unwrap();
            let courses = model.courses(seeds, at).unwrap();
            let alive = AliveAtEnd::of(&model, &draw.late_ratio, courses);
            let [unseen, silent, late] = [&draw.unseen, &draw.silent, &draw.late].map(|people| reals(people));
            alive.expected(&model, (&unseen, &silent, &late), &draw.older)
        })
        .collect();
    has_moments(&draws, (wanted, spread));
}
