//! Who is counted: found and recorded by age, sex, and other groups where the sources carry them, nation by nation.
//!
//! Invariants: from the release alone; a group that nobody recorded is a group of its own, last; a hidden group stands
//! with its reason and draws no bar.

use maud::{Markup, html};
use protect::{ReleasedRow, State as Answer};

use crate::chart::{self, People};
use crate::figures::Place;
use crate::open;
use crate::page::{Menu, Page, page as frame, reasons, source};
use crate::pages::parts;
use crate::site::Site;
use crate::words;

/// A nation and the day on which its people were living.
type Living<'a> = (&'a str, &'a str);

pub(crate) fn page(site: &Site<'_>) -> Page {
    let nations = living(site);
    let content = html! {
        div.wide.top {
            h1 { "Who is counted" }
            p.intro { "People found living with secondary breast cancer, group by group, and how many of them a hospital had recorded." }
            p.measure {
                "If some groups are recorded less than others, they are also planned for less. These groups are shown for whole "
                "nations only, never for a hospital, so that nobody can be recognised."
            }
        }
        @for (at, split) in splits(site, &nations).iter().enumerate() { (section(site, &nations, split, at % 2 == 1)) }
        (missing(site, &nations))
    };
    frame(site, "who.html", Menu::Count, "Who is counted", content)
}

/// The nations that have people living on a day.
fn living<'s>(site: &'s Site<'_>) -> Vec<Living<'s>> {
    let latest =
        |nation: &'s String| Some((nation.as_str(), site.figures.latest(place(nation), "living")?.0));
    site.nations.iter().filter_map(latest).collect()
}

fn place(nation: &str) -> Place<'_> {
    Place {
        kind: "nation",
        name: nation,
    }
}

/// A way to split people: a column of `counts`, or a kind of group.
struct Split<'a> {
    /// The column, or `group`.
    column: &'static str,
    /// The kind of group, where it is one.
    group: &'a str,
    heading: String,
    words: &'static str,
}

impl Split<'_> {
    fn id(&self) -> String {
        format!("by-{}", words::slug(&self.heading))
    }
}

fn splits<'a>(site: &Site<'a>, nations: &[Living<'_>]) -> Vec<Split<'a>> {
    let column = |column, heading: &str, words| Split {
        column,
        group: "",
        heading: heading.to_owned(),
        words,
    };
    let mut splits = vec![
        column(
            "age_band",
            "Age",
            "Age on the day. Secondary breast cancer is found at every adult age.",
        ),
        column(
            "sex",
            "Sex",
            "Men have it too. They are few, so in many places their number is hidden.",
        ),
        column(
            "kind",
            "How it began",
            "Whether breast cancer had already spread when it was first found, or came back later.",
        ),
    ];
    let mut kinds: Vec<&str> = nations
        .iter()
        .flat_map(|(nation, _)| site.figures.group_kinds(place(nation), "living"))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    splits.extend(kinds.into_iter().map(|kind| Split {
        column: "group",
        group: kind,
        heading: words::capital(&kind.replace('_', " ")),
        words: "As the records state it. “Not recorded” is a group of its own: its people may belong to any of the others.",
    }));
    splits
}

fn rows<'a>(
    site: &Site<'a>,
    (nation, day): Living<'_>,
    split: &Split<'_>,
) -> Vec<(&'a str, ReleasedRow<'a>)> {
    let mut rows = if split.column == "group" {
        site.figures.groups(place(nation), "living", day, split.group)
    } else {
        site.figures.split(place(nation), "living", day, split.column)
    };
    rows.sort_by_key(|(value, _)| parts::in_order(value));
    rows
}

fn section(site: &Site<'_>, nations: &[Living<'_>], split: &Split<'_>, band: bool) -> Markup {
    let id = split.id();
    let all = nations
        .iter()
        .map(|nation| (nation.1, panel(site, *nation, split)));
    let shown: Vec<(&str, Panel<'_>)> = all.filter(|(_, panel)| !panel.rows.is_empty()).collect();
    // One scale for all that stand side by side: a bar of one nation is as long as the same number of another's.
    let most = chart::people_most(shown.iter().flat_map(|(_, panel)| &panel.people));
    let states = shown
        .iter()
        .flat_map(|(_, panel)| &panel.rows)
        .flat_map(|row| ["found", "recorded"].map(|column| row.figure(column).state()));
    html! {
        @if !shown.is_empty() {
            section.band[band] aria-labelledby=(id) {
                div.wide {
                    h2 #(id) { (split.heading) }
                    p.measure { (split.words) }
                    (chart::people_key(chart::people_unsplit(shown.iter().flat_map(|(_, panel)| &panel.people))))
                    div.multiples {
                        @for (_, panel) in &shown {
                            div {
                                (chart::people(site, &panel.id, &panel.title, &panel.people, most))
                                (open::who_links(&panel.id))
                            }
                        }
                    }
                    (reasons(states.filter(|state| *state != Answer::Zero).collect()))
                    (source(site, "", "People found in records, recorded or not", &days(&shown), parts::FOUND))
                }
            }
        }
    }
}

/// One chart: a nation's people by one split.
pub(crate) struct Panel<'a> {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) people: Vec<People>,
    pub(crate) rows: Vec<ReleasedRow<'a>>,
}

/// Every chart of the page.
pub(crate) fn panels<'a>(site: &Site<'a>) -> Vec<Panel<'a>> {
    let nations = living(site);
    let splits = splits(site, &nations);
    let all = splits
        .iter()
        .flat_map(|split| nations.iter().map(move |nation| panel(site, *nation, split)));
    all.filter(|panel| !panel.rows.is_empty()).collect()
}

fn panel<'a>(site: &Site<'a>, (nation, day): Living<'_>, split: &Split<'_>) -> Panel<'a> {
    let rows = rows(site, (nation, day), split);
    let people = rows.iter().map(|(value, row)| People {
        name: parts::value_words(split.column, value),
        link: None,
        found: row.figure("found"),
        recorded: row.figure("recorded"),
    });
    Panel {
        id: format!("{}-{}", split.id(), words::slug(nation)),
        title: format!(
            "{nation}, {}: people found living with it by {}",
            words::period(day),
            split.heading.to_lowercase()
        ),
        people: people.collect(),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    }
}

/// The days of the panels, once each.
fn days(shown: &[(&str, Panel<'_>)]) -> String {
    let mut days: Vec<String> = shown.iter().map(|(day, _)| words::period(day)).collect();
    days.dedup();
    days.join(", ")
}

/// What the release does not split by.
fn missing(site: &Site<'_>, nations: &[Living<'_>]) -> Markup {
    let has = |kind: &str| {
        nations
            .iter()
            .any(|(nation, _)| site.figures.group_kinds(place(nation), "living").contains(&kind))
    };
    let absent: Vec<&str> = ["ethnicity", "deprivation"]
        .into_iter()
        .filter(|kind| !has(kind))
        .collect();
    html! {
        @if !absent.is_empty() {
            section aria-labelledby="not-shown" {
                div.wide {
                    h2 #not-shown { "What is not shown" }
                    p.measure {
                        "This release is not split by " (absent.join(" or by ")) ". Some sources carry it, others do not; "
                        "as long as it is missing, nobody can say whether everyone is found and recorded alike."
                    }
                }
            }
        }
    }
}
