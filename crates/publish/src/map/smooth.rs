//! Smooth lines through points: Catmull and Rom's spline, as the cubic curves of SVG.

use std::fmt::Write as _;

use super::placing::Point;
use super::short;

/// How far the handles reach; a sixth is the true spline, less keeps capes sharper.
const REACH: f64 = 1.0 / 7.0;

/// A closed smooth line.
pub(crate) fn closed(points: &[Point]) -> String {
    let count = points.len();
    curve(points, count, |i| points.get(i % count.max(1)).copied(), count) + "Z"
}

/// An open smooth line.
pub(crate) fn open(points: &[Point]) -> String {
    let last = points.len().saturating_sub(1);
    curve(points, last, |i| points.get(i.min(last)).copied(), 0)
}

/// `at` gives a point by its number; `shift` keeps the number before the first from going below zero.
fn curve(points: &[Point], pieces: usize, at: impl Fn(usize) -> Option<Point>, shift: usize) -> String {
    let mut path = String::new();
    let Some(first) = points.first() else { return path };
    let _ = write!(path, "M{} {}", short(first.x), short(first.y));
    for i in 0..pieces {
        let before = (i + shift).saturating_sub(1);
        let (Some(a), Some(b), Some(c), Some(d)) =
            (at(before), at(i + shift), at(i + shift + 1), at(i + shift + 2))
        else {
            break;
        };
        let (x1, y1) = (b.x + (c.x - a.x) * REACH, b.y + (c.y - a.y) * REACH);
        let (x2, y2) = (c.x - (d.x - b.x) * REACH, c.y - (d.y - b.y) * REACH);
        let _ = write!(
            path,
            "C{} {} {} {} {} {}",
            short(x1),
            short(y1),
            short(x2),
            short(y2),
            short(c.x),
            short(c.y)
        );
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_line_comes_back_and_an_open_one_ends() {
        let square = [(0.0, 0.0), (7.0, 0.0), (7.0, 7.0), (0.0, 7.0)].map(|(x, y)| Point { x, y });
        assert_eq!(
            closed(&square),
            "M0 0C1 -1 6 -1 7 0C8 1 8 6 7 7C6 8 1 8 0 7C-1 6 -1 1 0 0Z"
        );
        assert_eq!(open(&square[..2]), "M0 0C1 0 6 0 7 0");
    }
}
