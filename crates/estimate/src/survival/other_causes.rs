//! Deaths of other causes beside those of the disease.

use crate::EstimateError;

use super::family::Family;

/// A survival curve with deaths of other causes beside those of the disease.
///
/// **Formula.** S(*u*) = S_net(*u*) exp(−*h* *u*).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Survival {
    /// The curve from deaths of the disease alone.
    pub net: Family,
    /// The hazard of other causes, a year; 0 for none.
    pub other_causes: f64,
}

impl Survival {
    /// A curve, after a check of its parameters.
    ///
    /// **Errors.** As [`Family::checked`]; a hazard of other causes below 0.
    pub fn new(net: Family, other_causes: f64) -> Result<Self, EstimateError> {
        net.checked()?;
        if !(other_causes >= 0.0 && other_causes.is_finite()) {
            return Err(EstimateError::SurvivalParameters);
        }
        Ok(Self { net, other_causes })
    }

    /// A curve without other causes.
    pub fn net(net: Family) -> Result<Self, EstimateError> {
        Self::new(net, 0.0)
    }

    /// The share alive after `time`, whatever the others died of.
    pub fn survival(self, time: f64) -> f64 {
        self.net.survival(time) * (-self.other_causes * time.max(0.0)).exp()
    }

    /// The density of deaths from the disease at `time`, a year.
    pub fn disease_density(self, time: f64) -> f64 {
        self.net.density(time) * (-self.other_causes * time).exp()
    }
}
