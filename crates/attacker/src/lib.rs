//! The attacker from outside: reads the released bytes of a site, now and ever, and says what they give away.
//!
//! # What it is for
//! `protect` makes a release safe, and `publish` shows it. This crate believes neither: it has nothing but the bytes that
//! anybody can download, the policy, the program and the public facts about places, as an attacker has. It never changes
//! anything, and stands above both so that neither can depend on it.
//!
//! # How it looks
//! | module | what it asks |
//! |---|---|
//! | `twin` | is there a byte that does not follow from the released tables? The site is made again from the tables alone and compared: text, titles, attributes, coordinates, order, names of files, comments, hashes |
//! | `reading` | of what was added: can every number be traced to a released cell, a period or an axis, and does it agree? |
//! | `free_text` | words that the tables carry from the run: is there a number in them that nothing accounts for? |
//! | `trace` | which place speaks of which cell? The site is made again with numbers moved |
//! | `ranges` | do the tables of all releases together give a hidden or rounded figure away, or a difference? |
//!
//! # The invariant
//! Default deny: what cannot be traced is a finding. What is allowed is a list of kinds and of sentences, never of values.
//! A [`Report`] names places and cells, never a value.
//!
//! # Why this is enough
//! If a site is the same, to the byte, as one made from its tables alone, then all of it is a function of the tables, and
//! nobody can learn more from the site than from these. What the tables give away is a matter of linear programs, which
//! [`protect::attack`] solves.
//!
//! # When it fails
//! It cannot see what a reader knows from elsewhere: a person's story, one hospital's own numbers. The ranges are those of real
//! numbers, cut to whole ones. A sentence of the run whose form was allowed can hold any number in its place.

mod bytes;
mod differ;
mod error;
mod free_text;
mod ranges;
mod reading;
mod released;
mod report;
mod trace;
mod twin;

use std::collections::BTreeMap;

use protect::Policy;
use protect::attack::{Limits, Publication, examine};
use publish::{Before, SiteFacts};

pub use bytes::Bytes;
pub use error::AttackError;
pub use report::{Finding, FindingKind, Report};
pub use trace::{Of, Traced, trace};

use differ::markup::Markup;
use reading::{Cells, Doubt, Known};
use released::Released;

/// The styles of a site: what they give a form, its pages may have.
const STYLES: &str = "assets/site.css";

/// What an attacker knows beside the bytes.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge<'a> {
    /// Public facts: organisations, their places, the thresholds of their states.
    pub facts: &'a SiteFacts,
    /// The disclosure policy.
    pub policy: &'a Policy,
    /// Words that the study chose for itself and that may hold numbers: its name, its definition, the program.
    pub words: &'a [String],
    /// The release that the newest site stands beside ("what changed since"), as it was kept under its signed hashes.
    pub before: Before<'a>,
    /// What was kept of still earlier releases, oldest first, where their bytes are not at hand: what a ledger holds.
    pub kept: &'a [Publication],
}

/// The released bytes of one release.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Every file.
    pub bytes: &'a Bytes,
    /// What can be checked between its figures, as the release itself knew it ([`protect::Release::publication`]); only the
    /// relations are read, never a figure. None: as any reader works it out.
    pub relations: Option<&'a Publication>,
}

/// Attacks the newest of some releases, oldest first, with all that the earlier ones say.
///
/// # Errors
/// If a release cannot be read: what was not attacked is not safe.
pub fn attack(releases: &[Seen<'_>], knowledge: &Knowledge<'_>) -> Result<Report, AttackError> {
    let mut report = Report::default();
    if let Some(newest) = releases.last() {
        compare(newest.bytes, knowledge, &mut report)?;
    }
    let together = together(releases, knowledge)?;
    report.figures = together.figures;
    report.findings.extend(together.findings);
    report.findings.sort();
    report.findings.dedup();
    Ok(report)
}

/// The last question of an attack alone: what the tables of all releases give away together, however the pages show them.
///
/// # Errors
/// As [`attack`].
pub fn together(releases: &[Seen<'_>], knowledge: &Knowledge<'_>) -> Result<Report, AttackError> {
    let mut report = Report::default();
    let Some(newest) = releases.last() else {
        return Ok(report);
    };
    // A ledger that holds the newest release already says nothing more of it.
    let id = Released::read(newest.bytes)?.manifest.release;
    let kept = knowledge.kept.iter().filter(|kept| kept.name != id);
    let mut publications: Vec<Publication> = kept.cloned().collect();
    for (at, seen) in releases.iter().enumerate() {
        let released = Released::read(seen.bytes)?;
        let name = format!("release {} of {}", at + 1, releases.len());
        publications.push(ranges::publication(
            &name,
            &released,
            knowledge.policy,
            knowledge.facts,
            seen.relations,
        ));
    }
    report.figures = publications.iter().map(|p| p.figures.len()).sum();
    for leak in examine(&publications, &Limits::of(knowledge.policy)) {
        report.findings.push(Finding {
            kind: FindingKind::Ranges,
            file: String::new(),
            at: String::new(),
            about: leak.words(&publications),
        });
    }
    report.findings.sort();
    report.findings.dedup();
    Ok(report)
}

/// One site with its twin.
fn compare(site: &Bytes, knowledge: &Knowledge<'_>, report: &mut Report) -> Result<(), AttackError> {
    let released = Released::read(site)?;
    let said = format!("{}/{}", knowledge.policy.name(), knowledge.policy.version());
    if released.manifest.policy != said {
        return Err(AttackError::Policy);
    }
    report.files = site.paths().count();
    let twin = twin::make(&released, knowledge.before, knowledge.facts, knowledge.policy)?;
    let differences = differ::differences(site, &twin.bytes);
    let cells = Cells::new(&released, knowledge.facts);
    let mut by_file: BTreeMap<&str, Vec<&differ::Difference>> = BTreeMap::new();
    for difference in &differences {
        by_file.entry(&difference.file).or_default().push(difference);
    }
    for (file, differences) in by_file {
        let doubts = doubts(&cells, site, &twin.bytes, file, &differences);
        for (difference, doubt) in doubts {
            let of_order = doubt == Some(Doubt::Order);
            report.findings.push(Finding {
                kind: if of_order {
                    FindingKind::Order
                } else {
                    difference.kind
                },
                file: file.to_owned(),
                at: difference.at.clone(),
                about: doubt.as_ref().map(about).unwrap_or_default(),
            });
        }
    }
    for fault in twin.faults {
        report.findings.push(Finding {
            kind: FindingKind::Impossible,
            file: format!("data/{}.csv", fault.table),
            at: fault
                .row
                .map_or(String::new(), |row| format!("row {row}, column {}", fault.column)),
            about: fault.what.to_owned(),
        });
    }
    for strange in free_text::strange(&released, knowledge.facts, knowledge.words) {
        report.findings.push(Finding {
            kind: FindingKind::Words,
            file: strange.file,
            at: strange.at,
            about: String::new(),
        });
    }
    Ok(())
}

/// The differences of a file that do not pass, each with what is known of it.
fn doubts<'d>(
    cells: &Cells<'_>,
    site: &Bytes,
    twin: &Bytes,
    file: &str,
    differences: &[&'d differ::Difference],
) -> Vec<(&'d differ::Difference, Option<Doubt>)> {
    let added: Vec<usize> = differences.iter().filter_map(|d| d.added).collect();
    let only_added = added.len() == differences.len();
    let markup = site.text(file).and_then(|text| Markup::read(text).ok());
    let Some(markup) = markup.filter(|_| only_added) else {
        return differences.iter().map(|d| (*d, None)).collect();
    };
    let text = |file: &str| twin.text(file).unwrap_or_default();
    let known = Known::of(text(file), text(STYLES));
    let doubts = reading::added(cells, file, &markup, &added, &known);
    let of = |at: usize| {
        differences
            .iter()
            .find(|d| d.added == Some(at))
            .or(differences.first())
    };
    doubts
        .into_iter()
        .filter_map(|(at, doubt)| Some((*of(at)?, Some(doubt))))
        .collect()
}

fn about(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Untraced => "it cannot be traced to a released figure".to_owned(),
        Doubt::Hidden(cell) => format!("it speaks of {cell}, which is hidden"),
        Doubt::Otherwise(cell) => format!("it says something else of {cell} than the tables"),
        Doubt::Order => "no released column and no name gives this order".to_owned(),
    }
}
