//! The page of one hospital trust or board.

use maud::{Markup, html};
use protect::ReleasedRow;

use crate::chart;
use crate::facts::PublicOrganisation;
use crate::map;
use crate::open;
use crate::page::{Menu, Page, caption, page as frame, reasons, source};
use crate::pages::{changes, letters, network, next, reports, told, years};
use crate::site::{Hospital, Site};
use crate::state::State;
use crate::words;

pub(crate) fn page(site: &Site<'_>, hospital: &Hospital<'_>) -> Page {
    let organisation = hospital.organisation;
    let period = words::period(&site.manifest.state_period);
    let during = words::during(&site.manifest.state_period);
    let content = html! {
        div.wide.top {
            nav.crumbs aria-label="Breadcrumb" {
                a href="index.html" { "Hospitals" } " "
                @if !organisation.nation.is_empty() {
                    a href={ "../nations/" (words::slug(&organisation.nation)) ".html" } { (organisation.nation) }
                }
            }
            h1 { (organisation.name) }
            p.kind {
                (words::organisation_kind(&organisation.kind)) ", code " (organisation.code)
                (network_of(site, organisation))
            }
            (next::history(site, hospital))
            div.state-card {
                (map::symbol(hospital.sign()))
                div {
                    p.state-words { (site.words(hospital.state)) }
                    p { (sentence(site, hospital, &during)) }
                    @if let Some(words) = held_back(site, hospital) { p { (words) } }
                    @if hospital.close {
                        p { "This is close to the line between two states: with a few more or fewer people it could be the other." }
                    }
                }
            }
        }
        @if hospital.state == State::NotInScope {
            div.wide { p.measure { "People may still be seen here for other care. They count where their breast cancer care is given." } }
        } @else {
            (figures(site, hospital, &period))
            section.band aria-labelledby="years" {
                div.wide {
                    h2 #years { "Year by year" }
                    (years::years(site, hospital.place(), hospital.short_name(), "../"))
                }
            }
            (told::sections(site, hospital))
            (changes::of_hospital(site, hospital))
            (next::steps(site, hospital))
            (ask(hospital))
            (fairness())
        }
    };
    let path = format!("hospitals/{}", hospital.address());
    frame(site, &path, Menu::Hospitals, &organisation.name, content)
}

/// The network of a hospital, as a way to its page where the release has figures of it.
fn network_of(site: &Site<'_>, organisation: &PublicOrganisation) -> Markup {
    let network = organisation.network.as_str();
    html! {
        @if site.networks.contains(&network) {
            ", " a href={ "../" (network::address(network)) } { (network) }
        } @else if !network.is_empty() {
            ", " (network)
        }
    }
}

/// What the state rests on, with its figures.
pub(super) fn sentence(site: &Site<'_>, hospital: &Hospital<'_>, during: &str) -> Markup {
    html! {
        @match hospital.row.filter(|_| hospital.is_judged()) {
            Some(row) if row.figure("recorded_of_elsewhere").is_hidden() => {
                (during) ", of " strong { (words::figure(row.figure("found_elsewhere"))) }
                " people with signs of secondary breast cancer in other records a number too small to show had been recorded."
            }
            Some(row) => {
                (during) ", " strong { (words::figure(row.figure("recorded_of_elsewhere"))) } " of "
                strong { (words::figure(row.figure("found_elsewhere"))) }
                " people with signs of secondary breast cancer in other records had been recorded"
                @if row.figure("recorded_of_elsewhere_percent").number().is_some() {
                    " (" (words::percent(row.figure("recorded_of_elsewhere_percent"))) ")"
                }
                "."
            }
            _ => { (site.meaning(hospital.state)) }
        }
    }
}

/// Of whom the figures of a hospital are: where its state rests on a share, so do the bar and the range.
pub(super) fn method(hospital: &Hospital<'_>) -> &'static str {
    if hospital.is_judged() {
        "Recorded, of the people with signs in other records"
    } else {
        "People found in records, recorded or not"
    }
}

/// The range of the share on which the state rests, where it rests on one.
pub(super) fn range(hospital: &Hospital<'_>, row: ReleasedRow<'_>) -> String {
    match (row.figure("low").whole(), row.figure("high").whole()) {
        (Some(low), Some(high)) if hospital.is_judged() => {
            format!("{low}% to {high}% recorded (95% range), of the people with signs in other records")
        }
        _ => "not shown".to_owned(),
    }
}

/// Where the share of everybody reaches the line but one kind does not: which, and by how much.
pub(super) fn held_back(site: &Site<'_>, hospital: &Hospital<'_>) -> Option<String> {
    let share = |row: ReleasedRow<'_>| row.figure("recorded_of_elsewhere_percent").as_f64();
    let all = hospital.row.and_then(share)?;
    if hospital.state != State::Partly {
        return None;
    }
    let lower = ["de_novo", "recurrent"].into_iter().find_map(|kind| {
        let row =
            site.figures
                .completeness_of(&hospital.organisation.code, &site.manifest.state_period, kind)?;
        let of_kind = share(row).filter(|_| !matches!(row.text("status"), "too_few" | "collecting"))?;
        (of_kind < all).then_some((kind, row))
    })?;
    let (kind, row) = lower;
    let people = if kind == "de_novo" {
        "people in whom it was secondary when breast cancer was first found"
    } else {
        "people in whom it came after an earlier breast cancer"
    };
    Some(format!(
        "Among {people}, {} of {} had been recorded ({}%). The state rests on the lower of the two.",
        words::text(row.figure("recorded_of_elsewhere")),
        words::text(row.figure("found_elsewhere")),
        words::text(row.figure("recorded_of_elsewhere_percent")),
    ))
    .filter(|_| all >= f64::from(site.facts.thresholds.collecting_percent))
}

fn figures(site: &Site<'_>, hospital: &Hospital<'_>, period: &str) -> Markup {
    let Some(row) = hospital.row else { return html! {} };
    html! {
        section aria-labelledby="figures" {
            div.wide {
                h2 #figures { "The figures" }
                div.columns {
                    div {
                        (table(site, hospital, row, period))
                        (reasons(states(site, hospital, row)))
                    }
                    div {
                        @if hospital.is_judged() {
                            (chart::share(site, "share", row, chart::Base::Elsewhere))
                            (open::links(site, "../", hospital.place(), open::Chart::Share))
                        }
                        (source(site, "../", method(hospital), period, &range(hospital, row)))
                    }
                }
            }
        }
    }
}

/// The columns of the table's first lines.
const LINES: [&str; 4] = ["found", "recorded", "found_elsewhere", "recorded_of_elsewhere"];

/// What a line says of a row. Two lines say how many were recorded: each says of how many, or of whom where that is not shown
/// or is the same number for both.
fn line(column: &str, row: ReleasedRow<'_>) -> String {
    let number = |all: &str| row.figure(all).whole();
    let are_two = number("found") != number("found_elsewhere");
    let of = |all: &str, whom: &str| match number(all) {
        Some(n) if n > 0 && are_two => format!("Of the {}, recorded", words::number(n)),
        _ => format!("Of {whom}, recorded"),
    };
    match column {
        "found" => "People found with secondary breast cancer for the first time".to_owned(),
        "recorded" => of("found", "those found"),
        "found_elsewhere" => "People with signs in records of treatment and hospital stays".to_owned(),
        _ => of("found_elsewhere", "those with signs in other records"),
    }
}

pub(super) fn table(site: &Site<'_>, hospital: &Hospital<'_>, row: ReleasedRow<'_>, period: &str) -> Markup {
    let code = &hospital.organisation.code;
    let kinds: Vec<_> = ["de_novo", "recurrent"]
        .into_iter()
        .filter_map(|kind| {
            Some((
                kind,
                site.figures
                    .completeness_of(code, &site.manifest.state_period, kind)?,
            ))
        })
        .collect();
    html! {
        table.figures {
            (caption(site, &format!("{}, {period}", hospital.short_name())))
            thead {
                tr {
                    th scope="col" { "People" }
                    th scope="col" { "All" }
                    @for (kind, _) in &kinds { th scope="col" { (kind_heading(kind)) } }
                }
            }
            tbody {
                @for column in LINES {
                    tr {
                        th scope="row" { (line(column, row)) }
                        td { (words::figure(row.figure(column))) }
                        @for (_, row) in &kinds { td { (words::figure(row.figure(column))) } }
                    }
                }
                tr {
                    th scope="row" { "Found only at death: in no earlier record that we hold" }
                    td { (words::figure(row.figure("found_only_at_death"))) }
                    @for (_, row) in &kinds { td { (words::figure(row.figure("found_only_at_death"))) } }
                }
                tr {
                    th scope="row" { "Days from first sign to record (median)" }
                    td { (words::figure(row.figure("median_days_to_record"))) }
                    @for (_, row) in &kinds { td { (words::figure(row.figure("median_days_to_record"))) } }
                }
            }
        }
    }
}

fn kind_heading(kind: &str) -> &'static str {
    if kind == "de_novo" {
        "At first diagnosis"
    } else {
        "After earlier breast cancer"
    }
}

fn states(site: &Site<'_>, hospital: &Hospital<'_>, row: ReleasedRow<'_>) -> Vec<protect::State> {
    let code = &hospital.organisation.code;
    let kinds = ["de_novo", "recurrent"].into_iter().filter_map(|kind| {
        site.figures
            .completeness_of(code, &site.manifest.state_period, kind)
    });
    let columns = LINES
        .into_iter()
        .chain(["found_only_at_death", "median_days_to_record"]);
    let columns: Vec<&str> = columns.collect();
    std::iter::once(row)
        .chain(kinds)
        .flat_map(|row| columns.iter().map(move |c| row.figure(c).state()))
        .collect()
}

/// The way to the letters.
fn ask(hospital: &Hospital<'_>) -> Markup {
    html! {
        @if letters::stand_for(hospital) {
            section.band aria-labelledby="ask" {
                div.wide {
                    h2 #ask { "Ask about it" }
                    p.measure {
                        "Two letters are ready, with these figures: to the chief executive, and to whoever represents you. You copy or "
                        "print them; nothing is asked of you here."
                    }
                    p { a.button href={ "../" (letters::address(hospital)) } { "Letters about " (hospital.short_name()) } }
                    p { a href={ "../" (reports::address(hospital)) } { "Two pages for its board and for peer review" } }
                }
            }
        }
    }
}

fn fairness() -> Markup {
    html! {
        section aria-labelledby="fair" {
            div.wide.columns {
                div {
                    h2 #fair { "Reading this fairly" }
                    p { "These figures are about records. They say nothing about the care that people get here." }
                    p {
                        "A person counts for one hospital only, but once any hospital has recorded them they are recorded. "
                        "Secondary breast cancer is often found in another clinic or in an emergency, and the news does not always reach the people who keep the records."
                    }
                }
                div {
                    h2 { "If you are cared for here" }
                    p { "Being counted or not changes nothing about your care. You can ask your nurse or consultant whether your secondary breast cancer has been recorded." }
                    p { a href="../methods.html" { "How we count" } }
                }
            }
        }
    }
}
