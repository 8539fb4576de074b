//! Secondary disease: the cases, and the records in which hospitals stated the diagnosis.

use std::path::Path;

use engine::{EngineError, TableReader};
use rustc_hash::{FxHashMap, FxHashSet};
use vocabulary::date::Date;

use super::{Case, Kind, Person};

/// Statements of the same diagnosis by several hospitals lie this many days apart at most; what is stated later is another
/// event, and a nurse seen then was not seen at the diagnosis. How far the first of them may lie from the day of the case, which
/// a record of another kind may show, is a choice of the definition.
const SAME_EVENT_DAYS: i32 = 31;

/// People with secondary disease, by person number of linkage.
pub(crate) struct Cases {
    /// Everybody, in the order of the table of cases.
    pub people: Vec<Person>,
    /// Person number to index.
    pub index: FxHashMap<i64, u32>,
    /// The text ids of records in which hospitals stated the diagnosis.
    pub stated: FxHashSet<String>,
    /// Whose case it is, by index, and the text id of a record that a hospital sent and that shows it on its first day; empty
    /// where that was not asked for.
    pub first_shown: Vec<(u32, String)>,
}

/// `people` is a table of them all, or of more; `first_shown`: whether the records that first show a case are asked for. What
/// is stated within `diagnosis_days` of the day of a case is its diagnosis.
pub(crate) fn read(
    casefind: &Path,
    people: &Path,
    with_first_shown: bool,
    diagnosis_days: (i32, i32),
) -> Result<Cases, EngineError> {
    let (persons, ids) = cases(&casefind.join("cases.parquet"))?;
    let evidence = casefind.join("evidence.parquet");
    let first_shown = if with_first_shown {
        first_shown(&evidence, &persons, &ids)?
    } else {
        Vec::new()
    };
    let stated = stated(&evidence, (&persons, &ids), diagnosis_days)?;
    let mut cases = Cases {
        people: persons,
        index: FxHashMap::default(),
        stated,
        first_shown,
    };
    for batch in TableReader::open_columns(people, &["person", "person_id", "birth_date", "deprivation"])? {
        let batch = batch?;
        let (person, id) = (batch.integer("person")?, batch.text("person_id")?);
        let (born, deprivation) = (batch.date("birth_date")?, batch.text("deprivation")?);
        for row in 0..batch.rows() {
            let index = id.get(row).and_then(|id| ids.get(id)).copied();
            if let (Some(person), Some(index)) = (person.get(row), index) {
                cases.index.insert(person, index);
                let own = &mut cases.people[index as usize];
                own.number = person;
                own.born = born.get(row);
                own.deprivation = deprivation.get(row).map(str::to_owned);
            }
        }
    }
    Ok(cases)
}

/// The cases that count, and their index by person id.
fn cases(path: &Path) -> Result<(Vec<Person>, FxHashMap<String, u32>), EngineError> {
    let mut people = Vec::new();
    let mut ids = FxHashMap::default();
    for batch in TableReader::open_columns(
        path,
        &[
            "person_id",
            "kind",
            "date",
            "organisation",
            "nation",
            "death_date",
            "left_date",
            "counted",
            "new",
            "only_at_death",
            "only_at_death_organisation",
        ],
    )? {
        let batch = batch?;
        let text = |name: &str| batch.text(name);
        let (id, kind) = (text("person_id")?, text("kind")?);
        let (organisation, at_death) = (text("organisation")?, text("only_at_death_organisation")?);
        let nation = text("nation")?;
        let (date, death, left) = (
            batch.date("date")?,
            batch.date("death_date")?,
            batch.date("left_date")?,
        );
        let (counted, new) = (batch.flag("counted")?, batch.flag("new")?);
        let only_at_death = batch.flag("only_at_death")?;
        for row in 0..batch.rows() {
            let Some(id) = id.get(row).filter(|_| counted.get(row) == Some(true)) else {
                continue;
            };
            let only = only_at_death.get(row).unwrap_or(false);
            // Whom nobody knew of in life is a hospital's own only where its records would have shown it.
            let whose = if only { &at_death } else { &organisation };
            ids.insert(id.to_owned(), u32::try_from(people.len()).unwrap_or(u32::MAX));
            people.push(Person {
                case: Some(Case {
                    date: date.get(row),
                    new: new.get(row).unwrap_or(false),
                    only_at_death: only,
                    kind: match kind.get(row) {
                        Some("de_novo") => Kind::DeNovo,
                        Some("recurrent") => Kind::Recurrent,
                        _ => Kind::NotKnown,
                    },
                    organisation: whose.get(row).map(str::to_owned),
                    nation: nation.get(row).map(str::to_owned),
                    death: death.get(row),
                    left: left.get(row),
                    records: Vec::new(),
                    first_shown: Vec::new(),
                }),
                ..Person::default()
            });
        }
    }
    Ok((people, ids))
}

/// The records that show each case on its first day. Registrations and deaths are sent by others than the hospital they name.
///
/// A case of which no evidence has the day has that of a file that stated it. Of several bodies nobody knows here whose file that
/// was, and one is not told the day of another.
fn first_shown(
    path: &Path,
    people: &[Person],
    ids: &FxHashMap<String, u32>,
) -> Result<Vec<(u32, String)>, EngineError> {
    let mut found = Vec::new();
    let mut dated: FxHashSet<u32> = FxHashSet::default();
    let mut undated: Vec<(u32, Option<String>, String)> = Vec::new();
    let columns = [
        "person_id",
        "strength",
        "source",
        "date",
        "organisation",
        "record_id",
    ];
    for batch in TableReader::open_columns(path, &columns)? {
        let batch = batch?;
        let (id, strength) = (batch.text("person_id")?, batch.text("strength")?);
        let (source, date) = (batch.text("source")?, batch.date("date")?);
        let (body, record) = (batch.text("organisation")?, batch.text("record_id")?);
        for row in 0..batch.rows() {
            let index = id.get(row).and_then(|id| ids.get(id)).copied();
            let (Some(index), Some(record)) = (index, record.get(row)) else {
                continue;
            };
            let case = people.get(index as usize).and_then(|person| person.case.as_ref());
            let by_hospital = !matches!(source.get(row), Some("registrations" | "deaths"));
            match date.get(row) {
                Some(date) if case.is_some_and(|case| case.date == Some(date)) => {
                    dated.insert(index);
                    if by_hospital {
                        found.push((index, record.to_owned()));
                    }
                }
                None if by_hospital && strength.get(row) == Some("stated") => {
                    undated.push((index, body.get(row).map(str::to_owned), record.to_owned()));
                }
                _ => {}
            }
        }
    }
    let mut bodies: FxHashMap<u32, FxHashSet<Option<&str>>> = FxHashMap::default();
    for (index, body, _) in &undated {
        bodies.entry(*index).or_default().insert(body.as_deref());
    }
    let of_one = |index: &u32| bodies.get(index).is_some_and(|bodies| bodies.len() == 1);
    let shows = undated
        .iter()
        .filter(|(index, _, _)| !dated.contains(index) && of_one(index));
    found.extend(shows.map(|(index, _, record)| (*index, record.clone())));
    Ok(found)
}

/// The ids of COSD records that state the diagnosis: of each person the first that lies about the day of the case, and others
/// about the same days.
fn stated(
    path: &Path,
    (people, ids): (&[Person], &FxHashMap<String, u32>),
    diagnosis_days: (i32, i32),
) -> Result<FxHashSet<String>, EngineError> {
    let mut found = FxHashSet::default();
    let mut person = String::new();
    let mut own: Vec<(Date, String)> = Vec::new();
    let mut settle = |own: &mut Vec<(Date, String)>| {
        let first = own.iter().map(|(date, _)| *date).min();
        for (date, record) in own.drain(..) {
            if first.is_some_and(|first| date.days() - first.days() <= SAME_EVENT_DAYS) {
                found.insert(record);
            }
        }
    };
    let columns = ["person_id", "strength", "source", "date", "record_id"];
    for batch in TableReader::open_columns(path, &columns)? {
        let batch = batch?;
        let (id, strength) = (batch.text("person_id")?, batch.text("strength")?);
        let (source, record) = (batch.text("source")?, batch.text("record_id")?);
        let date = batch.date("date")?;
        for row in 0..batch.rows() {
            if source.get(row) != Some("cosd") || strength.get(row) != Some("stated") {
                continue;
            }
            let (Some(id), Some(record), Some(date)) = (id.get(row), record.get(row), date.get(row)) else {
                continue;
            };
            let case = ids
                .get(id)
                .and_then(|index| people.get(*index as usize)?.case.as_ref());
            if !case.is_some_and(|case| case.is_diagnosed(date, diagnosis_days)) {
                continue;
            }
            if id != person {
                settle(&mut own);
                person = id.to_owned();
            }
            own.push((date, record.to_owned()));
        }
    }
    settle(&mut own);
    Ok(found)
}
