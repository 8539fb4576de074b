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
    /// Administration of the whole service, a year.
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
    /// More years than a trend carries.
    #[error("a trend is not followed for {0} years; 1 to 10 can be asked for")]
    TooFar(u32),
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

/// How the number of people goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ahead {
    /// It stays as it is.
    AsNow,
    /// The yearly change of the last years goes on and fades by a tenth each year.
    Fading,
    /// The yearly change of the last years goes on.
    GoesOn,
}

impl Ahead {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AsNow, Self::Fading, Self::GoesOn];

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AsNow => "the number of people stays as it is",
            Self::Fading => "the change of the last five years goes on and fades",
            Self::GoesOn => "the change of the last five years goes on",
        }
    }
}

/// The factor by which people living grow in some years, under one scenario.
///
/// **Formula.** With *b* = ln(last / five years before) / 5 over the nation's people living: exp(Σ *b* φ^*h*), *h* from 1 to
/// the years asked for, with φ = 0, 0.9 and 1.
///
/// **Source.** The damped trend of E. S. Gardner and E. McKenzie, Management Science 31 (1985) 1237–1246.
///
/// **When it fails.** With a new treatment, a new way of recording, a pandemic. The scenarios are never averaged. It
/// follows people living, not new cases and survival apart; a nation's trend is taken for each hospital.
pub fn ahead(last: f64, five_years_before: f64, years: u32, scenario: Ahead) -> Result<f64, NeedError> {
    if !(1..=10).contains(&years) {
        return Err(NeedError::TooFar(years));
    }
    positive("the number of people living", last)?;
    positive("the number of people living five years before", five_years_before)?;
    let change = (last / five_years_before).ln() / 5.0;
    let left: f64 = match scenario {
        Ahead::AsNow => 0.0,
        Ahead::Fading => (1..=years).map(|year| 0.9_f64.powf(f64::from(year))).sum(),
        Ahead::GoesOn => f64::from(years),
    };
    Ok((change * left).exp())
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
    }

    #[test]
    fn years_ahead() {
        // 400 became 480 in five years: ln 1.2 / 5 a year.
        assert_eq!(ahead(480.0, 400.0, 5, Ahead::AsNow), Ok(1.0));
        assert!((ahead(480.0, 400.0, 5, Ahead::GoesOn).unwrap() - 1.2).abs() < 1e-12);
        // 0.9 + 0.81 + 0.729 + 0.6561 + 0.59049 = 3.68559 of five years.
        let fading = ahead(480.0, 400.0, 5, Ahead::Fading).unwrap();
        assert!((fading - (1.2_f64.ln() / 5.0 * 3.68559).exp()).abs() < 1e-12);
        assert_eq!(ahead(480.0, 400.0, 11, Ahead::GoesOn), Err(NeedError::TooFar(11)));
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
