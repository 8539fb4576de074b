//! Parts that several pages share: tables of hospitals, groups, the states in words, the headline figure.

use maud::{Markup, html};
use protect::{ReleasedRow, State as Answer};

use crate::chart::Estimate;
use crate::figures::Place;
use crate::map;
use crate::page::{caption, reasons};
use crate::pages::told;
use crate::site::{Hospital, Site};
use crate::state::Sign;
use crate::words;

/// In place of a range, beside people found: neither end of one, for some of them may not have it, and others are missed.
pub(crate) const FOUND: &str =
    "none: these are people found; some may turn out not to have it, and others are in no record";

/// A state as it stands in tables and headings: the symbol, which may show more, and the words of the state.
pub(crate) fn state(site: &Site<'_>, sign: impl Into<Sign>) -> Markup {
    let sign = sign.into();
    html! { span.state { (map::symbol(sign)) span { (site.words(sign.state)) } } }
}

/// The hospitals of a place, or all, in order of name, with their states.
pub(crate) fn table_of_hospitals(site: &Site<'_>, place: Option<Place<'_>>, up: &str, words: &str) -> Markup {
    let shown = || {
        site.hospitals
            .iter()
            .filter(|h| place.is_none_or(|place| h.lies_in(place)))
    };
    // Of the others no number is asked for: their cells say their state.
    let answers = shown()
        .filter(|h| h.is_judged())
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
                    tr id=[first.filter(|_| place.is_none()).map(|letter| format!("letter-{}", words::slug(&letter)))] {
                        th scope="row" {
                            a href={ (up) (hospital.address()) } { (hospital.short_name()) }
                            @if place.is_none() { span.under { (hospital.organisation.nation) } }
                        }
                        td {
                            (state(site, hospital.sign()))
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

/// The estimate of a row with both ends of its range, where there is one that is shown.
pub(crate) fn estimate(row: ReleasedRow<'_>) -> Option<Estimate> {
    let shown = |column: &str| row.figure(column).whole();
    let estimate = Estimate {
        middle: shown("estimate")?,
        low: shown("low")?,
        high: shown("high")?,
    };
    (row.text("status") != "not_estimated").then_some(estimate)
}

/// Whether a row has an estimate, with both ends of its range, that may be shown.
pub(crate) fn estimated(row: ReleasedRow<'_>) -> bool {
    estimate(row).is_some()
}

/// What an estimate rests on.
pub(crate) const ESTIMATED: &str =
    "Estimated from people found, from how far records overlap, and from how long people live";

/// What the headline figure of a row rests on.
pub(crate) fn method(row: ReleasedRow<'_>) -> &str {
    match row.text("method") {
        _ if !estimated(row) => "People found in records, recorded or not",
        "joint" => ESTIMATED,
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

/// How many people were living on a day, as a sentence that can be quoted: the same words wherever it stands.
struct Quoted {
    /// Whether the number is an estimate.
    about: bool,
    number: String,
    /// What stands after the number.
    living: String,
    /// How many of them hospitals have recorded, where that is shown.
    recorded: Option<String>,
}

/// The sentence of a row; none where its number is not shown.
fn quoted(row: ReleasedRow<'_>, place: &str, day: &str) -> Option<Quoted> {
    let living = format!(
        "living with secondary breast cancer in {place} on {}",
        words::period(day)
    );
    let recorded = row.figure("recorded").whole();
    let recorded = recorded.map(|n| format!("Hospitals’ own records name {}.", words::number(n)));
    let found = row.figure("found");
    match estimate(row) {
        Some(estimate) => {
            // The middle of an estimate of those whom some record can show: the truth may lie a little below, or far above.
            let more = if row.text("status") == "estimate" {
                ""
            } else {
                ", and perhaps more,"
            };
            let [number, low, high] = [estimate.middle, estimate.low, estimate.high].map(words::number);
            Some(Quoted {
                about: true,
                number,
                living: format!("people{more} were {living} (95% range {low} to {high})."),
                recorded,
            })
        }
        None => found.number().map(|_| Quoted {
            about: false,
            number: words::text(found),
            living: format!("people were found {living}."),
            recorded,
        }),
    }
}

/// The sentence in one piece, for a picture that is passed on without its page.
pub(crate) fn sentence(row: ReleasedRow<'_>, place: &str, day: &str) -> Option<String> {
    let said = quoted(row, place, day)?;
    let about = if said.about { "About " } else { "" };
    let recorded = said
        .recorded
        .map_or_else(String::new, |words| format!(" {words}"));
    Some(format!("{about}{} {}{recorded}", said.number, said.living))
}

/// The people living on a day: the sentence, with its number large.
pub(crate) fn answer(row: ReleasedRow<'_>, place: &str, day: &str) -> Markup {
    let state = row.figure("found").state();
    html! {
        p.answer {
            @match quoted(row, place, day) {
                Some(said) => {
                    @let number = html! { strong class=(size(&said.number)) { (said.number) } };
                    @if said.about { span.least { "About " (number) } } @else { (number) }
                    " " span.words { (said.living) }
                    @if let Some(recorded) = &said.recorded { " " span.words { (recorded) } }
                }
                None => {
                    span.words {
                        "The number of people living with secondary breast cancer in " (place) ": "
                        strong { (words::empty(state)) } ". " (words::reason(state))
                    }
                }
            }
        }
    }
}

/// The class of a large number, by how long it is: none may break, nor run over its column.
fn size(number: &str) -> &'static str {
    match number.chars().count() {
        0..=5 => "number",
        6 => "number signs-6",
        7 => "number signs-7",
        _ => "number signs-9",
    }
}

/// Under the bar of everyone found: why they are not as many as the estimate. Nothing where there is no bar, or no estimate.
pub(crate) fn why_not_as_many(row: ReleasedRow<'_>) -> Markup {
    let shown = |column: &str| row.figure(column).whole().is_some();
    html! {
        @if estimated(row) && shown("found") && shown("recorded") {
            p.measure {
                "Some of these people will turn out not to have it; others have it and are in no record. The estimate allows for both."
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
