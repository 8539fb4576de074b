//! Pairs scored as plans of a session are the pairs scored here.

#![allow(clippy::unwrap_used)]

use engine::{Options, Session};
use proptest::prelude::*;

use super::weigh;
use crate::weigh::tests::awkward::{records, table};
use crate::weigh::{Linker, Pairs, Settings, built_in};

fn bits(pairs: &mut Pairs) -> Vec<(u32, u32, u32)> {
    let pairs = pairs.in_order().unwrap().map(|pair| pair.unwrap());
    pairs
        .map(|pair| (pair.a, pair.b, pair.probability.to_bits()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn plans_find_what_threads_find(records in records(60), cap in 2..20u32, threads in 1..4usize) {
        let folder = tempfile::tempdir().unwrap();
        let session = Session::embedded(Options {
            memory_bytes: 256 << 20,
            threads,
            spill: folder.path().join("spill"),
        })
        .unwrap();
        let table = table(&records);
        let settings = Settings { cap, ..Settings::default() };
        let (linker, mut learnt) = Linker::with_model(&table, settings, built_in()).unwrap();
        let mut wanted = linker.weigh(&mut learnt).unwrap();
        let mut found = weigh(&linker, &mut learnt, &session, folder.path()).unwrap();
        prop_assert_eq!(bits(&mut found.pairs), bits(&mut wanted.pairs));
        prop_assert_eq!(found.plan, wanted.plan);
        // Nothing that people say is left behind.
        let left: Vec<_> = fs_err::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        prop_assert_eq!(left, ["spill"]);
    }
}
