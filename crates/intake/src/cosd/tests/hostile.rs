//! Files that are broken, or meant to break something: refused in words, in bounded memory.

use std::io::Read;

use proptest::prelude::*;

use super::*;
use crate::cosd::feed::FeedLimits;
use crate::cosd::header::Header;
use crate::cosd::raw::RawRecord;
use crate::cosd::stop::Stop;
use crate::cosd::version::FileVersion;
use crate::cosd::walk::{Sink, WalkLimits, walk};
use crate::error::Cause;

fn good() -> String {
    v10(
        "2024-02-01T08:00:00",
        &[record(
            "a",
            &[
                &who(ANN),
                &primary(
                    "C50.9",
                    "2024-01-10",
                    "<Diagnosis><BasisOfDiagnosisCancer code='7'/></Diagnosis>",
                ),
                &recurrence("2024-01-20", "03/10"),
            ],
        )],
    )
}

fn error_of(text: String) -> String {
    let error = Study::of(&[("a.xml", text)]).check().unwrap_err();
    assert_eq!(error.cause(), Cause::Source);
    error.to_string()
}

#[test]
fn what_is_refused_and_in_which_words() {
    let bomb = "<!DOCTYPE COSD [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n<COSD";
    let external = "<!DOCTYPE COSD SYSTEM \"file:///etc/passwd\">\n<COSD";
    let parameter = "<!DOCTYPE COSD [<!ENTITY x SYSTEM \"http://localhost/\">]>\n<COSD";
    let table = [
        (
            "an entity bomb",
            good().replacen("<COSD", bomb, 1),
            "refused: it has a document type definition, which is refused",
        ),
        (
            "an external entity",
            good().replacen("<COSD", external, 1),
            "refused: it has a document type definition, which is refused",
        ),
        (
            "an external reference",
            good().replacen("<COSD", parameter, 1),
            "refused: it has a document type definition, which is refused",
        ),
        (
            "an unclosed DOCTYPE",
            "<!DOCTYPE x [ <!ENTITY".to_owned(),
            "refused: it has a document type definition, which is refused",
        ),
        (
            "an unknown entity in text",
            good().replace("2024-01-20", "&xxe;"),
            "refused: it uses an entity that XML does not define",
        ),
        (
            "an unknown entity in an attribute",
            good().replace("C50.9", "&xxe;"),
            "refused: it uses an entity that XML does not define",
        ),
        (
            "an HTML entity",
            good().replace("C50.9", "&eacute;"),
            "refused: it uses an entity that XML does not define",
        ),
        (
            "a lone ampersand",
            good().replace("2024-01-20", "a & b"),
            "cannot be read whole: it is not well-formed XML: a lone `&`",
        ),
        (
            "a wrong closing tag",
            good().replacen("</Recurrence>", "</Recurrenze>", 1),
            "cannot be read whole: it is not well-formed XML: a closing tag does not match the open one",
        ),
        (
            "cut off",
            good()[..good().len() - 20].to_owned(),
            "cannot be read whole: it ends before its root element is closed",
        ),
        (
            "empty",
            String::new(),
            "cannot be read whole: it ends before its root element is closed",
        ),
        (
            "two roots",
            format!("{}<COSD/>", good()),
            "cannot be read whole: it is not well-formed XML: it has more than one root element",
        ),
        (
            "text behind the root",
            format!("{}junk", good()),
            "cannot be read whole: it is not well-formed XML: there is text outside the root element",
        ),
        (
            "no XML",
            "NHSNUMBER,DOB\n1,2\n".to_owned(),
            "cannot be read whole: it is not well-formed XML: there is text outside the root element",
        ),
        (
            "deep",
            good().replace("<Diagnosis>", &format!("<Diagnosis>{}", "<x>".repeat(100))),
            "refused: elements lie deeper in one another than the limit",
        ),
        (
            "a long attribute",
            good().replace("C50.9", &"9".repeat(100_000)),
            "refused: a value is longer than the limit",
        ),
        (
            "a long value",
            good().replace("2024-01-20", &"<x/>9".repeat(100_000)),
            "refused: a value is longer than the limit",
        ),
        (
            "many attributes",
            good().replace(
                "<OriginalPrimaryDiagnosisIcd",
                &format!("<OriginalPrimaryDiagnosisIcd {}", "a='1' ".repeat(70)),
            ),
            "refused: an element has more attributes than the limit",
        ),
        (
            "many sections",
            good().replace(
                "<Diagnosis>",
                &format!("{}<Diagnosis>", "<Diagnosis/>".repeat(1_001)),
            ),
            "refused: a record repeats its sections more often than the limit",
        ),
        (
            "many pairs",
            good().replace(
                "<Recurrence>",
                &format!(
                    "<Recurrence>{}",
                    "<MetastaticTypeAndSite><MetastaticType code='03'/></MetastaticTypeAndSite>"
                        .repeat(1_001)
                ),
            ),
            "refused: a record repeats its sections more often than the limit",
        ),
        (
            "many elements",
            good().replace("<Diagnosis>", &format!("<Diagnosis>{}", "<x/>".repeat(200_001))),
            "refused: a record has more elements than the limit",
        ),
    ];
    for (what, text, expected) in table {
        let error = error_of(text);
        assert!(
            error.starts_with(&format!("a.xml: {expected}")),
            "{what}: {error}"
        );
    }
}

#[test]
fn the_entities_of_xml_and_numbers_are_read() {
    let text = good().replace("L9990000018", "&lt;&#65;&#x42;&amp;&quot;&apos;&gt;");
    let study = Study::of(&[("a.xml", text)]);
    study.run().unwrap();
    assert_eq!(study.table("identities", "local_id"), ["<AB&\"'>"]);
}

#[test]
fn a_missing_file_is_said_to_be_missing() {
    let study = Study::of(&[("a.xml", good())]);
    fs_err::remove_file(&study.inputs[0].absolute).unwrap();
    let error = study.run().unwrap_err().to_string();
    assert!(error.starts_with("a.xml: no such file"), "{error}");
}

#[test]
fn a_refused_file_ends_the_run_unless_its_source_allows_to_leave_it_out() {
    let cut = good()[..900].to_owned();
    let study = Study::of(&[("a.xml", cut.clone()), ("b.xml", good())]);
    assert!(study.run().is_err());
    assert!(!study.out().join("cosd-scratch").exists());
    let study = Study::of(&[("a.xml", cut.clone()), ("b.xml", good())]).lenient();
    let outcome = study.run().unwrap();
    assert_eq!(rules(&outcome.files[0]), ["file-unreadable"]);
    assert!(outcome.files[0].unreadable.is_some() && outcome.files[1].unreadable.is_none());
    assert_eq!(
        (outcome.files[0].facts.rows, outcome.files[0].facts.hash.clone()),
        (0, blake3::hash(cut.as_bytes()).to_hex().to_string())
    );
    assert_eq!(study.table("identities", "file row"), ["1 1"]);
    assert!(study.out().join("identities/00000.parquet").exists());
    assert!(!study.out().join("cosd-scratch").exists());
}

/// Gives one byte again and again between a beginning and an end, and counts what was taken.
struct Endless<'a> {
    parts: [&'a [u8]; 3],
    middle: u64,
}

impl Read for Endless<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if !self.parts[0].is_empty() {
            return self.parts[0].read(into);
        }
        if self.middle > 0 {
            let count = into.len().min(self.middle as usize);
            into[..count].fill(self.parts[1][0]);
            self.middle -= count as u64;
            return Ok(count);
        }
        self.parts[2].read(into)
    }
}

struct Count(u64);

impl Sink for Count {
    fn record(&mut self, _: &RawRecord, _: &Header, _: &FileVersion) -> Result<(), Stop> {
        self.0 += 1;
        Ok(())
    }
}

fn limits() -> WalkLimits {
    WalkLimits {
        feed: FeedLimits {
            token: 1 << 20,
            total: 1 << 34,
        },
        depth: 64,
        elements: 200_000,
        attributes: 64,
        cell: 32 << 10,
        repeats: 1_000,
        record: 16 << 20,
    }
}

#[test]
fn a_text_of_100_megabytes_is_refused_after_the_first() {
    for (opening, byte) in [
        ("<x>", b"A"),
        ("<x a='", b"A"),
        ("<!--", b"A"),
        ("<![CDATA[", b"]"),
        ("<", b"x"),
        ("<?pi ", b"x"),
        ("&", b"x"),
    ] {
        let text = good();
        let start = format!("{}{opening}", &text[..text.find("<Diagnosis>").unwrap()]);
        let mut source = Endless {
            parts: [start.as_bytes(), byte, b""],
            middle: 100 << 20,
        };
        let stop = walk(&mut source, "a.xml", limits(), &mut Count(0)).unwrap_err();
        assert!(matches!(stop, Stop::Limit(_)), "{opening}: {stop}");
        assert!(
            source.middle > 98 << 20,
            "{opening}: read {} bytes too many",
            (100 << 20) - source.middle
        );
    }
}

#[test]
fn a_record_without_end_is_refused_after_sixteen_megabytes() {
    let text = good();
    let start = &text[..text.find("<Diagnosis>").unwrap()];
    let many = "<x>some text of an element that is not read</x>".repeat(1_000_000);
    let stop = walk(
        format!("{start}{many}").as_bytes(),
        "a.xml",
        limits(),
        &mut Count(0),
    )
    .unwrap_err();
    assert!(matches!(stop, Stop::Limit(_)), "{stop}");
}

#[test]
fn a_file_larger_than_the_limit_is_refused() {
    let mut limits = limits();
    limits.feed.total = 1_000;
    let stop = walk(good().as_bytes(), "a.xml", limits, &mut Count(0)).unwrap_err();
    assert_eq!(stop.to_string(), "the file is larger than the limit");
}

/// A source that gives a few bytes at a time, so that every seam is met.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(into.len()).min(self.0.len());
        into[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_file_cut_anywhere_is_refused(at in 0.0..1.0_f64) {
        let text = good();
        let end = text.rfind("</COSD:COSD>").unwrap() + "</COSD:COSD>".len() - 1;
        let cut = (at * end as f64) as usize;
        prop_assert!(walk(&text.as_bytes()[..cut], "a.xml", limits(), &mut Count(0)).is_err());
    }

    #[test]
    fn no_change_of_bytes_makes_it_panic(changes in proptest::collection::vec((0.0..1.0_f64, any::<u8>(), 0..3_u8), 1..20), step in 1..40_usize) {
        let mut bytes = good().into_bytes();
        for (at, byte, kind) in changes {
            let at = (at * (bytes.len() - 1) as f64) as usize;
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        let whole = walk(bytes.as_slice(), "a.xml", limits(), &mut Count(0));
        let slow = walk(Slow(&bytes, step), "a.xml", limits(), &mut Count(0));
        prop_assert_eq!(whole.as_ref().map(|walked| walked.records).ok(), slow.as_ref().map(|walked| walked.records).ok());
        if let Ok(walked) = whole {
            prop_assert_eq!(walked.hash, blake3::hash(&bytes).to_hex().to_string());
        }
    }

    #[test]
    fn no_shuffle_of_its_parts_makes_it_panic(order in proptest::collection::vec(0..60_usize, 1..80)) {
        let text = good();
        let parts: Vec<&str> = text.split_inclusive('>').collect();
        let shuffled: String = order.iter().filter_map(|at| parts.get(*at)).copied().collect();
        let root = r#"<COSD xmlns="http://www.datadictionary.nhs.uk/messages/COSD-v10-0-1">"#;
        let _ = walk(format!("{root}{shuffled}</COSD>").as_bytes(), "a.xml", limits(), &mut Count(0));
    }
}
