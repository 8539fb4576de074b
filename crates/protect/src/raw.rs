//! What a run hands in: tables and facts that no disclosure rule has touched yet.
//!
//! Invariant: nothing here can be printed by accident. `Debug` gives names, never a row.

use std::collections::BTreeMap;
use std::fmt;

/// Everything a release is made of, before protection.
#[derive(Clone, Debug)]
pub struct RawRelease {
    /// Facts about the run, for the methods page and the footers.
    pub manifest: RawManifest,
    /// The tables.
    pub tables: Vec<RawTable>,
    /// Cells of two tables that are the same number.
    pub links: Vec<LinkRule>,
}

/// A table before protection.
#[derive(Clone)]
pub struct RawTable {
    /// Its name; also the file name (`counts` becomes `counts.csv`).
    pub name: String,
    /// The version of its layout.
    pub version: u32,
    /// One sentence for the data dictionary.
    pub about: String,
    /// The columns, in order.
    pub columns: Vec<RawColumn>,
    /// The rows: one value a column.
    pub rows: Vec<Vec<RawValue>>,
    /// Sums that are published in this table, over which one hidden number could be worked out.
    pub sums: Vec<SumRule>,
}

impl fmt::Debug for RawTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawTable")
            .field("name", &self.name)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// A column before protection.
#[derive(Clone, Debug)]
pub struct RawColumn {
    /// Its name.
    pub name: String,
    /// What it is, and so which rule it falls under.
    pub role: Role,
    /// One sentence for the data dictionary.
    pub about: String,
}

impl RawColumn {
    /// A column of a name, a role and a sentence about it.
    #[must_use]
    pub fn new(name: &str, role: Role, about: &str) -> Self {
        Self {
            name: name.to_owned(),
            role,
            about: about.to_owned(),
        }
    }
}

/// What a column is, and so which rule it falls under. A column whose role nobody named cannot be released.
#[derive(Clone, Debug)]
pub enum Role {
    /// Says whom a row is about (place, period, kind, …): shown as it is, part of the key.
    Dimension,
    /// Public words that do not come from people (a method, a status of an estimate): shown as it is.
    Text,
    /// Public words like `Text` which, where they are the word of a [`crate::State`] (`not_computable`), also say why
    /// the counts and estimates of the row are blank.
    Reason,
    /// Public words about the estimates of the row. These and `Reason` are withheld where a count that the estimates stand on
    /// is hidden: that there is none, or how one was made, would say something of it.
    Status,
    /// A number of people: hidden or rounded.
    Count,
    /// A number of people that other columns rest on and that is never released itself.
    Support,
    /// One count over another, in per cent: worked out here from the protected counts; its raw value is not read.
    Percentage {
        /// The count above.
        numerator: String,
        /// The count below.
        denominator: String,
    },
    /// Like `Percentage`, for a measure of care or outcome: in a group that is small (policy, `whole_group_under`) the
    /// count above is hidden too, since nobody or everybody of a small group says something about each of them.
    CareShare {
        /// The count above.
        numerator: String,
        /// The count below.
        denominator: String,
    },
    /// What is left of one count after others are taken away, from what is shown of them: such rows add up for whoever reads
    /// them, and say nothing that the others do not. Worked out here; its raw value is not read.
    Difference {
        /// The count, or difference, that the others are a part of.
        whole: String,
        /// The counts that are taken away.
        parts: Vec<String>,
    },
    /// Like `Percentage`, over counts or differences; none where it would be 0 % or 100 % of a small group (policy,
    /// `whole_group_under`).
    Share {
        /// The count or difference above.
        numerator: String,
        /// The count or difference below.
        denominator: String,
    },
    /// One end of the 95 % range of a share, in per cent: worked out here from the protected counts; its raw value is
    /// not read.
    Interval {
        /// The count above.
        numerator: String,
        /// The count below.
        denominator: String,
        /// Which end.
        bound: Bound,
    },
    /// A figure of a model: withheld where one of `with` is hidden, otherwise rounded.
    Estimate {
        /// Which end of the range it is.
        bound: Bound,
        /// The counts it stands on.
        with: Vec<String>,
    },
    /// A median, in days: needs enough people, and is rounded.
    Median {
        /// The column (`Support` or `Count`) with the number of people behind it.
        people: String,
        /// Counts that must not be hidden.
        with: Vec<String>,
    },
    /// The state of an organisation: worked out here from the protected counts.
    State(StateRule),
}

/// Which end of a range a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The low end: rounded down.
    Low,
    /// The figure itself: to the nearest.
    Point,
    /// The high end: rounded up.
    High,
}

/// How the state of an organisation follows from two counts. The thresholds are data of the study's definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateRule {
    /// The people recorded, of those found elsewhere.
    pub numerator: String,
    /// The people found elsewhere.
    pub denominator: String,
    /// The column that splits by kind: `collecting` must hold in each kind that has enough people.
    pub kind: Option<String>,
    /// From this share on, in per cent: `collecting`.
    pub collecting_percent: u32,
    /// Below this share, in per cent: `not_collecting`; from it on: `partly`.
    pub not_collecting_percent: u32,
    /// Under this many people: `too_few`.
    pub fewest_people: u32,
    /// States that are facts about an organisation, not about people, and stay as the run says them.
    pub keep: Vec<String>,
}

/// One value before protection.
#[derive(Clone, Debug, PartialEq)]
pub enum RawValue {
    /// No value, for the usual reason of its column (not reported, not estimated, not computable).
    Null,
    /// No value, for this reason.
    Missing(crate::State),
    /// Words.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A real number (estimates and medians).
    Real(f64),
}

impl From<&str> for RawValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for RawValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<i64> for RawValue {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
impl From<f64> for RawValue {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}
impl<T: Into<RawValue>> From<Option<T>> for RawValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A sum that can be read off a published table.
#[derive(Clone, Debug)]
pub enum SumRule {
    /// In this column the value `total` is the sum of the other values.
    Column {
        /// The column.
        column: String,
        /// The value that is the total, usually `all`.
        total: String,
    },
    /// In this column the value `total` is the sum of the other values, separately for each kind of group.
    Groups {
        /// The column with the kind of group; `total` in the row of the total too.
        kind: String,
        /// The column with the group.
        column: String,
        /// The value that is the total, usually `all`.
        total: String,
    },
    /// The people of one count are among those of another in the same row, so that their difference is people too.
    Within {
        /// The count of the part.
        part: String,
        /// The count of the whole.
        whole: String,
    },
    /// In each row some counts are of different people, all of them among those of another.
    Parts {
        /// The count of the whole.
        whole: String,
        /// The counts of its parts.
        parts: Vec<String>,
    },
    /// A place is the sum of the places in it.
    Places {
        /// The column with the kind of place.
        kind: String,
        /// The column with the place.
        place: String,
        /// Which place lies in which.
        inside: BTreeMap<Place, Place>,
    },
}

/// A place: its kind (`organisation`, `network`, `nation`, `country`) and its code or name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The kind of place.
    pub kind: String,
    /// The code or name.
    pub place: String,
}

impl Place {
    /// A place of a kind and a code or name.
    #[must_use]
    pub fn new(kind: &str, place: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            place: place.to_owned(),
        }
    }
}

/// Says that cells of two tables hold the same number, so that hiding one hides the other.
#[derive(Clone, Debug)]
pub struct LinkRule {
    /// The first table.
    pub left: String,
    /// The second table.
    pub right: String,
    /// Columns that must be equal: (first, second).
    pub on: Vec<(String, String)>,
    /// Rows of the first table that count: (column, value).
    pub left_where: Vec<(String, String)>,
    /// Rows of the second table that count: (column, value).
    pub right_where: Vec<(String, String)>,
    /// Counts that are the same: (first, second).
    pub same: Vec<(String, String)>,
    /// Whether they are so whatever the numbers say. Otherwise a row in which the first is more has the people of the second
    /// among its own, and one in which it is less says nothing.
    pub always: bool,
}

/// Facts of a run that are to be shown: words, and counts still to be protected.
#[derive(Clone, Debug)]
pub struct RawManifest {
    /// The name of the study.
    pub study: String,
    /// Nothing after this date was used.
    pub as_of: String,
    /// First and last day that is counted.
    pub period: (String, String),
    /// The country folder (`uk`) or the name of an invented country.
    pub country: String,
    /// What the records cover, in a short public phrase: `4 nations, 2019 to 2024, 7 kinds of record`.
    pub coverage: String,
    /// The definition, as `uk-mbc/2026.1`.
    pub definition: String,
    /// Name and version of the program.
    pub program: String,
    /// Whether people and hospitals are invented.
    pub simulated: bool,
    /// Whether the release was approved for publication.
    pub approved: bool,
    /// Whether the keys of the demonstration sign it: then it is stamped, approved or not.
    pub demonstration_keys: bool,
    /// The period of the completeness table on which the states of organisations rest.
    pub state_period: String,
    /// Tables of facts for the methods page, in order.
    pub sections: Vec<RawSection>,
}

/// One table of facts on the methods page.
#[derive(Clone)]
pub struct RawSection {
    /// A short key: `sources`, `linkage`, `rules`, `switches`, `warnings`, …
    pub id: String,
    /// The heading.
    pub title: String,
    /// What the table says, in a sentence or two.
    pub words: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<RawFact>>,
}

impl fmt::Debug for RawSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawSection")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// One fact: words, or a count to be protected like any other.
#[derive(Clone)]
pub enum RawFact {
    /// Words, a date, a version: must not come from people.
    Text(String),
    /// A number of records or people.
    Count(i64),
}
