//! Each hospital's true quality and habit of recording, for each item.
//!
//! Planted by the seed, among the hospitals that state at least a quarter of their recurrences (what nobody writes
//! down nobody can detect), each on one item of its own:
//!
//! - one in six of all hospitals with a breast service is **truly different**: the odds of having the item are half or
//!   twice those elsewhere, in turn;
//! - one in nine **records less**: 0.4 times the answers of others, whatever the answer;
//! - one in nine records **if it is yes**: the answer "no" is never written down.
//!
//! Numbers are rounded up: two are truly different among 12 hospitals, 24 among 140. Everyone else is alike, so
//! that any other difference between hospitals is chance, or the mix of their people.

use super::items::{Item, MEETINGS_IN_BRENNICK, Place, odds, with_odds};
use crate::chance::{Chance, Purpose};
use crate::geography::{Body, has_cosd};
use std::fmt::Write as _;

/// How a hospital writes an item down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recording {
    Usual,
    Less,
    IfYes,
    /// It sends no file that could say it.
    SendsNothing,
}

impl Recording {
    fn as_str(self) -> &'static str {
        match self {
            Recording::Usual => "usual",
            Recording::Less => "less",
            Recording::IfYes => "if_yes",
            Recording::SendsNothing => "sends_nothing",
        }
    }
}

/// What one hospital does about one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Habit {
    /// Its odds of giving it, over those of other hospitals.
    pub(crate) odds_ratio: f64,
    pub(crate) recording: Recording,
    /// The share written down of those who had it.
    pub(crate) yes: f64,
    /// The share written down of those who had it not.
    pub(crate) no: f64,
}

/// A hospital, as far as habits depend on it.
pub(crate) struct Site<'a> {
    pub(crate) body: &'a Body,
    /// Share of recurrences stated; none for a body that sends nothing.
    pub(crate) records_recurrence: Option<f64>,
}

/// The habits of all hospitals.
#[derive(Debug, Clone)]
pub(crate) struct Habits {
    codes: Vec<&'static str>,
    /// By hospital and item; nothing where no file of its nation holds the item.
    of: Vec<[Option<Habit>; Item::ALL.len()]>,
}

/// One planted hospital in so many.
const DIFFERENT: usize = 6;
const RECORDS_LESS: usize = 9;
const RECORDS_IF_YES: usize = 9;
/// The answers of a hospital that records less, for one of another.
const LESS: f64 = 0.4;
/// Recurrences that a hospital must state to be planted.
const STATES_ENOUGH: f64 = 0.25;

impl Habits {
    /// Draws the habits of a nation's hospitals.
    pub(crate) fn draw(seed: u64, sites: &[Site<'_>]) -> Habits {
        let mut chance = Chance::of(seed, Purpose::CareHabits, 0, 0);
        let mut habits = Habits {
            codes: sites.iter().map(|site| site.body.code).collect(),
            of: sites
                .iter()
                .map(|site| Item::ALL.map(|item| usual(site, item)))
                .collect(),
        };
        let services = sites.iter().filter(|s| s.body.breast_service).count();
        let mut eligible: Vec<usize> = (0..sites.len())
            .filter(|n| {
                sites[*n]
                    .records_recurrence
                    .is_some_and(|share| share >= STATES_ENOUGH)
            })
            .collect();
        // Fisher and Yates.
        for last in (1..eligible.len()).rev() {
            let other = chance.below(last + 1);
            eligible.swap(last, other);
        }
        let mut next = |count: usize| -> Vec<usize> {
            let rest = eligible.split_off(count.min(eligible.len()));
            std::mem::replace(&mut eligible, rest)
        };
        for (n, hospital) in next(services.div_ceil(DIFFERENT)).into_iter().enumerate() {
            let ratio = if n % 2 == 0 { 0.5 } else { 2.0 };
            habits.plant(hospital, pick(&sites[hospital], &TRULY, &mut chance), |habit| {
                habit.odds_ratio = ratio
            });
        }
        for hospital in next(services.div_ceil(RECORDS_LESS)) {
            habits.plant(hospital, pick(&sites[hospital], &LESS_OF, &mut chance), |habit| {
                habit.recording = Recording::Less;
                habit.yes *= LESS;
                habit.no *= LESS;
            });
        }
        for hospital in next(services.div_ceil(RECORDS_IF_YES)) {
            habits.plant(
                hospital,
                pick(&sites[hospital], &IF_YES_OF, &mut chance),
                |habit| {
                    habit.recording = Recording::IfYes;
                    habit.no = 0.0;
                },
            );
        }
        habits
    }

    fn plant(&mut self, hospital: usize, item: Item, change: impl FnOnce(&mut Habit)) {
        if let Some(habit) = self
            .of
            .get_mut(hospital)
            .and_then(|habits| habits[item as usize].as_mut())
        {
            change(habit);
        }
    }

    /// What a hospital does about an item; nothing where no file of its nation holds it.
    pub(crate) fn at(&self, hospital: usize, item: Item) -> Option<Habit> {
        self.of
            .get(hospital)
            .and_then(|habits| habits[item as usize])
            .map(|habit| match plan_of(item) {
                Some(assessment) => self.with_assessment(hospital, habit, item, assessment),
                None => habit,
            })
    }

    /// A care plan is written down with the assessment. Of those without a plan only some were assessed, and
    /// nothing is said of the plans of the others. Where people are assessed otherwise than elsewhere, they have plans
    /// otherwise too: of all people, not of those assessed.
    fn with_assessment(&self, hospital: usize, habit: Habit, plan: Item, assessment: Item) -> Habit {
        let Some(assessed) = self
            .of
            .get(hospital)
            .and_then(|habits| habits[assessment as usize])
        else {
            return habit;
        };
        let elsewhere = assessment.given().unwrap_or(0.0);
        let share = with_odds(elsewhere, assessed.odds_ratio);
        let planned = plan.given().unwrap_or(0.0);
        let without = share * (1.0 - planned) / (1.0 - share * planned);
        Habit {
            odds_ratio: if assessed.odds_ratio == 1.0 {
                habit.odds_ratio
            } else {
                odds(share * planned) / odds(elsewhere * planned)
            },
            recording: match assessed.recording {
                // The plan's answer is that of people who were assessed: they are written down as elsewhere.
                Recording::IfYes => Recording::Usual,
                other => other,
            },
            yes: assessed.yes,
            no: assessed.yes * without,
        }
    }

    /// `truth/care_organisations.csv`.
    pub(crate) fn csv(&self) -> String {
        let mut text =
            String::from("organisation,item,odds_ratio,recording,recorded_if_yes,recorded_if_no\n");
        for (hospital, code) in self.codes.iter().enumerate() {
            for item in Item::ALL {
                let Some(habit) = self.at(hospital, item) else {
                    continue;
                };
                let name = item.as_str();
                let ratio = (habit.odds_ratio * 10_000.0).round() / 10_000.0;
                // Writing to a String cannot fail. What admissions show follows from stays, not from a habit.
                let _ = match item.place() {
                    Place::Admissions => writeln!(text, "{code},{name},{ratio},admissions,,"),
                    _ => writeln!(
                        text,
                        "{code},{name},{ratio},{},{:.4},{:.4}",
                        habit.recording.as_str(),
                        habit.yes,
                        habit.no,
                    ),
                };
            }
        }
        text
    }
}

/// Items on which a hospital is truly different, by where they are written down.
pub(crate) const TRULY: [&[Item]; 2] = [
    &[
        Item::Nurse,
        Item::Meeting,
        Item::Assessment,
        Item::Palliative,
        Item::NurseAtPrimary,
    ],
    &Item::FORM,
];
/// Items of which a hospital records less.
const LESS_OF: [&[Item]; 2] = [
    &[Item::Nurse, Item::Meeting, Item::Assessment, Item::NurseAtPrimary],
    &Item::FORM,
];
/// Items that a hospital records if the answer is yes; each has a code for "no".
const IF_YES_OF: [&[Item]; 2] = [
    &[
        Item::Nurse,
        Item::Assessment,
        Item::Palliative,
        Item::NurseAtPrimary,
    ],
    &Item::FORM,
];

fn pick(site: &Site<'_>, items: &[&[Item]; 2], chance: &mut Chance) -> Item {
    let items = if has_cosd(site.body) { items[0] } else { items[1] };
    items
        .get(chance.below(items.len()))
        .copied()
        .unwrap_or(Item::Nurse)
}

/// The item whose record holds a care plan.
fn plan_of(item: Item) -> Option<Item> {
    match item {
        Item::CarePlan => Some(Item::Assessment),
        Item::CarePlanAtPrimary => Some(Item::AssessmentAtPrimary),
        _ => None,
    }
}

/// What a hospital does that is like others.
fn usual(site: &Site<'_>, item: Item) -> Option<Habit> {
    let body = site.body;
    let held = match item.place() {
        Place::Cosd => body.breast_service && has_cosd(body),
        Place::Form => body.breast_service && !has_cosd(body),
        Place::Admissions => body.breast_service,
        Place::Sact => body.breast_service || body.treats_only,
    };
    if !held {
        return None;
    }
    let (mut yes, mut no) = item.recorded();
    let mut recording = Recording::Usual;
    if item == Item::Meeting && body.nation == "Brennick" {
        yes = MEETINGS_IN_BRENNICK;
    }
    if matches!(item.place(), Place::Cosd | Place::Form) && site.records_recurrence.is_none() {
        (recording, yes, no) = (Recording::SendsNothing, 0.0, 0.0);
    }
    Some(Habit {
        odds_ratio: 1.0,
        recording,
        yes,
        no,
    })
}
