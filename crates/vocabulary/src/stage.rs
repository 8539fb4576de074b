//! Stages of a cancer and M categories in the one form in which they are compared.
//!
//! TNM: stages are `0` to `4` or `0` to `IV`, M categories `M0`, `M1` and `MX`, each with its letters. What is none of these
//! reads as nothing: a random text must never stand where a definition looks for a stage.

/// A stage group without the word before it, blanks and a zero that a column of two figures adds: `Stage IV` is `IV`, `4b`
/// is `4B`, `S4` and `04` are `4`. Words behind a colon explain the stage and are passed over.
pub fn stage_group(text: &str) -> Option<String> {
    let text = capitals(text.split(':').next().unwrap_or_default());
    let bare = text
        .strip_prefix("STAGE")
        .or(text.strip_prefix('S'))
        .unwrap_or(&text);
    let bare = without_zero(bare);
    let more = match bare.strip_prefix(['0', '1', '2', '3', '4']) {
        Some(more) => more,
        None => bare.trim_start_matches(['I', 'V']),
    };
    let number = &bare[..bare.len() - more.len()];
    let known = match number {
        "0" => matches!(more, "" | "A" | "IS"),
        "I" | "II" | "III" | "IV" | "1" | "2" | "3" | "4" => {
            more.len() <= 2 && more.chars().all(|letter| matches!(letter, 'A'..='E' | '1'..='3'))
        }
        "" => matches!(more, "U" | "X" | "UNKNOWN"),
        _ => false,
    };
    known.then(|| bare.to_owned())
}

/// An M category without its prefix, blanks and a zero before it: `pM1a` is `M1A`, `1` and `01` are `M1`. Sites in
/// brackets, as in `M1(OSS)`, say where the spread is and are passed over.
pub fn m_category(text: &str) -> Option<String> {
    let text = capitals(text);
    let bare = text.trim_start_matches(['C', 'P', 'Y', 'R', 'A']);
    let rest = without_zero(bare.strip_prefix('M').unwrap_or(bare));
    let (first, more) = rest.split_at_checked(1)?;
    if first == "1" {
        let letter = without_sites(more)?;
        return matches!(letter, "" | "A" | "B" | "C" | "D").then(|| format!("M1{letter}"));
    }
    let known = match first {
        "0" => more.is_empty() || more.starts_with('('),
        "X" | "9" => more.is_empty(),
        _ => false,
    };
    (known && rest.len() <= 6).then(|| format!("M{rest}"))
}

fn capitals(text: &str) -> String {
    let letters = text.chars().filter(|letter| !letter.is_whitespace());
    letters.flat_map(char::to_uppercase).collect()
}

/// `04` is 4, and `0` is 0.
fn without_zero(text: &str) -> &str {
    let rest = text.strip_prefix('0');
    rest.filter(|rest| rest.starts_with(['1', '2', '3', '4']))
        .unwrap_or(text)
}

/// What stands before sites in brackets; none where the brackets hold anything but letters and commas.
fn without_sites(text: &str) -> Option<&str> {
    let Some((before, sites)) = text.split_once('(') else {
        return Some(text);
    };
    let sites = sites.strip_suffix(')')?;
    let are_letters = sites
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte == b',');
    (are_letters && !sites.is_empty()).then_some(before)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stages_as_they_come() {
        for (text, wanted) in [
            ("4", Some("4")),
            ("04", Some("4")),
            ("STAGE4", Some("4")),
            ("S4", Some("4")),
            ("Stage 4: distant", Some("4")),
            ("Stage IV", Some("IV")),
            ("IV B", Some("IVB")),
            ("iiic1", Some("IIIC1")),
            ("0", Some("0")),
            ("0is", Some("0IS")),
            ("U", Some("U")),
            ("D", None),
            ("S", None),
            ("44", None),
            ("004", None),
            ("05", None),
            ("VI", None),
            ("not stage 4", None),
            (": 4", None),
            ("", None),
        ] {
            assert_eq!(stage_group(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn m_categories_as_they_come() {
        for (text, wanted) in [
            ("1", Some("M1")),
            ("01", Some("M1")),
            ("M1(OSS)", Some("M1")),
            ("pM1a (hep, oss)", Some("M1A")),
            ("cM1", Some("M1")),
            ("cM0 (i+)", Some("M0(I+)")),
            ("00", None),
            ("M1(?)", None),
            ("M1()", None),
            ("M1(OSS", None),
            ("yes", None),
            ("Y", None),
            ("", None),
        ] {
            assert_eq!(m_category(text).as_deref(), wanted, "{text}");
        }
    }

    proptest! {
        /// What was read is read again as itself.
        #[test]
        fn the_normal_form_is_reached_at_once(text in "(STAGE|S)? ?0?[0-4IVX]{0,4}[A-E]?(: x)?|[cp]?M?0?[01X][a-d]?(\\([A-Z]{0,3}\\))?|\\PC{0,8}") {
            for read in [stage_group as fn(&str) -> Option<String>, m_category] {
                if let Some(code) = read(&text) {
                    prop_assert_eq!(read(&code), Some(code.clone()));
                }
            }
        }
    }
}
