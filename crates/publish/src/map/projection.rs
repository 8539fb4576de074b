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
    margin: f64,
    /// The height that the drawing needs.
    pub(crate) height: f64,
}

impl Frame {
    /// Fits places into a width, with a margin.
    pub(crate) fn around(conic: &Projection, places: &[(f64, f64)], width: f64, margin: f64) -> Self {
        let (mut left, mut top, mut right, mut bottom) =
            (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
        for (latitude, longitude) in places {
            let (x, y) = conic.project(*latitude, *longitude);
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
        let scale = (width - 2.0 * margin) / (right - left).max(1e-4);
        Self {
            left,
            top,
            scale,
            margin,
            height: (bottom - top) * scale + 2.0 * margin,
        }
    }

    /// Where a place is drawn.
    pub(crate) fn point(&self, conic: &Projection, latitude: f64, longitude: f64) -> Point {
        let (x, y) = conic.project(latitude, longitude);
        Point {
            x: (x - self.left) * self.scale + self.margin,
            y: (y - self.top) * self.scale + self.margin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Projection;

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
}
