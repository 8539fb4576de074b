//! What others have published, each with what it counts.

use maud::{Markup, html};

use crate::public_figures::{PublicFigures, Published};
use crate::words;

use super::link;

const COLUMNS: [&str; 5] = ["Number", "In 100,000, crude", "Whom", "When", "How"];

/// All of them, behind a line that opens.
pub(crate) fn all(figures: &PublicFigures, mark: Option<&str>) -> Markup {
    html! {
        details {
            summary { "All " (figures.published.len()) " published estimates, with their sources" }
            table.stacked role="table" {
                caption {
                    "Published numbers of people living with secondary breast cancer"
                    @if let Some(mark) = mark { " " span.mark { (mark) } }
                }
                thead role="rowgroup" {
                    tr role="row" {
                        th scope="col" role="columnheader" { "Place and date" }
                        @for column in COLUMNS { th scope="col" role="columnheader" { (column) } }
                    }
                }
                tbody role="rowgroup" { @for one in &figures.published { (row(one)) } }
            }
            p.measure.under {
                "The rate stands where a number of inhabitants was set beside the estimate. “Not said”: the source does not say."
            }
        }
    }
}

fn row(one: &Published) -> Markup {
    let rate = one.crude_in_100000.map(|rate| format!("{rate:.1}"));
    let number = words::number(one.number.into());
    let cells = [
        number.as_str(),
        rate.as_deref().unwrap_or("none given"),
        &one.who,
        &one.timing,
        &one.made,
    ];
    html! {
        tr role="row" {
            th scope="row" role="rowheader" {
                (one.place) ", " (one.date)
                span.under {
                    @match &one.url {
                        Some(url) => { (link(&one.source, url)) }
                        None => { (one.source) }
                    }
                }
            }
            @for (column, cell) in COLUMNS.into_iter().zip(cells) {
                td role="cell" data-column=(column) {
                    @if ["not said", "none given"].contains(&cell) { span.empty { (cell) } } @else { (cell) }
                }
            }
        }
    }
}
