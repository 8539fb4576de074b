#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn read(indicator: &str) -> Result<Standards, String> {
    let facts = "[[fact]]\nname = \"nurse\"\ntable = \"cosd\"\ncode = \"CNS\"\nitem = \"CR2050\"\nwords = \"\"\n\
                 [[fact]]\nname = \"meeting\"\ntable = \"cosd.mdt\"\ndate = \"MDT_DATE\"\ncode = \"MDT_TYPE\"\nitem = \"\"\nwords = \"\"\n\
                 [[fact]]\nname = \"key_worker\"\ntable = \"form\"\ncode = \"KEY_WORKER\"\nitem = \"\"\nwords = \"\"\n";
    let head = "[[indicator]]\nid = \"a\"\nstandard = 1\ntitle = \"\"\npatients = \"\"\nboards = \"\"\nsource = \"\"\n\
                direction = \"higher\"\nrole = \"process\"\npopulation = { event = \"secondary\" }\n";
    let files = [
        ("facts.toml".to_owned(), facts.to_owned()),
        ("indicators/a.toml".to_owned(), format!("{head}{indicator}")),
    ];
    Standards::from_files("t", files.into_iter().collect()).map_err(|error| error.to_string())
}

#[test]
fn the_built_in_standards_hold_together() {
    let standards = Standards::built_in().unwrap_or_else(|error| panic!("{error}"));
    let named: std::collections::BTreeSet<u8> = standards.indicators.iter().map(|one| one.standard).collect();
    assert_eq!(
        named.into_iter().filter(|one| *one > 0).collect::<Vec<_>>(),
        (1..=11).collect::<Vec<_>>()
    );
    // The five that no national data set holds are asked by form, and nothing else is.
    for indicator in &standards.indicators {
        let by_form = [2, 4, 5, 8, 10].contains(&indicator.standard);
        assert_eq!(
            indicator.reported == Reported::ByForm,
            by_form,
            "{}",
            indicator.id
        );
        assert!(
            !indicator.patients.is_empty() && !indicator.boards.is_empty(),
            "{}",
            indicator.id
        );
    }
}

#[test]
fn every_mistake_is_named() {
    let yes = "yes = [{ fact = \"nurse\", codes = [\"Y1\"], in = \"record\" }]\n";
    for (text, wanted) in [
        ("yes = []\nno = []\nfoo = 1\n".to_owned(), "unknown field `foo`"),
        (
            format!("{yes}no = [{{ fact = \"nurs\", in = \"record\" }}]"),
            "no fact `nurs` in facts.toml; did you mean `nurse`?",
        ),
        (
            format!("{yes}no = [{{ fact = \"nurse\", days = [0, 31] }}]"),
            "`nurse` has no date, so it speaks of an event only inside its record",
        ),
        (
            format!("{yes}no = [{{ fact = \"meeting\", in = \"anywhere\" }}]"),
            "`meeting` may speak of any disease at any time",
        ),
        (
            format!("{yes}no = [{{ absent = \"meeting\", days = [0, 31] }}]"),
            "silence says nothing by itself",
        ),
        (
            format!("{yes}no = [{{ fact = \"meeting\" }}]"),
            "`meeting` needs a place",
        ),
        (
            format!("{yes}no = [{{ fact = \"key_worker\", in = \"anywhere\" }}]"),
            "are never mixed",
        ),
        (format!("{yes}no = []\npair = \"b\""), "no indicator `b`"),
        (
            format!("{yes}no = []\nthreshold = 70.0"),
            "threshold is a share from 0 to 1",
        ),
        (
            format!("{yes}no = []\n[[indicator.exclude]]\nreason = \"\"\n"),
            "an exclusion needs exactly one",
        ),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.contains(wanted), "{error}");
    }
    assert!(read(&format!("{yes}no = []")).is_ok());
}
