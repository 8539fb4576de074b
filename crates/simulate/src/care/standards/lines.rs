//! Draws the truth of each item, and what is written down of it.

use super::items::{ANSWERED_BY_PERSON, CORD_COMPRESSION, Item, with_odds};
use super::{Event, Line};
use crate::care::Story;
use crate::chance::{Chance, Purpose};
use crate::life::{Kind, Site};
use vocabulary::date::Date;

/// Days around the diagnosis of secondary disease in which an emergency stay is the one that found it.
const FOUND_IN: std::ops::RangeInclusive<i32> = -28..=0;

/// Parts of [`Purpose::CareTruth`]: primaries from 0, regimens from 100.
const SECONDARY: u8 = 60;
const PROGRESSION: u8 = 61;
const DEATH: u8 = 62;
const REGIMENS: u8 = 100;

/// The draws of one item: whatever they are used for, their number is the same.
struct Draw {
    truth: f64,
    known: f64,
    code: f64,
    days: f64,
}

impl Draw {
    fn of(chance: &mut Chance) -> Draw {
        Draw {
            truth: chance.unit(),
            known: chance.unit(),
            code: chance.unit(),
            days: chance.unit(),
        }
    }
}

/// An event as lines see it.
struct At {
    event: Event,
    date: Date,
    hospital: usize,
}

impl Story<'_> {
    /// Draws the care that is known before records are written: everything but that of a later progression.
    pub(in crate::care) fn standards(&mut self, late_courses: std::ops::Range<usize>) {
        self.care.standards.de_novo = self.life.spread.as_ref().is_some_and(|s| s.kind == Kind::DeNovo);
        self.care.standards.last_day = Some(self.end.min(self.plan.as_of));
        self.primaries();
        self.secondary();
        self.regimens(late_courses);
        self.palliative();
        self.before_death();
    }

    fn primaries(&mut self) {
        let de_novo = self
            .life
            .spread
            .as_ref()
            .filter(|s| s.kind == Kind::DeNovo)
            .map(|s| s.primary);
        for (n, primary) in self.life.primaries.iter().enumerate() {
            if primary.stage == 0 || de_novo == Some(n) || !self.counted(primary.date) {
                continue;
            }
            let mut chance = self.chance(Purpose::CareTruth, (n as u8).min(SECONDARY - 1));
            let at = self.at(Event::Primary(n), primary.date);
            self.draw(&at, Item::NurseAtPrimary, None, &mut chance);
            self.draw(&at, Item::MeetingAtPrimary, None, &mut chance);
            self.assessed(
                &at,
                Item::AssessmentAtPrimary,
                Item::CarePlanAtPrimary,
                &mut chance,
            );
            self.draw(&at, Item::AimAtPrimary, None, &mut chance);
        }
    }

    fn secondary(&mut self) {
        let Some(spread) = self.life.spread.as_ref().filter(|s| self.counted(s.date)) else {
            return;
        };
        let mut chance = self.chance(Purpose::CareTruth, SECONDARY);
        let at = self.at(Event::Secondary, spread.date);
        let emergency = self.care.found_in_emergency;
        let bone = spread
            .sites
            .iter()
            .any(|s| matches!(s, Site::Bone | Site::Marrow));
        self.draw(&at, Item::Nurse, None, &mut chance);
        self.draw(&at, Item::Meeting, None, &mut chance);
        self.assessed(&at, Item::Assessment, Item::CarePlan, &mut chance);
        self.draw(&at, Item::Aim, None, &mut chance);
        self.draw(&at, Item::Palliative, None, &mut chance);
        self.draw(&at, Item::EmergencyRoute, Some(emergency), &mut chance);
        let compressed = chance.happens(CORD_COMPRESSION) && emergency && bone;
        self.draw(&at, Item::CordCompression, Some(compressed), &mut chance);
        for item in Item::FORM {
            self.draw(&at, item, None, &mut chance);
        }
        let asked = chance.happens(ANSWERED_BY_PERSON);
        self.care.standards.answered_by = if asked { "person" } else { "hospital" };
        let day = spread.date.days();
        let admitted = self
            .care
            .episodes
            .iter()
            .any(|e| e.emergency && FOUND_IN.contains(&(e.admitted.days() - day)));
        for line in &mut self.care.standards.lines {
            if line.item == Item::EmergencyRoute && admitted {
                line.admission = Some("2x");
            }
        }
    }

    /// A later progression of metastatic disease, if a hospital may state it.
    pub(in crate::care) fn progression(&mut self, date: Date) {
        if !self.counted(date) {
            return;
        }
        let mut chance = self.chance(Purpose::CareTruth, PROGRESSION);
        let at = self.at(Event::Progression, date);
        self.draw(&at, Item::Nurse, None, &mut chance);
        self.draw(&at, Item::Meeting, None, &mut chance);
        self.assessed(&at, Item::Assessment, Item::CarePlan, &mut chance);
    }

    /// Trials: one line a regimen, shared by its drugs.
    fn regimens(&mut self, late_courses: std::ops::Range<usize>) {
        self.care.standards.trials = vec![None; self.care.courses.len()];
        let mut seen: Vec<(&'static str, Date, usize)> = Vec::new();
        for place in late_courses {
            let Some(course) = self.care.courses.get(place) else {
                continue;
            };
            let (name, date, hospital, trial) = (
                course.regimen,
                course.regimen_start,
                course.hospital,
                course.trial,
            );
            if !self.counted(date) {
                continue;
            }
            let known = seen.iter().find(|s| s.0 == name && s.1 == date).map(|s| s.2);
            let line = known.or_else(|| {
                let n = seen.len();
                let part = REGIMENS.saturating_add(n.min(150) as u8);
                let mut chance = self.chance(Purpose::CareTruth, part);
                let at = At {
                    event: Event::Regimen(n),
                    date,
                    hospital,
                };
                let line = self.draw(&at, Item::Trial, Some(trial), &mut chance)?;
                seen.push((name, date, line));
                Some(line)
            });
            if let Some(slot) = self.care.standards.trials.get_mut(place) {
                *slot = line;
            }
        }
    }

    fn before_death(&mut self) {
        let Some(death) = self.life.death.as_ref().map(|d| d.date) else {
            return;
        };
        if !self.life.metastatic_on(death) || !self.counted(death) {
            return;
        }
        let mut chance = self.chance(Purpose::CareTruth, DEATH);
        let at = self.at(Event::Death, death);
        let (truth, code) = self.palliative_by_death(&mut chance);
        if let Some(line) = self.draw(&at, Item::PalliativeBeforeDeath, Some(truth), &mut chance)
            && let Some(line) = self.care.standards.lines.get_mut(line)
        {
            line.admission = code;
        }
    }

    /// Within the years covered and the date of the study.
    fn counted(&self, date: Date) -> bool {
        (self.start..=self.plan.as_of).contains(&date)
    }

    fn at(&self, event: Event, date: Date) -> At {
        At {
            event,
            date,
            hospital: self.home(date),
        }
    }

    /// Draws one item, true by the hospital's quality unless it follows from what was done; gives the position of its
    /// line. There is none where no file of the hospital's nation holds the item.
    fn draw(&mut self, at: &At, item: Item, fixed: Option<bool>, chance: &mut Chance) -> Option<usize> {
        let draw = Draw::of(chance);
        let habit = self.nation.care.at(at.hospital, item)?;
        let share = with_odds(item.given().unwrap_or(0.0), habit.odds_ratio);
        let truth = fixed.unwrap_or(draw.truth < share);
        let known = draw.known < if truth { habit.yes } else { habit.no };
        // Who sends no record at all does not send "not known" either.
        let sends = habit.recording != super::habits::Recording::SendsNothing;
        let code = if known {
            item.answer(truth, draw.code)
        } else {
            item.not_known(draw.code).filter(|_| sends)
        };
        self.care.standards.lines.push(Line {
            event: at.event,
            date: at.date,
            hospital: at.hospital,
            item,
            truth,
            known,
            code,
            days: if item == Item::CordCompression {
                0
            } else {
                1 + (draw.days * 28.0) as i32
            },
            discussion: if (draw.code * 10.0).fract() > 0.9 {
                "3"
            } else {
                "1"
            },
            admission: None,
        });
        Some(self.care.standards.lines.len() - 1)
    }

    /// Draws an assessment and the plan that may follow it: one entry holds both, so they are known together.
    fn assessed(&mut self, at: &At, assessment: Item, plan: Item, chance: &mut Chance) {
        const WITHOUT_PLAN: [&str; 4] = ["03/02", "03/02", "03/01", "03/04"];
        let first = self.draw(at, assessment, None, chance);
        let draw = Draw::of(chance);
        let Some(first) = first.and_then(|place| self.care.standards.lines.get_mut(place)) else {
            return;
        };
        let planned = first.truth && draw.truth < plan.given().unwrap_or(0.0);
        if first.truth && first.known {
            let other = WITHOUT_PLAN[(draw.code * 4.0) as usize & 3];
            first.code = Some(if planned { "03/03" } else { other });
        }
        let code = first
            .code
            .and_then(|code| code.split('/').nth(1))
            .filter(|status| !status.is_empty());
        let line = Line {
            item: plan,
            truth: planned,
            known: code.is_some(),
            code,
            ..first.clone()
        };
        self.care.standards.lines.push(line);
    }
}
