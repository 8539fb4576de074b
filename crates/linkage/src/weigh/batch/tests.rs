//! Batches find what the whole table finds.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, UInt32Type};
use arrow_array::{ArrayRef, Float32Array, RecordBatch, StringArray, UInt32Array, UInt64Array};
use proptest::prelude::*;

use crate::elsewhere::note;
use crate::weigh::built_in;
use crate::weigh::kernel::{Kernel, Pair};
use crate::weigh::link::{Linker, Settings};
use crate::weigh::tests::awkward::{records, table};

use super::*;

/// Some blocks with the records of each, as a batch.
fn batch(kernel: &Kernel<'_>, left_out: &[u64], blocks: &[Vec<u32>]) -> RecordBatch {
    let rows: Vec<(u64, u32)> = (40..)
        .zip(blocks)
        .flat_map(|(block, own)| own.iter().map(move |record| (block, *record)))
        .collect();
    let records = || rows.iter().map(|(_, record)| *record);
    let of_records = records().map(|record| left_out[record as usize]);
    let mut columns: Vec<(String, ArrayRef)> = vec![
        (
            "block".to_owned(),
            Arc::new(UInt64Array::from_iter_values(rows.iter().map(|row| row.0))),
        ),
        (
            "record".to_owned(),
            Arc::new(UInt32Array::from_iter_values(records())),
        ),
        (
            "left_out".to_owned(),
            Arc::new(UInt64Array::from_iter_values(of_records)),
        ),
    ];
    for (at, field) in kernel.table.fields().iter().enumerate() {
        let texts = records().map(|record| kernel.table.shown(at, record as usize));
        let texts = texts.map(|text| Some(text).filter(|text| !text.is_empty()));
        columns.push((value_name(at), Arc::new(StringArray::from_iter(texts))));
        if field.kind.has_rare_values() {
            let count = |record| kernel.rarity.frequencies()[at].count(kernel.table.value(at, record));
            let counts = records().map(count);
            columns.push((count_name(at), Arc::new(UInt32Array::from_iter_values(counts))));
        }
    }
    RecordBatch::try_from_iter(columns).unwrap()
}

fn pairs(batch: &RecordBatch) -> Vec<Pair> {
    let number = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<UInt32Type>();
    let (a, b) = (number("a"), number("b"));
    let probability = batch.column_by_name("probability").unwrap();
    let probability = probability.as_primitive::<Float32Type>();
    let pair = |at| Pair {
        a: a.value(at),
        b: b.value(at),
        probability: probability.value(at),
    };
    (0..batch.num_rows()).map(pair).collect()
}

fn bits(linker: &Linker<'_>, pairs: &mut crate::weigh::Pairs) -> (usize, Vec<(u32, u32, u32)>) {
    let pairs = pairs.in_order().unwrap().map(|pair| pair.unwrap());
    let all = pairs.map(|pair| (pair.a, pair.b, pair.probability.to_bits()));
    (linker.plan().rules.len(), all.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn batches_cut_anywhere_between_blocks_find_what_the_whole_table_finds(
        records in records(80),
        cap in 2..20u32,
        cuts in proptest::collection::vec(1..6usize, 40),
        backwards: bool,
    ) {
        let table = table(&records);
        let settings = || Settings { cap, ..Settings::default() };
        let (linker, mut learnt) = Linker::with_model(&table, settings(), built_in()).unwrap();
        let wanted = linker.weigh(&mut learnt).unwrap();
        let (mut left_out, mut cuts) = (vec![0; table.records()], cuts.into_iter().cycle());
        let found = linker.weigh_with(&mut learnt, &mut |kernel, blocks| {
            let scoring = Scoring::new(&built_in(), table.records(), kernel.rarity.frequencies(), kernel.rule, kernel.least);
            let scoring = Scoring::read(&scoring.text().unwrap()).unwrap();
            let mut own: Vec<Vec<u32>> = (0..blocks.len()).map(|at| blocks.block(at).to_vec()).collect();
            if backwards {
                own.iter_mut().for_each(|block| block.reverse());
            }
            let (mut found, mut rest) = (Vec::new(), &own[..]);
            while !rest.is_empty() {
                let (some, others) = rest.split_at(cuts.next().unwrap().min(rest.len()));
                found.push(pairs(&scoring.score(&batch(kernel, &left_out, some))?));
                rest = others;
            }
            note(&mut left_out, &linker, kernel.rule, blocks);
            Ok(found)
        });
        prop_assert_eq!(bits(&linker, &mut found.unwrap().pairs), bits(&linker, &mut { wanted }.pairs));
    }
}

/// What a scoring says of a batch of three records in two blocks, changed.
fn refusal(change: impl Fn(RecordBatch) -> RecordBatch, blocks: &[Vec<u32>]) -> Result<RecordBatch, String> {
    let table = table(&[vec![0; 6], vec![1; 6], vec![2; 6]]);
    let (linker, mut learnt) = Linker::with_model(&table, Settings::default(), built_in()).unwrap();
    let mut said = Ok(RecordBatch::new_empty(Arc::new(arrow_schema::Schema::empty())));
    let _ = linker.weigh_with(&mut learnt, &mut |kernel, _| {
        let scoring = Scoring::new(&built_in(), 3, kernel.rarity.frequencies(), 0, 0.01);
        let given = change(batch(kernel, &[0; 3], blocks));
        said = scoring.score(&given).map_err(|error| error.to_string());
        Ok(Vec::new())
    });
    said
}

#[test]
fn what_cannot_be_scored_is_refused_without_a_value() {
    let good = [vec![0, 1], vec![2]];
    assert!(refusal(|batch| batch, &good).is_ok());
    let without = |name: &'static str| {
        refusal(
            move |batch| {
                let all = batch.schema();
                let kept: Vec<usize> = (0..batch.num_columns())
                    .filter(|at| all.field(*at).name() != name)
                    .collect();
                batch.project(&kept).unwrap()
            },
            &good,
        )
        .unwrap_err()
    };
    for name in ["block", "record", "left_out", "value_1", "count_1"] {
        assert!(without(name).contains(&format!("no column `{name}`")), "{name}");
    }
    let twice = refusal(|batch| batch, &[vec![0, 0]]).unwrap_err();
    assert!(twice.contains("record 0 stands twice"), "{twice}");
    let with = |block: ArrayRef| {
        refusal(
            move |batch| {
                let names = batch.schema();
                let others = names.fields().iter().zip(batch.columns()).skip(1);
                let others = others.map(|(field, column)| (field.name().clone(), column.clone()));
                let first = std::iter::once(("block".to_owned(), ArrayRef::clone(&block)));
                RecordBatch::try_from_iter(first.chain(others)).unwrap()
            },
            &good,
        )
        .unwrap_err()
    };
    assert!(with(Arc::new(UInt64Array::from(vec![1, 2, 1]))).contains("side by side"));
    assert!(with(Arc::new(Float32Array::from(vec![1.0, 2.0, 1.0]))).contains("should be UInt64"));
}

#[test]
fn a_scoring_that_cannot_be_is_refused() {
    for text in ["", "{}", "nothing"] {
        assert!(
            Scoring::read(text)
                .unwrap_err()
                .to_string()
                .contains("cannot be read")
        );
    }
    let text = Scoring::new(
        &built_in(),
        3,
        &table(&vec![vec![0; 6]; 3]).all_frequencies(),
        99,
        0.01,
    )
    .text();
    let refused = Scoring::read(&text.unwrap()).unwrap_err().to_string();
    assert!(refused.contains("no rule in that place"), "{refused}");
    let text = Scoring::new(&built_in(), 3, &[], 0, 0.01).text();
    let refused = Scoring::read(&text.unwrap()).unwrap_err().to_string();
    assert!(refused.contains("of other fields"), "{refused}");
}

#[test]
fn an_empty_batch_has_no_pairs() {
    assert_eq!(refusal(|batch| batch, &[]).unwrap().num_rows(), 0);
}
