//! What changed since the release before: its figures beside today's, and what changed in how they are made.
//!
//! Invariants: both figures are released ones, each as it was released, side by side; nothing is subtracted, because a
//! difference of two rounded numbers would look finer than either. A figure that is hidden in either release is not set
//! beside the other. Places are in order of name, and nothing is put in order by its change.

use maud::{Markup, html};
use protect::{Figure, PublicManifest, ReleasedRow};

use crate::before::Before;
use crate::figures::Place;
use crate::page::caption;
use crate::pages::parts;
use crate::site::{Hospital, Site, state_of};
use crate::state::State;
use crate::words;

/// A figure then and now, each with the day or period it is of.
struct Pair<'a> {
    words: String,
    was: Option<(Figure, &'a str)>,
    now: Option<(Figure, &'a str)>,
}

/// The section of the front page: the whole country, and how many hospitals were in each state.
pub(super) fn of_country(site: &Site<'_>) -> Markup {
    let words = format!(
        "People living with secondary breast cancer in {}",
        site.country_name
    );
    let body = html! {
        (table(site, &words, &living(site, site.country())))
        (states(site))
    };
    section(site, "", body)
}

/// The section of the page of a nation or network, by its name in a sentence.
pub(super) fn of_place(site: &Site<'_>, place: Place<'_>, name: &str) -> Markup {
    let words = format!("People living with secondary breast cancer in {name}");
    section(site, "../", table(site, &words, &living(site, place)))
}

/// The section of a hospital's page.
pub(super) fn of_hospital(site: &Site<'_>, hospital: &Hospital<'_>) -> Markup {
    let Some(earlier) = &site.earlier else {
        return section(site, "../", html! {});
    };
    let code = &hospital.organisation.code;
    let period = &earlier.manifest.state_period;
    let was = earlier.figures.completeness(code, period);
    let body = html! {
        @match was {
            None => { p.measure { (hospital.short_name()) " was not in that release." } }
            Some(row) => {
                (state(site, hospital, row))
                (table(site, &format!("{}, then and now", hospital.short_name()), &completeness(site, hospital, row, period)))
            }
        }
    };
    section(site, "../", body)
}

/// In two lines, for a sheet of paper: the state then and now, and people found and recorded.
pub(super) fn compact(site: &Site<'_>, hospital: &Hospital<'_>) -> Markup {
    let (Some(earlier), Before::Release { approved_on, .. }) = (&site.earlier, site.before) else {
        return html! {};
    };
    let period = &earlier.manifest.state_period;
    let Some(was) = earlier.figures.completeness(&hospital.organisation.code, period) else {
        return html! {};
    };
    let pairs = completeness(site, hospital, was, period);
    html! {
        h2 { "Since the release of " (words::date(approved_on)) }
        (state(site, hospital, was))
        (table(site, &format!("{}, then and now", hospital.short_name()), pairs.get(..2).unwrap_or_default()))
    }
}

fn section(site: &Site<'_>, up: &str, body: Markup) -> Markup {
    html! {
        section.changes aria-labelledby="changed" {
            div.wide {
                h2 #changed { "What changed since last time" }
                @match site.before {
                    Before::Nothing => {
                        p.measure { "No release of this study was approved before this one, so there is nothing yet to compare it with." }
                    }
                    Before::NotKept { approved_on } => {
                        p.measure {
                            "A release was approved on " (words::date(approved_on)) ", but its files are not kept here in a form that can be read, so "
                            "nothing can be set beside this one."
                        }
                    }
                    Before::Release { release, approved_on } => {
                        p.measure {
                            "Beside the release approved on " (words::date(approved_on)) ", with records up to "
                            (words::date(&release.manifest().as_of)) ". Every number here is rounded, so a small change can be rounding alone; "
                            "that is why we show both numbers and not the difference."
                        }
                        (body)
                        (rules(release.manifest(), site.manifest))
                        p { a href={ (up) "methods.html" } { "How this was counted" } }
                    }
                }
            }
        }
    }
}

/// People living on the last day of each release, and on the day of the earlier one as it is counted now.
fn living<'a>(site: &'a Site<'_>, place: Place<'_>) -> Vec<Pair<'a>> {
    let Some(earlier) = &site.earlier else {
        return Vec::new();
    };
    let place_then = if place.kind == "country" {
        earlier.country()
    } else {
        place
    };
    let was = earlier.figures.latest(place_then, "living");
    let now = site.figures.latest(place, "living");
    let mut pairs = Vec::new();
    let mut add =
        |about: &str, was: Option<(&'a str, ReleasedRow<'a>)>, now: Option<(&'a str, ReleasedRow<'a>)>| {
            for (column, words) in [
                ("estimate", "Estimated"),
                ("found", "Found in records"),
                ("recorded", "Of these, recorded by a hospital"),
            ] {
                // An estimate that is hidden is no missing one.
                let of = |(day, row): (&'a str, ReleasedRow<'a>)| {
                    let figure = row.figure(column);
                    let is_there = column != "estimate" || parts::estimated(row) || figure.is_hidden();
                    is_there.then_some((figure, day))
                };
                let (was, now) = (was.and_then(of), now.and_then(of));
                if was.is_some() || now.is_some() {
                    let words = format!("{words}{about}");
                    pairs.push(Pair { words, was, now });
                }
            }
        };
    add("", was, now);
    if let (Some((then, row)), Some((today, _))) = (was, now)
        && then != today
        && let Some(again) = site.figures.total(place, "living", then)
    {
        let about = format!(": {}, counted again", words::period(then));
        add(&about, Some((then, row)), Some((then, again)));
    }
    pairs
}

const LINES: [(&str, &str); 6] = [
    ("found", "People found for the first time"),
    ("recorded", "Of these, recorded by a hospital"),
    ("found_elsewhere", "People with signs in other records"),
    ("recorded_of_elsewhere", "Of these, recorded by a hospital"),
    ("found_only_at_death", "Found only at death"),
    ("median_days_to_record", "Days from first sign to record (median)"),
];

fn completeness<'a>(
    site: &'a Site<'_>,
    hospital: &Hospital<'a>,
    was: ReleasedRow<'a>,
    period: &'a str,
) -> Vec<Pair<'a>> {
    let pair = |(column, words): (&str, &str)| Pair {
        words: words.to_owned(),
        was: Some((was.figure(column), period)),
        now: hospital
            .row
            .map(|row| (row.figure(column), site.manifest.state_period.as_str())),
    };
    LINES.into_iter().map(pair).collect()
}

fn table(site: &Site<'_>, words: &str, pairs: &[Pair<'_>]) -> Markup {
    let one = one_period(pairs);
    let words = match one {
        Some(period) => format!(
            "{words}, {}: the release before, and this one",
            words::period(period)
        ),
        None => format!("{words}: the release before, and this one"),
    };
    html! {
        @if pairs.is_empty() {
            p.measure { "Neither release has a figure that could be set beside the other here." }
        } @else {
            table.figures {
                (caption(site, &words))
                thead { tr { th scope="col" { "Figure" } th scope="col" { "Was" } th scope="col" { "Now" } } }
                tbody { @for pair in pairs { tr { th scope="row" { (pair.words) } (cells(pair, one.is_none())) } } }
            }
        }
    }
}

/// The period of every figure of a table, where there is but one.
fn one_period<'a>(pairs: &[Pair<'a>]) -> Option<&'a str> {
    let mut periods = pairs.iter().flat_map(|pair| [pair.was, pair.now]).flatten();
    let (_, first) = periods.next()?;
    periods.all(|(_, period)| period == first).then_some(first)
}

fn cells(pair: &Pair<'_>, dated: bool) -> Markup {
    let hidden = |side: Option<(Figure, &str)>| side.is_some_and(|(figure, _)| figure.is_hidden());
    let cell = |side: Option<(Figure, &str)>, none: &str| {
        html! {
            td {
                @match side {
                    Some((figure, period)) => {
                        (words::figure(figure))
                        @if dated { span.under { (words::period(period)) } }
                    }
                    None => { span.empty { (none) } }
                }
            }
        }
    };
    html! {
        @if hidden(pair.was) || hidden(pair.now) {
            td colspan="2" { span.empty { "hidden in one of the two, so not set side by side" } }
        } @else {
            (cell(pair.was, "not in that release"))
            (cell(pair.now, "not in this release"))
        }
    }
}

/// A hospital's state then and now, in words.
fn state(site: &Site<'_>, hospital: &Hospital<'_>, was: ReleasedRow<'_>) -> Markup {
    let then = state_of(was);
    html! {
        @if then == hospital.state {
            p.measure { "State: " strong { (site.words(then)) } ", then and now." }
        } @else {
            p.measure {
                "State: was " strong { (site.words(then)) } ", now " strong { (site.words(hospital.state)) } "."
            }
        }
    }
}

/// How many hospitals were in each state, then and now.
fn states(site: &Site<'_>) -> Markup {
    let Some(earlier) = &site.earlier else {
        return html! {};
    };
    let then = earlier.states();
    let count = |state: State| then.iter().filter(|one| **one == state).count();
    let rows: Vec<(State, usize, usize)> = State::ALL
        .into_iter()
        .map(|state| (state, count(state), site.in_state(None, state)))
        .filter(|(_, was, now)| was + now > 0)
        .collect();
    html! {
        @if !then.is_empty() && !site.hospitals.is_empty() {
            table.figures {
                (caption(site, "Hospital trusts and boards in each state: the release before, and this one"))
                thead { tr { th scope="col" { "State" } th scope="col" { "Was" } th scope="col" { "Now" } } }
                tbody {
                    @for (state, was, now) in rows {
                        tr { th scope="row" { (parts::state(site, state)) } td { (was) } td { (now) } }
                    }
                }
            }
        }
    }
}

/// What changed in how the figures are made, in words.
fn rules(was: &PublicManifest, now: &PublicManifest) -> Markup {
    let compared = [
        (
            "case definition",
            &was.definition,
            &now.definition,
            "who counts as a case",
        ),
        (
            "disclosure rule",
            &was.policy,
            &now.policy,
            "which numbers are hidden, and how the others are rounded",
        ),
        (
            "program",
            &was.program,
            &now.program,
            "how records are read, linked and counted",
        ),
        (
            "records covered",
            &was.coverage,
            &now.coverage,
            "where and when people could be found",
        ),
    ];
    let changed: Vec<_> = compared
        .into_iter()
        .filter(|(_, was, now, _)| was != now)
        .collect();
    html! {
        @if changed.is_empty() && was.as_of == now.as_of {
            p.measure { "Case definition, disclosure rule, program and coverage are the same as then." }
        } @else {
            p.measure { "Part of any change may come from how we count:" }
            ul.measure {
                @for (what, was, now, about) in changed {
                    li { "The " (what) " was " strong { (was) } ", now " strong { (now) } ". It decides " (about) "." }
                }
                @if was.as_of != now.as_of {
                    li {
                        "Records went up to " strong { (words::date(&was.as_of)) } " then, and go up to "
                        strong { (words::date(&now.as_of)) } " now: the last period is another, and more of its records may have come."
                    }
                }
            }
        }
    }
}
