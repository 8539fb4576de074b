//! New, living and died over the years: on pages as panels and as a table, and in the charts to download.

use maud::{Markup, html};
use protect::{Figure, State as Answer};

use crate::chart::{self, Bar};
use crate::figures::Place;
use crate::open;
use crate::page::{caption, reasons, source};
use crate::pages::parts::{self, FOUND};
use crate::site::Site;
use crate::words;

/// A measure over the years, and what its chart shows: an estimate is of more than the people found.
struct Measure {
    name: &'static str,
    heading: &'static str,
    estimated: &'static str,
    found: &'static str,
}

/// The three measures.
const MEASURES: [Measure; 3] = [
    Measure {
        name: "new",
        heading: "New",
        estimated: "People who had secondary breast cancer for the first time, in each year",
        found: "People found to have secondary breast cancer for the first time, in each year",
    },
    Measure {
        name: "living",
        heading: "Living",
        estimated: "People living with secondary breast cancer, on the last day counted in each year",
        found: "People found living with secondary breast cancer, on the last day counted in each year",
    },
    Measure {
        name: "died",
        heading: "Died",
        estimated: "People with secondary breast cancer who died, in each year",
        found: "People found with secondary breast cancer who died, in each year",
    },
];

/// One measure over the years.
pub(crate) struct Panel<'a> {
    measure: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) title: &'static str,
    pub(crate) bars: Vec<Bar<'a>>,
    /// The number at the top, the same for panels that compare.
    pub(crate) most: i64,
}

/// The panels of a place; those of measures that it has.
pub(crate) fn panels<'a>(site: &Site<'a>, place: Place<'_>) -> Vec<Panel<'a>> {
    let mut panels: Vec<Panel<'a>> = MEASURES
        .iter()
        .map(|measure| panel(measure, bars(site, place, measure.name)))
        .filter(|panel| !panel.bars.is_empty())
        .collect();
    let most = |living: bool| {
        let alike = panels
            .iter()
            .filter(|panel| (panel.measure == "living") == living);
        let tops = alike.flat_map(|panel| panel.bars.iter().filter_map(Bar::top));
        tops.max().unwrap_or(0)
    };
    let (living, others) = (most(true), most(false));
    for panel in &mut panels {
        panel.most = if panel.measure == "living" { living } else { others };
    }
    panels
}

fn panel<'a>(measure: &Measure, bars: Vec<Bar<'a>>) -> Panel<'a> {
    Panel {
        measure: measure.name,
        heading: measure.heading,
        title: if has_estimate(&bars) {
            measure.estimated
        } else {
            measure.found
        },
        bars,
        most: 0,
    }
}

/// New, living and died over the years: a panel each, and the same figures in a table.
pub(crate) fn years(site: &Site<'_>, place: Place<'_>, name: &str, up: &str) -> Markup {
    let panels = panels(site, place);
    let method = if any_estimate(&panels) {
        parts::ESTIMATED
    } else {
        "People found in records, recorded or not"
    };
    html! {
        @if panels.is_empty() {
            p { "There are no figures by year in this release." }
        } @else {
            (titled(site, &panels, |panel| panel.title.to_owned()))
            (open::links(site, up, place, open::Chart::Years))
            (with_table(site, &panels, name))
            (source(site, up, method, "each year, as the table says", ranges(&panels)))
        }
    }
}

/// The panels under titles of the caller's, and what their parts are.
pub(crate) fn titled(site: &Site<'_>, panels: &[Panel<'_>], title: impl Fn(&Panel<'_>) -> String) -> Markup {
    html! {
        div.panels {
            @for panel in panels {
                (chart::years(site, &format!("years-{}", panel.measure), &title(panel), &panel.bars, panel.most))
            }
        }
        ul.key {
            li { span.swatch.recorded {} "recorded by a hospital" }
            li { span.swatch.rest {} "found only in other records" }
            @if any_unsplit(panels) { li { span.swatch.unsplit {} "found; how many were recorded is not shown" } }
            @if any_estimate(panels) {
                li { span.swatch.range {} "estimate with its 95% range" }
                li { "whole bar: people that records point to; some will turn out not to have it" }
            }
        }
        p.under {
            "The last year is not complete: some of its records arrive months later. Its range allows for them only where the page "
            "on methods says so."
        }
        @if any_estimate(panels) {
            p.under {
                "The ranges of new and died leave out most people whom no record shows before they die: the true numbers often lie "
                "above them, so read each range by its low end."
            }
        }
    }
}

/// Whether any year of any panel has an estimate.
pub(crate) fn any_estimate(panels: &[Panel<'_>]) -> bool {
    panels.iter().any(|panel| has_estimate(&panel.bars))
}

fn has_estimate(bars: &[Bar<'_>]) -> bool {
    bars.iter().any(|bar| bar.estimate.is_some())
}

/// Whether it is not shown of any year with a bar how many were recorded.
pub(crate) fn any_unsplit(panels: &[Panel<'_>]) -> bool {
    let found = |bar: &Bar<'_>| bar.found.whole().is_some_and(|found| found > 0);
    let unsplit = |bar: &Bar<'_>| found(bar) && bar.recorded.whole().is_none();
    panels.iter().any(|panel| panel.bars.iter().any(unsplit))
}

/// What the ranges of a table of years say.
fn ranges(panels: &[Panel<'_>]) -> &'static str {
    if any_estimate(panels) {
        "95% range of the estimate, for those whom some record can show; there may be more"
    } else {
        FOUND
    }
}

fn bars<'a>(site: &Site<'a>, place: Place<'_>, measure: &str) -> Vec<Bar<'a>> {
    let known = |figure: Figure| figure.number().is_some() || figure.is_hidden();
    let periods = site.figures.periods(place, measure);
    // Only days: a part of a year is never left out for another.
    let key = |period: &'a str| if is_day(period) { year(period) } else { period };
    let periods = one_in_a_year(periods, |&(period, row)| {
        (key(period), known(row.figure("found")))
    });
    periods
        .into_iter()
        .map(|(period, row)| Bar {
            period,
            found: row.figure("found"),
            recorded: row.figure("recorded"),
            estimate: parts::estimate(row),
        })
        .collect()
}

/// One of each year. Two days lie in one where the records of deaths end before the period does: of them the last that has an
/// answer, else the last. `about` tells the year of one, and whether it has an answer.
fn one_in_a_year<T>(all: Vec<T>, about: impl Fn(&T) -> (&str, bool)) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for one in all {
        match kept.pop() {
            Some(before) if about(&before).0 == about(&one).0 => {
                let stays = about(&before).1 && !about(&one).1;
                kept.push(if stays { before } else { one });
            }
            before => {
                kept.extend(before);
                kept.push(one);
            }
        }
    }
    kept
}

/// The figures of the panels as a table.
pub(crate) fn with_table(site: &Site<'_>, panels: &[Panel<'_>], name: &str) -> Markup {
    let mut years: Vec<&str> = panels
        .iter()
        .flat_map(|panel| panel.bars.iter().map(|b| year(b.period)))
        .collect();
    years.sort_unstable();
    years.dedup();
    let states = panels.iter().flat_map(|panel| {
        panel
            .bars
            .iter()
            .flat_map(|b| [b.found.state(), b.recorded.state()])
    });
    let estimates = any_estimate(panels);
    let what = if estimates {
        "the estimate with its 95% range, people that records point to, and of these recorded"
    } else {
        "people found, and of these recorded"
    };
    html! {
        table.figures {
            (caption(site, &format!("{}, year by year: {what}", words::capital(name))))
            thead { tr { th scope="col" { "Year" } @for panel in panels { th scope="col" { (panel.heading) } } } }
            tbody {
                @for wanted in &years {
                    tr {
                        th scope="row" {
                            (wanted)
                            @if panels.iter().any(|panel| panel.bars.iter().any(|b| year(b.period) == *wanted && part(b.period))) {
                                span.under { "part of the year" }
                            }
                        }
                        @for panel in panels {
                            td {
                                @match panel.bars.iter().find(|b| year(b.period) == *wanted) {
                                    Some(bar) => {
                                        (numbers(bar, estimates))
                                        @if is_early(bar.period) { span.under { (words::period(bar.period)) } }
                                    }
                                    None => { span.empty { "not counted" } }
                                }
                            }
                        }
                    }
                }
            }
        }
        (reasons(states.collect()))
    }
}

/// What a cell says of a year: the estimate first, where there is one, and under it what it rests on. `estimates` is whether
/// any cell of the table has one: beside it, a number of people found says that it is one.
fn numbers(bar: &Bar<'_>, estimates: bool) -> Markup {
    let found = bar.found.number().is_some();
    let recorded = found && bar.recorded.state() != Answer::NotReported;
    html! {
        @match bar.estimate {
            Some(estimate) => {
                (words::number(estimate.middle))
                span.under {
                    (words::number(estimate.low)) " to " (words::number(estimate.high))
                    " · records point to " (words::figure(bar.found))
                    @if recorded { ", " (words::figure(bar.recorded)) " recorded" }
                }
            }
            None => {
                (words::figure(bar.found))
                @if estimates && found { span.under { "found in records" } }
                @if recorded { span.under { (words::figure(bar.recorded)) " recorded" } }
            }
        }
    }
}

/// Whether a period is a day before the last of its year, which the table then says.
fn is_early(period: &str) -> bool {
    is_day(period) && !period.ends_with("-12-31")
}

fn is_day(period: &str) -> bool {
    period.matches('-').count() == 2 && !part(period)
}

/// Whether a period is a part of a year, by its first and last day.
fn part(period: &str) -> bool {
    period.contains('/')
}

fn year(period: &str) -> &str {
    period.split('-').next().unwrap_or(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_days_in_a_year_the_one_with_an_answer_is_shown() {
        let shown = |days: &[(&'static str, bool)]| -> Vec<&'static str> {
            let all = one_in_a_year(days.to_vec(), |(day, known)| (year(day), *known));
            all.into_iter().map(|(day, _)| day).collect()
        };
        let (before, early, last) = ("2024-12-31", "2025-09-30", "2025-12-31");
        assert_eq!(
            shown(&[(before, true), (early, true), (last, false)]),
            [before, early]
        );
        assert_eq!(
            shown(&[(before, false), (early, true), (last, true)]),
            [before, last]
        );
        assert_eq!(shown(&[(early, false), (last, false)]), [last]);
        assert!(shown(&[]).is_empty());
    }

    #[test]
    fn a_day_is_said_where_it_is_not_the_last_of_its_year() {
        let said = ["2025-09-30", "2025-12-31", "2025", "2025-01-01/2025-09-30"].map(is_early);
        assert_eq!(said, [true, false, false, false]);
    }
}
