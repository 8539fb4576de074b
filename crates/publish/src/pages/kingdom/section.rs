//! The section on the front page: people diagnosed in the last ten years first and everyone right below, then what the
//! range depends on, then what others have published.
//!
//! Why the last ten years are first: deaths say how many people were diagnosed, but how many of those of long ago are still
//! living they say only as well as the end of a curve is known, and few people have been followed so far. Everyone stands
//! beside them in the same words, with all that is not known, so that nobody takes the first number for the whole.

use maud::{Markup, html};

use crate::chart;
use crate::open;
use crate::public_figures::{PublicFigures, Published, Range};
use crate::words;

use super::{ID, MARK, command, published, strip};

/// The whole section.
pub(crate) fn section(figures: &PublicFigures) -> Markup {
    html! {
        section.real aria-labelledby=(ID) {
            (strip())
            div.wide {
                h2 #(ID) { "Real people: the United Kingdom, from public figures" }
                (headline(figures))
                (chart::scenarios(figures, "uk-scenarios", MARK))
                (open::scenario_links(""))
                (in_numbers(figures))
                (depends(figures))
                (chart::per_head(figures, "uk-per-head", Some(MARK)))
                (open::per_head_links(""))
                p.measure {
                    "These are not alike. Some count the people who were living on one day; others everyone treated within a "
                    "year, and so also those who died in it. Some count women only. Some were counted in records, others "
                    "worked out. All are " strong { "crude" } ": they are laid over everyone who lives there, young or old, "
                    "so a country with more older people has more."
                }
                (published::all(figures, Some(MARK)))
                (made(figures))
            }
        }
    }
}

fn headline(figures: &PublicFigures) -> Markup {
    let day = words::date(&figures.date);
    html! {
        p.answer {
            span.least { "Around" } " "
            strong.number { (range(figures.within_ten_years)) } " "
            span.words {
                "people were living in " (figures.place) " on " (day)
                " with secondary breast cancer that had been diagnosed in the ten years before."
            }
        }
        p.answer {
            span.words {
                "With those who have lived with it for longer, it is " strong { "about " (range(figures.total)) } ". Counting "
                "everything that is not known, it could be " (range(figures.total_at_widest)) "."
            }
        }
        @if let Some(one) = counted_in_england(figures) {
            p.measure {
                "A count of " (one.place) " for " (one.date) " gives " (words::number(one.number.into()))
                ": everyone with it in hospital records of that year, those who died included."
            }
        }
        div.columns {
            div {
                p {
                    "Nobody has counted them all. This is worked out from two things that have been published: how many "
                    "people die of breast cancer each year, and how long people live once it has spread. The second is known "
                    "for other countries and for parts of this one only. It can be read in several ways, and each gives "
                    "another number."
                }
                (source(figures, &day))
            }
            (why_ten_years(figures))
        }
    }
}

/// The ends of a range, neither of them broken over two lines.
fn range(range: Range) -> Markup {
    let [low, high] = words::thousands(range.low, range.high);
    html! { span.end { (low) } " to " span.end { (high) } }
}

/// The last count of England in its hospital records. It is of a whole year, and so of those who died in it too.
fn counted_in_england(figures: &PublicFigures) -> Option<&Published> {
    let counted =
        |one: &&Published| one.place == "England" && one.made == "counted" && one.timing == "in a period";
    figures.published.iter().rfind(counted)
}

fn why_ten_years(figures: &PublicFigures) -> Markup {
    html! {
        div.real-card {
            h3 { "Why those of the last ten years stand first" }
            p {
                "Few people have been followed for longer than that. How many of those who were diagnosed earlier are still "
                "living rests on how a curve goes on, so the number of everyone is less sure."
            }
            @if figures.deaths.covid_year {
                p.covid {
                    strong { (figures.deaths.last_year) " was a covid year." } " The last deaths that go in are those of "
                    (figures.deaths.last_year) ". Covid may have changed how many people died, and of what. Nothing was "
                    "corrected for it."
                }
            }
        }
    }
}

/// The line under the figure, as every figure of the site has one.
fn source(figures: &PublicFigures, day: &str) -> Markup {
    let in_range = figures.scenarios.iter().filter(|one| one.in_range).count();
    html! {
        dl.source {
            div { dt { "Method" } dd { "Worked out from deaths and from how long people live; not a count" } }
            div { dt { "Date" } dd { (day) ", from deaths of " (figures.deaths.first_year) " to " (figures.deaths.last_year) } }
            div { dt { "Covers" } dd { "The United Kingdom, women and men" } }
            div {
                dt { "Range" }
                dd {
                    "From the lowest to the highest of " (words::count(in_range).to_lowercase()) " scenarios. Deaths fit each of "
                    "them equally well, so nobody can say how likely it is that the truth lies inside"
                }
            }
            div { dt { "More" } dd { a href={ "methods.html#" (ID) } { "How this was worked out" } } }
        }
    }
}

/// The columns of the scenarios.
const WAYS: [&str; 3] = ["Ten years", "In all", "Living for each death"];

/// Each scenario with everything it leaves open.
fn in_numbers(figures: &PublicFigures) -> Markup {
    let spread = |of: crate::public_figures::Spread| {
        html! {
            (words::number(of.middle.into()))
            span.under { (words::number(of.low.into())) " to " (words::number(of.high.into())) }
        }
    };
    html! {
        details {
            summary { "Each way in numbers" }
            table.figures.stacked role="table" {
                caption { "The middle of each way, and where nine in ten of its calculations lie " span.mark { (MARK) } }
                thead role="rowgroup" {
                    tr role="row" {
                        th scope="col" role="columnheader" { "If people live" }
                        @for column in WAYS { th scope="col" role="columnheader" { (column) } }
                    }
                }
                tbody role="rowgroup" {
                    @for one in &figures.scenarios {
                        @let ratio = html! { (format!("{:.1}", one.living_over_deaths)) };
                        tr role="row" {
                            th scope="row" role="rowheader" {
                                (one.name)
                                @if !one.in_range { span.under { "beside the range" } }
                            }
                            @for (column, cell) in WAYS.into_iter().zip([spread(one.within_ten_years), spread(one.total), ratio]) {
                                td role="cell" data-column=(column) { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn depends(figures: &PublicFigures) -> Markup {
    let drivers = figures.drivers;
    let parts = [
        (
            "How long people live",
            drivers.survival_percent,
            "We have found no nation of the United Kingdom that publishes how long people live once breast cancer has come back. That figure would narrow the range most.",
        ),
        (
            "How many are found only at death",
            drivers.found_at_death_percent,
            "Their secondary breast cancer came to light only when they died. They are taken to be about one in ten of those who die, anywhere from almost none to a quarter.",
        ),
        (
            "Chance in the deaths",
            drivers.chance_percent,
            "More or fewer people die in one year than in the next. Over so many years this evens out.",
        ),
    ];
    html! {
        h3 { "What the range depends on" }
        div.cards {
            @for (name, percent, meaning) in parts {
                div.card {
                    h4 { (name) }
                    p.figure { (share(percent)) }
                    p.under { "of how far apart the calculations lie" }
                    p { (meaning) }
                }
            }
        }
    }
}

fn share(percent: f64) -> String {
    if percent < 1.0 {
        "under 1%".to_owned()
    } else {
        format!("{}%", percent.round())
    }
}

fn made(figures: &PublicFigures) -> Markup {
    html! {
        h3 { "Make it again" }
        p.measure {
            "No record of any person was used: only printed totals. " a href={ "methods.html#" (ID) } { "How this was worked out" }
            " says which. One command works it all out again, and " a href=(crate::public_figures::DOWNLOAD) download { "the file" }
            " holds every figure of this section with its source:"
        }
        (command(&figures.rerun.command))
        p.under { (figures.rerun.program) ", " (words::number(figures.rerun.draws as i64)) " calculations for each way" }
    }
}
