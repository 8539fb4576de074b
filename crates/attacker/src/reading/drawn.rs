//! Reads a chart by the axes that it publishes: a number under a line of the scale says what every place on it stands for.
//!
//! Ticks are numbers set as text: those in the middle of their place (`text-anchor="middle"`) lie along the x axis, those that
//! end there (`end`) along the y axis, one round step after the other. An axis says in words what it counts (`data-axis="x"`,
//! `"y"`). A dot is a circle with a title that names its place; its middle, turned back into numbers, must be what the tables
//! show of that place. A number that lies on no such axis is no tick: it is read like any other.

use std::collections::BTreeSet;

use super::cells::{Cells, Place};
use super::{Doubt, Known, statement};
use crate::differ::markup::Markup;

/// A chart that was read: the elements that belong to it, and what is wrong.
#[derive(Default)]
pub(super) struct Picture {
    pub(super) inside: BTreeSet<usize>,
    pub(super) doubts: Vec<(usize, Doubt)>,
}

/// Coordinates are written with one decimal: so far can one be from what it stands for.
const NEAR: f64 = 0.075;

/// One axis: coordinate = start + each × value.
#[derive(Clone, Copy, Debug)]
struct Axis {
    start: f64,
    each: f64,
    column: &'static str,
}

/// A pair of axes, as far as there are any.
type Axes = (Option<Axis>, Option<Axis>);

pub(super) fn read(
    cells: &Cells<'_>,
    markup: &Markup,
    svg: usize,
    here: Option<&Place>,
    known: &Known,
) -> Picture {
    let mut picture = Picture::default();
    let mut open = vec![svg];
    while let Some(node) = open.pop() {
        picture.inside.insert(node);
        open.extend(markup.nodes.get(node).into_iter().flat_map(|n| &n.children));
    }
    let axes = (
        axis(markup, &picture.inside, "x"),
        axis(markup, &picture.inside, "y"),
    );
    for node in &picture.inside {
        if let Some(doubt) = element(cells, markup, *node, axes, (here, known)) {
            picture.doubts.push((*node, doubt));
        }
    }
    picture
}

fn number(markup: &Markup, node: usize, name: &str) -> Option<f64> {
    markup.attribute(node, name)?.parse().ok()
}

/// What an axis counts, by its words.
pub(super) fn counted(words: &str) -> Option<&'static str> {
    match words.to_lowercase().as_str() {
        "people with signs in other records" => Some("found_elsewhere"),
        "people found" => Some("found"),
        "people recorded" => Some("recorded"),
        "of these recorded, in per cent" => Some("recorded_of_elsewhere_percent"),
        "of the people found recorded, in per cent" => Some("recorded_percent"),
        _ => None,
    }
}

/// The axis in one direction, where its words say what it counts and two ticks or more lie on one line, one round step after the
/// other: a number that stands anywhere else, or between two steps, could be one of people.
fn axis(markup: &Markup, inside: &BTreeSet<usize>, along: &str) -> Option<Axis> {
    let (anchor, across) = if along == "x" {
        ("middle", "y")
    } else {
        ("end", "x")
    };
    let mut ticks: Vec<(i64, f64, f64)> = Vec::new();
    let mut column = None;
    for node in inside {
        if markup.attribute(*node, "data-axis") == Some(along) {
            column = counted(&markup.words(*node));
        }
        if markup.attribute(*node, "text-anchor") == Some(anchor)
            && let Some(value) = tick(markup, *node)
        {
            ticks.push((
                value,
                number(markup, *node, along)?,
                number(markup, *node, across)?,
            ));
        }
    }
    ticks.sort_by_key(|tick| tick.0);
    let ((low, first, line), (high, last, _)) = (*ticks.first()?, *ticks.last()?);
    let step = ticks.get(1)?.0.saturating_sub(low);
    if !matches!(round(step), 1 | 2 | 5 | 25) || low % step != 0 {
        return None;
    }
    let each = (last - first) / (high - low) as f64;
    let start = first - each * low as f64;
    let straight = ticks.iter().all(|(value, at, beside)| {
        (start + each * *value as f64 - at).abs() <= NEAR * 2.0 && (beside - line).abs() < 1e-9
    });
    let even = ticks
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if b.0.saturating_sub(a.0) == step));
    (each.is_finite() && each != 0.0 && straight && even).then_some(Axis {
        start,
        each,
        column: column?,
    })
}

/// The value of a number that stands alone as text, where it could be a tick.
fn tick(markup: &Markup, node: usize) -> Option<i64> {
    markup.nodes.get(node).filter(|of| of.tag == "text")?;
    let words = markup.words(node);
    let digits = words.strip_suffix('%').unwrap_or(&words).replace(',', "");
    let value: i64 = digits.parse().ok()?;
    (value >= 0 && value.to_string() == digits).then_some(value)
}

/// Whether a number is a tick of an axis that was found: all that are set like it are then on the axis.
fn is_tick(markup: &Markup, node: usize, axes: Axes) -> bool {
    let axis = match markup.attribute(node, "text-anchor") {
        Some("middle") => axes.0,
        Some("end") => axes.1,
        _ => None,
    };
    axis.is_some() && tick(markup, node).is_some()
}

/// A number without the noughts at its end.
fn round(mut n: i64) -> i64 {
    while n != 0 && n % 10 == 0 {
        n /= 10;
    }
    n
}

fn element(
    cells: &Cells<'_>,
    markup: &Markup,
    node: usize,
    axes: Axes,
    (here, known): (Option<&Place>, &Known),
) -> Option<Doubt> {
    let of = markup.nodes.get(node)?;
    match of.tag.as_str() {
        "svg" | "g" | "title" | "desc" | "text" => {}
        "circle" => return dot(cells, markup, node, axes, (here, known)),
        // Whatever else is drawn could stand for anything.
        _ => return Some(Doubt::Untraced),
    }
    if !is_tick(markup, node, axes)
        && let Err(doubt) = statement::read(cells, &of.text, here)
    {
        return Some(doubt);
    }
    let strange = of.attributes.iter().any(|(name, value)| match name.as_str() {
        "x" | "y" => {
            of.tag != "text" || axes.0.is_none() || axes.1.is_none() || value.parse::<f64>().is_err()
        }
        // A frame in round numbers has no room for a figure.
        "viewBox" | "width" | "height" => value
            .split(' ')
            .any(|size| size.parse::<i64>().map_or(true, |size| size % 10 != 0)),
        "text-anchor" | "data-axis" => !matches!(value.as_str(), "start" | "middle" | "end" | "x" | "y"),
        "class" | "role" | "aria-hidden" | "focusable" => !known.has_tie(value),
        _ => true,
    });
    strange.then_some(Doubt::Untraced)
}

/// A dot of a scatter or funnel: its middle is two released figures of the place in its title.
fn dot(
    cells: &Cells<'_>,
    markup: &Markup,
    node: usize,
    axes: Axes,
    (here, known): (Option<&Place>, &Known),
) -> Option<Doubt> {
    let (Some(x), Some(y)) = axes else {
        return Some(Doubt::Untraced);
    };
    let mut title = markup.words(node).to_lowercase();
    let Some(place) = cells.take_place(&mut title).or_else(|| here.cloned()) else {
        return Some(Doubt::Untraced);
    };
    for (axis, name) in [(x, "cx"), (y, "cy")] {
        let Some(at) = number(markup, node, name) else {
            return Some(Doubt::Untraced);
        };
        let cell = cells.cell(&place, axis.column, None, None);
        match cell.read.map(|read| read.number) {
            Some(Some(value)) if (axis.start + axis.each * value - at).abs() <= NEAR => {}
            Some(Some(_)) => return Some(Doubt::Otherwise(cell.name)),
            Some(None) => return Some(Doubt::Hidden(cell.name)),
            None => return Some(Doubt::Untraced),
        }
    }
    let of = markup.nodes.get(node)?;
    // Only its title is read: a dot has no words of its own.
    let plain = of.text.is_empty()
        && of.attributes.iter().all(|(name, value)| match name.as_str() {
            "cx" | "cy" => true,
            "r" => value == "3" || value == "4",
            "class" => known.has_tie(value),
            _ => false,
        });
    (!plain).then_some(Doubt::Untraced)
}
