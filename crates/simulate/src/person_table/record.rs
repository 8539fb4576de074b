//! What a record shows of a person: first which faults it has, then the text.
//!
//! Faults of one field exclude each other. Moves and new names happen to people, not at desks, so they do not
//! depend on the desk; everything else does.

use super::addresses;
use super::people::{People, Person};
use super::recipe::{POOR_FACTOR, POOR_SHARE, Recipe};
use crate::chance::{Chance, Purpose};
use crate::desk::one_digit_off;
use crate::names::{self, Roots};
use std::fmt::{self, Display, Formatter};
use vocabulary::date::Date;
use vocabulary::sex::Sex;

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// Nothing.
    None,
    Missing,
    /// A slip: one key, one digit, the other sex.
    Slip,
    /// Short form of a forename, initial.
    Short,
    /// The other surname or address of the person.
    Other,
    /// Day and month in each other's place.
    Swapped,
    /// 1 January.
    January,
    /// Another person's number.
    Stranger,
}

/// The faults of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Faults {
    pub(super) forename: Fault,
    pub(super) surname: Fault,
    pub(super) names_swapped: bool,
    pub(super) birth: Fault,
    pub(super) sex: Fault,
    pub(super) postcode: Fault,
    pub(super) number: Fault,
}

/// Share of birth dates whose day could be another month: eleven days of each month.
const SWAPPABLE: f64 = 11.0 * 12.0 / 365.25;
/// How much more often names of another order than the form's are swapped, and the share of people who have them.
const OTHER_ORDER: (f64, f64) = (5.0, 0.081);

impl Faults {
    pub(super) fn draw(recipe: &Recipe, person: &Person, chance: &mut Chance) -> Faults {
        let rates = &recipe.rates;
        let desk = desk(recipe, chance);
        let new_name = if person.sex == Sex::Female {
            rates.surname_changed
        } else {
            0.0
        };
        let swap = rates.birth_swapped / SWAPPABLE * f64::from(u8::from(swapped(person.birth).is_some()));
        let (more, share) = OTHER_ORDER;
        let order = if has_other_order(person.roots) { more } else { 1.0 } / (1.0 - share + share * more);
        let mut one_of = |faults: &[(Fault, f64)]| {
            let mut left = chance.unit();
            for (fault, rate) in faults {
                left -= rate;
                if left < 0.0 {
                    return *fault;
                }
            }
            Fault::None
        };
        Faults {
            forename: one_of(&[
                (Fault::Missing, rates.forename_missing * desk),
                (Fault::Slip, rates.forename_mistyped * desk),
                (Fault::Short, rates.forename_short * desk),
            ]),
            surname: one_of(&[
                (Fault::Missing, rates.surname_missing * desk),
                (Fault::Slip, rates.surname_mistyped * desk),
                (Fault::Other, new_name),
            ]),
            names_swapped: one_of(&[(Fault::Swapped, rates.names_swapped * desk * order)]) == Fault::Swapped,
            birth: one_of(&[
                (Fault::Missing, rates.birth_missing * desk),
                (Fault::Swapped, swap * desk),
                (Fault::Slip, rates.birth_digit * desk),
                (Fault::January, rates.birth_january * desk),
            ]),
            sex: one_of(&[
                (Fault::Missing, rates.sex_missing * desk),
                (Fault::Slip, rates.sex_wrong * desk),
            ]),
            postcode: one_of(&[
                (Fault::Missing, rates.postcode_missing * desk),
                (Fault::Slip, rates.postcode_mistyped * desk),
                (Fault::Other, rates.moved),
            ]),
            number: one_of(&[
                (Fault::Missing, rates.number_missing * desk),
                (Fault::Slip, rates.number_wrong * 0.9 * desk),
                (Fault::Stranger, rates.number_wrong * 0.1 * desk),
            ]),
        }
    }
}

/// How many times the mean rate this record's desk makes.
fn desk(recipe: &Recipe, chance: &mut Chance) -> f64 {
    let poor = chance.happens(POOR_SHARE);
    let mean = 1.0 + POOR_SHARE * (POOR_FACTOR - 1.0);
    match (recipe.correlation, poor) {
        (false, _) => 1.0,
        (true, false) => 1.0 / mean,
        (true, true) => POOR_FACTOR / mean,
    }
}

fn has_other_order(roots: Roots) -> bool {
    matches!(roots, Roots::SouthAsian | Roots::African | Roots::Chinese)
}

/// The text of one record. Nothing in it needs quoting: no list holds a comma, a quote or a line's end.
pub(super) struct Shown {
    pub(super) forename: String,
    pub(super) surname: String,
    pub(super) birth: Option<Date>,
    pub(super) sex: Option<Sex>,
    pub(super) postcode: String,
    pub(super) number: String,
}

impl Shown {
    /// What the record in this position shows of its person, and what is wrong with it.
    pub(super) fn draw(
        recipe: &Recipe,
        people: &People,
        person: &Person,
        position: u64,
        others: u64,
    ) -> (Shown, Faults) {
        let mut chance = Chance::of(recipe.seed, Purpose::TableRecord, position, 0);
        let faults = Faults::draw(recipe, person, &mut chance);
        let chance = &mut chance;
        let forename = match faults.forename {
            Fault::Missing => String::new(),
            Fault::Slip => names::mistyped(person.given, chance),
            Fault::Short => names::given_variant(person.given, chance),
            _ => person.given.to_owned(),
        };
        let surname = match faults.surname {
            Fault::Missing => String::new(),
            Fault::Slip => names::mistyped(&person.family, chance),
            Fault::Other => people.other_family(person),
            _ => person.family.clone(),
        };
        let (forename, surname) = if faults.names_swapped {
            (surname, forename)
        } else {
            (forename, surname)
        };
        let postcode = match faults.postcode {
            Fault::Missing => String::new(),
            Fault::Slip => names::mistyped(&addresses::postcode(person.home), chance).to_ascii_uppercase(),
            Fault::Other => addresses::postcode(people.other_home(person)),
            _ => addresses::postcode(person.home),
        };
        let number = match faults.number {
            Fault::Missing => String::new(),
            Fault::Slip => one_digit_off(&people.number(person.index), chance),
            Fault::Stranger => people.number(chance.below(others as usize) as u64),
            _ => people.number(person.index),
        };
        let shown = Shown {
            forename,
            surname,
            birth: shown_birth(person.birth, faults.birth, chance),
            sex: match (faults.sex, person.sex) {
                (Fault::Missing, _) => None,
                (Fault::Slip, Sex::Female) => Some(Sex::Male),
                (Fault::Slip, Sex::Male) => Some(Sex::Female),
                (_, sex) => Some(sex),
            },
            postcode,
            number,
        };
        (shown, faults)
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},", self.forename, self.surname)?;
        if let Some(birth) = self.birth {
            write!(f, "{birth}")?;
        }
        let sex = match self.sex {
            Some(Sex::Female) => "F",
            Some(Sex::Male) => "M",
            None => "",
        };
        write!(f, ",{sex},{},{}", self.postcode, self.number)
    }
}

fn shown_birth(birth: Date, fault: Fault, chance: &mut Chance) -> Option<Date> {
    match fault {
        Fault::Missing => None,
        Fault::Swapped => Some(swapped(birth).unwrap_or(birth)),
        Fault::Slip => Some(digit_off(birth, chance)),
        Fault::January => Some(Date::new(birth.year(), 1, 1).unwrap_or(birth)),
        _ => Some(birth),
    }
}

/// Day and month in each other's place, where that is another date.
fn swapped(birth: Date) -> Option<Date> {
    Date::new(birth.year(), birth.day(), birth.month()).filter(|swapped| *swapped != birth)
}

/// One of the six digits after the century changed, into a date that there is; screens refuse others.
fn digit_off(birth: Date, chance: &mut Chance) -> Date {
    let figures = (birth.year() % 100) as u32 * 10_000 + birth.month() * 100 + birth.day();
    for _ in 0..60 {
        let (unit, digit) = (10_u32.pow(chance.below(6) as u32), chance.below(10) as u32);
        let wrong = figures - figures / unit % 10 * unit + digit * unit;
        let year = birth.year() / 100 * 100 + (wrong / 10_000) as i32;
        let date = Date::new(year, wrong / 100 % 100, wrong % 100);
        if let Some(date) = date.filter(|date| *date != birth && date.year() <= 2025) {
            return date;
        }
    }
    birth.plus_days(1)
}
