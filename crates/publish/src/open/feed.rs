//! The feed of releases.
//!
//! A site knows its own release and no other, so the feed has one entry; a reader keeps the earlier ones, since each has
//! an id of its own. Times are those of the last day of the records: no clock is read.
//!
//! Standard followed: Atom, RFC 4287.

use maud::html;

use crate::site::Site;
use crate::words;

pub(super) fn text(site: &Site<'_>) -> String {
    let manifest = site.manifest;
    let id = format!("urn:x-counted:release:{}", manifest.release);
    let time = format!("{}T00:00:00Z", manifest.as_of);
    let title = match manifest.notice() {
        Some(notice) => format!("{} ({notice})", manifest.study),
        None => manifest.study.clone(),
    };
    let feed = html! {
        feed xmlns="http://www.w3.org/2005/Atom" "xml:lang"="en-GB" {
            id { "urn:x-counted:study:" (words::slug(&manifest.study)) }
            title { "Counted: " (title) }
            updated { (time) }
            author { name { "Counted" } }
            link rel="self" href="feed.xml" {}
            link rel="alternate" type="text/html" href="index.html" {}
            entry {
                id { (id) }
                title { (title) ": release " (manifest.release) }
                updated { (time) }
                link rel="alternate" type="text/html" href="index.html" {}
                link rel="related" type="application/json" href="api/index.json" {}
                summary {
                    "Records up to " (words::date(&manifest.as_of)) ", " (manifest.coverage) ". Definition " (manifest.definition)
                    ", disclosure rule " (manifest.policy) ", " (manifest.program) "."
                }
            }
        }
    };
    // In a page `link` has no end tag, but a feed is XML.
    let feed = feed.into_string().replace("\"></link>", "\"/>");
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{feed}\n")
}
