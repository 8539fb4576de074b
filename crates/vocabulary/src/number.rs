//! People's numbers with their check digits, each kept with its nation's kind.
//!
//! NHS number (England, Wales, Isle of Man), CHI (Scotland) and Health and Care number (Northern
//! Ireland) are ten digits with the same check: weights 10 to 2 on the first nine, the sum modulo
//! 11 taken from 11; 11 stands for 0 and 10 for "no such number".

use std::fmt;

use crate::nation::SCOTLAND;
use crate::spreadsheet::bare;

/// Whose number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberKind {
    /// NHS number: England, Wales and the Isle of Man.
    Nhs,
    /// Community Health Index: Scotland.
    Chi,
    /// Health and Care number: Northern Ireland.
    Hcn,
}

impl NumberKind {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nhs => "nhs",
            Self::Chi => "chi",
            Self::Hcn => "hcn",
        }
    }
}

/// Why a text is no number of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Nothing, or a word for nothing.
    Blank,
    /// Not ten digits.
    NotTenDigits,
    /// Nine digits, of which none is known to have been lost.
    NineDigits,
    /// Written in powers of ten, such as `4.01E+09`: the last digits are lost.
    PowerOfTen,
    /// The check digit fails.
    CheckDigit,
    /// One digit ten times: a filler.
    AllSame,
    /// No body issues this range.
    OutOfRange,
}

impl NumberFault {
    /// The rule's name in problems.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Blank => "number-blank",
            Self::NotTenDigits => "number-not-ten-digits",
            Self::NineDigits => "number-nine-digits",
            Self::PowerOfTen => "number-power-of-ten",
            Self::CheckDigit => "number-check-digit",
            Self::AllSame => "number-all-same",
            Self::OutOfRange => "number-out-of-range",
        }
    }

    /// What is wrong, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Blank => "the number is blank",
            Self::NotTenDigits => "the number has not ten digits",
            Self::NineDigits => "the number has nine digits; a leading zero may be lost",
            Self::PowerOfTen => {
                "a spreadsheet wrote the number in powers of ten, and its last digits are lost"
            }
            Self::CheckDigit => "the check digit of the number is wrong",
            Self::AllSame => "the number is one digit repeated, a filler",
            Self::OutOfRange => "the number lies in a range that no body issues",
        }
    }
}

/// A valid number of a person. It prints as `[redacted]`.
///
/// Equal numbers are of one kind and have the same digits, however they were written.
#[derive(Clone, Copy)]
pub struct PersonNumber {
    kind: NumberKind,
    digits: u64,
    restored_zero: bool,
}

impl PersonNumber {
    fn key(self) -> (NumberKind, u64) {
        (self.kind, self.digits)
    }
}

impl PartialEq for PersonNumber {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for PersonNumber {}

impl Ord for PersonNumber {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for PersonNumber {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl std::hash::Hash for PersonNumber {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// The digits of a number as it is written, as a whole number, and how many they are: at most ten. Spaces, tabs and
/// hyphens do not count, nor do those that do not break, the marks of width and direction that come with a copied text, and what
/// spreadsheets put round what is to stay a text; any other character makes it no number. Whether it is a valid one,
/// [`PersonNumber::read`] says.
pub fn digits_of(text: &str) -> Option<(u64, usize)> {
    let text = bare(text);
    if !text.is_ascii() {
        let nothing = |sign: char| {
            sign.is_whitespace()
                || matches!(sign, '\u{200b}'..='\u{2011}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
        };
        let plain: String = text.chars().filter(|sign| !nothing(*sign)).collect();
        return Some(&plain)
            .filter(|plain| plain.is_ascii())
            .and_then(|plain| digits_of(plain));
    }
    let (mut digits, mut width) = (0_u64, 0);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' if width < 10 => {
                digits = digits * 10 + u64::from(byte - b'0');
                width += 1;
            }
            b' ' | b'-' | b'\t' => {}
            _ => return None,
        }
    }
    Some((digits, width))
}

/// Words that stand where a number should.
const NO_NUMBER: [&str; 6] = ["N/A", "NA", "NK", "NONE", "NOT KNOWN", "UNKNOWN"];

/// Why a text that holds other signs than digits, spaces and hyphens is no number.
fn fault_of(text: &str) -> NumberFault {
    let text = text.trim();
    if NO_NUMBER.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return NumberFault::Blank;
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let in_powers = bare(text).split_once(['E', 'e']).is_some_and(|(number, power)| {
        let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, "0"));
        digits(whole) && digits(part) && digits(power.strip_prefix('+').unwrap_or(power))
    });
    if in_powers {
        NumberFault::PowerOfTen
    } else {
        NumberFault::NotTenDigits
    }
}

impl PersonNumber {
    /// Reads a number; `nation` is where the record comes from, if known: where that may be Scotland, nine digits may
    /// be a CHI without its leading zero. The kind does not depend on it. Spaces and hyphens do not count.
    pub fn read(text: &str, nation: Option<&str>) -> Result<Self, NumberFault> {
        let (digits, width) = digits_of(text).ok_or_else(|| fault_of(text))?;
        // A CHI loses its leading zero where a system took it for a whole number.
        let may_lack_zero = width == 9 && nation.is_none_or(|nation| nation == SCOTLAND);
        match width {
            0 => return Err(NumberFault::Blank),
            10 => {}
            9 if may_lack_zero && chi_date(digits) => {}
            9 => return Err(NumberFault::NineDigits),
            _ => return Err(NumberFault::NotTenDigits),
        }
        if digits % 1_111_111_111 == 0 {
            return Err(NumberFault::AllSame);
        }
        if !check_digit_holds(digits) {
            return Err(NumberFault::CheckDigit);
        }
        let kind = kind_of(digits).ok_or(NumberFault::OutOfRange)?;
        Ok(Self {
            kind,
            digits,
            restored_zero: width == 9,
        })
    }

    /// Whose number it is.
    pub fn kind(self) -> NumberKind {
        self.kind
    }

    /// The ten digits as a whole number, for those who are entitled to them.
    pub fn reveal(self) -> u64 {
        self.digits
    }

    /// The ten digits as text, for those who are entitled to them.
    pub fn reveal_text(self) -> String {
        format!("{:010}", self.digits)
    }

    /// Whether it lies in the range that is issued for tests only.
    pub fn is_test_range(self) -> bool {
        self.kind == NumberKind::Nhs && self.digits / 10_000_000 == 999
    }

    /// Whether a lost leading zero was put back.
    pub fn has_restored_zero(self) -> bool {
        self.restored_zero
    }
}

impl fmt::Debug for PersonNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:[redacted]", self.kind.as_str())
    }
}

/// The tenth digit that nine digits ask for; none where there is no such number.
pub fn check_digit(nine: u64) -> Option<u64> {
    let mut sum = 0;
    let mut rest = nine;
    for weight in 2..=10 {
        sum += (rest % 10) * weight;
        rest /= 10;
    }
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        digit => Some(digit),
    }
}

fn check_digit_holds(digits: u64) -> bool {
    check_digit(digits / 10) == Some(digits % 10)
}

/// Which kind of number has these digits. Their ranges do not overlap, so a number is of one kind whoever sends it and
/// whatever the column is called: a registrar in England writes a Health and Care number among the NHS numbers.
fn kind_of(digits: u64) -> Option<NumberKind> {
    let nine = digits / 10;
    if nine < 320_000_000 && chi_date(digits) {
        return Some(NumberKind::Chi);
    }
    match nine {
        // Reserved for Northern Ireland and not issued by England (NHS data dictionary, attribute HEALTH AND CARE NUMBER,
        // release of August 2024).
        320_000_001..=399_999_999 => Some(NumberKind::Hcn),
        300_000_000..=320_000_000 => Some(NumberKind::Nhs),
        // Issued: 400 to 499 and 600 to 799 million; 999 is for tests. Others above them, such as the
        // data dictionary's own example 943 476 5919, have a valid form and are believed.
        400_000_000.. => Some(NumberKind::Nhs),
        _ => None,
    }
}

/// Whether the first six of ten digits are a day of birth, as in a CHI. The century is not written, so a
/// 29th of February holds in any fourth year: 1900 had none, but 2000 had one.
fn chi_date(digits: u64) -> bool {
    let [day, month, year] = [100_000_000, 1_000_000, 10_000].map(|unit| digits / unit % 100);
    let last = match month {
        2 if year % 4 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

#[cfg(test)]
mod tests;
