//! Reports as documents, and charts as pixels: read again from their bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::OnceLock;

use lopdf::{Document, Object};
use publish::{Files, publish, render};

use crate::support::reading::{each, pages, site};
use crate::support::{facts, release};

/// Every file of the invented nation's site, documents and pictures too: made once.
pub(crate) fn files() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| render(&release(true, false), &facts()).unwrap())
}

fn documents() -> impl Iterator<Item = (&'static String, Document)> {
    let files = files().iter().filter(|(path, _)| path.ends_with(".pdf"));
    files.map(|(path, bytes)| (path, Document::load_mem(bytes).unwrap()))
}

/// All words of a document, blanks drawn together.
fn words(document: &Document) -> String {
    let numbers: Vec<u32> = document.get_pages().keys().copied().collect();
    let text = document.extract_text(&numbers).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every element of the structure in the order of reading: its kind, its text for those who do not see it, its parent.
fn structure(document: &Document) -> Vec<(String, Option<String>, String)> {
    let root = document.catalog().unwrap().get(b"StructTreeRoot").unwrap();
    let mut found = Vec::new();
    walk(document, root, "", &mut found);
    found
}

fn walk(
    document: &Document,
    object: &Object,
    parent: &str,
    found: &mut Vec<(String, Option<String>, String)>,
) {
    let (_, object) = document.dereference(object).unwrap();
    match object {
        Object::Array(children) => {
            for child in children {
                walk(document, child, parent, found);
            }
        }
        Object::Dictionary(element) => {
            let kind = element.get(b"S").and_then(Object::as_name);
            let kind = kind.map_or(String::new(), |name| String::from_utf8(name.to_vec()).unwrap());
            if !kind.is_empty() {
                let told = element.get(b"Alt").ok();
                let told = told.map(|text| lopdf::decode_text_string(text).unwrap());
                found.push((kind.clone(), told, parent.to_owned()));
            }
            if let Ok(children) = element.get(b"K") {
                walk(document, children, &kind, found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_same_release_gives_the_same_bytes() {
    let again = render(&release(true, false), &facts()).unwrap();
    for (path, bytes) in files() {
        assert!(again[path] == *bytes, "{path}");
    }
    assert_eq!(again.len(), files().len());
    // And what is written into a folder is what was made.
    let dir = tempfile::tempdir().unwrap();
    let written = publish(&release(true, false), &facts(), dir.path()).unwrap();
    assert_eq!(
        written.iter().collect::<Vec<_>>(),
        files().keys().collect::<Vec<_>>()
    );
    let path = "packs/INV01.pdf";
    assert!(fs_err::read(dir.path().join(path)).unwrap() == files()[path]);
}

#[test]
fn every_report_is_a_document_of_its_sheets() {
    let paths: BTreeSet<&str> = documents().map(|(path, _)| path.as_str()).collect();
    for path in [
        "state-of-the-nation.pdf",
        "care-card.pdf",
        "packs/INV01.pdf",
        "packs/INV36.pdf",
    ] {
        assert!(paths.contains(path), "{path}: {paths:?}");
    }
    for (path, html) in pages(&site(true, false)) {
        let document = path.replace(".html", ".pdf");
        assert_eq!(
            paths.contains(document.as_str()),
            html.contains("This as a document (PDF)"),
            "{path}: the page leads to its document"
        );
    }
    for (path, document) in documents() {
        let sheets = document.get_pages().len();
        if path.starts_with("packs/") {
            assert_eq!(sheets, 2, "{path}");
        } else if path == "care-card.pdf" {
            assert_eq!(sheets, 1, "{path}");
        }
        assert!(sheets >= 1, "{path}");
    }
}

#[test]
fn the_first_sheet_of_the_state_of_the_nation_says_how_many_and_how_that_is_meant() {
    let (_, document) = documents()
        .find(|(path, _)| path.as_str() == "state-of-the-nation.pdf")
        .unwrap();
    let first: String = document.extract_text(&[1]).unwrap().split_whitespace().collect();
    for words in [
        "were living with secondary breast cancer in Hesperay on 31 December 2024",
        "found only in other records",
        "The estimate allows for both",
    ] {
        assert!(first.contains(&words.replace(' ', "")), "{words}: {first}");
    }
}

#[test]
fn a_document_says_what_pdf_ua_asks_for() {
    for (path, document) in documents() {
        let catalog = document.catalog().unwrap();
        let language = catalog.get(b"Lang").unwrap().as_str().unwrap();
        assert_eq!(language, b"en-GB", "{path}");
        let (_, marked) = document.dereference(catalog.get(b"MarkInfo").unwrap()).unwrap();
        let marked = marked.as_dict().unwrap().get(b"Marked").unwrap();
        assert!(marked.as_bool().unwrap(), "{path}");
        assert!(catalog.has(b"Outlines"), "{path}: bookmarks");
        let bytes = &files()[path];
        let has = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(
            has("<pdfuaid:part>1</pdfuaid:part>"),
            "{path}: it says that it is PDF/UA-1"
        );
        assert!(has("DisplayDocTitle true"), "{path}");
        let structure = structure(&document);
        let mut last = 0;
        for (kind, told, parent) in &structure {
            if let Some(level) = kind.strip_prefix('H').and_then(|level| level.parse::<u32>().ok()) {
                assert!(level <= last + 1, "{path}: a heading {level} after {last}");
                last = level;
            }
            match kind.as_str() {
                "Figure" => assert!(
                    told.as_ref().is_some_and(|words| words.len() > 20),
                    "{path}: {told:?}"
                ),
                "TH" | "TD" => assert_eq!(parent, "TR", "{path}"),
                "TR" => assert!(parent == "THead" || parent == "TBody", "{path}: {parent}"),
                "LI" => assert_eq!(parent, "L", "{path}"),
                _ => {}
            }
        }
        assert!(last > 0, "{path}: headings");
        let count = |wanted: &str| structure.iter().filter(|(kind, ..)| kind == wanted).count();
        assert_eq!(count("H1"), 1, "{path}");
        if path != "care-card.pdf" {
            assert!(
                count("Table") > 0 && count("TH") > 0 && count("Figure") > 0 && count("Link") > 0,
                "{path}"
            );
        }
    }
}

/// The words of each cell of a page's tables, as the document sets them.
fn cells(html: &str) -> Vec<String> {
    let mut cells = Vec::new();
    for (name, end) in [("<td", "</td>"), ("<th scope=\"row\"", "</th>")] {
        for cell in each(html, name, end) {
            let mut text = String::new();
            let mut inside = false;
            for sign in cell.chars() {
                match sign {
                    '<' => {
                        inside = true;
                        text.push(' ');
                    }
                    '>' => inside = false,
                    _ if !inside => text.push(sign),
                    _ => {}
                }
            }
            cells.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    cells
}

#[test]
fn a_document_has_the_figures_of_its_page_and_no_others() {
    let site = site(true, false);
    let numbers = |text: &str| -> BTreeSet<String> {
        let signs = |c: char| !(c.is_ascii_digit() || c == ',' || c == '.');
        let parts = text.split(signs).map(|part| part.trim_matches([',', '.']));
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    for (path, document) in
        documents().filter(|(path, _)| !path.starts_with("packs/") || path.contains("INV0"))
    {
        let html = &site[&path.replace(".pdf", ".html")];
        let (words, main) = (words(&document), each(html, "<main", "</main>").next().unwrap());
        let squeezed = words.replace(' ', "");
        for cell in cells(main) {
            assert!(
                squeezed.contains(&cell.replace(' ', "")),
                "{path} lacks {cell:?}: {words}"
            );
        }
        // Whatever number a document says stands on its page, in its foot (sheets, day, release), or is none of people.
        let known = numbers(&html.replace(['<', '>', '"', '=', '-'], " "));
        // The numbers of sheets, and of the items of a list.
        let counted = document.get_pages().len().max(11);
        let counted: BTreeSet<String> = (1..=counted).map(|n| n.to_string()).collect();
        let release = crate::support::release(true, false).id().to_owned();
        let in_foot = numbers(&release);
        let strange: Vec<String> = numbers(&words)
            .into_iter()
            .filter(|n| !known.contains(n) && !counted.contains(n) && !in_foot.contains(n))
            .collect();
        assert!(strange.is_empty(), "{path}: {strange:?}");
    }
}

#[test]
fn every_chart_is_a_picture_in_pixels_too() {
    let files = files();
    let charts = |ending: &str| -> Vec<&str> {
        let of = |path: &&String| !path.starts_with("assets/") && path.ends_with(ending);
        files
            .keys()
            .filter(of)
            .map(|path| path.trim_end_matches(ending))
            .collect()
    };
    assert!(charts(".svg").len() > 20);
    assert_eq!(charts(".svg"), charts(".png"));
    for stem in charts(".png") {
        assert!(files[&format!("{stem}.png")].starts_with(b"\x89PNG"), "{stem}");
        assert!(files.contains_key(&format!("{stem}.csv")), "{stem}");
    }
}
