//! A site of the invented nation, read back: its pages, their tags, and which part of a page is invented.
#![allow(dead_code, reason = "each test reads what it needs")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use protect::Release;
use publish::{Before, PublishError, SiteFacts};

use super::{facts, release};

/// Every text of a site, by its path: made once, and then remembered.
pub(crate) fn site(simulated: bool, approved: bool) -> BTreeMap<String, String> {
    static MADE: Mutex<BTreeMap<(bool, bool), BTreeMap<String, String>>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap();
    made.entry((simulated, approved))
        .or_insert_with(|| made_again(simulated, approved))
        .clone()
}

/// The same, made anew.
pub(crate) fn made_again(simulated: bool, approved: bool) -> BTreeMap<String, String> {
    publish::render_texts(&release(simulated, approved), Before::Nothing, &facts()).unwrap()
}

/// Writes the texts of a site into a folder: most tests read no document and no picture, which take longer to make.
pub(crate) fn write_texts(
    release: &Release,
    before: Before<'_>,
    facts: &SiteFacts,
    dir: &Path,
) -> Result<Vec<String>, PublishError> {
    let files = publish::render_texts(release, before, facts)?;
    for (path, text) in &files {
        let full = dir.join(path);
        fs_err::create_dir_all(full.parent().unwrap()).unwrap();
        fs_err::write(full, text).unwrap();
    }
    Ok(files.into_keys().collect())
}

pub(crate) fn read(dir: &Path, path: &str) -> String {
    fs_err::read_to_string(dir.join(path)).unwrap()
}

/// The English pages.
pub(crate) fn pages(site: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    all_pages(site).filter(|(path, _)| !path.starts_with("cy/"))
}

/// The pages in both languages.
pub(crate) fn all_pages(site: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    site.iter().filter(|(path, _)| path.ends_with(".html"))
}

/// What a page says of the invented nation, and its section of real figures.
pub(crate) fn parts(html: &str) -> (String, &str) {
    let Some(start) = html.find("<section class=\"real\"") else {
        return (html.to_owned(), "");
    };
    let end = start + html[start..].find("</section>").expect("the section ends");
    (format!("{}{}", &html[..start], &html[end..]), &html[start..end])
}

/// Every element that begins and ends so.
pub(crate) fn each<'h>(html: &'h str, name: &'h str, end: &'h str) -> impl Iterator<Item = &'h str> {
    html.match_indices(name)
        .map(move |(start, _)| &html[start..start + html[start..].find(end).expect("it ends")])
}

/// A tag of a page, as it was met: its name, its attributes, and whether it opens or closes.
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: BTreeMap<&'a str, &'a str>,
    pub(crate) closes: bool,
}

/// The tags of a page in order. Our pages quote every attribute, so this small reader is enough.
pub(crate) fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag ends");
        let inside = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if inside.starts_with('!') {
            continue;
        }
        let closes = inside.starts_with('/');
        let inside = inside.trim_start_matches('/');
        let (name, mut attributes_text) = inside.split_once(' ').unwrap_or((inside, ""));
        let mut attributes = BTreeMap::new();
        while !attributes_text.is_empty() {
            let next = attributes_text.find(['=', ' ']).unwrap_or(attributes_text.len());
            let key = &attributes_text[..next];
            if attributes_text[next..].starts_with("=\"") {
                let value = &attributes_text[next + 2..];
                let close = value.find('"').expect("an attribute ends");
                assert!(
                    attributes.insert(key, &value[..close]).is_none(),
                    "{key} twice in <{inside}>"
                );
                attributes_text = value[close + 1..].trim_start();
            } else {
                attributes.insert(key, "");
                attributes_text = attributes_text[next..].trim_start();
            }
        }
        tags.push(Tag {
            name,
            attributes,
            closes,
        });
    }
    tags
}
