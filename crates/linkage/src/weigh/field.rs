//! The fields of a person table, and the levels at which two values of a field can agree.

use serde::{Deserialize, Serialize};

/// What a column holds; it decides how two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A given name (forename, first name).
    #[serde(rename = "given name")]
    GivenName,
    /// A family name (surname, last name).
    #[serde(rename = "family name")]
    FamilyName,
    /// A date of birth, whole or in part.
    #[serde(rename = "birth date")]
    BirthDate,
    /// A postcode; those of the United Kingdom are also compared by sector, district and area.
    #[serde(rename = "postcode")]
    Postcode,
    /// A number or code that belongs to one person (NHS number, hospital number, social security number).
    #[serde(rename = "number")]
    Number,
    /// Sex or gender.
    #[serde(rename = "sex")]
    Sex,
    /// Any other text: street, town, occupation, e-mail address.
    #[serde(rename = "text")]
    Text,
}

/// A column by name and kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The column's name, as in the file or the settings.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// How two values agree; each kind uses some of the numbers from 1 to 7, and 0 is always "missing on one side".
pub type Level = u8;

/// At least one value is missing: says nothing for or against.
pub(crate) const MISSING: Level = 0;
/// The values have nothing in common.
pub(crate) const DIFFERS: Level = 1;
/// The values are the same.
pub(crate) const SAME: Level = 7;
/// Levels a field may have, "missing" included.
pub const LEVELS: usize = 8;

pub(crate) mod name {
    use super::Level;
    /// Jaro-Winkler similarity of at least 0.80, or the same Soundex code.
    pub(crate) const ALIKE: Level = 2;
    /// One keystroke apart, or Jaro-Winkler similarity of at least 0.92.
    pub(crate) const CLOSE: Level = 3;
    /// Forms of one name: short form, initial, cut short, part of a double-barrelled name.
    pub(crate) const FORM: Level = 4;
    /// Given and family name changed round; stands in the given name, the family name is then "missing".
    pub(crate) const SWAPPED: Level = 5;
}

pub(crate) mod date {
    use super::Level;
    pub(crate) const SAME_YEAR: Level = 2;
    /// Two of year, month and day are the same.
    pub(crate) const TWO_PARTS: Level = 3;
    /// One digit wrong, two neighbours changed round, or a day or a year off.
    pub(crate) const SLIP: Level = 4;
    /// The same as far as the less exact one goes.
    pub(crate) const PARTIAL: Level = 5;
    /// Day and month changed round.
    pub(crate) const TURNED: Level = 6;
}

pub(crate) mod postcode {
    use super::Level;
    pub(crate) const AREA: Level = 2;
    pub(crate) const DISTRICT: Level = 3;
    pub(crate) const SECTOR: Level = 4;
    pub(crate) const CLOSE: Level = 5;
}

pub(crate) mod number {
    use super::Level;
    /// One digit wrong, missing or too many, or two neighbours changed round.
    pub(crate) const CLOSE: Level = 4;
}

pub(crate) mod text {
    use super::Level;
    pub(crate) const SOME: Level = 2;
    pub(crate) const ALIKE: Level = 3;
    pub(crate) const CLOSE: Level = 4;
}

impl Kind {
    /// The levels of the kind in words, from "differs" to "the same".
    #[must_use]
    pub fn levels(self) -> &'static [(Level, &'static str)] {
        match self {
            Self::GivenName => &[
                (DIFFERS, "differs"),
                (name::ALIKE, "sounds or looks alike"),
                (name::CLOSE, "one keystroke apart"),
                (name::FORM, "a form of the same name, or its initial"),
                (name::SWAPPED, "given and family name changed round"),
                (SAME, "the same"),
            ],
            Self::FamilyName => &[
                (DIFFERS, "differs"),
                (name::ALIKE, "sounds or looks alike"),
                (name::CLOSE, "one keystroke apart"),
                (name::FORM, "part of the other, as in a double-barrelled name"),
                (SAME, "the same"),
            ],
            Self::BirthDate => &[
                (DIFFERS, "differs"),
                (date::SAME_YEAR, "the same year, or within a year"),
                (date::TWO_PARTS, "two of day, month and year the same"),
                (date::SLIP, "one digit, day or year off"),
                (date::PARTIAL, "the same as far as known"),
                (date::TURNED, "day and month changed round"),
                (SAME, "the same"),
            ],
            Self::Postcode => &[
                (DIFFERS, "differs"),
                (postcode::AREA, "the same area"),
                (postcode::DISTRICT, "the same district"),
                (postcode::SECTOR, "the same sector"),
                (postcode::CLOSE, "one keystroke apart"),
                (SAME, "the same"),
            ],
            Self::Number => &[
                (DIFFERS, "differs"),
                (number::CLOSE, "one digit wrong, or two changed round"),
                (SAME, "the same"),
            ],
            Self::Sex => &[(DIFFERS, "differs"), (SAME, "the same")],
            Self::Text => &[
                (DIFFERS, "differs"),
                (text::SOME, "something in common"),
                (text::ALIKE, "alike"),
                (text::CLOSE, "one keystroke apart"),
                (SAME, "the same"),
            ],
        }
    }

    /// A level in words.
    #[must_use]
    pub fn words(self, level: Level) -> &'static str {
        self.levels()
            .iter()
            .find(|(number, _)| *number == level)
            .map_or("missing", |(_, words)| words)
    }

    /// What is believed of records of one person before the data are heard: the share at each level, for records
    /// from a careful desk and from a careless one. The data overrule it soon (see [`super::train`]).
    pub(crate) fn believed(self) -> [[f64; LEVELS]; 2] {
        match self {
            Self::GivenName => [
                [0.0, 0.01, 0.005, 0.02, 0.03, 0.005, 0.0, 0.93],
                [0.0, 0.10, 0.05, 0.15, 0.12, 0.03, 0.0, 0.55],
            ],
            Self::FamilyName => [
                [0.0, 0.03, 0.005, 0.02, 0.01, 0.0, 0.0, 0.935],
                [0.0, 0.15, 0.05, 0.17, 0.03, 0.0, 0.0, 0.60],
            ],
            Self::BirthDate => [
                [0.0, 0.005, 0.004, 0.006, 0.01, 0.005, 0.005, 0.965],
                [0.0, 0.04, 0.04, 0.07, 0.15, 0.02, 0.04, 0.64],
            ],
            Self::Postcode => [
                [0.0, 0.08, 0.02, 0.01, 0.01, 0.02, 0.0, 0.86],
                [0.0, 0.20, 0.04, 0.03, 0.03, 0.10, 0.0, 0.60],
            ],
            Self::Number => [
                [0.0, 0.02, 0.0, 0.0, 0.01, 0.0, 0.0, 0.97],
                [0.0, 0.12, 0.0, 0.0, 0.10, 0.0, 0.0, 0.78],
            ],
            Self::Sex => [
                [0.0, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.99],
                [0.0, 0.04, 0.0, 0.0, 0.0, 0.0, 0.0, 0.96],
            ],
            Self::Text => [
                [0.0, 0.12, 0.03, 0.03, 0.04, 0.0, 0.0, 0.78],
                [0.0, 0.30, 0.08, 0.08, 0.10, 0.0, 0.0, 0.44],
            ],
        }
    }

    /// True when a family under one roof may share the value although its members are different people.
    pub(crate) fn runs_in_families(self) -> bool {
        matches!(self, Self::FamilyName | Self::Postcode | Self::Text)
    }

    /// True when rare values say more than common ones (term-frequency adjustment).
    pub(crate) fn has_rare_values(self) -> bool {
        !matches!(self, Self::Number | Self::Sex)
    }
}
