//! Leaks that nobody thought of when the attacker was written: wherever a bit can hide.

use attacker::{Bytes, FindingKind};

use super::stage::Stage;
use super::support::lines;

fn found(stage: &Stage, plant: &Bytes, what: &str) {
    let report = stage.attack(plant);
    assert!(!report.findings.is_empty(), "{what} was not found");
    // A report goes to more people than the numbers: it says where, and not what.
    let tells = |line: &String| line.contains("secret") || line.contains("three");
    assert!(!lines(&report).iter().any(tells), "{what}");
}

#[test]
fn in_pages() {
    let stage = Stage::new();
    let (shown, hidden) = stage.shown_and_hidden("recorded");
    let page = &hidden.page;
    let name = &hidden.name;
    let plants = [
        ("a comment", format!("<!-- {name} -->")),
        ("a number in words", format!("<p>{name}: three found</p>")),
        ("a Roman numeral", format!("<p>{name}: VII found</p>")),
        (
            "digits of another script",
            format!("<p>{name}: \u{0667} found</p>"),
        ),
        ("a reference", format!("<p>{name}: &#51; found</p>")),
        ("blanks that can be counted", "\n\n\n\n".to_owned()),
        ("elements that can be counted", "<i></i><i></i><i></i>".to_owned()),
        (
            "a character that is not seen",
            format!("<p>{name}\u{200b}\u{200b}\u{200b}</p>"),
        ),
        ("a data attribute", format!("<p data-n=\"4\">{name}</p>")),
        ("the name of an attribute", format!("<p data-n4=\"\">{name}</p>")),
        ("a class", format!("<p class=\"n4\">{name}</p>")),
        ("a style", format!("<p style=\"width:4px\">{name}</p>")),
        ("a link", format!("<a href=\"../methods.html?n=4x\">{name}</a>")),
        ("an input", "<input value=\"4\">".to_owned()),
        (
            "a progress bar",
            format!("<progress value=\"4\" max=\"50\">{name}</progress>"),
        ),
        ("a code word", format!("<p>{name}: secret</p>")),
        (
            "another place's number",
            format!("<p>{name}: {} recorded</p>", stage.cell(&shown.code, "recorded")),
        ),
        ("a number without a place", "<p>4</p>".to_owned()),
        (
            "a picture",
            "<svg viewBox=\"0 0 41 10\"><path d=\"M0 0h4\"></path></svg>".to_owned(),
        ),
        (
            "the size of a picture",
            format!("<svg viewBox=\"0 0 43 10\"><title>{name}</title></svg>"),
        ),
        (
            "a number in a picture that lies on no axis",
            format!(
                "<svg viewBox=\"0 0 40 10\"><title>{name} found</title><text text-anchor=\"middle\">4</text></svg>"
            ),
        ),
        (
            "a comment in a picture",
            format!("<svg viewBox=\"0 0 40 10\"><title>{name}</title><!-- recorded: 4 --></svg>"),
        ),
        (
            "words in a picture",
            format!("<svg viewBox=\"0 0 40 10\"><title>{name}: thirteen, a secret</title></svg>"),
        ),
        (
            "blanks in a picture",
            format!("<svg viewBox=\"0 0 40 10\">\n\n\n\n<title>{name}</title></svg>"),
        ),
        (
            "a class in a picture",
            format!("<svg class=\"found-three\" viewBox=\"0 0 40 10\"><title>{name}</title></svg>"),
        ),
        (
            "a class that says a number in words",
            format!("<p class=\"found-three\">{name}</p>"),
        ),
        ("a class of its own", format!("<p class=\"codeword\">{name}</p>")),
        (
            "a number in words in an attribute",
            format!("<p data-found=\"thirteen\">{name}</p>"),
        ),
        (
            "a code word in an attribute",
            format!("<p data-found=\"secret\">{name}</p>"),
        ),
        ("an element of its own", format!("<codeword>{name}</codeword>")),
    ];
    for (what, markup) in plants {
        found(&stage, &stage.with_markup(page, &markup), what);
    }
}

/// How a tag is written tells no reader anything, and anybody can count it: also where an addition is allowed.
#[test]
fn in_how_a_tag_is_written() {
    let stage = Stage::new();
    let (shown, _) = stage.shown_and_hidden("recorded");
    let page = &shown.page;
    let clean = stage.with_markup(page, &format!("<p>{}</p>", shown.name));
    let text = clean.text(page).unwrap();
    assert!(text.contains("<h1>"), "{text}");
    let mut leak = clean.clone();
    leak.put(page, text.replacen("<h1>", "<h1    >", 1).as_bytes());
    stage.found(&leak, &clean, FindingKind::Bytes, page);
}

#[test]
fn in_other_files() {
    let stage = Stage::new();
    let (_, hidden) = stage.shown_and_hidden("recorded");
    let api = format!("api/organisations/{}.json", hidden.code);
    let plants = [
        (
            "a comment in styles",
            stage.with("assets/site.css", "}", "}/* 4 */"),
        ),
        (
            "a comment in the script",
            stage.with("assets/site.js", "\n", "\n// 4\n"),
        ),
        (
            "a key of JSON",
            stage.with(&api, "\"completeness\": [", "\"n4\": 1,\n  \"completeness\": ["),
        ),
        ("blanks of JSON", stage.with(&api, "\n", "\n\n")),
        ("a key twice", stage.with(&api, "{\n", "{\n  \"counts\": 4,\n")),
        (
            "a number of JSON",
            stage.with(&api, "\"recorded\": null", "\"recorded\": 4"),
        ),
        (
            "the feed",
            stage.with("feed.xml", "</summary>", " 4 people.</summary>"),
        ),
        (
            "the time of the feed",
            stage.with("feed.xml", "T00:00:00Z", "T00:00:04Z"),
        ),
        (
            "an instruction of XML",
            stage.with("feed.xml", "?>\n", "?>\n<?n 4?>"),
        ),
        (
            "a column of a table",
            stage.with("data/counts.csv", "notice,", "notice4,"),
        ),
        ("the end of a line", stage.with("data/counts.csv", "\n", "\r\n")),
        (
            "a hidden number",
            stage.with("data/counts.csv", ",,suppressed,", ",4,suppressed,"),
        ),
        (
            "a chart's table",
            stage.with("charts/country-years.csv", ",shown,", ",SHOWN,"),
        ),
    ];
    for (what, plant) in plants {
        let seen = attacker::Seen {
            bytes: &plant,
            relations: None,
        };
        let words = super::support::words();
        let facts = stage.island.facts();
        let knowledge = attacker::Knowledge {
            facts: &facts,
            policy: &stage.policy,
            words: &words,
            before: publish::Before::Nothing,
            kept: &[],
        };
        // What cannot be read is refused as well.
        let refused = attacker::attack(&[seen], &knowledge).is_ok_and(|report| report.findings.is_empty());
        assert!(!refused, "{what} was not found");
    }
    let mut odd = stage.published.bytes.clone();
    odd.put("data/extra.parquet", b"PAR1");
    found(&stage, &odd, "a file nobody knows");
    let mut odd = stage.published.bytes.clone();
    odd.put("methods.html", &[0xff, 0xfe, 0x04]);
    found(&stage, &odd, "a file that is no text");
}
