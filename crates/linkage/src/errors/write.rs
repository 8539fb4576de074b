//! Writes `link_errors` (by groups) and `doubts` (by person).

use std::collections::BTreeMap;
use std::path::Path;

use engine::{TableReader, TableWriter};
use layouts::tables;
use rustc_hash::FxHashMap;
use vocabulary::table::Value;

use super::groups::{ByFile, Groups, NOT_RECORDED, OTHER, Sums, by_identity};
use super::{Expected, ONE, Stands};
use crate::cascade::Identities;
use crate::error::LinkageError;
use crate::files::Files;
use crate::numbering::put_person_id;
use crate::run::Request;
use crate::threads::side_by_side;

/// Someone with less than this to doubt, in billionths of a link, is not listed.
const LEAST: u32 = 2_000_000;

/// Writes both tables; `people` must be written already.
pub(crate) fn write(
    request: &Request<'_>,
    files: &Files,
    table: &Identities,
    expected: &Expected,
    (by_file, persons): (ByFile<'_>, &[Stands]),
) -> Result<(), LinkageError> {
    let out = request.out;
    let (of_people, mut groups) = side_by_side(
        request.threads,
        || doubts(out, persons, expected.missed_known),
        || {
            Ok(by_identity(
                table,
                expected,
                request.is_organisation,
                request.threads,
            ))
        },
    )?;
    groups.extend(of_people);
    for (file, sums) in files
        .list
        .iter()
        .zip(by_file.into_files())
        .filter(|(_, sums)| sums.records > 0)
    {
        groups
            .entry(("source", file.kind.clone()))
            .or_default()
            .add_all(sums);
    }
    let mut writer = TableWriter::create(&out.join("link_errors.parquet"), &tables::link_errors())?;
    for ((grouping, group), sums) in &groups {
        writer.row(&[
            (*grouping).into(),
            group.as_str().into(),
            Value::Integer(sums.records as i64),
            links(sums.false_links).into(),
            expected.missed_known.then(|| links(sums.missed_links)).into(),
        ])?;
    }
    writer.finish()?;
    Ok(())
}

/// Writes the people in doubt; gives the sums of the groups that only people have.
fn doubts(out: &Path, persons: &[Stands], missed_known: bool) -> Result<Groups, LinkageError> {
    let mut writer = TableWriter::create(&out.join("doubts.parquet"), &tables::doubts())?;
    let columns = ["person", "records", "ethnicity", "deprivation"];
    let mut text = String::new();
    let (mut ethnicities, mut deprivations) = (ByText::default(), ByText::default());
    for batch in TableReader::open_columns(&out.join("people.parquet"), &columns)? {
        let batch = batch?;
        let (person, records) = (batch.integer("person")?, batch.integer("records")?);
        let (ethnicity, deprivation) = (batch.text("ethnicity")?, batch.text("deprivation")?);
        for at in 0..batch.rows() {
            let id = person
                .get(at)
                .and_then(|id| u32::try_from(id).ok())
                .unwrap_or_default();
            let stands = persons.get(id as usize).copied().unwrap_or_default();
            if stands.false_links >= LEAST || stands.missed_links >= LEAST {
                put_person_id(&mut text, id);
                writer.row(&[
                    id.into(),
                    text.as_str().into(),
                    links(u64::from(stands.false_links)).into(),
                    missed_known.then(|| links(u64::from(stands.missed_links))).into(),
                ])?;
            }
            let sums = Sums {
                records: records.get(at).unwrap_or_default().unsigned_abs(),
                false_links: u64::from(stands.false_links),
                missed_links: u64::from(stands.missed_links),
            };
            ethnicities.add(ethnicity.get(at), sums);
            deprivations.add(deprivation.get(at), sums);
        }
    }
    writer.finish()?;
    let mut groups = Groups::new();
    for (grouping, of) in [("ethnicity", ethnicities), ("deprivation", deprivations)] {
        groups.extend(
            of.in_order()
                .into_iter()
                .map(|(group, sums)| ((grouping, group), sums)),
        );
    }
    Ok(groups)
}

/// Sums by a text that has few values.
#[derive(Default)]
struct ByText {
    sums: FxHashMap<String, Sums>,
}

impl ByText {
    fn add(&mut self, text: Option<&str>, more: Sums) {
        let text = text.map_or(NOT_RECORDED, code);
        match self.sums.get_mut(text) {
            Some(sums) => sums.add_all(more),
            None => {
                self.sums.insert(text.to_owned(), more);
            }
        }
    }

    fn in_order(self) -> BTreeMap<String, Sums> {
        #[allow(clippy::iter_over_hash_type, reason = "put in order")]
        self.sums.into_iter().collect()
    }
}

/// Codes of ethnicity and deprivation are short, and may be followed by words (`1 - most deprived`). Anything longer may
/// be a value of somebody's that stands in the wrong column, and is not named.
fn code(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric());
    let first = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    if (1..=2).contains(&first.len()) {
        first
    } else {
        OTHER
    }
}

fn links(billionths: u64) -> f64 {
    billionths as f64 / ONE as f64
}

#[cfg(test)]
mod tests {
    use super::{OTHER, code};

    #[test]
    fn only_codes_are_named() {
        let cases = [
            ("A", "A"),
            ("99", "99"),
            ("1 - most deprived", "1"),
            ("5-least", "5"),
            ("WANDA", OTHER),
            ("ZQ77 7QZ", OTHER),
            ("9999999999", OTHER),
            ("- A", OTHER),
            ("", OTHER),
        ];
        for (text, wanted) in cases {
            assert_eq!(code(text), wanted, "{text}");
        }
    }
}
