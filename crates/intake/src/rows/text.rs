//! The text of one cell, whatever its encoding.
//!
//! A cell that is not UTF-8 is taken for Windows-1252, in which every byte is a character: the usual
//! case of a British extract. It is decided cell by cell, so that nothing is lost when a file mixes both.

use encoding_rs::WINDOWS_1252;
use vocabulary::spreadsheet::bare;

/// The text of a cell without outer spaces, and whether it had to be decoded. `scratch` holds it then.
pub(crate) fn text<'a>(cell: &'a [u8], scratch: &'a mut String) -> (&'a str, bool) {
    let cell = cell.trim_ascii();
    match std::str::from_utf8(cell) {
        // No-break spaces come out of spreadsheets.
        Ok(text) if text.is_ascii() => (text, false),
        Ok(text) => (text.trim(), false),
        Err(_) => {
            let (decoded, _) = WINDOWS_1252.decode_without_bom_handling(cell);
            scratch.clear();
            scratch.push_str(decoded.trim());
            (scratch.as_str(), true)
        }
    }
}

/// Whether a cell says nothing: empty, or the word that databases export for nothing. Not for names:
/// there are people called Null.
pub(crate) fn says_nothing(text: &str) -> bool {
    text.is_empty() || text == "\\N" || text.eq_ignore_ascii_case("null")
}

/// The same of the bytes of a cell: whether another column of the same meaning is to be asked.
pub(crate) fn is_blank(cell: &[u8]) -> bool {
    cell.is_empty() || cell == b"\\N" || cell.eq_ignore_ascii_case(b"null")
}

/// The first letter of a cell, behind what a spreadsheet puts before it.
pub(crate) fn first_letter(cell: &[u8]) -> Option<u8> {
    let inner = cell
        .strip_prefix(b"=\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    let inner = inner.or_else(|| cell.strip_prefix(b"'")).unwrap_or(cell);
    inner.trim_ascii_start().first().copied()
}

/// The key in a cell, as keys are compared: a pseudonym or a hospital's own number of a person, without what a spreadsheet puts
/// round it or behind a whole number. Empty where the cell says that there is none: what stands there then would join everybody
/// who has none into one person.
pub(crate) fn key_in(text: &str) -> &str {
    const NO_KEY: [&str; 9] = ["-", "?", "N/A", "NA", "NAN", "NK", "NONE", "NOT KNOWN", "UNKNOWN"];
    let text = bare(text);
    let whole = text
        .strip_suffix(".0")
        .filter(|whole| !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()));
    let key = whole.unwrap_or(text);
    let is_none = says_nothing(key)
        || key.bytes().all(|byte| byte == b'0')
        || NO_KEY.iter().any(|word| word.eq_ignore_ascii_case(key));
    if is_none { "" } else { key }
}

/// Whether a cell says that something is not known, in one of the words and codes for that.
pub(crate) fn says_not_known(text: &str) -> bool {
    const WORDS: [&str; 13] = [
        "-",
        "9",
        "99",
        "?",
        "N/A",
        "NA",
        "NK",
        "NONE",
        "NOT KNOWN",
        "U",
        "UNK",
        "UNKNOWN",
        "X",
    ];
    says_nothing(text) || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn cells_are_read_in_either_encoding() {
        let mut scratch = String::new();
        for (bytes, wanted, decoded) in [
            (&b"  C509 "[..], "C509", false),
            ("Zoë".as_bytes(), "Zoë", false),
            (b"Zo\xEB", "Zoë", true),
            (b"O\x92Brien", "O\u{2019}Brien", true),
            ("\u{a0}A\u{a0}".as_bytes(), "A", false),
            (b"", "", false),
        ] {
            assert_eq!(text(bytes, &mut scratch), (wanted, decoded));
        }
        assert!(says_nothing("Null") && says_nothing("") && says_nothing("\\N") && !says_nothing("0"));
        for cell in ["", "\\N", "null", "NULL", "0", "N", "nul"] {
            assert_eq!(is_blank(cell.as_bytes()), says_nothing(cell), "{cell}");
        }
        assert!(says_not_known("") && says_not_known("nk") && says_not_known("?") && !says_not_known("0"));
    }

    #[test]
    fn what_says_that_there_is_no_key_is_none() {
        for (text, wanted) in [
            ("1001", "1001"),
            ("1001.0", "1001"),
            ("'1001", "1001"),
            ("=\"1001.0\"", "1001"),
            ("0042", "0042"),
            ("A1.0", "A1.0"),
            ("NADIA", "NADIA"),
        ] {
            assert_eq!(key_in(text), wanted, "{text}");
        }
        for none in [
            "",
            "NA",
            "na",
            "N/A",
            "nan",
            "NK",
            "None",
            "not known",
            "Unknown",
            "-",
            "?",
            "0",
            "0000",
            "0.0",
            "NULL",
            "'",
            "=\"NA\"",
        ] {
            assert_eq!(key_in(none), "", "{none}");
        }
    }

    #[test]
    fn the_first_letter_is_that_of_the_text() {
        for (cell, wanted) in [("D", b'D'), ("'D", b'D'), ("=\"4\"", b'4'), ("=\" N\"", b'N')] {
            assert_eq!(first_letter(cell.as_bytes()), Some(wanted), "{cell}");
        }
        assert_eq!((first_letter(b""), first_letter(b"'")), (None, None));
    }
}
