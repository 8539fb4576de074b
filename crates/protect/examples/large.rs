//! How long a release of a hundred thousand cells takes: 200 organisations in 21 networks in 4 nations, ten years.
//!
//! `cargo run -p protect --example large [POLICY…]` says it for each policy that is named, or for all: seconds by the clock and of
//! processors, cells, what is hidden, and a hash of the bytes. `--exact` first: everybody is known in some organisation, so that
//! every sum holds.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "says what it measured"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use protect::{Policy, RawRelease, Release, csv_text, release};
use support::large::{Size, raw};

/// Seconds that processors have spent on this program, in all threads; none where the system does not tell.
fn spent() -> Option<f64> {
    let text = fs_err::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold blanks and ends with the last bracket; the times are the 12th and 13th word after it.
    let words: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| words.get(at)?.parse::<u32>().ok();
    Some(f64::from(ticks(11)? + ticks(12)?) / 100.0)
}

fn measure(name: &str, raw: &RawRelease) {
    let policy = Policy::named(name).unwrap();
    let (clock, before) = (std::time::Instant::now(), spent());
    let made = release(raw, &policy);
    let clock = clock.elapsed().as_secs_f64();
    let spent = spent()
        .zip(before)
        .map_or(f64::NAN, |(after, before)| after - before);
    match made {
        Ok(made) => say(name, &made, clock, spent),
        Err(refused) => println!("{name}: {clock:.1} s by the clock, {spent:.1} s of processors; {refused}"),
    }
}

fn say(name: &str, made: &Release, clock: f64, spent: f64) {
    let (mut hidden, mut bytes) = (0, String::new());
    for table in made.tables() {
        let text = csv_text(table, None).unwrap();
        hidden += text.matches("suppressed").count();
        bytes.push_str(&text);
    }
    let cells = made.publication().figures.len();
    let hash = blake3::hash(bytes.as_bytes()).to_hex();
    println!(
        "{name}: {cells} cells, {clock:.1} s by the clock, {spent:.1} s of processors; {hidden} figures hidden, bytes {}",
        &hash[..16]
    );
}

fn main() {
    let (exact, names): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word == "--exact");
    let size = Size {
        organisations: 200,
        networks: 21,
        years: 10,
        of_none: if exact.is_empty() { 15 } else { 0 },
    };
    let raw = raw(size, 7);
    if names.is_empty() {
        Policy::names().for_each(|name| measure(name, &raw));
    }
    names.iter().for_each(|name| measure(name, &raw));
}
