//! Care as the records show it: each standard's questions, nation by nation, with how much of it is recorded first.
//!
//! Invariants: from the release alone; nations in order of name, never of a figure; no share where too little is known; no
//! hospital, and nothing of what came of treatment.

use maud::{Markup, html};
use protect::{ReleasedRow, ReleasedTable, State};

use crate::chart::{self, Answers, ENOUGH_PERCENT};
use crate::open;
use crate::page::{Menu, Page, on_this_page, page as frame, reasons, source};
use crate::site::Site;
use crate::sourced::Standards;
use crate::words;

pub(crate) const PATH: &str = "care-measured.html";

/// The tables of the release that have questions of care.
const TABLES: [&str; 3] = ["care", "care_of_all", "care_at_least"];

/// A question with its answers in one year.
pub(crate) struct Question<'a> {
    pub(crate) id: &'a str,
    title: &'a str,
    pub(crate) table: &'static str,
    pub(crate) answers: Vec<Answers>,
    pub(crate) rows: Vec<ReleasedRow<'a>>,
    standard: usize,
    caution: &'a str,
    by_form: bool,
    period: &'a str,
}

impl Question<'_> {
    /// What is asked, and of which year: on the page and on a picture that leaves it, since without its year an answer of
    /// the year before the last reads as one of today.
    pub(crate) fn heading(&self) -> String {
        format!("{}, {}", self.title, words::period(self.period))
    }
}

/// Every question of the release, in order of standard and name.
pub(crate) fn questions<'a>(site: &Site<'a>) -> Vec<Question<'a>> {
    let tables = TABLES.map(|table| (table, of_nations(site, table)));
    let Some(year) = year(tables.iter().flat_map(|(_, rows)| rows.iter().copied())) else {
        return Vec::new();
    };
    let mut questions: Vec<Question<'a>> = Vec::new();
    for (table, rows) in tables {
        let mut ids: Vec<&str> = rows.iter().map(|row| row.text("indicator")).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let of: Vec<ReleasedRow<'a>> = rows
                .iter()
                .copied()
                .filter(|row| row.text("indicator") == id)
                .collect();
            questions.extend(question(table, id, &of, year));
        }
    }
    questions.sort_by_key(|question| (question.standard, question.id));
    questions
}

fn of_nations<'a>(site: &Site<'a>, table: &str) -> Vec<ReleasedRow<'a>> {
    let rows = site
        .release
        .table(table)
        .into_iter()
        .flat_map(ReleasedTable::rows);
    rows.filter(|row| row.text("place_kind") == "nation").collect()
}

/// What has figures of other years only, in order of name: it is not on the page, and is named there.
fn absent<'a>(site: &Site<'a>, questions: &[Question<'_>]) -> Vec<&'a str> {
    let rows = TABLES.into_iter().flat_map(|table| of_nations(site, table));
    let missing = |row: &ReleasedRow<'a>| questions.iter().all(|one| one.id != row.text("indicator"));
    let mut titles: Vec<&'a str> = rows.filter(missing).map(|row| row.text("title")).collect();
    titles.sort_unstable();
    titles.dedup();
    titles
}

/// A question in a year; none where it was not asked of that year.
fn question<'a>(
    table: &'static str,
    id: &'a str,
    rows: &[ReleasedRow<'a>],
    period: &'a str,
) -> Option<Question<'a>> {
    let mut rows: Vec<ReleasedRow<'a>> = rows
        .iter()
        .copied()
        .filter(|row| row.text("period") == period)
        .collect();
    rows.sort_by_key(|row| row.text("place"));
    let first = rows.first().copied()?;
    let of = match table {
        "care" => Answers::of,
        "care_of_all" => Answers::of_all,
        _ => Answers::at_least,
    };
    Some(Question {
        id,
        title: first.text("title"),
        table,
        answers: rows.iter().map(|row| of(row.text("place"), *row)).collect(),
        rows,
        standard: first.text("standard").parse().unwrap_or_default(),
        caution: first.text("caution"),
        by_form: first.text("reported") == "form",
        period,
    })
}

/// The last whole year but one of all questions: of the last, records still come in. The last where there is no other,
/// and the last part of a year in a study without a whole one.
fn year<'a>(rows: impl Iterator<Item = ReleasedRow<'a>>) -> Option<&'a str> {
    let mut periods: Vec<&str> = rows.map(|row| row.text("period")).collect();
    periods.sort_unstable();
    periods.dedup();
    let (parts, years): (Vec<&str>, Vec<&str>) = periods.into_iter().partition(|period| is_part(period));
    let whole = years.iter().rev().nth(1).or(years.last());
    whole.or(parts.last()).copied()
}

/// Whether a period is a part of a year, which is named by its days.
fn is_part(period: &str) -> bool {
    period.contains('/')
}

pub(crate) fn page(site: &Site<'_>, standards: &Standards) -> Page {
    let questions = questions(site);
    let groups = groups(&questions, standards);
    let unknown = questions
        .iter()
        .flat_map(|one| &one.answers)
        .any(Answers::nothing_certain);
    let content = html! {
        div.wide.top {
            nav.crumbs aria-label="Breadcrumb" { a href="care.html" { "Care to expect" } }
            h1 { "Care, as the records show it" }
            p.intro { "For each of the eleven standards: what national records say of whole nations, and how much they leave out." }
            p.measure {
                "An answer that nobody recorded is not a no. So each figure stands beside how many answers are known, and where fewer "
                "than " (ENOUGH_PERCENT) "% are, only what is certain is shown. Hospitals are not compared here, and nothing here says what came of "
                "treatment."
            }
            @if !questions.is_empty() { (on_this_page(&headings(&groups))) }
        }
        @if questions.is_empty() { div.wide { p { "There are no figures of care in this release." } } }
        @else {
            section aria-labelledby="key" { div.wide { h2.visually-hidden #key { "How to read the charts" } (chart::answers_key(unknown)) } }
            @for (at, group) in groups.iter().enumerate() { (section(site, group, at % 2 == 0)) }
            (notes(site, &questions))
        }
    };
    frame(site, PATH, Menu::Care, "Care, as the records show it", content)
}

/// The headings of the page, in order.
fn headings(groups: &[Group<'_, '_>]) -> Vec<(String, String)> {
    let of_groups = groups
        .iter()
        .map(|group| (group.id.clone(), group.heading.clone()));
    of_groups
        .chain([("notes".to_owned(), NOTES.to_owned())])
        .collect()
}

/// The heading under which it says where the figures come from.
const NOTES: &str = "About these figures";

/// A standard, or what stands beside them, with its questions.
struct Group<'q, 'a> {
    id: String,
    heading: String,
    text: String,
    questions: Vec<&'q Question<'a>>,
}

fn groups<'q, 'a>(questions: &'q [Question<'a>], standards: &Standards) -> Vec<Group<'q, 'a>> {
    let of = |number: usize| {
        questions
            .iter()
            .filter(|one| one.standard == number)
            .collect::<Vec<_>>()
    };
    let mut groups: Vec<Group<'q, 'a>> = standards
        .standard
        .iter()
        .map(|one| Group {
            id: format!("standard-{}", one.number),
            heading: format!("{}. {}", one.number, one.title),
            text: one.text.clone(),
            questions: of(one.number),
        })
        .collect();
    groups.push(Group {
        id: "beside".to_owned(),
        heading: "Beside the standards".to_owned(),
        text: "How secondary breast cancer came to be found, and treatment that records show.".to_owned(),
        questions: of(0),
    });
    groups.retain(|group| !group.questions.is_empty());
    groups
}

fn section(site: &Site<'_>, group: &Group<'_, '_>, band: bool) -> Markup {
    html! {
        section.band[band] aria-labelledby=(group.id) {
            div.wide {
                h2 #(group.id) { (group.heading) }
                p.measure { (group.text) }
                div.questions { @for one in &group.questions { (panel(site, one)) } }
            }
        }
    }
}

/// Why numbers are missing, and where all of them come from: once for the page.
fn notes(site: &Site<'_>, questions: &[Question<'_>]) -> Markup {
    let answers = questions.iter().flat_map(|one| &one.answers);
    let states = answers.map(|answers| answers.hidden().state());
    let mut years: Vec<&str> = questions.iter().map(|one| one.period).collect();
    years.sort_unstable();
    years.dedup();
    let part = years.iter().any(|year| is_part(year));
    let years: Vec<String> = years.into_iter().map(words::period).collect();
    let absent = absent(site, questions);
    html! {
        section aria-labelledby="notes" {
            div.wide {
                h2 #notes { (NOTES) }
                (reasons(states.filter(|state| *state != State::Zero).collect()))
                (source(site, "", "Answers in the records of hospitals, counted under the definition of each question", &years.join(", "),
                    "95% range by chance and rounding alone; the band says what missing answers could change"))
                @if !absent.is_empty() {
                    p.measure { "Of " (years.join(", ")) " there is no figure for: " (absent.join("; ")) "." }
                }
                p.measure {
                    @if part { "No year is whole here, so each question is about the last part of a year; records of it still come in. " }
                    @else { "Each question is about the last whole year but one, since records of the last still come in. " }
                    "All years are in the tables "
                    code { "care" } ", " code { "care_of_all" } " and " code { "care_at_least" } " of the " a href="data.html" { "open data" } "."
                }
            }
        }
    }
}

fn panel(site: &Site<'_>, one: &Question<'_>) -> Markup {
    html! {
        div {
            (chart::answers(site, &format!("care-{}", one.id), &one.heading(), &one.answers))
            p.under { @if one.by_form { "Told on a form, by hospitals or people themselves. " } (one.caution) }
            (open::care_links(one.id))
        }
    }
}
