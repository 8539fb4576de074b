//! The front page: one number, how sure we are, how it checks itself, and the way to one's own hospital. On the site
//! of an invented nation, real figures of the United Kingdom stand last and apart.

use maud::{Markup, html};
use protect::{Figure, State as Answer};

use crate::chart;
use crate::figures::Place;
use crate::map;
use crate::open;
use crate::page::{Menu, Page, caption, page as frame, reasons, source};
use crate::pages::{changes, kingdom, network, parts, reports, years};
use crate::site::Site;
use crate::state::State;
use crate::words;

pub(crate) fn page(site: &Site<'_>) -> Page {
    let content = html! {
        (hero(site))
        (everyone(site))
        (meaning(site))
        (hospitals(site))
        (checks(site, site.country(), ""))
        section.band aria-labelledby="years" {
            div.wide {
                h2 #years { "Year by year" }
                (years::years(site, site.country(), &site.country_name, ""))
            }
        }
        (changes::of_country(site))
        (nations(site))
        section aria-labelledby="report" {
            div.wide {
                h2 #report { "To print and to pass on" }
                p { "The whole count on a few sheets of A4, made anew with each release." }
                p { a.button href=(reports::STATE_OF_THE_NATION) { "State of the nation" } }
            }
        }
        @if let Some(figures) = &site.public_figures { (kingdom::section(figures)) }
    };
    let title = "How many people are living with secondary breast cancer?";
    frame(site, "index.html", Menu::Count, title, content)
}

fn hero(site: &Site<'_>) -> Markup {
    let country = site.country();
    let latest = site.figures.latest(country, "living");
    html! {
        section.hero aria-labelledby="question" {
            div.wide {
                h1 #question { "How many people are living with secondary breast cancer?" }
                @match latest {
                    Some((day, row)) => {
                        div.columns {
                            div.lead {
                                (parts::answer(row, &site.country_name, day))
                                (source(site, "", parts::method(row), &words::period(day), &parts::range(row)))
                            }
                            div {
                                (chart::share(site, "share", row, chart::Base::Found))
                                (parts::why_not_as_many(row))
                                (open::links(site, "", country, open::Chart::Share))
                            }
                        }
                    }
                    None => {
                        p.answer { span.words { "This release has no figure for the people living with it in " (site.country_name) "." } }
                    }
                }
            }
        }
    }
}

/// The picture of everyone, where the country's figures are shown.
fn everyone(site: &Site<'_>) -> Markup {
    let latest = site.figures.latest(site.country(), "living");
    let Some((day, dots)) = latest.and_then(|(day, row)| Some((day, chart::Dots::of(row)?))) else {
        return html! {};
    };
    html! {
        section.band aria-labelledby="everyone" {
            div.wide {
                h2 #everyone { "Everyone, and who is not counted" }
                (chart::dots(site, "dots", dots))
                (open::dots_links())
                (source(
                    site,
                    "",
                    "Released numbers of the whole country, to the nearest dot; a dot has no place and is nobody in particular",
                    &words::period(day),
                    if dots.is_ranged() { "as the band says" } else { parts::FOUND },
                ))
            }
        }
    }
}

fn meaning(site: &Site<'_>) -> Markup {
    html! {
        section aria-labelledby="meaning" {
            div.wide.columns {
                div {
                    h2 #meaning { "What this number says" }
                    p {
                        "Secondary breast cancer is breast cancer that has spread to another part of the body. It is also called "
                        "metastatic, advanced or stage 4 breast cancer. It can be treated, often for years, but not cured."
                    }
                    p {
                        "Hospitals are asked to record every person who has it. Many people are not recorded. So we also look in the "
                        "records of treatment, hospital stays and deaths that already exist, and count the people they show."
                    }
                }
                div {
                    h2 { "What it does not say" }
                    p {
                        "It may not be everyone. Nobody can know of a person whom no record shows: where it says "
                        "“perhaps more”, that is why. Small numbers are hidden and the others are rounded, so that nobody can be recognised."
                    }
                    p {
                        "If you have secondary breast cancer: being counted or not changes nothing about your care."
                        @if site.sourced.is_some() { " " a href="am-i-counted.html" { "Am I counted?" } }
                    }
                    p { a href="methods.html" { "How we count, step by step" } }
                }
            }
        }
    }
}

fn hospitals(site: &Site<'_>) -> Markup {
    let in_scope = site.in_scope(None);
    html! {
        @if !site.hospitals.is_empty() {
            section.band aria-labelledby="hospitals" {
                div.wide.columns {
                    div {
                        h2 #hospitals { "Is my hospital counting?" }
                        p {
                            "Hospital trusts and boards with a breast service in this count: " (words::number(in_scope as i64)) ". "
                            "For each, we compare the people it was asked to record with the people whom other records show."
                        }
                        p { a.button href="hospitals/index.html" { "Find a hospital" } }
                        (map::legend(site, None))
                    }
                    a.map-link href="hospitals/index.html" { (map::picture(site, "Map of hospitals by how much they record")) }
                }
            }
        }
    }
}

/// Three figures by which a count checks itself, of the country or of a nation.
pub(super) fn checks(site: &Site<'_>, place: Place<'_>, up: &str) -> Markup {
    // A part of a year holds a part of the deaths: only whole years can be compared with the people living.
    let died = site
        .figures
        .periods(place, "died")
        .into_iter()
        .rev()
        .find(|(period, row)| {
            let figure = row.figure("found");
            !period.contains('/') && (figure.number().is_some() || figure.is_hidden())
        });
    let year = died.map_or("", |(period, _)| period);
    let [in_year, date] = if year.is_empty() {
        ["a year", "no whole year in this release"].map(str::to_owned)
    } else {
        [year, year].map(words::period)
    };
    let (low, high) = site.facts.usual_living_over_deaths;
    let usual = format!("From {low} to {high} is usual; outside it, people may be missing or counted twice.");
    let deaths = died.map(|(_, row)| row.figure("found"));
    let living = site
        .figures
        .total(place, "living", &format!("{year}-12-31"))
        .map(|row| row.figure("found"));
    let new = site
        .figures
        .total(place, "new", year)
        .map(|row| row.figure("found"));
    html! {
        section aria-labelledby="checks" {
            div.wide {
                h2 #checks { "How sure are we?" }
                p.measure {
                    "A count can be checked against itself. These three figures do not prove it right, but they show when it is wrong."
                }
                div.cards {
                    div.card {
                        h3 { "Living for each death" }
                        p.figure { (ratio(living, deaths)) }
                        p {
                            "People found living with it, for each person found with it who died, of any cause, in " (in_year)
                            ". " (usual)
                        }
                    }
                    div.card {
                        h3 { "New for each death" }
                        p.figure { (ratio(new, deaths)) }
                        p {
                            "People found to have it for the first time in " (in_year) ", for each who died with it. "
                            "Well below 1 would mean that new cases are being missed."
                        }
                    }
                    div.card {
                        h3 { "Found only at death" }
                        p.figure { (only_at_death(site, place, year)) }
                        p {
                            "People in no earlier record that we hold. The fewer they are, the fuller the records."
                        }
                    }
                }
                (source(site, up, "Released numbers, each over the other", &date, "none: a ratio of two released numbers"))
            }
        }
    }
}

/// One released number over another, with one decimal; only where the number below is large enough to carry it.
fn ratio(above: Option<Figure>, below: Option<Figure>) -> Markup {
    let numbers = (above.and_then(Figure::whole), below.and_then(Figure::whole));
    html! {
        @match numbers {
            (Some(above), Some(below)) if below >= 20 => {
                @let tenths = (above * 20 + below) / (below * 2);
                (tenths / 10) "." (tenths % 10)
            }
            (Some(_), Some(_)) => { span.empty { (words::empty(Answer::TooFew)) } }
            _ => {
                @let hidden = [above, below].into_iter().flatten().any(Figure::is_hidden);
                span.empty { (words::empty(if hidden { Answer::Suppressed } else { Answer::NotComputable })) }
            }
        }
    }
}

/// From the table of checks. The hospitals' own figures are of other months, and do not stand for it.
fn only_at_death(site: &Site<'_>, place: Place<'_>, year: &str) -> Markup {
    let checked = site.release.table("checks").and_then(|table| {
        table.rows().find(|row| {
            row.text("name") == "found_only_at_death"
                && row.text("place") == place.name
                && row.text("period") == year
        })
    });
    html! {
        @match checked {
            Some(row) => { (words::figure(row.figure("people"))) }
            None => { span.empty { (words::empty(Answer::NotComputable)) } }
        }
    }
}

pub(super) fn nations(site: &Site<'_>) -> Markup {
    if site.nations.len() < 2 {
        return html! {};
    }
    let rows: Vec<_> = site
        .nations
        .iter()
        .map(|nation| {
            let place = Place {
                kind: "nation",
                name: nation,
            };
            (nation, site.figures.latest(place, "living").map(|(_, row)| row))
        })
        .collect();
    let found = |row: &Option<protect::ReleasedRow<'_>>, column| row.map(|r| r.figure(column));
    let answers = rows
        .iter()
        .flat_map(|(_, row)| [found(row, "found"), found(row, "recorded")])
        .flatten();
    html! {
        section aria-labelledby="nations" {
            div.wide {
                h2 #nations { "Nation by nation" }
                table.figures {
                    (caption(site, "People found living with secondary breast cancer, and of these recorded"))
                    thead {
                        tr {
                            th scope="col" { "Nation" }
                            th scope="col" { "Found" }
                            th scope="col" { "Recorded" }
                            th scope="col" { "Hospitals " (site.words(State::Collecting).to_lowercase()) ", of those that can be judged" }
                        }
                    }
                    tbody {
                        @for (nation, row) in &rows {
                            tr {
                                th scope="row" { a href={ "nations/" (words::slug(nation)) ".html" } { (nation) } }
                                @for column in ["found", "recorded"] {
                                    td {
                                        @match found(row, column) {
                                            Some(figure) => { (words::figure(figure)) }
                                            None => { span.empty { "not counted" } }
                                        }
                                    }
                                }
                                td { (site.in_state(Some(nation), State::Collecting)) " of " (site.judged(Some(nation))) }
                            }
                        }
                    }
                }
                (reasons(answers.map(Figure::state).collect()))
                (source(site, "", "People found in records, recorded or not", &nation_days(site), parts::FOUND))
                p { a href="nations/index.html" { "The nations side by side, and what was promised" } }
                @if !site.networks.is_empty() { p { a href="nations/index.html#areas" { (network::ALL) } } }
                p { a href="who.html" { "Who is counted: by age, sex and other groups" } }
            }
        }
    }
}

/// The day, or days, on which the nations' people were living.
fn nation_days(site: &Site<'_>) -> String {
    let mut days: Vec<String> = site
        .nations
        .iter()
        .filter_map(|nation| {
            site.figures.latest(
                Place {
                    kind: "nation",
                    name: nation,
                },
                "living",
            )
        })
        .map(|(day, _)| words::period(day))
        .collect();
    days.dedup();
    days.join(", ")
}
