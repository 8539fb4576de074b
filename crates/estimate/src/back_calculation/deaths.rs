//! Deaths by calendar year.

use crate::EstimateError;

/// Deaths from the disease, year by year without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deaths {
    first_year: i32,
    counts: Vec<u64>,
}

/// The fewest years, and the fewest deaths in all, from which a course is calculated back.
const LEAST_YEARS: usize = 5;
const LEAST_DEATHS: u64 = 50;

impl Deaths {
    /// Deaths of `first_year` and the years after it.
    ///
    /// **Errors.** Fewer than five years, or fewer than fifty deaths in all.
    pub fn new(first_year: i32, counts: Vec<u64>) -> Result<Self, EstimateError> {
        if counts.len() < LEAST_YEARS {
            return Err(EstimateError::TooFew {
                what: "years of deaths",
                needed: LEAST_YEARS,
                found: counts.len(),
            });
        }
        let deaths = counts.iter().fold(0_u64, |sum, &count| sum.saturating_add(count));
        if deaths < LEAST_DEATHS {
            return Err(EstimateError::TooFew {
                what: "deaths",
                needed: LEAST_DEATHS as usize,
                found: deaths as usize,
            });
        }
        if !(-100_000..=100_000).contains(&first_year) || counts.len() > 1_000 {
            return Err(EstimateError::StartYear);
        }
        Ok(Self { first_year, counts })
    }

    /// The first year.
    pub fn first_year(&self) -> i32 {
        self.first_year
    }

    /// The last year.
    pub fn last_year(&self) -> i32 {
        self.first_year + self.counts.len() as i32 - 1
    }

    /// The deaths, year by year.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The deaths of one year.
    ///
    /// **Errors.** A year that is not there.
    pub fn in_year(&self, year: i32) -> Result<u64, EstimateError> {
        usize::try_from(i64::from(year) - i64::from(self.first_year))
            .ok()
            .and_then(|index| self.counts.get(index).copied())
            .ok_or(EstimateError::YearOutside {
                year,
                first: self.first_year,
                last: self.last_year(),
            })
    }
}
