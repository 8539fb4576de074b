//! What one hospital's front desk believes about one person, and the slips of single rows.
//!
//! Errors recur: a birth date mistyped at registration is wrong in every file the hospital sends. So the errors
//! of [`crate::plan::Dirt`] are drawn once for each person and hospital; only a few strike single rows.

use crate::chance::{Chance, Purpose};
use crate::identity::{Identity, Numbers};
use crate::life::Who;
use crate::names;
use crate::plan::Plan;
use std::borrow::Cow;
use vocabulary::date::Date;
use vocabulary::sex::Sex;

/// Desks that are not hospitals.
pub(crate) const REGISTRY: u8 = 250;
/// Registrars of deaths.
pub(crate) const REGISTRAR: u8 = 251;
/// An independent hospital.
pub(crate) const INDEPENDENT: u8 = 252;

/// One desk's entry for one person.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    number: String,
    birth: Date,
    given: String,
    family_fault: Option<u64>,
    sex: Option<Sex>,
    postcode: Address,
    /// Days until a change of name or address is entered.
    lag: i32,
    pub(crate) local_id: String,
}

#[derive(Debug, Clone)]
enum Address {
    Followed,
    Stale,
    Mistyped(u64),
    Unknown(&'static str),
}

/// What a row shows of a person.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) number: &'a str,
    pub(crate) birth: Date,
    pub(crate) family: Cow<'a, str>,
    pub(crate) given: &'a str,
    pub(crate) sex: Option<Sex>,
    pub(crate) postcode: Cow<'a, str>,
    pub(crate) local_id: &'a str,
}

impl Desk {
    /// The entry of one person at one desk. `place` is the person's position in the nation, for the number.
    pub(crate) fn draw(
        plan: &Plan,
        who: Who,
        desk: u8,
        identity: &Identity,
        numbers: &Numbers,
        place: u64,
    ) -> Desk {
        let mut chance = Chance::of(plan.seed, Purpose::Desk, who.stream(), desk);
        let dirt = plan.dirt.clone().times(carefulness(desk));
        let number = draw_number(&dirt, numbers, place, u64::from(plan.primaries), &mut chance);
        let birth = draw_birth(&dirt, identity.birth, &mut chance);
        let given = if chance.happens(dirt.given_name_variant) {
            names::given_variant(&identity.given, &mut chance)
        } else if chance.happens(dirt.family_name_wrong * 0.5) {
            names::mistyped(&identity.given, &mut chance)
        } else {
            identity.given.clone()
        };
        let family_fault = chance.happens(dirt.family_name_wrong).then(|| chance.word());
        let sex = match chance.weighted(&[dirt.sex_blank, dirt.sex_wrong, 1.0]) {
            0 => None,
            1 => Some(if identity.sex == Sex::Female {
                Sex::Male
            } else {
                Sex::Female
            }),
            _ => Some(identity.sex),
        };
        let weights = [
            dirt.postcode_stale,
            dirt.postcode_wrong,
            dirt.postcode_unknown,
            1.0,
        ];
        let postcode = match chance.weighted(&weights) {
            0 => Address::Stale,
            1 => Address::Mistyped(chance.word()),
            2 => Address::Unknown(chance.pick(&["ZZ99 3VZ", "ZZ99 3WZ", ""], "")),
            _ => Address::Followed,
        };
        let lag = chance.exponential(120.0).min(2_000.0) as i32;
        let local_id = format!("{}{:07}", char::from(b'A' + desk % 26), chance.below(10_000_000));
        Desk {
            number,
            birth,
            given,
            family_fault,
            sex,
            postcode,
            lag,
            local_id,
        }
    }

    /// What a row of this desk, dated so, shows. `number_missing` is the rate at which this source loses numbers.
    pub(crate) fn show<'a>(
        &'a self,
        identity: &'a Identity,
        on: Date,
        number_missing: f64,
        slip: &mut Chance,
    ) -> Seen<'a> {
        let known = on.plus_days(-self.lag);
        let family = identity.family_on(known);
        let family = match self.family_fault {
            // The same fault for the same name, whichever row shows it.
            Some(word) => Cow::Owned(names::family_variant(
                family,
                &mut Chance::of(word, Purpose::Slip, 0, 0),
            )),
            None => Cow::Borrowed(family),
        };
        let postcode = match &self.postcode {
            Address::Followed => Cow::Borrowed(identity.postcode_on(known)),
            Address::Stale => Cow::Borrowed(identity.postcode_on(Date::from_days(0))),
            Address::Mistyped(word) => Cow::Owned(names::mistyped(
                identity.postcode_on(known),
                &mut Chance::of(*word, Purpose::Slip, 0, 0),
            )),
            Address::Unknown(code) => Cow::Borrowed(*code),
        };
        let number = if slip.happens(number_missing) {
            ""
        } else {
            &self.number
        };
        Seen {
            number,
            birth: self.birth,
            family,
            given: &self.given,
            sex: self.sex,
            postcode,
            local_id: &self.local_id,
        }
    }
}

/// Registries trace their people and make a third of the errors; registrars hold certificates and make two thirds.
fn carefulness(desk: u8) -> f64 {
    match desk {
        REGISTRY => 0.33,
        REGISTRAR => 0.67,
        INDEPENDENT => 2.0,
        _ => 1.0,
    }
}

fn draw_number(
    dirt: &crate::plan::Dirt,
    numbers: &Numbers,
    place: u64,
    others: u64,
    chance: &mut Chance,
) -> String {
    let own = numbers.at(place);
    match chance.weighted(&[
        dirt.number_missing,
        dirt.number_mistyped,
        dirt.number_swapped,
        1.0,
    ]) {
        0 => match chance.below(6) {
            // What desks type into a field that must not be empty.
            0 => "9999999999".to_owned(),
            1 => "0000000000".to_owned(),
            _ => String::new(),
        },
        1 => one_digit_off(&own, chance),
        2 => numbers.at(chance.below(others.max(2) as usize) as u64),
        _ => own,
    }
}

/// One digit changed: a single change always fails the check.
pub(crate) fn one_digit_off(number: &str, chance: &mut Chance) -> String {
    let at = chance.below(number.len());
    let mut bytes = number.as_bytes().to_vec();
    if let Some(byte) = bytes.get_mut(at) {
        *byte = b'0' + (*byte - b'0' + 1 + chance.below(9) as u8) % 10;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn draw_birth(dirt: &crate::plan::Dirt, birth: Date, chance: &mut Chance) -> Date {
    match chance.weighted(&[dirt.birth_date_default, dirt.birth_date_wrong, 1.0]) {
        0 => Date::new(1900, 1, 1).unwrap_or(birth),
        1 => wrong_birth(birth, chance),
        _ => birth,
    }
}

fn wrong_birth(birth: Date, chance: &mut Chance) -> Date {
    let (y, m, d) = (birth.year(), birth.month(), birth.day());
    let wrong = match chance.below(5) {
        0 => Date::new(y, d, m),
        1 => Date::new(y + if chance.happens(0.5) { 1 } else { -1 }, m, d),
        2 => Date::new(y + if chance.happens(0.5) { 10 } else { -10 }, m, d),
        3 => Date::new(y, m, 1),
        _ => Date::new(y, 1 + (m + chance.below(11) as u32) % 12, d),
    };
    wrong
        .filter(|w| *w != birth)
        .unwrap_or_else(|| birth.plus_days(chance.between(1, 9)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::geography::Nation;
    use crate::life::{Group, Life};
    use vocabulary::number::PersonNumber;

    #[test]
    fn errors_strike_at_the_stated_rates_and_recur() {
        let plan = Plan::new(9, 4_000);
        let nation = Nation::draw(9, plan.start());
        let numbers = Numbers::draw(9);
        let (mut people, mut no_number, mut bad_check, mut births, mut families) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for n in 0..6_000 {
            let who = Who {
                group: Group::NoCancer,
                n,
            };
            let Some(life) = Life::draw(&plan, who) else {
                continue;
            };
            let identity = Identity::draw(&plan, &nation, who, &life);
            let desk = Desk::draw(&plan, who, 3, &identity, &numbers, n);
            let mut slip = Chance::of(9, Purpose::Slip, n, 0);
            let on = plan.as_of;
            let a = desk.show(&identity, on, 0.0, &mut slip);
            let b = desk.show(&identity, on, 0.0, &mut slip);
            assert_eq!(
                (a.number, &a.family, &a.postcode),
                (b.number, &b.family, &b.postcode)
            );
            people += 1.0;
            if a.number.is_empty() || a.number.starts_with("0000") || a.number == "9999999999" {
                no_number += 1.0;
            } else if PersonNumber::read(a.number, None).is_err() {
                bad_check += 1.0;
            }
            births += f64::from(u8::from(a.birth != life.birth));
            let slow = identity.family_on(on) != identity.family_on(Date::from_days(0));
            families += f64::from(u8::from(!slow && a.family != identity.family_on(on)));
        }
        let near = |count: f64, rate: f64| (count / people - rate).abs() < 0.35 * rate + 0.001;
        assert!(
            near(no_number, plan.dirt.number_missing),
            "{}",
            no_number / people
        );
        assert!(
            near(bad_check, plan.dirt.number_mistyped),
            "{}",
            bad_check / people
        );
        assert!(
            near(births, plan.dirt.birth_date_wrong + plan.dirt.birth_date_default),
            "{}",
            births / people
        );
        assert!(
            near(families, plan.dirt.family_name_wrong),
            "{}",
            families / people
        );
    }
}
