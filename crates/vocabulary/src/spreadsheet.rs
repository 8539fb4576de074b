//! What spreadsheets put round a text so that it stays a text.

/// A text without the apostrophe before it or the `="…"` round it, with which spreadsheets are told to keep zeros and dates
/// as they are.
///
/// A name may begin with an apostrophe (`'t Hooft`), so this is for values that cannot.
pub fn bare(text: &str) -> &str {
    let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inner
        .or_else(|| text.strip_prefix('\''))
        .unwrap_or(text)
        .trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_round_a_text_goes() {
        for (text, wanted) in [
            ("'0101301006", "0101301006"),
            ("=\"0101301006\"", "0101301006"),
            ("=\"C795 \"", "C795"),
            ("C795", "C795"),
            ("=\"C795", "=\"C795"),
            ("='C795'", "='C795'"),
            ("'", ""),
            ("=\"\"", ""),
            ("", ""),
        ] {
            assert_eq!(bare(text), wanted, "{text}");
        }
    }
}
