//! The national codes of COSD items, and what old or careless files make of them.
//!
//! Codes from the COSD user guide v10.2.8; metastatic sites with the retired ones that old files
//! still hold. A code that is none of the item's reads as blank: a random text must never stand
//! where a definition looks for a stage.

use std::borrow::Cow;

use vocabulary::stage::{m_category, stage_group};

/// What codes an item takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Codes {
    /// Exactly these.
    These(&'static [&'static str]),
    /// Digits, this many.
    Digits(usize),
    /// Letters and digits, this many at most.
    Short(usize),
    /// An M category.
    MCategory,
    /// A TNM stage group.
    Stage,
}

pub(super) const LATERALITY: Codes = Codes::These(&["L", "R", "M", "B", "8", "9"]);
pub(super) const PERFORMANCE: Codes = Codes::These(&["0", "1", "2", "3", "4", "9"]);
pub(super) const NURSE: Codes = Codes::These(&["Y1", "Y2", "Y3", "Y4", "Y5", "NI", "NN", "99"]);
pub(super) const CARE_PLAN: Codes = Codes::These(&["C", "Z", "X", "9"]);
pub(super) const PALLIATIVE: Codes = Codes::These(&["Y", "N", "9"]);
pub(super) const ADJUNCTIVE: Codes = Codes::These(&["1", "2", "3", "9"]);
pub(super) const DISCUSSION: Codes = Codes::These(&["1", "2", "3"]);
pub(super) const TYPES: Codes = Codes::These(&["01", "02", "03", "99"]);
pub(super) const SITES: Codes = Codes::These(&[
    "01", "02", "03", "04", "06", "07", "08", "09", "10", "11", "12", "97", "98", "99",
]);

/// The sites that lie beyond the breast, its skin and its nodes. The unknown site (07) and another one (98) say nothing of where.
const DISTANT: [&str; 6] = ["02", "03", "04", "09", "10", "11"];

impl Codes {
    /// The code in its national form; none when it is not one.
    pub(super) fn read(self, text: &str) -> Option<Cow<'_, str>> {
        let text = text.trim();
        let upper = || text.to_uppercase();
        match self {
            Self::These(codes) => {
                let code = upper();
                let padded = format!("0{code}");
                let found = codes.iter().find(|known| **known == code || **known == padded)?;
                Some(Cow::Borrowed(found))
            }
            Self::Digits(count) => {
                let fits =
                    !text.is_empty() && text.len() <= count && text.bytes().all(|byte| byte.is_ascii_digit());
                fits.then(|| Cow::Owned(format!("{text:0>count$}")))
            }
            Self::Short(count) => {
                let fits = !text.is_empty()
                    && text.len() <= count
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
                fits.then(|| Cow::Owned(upper()))
            }
            Self::MCategory => m_category(text).map(Cow::Owned),
            Self::Stage => stage_group(text).map(Cow::Owned),
        }
    }
}

/// Why a statement of type and sites cannot be true as it stands; the words for people.
pub(super) fn contradiction(pairs: &[(Cow<'_, str>, Cow<'_, str>)]) -> Option<&'static str> {
    let sites = || {
        pairs
            .iter()
            .map(|(_, site)| &**site)
            .filter(|site| !site.is_empty())
    };
    let distant = pairs.iter().any(|(kind, _)| kind == "03");
    if distant && sites().any(|site| site == "97") {
        return Some("type 03 (distant) stands with site 97 (not applicable: no spread)");
    }
    if distant && sites().next().is_some() && sites().all(|site| site == "12") {
        return Some("type 03 (distant) stands with regional nodes (12) only");
    }
    let near = |kind: &str| matches!(kind, "01" | "02");
    let mut pairs = pairs.iter();
    // Both at once is common: then the distant part is stated by itself.
    if !distant && pairs.any(|(kind, site)| near(kind) && DISTANT.contains(&&**site)) {
        return Some("type 01 or 02 (local, regional) stands with a distant site");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_their_national_form_or_not_at_all() {
        let table: &[(Codes, &str, Option<&str>)] = &[
            (TYPES, "03", Some("03")),
            (TYPES, " 3 ", Some("03")),
            (TYPES, "13", None),
            (SITES, "1", Some("01")),
            (SITES, "97", Some("97")),
            (SITES, "05", None),
            (NURSE, "y1", Some("Y1")),
            (LATERALITY, "l", Some("L")),
            (Codes::Digits(4), "102", Some("0102")),
            (Codes::Digits(2), "123", None),
            (Codes::Digits(2), "", None),
            (Codes::Short(3), "a1", Some("A1")),
            (Codes::Short(3), "a-1", None),
            (Codes::MCategory, "M1", Some("M1")),
            (Codes::MCategory, "pM1a", Some("M1A")),
            (Codes::MCategory, "1", Some("M1")),
            (Codes::MCategory, "cM0 (i+)", Some("M0(I+)")),
            (Codes::MCategory, "MX", Some("MX")),
            (Codes::MCategory, "M12", None),
            (Codes::MCategory, "483wBKjug9MRB0l", None),
            (Codes::MCategory, "1e0fxG2RfYosEFE5", None),
            (Codes::MCategory, "é", None),
            (Codes::Stage, "Stage IV", Some("IV")),
            (Codes::Stage, "04", Some("4")),
            (Codes::MCategory, "M1(OSS)", Some("M1")),
            (Codes::Stage, "4", Some("4")),
            (Codes::Stage, "4b", Some("4B")),
            (Codes::Stage, "IIIC1", Some("IIIC1")),
            (Codes::Stage, "IIII", None),
            (Codes::Stage, "0is", Some("0IS")),
            (Codes::Stage, "44", None),
            (Codes::Stage, "VI", None),
            (Codes::Stage, "4oBlEwwH3GtZKWQ", None),
            (Codes::Stage, "U", Some("U")),
            (Codes::Stage, "", None),
        ];
        for (codes, text, expected) in table {
            assert_eq!(codes.read(text).as_deref(), *expected, "{text:?} as {codes:?}");
        }
    }

    #[test]
    fn what_cannot_be_true_is_named() {
        let pairs = |text: &str| -> Vec<(Cow<'static, str>, Cow<'static, str>)> {
            text.split_whitespace()
                .map(|pair| pair.split_once('/').unwrap())
                .map(|(kind, site)| (kind.to_owned().into(), site.to_owned().into()))
                .collect()
        };
        let table = [
            ("03/10", false),
            ("03/10 03/12", false),
            ("03/12", true),
            ("03/", false),
            ("03/10 03/97", true),
            ("01/", false),
            ("01/12", false),
            ("01/07", false),
            ("02/09", true),
            ("/10", false),
            ("01/12 03/10", false),
            ("", false),
        ];
        for (text, impossible) in table {
            assert_eq!(contradiction(&pairs(text)).is_some(), impossible, "{text}");
        }
    }
}
