//! What to simulate: the size of the nation and how dirty its files are.

use crate::error::SimulateError;
use crate::rates;
use vocabulary::date::Date;

/// The size, the years and the dirt of a simulated nation. The same plan gives the same bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The seed of every draw.
    pub seed: u64,
    /// Breast primaries diagnosed in the years covered; women diagnosed earlier come on top.
    pub primaries: u32,
    /// Years that the sources cover, up to `as_of`.
    pub years: u16,
    /// The last date the study uses. Some files go a month further, as real extracts do.
    pub as_of: Date,
    /// Fill up with people who have no cancer until the admissions files hold this many rows, for a bench.
    /// With `None`, half as many such people as primaries.
    pub admissions_rows: Option<u64>,
    /// Of all deaths with breast cancer as underlying cause, about this share are of people without metastases. With
    /// `None` death certificates misattribute a few, which comes to about 0.011.
    pub deaths_without_metastases: Option<f64>,
    /// How dirty the files are.
    pub dirt: Dirt,
}

impl Plan {
    /// The usual plan: twelve years to the end of 2025, dirt at published rates.
    pub fn new(seed: u64, primaries: u32) -> Plan {
        Plan {
            seed,
            primaries,
            years: 12,
            as_of: Date::new(2025, 12, 31).unwrap_or_else(|| Date::from_days(20_453)),
            admissions_rows: None,
            deaths_without_metastases: None,
            dirt: Dirt::default(),
        }
    }

    /// The first day the sources cover.
    pub(crate) fn start(&self) -> Date {
        self.as_of.plus_days(1).plus_months(-12 * i32::from(self.years))
    }

    /// The last day of life that is simulated: some extracts run a month over `as_of`.
    pub(crate) fn horizon(&self) -> Date {
        self.as_of.plus_days(31)
    }

    /// The share of deaths without metastases, after a breast cancer, whose certificate says that it was the cause.
    pub(crate) fn misattributed(&self) -> f64 {
        match self.deaths_without_metastases {
            Some(share) => rates::BREAST_DEATHS_PER_OTHER * share / (1.0 - share),
            None => rates::DEATH_MISATTRIBUTED,
        }
    }

    /// Refuses plans that cannot be carried out.
    pub(crate) fn check(&self) -> Result<(), SimulateError> {
        let wrong = |what: &'static str| Err(SimulateError::Plan { what });
        if self.primaries == 0 {
            return wrong("primaries is 0: ask for at least one");
        }
        if !(2..=25).contains(&self.years) {
            return wrong("years must be from 2 to 25");
        }
        if !(1..=12).contains(&self.as_of.month()) || !(1990..=2100).contains(&self.as_of.year()) {
            return wrong("as_of must be between 1990 and 2100");
        }
        if self
            .deaths_without_metastases
            .is_some_and(|share| !(0.0..=0.5).contains(&share))
        {
            return wrong("deaths_without_metastases must be from 0 to 0.5");
        }
        self.dirt.check()
    }
}

/// Rates of dirt, each a share of entries or rows. Hospital rates are for one person in one hospital's patient
/// index, so that a wrong birth date recurs in every file of that hospital; row rates strike anywhere.
///
/// Sources. *Linkage*: 96.7 % of trial patients found by number, birth date and name; birth date agrees for
/// 99.6 % and death date for 89.6 % (TACT, Trials 2017, s13063-017-2308-6). *Formats*: NHS England's artificial
/// admitted-care extract shows 1801-01-01, sex 0 and blank codes. Where no figure was found the rate is an
/// assumption, marked so; it was set before any detector was written and is not tuned to one.
#[derive(Debug, Clone, PartialEq)]
pub struct Dirt {
    /// Index entry without a number (within TACT's 3.3 % not found).
    pub number_missing: f64,
    /// Index entry whose number has one digit wrong, so that its check digit fails (within TACT's 3.3 %).
    pub number_mistyped: f64,
    /// Index entry that carries another person's valid number (assumption).
    pub number_swapped: f64,
    /// Birth date wrong in a hospital's index (TACT: 0.4 %).
    pub birth_date_wrong: f64,
    /// Birth date replaced by a default such as 1900-01-01 (assumption).
    pub birth_date_default: f64,
    /// Family name with a slip or another spelling in a hospital's index (assumption).
    pub family_name_wrong: f64,
    /// Given name in another form: Sue, Liz, an initial (assumption).
    pub given_name_variant: f64,
    /// Sex blank, 0 or 9 (seen in the artificial extract).
    pub sex_blank: f64,
    /// Sex wrong (assumption).
    pub sex_wrong: f64,
    /// A move never told to the hospital (assumption; others are told late).
    pub postcode_stale: f64,
    /// Postcode with a slip (assumption).
    pub postcode_wrong: f64,
    /// Postcode unknown: ZZ99 3VZ or blank (assumption).
    pub postcode_unknown: f64,
    /// Row without its number although the index has it (assumption; RTDS and CWT differ by a factor).
    pub row_number_missing: f64,
    /// Row written with dd/mm/yyyy where the file has another form (assumption).
    pub day_month_year: f64,
    /// Row whose event date is a default: 1801-01-01, 1900-01-01 or blank (seen in the artificial extract).
    pub event_date_default: f64,
    /// Row sent twice (assumption).
    pub repeated: f64,
    /// COSD statements that cannot be right: distant with site 97 or only 12, local with a distant site
    /// (assumption; the national guide warns of both).
    pub impossible_statement: f64,
    /// Share of neighbours in the list who are twins, near 1 in 60 births after rounding up for two survivors.
    pub twins: f64,
}

impl Default for Dirt {
    fn default() -> Dirt {
        Dirt {
            number_missing: 0.015,
            number_mistyped: 0.004,
            number_swapped: 0.0003,
            birth_date_wrong: 0.004,
            birth_date_default: 0.001,
            family_name_wrong: 0.012,
            given_name_variant: 0.03,
            sex_blank: 0.006,
            sex_wrong: 0.001,
            postcode_stale: 0.10,
            postcode_wrong: 0.006,
            postcode_unknown: 0.004,
            row_number_missing: 0.006,
            day_month_year: 0.004,
            event_date_default: 0.0015,
            repeated: 0.003,
            impossible_statement: 0.015,
            twins: 0.016,
        }
    }
}

impl Dirt {
    /// Perfect files: what is left is only what the sources cannot know.
    pub fn none() -> Dirt {
        Dirt::default().times(0.0)
    }

    /// Every rate multiplied, and kept below one half.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Dirt {
        for rate in self.rates_mut() {
            *rate = (*rate * factor).clamp(0.0, 0.5);
        }
        self
    }

    fn check(&self) -> Result<(), SimulateError> {
        let mut copy = self.clone();
        let sound = copy
            .rates_mut()
            .into_iter()
            .all(|rate| (0.0..=1.0).contains(rate));
        if sound {
            Ok(())
        } else {
            Err(SimulateError::Plan {
                what: "every rate of dirt must be from 0 to 1",
            })
        }
    }

    fn rates_mut(&mut self) -> [&mut f64; 18] {
        [
            &mut self.number_missing,
            &mut self.number_mistyped,
            &mut self.number_swapped,
            &mut self.birth_date_wrong,
            &mut self.birth_date_default,
            &mut self.family_name_wrong,
            &mut self.given_name_variant,
            &mut self.sex_blank,
            &mut self.sex_wrong,
            &mut self.postcode_stale,
            &mut self.postcode_wrong,
            &mut self.postcode_unknown,
            &mut self.row_number_missing,
            &mut self.day_month_year,
            &mut self.event_date_default,
            &mut self.repeated,
            &mut self.impossible_statement,
            &mut self.twins,
        ]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::{Dirt, Plan};

    #[test]
    fn twelve_years_begin_on_the_first_of_january() {
        let plan = Plan::new(1, 10);
        assert_eq!(plan.start().to_string(), "2014-01-01");
        assert_eq!(plan.horizon().to_string(), "2026-01-31");
    }

    #[test]
    fn a_senseless_plan_is_refused_in_words() {
        let mut plan = Plan::new(1, 0);
        assert!(plan.check().is_err_and(|e| e.to_string().contains("primaries")));
        plan.primaries = 5;
        assert!(plan.check().is_ok());
        for (share, well) in [(0.0, true), (0.5, true), (0.51, false), (f64::NAN, false)] {
            plan.deaths_without_metastases = Some(share);
            assert_eq!(plan.check().is_ok(), well, "{share}");
        }
        plan.deaths_without_metastases = None;
        plan.dirt.sex_blank = 1.5;
        assert!(plan.check().is_err_and(|e| e.to_string().contains("dirt")));
        assert_eq!(Dirt::none().number_missing, 0.0);
    }
}
