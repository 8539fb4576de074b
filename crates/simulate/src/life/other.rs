//! Other people, and other cancers: those whose metastases are not from the breast.

use super::{Group, Life, Primary, Site, Subtype, Who, birth_for_age, years_between};
use crate::chance::Chance;
use crate::plan::Plan;
use crate::rates;
use vocabulary::date::Date;
use vocabulary::sex::Sex;

/// A cancer that is not of the breast.
#[derive(Debug, Clone)]
pub(crate) struct OtherCancer {
    pub(crate) date: Date,
    pub(crate) icd: &'static str,
    /// When it had spread, if it did.
    pub(crate) spread: Option<Date>,
    pub(crate) sites: Vec<Site>,
    /// Death of it.
    pub(crate) death: Option<Date>,
    /// Drugs used for it.
    pub(crate) drugs: &'static [&'static str],
}

struct Sort {
    icd: &'static str,
    women: f64,
    men: f64,
    spreads: f64,
    sites: &'static [Site],
    drugs: &'static [&'static str],
}

/// Commonest other cancers: weight in women and men, and the share that spreads within five years (rough, from
/// national incidence and stage tables; assumption where none).
const SORTS: [Sort; 10] = [
    Sort {
        icd: "C349",
        women: 20.0,
        men: 17.0,
        spreads: 0.60,
        sites: &[Site::Bone, Site::Brain, Site::Liver, Site::Adrenal],
        drugs: &["CARBOPLATIN", "PEMETREXED", "PEMBROLIZUMAB"],
    },
    Sort {
        icd: "C189",
        women: 19.0,
        men: 16.0,
        spreads: 0.35,
        sites: &[Site::Liver, Site::Lung, Site::Peritoneum],
        drugs: &["OXALIPLATIN", "CAPECITABINE"],
    },
    Sort {
        icd: "C61",
        women: 0.0,
        men: 36.0,
        spreads: 0.25,
        sites: &[Site::Bone],
        drugs: &["DOCETAXEL", "ENZALUTAMIDE"],
    },
    Sort {
        icd: "C541",
        women: 13.0,
        men: 0.0,
        spreads: 0.15,
        sites: &[Site::Lung, Site::Peritoneum],
        drugs: &["CARBOPLATIN", "PACLITAXEL"],
    },
    Sort {
        icd: "C56",
        women: 9.0,
        men: 0.0,
        spreads: 0.60,
        sites: &[Site::Peritoneum, Site::Liver],
        drugs: &["CARBOPLATIN", "PACLITAXEL"],
    },
    Sort {
        icd: "C259",
        women: 7.0,
        men: 5.0,
        spreads: 0.70,
        sites: &[Site::Liver, Site::Peritoneum],
        drugs: &["GEMCITABINE", "CAPECITABINE"],
    },
    Sort {
        icd: "C439",
        women: 10.0,
        men: 8.0,
        spreads: 0.12,
        sites: &[Site::Lung, Site::Brain, Site::Skin],
        drugs: &["PEMBROLIZUMAB"],
    },
    Sort {
        icd: "C64",
        women: 6.0,
        men: 7.0,
        spreads: 0.35,
        sites: &[Site::Lung, Site::Bone],
        drugs: &["SUNITINIB"],
    },
    Sort {
        icd: "C679",
        women: 4.0,
        men: 7.0,
        spreads: 0.25,
        sites: &[Site::Bone, Site::Lung],
        drugs: &["GEMCITABINE", "CISPLATIN"],
    },
    Sort {
        icd: "C833",
        women: 7.0,
        men: 7.0,
        spreads: 0.0,
        sites: &[],
        drugs: &["RITUXIMAB", "CYCLOPHOSPHAMIDE"],
    },
];

/// Sex and birth date of someone without invasive breast cancer; a reference day in the years covered.
pub(super) fn beginning(plan: &Plan, twin_birth: Option<Date>, chance: &mut Chance) -> (Sex, Date, Date) {
    let sex = if chance.happens(0.35) {
        Sex::Male
    } else {
        Sex::Female
    };
    let days = plan.as_of.days() - plan.start().days();
    let day = plan.start().plus_days(chance.between(0, days));
    let age = (66.0 + 14.0 * chance.normal()).clamp(22.0, 98.0) as i32;
    let own = birth_for_age(day, age, chance);
    let birth = twin_birth.filter(|b| years_between(*b, day) < 99).unwrap_or(own);
    (sex, birth, day)
}

pub(super) fn draw(plan: &Plan, who: Who, twin_birth: Option<Date>, chance: &mut Chance) -> Life {
    let (sex, birth, day) = beginning(plan, twin_birth, chance);
    let mut life = Life {
        sex,
        birth,
        primaries: Vec::new(),
        spread: None,
        local: None,
        others: Vec::new(),
        death: None,
    };
    if who.group == Group::OtherCancer {
        if sex == Sex::Female && chance.happens(0.12) {
            life.primaries.push(in_situ(day, chance));
        } else {
            life.others.push(cancer(day, sex, chance));
        }
    }
    life
}

/// Ductal carcinoma in situ: a record that is not a cancer that spreads.
fn in_situ(date: Date, chance: &mut Chance) -> Primary {
    Primary {
        date,
        icd: "D051",
        stage: 0,
        nodes: false,
        subtype: Subtype::Luminal,
        side: chance.pick(&["L", "R"], "L"),
        registered: true,
    }
}

fn cancer(date: Date, sex: Sex, chance: &mut Chance) -> OtherCancer {
    let weights: Vec<f64> = SORTS
        .iter()
        .map(|s| if sex == Sex::Female { s.women } else { s.men })
        .collect();
    let sort = &SORTS[chance.weighted(&weights).min(SORTS.len() - 1)];
    let spread = chance.happens(sort.spreads).then(|| {
        let late = if chance.happens(0.6) {
            0.0
        } else {
            chance.exponential(500.0).min(1800.0)
        };
        date.plus_days(late as i32)
    });
    let sites = match spread {
        Some(_) => {
            let mut sites = vec![sort.sites[chance.below(sort.sites.len())]];
            if chance.happens(0.4) {
                let more = sort.sites[chance.below(sort.sites.len())];
                if !sites.contains(&more) {
                    sites.push(more);
                }
            }
            sites
        }
        None => Vec::new(),
    };
    let death =
        spread.map(|s| s.plus_days((chance.log_logistic(11.0, 1.0) * 30.44).clamp(5.0, 9_000.0) as i32));
    OtherCancer {
        date,
        icd: sort.icd,
        spread,
        sites,
        death,
        drugs: sort.drugs,
    }
}

/// Other cancers in someone who has had breast cancer.
pub(super) fn second_cancers(life: &mut Life, first: Date, plan: &Plan, chance: &mut Chance) {
    let years = chance.exponential(1.0 / rates::SECOND_CANCER);
    // Some had the other cancer first.
    let date = first.plus_days((years * 365.25).min(30_000.0) as i32 - 900);
    if date > plan.horizon() || years_between(life.birth, date) < 25 {
        return;
    }
    let second = cancer(date, life.sex, chance);
    // Whoever died of the other cancer first never got the breast cancer: the draw is dropped.
    if second.death.is_none_or(|death| death > first) {
        life.others.push(second);
    }
}
