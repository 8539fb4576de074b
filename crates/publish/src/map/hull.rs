//! A soft shore around the hospitals of an invented nation, so that its map has land under it.
//!
//! Invariant: every hospital lies on land; the same points give the same shore.

use super::placing::Point;

/// The shore of an invented nation.
pub(crate) struct Shore {
    /// Points of the shore, around.
    pub(crate) line: Vec<Point>,
    /// The middle of the land.
    pub(crate) middle: Point,
    /// How far north it reaches.
    pub(crate) top: f64,
}

/// Points of the shore for each nation.
const POINTS: usize = 44;

/// A shore around points, at least `beach` away from each; none for no points.
pub(crate) fn shore(points: &[Point], beach: f64) -> Option<Shore> {
    let count = points.len() as f64;
    if points.is_empty() {
        return None;
    }
    let middle = Point {
        x: points.iter().map(|p| p.x).sum::<f64>() / count,
        y: points.iter().map(|p| p.y).sum::<f64>() / count,
    };
    let line: Vec<Point> = (0..POINTS)
        .map(|i| {
            let angle = i as f64 / POINTS as f64 * std::f64::consts::TAU;
            let reach = reach(points, middle, angle, beach);
            // Bays and capes: sums of waves that only ever add land.
            let waves = 1.0 + (angle * 3.0 + middle.x).sin() * 0.5 + (angle * 7.0 + middle.y).sin() * 0.3;
            let reach = reach + beach * 0.16 * waves;
            Point {
                x: middle.x + reach * angle.cos(),
                y: middle.y + reach * angle.sin(),
            }
        })
        .collect();
    let top = line.iter().map(|p| p.y).fold(f64::INFINITY, f64::min);
    Some(Shore { line, middle, top })
}

/// How far the land reaches from the middle in a direction: past every point within a beach's width of the ray.
fn reach(points: &[Point], middle: Point, angle: f64, beach: f64) -> f64 {
    let (ux, uy) = (angle.cos(), angle.sin());
    points
        .iter()
        .map(|p| {
            let (dx, dy) = (p.x - middle.x, p.y - middle.y);
            let (along, across) = (dx * ux + dy * uy, dx * uy - dy * ux);
            // Points further off the ray count for less, so the shore swings in between them.
            along + (beach * beach - (across * 0.55).powi(2)).max(0.0).sqrt()
                - (across.abs() - beach * 1.6).max(0.0)
        })
        .fold(beach, f64::max)
}
