//! How long people wait, with death in between.
//!
//! A wait that ended is known; one that is still running, or that death cut short, is not a short wait. Waits for treatment
//! are therefore read from the cumulative incidence of treatment with death as a competing end (Aalen and Johansen); their
//! median is the first day by which half of everybody was treated, and there is none where death came first for too many.
//! No wait is computed from a date that stands for no date: intake has emptied those.

use estimate::survival::{CauseFollowUp, CumulativeIncidence, aalen_johansen};
use estimate::{Confidence, EstimateError, Interval, median};
use vocabulary::date::Date;

use crate::answer::{Event, Frame, dated, of_fact};
use crate::cells::{Counted, Sum};
use crate::definition::{Delay, Span};
use crate::people::{Asked, Case, Fact, Person, RecordKey, UNDATED};

/// What is known of one person's wait.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Wait {
    /// So many days, or contacts.
    Ended(f64),
    /// Death after so many days.
    Died(f64),
    /// Still waiting after so many days.
    Running(f64),
    /// Not known.
    Missing,
}

/// The waits of one place and period.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waits {
    waits: Vec<Wait>,
}

impl Sum for Waits {
    fn sum(&mut self, other: &Self) {
        self.waits.extend(&other.waits);
    }
}

/// One line of the table `delays`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub population: u64,
    pub missing: u64,
    pub ended: u64,
    pub died_first: u64,
    pub waiting: u64,
    pub median: Option<f64>,
    pub interval: Option<Interval>,
    /// Share treated within 62 days of the diagnosis, 0 where nobody was; none for other spans, and where nobody was followed
    /// for so long.
    pub within_62_days: Option<f64>,
}

/// Counts a person's waits at the place and year of the diagnosis.
pub(crate) fn add(
    waits: &mut Counted<Waits>,
    delays: &[Delay],
    asked: &Asked,
    frame: &Frame<'_>,
    (person, facts): (&Person, &[Fact]),
) {
    let Some((case, date)) = dated(person).filter(|(case, _)| case.new && !case.only_at_death) else {
        return;
    };
    if !(frame.period.0..=frame.period.1).contains(&date) {
        return;
    }
    let event = Event {
        day: date.days(),
        organisation: case.organisation.as_deref(),
        nation: case.nation.as_deref(),
        records: &[],
        first_shown: &[],
    };
    for (index, delay) in delays.iter().enumerate() {
        let wait = wait(&delay.span, asked, frame, person, facts);
        waits.at(index, &event).waits.push(wait);
    }
}

fn wait(span: &Span, asked: &Asked, frame: &Frame<'_>, person: &Person, facts: &[Fact]) -> Wait {
    let Some((case, date)) = dated(person) else {
        return Wait::Missing;
    };
    let day = date.days();
    let place = (case.nation.as_deref(), case.organisation.as_deref());
    let days_of = |fact: usize, mask: u32| {
        of_fact(facts, fact)
            .iter()
            .filter(move |own| own.mask & mask != 0 && own.day != UNDATED)
    };
    match span {
        Span::Before { fact, until, longest } => {
            // The case may be known earlier, by a record of somebody else: both days are those of one record.
            let agreed = |record: RecordKey| days_of(*until, 1).find(|own| own.record == record);
            let seen = days_of(*fact, 1)
                .filter(|own| case.records.contains(&own.record))
                .filter_map(|own| Some(agreed(own.record)?.day - own.day));
            let first = seen.filter(|days| (0..=*longest).contains(days)).max();
            first.map_or(Wait::Missing, |days| Wait::Ended(f64::from(days)))
        }
        Span::Contacts {
            facts: wanted,
            covered_by,
        } => {
            let year = (day - 365, day - 1);
            if !covered_by.iter().all(|kind| frame.cover.tells(kind, place, year)) {
                return Wait::Missing;
            }
            let mut days: Vec<i32> = wanted
                .iter()
                .flat_map(|(fact, codes)| days_of(*fact, asked.mask(*fact, codes)).map(|own| own.day))
                .filter(|day| (year.0..=year.1).contains(day))
                .collect();
            days.sort_unstable();
            days.dedup();
            Wait::Ended(days.len() as f64)
        }
        Span::After {
            facts: wanted,
            lead,
            covered_by,
        } => {
            let treated = wanted
                .iter()
                .flat_map(|(fact, codes)| days_of(*fact, asked.mask(*fact, codes)).map(|own| own.day))
                .filter(|own| *own >= day - lead)
                .min();
            // Nobody knows of a first treatment where the sources do not tell of every day from the first that counts.
            let first = Date::from_days(day - lead);
            let last = frame.cover.unbroken_from(covered_by, place, first);
            match last.map(|last| last.min(frame.as_of).days()) {
                Some(last) if last >= day => until(case, treated, (day, last)),
                _ => Wait::Missing,
            }
        }
    }
}

/// From a day on to the first treatment, to death, or to the last day that is known.
fn until(case: &Case, treated: Option<i32>, (day, last): (i32, i32)) -> Wait {
    let end = case.left.map_or(last, |left| left.days().min(last)).max(day);
    let died = case
        .death
        .map(|death| death.days().max(day))
        .filter(|death| *death <= end);
    let since = |later: i32| f64::from((later - day).max(0));
    match (treated.filter(|treated| *treated <= end), died) {
        (Some(treated), died) if died.is_none_or(|died| treated <= died) => Wait::Ended(since(treated)),
        (_, Some(died)) => Wait::Died(since(died)),
        _ => Wait::Running(since(end)),
    }
}

impl Waits {
    /// The line of the table.
    pub(crate) fn line(&self, span: &Span) -> Result<Line, EstimateError> {
        let count = |wanted: fn(&Wait) -> bool| self.waits.iter().filter(|wait| wanted(wait)).count() as u64;
        let mut line = Line {
            population: self.waits.len() as u64,
            missing: count(|wait| matches!(wait, Wait::Missing)),
            ended: count(|wait| matches!(wait, Wait::Ended(_))),
            died_first: count(|wait| matches!(wait, Wait::Died(_))),
            waiting: count(|wait| matches!(wait, Wait::Running(_))),
            median: None,
            interval: None,
            within_62_days: None,
        };
        if line.ended == 0 {
            // Of people who were followed for so long nobody was treated: that is a share, and not nothing known.
            let follows = matches!(span, Span::After { .. }) && line.missing < line.population;
            line.within_62_days = (follows && self.known_up_to(LIMIT)).then_some(0.0);
            return Ok(line);
        }
        if !matches!(span, Span::After { .. }) {
            let ended: Vec<f64> = self
                .waits
                .iter()
                .filter_map(|wait| match wait {
                    Wait::Ended(days) => Some(*days),
                    _ => None,
                })
                .collect();
            let middle = median(&ended, Confidence::NINETY_FIVE)?;
            line.median = Some(middle.value);
            line.interval = middle.interval;
            return Ok(line);
        }
        let curve = self.curve()?;
        line.within_62_days = self.known_up_to(LIMIT).then(|| curve.at(LIMIT + HALF));
        (line.median, line.interval) = middle(&curve);
        Ok(line)
    }

    /// Whether the waits tell of a day: somebody was still waiting then, or every wait has come to its end. Else the curve goes
    /// on unchanged from the last day that anybody was seen, as if nobody were treated after it.
    fn known_up_to(&self, day: f64) -> bool {
        let is_running = |wait: &Wait| matches!(wait, Wait::Running(_));
        let reaches = |wait: &Wait| match wait {
            Wait::Ended(days) | Wait::Died(days) | Wait::Running(days) => *days >= day,
            Wait::Missing => false,
        };
        self.waits.iter().any(reaches) || !self.waits.iter().any(is_running)
    }

    /// The cumulative incidence of treatment.
    fn curve(&self) -> Result<CumulativeIncidence, EstimateError> {
        let people: Vec<CauseFollowUp> = self
            .waits
            .iter()
            .filter_map(|wait| {
                let (exit, cause) = match wait {
                    Wait::Ended(days) => (*days, Some(TREATED)),
                    Wait::Died(days) => (*days, Some(DIED)),
                    Wait::Running(days) => (*days, None),
                    Wait::Missing => return None,
                };
                Some(CauseFollowUp {
                    entry: 0.0,
                    exit: exit + HALF,
                    cause,
                })
            })
            .collect();
        aalen_johansen(&people, TREATED, Confidence::NINETY_FIVE)
    }
}

/// The days of [`Line::within_62_days`].
const LIMIT: f64 = 62.0;
const TREATED: u16 = 0;
const DIED: u16 = 1;
/// The middle of a day, so that nobody leaves at the moment of coming in.
const HALF: f64 = 0.5;

/// The first day by which half were treated, and the days at which the ends of the curve's band reach a half.
fn middle(curve: &CumulativeIncidence) -> (Option<f64>, Option<Interval>) {
    let first = |reaches: &dyn Fn(&estimate::survival::IncidenceStep) -> bool| {
        curve
            .steps
            .iter()
            .find(|step| reaches(step))
            .map(|step| step.time - HALF)
    };
    let value = first(&|step| step.share >= 0.5);
    let low = first(&|step| step.interval.is_some_and(|band| band.high >= 0.5));
    let high = first(&|step| step.interval.is_some_and(|band| band.low >= 0.5));
    let interval = low.zip(high).map(|(low, high)| Interval { low, high });
    (value, interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(waits: Vec<Wait>) -> Option<f64> {
        let span = Span::After {
            facts: Vec::new(),
            lead: 0,
            covered_by: Vec::new(),
        };
        Waits { waits }.line(&span).unwrap().within_62_days
    }

    #[test]
    fn nobody_is_treated_within_62_days_who_was_not_followed_for_so_long() {
        // The data end after 40 days: two were treated, seven wait still.
        let mut waits = vec![Wait::Ended(10.0), Wait::Ended(20.0)];
        waits.extend([Wait::Running(40.0); 7]);
        assert_eq!(within(waits.clone()), None);
        // One who was followed for 62 days tells of them.
        waits.push(Wait::Running(62.0));
        assert!(within(waits).is_some_and(|share| (share - 0.2).abs() < 1e-9));
        // Everybody was treated or died before: nothing more can come.
        let ended = vec![Wait::Ended(10.0), Wait::Died(30.0), Wait::Missing];
        assert!(within(ended).is_some_and(|share| (share - 0.5).abs() < 1e-9));
    }

    #[test]
    fn nobody_treated_is_a_share_of_nought_where_people_were_followed() {
        // Eight wait still after 400 days, and two died untreated.
        let mut waits = vec![Wait::Running(400.0); 8];
        waits.extend([Wait::Died(20.0); 2]);
        assert_eq!(within(waits), Some(0.0));
        assert_eq!(within(vec![Wait::Died(20.0), Wait::Missing]), Some(0.0));
        // Followed for less, not known, and nobody at all: nothing is known of the 62nd day.
        assert_eq!(within(vec![Wait::Running(61.0), Wait::Died(20.0)]), None);
        assert_eq!(within(vec![Wait::Missing; 3]), None);
        assert_eq!(within(Vec::new()), None);
        // Other spans have no such share.
        let span = Span::Before {
            fact: 0,
            until: 1,
            longest: 90,
        };
        let other = Waits {
            waits: vec![Wait::Missing, Wait::Running(400.0)],
        };
        assert_eq!(other.line(&span).unwrap().within_62_days, None);
    }
}
