//! Lines of treatment for metastatic disease, by subtype and year.
//!
//! A line is a regimen and its drugs. What was in use when follows NICE appraisals and the Cancer Drugs Fund,
//! roughly: the point is that the same drug means different things in different years.

use super::early::day;
use crate::chance::Chance;
use crate::life::Subtype;
use vocabulary::date::Date;

/// A regimen: its name, its drugs with doses, days between administrations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) regimen: &'static str,
    pub(super) drugs: &'static [(&'static str, &'static str)],
    pub(super) every: i32,
}

const fn line(regimen: &'static str, drugs: &'static [(&'static str, &'static str)], every: i32) -> Line {
    Line {
        regimen,
        drugs,
        every,
    }
}

const PALBOCICLIB: Line = line(
    "PALBOCICLIB + AI",
    &[("PALBOCICLIB", "125"), ("LETROZOLE", "2.5")],
    28,
);
const RIBOCICLIB: Line = line(
    "RIBOCICLIB + AI",
    &[("RIBOCICLIB", "600"), ("LETROZOLE", "2.5")],
    28,
);
const ABEMACICLIB: Line = line(
    "ABEMACICLIB + AI",
    &[("ABEMACICLIB", "150"), ("LETROZOLE", "2.5")],
    28,
);
const FULVESTRANT: Line = line("FULVESTRANT", &[("FULVESTRANT", "500")], 28);
const EVEROLIMUS: Line = line(
    "EVEROLIMUS + EXEMESTANE",
    &[("EVEROLIMUS", "10"), ("EXEMESTANE", "25")],
    28,
);
const ALPELISIB: Line = line(
    "ALPELISIB + FULVESTRANT",
    &[("ALPELISIB", "300"), ("FULVESTRANT", "500")],
    28,
);
const CAPIVASERTIB: Line = line(
    "CAPIVASERTIB + FULVESTRANT",
    &[("CAPIVASERTIB", "400"), ("FULVESTRANT", "500")],
    28,
);
const ELACESTRANT: Line = line("ELACESTRANT", &[("ELACESTRANT", "345")], 28);
const CAPECITABINE: Line = line("CAPECITABINE", &[("CAPECITABINE", "3300")], 21);
const PACLITAXEL: Line = line("PACLITAXEL WEEKLY", &[("PACLITAXEL", "140")], 14);
const VINORELBINE: Line = line("VINORELBINE", &[("VINORELBINE", "100")], 21);
const ERIBULIN: Line = line("ERIBULIN", &[("ERIBULIN", "2.1")], 21);
const CARBOPLATIN: Line = line(
    "CARBOPLATIN + GEMCITABINE",
    &[("CARBOPLATIN", "500"), ("GEMCITABINE", "1800")],
    21,
);
const EPIRUBICIN: Line = line("EC", &[("EPIRUBICIN", "140"), ("CYCLOPHOSPHAMIDE", "900")], 21);
const SACITUZUMAB: Line = line("SACITUZUMAB GOVITECAN", &[("SACITUZUMAB GOVITECAN", "700")], 14);
const ATEZOLIZUMAB: Line = line(
    "ATEZOLIZUMAB + NAB-PACLITAXEL",
    &[("ATEZOLIZUMAB", "840"), ("NAB-PACLITAXEL", "180")],
    14,
);
const PEMBROLIZUMAB: Line = line(
    "PEMBROLIZUMAB + PACLITAXEL",
    &[("PEMBROLIZUMAB", "200"), ("PACLITAXEL", "140")],
    21,
);
const DUAL: Line = line(
    "DOCETAXEL + PERTUZUMAB + TRASTUZUMAB",
    &[
        ("DOCETAXEL", "120"),
        ("PERTUZUMAB", "420"),
        ("TRASTUZUMAB", "600"),
    ],
    21,
);
const TRASTUZUMAB: Line = line(
    "VINORELBINE + TRASTUZUMAB",
    &[("VINORELBINE", "100"), ("TRASTUZUMAB", "600")],
    21,
);
const T_DM1: Line = line("TRASTUZUMAB EMTANSINE", &[("TRASTUZUMAB EMTANSINE", "250")], 21);
const LAPATINIB: Line = line(
    "LAPATINIB + CAPECITABINE",
    &[("LAPATINIB", "1250"), ("CAPECITABINE", "3000")],
    21,
);
const TUCATINIB: Line = line(
    "TUCATINIB + TRASTUZUMAB + CAPECITABINE",
    &[
        ("TUCATINIB", "600"),
        ("TRASTUZUMAB", "600"),
        ("CAPECITABINE", "3000"),
    ],
    21,
);
const T_DXD: Line = line("TRASTUZUMAB DERUXTECAN", &[("TRASTUZUMAB DERUXTECAN", "370")], 21);

/// The regimen of the n-th line (from 0) that begins on a date.
pub(super) fn choose(subtype: Subtype, n: usize, on: Date, chance: &mut Chance) -> Line {
    let options: Vec<Line> = match subtype {
        Subtype::Luminal => luminal(n, on),
        Subtype::LuminalHer2 | Subtype::Her2 => her2(n, on),
        Subtype::TripleNegative => triple_negative(n, on),
    };
    options
        .get(chance.below(options.len()))
        .copied()
        .unwrap_or(CAPECITABINE)
}

fn luminal(n: usize, on: Date) -> Vec<Line> {
    let mut options = match n {
        0 if on >= day(2017, 11) => vec![PALBOCICLIB, PALBOCICLIB, RIBOCICLIB, ABEMACICLIB, CAPECITABINE],
        0 => vec![PACLITAXEL, CAPECITABINE, EPIRUBICIN, FULVESTRANT],
        1 => vec![CAPECITABINE, FULVESTRANT, PACLITAXEL],
        2 => vec![CAPECITABINE, PACLITAXEL, VINORELBINE],
        _ => vec![VINORELBINE, CARBOPLATIN, CAPECITABINE],
    };
    if n >= 1 && on >= day(2016, 12) {
        options.extend([EVEROLIMUS, ERIBULIN]);
    }
    if n == 1 && on >= day(2022, 8) {
        options.push(ALPELISIB);
    }
    if n == 1 && on >= day(2025, 3) {
        options.extend([ELACESTRANT, CAPIVASERTIB]);
    }
    options
}

fn her2(n: usize, on: Date) -> Vec<Line> {
    match n {
        0 if on >= day(2014, 1) => vec![DUAL, DUAL, DUAL, TRASTUZUMAB],
        0 => vec![TRASTUZUMAB],
        1 if on >= day(2022, 12) => vec![T_DXD],
        1 => vec![T_DM1, T_DM1, LAPATINIB],
        2 if on >= day(2021, 6) => vec![T_DXD, TUCATINIB],
        2 => vec![LAPATINIB, TRASTUZUMAB],
        _ => vec![CAPECITABINE, TRASTUZUMAB, ERIBULIN],
    }
}

fn triple_negative(n: usize, on: Date) -> Vec<Line> {
    match n {
        0 if on >= day(2022, 7) => vec![PEMBROLIZUMAB, PACLITAXEL, CARBOPLATIN],
        0 if on >= day(2020, 7) => vec![ATEZOLIZUMAB, PACLITAXEL, CARBOPLATIN],
        0 => vec![PACLITAXEL, CARBOPLATIN, EPIRUBICIN],
        1 if on >= day(2022, 9) => vec![SACITUZUMAB, SACITUZUMAB, CAPECITABINE],
        1 => vec![CAPECITABINE, CARBOPLATIN],
        _ => vec![ERIBULIN, VINORELBINE, CAPECITABINE],
    }
}

/// Median days on the n-th line.
pub(super) fn duration(subtype: Subtype, n: usize) -> f64 {
    let first = match subtype {
        Subtype::Luminal => 420.0,
        Subtype::LuminalHer2 | Subtype::Her2 => 450.0,
        Subtype::TripleNegative => 150.0,
    };
    first * [1.0, 0.55, 0.4, 0.3][n.min(3)]
}
