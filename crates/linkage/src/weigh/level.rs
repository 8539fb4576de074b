//! At which level two records agree, field by field, packed three bits a field.

use crate::cascade::{BirthAgreement, Born, family_may_be, given_may_be, one_edit};

use super::field::{DIFFERS, Kind, Level, MISSING, SAME, date, name, number, postcode, text};
use super::glance::{grade, levels};
use super::similar::{jaro_winkler, soundex};
use super::table::Table;

/// The levels of all fields of a pair, three bits each, the first field lowest.
pub(crate) type Pattern = u64;

/// Most fields a pattern has room for.
pub(crate) const MOST_FIELDS: usize = 20;

/// The level of a field in a pattern.
pub(crate) fn level_of(pattern: Pattern, field: usize) -> Level {
    (pattern >> (3 * field) & 7) as Level
}

/// True when some field differs.
pub(crate) fn contradict(pattern: Pattern, fields: usize) -> bool {
    (0..fields).any(|field| level_of(pattern, field) == DIFFERS)
}

/// Compares values. It remembers what it worked out for pairs of texts, which repeat: names do so in every block.
pub(crate) struct Comparer<'a> {
    table: &'a Table,
    given: Option<usize>,
    family: Option<usize>,
    memory: Vec<(u64, Level)>,
}

/// Pairs of texts remembered; a power of two.
const REMEMBERED: usize = 1 << 15;

impl<'a> Comparer<'a> {
    pub(crate) fn new(table: &'a Table) -> Self {
        Self {
            given: table.first(Kind::GivenName),
            family: table.first(Kind::FamilyName),
            memory: vec![(0, MISSING); REMEMBERED],
            table,
        }
    }

    /// The pattern of two records.
    pub(crate) fn pattern(&mut self, a: u32, b: u32) -> Pattern {
        let swapped = self.swapped(a, b);
        (0..self.table.fields.len()).fold(0, |pattern, field| {
            pattern | Pattern::from(self.level(field, a, b, swapped)) << (3 * field)
        })
    }

    /// True when given and family name stand in each other's place: one is found again as the other's opposite, and
    /// the second is too, or nearly, or is missing.
    pub(crate) fn swapped(&self, a: u32, b: u32) -> bool {
        let (Some(given), Some(family)) = (self.given, self.family) else {
            return false;
        };
        let value = |field: usize, record: u32| self.table.value(field, record);
        let (first, second) = (
            (value(given, a), value(family, a)),
            (value(given, b), value(family, b)),
        );
        if !crosses(first, second) {
            return false;
        }
        let again = |x: u32, y: u32| {
            x == y || x == 0 || y == 0 || {
                let (x, y) = (self.table.text(given, x), self.table.text(given, y));
                x.len().min(y.len()) >= 3 && one_edit(x, y)
            }
        };
        again(first.0, second.1) && again(first.1, second.0)
    }

    /// The level of one field.
    pub(crate) fn level(&mut self, field: usize, a: u32, b: u32, swapped: bool) -> Level {
        if swapped {
            if Some(field) == self.given {
                return name::SWAPPED;
            }
            if Some(field) == self.family {
                return MISSING;
            }
        }
        let (x, y) = (self.table.value(field, a), self.table.value(field, b));
        if x == 0 || y == 0 {
            return MISSING;
        }
        if x == y {
            return SAME;
        }
        match self.table.fields[field].kind {
            Kind::Sex => DIFFERS,
            Kind::BirthDate => level_of_dates(Born(x), Born(y)),
            kind if self.far_apart(kind, field, a, b) => DIFFERS,
            kind => self.texts(kind, field, x.min(y), x.max(y)),
        }
    }

    /// True when a glance shows that two different values differ, so that nobody need wait for their texts.
    fn far_apart(&self, kind: Kind, field: usize, a: u32, b: u32) -> bool {
        let glance = |record: u32| self.table.glance(field, self.table.row(record));
        levels(kind, grade(kind, glance(a), glance(b))) == [DIFFERS]
    }

    fn texts(&mut self, kind: Kind, field: usize, x: u32, y: u32) -> Level {
        let key = (u64::from(x) << 32 | u64::from(y)) ^ (field as u64) << 59;
        let place = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 49) as usize & (REMEMBERED - 1);
        if self.memory[place].0 == key {
            return self.memory[place].1;
        }
        let (a, b) = (self.table.text(field, x), self.table.text(field, y));
        let level = level_of_texts(kind, a, b);
        self.memory[place] = (key, level);
        level
    }
}

/// The level of two different normalised texts of a kind.
pub(crate) fn level_of_texts(kind: Kind, a: &str, b: &str) -> Level {
    match kind {
        Kind::GivenName => names(a, b, given_may_be(a, b)),
        Kind::FamilyName => names(a, b, family_may_be(a, b)),
        Kind::Postcode => postcodes(a, b),
        Kind::Number if one_edit(a, b) => number::CLOSE,
        Kind::Number | Kind::Sex | Kind::BirthDate => DIFFERS,
        Kind::Text => texts(a, b),
    }
}

/// True when a name of one record is the other name of the other, and no name is the same in its own place; names
/// are (given, family).
#[inline]
pub(crate) fn crosses(a: (u32, u32), b: (u32, u32)) -> bool {
    let found = |x: u32, y: u32| x == y && x != 0;
    (found(a.0, b.1) || found(a.1, b.0)) && !found(a.0, b.0) && !found(a.1, b.1)
}

fn names(a: &str, b: &str, may_be: bool) -> Level {
    if a.len().min(b.len()) >= 3 && one_edit(a, b) {
        return name::CLOSE;
    }
    if may_be {
        return name::FORM;
    }
    let similarity = jaro_winkler(a, b);
    if similarity >= 0.92 {
        return name::CLOSE;
    }
    let sound = soundex(a);
    if similarity >= 0.80 || (sound != 0 && sound == soundex(b)) {
        return name::ALIKE;
    }
    DIFFERS
}

/// The level of two different birth dates.
pub(crate) fn level_of_dates(a: Born, b: Born) -> Level {
    let same = [a.year() == b.year(), a.month() == b.month(), a.day() == b.day()];
    if same[0] && a.day() == b.month() && a.month() == b.day() {
        return date::TURNED;
    }
    match a.agreement(b) {
        BirthAgreement::Part => date::PARTIAL,
        BirthAgreement::Slip | BirthAgreement::FarSlip => date::SLIP,
        _ if same.iter().filter(|same| **same).count() == 2 => date::TWO_PARTS,
        _ if same[0] || within_a_year(a, b) => date::SAME_YEAR,
        _ => DIFFERS,
    }
}

fn within_a_year(a: Born, b: Born) -> bool {
    let months = |born: Born| born.year() * 12 + born.month();
    months(a).abs_diff(months(b)) <= 12
}

/// Postcodes of the United Kingdom hold one space; others are compared by their first half.
fn postcodes(a: &str, b: &str) -> Level {
    if one_edit(a, b) {
        return postcode::CLOSE;
    }
    match (a.split_once(' '), b.split_once(' ')) {
        (Some((left, inward)), Some((right, other))) => {
            let area = |text: &str| {
                text.find(|letter: char| letter.is_ascii_digit())
                    .unwrap_or(text.len())
            };
            if left == right {
                let sector = inward.as_bytes().first() == other.as_bytes().first();
                return if sector {
                    postcode::SECTOR
                } else {
                    postcode::DISTRICT
                };
            }
            if left[..area(left)] == right[..area(right)] {
                postcode::AREA
            } else {
                DIFFERS
            }
        }
        (None, None) if a.len() == b.len() && a.len() >= 4 => {
            let half = a.len().div_ceil(2);
            if a.as_bytes()[..half] == b.as_bytes()[..half] {
                postcode::AREA
            } else {
                DIFFERS
            }
        }
        _ => DIFFERS,
    }
}

/// E-mail addresses are compared by what stands before the sign; other texts whole, and by the words they share.
fn texts(a: &str, b: &str) -> Level {
    if let (Some((left, _)), Some((right, _))) = (a.split_once('@'), b.split_once('@')) {
        return if left == right || (left.len() >= 4 && one_edit(left, right)) {
            text::CLOSE
        } else if jaro_winkler(left, right) >= 0.92 {
            text::ALIKE
        } else if jaro_winkler(left, right) >= 0.84 {
            text::SOME
        } else {
            DIFFERS
        };
    }
    if a.len().min(b.len()) >= 3 && one_edit(a, b) {
        return text::CLOSE;
    }
    let (shared, all) = shared_words(a, b);
    let similarity = jaro_winkler(a, b);
    if similarity >= 0.95 {
        text::CLOSE
    } else if similarity >= 0.88 || (shared > 0 && shared * 2 >= all) {
        text::ALIKE
    } else if similarity >= 0.78 || shared * 3 >= all && shared > 0 {
        text::SOME
    } else {
        DIFFERS
    }
}

/// Words that both have, and words in all.
fn shared_words(a: &str, b: &str) -> (usize, usize) {
    if !a.contains(' ') && !b.contains(' ') {
        return (0, 1);
    }
    let shared = a
        .split(' ')
        .filter(|word| b.split(' ').any(|other| other == *word))
        .count();
    let (left, right) = (a.split(' ').count(), b.split(' ').count());
    (shared, left + right - shared.min(right))
}
