//! Nations with a known truth, at the level of people and lists.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Exp, Normal, Poisson};

use crate::joint::*;
use crate::lists::History;
use crate::misclassification::{Reviewer, Stratum};
use crate::survival::Family;

pub(super) const FIRST: i32 = 2016;
const END: f64 = 2026.0;
/// Nobody of before this year is alive when the records begin.
const SINCE: i32 = 1976;
/// National deaths are known from this year.
const DEATHS_SINCE: i32 = 2006;

/// What a nation is like.
#[derive(Debug, Clone)]
pub(super) struct Scenario {
    /// New people a year, in the first year of the records.
    pub(super) new: f64,
    pub(super) places: usize,
    /// Kinds of people: share, and chance to be on each list.
    pub(super) kinds: Vec<(f64, [f64; 4])>,
    /// The chance to be on the second list of those who are on the first.
    pub(super) second_when_first: Option<f64>,
    /// The share of breast-cancer deaths without metastasis; drawn from its prior where none is given.
    pub(super) without_metastasis: Option<f64>,
    /// A share of people who live long.
    pub(super) long_survivors: f64,
    /// The first so many places send nothing.
    pub(super) silent: usize,
    /// The PPV of one source and of two; drawn from their priors where none is given.
    pub(super) ppv: Option<[f64; 2]>,
}

impl Scenario {
    /// Independent lists, everything drawn from its prior.
    pub(super) fn well_specified(new: f64) -> Self {
        Self {
            new,
            places: 12,
            kinds: vec![(1.0, [0.55, 0.45, 0.35, 0.3])],
            second_when_first: None,
            without_metastasis: None,
            long_survivors: 0.0,
            silent: 0,
            ppv: None,
        }
    }
}

/// Evidence from one source, and from two or more: each a beta prior.
pub(super) const PRIORS: [BetaPrior; 2] = [
    BetaPrior {
        alpha: 85.0,
        beta: 15.0,
    },
    BetaPrior {
        alpha: 196.0,
        beta: 4.0,
    },
];

pub(super) fn assumptions() -> Assumptions {
    let class = |name: &str, prior| EvidenceClass {
        name: name.to_owned(),
        ppv: Ppv::Prior(prior, "drawn for this test".to_owned()),
    };
    Assumptions {
        classes: vec![class("one source", PRIORS[0]), class("two sources", PRIORS[1])],
        latent_classes: false,
        ..Assumptions::default()
    }
}

/// A nation, with what is true of it.
pub(super) struct Nation {
    pub(super) study: Study,
    /// New people of each year.
    pub(super) new: Vec<f64>,
    /// Living at the end.
    pub(super) living: f64,
    /// People with the disease whom no list shows and who were established within the years.
    pub(super) unflagged: u64,
    /// People with the disease whom no list shows, alive at the end.
    pub(super) unflagged_living: u64,
    /// People listed rightly and wrongly, by class.
    pub(super) flagged: [(u64, u64); 2],
}

/// Where a nation is made.
struct Maker {
    chance: ChaCha8Rng,
    scenario: Scenario,
    ppv: [f64; 2],
    survival: Family,
    people: Vec<Person>,
    new: Vec<f64>,
    living: f64,
    unflagged: u64,
    unflagged_living: u64,
    flagged: [(u64, u64); 2],
    deaths: Vec<u64>,
}

pub(super) fn nation(scenario: &Scenario, seed: u64) -> Nation {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut beta = |prior: BetaPrior| Beta::new(prior.alpha, prior.beta).unwrap().sample(&mut chance);
    let ppv = scenario.ppv.unwrap_or_else(|| PRIORS.map(&mut beta));
    let prior = Assumptions::default().without_metastasis;
    let without = scenario.without_metastasis.unwrap_or_else(|| beta(prior));
    let growth: f64 = Normal::new(0.01, 0.01).unwrap().sample(&mut chance);
    let survival = family(&mut chance);
    let mut maker = Maker {
        survival,
        chance,
        scenario: scenario.clone(),
        ppv,
        people: Vec::new(),
        new: vec![0.0; (END - f64::from(FIRST)) as usize],
        living: 0.0,
        unflagged: 0,
        unflagged_living: 0,
        flagged: [(0, 0); 2],
        deaths: vec![0; (2026 - DEATHS_SINCE) as usize],
    };
    for year in SINCE..2026 {
        let mean = scenario.new * (growth * f64::from((year - FIRST).min(0))).exp();
        for _ in 0..Poisson::new(mean).unwrap().sample(&mut maker.chance) as u64 {
            maker.person(f64::from(year));
        }
    }
    maker.false_people();
    maker.deaths_without_metastasis(without);
    maker.finish()
}

/// Survival of one of the families that the estimate averages, each as likely.
fn family(chance: &mut ChaCha8Rng) -> Family {
    match chance.random_range(0..3) {
        0 => Family::Weibull {
            shape: chance.random_range(0.8..1.1),
            scale: chance.random_range(3.0..3.6),
        },
        1 => Family::LogLogistic {
            shape: chance.random_range(1.4..1.7),
            scale: chance.random_range(1.9..2.3),
        },
        _ => Family::SlowClass {
            shape: chance.random_range(0.9..1.1),
            scale: chance.random_range(2.6..3.2),
            share: chance.random_range(0.03..0.12),
            hazard: 0.05,
        },
    }
}

/// How long somebody lives, by halving.
fn lived(survival: Family, chance: &mut ChaCha8Rng) -> f64 {
    let level: f64 = chance.random();
    let (mut low, mut high) = (0.0, 200.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if survival.survival(middle) > level {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

impl Maker {
    fn person(&mut self, year: f64) {
        let established = year + self.chance.random::<f64>();
        let exit = self.exit(established);
        let place = self.place();
        let person = Person {
            place,
            established,
            exit,
            kind: if self.chance.random::<f64>() < 0.25 {
                Kind::DeNovo
            } else {
                Kind::Recurrent
            },
            sex: if self.chance.random::<f64>() < 0.01 {
                Sex::Male
            } else {
                Sex::Female
            },
            born: Some(established - Normal::new(65.0, 13.0).unwrap().sample(&mut self.chance)),
            pattern: 0,
            class: 0,
            recorded: false,
            only_at_death: false,
            false_links: 0.0,
            missed_links: 0.0,
        };
        if let Exit::OfBreastCancer(time) = exit {
            self.died(time);
        }
        if exit.time() < f64::from(FIRST) {
            return;
        }
        if established >= f64::from(FIRST) {
            self.new[(established - f64::from(FIRST)) as usize] += 1.0;
        }
        self.living += f64::from(u8::from(exit.time() >= END));
        let pattern = self.pattern(place);
        if pattern != 0 {
            self.people.push(Person {
                pattern,
                class: u16::from(pattern.count_ones() > 1),
                recorded: pattern & 1 == 1,
                ..person
            });
            return;
        }
        self.unflagged += u64::from(established >= f64::from(FIRST));
        self.unflagged_living += u64::from(exit.time() >= END);
        if matches!(exit, Exit::OfBreastCancer(time) if time < END) {
            self.people.push(Person {
                only_at_death: true,
                ..person
            });
        }
    }

    fn place(&mut self) -> u32 {
        // Places of different size: the first holds as many as the last two.
        let places = self.scenario.places as f64;
        let at = places * self.chance.random::<f64>().powf(1.3);
        (at as u32).min(self.scenario.places as u32 - 1)
    }

    fn exit(&mut self, established: f64) -> Exit {
        let disease = if self.chance.random::<f64>() < self.scenario.long_survivors {
            Exp::new(0.05).unwrap().sample(&mut self.chance)
        } else {
            lived(self.survival, &mut self.chance)
        };
        let other: f64 = Exp::new(0.02).unwrap().sample(&mut self.chance);
        let left: f64 = Exp::new(0.002).unwrap().sample(&mut self.chance);
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

    fn pattern(&mut self, place: u32) -> History {
        if (place as usize) < self.scenario.silent {
            return 0;
        }
        let mut at: f64 = self.chance.random();
        let kinds = self.scenario.kinds.clone();
        let kind = kinds.iter().find(|kind| {
            at -= kind.0;
            at < 0.0
        });
        let chances = kind.unwrap_or(&kinds[0]).1;
        let mut pattern = 0;
        for (list, on) in chances.iter().enumerate() {
            let first = pattern & 1 == 1;
            let on = self
                .scenario
                .second_when_first
                .filter(|_| list == 1 && first)
                .unwrap_or(*on);
            pattern |= u32::from(self.chance.random::<f64>() < on) << list;
        }
        pattern
    }

    fn died(&mut self, time: f64) {
        let year = (time - f64::from(DEATHS_SINCE)).floor();
        if year >= 0.0 && time < END {
            self.deaths[year as usize] += 1;
        }
    }

    /// People listed by mistake: as many as the PPV of their class makes, and like the others of it.
    fn false_people(&mut self) {
        let right: Vec<Person> = self
            .people
            .iter()
            .copied()
            .filter(|person| !person.only_at_death)
            .collect();
        for person in right {
            let ppv = self.ppv[usize::from(person.class)];
            let mean = (1.0 - ppv) / ppv;
            self.flagged[usize::from(person.class)].0 += 1;
            for _ in 0..Poisson::new(mean).unwrap().sample(&mut self.chance) as u64 {
                self.flagged[usize::from(person.class)].1 += 1;
                self.people.push(person);
            }
        }
    }

    fn deaths_without_metastasis(&mut self, share: f64) {
        for year in 0..self.deaths.len() {
            let mean = self.deaths[year] as f64 * share / (1.0 - share);
            if mean <= 0.0 {
                continue;
            }
            let more = Poisson::new(mean).unwrap().sample(&mut self.chance) as u64;
            self.deaths[year] += more;
            let start = f64::from(DEATHS_SINCE) + year as f64;
            for _ in 0..if start >= f64::from(FIRST) { more } else { 0 } {
                let time = start + self.chance.random::<f64>();
                let place = self.place();
                self.people.push(Person {
                    place,
                    established: time,
                    exit: Exit::OfBreastCancer(time),
                    kind: Kind::NotKnown,
                    sex: Sex::Female,
                    born: Some(time - 85.0),
                    pattern: 0,
                    class: 0,
                    recorded: false,
                    only_at_death: true,
                    false_links: 0.0,
                    missed_links: 0.0,
                });
            }
        }
    }

    fn finish(self) -> Nation {
        let years = self.new.len();
        let size = |place: usize| {
            let [from, to] =
                [place, place + 1].map(|at| (at as f64 / self.scenario.places as f64).powf(1.0 / 1.3));
            10.0 * self.scenario.new * (to - from)
        };
        let places = (0..self.scenario.places).map(|place| Place {
            nation: u16::from(place % 4 == 3),
            network: Some((place % 4) as u16),
            in_scope: true,
            exposure: size(place),
            sent: vec![if place < self.scenario.silent { 0 } else { 0b1111 }; years],
        });
        Nation {
            study: Study {
                first_year: FIRST,
                end: END,
                lists: ["cosd", "admissions", "chemotherapy", "radiotherapy"]
                    .map(str::to_owned)
                    .to_vec(),
                places: places.collect(),
                people: self.people,
                charts: Vec::new(),
                unflagged: None,
                reviewer: Reviewer::Exact,
                deaths: Some(NationalDeaths {
                    first_year: DEATHS_SINCE,
                    counts: self.deaths,
                }),
            },
            new: self.new,
            living: self.living,
            unflagged: self.unflagged,
            unflagged_living: self.unflagged_living,
            flagged: self.flagged,
        }
    }
}

/// A reviewer who errs in so many of 100 charts.
fn said(truth: bool, error: f64, chance: &mut ChaCha8Rng) -> bool {
    truth != (chance.random::<f64>() < error)
}

impl Nation {
    /// Reads charts at random: of the people found, by class, and of a frame of people without evidence, which holds
    /// everyone whom no list shows.
    pub(super) fn review(&mut self, review: &Review, seed: u64) {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut read = |(ill, well): (u64, u64), charts: u64| {
            let (mut ill_left, mut left, mut confirmed) = (ill, ill + well, 0);
            for _ in 0..charts {
                let ill = chance.random_range(0..left) < ill_left;
                ill_left -= u64::from(ill);
                left -= 1;
                confirmed += u64::from(said(ill, review.error, &mut chance));
            }
            Stratum::new(ill + well, charts, confirmed).unwrap()
        };
        let all: u64 = self.flagged.iter().map(|(ill, well)| ill + well).sum();
        for (class, people) in (0..).zip(self.flagged) {
            let charts = (people.0 + people.1) * review.flagged / all;
            self.study.charts.push(Charts {
                class,
                sample: Sample::Everywhere(read(people, charts)),
            });
        }
        let hidden = match review.confirmed {
            Confirmed::Established(..) => self.unflagged,
            Confirmed::Living => self.unflagged_living,
        };
        let sample = Sample::Everywhere(read((hidden, review.frame - hidden), review.unflagged));
        self.study.unflagged = Some(Unflagged {
            sample,
            confirmed: review.confirmed,
        });
        if review.error > 0.0 {
            self.study.reviewer = Reviewer::Known {
                sensitivity: 1.0 - review.error,
                specificity: 1.0 - review.error,
            };
        }
    }
}

/// Charts to read.
pub(super) struct Review {
    pub(super) flagged: u64,
    pub(super) unflagged: u64,
    /// How many people without evidence there are.
    pub(super) frame: u64,
    pub(super) confirmed: Confirmed,
    /// In how many charts of one the reviewer errs.
    pub(super) error: f64,
}
