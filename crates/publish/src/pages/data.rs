//! The data to download, and what every column means.

use maud::{Markup, html};
use protect::{ColumnKind, ReleasedTable, State as Answer};

use crate::page::{Menu, Page, caption, on_this_page, page as frame};
use crate::site::Site;
use crate::words;

pub(crate) fn page(site: &Site<'_>) -> Page {
    let content = html! {
        div.wide.top {
            h1 { "Data to download" }
            p.intro { "The numbers behind every page and chart, as plain tables that any spreadsheet opens." }
            (on_this_page(&headings(site)))
        }
        div.wide.text {
            (which(site))
            section aria-labelledby="files" {
                h2 #files { "Files" }
                table.figures {
                    (caption(site, "Files of this release"))
                    thead { tr { th scope="col" { "File" } th scope="col" { "What is in it" } th scope="col" { "Rows" } } }
                    tbody {
                        @for table in site.release.tables() {
                            tr {
                                th scope="row" { a href={ "data/" (table.name()) ".csv" } download { (table.name()) ".csv" } }
                                td { (table.about()) }
                                td.number { (words::number(table.len() as i64)) }
                            }
                        }
                        (other("datapackage.json", "What every column holds, for programs (Frictionless Data Package)"))
                        (other("manifest.json", "Facts about the run, and a fingerprint (BLAKE3) of every table"))
                    }
                }
                @if let Some(notice) = site.manifest.notice() {
                    p { "The first column of every table says: " strong { (notice) "." } }
                }
                p { "Columns that end in " code { "_state" } " say why the number before them is, or is not, shown:" }
                dl.plain { @for state in Answer::all() { div { dt { code { (state.as_str()) } } dd { (state.meaning()) } } } }
            }
            (for_programs())
            @for table in site.release.tables() { (dictionary(site, table)) }
        }
    };
    frame(site, "data.html", Menu::Data, "Data to download", content)
}

/// Every heading of the page, in order.
fn headings(site: &Site<'_>) -> Vec<(String, String)> {
    let own = |(id, words): (&str, &str)| (id.to_owned(), words.to_owned());
    let mut headings = Vec::new();
    if !site.release.tables().is_empty() {
        headings.push(own(("which", WHICH)));
    }
    headings.extend([("files", "Files"), ("api", "For programs")].map(own));
    let of = |table: &ReleasedTable| (id(table), format!("Columns of {}", table.name()));
    headings.extend(site.release.tables().iter().map(of));
    headings
}

/// Where the columns of a table stand.
fn id(table: &ReleasedTable) -> String {
    format!("table-{}", table.name())
}

const WHICH: &str = "Which file do I want?";
const COMPLETENESS: &str = "data/completeness";

/// What somebody may want to know, and the files that say it, without their ending.
const QUESTIONS: [(&str, &[&str]); 5] = [
    ("How many people, where, and in which year?", &["data/counts"]),
    ("How completely does each hospital record?", &[COMPLETENESS]),
    ("Which hospitals record, as on the map?", &["charts/map"]),
    (
        "What care do people get?",
        &["data/care", "data/care_of_all", "data/care_at_least"],
    ),
    ("How does the count check itself?", &["data/checks"]),
];

/// Whether this site has a file: a table, or the figures of the map.
fn is_there(site: &Site<'_>, file: &str) -> bool {
    match file.strip_prefix("data/") {
        Some(table) => site.release.table(table).is_some(),
        None => {
            let placed = site.hospitals.iter().any(|h| h.organisation.latitude.is_some());
            placed && site.release.table("completeness").is_some()
        }
    }
}

/// The questions that some file of this site answers.
fn which(site: &Site<'_>) -> Markup {
    let there = |file: &&str| is_there(site, file);
    let answered = QUESTIONS.into_iter().filter_map(|(question, files)| {
        let files: Vec<&str> = files.iter().copied().filter(there).collect();
        (!files.is_empty()).then_some((question, files))
    });
    html! {
        @if !site.release.tables().is_empty() {
            section aria-labelledby="which" {
                h2 #which { (WHICH) }
                table.figures.facts {
                    (caption(site, "Questions, and the files that answer them"))
                    thead { tr { th scope="col" { "To know" } th scope="col" { "File" } } }
                    tbody {
                        @for (question, files) in answered {
                            tr {
                                th scope="row" { (question) }
                                td {
                                    @for file in &files {
                                        a href={ (file) ".csv" } download { (file.rsplit('/').next().unwrap_or(file)) ".csv" } " "
                                    }
                                    @if files.contains(&COMPLETENESS) { (units_of_completeness()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Three columns beside each other are not in one unit.
fn units_of_completeness() -> Markup {
    html! {
        span.under {
            code { "estimate" } " is a number of people. " code { "low" } " and " code { "high" } " are per cents: the range of the share of "
            code { "found_elsewhere" } " that is " code { "recorded_of_elsewhere" } "."
        }
    }
}

/// The feed, the interface for programs, and the charts.
fn for_programs() -> Markup {
    let files = [
        (
            "api/index.json",
            "index.json",
            "Where everything is: nations, organisations with their states, tables",
        ),
        (
            "api/country.json",
            "country.json",
            "The whole country: counts and checks",
        ),
    ];
    html! {
        section aria-labelledby="api" {
            h2 #api { "For programs" }
            p {
                "Counts, completeness and checks as JSON (networks and care are in the tables alone), in files that never ask for a key. Begin with the index: it names a file for each nation and "
                "for each organisation. Every figure is two fields, as in the tables: the number, which is null where it is not "
                "shown, and its name with " code { "_state" } ", which says why."
            }
            dl.plain {
                @for (path, name, about) in files { div { dt { a href=(path) { code { (name) } } } dd { (about) } } }
                div { dt { code { "nations/NAME.json" } } dd { "One nation: counts and checks" } }
                div { dt { code { "organisations/CODE.json" } } dd { "One organisation: its state, completeness and counts" } }
            }
            p {
                "Version 1 of this form. A change that could break a program will have another number. "
                a href="feed.xml" { "A feed of releases (Atom)" }
                " says when there is a new release; each has an id that follows from its content, so the same content has the same id."
            }
            h3 { "Charts" }
            p {
                "Under each chart stand three links: the picture as SVG, with its title, its release and what it must say; the same as PNG; and "
                "its figures as CSV, with the columns of the table they come from."
            }
        }
    }
}

fn other(file: &str, words: &str) -> Markup {
    html! { tr { th scope="row" { a href={ "data/" (file) } download { (file) } } td { (words) } td { span.empty { "not a table" } } } }
}

fn dictionary(site: &Site<'_>, table: &ReleasedTable) -> Markup {
    html! {
        section aria-labelledby=(id(table)) {
            h2 #(id(table)) { "Columns of " (table.name()) }
            table.figures.facts {
                (caption(site, &format!("Columns of {}, version {}", table.name(), table.version())))
                thead { tr { th scope="col" { "Column" } th scope="col" { "What it holds" } } }
                tbody {
                    @for column in table.columns() {
                        tr {
                            th scope="row" { (words::column(column.name())) }
                            td {
                                (column.about())
                                @if matches!(column.kind(), ColumnKind::Integer | ColumnKind::Real) {
                                    span.under { "with " code { (column.name()) "_state" } }
                                }
                                @if !column.words().is_empty() { span.under { "One of: " (column.words().join(", ")) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
