//! People who were followed up, from a file.

use std::collections::{BTreeMap, BTreeSet};

use estimate::EstimateError;
use estimate::survival::{CauseFollowUp, FollowUp};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::super::columns::{Names, plainly};
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
/// What people write for nobody's death, hyphens aside.
const NOBODY: [&str; 17] = [
    "0",
    "0.0",
    "censored",
    "alive",
    "lost",
    "no",
    "false",
    "cens",
    "none",
    "living",
    "still alive",
    "still living",
    "lost to follow up",
    "lost to followup",
    "ltfu",
    "withdrawn",
    "not dead",
];
/// Letters that say so too, where a column says only who died: as a cause they may be anything.
const NOBODY_IN_SHORT: [&str; 2] = ["n", "a"];
/// What people write for a death, where a column says only who died.
const DIED: [&str; 8] = ["yes", "y", "true", "died", "dead", "death", "d", "deceased"];
/// The cause of a death of which none is known.
const NOT_KNOWN: &str = "not known";
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
    /// How many units of time are a year; none where the heading of the time does not say.
    pub(super) in_a_year: Option<f64>,
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
    /// 1 died, 0 not; or the causes as whole numbers, which are these, in order.
    Event(usize, Vec<u16>),
    /// Several causes, their labels in order, and the column that says who died, where there is one.
    Cause(usize, Vec<String>, Option<usize>),
    /// A plus behind the time.
    Plus,
}

/// What a column that says who died says of one person.
enum Said {
    Nothing,
    Nobody,
    /// A death, and the number that it was written with.
    Died(Option<u16>),
}

/// How watching one person ended.
enum End {
    /// Nobody knows.
    NotKnown,
    /// Without a death.
    Alive,
    /// With a death of the cause with this number, from 1 on.
    Died(u16),
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
        Ends::Cause(_, labels, _) => labels.clone(),
        Ends::Event(_, numbers) => numbers.iter().map(u16::to_string).collect(),
        Ends::Plus => Vec::new(),
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
        in_a_year: in_a_year(table, time),
    }))
}

/// How many units of time are a year, by the heading of the time.
fn in_a_year(table: &Table, time: usize) -> Option<f64> {
    match plainly(table.header.get(time)?).as_str() {
        "years" => Some(1.0),
        "months" => Some(12.0),
        "days" => Some(365.25),
        _ => None,
    }
}

/// How the ends are written in this file. Where one column says who died and another of what, the first is believed.
fn ends(table: &Table) -> Result<Ends, Failure> {
    let (cause, event) = (table.find(CAUSE), table.find(EVENT));
    let numbers = event.map_or_else(|| Ok(Vec::new()), |column| numbers(table, column))?;
    match (cause, event) {
        (Some(_), Some(event)) if !numbers.is_empty() => Err(table.wrong_file(&format!(
            "column \"{}\" holds numbers above 1, and another column names the cause; write 1 for deaths and 0 for people \
             not known to have died, or take one of the two columns out",
            heading(table, event)
        ))),
        (Some(cause), _) => Ok(Ends::Cause(cause, labels(table, cause, event)?, event)),
        (None, Some(event)) => Ok(Ends::Event(event, numbers)),
        (None, None) => Ok(Ends::Plus),
    }
}

fn heading(table: &Table, column: usize) -> &str {
    table.header.get(column).map_or("", String::as_str)
}

/// The causes as a column that says who died numbers them, in order; none where it says no more than that.
fn numbers(table: &Table, column: usize) -> Result<Vec<u16>, Failure> {
    let (mut numbers, mut nobody, mut in_words) = (BTreeSet::new(), false, false);
    for line in &table.rows {
        match said(table, line, column)? {
            Said::Nothing => {}
            Said::Nobody => nobody = true,
            Said::Died(Some(number)) => {
                numbers.insert(number);
            }
            Said::Died(None) => in_words = true,
        }
    }
    if numbers.iter().all(|number| *number == 1) {
        return Ok(Vec::new());
    }
    if in_words {
        return Err(table.wrong_file(&format!(
            "column \"{}\" holds deaths in words and numbers above 1; write all of them in one way",
            heading(table, column)
        )));
    }
    // An empty cell is no 0: it does not say that 1 is a death.
    if !nobody && numbers.iter().eq(&[1_u16, 2]) {
        return Err(table.wrong_file(&format!(
            "column \"{}\" holds 1 and 2 and no 0; write 0 for people not known to have died and 1 for deaths, or call \
             it cause where 1 and 2 are causes of death",
            heading(table, column)
        )));
    }
    Ok(numbers.into_iter().collect())
}

/// What a column that says who died says of one person.
fn said(table: &Table, line: &Line, column: usize) -> Result<Said, Failure> {
    let text = table.text(line, column);
    if is_missing(text) {
        return Ok(Said::Nothing);
    }
    let word = in_small(text);
    if is_nobody(text) || NOBODY_IN_SHORT.contains(&word.as_str()) {
        return Ok(Said::Nobody);
    }
    if DIED.contains(&word.as_str()) {
        return Ok(Said::Died(None));
    }
    match parse(text, table.decimal_comma) {
        Some(number) if number.fract() == 0.0 && (1.0..=60_000.0).contains(&number) => {
            Ok(Said::Died(Some(number as u16)))
        }
        _ => Err(table.wrong(
            line,
            column,
            "it does not say whether this person died; write 1 for a death and 0 for nobody's, or call the column cause \
             where it names causes of death",
        )),
    }
}

/// A text in small letters, without hyphens, and with single spaces.
fn in_small(text: &str) -> String {
    let words = text.to_lowercase().replace(['-', '_'], " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_nobody(text: &str) -> bool {
    is_missing(text) || NOBODY.contains(&in_small(text).as_str())
}

/// The different causes, numbers in their order.
fn labels(table: &Table, column: usize, event: Option<usize>) -> Result<Vec<String>, Failure> {
    let mut labels: Vec<String> = Vec::new();
    for line in &table.rows {
        let Some(text) = cause(table, line, column, event)? else {
            continue;
        };
        if !labels.iter().any(|label| label == text) {
            labels.push(text.to_owned());
        }
    }
    let number = |label: &String| label.parse::<f64>().unwrap_or(f64::INFINITY);
    labels.sort_by(|one, other| number(one).total_cmp(&number(other)).then_with(|| one.cmp(other)));
    Ok(labels)
}

/// The cause of somebody's death; none where nobody died, or nobody knows whether.
fn cause<'t>(
    table: &Table,
    line: &'t Line,
    column: usize,
    event: Option<usize>,
) -> Result<Option<&'t str>, Failure> {
    let text = table.text(line, column).trim();
    if let Some(event) = event {
        return match said(table, line, event)? {
            Said::Nothing | Said::Nobody => Ok(None),
            Said::Died(_) if is_missing(text) => Ok(Some(NOT_KNOWN)),
            Said::Died(_) if is_nobody(text) => Err(table.wrong_row(
                line,
                "by one column this person died, and by the other nobody did; correct one of the two",
            )),
            Said::Died(_) => Ok(Some(text)),
        };
    }
    if ["unknown", NOT_KNOWN].contains(&in_small(text).as_str()) {
        return Err(table.wrong(
            line,
            column,
            "it does not say whether this person died; add a column event with 1 for a death and 0 for nobody's",
        ));
    }
    Ok((!is_nobody(text)).then_some(text))
}

/// How watching one person ended.
fn end(table: &Table, line: &Line, time: usize, ends: &Ends) -> Result<End, Failure> {
    let died = |at: Option<usize>| End::Died(at.map_or(1, |at| u16::try_from(at + 1).unwrap_or(u16::MAX)));
    Ok(match ends {
        Ends::Plus if table.text(line, time).ends_with('+') => End::Alive,
        Ends::Plus => End::Died(1),
        Ends::Event(column, numbers) => match said(table, line, *column)? {
            Said::Nothing => End::NotKnown,
            Said::Nobody => End::Alive,
            Said::Died(number) => died(numbers.iter().position(|one| Some(*one) == number)),
        },
        Ends::Cause(column, labels, event) => match cause(table, line, *column, *event)? {
            Some(text) => died(labels.iter().position(|label| label == text)),
            None if event.is_some_and(|event| is_missing(table.text(line, event))) => End::NotKnown,
            None => End::Alive,
        },
    })
}

/// One person; none where the time or the end is missing.
fn person(
    table: &Table,
    line: &Line,
    (time, entry): (usize, Option<usize>),
    ends: &Ends,
) -> Result<Option<CauseFollowUp>, Failure> {
    let cause = match end(table, line, time, ends)? {
        End::NotKnown => return Ok(None),
        End::Alive => None,
        End::Died(cause) => Some(cause),
    };
    let text = table.text(line, time);
    let exit = match (ends, text.strip_suffix('+').unwrap_or(text)) {
        (Ends::Plus, number) if is_missing(number) => None,
        (Ends::Plus, number) => Some(
            parse(number, table.decimal_comma)
                .ok_or_else(|| table.wrong(line, time, "it is not a time; write for example 13, or 13+"))?,
        ),
        _ => table.number(line, time)?,
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
