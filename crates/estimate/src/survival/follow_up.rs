//! Who was watched from when to when, and how many were at risk.

use crate::EstimateError;

/// One person's time under observation, in one unit throughout (such as years since the first metastasis).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FollowUp {
    /// When the person came under observation: 0, or later with delayed entry.
    pub entry: f64,
    /// When observation ended.
    pub exit: f64,
    /// Whether it ended with death, and not with being lost or still alive.
    pub died: bool,
}

impl FollowUp {
    /// Someone watched from the first moment.
    pub fn from_start(exit: f64, died: bool) -> Self {
        Self {
            entry: 0.0,
            exit,
            died,
        }
    }
}

/// One moment at which somebody died.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RiskStep {
    /// The moment.
    pub time: f64,
    /// People under observation just before it.
    pub at_risk: u64,
    /// Deaths at it.
    pub deaths: u64,
}

/// The moments of death in order, with the people at risk.
///
/// **Formula.** At risk at *t* are those with entry < *t* ≤ exit. Whoever is lost at the moment of another's death
/// counts as at risk.
///
/// **Errors.** No people; a time that is not finite; follow-up without length, or that begins before 0.
///
/// **When it fails.** When the date of first metastasis is taken to be the date a register first knew of it, everyone
/// seems to be watched from the first moment, and the years survived before that are lived by immortals.
pub fn risk_steps(people: &[FollowUp]) -> Result<Vec<RiskStep>, EstimateError> {
    if people.is_empty() {
        return Err(EstimateError::Empty);
    }
    let mut entries = Vec::with_capacity(people.len());
    let mut exits = Vec::with_capacity(people.len());
    let mut deaths = Vec::new();
    for person in people {
        check_times(person.entry, person.exit)?;
        entries.push(person.entry);
        exits.push(person.exit);
        if person.died {
            deaths.push(person.exit);
        }
    }
    for times in [&mut entries, &mut exits, &mut deaths] {
        times.sort_unstable_by(f64::total_cmp);
    }
    let mut steps = Vec::new();
    for group in deaths.chunk_by(|a, b| a == b) {
        let Some(&time) = group.first() else { continue };
        let entered = entries.partition_point(|&entry| entry < time);
        let left = exits.partition_point(|&exit| exit < time);
        steps.push(RiskStep {
            time,
            at_risk: (entered - left) as u64,
            deaths: group.len() as u64,
        });
    }
    Ok(steps)
}

/// Refuses times that are no follow-up.
pub(super) fn check_times(entry: f64, exit: f64) -> Result<(), EstimateError> {
    if !entry.is_finite() || !exit.is_finite() {
        return Err(EstimateError::NotFinite);
    }
    if entry < 0.0 {
        return Err(EstimateError::Negative);
    }
    if exit <= entry {
        return Err(EstimateError::FollowUpWithoutLength);
    }
    Ok(())
}
