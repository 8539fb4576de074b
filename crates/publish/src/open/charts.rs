//! Every chart of the study as a picture and as figures, and the links to both.

use maud::{Markup, html};
use protect::ReleasedRow;

use super::{picture, rows};
use crate::PublishError;
use crate::chart::{Base, Dots, People};
use crate::figures::Place;
use crate::pages::{measured, nations, parts, who, years};
use crate::site::Site;
use crate::state::State;
use crate::words;

/// A chart that many places have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chart {
    /// New, living and died over the years.
    Years,
    /// Of the people found, how many were recorded; of a hospital, of those with signs in other records.
    Share,
}

impl Chart {
    fn key(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Share => "share",
        }
    }
}

/// The name of a place's files, without what kind of chart it is.
fn stem(place: Place<'_>) -> String {
    match place.kind {
        "country" => "country".to_owned(),
        "nation" | "network" => format!("{}-{}", place.kind, words::slug(place.name)),
        _ => format!("organisation-{}", words::address(place.name)),
    }
}

fn name(site: &Site<'_>, place: Place<'_>) -> String {
    match place.kind {
        "country" => words::capital(&site.country_name),
        "nation" | "network" => place.name.to_owned(),
        _ => site
            .hospitals
            .iter()
            .find(|h| h.organisation.code == place.name)
            .map_or_else(|| place.name.to_owned(), |h| h.organisation.name.clone()),
    }
}

/// The name of a place beside a bar, which has two lines.
fn short_name(site: &Site<'_>, place: Place<'_>) -> String {
    let mut hospitals = site.hospitals.iter();
    let hospital = hospitals.find(|h| place.kind == "organisation" && h.organisation.code == place.name);
    hospital.map_or_else(|| name(site, place), |h| h.short_name().to_owned())
}

/// Who the whole of a place's share is: on its page, in its picture and in its figures.
fn base(place: Place<'_>) -> Base {
    if place.kind == "organisation" {
        Base::Elsewhere
    } else {
        Base::Found
    }
}

/// The row of which a place's share is drawn, where both numbers are shown: of hospitals, the one on which the state
/// rests, where it rests on a share; of others, people living on the last day.
fn share_row<'a>(site: &Site<'a>, place: Place<'_>) -> Option<ReleasedRow<'a>> {
    let row = if place.kind == "organisation" {
        let mut judged = site.hospitals.iter().filter(|h| h.is_judged());
        judged.find(|h| h.organisation.code == place.name)?.row
    } else {
        site.figures.latest(place, "living").map(|(_, row)| row)
    }?;
    let (recorded, all) = base(place).columns();
    let shown = row.figure(recorded).whole().is_some() && row.figure(all).whole().is_some_and(|n| n > 0);
    shown.then_some(row)
}

fn has(site: &Site<'_>, place: Place<'_>, chart: Chart) -> bool {
    match chart {
        Chart::Years => !years::panels(site, place).is_empty(),
        Chart::Share => share_row(site, place).is_some(),
    }
}

/// The links under a chart of a place; nothing where there is no such chart.
pub(crate) fn links(site: &Site<'_>, up: &str, place: Place<'_>, chart: Chart) -> Markup {
    html! { @if has(site, place, chart) { (both(up, &format!("{}-{}", stem(place), chart.key()))) } }
}

/// The links under the map; nothing where no hospital has a place, or the release says nothing of hospitals.
pub(crate) fn map_links(site: &Site<'_>) -> Markup {
    let placed = site.hospitals.iter().any(|h| h.organisation.latitude.is_some());
    html! { @if placed && site.release.table("completeness").is_some() { (both("../", "map")) } }
}

/// What the map shows, where and when: whoever is sent the picture alone reads nothing else. It draws the hospitals of the whole
/// country, also where not all of its nations are counted.
fn map_title(site: &Site<'_>) -> String {
    let line = site.facts.thresholds.collecting_percent;
    let says = match (site.in_state(None, State::Collecting), site.judged(None)) {
        (_, 0) => "none can be judged".to_owned(),
        (1, judged) => format!("1 of the {judged} that can be judged records {line}% or more"),
        (full, judged) => format!("{full} of the {judged} that can be judged record {line}% or more"),
    };
    format!(
        "Recording of secondary breast cancer by hospitals in {}, {}: {says}",
        site.facts.country_name,
        words::period(&site.manifest.state_period)
    )
}

/// A title of a page on a picture that leaves it: what was “it” under the heading of the page has its name here.
fn named(title: &str) -> String {
    title.replacen("living with it", "living with secondary breast cancer", 1)
}

/// The links under the picture of everyone.
pub(crate) fn dots_links() -> Markup {
    both("", "everyone")
}

/// The links under the chart of the nations side by side.
pub(crate) fn nations_links(up: &str) -> Markup {
    both(up, "nations")
}

/// The links under the chart of who is counted in a nation.
pub(crate) fn who_links(id: &str) -> Markup {
    both("", &format!("who-{id}"))
}

/// The links under the chart of a question of care.
pub(crate) fn care_links(id: &str) -> Markup {
    both("", &format!("care-{id}"))
}

fn both(up: &str, stem: &str) -> Markup {
    both_at(up, &format!("charts/{stem}"))
}

/// The links to a chart's three files, by where they are in the site.
pub(super) fn both_at(up: &str, stem: &str) -> Markup {
    html! {
        p.downloads {
            "This chart: "
            a href={ (up) (stem) ".svg" } download { "picture (SVG)" } ", "
            a href={ (up) (stem) ".png" } download { "picture (PNG)" } ", "
            a href={ (up) (stem) ".csv" } download { "figures (CSV)" }
        }
    }
}

/// Every chart, by its path.
pub(super) fn files(site: &Site<'_>) -> Result<Vec<(String, String)>, PublishError> {
    let mut files = Vec::new();
    let nations = site.nations.iter().map(|name| Place { kind: "nation", name });
    let networks = site.networks.iter().map(|name| Place {
        kind: "network",
        name,
    });
    let hospitals = site.hospitals.iter().map(|h| h.place());
    let areas = nations.chain(networks);
    for place in std::iter::once(site.country()).chain(areas).chain(hospitals) {
        of_place(site, place, &mut files)?;
    }
    if let Some((day, row)) = site.figures.latest(site.country(), "living")
        && let Some(dots) = Dots::of(row)
    {
        let sentence = parts::sentence(row, &site.country_name, day).unwrap_or_default();
        add(
            site,
            "everyone",
            "counts",
            &[row],
            &picture::dots(site, dots, &sentence),
            &mut files,
        )?;
    }
    if let Some(picture) = picture::map(site, &map_title(site)) {
        let rows: Vec<ReleasedRow<'_>> = site.hospitals.iter().filter_map(|h| h.row).collect();
        add(site, "map", "completeness", &rows, &picture, &mut files)?;
    }
    let people = nations::people(site);
    if !people.is_empty() {
        let rows: Vec<ReleasedRow<'_>> = nations::rows(site);
        add(
            site,
            "nations",
            "counts",
            &rows,
            &picture::people(site, nations::TITLE, &people),
            &mut files,
        )?;
    }
    for panel in who::panels(site) {
        let people: &[People] = &panel.people;
        let picture = picture::people(site, &named(&panel.title), people);
        add(
            site,
            &format!("who-{}", panel.id),
            "counts",
            &panel.rows,
            &picture,
            &mut files,
        )?;
    }
    for one in measured::questions(site) {
        let picture = picture::answers(site, &one.heading(), &one.answers);
        let stem = format!("care-{}", one.id);
        add(site, &stem, one.table, &one.rows, &picture, &mut files)?;
    }
    Ok(files)
}

fn of_place(
    site: &Site<'_>,
    place: Place<'_>,
    files: &mut Vec<(String, String)>,
) -> Result<(), PublishError> {
    let name = name(site, place);
    let panels = years::panels(site, place);
    if !panels.is_empty() {
        let rows: Vec<ReleasedRow<'_>> = ["new", "living", "died"]
            .into_iter()
            .flat_map(|measure| site.figures.periods(place, measure))
            .map(|(_, row)| row)
            .collect();
        let title = format!("{name}: people with secondary breast cancer, year by year");
        let picture = picture::years(site, &title, &panels);
        add(
            site,
            &format!("{}-years", stem(place)),
            "counts",
            &rows,
            &picture,
            files,
        )?;
    }
    if let Some(row) = share_row(site, place) {
        let (recorded, all) = base(place).columns();
        let people = [People {
            name: short_name(site, place),
            link: None,
            found: row.figure(all),
            recorded: row.figure(recorded),
        }];
        let (table, whom) = match base(place) {
            Base::Found => ("counts", "found living with secondary breast cancer"),
            Base::Elsewhere => (
                "completeness",
                "with signs of secondary breast cancer in other records",
            ),
        };
        let when = words::period(row.text("period"));
        let title = format!("{name}, {when}: of the people {whom}, how many a hospital had recorded");
        let picture = picture::people(site, &title, &people);
        add(
            site,
            &format!("{}-share", stem(place)),
            table,
            &[row],
            &picture,
            files,
        )?;
    }
    Ok(())
}

fn add(
    site: &Site<'_>,
    stem: &str,
    table: &str,
    rows: &[ReleasedRow<'_>],
    picture: &str,
    files: &mut Vec<(String, String)>,
) -> Result<(), PublishError> {
    let Some(table) = site.release.table(table) else {
        return Ok(());
    };
    let notice = site.manifest.notice();
    files.push((format!("charts/{stem}.svg"), picture.to_owned()));
    files.push((
        format!("charts/{stem}.csv"),
        rows::csv(table, rows, notice.as_deref())?,
    ));
    Ok(())
}
