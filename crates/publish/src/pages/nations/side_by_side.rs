//! The nations of the study beside each other, in order of name, from the release alone.

use maud::{Markup, html};
use protect::{Figure, ReleasedRow, State as Answer};

use crate::chart::{self, People};
use crate::figures::{Place, percent_said};
use crate::open;
use crate::page::{caption, reasons, source};
use crate::pages::parts;
use crate::site::Site;
use crate::state::State;
use crate::words;

/// A nation, and its people living on the last day that has a figure.
struct Nation<'a> {
    name: &'a str,
    latest: Option<(&'a str, ReleasedRow<'a>)>,
}

impl Nation<'_> {
    fn figure(&self, column: &str) -> Option<Figure> {
        self.latest.map(|(_, row)| row.figure(column))
    }
}

pub(super) fn section(site: &Site<'_>) -> Markup {
    let nations = nations(site);
    html! {
        section aria-labelledby="side-by-side" {
            div.wide {
                h2 #side-by-side { "The nations side by side" }
                @if nations.is_empty() {
                    p { "There are no figures by nation in this release." }
                } @else {
                    p.measure {
                        "In order of name. The nations keep different records, so a larger share recorded may mean better "
                        "recording, or fewer records in which people can be found."
                    }
                    (bars(site))
                    (table(site, &nations))
                    (reasons(answers(&nations)))
                    (source(
                        site,
                        "../",
                        "People found in records, recorded or not",
                        &days(&nations),
                        "95% range of the estimate where one is given; none for people found",
                    ))
                }
            }
        }
    }
}

/// What the chart of the nations shows.
pub(crate) const TITLE: &str = "People found living with secondary breast cancer in each nation, and how many of them a hospital had recorded";

fn nations<'s>(site: &'s Site<'_>) -> Vec<Nation<'s>> {
    let nation = |name: &'s String| Nation {
        name,
        latest: site.figures.latest(Place { kind: "nation", name }, "living"),
    };
    site.nations.iter().map(nation).collect()
}

/// The rows of the chart of the nations.
pub(crate) fn people(site: &Site<'_>) -> Vec<People> {
    let row = |nation: Nation<'_>| {
        Some(People {
            name: nation.name.to_owned(),
            link: Some(format!("{}.html", words::slug(nation.name))),
            found: nation.figure("found")?,
            recorded: nation.figure("recorded")?,
        })
    };
    nations(site).into_iter().filter_map(row).collect()
}

/// The released rows that the chart of the nations is drawn from.
pub(crate) fn rows<'s>(site: &'s Site<'_>) -> Vec<ReleasedRow<'s>> {
    let row = |nation: Nation<'s>| nation.latest.map(|(_, row)| row);
    nations(site).into_iter().filter_map(row).collect()
}

fn bars(site: &Site<'_>) -> Markup {
    let people = people(site);
    html! {
        (chart::people_key(chart::people_unsplit(&people)))
        (chart::people(site, "nations-people", TITLE, &people, chart::people_most(&people)))
        (open::nations_links("../"))
    }
}

const COLUMNS: [&str; 5] = [
    "Recorded, of those found",
    "Estimated to be living",
    "Found only at death, in a year",
    "Hospitals that sent enough records",
    "Hospitals at the upper line",
];

fn table(site: &Site<'_>, nations: &[Nation<'_>]) -> Markup {
    html! {
        table.figures.stacked.wide-table role="table" {
            (caption(site, &format!(
                "The nations in numbers. The upper line: {}",
                site.words(State::Collecting).to_lowercase()
            )))
            thead role="rowgroup" {
                tr role="row" {
                    th scope="col" role="columnheader" { "Nation" }
                    @for column in COLUMNS { th scope="col" role="columnheader" { (column) } }
                }
            }
            tbody role="rowgroup" {
                @for nation in nations {
                    tr role="row" {
                        th scope="row" role="rowheader" { a href={ (words::slug(nation.name)) ".html" } { (nation.name) } }
                        @for (column, cell) in COLUMNS.into_iter().zip(cells(site, nation)) {
                            td role="cell" data-column=(column) { (cell) }
                        }
                    }
                }
            }
        }
    }
}

fn cells(site: &Site<'_>, nation: &Nation<'_>) -> [Markup; 5] {
    let in_scope = site.in_scope(Some(nation.name));
    let silent = site.in_state(Some(nation.name), State::NoResponse);
    let unmeasured = site.in_state(Some(nation.name), State::NotMeasured);
    let hospitals = |n: usize, of: usize| {
        html! {
            @if in_scope == unmeasured { span.empty { "not measured" } }
            @else { (words::number(n as i64)) " of " (words::number(of as i64)) }
        }
    };
    let full = site.in_state(Some(nation.name), State::Collecting);
    [
        share(nation),
        estimate(nation),
        only_at_death(site, nation),
        hospitals(in_scope - silent - unmeasured, in_scope),
        hospitals(full, site.judged(Some(nation.name))),
    ]
}

/// The share recorded, worked out from the two released numbers; nothing where either is hidden.
fn share(nation: &Nation<'_>) -> Markup {
    let (Some(found), Some(recorded)) = (nation.figure("found"), nation.figure("recorded")) else {
        return html! { span.empty { "not counted" } };
    };
    html! {
        @match percent_said(recorded, found) {
            Some(percent) => { (percent) "%" }
            None if found.whole() == Some(0) => { span.empty { "nobody found" } }
            None if found.is_hidden() || recorded.is_hidden() => { span.empty { (words::empty(Answer::Suppressed)) } }
            None => { span.empty { (words::empty(recorded.state())) } }
        }
    }
}

fn estimate(nation: &Nation<'_>) -> Markup {
    html! {
        @match nation.latest {
            Some((_, row)) if parts::estimated(row) => {
                (words::figure(row.figure("low"))) " to " (words::figure(row.figure("high")))
                span.under { "95% range" @if row.text("status") != "estimate" { "; there may be more" } }
            }
            // Why there is none: it may be hidden, or not to be worked out.
            Some((_, row)) if row.figure("low").number().is_none() => { (words::figure(row.figure("low"))) }
            _ => { span.empty { (words::empty(Answer::NotEstimated)) } }
        }
    }
}

/// People of the last whole year who are in no earlier record, from the table of checks.
fn only_at_death(site: &Site<'_>, nation: &Nation<'_>) -> Markup {
    let found = site.release.table("checks").and_then(|table| {
        table
            .rows()
            .filter(|row| row.text("name") == "found_only_at_death" && row.text("place") == nation.name)
            .filter(|row| !row.text("period").contains('/'))
            .max_by_key(|row| row.text("period"))
    });
    html! {
        @match found {
            Some(row) => { (words::figure(row.figure("people"))) span.under { (words::period(row.text("period"))) } }
            None => { span.empty { (words::empty(Answer::NotComputable)) } }
        }
    }
}

fn answers(nations: &[Nation<'_>]) -> Vec<Answer> {
    nations
        .iter()
        .flat_map(|nation| ["found", "recorded", "low"].map(|column| nation.figure(column)))
        .flatten()
        .map(Figure::state)
        .filter(|state| !matches!(state, Answer::Zero | Answer::NotEstimated))
        .collect()
}

/// The day, or days, on which the nations' people were living.
fn days(nations: &[Nation<'_>]) -> String {
    let mut days: Vec<String> = nations
        .iter()
        .filter_map(|nation| nation.latest.map(|(day, _)| words::period(day)))
        .collect();
    days.dedup();
    days.join(", ")
}
