#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::life::{Group, Kind, Spread};

/// A life with everything that was done for it.
struct Told {
    life: Life,
    care: Care,
    home: usize,
}

fn told(seed: u64, groups: &[Group], count: u64) -> (Plan, Nation, Vec<Told>) {
    let plan = Plan::new(seed, count as u32);
    let nation = Nation::draw(seed, plan.start());
    let mut all = Vec::new();
    for group in groups {
        for n in 0..count {
            let who = Who { group: *group, n };
            let Some(life) = Life::draw(&plan, who) else {
                continue;
            };
            let identity = Identity::draw(&plan, &nation, who, &life);
            let care = tell(&plan, &nation, who, &life, &identity);
            let home = life.spread.as_ref().map_or(0, |s| identity.home_on(s.date));
            all.push(Told { life, care, home });
        }
    }
    (plan, nation, all)
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// Whether any record states distant disease, and the date it gives.
fn distant(care: &Care, hospital: usize) -> Option<Date> {
    care.statements
        .iter()
        .filter(|s| s.hospital == hospital)
        .find_map(|s| match &s.what {
            What::Return { pairs, .. }
                if !pairs.is_empty() && pairs.iter().all(|p| p.0 != "01" && p.0 != "02") =>
            {
                Some(s.date)
            }
            What::Primary {
                progression: Some((date, _)),
                ..
            } => Some(*date),
            _ => None,
        })
}

#[test]
fn events_lie_within_the_sources_and_the_life() {
    let groups = [Group::Breast, Group::Earlier, Group::OtherCancer, Group::NoCancer];
    let (plan, _, all) = told(21, &groups, 1_500);
    for Told { life, care, .. } in &all {
        let (first, last) = (plan.start(), life.last_day(&plan));
        let within = |day: Date| (first..=last).contains(&day);
        assert!(
            care.episodes
                .iter()
                .all(|e| within(e.admitted) && within(e.discharged) && within(e.begins) && within(e.ends))
        );
        assert!(
            care.episodes
                .iter()
                .all(|e| e.begins >= e.admitted && e.ends >= e.begins && !e.diagnoses.is_empty())
        );
        assert!(
            care.courses
                .iter()
                .all(|c| !c.given.is_empty() && c.given.iter().all(|d| within(*d)))
        );
        assert!(care.beams.iter().all(|b| within(b.start)) && care.waits.iter().all(|w| within(w.date)));
    }
}

#[test]
fn the_untreated_are_in_no_treatment_file_after_their_metastasis() {
    let (_, _, all) = told(22, &[Group::Breast, Group::Earlier], 4_000);
    let mut untreated = 0;
    for Told { life, care, .. } in &all {
        let Some(spread) = life
            .spread
            .as_ref()
            .filter(|s| !s.treated && life.others.is_empty() && s.kind == Kind::Recurrent)
        else {
            continue;
        };
        untreated += 1;
        let late = |day: Date| day > spread.date.plus_days(1_500);
        assert!(!care.courses.iter().any(|c| late(c.regimen_start)));
        let distant_wait = |w: &Wait| w.event == "05" && w.date >= spread.date;
        assert!(!care.waits.iter().any(distant_wait));
    }
    assert!(untreated > 100, "{untreated}");
}

#[test]
fn waiting_times_hold_about_four_in_five_recurrences() {
    let (plan, _, all) = told(23, &[Group::Breast], 12_000);
    let known = |s: &Spread| s.kind == Kind::Recurrent && s.date < plan.as_of.plus_days(-400);
    let returned: Vec<&Told> = all
        .iter()
        .filter(|t| t.life.spread.as_ref().is_some_and(known))
        .collect();
    let shown = returned.iter().filter(|t| {
        let since = t.life.spread.as_ref().unwrap().date;
        t.care
            .waits
            .iter()
            .any(|w| w.date >= since && w.diagnosis.starts_with("C50"))
    });
    // NCIN 2012: 81 %.
    let shown = share(shown.count(), returned.len());
    assert!((0.75..0.87).contains(&shown), "{shown}");
}

#[test]
fn hospitals_state_recurrences_at_the_rate_of_their_group() {
    let (plan, nation, all) = told(24, &[Group::Breast, Group::Earlier], 16_000);
    let (mut near, mut stated_all) = (0, 0);
    for (low, high) in [(0.8, 1.0), (0.3, 0.71), (0.0, 0.15)] {
        let (mut stated, mut cases, mut expected) = (0, 0, 0.0);
        for Told { life, care, home } in &all {
            let Some(spread) = life
                .spread
                .as_ref()
                .filter(|s| s.kind == Kind::Recurrent && s.date >= plan.start())
            else {
                continue;
            };
            let Some(rate) = nation
                .at(*home)
                .records_recurrence
                .filter(|r| (low..high).contains(r))
            else {
                continue;
            };
            cases += 1;
            expected += rate;
            if let Some(date) = distant(care, *home) {
                stated += 1;
                near += usize::from((date.days() - spread.date.days()).abs() <= 90);
            }
        }
        // A second hospital that people moved from may state it too; impossible statements are not distant.
        assert!(cases > 300);
        assert!(
            (share(stated, cases) - expected / cases as f64).abs() < 0.05,
            "{low}: {stated} of {cases}"
        );
        stated_all += stated;
    }
    // Central Sweden: 87 % of recorded dates within 90 days.
    let near = share(near, stated_all);
    assert!((near - 0.87).abs() < 0.03, "{near}");
    let silent = all.iter().filter(|t| {
        t.care
            .statements
            .iter()
            .any(|s| nation.at(s.hospital).records_recurrence.is_none())
    });
    assert_eq!(silent.count(), 0, "a silent hospital states nothing");
}

#[test]
fn drugs_move_into_early_disease_on_their_dates() {
    let (_, _, all) = told(25, &[Group::Breast], 9_000);
    let never: Vec<&Told> = all
        .iter()
        .filter(|t| t.life.spread.is_none() && t.life.others.is_empty())
        .collect();
    let early = |drug: &str| {
        let mut days: Vec<Date> = never
            .iter()
            .flat_map(|t| t.care.courses.iter())
            .filter(|c| c.drug == drug)
            .map(|c| c.regimen_start)
            .collect();
        days.sort();
        days
    };
    for (drug, from) in [
        ("ABEMACICLIB", "2022-07-01"),
        ("TRASTUZUMAB EMTANSINE", "2020-06-01"),
        ("PEMBROLIZUMAB", "2022-12-01"),
        ("OLAPARIB", "2023-05-01"),
    ] {
        let days = early(drug);
        assert!(!days.is_empty(), "nobody had {drug} early");
        assert!(days[0] >= from.parse().unwrap(), "{drug} on {}", days[0]);
    }
    assert!(
        early("ERIBULIN").is_empty() && early("FULVESTRANT").is_empty(),
        "never used in early disease"
    );
    let bare = never.iter().filter(|t| {
        let codes = |e: &Episode| {
            e.diagnoses
                .iter()
                .any(|c| c.starts_with("C78") || c.starts_with("C79"))
        };
        t.care.episodes.iter().any(codes)
    });
    let bare = share(bare.count(), never.len());
    assert!((0.005..0.03).contains(&bare), "codes that rule out: {bare}");
}
