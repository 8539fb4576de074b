//! What linkage knows of the people of the cases, taken out of its tables of everybody.
//!
//! The stages after this one ask for a sex, a birth date, or how sure linkage is, of one person in a hundred; to join the
//! cases to everybody would sort a nation each time. Here everybody is gone through once, side by side. The table holds birth
//! dates, so it stays among the stage's own files, as `people` does, and never comes to `out/`.
//!
//! Invariant: a row for each case that linkage knows, in the order of `cases`.

use std::path::Path;

use engine::{Batch, EngineError, TableReader, TableWriter};
use layouts::tables;
use rayon::prelude::*;
use vocabulary::date::Date;
use vocabulary::table::Value;

use crate::cases::number;
use crate::error::CasefindError;

/// What is known of someone.
struct Known {
    sex: Option<String>,
    birth_date: Option<Date>,
    ethnicity: Option<String>,
    deprivation: Option<String>,
}

/// How sure linkage is of someone.
struct Doubt {
    false_links: Option<f64>,
    missed_links: Option<f64>,
}

/// Writes `case_people` beside `cases`, which must be written already; gives the number of rows. `linkage` is the folder of
/// its tables.
///
/// # Errors
/// When a table cannot be read or written.
pub fn case_people(linkage: &Path, out: &Path) -> Result<u64, CasefindError> {
    let cases = cases(&out.join("cases.parquet"))?;
    let text = |batch: &Batch, name, row| Ok::<_, EngineError>(batch.text(name)?.get(row).map(str::to_owned));
    let columns = ["person", "sex", "birth_date", "ethnicity", "deprivation"];
    let known = of_these(&linkage.join("people.parquet"), &columns, &cases, |batch, row| {
        Ok(Known {
            sex: text(batch, "sex", row)?,
            birth_date: batch.date("birth_date")?.get(row),
            ethnicity: text(batch, "ethnicity", row)?,
            deprivation: text(batch, "deprivation", row)?,
        })
    })?;
    let columns = ["person", "false_links", "missed_links"];
    let doubts = of_these(&linkage.join("doubts.parquet"), &columns, &cases, |batch, row| {
        Ok(Doubt {
            false_links: batch.real("false_links")?.get(row),
            missed_links: batch.real("missed_links")?.get(row),
        })
    })?;
    let mut doubts = doubts.into_iter().peekable();
    let mut table = TableWriter::create(&out.join("case_people.parquet"), &tables::case_people())?;
    for (person, known) in known {
        while doubts.next_if(|(own, _)| *own < person).is_some() {}
        let doubt = doubts.next_if(|(own, _)| *own == person).map(|(_, doubt)| doubt);
        let id = crate::person_id(person);
        table.row(&[
            Value::Integer(person),
            Value::Text(&id),
            known.sex.as_deref().into(),
            known.birth_date.into(),
            known.ethnicity.as_deref().into(),
            known.deprivation.as_deref().into(),
            doubt.as_ref().and_then(|doubt| doubt.false_links).into(),
            doubt.as_ref().and_then(|doubt| doubt.missed_links).into(),
        ])?;
    }
    Ok(table.finish()?)
}

/// The numbers of the cases, ascending.
fn cases(path: &Path) -> Result<Vec<i64>, EngineError> {
    let mut people = Vec::new();
    for batch in TableReader::open_columns(path, &["person_id"])? {
        let batch = batch?;
        let id = batch.text("person_id")?;
        people.extend((0..batch.rows()).filter_map(|row| number(id.get(row)?)));
    }
    people.sort_unstable();
    Ok(people)
}

/// The rows of these people, ascending, from a table in the order of its column `person`.
fn of_these<T: Send>(
    table: &Path,
    columns: &[&str],
    people: &[i64],
    read: impl Fn(&Batch, usize) -> Result<T, EngineError> + Sync,
) -> Result<Vec<(i64, T)>, EngineError> {
    let of_share = |share: TableReader| -> Result<Vec<(i64, T)>, EngineError> {
        let mut found = Vec::new();
        for batch in share {
            let batch = batch?;
            let person = batch.integer("person")?;
            let first = person.get(0).unwrap_or(i64::MIN);
            let mut wanted = people[people.partition_point(|own| *own < first)..]
                .iter()
                .peekable();
            for row in 0..batch.rows() {
                let Some(own) = person.get(row) else { continue };
                while wanted.next_if(|wanted| **wanted < own).is_some() {}
                if wanted.next_if(|wanted| **wanted == own).is_some() {
                    found.push((own, read(&batch, row)?));
                }
            }
        }
        Ok(found)
    };
    let shares = TableReader::shares(table, columns, rayon::current_num_threads())?;
    let found: Vec<_> = shares
        .into_par_iter()
        .map(of_share)
        .collect::<Result<_, EngineError>>()?;
    Ok(found.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    fn write(people: &[i64], path: &Path, schema: &vocabulary::table::TableSchema) {
        let mut table = TableWriter::create(path, schema).unwrap();
        for person in people {
            let id = crate::person_id(*person);
            let values = schema.columns.iter().map(|column| match column.name.as_str() {
                "person" => Value::Integer(*person),
                "person_id" => Value::Text(&id),
                "sex" if person % 3 == 0 => "male".into(),
                "birth_date" if person % 2 == 0 => Date::from_days(i32::try_from(*person).unwrap()).into(),
                "false_links" => (*person as f64).into(),
                _ => Value::Null,
            });
            table.row(&values.collect::<Vec<_>>()).unwrap();
        }
        table.finish().unwrap();
    }

    /// Person, sex, birth date, links that may be false.
    type Row = (i64, Option<String>, Option<Date>, Option<f64>);

    fn read(path: &Path) -> Vec<Row> {
        let mut rows = Vec::new();
        for batch in TableReader::open(path).unwrap() {
            let batch = batch.unwrap();
            let (person, id) = (batch.integer("person").unwrap(), batch.text("person_id").unwrap());
            let (sex, born) = (batch.text("sex").unwrap(), batch.date("birth_date").unwrap());
            let doubt = batch.real("false_links").unwrap();
            for row in 0..batch.rows() {
                let own = person.get(row).unwrap();
                assert_eq!(id.get(row), Some(crate::person_id(own).as_str()));
                rows.push((
                    own,
                    sex.get(row).map(str::to_owned),
                    born.get(row),
                    doubt.get(row),
                ));
            }
        }
        rows
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        /// Against a look at each case by itself; more people than a batch holds, so that shares and batches end amid them.
        #[test]
        fn each_case_has_what_linkage_knows_of_it(
            all in 1_i64..30_000,
            step in 1_i64..4,
            cases in prop::collection::btree_set(0_i64..120_000, 0..60),
            in_doubt in prop::collection::btree_set(0_i64..120_000, 0..60),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            let everybody: Vec<i64> = (0..all).map(|person| person * step).collect();
            let in_doubt: Vec<i64> = in_doubt.into_iter().chain(cases.iter().copied().filter(|own| own % 5 == 0)).collect();
            let in_doubt: std::collections::BTreeSet<i64> = in_doubt.into_iter().collect();
            let cases: Vec<i64> = cases.into_iter().collect();
            write(&everybody, &at("people.parquet"), &tables::people());
            write(&in_doubt.iter().copied().collect::<Vec<_>>(), &at("doubts.parquet"), &tables::doubts());
            write(&cases, &at("cases.parquet"), &tables::cases());
            let rows = case_people(folder.path(), folder.path()).unwrap();
            let expected: Vec<_> = cases
                .iter()
                .filter(|own| **own % step == 0 && **own / step < all)
                .map(|&own| {
                    let sex = (own % 3 == 0).then(|| "male".to_owned());
                    let born = (own % 2 == 0).then(|| Date::from_days(i32::try_from(own).unwrap()));
                    (own, sex, born, in_doubt.contains(&own).then_some(own as f64))
                })
                .collect();
            prop_assert_eq!(rows, expected.len() as u64);
            prop_assert_eq!(read(&at("case_people.parquet")), expected);
        }
    }
}
