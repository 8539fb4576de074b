//! Welsh: the public pages a second time, each with a way to the other language.
//!
//! # What it is for
//! A patient, a family or a journalist in Wales reads how many there are and whom to ask in their own language. The pages are
//! `cy/` and the path of the English page; the way between them is a link, so that it works without script.
//!
//! # The invariants
//! A Welsh page is its English page with sentences exchanged: it has the same figures, names, drawings and links, because
//! nothing else is written anew. What has no Welsh yet stays English and says so to those who listen (`lang="en-GB"`).
//! Every page says at its top that a machine made this Welsh and a translator has yet to check it.
//!
//! # Where the words are
//! One file a language under `web/words`, the same keys in each. In a sentence `{x}` stands for a part of it, `{#n}` for a
//! number, `{@day}` for a day or a period, `{^name}` for a name, `{+notice}` for whole sentences, `<1>…</1>` for its first
//! element, as a link.

mod catalogue;
mod exchange;
mod places;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::PublishError;
use crate::page::Page;
use crate::site::Site;

pub(crate) use catalogue::Catalogue;

/// The pages at the top of a site that are there in Welsh.
const PAGES: [&str; 9] = [
    "index.html",
    "who.html",
    "care.html",
    "am-i-counted.html",
    "support.html",
    "data.html",
    "accessibility.html",
    "privacy.html",
    SIGNS,
];

/// What a person does in an emergency: a translation that no clinician has read is shown in a simulated study only, as
/// the English is while it is a draft.
const SIGNS: &str = "signs.html";

/// The folders of which every page is there in Welsh: a page for each hospital, nation and network, and the lists of them.
const FOLDERS: [&str; 4] = ["hospitals", "letters", "nations", "networks"];

/// Whether a page of a site has one in Welsh: on the site of the United Kingdom, and of an invented nation.
pub(crate) fn has_welsh(site: &Site<'_>, path: &str) -> bool {
    let is_public = match path.split_once('/') {
        Some((folder, _)) => FOLDERS.contains(&folder),
        None => PAGES.contains(&path),
    };
    site.sourced.is_some() && is_public && (path != SIGNS || site.manifest.simulated)
}

/// Where the Welsh page of an English one is.
pub(crate) fn welsh(path: &str) -> String {
    format!("cy/{path}")
}

/// The Welsh pages of a site.
pub(crate) fn pages(site: &Site<'_>, english: &[Page]) -> Result<Vec<Page>, PublishError> {
    let catalogue = Catalogue::built_in()?;
    let names = names(site);
    let there: Vec<&Page> = english
        .iter()
        .filter(|page| has_welsh(site, &page.path))
        .collect();
    let paths: BTreeSet<&str> = there.iter().map(|page| page.path.as_str()).collect();
    there
        .par_iter()
        .map(|page| {
            let html = exchange::exchanged(&page.path, &page.html, &catalogue, &names, &paths);
            let html = html.ok_or_else(|| PublishError::Paper {
                path: welsh(&page.path),
                reason: "its English page cannot be read".to_owned(),
            })?;
            Ok(Page {
                path: welsh(&page.path),
                title: page.title.clone(),
                html,
                paper: None,
            })
        })
        .collect()
}

/// Names, which are of no language.
fn names(site: &Site<'_>) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = site.nations.iter().cloned().collect();
    names.extend(site.networks.iter().map(|network| (*network).to_owned()));
    for country in [&site.facts.country_name, &site.country_name] {
        names.extend([country.clone(), crate::words::capital(country)]);
    }
    for hospital in &site.hospitals {
        let organisation = hospital.organisation;
        names.extend([organisation.name.clone(), organisation.code.clone()]);
        names.insert(hospital.short_name().to_owned());
    }
    if let Some(sourced) = &site.sourced {
        names.extend(sourced.support.support.iter().map(|one| one.name.clone()));
    }
    names
}

#[cfg(test)]
mod tests;
