//! Batches find what the whole table finds.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, UInt32Type};
use arrow_array::{ArrayRef, Float32Array, StringArray, UInt32Array, UInt64Array};
use proptest::prelude::*;

use crate::weigh::{Linker, Settings, built_in};

use super::*;

/// What people say, and what they say wrongly.
const SAID: [[&str; 6]; 6] = [
    ["SUSAN", "SUSAN", "SUE", "MARY", "AMINA", ""],
    ["PATEL", "SMITH", "SMYTH", "KHAN", "JONES", ""],
    [
        "1950-03-12",
        "1950-12-03",
        "1950-03",
        "1961-01-02",
        "1950-03-13",
        "",
    ],
    ["F", "M", "F", "F", "M", ""],
    ["ZA1 1AA", "ZA1 1AB", "ZA1 2AA", "ZB2 2BB", "ZA1 1AA", ""],
    ["9990000018", "9990000026", "9990000042", "9990000050", "", ""],
];

type Said = Vec<Vec<usize>>;

fn said() -> impl Strategy<Value = Said> {
    proptest::collection::vec(proptest::collection::vec(0..6usize, 6), 20..80)
}

fn table(records: &Said) -> Table {
    let mut table = Table::new(built_in().fields);
    for record in records {
        table
            .push(record.iter().zip(SAID).map(|(&at, said)| said[at]))
            .unwrap();
    }
    table.close();
    table
}

fn batch(records: &Said, blocks: &[Vec<u32>]) -> RecordBatch {
    let rows: Vec<(u64, u32)> = (40..)
        .zip(blocks)
        .flat_map(|(block, own)| own.iter().map(move |record| (block, *record)))
        .collect();
    let mut columns: Vec<(String, ArrayRef)> = vec![
        (
            "block".to_owned(),
            Arc::new(UInt64Array::from_iter_values(rows.iter().map(|row| row.0))),
        ),
        (
            "record".to_owned(),
            Arc::new(UInt32Array::from_iter_values(rows.iter().map(|row| row.1))),
        ),
    ];
    for (at, field) in built_in().fields.into_iter().enumerate() {
        let texts = rows
            .iter()
            .map(|(_, record)| Some(SAID[at][records[*record as usize][at]]).filter(|text| !text.is_empty()));
        columns.push((field.name, Arc::new(StringArray::from_iter(texts))));
    }
    RecordBatch::try_from_iter(columns).unwrap()
}

fn pairs(batch: &RecordBatch) -> Vec<(u32, u32, u32)> {
    let (a, b) = (
        batch.column(0).as_primitive::<UInt32Type>(),
        batch.column(1).as_primitive::<UInt32Type>(),
    );
    let probability = batch.column(2).as_primitive::<Float32Type>();
    (0..batch.num_rows())
        .map(|at| (a.value(at), b.value(at), probability.value(at).to_bits()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn batches_cut_anywhere_between_blocks_find_what_the_whole_table_finds(
        records in said(),
        rule in 0..9usize,
        cuts in proptest::collection::vec(1..6usize, 40),
        backwards: bool,
    ) {
        let mut model = built_in();
        model.strata = vec![model.strata[rule].clone()];
        let table = table(&records);
        let (linker, mut learnt) = Linker::with_model(&table, Settings::default(), model.clone()).unwrap();
        let mut weighed = linker.weigh(&mut learnt).unwrap();
        let mut wanted: Vec<_> = weighed.pairs.in_order().unwrap().map(|pair| pair.unwrap()).map(|pair| (pair.a, pair.b, pair.probability.to_bits())).collect();
        wanted.sort_unstable();

        let whole = WholeTable::of(&table);
        let whole: WholeTable = serde_json::from_str(&serde_json::to_string(&whole).unwrap()).unwrap();
        let rules = model.rules(&table).unwrap();
        let blocks = Blocks::new(&table, &Cuts::new(&table, &rules), &rules[0], u32::MAX);
        let mut blocks: Vec<Vec<u32>> = (0..blocks.len()).map(|at| blocks.block(at).to_vec()).collect();
        if backwards {
            blocks.iter_mut().for_each(|block| block.reverse());
        }
        let (mut found, mut rest, mut cuts) = (Vec::new(), &blocks[..], cuts.into_iter());
        while !rest.is_empty() {
            let (some, others) = rest.split_at(cuts.next().unwrap_or(1).min(rest.len()));
            found.extend(pairs(&weigh_batch(&model, &whole, 0, 0.01, &batch(&records, some)).unwrap()));
            rest = others;
        }
        found.sort_unstable();
        prop_assert_eq!(found, wanted);
    }
}

#[test]
fn what_cannot_be_scored_is_refused_without_a_value() {
    let records = vec![vec![0; 6], vec![1; 6], vec![2; 6]];
    let table = table(&records);
    let whole = WholeTable::of(&table);
    let good = batch(&records, &[vec![0, 1], vec![2]]);
    let refusal = |rule: usize, batch: &RecordBatch| {
        weigh_batch(&built_in(), &whole, rule, 0.01, batch)
            .unwrap_err()
            .to_string()
    };
    assert!(weigh_batch(&built_in(), &whole, 0, 0.01, &good).is_ok());
    assert!(refusal(9, &good).contains("none in place 9"));
    assert!(refusal(0, &good.project(&[0, 1, 2]).unwrap()).contains("no column `family name`"));
    assert!(refusal(0, &batch(&records, &[vec![0, 0]])).contains("record 0 stands twice"));
    let blocks: ArrayRef = Arc::new(UInt64Array::from(vec![1, 2, 1]));
    let mut columns: Vec<(String, ArrayRef)> = vec![("block".to_owned(), blocks)];
    let names = good.schema();
    columns.extend(
        names
            .fields()
            .iter()
            .zip(good.columns())
            .skip(1)
            .map(|(field, column)| (field.name().clone(), column.clone())),
    );
    assert!(refusal(0, &RecordBatch::try_from_iter(columns.clone()).unwrap()).contains("side by side"));
    columns[0].1 = Arc::new(Float32Array::from(vec![1.0, 2.0, 1.0]));
    assert!(refusal(0, &RecordBatch::try_from_iter(columns).unwrap()).contains("should be UInt64"));
    assert!(!format!("{whole:?}").contains("SUSAN"));
}

#[test]
fn an_empty_batch_has_no_pairs() {
    let table = table(&vec![vec![0; 6]; 3]);
    let whole = WholeTable::of(&table);
    let none = weigh_batch(&built_in(), &whole, 0, 0.01, &batch(&Vec::new(), &[])).unwrap();
    assert_eq!(none.num_rows(), 0);
}
