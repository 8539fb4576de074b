//! What a value looks like at a glance: one integer, from which it can be seen that two values are far apart.
//!
//! The pair loop asks for the [`grade`] before it looks at any text: two values of a grade are at one of its
//! [`levels`], for certain.

use crate::cascade::{Born, lines_of};

use super::field::{DIFFERS, Kind, Level, name, postcode, text};

/// Which letters and digits a text has, in the low bits; what else matters for its kind above.
const LETTERS: u64 = (1 << 40) - 1;

/// How near two different values can be, seen at a glance: from 0, far apart, to 3, anything.
pub(crate) type Grade = usize;

/// Grades of nearness.
pub(crate) const GRADES: usize = 4;

/// The levels that two different values of a grade can have, "differs" always among them.
pub(crate) fn levels(kind: Kind, grade: Grade) -> &'static [Level] {
    match (kind, grade) {
        (Kind::GivenName | Kind::FamilyName, 0) => &[DIFFERS],
        (Kind::GivenName | Kind::FamilyName, 1) => &[DIFFERS, name::ALIKE],
        (Kind::GivenName | Kind::FamilyName, 2) => &[DIFFERS, name::ALIKE, name::FORM],
        (Kind::Postcode, 0) => &[DIFFERS],
        (Kind::Postcode, 1) => &[DIFFERS, postcode::AREA],
        (Kind::Postcode, 2) => &[DIFFERS, postcode::AREA, postcode::DISTRICT, postcode::SECTOR],
        (Kind::Text, 0) => &[DIFFERS, text::SOME, text::ALIKE],
        (Kind::Number | Kind::Sex | Kind::BirthDate, 0) => &[DIFFERS],
        _ => &[1, 2, 3, 4, 5, 6],
    }
}

/// The glance of a birth date: its parts in places of their own.
pub(crate) fn of_date(value: u32) -> u64 {
    let born = Born(value);
    u64::from(born.year()) << 32 | u64::from(born.month()) << 16 | u64::from(born.day())
}

/// The glance of a text.
pub(crate) fn glance(kind: Kind, text: &str) -> u64 {
    match kind {
        Kind::Number => digits(text).unwrap_or(letters(text) | MIXED),
        Kind::GivenName => {
            let forms = lines_of(text)
                .iter()
                .fold(0u64, |bits, line| bits | 1 << (line % 14));
            letters(text) | first(text) << 40 | length(text) << 45 | forms << 50
        }
        Kind::FamilyName => letters(text) | first(text) << 40 | length(text) << 45,
        Kind::Postcode => letters(text) | area(text) << 40 | outward(text) << 56,
        _ => letters(text.split('@').next().unwrap_or_default()),
    }
}

/// Up to fifteen digits, four bits each; `None` for other texts.
fn digits(text: &str) -> Option<u64> {
    if text.len() > 15 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let packed = text
        .bytes()
        .fold(0u64, |sum, byte| sum << 4 | u64::from(byte - b'0' + 1));
    Some(packed)
}

/// Marks numbers that hold letters, or are longer than fifteen digits.
const MIXED: u64 = 1 << 63;

fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |mask, byte| {
        mask | match byte {
            b'A'..=b'Z' => 1 << (byte - b'A'),
            b'0'..=b'9' => 1 << (26 + byte - b'0'),
            b' ' => 1 << 36,
            128.. => 1 << 37,
            _ => 1 << 38,
        }
    })
}

fn first(text: &str) -> u64 {
    text.bytes().next().map_or(0, |byte| u64::from(byte & 31))
}

/// Letters, or 0 for names that are too long, or not written in letters from A to Z, for lengths to say anything.
fn length(text: &str) -> u64 {
    if text.len() < 32 && text.is_ascii() {
        text.len() as u64
    } else {
        0
    }
}

/// What postcodes share at the level of an area or below: the letters in front, in the United Kingdom; elsewhere the
/// first two characters.
fn area(text: &str) -> u64 {
    let end = if text.contains(' ') {
        text.find(|letter: char| letter.is_ascii_digit())
            .unwrap_or(text.len())
    } else {
        2
    };
    text.bytes()
        .take(end.min(2))
        .fold(0, |sum, byte| sum << 8 | u64::from(byte))
}

/// What postcodes of one district share.
fn outward(text: &str) -> u64 {
    let outward = text.split(' ').next().unwrap_or_default();
    outward.bytes().fold(0u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    }) & 255
}

/// How near two different values can be.
#[inline]
pub(crate) fn grade(kind: Kind, a: u64, b: u64) -> Grade {
    let differ = a ^ b;
    let apart = (differ & LETTERS).count_ones();
    match kind {
        Kind::GivenName => {
            let forms = a & b >> 50 << 50 != 0;
            names(a, b, forms || (differ >> 40 & 31 == 0 && part(a, b)))
        }
        Kind::FamilyName => names(a, b, part(a, b)),
        Kind::Postcode if apart <= 2 => 3,
        Kind::Postcode if differ >> 40 & 0xFFFF == 0 => 1 + usize::from(differ >> 56 == 0),
        Kind::Postcode => 0,
        Kind::Number => 3 * usize::from(near_numbers(a, b, apart)),
        Kind::Text => 3 * usize::from(apart <= 8),
        Kind::BirthDate => {
            let years = (a >> 32).abs_diff(b >> 32) <= 1;
            let month = differ & 0xFF_0000 == 0;
            3 * usize::from(years || month || differ & 0xFFFF == 0)
        }
        Kind::Sex => 0,
    }
}

/// True when all letters of one are letters of the other.
#[inline]
fn part(a: u64, b: u64) -> bool {
    let both = a & b & LETTERS;
    both == a & LETTERS || both == b & LETTERS
}

/// Names by the letters that only one of them has. Of `m` matched letters, with `j` the least Jaro similarity that a
/// level takes, `m/a + m/b >= 3j - 1`, so at most `a + b - 2m` letters are left over, and
/// `(a + b - 2m) <= (1 - r) (a + b) + r (a - b)^2 / (a + b)` with `r = (3j - 1) / 2`. "Close" takes `j` of 0.867 where
/// four first letters agree, "alike" 0.80 where the first differs; where it agrees, the sound may be the same.
#[inline]
fn names(a: u64, b: u64, form: bool) -> Grade {
    let apart = u64::from(((a ^ b) & LETTERS).count_ones());
    let (x, y) = (a >> 45 & 31, b >> 45 & 31);
    let (sum, gap) = (x + y, x.abs_diff(y));
    let known = x != 0 && y != 0;
    if !known || apart <= 2 || apart * 10 <= 2 * sum + 8 * gap {
        3
    } else if form {
        2
    } else {
        usize::from((a ^ b) >> 40 & 31 == 0 || apart * 10 <= 3 * sum + 7 * gap)
    }
}

#[inline]
fn near_numbers(a: u64, b: u64, letters: u32) -> bool {
    if (a | b) & MIXED != 0 {
        return letters <= 2 || (a ^ b) & MIXED != 0;
    }
    let differ = a ^ b;
    // One bit for each digit that differs.
    let places = (differ | differ >> 1 | differ >> 2 | differ >> 3) & 0x1111_1111_1111_1111;
    let longer = a.leading_zeros() / 4 != b.leading_zeros() / 4;
    longer || places.count_ones() <= 2
}

#[cfg(test)]
mod tests {
    use super::{grade, levels};
    use crate::cascade::Born;
    use crate::weigh::field::{Field, Kind};
    use crate::weigh::level::{level_of_dates, level_of_texts};
    use crate::weigh::table::Table;
    use proptest::prelude::*;

    const KINDS: [Kind; 6] = [
        Kind::GivenName,
        Kind::FamilyName,
        Kind::Postcode,
        Kind::Number,
        Kind::Text,
        Kind::BirthDate,
    ];

    /// Texts of every kind, and such a text with one slip.
    fn texts() -> impl Strategy<Value = (String, String)> {
        let word = prop_oneof![
            "[A-D]{1,9}",
            "SUSAN|SUE|PEGGY|MARGARET|JO|JOANNE|S|KATE|CATHERINE",
            "[A-Z]{3,8}",
            "[A-B]{3}[0-9]{2,10}",
            "[0-9]{7,17}",
            "[A-Z]{1,2}[0-9]{1,2} [0-9][A-Z]{2}",
            "[A-C]{1,4} [A-C]{1,4} [A-C]{1,4}",
            "[a-c]{2,5}@[a-c]{1,3}\\.net",
            "19[0-9]{2}-[01][0-9]-[0-2][0-9]",
        ];
        (word.clone(), word, any::<prop::sample::Index>(), 0..4u8).prop_map(|(a, other, at, slip)| {
            let mut b: Vec<char> = a.chars().collect();
            let at = at.index(b.len());
            match slip {
                0 => return (a, other),
                1 => b[at] = 'E',
                2 => drop(b.remove(at)),
                _ => b.insert(at, '7'),
            }
            (a, b.into_iter().collect())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        /// Looked at, no pair is at a level that its grade does not have.
        #[test]
        fn no_pair_is_nearer_than_its_grade((a, b) in texts(), kind in prop::sample::select(KINDS.to_vec())) {
            let mut table = Table::new(vec![Field { name: "field".to_owned(), kind }]);
            table.push([a.as_str()]).unwrap();
            table.push([b.as_str()]).unwrap();
            table.close();
            let value = |record: u32| table.value(0, record);
            let (x, y) = (value(0), value(1));
            if x == 0 || y == 0 || x == y {
                return Ok(());
            }
            // From the texts alone: who compares records trusts the glance, and could not tell that it is wrong.
            let level = match kind {
                Kind::BirthDate => level_of_dates(Born(x), Born(y)),
                _ => level_of_texts(kind, table.text(0, x), table.text(0, y)),
            };
            let glance = |record: u32| table.glance(0, table.row(record));
            let grade = grade(kind, glance(0), glance(1));
            prop_assert!(levels(kind, grade).contains(&level), "level {level}, grade {grade}");
        }
    }
}
