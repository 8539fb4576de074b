//! Lambert's conformal conic projection, on a sphere: shapes stay true, and the north is not blown up.
//!
//! Standard followed: Snyder, Map Projections (USGS Professional Paper 1395), equations 15-1 to 15-5.

use std::f64::consts::FRAC_PI_4;

use super::placing::Point;

/// A conic with two standard parallels.
pub(crate) struct Projection {
    n: f64,
    f: f64,
    centre: f64,
}

impl Projection {
    /// For the United Kingdom: parallels 50° and 58°, centre 3.2° west.
    pub(crate) fn united_kingdom() -> Self {
        Self::new(50.0, 58.0, -3.2)
    }

    /// For a few places anywhere: parallels a sixth inside their span.
    pub(crate) fn around(places: &[(f64, f64)]) -> Self {
        let span = |pick: fn(&(f64, f64)) -> f64| {
            let values = places.iter().map(pick);
            (
                values.clone().fold(f64::INFINITY, f64::min),
                values.fold(f64::NEG_INFINITY, f64::max),
            )
        };
        let ((south, north), (west, east)) = (span(|p| p.0), span(|p| p.1));
        let inside = ((north - south) / 6.0).max(0.1);
        Self::new(south + inside, north - inside + 0.05, f64::midpoint(west, east))
    }

    fn new(first: f64, second: f64, centre: f64) -> Self {
        let (first, second) = (first.to_radians(), second.to_radians());
        let tangent = |latitude: f64| (FRAC_PI_4 + latitude / 2.0).tan();
        let spread = (tangent(second) / tangent(first)).ln();
        let n = if spread.abs() < 1e-9 {
            first.sin()
        } else {
            (first.cos() / second.cos()).ln() / spread
        };
        let f = first.cos() * tangent(first).powf(n) / n;
        Self { n, f, centre }
    }

    /// A point of the plane, in earth radii; y grows to the south, as in a drawing.
    fn project(&self, latitude: f64, longitude: f64) -> (f64, f64) {
        let rho = self.f / (FRAC_PI_4 + latitude.to_radians() / 2.0).tan().powf(self.n);
        let angle = self.n * (longitude - self.centre).to_radians();
        (rho * angle.sin(), rho * angle.cos())
    }
}

/// How the plane is fitted into a drawing.
pub(crate) struct Frame {
    left: f64,
    top: f64,
    scale: f64,
    /// What is free to the left of the places, and above them.
    free: (f64, f64),
    /// The height that the drawing needs.
    pub(crate) height: f64,
}

/// How high a drawing may be, over its width.
const TALLEST: f64 = 1.5;
/// Less than this between places, in earth radii, is not made to fill a drawing: some six kilometres.
const NEAREST: f64 = 1e-3;

impl Frame {
    /// Fits places into a width, with a margin: as high as that makes it.
    pub(crate) fn around(conic: &Projection, places: &[(f64, f64)], width: f64, margin: f64) -> Self {
        let [left, top, right, bottom] = bounds(conic, places);
        let scale = (width - 2.0 * margin) / (right - left).max(1e-4);
        Self {
            left,
            top,
            scale,
            free: (margin, margin),
            height: (bottom - top) * scale + 2.0 * margin,
        }
    }

    /// Fits places into a width and the height that goes with it, in the middle of the width: few of them may lie in one line to the
    /// north, or in one place.
    pub(crate) fn within(conic: &Projection, places: &[(f64, f64)], width: f64, margin: f64) -> Self {
        let [left, top, right, bottom] = bounds(conic, places);
        let by_width = (width - 2.0 * margin) / (right - left).max(NEAREST);
        let by_height = (width * TALLEST - 2.0 * margin) / (bottom - top).max(NEAREST);
        let scale = by_width.min(by_height);
        let left_over = width - 2.0 * margin - (right - left) * scale;
        // Where the places fill the width nothing is left over but what was lost in reckoning.
        let aside = if left_over > 1e-6 { left_over / 2.0 } else { 0.0 };
        Self {
            left,
            top,
            scale,
            free: (margin + aside, margin),
            height: (bottom - top) * scale + 2.0 * margin,
        }
    }

    /// Where a place is drawn.
    pub(crate) fn point(&self, conic: &Projection, latitude: f64, longitude: f64) -> Point {
        let (x, y) = conic.project(latitude, longitude);
        Point {
            x: (x - self.left) * self.scale + self.free.0,
            y: (y - self.top) * self.scale + self.free.1,
        }
    }
}

/// How far places reach in the plane: to the left, the top, the right and the bottom.
fn bounds(conic: &Projection, places: &[(f64, f64)]) -> [f64; 4] {
    let (mut left, mut top, mut right, mut bottom) =
        (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (latitude, longitude) in places {
        let (x, y) = conic.project(*latitude, *longitude);
        (left, right) = (left.min(x), right.max(x));
        (top, bottom) = (top.min(y), bottom.max(y));
    }
    [left, top, right, bottom]
}

#[cfg(test)]
mod tests {
    use super::{Frame, Projection};

    #[test]
    fn snyders_worked_example() {
        // Snyder p. 295: sphere of radius 1, parallels 33 and 45, origin 23 N 96 W; 35 N 75 W is x 0.2966785, y 0.2462112.
        let conic = Projection::new(33.0, 45.0, -96.0);
        let (x, y) = conic.project(35.0, -75.0);
        let (_, origin) = conic.project(23.0, -96.0);
        assert!((x - 0.296_678_5).abs() < 1e-6, "{x}");
        assert!((origin - y - 0.246_211_2).abs() < 1e-6, "{}", origin - y);
    }

    #[test]
    fn north_is_up_and_east_is_right() {
        let conic = Projection::united_kingdom();
        let (london, shetland) = (conic.project(51.5, -0.1), conic.project(60.2, -1.2));
        assert!(shetland.1 < london.1);
        assert!(conic.project(54.6, -5.9).0 < london.0);
    }

    #[test]
    fn hospitals_in_one_line_to_the_north_do_not_make_a_map_without_end() {
        let (width, margin) = (620.0, 90.0);
        for places in [
            [(51.4, -1.30), (52.4, -1.25)],
            [(51.4, -1.30), (52.4, -1.30)],
            // In one line to the east, and in one town.
            [(51.4, -1.30), (51.4, -0.30)],
            [(51.400, -1.300), (51.401, -1.301)],
        ] {
            let conic = Projection::around(&places);
            let frame = Frame::within(&conic, &places, width, margin);
            assert!(frame.height <= 1.5 * width + 1e-6, "{places:?}: {}", frame.height);
            let [one, other] = places.map(|(lat, lon)| frame.point(&conic, lat, lon));
            assert!(
                (one.x + other.x - width).abs() < 1e-6,
                "{places:?}: {one:?} {other:?}"
            );
            for point in [one, other] {
                assert!(
                    (margin - 1e-6..=width - margin + 1e-6).contains(&point.x),
                    "{point:?}"
                );
                assert!(
                    (margin - 1e-6..=frame.height - margin + 1e-6).contains(&point.y),
                    "{point:?}"
                );
            }
        }
    }

    #[test]
    fn a_hospital_alone_stands_in_the_middle() {
        let place = [(51.4, -1.3)];
        let conic = Projection::around(&place);
        let frame = Frame::within(&conic, &place, 620.0, 90.0);
        let point = frame.point(&conic, 51.4, -1.3);
        assert!(
            (point.x - 310.0).abs() < 1e-6 && (point.y * 2.0 - frame.height).abs() < 1e-6,
            "{point:?}"
        );
    }

    #[test]
    fn a_country_that_is_not_tall_is_fitted_as_before() {
        let places = [(51.4, -3.0), (52.4, 1.0), (53.0, -1.0)];
        let conic = Projection::around(&places);
        let [within, around] = [Frame::within, Frame::around].map(|fit| fit(&conic, &places, 620.0, 90.0));
        for (lat, lon) in places {
            assert_eq!(within.point(&conic, lat, lon), around.point(&conic, lat, lon));
        }
    }
}
