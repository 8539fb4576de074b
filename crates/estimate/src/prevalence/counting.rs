//! The counting method: who of a register is alive at a date, with those who were lost counted by their chance.

use crate::EstimateError;
use crate::survival::Survival;

use super::duration::ByDuration;
use super::kernel::LONGEST;

/// One person of a register, in years of one calendar (2015.5 is the middle of 2015).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Person {
    /// The date of the first metastasis.
    pub diagnosed: f64,
    /// What is known last.
    pub last_known: LastKnown,
}

/// What is known last of a person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LastKnown {
    /// Died at this date.
    Died(f64),
    /// Known to be alive at this date, or followed passively by deaths that are complete until it.
    Alive(f64),
}

/// How many of a register are alive at a date.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedAlive {
    /// People known to be alive at the date.
    pub known: u64,
    /// People lost before it, each counted by the chance of still being alive.
    pub lost: f64,
    /// How many were lost before it.
    pub lost_people: u64,
    /// The variance that the lost bring: each of them is alive or not.
    pub variance: f64,
    /// Known and lost together, by whole years since the first metastasis.
    pub by_duration: ByDuration,
}

impl CountedAlive {
    /// Known and lost together.
    pub fn total(&self) -> f64 {
        self.known as f64 + self.lost
    }
}

/// How many people of a register are alive at `date`, of those diagnosed in the `years` before it.
///
/// **Formula.** P = Σ 1{known alive} + Σ over those lost at *c* < date of S(date − *d*)/S(*c* − *d*), with *d* the
/// date of the first metastasis: the chance to be alive at the date given that the person was at *c*. Variance: Σ *p*
/// (1 − *p*) over the lost.
///
/// **Source.** M. H. Gail and others, Biometrics 55 (1999) 1137–1144 (the counting method).
///
/// **Errors.** Nobody in the register; dates that are not finite, or a last date before the first; no years, or more
/// than 250.
///
/// **When it fails.** Deaths that are not linked leave people alive for ever. Where the register began by entering
/// people who had had the disease for years, their date must be that of the first metastasis and not of the entry.
/// The curve's own uncertainty is not in the variance.
pub fn counted_alive(
    people: &[Person],
    date: f64,
    years: usize,
    survival: Survival,
) -> Result<CountedAlive, EstimateError> {
    if people.is_empty() {
        return Err(EstimateError::Empty);
    }
    if years == 0 || years > LONGEST {
        return Err(EstimateError::Duration);
    }
    let (mut known, mut lost, mut lost_people, mut variance) = (0, 0.0, 0, 0.0);
    let mut by_year = vec![0.0; years];
    for person in people {
        let Some(chance) = chance_alive(*person, date, survival)? else {
            continue;
        };
        let since = date - person.diagnosed;
        let Some(year) = by_year.get_mut(since as usize) else {
            continue;
        };
        *year += chance.unwrap_or(1.0);
        match chance {
            None => known += 1,
            Some(chance) => {
                lost += chance;
                lost_people += 1;
                variance += chance * (1.0 - chance);
            }
        }
    }
    Ok(CountedAlive {
        known,
        lost,
        lost_people,
        variance,
        by_duration: ByDuration::new(by_year)?,
    })
}

/// None for people who are dead at the date or not yet ill; otherwise the chance of the lost, or none for certain.
fn chance_alive(person: Person, date: f64, survival: Survival) -> Result<Option<Option<f64>>, EstimateError> {
    let (LastKnown::Died(last) | LastKnown::Alive(last)) = person.last_known;
    if !(person.diagnosed.is_finite() && last.is_finite() && date.is_finite()) {
        return Err(EstimateError::NotFinite);
    }
    if last < person.diagnosed {
        return Err(EstimateError::FollowUpWithoutLength);
    }
    if person.diagnosed > date {
        return Ok(None);
    }
    Ok(match person.last_known {
        LastKnown::Died(died) => (died > date).then_some(None),
        LastKnown::Alive(seen) if seen >= date => Some(None),
        LastKnown::Alive(seen) => {
            let then = survival.survival(seen - person.diagnosed);
            if then <= 0.0 {
                return Err(EstimateError::NobodyExpected);
            }
            Some(Some(survival.survival(date - person.diagnosed) / then))
        }
    })
}
