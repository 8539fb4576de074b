//! What a server shows for an address at which there is no page: in both languages, as the address need not say which.
//!
//! It is shown at whatever depth the address had, so its ways begin at the root of the server. On a server where a site lies
//! in a folder, they would lead out of it: whoever puts it there leaves this page out.

use maud::{Markup, html};

use crate::PublishError;
use crate::language::Catalogue;
use crate::page::{Menu, Page, page as frame};
use crate::site::Site;

/// Where it is: under the name that servers of files look for.
pub(crate) const PATH: &str = "404.html";

const TITLE: &str = "There is no page here";
const WORDS: &str =
    "The address may have a mistake in it, or the page may have been taken away. These lead further:";

pub(crate) fn page(site: &Site<'_>) -> Result<Page, PublishError> {
    let mut ways = vec![("index.html", "The count"), ("hospitals/index.html", "Hospitals")];
    if !site.nearest.is_empty() {
        ways.push(("hospitals/postcodes.html", "Find a hospital by postcode"));
    }
    let english: Vec<(String, &str)> = ways
        .iter()
        .map(|(path, words)| (format!("/{path}"), *words))
        .collect();
    let content = html! {
        div.wide.top {
            h1 { (TITLE) }
            p.intro { (WORDS) }
        }
        div.wide.text { (list(&english)) }
        // There are Welsh pages to lead to where there are sourced facts.
        @if site.sourced.is_some() { (welsh(&ways)?) }
    };
    Ok(frame(site, PATH, Menu::None, TITLE, content))
}

/// The same in Welsh, and who made that.
fn welsh(ways: &[(&str, &str)]) -> Result<Markup, PublishError> {
    let catalogue = Catalogue::built_in()?;
    let ways: Result<Vec<(String, String)>, PublishError> = ways
        .iter()
        .map(|(path, words)| Ok((format!("/cy/{path}"), catalogue.said(words)?)))
        .collect();
    Ok(html! {
        section lang="cy" aria-labelledby="welsh" {
            div.wide.text {
                h2 #welsh { (catalogue.said(TITLE)?) }
                p { (catalogue.said(WORDS)?) }
                (list(&ways?))
                p { (catalogue.own("machine")) }
            }
        }
    })
}

fn list<W: AsRef<str>>(ways: &[(String, W)]) -> Markup {
    html! { ul { @for (path, words) in ways { li { a href=(path) { (words.as_ref()) } } } } }
}
