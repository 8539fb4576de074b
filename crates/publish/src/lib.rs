//! The public site: static pages, maps, charts and downloads from a [`protect::Release`].
//!
//! # What it is for
//! A patient on a phone, a journalist, a minister and a data scientist each find their answer: how many people are
//! living with secondary breast cancer, how sure we are, and whether a hospital records the people it sees.
//!
//! # The invariant
//! Every number on every page comes out of a `Release`, so it passed disclosure control. This crate knows no other
//! table. What it works out itself (a ratio, a bar's length, a difference) it works out from released numbers.
//! What was never made from records of people is built into the program, and no caller can hand over others:
//! [public figures](public_figures), and sourced facts (promises about counting, the standards of care, signs to look
//! out for, support). On the site of an invented nation it stands apart, in its own colour and under its own words.
//!
//! # Standards followed
//! WCAG 2.2 AA; PDF/UA-1 for documents; HTML that works without script; nothing is loaded from elsewhere; British English as the NHS
//! writes it. Hospitals are never ranked: every list is in order of name.

mod asked;
mod assets;
mod before;
mod chart;
mod error;
mod facts;
mod figures;
mod history;
mod language;
mod map;
mod markup;
mod open;
mod page;
mod pages;
mod pdf;
mod pixels;
pub mod public_figures;
mod site;
mod sourced;
mod state;
mod tables;
mod told;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use protect::Release;

pub use before::Before;
pub use chart::ENOUGH_PERCENT;
pub use error::PublishError;
pub use facts::{Outline, PublicOrganisation, SiteFacts, Thresholds};
pub use page::LEDGER;

pub use words::{joined as names_in_words, period as period_in_words};

pub use asked::{Asked, asked};
pub use told::{Answer, LONGEST_RESPONSE, Question, Response, Told, Waiting};

use page::Page;
use rayon::prelude::*;
use site::Site;

/// Every file of a site by its path, as bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The whole site: every file by its path. A function of the release and the public facts, and of nothing else.
///
/// # Errors
/// If a page cannot be made, set as a document or drawn, or two organisations would share an address.
pub fn render(release: &Release, facts: &SiteFacts) -> Result<Files, PublishError> {
    render_after(release, Before::Nothing, facts)
}

/// As [`render()`], saying what changed since the release before.
///
/// # Errors
/// As [`render()`].
pub fn render_after(release: &Release, before: Before<'_>, facts: &SiteFacts) -> Result<Files, PublishError> {
    let site = Site::new(release, before, facts)?;
    let pages = all_pages(&site)?;
    let texts = texts(&site, &pages)?;
    let documents: Result<Vec<(String, Vec<u8>)>, PublishError> = pages
        .par_iter()
        .filter_map(|page| Some((page, page.paper?)))
        .map(|(page, paper)| pdf::document(&site, page, paper))
        .collect();
    let pictures: Result<Vec<(String, Vec<u8>)>, PublishError> = texts
        .par_iter()
        .filter(|(path, _)| open::is_chart(path))
        .map(|(path, svg)| pixels::picture(path, svg))
        .collect();
    let mut files: Files = texts
        .into_iter()
        .map(|(path, text)| (path, text.into_bytes()))
        .collect();
    files.extend(documents?);
    files.extend(pictures?);
    Ok(files)
}

/// The part of [`render_after`] that is text, without the documents (PDF) and pictures (PNG) made of it: for whoever asks
/// many times which text follows from which figure.
///
/// # Errors
/// As [`render()`].
pub fn render_texts(
    release: &Release,
    before: Before<'_>,
    facts: &SiteFacts,
) -> Result<BTreeMap<String, String>, PublishError> {
    let site = Site::new(release, before, facts)?;
    texts(&site, &all_pages(&site)?)
}

/// Every page, the Welsh ones last.
fn all_pages(site: &Site<'_>) -> Result<Vec<Page>, PublishError> {
    let mut pages = pages::all(site);
    pages.push(pages::missing::page(site)?);
    let welsh = language::pages(site, &pages)?;
    pages.extend(welsh);
    Ok(pages)
}

fn texts(site: &Site<'_>, pages: &[Page]) -> Result<BTreeMap<String, String>, PublishError> {
    let mut files: BTreeMap<String, String> = pages
        .iter()
        .map(|page| (page.path.clone(), page.html.clone()))
        .collect();
    files.extend(open::files(site)?);
    files.extend(assets::all().map(|(path, content)| (path.to_owned(), content.to_owned())));
    if site.public_figures.is_some() {
        let text = public_figures::LIVING_IN_THE_UK;
        files.insert(public_figures::DOWNLOAD.to_owned(), text.to_owned());
    }
    for (name, text) in protect::released_files(site.release)? {
        files.insert(format!("data/{name}"), text);
    }
    Ok(files)
}

/// Writes the whole site into a folder, which is made if need be. Returns the paths written, in order.
///
/// # Errors
/// As [`render()`]; also if a file cannot be written.
pub fn publish(release: &Release, facts: &SiteFacts, dir: &Path) -> Result<Vec<String>, PublishError> {
    publish_after(release, Before::Nothing, facts, dir)
}

/// As [`publish`], saying what changed since the release before.
///
/// # Errors
/// As [`publish`].
pub fn publish_after(
    release: &Release,
    before: Before<'_>,
    facts: &SiteFacts,
    dir: &Path,
) -> Result<Vec<String>, PublishError> {
    let files = render_after(release, before, facts)?;
    for (path, content) in &files {
        let full = dir.join(path);
        if let Some(parent) = full.parent() {
            fs_err::create_dir_all(parent)?;
        }
        fs_err::write(&full, content)?;
    }
    Ok(files.into_keys().collect())
}
