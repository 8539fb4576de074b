//! Invented records: admissions and treatments, in the order of their dates, a year a file.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vocabulary::date::Date;

use crate::people::{FIRST_YEAR, Illness, People, Person};

/// A record of hospital care.
pub(crate) struct Event {
    /// Whose it is.
    pub person: u64,
    /// Its day.
    pub day: Date,
    /// The body that sends it, as a place in the list of bodies.
    pub body: usize,
    /// What it says.
    pub what: What,
}

/// What a record says.
pub(crate) enum What {
    /// An admission: diagnoses and operations in their order.
    Admission(Vec<&'static str>, Vec<&'static str>),
    /// A treatment.
    Treatment(Treatment),
}

/// A treatment with a drug.
pub(crate) struct Treatment {
    /// Diagnosis.
    pub diagnosis: &'static str,
    /// Around surgery or not.
    pub adjunctive: &'static str,
    /// Intent.
    pub intent: &'static str,
    /// Drug.
    pub drug: &'static str,
    /// Dose.
    pub dose: &'static str,
}

/// A share of records that are treatments, in hundredths.
const TREATMENTS: u64 = 5;
const SECONDARY: [&str; 10] = [
    "C780", "C782", "C786", "C787", "C793", "C795", "C795", "C796", "C798", "C799",
];
const SUPPORTING: [&str; 6] = ["Z515", "G952", "M844", "J91", "R18", "E835"];
const BREAST: [&str; 5] = ["C501", "C504", "C508", "C509", "C509"];
const OTHER: [&str; 6] = ["C189", "C20", "C341", "C349", "C61", "C859"];
const DRUGS: [(&str, &str); 12] = [
    ("FULVESTRANT", "500"),
    ("PALBOCICLIB", "125"),
    ("CAPECITABINE", "2000"),
    ("DENOSUMAB", "120"),
    ("DENOSUMAB", "60"),
    ("TRASTUZUMAB EMTANSINE", "240"),
    ("RIBOCICLIB", "600"),
    ("ABEMACICLIB", "300"),
    ("VINORELBINE", "60"),
    ("ERIBULIN", "2"),
    ("DOCETAXEL", "140"),
    ("PACLITAXEL", "160"),
];
const EARLY: [&str; 6] = [
    "EPIRUBICIN",
    "CYCLOPHOSPHAMIDE",
    "DOCETAXEL",
    "TRASTUZUMAB",
    "PACLITAXEL",
    "CARBOPLATIN",
];

/// The records of one file: a year of admissions or of treatments.
pub(crate) struct Year<'a> {
    people: People,
    codes: &'a Codes,
    chance: ChaCha8Rng,
    first: Date,
    days: u64,
    rows: u64,
    at: u64,
    bodies: u64,
    treatments: bool,
}

/// The common codes that say nothing about cancer.
pub(crate) struct Codes {
    diagnoses: Vec<&'static str>,
    operations: Vec<&'static str>,
}

impl Codes {
    /// 1,500 diagnoses and 900 operations; the texts live as long as the program.
    pub(crate) fn new() -> Self {
        let letters = "ABDEFGHIJKLMNOPQRSTUVWXY";
        let code = |number: usize| {
            let letter = letters.as_bytes()[number % letters.len()];
            &*format!("{}{:02}{}", char::from(letter), number * 7 % 90 + 2, number % 10).leak()
        };
        let operation = |number: usize| {
            let letter = b'A' + u8::try_from(number % 25).unwrap();
            &*format!("{}{:02}{}", char::from(letter), number * 11 % 98 + 1, number % 10).leak()
        };
        Self {
            diagnoses: (0..1_500).map(code).collect(),
            operations: (0..900).map(operation).collect(),
        }
    }
}

impl<'a> Year<'a> {
    /// The records of a file; `bodies` is the number of bodies that send.
    pub(crate) fn new(
        people: People,
        codes: &'a Codes,
        file: u64,
        rows: u64,
        seed: u64,
        bodies: usize,
    ) -> Self {
        let year = FIRST_YEAR + i32::try_from(file % 10).unwrap();
        let first = Date::new(year, 1, 1).unwrap();
        let next = Date::new(year + 1, 1, 1).unwrap();
        let treatments = file >= 10;
        let share = if treatments { TREATMENTS } else { 100 - TREATMENTS };
        Self {
            people,
            codes,
            chance: ChaCha8Rng::seed_from_u64(seed.wrapping_mul(1_000) + file),
            first,
            days: u64::try_from(next.days() - first.days()).unwrap(),
            rows: rows * share / 1_000,
            at: 0,
            bodies: bodies as u64,
            treatments,
        }
    }

    fn somebody(&mut self, day: Date) -> Person {
        let (breast, other) = self.people.ends();
        for _ in 0..8 {
            let among = self.chance.random_range(0..1_000_u32);
            let (low, high) = match (self.treatments, among) {
                (false, 0..40) | (true, 0..250) => (0, breast),
                (false, 40..100) | (true, 250..) => (breast, other),
                _ => (other, self.people.count()),
            };
            let person = self.people.person(self.chance.random_range(low..high));
            if person.death.is_none_or(|death| day <= death) {
                return person;
            }
        }
        self.people.person(self.people.count() - 1)
    }

    fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.chance.random_range(0..list.len())]
    }

    fn happens(&mut self, percent: u32) -> bool {
        self.chance.random_range(0..100) < percent
    }

    fn admission(&mut self, person: &Person, day: Date) -> What {
        let mut diagnoses = Vec::with_capacity(8);
        let mut operations = Vec::new();
        let ill = person.illness != Illness::None && person.diagnosed <= day;
        if ill && self.happens(60) {
            self.cancer_codes(person, day, &mut diagnoses);
        }
        // How many other codes there are is geometric, four on average.
        while diagnoses.len() < 20 && (diagnoses.is_empty() || self.happens(72)) {
            let skewed = u64::from(self.chance.next_u32() >> 16);
            let place = (skewed * skewed * skewed * 1_500) >> 48;
            diagnoses.push(self.codes.diagnoses[place as usize]);
        }
        if self.happens(1) {
            let code = self.one(&SUPPORTING);
            diagnoses.truncate(19);
            diagnoses.push(code);
        }
        while operations.len() < 24 && self.happens(45) {
            let skewed = u64::from(self.chance.next_u32() >> 16);
            operations.push(self.codes.operations[((skewed * skewed * 900) >> 32) as usize]);
        }
        What::Admission(diagnoses, operations)
    }

    fn cancer_codes(&mut self, person: &Person, day: Date, diagnoses: &mut Vec<&'static str>) {
        let breast = matches!(person.illness, Illness::Breast | Illness::Both);
        if matches!(person.illness, Illness::Other | Illness::Both) {
            diagnoses.push(self.one(&OTHER));
        }
        if breast && self.happens(70) {
            diagnoses.push(self.one(&BREAST));
        } else if breast {
            diagnoses.push("Z853");
        }
        if self.happens(8) {
            diagnoses.push("C773");
        }
        let spread = person.spread.is_some_and(|spread| spread <= day);
        if spread && self.happens(60) || self.happens(1) {
            diagnoses.push(self.one(&SECONDARY));
            if self.happens(30) {
                diagnoses.push(self.one(&SUPPORTING));
            }
        }
    }

    fn treatment(&mut self, person: &Person, day: Date) -> Treatment {
        let breast = matches!(person.illness, Illness::Breast | Illness::Both);
        let spread = person.spread.is_some_and(|spread| spread <= day);
        let diagnosis = match (breast, spread) {
            (_, true) if self.happens(10) => self.one(&SECONDARY),
            (true, _) => self.one(&BREAST),
            (false, _) => self.one(&OTHER),
        };
        let (drug, dose) = if spread {
            self.one(&DRUGS)
        } else {
            (self.one(&EARLY), "100")
        };
        let adjunctive = if spread {
            self.one(&["3", "3", "9", "1"])
        } else {
            self.one(&["1", "2", "3"])
        };
        let intent = if spread {
            self.one(&["02", "03", "99"])
        } else {
            "01"
        };
        Treatment {
            diagnosis,
            adjunctive,
            intent,
            drug,
            dose,
        }
    }
}

impl Iterator for Year<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        if self.at == self.rows {
            return None;
        }
        let day = self
            .first
            .plus_days(i32::try_from(self.at * self.days / self.rows).unwrap());
        self.at += 1;
        let person = self.somebody(day);
        let away = self.happens(10);
        let body = if away {
            self.chance.random_range(0..self.bodies)
        } else {
            person.home % self.bodies
        };
        let what = if self.treatments {
            What::Treatment(self.treatment(&person, day))
        } else {
            self.admission(&person, day)
        };
        Some(Event {
            person: person.number,
            day,
            body: body as usize,
            what,
        })
    }
}
