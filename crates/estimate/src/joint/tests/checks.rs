//! The field's own checks, and the alarms that they raise.

use crate::joint::at_death::AtDeath;
use crate::joint::chance::Seeds;
use crate::joint::grid::{AGES, SEXES};
use crate::joint::mixtures::{Belief, Mixtures, OnCertificate};
use crate::joint::model::Model;
use crate::joint::proposals::{Held, Kept, tails};
use crate::joint::warnings::few_draws;
use crate::joint::*;

use super::nation::{FIRST, Scenario, assumptions, nation};

const PRIOR: BetaPrior = BetaPrior {
    alpha: 2.0,
    beta: 18.0,
};

fn estimated(study: &Study) -> Joint {
    let settings = Settings { draws: 200, seed: 1 };
    joint(study, &assumptions(), &settings, &mut |_| ()).unwrap()
}

fn alarms(joint: &Joint) -> Vec<&'static str> {
    let alarms = joint.warnings.iter();
    let alarms = alarms.filter(|warning| warning.level == Loudness::Alarm);
    alarms.map(|warning| warning.code.name()).collect()
}

/// Where any f₀ is as likely, so is each number of ten deaths from 0 to 10: seven or more have a chance of 4/11.
#[test]
fn the_chance_of_as_many_deaths_on_certificates_alone() {
    let flat = BetaPrior {
        alpha: 1.0,
        beta: 1.0,
    };
    let (few, many) = tails(&[0.7], flat, 10.0).unwrap();
    assert!((few - 8.0 / 11.0).abs() < 1e-9 && (many - 4.0 / 11.0).abs() < 1e-9);
    let (few, many) = tails(&[0.7, 1.0], flat, 10.0).unwrap();
    assert!((few - 9.5 / 11.0).abs() < 1e-9 && (many - 2.5 / 11.0).abs() < 1e-9);
    // More explained than there are; and nothing to say.
    assert_eq!(tails(&[-0.2], flat, 10.0), Some((0.0, 1.0)));
    assert_eq!(tails(&[], flat, 10.0), None);
    // Beta(2, 18): 0.73¹⁸ (1 + 18 · 0.27) = 0.0203, to which the chance of ten thousand deaths adds hardly anything.
    let (_, many) = tails(&[0.27], PRIOR, 10_000.0).unwrap();
    assert!((many - 0.0203).abs() < 1e-3, "{many}");
}

/// Every third person loses every record but the certificate: the lists cannot tell, the certificates can.
#[test]
fn people_whom_no_list_reaches_are_heard_of_at_death() {
    let scenario = Scenario {
        without_metastasis: Some(0.06),
        ..Scenario::well_specified(300.0)
    };
    let mut study = nation(&scenario, 8).study;
    assert!(!alarms(&estimated(&study)).contains(&"found_at_death"));
    let mut at = 0;
    study.people.retain_mut(|person| {
        at += usize::from(!person.only_at_death);
        if person.only_at_death || at % 3 > 0 {
            return true;
        }
        person.only_at_death = true;
        person.pattern = 0;
        matches!(person.exit, Exit::OfBreastCancer(_))
    });
    let alarmed = alarms(&estimated(&study));
    assert!(alarmed.contains(&"found_at_death"), "{alarmed:?}");
}

/// Without most of the certificates, or any, more deaths are expected than there are: a share below 0 is none, and its reason
/// is said.
#[test]
fn no_share_of_deaths_lies_below_nought() {
    let mut study = nation(&Scenario::well_specified(300.0), 9).study;
    for mut left in [2, 0] {
        study.people.retain(|person| {
            left -= i32::from(person.only_at_death);
            !person.only_at_death || left >= 0
        });
        let joint = estimated(&study);
        assert_eq!(
            joint.checks.implied_without_metastasis,
            Err(JointError::NoRoom.into())
        );
        assert!(alarms(&joint).contains(&"found_at_death"));
    }
}

/// Many people of before the records, and half of the certificates: what is said to be kept of each belief about them is
/// what is kept.
#[test]
fn beliefs_are_kept_as_certificates_allow() {
    let scenario = Scenario {
        long_survivors: 0.12,
        ..Scenario::well_specified(300.0)
    };
    let mut study = nation(&scenario, 12).study;
    let mut at = 0;
    study.people.retain(|person| {
        at += usize::from(person.only_at_death);
        !person.only_at_death || at % 2 == 0
    });
    let (assumptions, settings, seeds) = (assumptions(), Settings { draws: 400, seed: 1 }, Seeds::of(1));
    let model = Model::of(&study, &assumptions, &settings, seeds, Mixtures::ALL).unwrap();
    let kept = Kept::of(&model, seeds, settings.draws, settings.seed).unwrap();
    let draws = kept.draws();
    assert_eq!(
        kept.beliefs.iter().map(|held| held.belief).collect::<Vec<_>>(),
        [Belief::FoundAlike, Belief::Index]
    );
    for held in &kept.beliefs {
        let own = draws
            .iter()
            .filter(|(_, draw)| draw.older.belief == Some(held.belief));
        let found = own.count() as f64 / draws.len() as f64;
        // Evenly spaced from one start, so nearer to it than a binomial number: four errors of that.
        let error =
            4.0 * (held.share * (1.0 - held.share) / draws.len() as f64).sqrt() + 1.0 / draws.len() as f64;
        assert!((found - held.share).abs() < error, "{found} {held:?}");
        // Of 3,200 proposals about half hold it; its weight is in no more of them.
        assert!(held.effective < 1_800.0, "{held:?}");
    }
    let all: f64 = kept.beliefs.iter().map(|held| held.share).sum();
    assert!((all - 1.0).abs() < 1e-9, "{all}");
}

/// | all draws are worth | those of a belief | its share | warned |
/// |---|---|---|---|
/// | 99 | 50 | 0.5 | yes |
/// | 4,000 | 9 | 0.03 | yes: it alone may make the upper end |
/// | 4,000 | 11 | 0.03 | no |
/// | 4,000 | 2 | 0.005 | no: it makes no end |
#[test]
fn few_draws_of_a_belief_at_an_end_are_warned_of() {
    for (all, effective, share, warned) in [
        (99.0, 50.0, 0.5, true),
        (4_000.0, 9.0, 0.03, true),
        (4_000.0, 11.0, 0.03, false),
        (4_000.0, 2.0, 0.005, false),
    ] {
        let held = Held {
            belief: Belief::Index,
            share,
            effective,
        };
        assert_eq!(few_draws(all, &[held]).is_some(), warned, "{held:?}");
    }
}

/// | national deaths of | ratios over |
/// |---|---|
/// | 2006 to 2025 | 2023 to 2025 |
/// | 2006 to 2024 | 2023 and 2024 |
/// | none | 2023 to 2025, with the study's own |
///
/// Each ratio is people over deaths, and its interval holds the chance of the deaths.
#[test]
fn ratios_are_of_three_years_and_hold_the_chance_of_their_deaths() {
    let mut study = nation(&Scenario::well_specified(300.0), 10).study;
    for (kept, years, independent) in [
        (20, (2023, 2025), true),
        (19, (2023, 2024), true),
        (0, (2023, 2025), false),
    ] {
        if let Some(deaths) = &mut study.deaths {
            deaths.counts.truncate(kept);
        }
        let joint = estimated(&study);
        let checks = &joint.checks;
        assert_eq!(
            (checks.year, checks.years, checks.independent),
            (2025, years, independent)
        );
        assert_eq!(checks.of_deaths, (study.first_year, 2025));
        let of = joint
            .country
            .iter()
            .filter(|year| (years.0..=years.1).contains(&year.year));
        let middle = |draws: &[u32]| crate::joint::figures::of_counts(draws).unwrap().median;
        let new: f64 = of.clone().map(|year| middle(&year.new)).sum();
        let own: f64 = of.map(|year| middle(&year.died_of_breast_cancer)).sum();
        let series = study.deaths.as_ref().filter(|_| independent);
        let deaths = series.map_or(own, |deaths| {
            let from = (years.0 - deaths.first_year) as usize;
            deaths.counts[from..].iter().sum::<u64>() as f64
        });
        let ratio = checks.new_over_deaths.clone().unwrap();
        assert!((ratio.median / (new / deaths) - 1.0).abs() < 0.03, "{ratio:?}");
        // A Poisson number of deaths alone makes an interval of 4/√D of the ratio; half of it leaves room for 200 draws.
        assert!(
            ratio.interval.width() > 2.0 / deaths.sqrt() * ratio.median,
            "{ratio:?}"
        );
    }
}

/// Found is what `counts` calls found: whoever is on a certificate alone is new in the year of death, and never living.
#[test]
fn whoever_is_found_at_death_is_on_the_route_of_people_found() {
    let study = nation(&Scenario::well_specified(200.0), 11).study;
    let joint = estimated(&study);
    let last = f64::from(FIRST) + 9.0..f64::from(FIRST) + 10.0;
    let (mut new, mut at_death, mut living) = (0.0, 0.0, 0.0);
    for person in &study.people {
        if person.only_at_death {
            at_death += f64::from(u8::from(last.contains(&person.exit.time())));
        } else {
            new += f64::from(u8::from(last.contains(&person.established)));
            living += f64::from(u8::from(person.exit == Exit::Alive));
        }
    }
    let found = joint.routes.iter().find(|route| route.name == RouteName::Found);
    let found = found.unwrap();
    assert!(at_death > 0.0);
    assert_eq!(found.new.clone().unwrap().median, new + at_death);
    assert_eq!(found.living.clone().unwrap().median, living);
}

/// No death without a phase of metastasis, and every eighth person is on a certificate alone: the draws that ask the prior
/// have some of these as new, and as dead of it in the same year; nobody more is living, and the other draws are as they were.
#[test]
fn whom_no_list_reached_is_new_in_the_year_of_the_certificate() {
    let scenario = Scenario {
        without_metastasis: Some(0.0),
        ..Scenario::well_specified(300.0)
    };
    let mut study = nation(&scenario, 13).study;
    for person in study.people.iter_mut().step_by(8) {
        if matches!(person.exit, Exit::OfBreastCancer(_)) {
            (person.only_at_death, person.pattern) = (true, 0);
        }
    }
    let (assumptions, settings) = (assumptions(), Settings { draws: 400, seed: 1 });
    let drawn = |on_certificates| {
        let mixtures = Mixtures {
            on_certificates,
            ..Mixtures::ALL
        };
        Drawn::of(&study, &assumptions, &settings, mixtures, &mut |_| ()).unwrap()
    };
    let (nobody, both) = (
        drawn(&[OnCertificate::NobodyElse]),
        drawn(Mixtures::ALL.on_certificates),
    );
    let asked: Vec<f64> = both.kept.draws().iter().map(|(_, draw)| draw.unreached).collect();
    let some = asked.iter().filter(|share| **share > 0.0).count();
    assert!((130..270).contains(&some), "{some} of 400");
    assert!(asked.iter().all(|share| (0.0..1.0).contains(share)));
    for (year, (before, now)) in nobody.years.iter().zip(&both.years).enumerate() {
        assert_eq!(before.living, now.living);
        assert_eq!(before.left, now.left);
        let deaths = both.model.deaths.by_year[year];
        let mut more = 0;
        for (draw, share) in asked.iter().enumerate() {
            let added = now.new[draw] - before.new[draw];
            assert_eq!(added, now.died[draw] - before.died[draw]);
            assert_eq!(
                added,
                now.died_of_breast_cancer[draw] - before.died_of_breast_cancer[draw]
            );
            assert!(
                u64::from(added) <= deaths && (*share > 0.0 || added == 0),
                "{added}"
            );
            more += added;
        }
        // As many as expected, within four errors of binomial numbers.
        let expected = asked.iter().sum::<f64>() * deaths as f64;
        let error = 4.0 * expected.sqrt() + 1.0;
        assert!((f64::from(more) - expected).abs() < error, "{more} {expected}");
    }
}

/// Whoever is on a certificate alone was 90 and had a recurrence: whoever is added is so too.
#[test]
fn whom_no_list_reached_is_as_the_certificate_says() {
    let scenario = Scenario {
        without_metastasis: Some(0.0),
        ..Scenario::well_specified(300.0)
    };
    let mut study = nation(&scenario, 13).study;
    for person in &mut study.people {
        (person.kind, person.born) = (Kind::DeNovo, Some(person.established - 50.0));
    }
    for person in study.people.iter_mut().step_by(8) {
        if let Exit::OfBreastCancer(time) = person.exit {
            (person.only_at_death, person.pattern) = (true, 0);
            (person.kind, person.born) = (Kind::Recurrent, Some(time - 90.0));
        }
    }
    let (assumptions, settings) = (assumptions(), Settings { draws: 200, seed: 1 });
    let drawn = Drawn::of(&study, &assumptions, &settings, Mixtures::ALL, &mut |_| ()).unwrap();
    let last = drawn.years.len() - 1;
    let of = |kind: Kind, age: AgeBand| -> u32 {
        let side = (kind as usize * SEXES.len() + Sex::Female as usize) * AGES.len();
        let band = AGES.iter().position(|own| *own == age).unwrap();
        let at = drawn.model.grid.groups_of(0, last) + side + band;
        drawn.counted.country.cell(at).iter().sum()
    };
    assert!(of(Kind::Recurrent, AgeBand::From85) > 0);
    assert_eq!(of(Kind::Recurrent, AgeBand::From45), 0);
    assert_eq!(of(Kind::DeNovo, AgeBand::From85), 0);
}

/// By hand: of three deaths where any f₀ is as likely, none to three without metastasis are as likely. Where there is room for two,
/// none, one and two are, and so are two, one and none with metastases.
#[test]
fn as_many_had_metastases_as_the_prior_leaves() {
    let flat = BetaPrior {
        alpha: 1.0,
        beta: 1.0,
    };
    let deaths = AtDeath::new(vec![2], 1.0, flat, &[OnCertificate::AsThePrior]);
    let draw = |at| deaths.unreached(Some(2.0 / 3.0), Seeds::of(1), 0, at);
    let mut counts = [0; 3];
    for at in 0..3_000 {
        counts[(2.0 * draw(at)).round() as usize] += 1;
    }
    // Each a third: four errors of a binomial number are 103.
    assert!(
        counts.iter().all(|count: &i32| (count - 1_000).abs() < 104),
        "{counts:?}"
    );
    assert_eq!(deaths.unreached(None, Seeds::of(1), 0, 0), 0.0);
    assert_eq!(deaths.unreached(Some(-0.2), Seeds::of(1), 0, 0), 0.0);
}
