//! Small countries drawn from the priors of the generative core, with their truth.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Exp, Gamma, LogNormal, Poisson};

use crate::Confidence;
use crate::chance::chance_of;
use crate::joint::course::Course;
use crate::joint::*;
use crate::lists::{Distribution as Law, GraphPrior, Histories, History, Repeated, decomposable_graphs};
use crate::misclassification::Reviewer;
use crate::survival::{Family, FamilyKind};

const FIRST: i32 = 2016;
pub(super) const YEARS: usize = 5;
pub(super) const END: f64 = 2021.0;
const LISTS: usize = 3;

/// The prior of the number of people is 1/N between these.
pub(super) const PEOPLE: (f64, f64) = (300.0, 1_500.0);

/// The prior of f₀, that of the assumptions.
pub(super) const WITHOUT: BetaPrior = BetaPrior {
    alpha: 2.0,
    beta: 18.0,
};

/// How close to even the years are: their shares are Dirichlet with this shape each. The core itself takes shape 0;
/// with some dozens of people found in a year that is the same to within a fraction of a person.
const EVEN: f64 = 4.0;

/// Lists say something where the number has at most this coefficient of variation. A choice made by the data alone
/// leaves the ranks uniform.
const SAYS_SOMETHING: f64 = 0.25;

/// Deaths that a curve is read from.
const LEAST_DEATHS: usize = 120;

/// Shape and scale of the curve are log-normal: middle, and deviation of the logarithm.
pub(super) const SHAPE: (f64, f64) = (1.0, 0.4);
pub(super) const SCALE: (f64, f64) = (2.0, 0.7);

/// One country.
pub(super) struct World {
    pub(super) study: Study,
    /// Everyone first metastatic within the records; new, died and living in the last year; the share of breast-cancer
    /// deaths without metastasis; the terms of the log-likelihood and their sum.
    pub(super) truths: [f64; 9],
    /// What the lists say of those watched long enough; how many of them, and how many of all, stand on a list.
    pub(super) law: Law,
    pub(super) ready: f64,
    pub(super) seen: f64,
}

/// What the core takes for granted of such a country: all evidence is right, one family, one set.
pub(super) fn assumptions(window: f64) -> Assumptions {
    Assumptions {
        classes: vec![EvidenceClass {
            name: "read and confirmed".to_owned(),
            ppv: Ppv::Certain,
        }],
        without_metastasis: WITHOUT,
        window,
        block_years: YEARS,
        least_in_set: 1.0,
        families: vec![FamilyKind::Weibull],
        latent_classes: false,
        ..Assumptions::default()
    }
}

/// A country from the priors, the first of its stream about which the lists say something.
pub(super) fn world(seed: u64, window: f64) -> World {
    (0..)
        .find_map(|attempt| attempted(&mut chance_of(seed, attempt), window))
        .unwrap()
}

/// The curve, the hazard of other causes and that of leaving.
struct Exits {
    family: Family,
    other: f64,
    left: f64,
}

impl Exits {
    /// Of a hazard the core's prior is Gamma(½) without a rate; here with the rate of five years watched, beside some
    /// hundreds or more that are.
    fn draw(chance: &mut ChaCha8Rng) -> Self {
        let mut around =
            |(middle, spread): (f64, f64)| LogNormal::new(middle.ln(), spread).unwrap().sample(chance);
        let family = Family::Weibull {
            shape: around(SHAPE),
            scale: around(SCALE),
        };
        let law = Gamma::new(0.5, 1.0 / 5.0).unwrap();
        let mut hazard = || f64::max(law.sample(chance), 1e-9);
        Self {
            family,
            other: hazard(),
            left: hazard(),
        }
    }

    fn exit(&self, established: f64, chance: &mut ChaCha8Rng) -> Exit {
        let Family::Weibull { shape, scale } = self.family else {
            panic!("the core is tried with Weibull curves");
        };
        let disease = scale * (-(1.0 - chance.random::<f64>()).ln()).powf(1.0 / shape);
        let other = Exp::new(self.other).unwrap().sample(chance);
        let left = Exp::new(self.left).unwrap().sample(chance);
        let at = established + disease.min(other).min(left);
        if at >= END {
            Exit::Alive
        } else if disease <= other.min(left) {
            Exit::OfBreastCancer(at)
        } else if other <= left {
            Exit::OfOther(at)
        } else {
            Exit::Left(at)
        }
    }
}

/// The chance to be on each list, given those before it on which a person stands: a decomposable graph, each as
/// likely, and its hyper-Dirichlet law with one person in all (see [`GraphPrior::usual`]).
struct Lists {
    /// For each list in turn: its position, the lists before it that it depends on, and the chance for each
    /// combination of those.
    steps: Vec<(usize, History, Vec<f64>)>,
}

impl Lists {
    fn draw(chance: &mut ChaCha8Rng) -> Self {
        let edges: [bool; LISTS] = std::array::from_fn(|_| chance.random());
        // The edges of a triangle: each joins the two lists that are not its own.
        let tied = |one: usize, other: usize| one != other && edges[LISTS - one - other];
        let degree = |list: usize| (0..LISTS).filter(|other| tied(list, *other)).count();
        let mut order: Vec<usize> = (0..LISTS).collect();
        // The middle of a path first: then the neighbours before each list form a clique.
        order.sort_by_key(|list| LISTS - degree(*list));
        let steps = order.iter().enumerate().map(|(at, list)| {
            let before = order[..at].iter().filter(|other| tied(*list, **other));
            let before: History = before.map(|other| 1 << other).sum();
            let prior = 0.5_f64.powi(before.count_ones() as i32 + 1);
            let law = Beta::new(prior, prior).unwrap();
            (
                *list,
                before,
                (0..1 << LISTS).map(|_| law.sample(chance)).collect(),
            )
        });
        Self {
            steps: steps.collect(),
        }
    }

    fn pattern(&self, chance: &mut ChaCha8Rng) -> History {
        self.steps.iter().fold(0, |pattern, (list, before, chances)| {
            let on = chance.random::<f64>() < chances[(pattern & before) as usize];
            pattern | u32::from(on) << list
        })
    }
}

fn attempted(chance: &mut ChaCha8Rng, window: f64) -> Option<World> {
    let (least, most) = PEOPLE;
    let everyone = (least * (most / least).powf(chance.random())).round() as usize;
    let even = Gamma::new(EVEN, 1.0).unwrap();
    let years: [f64; YEARS] = std::array::from_fn(|_| even.sample(chance));
    let (exits, lists) = (Exits::draw(chance), Lists::draw(chance));
    let share = Beta::new(WITHOUT.alpha, WITHOUT.beta).unwrap().sample(chance);
    let (mut people, mut unseen) = (Vec::new(), 0);
    let (mut new, mut died, mut living, mut of_disease) = (0.0, 0.0, 0.0, 0.0);
    for _ in 0..everyone {
        let mut level = chance.random::<f64>() * years.iter().sum::<f64>();
        let year = years.iter().position(|share| {
            level -= share;
            level < 0.0
        });
        let year = year.unwrap_or(YEARS - 1);
        let established = f64::from(FIRST) + year as f64 + chance.random::<f64>();
        let exit = exits.exit(established, chance);
        let pattern = lists.pattern(chance);
        let dead = matches!(exit, Exit::OfBreastCancer(_));
        new += f64::from(u8::from(year == YEARS - 1));
        living += f64::from(u8::from(exit == Exit::Alive));
        of_disease += f64::from(u8::from(dead));
        let in_last = matches!(exit, Exit::OfBreastCancer(at) | Exit::OfOther(at) if at >= END - 1.0);
        died += f64::from(u8::from(in_last));
        unseen += u64::from(pattern == 0 && established + window <= END);
        if pattern != 0 || dead {
            people.push(person(established, exit, pattern));
        }
    }
    let others = Gamma::new(of_disease, share / (1.0 - share)).ok()?.sample(chance);
    let others = Poisson::new(others).map_or(0, |law| law.sample(chance) as u64);
    for _ in 0..others {
        let time = END - YEARS as f64 * (1.0 - chance.random::<f64>());
        people.push(person(time, Exit::OfBreastCancer(time), 0));
    }
    // Looked at before the lists are fitted, because it is quick; a choice by the data alone, as theirs is.
    let seen_to_die =
        |person: &&Person| !person.only_at_death && matches!(person.exit, Exit::OfBreastCancer(_));
    // Where no certificate stands by itself, there may be no draw that meets the deaths, and then none is weighed.
    let only_at_death = people.iter().any(|person| person.only_at_death);
    if people.iter().filter(seen_to_die).count() < LEAST_DEATHS || !only_at_death {
        return None;
    }
    let ready = |person: &&Person| person.established + window <= END;
    let table = histories(people.iter().filter(ready))?;
    let graphs = says_something(&table)?;
    // The prior ends at thirty times as many unseen as seen.
    if unseen > graphs.1 {
        return None;
    }
    let seen = people.iter().filter(|person| person.pattern != 0).count() as f64;
    let mut world = World {
        study: study(people),
        truths: [0.0; 9],
        law: graphs.0,
        ready: table.people(),
        seen,
    };
    let course = Course::of(exits.family, exits.family, YEARS as f64, exits.other, exits.left);
    let (everyone, without) = (everyone as f64, others as f64 / (of_disease + others as f64));
    let [lists, followed, certificates, all] = world.log_likelihood(&course, everyone, without)?;
    world.truths = [
        everyone,
        new,
        died,
        living,
        without,
        lists,
        followed,
        certificates,
        all,
    ];
    Some(world)
}

fn person(established: f64, exit: Exit, pattern: History) -> Person {
    Person {
        place: 0,
        established,
        exit,
        kind: Kind::NotKnown,
        sex: Sex::Female,
        born: None,
        pattern,
        class: 0,
        recorded: false,
        only_at_death: pattern == 0,
        false_links: 0.0,
        missed_links: 0.0,
    }
}

fn study(people: Vec<Person>) -> Study {
    Study {
        first_year: FIRST,
        end: END,
        lists: (0..LISTS).map(|list| format!("list {list}")).collect(),
        places: vec![Place {
            nation: 0,
            network: None,
            in_scope: true,
            exposure: 100.0,
            sent: vec![(1 << LISTS) - 1; YEARS],
        }],
        people,
        charts: Vec::new(),
        unflagged: None,
        reviewer: Reviewer::Exact,
        deaths: None,
    }
}

fn histories<'a>(people: impl Iterator<Item = &'a Person>) -> Option<Histories<f64>> {
    let names = (0..LISTS).map(|list| format!("list {list}"));
    let rows = people
        .filter(|person| person.pattern != 0)
        .map(|person| (person.pattern, 1.0));
    Histories::from_rows(names, rows, Repeated::Add).ok()
}

/// What the lists say, and the most unseen that they leave room for.
fn says_something(table: &Histories<f64>) -> Option<(Law, u64)> {
    let prior = GraphPrior::usual(table);
    let graphs = decomposable_graphs(table, prior, Confidence::NINETY_FIVE).ok()?;
    let known = table.people() >= 100.0 && graphs.standard_error <= SAYS_SOMETHING * graphs.mean;
    known.then_some((graphs.distribution, prior.most_unseen))
}
