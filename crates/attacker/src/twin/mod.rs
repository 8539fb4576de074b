//! The twin of a site: the same site made again from nothing but its own released tables, the public facts and the policy.
//!
//! # What it is for
//! Everything on a site must follow from the released tables. So the tables, read back from their bytes, are protected and
//! rendered once more. What stands on the site and not on its twin (a number in a tooltip, a coordinate, the order of a
//! table, a file of a telling name, a hash) did not come from the tables, wherever it stands and whatever it looks like. And
//! what the twin has is a function of the tables, so it can give away no more than these.
//!
//! # The invariant
//! A number that is hidden in the tables is nowhere in the making of the twin: it holds the state and no number. Where a
//! state of an organisation says that its hidden number is small, the middle of what is hidden stands for it, as for
//! everyone.
//!
//! # What it cannot see
//! Words that the tables themselves carry (a method, what a column is about, facts of the run) are in the twin as well: they
//! are read as [free text](crate::free_text). Tables that give away one of their own numbers are solved as
//! [ranges](crate::ranges).

mod estimate;
mod rows;

pub(crate) use rows::{said_not_to_be_small, said_to_be_small};

use protect::{
    Policy, RawColumn, RawFact, RawManifest, RawRelease, RawSection, RawTable, Release, Role, State,
    care_at_least_columns, care_columns, care_of_all_columns, checks_columns, completeness_columns,
    counts_columns,
};
use publish::{Before, SiteFacts, Thresholds};

use crate::released::{Manifest, Released, Section};
use crate::{AttackError, Bytes};

/// A site made again, and the cells of its tables that no protected count can give.
pub(crate) struct Twin {
    pub(crate) bytes: Bytes,
    pub(crate) faults: Vec<Fault>,
}

/// A cell of a released table that the policy does not give for any number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) table: String,
    /// The row from 1; none for the whole table.
    pub(crate) row: Option<usize>,
    pub(crate) column: String,
    pub(crate) what: &'static str,
}

/// Makes the site again; `before` is the release that it stands beside.
pub(crate) fn make(
    released: &Released,
    before: Before<'_>,
    facts: &SiteFacts,
    policy: &Policy,
) -> Result<Twin, AttackError> {
    let (release, faults) = protected(released, facts, policy)?;
    let bytes = publish::render_after(&release, before, facts)?.into();
    Ok(Twin { bytes, faults })
}

/// As [`make`], and only what is text: documents and pictures are made of it.
pub(crate) fn texts(released: &Released, facts: &SiteFacts, policy: &Policy) -> Result<Bytes, AttackError> {
    let (release, _) = protected(released, facts, policy)?;
    Ok(publish::render_texts(&release, Before::Nothing, facts)?.into())
}

/// The tables, protected once more, and the cells that no protected count can give.
fn protected(
    released: &Released,
    facts: &SiteFacts,
    policy: &Policy,
) -> Result<(Release, Vec<Fault>), AttackError> {
    let mut faults = Vec::new();
    let mut tables = Vec::new();
    for table in &released.tables {
        match columns(&table.name, &facts.thresholds) {
            Some(columns) if header(&columns) == table.header => tables.push(RawTable {
                name: table.name.clone(),
                version: table.version,
                about: table.about.clone(),
                rows: rows::rows(table, &columns, policy, &mut faults),
                columns,
                sums: Vec::new(),
            }),
            _ => faults.push(Fault {
                table: table.name.clone(),
                row: None,
                column: String::new(),
                what: "a table or a column that the attacker does not know, so nothing is known of what it says",
            }),
        }
    }
    let raw = RawRelease {
        manifest: manifest(&released.manifest),
        tables,
        links: Vec::new(),
    };
    Ok((protect::release(&raw, policy)?, faults))
}

/// The columns of the tables that may be released, as the program makes them.
pub(crate) fn columns(table: &str, lines: &Thresholds) -> Option<Vec<RawColumn>> {
    match table {
        "counts" => Some(counts_columns()),
        "completeness" => Some(completeness_columns(
            lines.collecting_percent,
            lines.not_collecting_percent,
            lines.fewest_people,
        )),
        "checks" => Some(checks_columns()),
        "care" => Some(care_columns()),
        "care_of_all" => Some(care_of_all_columns()),
        "care_at_least" => Some(care_at_least_columns()),
        _ => None,
    }
}

/// The names that these columns have in files.
fn header(columns: &[RawColumn]) -> Vec<String> {
    let mut header = Vec::new();
    for column in columns {
        let name = column.name.clone();
        match column.role {
            Role::Support => {}
            Role::Dimension | Role::Text | Role::Reason | Role::Status => header.push(name),
            Role::State(_) => header.extend([name.clone(), format!("{name}_close_to_line")]),
            _ => header.extend([name.clone(), format!("{name}_state")]),
        }
    }
    header
}

fn manifest(said: &Manifest) -> RawManifest {
    RawManifest {
        study: said.study.clone(),
        as_of: said.as_of.clone(),
        period: (said.period_from.clone(), said.period_to.clone()),
        country: said.country.clone(),
        coverage: said.coverage.clone(),
        definition: said.definition.clone(),
        program: said.program.clone(),
        simulated: said.simulated,
        approved: said.approved,
        demonstration_keys: said.notices.iter().any(|n| n == protect::ledger::DEMO_STAMP),
        state_period: said.state_period.clone(),
        sections: said.sections.iter().map(section).collect(),
    }
}

fn section(said: &Section) -> RawSection {
    let fact = |value: &serde_json::Value| match (value.as_i64(), value.as_str()) {
        (Some(count), _) => RawFact::Count(count),
        // A hidden count is given as its state: any small one stands for it.
        (None, Some(word)) if word == State::Suppressed.as_str() => RawFact::Count(1),
        (None, word) => RawFact::Text(word.unwrap_or_default().to_owned()),
    };
    RawSection {
        id: said.id.clone(),
        title: said.title.clone(),
        words: said.words.clone(),
        columns: said.columns.clone(),
        rows: said
            .rows
            .iter()
            .map(|row| row.iter().map(fact).collect())
            .collect(),
    }
}
