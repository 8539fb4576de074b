//! Which place of a site speaks of which released cell.
//!
//! Found by moving: the site is made again with some shown numbers changed, and a place that changes with them speaks of one of
//! these. Each cell has a number, and in turn i the cells move whose number has bit i set, then those in which it is not: so a
//! few dozen sites tell thousands of cells apart. A place that moved in exactly one turn of each pair speaks of the one cell
//! whose number these turns spell; one that moved in both turns of a pair speaks of several.
//!
//! Invariant: nothing is read here but released bytes, and no finding rests on it. It answers what a person asks who looks at
//! a page: where does this number come from, and where else does it stand?

mod places;

use std::collections::{BTreeMap, BTreeSet};

use protect::attack::Key;
use protect::{RawColumn, Role};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::reading::Cells;
use crate::reading::numbers::numbers;
use crate::released::{Released, Table};
use crate::{AttackError, Bytes, Knowledge, twin};
use places::Place;

/// What a number on a site speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// One released cell.
    Cell(Key),
    /// Several: a percentage, a coordinate on a scale, a ratio, a sum.
    Cells,
    /// None: it stands on the site of a release without tables too.
    Fixed,
    /// A period, or the name or code of a place.
    Name,
    /// None that moved it: how many hospitals are in a state, a number of a sentence that stands only beside figures.
    Unmoved,
}

/// A place with a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Traced {
    /// The file.
    pub file: String,
    /// Where in it.
    pub at: String,
    /// What it speaks of.
    pub of: Of,
}

/// A cell that can be moved.
struct Cell {
    table: usize,
    row: usize,
    column: usize,
    /// By how much: its smallest step.
    by: i64,
    key: Key,
}

/// Every place of a site that holds a number, and the cell it speaks of.
///
/// # Errors
/// If the release cannot be read, or not be made again.
pub fn trace(site: &Bytes, knowledge: &Knowledge<'_>) -> Result<Vec<Traced>, AttackError> {
    let released = Released::read(site)?;
    let base = made(&released, knowledge)?;
    let moving = cells(&released, knowledge);
    let bits = usize::BITS - moving.len().leading_zeros();
    let mut moved: BTreeMap<(&str, usize), Vec<[bool; 2]>> = BTreeMap::new();
    for bit in 0..bits {
        for turn in 0..2 {
            let in_turn = |at: usize| ((at + 1) >> bit) & 1 == 1 - turn;
            let other = with_moved(&released, &moving, in_turn);
            let other = made(&other, knowledge)?;
            for (file, at) in changed(&base, &other) {
                let turns = moved
                    .entry((file, at))
                    .or_insert_with(|| vec![[false; 2]; bits as usize]);
                if let Some(pair) = turns.get_mut(bit as usize) {
                    pair[turn] = true;
                }
            }
        }
    }
    let empty = made(&without_tables(&released), knowledge)?;
    let cells = Cells::new(&released, knowledge.facts);
    let mut traced = Vec::new();
    for (file, places) in &base {
        let fixed: BTreeSet<&Place> = empty.get(file).into_iter().flatten().collect();
        for (at, place) in places.iter().enumerate().filter(|(_, place)| place.has_number()) {
            let of = match moved.get(&(file.as_str(), at)) {
                Some(turns) => spelt(turns, &moving),
                None if fixed.contains(place) => Of::Fixed,
                None if only_names(&cells, &place.text) => Of::Name,
                None => Of::Unmoved,
            };
            traced.push(Traced {
                file: file.clone(),
                at: place.at.clone(),
                of,
            });
        }
    }
    Ok(traced)
}

/// Every file as a list of places.
type Places = BTreeMap<String, Vec<Place>>;

fn made(released: &Released, knowledge: &Knowledge<'_>) -> Result<Places, AttackError> {
    let bytes = twin::texts(released, knowledge.facts, knowledge.policy)?;
    let text = |path: &str| {
        bytes
            .text(path)
            .map(|text| (path.to_owned(), places::read(path, text)))
    };
    Ok(bytes.paths().filter_map(text).collect())
}

/// The figures that come from people and are shown.
fn cells(released: &Released, knowledge: &Knowledge<'_>) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (at, table) in released.tables.iter().enumerate() {
        let columns = twin::columns(&table.name, &knowledge.facts.thresholds).unwrap_or_default();
        for (row, values) in table.rows.iter().enumerate() {
            for column in &columns {
                let by = match column.role {
                    Role::Count => knowledge.policy.round_to(),
                    Role::Estimate { .. } => knowledge.policy.estimate_round_to(),
                    _ => continue,
                };
                let shown = table.figure(values, &column.name).and_then(|read| read.whole());
                let place = table.header.iter().position(|name| *name == column.name);
                if let (Some(1..), Some(column_at)) = (shown, place) {
                    cells.push(Cell {
                        table: at,
                        row,
                        column: column_at,
                        by,
                        key: key(table, values, &columns, &column.name),
                    });
                }
            }
        }
    }
    cells
}

fn key(table: &Table, row: &[String], columns: &[RawColumn], column: &str) -> Key {
    let dimensions = columns.iter().filter(|c| matches!(c.role, Role::Dimension));
    Key {
        table: table.name.clone(),
        column: column.to_owned(),
        about: dimensions
            .map(|c| (c.name.clone(), table.word(row, &c.name).to_owned()))
            .collect(),
    }
}

fn with_moved(released: &Released, cells: &[Cell], moves: impl Fn(usize) -> bool) -> Released {
    let mut other = released.clone();
    for (_, cell) in cells.iter().enumerate().filter(|(at, _)| moves(*at)) {
        let row = other
            .tables
            .get_mut(cell.table)
            .and_then(|t| t.rows.get_mut(cell.row));
        if let Some(value) = row.and_then(|row| row.get_mut(cell.column))
            && let Ok(number) = value.parse::<i64>()
        {
            *value = (number + cell.by).to_string();
        }
    }
    other
}

fn without_tables(released: &Released) -> Released {
    let mut empty = released.clone();
    for table in &mut empty.tables {
        table.rows.clear();
    }
    empty
}

/// The places of the first that are not in the other.
fn changed<'b>(base: &'b Places, other: &Places) -> Vec<(&'b str, usize)> {
    let mut changed = Vec::new();
    for (file, places) in base {
        let others = other.get(file).map_or(&[][..], Vec::as_slice);
        if places == others {
            continue;
        }
        for op in capture_diff_slices(Algorithm::Myers, places, others) {
            if !matches!(op, DiffOp::Equal { .. }) {
                changed.extend(op.old_range().map(|at| (file.as_str(), at)));
            }
        }
    }
    changed
}

/// The cell that the turns spell, if it is one.
fn spelt(turns: &[[bool; 2]], cells: &[Cell]) -> Of {
    let mut number = 0_usize;
    for (bit, pair) in turns.iter().enumerate() {
        match pair {
            [true, false] => number |= 1 << bit,
            [false, true] => {}
            _ => return Of::Cells,
        }
    }
    let cell = number.checked_sub(1).and_then(|at| cells.get(at));
    cell.map_or(Of::Cells, |cell| Of::Cell(cell.key.clone()))
}

/// Whether a text holds no number but those of periods and names of places.
fn only_names(cells: &Cells<'_>, text: &str) -> bool {
    let mut left = text.to_lowercase();
    cells.take_place(&mut left);
    cells.take_period(&mut left);
    numbers(&left).is_empty()
}
