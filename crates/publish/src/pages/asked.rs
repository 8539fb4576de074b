//! What hospitals said when they were asked, added up: all nations beside each other, and each on its own page.
//!
//! Invariant: these are numbers of hospitals in the hospitals' own words; no number of people stands here, and the silent
//! are always in the table.

use maud::{Markup, html};

use crate::asked::{Asked, asked};
use crate::page::caption;
use crate::site::Site;
use crate::told::Question;
use crate::words;

/// Every nation beside the others, question by question; nothing where nobody was asked.
pub(super) fn by_nation(site: &Site<'_>) -> Markup {
    let sums = sums(site);
    html! {
        @if !sums.is_empty() {
            section aria-labelledby="asked" {
                div.wide {
                    h2 #asked { "What hospitals say themselves" }
                    (introduction())
                    @for question in Question::ALL {
                        @let rows: Vec<&Asked> = sums.iter().filter(|sum| sum.question == question).collect();
                        @if !rows.is_empty() {
                            (table(site, question.words(), "Nation", &rows, |sum| {
                                sum.nation.clone().unwrap_or_else(|| "All nations".to_owned())
                            }))
                        }
                    }
                }
            }
        }
    }
}

/// One nation, a row for each question; nothing where nobody there was asked.
pub(super) fn of_nation(site: &Site<'_>, nation: &str) -> Markup {
    let sums = sums(site);
    let rows: Vec<&Asked> = sums
        .iter()
        .filter(|sum| sum.nation.as_deref() == Some(nation))
        .collect();
    html! {
        @if !rows.is_empty() {
            section aria-labelledby="asked" {
                div.wide {
                    h2 #asked { "What hospitals say themselves" }
                    (introduction())
                    (table(site, &format!("Answers of hospitals in {nation}"), "Question", &rows, |sum| {
                        sum.question.words().to_owned()
                    }))
                }
            }
        }
    }
}

fn sums(site: &Site<'_>) -> Vec<Asked> {
    asked(&site.facts.answers, |code| {
        let hospital = site.hospitals.iter().find(|h| h.organisation.code == code)?;
        Some(hospital.organisation.nation.as_str()).filter(|nation| !nation.is_empty())
    })
}

fn introduction() -> Markup {
    html! {
        p.measure {
            "Each hospital was asked directly, and its last answer counts. These are numbers of hospitals, as they see "
            "themselves; nothing here was measured in records. What those that have not answered would say is not known: the "
            "last column says how far they could move the share."
        }
    }
}

const COLUMNS: [&str; 6] = [
    "Yes",
    "Partly",
    "No",
    "No answer yet",
    "Yes, of those that answered",
    "If all had answered",
];

fn table(
    site: &Site<'_>,
    title: &str,
    first: &str,
    rows: &[&Asked],
    name: impl Fn(&Asked) -> String,
) -> Markup {
    html! {
        table.figures.stacked.wide-table role="table" {
            (caption(site, title))
            thead role="rowgroup" {
                tr role="row" {
                    th scope="col" role="columnheader" { (first) }
                    @for column in COLUMNS { th scope="col" role="columnheader" { (column) } }
                }
            }
            tbody role="rowgroup" {
                @for sum in rows {
                    tr role="row" {
                        th scope="row" role="rowheader" { (name(sum)) }
                        @for (column, cell) in COLUMNS.into_iter().zip(cells(sum)) {
                            td role="cell" data-column=(column) { (cell) }
                        }
                    }
                }
            }
        }
    }
}

fn cells(sum: &Asked) -> [String; 6] {
    let hospitals = |n: u32| words::number(i64::from(n));
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    let share = sum.share().map_or_else(|| "nobody answered".to_owned(), percent);
    let bounds = match sum.bounds() {
        Some((low, high)) if low < high => format!("{} to {}", percent(low), percent(high)),
        _ => share.clone(),
    };
    [
        hospitals(sum.yes),
        hospitals(sum.partly),
        hospitals(sum.no),
        hospitals(sum.silent),
        share,
        bounds,
    ]
}
