//! The same hospitals as hexagons of one size, each as near to its place as the others let it: a crowd of hospitals does
//! not hide behind one another, and a large, empty land does not look like more.
//!
//! Invariants: one hexagon for each hospital; the same hospitals give the same picture; the state is told by the shape
//! inside the hexagon and by words, not by colour alone.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::placing::Point;
use super::{place_all, short, symbol};
use crate::site::{Hospital, Site};

/// From the middle of a hexagon to its corner.
const CORNER: f64 = 15.0;
/// How much nearer the hospitals stand than on the map.
const NEARER: f64 = 0.72;
const MARGIN: f64 = 24.0;

/// A cell of the grid: column and row; odd rows are moved by half a cell.
type Cell = (i32, i32);

fn middle((column, row): Cell) -> Point {
    let wide = CORNER * 3.0_f64.sqrt();
    let moved = if row.rem_euclid(2) == 1 { 0.5 } else { 0.0 };
    Point {
        x: (f64::from(column) + moved) * wide,
        y: f64::from(row) * CORNER * 1.5,
    }
}

/// The free cell nearest to a place; of two alike, the upper and then the left one.
fn nearest(place: Point, taken: &BTreeSet<Cell>) -> Cell {
    let row = (place.y / (CORNER * 1.5)).round() as i32;
    let column = (place.x / (CORNER * 3.0_f64.sqrt())).round() as i32;
    let mut best: Option<(i64, Cell)> = None;
    for reach in 1_i32.. {
        for r in row - reach..=row + reach {
            for c in column - reach..=column + reach {
                if !taken.contains(&(c, r)) {
                    let found = ((middle((c, r)).distance(place) * 1000.0) as i64, (c, r));
                    best = Some(best.map_or(found, |best| best.min(found)));
                }
            }
        }
        // Whatever lies further out than the square that was looked through is further away than this.
        let sure = f64::from(reach) * CORNER * 1.5 * 1000.0;
        if let Some((distance, cell)) = best
            && (distance as f64) < sure
        {
            return cell;
        }
    }
    (column, row)
}

/// A cell for each place: those in the thick of it first, so that a crowd opens outwards.
fn arranged(places: &[Point]) -> Vec<Cell> {
    let crowd = |one: Point| {
        places
            .iter()
            .filter(|other| other.distance(one) < CORNER * 6.0)
            .count()
    };
    let mut order: Vec<usize> = (0..places.len()).collect();
    let crowds: Vec<usize> = places.iter().map(|place| crowd(*place)).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(crowds.get(*at).copied()), *at));
    let mut taken = BTreeSet::new();
    let mut cells = BTreeMap::new();
    for at in order {
        if let Some(place) = places.get(at) {
            let cell = nearest(*place, &taken);
            taken.insert(cell);
            cells.insert(at, cell);
        }
    }
    cells.into_values().collect()
}

/// Draws the hexagons, each a link to its hospital's page, beside which this page lies.
pub(crate) fn hexagons(site: &Site<'_>, title: &str) -> Markup {
    let homes = place_all(site);
    if homes.is_empty() {
        return html! {};
    }
    let places: Vec<Point> = homes
        .iter()
        .map(|(_, home)| Point {
            x: home.x * NEARER,
            y: home.y * NEARER,
        })
        .collect();
    let middles: Vec<Point> = arranged(&places).into_iter().map(middle).collect();
    let least =
        |of: fn(&Point) -> f64| middles.iter().map(of).fold(f64::INFINITY, f64::min) - CORNER - MARGIN;
    let most =
        |of: fn(&Point) -> f64| middles.iter().map(of).fold(f64::NEG_INFINITY, f64::max) + CORNER + MARGIN;
    let (left, top) = (least(|p| p.x), least(|p| p.y));
    let (width, height) = (most(|p| p.x) - left, most(|p| p.y) - top);
    html! {
        svg.map.hexagons viewBox={ "0 0 " (short(width)) " " (short(height)) } width=(short(width)) height=(short(height)) role="group" aria-labelledby="hexagons-title hexagons-words" {
            title id="hexagons-title" { (title) }
            desc id="hexagons-words" { "Each hexagon is a link to the page of a hospital trust or health board, near its place. All are of one size." }
            @for ((index, _), middle) in homes.iter().zip(&middles) {
                @if let Some(hospital) = site.hospitals.get(*index) {
                    (cell(site, hospital, Point { x: middle.x - left, y: middle.y - top }))
                }
            }
            @if let Some(mark) = site.mark() {
                text.invented x=(short(width - 8.0)) y=(short(height - 8.0)) text-anchor="end" { (mark) }
            }
        }
    }
}

fn cell(site: &Site<'_>, hospital: &Hospital<'_>, at: Point) -> Markup {
    let name = site.label(hospital);
    html! {
        a href=(hospital.address()) aria-label=(name) transform={ "translate(" (short(at.x)) " " (short(at.y)) ")" } {
            title { (name) }
            path.halo d=(outline(CORNER - 1.0)) {}
            (symbol::drawn(hospital.sign()))
            @if let Some(told) = hospital.told { (symbol::beside(told)) }
        }
    }
}

fn outline(corner: f64) -> String {
    let (wide, half) = (corner * 3.0_f64.sqrt() / 2.0, corner / 2.0);
    let (w, h, c) = (short(wide), short(half), short(corner));
    format!("M0 -{c}L{w} -{h}V{h}L0 {c}L-{w} {h}V-{h}Z")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_place_has_a_cell_of_its_own_not_far_away(
            places in prop::collection::vec((0.0..300.0_f64, 0.0..300.0_f64), 1..80), same in 0..8_usize,
        ) {
            let mut places: Vec<Point> = places.into_iter().map(|(x, y)| Point { x, y }).collect();
            places.extend(std::iter::repeat_n(places[0], same));
            let cells = arranged(&places);
            prop_assert_eq!(cells.iter().collect::<BTreeSet<_>>().len(), places.len());
            // At worst all stand around one place, in a disc.
            let reach = CORNER * 2.0 * (places.len() as f64).sqrt() + CORNER * 2.0;
            for (cell, place) in cells.iter().zip(&places) {
                prop_assert!(middle(*cell).distance(*place) <= reach);
            }
            prop_assert_eq!(&cells, &arranged(&places));
        }
    }

    #[test]
    fn a_lone_place_has_the_cell_that_it_lies_in() {
        for cell in [(0, 0), (3, 5), (-2, 7)] {
            assert_eq!(arranged(&[middle(cell)]), [cell]);
        }
    }
}
