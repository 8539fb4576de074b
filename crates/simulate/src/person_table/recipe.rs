//! What a person table is made of: how many records, how often what goes wrong, and whether faults keep company.

use crate::error::SimulateError;

/// What to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Rows of the table.
    pub records: u64,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// Faults keep company: 15 % of records come from a poor desk, which makes four times the
    /// faults of a clean one. The rates over all records stay as they are. A model that takes the fields as
    /// independent is too sure of itself on such a table, as it is on real ones.
    pub correlation: bool,
    /// How often what goes wrong.
    pub rates: Rates,
}

/// Share of records that come from a poor desk.
pub(super) const POOR_SHARE: f64 = 0.15;
/// Faults of a poor desk for each fault of a clean one.
pub(super) const POOR_FACTOR: f64 = 4.0;
/// More people than this would need more numbers than the ranges that nobody issues have.
const MOST_RECORDS: u64 = 30_000_000;

impl Recipe {
    /// The usual recipe.
    pub fn new(records: u64, seed: u64) -> Recipe {
        Recipe {
            records,
            seed,
            correlation: true,
            rates: Rates::default(),
        }
    }

    /// Refuses recipes that cannot be carried out.
    pub(super) fn check(&self) -> Result<(), SimulateError> {
        let wrong = |what| Err(SimulateError::Plan { what });
        if !(1..=MOST_RECORDS).contains(&self.records) {
            return wrong("a person table has from one to thirty million records");
        }
        // A poor desk makes nearly three times the mean, and every field must keep room for being right.
        if !self.rates.all().iter().all(|rate| (0.0..=0.1).contains(rate)) {
            return wrong("every rate of a person table must be from 0 to 0.1");
        }
        Ok(())
    }
}

/// Shares of records in which something is wrong or not there. All are assumptions, set before any linker was
/// measured; together they are dirtier than hospital data with traced numbers and cleaner than typed lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Forename with a slip of the finger.
    pub forename_mistyped: f64,
    /// Forename in a short or other form, or as an initial.
    pub forename_short: f64,
    /// Forename blank.
    pub forename_missing: f64,
    /// Surname with a slip of the finger.
    pub surname_mistyped: f64,
    /// Another surname, before or after marriage: share of women's records.
    pub surname_changed: f64,
    /// Surname blank.
    pub surname_missing: f64,
    /// Forename and surname in each other's place; five times as often for names of another order than the form's.
    pub names_swapped: f64,
    /// Another address.
    pub moved: f64,
    /// Postcode with a slip of the finger.
    pub postcode_mistyped: f64,
    /// Postcode blank.
    pub postcode_missing: f64,
    /// Day and month of birth in each other's place, where both can be a month: other slips of this kind are
    /// refused when they are typed.
    pub birth_swapped: f64,
    /// One digit of the birth date wrong, the date still a date.
    pub birth_digit: f64,
    /// 1 January of the right year.
    pub birth_january: f64,
    /// Birth date blank.
    pub birth_missing: f64,
    /// The other sex.
    pub sex_wrong: f64,
    /// Sex blank.
    pub sex_missing: f64,
    /// Number wrong: nine in ten by one digit, so that the check digit fails; one in ten is somebody else's.
    pub number_wrong: f64,
    /// Number blank.
    pub number_missing: f64,
}

impl Default for Rates {
    fn default() -> Rates {
        Rates {
            forename_mistyped: 0.04,
            forename_short: 0.02,
            forename_missing: 0.01,
            surname_mistyped: 0.04,
            surname_changed: 0.02,
            surname_missing: 0.005,
            names_swapped: 0.01,
            moved: 0.10,
            postcode_mistyped: 0.02,
            postcode_missing: 0.03,
            birth_swapped: 0.012,
            birth_digit: 0.012,
            birth_january: 0.004,
            birth_missing: 0.02,
            sex_wrong: 0.003,
            sex_missing: 0.02,
            number_wrong: 0.01,
            number_missing: 0.05,
        }
    }
}

impl Rates {
    fn all(&self) -> [f64; 18] {
        [
            self.forename_mistyped,
            self.forename_short,
            self.forename_missing,
            self.surname_mistyped,
            self.surname_changed,
            self.surname_missing,
            self.names_swapped,
            self.moved,
            self.postcode_mistyped,
            self.postcode_missing,
            self.birth_swapped,
            self.birth_digit,
            self.birth_january,
            self.birth_missing,
            self.sex_wrong,
            self.sex_missing,
            self.number_wrong,
            self.number_missing,
        ]
    }
}
