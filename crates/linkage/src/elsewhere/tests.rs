//! Pairs scored as plans of a session are the pairs scored here.

#![allow(clippy::unwrap_used)]

use engine::{Options, Session};
use proptest::prelude::*;

use super::weigh;
use crate::weigh::{Linker, Pairs, Settings, Table, built_in};

/// What people say, awkwardly: signs that SQL minds, letters that have no capital, dates that no calendar has.
const SAID: [[&str; 6]; 6] = [
    ["Susan", "SUSAN", "Sue", "Mary O'Brien", "Åmina", ""],
    ["Patel", "Smith", "Smyth", "O'Brien", "Straße", "Mc'Donald-'"],
    ["1950-03-12", "12/03/1950", "1950-03", "1950", "1950-13-77", ""],
    ["F", "2", "M", "female", "", "x"],
    ["ZA1 1AA", "za11aa", "ZA1-1AB", "ZB2 2BB", "ZZ99 3VZ", ""],
    ["9990000018", "999 000 0026", "ÉX12", "0000000000", "AB'1", ""],
];

fn said() -> impl Strategy<Value = Vec<Vec<usize>>> {
    proptest::collection::vec(proptest::collection::vec(0..6usize, 6), 2..60)
}

fn table(records: &[Vec<usize>]) -> Table {
    let mut table = Table::new(built_in().fields);
    for record in records {
        table
            .push(record.iter().zip(SAID).map(|(&at, said)| said[at]))
            .unwrap();
    }
    table.close();
    table
}

fn bits(pairs: &mut Pairs) -> Vec<(u32, u32, u32)> {
    let pairs = pairs.in_order().unwrap().map(|pair| pair.unwrap());
    pairs
        .map(|pair| (pair.a, pair.b, pair.probability.to_bits()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn plans_find_what_threads_find(records in said(), cap in 2..20u32, threads in 1..4usize) {
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
