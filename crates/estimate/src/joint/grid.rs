//! The finest cells of one place in one draw, as a row of numbers.
//!
//! Everything published is a sum over this row, so totals and parts agree by construction.

use crate::prevalence::DurationBand;

use super::result::{AgeBand, Measure};
use super::study::{Exit, Kind, Sex, Study, Time};

/// Kinds, sexes and bands of age, and their combinations.
pub(super) const KINDS: [Kind; 3] = [Kind::DeNovo, Kind::Recurrent, Kind::NotKnown];
pub(super) const SEXES: [Sex; 3] = [Sex::Female, Sex::Male, Sex::NotKnown];
pub(super) const AGES: [AgeBand; 7] = [
    AgeBand::Under45,
    AgeBand::From45,
    AgeBand::From55,
    AgeBand::From65,
    AgeBand::From75,
    AgeBand::From85,
    AgeBand::NotKnown,
];
pub(super) const GROUPS: usize = KINDS.len() * SEXES.len() * AGES.len();

/// The measures that are kept for every group.
pub(super) const MEASURES: [Measure; 5] = [
    Measure::New,
    Measure::Living,
    Measure::Died,
    Measure::DiedOfBreastCancer,
    Measure::Left,
];

/// Where each cell stands in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    first: Time,
    end: Time,
    pub(super) years: usize,
    /// Years of follow-up: who has lived longer with the disease lives beyond what was watched.
    pub(super) watched: f64,
}

/// What a row is told of one person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Life {
    pub(super) established: Time,
    pub(super) exit: Exit,
    pub(super) kind: Kind,
    pub(super) sex: Sex,
    pub(super) born: Option<Time>,
}

impl Grid {
    pub(super) fn of(study: &Study, watched: f64) -> Self {
        Self {
            first: f64::from(study.first_year),
            end: study.end,
            years: study.years(),
            watched,
        }
    }

    /// Cells in a row.
    pub(super) fn width(&self) -> usize {
        // Living has one moment more: the start of the first year.
        let by_group = (MEASURES.len() * self.years + 1) * GROUPS;
        by_group + (DurationBand::ALL.len() + 1) * self.years
    }

    /// Where the groups of a measure in a year begin. For *living*, year 0 is the start of the first year and year
    /// *y* + 1 the end of year *y*.
    pub(super) fn groups_of(&self, measure: usize, year: usize) -> usize {
        // Living comes last among those by group, so that its extra moment shifts nothing.
        let place = match MEASURES.get(measure) {
            Some(Measure::Living) => 4,
            Some(Measure::New) => 0,
            Some(Measure::Died) => 1,
            Some(Measure::DiedOfBreastCancer) => 2,
            _ => 3,
        };
        (place * self.years + year) * GROUPS
    }

    /// The cell of those living at the end of a year, for a band of duration; the band after the last is all who have
    /// lived longer than anybody was watched, and all whose disease is older than the records.
    pub(super) fn duration(&self, band: usize, year: usize) -> usize {
        (MEASURES.len() * self.years + 1) * GROUPS + band * self.years + year
    }

    /// The year, from 0, of a moment at or after the first.
    pub(super) fn year_of(&self, time: Time) -> usize {
        ((time - self.first).floor().max(0.0) as usize).min(self.years.saturating_sub(1))
    }

    fn year_end(&self, year: usize) -> Time {
        (self.first + year as f64 + 1.0).min(self.end)
    }

    /// Adds the cells in which a person counts.
    pub(super) fn cells(&self, life: &Life, into: &mut Vec<u32>) {
        let exit = life.exit.time().max(life.established);
        if life.established >= self.end || exit < self.first {
            return;
        }
        let side = (life.kind as usize * SEXES.len() + life.sex as usize) * AGES.len();
        let group = |at: Time| side + age_band(life.born, at);
        let from = if life.established < self.first {
            into.push((self.groups_of(1, 0) + group(self.first)) as u32);
            0
        } else {
            let year = self.year_of(life.established);
            into.push((self.groups_of(0, year) + group(life.established)) as u32);
            year
        };
        let mut year = from;
        while year < self.years && exit >= self.year_end(year) {
            let at = self.year_end(year);
            into.push((self.groups_of(1, year + 1) + group(at)) as u32);
            let lived = at - life.established;
            into.push(self.duration(band_of(lived), year) as u32);
            // Who was ill before the records began was watched by nobody from the start.
            if lived > self.watched || life.established < self.first {
                into.push(self.duration(DurationBand::ALL.len(), year) as u32);
            }
            year += 1;
        }
        if year < self.years {
            let of = group(exit);
            let mut at = |measure: usize| into.push((self.groups_of(measure, year) + of) as u32);
            match life.exit {
                Exit::OfBreastCancer(_) => {
                    at(2);
                    at(3);
                }
                Exit::OfOther(_) => at(2),
                Exit::Left(_) | Exit::Alive => at(4),
            }
        }
    }
}

fn band_of(lived: f64) -> usize {
    DurationBand::ALL
        .iter()
        .rposition(|band| lived >= band.years().0 as f64)
        .unwrap_or(0)
}

/// The place of a band among [`AGES`].
fn age_band(born: Option<Time>, at: Time) -> usize {
    match born.map(|born| at - born) {
        Some(age) if (0.0..126.0).contains(&age) => [45.0, 55.0, 65.0, 75.0, 85.0]
            .iter()
            .filter(|&&from| age >= from)
            .count(),
        _ => AGES.len() - 1,
    }
}
