//! All places in order, and the levels above them.

use rayon::prelude::*;

use crate::EstimateError;

use super::chance::Seeds;
use super::model::Model;
use super::place::{self, Rows};
use super::proposals::Kept;
use super::result::{Cell, Level, Settings, Status, Year};
use super::split::Split;
use super::totals::publish;

/// What is left in memory when all places have been counted: the country, and what each place adds to those living.
pub(super) struct Counted {
    pub(super) country: Rows,
    /// People living at the end whom nobody found, by place, draw by draw.
    pub(super) extra: Vec<Vec<u32>>,
}

/// Counts place by place. Memory holds four levels at a time (the place, its network, its nation, the country), and the one
/// that is published once more, by cell.
pub(super) fn run(
    model: &Model,
    kept: &Kept,
    settings: &Settings,
    seeds: Seeds,
    status: Status,
    cell: &mut dyn FnMut(Cell),
) -> Result<Counted, EstimateError> {
    let draws = kept.draws();
    let split = Split::of(model, settings.draws, seeds);
    let mut left = (draws.par_iter().enumerate())
        .map(|(at, (_, draw))| split.start(draw, at))
        .collect::<Result<Vec<_>, EstimateError>>()?;
    let width = model.grid.width();
    let empty = || Rows::empty(width, draws.len());
    let (mut rows, mut network, mut nation, mut country) = (empty(), empty(), empty(), empty());
    let mut extra = vec![vec![0; draws.len()]; model.study.places.len()];
    let order = in_order(model);
    let others = others(model);
    let mut put = |rows: &Rows, level: Level| publish(model.study, &model.grid, rows, level, status, cell);
    for (at, place) in order.iter().copied().enumerate() {
        let Some(of) = model.study.places.get(place) else {
            continue;
        };
        let traits = others
            .get(usize::from(of.nation))
            .filter(|own| !own.is_empty())
            .or(others.last());
        let (Some(traits), Some(extra)) = (traits, extra.get_mut(place)) else {
            continue;
        };
        let at_place = place::At {
            model,
            split: &split,
            seeds,
            place,
            others: traits,
        };
        at_place.count(&draws, &mut left, &mut rows, extra)?;
        put(&rows, Level::Organisation(place as u32));
        // A place is added to the level next above it only, and that level to the one above when it is complete.
        let next = order.get(at + 1).and_then(|next| model.study.places.get(*next));
        if let Some(own) = of.network {
            network.add(&rows);
            if next.is_none_or(|next| next.network != Some(own)) {
                put(&network, Level::Network(own));
                nation.add(&network);
                network.clear();
            }
        } else {
            nation.add(&rows);
        }
        if next.is_none_or(|next| next.nation != of.nation) {
            put(&nation, Level::Nation(of.nation));
            country.add(&nation);
            nation.clear();
        }
    }
    put(&country, Level::Country);
    Ok(Counted { country, extra })
}

/// Places by nation and network, so that a level is complete before the next begins.
fn in_order(model: &Model) -> Vec<usize> {
    let mut order: Vec<usize> = (0..model.study.places.len()).collect();
    order.sort_by_key(|place| {
        let place = model.study.places.get(*place);
        place.map(|place| (place.nation, place.network))
    });
    order
}

/// People whose traits an unseen person may take, by nation; at the end, everybody's.
fn others(model: &Model) -> Vec<Vec<u32>> {
    let nations = model
        .study
        .places
        .iter()
        .map(|place| usize::from(place.nation) + 1)
        .max()
        .unwrap_or(0);
    let mut others = vec![Vec::new(); nations + 1];
    for (at, member) in (0..).zip(&model.roster.members) {
        let person = model.study.people.get(member.person as usize);
        let Some(person) = person.filter(|person| person.established >= f64::from(model.study.first_year))
        else {
            continue;
        };
        let nation = model
            .study
            .places
            .get(person.place as usize)
            .map(|place| usize::from(place.nation));
        if let Some(own) = nation.and_then(|nation| others.get_mut(nation)) {
            own.push(at);
        }
        if let Some(all) = others.last_mut() {
            all.push(at);
        }
    }
    others
}

/// The country year by year.
pub(super) fn years(model: &Model, country: &Rows) -> Vec<Year> {
    let grid = &model.grid;
    (0..grid.years)
        .map(|year| Year {
            year: model.study.first_year + year as i32,
            start: country.groups(grid.groups_of(1, year)),
            new: country.groups(grid.groups_of(0, year)),
            died: country.groups(grid.groups_of(2, year)),
            died_of_breast_cancer: country.groups(grid.groups_of(3, year)),
            left: country.groups(grid.groups_of(4, year)),
            living: country.groups(grid.groups_of(1, year + 1)),
        })
        .collect()
}
