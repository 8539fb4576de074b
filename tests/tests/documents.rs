//! The documents, guarded: every link leads somewhere, the book is whole, nothing names one person's machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop the world"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests stands in the workspace")
        .to_path_buf()
}

/// All Markdown of the project, by path from its root.
fn pages() -> Vec<PathBuf> {
    let mut folders = vec![root()];
    let mut pages = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry"))
        {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            if entry.file_type().expect("a kind").is_dir() {
                let skipped =
                    name.starts_with('.') || ["target", "node_modules", "demo", "out"].contains(&&*name);
                if !skipped {
                    folders.push(path);
                }
            } else if name.ends_with(".md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

/// The targets of `[words](target)`, outside code blocks.
fn links(text: &str) -> Vec<String> {
    let mut in_code = false;
    let mut links = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for part in line.split("](").skip(1) {
            if let Some((target, _)) = part.split_once(')') {
                links.push(target.to_owned());
            }
        }
    }
    links
}

/// The anchors of a page: its headings, as mdBook and the usual forges spell them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let words = line.trim_start_matches('#').trim().to_lowercase();
            let kept = words
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// Why a link of a page leads nowhere; `None` when it is good.
fn dead(page: &Path, link: &str) -> Option<String> {
    if link.starts_with("https://") || link.starts_with("http://") || link.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() {
        page.to_path_buf()
    } else {
        page.parent().expect("a folder").join(file)
    };
    if !target.exists() {
        return Some(format!("{}: {link} does not exist", page.display()));
    }
    if anchor.is_empty() {
        return None;
    }
    let text = fs_err::read_to_string(&target).expect("text");
    (!anchors(&text).contains(anchor)).then(|| format!("{}: no heading for {link}", page.display()))
}

#[test]
fn every_link_leads_somewhere() {
    let mut checked = 0;
    let mut broken = Vec::new();
    for page in pages() {
        let text = fs_err::read_to_string(&page).expect("text");
        for link in links(&text) {
            checked += 1;
            broken.extend(dead(&page, &link));
        }
    }
    assert!(
        checked > 20,
        "the search for links found too few of them ({checked})"
    );
    assert_eq!(broken, Vec::<String>::new());
    let readme = root().join("README.md");
    assert!(dead(&readme, "docs/src/nowhere.md").is_some(), "the guard itself");
    assert!(
        dead(&readme, "README.md#no-such-heading").is_some(),
        "the guard itself"
    );
}

#[test]
fn the_book_lists_every_chapter() {
    let book = root().join("docs/src");
    let summary = fs_err::read_to_string(book.join("SUMMARY.md")).expect("the summary");
    let listed: BTreeSet<PathBuf> = links(&summary).iter().map(|link| book.join(link)).collect();
    let written: BTreeSet<PathBuf> = pages()
        .into_iter()
        .filter(|page| page.starts_with(&book) && !page.ends_with("SUMMARY.md"))
        .collect();
    assert_eq!(listed, written);
}

#[test]
fn no_document_names_a_folder_of_one_machine() {
    let machine = ["/home/", "/root/", "/tmp/", "/work/", "/Users/", "C:\\"];
    for page in pages() {
        let text = fs_err::read_to_string(&page).expect("text");
        for place in machine {
            assert!(!text.contains(place), "{} names {place}", page.display());
        }
    }
}
