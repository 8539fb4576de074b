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
    let case = &cases[&("died".to_owned(), "RTH".to_owned(), day("2025-12-31"), 1)];
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

fn detected(words: &str) -> [Detected; 1] {
    [Detected {
        indicator: "died".to_owned(),
        organisation: "RTH".to_owned(),
        alarm: true,
        words: words.to_owned(),
    }]
}

/// The data of every entry made here.
const AS_OF: &str = "2025-12-31";
/// The day of a later run.
const LATER: &str = "2026-05-04";

#[test]
fn a_run_opens_a_case_once() {
    let outside = detected("beyond the 99.8 % limits (alarm): 9 of 40, 3.21 expected");
    let fresh = all(BTreeMap::new(), &outside, day(AS_OF), day("2026-11-30"));
    assert_eq!(fresh.len(), 1);
    assert!(!may_publish(&fresh, "died", "RTH"));
    // It was detected on the day of the run, not on the last day of the data: time to tell the hospital runs from there.
    let case = fresh.values().next().unwrap();
    assert_eq!(case.last().unwrap().on, day("2026-11-30"));
    assert!(!case.is_entered);
    // An open case of an earlier run goes on; a closed one opens anew with new data.
    let open = all(
        read(&file(&whole()[..3])).unwrap(),
        &outside,
        day("2026-12-31"),
        day(LATER),
    );
    assert_eq!(open.len(), 1);
    assert!(open.values().all(|case| case.is_entered));
    let closed = all(
        read(&file(&whole())).unwrap(),
        &outside,
        day("2026-12-31"),
        day(LATER),
    );
    assert_eq!(closed.len(), 2);
    // No longer outside: the case says so and stays.
    let settled = all(
        read(&file(&whole()[..2])).unwrap(),
        &[],
        day("2026-12-31"),
        day(LATER),
    );
    assert_eq!(settled.values().next().unwrap().still_outside, Some(false));
    assert!(
        !may_publish(&settled, "died", "RTH"),
        "it was told, and has not answered"
    );
    // Of whom nobody was told yet, nothing is left to do.
    let untold = all(read(&file(&whole()[..1])).unwrap(), &[], day(AS_OF), day(LATER));
    assert!(untold.values().all(Case::is_settled));
    assert!(may_publish(&untold, "died", "RTH"));
}

#[test]
fn what_was_closed_speaks_of_its_own_figures_only() {
    let (old, new) = (detected("9 of 40"), detected("8 of 41"));
    let data_wrong = [
        entry(Step::Detected, "2026-01-02", "9 of 40"),
        entry(Step::Told, "2026-01-09", ""),
        entry(Step::DataWrong, "2026-02-02", "Deaths of 2024 were sent twice."),
    ];
    let mut published = whole();
    published[0].note = "9 of 40".to_owned();
    for entries in [&data_wrong[..], &published[..]] {
        // The same figures: nothing new. Wrong ones are not published for that.
        let same = all(read(&file(entries)).unwrap(), &old, day(AS_OF), day(LATER));
        assert_eq!(same.len(), 1);
        assert_eq!(may_publish(&same, "died", "RTH"), entries.len() == 5);
        // Other figures of data up to the same day are detected anew, with a number of their own.
        let other = all(read(&file(entries)).unwrap(), &new, day(AS_OF), day(LATER));
        let ((_, _, as_of, number), case) = other.iter().next_back().unwrap();
        assert_eq!((*as_of, *number, case.entries.len()), (day(AS_OF), 2, 1));
        assert_eq!(case.last().unwrap().on, day(LATER));
        assert!(!may_publish(&other, "died", "RTH"));
        // Entered, it is the same case.
        let mut more = entries.to_vec();
        more.extend(case.entries.iter().cloned());
        assert_eq!(read(&file(&more)).unwrap().len(), 2);
        // Within the limits after all: it may be shown.
        let within = all(read(&file(entries)).unwrap(), &[], day(AS_OF), day(LATER));
        assert!(may_publish(&within, "died", "RTH"));
    }
    // Corrected data that leave the figures as they were are told of anew by whoever takes the step.
    let mut again = all(read(&file(&data_wrong)).unwrap(), &old, day(AS_OF), day(LATER));
    assert_eq!(open_again(&mut again, "died", "RQM", day(LATER)), None);
    let key = open_again(&mut again, "died", "RTH", day(LATER)).unwrap();
    assert_eq!((key.3, again[&key].last().unwrap().step), (2, Step::Detected));
    assert_eq!(open_again(&mut again, "died", "RTH", day(LATER)), None);
    let mut shown = all(read(&file(&published)).unwrap(), &old, day(AS_OF), day(LATER));
    assert_eq!(open_again(&mut shown, "died", "RTH", day(LATER)), None);
}

#[test]
fn a_detection_says_its_figures() {
    assert_eq!(
        detect::words(true, Some((9, 40)), Some(3.214)),
        "beyond the 99.8 % limits (alarm): 9 of 40, 3.21 expected"
    );
    assert_eq!(detect::words(false, None, None), "beyond the 95 % limits (alert)");
}
