//! A nation of two hundred hospitals over ten years: the whole site, with its documents and pictures, in half a minute.
//!
//! What is measured is the time that processors spent, so that whatever else the machine does is not counted. Half a minute of that
//! is half a minute on one core, and less on two.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::time::{Duration, Instant};

use protect::{Policy, RawRelease, RawTable, RawValue};
use publish::{Before, Outline, render, render_texts};
use support::Hospital;

const HOSPITALS: usize = 200;
/// What the site may take of processors.
const LIMIT: Duration = Duration::from_secs(30);
/// Linux counts that in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);
/// The invented nation has six years; the year after these stands for each of them.
const EARLIER: [&str; 4] = ["2015", "2016", "2017", "2018"];
const COPIED: &str = "2019";

/// The invented hospitals, again and again under other names and some way off.
fn hospitals() -> Vec<Hospital> {
    let few = support::hospitals();
    let of = |at: usize| {
        let round = at / few.len();
        let one = few[at % few.len()].clone();
        Hospital {
            code: format!("{}{round}", one.code),
            name: format!(
                "{} {}",
                one.name,
                ["", "Cross", "Moor", "Wick", "Green", "Ford", "Heath", "Vale"][round]
            ),
            latitude: one.latitude + round as f64 * 0.37,
            longitude: one.longitude + round as f64 * 0.29,
            people: one.people + round as i64 * 3,
            ..one
        }
    };
    (0..HOSPITALS).map(of).collect()
}

fn ten_years(hospitals: &[Hospital]) -> RawRelease {
    let mut raw = support::raw(hospitals, true, false);
    raw.manifest.period.0 = format!("{}-01-01", EARLIER[0]);
    let counts = raw
        .tables
        .iter_mut()
        .find(|table| table.name == "counts")
        .unwrap();
    earlier(counts);
    raw
}

fn earlier(table: &mut RawTable) {
    let at = table
        .columns
        .iter()
        .position(|column| column.name == "period")
        .unwrap();
    for year in EARLIER {
        let copied = table.rows.iter().filter_map(|row| match &row[at] {
            RawValue::Text(period) if period.starts_with(COPIED) => {
                let mut row = row.clone();
                row[at] = RawValue::Text(period.replace(COPIED, year));
                Some(row)
            }
            _ => None,
        });
        let copied: Vec<Vec<RawValue>> = copied.collect();
        assert!(!copied.is_empty());
        table.rows.extend(copied);
    }
}

/// The time that processors have spent on this program, in all threads; none where the system does not tell.
fn spent() -> Option<Duration> {
    let text = fs_err::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold blanks and ends with the last bracket; the times are the 12th and 13th word after it.
    let words: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| words.get(at)?.parse::<u32>().ok();
    Some(TICK * (ticks(11)? + ticks(12)?))
}

/// Does something, and says how long it took: by the clock, and of processors.
fn timed<T>(what: &str, work: impl FnOnce() -> T) -> (T, Duration) {
    let (clock, before) = (Instant::now(), spent());
    let done = work();
    let took = clock.elapsed();
    let spent = spent().zip(before).map(|(after, before)| after - before);
    eprintln!("{what}: {took:.1?} by the clock, {spent:.1?} of processors");
    (done, spent.unwrap_or(took))
}

#[allow(
    clippy::disallowed_methods,
    reason = "how long a test runs, not what it finds"
)]
#[test]
fn two_hundred_hospitals_over_ten_years_take_half_a_minute() {
    if std::env::var_os("COUNTED_LONG").is_none() {
        eprintln!("skipped: COUNTED_LONG=1 renders the site of {HOSPITALS} hospitals");
        return;
    }
    let hospitals = hospitals();
    let facts = support::facts_of(&hospitals, Outline::AroundPoints);
    let raw = ten_years(&hospitals);
    let policy = Policy::hes().unwrap();
    let (release, _) = timed("protected", || protect::release(&raw, &policy).unwrap());
    let texts = || render_texts(&release, Before::Nothing, &facts).unwrap();
    let (texts, _) = timed("the texts alone", texts);
    let (files, spent) = timed("the whole site", || render(&release, &facts).unwrap());
    let of = |ending: &str| {
        let of = files.iter().filter(|(path, _)| path.ends_with(ending));
        of.fold((0, 0), |(count, size), (_, content)| {
            (count + 1, size + content.len())
        })
    };
    let (documents, pictures) = (of(".pdf"), of(".png"));
    eprintln!(
        "{} texts, {} documents of {} kB, {} pictures of {} kB",
        texts.len(),
        documents.0,
        documents.1 / 1024,
        pictures.0,
        pictures.1 / 1024,
    );
    assert!(
        documents.0 > 150 && pictures.0 > 300,
        "{documents:?} {pictures:?}"
    );
    assert!(spent < LIMIT, "the site took {spent:.1?}");
}
