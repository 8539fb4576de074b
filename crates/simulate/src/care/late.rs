//! Care of metastatic breast cancer.
//!
//! A tenth to a third, by age, get no treatment: those are missing from every treatment file (NCIN: 93 % of those
//! absent from waiting times were untreated). Of the treated, about 22 % begin with endocrine tablets that SACT
//! does not hold and 5 % have radiotherapy only (assumption). The first treatment comes a month after diagnosis,
//! with a long tail. Hospital codes follow events that bring people in, not the diagnosis; NSW found 18 % of
//! recurrences in hospital records only. One in twenty had the code of a suspicion in an admission 3 to 18 months
//! before (assumption), which is too early for a date.

use super::{Beam, Course, Episode, Story, Wait, cycles, day_case, lines, stay};
use crate::chance::{Chance, Purpose};
use crate::geography::OUTSIDE;
use crate::life::{Kind, Primary, Site, Spread};
use vocabulary::date::Date;

/// How treatment begins.
#[derive(Clone, Copy, PartialEq)]
enum First {
    Drugs,
    Tablets,
    BeamOnly,
}

impl Story<'_> {
    pub(super) fn late(&mut self) {
        let Some(spread) = self.life.spread.clone() else {
            return;
        };
        let Some(primary) = self.life.primaries.get(spread.primary).cloned() else {
            return;
        };
        let mut chance = self.chance(Purpose::LateCare, 0);
        self.presentation(&spread, &primary, &mut chance);
        if spread.treated {
            let mut chance = self.chance(Purpose::LateCare, 1);
            self.treatment(&spread, &primary, &mut chance);
        }
        let mut chance = self.chance(Purpose::LateCare, 4);
        self.suspicion(&spread, &primary, &mut chance);
        let mut chance = self.chance(Purpose::LateCare, 2);
        self.complications(&spread, &primary, &mut chance);
        let mut chance = self.chance(Purpose::LateCare, 3);
        self.last_weeks(&spread, &primary, &mut chance);
    }

    /// A lesion seen before anyone called it a metastasis, coded as one.
    fn suspicion(&mut self, spread: &Spread, primary: &Primary, chance: &mut Chance) {
        if spread.kind == Kind::Recurrent && chance.happens(0.05) {
            let day = spread.date.plus_days(-chance.between(90, 540));
            let site = spread.sites.first().map_or("C799", |s| s.icd());
            let home = self.home(day);
            if day > primary.date.plus_days(180) {
                self.admit(stay(
                    day,
                    chance.between(0, 4),
                    home,
                    vec!["R074", site, "Z853"],
                    Vec::new(),
                    "300",
                ));
            }
        }
    }

    /// How it was found: an emergency, a planned biopsy, or nothing that an admission shows.
    fn presentation(&mut self, spread: &Spread, primary: &Primary, chance: &mut Chance) {
        let home = self.home(spread.date);
        let emergency = if spread.treated { 0.20 } else { 0.45 };
        match chance.weighted(&[emergency, 0.28, 0.72 - emergency]) {
            0 => {
                self.care.found_in_emergency = true;
                let admitted = spread.date.plus_days(-chance.between(0, 12));
                let episode = self.ill(
                    admitted,
                    chance.between(2, 14),
                    home,
                    spread,
                    primary,
                    0.85,
                    chance,
                );
                self.admit(episode);
            }
            1 => {
                let day = spread.date.plus_days(chance.between(-25, 10));
                // The biopsy is coded before its result is known, often as the breast cancer alone.
                let codes = self.codes(spread, primary, 0.55, chance);
                self.admit(day_case(day, home, codes, vec!["W365"], "103"));
            }
            _ => {}
        }
    }

    fn treatment(&mut self, spread: &Spread, primary: &Primary, chance: &mut Chance) {
        let begins = spread
            .date
            .plus_days(chance.log_normal(36.0, 0.8).min(500.0) as i32);
        let tablets = if primary.subtype.hormone_positive() {
            0.30
        } else {
            0.02
        };
        let first = match chance.weighted(&[0.95 - tablets, tablets, 0.05]) {
            0 => First::Drugs,
            1 => First::Tablets,
            _ => First::BeamOnly,
        };
        let modality = match first {
            First::Drugs => "02",
            First::Tablets => "03",
            First::BeamOnly => "05",
        };
        self.metastatic_wait(spread, primary, begins, true, modality, chance);
        if spread.kind == Kind::DeNovo && chance.happens(0.22) {
            self.breast_surgery(spread, primary, chance);
        }
        match first {
            First::Drugs => self.lines(spread, primary, begins, chance),
            First::Tablets if chance.happens(0.65) => {
                let later = begins.plus_days(chance.log_normal(480.0, 0.8) as i32);
                self.metastatic_wait(spread, primary, later, false, "02", chance);
                self.lines(spread, primary, later, chance);
            }
            _ => {}
        }
        self.beams(spread, primary, begins, first == First::BeamOnly, chance);
        if spread.sites.contains(&Site::Bone) && chance.happens(0.30) {
            self.bone_drugs(primary, begins, chance);
        }
    }

    fn metastatic_wait(
        &mut self,
        spread: &Spread,
        primary: &Primary,
        date: Date,
        first: bool,
        modality: &'static str,
        chance: &mut Chance,
    ) {
        // The first treatment is nearly always there, tablets a little less (a general practice may start them);
        // later ones half the time (only some end a wait).
        let shown = match (first, modality) {
            (true, "03") => 0.95,
            (true, _) => 0.975,
            _ => 0.5,
        };
        if !chance.happens(shown) {
            return;
        }
        let event = match (spread.kind, first) {
            (Kind::DeNovo, true) => "01",
            (Kind::DeNovo, false) => *[&"02", &"10", &"05"][chance.weighted(&[0.6, 0.25, 0.15])],
            (Kind::Recurrent, _) => {
                *[&"05", &"06", &"09", &"10", &"02"][chance.weighted(&[0.80, 0.04, 0.03, 0.06, 0.07])]
            }
        };
        let told = chance.happens(if event == "02" { 0.3 } else { 0.65 });
        let sites = if told { national_sites(spread) } else { Vec::new() };
        let hospital = self.drug_hospital(date, chance);
        self.wait(Wait {
            date,
            event,
            modality,
            sites,
            diagnosis: primary.icd,
            hospital,
        });
    }

    fn breast_surgery(&mut self, spread: &Spread, primary: &Primary, chance: &mut Chance) {
        let day = spread.date.plus_days(chance.between(120, 400));
        let mut codes = vec![primary.icd];
        if chance.happens(0.5) {
            codes.extend(spread.sites.iter().map(|s| s.icd()));
        }
        let home = self.home(day);
        self.admit(day_case(day, home, codes, vec!["B274"], "103"));
    }

    /// One line after another until death or the end of the data.
    fn lines(&mut self, spread: &Spread, primary: &Primary, begins: Date, chance: &mut Chance) {
        let mut start = begins;
        for n in 0..6 {
            if start > self.end {
                return;
            }
            let line = lines::choose(primary.subtype, n, start, chance);
            let days = chance
                .log_normal(lines::duration(primary.subtype, n), 0.8)
                .clamp(14.0, 3_000.0) as i32;
            let count = (days / line.every + 1).min(60) as usize;
            let hospital = self.drug_hospital(start, chance);
            let given = cycles(start, line.every, count);
            // Intent as sent: mostly one of the palliative codes, sometimes blank, other or plainly wrong.
            let intent = chance.pick(
                &[
                    "02", "02", "02", "02", "02", "03", "03", "04", "05", "05", "05", "05", "", "", "99",
                    "98", "01",
                ],
                "02",
            );
            let diagnosis = diagnosis(spread, primary, chance);
            let trial = chance.happens(0.07);
            for (drug, dose) in line.drugs {
                let (regimen, given, adjunctive) = (
                    line.regimen,
                    given.clone(),
                    if chance.happens(0.6) { "3" } else { "9" },
                );
                self.course(Course {
                    regimen,
                    drug,
                    dose,
                    regimen_start: start,
                    given,
                    intent,
                    adjunctive,
                    diagnosis,
                    hospital,
                    trial,
                });
            }
            let mut secondary = vec![primary.icd];
            if chance.happens(0.62) {
                secondary.extend(spread.sites.iter().map(|s| s.icd()));
            }
            self.day_cases(&given, hospital, &secondary, chance);
            start = start.plus_days(days + chance.between(7, 60));
            if n > 0 || chance.happens(0.5) {
                self.metastatic_wait(spread, primary, start, false, "02", chance);
            }
            if chance.happens(0.22) {
                return;
            }
        }
    }

    fn beams(
        &mut self,
        spread: &Spread,
        primary: &Primary,
        begins: Date,
        at_once: bool,
        chance: &mut Chance,
    ) {
        for site in spread.sites.clone() {
            let likely = match site {
                Site::Bone | Site::Marrow => 0.45,
                Site::Brain => 0.75,
                _ => 0.08,
            };
            if !chance.happens(if at_once { 0.95 } else { likely }) {
                continue;
            }
            let mut start = begins.plus_days(chance.exponential(if at_once { 10.0 } else { 200.0 }) as i32);
            for _ in 0..=chance.below(3) {
                let hospital = self.centre(start);
                let (dose, fractions) =
                    *[&("8", "1"), &("20", "5"), &("30", "10")][chance.weighted(&[0.5, 0.42, 0.08])];
                let intent = *[&"01", &"02", &"03", &""][chance.weighted(&[0.90, 0.04, 0.03, 0.03])];
                let region = *[&"M", &"P", &"A", &""][chance.weighted(&[0.86, 0.05, 0.04, 0.05])];
                let diagnosis = if chance.happens(0.25) {
                    site.icd()
                } else {
                    primary.icd
                };
                let part = site.treated_part(chance);
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
                start = start.plus_days(60 + chance.exponential(300.0) as i32);
            }
        }
    }

    /// Denosumab 120 mg or zoledronic acid, every four weeks or three months.
    fn bone_drugs(&mut self, primary: &Primary, begins: Date, chance: &mut Chance) {
        let start = begins.plus_days(chance.between(5, 60));
        let hospital = self.drug_hospital(start, chance);
        let (drug, dose) = if chance.happens(0.75) {
            ("DENOSUMAB", "120")
        } else {
            ("ZOLEDRONIC ACID", "4")
        };
        let given = cycles(start, if chance.happens(0.8) { 28 } else { 84 }, 26);
        let (regimen, intent, adjunctive, diagnosis) = (drug, "03", "9", primary.icd);
        self.course(Course {
            regimen,
            drug,
            dose,
            regimen_start: start,
            given,
            intent,
            adjunctive,
            diagnosis,
            hospital,
            trial: false,
        });
    }

    /// Illness that brings people in: about once a year.
    fn complications(&mut self, spread: &Spread, primary: &Primary, chance: &mut Chance) {
        let mut day = spread.date.plus_days(chance.exponential(330.0) as i32);
        while day < self.end {
            let home = self.home(day);
            let hospital = if chance.happens(0.004) { OUTSIDE } else { home };
            let mut episode = self.ill(
                day,
                chance.between(1, 12),
                hospital,
                spread,
                primary,
                0.80,
                chance,
            );
            // Handed on within the same stay: a second episode of the same spell.
            if chance.happens(0.3) && episode.discharged > episode.admitted {
                let mut next = episode.clone();
                let handed = episode
                    .admitted
                    .plus_days((episode.discharged.days() - episode.admitted.days()) / 2);
                episode.ends = handed;
                next.begins = handed;
                next.specialty = chance.pick(&["315", "370", "800"], "315");
                self.admit(next);
            }
            self.admit(episode);
            day = day.plus_days(14 + chance.exponential(330.0) as i32);
        }
    }

    /// The last weeks: most are admitted, many die in hospital.
    fn last_weeks(&mut self, spread: &Spread, primary: &Primary, chance: &mut Chance) {
        let Some(death) = self.life.death.as_ref().map(|d| d.date) else {
            return;
        };
        if death > self.end {
            return;
        }
        if chance.happens(0.62) {
            let stayed = chance.between(1, 20);
            let admitted = death.plus_days(-stayed).max(spread.date);
            let dies_here = chance.happens(0.55);
            let home = self.home(admitted);
            let out = if dies_here {
                stayed
            } else {
                chance.between(0, stayed)
            };
            let mut episode = self.ill(admitted, out, home, spread, primary, 0.86, chance);
            episode.discharged = episode.discharged.min(death);
            episode.ends = episode.discharged;
            episode.died = dies_here && episode.discharged == death;
            if chance.happens(0.5) {
                episode.diagnoses.push("Z515");
                episode.specialty = "315";
            }
            self.admit(episode);
        }
    }

    /// An emergency stay of someone with metastatic disease.
    #[allow(clippy::too_many_arguments, reason = "a stay has this many sides")]
    fn ill(
        &self,
        admitted: Date,
        days: i32,
        hospital: usize,
        spread: &Spread,
        primary: &Primary,
        coded: f64,
        chance: &mut Chance,
    ) -> Episode {
        let mut codes = self.codes(spread, primary, coded, chance);
        let complaint: &'static str = match spread.sites.first() {
            Some(Site::Bone | Site::Marrow) => chance.pick(&["M844", "G952", "E835", "R52", "A419"], "R52"),
            Some(Site::Pleura | Site::Lung) => chance.pick(&["J90", "J189", "R060", "I269"], "J90"),
            Some(Site::Liver | Site::Peritoneum) => chance.pick(&["R18", "R17", "K831", "A419"], "R18"),
            Some(Site::Brain) => chance.pick(&["R568", "G936", "R51"], "R51"),
            _ => chance.pick(&["A419", "J189", "N390", "I269", "D649"], "A419"),
        };
        // The complaint often comes first and pushes the cancer down the list.
        let place = if chance.happens(0.5) { 0 } else { codes.len() };
        codes.insert(place, complaint);
        let operations = match complaint {
            "J90" if chance.happens(0.6) => vec!["T124"],
            "R18" if chance.happens(0.6) => vec!["T461"],
            "M844" if chance.happens(0.5) => vec!["W192"],
            _ => Vec::new(),
        };
        let out = admitted.plus_days(days.max(0));
        Episode {
            admitted,
            discharged: out,
            begins: admitted,
            ends: out,
            emergency: true,
            hospital,
            diagnoses: codes,
            operations,
            specialty: chance.pick(&["300", "370", "326", "800"], "300"),
            died: false,
        }
    }

    /// Cancer codes of an episode: secondaries with this probability each, the primary or its history.
    fn codes(
        &self,
        spread: &Spread,
        primary: &Primary,
        coded: f64,
        chance: &mut Chance,
    ) -> Vec<&'static str> {
        let mut codes: Vec<&'static str> = spread
            .sites
            .iter()
            .filter(|_| chance.happens(coded))
            .map(|site| site.icd())
            .collect();
        codes.dedup();
        match chance.weighted(&[0.72, 0.16, 0.12]) {
            0 => codes.insert(chance.below(codes.len() + 1), primary.icd),
            1 => codes.push("Z853"),
            _ => {}
        }
        if codes.is_empty() {
            codes.push("R69");
        }
        codes
    }
}

fn national_sites(spread: &Spread) -> Vec<&'static str> {
    let mut sites: Vec<&'static str> = spread.sites.iter().map(|s| s.national()).collect();
    sites.dedup();
    sites
}

/// The diagnosis a treatment row carries: nearly always the primary, sometimes the secondary, sometimes nothing.
fn diagnosis(spread: &Spread, primary: &Primary, chance: &mut Chance) -> &'static str {
    match chance.weighted(&[0.93, 0.04, 0.03]) {
        0 => primary.icd,
        1 => spread.sites.first().map_or(primary.icd, |s| s.icd()),
        _ => "",
    }
}
