//! Which parts of the last reading stand: those of files that are as they were, whose records have the fates that they had.
//!
//! The fates of then follow from the marks of then, so nothing is kept of them. That a record is set aside for another one
//! than before changes no part.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use vocabulary::date::Date;

use super::collect::FileRead;
use super::kept::Former;
use super::same::{Fate, Mark, fates};
use super::tables::LISTS;
use super::{ranks, tables};
use crate::error::IntakeError;
use crate::kept::take_part;
use crate::outcome::{CosdInput, identities_part, records_part};

/// What of the last reading stands.
pub(super) struct Stands<'a> {
    folder: &'a Path,
    /// The last day of that reading.
    pub(super) as_of: Date,
    /// For each file of this reading, by its place, the number that it had, where its parts may stand.
    numbers: Vec<Option<u32>>,
}

impl<'a> Stands<'a> {
    /// Compares the fates of records with those that they had; none where there was no reading, or not all is known of it.
    pub(super) fn find(
        former: &'a Former,
        files: &[CosdInput],
        read: &[FileRead],
        now: &[Vec<Fate>],
    ) -> Option<Self> {
        let (folder, list) = former.list()?;
        let by_path: BTreeMap<&str, usize> = files
            .iter()
            .enumerate()
            .filter(|(place, _)| read[*place].taken_over)
            .map(|(place, input)| (input.path.as_str(), place))
            .collect();
        let mut marks: Vec<Vec<Mark>> = Vec::with_capacity(list.files.len());
        let mut made = Vec::with_capacity(list.files.len());
        for (then, listed) in list.files.iter().enumerate() {
            let (its, when) = match by_path.get(listed.path.as_str()) {
                Some(&place) => (read[place].marks.clone(), read[place].made),
                None if listed.readable => former.marks(&listed.path)?,
                None => (Vec::new(), None),
            };
            let moved = |mark: Mark| Mark {
                file: then as u32,
                ..mark
            };
            marks.push(its.into_iter().map(moved).collect());
            made.push((when, listed.path.as_str()));
        }
        let ranks = ranks(&made);
        let before = fates(&marks, |a, b| ranks[a as usize].cmp(&ranks[b as usize]));
        let places: Vec<Option<u32>> = list
            .files
            .iter()
            .map(|listed| by_path.get(listed.path.as_str()).map(|place| *place as u32))
            .collect();
        let mut numbers = vec![None; files.len()];
        for ((listed, place), before) in list.files.iter().zip(&places).zip(&before) {
            if let Some(place) = place.map(|place| place as usize)
                && before.len() == now[place].len()
                && before
                    .iter()
                    .zip(&now[place])
                    .all(|(then, now)| writes_the_same(then, now, &places))
            {
                numbers[place] = Some(listed.number);
            }
        }
        Some(Self {
            folder,
            as_of: list.as_of,
            numbers,
        })
    }

    /// The number that a file had, where its parts may stand.
    pub(super) fn number(&self, place: usize) -> Option<u32> {
        self.numbers[place]
    }

    /// Takes the parts of a file over; says which section tables have one.
    pub(super) fn take_over(&self, then: u32, now: u32, out: &Path) -> Result<[bool; 5], IntakeError> {
        let part = |from: PathBuf, to: PathBuf, table: &str| -> Result<(), IntakeError> {
            let schema = match table {
                "identities" => layouts::tables::identities(),
                table => tables::schema(table)?,
            };
            take_part((&from, then), (&to, now), &schema)
        };
        part(
            identities_part(self.folder, then),
            identities_part(out, now),
            "identities",
        )?;
        let records = |table: &str| {
            (
                records_part(self.folder, table, then),
                records_part(out, table, now),
            )
        };
        let (from, to) = records("cosd");
        part(from, to, "cosd")?;
        let mut present = [false; 5];
        for (table, present) in LISTS.iter().zip(&mut present) {
            let (from, to) = records(table);
            // A part without rows stood for a table that no file filled.
            if from.is_file() && holds_rows(&from, table)? {
                part(from, to, table)?;
                *present = true;
            }
        }
        Ok(present)
    }
}

/// Whether a record comes into the parts as it did before. `places` are those of the files of then that are as they were.
fn writes_the_same(then: &Fate, now: &Fate, places: &[Option<u32>]) -> bool {
    let is_aside = |fate: &Fate| matches!(fate, Fate::Repeats(_) | Fate::Superseded(..));
    match (then, now) {
        (Fate::Stands, Fate::Stands) => true,
        (Fate::StandsFor(then), Fate::StandsFor(now)) => {
            let mut both = then.iter().zip(now);
            then.len() == now.len()
                && both.all(|((file, row), now)| {
                    places[*file as usize].is_some_and(|place| (place, *row) == *now)
                })
        }
        (then, now) => is_aside(then) && is_aside(now),
    }
}

fn holds_rows(part: &Path, table: &str) -> Result<bool, IntakeError> {
    let groups = engine::Groups::open(part).map_err(IntakeError::table(table))?;
    Ok((0..groups.count()).any(|group| groups.rows(group) > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stands_as_long_as_its_records_take_over_the_same() {
        // The first file of then is the third now, the second is not as it was, the third is where it was.
        let places = [Some(2), None, Some(1)];
        let older = |of: &[(u32, u32)]| Fate::StandsFor(of.into());
        let aside = Fate::Superseded(0, 1);
        for (then, now, same) in [
            (Fate::Stands, Fate::Stands, true),
            (Fate::Stands, aside.clone(), false),
            (aside.clone(), Fate::Stands, false),
            (aside.clone(), Fate::Superseded(7, 9), true),
            (aside, Fate::Repeats(3), true),
            (Fate::Stands, older(&[(2, 4)]), false),
            (older(&[(0, 4)]), older(&[(2, 4)]), true),
            (older(&[(0, 4)]), older(&[(2, 5)]), false),
            (older(&[(0, 4)]), older(&[(0, 4)]), false),
            (older(&[(1, 4)]), older(&[(1, 4)]), false),
            (older(&[(0, 4)]), older(&[(2, 4), (1, 1)]), false),
            (older(&[(0, 4), (2, 1)]), older(&[(2, 4)]), false),
            (older(&[(0, 4), (2, 1)]), older(&[(1, 1), (2, 4)]), false),
        ] {
            assert_eq!(writes_the_same(&then, &now, &places), same, "{then:?}, {now:?}");
        }
    }
}
