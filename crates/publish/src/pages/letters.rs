//! Two letters about one hospital: to its chief executive, and to one's own representative.
//!
//! Invariants: every figure in them is one of the release, in the words of its state where it has no number; on the site
//! of an invented nation each letter says first that it is an example. Nobody is blamed.

use maud::html;
use protect::Figure;

use crate::page::{Menu, Page, page as frame};
use crate::pages::letter::{Letter, letter};
use crate::site::{Hospital, Site};
use crate::state::State;
use crate::words;

/// Whether a hospital has letters: not where it is not asked to record.
pub(crate) fn stand_for(hospital: &Hospital<'_>) -> bool {
    hospital.state != State::NotInScope
}

/// The address of a hospital's letters.
pub(crate) fn address(hospital: &Hospital<'_>) -> String {
    format!("letters/{}", hospital.address())
}

pub(crate) fn page(site: &Site<'_>, hospital: &Hospital<'_>) -> Page {
    let name = &hospital.organisation.name;
    let content = html! {
        div.wide.top {
            nav.crumbs aria-label="Breadcrumb" {
                a href="../hospitals/index.html" { "Hospitals" } " "
                a href={ "../hospitals/" (hospital.address()) } { (hospital.short_name()) }
            }
            h1 { "Letters about " (name) }
            p.intro {
                "Two letters with the published figures, to copy or to print. Fill in what stands in square brackets. Nothing that "
                "you write is asked for, stored or sent by this site."
            }
            @if site.manifest.simulated {
                p.draft { strong { "Examples only." } " This hospital does not exist, and its figures are invented." }
            }
        }
        section aria-labelledby="letters" {
            div.wide {
                h2.visually-hidden #letters { "The letters" }
                (letter(&to_the_hospital(site, hospital)))
                (letter(&to_a_representative(site, hospital)))
            }
        }
    };
    frame(
        site,
        &address(hospital),
        Menu::Hospitals,
        &format!("Letters about {name}"),
        content,
    )
}

fn to_the_hospital(site: &Site<'_>, hospital: &Hospital<'_>) -> Letter {
    let name = &hospital.organisation.name;
    let mut paragraphs = vec!["Dear Chief Executive,".to_owned()];
    paragraphs.push(facts(site, hospital));
    paragraphs.extend([
        "People who are in no record are easily left out when nurses, clinics and trials are planned. I know that recording takes \
         time and people, and that the news of a secondary breast cancer does not always reach those who keep the records."
            .to_owned(),
        "Could you please tell me who is responsible for this at your organisation, what stands in the way of recording everyone, \
         and by when you hope that it will be done?"
            .to_owned(),
    ]);
    close(site, &mut paragraphs);
    Letter {
        id: "letter-chief-executive",
        heading: "To the chief executive".to_owned(),
        head: head(site, &format!("To the Chief Executive, {name}")),
        paragraphs,
    }
}

fn to_a_representative(site: &Site<'_>, hospital: &Hospital<'_>) -> Letter {
    let member = match hospital.organisation.nation.as_str() {
        "England" => "Member of Parliament",
        "Scotland" => "Member of the Scottish Parliament",
        "Wales" => "Member of the Senedd",
        "Northern Ireland" => "Member of the Legislative Assembly",
        _ => "representative in parliament",
    };
    let mut paragraphs = vec![
        "Dear [name],".to_owned(),
        "I write to you as somebody whom you represent. Nobody knows for certain how many people are living with secondary breast \
         cancer, the kind that has spread and can be treated but not cured."
            .to_owned(),
    ];
    paragraphs.push(facts(site, hospital));
    paragraphs.push(
        "Could you please ask the hospital what it needs to record everyone, and ask the government when it will count everyone who \
         lives with secondary breast cancer, and publish the figure?"
            .to_owned(),
    );
    close(site, &mut paragraphs);
    Letter {
        id: "letter-representative",
        heading: format!("To your {member}"),
        head: head(site, &format!("To [name], {member}")),
        paragraphs,
    }
}

fn head(site: &Site<'_>, addressee: &str) -> Vec<String> {
    let mut head = Vec::new();
    if site.manifest.simulated {
        head.push("Example only: this hospital and these figures are invented. Do not send.".to_owned());
    }
    head.extend(["[Your name and address]", "[Date]"].map(str::to_owned));
    head.push(addressee.to_owned());
    head
}

fn close(site: &Site<'_>, paragraphs: &mut Vec<String>) {
    paragraphs.push(format!(
        "The figures are those of Counted, release {}, from records up to {}. Small numbers, and those that would \
         give one away, are too small to publish; the others are rounded, so that nobody can be recognised.",
        site.manifest.release,
        words::date(&site.manifest.as_of)
    ));
    paragraphs.extend(["Yours sincerely,", "[Your name]"].map(str::to_owned));
}

/// What the release says of the hospital, in sentences.
fn facts(site: &Site<'_>, hospital: &Hospital<'_>) -> String {
    let name = &hospital.organisation.name;
    let during = words::during(&site.manifest.state_period);
    let asked =
        "Every hospital with a breast service is asked to record each person with secondary breast cancer.";
    let figure = |column| hospital.row.map(|row| row.figure(column));
    let (elsewhere, fewest) = (
        figure("found_elsewhere").and_then(Figure::whole),
        site.facts.thresholds.fewest_people,
    );
    match hospital.state {
        State::NoResponse => format!(
            "{asked} {during}, no records of cancer diagnoses from {name}, or those of under half of these months, reached the \
             count. It is not known why."
        ),
        State::NotMeasured | State::NotInScope => format!(
            "{asked} What {name} records could not be measured, because the count had no source for it."
        ),
        State::NotComputable => format!(
            "{asked} {during}, the count held no records of treatment or hospital stays with which those of {name} could be compared."
        ),
        State::TooFew if elsewhere.is_some_and(|people| people < i64::from(fewest)) => format!(
            "{asked} {during}, fewer than {fewest} people at {name} had signs of it in other records: too few to say anything fair."
        ),
        // A number that is hidden may be large, and hidden for the sake of another.
        State::TooFew => format!(
            "{asked} {during}, too few people at {name} had signs of it in other records, or their numbers are hidden so that nobody \
             can be recognised: too little to say anything fair."
        ),
        State::Collecting | State::Partly | State::NotCollecting => {
            let elsewhere = figure("found_elsewhere");
            let recorded = figure("recorded_of_elsewhere");
            let share = figure("recorded_of_elsewhere_percent").and_then(Figure::number);
            let share = share.map_or(String::new(), |percent| format!(" ({percent}%)"));
            format!(
                "{asked} {during}, records of treatment and hospital stays showed signs of it in {} people at {name}. Of these, {} had \
                 been recorded{share}.",
                number(elsewhere),
                number(recorded)
            )
        }
    }
}

/// A figure in a letter.
fn number(figure: Option<Figure>) -> String {
    match figure {
        Some(figure) if figure.number().is_some() => words::text(figure),
        Some(figure) if figure.is_hidden() => "a number too small to publish".to_owned(),
        _ => "an unknown number".to_owned(),
    }
}
