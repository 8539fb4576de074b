//! How sources spell the same code.

use crate::chance::Chance;

/// A hospital's own habit in files that leave the spelling open: `C50.9`, `C509`, and now and then `C50X` or
/// `C50`, where the fourth figure is lost.
pub(super) fn diagnosis(code: &str, dotted: bool, slip: &mut Chance) -> String {
    if code.len() == 4 {
        return match slip.weighted(&[0.965, 0.02, 0.015]) {
            1 => format!("{}X", &code[..3]),
            2 => code[..3].to_owned(),
            _ if dotted => format!("{}.{}", &code[..3], &code[3..]),
            _ => code.to_owned(),
        };
    }
    code.to_owned()
}

/// Hospital episodes: four characters, filled with X.
pub(super) fn episode(code: &str) -> String {
    if code.len() == 3 {
        format!("{code}X")
    } else {
        code.to_owned()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::chance::Purpose;
    use vocabulary::code::normalise_icd10;

    #[test]
    fn every_spelling_is_read_as_the_same_disease() {
        let mut slip = Chance::of(1, Purpose::Slip, 0, 0);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..2_000 {
            for dotted in [true, false] {
                let text = diagnosis("C509", dotted, &mut slip);
                let read = normalise_icd10(&text).unwrap();
                assert!(read == "C509" || read == "C50", "{text}");
                seen.insert(text);
            }
        }
        assert_eq!(
            seen.into_iter().collect::<Vec<_>>(),
            ["C50", "C50.9", "C509", "C50X"]
        );
        assert_eq!(episode("I10"), "I10X");
        assert_eq!(episode("C795"), "C795");
    }
}
