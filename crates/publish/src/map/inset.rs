//! London apart: its hospitals lie so close that on the map of the kingdom they would stand in each other's places.
//!
//! Invariant: every pin that is drawn in the inset is left out of the map around it, so each hospital has one pin.

use super::placing::{self, Point};
use super::projection::{Frame, Projection};

/// South, north, west and east of the piece that is drawn larger.
const LONDON: [f64; 4] = [51.28, 51.70, -0.52, 0.28];
/// Fewer hospitals than this do not need it.
const FEWEST: usize = 5;
const WIDTH: f64 = 184.0;
const INSIDE: f64 = 18.0;
/// Room for the name above the pins.
const HEAD: f64 = 24.0;
/// Where the inset begins: in the North Sea.
const NORTH: f64 = 58.2;

/// The inset: its frame, the place that it enlarges, and its pins.
pub(super) struct Inset {
    pub(super) corner: Point,
    pub(super) size: (f64, f64),
    /// The corners of London on the map around.
    pub(super) piece: [Point; 2],
    /// Hospital, where it is, where its pin is drawn.
    pub(super) pins: Vec<(usize, Point, Point)>,
}

/// Takes London's hospitals out of the points of a map and into an inset at its right edge.
pub(super) fn take(
    points: &mut Vec<(usize, f64, f64)>,
    conic: &Projection,
    frame: &Frame,
    (width, apart): (f64, f64),
) -> Option<Inset> {
    let inside = |(_, latitude, longitude): &(usize, f64, f64)| {
        let [south, north, west, east] = LONDON;
        (south..=north).contains(latitude) && (west..=east).contains(longitude)
    };
    if points.iter().filter(|point| inside(point)).count() < FEWEST {
        return None;
    }
    let (london, rest): (Vec<_>, Vec<_>) = points.drain(..).partition(inside);
    *points = rest;
    let places: Vec<(f64, f64)> = london.iter().map(|(_, lat, lon)| (*lat, *lon)).collect();
    let own = Frame::around(conic, &places, WIDTH, INSIDE);
    let corner = Point {
        x: width - WIDTH - 8.0,
        y: frame.point(conic, NORTH, 0.0).y,
    };
    let moved = |point: Point| Point {
        x: point.x + corner.x,
        y: point.y + corner.y + HEAD,
    };
    let homes: Vec<Point> = places
        .iter()
        .map(|(lat, lon)| own.point(conic, *lat, *lon))
        .collect();
    let placed = placing::apart(&homes, apart, (WIDTH, own.height));
    let pins = london.iter().zip(homes).zip(placed);
    let [south, north, west, east] = LONDON;
    Some(Inset {
        corner,
        size: (WIDTH, own.height + HEAD),
        piece: [frame.point(conic, north, west), frame.point(conic, south, east)],
        pins: pins
            .map(|(((index, ..), home), pin)| (*index, moved(home), moved(pin)))
            .collect(),
    })
}
