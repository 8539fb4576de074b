//! What people say, awkwardly: signs that SQL minds, letters that have no capital, dates that no calendar has.

use proptest::prelude::*;

use crate::weigh::{Table, built_in};

/// By field of the built-in model.
const SAID: [[&str; 6]; 6] = [
    ["Susan", "SUSAN", "Sue", "Mary O'Brien", "Åmina", ""],
    ["Patel", "Smith", "Smyth", "O'Brien", "Straße", "Mc'Donald-'"],
    ["1950-03-12", "12/03/1950", "1950-03", "1950", "1950-13-77", ""],
    ["F", "2", "M", "female", "", "x"],
    ["ZA1 1AA", "za11aa", "ZA1-1AB", "ZB2 2BB", "ZZ99 3VZ", ""],
    ["9990000018", "999 000 0026", "ÉX12", "0000000000", "AB'1", ""],
];

/// Records by the places of their values.
pub(crate) fn records(most: usize) -> impl Strategy<Value = Vec<Vec<usize>>> {
    proptest::collection::vec(proptest::collection::vec(0..6usize, 6), 2..most)
}

/// The table of such records.
pub(crate) fn table(records: &[Vec<usize>]) -> Table {
    let mut table = Table::new(built_in().fields);
    for record in records {
        table
            .push(record.iter().zip(SAID).map(|(&at, said)| said[at]))
            .unwrap();
    }
    table.close();
    table
}
