//! Where metastatic breast cancer goes, and how each coding system names it.

use crate::chance::Chance;
use crate::rates;

/// A distant site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    Bone,
    Marrow,
    Liver,
    Lung,
    Pleura,
    Brain,
    DistantNodes,
    Skin,
    Peritoneum,
    Ovary,
    Adrenal,
}

impl Site {
    /// ICD-10, as hospitals and certificates write it.
    pub(crate) fn icd(self) -> &'static str {
        match self {
            Site::Bone | Site::Marrow => "C795",
            Site::Liver => "C787",
            Site::Lung => "C780",
            Site::Pleura => "C782",
            Site::Brain => "C793",
            Site::DistantNodes => "C771",
            Site::Skin => "C792",
            Site::Peritoneum => "C786",
            Site::Ovary => "C796",
            Site::Adrenal => "C797",
        }
    }

    /// The national metastatic site code of COSD and waiting times.
    pub(crate) fn national(self) -> &'static str {
        match self {
            Site::Bone => "10",
            Site::Marrow => "11",
            Site::Liver => "03",
            Site::Lung => "04",
            Site::Brain => "02",
            Site::DistantNodes => "09",
            Site::Skin => "08",
            Site::Pleura | Site::Peritoneum | Site::Ovary | Site::Adrenal => "98",
        }
    }

    /// The OPCS-4 Z code of a part of the body that radiotherapy treats.
    pub(crate) fn treated_part(self, chance: &mut Chance) -> &'static str {
        match self {
            Site::Bone | Site::Marrow => {
                chance.pick(&["Z663", "Z664", "Z665", "Z752", "Z761", "Z691"], "Z664")
            }
            Site::Brain => "Z011",
            Site::Liver => "Z301",
            Site::Lung | Site::Pleura => "Z246",
            _ => "Z929",
        }
    }
}

/// First sites of one person.
pub(crate) fn draw(chance: &mut Chance) -> Vec<Site> {
    match chance.weighted(&rates::FIRST_SITES) {
        0 => vec![if chance.happens(0.05) {
            Site::Marrow
        } else {
            Site::Bone
        }],
        1 => several(chance),
        2 => vec![if chance.happens(0.3) {
            Site::Pleura
        } else {
            Site::Lung
        }],
        3 => vec![Site::Liver],
        4 => vec![other(chance)],
        _ => vec![Site::Brain],
    }
}

fn several(chance: &mut Chance) -> Vec<Site> {
    let mut sites = Vec::new();
    let count = 2 + usize::from(chance.happens(0.35));
    while sites.len() < count {
        let site = match chance.weighted(&[0.40, 0.20, 0.18, 0.05, 0.05, 0.12]) {
            0 => Site::Bone,
            1 => Site::Liver,
            2 => Site::Lung,
            3 => Site::Pleura,
            4 => Site::Brain,
            _ => other(chance),
        };
        if !sites.contains(&site) {
            sites.push(site);
        }
    }
    sites
}

fn other(chance: &mut Chance) -> Site {
    match chance.weighted(&[0.55, 0.15, 0.15, 0.05, 0.10]) {
        0 => Site::DistantNodes,
        1 => Site::Skin,
        2 => Site::Peritoneum,
        3 => Site::Ovary,
        _ => Site::Adrenal,
    }
}
