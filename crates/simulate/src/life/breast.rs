//! Breast cancer: who gets it, how far it has gone, when it comes back, how long people live with it.

use super::{Death, Site};
use super::{
    Group, Kind, Life, LocalReturn, Primary, Spread, Subtype, Who, birth_for_age, sites, years_between,
};
use crate::chance::Chance;
use crate::plan::Plan;
use crate::rates;
use vocabulary::date::Date;
use vocabulary::sex::Sex;

/// How a life with breast cancer begins.
pub(super) struct Beginning {
    pub(super) sex: Sex,
    pub(super) birth: Date,
    pub(super) diagnosed: Date,
}

pub(super) fn beginning(plan: &Plan, who: Who, twin_birth: Option<Date>, chance: &mut Chance) -> Beginning {
    let sex = if chance.happens(rates::MEN) {
        Sex::Male
    } else {
        Sex::Female
    };
    let (start, days) = (plan.start(), plan.as_of.days() - plan.start().days());
    let diagnosed = if who.group == Group::Breast {
        start.plus_days(chance.between(0, days))
    } else {
        // Twenty-two years back, thinning out: incidence was lower and fewer are still followed.
        let back = 22.0 * 365.25 * (1.0 - (1.0 - chance.unit()).sqrt());
        start.plus_days(-1 - back as i32)
    };
    let weights: Vec<f64> = rates::AGE_BANDS.iter().map(|band| band.2).collect();
    let band = rates::AGE_BANDS[chance.weighted(&weights)];
    let age = chance.between(band.0, band.1);
    let own = birth_for_age(diagnosed, age, chance);
    // A twin keeps the elder's birth date when the age at diagnosis stays possible.
    let birth = twin_birth
        .filter(|b| (22..=99).contains(&years_between(*b, diagnosed)))
        .unwrap_or(own);
    Beginning {
        sex,
        birth,
        diagnosed,
    }
}

pub(super) fn draw(plan: &Plan, who: Who, twin_birth: Option<Date>, chance: &mut Chance) -> Life {
    let begin = beginning(plan, who, twin_birth, chance);
    let age = years_between(begin.birth, begin.diagnosed);
    let primary = draw_primary(begin.diagnosed, age, who.group == Group::Earlier, chance);
    let mut life = Life {
        sex: begin.sex,
        birth: begin.birth,
        primaries: vec![primary.clone()],
        spread: None,
        local: None,
        others: Vec::new(),
        death: None,
    };
    if primary.stage == 4 {
        let date = begin.diagnosed.plus_days(chance.between(0, 30));
        life.spread = Some(spread(date, Kind::DeNovo, age, chance));
    } else {
        let risk = if age >= 75 { rates::RECURRENCE_OLD } else { 1.0 } * rates::RECURRENCE_SCALE;
        if let Some(years) = time_to_return(&primary, risk, chance) {
            let date = begin.diagnosed.plus_days((years * 365.25) as i32);
            life.spread = Some(spread(
                date,
                Kind::Recurrent,
                years_between(begin.birth, date),
                chance,
            ));
        }
        if let Some(years) = time_to_return(&primary, risk * rates::LOCAL_RATIO, chance) {
            let date = begin.diagnosed.plus_days((years * 365.25) as i32);
            let local = LocalReturn {
                date,
                regional: chance.happens(0.29),
            };
            life.local = Some(local).filter(|l| {
                life.spread
                    .as_ref()
                    .is_none_or(|s| l.date < s.date.plus_days(-60))
            });
        }
    }
    second_primary(&mut life, plan, chance);
    if let Some(spread) = &life.spread {
        life.death = Some(Death {
            date: spread.date.plus_days(survival_days(
                spread,
                primary.subtype,
                life.age_on(spread.date),
                chance,
            )),
            underlying: "C509",
            mentioned: Vec::new(),
        });
    }
    life
}

fn draw_primary(date: Date, age: i32, earlier: bool, chance: &mut Chance) -> Primary {
    let stage = 1 + chance.weighted(&rates::STAGE[usize::from(age >= 80)]) as u8;
    let subtype = match chance.weighted(&rates::SUBTYPE[usize::from(age >= 50)]) {
        0 => Subtype::Luminal,
        1 => Subtype::LuminalHer2,
        2 => Subtype::Her2,
        _ => Subtype::TripleNegative,
    };
    let nodes = chance.happens([0.05, 0.5, 0.93, 0.75][usize::from(stage - 1)]);
    let missing = if earlier {
        rates::UNREGISTERED.1
    } else {
        rates::UNREGISTERED.0
    };
    Primary {
        date,
        icd: subsite(chance),
        stage,
        nodes,
        subtype,
        side: chance.pick(&["L", "R"], "L"),
        registered: !chance.happens(missing),
    }
}

fn subsite(chance: &mut Chance) -> &'static str {
    const SUBSITES: [&str; 9] = [
        "C504", "C509", "C508", "C502", "C505", "C501", "C503", "C500", "C506",
    ];
    const WEIGHTS: [f64; 9] = [0.34, 0.25, 0.15, 0.09, 0.06, 0.05, 0.04, 0.015, 0.005];
    SUBSITES.get(chance.weighted(&WEIGHTS)).copied().unwrap_or("C509")
}

fn spread(date: Date, kind: Kind, age: i32, chance: &mut Chance) -> Spread {
    let band = usize::from(age >= 70) + usize::from(age >= 80);
    let sites: Vec<Site> = sites::draw(chance);
    Spread {
        date,
        kind,
        sites,
        treated: !chance.happens(rates::UNTREATED[band]),
        primary: 0,
    }
}

/// Years to a return, drawn year by year from the five-year risks; `None` within 25 years.
fn time_to_return(primary: &Primary, scale: f64, chance: &mut Chance) -> Option<f64> {
    let positive = primary.subtype.hormone_positive();
    let table = if positive {
        &rates::RECURRENCE_POSITIVE
    } else {
        &rates::RECURRENCE_NEGATIVE
    };
    let risks = table[usize::from(primary.stage - 1)];
    let early = &rates::FIRST_YEARS[usize::from(!positive)];
    for year in 0..25 {
        let risk = (risks[(year / 5).min(2)] * scale).min(0.9);
        let whole = -(1.0 - risk).ln();
        let hazard = if year < 5 {
            whole * early[year]
        } else {
            whole / 5.0
        };
        if chance.happens(1.0 - (-hazard).exp()) {
            // Nobody counts as returned in the first four months: that would be the first disease.
            let within = if year == 0 {
                0.42 + 0.58 * chance.unit()
            } else {
                chance.unit()
            };
            return Some(year as f64 + within);
        }
    }
    None
}

/// A new breast primary: early stage, no spread of its own.
fn second_primary(life: &mut Life, plan: &Plan, chance: &mut Chance) {
    let first = &life.primaries[0];
    let years = chance.exponential(1.0 / rates::SECOND_BREAST);
    let date = first.date.plus_days((years * 365.25).min(30_000.0) as i32 + 200);
    let age = years_between(life.birth, date);
    let spread_before = life.spread.as_ref().is_some_and(|s| s.date < date.plus_days(150));
    if date > plan.horizon() || age > 98 || spread_before {
        return;
    }
    let side = if first.side == "L" { "R" } else { "L" };
    let mut second = draw_primary(date, age, date < plan.start(), chance);
    second.side = side;
    second.stage = second.stage.min(2);
    life.primaries.push(second);
}

/// Days from metastasis to death of it.
fn survival_days(spread: &Spread, subtype: Subtype, age: i32, chance: &mut Chance) -> i32 {
    let mut median = rates::SURVIVAL_MONTHS[subtype as usize];
    if spread.kind == Kind::Recurrent {
        median *= rates::SURVIVAL_RECURRENT;
    }
    if age >= 75 {
        median *= rates::SURVIVAL_OLD;
    }
    if !spread.treated {
        median = rates::SURVIVAL_UNTREATED;
    }
    let months = chance.log_logistic(median, rates::SURVIVAL_SHAPE);
    // A day at least, and no more than a hundred years.
    (months * 30.44).clamp(1.0, 36_500.0) as i32
}
