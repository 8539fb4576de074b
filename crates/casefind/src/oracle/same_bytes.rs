//! The same bytes, whatever the machine: threads, memory, and how the tables lie in files.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{Options, Session};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use super::SEED;
use super::records::Records;
use crate::definition::Definition;
use crate::run::{Report, Request, run};

/// Both tables out as bytes, and the report.
fn bytes(folder: &Path, out: &Path, threads: usize, memory_bytes: u64) -> (Vec<u8>, Vec<u8>, Report) {
    let _ = fs_err::remove_dir_all(out);
    fs_err::create_dir_all(out).unwrap();
    let options = Options {
        memory_bytes,
        threads,
        spill: out.join("spill"),
    };
    let report = run(&Request {
        intake: &folder.join("intake"),
        linkage: &folder.join("linkage"),
        definition: &Definition::load("uk-mbc/2026.1", Path::new("")).unwrap(),
        registry: &Registry::uk().unwrap(),
        as_of: Date::new(2024, 6, 30).unwrap(),
        declared_cover: &BTreeMap::new(),
        nations: &BTreeMap::new(),
        home_nation: Some("England"),
        former: None,
        settings: None,
        session: &Session::embedded(options).unwrap(),
        out,
        work: &out.join("work"),
    });
    let report = report.unwrap_or_else(|error| panic!("{threads} threads, {memory_bytes} bytes: {error}"));
    let read = |name: &str| fs_err::read(out.join(name)).unwrap();
    (read("cases.parquet"), read("evidence.parquet"), report)
}

#[test]
fn the_same_bytes_for_any_threads_memory_parts_and_with_or_without_excerpts() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let records = Records::any(&mut chance, 6_000, 1_800);
    let folder = tempfile::tempdir().unwrap();
    let mut first = None;
    for parts in [1, 2, 7] {
        let place = folder.path().join(parts.to_string());
        records.write(&place, parts);
        // Tables without an excerpt, and with one of which a part is lost, are read whole.
        let excerpt = place.join("intake/excerpts/admissions");
        match parts {
            1 => {}
            2 => fs_err::remove_dir_all(&excerpt).unwrap(),
            _ => fs_err::remove_file(excerpt.join("00003.parquet")).unwrap(),
        }
        for (threads, memory) in [(1, 1 << 30), (2, 64 << 20), (4, 256 << 20), (3, 96 << 20)] {
            let came = bytes(&place, &folder.path().join("out"), threads, memory);
            assert!(came.2.evidence > 500, "seed {SEED}: {:?}", came.2);
            let first = first.get_or_insert_with(|| came.clone());
            let said = format!("seed {SEED}: {parts} parts, {threads} threads, {memory} bytes");
            assert!(first.0 == came.0 && first.1 == came.1, "{said}: other bytes");
            assert_eq!(first.2, came.2, "{said}");
        }
    }
}
