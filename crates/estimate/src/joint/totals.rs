//! From the rows of a place to its published cells.

use rayon::prelude::*;

use crate::prevalence::DurationBand;

use super::figures;
use super::grid::{AGES, GROUPS, Grid, KINDS, MEASURES, SEXES};
use super::place::Rows;
use super::result::{Cell, Level, Measure, Status};
use super::study::Study;

/// Cells of a row that are gathered in one pass over the draws. The columns of many more would not stay in a processor's cache.
const RUN: usize = 4 * GROUPS;

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
    let columns = Columns::of(rows);
    let found: Vec<Vec<Cell>> = periods
        .par_iter()
        .map(|(measure, year)| of_period(study, grid, &columns, (*measure, *year), (level, status, by_sex)))
        .collect();
    found.into_iter().flatten().for_each(&mut *cell);
    for year in 0..grid.years {
        // People of before the first year may have lived for any time before it: bands end where the years counted begin.
        for band in DurationBand::told(study.year_end(year) - f64::from(study.first_year)) {
            if let Some(figures) = figures::of_counts(&lived(grid, &columns, band, year)) {
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
fn lived(grid: &Grid, columns: &Columns, band: DurationBand, year: usize) -> Vec<u32> {
    let finest = DurationBand::ALL.iter().enumerate();
    let held = finest.filter(|(_, finest)| band.holds(**finest));
    let mut sum: Vec<u32> = vec![0; columns.draws];
    for column in held.filter_map(|(at, _)| columns.cells.get(grid.duration(at, year))) {
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
    columns: &Columns,
    (measure, year): (usize, usize),
    (level, status, by_sex): (Level, Status, bool),
) -> Vec<Cell> {
    let Some(named) = MEASURES.get(measure).copied() else {
        return Vec::new();
    };
    let from = grid.groups_of(measure, year + usize::from(named == Measure::Living));
    let groups = columns.cells.get(from..from + GROUPS).unwrap_or(&[]);
    let mut found = Vec::new();
    // One more than there are stands for all.
    for kind in 0..=KINDS.len() {
        for sex in (0..=SEXES.len()).filter(|sex| by_sex || *sex == SEXES.len()) {
            for age in 0..=AGES.len() {
                let total = kind == KINDS.len() && sex == SEXES.len() && age == AGES.len();
                let Some(sum) = margin(groups, (kind, sex, age), columns.draws, total) else {
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

/// Each cell of a row with its draws; a cell that has nobody in any draw is empty.
struct Columns {
    draws: usize,
    cells: Vec<Vec<u32>>,
}

impl Columns {
    /// The rows lie far apart, so that each is visited once for a whole run of cells.
    fn of(rows: &Rows) -> Self {
        let width = rows.width.max(1);
        let draws = rows.cells.len() / width;
        let mut cells: Vec<Vec<u32>> = vec![Vec::new(); width];
        cells.par_chunks_mut(RUN).enumerate().for_each(|(run, columns)| {
            for (draw, row) in rows.cells.chunks(width).enumerate() {
                let counts = row.get(run * RUN..).unwrap_or(&[]);
                for (column, count) in columns.iter_mut().zip(counts) {
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
        });
        Self { draws, cells }
    }
}

/// The sum over the groups of a margin; none where it has nobody, unless it is asked for all the same.
fn margin(
    groups: &[Vec<u32>],
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
                let Some(column) = groups.get(group).filter(|column| !column.is_empty()) else {
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
