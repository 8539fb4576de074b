//! Care of a primary: surgery, chemotherapy, radiotherapy, and drugs that look metastatic and are not.
//!
//! Drugs that moved into early disease come in dated windows: pertuzumab before surgery from 2016, T-DM1 after
//! surgery from mid 2020, abemaciclib from mid 2022, pembrolizumab from the end of 2022, olaparib from mid 2023,
//! ribociclib from autumn 2025, capecitabine after residual disease from 2018, six-monthly zoledronic acid from
//! 2016; denosumab 60 mg is for osteoporosis at any time (NICE appraisals; uptake is an assumption).

use super::{Beam, Course, Story, Wait, cycles, day_case, stay};
use crate::chance::{Chance, Purpose};
use crate::life::{LocalReturn, Primary};
use vocabulary::date::Date;

/// Curative intent, adjuvant and neo-adjuvant, as SACT codes them.
const CURATIVE: &str = "01";
const ADJUVANT: &str = "1";
const NEO_ADJUVANT: &str = "2";

impl Story<'_> {
    pub(super) fn early(&mut self) {
        for (n, primary) in self.life.primaries.clone().into_iter().enumerate() {
            let mut chance = self.chance(Purpose::EarlyCare, n as u8);
            match primary.stage {
                0 => self.in_situ(&primary, &mut chance),
                1..=3 => self.curative(&primary, &mut chance),
                _ => {}
            }
        }
        if let Some(local) = self.life.local {
            let mut chance = self.chance(Purpose::EarlyCare, 100);
            self.local_return(local, &mut chance);
        }
    }

    fn in_situ(&mut self, primary: &Primary, chance: &mut Chance) {
        let day = primary.date.plus_days(chance.between(20, 70));
        let home = self.home(day);
        self.admit(day_case(day, home, vec![primary.icd], vec!["B283"], "103"));
        if chance.happens(0.5) {
            self.adjuvant_beam(primary, day, chance);
        }
    }

    fn curative(&mut self, primary: &Primary, chance: &mut Chance) {
        let age = self.life.age_on(primary.date);
        let first = primary.date.plus_days(chance.log_normal(32.0, 0.45) as i32);
        let fragile = primary.subtype.her2_positive() || !primary.subtype.hormone_positive();
        let drugs = age < 76
            && chance.happens(match (primary.stage, fragile) {
                (3, _) => 0.75,
                (2, true) => 0.75,
                (2, false) => 0.38,
                (_, true) => 0.50,
                _ => 0.07,
            });
        let before = drugs && fragile && primary.stage >= 2 && chance.happens(0.55);
        let operates = chance.happens(if age < 80 { 0.96 } else { 0.66 });
        if !operates && !drugs {
            // Primary endocrine treatment of the old and frail.
            self.first_wait(primary, first, "03", chance);
            return;
        }
        let mut last = first;
        if before {
            self.first_wait(primary, first, "02", chance);
            last = self.curative_drugs(primary, first, NEO_ADJUVANT, chance);
        }
        if operates {
            last = last.plus_days(if before { chance.between(20, 45) } else { 0 });
            self.surgery(primary, last, chance);
            if before {
                self.later_wait(primary, last, "01", chance);
            } else {
                self.first_wait(primary, last, "01", chance);
            }
        }
        if drugs && !before {
            let day = last.plus_days(chance.between(28, 56));
            self.later_wait(primary, day, "02", chance);
            last = self.curative_drugs(primary, day, ADJUVANT, chance);
        }
        if operates && chance.happens(0.72) {
            self.adjuvant_beam(primary, last, chance);
        }
        self.look_alikes(primary, last, before, chance);
        if primary.stage == 3 && age >= 78 && !operates && chance.happens(0.3) {
            self.palliate_the_breast(primary, last, chance);
        }
    }

    fn first_wait(&mut self, primary: &Primary, date: Date, modality: &'static str, chance: &mut Chance) {
        self.treatment_wait(primary, date, "01", modality, chance);
    }

    fn later_wait(&mut self, primary: &Primary, date: Date, modality: &'static str, chance: &mut Chance) {
        self.treatment_wait(primary, date, "02", modality, chance);
    }

    fn treatment_wait(
        &mut self,
        primary: &Primary,
        date: Date,
        event: &'static str,
        modality: &'static str,
        chance: &mut Chance,
    ) {
        if chance.happens(0.96) {
            let hospital = self.home(date);
            self.wait(Wait {
                date,
                event,
                modality,
                sites: Vec::new(),
                diagnosis: primary.icd,
                hospital,
            });
        }
    }

    fn surgery(&mut self, primary: &Primary, day: Date, chance: &mut Chance) {
        let mut diagnoses = vec![primary.icd];
        // Nodes in the axilla are coded with the operation that finds them: regional, not metastatic.
        if primary.nodes && chance.happens(0.65) {
            diagnoses.push("C773");
        }
        let wide = chance.happens(0.62);
        let mut operations = vec![if wide { "B283" } else { "B274" }];
        operations.push(if primary.nodes { "T852" } else { "T873" });
        let home = self.home(day);
        // A few are operated on by independent hospitals.
        let hospital = if chance.happens(0.015) {
            crate::geography::OUTSIDE
        } else {
            home
        };
        let nights = if wide {
            chance.between(0, 1)
        } else {
            chance.between(1, 4)
        };
        self.admit(stay(day, nights, hospital, diagnoses, operations, "103"));
    }

    /// Chemotherapy and antibodies; returns the last day of chemotherapy.
    fn curative_drugs(
        &mut self,
        primary: &Primary,
        first: Date,
        adjunctive: &'static str,
        chance: &mut Chance,
    ) -> Date {
        let hospital = self.drug_hospital(first, chance);
        let cycle_days = cycles(first, 21, 6);
        let (regimen, drugs) = curative_regimen(primary, first, adjunctive);
        let intent = intent(chance);
        for (drug, dose) in drugs {
            let days = if *drug == "TRASTUZUMAB" {
                cycles(first, 21, 18)
            } else {
                cycle_days.clone()
            };
            self.early_course(
                (regimen, drug, dose),
                days,
                (intent, adjunctive),
                primary,
                hospital,
                chance,
            );
        }
        if primary.subtype == crate::life::Subtype::TripleNegative
            && adjunctive == NEO_ADJUVANT
            && first >= day(2022, 12)
            && chance.happens(0.7)
        {
            let drug = ("KEYNOTE522", "PEMBROLIZUMAB", "200");
            self.early_course(
                drug,
                cycles(first, 21, 17),
                (intent, adjunctive),
                primary,
                hospital,
                chance,
            );
        }
        self.day_cases(&cycle_days, hospital, &[primary.icd], chance);
        cycle_days.last().copied().unwrap_or(first)
    }

    /// A course of one drug: (regimen, drug, dose), days, (intent, adjunctive therapy).
    fn early_course(
        &mut self,
        (regimen, drug, dose): (&'static str, &'static str, &'static str),
        given: Vec<Date>,
        (intent, adjunctive): (&'static str, &'static str),
        primary: &Primary,
        hospital: usize,
        chance: &mut Chance,
    ) {
        let Some(regimen_start) = given.first().copied() else {
            return;
        };
        let (diagnosis, trial) = (primary.icd, chance.happens(0.05));
        self.course(Course {
            regimen,
            drug,
            dose,
            regimen_start,
            given,
            intent,
            adjunctive,
            diagnosis,
            hospital,
            trial,
        });
    }

    /// Drugs known from metastatic disease, given here to prevent it.
    fn look_alikes(&mut self, primary: &Primary, after: Date, neo: bool, chance: &mut Chance) {
        let begin = after.plus_days(chance.between(40, 90));
        let hospital = self.drug_hospital(begin, chance);
        let (positive, her2) = (
            primary.subtype.hormone_positive(),
            primary.subtype.her2_positive(),
        );
        let high_risk = primary.stage == 3 || (primary.stage == 2 && primary.nodes);
        let give = |story: &mut Self, regimen, drug, dose, every, count, chance: &mut Chance| {
            let purpose = (intent(chance), ADJUVANT);
            story.early_course(
                (regimen, drug, dose),
                cycles(begin, every, count),
                purpose,
                primary,
                hospital,
                chance,
            );
        };
        if her2 && neo && begin >= day(2020, 6) && chance.happens(0.45) {
            give(
                self,
                "TRASTUZUMAB EMTANSINE",
                "TRASTUZUMAB EMTANSINE",
                "250",
                21,
                14,
                chance,
            );
        }
        if !positive && !her2 && neo && begin >= day(2018, 1) && chance.happens(0.3) {
            give(self, "CAPECITABINE", "CAPECITABINE", "3000", 21, 8, chance);
        }
        if positive && !her2 && high_risk && begin >= day(2022, 7) && chance.happens(0.4) {
            give(self, "ABEMACICLIB + AI", "ABEMACICLIB", "150", 28, 24, chance);
        } else if positive && !her2 && primary.stage >= 2 && begin >= day(2025, 9) && chance.happens(0.2) {
            give(self, "RIBOCICLIB + AI", "RIBOCICLIB", "400", 28, 39, chance);
        }
        if !her2 && high_risk && begin >= day(2023, 5) && chance.happens(0.05) {
            give(self, "OLAPARIB", "OLAPARIB", "600", 28, 13, chance);
        }
        let age = self.life.age_on(begin);
        if age >= 50 && primary.stage >= 2 && begin >= day(2016, 1) && chance.happens(0.18) {
            give(self, "ZOLEDRONIC ACID", "ZOLEDRONIC ACID", "4", 182, 6, chance);
        } else if age >= 65 && chance.happens(0.02) {
            give(self, "DENOSUMAB", "DENOSUMAB", "60", 182, 6, chance);
        }
    }

    fn adjuvant_beam(&mut self, primary: &Primary, after: Date, chance: &mut Chance) {
        let start = after.plus_days(chance.between(28, 75));
        let modern = start >= day(2020, 4) && chance.happens(0.7);
        let (dose, fractions) = if modern { ("26", "5") } else { ("40.05", "15") };
        let region = if primary.nodes && chance.happens(0.4) {
            "PR"
        } else {
            "P"
        };
        // Slips of coding: palliative intent, metastasis as the region (assumption).
        let intent = if chance.happens(0.010) { "01" } else { "02" };
        let region = if chance.happens(0.004) { "M" } else { region };
        let hospital = self.centre(start);
        let (part, diagnosis) = ("Z151", primary.icd);
        self.beam(Beam {
            start,
            intent,
            region,
            part,
            dose,
            fractions,
            diagnosis,
            hospital,
        });
    }

    /// A tumour that cannot be removed is irradiated to control it: palliative and not metastatic.
    fn palliate_the_breast(&mut self, primary: &Primary, after: Date, chance: &mut Chance) {
        let start = after.plus_days(chance.between(60, 700));
        let hospital = self.centre(start);
        let diagnosis = primary.icd;
        self.beam(Beam {
            start,
            intent: "01",
            region: "P",
            part: "Z151",
            dose: "30",
            fractions: "5",
            diagnosis,
            hospital,
        });
    }

    /// The disease comes back in the breast, the scar or the armpit.
    fn local_return(&mut self, local: LocalReturn, chance: &mut Chance) {
        let Some(primary) = self.life.primaries.first().cloned() else {
            return;
        };
        let day = local.date.plus_days(chance.log_normal(30.0, 0.5) as i32);
        let home = self.home(day);
        if chance.happens(0.75) {
            let mut diagnoses = vec![primary.icd];
            if local.regional {
                diagnoses.push("C773");
            } else if chance.happens(0.12) {
                diagnoses.push("C792");
            }
            self.admit(stay(day, 1, home, diagnoses, vec!["B274"], "103"));
        }
        if chance.happens(0.9) {
            let right = if local.regional { "04" } else { "03" };
            let event = match chance.weighted(&[0.80, 0.04, 0.05, 0.05, 0.05, 0.01]) {
                0 => right,
                1 => "06",
                2 => "09",
                3 => "10",
                4 => "02",
                _ => "05",
            };
            let sites = if local.regional && chance.happens(0.2) {
                vec!["12"]
            } else {
                Vec::new()
            };
            let wait = Wait {
                date: day,
                event,
                modality: "01",
                sites,
                diagnosis: primary.icd,
                hospital: home,
            };
            self.wait(wait);
        }
        if chance.happens(0.4) {
            let start = day.plus_days(chance.between(30, 70));
            let region = if local.regional { "R" } else { "P" };
            let hospital = self.centre(start);
            let diagnosis = primary.icd;
            self.beam(Beam {
                start,
                intent: "02",
                region,
                part: "Z151",
                dose: "50",
                fractions: "25",
                diagnosis,
                hospital,
            });
        }
    }

    /// Drugs are given at home or at the centre.
    pub(super) fn drug_hospital(&self, date: Date, chance: &mut Chance) -> usize {
        if chance.happens(0.35) {
            self.centre(date)
        } else {
            self.home(date)
        }
    }
}

/// A regimen as hospitals call it, and its drugs with their doses.
type Regimen = (&'static str, &'static [(&'static str, &'static str)]);

/// The drugs of a curative course that begins on a day.
fn curative_regimen(primary: &Primary, first: Date, adjunctive: &str) -> Regimen {
    let late = first >= day(2016, 7);
    match (
        primary.subtype.her2_positive(),
        primary.subtype.hormone_positive(),
    ) {
        (true, _) if adjunctive == NEO_ADJUVANT && late => (
            "TCHP",
            &[
                ("DOCETAXEL", "130"),
                ("CARBOPLATIN", "600"),
                ("PERTUZUMAB", "420"),
                ("TRASTUZUMAB", "450"),
            ],
        ),
        (true, _) => (
            "DOCETAXEL + TRASTUZUMAB",
            &[("DOCETAXEL", "130"), ("TRASTUZUMAB", "450")],
        ),
        (false, false) if late => (
            "EC + CARBOPLATIN + PACLITAXEL",
            &[
                ("PACLITAXEL", "140"),
                ("CARBOPLATIN", "300"),
                ("EPIRUBICIN", "150"),
            ],
        ),
        (false, _) => (
            "FEC-T",
            &[
                ("EPIRUBICIN", "160"),
                ("CYCLOPHOSPHAMIDE", "900"),
                ("DOCETAXEL", "160"),
            ],
        ),
    }
}

/// The intent of a curative regimen as sent: one in forty is not known or plainly wrong (assumption).
fn intent(chance: &mut Chance) -> &'static str {
    if chance.happens(0.025) {
        chance.pick(&["02", "99", "98"], "99")
    } else {
        CURATIVE
    }
}

/// A day; the arguments are constants of this crate.
pub(super) fn day(year: i32, month: u32) -> Date {
    Date::new(year, month, 1).unwrap_or_else(|| Date::from_days(0))
}
