//! Clinical codes in the one spelling in which they are compared.
//!
//! ICD-10 (WHO, as used in the UK) is written `C509`, `C50.9`, or with a filler where there is no fourth
//! character, `C50X`. All become upper case without dot and filler. A US clinical modification such as
//! `C79.81` gives its fifth character another meaning and is no UK code.
//!
//! A cell may hold more than one code: [`read_icd10`] reads the first, and [`behind_icd10`] says what is left.
//!
//! Invariant: what these functions give is a letter and two digits, and perhaps one digit more.

mod cancer;
mod set;

use crate::spreadsheet::bare;

pub use cancer::of_tumours;
pub use set::CodeSet;

/// The mark after the code of a disease that has a second code, with an asterisk, for where it shows.
const DAGGER: char = '\u{2020}';
/// A space that does not break the line.
const HARD_SPACE: char = '\u{a0}';
/// The dot of the width of a Chinese character.
const WIDE_DOT: char = '\u{ff0e}';

/// Why a text is no ICD-10 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IcdFault {
    /// Nothing, or dashes.
    Blank,
    /// More characters than a UK code has: the US clinical modification.
    UsStyle,
    /// Not a letter and two digits, and perhaps a digit.
    Shape,
}

/// Normalises an ICD-10 code into `out` (cleared first, and left empty with every fault). Of several codes it is the first.
///
/// Allocates nothing once `out` has room for eight characters.
pub fn read_icd10(text: &str, out: &mut String) -> Result<(), IcdFault> {
    out.clear();
    let text = bare(text.trim());
    // Nearly every code is written in its normal form already.
    if let [b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9'] | [b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9'] =
        text.as_bytes()
    {
        out.push_str(text);
        return Ok(());
    }
    if text.bytes().all(|byte| byte == b'-') {
        return Err(IcdFault::Blank);
    }
    let (code, width, _) = first_code(text)?;
    let kept = icd10_width(&code[..width])?;
    out.extend(code[..kept].iter().map(|&byte| char::from(byte)));
    Ok(())
}

/// The characters of the first code of a text, in upper case and without its dot, how many they are, and where it ends.
fn first_code(text: &str) -> Result<([u8; 8], usize, usize), IcdFault> {
    // A US code has seven characters: an eighth says enough.
    let (mut code, mut width) = ([0_u8; 8], 0);
    for (at, sign) in text.char_indices() {
        match sign {
            '.' | WIDE_DOT => {}
            // `C79,5` and `C79-5` mean C79.5; the dash of `C50.-` and of `C50-C59` is none of these.
            ',' | '-' if width == 3 && is_one_digit(&text[at + 1..]) => {}
            _ if sign.is_ascii_alphanumeric() => {
                let byte = u8::try_from(sign).map_err(|_| IcdFault::Shape)?;
                *code.get_mut(width).ok_or(IcdFault::Shape)? = byte.to_ascii_uppercase();
                width += 1;
            }
            // Dash, dagger and asterisk are marks after a code; another code may follow the rest.
            '-' | '*' | '+' | DAGGER | ' ' | HARD_SPACE | ',' | ';' => return Ok((code, width, at)),
            _ => return Err(IcdFault::Shape),
        }
    }
    Ok((code, width, text.len()))
}

/// Whether a text begins with one digit that belongs to nothing longer.
fn is_one_digit(text: &str) -> bool {
    let mut signs = text.chars();
    signs.next().is_some_and(|sign| sign.is_ascii_digit())
        && signs.next().is_none_or(|sign| !sign.is_ascii_alphanumeric())
}

/// What stands behind the first code of a text and its marks: further codes, or what is none; empty where nothing does.
/// Dash, dagger and asterisk are marks, and so are D, A and X where they stand alone.
pub fn behind_icd10(text: &str) -> &str {
    let text = bare(text.trim());
    let Ok((_, _, end)) = first_code(text) else {
        return "";
    };
    let mut rest = &text[end..];
    while let Some(sign) = rest.chars().next() {
        let after = &rest[sign.len_utf8()..];
        let stands_alone = !after.starts_with(|next: char| next.is_ascii_alphanumeric());
        let is_mark = match sign {
            '*' | '+' | DAGGER | ' ' | HARD_SPACE | ',' | ';' | '.' => true,
            '-' | 'D' | 'd' | 'A' | 'a' | 'X' | 'x' => stands_alone,
            _ => false,
        };
        if !is_mark {
            break;
        }
        rest = after;
    }
    rest
}

/// How many characters of an upper-case code without its dot make the code.
fn icd10_width(code: &[u8]) -> Result<usize, IcdFault> {
    let &[chapter @ b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9', ref rest @ ..] = code else {
        return Err(IcdFault::Shape);
    };
    match rest {
        [] => Ok(3),
        // D and A mark dagger and asterisk in UK data; HES adds a digit after the filler (`R69X6`).
        [b'X' | b'D' | b'A'] | [b'X', b'0'..=b'9' | b'D' | b'A'] => Ok(3),
        [b'0'..=b'9'] | [b'0'..=b'9', b'X' | b'D' | b'A'] => Ok(4),
        // The UK itself uses a fifth character for the site (M), open or closed (S, T) and the activity (V to Y).
        [b'0'..=b'9', b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9', b'D' | b'A']
            if b"MSTVWXY".contains(&chapter) =>
        {
            Ok(4)
        }
        [_] => Err(IcdFault::Shape),
        _ => Err(IcdFault::UsStyle),
    }
}

/// Normalises an ICD-10 code into `out`; false, with `out` empty, when it is none.
pub fn normalise_icd10_into(text: &str, out: &mut String) -> bool {
    read_icd10(text, out).is_ok()
}

/// An ICD-10 code in its normal form.
pub fn normalise_icd10(text: &str) -> Option<String> {
    let mut out = String::with_capacity(8);
    normalise_icd10_into(text, &mut out).then_some(out)
}

/// Normalises an OPCS-4 code into `out`: a letter, two digits and perhaps a digit, without its dot; false, with
/// `out` empty, when it is none: `-` and `&` say "no operation".
pub fn normalise_opcs_into(text: &str, out: &mut String) -> bool {
    out.clear();
    let (mut code, mut width) = ([0_u8; 4], 0);
    for byte in bare(text.trim_ascii()).bytes().filter(|&byte| byte != b'.') {
        let Some(place) = code.get_mut(width) else {
            return false;
        };
        *place = byte.to_ascii_uppercase();
        width += 1;
    }
    let shaped = matches!(
        code[..width],
        [b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9'] | [b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9']
    );
    if shaped {
        out.extend(code[..width].iter().map(|&byte| char::from(byte)));
    }
    shaped
}

/// An OPCS-4 code in its normal form.
pub fn normalise_opcs(text: &str) -> Option<String> {
    let mut out = String::with_capacity(4);
    normalise_opcs_into(text, &mut out).then_some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_spellings_of_one_code() {
        use IcdFault::{Blank, Shape, UsStyle};
        let table = [
            ("C509", Ok("C509")),
            ("C50.9", Ok("C509")),
            ("c50.9", Ok("C509")),
            ("C50X", Ok("C50")),
            ("C50.X", Ok("C50")),
            ("C50", Ok("C50")),
            ("C50.-", Ok("C50")),
            ("C50.9 ", Ok("C509")),
            ("C509X", Ok("C509")),
            ("C50.9 C77.3", Ok("C509")),
            ("M49.5*", Ok("M495")),
            ("M495A", Ok("M495")),
            ("C795D", Ok("C795")),
            ("J91X", Ok("J91")),
            ("J91XA", Ok("J91")),
            ("R69X6", Ok("R69")),
            ("C77-", Ok("C77")),
            // A fourth character behind another sign than the dot, and signs of other keyboards.
            ("C79-5", Ok("C795")),
            ("C79,5", Ok("C795")),
            ("C79\u{ff0e}5", Ok("C795")),
            ("C79.5\u{2020}", Ok("C795")),
            ("'C795", Ok("C795")),
            ("=\"C79.5\"", Ok("C795")),
            ("C50-C59", Ok("C50")),
            ("C50.9,C79.5", Ok("C509")),
            // Fifth characters of the UK: site of a fracture, open or closed, activity.
            ("M84.45", Ok("M844")),
            ("M4958A", Ok("M495")),
            ("S72.00", Ok("S720")),
            ("W19.09", Ok("W190")),
            // Fifth characters of the United States.
            ("C79.81", Err(UsStyle)),
            ("C7981", Err(UsStyle)),
            ("C50.912", Err(UsStyle)),
            ("M84.58XA", Err(UsStyle)),
            ("5vTddo", Err(Shape)),
            ("C5", Err(Shape)),
            ("CC50", Err(Shape)),
            ("C50Y", Err(Shape)),
            ("C50/9", Err(Shape)),
            ("254837009", Err(Shape)),
            ("Ç509", Err(Shape)),
            ("-", Err(Blank)),
            ("--", Err(Blank)),
            ("", Err(Blank)),
            ("  ", Err(Blank)),
        ];
        for (text, wanted) in table {
            let mut out = String::from("left over");
            let read = read_icd10(text, &mut out);
            assert_eq!(read.map(|()| out.as_str()), wanted, "{text}");
            assert_eq!(out.is_empty(), read.is_err(), "{text}");
            assert_eq!(normalise_icd10(text).as_deref(), wanted.ok(), "{text}");
        }
    }

    #[test]
    fn what_stands_behind_the_first_code() {
        for (text, wanted) in [
            ("C509", ""),
            ("C50.-", ""),
            ("C79-5", ""),
            ("C79.5+", ""),
            ("C79.5\u{2020}", ""),
            ("C795 D", ""),
            ("C50 X", ""),
            ("M49.5 * ", ""),
            ("C50.9 C79.5", "C79.5"),
            ("C50.9; C79.5 C78.7", "C79.5 C78.7"),
            ("C50.9,C79.5", "C79.5"),
            ("C79.5+ M49.5*", "M49.5*"),
            ("C50.- - C795", "C795"),
            // A range is not two codes.
            ("C50-C59", "-C59"),
            ("C50-59", "-59"),
            ("C50.9 query", "query"),
            ("not a code", "code"),
            ("?", ""),
            ("", ""),
        ] {
            assert_eq!(behind_icd10(text), wanted, "{text}");
        }
    }

    #[test]
    fn operations() {
        let table = [
            ("X65.1", "X651"),
            ("b27", "B27"),
            ("X65.10", ""),
            ("X6", ""),
            ("-", ""),
            ("&", ""),
            ("", ""),
        ];
        for (text, wanted) in table {
            let mut out = String::from("left over");
            assert_eq!(normalise_opcs_into(text, &mut out), !wanted.is_empty(), "{text}");
            assert_eq!(out, wanted);
            assert_eq!(normalise_opcs(text).unwrap_or_default(), wanted);
        }
    }

    proptest! {
        /// The normal form is a fixed point, in the promised shape, whatever came in.
        #[test]
        fn the_normal_form_is_reached_at_once(text in "[A-Z][0-9]{2}[.]?[0-9XADx-]{0,4}|\\PC{0,10}") {
            for (normalise, width) in [(normalise_icd10 as fn(&str) -> Option<String>, 3..=4), (normalise_opcs, 3..=4)] {
                let Some(code) = normalise(&text) else { continue };
                prop_assert!(width.contains(&code.len()) && code.as_bytes()[0].is_ascii_uppercase());
                prop_assert!(code.bytes().skip(1).all(|byte| byte.is_ascii_digit()));
                prop_assert_eq!(normalise(&code), Some(code));
            }
        }

        /// What is left of a text ends it and is shorter, so that reading all its codes comes to an end.
        #[test]
        fn what_is_left_is_shorter(text in "[A-Z][0-9]{2}[ .,;*+-]{0,2}[A-Z0-9]{0,4}|\\PC{0,10}") {
            let rest = behind_icd10(&text);
            prop_assert!(text.contains(rest));
            prop_assert!(rest.is_empty() || normalise_icd10(&text).is_none() || rest.len() < text.len());
        }

        #[test]
        fn dot_case_and_spaces_do_not_matter(letter in "[A-Z]", two in "[0-9]{2}", last in "[0-9]") {
            let wanted = Some(format!("{letter}{two}{last}"));
            for text in [format!("{letter}{two}.{last}"), format!(" {letter}{two}{last} ").to_lowercase(), format!("{letter}{two}{last}X")] {
                prop_assert_eq!(normalise_icd10(&text), wanted.clone(), "{}", text);
            }
        }
    }
}
