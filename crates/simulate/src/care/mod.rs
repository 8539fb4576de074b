//! From a life to what hospitals did: admissions, drugs, radiotherapy, waiting-time events, COSD statements.
//!
//! The invariant: events lie between the first day of the sources and the end of the life (or the horizon), and
//! they follow from the life alone. Whether a file shows them, and how, is decided in [`crate::sources`].

mod background;
mod decoys;
mod early;
mod late;
mod lines;
mod others;
pub(crate) mod record;
pub(crate) mod standards;
mod statements;

use crate::chance::{Chance, Purpose};
use crate::geography::Nation;
use crate::identity::Identity;
use crate::life::{Life, Who};
use crate::plan::Plan;
use standards::Standards;
use vocabulary::date::Date;

pub(crate) use record::{Statement, What};

/// One consultant episode.
#[derive(Debug, Clone)]
pub(crate) struct Episode {
    pub(crate) admitted: Date,
    pub(crate) discharged: Date,
    pub(crate) begins: Date,
    pub(crate) ends: Date,
    pub(crate) emergency: bool,
    pub(crate) hospital: usize,
    pub(crate) diagnoses: Vec<&'static str>,
    pub(crate) operations: Vec<&'static str>,
    pub(crate) specialty: &'static str,
    pub(crate) died: bool,
}

/// A course of one drug within a regimen; rows come from its administrations.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    pub(crate) regimen: &'static str,
    pub(crate) drug: &'static str,
    pub(crate) dose: &'static str,
    /// First day of the regimen.
    pub(crate) regimen_start: Date,
    pub(crate) given: Vec<Date>,
    pub(crate) intent: &'static str,
    pub(crate) adjunctive: &'static str,
    pub(crate) diagnosis: &'static str,
    pub(crate) hospital: usize,
    pub(crate) trial: bool,
}

/// A course of radiotherapy.
#[derive(Debug, Clone)]
pub(crate) struct Beam {
    pub(crate) start: Date,
    pub(crate) intent: &'static str,
    pub(crate) region: &'static str,
    pub(crate) part: &'static str,
    pub(crate) dose: &'static str,
    pub(crate) fractions: &'static str,
    pub(crate) diagnosis: &'static str,
    pub(crate) hospital: usize,
}

/// A treatment as cancer waiting times see it.
#[derive(Debug, Clone)]
pub(crate) struct Wait {
    pub(crate) date: Date,
    pub(crate) event: &'static str,
    pub(crate) modality: &'static str,
    pub(crate) sites: Vec<&'static str>,
    pub(crate) diagnosis: &'static str,
    pub(crate) hospital: usize,
}

/// Everything that was done for one person.
#[derive(Debug, Default)]
pub(crate) struct Care {
    pub(crate) episodes: Vec<Episode>,
    pub(crate) courses: Vec<Course>,
    pub(crate) beams: Vec<Beam>,
    pub(crate) waits: Vec<Wait>,
    pub(crate) statements: Vec<Statement>,
    /// Whether an emergency led to the diagnosis of metastatic disease.
    pub(crate) found_in_emergency: bool,
    pub(crate) standards: Standards,
}

/// A life being told.
pub(crate) struct Story<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) nation: &'a Nation,
    pub(crate) who: Who,
    pub(crate) life: &'a Life,
    pub(crate) identity: &'a Identity,
    /// First day of the sources.
    pub(crate) start: Date,
    /// Last day that any source can show.
    pub(crate) end: Date,
    pub(crate) care: Care,
}

/// Tells a life.
pub(crate) fn tell(plan: &Plan, nation: &Nation, who: Who, life: &Life, identity: &Identity) -> Care {
    let (start, end) = (plan.start(), life.last_day(plan));
    let mut story = Story {
        plan,
        nation,
        who,
        life,
        identity,
        start,
        end,
        care: Care::default(),
    };
    story.early();
    let first_late = story.care.courses.len();
    story.late();
    let late = first_late..story.care.courses.len();
    story.others();
    story.background();
    story.decoys();
    story.standards(late);
    story.statements();
    story.care
}

impl Story<'_> {
    fn chance(&self, purpose: Purpose, part: u8) -> Chance {
        Chance::of(self.plan.seed, purpose, self.who.stream(), part)
    }

    fn shown(&self, date: Date) -> bool {
        (self.start..=self.end).contains(&date)
    }

    fn home(&self, date: Date) -> usize {
        self.identity.home_on(date)
    }

    fn centre(&self, date: Date) -> usize {
        self.nation.at(self.home(date)).centre
    }

    /// Adds an episode, cut off by death, unless it lies outside the sources.
    fn admit(&mut self, episode: Episode) {
        if self.shown(episode.admitted) {
            let mut episode = episode;
            episode.discharged = episode.discharged.min(self.end);
            episode.ends = episode.ends.min(self.end);
            episode.begins = episode.begins.min(self.end);
            self.care.episodes.push(episode);
        }
    }

    fn beam(&mut self, beam: Beam) {
        if self.shown(beam.start) {
            self.care.beams.push(beam);
        }
    }

    fn wait(&mut self, wait: Wait) {
        if self.shown(wait.date) {
            self.care.waits.push(wait);
        }
    }

    /// Adds a course, keeping the administrations that took place.
    fn course(&mut self, course: Course) {
        let mut course = course;
        let (start, end) = (self.start, self.end);
        course.given.retain(|day| (start..=end).contains(day));
        if !course.given.is_empty() {
            self.care.courses.push(course);
        }
    }

    /// Day cases for a course, at hospitals that code them as admissions.
    fn day_cases(&mut self, days: &[Date], hospital: usize, secondary: &[&'static str], chance: &mut Chance) {
        if !self.nation.at(hospital).codes_day_cases {
            return;
        }
        for day in days {
            if chance.happens(0.85) {
                let mut diagnoses = vec!["Z511"];
                diagnoses.extend(secondary);
                let operation = chance.pick(&["X721", "X723", "X711", "X729"], "X729");
                self.admit(day_case(*day, hospital, diagnoses, vec![operation], "370"));
            }
        }
    }
}

/// An episode of one day, planned.
fn day_case(
    day: Date,
    hospital: usize,
    diagnoses: Vec<&'static str>,
    operations: Vec<&'static str>,
    specialty: &'static str,
) -> Episode {
    stay(day, 0, hospital, diagnoses, operations, specialty)
}

/// A planned stay of some days.
fn stay(
    day: Date,
    days: i32,
    hospital: usize,
    diagnoses: Vec<&'static str>,
    operations: Vec<&'static str>,
    specialty: &'static str,
) -> Episode {
    let out = day.plus_days(days);
    Episode {
        admitted: day,
        discharged: out,
        begins: day,
        ends: out,
        emergency: false,
        hospital,
        diagnoses,
        operations,
        specialty,
        died: false,
    }
}

/// Dates every so many days.
fn cycles(first: Date, every: i32, count: usize) -> Vec<Date> {
    (0..count).map(|n| first.plus_days(every * n as i32)).collect()
}

#[cfg(test)]
mod tests;
