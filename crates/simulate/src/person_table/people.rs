//! Who the people of a person table are, each computed from the seed and a number.
//!
//! People come in fours. Some fours hold a couple, a parent and a child, a family of three, or twins; the others
//! live alone. Whoever shares a home takes it from its first member, the head, whose draws are repeated. That is
//! what makes linkage hard: a shared surname and postcode, and for twins a shared birth date, of two people.

use super::addresses::{self, Numbers};
use super::names::Names;
use crate::chance::{Chance, Purpose};
use crate::names::Roots;
use std::iter;
use vocabulary::date::Date;
use vocabulary::sex::Sex;

/// Share of fours with twins, a couple, a parent and a child, a family of three. Twins in 4 % of fours make one
/// pair for every hundred people; a quarter of people share a home with another of the table.
const FOURS: [(Four, f64); 5] = [
    (Four::Twins, 0.04),
    (Four::Couple, 0.24),
    (Four::Generations, 0.12),
    (Four::Family, 0.08),
    (Four::Apart, 0.52),
];
/// Partners who carry the head's family name.
const SAME_NAME: f64 = 0.8;
/// Relatives of the same sex who carry the head's given name.
const NAMESAKE: f64 = 0.04;
/// Mean and spread of age.
const AGE: (f64, f64) = (60.0, 16.0);
const YEAR: f64 = 365.25;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Four {
    Twins,
    Couple,
    Generations,
    Family,
    Apart,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Head,
    Twin,
    Partner,
    Relative,
}

/// One person as she or he is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Person {
    pub(super) index: u64,
    pub(super) roots: Roots,
    pub(super) sex: Sex,
    pub(super) birth: Date,
    pub(super) given: &'static str,
    pub(super) family: String,
    /// Position of the postcode.
    pub(super) home: u64,
}

/// What the members of a household share, and its head's own birth and sex.
struct Home {
    roots: Roots,
    sex: Sex,
    birth: Date,
    postcode: u64,
}

/// All people of a table.
pub(super) struct People {
    seed: u64,
    names: Names,
    numbers: Numbers,
    postcodes: u64,
    /// The day on which ages are counted: the first of 2025.
    today: Date,
}

impl People {
    pub(super) fn new(seed: u64, postcodes: u64) -> People {
        People {
            seed,
            names: Names::new(),
            numbers: Numbers::new(seed),
            postcodes,
            today: Date::from_days(20_089),
        }
    }

    /// The person of this number.
    pub(super) fn at(&self, index: u64) -> Person {
        let (role, head, home) = self.household(index);
        let mut chance = self.chance(index, 0);
        let birth = match role {
            Role::Head | Role::Twin => home.birth,
            Role::Partner => home.birth.plus_days((chance.normal() * 4.5 * YEAR) as i32),
            Role::Relative => self.generation(home.birth, &mut chance),
        };
        let sex = match role {
            Role::Head => home.sex,
            Role::Partner if chance.happens(0.97) => other(home.sex),
            Role::Twin if chance.happens(0.6) => home.sex,
            _ => draw_sex(&mut chance),
        };
        let own_name = role == Role::Partner && !chance.happens(SAME_NAME);
        let family = self.family(if own_name { index } else { head }, sex, home.roots);
        let given = self.given(role, head, sex, birth, &home, &mut chance);
        Person {
            index,
            roots: home.roots,
            sex,
            birth,
            given,
            family,
            home: home.postcode,
        }
    }

    /// The number of a person.
    pub(super) fn number(&self, index: u64) -> String {
        self.numbers.at(index)
    }

    /// The family name a person had before, or took after.
    pub(super) fn other_family(&self, person: &Person) -> String {
        self.names
            .family(person.sex, person.roots, &mut self.chance(person.index, 1))
    }

    /// The other place a person lived at.
    pub(super) fn other_home(&self, person: &Person) -> u64 {
        addresses::elsewhere(person.home, self.postcodes, &mut self.chance(person.index, 2))
    }

    fn chance(&self, index: u64, part: u8) -> Chance {
        Chance::of(self.seed, Purpose::TablePerson, index, part)
    }

    /// A person's place in a household: role, head, and the home they share.
    fn household(&self, index: u64) -> (Role, u64, Home) {
        let (four, seat) = (index / 4, index % 4);
        let mut chance = Chance::of(self.seed, Purpose::TableHousehold, four, 0);
        let kind = FOURS[chance.weighted(&FOURS.map(|(_, share)| share))].0;
        let role = match (kind, seat) {
            (Four::Twins, 1) => Role::Twin,
            (Four::Couple | Four::Family, 1) => Role::Partner,
            (Four::Generations, 1) | (Four::Family, 2) => Role::Relative,
            _ => Role::Head,
        };
        let shared = (role != Role::Head).then(|| self.home(four * 4));
        match shared {
            // A child has no partner.
            Some(home) if role != Role::Partner || self.age(home.birth) >= 20.0 => (role, four * 4, home),
            _ => (Role::Head, index, self.home(index)),
        }
    }

    fn home(&self, head: u64) -> Home {
        let mut chance = Chance::of(self.seed, Purpose::TableHome, head, 0);
        let (mean, spread) = AGE;
        // Redrawn, not cut off: a day on which many people seem to be born would look like a default.
        let age =
            iter::repeat_with(|| mean + spread * chance.normal()).find(|age| (0.0..105.0).contains(age));
        Home {
            birth: self.today.plus_days((-age.unwrap_or(mean) * YEAR) as i32),
            sex: draw_sex(&mut chance),
            roots: self.names.roots(&mut chance),
            postcode: chance.below(self.postcodes as usize) as u64,
        }
    }

    /// The family name of a head, in the form for this sex.
    fn family(&self, head: u64, sex: Sex, roots: Roots) -> String {
        let mut chance = Chance::of(self.seed, Purpose::TableHome, head, 1);
        self.names.family(sex, roots, &mut chance)
    }

    fn given(
        &self,
        role: Role,
        head: u64,
        sex: Sex,
        birth: Date,
        home: &Home,
        chance: &mut Chance,
    ) -> &'static str {
        let mut draw = || self.names.given(sex, birth.year(), home.roots, chance);
        match role {
            Role::Head | Role::Partner => draw(),
            Role::Relative | Role::Twin => {
                let own = draw();
                let namesake = role == Role::Relative && sex == home.sex && chance.happens(NAMESAKE);
                let theirs = self.at(head).given;
                match role {
                    Role::Relative if namesake => theirs,
                    // Twins never have one name.
                    Role::Twin if own == theirs => {
                        self.names.given(sex, birth.year() + 12, home.roots, chance)
                    }
                    _ => own,
                }
            }
        }
    }

    fn age(&self, birth: Date) -> f64 {
        f64::from(self.today.days() - birth.days()) / YEAR
    }

    /// A birth one generation from another: of a child of people over sixty, else of a parent.
    fn generation(&self, birth: Date, chance: &mut Chance) -> Date {
        let apart = ((18.0 + 22.0 * chance.unit()) * YEAR) as i32;
        birth.plus_days(if self.age(birth) > 60.0 { apart } else { -apart })
    }
}

fn other(sex: Sex) -> Sex {
    if sex == Sex::Female {
        Sex::Male
    } else {
        Sex::Female
    }
}

fn draw_sex(chance: &mut Chance) -> Sex {
    if chance.happens(0.52) {
        Sex::Female
    } else {
        Sex::Male
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn people(n: u64) -> Vec<Person> {
        let people = People::new(5, n / 2);
        (0..n).map(|index| people.at(index)).collect()
    }

    #[test]
    fn one_pair_in_a_hundred_people_is_hard_to_tell_apart() {
        let all = people(40_000);
        let same = |a: &Person, b: &Person| a.birth == b.birth && a.home == b.home && a.index != b.index;
        let twins: Vec<_> = all.chunks(4).filter(|four| same(&four[0], &four[1])).collect();
        assert!((340..460).contains(&twins.len()), "{}", twins.len());
        let name = |person: &Person| person.family.chars().take(3).collect::<String>();
        let alike = twins
            .iter()
            .filter(|four| name(&four[0]) == name(&four[1]))
            .count();
        // The few others have the two forms of one name, such as Begum and Singh.
        assert!(alike * 100 > twins.len() * 97, "{alike} of {}", twins.len());
        assert!(twins.iter().filter(|four| four[0].given == four[1].given).count() < 5);
    }

    #[test]
    fn a_quarter_of_people_share_a_home_and_most_of_those_a_name() {
        let all = people(40_000);
        let (mut shared, mut named, mut couples) = (0, 0, 0);
        for four in all.chunks(4) {
            for member in four[1..].iter().filter(|member| member.home == four[0].home) {
                shared += 1;
                named += u32::from(member.family == four[0].family);
                couples += u32::from(member.sex != four[0].sex);
            }
        }
        // A household of two or three has one or two members beside its head.
        assert!((5_300..5_900).contains(&shared), "{shared}");
        assert!(named * 10 > shared * 8, "{named} of {shared}");
        assert!(couples * 2 > shared, "{couples} of {shared}");
    }

    #[test]
    fn ages_are_as_the_recipe_says() {
        let all = people(40_000);
        let today = Date::new(2025, 1, 1).unwrap();
        let ages: Vec<f64> = all
            .iter()
            .map(|p| f64::from(today.days() - p.birth.days()) / YEAR)
            .collect();
        let mean = ages.iter().sum::<f64>() / ages.len() as f64;
        let spread = (ages.iter().map(|age| (age - mean).powi(2)).sum::<f64>() / ages.len() as f64).sqrt();
        assert!(
            (mean - 60.0).abs() < 1.0 && (spread - 16.0).abs() < 1.0,
            "{mean} {spread}"
        );
        let women = all.iter().filter(|p| p.sex == Sex::Female).count() as f64 / ages.len() as f64;
        assert!((0.50..0.54).contains(&women), "{women}");
    }
}
