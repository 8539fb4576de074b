//! Time and memory of the stage for 600,000 people; run by hand: `cargo test -p linkage -- --ignored --nocapture`.
#![allow(clippy::print_stderr, reason = "it is a measurement for whoever runs it")]

use std::cell::RefCell;
use std::time::Instant;

use super::study::{File, Study};
use crate::cascade::tests::world::World;
use crate::{Options, Request, run};

/// Seconds of processor time so far; 0 where the system does not say.
pub(super) fn processor_time() -> f64 {
    let stat = fs_err::read_to_string("/proc/self/stat").unwrap_or_default();
    stat.split(' ')
        .skip(13)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

#[test]
#[ignore = "takes a minute; run it when the stage changes"]
fn six_hundred_thousand_people() {
    let start = Instant::now();
    let study = Study::new(&[]);
    let mut world = World::new(7, 200);
    let parts = (0..60u64).map(|part| {
        let mut files: Vec<File> = Vec::new();
        for mut entry in world.entries(10_000) {
            // Each part has numbers of its own.
            if !entry.row.number.is_empty() {
                entry.row.number = (entry.row.number.parse::<u64>().unwrap() + part * 10_000_000).to_string();
            }
            if files.last().is_none_or(|file| file.kind != entry.source) {
                files.push(File::new(
                    &format!("{}/{part}.csv", entry.source),
                    entry.source,
                    Vec::new(),
                ));
            }
            files.last_mut().unwrap().records.push((None, entry.row));
        }
        files
    });
    study.write(parts.flatten());
    eprintln!("written in {:?}", start.elapsed());
    let out = study.intake().join("../linkage");
    for former in [None, Some(out.clone())] {
        let out = if former.is_some() {
            study.intake().join("../again")
        } else {
            out.clone()
        };
        fs_err::create_dir(&out).unwrap();
        let last = RefCell::new((Instant::now(), String::new(), processor_time()));
        let start = Instant::now();
        let progress = |words: &str, _| {
            let (since, what, processor) = &mut *last.borrow_mut();
            if what != words {
                eprintln!(
                    "  {:8.0?} {:5.1} s {what}",
                    since.elapsed(),
                    processor_time() - *processor
                );
                (*since, *what, *processor) = (Instant::now(), words.to_owned(), processor_time());
            }
        };
        let options = Options::default();
        let intake = study.intake();
        let request = Request {
            intake: &intake,
            former: former.as_deref(),
            former_intake: None,
            out: &out,
            is_organisation: &|_| true,
            options: &options,
            decisions: &[],
            program: "",
            everybody: false,
            threads: 2,
            progress: &progress,
        };
        let before = processor_time();
        let report = run(&request).unwrap();
        let (wall, processor) = (start.elapsed(), processor_time() - before);
        let counts = (report.records, report.identities, report.people);
        eprintln!("{counts:?} records, identities, people in {wall:?}, {processor:.1} s of processor time");
        for step in &report.steps {
            eprintln!(
                "  {:55} {:8} {:6} {:?} {:?}",
                step.name, step.records, step.refused, step.trial, step.stands_down
            );
        }
        let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
        eprintln!(
            "{}",
            status
                .lines()
                .find(|line| line.starts_with("VmHWM"))
                .unwrap_or("memory not known here")
        );
    }
}
