//! Past estimates beside today's, for the same place and date: how far figures move, and how often the old interval
//! holds the new figure.
//!
//! Each run leaves its estimates of the country and its nations under its `as_of`; only those of an earlier `as_of` are
//! compared, so running twice changes nothing. Estimates by another definition or from other sources are compared as well:
//! a reader of a revision wants to know that a figure moved, whatever moved it.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{TableReader, TableWriter};
use vocabulary::date::Date;
use vocabulary::table::Value;

use crate::error::StudyError;

/// Place kind, place, period, measure.
type Key = [String; 4];

/// Estimate, low, high.
type Figures = [f64; 3];

/// Compares, and writes `revisions.parquet` into `tables`.
pub(crate) fn write(state: &Path, as_of: Date, count: &Path, tables: &Path) -> Result<(), StudyError> {
    let estimates = count.join("estimates.parquet");
    let now = totals(&estimates)?;
    let kept = state.join("estimates");
    let mut table = TableWriter::create(&tables.join("revisions.parquet"), &layouts::tables::revisions())?;
    for (before, path) in earlier(&kept, as_of)? {
        for (key, [estimate, low, high]) in totals(&path)? {
            let Some([today, ..]) = now.get(&key) else {
                continue;
            };
            let [place_kind, place, period, measure] = &key;
            table.row(&[
                Value::Text(place_kind),
                Value::Text(place),
                Value::Text(period),
                Value::Text(measure),
                Value::Date(before),
                Value::Real(estimate),
                Value::Real(low),
                Value::Real(high),
                Value::Real(*today),
                Value::Flag((low..=high).contains(today)),
            ])?;
        }
    }
    table.finish()?;
    Ok(())
}

/// Keeps for the runs to come what this one knows: its estimates, and the new people by quarter that it found, beside those
/// of runs that read alike. Only what became output is looked back at, so this comes when nothing else can be refused.
///
/// Of runs of one `as_of` the last counts, since the first may have read half the files, or a figure may be corrected before it
/// is published. A run of an earlier `as_of` than one that is kept reads the files of today, so it says nothing of what was
/// known on that day, and leaves both as they are ([`not_kept`] says so). Looks at the quarters are kept, and hinder one another,
/// at the ends of quarters alone, since no others are used.
pub(crate) fn keep_all(state: &Path, alike: &str, as_of: Date, count: &Path) -> Result<(), StudyError> {
    let estimates = state.join("estimates");
    if newest(&estimates)?.is_none_or(|last| last <= as_of) {
        keep(&count.join("estimates.parquet"), &estimates, as_of)?;
    }
    let looks = looks_folder(state, alike);
    let is_used = count::Look::is_used_of(as_of);
    if is_used && newest_look(&looks)?.is_none_or(|last| last <= as_of) {
        keep(&count.join("quarters.parquet"), &looks, as_of)?;
    }
    Ok(())
}

/// What somebody must know where this run leaves nothing to look back at, since a run of a later `as_of` did: that day may have
/// been mistyped, and would then hinder all runs to come.
pub(crate) fn not_kept(state: &Path, alike: &str, as_of: Date) -> Result<Option<String>, StudyError> {
    let is_used = count::Look::is_used_of(as_of);
    let look = newest_look(&looks_folder(state, alike))?.filter(|_| is_used);
    let kept = [
        ("state/estimates".to_owned(), newest(&state.join("estimates"))?),
        (format!("state/quarters/{alike}"), look),
    ];
    let later: Vec<String> = kept
        .into_iter()
        .filter_map(|(folder, last)| Some((folder, last.filter(|last| *last > as_of)?)))
        .map(|(folder, last)| format!("{folder}/{last}.parquet"))
        .collect();
    if later.is_empty() {
        return Ok(None);
    }
    Ok(Some(format!(
        "The study keeps what a run of a later `as_of` left ({}), so this one leaves no such file for later runs to look back at. If that \
         day was mistyped, take away what is kept of it and run again.",
        later.join(" and ")
    )))
}

/// What earlier runs knew that read alike: the same definition, the same kinds of source of the same nations.
pub(crate) fn looks(state: &Path, alike: &str, as_of: Date) -> Result<Vec<count::Look>, StudyError> {
    earlier(&looks_folder(state, alike), as_of)?
        .into_iter()
        .map(|(day, path)| Ok(count::Look::read(&path, day)?))
        .collect()
}

fn looks_folder(state: &Path, alike: &str) -> std::path::PathBuf {
    state.join("quarters").join(alike)
}

/// The files of earlier studies, the oldest first.
fn earlier(kept: &Path, as_of: Date) -> Result<BTreeMap<Date, std::path::PathBuf>, StudyError> {
    let mut files = by_day(kept)?;
    files.retain(|day, _| *day < as_of);
    Ok(files)
}

/// The last day of which something is kept.
fn newest(kept: &Path) -> Result<Option<Date>, StudyError> {
    Ok(by_day(kept)?.into_keys().next_back())
}

/// The last end of a quarter at which a look is kept.
fn newest_look(looks: &Path) -> Result<Option<Date>, StudyError> {
    let mut days = by_day(looks)?.into_keys();
    Ok(days.rfind(|day| count::Look::is_used_of(*day)))
}

/// What is kept, by its day.
fn by_day(kept: &Path) -> Result<BTreeMap<Date, std::path::PathBuf>, StudyError> {
    let mut files = BTreeMap::new();
    if kept.is_dir() {
        for entry in fs_err::read_dir(kept)? {
            let path = entry?.path();
            let day = path
                .file_stem()
                .and_then(|name| name.to_str()?.parse::<Date>().ok());
            files.extend(day.map(|day| (day, path)));
        }
    }
    Ok(files)
}

fn keep(estimates: &Path, kept: &Path, as_of: Date) -> Result<(), StudyError> {
    engine::private_folder(kept)?;
    // Whole or not at all: a killed run must not leave half a file.
    let unfinished = kept.join("unfinished");
    fs_err::copy(estimates, &unfinished)?;
    engine::rename(&unfinished, &kept.join(format!("{as_of}.parquet")))?;
    Ok(())
}

/// Totals of the country and the nations.
fn totals(estimates: &Path) -> Result<BTreeMap<Key, Figures>, StudyError> {
    let mut totals = BTreeMap::new();
    for batch in TableReader::open(estimates)? {
        let batch = batch?;
        let text = |name| batch.text(name);
        let names = [
            text("place_kind")?,
            text("place")?,
            text("period")?,
            text("measure")?,
        ];
        let splits = [text("kind")?, text("sex")?, text("age_band")?];
        let numbers = [batch.real("estimate")?, batch.real("low")?, batch.real("high")?];
        for row in 0..batch.rows() {
            let key = names.map(|column| column.get(row).unwrap_or_default().to_owned());
            let wide = matches!(key[0].as_str(), "country" | "nation");
            if wide && splits.iter().all(|column| column.get(row) == Some("all")) {
                totals.insert(key, numbers.map(|column| column.get(row).unwrap_or_default()));
            }
        }
    }
    Ok(totals)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn estimates(at: &Path, estimate: f64) {
        let mut table = TableWriter::create(&at.join("estimates.parquet"), &layouts::tables::estimates())
            .expect("a table");
        for (level, place) in [("country", "all"), ("organisation", "RX1")] {
            let texts = [level, place, "2023-12-31", "living", "all", "all", "all"].map(Value::Text);
            let numbers = [estimate, estimate, estimate, estimate - 10.0, estimate + 10.0].map(Value::Real);
            let row: Vec<Value<'_>> = texts
                .into_iter()
                .chain(numbers)
                .chain([Value::Text("lower_bound")])
                .collect();
            table.row(&row).expect("a row");
        }
        table.finish().expect("written");
    }

    /// As of, estimate, now, held.
    type Compared = (Option<Date>, Option<f64>, Option<f64>, Option<bool>);

    fn compared(at: &Path) -> Vec<Compared> {
        let mut rows = Vec::new();
        for batch in TableReader::open(&at.join("revisions.parquet")).expect("a table") {
            let batch = batch.expect("rows");
            let (as_of, held) = (
                batch.date("as_of").expect("days"),
                batch.flag("held").expect("flags"),
            );
            let (before, now) = (
                batch.real("estimate").expect("numbers"),
                batch.real("now").expect("numbers"),
            );
            rows.extend(
                (0..batch.rows()).map(|row| (as_of.get(row), before.get(row), now.get(row), held.get(row))),
            );
        }
        rows
    }

    #[test]
    fn only_earlier_estimates_are_laid_beside_todays() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        let run = |as_of: &str, estimate: f64| {
            estimates(at, estimate);
            fs_err::write(at.join("quarters.parquet"), "").expect("a file");
            write(at, day(as_of), at, at).expect("compared");
            let rows = compared(at);
            // What is refused after it was compared leaves nothing to look back at.
            write(at, day("2099-12-31"), at, at).expect("compared");
            assert_eq!(
                compared(at).len(),
                earlier(&at.join("estimates"), day("2099-12-31"))
                    .expect("files")
                    .len()
            );
            keep_all(at, "alike", day(as_of), at).expect("kept");
            rows
        };
        assert_eq!(run("2023-12-31", 1_000.0), []);
        let second = vec![(Some(day("2023-12-31")), Some(1_000.0), Some(1_008.0), Some(true))];
        assert_eq!(run("2024-06-30", 1_008.0), second);
        assert_eq!(
            run("2024-06-30", 1_008.0),
            second,
            "running twice changes nothing"
        );
        let third = run("2024-12-31", 1_011.0);
        let held: Vec<Option<bool>> = third.iter().map(|row| row.3).collect();
        assert_eq!(held, [Some(false), Some(true)]);
    }

    #[test]
    fn what_was_known_on_a_day_is_what_the_last_run_of_it_found_before_a_later_day() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        let run = |as_of: &str, found: &str| {
            for name in ["estimates.parquet", "quarters.parquet"] {
                fs_err::write(at.join(name), found).expect("a file");
            }
            keep_all(at, "alike", day(as_of), at).expect("kept");
        };
        let kept = |folder: std::path::PathBuf| -> Vec<(String, String)> {
            let files = by_day(&folder).expect("files").into_iter();
            files
                .map(|(day, path)| (day.to_string(), fs_err::read_to_string(path).expect("a file")))
                .collect()
        };
        let said = |found: [(&str, &str); 2]| found.map(|(day, found)| (day.to_owned(), found.to_owned()));
        run("2023-12-31", "half the files");
        run("2023-12-31", "all files");
        run("2024-12-31", "third");
        // A day of the past, by the files of today.
        run("2023-12-31", "fourth");
        run("2022-12-31", "fifth");
        let found = said([("2023-12-31", "all files"), ("2024-12-31", "third")]);
        assert_eq!(kept(looks_folder(at, "alike")), found);
        assert_eq!(kept(at.join("estimates")), found);
    }

    /// A run between the ends of quarters is no look, so it does not hinder that of the end before.
    #[test]
    fn a_day_within_a_quarter_leaves_no_look_and_hinders_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        for name in ["estimates.parquet", "quarters.parquet"] {
            fs_err::write(at.join(name), name).expect("a file");
        }
        let looks = looks_folder(at, "alike");
        let days = |kept: &Path| -> Vec<Date> { by_day(kept).expect("files").into_keys().collect() };
        // One that an older program left.
        keep(&at.join("quarters.parquet"), &looks, day("2024-01-15")).expect("kept");
        keep_all(at, "alike", day("2024-01-31"), at).expect("kept");
        keep_all(at, "alike", day("2023-12-31"), at).expect("kept");
        assert_eq!(days(&looks), [day("2023-12-31"), day("2024-01-15")]);
        assert_eq!(days(&at.join("estimates")), [day("2024-01-31")]);
    }

    #[test]
    fn a_run_before_one_that_is_kept_says_which_files_hinder_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        for name in ["estimates.parquet", "quarters.parquet"] {
            fs_err::write(at.join(name), name).expect("a file");
        }
        let warned = |as_of: &str| not_kept(at, "alike", day(as_of)).expect("files");
        assert_eq!(warned("2025-12-31"), None);
        // Mistyped.
        keep_all(at, "alike", day("2052-12-31"), at).expect("kept");
        assert_eq!(warned("2052-12-31"), None, "the same run again");
        assert_eq!(warned("2053-03-31"), None);
        let both = warned("2025-12-31").expect("a warning");
        let [estimates, look] =
            ["estimates", "quarters/alike"].map(|at| format!("state/{at}/2052-12-31.parquet"));
        assert!(both.contains(&estimates) && both.contains(&look), "{both}");
        let within = warned("2026-01-31").expect("a warning");
        assert!(within.contains(&estimates) && !within.contains(&look), "{within}");
    }
}
