//! The built-in files hold, and one that is wrong is refused with the reason.

use super::*;
use crate::PublishError;

#[test]
fn the_built_in_files_hold() {
    let all = Sourced::built_in().unwrap();
    let ids: Vec<&str> = all.commitments.iter().map(|one| one.id.as_str()).collect();
    for id in [
        "england-2013-recording",
        "england-2015-strategy",
        "scotland-2023-plan",
        "wales-2024-form",
        "all-2025-count-us-in",
        "england-2026-plan",
    ] {
        assert!(ids.contains(&id), "{id}");
    }
    let groups: Vec<usize> = all.standards.groups().map(|(_, of)| of.len()).collect();
    assert_eq!(groups, [5, 3, 3]);
    // Issue 5: six have national items, five have none.
    let without: Vec<usize> = all
        .standards
        .standard
        .iter()
        .filter(|one| one.items.is_empty())
        .map(|one| one.number)
        .collect();
    assert_eq!(without, [2, 4, 5, 8, 10]);
    assert!(
        all.signs.review().is_none(),
        "a reviewer was named: look at the page again"
    );
}

/// The dossier marks with MEM or [G] what nobody has read where it was printed.
#[test]
fn nothing_from_memory_stands_in_them() {
    for text in [
        super::commitments::TEXT,
        super::standards::TEXT,
        super::signs::TEXT,
        super::support::TEXT,
    ] {
        assert!(!text.contains("MEM") && !text.contains("[G]") && !text.contains('\u{2014}'));
    }
}

#[test]
fn dates_are_years_months_or_days() {
    for right in ["2016", "2013-01", "2026-02-04"] {
        assert!(is_date(right), "{right}");
    }
    for wrong in [
        "",
        "16",
        "2013-13",
        "2013-00",
        "2026-02-32",
        "2026-2-4",
        "2026-02-04-01",
        "soon",
    ] {
        assert!(!is_date(wrong), "{wrong}");
    }
    assert!(is_day("2026-02-04") && !is_day("2026-02"));
}

/// One change to a file, and the words of the refusal.
#[test]
fn a_file_that_contradicts_itself_is_refused() {
    type Check = fn(&str) -> Result<(), PublishError>;
    let promises: Check = |text| super::commitments::checked(text).map(|_| ());
    let standards: Check = |text| super::standards::checked(text).map(|_| ());
    let signs: Check = |text| super::signs::checked(text).map(|_| ());
    let support: Check = |text| super::support::checked(text).map(|_| ());
    let (p, s) = (super::commitments::TEXT, super::standards::TEXT);
    let (g, h) = (super::signs::TEXT, super::support::TEXT);
    for (check, text, from, to, reason) in [
        (
            promises,
            p,
            "nation = \"England\"",
            "nation = \"Anglia\"",
            "is none of England",
        ),
        (
            promises,
            p,
            "made = \"2013-01\"",
            "made = \"soon\"",
            "`made` is no year",
        ),
        (
            promises,
            p,
            "made = \"2013-01\"",
            "made = \"2009\"",
            "in order of `made`",
        ),
        (
            promises,
            p,
            "due = \"2012-04\"",
            "due = \"2010-04\"",
            "due before it was made",
        ),
        (
            promises,
            p,
            "url = \"https:",
            "url = \"http:",
            "does not begin with https",
        ),
        (
            promises,
            p,
            "seen = \"2026-11-26\"",
            "seen = \"2026-11\"",
            "`seen` is no day",
        ),
        (
            promises,
            p,
            "id = \"england-2013-recording\"",
            "id = \"england-2011-pilot\"",
            "stands twice",
        ),
        (
            promises,
            p,
            "measure = \"recorded\"",
            "measure = \"guessed\"",
            "unknown variant `guessed`",
        ),
        (
            promises,
            p,
            "kind = \"promised\"",
            "kind = \"promised\"\nkept = true",
            "unknown field `kept`",
        ),
        (
            standards,
            s,
            "number = 2\n",
            "number = 3\n",
            "its number is not 2",
        ),
        (
            standards,
            s,
            "group = \"Treatment and care\"",
            "group = \"Other\"",
            "the groups are not",
        ),
        (
            standards,
            s,
            "shows = \"\"",
            "shows = \"All of it.\"",
            "go together",
        ),
        (
            signs,
            g,
            "reviewer = \"\"",
            "reviewer = \"Dr Name\"",
            "go together",
        ),
        (signs, g, "Call 999, or", "Call", "does not say to call 999"),
        (
            support,
            h,
            "telephone = \"0808 800 6000\"",
            "telephone = \"on the page\"",
            "other signs than digits",
        ),
    ] {
        assert!(text.contains(from), "{from}");
        let refused = check(&text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(
            refused.contains(reason) && refused.contains(".toml: "),
            "{from} to {to}: {refused}"
        );
    }
}
