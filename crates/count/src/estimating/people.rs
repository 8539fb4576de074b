//! Everyone found, as the estimator reads them.
//!
//! Invariants: people come in the order of all that is read of them, because chance is given out in it, and their ids depend
//! on the runs before: whoever is equal in everything may have the chance of the other, so the estimate is the same whatever
//! the ids are. Someone without a date of establishment, or without a place, is left out and counted as such.

use engine::{Batch, Session};
use estimate::joint::{Exit, Kind, Person, Sex, Time};
use estimate::lists::History;
use vocabulary::date::Date;

use crate::CountError;
use crate::error::at;
use crate::estimating::assumed::Assumed;
use crate::estimating::lists::patterns;
use crate::estimating::places::Places;
use crate::estimating::review::Classes;
use crate::tables::{CASES, EVIDENCE, PEOPLE};

/// People, and how many had to be left out.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) people: Vec<Person>,
    /// Counted people without a date.
    pub(crate) undated: u64,
}

/// The moment of a day: year + (day of the year − ½)/days of the year.
pub(crate) fn time(day: Date) -> Time {
    let ends = (Date::new(day.year(), 1, 1), Date::new(day.year() + 1, 1, 1));
    let (Some(first), Some(next)) = ends else {
        return f64::from(day.year());
    };
    let days = f64::from(next.days() - first.days());
    f64::from(day.year()) + (f64::from(day.days() - first.days()) + 0.5) / days
}

/// Reads everybody; `first_year` is the first that is counted.
pub(crate) fn people(
    session: &Session,
    (assumed, classes): (&Assumed, &Classes),
    places: &Places,
    first_year: i32,
) -> Result<Found, CountError> {
    let step = || at("reading the people found");
    let mut found = Found::default();
    for batch in session
        .query("reading the people found", &question(assumed))
        .map_err(step())?
    {
        let batch = batch.map_err(step())?;
        read(&batch, classes, places, first_year, &mut found).map_err(step())?;
    }
    Ok(found)
}

/// The columns of the question, the person first.
const COLUMNS: usize = 17;

fn question(assumed: &Assumed) -> String {
    let patterns = patterns(assumed);
    // Everything else before the person.
    let order: Vec<String> = (2..=COLUMNS)
        .map(|column| format!("{column} ASC NULLS LAST"))
        .collect();
    let order = order.join(", ");
    format!(
        r#"SELECT c.person_id AS person_id, c.tier AS tier, c.kind AS kind, c."date" AS established,
                  CASE WHEN c.only_at_death THEN coalesce(c.only_at_death_organisation, c.organisation)
                       ELSE c.organisation END AS organisation,
                  c.nation AS nation, coalesce(c.recorded, false) AS recorded,
                  coalesce(c.only_at_death, false) AS only_at_death, coalesce(c."new", false) AS is_new,
                  c.death_date AS death_date, c.left_date AS left_date,
                  b.sex AS sex, b.birth_date AS born, coalesce(l.pattern, 0) AS pattern,
                  coalesce(u.of_breast_cancer, false) AS of_breast_cancer,
                  b.false_links AS false_links, b.missed_links AS missed_links
           FROM {CASES} AS c
           LEFT JOIN {PEOPLE} AS b ON b.person_id = c.person_id
           LEFT JOIN (SELECT person_id, true AS of_breast_cancer FROM {EVIDENCE} WHERE strength = 'death'
                      GROUP BY person_id) AS u ON u.person_id = c.person_id
           LEFT JOIN {patterns} AS l ON l.person_id = c.person_id
           ORDER BY {order}, 1"#
    )
}

/// Adds the people of a batch to those found, and counts those who are left out.
fn read(
    batch: &Batch,
    classes: &Classes,
    places: &Places,
    first_year: i32,
    found: &mut Found,
) -> Result<(), engine::EngineError> {
    let text = |name| batch.text(name);
    let (tier, kind, sex) = (text("tier")?, text("kind")?, text("sex")?);
    let (organisation, nation) = (text("organisation")?, text("nation")?);
    let date = |name| batch.date(name);
    let (established, born) = (date("established")?, date("born")?);
    let (death, left) = (date("death_date")?, date("left_date")?);
    let flag = |name| batch.flag(name);
    let (recorded, only_at_death) = (flag("recorded")?, flag("only_at_death")?);
    let (is_new, of_breast_cancer) = (flag("is_new")?, flag("of_breast_cancer")?);
    let pattern = batch.integer("pattern")?;
    let (false_links, missed_links) = (batch.real("false_links")?, batch.real("missed_links")?);
    let begin = f64::from(first_year);
    for row in 0..batch.rows() {
        let exit = exit(
            death.get(row),
            left.get(row),
            of_breast_cancer.get(row).unwrap_or(false),
        );
        let alive = !matches!(exit, Exit::OfBreastCancer(_) | Exit::OfOther(_));
        let Some(class) = tier.get(row).and_then(|tier| classes.class(tier, alive)) else {
            continue;
        };
        let place = places.of(organisation.get(row), nation.get(row));
        let (Some(day), Some(place)) = (established.get(row), place) else {
            found.undated += 1;
            continue;
        };
        let was_new = is_new.get(row).unwrap_or(false);
        let own = time(day);
        found.people.push(Person {
            place,
            // Known when the records began, so established before them. How long before, nobody knows; no figure tells times
            // before the first year apart, so half a year stands for all of them.
            established: if was_new || own < begin { own } else { begin - 0.5 },
            exit,
            kind: kind_of(kind.get(row)),
            sex: sex_of(sex.get(row)),
            born: born.get(row).map(time),
            pattern: History::try_from(pattern.get(row).unwrap_or(0)).unwrap_or(0),
            class,
            recorded: recorded.get(row).unwrap_or(false),
            only_at_death: only_at_death.get(row).unwrap_or(false),
            false_links: false_links.get(row).unwrap_or(0.0).clamp(0.0, 100.0) as f32,
            missed_links: missed_links.get(row).unwrap_or(0.0).clamp(0.0, 1.0) as f32,
        });
    }
    Ok(())
}

/// How the disease began, as a word of `cases` says it.
fn kind_of(word: Option<&str>) -> Kind {
    match word {
        Some("de_novo") => Kind::DeNovo,
        Some("recurrent") => Kind::Recurrent,
        _ => Kind::NotKnown,
    }
}

/// Somebody's sex, as a word of `case_people` says it.
fn sex_of(word: Option<&str>) -> Sex {
    match word {
        Some("female") => Sex::Female,
        Some("male") => Sex::Male,
        _ => Sex::NotKnown,
    }
}

/// How a person's time ended: whichever came first.
fn exit(death: Option<Date>, left: Option<Date>, of_breast_cancer: bool) -> Exit {
    match (death, left) {
        (Some(death), left) if left.is_none_or(|left| death <= left) => {
            if of_breast_cancer {
                Exit::OfBreastCancer(time(death))
            } else {
                Exit::OfOther(time(death))
            }
        }
        (_, Some(left)) => Exit::Left(time(left)),
        _ => Exit::Alive,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn no_day_falls_on_the_turn_of_a_year() {
        assert!((time(day("2021-01-01")) - (2021.0 + 0.5 / 365.0)).abs() < 1e-9);
        assert!((time(day("2020-12-31")) - (2021.0 - 0.5 / 366.0)).abs() < 1e-9);
        assert!(time(day("2020-02-29")) < time(day("2020-03-01")));
    }

    #[test]
    fn whatever_came_first_ends_the_time() {
        let (early, late) = (Some(day("2020-01-01")), Some(day("2021-01-01")));
        assert_eq!(exit(None, None, true), Exit::Alive);
        assert!(matches!(exit(early, late, true), Exit::OfBreastCancer(_)));
        assert!(matches!(exit(early, None, false), Exit::OfOther(_)));
        assert!(matches!(exit(late, early, true), Exit::Left(_)));
        assert!(matches!(exit(None, early, true), Exit::Left(_)));
    }
}
