//! Leaks in documents (PDF) and pictures (PNG), where no reader of text looks.

use std::sync::OnceLock;

use attacker::{Bytes, FindingKind};
use lopdf::content::{Content, Operation};
use lopdf::{Document, Object};

use super::stage::Stage;

/// The pack of a hospital some of whose figures are hidden.
fn pack(stage: &Stage) -> String {
    let (_, hidden) = stage.shown_and_hidden("recorded");
    format!("packs/{}.pdf", hidden.code)
}

/// The site with another file in place of one.
fn with_file(stage: &Stage, file: &str, content: &[u8]) -> Bytes {
    let mut bytes = stage.published.bytes.clone();
    bytes.put(file, content);
    bytes
}

/// The same release, made a site once more: what each plant stands beside.
fn made_again(stage: &Stage) -> Bytes {
    static AGAIN: OnceLock<Bytes> = OnceLock::new();
    let again = AGAIN.get_or_init(|| stage.island.publish(&stage.policy, &[]).bytes);
    assert!(
        *again == stage.published.bytes,
        "the same release, the same bytes"
    );
    again.clone()
}

/// One after another: the site on which they are put is made once, and once more.
#[test]
fn every_plant_in_a_document_or_a_picture_is_found() {
    let plants: [(&str, fn()); 7] = [
        (
            "a figure in the text of a document",
            a_figure_in_the_text_of_a_document,
        ),
        (
            "a figure in what a document says of itself",
            a_figure_in_what_a_document_says_of_itself,
        ),
        ("a pixel and a word in a picture", a_pixel_and_a_word_in_a_picture),
        (
            "a document that the site does not have",
            a_document_that_the_site_does_not_have,
        ),
        (
            "the text of a picture in a document",
            the_text_of_a_picture_in_a_document,
        ),
        ("after the end of a document", after_the_end_of_a_document),
        ("the bars of another hospital", the_bars_of_another_hospital),
    ];
    for (name, plant) in plants {
        eprintln!("{name}");
        plant();
    }
}

fn a_figure_in_the_text_of_a_document() {
    let stage = Stage::new();
    let file = pack(&stage);
    let mut document = Document::load_mem(stage.published.bytes.file(&file).unwrap()).unwrap();
    let page = document.page_iter().next().unwrap();
    let operations = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tj", vec![Object::string_literal("Recorded: 4")]),
        Operation::new("ET", vec![]),
    ];
    document
        .add_to_page_content(page, Content { operations })
        .unwrap();
    let mut leak = Vec::new();
    document.save_to(&mut leak).unwrap();
    stage.found(
        &with_file(&stage, &file, &leak),
        &made_again(&stage),
        FindingKind::Bytes,
        &file,
    );
}

fn a_figure_in_what_a_document_says_of_itself() {
    let stage = Stage::new();
    let file = pack(&stage);
    let clean = stage.published.bytes.file(&file).unwrap();
    // One sign of the text about the document, which no page shows: as long as it was, so that all else stays where it is.
    let name = b"<xmp:CreatorTool>Counted<";
    let at = clean.windows(name.len()).position(|part| part == name).unwrap();
    let mut leak = clean.to_vec();
    leak[at + name.len() - 2] = b'4';
    stage.found(
        &with_file(&stage, &file, &leak),
        &stage.published.bytes,
        FindingKind::Bytes,
        &file,
    );
}

fn a_pixel_and_a_word_in_a_picture() {
    let stage = Stage::new();
    let file = "charts/map.png";
    let clean = stage.published.bytes.file(file).unwrap();
    // A word about the picture, before its end.
    let end = clean.len() - 12;
    let mut word = clean[..end].to_vec();
    word.extend([0, 0, 0, 9]);
    word.extend(b"tEXtComment\x004");
    word.extend([0, 0, 0, 0]);
    word.extend(&clean[end..]);
    let mut pixel = clean.to_vec();
    pixel[end / 2] ^= 1;
    for leak in [word, pixel] {
        stage.found(
            &with_file(&stage, file, &leak),
            &stage.published.bytes,
            FindingKind::Bytes,
            file,
        );
    }
}

fn a_document_that_the_site_does_not_have() {
    let stage = Stage::new();
    let file = pack(&stage);
    let clean = stage.published.bytes.file(&file).unwrap().to_vec();
    let leak = with_file(&stage, "packs/4.pdf", &clean);
    stage.found(
        &leak,
        &stage.published.bytes,
        FindingKind::FileName,
        "packs/4.pdf",
    );
}

fn the_text_of_a_picture_in_a_document() {
    let stage = Stage::new();
    let file = pack(&stage);
    let mut document = Document::load_mem(stage.published.bytes.file(&file).unwrap()).unwrap();
    let element = document.objects.values_mut().find_map(|object| {
        let element = object.as_dict_mut().ok()?;
        let kind = element.get(b"S").and_then(Object::as_name);
        kind.is_ok_and(|kind| kind == b"Figure").then_some(element)
    });
    element.unwrap().set("Alt", Object::string_literal("Recorded: 4"));
    let mut leak = Vec::new();
    document.save_to(&mut leak).unwrap();
    // What a screen reader would say is there, and the pages are drawn as before.
    let again = Document::load_mem(&leak).unwrap();
    let told = again.objects.values().any(|object| {
        let told = object.as_dict().and_then(|element| element.get(b"Alt"));
        told.and_then(Object::as_str)
            .is_ok_and(|words| words == b"Recorded: 4")
    });
    assert!(told);
    stage.found(
        &with_file(&stage, &file, &leak),
        &stage.published.bytes,
        FindingKind::Bytes,
        &file,
    );
}

fn after_the_end_of_a_document() {
    let stage = Stage::new();
    let file = pack(&stage);
    let mut leak = stage.published.bytes.file(&file).unwrap().to_vec();
    leak.extend(b"%4\n");
    stage.found(
        &with_file(&stage, &file, &leak),
        &stage.published.bytes,
        FindingKind::Bytes,
        &file,
    );
}

fn the_bars_of_another_hospital() {
    let stage = Stage::new();
    let (shown, hidden) = stage.shown_and_hidden("recorded");
    let chart = |code: &str| format!("charts/organisation-{code}-years.png");
    let file = chart(&hidden.code);
    let other = stage.published.bytes.file(&chart(&shown.code)).unwrap().to_vec();
    stage.found(
        &with_file(&stage, &file, &other),
        &stage.published.bytes,
        FindingKind::Bytes,
        &file,
    );
}
