//! The top of a smooth surface over two figures.

use crate::EstimateError;

/// The height of a surface and its slopes.
pub(super) struct Slope {
    pub(super) height: f64,
    pub(super) slope: [f64; 2],
}

/// Beyond this distance from the start on the log scale, the top lies at infinity.
const FAR: f64 = 14.0;
/// A step this small on the log scale changes no digit that is printed.
const SMALL: f64 = 1e-11;

/// Climbs to the top by Newton's method, with the curvature from differences of the slopes; each step is halved
/// until it climbs, and a direction that would descend is replaced by the slope itself.
///
/// **Errors.** [`EstimateError::NoSpread`] when the second figure runs off upwards, [`EstimateError::NotSettled`]
/// when the climb ends nowhere.
pub(super) fn climb(
    surface: impl Fn([f64; 2]) -> Slope,
    start: [f64; 2],
) -> Result<([f64; 2], f64), EstimateError> {
    let mut place = start;
    let mut here = surface(place);
    for _ in 0..200 {
        let step = ascent(&surface, place, &here.slope);
        if !here.height.is_finite() || !step[0].hypot(step[1]).is_finite() {
            return Err(EstimateError::NotSettled("the search for the likeliest figures"));
        }
        let mut scale = 1.0;
        let (next, there) = loop {
            let next = [place[0] + scale * step[0], place[1] + scale * step[1]];
            let there = surface(next);
            if there.height >= here.height || scale * step[0].hypot(step[1]) < SMALL {
                break (next, there);
            }
            scale /= 2.0;
        };
        let moved = (next[0] - place[0]).hypot(next[1] - place[1]);
        (place, here) = (next, there);
        if moved < SMALL || (place[0] - start[0]).hypot(place[1] - start[1]) > FAR {
            break;
        }
    }
    // A plateau that no longer falls with ever less spread is a top at infinity, however slowly it was climbed.
    if surface([place[0], place[1] + 5.0]).height >= here.height - 1e-5 {
        return Err(EstimateError::NoSpread);
    }
    if here.slope[0].hypot(here.slope[1]) < 1e-5 {
        return Ok((place, here.height));
    }
    Err(EstimateError::NotSettled("the search for the likeliest figures"))
}

/// Newton's step where the surface bends downwards, else a step along the slope; never longer than 2.
fn ascent(surface: &impl Fn([f64; 2]) -> Slope, place: [f64; 2], slope: &[f64; 2]) -> [f64; 2] {
    const APART: f64 = 1e-5;
    let bend = |axis: [f64; 2]| {
        let at = |side: f64| surface([place[0] + side * axis[0], place[1] + side * axis[1]]).slope;
        let (up, down) = (at(APART), at(-APART));
        [
            (up[0] - down[0]) / (2.0 * APART),
            (up[1] - down[1]) / (2.0 * APART),
        ]
    };
    let (first, second) = (bend([1.0, 0.0]), bend([0.0, 1.0]));
    let cross = (first[1] + second[0]) / 2.0;
    let determinant = first[0] * second[1] - cross * cross;
    let step = if first[0] < 0.0 && determinant > 0.0 {
        [
            -(second[1] * slope[0] - cross * slope[1]) / determinant,
            -(first[0] * slope[1] - cross * slope[0]) / determinant,
        ]
    } else {
        *slope
    };
    let length = step[0].hypot(step[1]);
    if length > 2.0 {
        [step[0] * 2.0 / length, step[1] * 2.0 / length]
    } else {
        step
    }
}
