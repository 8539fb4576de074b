//! Pushes pins apart until none hides another, each staying as near to its place as it can.
//!
//! Invariants: pure arithmetic in a fixed order, so the same places always give the same picture; every pin ends
//! inside the drawing.

/// A point of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Point {
    pub(crate) fn distance(self, other: Self) -> f64 {
        ((self.x - other.x).powi(2) + (self.y - other.y).powi(2)).sqrt()
    }
}

/// Rounds in which pins are also drawn home; after them they are only pushed.
const DRAWN_HOME: usize = 220;
const ROUNDS: usize = 900;

/// Moves points until they are `apart`, inside a drawing of this size.
pub(crate) fn apart(homes: &[Point], apart: f64, size: (f64, f64)) -> Vec<Point> {
    let mut points: Vec<Point> = homes.to_vec();
    for round in 0..ROUNDS {
        let moved = push(&mut points, apart);
        if round < DRAWN_HOME {
            let pull = 0.06 * (1.0 - round as f64 / DRAWN_HOME as f64);
            for (point, home) in points.iter_mut().zip(homes) {
                point.x += (home.x - point.x) * pull;
                point.y += (home.y - point.y) * pull;
            }
        } else if !moved {
            break;
        }
        for point in &mut points {
            point.x = point.x.clamp(apart * 0.6, size.0 - apart * 0.6);
            point.y = point.y.clamp(apart * 0.6, size.1 - apart * 0.6);
        }
    }
    points
}

/// Pushes every pair that is too near half-way apart; says whether any was.
fn push(points: &mut [Point], apart: f64) -> bool {
    let mut moved = false;
    for second in 1..points.len() {
        let (before, rest) = points.split_at_mut(second);
        let Some(b) = rest.first_mut() else { continue };
        for (first, a) in before.iter_mut().enumerate() {
            let (dx, dy) = (b.x - a.x, b.y - a.y);
            if dx.abs() >= apart || dy.abs() >= apart {
                continue;
            }
            let distance = (dx * dx + dy * dy).sqrt();
            if distance >= apart - 1e-3 {
                continue;
            }
            // Two pins on the same spot part in a direction of their own, so that a crowd opens like a flower.
            let (ux, uy) = if distance > 1e-6 {
                (dx / distance, dy / distance)
            } else {
                let angle = (first * 7 + second) as f64 * 2.399_963;
                (angle.cos(), angle.sin())
            };
            let half = (apart - distance) / 2.0;
            a.x -= ux * half;
            a.y -= uy * half;
            b.x += ux * half;
            b.y += uy * half;
            moved = true;
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_pin_hides_another_and_all_stay_inside(
            places in prop::collection::vec((100.0..200.0_f64, 100.0..200.0_f64), 1..60),
            same in 0..6_usize,
        ) {
            let mut homes: Vec<Point> = places.into_iter().map(|(x, y)| Point { x, y }).collect();
            homes.extend(std::iter::repeat_n(homes[0], same));
            let placed = apart(&homes, 12.0, (620.0, 400.0));
            for (i, a) in placed.iter().enumerate() {
                prop_assert!((0.0..=620.0).contains(&a.x) && (0.0..=400.0).contains(&a.y));
                for b in &placed[..i] {
                    prop_assert!(a.distance(*b) > 11.5, "{a:?} {b:?}");
                }
            }
            prop_assert_eq!(placed, apart(&homes, 12.0, (620.0, 400.0)));
        }
    }

    #[test]
    fn a_lone_pin_stays_at_home() {
        let home = Point { x: 50.0, y: 60.0 };
        assert_eq!(apart(&[home], 12.0, (100.0, 100.0)), [home]);
    }
}
