//! Cells that hold codes: ICD-10, OPCS-4, and the lists of the layouts; and what of them may be shown.

use layouts::Cell;
use vocabulary::code::{IcdFault, behind_icd10, normalise_opcs_into, read_icd10};
use vocabulary::spreadsheet::bare;
use vocabulary::stage::{m_category, stage_group};

use crate::problem::Problems;
use crate::rows::cells::{CellReader, push_cased};
use crate::rows::plan::Field;
use crate::rows::text::{says_not_known, says_nothing, text};
use crate::rules::{self, Rule};

/// The longest code that is kept.
const CODE_BYTES: usize = 40;

impl CellReader {
    /// One code of ICD-10 or OPCS-4, appended to `out`; false when there is none. In a numbered group, further codes of ICD-10
    /// in the cell are appended to `more`, each with a space behind it; elsewhere there is no place for them.
    pub(crate) fn clinical_code(
        &mut self,
        cell: &[u8],
        field: &Field,
        out: &mut String,
        more: &mut String,
    ) -> bool {
        // Nearly every code is written in its normal form already.
        if let &[letter, a, b, c] = cell
            && letter.is_ascii_uppercase()
            && a.is_ascii_digit()
            && b.is_ascii_digit()
            && c.is_ascii_digit()
        {
            // Digits and a capital are text as they are.
            out.push_str(std::str::from_utf8(cell).unwrap_or_default());
            return true;
        }
        let Self {
            problems,
            row,
            scratch,
            code,
            ..
        } = self;
        let (text, _) = text(cell, scratch);
        let text = bare(text);
        if says_nothing(text) {
            return false;
        }
        if is_placeholder(text) {
            rules::CODE_PLACEHOLDER.broken(problems, *row, field.name, || named(text, field));
            return false;
        }
        let rule = if field.column.cell == Cell::Opcs {
            if normalise_opcs_into(text, code) {
                out.push_str(code);
                return true;
            }
            rules::OPCS_UNREADABLE
        } else {
            match read_icd10(text, code) {
                Ok(()) => {
                    out.push_str(code);
                    if let Some(rule) = read_more(text, field, code, more) {
                        rule.broken(problems, *row, field.name, String::new);
                    }
                    return true;
                }
                Err(IcdFault::UsStyle) => rules::ICD_US,
                Err(_) => rules::ICD_UNREADABLE,
            }
        };
        rule.broken(problems, *row, field.name, || named(text, field));
        false
    }

    /// A code of some list, appended to `out`.
    pub(crate) fn code(&mut self, cell: &[u8], field: &Field, out: &mut String) {
        let (problems, row, text) = self.said(cell);
        if says_nothing(text) || is_placeholder(text) {
            return;
        }
        if text.len() > CODE_BYTES {
            rules::CODE_LONG.broken(problems, row, field.name, String::new);
            return;
        }
        match field.name {
            "STAGE_BEST" => push_staged(problems, row, text, field, out, stage_group),
            "M_BEST" => push_staged(problems, row, text, field, out, m_category),
            _ => push_code(problems, row, text, field, out),
        }
    }

    /// Several codes of one list in one cell: appended to `out` with single spaces between.
    pub(crate) fn codes(&mut self, cell: &[u8], field: &Field, out: &mut String) {
        let (problems, row, text) = self.said(cell);
        if says_nothing(text) || is_placeholder(text) {
            return;
        }
        let mut first = true;
        for part in text
            .split([' ', ',', ';', '|', '/'])
            .filter(|part| !part.is_empty())
        {
            if part.len() > CODE_BYTES {
                rules::CODE_LONG.broken(problems, row, field.name, String::new);
                continue;
            }
            if !first {
                out.push(' ');
            }
            first = false;
            push_code(problems, row, part, field, out);
        }
    }
}

/// Reads what stands behind the first code of a cell, as far as there is a place for it; the rule that the cell breaks.
fn read_more(text: &str, field: &Field, code: &mut String, more: &mut String) -> Option<&'static Rule> {
    if behind_icd10(text).is_empty() {
        return None;
    }
    let start = more.len();
    let is_group = field.element.is_some();
    let all = is_group
        && further(text, code, |code| {
            more.push_str(code);
            more.push(' ');
        });
    if all {
        return Some(rules::ICD_SEVERAL_READ);
    }
    more.truncate(start);
    Some(rules::ICD_SEVERAL)
}

/// Hands out the codes of ICD-10 behind the first one of a text; whether all that stands there are codes. `code` is where
/// they are put together.
pub(crate) fn further(text: &str, code: &mut String, mut each: impl FnMut(&str)) -> bool {
    let mut rest = behind_icd10(text);
    while !rest.is_empty() {
        if read_icd10(rest, code).is_err() {
            return false;
        }
        each(code);
        rest = behind_icd10(rest);
    }
    true
}

/// Appends a stage or an M category. `read` knows it in its normal form, which is taken where it is not what was sent but for
/// the case and the letter M. What it does not know is kept as sent, and said: nobody would miss it otherwise.
fn push_staged(
    problems: &mut Problems,
    row: u64,
    text: &str,
    field: &Field,
    out: &mut String,
    read: fn(&str) -> Option<String>,
) {
    let text = text.strip_suffix(".0").unwrap_or(text);
    let Some(code) = read(text) else {
        push_cased(text, field, true, out);
        if !says_not_known(text) {
            rules::STAGE_UNKNOWN.broken(problems, row, field.name, || shown(text));
        }
        return;
    };
    let short = code.strip_prefix('M').unwrap_or(&code);
    out.push_str(if text.eq_ignore_ascii_case(short) {
        short
    } else {
        code.as_str()
    });
}

/// Appends a code in its case, without the `.0` that spreadsheets and whole-number columns put behind it, with the leading zero
/// that they take off (5 for 05), and checks it against the list of its column, if there is one.
fn push_code(problems: &mut Problems, row: u64, text: &str, field: &Field, out: &mut String) {
    let start = out.len();
    let values = &field.column.values;
    let is_listed = |code: &str| values.iter().any(|value| value == code);
    // No more than two digits: longer ones with a point can be codes of a classification.
    let whole = text
        .strip_suffix(".0")
        .filter(|whole| matches!(whole.len(), 1 | 2) && whole.bytes().all(|byte| byte.is_ascii_digit()));
    push_cased(whole.unwrap_or(text), field, true, out);
    if values.is_empty() || is_listed(&out[start..]) {
        return;
    }
    if let &[digit @ b'0'..=b'9'] = &out.as_bytes()[start..] {
        let whole = ['0', char::from(digit)];
        if values.iter().any(|value| value.chars().eq(whole)) {
            out.insert(start, '0');
            return;
        }
    }
    if let Some(code) = field.column.means.get(&out[start..]) {
        out.truncate(start);
        out.push_str(code);
        return;
    }
    rules::CODE_UNKNOWN.broken(problems, row, field.name, || shown(&out[start..]));
}

/// The words of HES and its kin for "none" and "not known".
pub(crate) fn is_placeholder(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'-' || byte == b'&')
}

fn named(text: &str, field: &Field) -> String {
    match &field.element {
        Some(element) => format!("{} ({element})", shown(text)),
        None => shown(text),
    }
}

/// A value as a message may show it: only what has the shape of a code. All else, which may be a
/// name, a date, a number or a postcode that slipped into the column, is "the cell".
pub(crate) fn shown(text: &str) -> String {
    let bytes = text.as_bytes();
    let short = bytes.len() <= 2
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-&".contains(byte));
    // A letter and more digits than ICD-10 and OPCS-4 have is how hospitals number their patients.
    let clinical = match bytes {
        [letter, a, b, rest @ ..] => {
            let rest = rest.strip_prefix(b".").unwrap_or(rest);
            letter.is_ascii_alphabetic()
                && a.is_ascii_digit()
                && b.is_ascii_digit()
                && rest.len() <= 2
                && rest.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    let few_digits = bytes.len() <= 4 && bytes.iter().all(u8::is_ascii_digit);
    if short || clinical || few_digits {
        format!("`{text}`")
    } else {
        "the cell".to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_codes_are_shown() {
        for code in ["C79.81", "C7981", "C509", "C50.", "C50", "9", "0000", "-", "NI"] {
            assert_eq!(shown(code), format!("`{code}`"));
        }
        for other in [
            "4010232137",
            "Smith",
            "1950-01-01",
            "01011950",
            "SW1A1AA",
            "M11AA",
            "B338TH",
            "O'B",
            "Ann",
            "H123456",
            "H12345",
            "H12.345",
            "H1.23",
        ] {
            assert_eq!(shown(other), "the cell", "{other}");
        }
    }

    proptest! {
        /// Neither a number, a hospital's own number, a date of birth, a name of three letters or more nor a postcode is
        /// ever shown.
        #[test]
        fn nothing_that_identifies_is_shown(text in "[0-9]{5,10}|[A-Za-z][0-9]{5,9}|[A-Z][0-9]{2}\\.[0-9]{3,4}|[12][0-9]{3}-[01][0-9]-[0-3][0-9]|[A-Z][a-z]{2,9}|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}") {
            prop_assert_eq!(shown(&text), "the cell");
        }
    }
}
