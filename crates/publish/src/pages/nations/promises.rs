//! The tracker of promises: what was promised, by whom, by when, and what the release shows of it.
//!
//! Invariant: nothing is called kept or not kept but by a released figure; on the site of an invented nation no real
//! promise is judged at all.

use maud::{Markup, html};
use protect::Figure;

use crate::figures::{Place, percent, said_percent};
use crate::pages::real;
use crate::site::Site;
use crate::sourced::{Commitment, Kind, Measure};
use crate::words;

pub(super) fn all(site: &Site<'_>, commitments: &[Commitment]) -> Markup {
    html! {
        h2 #(real::PROMISES) { "What was promised, and what would show it kept" }
        p.measure {
            "Oldest first. Each stands as the page that it was read on has it, in our words, with the day on which we read it. "
            "Where we have not read something where it was first printed, it says so. To promise is not easy, and to keep a "
            "promise takes people and time: this list says where things stand, not who is to blame."
        }
        @if site.manifest.simulated {
            p.measure {
                "These pages count an invented nation. What its records show says nothing about any real promise, so none is "
                "judged here. On the site of a real study, each promise stands beside the figures of its nation."
            }
        }
        ol.tracker { @for one in commitments { (entry(site, one)) } }
    }
}

fn entry(site: &Site<'_>, one: &Commitment) -> Markup {
    html! {
        li #(one.id) {
            p.when { (words::period(&one.made)) }
            div {
                h3 { (one.nation) ": " @match one.kind { Kind::Promised => "a promise", Kind::Asked => "a call" } }
                p.who { (one.made_by) }
                p { (one.promised) }
                @if !one.verified { p.unverified { strong { "Not yet verified." } " We have not read all of this where it was first printed." } }
                dl.plain {
                    div { dt { "By when" } dd { (due(site, one)) } }
                    div { dt { "What would show it kept" } dd { (one.would_show) } }
                    div { dt { "What this release shows" } dd { (shows(site, one)) } }
                    div { dt { "Where it was read" } dd { (real::sources(&one.sources)) } }
                }
            }
        }
    }
}

fn due(site: &Site<'_>, one: &Commitment) -> Markup {
    html! {
        @match &one.due {
            None => "No date was given",
            Some(due) => {
                (words::period(due))
                @if !site.manifest.simulated {
                    @if passed(due, &site.manifest.as_of) { ". The date had passed on the last day of these records" }
                    @else { ". The date had not passed on the last day of these records" }
                }
            }
        }
    }
}

/// Whether a year, month or day lies wholly before a day.
fn passed(due: &str, day: &str) -> bool {
    day.get(..due.len()).is_some_and(|same| same > due)
}

fn shows(site: &Site<'_>, one: &Commitment) -> Markup {
    html! {
        @if site.manifest.simulated {
            span.empty { "Cannot be seen in these data: they are of an invented nation" }
        } @else if one.measure == Measure::None {
            span.empty { "Cannot be seen in these data" }
        } @else {
            @for nation in nations(site, &one.nation) { p { (nation_shows(site, one.measure, nation)) } }
        }
    }
}

/// The nations of the site that a promise is about.
fn nations<'s>(site: &'s Site<'_>, words: &'s str) -> Vec<&'s str> {
    match words {
        "All nations" => site.nations.iter().map(String::as_str).collect(),
        "England and Wales" => vec!["England", "Wales"],
        one => vec![one],
    }
}

fn nation_shows(site: &Site<'_>, measure: Measure, nation: &str) -> Markup {
    let place = Place {
        kind: "nation",
        name: nation,
    };
    let latest = site.figures.latest(place, "living");
    if !site.figures.places("nation").contains(&nation) {
        return html! { (nation) ": no records of this nation are part of this study." };
    }
    let Some((day, row)) = latest.filter(|(_, row)| row.figure("found").number().is_some()) else {
        let hidden = latest.is_some_and(|(_, row)| row.figure("found").is_hidden());
        return html! {
            (nation) ": "
            @if hidden { "the figure is too small to publish" } @else { "this release has no figure for people living with it" }
            ". It does not show it kept."
        };
    };
    let (found, recorded) = (row.figure("found"), row.figure("recorded"));
    if measure == Measure::Counted {
        return html! {
            (nation) ": records can be counted. On " (words::period(day)) ", " strong { (words::text(found)) }
            " people were found living with it. Whether those who promised publish such a figure cannot be seen here."
        };
    }
    if found.whole() == Some(0) {
        return html! { (nation) ": nobody was found living with it on " (words::period(day)) ". It does not show it kept." };
    }
    let line = i64::from(site.facts.thresholds.collecting_percent);
    html! {
        (nation) ": of " strong { (words::text(found)) } " people found living with it on " (words::period(day)) ", "
        @match share(recorded, found, line) {
            Some((percent, kept)) => {
                strong { (words::text(recorded)) } " had been recorded (" (percent) "%). At the line of " (line)
                "% that this site uses, the data " @if kept { "show" } @else { "do not show" } " it kept."
            }
            None => { "how many had been recorded is " (words::figure(recorded)) ". The data do not show it kept." }
        }
    }
}

/// A share in per cent, and whether it reaches a line; none where it cannot be said. What lies under the line is never so rounded
/// that it reads as if it reached it.
fn share(recorded: Figure, found: Figure, line: i64) -> Option<(String, bool)> {
    let percent = percent(recorded, found)?;
    let (recorded, found) = (recorded.whole()?, found.whole()?);
    Some(of_line((recorded, found), percent, line))
}

fn of_line((recorded, found): (i64, i64), percent: i64, line: i64) -> (String, bool) {
    let kept = recorded * 100 >= line * found;
    if kept || percent < line {
        return (said_percent(recorded, found), kept);
    }
    let tenths = recorded * 1000 / found;
    (format!("{}.{}", tenths / 10, tenths % 10), kept)
}

#[cfg(test)]
mod tests {
    use super::{of_line, passed};

    #[test]
    fn what_lies_under_the_line_does_not_reach_it_by_rounding() {
        for (recorded, found, percent, told) in [
            (895, 1000, 90, ("89.5", false)),
            (8_996, 10_000, 90, ("89.9", false)),
            (900, 1000, 90, ("90", true)),
            (890, 1000, 89, ("89", false)),
            (1000, 1000, 100, ("100", true)),
        ] {
            let (words, kept) = of_line((recorded, found), percent, 90);
            assert_eq!((words.as_str(), kept), told);
        }
    }

    #[test]
    fn a_month_has_passed_when_the_next_has_begun() {
        assert!(passed("2026-03", "2026-04-01") && passed("2020", "2021-01-01"));
        assert!(!passed("2026-03", "2026-03-31") && !passed("2026-03-31", "2026-03-31"));
        assert!(!passed("2026", "2025-12-31"));
    }
}
