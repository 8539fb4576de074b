//! Invented people: whatever is true of one follows from the seed and the number alone, so that records can be made in
//! any order, on any thread, without a table of people in memory.

use vocabulary::date::Date;
use vocabulary::number::check_digit;

/// The first year of the records.
pub(crate) const FIRST_YEAR: i32 = 2014;
/// Years of records; each is a file.
pub(crate) const YEARS: i32 = 10;
/// The last day of the records.
pub(crate) fn last_day() -> Date {
    Date::new(FIRST_YEAR + YEARS - 1, 12, 31).unwrap()
}

/// A number as it is sent: of a range that is not issued, with its check digit.
pub(crate) fn sent(person: u64) -> String {
    // Of ten numbers that differ in the last of nine digits, at most one has no check digit.
    let ten = 900_000_000 + person / 9 * 10;
    let numbers = (ten..ten + 10).filter_map(|nine| Some(nine * 10 + check_digit(nine)?));
    numbers.clone().nth((person % 9) as usize).unwrap().to_string()
}

/// Records for one person, on average.
const ROWS_A_PERSON: u64 = 5;

/// What a person has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Illness {
    /// No cancer.
    None,
    /// Breast cancer.
    Breast,
    /// Another cancer.
    Other,
    /// Both.
    Both,
}

/// A person.
pub(crate) struct Person {
    /// The number, from 1.
    pub number: u64,
    /// What the person has.
    pub illness: Illness,
    /// Diagnosis of the cancer, if any.
    pub diagnosed: Date,
    /// Start of metastatic disease, if any.
    pub spread: Option<Date>,
    /// Death, if any.
    pub death: Option<Date>,
    /// The usual hospital, as a place in the list of bodies.
    pub home: u64,
}

/// All the people.
#[derive(Clone, Copy)]
pub(crate) struct People {
    seed: u64,
    count: u64,
}

impl People {
    /// The people of so many records.
    pub(crate) fn of(rows: u64, seed: u64) -> Self {
        let count = (rows / ROWS_A_PERSON).max(1_000);
        Self { seed, count }
    }

    /// How many there are.
    pub(crate) fn count(self) -> u64 {
        self.count
    }

    /// Where the people of each illness end, in the order of places: breast cancer (2 %), another cancer (6 %).
    pub(crate) fn ends(self) -> (u64, u64) {
        (self.count / 50, self.count * 8 / 100)
    }

    /// The person at a place.
    pub(crate) fn person(self, place: u64) -> Person {
        let (breast, other) = self.ends();
        let chance = |what: u64| mix(self.seed ^ mix(place.wrapping_mul(31) + what)) % 1_000_000;
        let illness = match place {
            _ if place < breast && chance(1) < 50_000 => Illness::Both,
            _ if place < breast => Illness::Breast,
            _ if place < other => Illness::Other,
            _ => Illness::None,
        };
        let start = Date::new(2008, 1, 1).unwrap();
        let diagnosed = start.plus_days(i32::try_from(chance(2) * 5_800 / 1_000_000).unwrap());
        let ill = illness != Illness::None;
        let spread = (ill && chance(3) < 300_000).then(|| {
            diagnosed.plus_days(i32::try_from(chance(4) * chance(4) / 1_000_000 * 3_000 / 1_000_000).unwrap())
        });
        let death = match spread {
            Some(day) if chance(5) < 800_000 => {
                Some(day.plus_days(60 + i32::try_from(chance(6) * 1_800 / 1_000_000).unwrap()))
            }
            None if chance(5) < 80_000 => {
                let first = Date::new(FIRST_YEAR, 1, 1).unwrap();
                Some(first.plus_days(i32::try_from(chance(6) * 3_652 / 1_000_000).unwrap()))
            }
            _ => None,
        };
        Person {
            number: self.number(place),
            illness,
            diagnosed,
            spread,
            death: death.filter(|day| *day <= last_day()),
            home: chance(7),
        }
    }

    /// The number of the person at a place: every number once, in no order.
    fn number(self, place: u64) -> u64 {
        let mut step = (self.count * 618 / 1_000) | 1;
        while gcd(step, self.count) != 1 {
            step += 2;
        }
        1 + (u128::from(place) * u128::from(step) % u128::from(self.count)) as u64
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Mixes the bits of a number (the finaliser of SplitMix64).
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
