//! What is true and what is written down agree with the stated rates.

use super::*;

#[test]
fn what_is_true_agrees_with_the_stated_rates() {
    for item in Item::ALL {
        let mut tally = Tally::default();
        for (_, care) in &nation().told {
            for line in care.standards.lines.iter().filter(|line| line.item == item) {
                let assessed = |by| care.standards.find(line.event, by).is_some_and(|(_, a)| a.truth);
                let asked = match item {
                    Item::CarePlan => assessed(Item::Assessment),
                    Item::CarePlanAtPrimary => assessed(Item::AssessmentAtPrimary),
                    _ => true,
                };
                match truly(line).filter(|_| asked) {
                    Some(share) => tally.add(line.truth, share),
                    None => assert!(asked || !line.truth, "a plan without an assessment"),
                }
            }
        }
        if item.given().is_some() {
            assert!(tally.of > 400.0, "{}: {}", item.as_str(), tally.of);
            tally.check(item.as_str());
        }
    }
}

#[test]
fn what_is_written_down_agrees_with_each_hospitals_habit() {
    for item in Item::ALL {
        for truth in [true, false] {
            let (mut usual, mut others) = (Tally::default(), Tally::default());
            for line in lines().filter(|line| line.item == item && line.truth == truth) {
                let habit = habit(line);
                let share = if truth { habit.yes } else { habit.no };
                if habit.recording == Recording::Usual {
                    usual.add(line.known, share);
                } else {
                    others.add(line.known, share);
                }
            }
            // Of those without a plan some had no assessment: together they are as the habit says.
            usual.check(&format!("{} {truth}", item.as_str()));
            others.check(&format!("{} {truth}, planted", item.as_str()));
        }
    }
}

/// NAoMe 2025: discussion at a meeting is documented for 59 % in England and 70 % in Wales.
#[test]
fn meetings_are_documented_at_the_published_shares() {
    for (place, published) in [("Averland", 0.59), ("Brennick", 0.70)] {
        let mut tally = Tally::default();
        for line in lines().filter(|line| line.item == Item::Meeting && line.event == Event::Secondary) {
            let (habit, body) = (habit(line), &nation().nation.at(line.hospital).body);
            if body.nation == place && habit.recording == Recording::Usual && habit.odds_ratio == 1.0 {
                tally.add(line.code.is_some(), published);
            }
        }
        assert!(tally.of > 300.0, "{place}");
        let off = tally.count / tally.of - published;
        // The rates are round numbers: a hundredth, and chance.
        assert!(
            off.abs() < 0.01 + BOUND * tally.variance.sqrt() / tally.of,
            "{place}: {off}"
        );
    }
}

#[test]
fn care_at_the_primary_is_better_and_better_recorded_than_at_secondary_disease() {
    for (primary, secondary) in [
        (Item::NurseAtPrimary, Item::Nurse),
        (Item::MeetingAtPrimary, Item::Meeting),
        (Item::AssessmentAtPrimary, Item::Assessment),
        (Item::CarePlanAtPrimary, Item::CarePlan),
        (Item::AimAtPrimary, Item::Aim),
    ] {
        let share = |item: Item, what: fn(&Line) -> bool| {
            let all: Vec<bool> = lines().filter(|line| line.item == item).map(what).collect();
            all.iter().filter(|yes| **yes).count() as f64 / all.len() as f64
        };
        assert!(share(primary, |line| line.truth) > share(secondary, |line| line.truth) + 0.1);
        assert!(share(primary, |line| line.known) > share(secondary, |line| line.known) + 0.02);
    }
}
