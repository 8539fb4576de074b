//! A person table: one list of people's records with a known truth, of any length, to measure linkage on.
//!
//! Unlike a nation it knows no disease and no hospital, only who a person is and how records get it wrong, by a
//! [`Recipe`]. Invariants: the same recipe gives the same bytes; every record stands once in the truth; memory
//! does not grow with the length. Rows lie in an order without meaning, and ids count rows: neither tells whose
//! a record is. All people are invented; postcodes lie in areas that do not exist, numbers in ranges that nobody
//! issues.

mod addresses;
mod names;
mod order;
mod people;
mod recipe;
mod record;
#[cfg(test)]
mod tests;

pub use recipe::{Rates, Recipe};

use crate::chance::{Chance, Purpose};
use crate::error::SimulateError;
use crate::study::refuse_if_used;
pub(crate) use addresses::Numbers;
use fs_err as fs;
use order::{Cohort, Shuffle};
use people::{People, Person};
use record::{Faults, Shown};
use serde::Serialize;
use std::io::{BufWriter, Write};
use std::path::Path;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Rows of the table.
    pub records: u64,
    /// People with a record.
    pub people: u64,
    /// Pairs of records of one person.
    pub pairs: u64,
}

/// Writes `id,forename,surname,dob,sex,postcode,nhs_number`, and `id,person,names` as the truth; `names` says where
/// the person's names come from, so that it can be asked whether some people are found less often than others.
pub fn person_table(
    out: &mut dyn Write,
    truth: &mut dyn Write,
    recipe: &Recipe,
) -> Result<Written, SimulateError> {
    recipe.check()?;
    let table = Table::new(recipe);
    writeln!(out, "id,forename,surname,dob,sex,postcode,nhs_number")?;
    writeln!(truth, "id,person,names")?;
    let mut pairs = 0;
    for row in 0..recipe.records {
        let (person, shown, _, copy) = table.row(row);
        writeln!(out, "{},{shown}", row + 1)?;
        writeln!(truth, "{},{},{}", row + 1, person.index + 1, person.roots.words())?;
        pairs += u64::from(copy);
    }
    out.flush()?;
    truth.flush()?;
    Ok(Written {
        records: recipe.records,
        people: table.persons,
        pairs,
    })
}

/// Writes `people.csv` and `truth.csv` into a folder, which must be empty or absent.
pub fn person_table_files(folder: &Path, recipe: &Recipe) -> Result<Written, SimulateError> {
    recipe.check()?;
    refuse_if_used(folder)?;
    fs::create_dir_all(folder)?;
    let mut out = BufWriter::with_capacity(1 << 20, fs::File::create(folder.join("people.csv"))?);
    let mut truth = BufWriter::with_capacity(1 << 20, fs::File::create(folder.join("truth.csv"))?);
    person_table(&mut out, &mut truth, recipe)
}

/// Everything that is the same for all rows.
struct Table<'a> {
    recipe: &'a Recipe,
    shuffle: Shuffle,
    cohort: Cohort,
    people: People,
    persons: u64,
}

impl Table<'_> {
    fn new(recipe: &Recipe) -> Table<'_> {
        let mut chance = Chance::of(recipe.seed, Purpose::TableOrder, 0, 0);
        let cohort = Cohort::new(&mut chance);
        Table {
            shuffle: Shuffle::new(recipe.records, &mut chance),
            people: People::new(recipe.seed, addresses::postcodes(recipe.records)),
            persons: cohort.people(recipe.records),
            cohort,
            recipe,
        }
    }

    /// The person of a row, what the row shows, what is wrong with it, and which of the person's records it is.
    fn row(&self, row: u64) -> (Person, Shown, Faults, u8) {
        let position = self.shuffle.at(row);
        let (index, copy) = self.cohort.owner(position);
        let person = self.people.at(index);
        let (shown, faults) = Shown::draw(self.recipe, &self.people, &person, position, self.persons);
        (person, shown, faults, copy)
    }
}
