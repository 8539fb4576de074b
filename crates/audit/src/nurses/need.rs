//! How many nurses are needed, by a model that the user sets.

/// A number with the range it may lie in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The number.
    pub value: f64,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
}

impl Range {
    /// The product of two numbers of 0 or more, end by end: at least as wide as the range of the product, whatever ties them.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self {
            value: self.value * other.value,
            low: self.low * other.low,
            high: self.high * other.high,
        }
    }

    /// The range with a function applied that grows with its argument.
    #[must_use]
    pub fn map(self, rising: impl Fn(f64) -> f64) -> Self {
        Self {
            value: rising(self.value),
            low: rising(self.low),
            high: rising(self.high),
        }
    }
}

/// Hours of work, all set by the user.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hours {
    /// With or for each person living, a year.
    pub each_person: f64,
    /// More for each person newly diagnosed.
    pub each_new: f64,
    /// Administration of one whole service, a year.
    pub administration: f64,
    /// That one whole-time nurse works in a year, holidays, sickness and training taken off.
    pub of_a_nurse: f64,
}

/// How a need is computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Model {
    /// So many people living to one whole-time nurse.
    Caseload(f64),
    /// From hours of work.
    Hours(Hours),
}

impl Model {
    /// The model for so many services together: each has its own administration.
    #[must_use]
    pub fn of_services(self, services: i64) -> Self {
        match self {
            Self::Hours(hours) => Self::Hours(Hours {
                administration: hours.administration * services as f64,
                ..hours
            }),
            Self::Caseload(_) => self,
        }
    }
}

/// Nurses needed beside nurses in post, in whole-time equivalents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Need {
    /// Needed.
    pub needed: Range,
    /// Needed and not in post; below 0 where more are in post.
    pub gap: Range,
}

/// Why there is no need to be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NeedError {
    /// A setting that must be above 0.
    #[error("{0} must be a number above 0")]
    NotPositive(&'static str),
    /// A setting that must not be negative.
    #[error("{0} must be a number of 0 or more")]
    Negative(&'static str),
    /// The hours model needs new people, and there is no such number.
    #[error("the hours of new people need the number newly diagnosed, and there is none for this place")]
    NoNew,
}

/// Nurses needed for people living and newly diagnosed.
///
/// **Formula.** Caseload: needed = living / caseload. Hours: needed = (living × hours for each + new × more hours for each
/// new + administration) / hours of a nurse. Gap = needed − in post. The ends of the interval come from the ends of the
/// numbers: both counts come from one set of draws and rise together, so that low with low and high with high is at least
/// as wide as the truth.
///
/// **When it fails.** It knows numbers of people, not how ill they are or how far they live. In post means in post, not at
/// work. A caseload that nobody has tested is a wish.
pub fn need(model: &Model, living: Range, new: Option<Range>, in_post: f64) -> Result<Need, NeedError> {
    let needed = match *model {
        Model::Caseload(people) => {
            positive("a caseload", people)?;
            living.map(|living| living / people)
        }
        Model::Hours(hours) => {
            positive("the hours of a nurse", hours.of_a_nurse)?;
            for (name, value) in [
                ("the hours for each person", hours.each_person),
                ("the hours for each new person", hours.each_new),
                ("the hours of administration", hours.administration),
            ] {
                if !(value >= 0.0 && value.is_finite()) {
                    return Err(NeedError::Negative(name));
                }
            }
            let new = match new {
                Some(new) => new,
                None if hours.each_new == 0.0 => Range {
                    value: 0.0,
                    low: 0.0,
                    high: 0.0,
                },
                None => return Err(NeedError::NoNew),
            };
            let nurses = |living: f64, new: f64| {
                (living * hours.each_person + new * hours.each_new + hours.administration) / hours.of_a_nurse
            };
            Range {
                value: nurses(living.value, new.value),
                low: nurses(living.low, new.low),
                high: nurses(living.high, new.high),
            }
        }
    };
    Ok(Need {
        needed,
        gap: needed.map(|needed| needed - in_post),
    })
}

fn positive(name: &'static str, value: f64) -> Result<(), NeedError> {
    if value > 0.0 && value.is_finite() {
        Ok(())
    } else {
        Err(NeedError::NotPositive(name))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn range(value: f64, low: f64, high: f64) -> Range {
        Range { value, low, high }
    }

    /// The examples worked by hand in the book (`docs/src/nurses.md`).
    #[test]
    fn the_examples_of_the_book() {
        let living = range(300.0, 270.0, 360.0);
        let found = need(&Model::Caseload(60.0), living, None, 2.5).unwrap();
        assert_eq!(found.needed, range(5.0, 4.5, 6.0));
        assert_eq!(found.gap, range(2.5, 2.0, 3.5));
        let hours = Hours {
            each_person: 20.0,
            each_new: 10.0,
            administration: 300.0,
            of_a_nurse: 1_500.0,
        };
        let found = need(&Model::Hours(hours), living, Some(range(60.0, 54.0, 69.0)), 2.5).unwrap();
        // (300 × 20 + 60 × 10 + 300) / 1,500 = 6,900 / 1,500.
        assert!((found.needed.value - 4.6).abs() < 1e-12);
        // (270 × 20 + 54 × 10 + 300) / 1,500 = 6,240 / 1,500; (360 × 20 + 69 × 10 + 300) / 1,500 = 8,190 / 1,500.
        assert!((found.needed.low - 4.16).abs() < 1e-12 && (found.needed.high - 5.46).abs() < 1e-12);
        assert!((found.gap.value - 2.1).abs() < 1e-12);
        // Years ahead: 300 (270 to 360) grow 1.1 times (1.05 to 1.2); 330 / 60, 283.5 / 60, 432 / 60.
        let grown = living.times(range(1.1, 1.05, 1.2));
        let found = need(&Model::Caseload(60.0), grown, None, 2.5).unwrap();
        assert!((found.needed.value - 5.5).abs() < 1e-12);
        assert!((found.needed.low - 4.725).abs() < 1e-12 && (found.needed.high - 7.2).abs() < 1e-12);
    }

    #[test]
    fn the_needs_of_hospitals_add_up_to_their_nations() {
        let hours = Model::Hours(Hours {
            each_person: 20.0,
            each_new: 0.0,
            administration: 300.0,
            of_a_nurse: 1_500.0,
        });
        for model in [hours, Model::Caseload(60.0)] {
            let needed = |services: i64, people: f64| {
                let model = model.of_services(services);
                let living = range(people, people, people);
                need(&model, living, None, 0.0).unwrap().needed.value
            };
            let apart = needed(1, 300.0) + needed(1, 120.0);
            assert!((needed(2, 420.0) - apart).abs() < 1e-12, "{model:?}");
        }
    }

    #[test]
    fn settings_that_make_no_sense_are_named() {
        let living = range(300.0, 270.0, 360.0);
        let error = need(&Model::Caseload(0.0), living, None, 1.0).unwrap_err();
        assert_eq!(error.to_string(), "a caseload must be a number above 0");
        let hours = Hours {
            each_person: 20.0,
            each_new: 10.0,
            administration: -1.0,
            of_a_nurse: 1_500.0,
        };
        let error = need(&Model::Hours(hours), living, None, 1.0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the hours of administration must be a number of 0 or more"
        );
        let hours = Hours {
            administration: 0.0,
            ..hours
        };
        assert_eq!(
            need(&Model::Hours(hours), living, None, 1.0),
            Err(NeedError::NoNew)
        );
    }
}
