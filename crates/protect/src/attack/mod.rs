//! The attacker: takes everything that was ever published, and says what it gives away.
//!
//! # What it knows
//! Figures ([`Known`]: exact, rounded, in a range, hidden), the sums and inclusions a reader can check ([`Relation`]),
//! and all publications before. Where two publications speak of the same thing and both can be true of one number, it
//! guesses that the number has not changed; of guesses that contradict each other, those from earlier publications stand.
//!
//! # What it calls a leak
//! - a hidden figure with fewer than `min_feasible` values left;
//! - a rounded figure with fewer than `min_rounded` values left;
//! - a difference of two published figures (part and whole, two dates, two definitions, two publications) that can only
//!   be a number from 1 to the publication's threshold;
//! - nobody, or everybody, of a group under `whole_group_under` in a measure of care or outcome;
//! - two hidden parts of a published sum that leaves a small number for both: whoever is alone in one knows the other. Only where
//!   nothing is rounded, and the policy asks for it.
//!
//! A leak names figures, never values. Whoever reads pages or charts feeds this with what is drawn there.
//!
//! # What it cannot see
//! It bounds by linear programs over real numbers, cut to whole ones. It knows no more than what it is given: somebody
//! who knows a person's story, or one hospital's own numbers, may see more.

mod examine;
mod read;
mod stack;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

pub(crate) use examine::examine_from;
pub use examine::{examine, examine_since};

/// Which figure: its table and column, and whom it is about. Equal keys in two publications are the same thing, and so are those
/// that are equal under the one name of a period.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// The table (or page, or chart).
    pub table: String,
    /// What is counted: `found`, `recorded`.
    pub column: String,
    /// Whom it is about: place, period, measure, kind, definition and so on, each with its value.
    pub about: Vec<(String, String)>,
}

impl Key {
    /// The same, with the one name of its period: what is published of a year under two names is of the same people.
    #[must_use]
    pub fn of_one_period(&self) -> Cow<'_, Self> {
        let renamed = |(name, value): &(String, String)| name == "period" && one_period(value) != value;
        if !self.about.iter().any(renamed) {
            return Cow::Borrowed(self);
        }
        let mut key = self.clone();
        for (name, value) in &mut key.about {
            if name.as_str() == "period" {
                *value = one_period(value.as_str()).to_owned();
            }
        }
        Cow::Owned(key)
    }
}

/// The one name of a period: a calendar year can be called by its number or by its first and last day.
#[must_use]
pub fn one_period(name: &str) -> &str {
    let year = name
        .split_once("-01-01/")
        .filter(|(year, last)| last.strip_prefix(*year) == Some("-12-31"));
    year.map_or(name, |(year, _)| year)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.table, self.column)?;
        for (name, value) in self.about.iter().filter(|(_, value)| value != "all") {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

/// What a publication says of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// The number as it is.
    Exact(i64),
    /// Rounded to the nearest multiple of a base, halves up.
    Rounded {
        /// As it is shown.
        shown: i64,
        /// The base.
        base: i64,
    },
    /// Shown as a number that stands for these.
    Band {
        /// As it is shown.
        shown: i64,
        /// The lowest it can stand for.
        low: i64,
        /// The highest.
        high: i64,
    },
    /// Not shown, but said to lie here.
    Range {
        /// The lowest.
        low: i64,
        /// The highest.
        high: i64,
    },
    /// Not shown.
    Hidden,
    /// Nothing was reported: there is no number to find.
    NotReported,
}

/// A figure and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Which figure.
    pub key: Key,
    /// What is said of it.
    pub known: Known,
}

/// What a reader can check between figures of one publication, which are named by their place in its list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// A total is the sum of its parts.
    Sum {
        /// The total.
        total: usize,
        /// All its parts.
        parts: Vec<usize>,
    },
    /// The people of the parts are among those of the total, and there may be others.
    Among {
        /// The total.
        total: usize,
        /// Parts that share nobody.
        parts: Vec<usize>,
    },
    /// One is never larger than the other (found people and the low end of an estimate).
    AtMost {
        /// The smaller.
        small: usize,
        /// The larger.
        large: usize,
    },
    /// The people of one are among those of the other: their difference is people too.
    Within {
        /// The part.
        part: usize,
        /// The whole.
        whole: usize,
    },
    /// The same number in two places.
    Same(usize, usize),
    /// The same thing at two dates in succession.
    Successive {
        /// The earlier.
        earlier: usize,
        /// The later.
        later: usize,
    },
    /// A percentage worked out from the numbers as they are (one from rounded numbers tells nothing new and is no relation).
    Share {
        /// The part.
        part: usize,
        /// The whole.
        whole: usize,
        /// The percentage in tenths: 905 is 90.5 %.
        tenths: i64,
        /// Its last place in tenths: 10 for whole per cents, 1 for one decimal.
        step: i64,
    },
    /// A part of a group that got some care, or had some outcome.
    Measure {
        /// The part.
        part: usize,
        /// The group.
        whole: usize,
    },
}

/// One publication: a release, a page, a dashboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Its name or id.
    pub name: String,
    /// The largest number of people that its policy calls small.
    pub small_to: i64,
    /// Its figures.
    pub figures: Vec<Published>,
    /// What can be checked between them.
    pub relations: Vec<Relation>,
}

/// How much must stay uncertain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Values that must be left for a hidden figure.
    pub min_feasible: i64,
    /// Values that must be left for a rounded figure.
    pub min_rounded: i64,
    /// Groups under this size must not be wholly in or wholly out of a measure.
    pub whole_group_under: i64,
    /// Whether somebody who is alone in a figure may not know another.
    pub contributors: bool,
}

/// What kind of leak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeakKind {
    /// A hidden figure is almost known.
    Hidden,
    /// A rounded figure is almost known.
    Rounded,
    /// A difference of two figures can only be a small number of people.
    Difference,
    /// Nobody or everybody of a small group.
    WholeGroup,
    /// Whoever is alone in one of two hidden figures knows the other.
    Contributor,
    /// The programs gave no answer: nothing is known, so nothing is safe.
    Unsettled,
}

/// A figure of a publication: the place of each in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The publication.
    pub publication: usize,
    /// The figure.
    pub figure: usize,
}

/// Something that is given away. No value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// What kind.
    pub kind: LeakKind,
    /// The figure; or the figures whose difference, or sum, it is.
    pub figures: Vec<Place>,
    /// The published figures that prove it.
    pub because: Vec<Place>,
    /// Where the figures are what is left of a total: the total and the parts that are shown. Without these nobody would
    /// take the difference.
    pub between: Vec<Place>,
}

impl Leak {
    /// The leak in words, which name figures and no value.
    #[must_use]
    pub fn words(&self, publications: &[Publication]) -> String {
        let names = |places: &[Place], most: usize| {
            let mut names: Vec<String> = places
                .iter()
                .take(most)
                .filter_map(|place| {
                    let publication = publications.get(place.publication)?;
                    let figure = publication.figures.get(place.figure)?;
                    Some(format!("{} ({})", figure.key, publication.name))
                })
                .collect();
            if places.len() > most {
                names.push(format!("{} more", places.len() - most));
            }
            names.join(", ")
        };
        let what = match self.kind {
            LeakKind::Hidden => "a hidden figure can be worked out almost exactly",
            LeakKind::Rounded => "a rounded figure can be worked out almost exactly",
            LeakKind::Difference => "a difference can only be a small number of people",
            LeakKind::WholeGroup => "nobody or everybody of a small group",
            LeakKind::Contributor => "somebody alone in one of two figures would know the other",
            LeakKind::Unsettled => "it could not be shown that a figure is safe",
        };
        let because = if self.because.is_empty() {
            String::new()
        } else {
            format!("; from {}", names(&self.because, 6))
        };
        format!("{what}: {}{because}", names(&self.figures, 3))
    }
}
