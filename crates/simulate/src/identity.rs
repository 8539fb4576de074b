//! Who a person is: number, names, addresses, over time.
//!
//! This is the true identity; what a hospital believes is a [`crate::desk::Desk`].

use crate::chance::{Chance, Purpose};
use crate::geography::{Nation, draw_postcode};
use crate::life::{Life, Who};
use crate::names::{self, ROOTS, Roots};
use crate::person_table;
use crate::plan::Plan;
use crate::rates;
use vocabulary::date::Date;
use vocabulary::sex::Sex;

/// The true identity of one person.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) sex: Sex,
    pub(crate) birth: Date,
    pub(crate) given: String,
    pub(crate) ethnicity: &'static str,
    /// Deprivation fifth, 1 the most deprived, as the registry writes it.
    pub(crate) quintile: &'static str,
    /// Family names, each from a date on.
    families: Vec<(Date, String)>,
    /// Addresses: from a date on, hospital whose catchment it is, postcode.
    addresses: Vec<(Date, usize, String)>,
}

impl Identity {
    /// Draws the identity that goes with a life.
    pub(crate) fn draw(plan: &Plan, nation: &Nation, who: Who, life: &Life) -> Identity {
        let mut chance = Chance::of(plan.seed, Purpose::Identity, who.stream(), 0);
        let own = household(nation, life.sex, &mut chance);
        // Twins share their roots, often their family name, sometimes still the address; they sound alike.
        let elder = who.elder_twin(plan).map(|elder| {
            household(
                nation,
                life.sex,
                &mut Chance::of(plan.seed, Purpose::Identity, elder.stream(), 0),
            )
        });
        let (share_name, share_home) = (chance.happens(0.6), chance.happens(0.3));
        let roots = elder.as_ref().map_or(own.roots, |e| e.roots);
        let family = elder
            .as_ref()
            .filter(|_| share_name)
            .map_or(own.family, |e| e.family.clone());
        let (hospital, postcode) = elder
            .filter(|_| share_home)
            .map_or((own.hospital, own.postcode), |e| (e.hospital, e.postcode));
        let given = names::given(life.sex, life.birth.year(), roots.0, &mut chance).to_owned();
        let from = first_day(plan);
        let mut identity = Identity {
            sex: life.sex,
            birth: life.birth,
            given,
            ethnicity: if chance.happens(0.07) { "Z" } else { roots.1 },
            quintile: chance.pick(&QUINTILES, "3"),
            families: vec![(from, family)],
            addresses: vec![(from, hospital, postcode)],
        };
        identity.change_names(plan, roots.0, &mut chance);
        identity.move_home(plan, nation, &mut chance);
        identity
    }

    /// Family name on a date.
    pub(crate) fn family_on(&self, date: Date) -> &str {
        on(&self.families, date, |f| f.0).map_or("", |f| f.1.as_str())
    }

    /// Postcode on a date.
    pub(crate) fn postcode_on(&self, date: Date) -> &str {
        on(&self.addresses, date, |a| a.0).map_or("", |a| a.2.as_str())
    }

    /// The hospital whose catchment is home on a date.
    pub(crate) fn home_on(&self, date: Date) -> usize {
        on(&self.addresses, date, |a| a.0).map_or(0, |a| a.1)
    }

    fn change_names(&mut self, plan: &Plan, roots: Roots, chance: &mut Chance) {
        if self.sex == Sex::Male {
            return;
        }
        let mut day = first_day(plan);
        while day < plan.horizon() {
            let age = f64::from(day.days() - self.birth.days()) / 365.25;
            let (young, old) = rates::NAME_CHANGES;
            if (17.0..95.0).contains(&age) && chance.happens(if age < 50.0 { young } else { old }) {
                let taken = names::family(Sex::Male, roots, chance);
                let was = self.family_on(day).to_owned();
                let name = if chance.happens(0.12) {
                    format!("{was}-{taken}")
                } else {
                    taken
                };
                self.families.push((day.plus_days(chance.between(1, 360)), name));
            }
            day = day.plus_months(12);
        }
    }

    fn move_home(&mut self, plan: &Plan, nation: &Nation, chance: &mut Chance) {
        let mut day = first_day(plan);
        while day < plan.horizon() {
            if chance.happens(rates::MOVES.0) {
                let was = self.home_on(day);
                let home = if chance.happens(rates::MOVES.1) {
                    nation.new_home(was, chance)
                } else {
                    was
                };
                let postcode = draw_postcode(home, nation.at(home).body.network, chance);
                self.addresses
                    .push((day.plus_days(chance.between(1, 360)), home, postcode));
            }
            day = day.plus_months(12);
        }
    }
}

const QUINTILES: [&str; 5] = ["1 - most deprived", "2", "3", "4", "5 - least deprived"];

struct Household {
    roots: (Roots, &'static str),
    family: String,
    hospital: usize,
    postcode: String,
}

/// The first draws of every identity, so that a twin can repeat them.
fn household(nation: &Nation, sex: Sex, chance: &mut Chance) -> Household {
    let weights: Vec<f64> = ROOTS.iter().map(|r| r.1).collect();
    let (roots, _, ethnicity) = ROOTS[chance.weighted(&weights)];
    let family = names::family(sex, roots, chance);
    let hospital = nation.home(chance);
    let postcode = draw_postcode(hospital, nation.at(hospital).body.network, chance);
    Household {
        roots: (roots, ethnicity),
        family,
        hospital,
        postcode,
    }
}

/// Identities are followed from two years before the sources begin.
fn first_day(plan: &Plan) -> Date {
    plan.start().plus_months(-24)
}

fn on<T>(history: &[T], date: Date, from: impl Fn(&T) -> Date) -> Option<&T> {
    history
        .iter()
        .rev()
        .find(|entry| from(entry) <= date)
        .or_else(|| history.first())
}

/// NHS numbers of the test range in a random order, then others that nobody has: position to number.
#[derive(Debug)]
pub(crate) struct Numbers {
    bodies: Vec<u32>,
    /// For a nation with more people than the test range has numbers.
    beyond: person_table::Numbers,
}

impl Numbers {
    /// All valid numbers 999 xxx xxxx, shuffled by the seed.
    pub(crate) fn draw(seed: u64) -> Numbers {
        let mut bodies: Vec<u32> = (0..1_000_000)
            .filter(|body| check_digit(*body).is_some())
            .collect();
        let mut chance = Chance::of(seed, Purpose::Numbers, 0, 0);
        for last in (1..bodies.len()).rev() {
            let other = chance.below(last + 1);
            bodies.swap(last, other);
        }
        Numbers {
            bodies,
            beyond: person_table::Numbers::new(seed),
        }
    }

    /// How many people can have one.
    pub(crate) fn len(&self) -> u64 {
        self.bodies.len() as u64 + person_table::Numbers::LEN
    }

    /// The number of the person in this position of the nation.
    pub(crate) fn at(&self, position: u64) -> String {
        match self.bodies.get(position as usize) {
            Some(body) => format!("999{body:06}{}", check_digit(*body).unwrap_or(0)),
            None => self.beyond.at(position - self.bodies.len() as u64),
        }
    }
}

/// The check digit of 999 and six figures; `None` where it would be ten.
fn check_digit(body: u32) -> Option<u64> {
    vocabulary::number::check_digit(999_000_000 + u64::from(body))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::life::Group;
    use vocabulary::number::PersonNumber;

    #[test]
    fn numbers_are_valid_and_in_the_test_range_while_it_lasts() {
        let numbers = Numbers::draw(1);
        let tests = numbers.bodies.len() as u64;
        assert!(tests > 900_000);
        let mut seen = std::collections::BTreeSet::new();
        for n in (0..2_000).chain(tests - 1_000..tests + 1_000) {
            let text = numbers.at(n);
            let number = PersonNumber::read(&text, None).expect("a valid number");
            assert_eq!(number.is_test_range(), n < tests);
            assert!(seen.insert(text));
        }
    }

    #[test]
    fn people_move_and_marry_at_the_stated_rates() {
        let plan = Plan::new(5, 3_000);
        let nation = Nation::draw(5, plan.start());
        let (mut moves, mut names, mut years) = (0, 0, 0.0);
        for n in 0..3_000 {
            let who = Who {
                group: Group::NoCancer,
                n,
            };
            if let Some(life) = Life::draw(&plan, who) {
                let identity = Identity::draw(&plan, &nation, who, &life);
                moves += identity.addresses.len() - 1;
                names += identity.families.len() - 1;
                years += 15.0;
            }
        }
        let rate = moves as f64 / years;
        assert!((rate - rates::MOVES.0).abs() < 0.004, "{rate}");
        assert!((0.0005..0.01).contains(&(names as f64 / years)));
    }

    #[test]
    fn twins_share_a_birth_date_and_not_a_number() {
        let mut plan = Plan::new(5, 3_000);
        plan.dirt.twins = 0.5;
        let nation = Nation::draw(5, plan.start());
        let mut pairs = 0;
        for n in (1..400).step_by(2) {
            let who = Who {
                group: Group::NoCancer,
                n,
            };
            let Some(elder) = who.elder_twin(&plan) else {
                continue;
            };
            let (Some(a), Some(b)) = (Life::draw(&plan, elder), Life::draw(&plan, who)) else {
                continue;
            };
            pairs += usize::from(a.birth == b.birth);
            let (a, b) = (
                Identity::draw(&plan, &nation, elder, &a),
                Identity::draw(&plan, &nation, who, &b),
            );
            assert!(a.ethnicity == "Z" || b.ethnicity == "Z" || a.ethnicity == b.ethnicity);
        }
        assert!(pairs > 60, "{pairs}");
    }
}
