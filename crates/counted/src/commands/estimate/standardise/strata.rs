//! The age bands of each place: none stands in a file twice, and none overlaps another.

use std::collections::BTreeSet;

use crate::exit::Failure;

use super::super::table::{Line, Table};
use super::ages::ages;
use super::{AGE, SEX};

/// The bands of each place so far.
pub(super) struct Strata {
    age: Option<usize>,
    sex: Option<usize>,
    places: Vec<(String, Vec<Band>)>,
}

/// One band of a place.
struct Band {
    /// As it is written, without spaces.
    age: String,
    sex: String,
    /// From which to which age, where that can be read.
    ages: Option<(u32, u32)>,
    /// Where it stands.
    number: u64,
}

impl Strata {
    /// No band so far, of a file.
    pub(super) fn of(table: &Table) -> Self {
        Self {
            age: table.find(AGE),
            sex: table.find(SEX),
            places: Vec::new(),
        }
    }

    /// One row more. Refused where its place has the band already, or one that overlaps it.
    pub(super) fn add(&mut self, table: &Table, line: &Line, place: &str) -> Result<(), Failure> {
        // Without an age nothing tells two rows of a place apart.
        let Some(age) = self.age else {
            return Ok(());
        };
        let word = |column: usize| {
            let text = table.text(line, column).to_lowercase();
            text.split_whitespace().collect::<String>()
        };
        let band = Band {
            age: word(age),
            sex: self.sex.map(word).unwrap_or_default(),
            ages: ages(table.text(line, age)),
            number: line.number,
        };
        let at = self.places.iter().position(|(name, _)| name == place);
        let Some((_, bands)) = at.and_then(|at| self.places.get_mut(at)) else {
            self.places.push((place.to_owned(), vec![band]));
            return Ok(());
        };
        for other in bands.iter().filter(|other| other.sex == band.sex) {
            let wrong =
                |what: &str| table.wrong_row(line, &format!("{what} {} {}", table.unit, other.number));
            if other.age == band.age {
                return Err(wrong(
                    "add it to the same age band of the same place, which stands in",
                ));
            }
            if let (Some(one), Some(two)) = (other.ages, band.ages)
                && one.0 <= two.1
                && two.0 <= one.1
            {
                return Err(wrong(
                    "bands of one place may not overlap; write another band, for it overlaps that in",
                ));
            }
        }
        bands.push(band);
        Ok(())
    }

    /// Places whose bands are not those of the first one.
    pub(super) fn that_differ(&self) -> Vec<&str> {
        let of = |bands: &[Band]| -> BTreeSet<(String, String)> {
            let bands = bands.iter();
            bands.map(|band| (band.age.clone(), band.sex.clone())).collect()
        };
        let Some((_, first)) = self.places.first() else {
            return Vec::new();
        };
        let first = of(first);
        let others = self.places.iter().filter(|(_, bands)| of(bands) != first);
        others.map(|(name, _)| name.as_str()).collect()
    }
}
