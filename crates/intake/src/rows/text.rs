//! The text of one cell, whatever its encoding.
//!
//! A cell that is not UTF-8 is taken for Windows-1252, in which every byte is a character: the usual
//! case of a British extract. It is decided cell by cell, so that nothing is lost when a file mixes both.

use encoding_rs::WINDOWS_1252;

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
        assert!(says_not_known("") && says_not_known("nk") && says_not_known("?") && !says_not_known("0"));
    }
}
