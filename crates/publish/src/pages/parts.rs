//! Parts that several pages share: tables of hospitals, groups, the states in words, the headline figure.

use maud::{Markup, html};
use protect::{Figure, ReleasedRow, State as Answer};

use crate::figures::Place;
use crate::map;
use crate::page::{caption, reasons};
use crate::pages::told;
use crate::site::{Hospital, Site};
use crate::state::State;
use crate::words;

/// In place of a range, beside people found: neither end of one, for some of them may not have it, and others are missed.
pub(crate) const FOUND: &str =
    "none: these are people found; some may turn out not to have it, and others are in no record";

/// A state as it stands in tables and headings: symbol and words.
pub(crate) fn state(site: &Site<'_>, state: State) -> Markup {
    html! { span.state { (map::symbol(state)) span { (site.words(state)) } } }
}

/// Hospitals in order of name, with their states.
pub(crate) fn table_of_hospitals(site: &Site<'_>, nation: Option<&str>, up: &str, words: &str) -> Markup {
    let shown = || {
        site.hospitals
            .iter()
            .filter(|h| nation.is_none_or(|n| h.organisation.nation == n))
    };
    let answers = shown()
        .filter_map(|h| h.row)
        .map(|row| row.figure("recorded_of_elsewhere").state());
    html! {
        table.hospitals id="hospitals" data-sortable="yes" {
            (caption(site, words))
            thead {
                tr {
                    th scope="col" { "Hospital trust or board" }
                    th scope="col" { "State" }
                    th scope="col" { "Recorded, of those with signs" }
                }
            }
            tbody {
                @for (hospital, first) in with_first(shown()) {
                    tr id=[first.filter(|_| nation.is_none()).map(|letter| format!("letter-{}", words::slug(&letter)))] {
                        th scope="row" {
                            a href={ (up) (hospital.address()) } { (hospital.short_name()) }
                            @if nation.is_none() { span.under { (hospital.organisation.nation) } }
                        }
                        td {
                            (state(site, hospital.state))
                            @if hospital.close { span.under { "close to the line" } }
                            @if let Some(told) = hospital.told { (told::line(told)) }
                        }
                        td { (recorded_of(site, hospital)) }
                    }
                }
            }
        }
        (reasons(answers.filter(|a| *a != Answer::Zero).collect()))
    }
}

/// The letter with which a hospital's name begins.
pub(crate) fn first_letter(hospital: &Hospital<'_>) -> String {
    let first = hospital.short_name().chars().next();
    first.map_or_else(String::new, |letter| letter.to_uppercase().collect())
}

/// Each hospital, and its first letter where it is the first with it.
fn with_first<'h, 'a: 'h>(
    hospitals: impl Iterator<Item = &'h Hospital<'a>>,
) -> impl Iterator<Item = (&'h Hospital<'a>, Option<String>)> {
    let mut last = String::new();
    hospitals.map(move |hospital| {
        let letter = first_letter(hospital);
        let first = (letter != last).then(|| letter.clone());
        last = letter;
        (hospital, first)
    })
}

/// Recorded of found elsewhere, as "190 of 200", where the state rests on it.
fn recorded_of(site: &Site<'_>, hospital: &Hospital<'_>) -> Markup {
    html! {
        @match hospital.row.filter(|_| hospital.is_judged()) {
            Some(row) => {
                (words::figure(row.figure("recorded_of_elsewhere")))
                @if row.figure("recorded_of_elsewhere").is_hidden() { "," } " of " (words::figure(row.figure("found_elsewhere")))
                @if row.figure("recorded_of_elsewhere_percent").number().is_some() {
                    span.under { (words::percent(row.figure("recorded_of_elsewhere_percent"))) }
                }
            }
            _ => { span.empty { (site.words(hospital.state).to_lowercase()) } }
        }
    }
}

/// The figure that stands for a row: the estimate where there is one, and otherwise the people found.
pub(crate) fn headline(row: ReleasedRow<'_>) -> Figure {
    if estimated(row) {
        row.figure("estimate")
    } else {
        row.figure("found")
    }
}

/// Whether a row has an estimate, with both ends of its range, that may be shown.
pub(crate) fn estimated(row: ReleasedRow<'_>) -> bool {
    let shown = |column| row.figure(column).whole().is_some();
    row.text("status") != "not_estimated" && ["estimate", "low", "high"].into_iter().all(shown)
}

/// What the headline figure of a row rests on.
pub(crate) fn method(row: ReleasedRow<'_>) -> &str {
    match row.text("method") {
        _ if !estimated(row) => "People found in records, recorded or not",
        "joint" => "Estimated from people found, from how far records overlap, and from how long people live",
        other => other,
    }
}

/// The range of the headline figure of a row.
pub(crate) fn range(row: ReleasedRow<'_>) -> String {
    let (low, high) = (row.figure("low").whole(), row.figure("high").whole());
    match (low, high) {
        (Some(low), Some(high)) if estimated(row) => {
            let ends = format!("95% range {} to {}", words::number(low), words::number(high));
            if row.text("status") == "estimate" {
                ends
            } else {
                format!("{ends} for those whom some record can show; there may be more")
            }
        }
        _ if row.figure("found").number().is_some() => FOUND.to_owned(),
        _ => "not estimated".to_owned(),
    }
}

/// The people living on a day, in one large figure, and what it says.
pub(crate) fn answer(row: ReleasedRow<'_>, whom: &str, day: &str) -> Markup {
    let figure = headline(row);
    // The middle of an estimate of those whom some record can show: the truth may lie a little below, or far above.
    let open = estimated(row) && row.text("status") != "estimate";
    let verb = match (estimated(row), open) {
        (true, true) => "people or more are estimated to have been",
        (true, false) => "people are estimated to have been",
        _ => "people were found",
    };
    html! {
        p.answer {
            @if figure.number().is_some() {
                @if open { span.least { "Around" } " " }
                strong.number { (words::text(figure)) } " "
                span.words { (verb) " living with " (whom) " on " (words::period(day)) "." }
            } @else {
                span.words {
                    "The number of people living with " (whom) ": "
                    strong { (words::empty(figure.state())) } ". " (words::reason(figure.state()))
                }
            }
        }
        @if estimated(row) && row.figure("found").number().is_some() {
            p.measure {
                "Records showed " strong { (words::text(row.figure("found"))) } " people. Of people found on a few signs, some "
                "will turn out not to have it; others have it and are in no record. The estimate allows for both."
            }
        }
    }
}

/// Living on the last day, by a split of the nation or country: ages, sexes, kinds.
pub(crate) fn split(
    site: &Site<'_>,
    place: Place<'_>,
    period: &str,
    column: &str,
    heading: &str,
    words: &str,
) -> Markup {
    let mut rows = site.figures.split(place, "living", period, column);
    rows.sort_by_key(|(value, _)| in_order(value));
    let states = rows
        .iter()
        .flat_map(|(_, row)| [row.figure("found").state(), row.figure("recorded").state()]);
    html! {
        @if !rows.is_empty() {
            table.figures {
                (caption(site, words))
                thead { tr { th scope="col" { (heading) } th scope="col" { "Found" } th scope="col" { "Recorded" } } }
                tbody {
                    @for (value, row) in &rows {
                        tr {
                            th scope="row" { (value_words(column, value)) }
                            td { (words::figure(row.figure("found"))) }
                            td { (words::figure(row.figure("recorded"))) }
                        }
                    }
                }
            }
            (reasons(states.collect()))
        }
    }
}

/// An age band in words: `<45`, `45-54`, `85+`.
fn age(band: &str) -> String {
    if let Some(age) = band.strip_prefix('<') {
        format!("Under {age}")
    } else if let Some(age) = band.strip_suffix('+') {
        format!("{age} and over")
    } else {
        words::capital(&band.replace('-', " to ").replace('_', " "))
    }
}

/// Youngest first, and those not known last; otherwise as the names go.
pub(crate) fn in_order(value: &str) -> (u8, &str) {
    match value {
        "not_known" | "not_recorded" => (2, value),
        value if value.starts_with("under") || value.starts_with('<') => (0, value),
        value => (1, value),
    }
}

/// A value of a split in words: an age band, a sex, a group.
pub(crate) fn value_words(column: &str, value: &str) -> String {
    match (column, value) {
        ("kind", kind) => words::kind_of_case(kind).to_owned(),
        ("sex", "female") => "Women".to_owned(),
        ("sex", "male") => "Men".to_owned(),
        ("sex", "not_known") => "Not recorded".to_owned(),
        (_, "not_known") => "Not known".to_owned(),
        (_, "not_recorded") => "Not recorded".to_owned(),
        ("age_band", band) => age(band),
        (_, value) => words::capital(&value.replace('_', " ")),
    }
}
