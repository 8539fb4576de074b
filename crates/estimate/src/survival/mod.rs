//! Survival: how long people live from a first moment, such as the first metastasis.
//!
//! Two kinds of curve. An **observed** curve ([`kaplan_meier`], [`nelson_aalen`], [`aalen_johansen`]) says what was
//! seen and ends with the follow-up. A **family** ([`Family`]) says what would follow after it: how many people live
//! with secondary breast cancer rests on the years that nobody has watched yet, so several families are fitted
//! ([`fit`]), averaged ([`average`]), and their mean is split into what was observed and what was extrapolated
//! ([`MeanSplit`]). Everything is in one unit of time, which is the year wherever a family meets a calendar.
//!
//! Delayed entry is everywhere: a person who came under observation two years after the first metastasis could not
//! have been seen to die in those two years, and is at risk only from then on.

mod alike;
mod competing;
mod family;
mod fit;
mod follow_up;
mod kaplan_meier;
mod likelihood;
mod nelson_aalen;
mod newton;
mod other_causes;
mod published;
mod slow_class;

pub use competing::{CauseFollowUp, CumulativeIncidence, IncidenceStep, aalen_johansen};
pub use family::{Family, MeanSplit};
pub(crate) use fit::average_by_day;
pub use fit::{AveragedSurvival, FittedFamily, average, fit};
pub use follow_up::{FollowUp, RiskStep, risk_steps};
pub use kaplan_meier::{CurveStep, RestrictedMean, SurvivalCurve, SurvivalMedian, kaplan_meier};
pub use likelihood::{FamilyKind, log_likelihood};
pub use nelson_aalen::{HazardStep, nelson_aalen};
pub use other_causes::Survival;
pub use published::{Anchor, Through, through};

#[cfg(test)]
mod tests;
