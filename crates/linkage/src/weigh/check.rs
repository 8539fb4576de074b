//! Whether what training found can be believed.

use crate::error::LinkageError;

use super::field::{Kind, SAME};
use super::mixture::Mixture;
use super::table::{Frequencies, Table};
use super::train::Training;

/// Fewer expected pairs than this teach nothing.
const FEWEST_PAIRS: f64 = 20.0;
/// Pairs of one person that agree in a smaller part of their fields are not what was looked for.
const LEAST_AGREEMENT: f64 = 0.4;

fn refuse(message: String) -> Result<(), LinkageError> {
    Err(LinkageError::Training { message })
}

/// Refuses a table in which every record says the same, or nothing.
pub(crate) fn tells_apart(table: &Table, frequencies: &[Frequencies]) -> Result<(), LinkageError> {
    if table.records() > 1 && frequencies.iter().all(|frequencies| frequencies.distinct < 2) {
        return refuse("every record says the same, or nothing; people cannot be told apart".to_owned());
    }
    Ok(())
}

/// Refuses matches that differ in what a person keeps: where they are the same no more often than halfway between
/// strangers and the least that is believed of one person's records.
fn one_person(table: &Table, mixture: &Mixture) -> Result<(), LinkageError> {
    for (at, field) in table.fields().iter().enumerate() {
        let own = matches!(
            field.kind,
            Kind::GivenName | Kind::BirthDate | Kind::Number | Kind::Sex
        );
        let least = mixture
            .matches
            .iter()
            .map(|class| class.least_same[at])
            .fold(1.0, f64::min);
        if own && mixture.heard[at] < 0.5 * (least + mixture.random[at][SAME as usize]) {
            return refuse(format!(
                "what it took for one person's records are the same in `{}` in {:.0} % only: they are twins, namesakes or neighbours. Either the table holds everybody once, or its fields do not suffice to tell people apart, or this column is not the person's own and should be left out",
                field.name,
                100.0 * mixture.heard[at]
            ));
        }
    }
    Ok(())
}

/// Refuses, with the reason, a model that did not converge or that took something else for one person's records.
pub(crate) fn sensible(
    table: &Table,
    mixture: &Mixture,
    steps: u32,
    training: &Training,
) -> Result<(), LinkageError> {
    let pairs: f64 = mixture.expected.iter().map(|(proposed, _)| proposed).sum();
    if pairs < FEWEST_PAIRS {
        return refuse(format!(
            "only {pairs:.0} pairs look like one person's records; too few to learn from (at least {FEWEST_PAIRS:.0} are needed)"
        ));
    }
    if steps > training.most_steps {
        return refuse(format!(
            "it did not settle in {} steps; the fields may not suffice to tell people apart",
            training.most_steps
        ));
    }
    one_person(table, mixture)?;
    let proposed: f64 = mixture.expected[0].0;
    let careful = proposed / pairs;
    let agreement = |field: usize| {
        let share = |class: usize| mixture.matches[class].levels[field][SAME as usize];
        careful * share(0) + (1.0 - careful) * share(1)
    };
    let fields = table.fields().len();
    let mean = (0..fields).map(agreement).sum::<f64>() / fields as f64;
    if mean < LEAST_AGREEMENT {
        return refuse(format!(
            "what it took for one person's records agree in {:.0} % of their fields only; add rules that hold such records together, or leave out fields that change from record to record",
            mean * 100.0
        ));
    }
    let idle = (0..fields).filter(|&field| agreement(field) <= mixture.random[field][SAME as usize]);
    if idle.count() * 2 > fields {
        return refuse(
            "in most fields, what it took for one person's records agree no more often than strangers do"
                .to_owned(),
        );
    }
    Ok(())
}
