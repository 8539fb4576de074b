//! People who were followed up, from a file.

use std::collections::BTreeMap;

use estimate::EstimateError;
use estimate::survival::{CauseFollowUp, FollowUp};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::super::columns::Names;
use super::super::number::{is_missing, parse};
use super::super::table::{Line, Table};

const TIME: Names = Names(&[
    "exit",
    "stop",
    "end",
    "time",
    "futime",
    "survival_time",
    "followup",
    "follow_up",
    "months",
    "years",
    "days",
    "duration",
    "t",
    "age_exit",
]);
const ENTRY: Names = Names(&[
    "entry",
    "start",
    "enter",
    "delayed_entry",
    "left",
    "begin",
    "time0",
    "age_entry",
]);
const EVENT: Names = Names(&[
    "event",
    "status",
    "died",
    "dead",
    "death",
    "fustat",
    "delta",
    "d",
    "censor_status",
]);
const CAUSE: Names = Names(&["cause", "cause_of_death", "event_type", "ended_by"]);
const GROUP: Names = Names(&[
    "group",
    "arm",
    "treatment",
    "stratum",
    "strata",
    "x",
    "class",
    "sex",
    "kind",
]);
const TIMES: Names = Names(&["count", "freq", "frequency", "weight", "n", "people"]);

/// The group of everybody.
pub(super) const ALL: &str = "all";
/// What people write for nobody's death.
const NOBODY: [&str; 9] = [
    "0", "0.0", "censored", "alive", "lost", "no", "false", "cens", "none",
];
/// More people than this are no small table.
const MOST_PEOPLE: usize = 5_000_000;

/// People of one group.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) people: Vec<CauseFollowUp>,
    /// Names of the causes, by their number from 1; empty where only death itself is known.
    pub(super) causes: Vec<String>,
}

/// All that was read.
pub(super) struct Read {
    /// Each group, and at the end everybody.
    pub(super) groups: Vec<Group>,
    pub(super) causes: Vec<String>,
    /// Rows without a time or an end.
    pub(super) set_aside: usize,
}

impl Group {
    /// The same people, whatever they died of.
    pub(super) fn follow_up(&self) -> Vec<FollowUp> {
        let one = |person: &CauseFollowUp| FollowUp {
            entry: person.entry,
            exit: person.exit,
            died: person.cause.is_some(),
        };
        self.people.iter().map(one).collect()
    }

    pub(super) fn json(&self) -> Value {
        let died = self.people.iter().filter(|person| person.cause.is_some()).count();
        json!({ "name": self.name, "people": self.people.len(), "died": died })
    }
}

/// How the end of follow-up is written.
enum Ends {
    /// 1 died, 0 not.
    Event(usize),
    /// Several causes, and their labels in order.
    Cause(usize, Vec<String>),
    /// A plus behind the time.
    Plus,
}

/// Reads people, by group.
pub(super) fn groups(table: &Table) -> Result<Result<Read, EstimateError>, Failure> {
    let (time, entry) = (table.need(TIME)?, table.find(ENTRY));
    if table.all_missing(&[time]) {
        return Ok(Err(EstimateError::Empty));
    }
    let ends = ends(table)?;
    let (group, times) = (table.find(GROUP), table.find(TIMES));
    let causes = match &ends {
        Ends::Cause(_, labels) => labels.clone(),
        _ => Vec::new(),
    };
    let mut by_name: BTreeMap<String, Vec<CauseFollowUp>> = BTreeMap::new();
    let (mut all, mut set_aside) = (Vec::new(), 0);
    for line in &table.rows {
        let Some(person) = person(table, line, (time, entry), &ends)? else {
            set_aside += 1;
            continue;
        };
        let times = times.map_or(Ok(1), |times| table.sure_count(line, times))?;
        let times = usize::try_from(times).unwrap_or(usize::MAX);
        if all.len().saturating_add(times) > MOST_PEOPLE {
            return Err(table.wrong_file("it holds more than 5 million people, too many for a small table"));
        }
        all.extend(std::iter::repeat_n(person, times));
        if let Some(group) = group {
            let name = table.text(line, group).to_owned();
            by_name
                .entry(name)
                .or_default()
                .extend(std::iter::repeat_n(person, times));
        }
    }
    if all.is_empty() {
        return Ok(Err(EstimateError::Empty));
    }
    by_name.remove(ALL);
    // One group is everybody.
    if by_name.len() < 2 {
        by_name.clear();
    }
    let named = |(name, people)| Group {
        name,
        people,
        causes: causes.clone(),
    };
    let mut groups: Vec<Group> = by_name.into_iter().map(named).collect();
    groups.push(named((ALL.to_owned(), all)));
    Ok(Ok(Read {
        groups,
        causes,
        set_aside,
    }))
}

/// How the ends are written in this file.
fn ends(table: &Table) -> Result<Ends, Failure> {
    if let Some(column) = table.find(CAUSE) {
        return Ok(Ends::Cause(column, labels(table, column)));
    }
    let Some(column) = table.find(EVENT) else {
        return Ok(Ends::Plus);
    };
    let labels = labels(table, column);
    let yes = ["1", "1.0", "yes", "true", "died", "dead", "death", "y"];
    if labels
        .iter()
        .all(|label| yes.contains(&label.to_lowercase().as_str()))
    {
        return Ok(Ends::Event(column));
    }
    let censored = table.rows.iter().any(|line| is_nobody(table.text(line, column)));
    if !censored && labels == ["1", "2"] {
        return Err(table.wrong_file(&format!(
            "column \"{}\" holds 1 and 2 and no 0; write 0 for people not known to have died and 1 for deaths, or call \
             it cause where 1 and 2 are causes of death",
            table.header.get(column).map_or("", String::as_str)
        )));
    }
    Ok(Ends::Cause(column, labels))
}

fn is_nobody(text: &str) -> bool {
    is_missing(text) || NOBODY.contains(&text.trim().to_lowercase().as_str())
}

/// The different causes, numbers in their order.
fn labels(table: &Table, column: usize) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for line in &table.rows {
        let text = table.text(line, column).trim();
        if !is_nobody(text) && !labels.iter().any(|label| label == text) {
            labels.push(text.to_owned());
        }
    }
    let number = |label: &String| label.parse::<f64>().unwrap_or(f64::INFINITY);
    labels.sort_by(|one, other| number(one).total_cmp(&number(other)).then_with(|| one.cmp(other)));
    labels
}

/// One person; none where the time or the end is missing.
fn person(
    table: &Table,
    line: &Line,
    (time, entry): (usize, Option<usize>),
    ends: &Ends,
) -> Result<Option<CauseFollowUp>, Failure> {
    let text = table.text(line, time);
    let (exit, cause) = match ends {
        Ends::Plus => {
            let number = text.strip_suffix('+').unwrap_or(text);
            let exit = if is_missing(number) {
                None
            } else {
                let exit = parse(number, table.decimal_comma);
                Some(exit.ok_or_else(|| {
                    table.wrong(line, time, "it is not a time; write for example 13, or 13+")
                })?)
            };
            (exit, (!text.ends_with('+')).then_some(1))
        }
        Ends::Event(column) => {
            let text = table.text(line, *column);
            if is_missing(text) {
                return Ok(None);
            }
            (table.number(line, time)?, (!is_nobody(text)).then_some(1))
        }
        Ends::Cause(column, labels) => {
            let text = table.text(line, *column).trim();
            let place = labels.iter().position(|label| label == text);
            let cause = place.and_then(|place| u16::try_from(place + 1).ok());
            (table.number(line, time)?, cause)
        }
    };
    let Some(exit) = exit else {
        return Ok(None);
    };
    let entry = match entry {
        Some(entry) => table.number(line, entry)?.unwrap_or(0.0),
        None => 0.0,
    };
    if entry < 0.0 || exit <= entry {
        let what = "watching ends where it begins, or before; give a death on the first day half a day";
        return Err(table.wrong(line, time, what));
    }
    Ok(Some(CauseFollowUp { entry, exit, cause }))
}
