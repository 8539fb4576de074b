//! The measured side of `bench/events`: invents records of hospital care, answers the question from them by the real
//! stage, and decodes the columns that the question needs, as the floor.
//!
//! ```text
//! events make FOLDER ROWS SEED          invents the records, as canonical tables and in the raw shape
//! events find FOLDER OUT MEMORY THREADS the stage, from the canonical tables; answers as CSV
//! events answers OUT                    answers as CSV, from the lists that `counted find` wrote into OUT
//! events floor FOLDER SHAPE             only decodes the needed columns (`excerpt`, `canonical` or `raw`)
//! ```
//!
//! What is measured and what it does not say: bench/events/README.md.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program of the bench, not a library"
)]

use std::path::Path;

mod answer;
mod find;
mod floor;
mod invent;
mod lists;
mod people;
mod write;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["make", folder, rows, seed] => write::make(Path::new(folder), number(rows), number(seed)),
        ["find", folder, out, memory, threads] => {
            find::canonical(Path::new(folder), Path::new(out), number(memory), number(threads));
        }
        ["answers", out] => lists::answer(Path::new(out)),
        ["floor", folder, shape] => floor::decode(Path::new(folder), shape),
        _ => panic!("events make|find|floor: see the head of main.rs"),
    }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap()
}
