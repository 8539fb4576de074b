#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::definition::{Direction, Standards};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn entry(step: Step, on: &str, note: &str) -> Entry {
    Entry {
        indicator: "died".to_owned(),
        organisation: "RTH".to_owned(),
        as_of: day("2025-12-31"),
        step,
        on: day(on),
        by: "A. Analyst".to_owned(),
        note: note.to_owned(),
    }
}

fn file(entries: &[Entry]) -> String {
    entries
        .iter()
        .map(|entry| serde_json::to_string(entry).unwrap() + "\n")
        .collect()
}

fn whole() -> Vec<Entry> {
    vec![
        entry(Step::Detected, "2025-12-31", ""),
        entry(Step::Told, "2026-01-09", ""),
        entry(Step::DataChecked, "2026-02-02", ""),
        entry(
            Step::Response,
            "2026-03-02",
            "Reviewed; a local audit found no common cause.",
        ),
        entry(Step::Published, "2026-03-10", ""),
    ]
}

#[test]
fn nothing_is_published_before_its_step() {
    let entries = whole();
    for taken in 1..=entries.len() {
        let cases = read(&file(&entries[..taken])).unwrap();
        assert_eq!(
            may_publish(&cases, "died", "RTH"),
            taken == entries.len(),
            "after {taken} steps"
        );
        assert!(may_publish(&cases, "died", "RQM"));
    }
}

#[test]
fn steps_come_in_order_and_say_what_they_must() {
    let cases = read(&file(&whole()[..2])).unwrap();
    let case = &cases[&("died".to_owned(), "RTH".to_owned(), day("2025-12-31"))];
    let refused = |entry: Entry| case.check(&entry).unwrap_err().to_string();
    assert_eq!(
        refused(entry(Step::Published, "2026-02-01", "")),
        "`published` does not come after `told`; what may come is `data_checked` or `data_wrong`"
    );
    assert_eq!(
        refused(entry(Step::DataChecked, "2026-01-08", "")),
        "2026-01-08 is before 2026-01-09, the day of the step before"
    );
    assert!(refused(entry(Step::DataWrong, "2026-02-01", " ")).contains("needs words"));
    assert!(
        case.check(&entry(
            Step::DataWrong,
            "2026-02-01",
            "Deaths of 2024 were sent twice."
        ))
        .is_ok()
    );
}

#[test]
fn a_line_changed_by_hand_is_found() {
    let mut entries = whole();
    entries.remove(2);
    let error = read(&file(&entries)).unwrap_err().to_string();
    assert!(
        error.starts_with("line 3: `response` does not come after `told`"),
        "{error}"
    );
    assert!(read("{}\n").unwrap_err().to_string().starts_with("line 1: "));
    assert_eq!(read("").unwrap().len(), 0);
}

#[test]
fn a_deadline_counts_working_days() {
    let days = Standards::built_in().unwrap().files["outliers.toml"].clone();
    let deadlines = Deadlines::read(&days).unwrap();
    // Told within ten working days: from a Wednesday to the Wednesday two weeks on.
    assert_eq!(
        deadlines.due(&entry(Step::Detected, "2025-12-31", "")),
        Some(day("2026-01-14"))
    );
    assert_eq!(deadlines.due(&entry(Step::Published, "2026-03-10", "")), None);
    // One working day after a Friday, a Saturday and a Sunday is the Monday.
    for friday in ["2026-01-09", "2026-01-10", "2026-01-11"] {
        assert_eq!(working_days_after(day(friday), 1), day("2026-01-12"));
    }
}

#[test]
fn only_the_worse_side_is_an_outlier() {
    assert_eq!(detect::worse(Direction::Lower, "high_99_8"), Some(true));
    assert_eq!(detect::worse(Direction::Lower, "low_99_8"), None);
    assert_eq!(detect::worse(Direction::Higher, "low_95"), Some(false));
    assert_eq!(detect::worse(Direction::Higher, "not_enough_recorded"), None);
}

#[test]
fn a_run_opens_a_case_once() {
    let detected = [Detected {
        indicator: "died".to_owned(),
        organisation: "RTH".to_owned(),
        alarm: true,
        words: "beyond the 99.8 % limits (alarm)".to_owned(),
    }];
    let fresh = all(BTreeMap::new(), &detected, day("2025-12-31"));
    assert_eq!(fresh.len(), 1);
    assert!(!may_publish(&fresh, "died", "RTH"));
    // An open case of an earlier run goes on; a closed one opens anew with new data.
    let open = all(read(&file(&whole()[..3])).unwrap(), &detected, day("2026-12-31"));
    assert_eq!(open.len(), 1);
    let closed = all(read(&file(&whole())).unwrap(), &detected, day("2026-12-31"));
    assert_eq!(closed.len(), 2);
    // No longer outside: the case says so and stays.
    let settled = all(read(&file(&whole()[..2])).unwrap(), &[], day("2026-12-31"));
    assert_eq!(settled.values().next().unwrap().still_outside, Some(false));
}
