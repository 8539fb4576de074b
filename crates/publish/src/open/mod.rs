//! Open data beside the released tables: every chart as a picture and as figures, a feed of releases, and an interface
//! for programs made of static files.
//!
//! Invariant: each file but those of public figures is drawn from the same released rows as the page that shows it, and says so: the notices of the
//! release, its id, and the last day of its records stand in every one.

mod api;
mod charts;
mod feed;
mod picture;
mod public;
mod rows;

pub(crate) use charts::{Chart, care_links, dots_links, links, map_links, nations_links, who_links};
pub(crate) use public::{per_head_links, scenario_links};

use crate::PublishError;
use crate::site::Site;

/// Where the feed and the interface for programs begin.
pub(crate) const FEED: &str = "feed.xml";
pub(crate) const API: &str = "api/index.json";

/// Whether a file is a chart to download, which is drawn in pixels too.
pub(crate) fn is_chart(path: &str) -> bool {
    path.ends_with(".svg")
        && ["charts/", "public-figures/"]
            .iter()
            .any(|folder| path.starts_with(folder))
}

/// Every file, by its path in the site.
pub(crate) fn files(site: &Site<'_>) -> Result<Vec<(String, String)>, PublishError> {
    let mut files = vec![(FEED.to_owned(), feed::text(site))];
    files.extend(api::files(site)?);
    files.extend(charts::files(site)?);
    if let Some(figures) = &site.public_figures {
        files.extend(public::files(figures)?);
    }
    Ok(files)
}
