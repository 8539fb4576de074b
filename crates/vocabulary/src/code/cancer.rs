//! The codes that speak of cancer at all.

use super::CodeSet;

/// Codes of ICD-10 that speak of a tumour: chapter II (C00 to D48, benign and uncertain ones among them, since what a
/// tumour is called changes) and the personal history of a malignant one (Z85).
///
/// **Source.** WHO, ICD-10, chapters II and XXI.
pub fn of_tumours() -> CodeSet {
    let malignant = (0..=97).map(|number| format!("C{number:02}"));
    let other = (0..=48).map(|number| format!("D{number:02}"));
    let codes: Vec<String> = malignant.chain(other).chain(["Z85".to_owned()]).collect();
    CodeSet::from_lines(codes.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tumours_are_chapter_two_and_their_history() {
        let set = of_tumours();
        for code in ["C00", "C509", "C97", "D05", "D489", "Z853"] {
            assert!(set.contains(code), "{code}");
        }
        for code in ["B99", "C98", "D49", "D50", "Z84", "Z86", "Z510", "I10", ""] {
            assert!(!set.contains(code), "{code}");
        }
        assert!(CodeSet::from_lines(["C50", "C787", "Z853"]).is_within(&set));
        assert!(!CodeSet::from_lines(["C50", "G952"]).is_within(&set));
        // A short code matches only itself, and `C` alone is no code of a tumour.
        assert!(!CodeSet::from_lines(["C"]).is_within(&set));
        assert!(CodeSet::from_lines([]).is_within(&set));
    }
}
