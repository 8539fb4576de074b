//! Reads a chart by the axes that it publishes: a number under a line of the scale says what every place on it stands for.
//!
//! Ticks are numbers set as text: those in the middle of their place (`text-anchor="middle"`) lie along the x axis, those that
//! end there (`end`) along the y axis. An axis says in words what it counts (`data-axis="x"`, `"y"`). A dot is a circle with a
//! title that names its place; its middle, turned back into numbers, must be what the tables show of that place.

use std::collections::BTreeSet;

use super::cells::{Cells, Place};
use super::{Doubt, numbers, statement};
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

pub(super) fn read(cells: &Cells<'_>, markup: &Markup, svg: usize, here: Option<&Place>) -> Picture {
    let mut picture = Picture::default();
    let mut open = vec![svg];
    while let Some(node) = open.pop() {
        picture.inside.insert(node);
        open.extend(markup.nodes.get(node).into_iter().flat_map(|n| &n.children));
    }
    let (x, y) = (
        axis(markup, &picture.inside, "x"),
        axis(markup, &picture.inside, "y"),
    );
    for node in &picture.inside {
        if let Some(doubt) = element(cells, markup, *node, (x, y), here) {
            picture.doubts.push((*node, doubt));
        }
    }
    picture
}

fn number(markup: &Markup, node: usize, name: &str) -> Option<f64> {
    markup.attribute(node, name)?.parse().ok()
}

/// The axis in one direction, where two ticks or more lie on one line and its words say what it counts.
fn axis(markup: &Markup, inside: &BTreeSet<usize>, along: &str) -> Option<Axis> {
    let anchor = if along == "x" { "middle" } else { "end" };
    let mut ticks = Vec::new();
    let mut column = None;
    for node in inside {
        if markup.attribute(*node, "data-axis") == Some(along) {
            column = match markup.words(*node).to_lowercase().as_str() {
                "people with signs in other records" => Some("found_elsewhere"),
                "people found" => Some("found"),
                "people recorded" => Some("recorded"),
                "of these recorded, in per cent" => Some("recorded_of_elsewhere_percent"),
                "of the people found recorded, in per cent" => Some("recorded_percent"),
                _ => None,
            };
        }
        if is_tick(markup, *node) && markup.attribute(*node, "text-anchor") == Some(anchor) {
            let value = numbers::numbers(&markup.words(*node)).first()?.value;
            ticks.push((number(markup, *node, along)?, value));
        }
    }
    ticks.sort_by(|a, b| a.1.total_cmp(&b.1));
    let ((first, low), (last, high)) = (*ticks.first()?, *ticks.last()?);
    let each = (last - first) / (high - low);
    let start = first - each * low;
    let straight = ticks
        .iter()
        .all(|(at, value)| (start + each * value - at).abs() <= NEAR * 2.0);
    (each.is_finite() && each != 0.0 && straight).then_some(Axis {
        start,
        each,
        column: column?,
    })
}

/// A number alone, as text, at a round value.
fn is_tick(markup: &Markup, node: usize) -> bool {
    let words = markup.words(node);
    let alone = words.trim_end_matches('%').replace(',', "").parse::<i64>();
    markup.nodes.get(node).is_some_and(|n| n.tag == "text")
        && alone.is_ok_and(|n| n == 0 || matches!(round(n), 1 | 2 | 5 | 25 | 15 | 3 | 4 | 6 | 7 | 8 | 9 | 12))
        && markup.attribute(node, "text-anchor").is_some()
}

/// A number without the noughts at its end.
fn round(mut n: i64) -> i64 {
    while n != 0 && n % 10 == 0 {
        n /= 10;
    }
    n.abs()
}

fn element(
    cells: &Cells<'_>,
    markup: &Markup,
    node: usize,
    axes: (Option<Axis>, Option<Axis>),
    here: Option<&Place>,
) -> Option<Doubt> {
    let of = markup.nodes.get(node)?;
    let tick = is_tick(markup, node);
    match of.tag.as_str() {
        "svg" | "g" | "title" | "desc" | "text" => {}
        "circle" => return dot(cells, markup, node, axes, here),
        // Whatever else is drawn could stand for anything.
        _ => return Some(Doubt::Untraced),
    }
    if !tick && let Err(doubt) = statement::read(cells, &of.text, here) {
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
        "class" | "role" | "text-anchor" | "data-axis" | "aria-hidden" | "focusable" => {
            value.chars().any(char::is_numeric)
        }
        _ => true,
    });
    strange.then_some(Doubt::Untraced)
}

/// A dot of a scatter or funnel: its middle is two released figures of the place in its title.
fn dot(
    cells: &Cells<'_>,
    markup: &Markup,
    node: usize,
    axes: (Option<Axis>, Option<Axis>),
    here: Option<&Place>,
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
    let attributes = &markup.nodes.get(node)?.attributes;
    let plain = attributes.iter().all(|(name, value)| match name.as_str() {
        "cx" | "cy" => true,
        "r" => value == "3" || value == "4",
        "class" => !value.chars().any(char::is_numeric),
        _ => false,
    });
    (!plain).then_some(Doubt::Untraced)
}
