//! Care of other cancers: their metastases are not from the breast, and some of these people have had both.

use super::{Beam, Course, Story, Wait, cycles, stay};
use crate::chance::{Chance, Purpose};
use crate::life::OtherCancer;
use vocabulary::date::Date;

impl Story<'_> {
    pub(super) fn others(&mut self) {
        for (n, other) in self.life.others.clone().into_iter().enumerate() {
            let mut chance = self.chance(Purpose::OtherCare, 100 + n as u8);
            let begins = other.date.plus_days(chance.log_normal(38.0, 0.5) as i32);
            self.other_wait(&other, begins, "01", &mut chance);
            if other.spread == Some(other.date) {
                self.spread_of_other(&other, begins, &mut chance);
            } else {
                let home = self.home(begins);
                self.admit(stay(
                    begins,
                    chance.between(1, 8),
                    home,
                    vec![other.icd],
                    vec!["Y751"],
                    "100",
                ));
                if let Some(later) = other.spread {
                    self.spread_of_other(&other, later.plus_days(chance.between(10, 50)), &mut chance);
                }
            }
        }
    }

    fn other_wait(&mut self, other: &OtherCancer, date: Date, event: &'static str, chance: &mut Chance) {
        if chance.happens(0.85) {
            let spread = other.spread.is_some_and(|s| s <= date);
            let sites: Vec<&'static str> = if spread && chance.happens(0.5) {
                other.sites.iter().map(|s| s.national()).collect()
            } else {
                Vec::new()
            };
            let hospital = self.home(date);
            let modality = chance.pick(&["01", "02", "05"], "02");
            self.wait(Wait {
                date,
                event,
                modality,
                sites,
                diagnosis: other.icd,
                hospital,
            });
        }
    }

    /// Drugs, radiotherapy and admissions of someone whose other cancer has spread.
    fn spread_of_other(&mut self, other: &OtherCancer, begins: Date, chance: &mut Chance) {
        let hospital = self.drug_hospital(begins, chance);
        let mut secondary = vec![other.icd];
        if chance.happens(0.75) {
            secondary.extend(other.sites.iter().map(|s| s.icd()));
        }
        if chance.happens(0.6) {
            let given = cycles(begins, 21, 4 + chance.below(8));
            for drug in other.drugs {
                let (given, intent) = (given.clone(), chance.pick(&["02", "03", "05"], "02"));
                let (regimen, dose, adjunctive, diagnosis) = (*drug, "100", "9", other.icd);
                self.course(Course {
                    regimen,
                    drug,
                    dose,
                    regimen_start: begins,
                    given,
                    intent,
                    adjunctive,
                    diagnosis,
                    hospital,
                    trial: false,
                });
            }
            self.day_cases(&given, hospital, &secondary, chance);
            if other.spread.is_some_and(|s| s > other.date) {
                self.other_wait(other, begins, "05", chance);
            }
        }
        for site in other.sites.clone() {
            if chance.happens(0.3) {
                let start = begins.plus_days(chance.exponential(120.0) as i32);
                let hospital = self.centre(start);
                let diagnosis = if chance.happens(0.25) {
                    site.icd()
                } else {
                    other.icd
                };
                let part = site.treated_part(chance);
                self.beam(Beam {
                    start,
                    intent: "01",
                    region: "M",
                    part,
                    dose: "8",
                    fractions: "1",
                    diagnosis,
                    hospital,
                });
            }
        }
        let mut day = begins.plus_days(chance.exponential(150.0) as i32);
        while day < self.end {
            let home = self.home(day);
            let mut codes = secondary.clone();
            codes.push(chance.pick(&["J189", "A419", "R18", "J90", "N179"], "A419"));
            if !self.life.primaries.is_empty() && chance.happens(0.4) {
                codes.push("Z853");
            }
            let mut episode = stay(day, chance.between(1, 10), home, codes, Vec::new(), "300");
            episode.emergency = true;
            self.admit(episode);
            day = day.plus_days(20 + chance.exponential(200.0) as i32);
        }
    }
}
