//! The stage of `bench/events` on a cluster: the same question of the same records as the example `events` of the crate
//! casefind, with the session's plans sent to a scheduler.
//!
//! ```text
//! events_on_cluster FOLDER OUT MEMORY SCHEDULER TOKEN COUNTED   answers as CSV
//! ```
//!
//! COUNTED is the program that the cluster runs: a cluster answers its own build alone.
#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program of the bench, not a library"
)]

use std::path::Path;
use std::time::Duration;

use cluster::{Call, Token};

#[path = "../../casefind/examples/events/answer.rs"]
mod answer;
#[path = "../../casefind/examples/events/find.rs"]
mod find;
#[allow(dead_code, reason = "nobody is invented here")]
#[path = "../../casefind/examples/events/people.rs"]
mod people;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, out, memory, scheduler, token, counted] = arguments.as_slice() else {
        panic!("events_on_cluster FOLDER OUT MEMORY SCHEDULER TOKEN COUNTED");
    };
    let call = Call {
        scheduler: scheduler.parse().unwrap(),
        token: Token::read(Path::new(token))
            .unwrap()
            .of_build(&build(Path::new(counted))),
        authority: None,
        insecure: false,
        deadline: Duration::from_secs(3_600),
        storage: None,
    };
    let session = cluster::session(&call, memory.parse().unwrap()).unwrap();
    find::over(&session, Path::new(folder), Path::new(out));
}

/// The build of a program, as it says it of itself.
fn build(program: &Path) -> String {
    let mut hasher = blake3::Hasher::new();
    let file = fs_err::File::open(program).unwrap();
    hasher.update_reader(file).unwrap();
    format!("{} {}", env!("CARGO_PKG_VERSION"), hasher.finalize().to_hex())
}
