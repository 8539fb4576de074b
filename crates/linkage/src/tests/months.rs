//! Months of deliveries, linked one by one and at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::speed::processor_time;
use super::study::{File, Study, lines, persons};
use crate::cascade::tests::world::World;
use crate::{Operation, Report, replay};

/// What is asked for is that the last month costs less than a fifth of all months at once. It is not reached yet: a
/// month's records touch a quarter of the identities of so small a nation, at over a quarter of the time. This guards
/// that it gets no worse.
const SHARE: f64 = 0.4;

/// The records of a nation as they come: a month, a source, its file. People come back for a year; as many records
/// come every month.
pub(super) fn months(seed: u64, people: u32, count: u32) -> Vec<Vec<(i64, File)>> {
    let mix = |value: u32| value.wrapping_mul(0x9E37_79B9) >> 7;
    let mut files: BTreeMap<(u32, &str), File> = BTreeMap::new();
    for (at, entry) in World::new(seed, 60).entries(people).into_iter().enumerate() {
        let month = (mix(entry.person) + mix(at as u32) % 12) % count;
        let name = format!("{}/{:04}.csv", entry.source, month);
        let file = files
            .entry((month, entry.source))
            .or_insert_with(|| File::new(&name, entry.source, Vec::new()));
        let record = (entry.source == "cosd").then(|| format!("id-{at}"));
        file.records.push((record, entry.row));
    }
    let sources: BTreeSet<&str> = files.keys().map(|(_, source)| *source).collect();
    let mut months = vec![Vec::new(); count as usize];
    for ((month, source), file) in files {
        // Files are in order of source, then month, so that new ones come between old ones.
        let place = sources.iter().position(|other| *other == source).unwrap();
        months[month as usize].push((place as i64 * 1_000 + i64::from(month), file));
    }
    months
}

/// True when records belong together in one table exactly where they do in the other.
pub(super) fn same_people(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> bool {
    let (mut there, mut back) = (BTreeMap::new(), BTreeMap::new());
    a.len() == b.len()
        && a.iter().all(|(record, person)| {
            let other = &b[record];
            there.entry(person).or_insert(other) == &other && back.entry(other).or_insert(person) == &person
        })
}

/// All that a report says of the people themselves.
pub(super) fn of_people(report: &Report) -> String {
    let mut report = report.clone();
    for step in &mut report.steps {
        // Stands in the tables as it was measured first, unless it moved.
        step.right_in_10_000 = 0;
    }
    let counts = (report.records, report.identities, report.people, report.conflicts);
    format!("{counts:?} {:?} {:?}", report.steps, report.shared)
}

pub(super) fn log_of(out: &Path) -> Vec<Operation> {
    let text = fs_err::read_to_string(out.join("operations.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Links month after month; gives the last tables, the reports, and the processor time of each month.
fn one_by_one(
    study: &mut Study,
    months: Vec<Vec<(i64, File)>>,
) -> (std::path::PathBuf, Vec<Report>, Vec<f64>) {
    let (mut reports, mut times) = (Vec::new(), Vec::new());
    let mut former: Option<std::path::PathBuf> = None;
    let (mut there, mut first, mut log): (Vec<_>, BTreeMap<String, String>, Vec<Operation>) =
        Default::default();
    for files in months {
        let names: Vec<_> = files
            .iter()
            .map(|(number, file)| (*number, file.kind, file.path.clone()))
            .collect();
        study.add(files, &there);
        there.extend(names);
        let before = processor_time();
        let (out, report) = study.run(former.as_deref());
        times.push(processor_time() - before);
        reports.push(report);
        let now = persons(&out);
        log.extend(log_of(&out));
        for (record, person) in &now {
            first.entry(record.clone()).or_insert_with(|| person.clone());
        }
        let mut replayed = first.clone();
        replay(&mut replayed, &log);
        assert_eq!(
            replayed, now,
            "the log leads from the first people to those of today"
        );
        if let Some(before) = &former {
            let moved: BTreeSet<String> = log_of(&out)
                .into_iter()
                .flat_map(|operation| operation.moved)
                .map(|moved| moved.record)
                .collect();
            for (record, person) in persons(before) {
                assert_eq!(
                    now[&record] != person,
                    moved.contains(&record),
                    "{record} keeps its person or is in the log"
                );
            }
            fs_err::remove_dir_all(before).unwrap();
        }
        former = Some(out);
    }
    assert!(
        log.iter()
            .zip(1..)
            .all(|(operation, number)| operation.number == number)
    );
    (former.unwrap(), reports, times)
}

fn compare(people: u32, print: bool) {
    let months = months(41, people, 24);
    let mut study = Study::new(&[]);
    let (last, reports, times) = one_by_one(&mut study, months);
    let before = processor_time();
    let (once, whole) = study.run(None);
    let at_once = processor_time() - before;
    let month = reports.last().unwrap();
    assert!(
        same_people(&persons(&last), &persons(&once)),
        "one by one and at once give the same people"
    );
    assert_eq!(of_people(month), of_people(&whole));
    let links = |out: &Path| lines(&out.join("links.parquet"), &["file", "row", "source", "step"]);
    assert_eq!(links(&last), links(&once));
    let beside: Vec<&Report> = reports[1..]
        .iter()
        .filter(|report| report.everybody_because.is_none())
        .collect();
    assert!(
        beside.len() >= 18,
        "{:?}",
        reports
            .iter()
            .map(|report| &report.everybody_because)
            .collect::<Vec<_>>()
    );
    // What is counted does not depend on the machine.
    assert_eq!(month.records_read * 24 / whole.records.max(1), 1);
    assert!(
        month.identities_linked as f64 <= whole.identities as f64 * SHARE,
        "{} of {}",
        month.identities_linked,
        whole.identities
    );
    assert!(month.records_taken_over * 10 >= whole.records * 9);
    let share = times[23] / at_once;
    if print {
        eprintln!(
            "records {} identities {} people {}",
            whole.records, whole.identities, whole.people
        );
        eprintln!(
            "at once {at_once:.2} s; the last month {:.2} s ({share:.3}); all months {:.2} s",
            times[23],
            times.iter().sum::<f64>()
        );
        eprintln!(
            "linked anew {} identities, read {} records",
            month.identities_linked, month.records_read
        );
        let why: Vec<_> = reports
            .iter()
            .map(|report| report.everybody_because.as_deref().unwrap_or("-"))
            .collect();
        eprintln!("{why:?}\n{times:.2?}");
    }
    assert!(
        at_once == 0.0 || share < SHARE,
        "the last month costs {share:.3} of all months at once"
    );
}

#[test]
fn twenty_four_months_one_by_one_are_twenty_four_months_at_once() {
    compare(20_000, true);
}

#[test]
#[ignore = "takes minutes; run it when the stage changes"]
fn twenty_four_months_of_three_hundred_thousand_people() {
    compare(300_000, true);
}
