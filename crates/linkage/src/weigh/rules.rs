//! Blocking rules: which pairs are looked at. A rule is a list of parts of fields that must be the same.
//!
//! Written as text: `dob + surname`, `postcode + dob.year`, `surname.sound + forename.initial`.

use serde::{Deserialize, Serialize};

use crate::cascade::Born;
use crate::error::LinkageError;

use super::field::{Kind, LEVELS, Level, SAME, date, name, postcode};
use super::level::MOST_FIELDS;
use super::similar::soundex;
use super::table::Table;

/// Which part of a value must be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cut {
    /// The whole value.
    Whole,
    /// The first letter.
    Initial,
    /// The first three letters.
    Start,
    /// The Soundex code.
    Sound,
    /// The year of a date.
    Year,
    /// Year and month of a date.
    Month,
    /// Sector, as `SW1A 1`.
    Sector,
    /// District, as `SW1A`; of postcodes without a space the first four characters.
    District,
}

const CUTS: [(&str, Cut); 7] = [
    ("initial", Cut::Initial),
    ("start", Cut::Start),
    ("sound", Cut::Sound),
    ("year", Cut::Year),
    ("month", Cut::Month),
    ("sector", Cut::Sector),
    ("district", Cut::District),
];

/// A part of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The field by its place.
    pub field: usize,
    /// The part.
    pub cut: Cut,
}

/// Records that agree in all parts are compared. A rule without parts compares everybody with everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The parts.
    pub parts: Vec<Part>,
}

impl Rule {
    pub(crate) fn of(parts: &[(usize, Cut)]) -> Self {
        let parts = parts.iter().map(|&(field, cut)| Part { field, cut }).collect();
        Self { parts }
    }

    /// Reads a rule as it stands in settings.
    pub fn read(text: &str, table: &Table) -> Result<Self, LinkageError> {
        let wrong = |message: String| LinkageError::Rule {
            rule: text.to_owned(),
            message,
        };
        let mut parts = Vec::new();
        for part in text.split('+').map(str::trim) {
            let find = |name: &str| {
                table
                    .fields
                    .iter()
                    .position(|field| field.name.eq_ignore_ascii_case(name))
            };
            let (field, cut) = match (find(part), part.rsplit_once('.')) {
                (Some(field), _) => (field, Cut::Whole),
                (None, Some((name, cut))) => {
                    let field = find(name.trim()).ok_or_else(|| wrong(unknown(name, table)))?;
                    let cut = CUTS.iter().find(|(word, _)| *word == cut.trim()).ok_or_else(|| {
                        wrong(format!(
                            "`.{cut}` is no part of a value; parts are .initial .start .sound .year .month .sector .district"
                        ))
                    })?;
                    (field, cut.1)
                }
                (None, None) => return Err(wrong(unknown(part, table))),
            };
            if !cut.is_for(table.fields[field].kind) {
                return Err(wrong(format!(
                    "`{part}`: a {} has no such part",
                    kind_words(table.fields[field].kind)
                )));
            }
            parts.push(Part { field, cut });
        }
        Ok(Self { parts })
    }

    /// The rule in words.
    #[must_use]
    pub fn words(&self, table: &Table) -> String {
        if self.parts.is_empty() {
            return "everybody with everybody".to_owned();
        }
        let parts = self.parts.iter().map(|part| {
            let name = &table.fields[part.field].name;
            let cut = CUTS.iter().find(|(_, cut)| *cut == part.cut);
            cut.map_or_else(|| name.clone(), |(word, _)| format!("{name}.{word}"))
        });
        parts.collect::<Vec<_>>().join(" + ")
    }

    /// True when records that meet under the rule agree in the whole field: it says nothing more about them.
    pub(crate) fn fixes(&self, field: usize) -> bool {
        self.parts
            .iter()
            .any(|part| part.field == field && part.cut == Cut::Whole)
    }

    /// The key of a record under the rule, never [`NO_KEY`]; `None` where a part is missing. Two keys are the same with
    /// a chance of one in 2^64 only.
    pub(crate) fn key(&self, table: &Table, cuts: &Cuts, record: usize) -> Option<u64> {
        let mut key = 0x51_7C_C1_B7_27_22_0A_95u64;
        for part in &self.parts {
            let value = table.value(part.field, record as u32);
            if value == 0 {
                return None;
            }
            let value = match part.cut {
                Cut::Whole => value,
                Cut::Year => Born(value).year(),
                Cut::Month if Born(value).month() == 0 => return None,
                Cut::Month => value / 100,
                _ => cuts.of(*part, value),
            };
            if value == 0 {
                return None;
            }
            key = scramble(key ^ u64::from(value));
        }
        Some(key.max(NO_KEY + 1))
    }
}

/// Stands where a record has no key.
pub(crate) const NO_KEY: u64 = 0;

/// A step of the finaliser of MurmurHash3: every bit of the value moves every bit of the key.
fn scramble(mut key: u64) -> u64 {
    key ^= key >> 33;
    key = key.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    key ^= key >> 33;
    key = key.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    key ^ (key >> 33)
}

fn unknown(name: &str, table: &Table) -> String {
    let names: Vec<&str> = table.fields.iter().map(|field| field.name.as_str()).collect();
    format!(
        "there is no field `{}`; fields are {}",
        name.trim(),
        names.join(", ")
    )
}

/// A kind as it stands in settings.
pub(crate) fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::GivenName => "given name",
        Kind::FamilyName => "family name",
        Kind::BirthDate => "birth date",
        Kind::Postcode => "postcode",
        Kind::Number => "number",
        Kind::Sex => "sex",
        Kind::Text => "text",
    }
}

impl Cut {
    fn is_for(self, kind: Kind) -> bool {
        match self {
            Self::Whole => true,
            Self::Year | Self::Month => kind == Kind::BirthDate,
            Self::Sector | Self::District => kind == Kind::Postcode,
            Self::Sound | Self::Initial | Self::Start => !matches!(kind, Kind::BirthDate | Kind::Sex),
        }
    }

    /// The levels at which two values agree in the part; an approximation where a level says no more.
    pub(crate) fn holds_at(self, level: Level) -> bool {
        match self {
            _ if level == SAME => true,
            Self::Whole => false,
            Self::Year => matches!(
                level,
                date::SAME_YEAR | date::TWO_PARTS | date::SLIP | date::PARTIAL | date::TURNED
            ),
            Self::Month => matches!(level, date::SLIP | date::TWO_PARTS),
            Self::Initial | Self::Start => matches!(level, name::CLOSE | name::FORM),
            Self::Sound => level == name::CLOSE,
            Self::Sector => matches!(level, postcode::SECTOR),
            Self::District => matches!(level, postcode::SECTOR | postcode::DISTRICT),
        }
    }
}

/// The parts of every distinct value that rules ask for, worked out once a value.
pub(crate) struct Cuts {
    by_part: Vec<(Part, Vec<u32>)>,
}

impl Cuts {
    pub(crate) fn new(table: &Table, rules: &[Rule]) -> Self {
        let mut by_part: Vec<(Part, Vec<u32>)> = Vec::new();
        for part in rules.iter().flat_map(|rule| &rule.parts) {
            let known = by_part.iter().any(|(other, _)| other == part);
            if known || matches!(part.cut, Cut::Whole | Cut::Year | Cut::Month) {
                continue;
            }
            let most = table.column(part.field).max().unwrap_or_default();
            let values = (0..=most)
                .map(|value| cut(part.cut, table.text(part.field, value)))
                .collect();
            by_part.push((*part, values));
        }
        Self { by_part }
    }

    fn of(&self, part: Part, value: u32) -> u32 {
        self.by_part
            .iter()
            .find(|(other, _)| *other == part)
            .and_then(|(_, values)| values.get(value as usize))
            .copied()
            .unwrap_or_default()
    }
}

/// A part of a text as a number, 0 where it has none. Short parts are packed, so that they cannot collide.
fn cut(cut: Cut, text: &str) -> u32 {
    let packed = |text: &str| {
        text.bytes()
            .take(4)
            .fold(0u32, |sum, byte| sum << 8 | u32::from(byte))
    };
    match cut {
        Cut::Initial => text.chars().next().map_or(0, u32::from),
        Cut::Start => {
            let end = text.char_indices().nth(3).map_or(text.len(), |(at, _)| at);
            match text.get(..end).unwrap_or_default() {
                start if start.is_ascii() => packed(start),
                // Other letters need more room. Two starts that share a number cost a comparison, no more.
                start => start.bytes().fold(0, |key, byte| scramble(key ^ u64::from(byte))) as u32 | 1 << 31,
            }
        }
        Cut::Sound => soundex(text),
        Cut::District => packed(text.split(' ').next().unwrap_or_default()),
        Cut::Sector => {
            let Some((outward, inward)) = text.split_once(' ') else {
                return 0;
            };
            let digit = inward
                .bytes()
                .next()
                .map_or(0, |byte| u32::from(byte.wrapping_sub(b'0')) + 1);
            // Of four characters at most, letters and digits in six bits each leave room for the digit.
            let six = |byte: u8| u32::from(byte.wrapping_sub(b'0')) & 63;
            outward
                .bytes()
                .take(4)
                .fold(0u32, |sum, byte| sum << 6 | (six(byte) + 1) & 63)
                << 4
                | digit & 15
        }
        Cut::Whole | Cut::Year | Cut::Month => 0,
    }
}

/// Rules worth trying for a table without any: from the narrowest, each wider one after those it contains.
pub(crate) fn worth_trying(table: &Table) -> Vec<Rule> {
    let of = |kind: Kind| -> Vec<usize> {
        (0..table.fields.len().min(MOST_FIELDS))
            .filter(|&at| table.fields[at].kind == kind)
            .collect()
    };
    let (given, family) = (of(Kind::GivenName), of(Kind::FamilyName));
    let (born, postcode, number, text) = (
        of(Kind::BirthDate),
        of(Kind::Postcode),
        of(Kind::Number),
        of(Kind::Text),
    );
    let mut rules: Vec<Rule> = Vec::new();
    let mut add = |parts: &[(usize, Cut)]| rules.push(Rule::of(parts));
    let (given, family, born, postcode) = (given.first(), family.first(), born.first(), postcode.first());
    number.iter().for_each(|&at| add(&[(at, Cut::Whole)]));
    let pairs = [
        (born, family),
        (born, given),
        (born, postcode),
        (family, postcode),
        (given, postcode),
        (given, family),
    ];
    for (a, b) in pairs {
        if let (Some(&a), Some(&b)) = (a, b) {
            add(&[(a, Cut::Whole), (b, Cut::Whole)]);
        }
    }
    if let (Some(&given), Some(&family)) = (given, family) {
        if let Some(&born) = born {
            add(&[(family, Cut::Sound), (given, Cut::Initial), (born, Cut::Year)]);
            add(&[(family, Cut::Start), (born, Cut::Month)]);
            add(&[(given, Cut::Start), (born, Cut::Month)]);
        }
        add(&[(family, Cut::Sound), (given, Cut::Sound)]);
    }
    for &at in &text {
        for &other in [given, family, born, postcode].into_iter().flatten() {
            add(&[(at, Cut::Whole), (other, Cut::Whole)]);
        }
    }
    for (at, &one) in text.iter().enumerate() {
        text[at + 1..]
            .iter()
            .for_each(|&other| add(&[(one, Cut::Whole), (other, Cut::Whole)]));
    }
    for &at in [born, postcode].into_iter().flatten().chain(&text) {
        add(&[(at, Cut::Whole)]);
    }
    for &at in [family, given].into_iter().flatten() {
        add(&[(at, Cut::Whole)]);
    }
    rules
}

/// The levels of a field under which each of some rules holds, as bit masks by level.
pub(crate) fn holding(rules: &[Rule], field: usize) -> [u64; LEVELS] {
    let mut masks = [0u64; LEVELS];
    for (level, mask) in masks.iter_mut().enumerate() {
        for (at, rule) in rules.iter().enumerate() {
            let mut parts = rule.parts.iter().filter(|part| part.field == field);
            if parts.all(|part| part.cut.holds_at(level as Level)) {
                *mask |= 1 << at;
            }
        }
    }
    masks
}
