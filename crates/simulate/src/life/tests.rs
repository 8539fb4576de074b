#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn lives(plan: &Plan, group: Group, count: u64) -> Vec<Life> {
    (0..count)
        .filter_map(|n| Life::draw(plan, Who { group, n }))
        .collect()
}

fn share(lives: &[Life], what: impl Fn(&Life) -> bool) -> f64 {
    lives.iter().filter(|l| what(l)).count() as f64 / lives.len() as f64
}

/// Survival by the product-limit method, in months, from metastasis.
fn survival(lives: &[Life], horizon: Date, at: f64, keep: impl Fn(&Life) -> bool) -> f64 {
    let mut times: Vec<(f64, bool)> = lives
        .iter()
        .filter(|l| keep(l))
        .filter_map(|l| l.spread.as_ref().map(|s| (l, s)))
        .filter(|(_, s)| s.date <= horizon)
        .map(|(l, s)| {
            let end = l.death.as_ref().map(|d| d.date).filter(|d| *d <= horizon);
            let days = f64::from(end.unwrap_or(horizon).days() - s.date.days());
            (days / 30.44, end.is_some())
        })
        .collect();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = 1.0;
    for (n, (time, died)) in times.iter().enumerate() {
        if *time > at {
            break;
        }
        if *died {
            left *= 1.0 - 1.0 / (times.len() - n) as f64;
        }
    }
    left
}

#[test]
fn women_are_diagnosed_at_the_published_ages_and_stages() {
    let plan = Plan::new(11, 8_000);
    let lives = lives(&plan, Group::Breast, 8_000);
    let women: Vec<Life> = lives.into_iter().filter(|l| l.sex == Sex::Female).collect();
    let young = share(&women, |l| l.age_on(l.primaries[0].date) < 50);
    assert!((young - 0.177).abs() < 0.015, "{young}");
    let early = share(&women, |l| l.primaries[0].stage <= 2);
    assert!((early - 0.84).abs() < 0.02, "{early}");
    let de_novo = share(&women, |l| {
        l.spread.as_ref().is_some_and(|s| s.kind == Kind::DeNovo)
    });
    assert!((0.06..=0.08).contains(&de_novo), "{de_novo}");
}

#[test]
fn distant_recurrence_is_near_new_south_wales() {
    let plan = Plan {
        years: 25,
        ..Plan::new(12, 8_000)
    };
    let lives: Vec<Life> = lives(&plan, Group::Breast, 12_000)
        .into_iter()
        .filter(|l| l.primaries[0].date.plus_months(168) <= plan.horizon() && l.primaries[0].stage < 4)
        .collect();
    assert!(lives.len() > 4_000);
    let returned = |l: &Life, months| {
        l.spread
            .as_ref()
            .is_some_and(|s| s.kind == Kind::Recurrent && s.date <= l.primaries[0].date.plus_months(months))
    };
    // Deaths of other causes compete, as they did there.
    let fourteen = share(&lives, |l| returned(l, 168));
    assert!((0.15..0.225).contains(&fourteen), "{fourteen}");
    let year = |y: i32| share(&lives, |l| returned(l, 12 * y)) - share(&lives, |l| returned(l, 12 * (y - 1)));
    assert!(
        year(2) > year(1) && year(2) > year(5) && year(2) > year(8),
        "the peak is in year two or three"
    );
}

#[test]
fn survival_is_near_the_national_audit() {
    let plan = Plan {
        years: 25,
        ..Plan::new(13, 8_000)
    };
    let lives = lives(&plan, Group::Breast, 20_000);
    let de_novo = |l: &Life| l.spread.as_ref().is_some_and(|s| s.kind == Kind::DeNovo);
    let (one, three) = (
        survival(&lives, plan.horizon(), 12.0, de_novo),
        survival(&lives, plan.horizon(), 36.0, de_novo),
    );
    assert!((one - 0.65).abs() < 0.05, "one year {one}");
    assert!((three - 0.44).abs() < 0.06, "three years {three}");
    let median = (1..60)
        .find(|m| survival(&lives, plan.horizon(), f64::from(*m), |_| true) < 0.5)
        .unwrap();
    assert!((22..=30).contains(&median), "median {median} months");
    let five = survival(&lives, plan.horizon(), 60.0, |_| true);
    assert!((0.2..0.36).contains(&five), "five years {five}");
    let untreated = lives
        .iter()
        .filter_map(|l| l.spread.as_ref())
        .filter(|s| !s.treated)
        .count() as f64;
    let untreated = untreated / lives.iter().filter(|l| l.spread.is_some()).count() as f64;
    assert!((untreated - 0.17).abs() < 0.03, "untreated {untreated}");
}

#[test]
fn a_life_is_in_order() {
    let plan = Plan::new(14, 2_000);
    for group in [Group::Breast, Group::Earlier, Group::OtherCancer, Group::NoCancer] {
        for life in lives(&plan, group, 2_000) {
            let death = life.death.as_ref().map_or(Date::from_days(99_999), |d| d.date);
            assert!(death >= plan.start());
            assert!(
                life.primaries
                    .iter()
                    .all(|p| p.date <= death && p.date > life.birth)
            );
            assert!(life.others.iter().all(|o| o.date <= death));
            if let Some(spread) = &life.spread {
                assert!(spread.date <= death && !spread.sites.is_empty());
                assert!(spread.date >= life.primaries[spread.primary].date);
                assert!(matches!(group, Group::Breast | Group::Earlier));
            }
        }
    }
}

/// Some die, or are last seen, within the days after the diagnosis in which metastases are dated: they have them all the same.
#[test]
fn stage_4_is_metastatic_by_the_last_day_of_the_study() {
    let plan = Plan::new(16, 2_000);
    let mut on_last_day = 0;
    for life in lives(&plan, Group::Breast, 20_000) {
        for primary in life.primaries.iter().filter(|p| p.stage == 4) {
            let death = life.death.as_ref().map_or(plan.as_of, |d| d.date);
            let last = death.min(plan.as_of);
            let spread = life.spread.as_ref().expect("stage 4 has a spread");
            assert_eq!(spread.kind, Kind::DeNovo);
            assert!(primary.date <= spread.date && spread.date <= last, "{life:?}");
            on_last_day += u32::from(spread.date == last);
        }
    }
    assert!(on_last_day > 0);
}

/// Of deaths with breast cancer as underlying cause, those of people without metastases.
#[test]
fn deaths_without_metastases_are_as_many_as_asked_for() {
    let of = |asked: Option<f64>| {
        let plan = Plan {
            deaths_without_metastases: asked,
            ..Plan::new(17, 12_000)
        };
        let mut died = lives(&plan, Group::Breast, 12_000);
        died.extend(lives(&plan, Group::Earlier, 11_000));
        died.retain(|l| l.death.as_ref().is_some_and(|d| d.underlying == "C509"));
        assert!(died.len() > 1_500, "{}", died.len());
        share(&died, |l| l.spread.is_none())
    };
    let usual = of(None);
    assert!((0.005..0.025).contains(&usual), "{usual}");
    for asked in [0.0, 0.1, 0.2] {
        let found = of(Some(asked));
        assert!((found - asked).abs() < 0.03, "{asked}: {found}");
    }
}

#[test]
fn a_larger_nation_keeps_its_first_people() {
    let (small, mut large) = (Plan::new(15, 100), Plan::new(15, 9_000));
    large.dirt = crate::plan::Dirt::none();
    large.dirt.twins = small.dirt.twins;
    for n in 0..100 {
        let who = Who {
            group: Group::Breast,
            n,
        };
        let (a, b) = (Life::draw(&small, who), Life::draw(&large, who));
        assert_eq!(format!("{a:?}"), format!("{b:?}"));
    }
}
