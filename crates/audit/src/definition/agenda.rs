//! The agenda of a team meeting as data: `meeting.toml` of a folder of standards.
//!
//! Invariants of an [`Agenda`] that exists: an undated fact is asked for only inside the record of the occasion; nothing
//! is concluded from silence, so that nobody is called complex, or reviewed, because something was not sent.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::read::{DrawnClause, DrawnPopulation, clause, population};
use super::{Clause, DefinitionError, FactSource, Population, Reported, What, check};

const FILE: &str = "meeting.toml";

/// Who comes before the team, and what makes a situation complex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// Whose proposal it is, and what is agreed.
    pub status: String,
    /// What brings a person onto the list.
    pub occasions: Vec<Occasion>,
    /// Any of these: the team has reviewed the person since.
    pub reviewed: Vec<Clause>,
    /// What makes a situation complex.
    pub reasons: Vec<Reason>,
}

/// What brings a person onto the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// Its name.
    pub id: String,
    /// In words.
    pub words: String,
    /// Of which events.
    pub population: Population,
}

/// What makes a situation complex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its name.
    pub id: String,
    /// In words, for the team.
    pub words: String,
    /// Younger than this on the day of the occasion.
    pub under_age: Option<i32>,
    /// One clause of each list must hold.
    pub every: Vec<Vec<Clause>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnAgenda {
    status: String,
    occasion: Vec<DrawnOccasion>,
    reviewed: Vec<DrawnClause>,
    #[serde(default)]
    complex: Vec<DrawnReason>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnOccasion {
    id: String,
    words: String,
    population: DrawnPopulation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnReason {
    id: String,
    words: String,
    under_age: Option<i32>,
    #[serde(default)]
    every: Vec<Vec<DrawnClause>>,
}

/// The agenda of a folder; none where it has no such file.
pub(super) fn read(
    files: &BTreeMap<String, String>,
    facts: &[FactSource],
) -> Result<Option<Agenda>, DefinitionError> {
    let Some(text) = files.get(FILE) else {
        return Ok(None);
    };
    let wrong = |why: String| DefinitionError::new(FILE, why);
    let drawn: DrawnAgenda =
        toml::from_str(text).map_err(|error| wrong(error.to_string().trim().to_owned()))?;
    let clauses = |drawn: Vec<DrawnClause>| {
        let read = drawn.into_iter().map(|drawn| {
            let clause = clause(drawn, facts)?;
            sound(facts, &clause).map(|()| clause)
        });
        read.collect::<Result<Vec<_>, String>>()
    };
    let mut ids = BTreeSet::new();
    let mut once = |id: &str| match ids.insert(id.to_owned()) {
        true => Ok(()),
        false => Err(wrong(format!("two are called `{id}`"))),
    };
    let mut agenda = Agenda {
        status: drawn.status,
        occasions: Vec::new(),
        reviewed: clauses(drawn.reviewed).map_err(wrong)?,
        reasons: Vec::new(),
    };
    for occasion in drawn.occasion {
        once(&occasion.id)?;
        let population = population(occasion.population, facts)
            .map_err(|why| wrong(format!("occasion `{}`: {why}", occasion.id)))?;
        agenda.occasions.push(Occasion {
            id: occasion.id,
            words: occasion.words,
            population,
        });
    }
    for reason in drawn.complex {
        once(&reason.id)?;
        let at = |why: String| wrong(format!("complex `{}`: {why}", reason.id));
        let every = reason.every.into_iter().map(clauses);
        let every = every.collect::<Result<Vec<_>, _>>().map_err(at)?;
        if every.is_empty() && reason.under_age.is_none() {
            return Err(at(
                "needs `under_age` or `every`, else everybody is complex".to_owned()
            ));
        }
        agenda.reasons.push(Reason {
            id: reason.id,
            words: reason.words,
            under_age: reason.under_age,
            every,
        });
    }
    Ok(Some(agenda))
}

fn sound(facts: &[FactSource], clause: &Clause) -> Result<(), String> {
    if clause.absent {
        return Err("a list of people concludes nothing from silence: `absent` cannot stand here".to_owned());
    }
    // Nothing is put together here: each reason stands by itself, whoever says it.
    let by_form = matches!(clause.what, What::Fact(fact, _) if facts.get(fact).is_some_and(|fact| fact.kind() == "form"));
    let reported = if by_form {
        Reported::ByForm
    } else {
        Reported::Nationally
    };
    check::place(facts, reported, clause)
}
