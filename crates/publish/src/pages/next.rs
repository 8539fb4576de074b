//! What a hospital could do next, and under which codes it was known before.
//!
//! Invariants: each step follows from a released figure or state of that hospital; a step is an offer, not a reproach.
//! The history comes from the country's own table of successions, which holds no record of a person.

use maud::{Markup, html};
use protect::ReleasedRow;

use crate::site::{Hospital, Site};
use crate::state::State;
use crate::words;

/// The section on a hospital's page.
pub(crate) fn steps(site: &Site<'_>, hospital: &Hospital<'_>) -> Markup {
    let steps = list(site, hospital);
    html! {
        @if !steps.is_empty() {
            section aria-labelledby="next" {
                div.wide {
                    h2 #next { "What could be done next" }
                    ul.steps { @for step in steps { li { (step) } } }
                }
            }
        }
    }
}

/// The steps, in words.
pub(super) fn list(site: &Site<'_>, hospital: &Hospital<'_>) -> Vec<String> {
    let mut steps = Vec::new();
    match hospital.state {
        State::NotInScope | State::NotMeasured | State::NotComputable => return steps,
        State::NoResponse => steps.push(
            "Send the records of cancer diagnoses that it keeps, or one line for each person on the form of this project. Then \
             something can be said."
                .to_owned(),
        ),
        State::Collecting => {
            steps.push("Go on, and tell others how it is done here: they may have asked.".to_owned());
        }
        State::Partly | State::NotCollecting | State::TooFew => steps.push(
            "Look at the people whom other records show, one by one, and confirm or correct each. The program makes that list inside \
             the hospital; no name leaves it."
                .to_owned(),
        ),
    }
    let Some(row) = hospital.row else { return steps };
    if hospital.state != State::NoResponse {
        steps.extend(missing(site, row));
        steps.extend(lower_kind(site, hospital));
    }
    steps.extend(at_death(row));
    steps.extend(days(row));
    steps
}

/// How many have signs elsewhere and are not recorded: from two rounded numbers, and only where it is no small one.
fn missing(site: &Site<'_>, row: ReleasedRow<'_>) -> Option<String> {
    let found = row.figure("found_elsewhere").whole()?;
    let rest = found - row.figure("recorded_of_elsewhere").whole()?;
    (rest > site.manifest.hidden_to).then(|| {
        format!(
            "Of {} people with signs in other records, about {} had not been recorded. The list holds these and those of earlier years.",
            words::number(found),
            words::number(rest)
        )
    })
}

/// The kind of case of which less is recorded, where the ranges of both shares lie apart: rounding alone moves a share by more
/// than what often lies between them.
fn lower_kind(site: &Site<'_>, hospital: &Hospital<'_>) -> Option<String> {
    let end = |kind, end| {
        let code = &hospital.organisation.code;
        let row = site
            .figures
            .completeness_of(code, &site.manifest.state_period, kind)?;
        row.figure(end).whole()
    };
    let (first, later) = (end("de_novo", "low")?, end("recurrent", "high")?);
    (later < first).then(|| {
        "People whose cancer came back are recorded less than those in whom it had spread when it was first found. They are often \
         seen in another clinic: a reminder there, and a word from there to the team that keeps the records, helps most."
            .to_owned()
    })
}

fn at_death(row: ReleasedRow<'_>) -> Option<String> {
    let figure = row.figure("found_only_at_death");
    let people = figure.whole().filter(|n| *n > 0).map(words::number);
    people
        .or_else(|| figure.is_hidden().then(|| "Some".to_owned()))
        .map(|people| {
            format!(
                "{people} people were in no earlier record that we hold when they died. Look at what became of the news of their \
                 disease on its way to the records."
            )
        })
}

fn days(row: ReleasedRow<'_>) -> Option<String> {
    let days = row
        .figure("median_days_to_record")
        .whole()
        .filter(|days| *days > 0)?;
    Some(format!(
        "Half of the records came later than {days} days after the first sign. Recording at the team meeting, and not after it, \
         makes this shorter."
    ))
}

/// Codes under which the same body was known, with the day on which each ended.
pub(crate) fn history(site: &Site<'_>, hospital: &Hospital<'_>) -> Markup {
    let before = site.history.before(&hospital.organisation.code);
    html! {
        @if !before.is_empty() {
            p.history {
                "Records under earlier codes are counted here as well: "
                // Each in an element of its own, so that it can be said in another language by itself.
                span {
                    @for (at, (code, until)) in before.iter().enumerate() {
                        @if at > 0 { "; " }
                        span { strong { (code) } @if let Some(day) = until { ", until " (words::date(day)) } }
                    }
                    "."
                }
            }
        }
    }
}
