//! Rows of a chart whose words are set as text, and whose bars stretch: one scale from nought, with lines across it.

use maud::{Markup, html};

use crate::map::short;
use crate::words;

/// The picture's own units: it is stretched to whatever room there is, so nothing in it may be round or written.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 40.0;

/// From nought to a whole number of steps.
pub(crate) struct Scale {
    step: f64,
    steps: usize,
    /// What stands behind each of its numbers.
    unit: &'static str,
}

impl Scale {
    /// The scale that holds a number.
    pub(crate) fn to(most: f64, step: f64) -> Self {
        let steps = (most / step).ceil().clamp(1.0, 12.0) as usize;
        Self {
            step,
            steps,
            unit: "",
        }
    }

    /// The scale of shares, from nobody to everybody.
    pub(crate) fn of_percent() -> Self {
        Self {
            unit: "%",
            ..Self::to(100.0, 25.0)
        }
    }

    fn x(&self, value: f64) -> f64 {
        WIDTH * value / (self.step * self.steps as f64)
    }
}

/// One row's picture: the lines of the scale as high as the row, and over them what is drawn. The numbers stand beside
/// it as text.
pub(crate) fn picture(scale: &Scale, drawn: &Markup) -> Markup {
    let view = format!("0 0 {WIDTH} {HEIGHT}");
    html! {
        span.picture aria-hidden="true" {
            svg.scale viewBox=(view) preserveAspectRatio="none" focusable="false" {
                @for step in 0..=scale.steps {
                    path.nought[step == 0] d={ "M" (short(scale.x(scale.step * step as f64))) " 0V" (HEIGHT) } {}
                }
            }
            svg.bar viewBox=(view) preserveAspectRatio="none" focusable="false" { (drawn) }
        }
    }
}

/// A bar between two values.
pub(crate) fn bar(class: &str, scale: &Scale, from: f64, to: f64) -> Markup {
    html! {
        rect class=(class) x=(short(scale.x(from))) y="9" width=(short(scale.x(to - from))) height="22" {}
    }
}

/// A thin line between two values, with its ends marked: higher than a dot, so that they are seen where the line is shorter.
pub(crate) fn line(class: &str, scale: &Scale, from: f64, to: f64) -> Markup {
    let (from, to) = (short(scale.x(from)), short(scale.x(to)));
    html! {
        path class=(class) d={ "M" (from) " 20H" (to) "M" (from) " 13V27M" (to) " 13V27" } {}
    }
}

/// A dot: a line of no length with round ends, which stays round however the picture is stretched.
pub(crate) fn dot(scale: &Scale, at: f64) -> Markup {
    html! { path.dot d={ "M" (short(scale.x(at))) " 20h0.01" } {} }
}

/// With more steps than this the last number would stand in the one before it.
const ROOM_FOR_LAST: usize = 8;

/// From so many signs on a number needs more room than a step has in a narrow chart: 10,000.
const LONG: usize = 6;

/// The numbers under the lines of the scale. Where they are long and the chart is narrow, the style leaves out every second one.
pub(crate) fn axis(scale: &Scale) -> Markup {
    let number = |step: usize| words::number((scale.step * step as f64) as i64) + scale.unit;
    let long = number(scale.steps).chars().count() >= LONG;
    html! {
        div.axis.long[long] aria-hidden="true" {
            ol {
                @for step in 0..scale.steps { li { (number(step)) } }
                @if scale.steps <= ROOM_FOR_LAST { li.last { (number(scale.steps)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_says_where_its_numbers_are_long() {
        for (most, step, long) in [
            (8_000.0, 2_000.0, false),
            (9_001.0, 5_000.0, true),
            (50_000.0, 10_000.0, true),
        ] {
            let drawn = axis(&Scale::to(most, step)).into_string();
            assert_eq!(drawn.contains("<div class=\"axis long\""), long, "{drawn}");
        }
        assert!(
            axis(&Scale::of_percent())
                .into_string()
                .contains("<div class=\"axis\"")
        );
    }
}
