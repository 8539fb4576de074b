//! From the rows of a place to its published cells.

use rayon::prelude::*;

use crate::prevalence::DurationBand;

use super::figures;
use super::grid::{AGES, GROUPS, Grid, KINDS, MEASURES, SEXES};
use super::place::Rows;
use super::result::{Cell, Level, Measure, Status};
use super::study::Study;

/// Gives every cell of a level that has anybody in any draw, and the totals of each measure and year always.
///
/// At an organisation sexes are not told apart: a man or two would be known by name.
pub(super) fn publish(
    study: &Study,
    grid: &Grid,
    rows: &Rows,
    level: Level,
    status: Status,
    cell: &mut dyn FnMut(Cell),
) {
    let periods: Vec<(usize, usize)> = (0..MEASURES.len())
        .flat_map(|measure| (0..grid.years).map(move |year| (measure, year)))
        .collect();
    let by_sex = !matches!(level, Level::Organisation(_));
    let found: Vec<Vec<Cell>> = periods
        .par_iter()
        .map(|(measure, year)| of_period(study, grid, rows, (*measure, *year), (level, status, by_sex)))
        .collect();
    found.into_iter().flatten().for_each(&mut *cell);
    for year in 0..grid.years {
        // People of before the first year may have lived for any time before it: bands end where the years counted begin.
        for band in DurationBand::told(study.year_end(year) - f64::from(study.first_year)) {
            if let Some(figures) = figures::of_counts(&lived(grid, rows, band, year)) {
                cell(Cell {
                    level,
                    measure: Measure::LivingFor(band),
                    year: calendar(study, year),
                    kind: None,
                    sex: None,
                    age: None,
                    figures,
                    status,
                });
            }
        }
    }
}

/// Those living at the end of a year who have lived with the disease for the years of a band, draw by draw.
fn lived(grid: &Grid, rows: &Rows, band: DurationBand, year: usize) -> Vec<u32> {
    let finest = DurationBand::ALL.iter().enumerate();
    let mut columns = finest
        .filter(|(_, finest)| band.holds(**finest))
        .map(|(at, _)| rows.cell(grid.duration(at, year)));
    let mut sum = columns.next().unwrap_or_default();
    for column in columns {
        sum.iter_mut().zip(column).for_each(|(sum, count)| *sum += count);
    }
    sum
}

fn calendar(study: &Study, year: usize) -> i32 {
    study
        .first_year
        .saturating_add(i32::try_from(year).unwrap_or(i32::MAX))
}

fn of_period(
    study: &Study,
    grid: &Grid,
    rows: &Rows,
    (measure, year): (usize, usize),
    (level, status, by_sex): (Level, Status, bool),
) -> Vec<Cell> {
    let Some(named) = MEASURES.get(measure).copied() else {
        return Vec::new();
    };
    let from = grid.groups_of(measure, year + usize::from(named == Measure::Living));
    let columns = columns(rows, from);
    let draws = rows.cells.len() / rows.width.max(1);
    let mut found = Vec::new();
    // One more than there are stands for all.
    for kind in 0..=KINDS.len() {
        for sex in (0..=SEXES.len()).filter(|sex| by_sex || *sex == SEXES.len()) {
            for age in 0..=AGES.len() {
                let total = kind == KINDS.len() && sex == SEXES.len() && age == AGES.len();
                let Some(sum) = margin(&columns, (kind, sex, age), draws, total) else {
                    continue;
                };
                let Some(figures) = figures::of_counts(&sum) else {
                    continue;
                };
                found.push(Cell {
                    level,
                    measure: named,
                    year: calendar(study, year),
                    kind: KINDS.get(kind).copied(),
                    sex: SEXES.get(sex).copied(),
                    age: AGES.get(age).copied(),
                    figures,
                    status,
                });
            }
        }
    }
    found
}

/// The groups that have anybody, each with its draws.
fn columns(rows: &Rows, from: usize) -> Vec<Option<Vec<u32>>> {
    let mut columns: Vec<Vec<u32>> = vec![Vec::new(); GROUPS];
    let width = rows.width.max(1);
    let draws = rows.cells.len() / width;
    for (draw, row) in rows.cells.chunks(width).enumerate() {
        for (column, count) in columns
            .iter_mut()
            .zip(row.get(from..from + GROUPS).unwrap_or(&[]))
        {
            if *count > 0 {
                if column.is_empty() {
                    column.resize(draws, 0);
                }
                if let Some(cell) = column.get_mut(draw) {
                    *cell = *count;
                }
            }
        }
    }
    columns
        .into_iter()
        .map(|column| (!column.is_empty()).then_some(column))
        .collect()
}

/// The sum over the groups of a margin; none where it has nobody, unless it is asked for all the same.
fn margin(
    columns: &[Option<Vec<u32>>],
    (kind, sex, age): (usize, usize, usize),
    draws: usize,
    always: bool,
) -> Option<Vec<u32>> {
    let all = |at: usize, of: usize| if at == of { 0..of } else { at..at + 1 };
    let mut sum: Option<Vec<u32>> = always.then(|| vec![0; draws]);
    for kind in all(kind, KINDS.len()) {
        for sex in all(sex, SEXES.len()) {
            for age in all(age, AGES.len()) {
                let group = (kind * SEXES.len() + sex) * AGES.len() + age;
                let Some(Some(column)) = columns.get(group) else {
                    continue;
                };
                match &mut sum {
                    Some(sum) => sum.iter_mut().zip(column).for_each(|(sum, count)| *sum += count),
                    None => sum = Some(column.clone()),
                }
            }
        }
    }
    sum
}
