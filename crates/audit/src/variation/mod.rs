//! Which hospitals differ from the others by more than chance, and whether the difference can be trusted.
//!
//! A measurement becomes a conversation, not a scandal, so a flag asks for much:
//!
//! 1. the share of known answers lies outside the limits of a funnel around the peers' share, at its own size;
//! 2. it still does when every missing answer is set to the peers' share (of adjusted outcomes to what is expected of people
//!    like these): what nobody recorded cannot flag anybody;
//! 3. at least the indicator's threshold of answers is known (70 % unless stated);
//! 4. a high share must also survive all missing answers being "no" wherever the hospital's recording is poorer than its
//!    peers' by more than chance: an item that is filled in only when it happened shows nothing but "yes".
//!
//! Otherwise the flag says that not enough is recorded, and the shares if every missing answer were "no" or "yes" say how
//! much that leaves open. The flag and the drawn limit come from one [`Funnel`]. Hospitals are never put in order.
//!
//! **Formula.** Limits at 95 % and 99.8 %: exact and interpolated where hospitals differ no more than chance, else
//! beta-binomial (ratios of outcomes: negative binomial) with the variance *τ*² between hospitals, its *φ* from *z* values
//! winsorised at 10 % ([`Spread::Matched`]); of hospitals at the target no more than 2.5 % and 0.1 % stand beyond either
//! limit, however small they are ([`Funnel::flag_limits`]). Wide variation widens the limits, so *τ*² and the limits without it are given
//! too: that hospitals differ so much is itself a finding.
//!
//! **Source.** D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185–1202; points 2 to 4 are ours, and so is the upper
//! limit: one count above the published one, the mirror image of the lower.
//!
//! **When it fails.** Dishonest or mistaken answers look like honest ones. Under about ten hospitals *τ*² is mostly chance.
//! Winsorising keeps a few odd hospitals from hiding themselves, and makes *τ*² a little small where all differ: with a
//! standard deviation of 3 points between hospitals, 0.24 % of ordinary ones crossed the 99.8 % limits instead of 0.2 %
//! (200 simulated nations of 140).
//! Of hospitals that all record only "yes" nothing can be said, and nothing is.

#[cfg(test)]
mod tests;

use estimate::funnel::{Funnel, Spread, funnel_of_ratios, funnel_of_shares};
use estimate::{Confidence, EstimateError, Interval, Observed, Tally};

/// Fewer hospitals than this are not compared: a funnel of four points shows the four.
pub const FEWEST: usize = 5;

/// The share of *z* values drawn in on either side.
const WINSORISED: f64 = 0.1;

/// The answers of one hospital.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// Events with the answer yes.
    pub part: u64,
    /// Events with an answer.
    pub whole: u64,
    /// Events without.
    pub missing: u64,
    /// For adjusted outcomes: how many of the known would have said yes at the peers' rates for people like these.
    pub expected: Option<f64>,
}

impl Group {
    /// Of the events that count, the share with an answer.
    #[must_use]
    pub fn recorded(&self) -> f64 {
        let asked = self.whole + self.missing;
        if asked == 0 {
            0.0
        } else {
            self.whole as f64 / asked as f64
        }
    }
}

/// What is said of a hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// Within what chance explains.
    Within,
    /// Above the 95 % limit.
    High95,
    /// Above the 99.8 % limit.
    High998,
    /// Below the 95 % limit.
    Low95,
    /// Below the 99.8 % limit.
    Low998,
    /// Too few answers are known to say.
    NotEnoughRecorded,
}

impl Flag {
    /// The word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::High95 => "high_95",
            Self::High998 => "high_99_8",
            Self::Low95 => "low_95",
            Self::Low998 => "low_99_8",
            Self::NotEnoughRecorded => "not_enough_recorded",
        }
    }

    /// Whether the hospital stands outside the 99.8 % limits.
    #[must_use]
    pub fn is_alarm(self) -> bool {
        matches!(self, Self::High998 | Self::Low998)
    }

    /// Whether the hospital stands outside any limit.
    #[must_use]
    pub fn is_outside(self) -> bool {
        !matches!(self, Self::Within | Self::NotEnoughRecorded)
    }
}

/// One hospital, judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// What is said of it.
    pub flag: Flag,
    /// The limits at its size: 95 % and 99.8 %.
    pub limits: [Interval; 2],
    /// The same as if hospitals differed by chance alone.
    pub unadjusted: [Interval; 2],
}

/// A comparison of hospitals on one indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The peers' share (of adjusted outcomes: the ratio, which is 1).
    pub target: f64,
    /// The variance between hospitals beyond chance.
    pub tau_squared: f64,
    /// The mean square of *z*, winsorised.
    pub phi: f64,
    /// Hospitals that the limits rest on: those that record enough.
    pub compared: usize,
    /// How many of them chance alone puts outside the 95 % and the 99.8 % limits at the most.
    pub expected_flags: [f64; 2],
    /// Every hospital in the order given; none for one without any event that counts.
    pub judged: Vec<Option<Judged>>,
}

/// Why hospitals are not compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCompared {
    /// Too few record enough.
    #[error("only {0} hospitals record enough to be compared; {FEWEST} are needed")]
    TooFew(usize),
    /// Nobody differs: all said yes, or all said no.
    #[error("all known answers are the same")]
    AllTheSame,
    /// The statistics refuse.
    #[error("{0}")]
    Statistics(#[from] EstimateError),
}

/// The levels of the limits, as [`Judged::limits`] orders them.
const LEVELS: [f64; 2] = [0.95, 0.998];

/// Compares hospitals.
///
/// The limits rest on those that record at least the threshold of answers; all others are shown beside them.
pub fn compare(groups: &[Group], threshold: f64) -> Result<Comparison, NotCompared> {
    let enough: Vec<Group> = groups
        .iter()
        .copied()
        .filter(|group| group.whole > 0 && group.recorded() >= threshold)
        // Nothing is expected of a few people in whose strata nothing ever happened: they have no ratio, and say nothing of
        // the others'.
        .filter(|group| group.expected.is_none_or(|expected| expected > 0.0))
        .collect();
    if enough.len() < FEWEST {
        return Err(NotCompared::TooFew(enough.len()));
    }
    let (part, whole) = sums(&enough);
    if part == 0 || part == whole {
        return Err(NotCompared::AllTheSame);
    }
    let judge = Judge {
        wide: funnel(&enough, Spread::Matched)?,
        plain: funnel(&enough, Spread::Chance)?,
        recording: recording(&enough)?,
        sums: (part, whole),
        threshold,
    };
    let judged = groups
        .iter()
        .map(|group| judge.judge(group))
        .collect::<Result<Vec<_>, EstimateError>>()?;
    Ok(Comparison {
        target: judge.wide.target,
        tau_squared: judge.wide.dispersion.tau_squared,
        phi: judge.wide.dispersion.phi,
        compared: enough.len(),
        expected_flags: LEVELS.map(|level| enough.len() as f64 * (1.0 - level)),
        judged,
    })
}

fn sums(groups: &[Group]) -> (u64, u64) {
    groups.iter().fold((0, 0), |(part, whole), group| {
        (part + group.part, whole + group.whole)
    })
}

/// The funnel of shares, or of adjusted ratios where every hospital has an expected count.
fn funnel(groups: &[Group], spread: Spread) -> Result<Funnel, EstimateError> {
    let ratios: Option<Vec<Observed>> = groups
        .iter()
        .map(|group| {
            let expected = group.expected.filter(|expected| *expected > 0.0)?;
            Observed::new(group.part, expected).ok()
        })
        .collect();
    match ratios {
        Some(ratios) => funnel_of_ratios(&ratios, None, spread, WINSORISED),
        None => {
            let shares: Vec<Tally> = groups
                .iter()
                .map(|group| Tally::new(group.part, group.whole))
                .collect::<Result<_, _>>()?;
            funnel_of_shares(&shares, None, spread, WINSORISED)
        }
    }
}

/// The funnel of how much hospitals record; none where all record everything.
fn recording(groups: &[Group]) -> Result<Option<Funnel>, EstimateError> {
    let shares: Vec<Tally> = groups
        .iter()
        .map(|group| Tally::new(group.whole, group.whole + group.missing))
        .collect::<Result<_, _>>()?;
    if shares.iter().all(|share| share.part == share.whole) {
        return Ok(None);
    }
    funnel_of_shares(&shares, None, Spread::Matched, WINSORISED).map(Some)
}

/// What hospitals are judged by.
struct Judge {
    wide: Funnel,
    plain: Funnel,
    recording: Option<Funnel>,
    /// Yes and known of all that the limits rest on.
    sums: (u64, u64),
    threshold: f64,
}

/// A value and the size that it is judged at.
#[derive(Clone, Copy)]
struct Point {
    value: f64,
    size: f64,
}

impl Judge {
    fn judge(&self, group: &Group) -> Result<Option<Judged>, EstimateError> {
        if group.whole == 0 || group.expected.is_some_and(|expected| expected <= 0.0) {
            return Ok(None);
        }
        let known = self.point(group, group.part as f64, group.whole as f64);
        let limits = |funnel: &Funnel| -> Result<[Interval; 2], EstimateError> {
            Ok([
                funnel.flag_limits(known.size, Confidence::new(LEVELS[0])?)?,
                funnel.flag_limits(known.size, Confidence::new(LEVELS[1])?)?,
            ])
        };
        Ok(Some(Judged {
            flag: self.flag(group, known)?,
            limits: limits(&self.wide)?,
            unadjusted: limits(&self.plain)?,
        }))
    }

    fn flag(&self, group: &Group, known: Point) -> Result<Flag, EstimateError> {
        if group.recorded() < self.threshold {
            return Ok(Flag::NotEnoughRecorded);
        }
        let asked = (group.whole + group.missing) as f64;
        let peers = self.peers(group);
        let filled = self.point(group, group.part as f64 + group.missing as f64 * peers, asked);
        let worst = self.point(group, group.part as f64, asked);
        let poorly = self.records_poorly(group)?;
        for (level, high, low) in [
            (LEVELS[1], Flag::High998, Flag::Low998),
            (LEVELS[0], Flag::High95, Flag::Low95),
        ] {
            let above = self.side(known, level)? > 0;
            let below = self.side(known, level)? < 0;
            if above && self.side(filled, level)? > 0 && (!poorly || self.side(worst, level)? > 0) {
                return Ok(high);
            }
            if below && self.side(filled, level)? < 0 {
                return Ok(low);
            }
        }
        let outside = self.side(known, LEVELS[0])? != 0;
        Ok(if outside {
            Flag::NotEnoughRecorded
        } else {
            Flag::Within
        })
    }

    /// The share of the other hospitals; of adjusted outcomes what is expected of people like the known ones.
    fn peers(&self, group: &Group) -> f64 {
        if let Some(expected) = group.expected {
            return expected / group.whole as f64;
        }
        let (part, whole) = self.sums;
        let others = (part.saturating_sub(group.part), whole.saturating_sub(group.whole));
        if others.1 == 0 {
            part as f64 / whole as f64
        } else {
            others.0 as f64 / others.1 as f64
        }
    }

    /// Where a hospital would stand with so many yes of so many known. The expected count grows with the known.
    fn point(&self, group: &Group, part: f64, whole: f64) -> Point {
        match group.expected {
            Some(expected) => {
                let size = expected * whole / group.whole as f64;
                Point {
                    value: part / size,
                    size,
                }
            }
            None => Point {
                value: part / whole,
                size: whole,
            },
        }
    }

    /// 1 above the limits, −1 below, 0 within.
    fn side(&self, point: Point, level: f64) -> Result<i8, EstimateError> {
        let limits = self.wide.flag_limits(point.size, Confidence::new(level)?)?;
        Ok(i8::from(point.value > limits.high) - i8::from(point.value < limits.low))
    }

    /// Whether a hospital records less than its peers by more than chance.
    fn records_poorly(&self, group: &Group) -> Result<bool, EstimateError> {
        let Some(recording) = &self.recording else {
            return Ok(group.missing > 0);
        };
        let asked = (group.whole + group.missing) as f64;
        let limits = recording.limits(asked, Confidence::NINETY_FIVE)?;
        Ok(group.recorded() < limits.low)
    }
}
