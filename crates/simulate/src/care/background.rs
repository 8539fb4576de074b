//! What brings people to hospital anyway, with and without a history of breast cancer.
//!
//! Episodes a year grow with age: about 0.3 at 50, 0.55 at 70, 0.85 at 85, near English hospital statistics (some
//! 17 to 20 million episodes a year for 56 million people, more than half of them over 60; read off by eye).

use super::{Episode, Story};
use crate::chance::{Chance, Purpose};
use crate::life::Group;

/// Common reasons, and what stands beside them; no cancer among them.
const REASONS: [&str; 44] = [
    "I10", "E119", "I48", "J440", "J189", "N390", "K590", "M179", "H269", "R074", "I500", "I251", "I639",
    "A419", "S720", "K219", "R55", "N179", "J459", "E039", "F329", "M169", "K573", "K802", "D509", "R104",
    "L031", "I269", "R296", "M545", "K409", "N185", "G409", "I209", "R31", "N201", "H353", "M199", "F03",
    "G309", "E780", "Z966", "Z867", "Z924",
];

const OPERATIONS: [&str; 10] = [
    "C712", "W381", "H221", "G451", "K634", "J183", "M459", "X331", "U051", "W401",
];

impl Story<'_> {
    /// Admissions at a rate that grows with age.
    pub(super) fn background(&mut self) {
        let mut chance = self.chance(Purpose::OtherCare, 0);
        // People without cancer are in hospital files because they are often in hospital.
        let often = if self.who.group == Group::NoCancer {
            1.3
        } else {
            1.0
        };
        let mut day = self.start;
        loop {
            let age = f64::from(self.life.age_on(day).clamp(20, 100));
            let yearly = often * 0.30 * (0.030 * (age - 50.0)).exp();
            day = day.plus_days(1 + chance.exponential(365.25 / yearly) as i32);
            if day > self.end {
                break;
            }
            let episode = self.usual(day, &mut chance);
            self.admit(episode);
        }
        self.death_in_hospital(&mut chance);
    }

    fn usual(&self, day: vocabulary::date::Date, chance: &mut Chance) -> Episode {
        let planned = chance.happens(0.5);
        let days = if planned { 0 } else { chance.between(0, 9) };
        let mut diagnoses = Vec::new();
        for _ in 0..=chance.poisson(2.2) {
            let code = chance.pick(&REASONS, "I10");
            if !diagnoses.contains(&code) {
                diagnoses.push(code);
            }
        }
        self.history(day, &mut diagnoses, chance);
        let operations = if planned {
            vec![chance.pick(&OPERATIONS, "C712")]
        } else {
            Vec::new()
        };
        let hospital = self.usual_hospital(day, chance);
        let out = day.plus_days(days);
        Episode {
            admitted: day,
            discharged: out,
            begins: day,
            ends: out,
            emergency: !planned,
            hospital,
            diagnoses,
            operations,
            specialty: chance.pick(&["300", "110", "301", "430", "130", "101", "320", "502"], "300"),
            died: false,
        }
    }

    /// Breast cancer is coded while it is treated, then as history, and often not at all.
    fn history(&self, day: vocabulary::date::Date, diagnoses: &mut Vec<&'static str>, chance: &mut Chance) {
        if let Some(primary) = self.life.primaries.iter().find(|p| p.stage > 0 && p.date <= day) {
            let years = f64::from(day.days() - primary.date.days()) / 365.25;
            if chance.happens(if years < 2.0 { 0.3 } else { 0.04 }) {
                diagnoses.push(primary.icd);
            } else if chance.happens(0.4) {
                diagnoses.push("Z853");
            }
        }
        // Someone already known to have metastases: coders add it half the time, whatever the reason.
        if let Some(spread) = self.life.spread.as_ref().filter(|s| s.date <= day) {
            diagnoses.extend(
                spread
                    .sites
                    .iter()
                    .filter(|_| chance.happens(0.5))
                    .map(|s| s.icd()),
            );
        }
    }

    fn usual_hospital(&self, day: vocabulary::date::Date, chance: &mut Chance) -> usize {
        /// The hospital for bones and joints, which has no breast service.
        const ORTHOPAEDIC: usize = 39;
        let home = self.home(day);
        match chance.weighted(&[0.93, 0.05, 0.02]) {
            0 => home,
            1 => self.nation.new_home(home, chance),
            _ => ORTHOPAEDIC,
        }
    }

    /// Deaths of other causes, half of them in hospital.
    fn death_in_hospital(&mut self, chance: &mut Chance) {
        let Some(death) = self.life.death.clone().filter(|d| d.date <= self.end) else {
            return;
        };
        if self.life.metastatic_on(death.date) || !chance.happens(0.45) {
            return;
        }
        let admitted = death.date.plus_days(-chance.between(0, 14)).max(self.start);
        let mut episode = self.usual(admitted, chance);
        if death.underlying != "C509" {
            episode.diagnoses.insert(0, death.underlying);
        }
        episode.discharged = death.date;
        episode.ends = death.date;
        episode.emergency = true;
        episode.died = true;
        self.admit(episode);
    }
}
