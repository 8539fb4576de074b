//! The table `checks` as it is released: by which a count checks itself.

use std::collections::BTreeMap;
use std::path::Path;

use engine::TableReader;
use protect::{Place, RawTable, RawValue};

use crate::error::StudyError;
use crate::open::Study;

/// The check that is a number of people.
const NAME: &str = "found_only_at_death";

/// The checks that are numbers of people; ratios are worked out from released numbers by the pages.
///
/// The organisations' numbers stand in `completeness` as well. They are here so that all are protected as one: the nations add
/// up to the country, and the organisations to their nations.
pub(crate) fn checks(study: &Study, count: &Path) -> Result<RawTable, StudyError> {
    let mut rows = Vec::new();
    let meanings = nations(count, &mut rows)?;
    organisations(count, &meanings, &mut rows)?;
    Ok(RawTable {
        name: "checks".to_owned(),
        version: 2,
        about: protect::about("checks").to_owned(),
        columns: protect::checks_columns(),
        rows,
        sums: protect::checks_sums(inside(study)),
    })
}

/// Adds the rows of the country and its nations; gives what the number means, in words, by year.
fn nations(count: &Path, rows: &mut Vec<Vec<RawValue>>) -> Result<BTreeMap<String, String>, StudyError> {
    let mut meanings = BTreeMap::new();
    for batch in TableReader::open(&count.join("checks.parquet"))? {
        let batch = batch?;
        let [name, place, period, words] =
            ["name", "place", "period", "words"].map(|column| batch.text(column));
        let (name, place, period, words) = (name?, place?, period?, words?);
        let people = batch.real("value")?;
        for at in (0..batch.rows()).filter(|&at| name.get(at) == Some(NAME)) {
            let (Some(place), Some(period)) = (place.get(at), period.get(at)) else {
                continue;
            };
            // The table holds whole numbers of people as real ones.
            let people = people.get(at).map(|people| people.round() as i64);
            let kind = if place == "all" { "country" } else { "nation" };
            meanings.insert(period.to_owned(), words.get(at).unwrap_or_default().to_owned());
            rows.push(row((kind, place), period, people, words.get(at)));
        }
    }
    Ok(meanings)
}

/// Adds the rows of the organisations, in the years of which the meaning is known.
fn organisations(
    count: &Path,
    meanings: &BTreeMap<String, String>,
    rows: &mut Vec<Vec<RawValue>>,
) -> Result<(), StudyError> {
    for batch in TableReader::open(&count.join("completeness.parquet"))? {
        let batch = batch?;
        let (place, period, kind) = (
            batch.text("organisation")?,
            batch.text("period")?,
            batch.text("kind")?,
        );
        let people = batch.integer(NAME)?;
        for at in (0..batch.rows()).filter(|&at| kind.get(at) == Some("all")) {
            let Some((place, period)) = place.get(at).zip(period.get(at)) else {
                continue;
            };
            // The window on which states rest is no year of the checks.
            if let Some(words) = meanings.get(period) {
                rows.push(row(("organisation", place), period, people.get(at), Some(words)));
            }
        }
    }
    Ok(())
}

/// A row of the table.
fn row((kind, place): (&str, &str), period: &str, people: Option<i64>, words: Option<&str>) -> Vec<RawValue> {
    vec![
        NAME.into(),
        kind.into(),
        place.into(),
        period.into(),
        people.into(),
        words.into(),
    ]
}

/// Which organisation lies in which nation, and which nation in the country.
fn inside(study: &Study) -> BTreeMap<Place, Place> {
    let organisations = study.registry.organisations();
    let inside = organisations.flat_map(|organisation| {
        let nation = Place::new("nation", &organisation.nation);
        let country = Place::new("country", "all");
        [
            (Place::new("organisation", &organisation.code), nation.clone()),
            (nation, country),
        ]
    });
    inside.collect()
}
