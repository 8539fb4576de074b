//! What of the measured care may be released: whole nations, no outcome, and every number beside the ones it must agree with.
//!
//! Invariant: a question about outcomes never leaves here; hospitals neither. Of nations it is process only: what came of
//! treatment is compared through the outlier procedure first.

use std::collections::BTreeMap;
use std::path::Path;

use audit::definition::{Excluded, Indicator, Population, Reported, Role, Standards, What};
use engine::TableReader;
use protect::{LinkRule, Policy, RawColumn, RawTable, RawValue, State, SumRule};

use crate::error::StudyError;

/// Questions to which records answer yes and no.
const ANSWERED: &str = "care";
/// Questions to which the answer is known of everybody asked, in every nation and year.
const OF_ALL: &str = "care_of_all";
/// Questions of which only a yes is ever recorded.
const AT_LEAST: &str = "care_at_least";

/// The kind of place of every row.
const NATION: &str = "nation";

/// The tables of care, and what they share with `counts`, with `checks` and with one another.
pub(crate) struct Care {
    pub(crate) tables: [RawTable; 3],
    pub(crate) links: Vec<LinkRule>,
}

/// The numbers of one question in one nation and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    yes: i64,
    known: i64,
    missing: i64,
    excluded: i64,
    population: i64,
}

/// Nation, indicator, year.
type Key = (String, String, String);

/// Reads what the stage `audit` wrote into `folder`. Of a group that is small as the policy shows it a share would say too much
/// of each of them.
pub(crate) fn care(folder: &Path, policy: &Policy) -> Result<Care, StudyError> {
    let standards = Standards::built_in().map_err(audit::AuditError::from)?;
    let cells = cells(&folder.join("standards.parquet"), &standards)?;
    let released = released(&standards, &cells);
    let mut tables = [
        table(ANSWERED, protect::care_columns(), protect::care_sums()),
        table(OF_ALL, protect::care_of_all_columns(), protect::care_yes_sums()),
        table(
            AT_LEAST,
            protect::care_at_least_columns(),
            protect::care_yes_sums(),
        ),
    ];
    for ((nation, id, period), cell) in &cells {
        let Some(question) = released.iter().find(|question| question.indicator.id == *id) else {
            continue;
        };
        let numbers = match question.table {
            ANSWERED => answered_numbers(*cell),
            OF_ALL => numbers_of_all(*cell, policy),
            _ => at_least_numbers(*cell, policy),
        };
        if let Some(table) = tables.iter_mut().find(|table| table.name == question.table) {
            let row = about(question.indicator, nation, period);
            table.rows.push(row.into_iter().chain(numbers).collect());
        }
    }
    let links = links(&released);
    Ok(Care { tables, links })
}

/// Years of nations, for questions that may be released. The country as a whole is left out: it would be one more sum, over
/// which the small numbers of one nation would hide those of others.
fn cells(path: &Path, standards: &Standards) -> Result<BTreeMap<Key, Cell>, StudyError> {
    let mut cells = BTreeMap::new();
    for batch in TableReader::open(path)? {
        let batch = batch?;
        let [nation, organisation, period, indicator] =
            ["nation", "organisation", "period", "indicator"].map(|column| batch.text(column));
        let (nation, organisation, period, indicator) = (nation?, organisation?, period?, indicator?);
        let [yes, known, missing, excluded, population] =
            ["numerator", "denominator", "missing", "excluded", "population"]
                .map(|column| batch.integer(column));
        let (yes, known, missing, excluded, population) = (yes?, known?, missing?, excluded?, population?);
        for row in 0..batch.rows() {
            let texts = [&nation, &indicator, &period].map(|column| column.get(row).unwrap_or_default());
            let may_leave = standards
                .indicator(texts[1])
                .is_some_and(|indicator| indicator.role != Role::Outcome);
            let nation_and_year =
                organisation.get(row) == Some(audit::ALL) && texts[0] != audit::ALL && texts[2] != audit::ALL;
            if !nation_and_year || !may_leave {
                continue;
            }
            let number = |column: &engine::IntegerColumn<'_>| column.get(row).unwrap_or_default();
            cells.insert(
                (texts[0].to_owned(), texts[1].to_owned(), texts[2].to_owned()),
                Cell {
                    yes: number(&yes),
                    known: number(&known),
                    missing: number(&missing),
                    excluded: number(&excluded),
                    population: number(&population),
                },
            );
        }
    }
    Ok(cells)
}

fn table(name: &str, columns: Vec<RawColumn>, sums: Vec<SumRule>) -> RawTable {
    RawTable {
        name: name.to_owned(),
        version: 1,
        about: protect::about(name).to_owned(),
        columns,
        rows: Vec::new(),
        sums,
    }
}

/// A question that is released, and the table that its rows stand in.
struct Question<'a> {
    indicator: &'a Indicator,
    table: &'static str,
}

/// The questions with rows, each in the table that fits what is ever known of it.
fn released<'a>(standards: &'a Standards, cells: &BTreeMap<Key, Cell>) -> Vec<Question<'a>> {
    let mut missing: BTreeMap<&str, bool> = BTreeMap::new();
    for ((_, id, _), cell) in cells {
        *missing.entry(id).or_default() |= cell.missing > 0;
    }
    let question = |indicator: &'a Indicator| {
        let missing = *missing.get(indicator.id.as_str())?;
        let table = match (indicator.no.is_empty(), missing) {
            (true, _) => AT_LEAST,
            (false, true) => ANSWERED,
            (false, false) => OF_ALL,
        };
        Some(Question { indicator, table })
    };
    standards.indicators.iter().filter_map(question).collect()
}

fn about(indicator: &Indicator, nation: &str, period: &str) -> Vec<RawValue> {
    let reported = match indicator.reported {
        Reported::Nationally => "national_records",
        Reported::ByForm => "form",
    };
    vec![
        NATION.into(),
        nation.into(),
        indicator.id.as_str().into(),
        period.into(),
        indicator.standard.to_string().into(),
        indicator.title.as_str().into(),
        indicator.caution.as_str().into(),
        reported.into(),
    ]
}

fn answered_numbers(cell: Cell) -> Vec<RawValue> {
    let counted = [cell.population, cell.excluded].map(RawValue::from);
    let answers = [cell.known, cell.yes].map(RawValue::from);
    let derived = |columns| std::iter::repeat_n(RawValue::Null, columns);
    let numbers = counted.into_iter().chain(derived(1)).chain(answers);
    numbers.chain(derived(8)).collect()
}

fn numbers_of_all(cell: Cell, policy: &Policy) -> Vec<RawValue> {
    let counted = [cell.population.into(), cell.excluded.into(), RawValue::Null];
    counted
        .into_iter()
        .chain([yes_of_asked(cell, policy)])
        .chain(std::iter::repeat_n(RawValue::Null, 4))
        .collect()
}

fn at_least_numbers(cell: Cell, policy: &Policy) -> Vec<RawValue> {
    [
        cell.population.into(),
        cell.excluded.into(),
        RawValue::Null,
        yes_of_asked(cell, policy),
        RawValue::Null,
        RawValue::Null,
    ]
    .to_vec()
}

/// Of how many it is so, where they stand beside everybody asked: the population without those left out of it. What is shown of
/// a small group would say nobody, or everybody, whether a share stands beside it or not. That nobody is left out can be hidden for
/// another number's sake, and reads as a few then: so it is taken for a few.
fn yes_of_asked(cell: Cell, policy: &Policy) -> RawValue {
    let left_out = cell.excluded.max(policy.hide_to());
    if policy.is_small_group(NATION, cell.population, left_out) {
        RawValue::Missing(State::TooFew)
    } else {
        cell.yes.into()
    }
}

/// What is the same number by definition. The definitions are public, so a reader knows it too.
fn links(released: &[Question<'_>]) -> Vec<LinkRule> {
    let mut links = Vec::new();
    for (at, Question { indicator, table }) in released.iter().enumerate() {
        let id = indicator.id.as_str();
        if indicator.population == Population::Secondary {
            links.push(protect::counts_and_care_link(table, id));
            if matches!(indicator.exclusions.as_slice(), [only] if only.when == Excluded::OnlyAtDeath) {
                links.push(protect::only_at_death_link(table, id, "excluded"));
            }
            if matches!(indicator.yes.as_slice(), [only] if only.what == What::OnlyAtDeath) {
                links.push(protect::only_at_death_link(table, id, "yes"));
            }
        }
        // The first question of the same events is enough: equal to it, all are equal to one another.
        let earlier = &released[..at];
        let same_events = |other: &&Question<'_>| other.indicator.population == indicator.population;
        let same_exclusions = |other: &&Question<'_>| {
            let [one, another] =
                [other.indicator, *indicator].map(|one| one.exclusions.iter().map(|one| &one.when));
            same_events(other) && one.eq(another)
        };
        let mut link =
            |other: Option<&Question<'_>>, same: &str| {
                links.extend(other.map(|other| {
                    protect::care_link((other.table, &other.indicator.id), (table, id), &[same])
                }));
            };
        link(earlier.iter().find(same_events), "population");
        link(earlier.iter().find(same_exclusions), "excluded");
    }
    links
}

#[cfg(test)]
mod tests;
