//! Reports to print on A4: the state of the nation, one for each nation, and two pages for the board of each hospital.
//!
//! Invariants: made from the same release as the pages; each chart has a title that says what it finds, a text for those
//! who do not see it, and its figures in a table; they are pages like the others, so they work on a phone and by ear.

mod nation;
mod of_nation;
mod pack;

use maud::{Markup, html};

use crate::chart::Bar;
use crate::pages::years::Panel;
use crate::pdf;
use crate::words;

pub(crate) use nation::{PATH as STATE_OF_THE_NATION, page as state_of_the_nation};
pub(crate) use of_nation::{address as report_of_nation, page as of_nation};
pub(crate) use pack::{address, page as pack, stands_for};

/// The way from a page to the same as a document; the page may lie in a folder, and the document beside it.
pub(crate) fn as_document(page: &str) -> Markup {
    let path = pdf::path(page);
    let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
    html! { p.screen-only { a href=(name) download { "This as a document (PDF)" } } }
}

/// What a panel over the years finds: its first and last whole year, as they were released.
fn finding(panel: &Panel<'_>) -> String {
    let numbers = |bar: &&Bar<'_>| bar.found.number().is_some() && !bar.period.contains('/');
    let mut shown = panel.bars.iter().filter(numbers);
    let when = |bar: &Bar<'_>| {
        let mut when = words::during(bar.period);
        if let Some(first) = when.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        when
    };
    match (shown.next(), shown.next_back()) {
        (Some(first), Some(last)) => {
            // One word for both numbers, so that they compare: as the chart writes them, where both are estimates.
            let (how, was, now) = match (first.estimate, last.estimate) {
                (Some(was), Some(now)) => ("estimated", words::number(was.middle), words::number(now.middle)),
                _ => ("found", words::text(first.found), words::text(last.found)),
            };
            format!(
                "{}: {was} {how} {}, {now} {}",
                panel.heading,
                when(first),
                when(last)
            )
        }
        _ => panel.title.to_owned(),
    }
}
