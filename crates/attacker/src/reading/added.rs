//! What was added to a page or a picture: each atom is read by what it is.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{Cells, Place};
use super::known::is_tie;
use super::{Doubt, Known, drawn, numbers, statement};
use crate::differ::markup::{Markup, What};

/// Attributes whose words are told to people or programs: read like a sentence.
const TOLD: [&str; 8] = [
    "title",
    "alt",
    "aria-label",
    "aria-description",
    "aria-valuetext",
    "content",
    "data-label",
    "data-words",
];

/// What is wrong with each added atom that does not pass.
pub(crate) fn added(
    cells: &Cells<'_>,
    file: &str,
    markup: &Markup,
    atoms: &[usize],
    known: &Known,
) -> Vec<(usize, Doubt)> {
    let here = cells.place_of(file);
    let new: BTreeSet<usize> = atoms.iter().copied().collect();
    let opened: BTreeSet<usize> = atoms
        .iter()
        .filter(|at| matches!(markup.atoms.get(**at), Some(What::Open(_))))
        .filter_map(|at| markup.owners.get(*at).copied())
        .collect();
    let of = |node: usize| {
        new.iter()
            .filter(move |at| markup.owners.get(**at) == Some(&node))
    };
    let mut doubts = Vec::new();
    let pictures: Vec<usize> = opened
        .iter()
        .copied()
        .filter(|node| markup.nodes.get(*node).is_some_and(|n| n.tag == "svg"))
        .collect();
    let mut drawn_nodes = BTreeSet::new();
    for svg in pictures {
        let picture = drawn::read(cells, markup, svg, here.as_ref(), known);
        drawn_nodes.extend(picture.inside);
        for (node, doubt) in picture.doubts {
            let place = of(node)
                .find(|at| matches!(markup.atoms.get(**at), Some(What::Attribute(name, _)) if name == "cx"));
            let at = place.or_else(|| of(node).next());
            doubts.push((at.copied().unwrap_or_default(), doubt));
        }
    }
    for node in telling(cells, markup, &opened) {
        doubts.push((of(node).next().copied().unwrap_or_default(), Doubt::Order));
    }
    for at in &new {
        let owner = markup.owners.get(*at).copied().unwrap_or_default();
        let doubt = if drawn_nodes.contains(&owner) {
            unseen(cells, markup, *at, known)
        } else {
            atom(cells, markup, *at, here.as_ref(), known)
        };
        doubts.extend(doubt.map(|doubt| (*at, doubt)));
    }
    doubts
}

/// What [`drawn::read`] does not look at in a picture: comments, blanks, and words that the page does not use.
fn unseen(cells: &Cells<'_>, markup: &Markup, at: usize, known: &Known) -> Option<Doubt> {
    match markup.atoms.get(at)? {
        What::Open(_) | What::Attribute(..) | What::Close(_) => None,
        What::Text(text) if cells.has_words(text, &known.words) => None,
        What::Text(text) => {
            let owner = markup.owners.get(at).copied().unwrap_or_default();
            let of_axis = markup.attribute(owner, "data-axis").is_some() && drawn::counted(text).is_some();
            (!of_axis).then_some(Doubt::Untraced)
        }
        What::Comment(_) => Some(Doubt::Untraced),
    }
}

fn atom(cells: &Cells<'_>, markup: &Markup, at: usize, here: Option<&Place>, known: &Known) -> Option<Doubt> {
    let owner = markup.owners.get(at).copied().unwrap_or_default();
    match markup.atoms.get(at)? {
        What::Close(_) => None,
        // Elements that hold nothing could be counted.
        What::Open(tag) => {
            let strange = !known.has_form(tag) && !matches!(tag.as_str(), "h1" | "h2" | "h3");
            let empty = tag != "meta" && markup.words(owner).trim().is_empty();
            (strange || empty).then_some(Doubt::Untraced)
        }
        // A comment is no part of what we publish: nobody needs one.
        What::Comment(_) => Some(Doubt::Untraced),
        What::Attribute(name, value) if is_tie(name) => (!known.has_tie(value)).then_some(Doubt::Untraced),
        What::Attribute(name, value) if TOLD.contains(&name.as_str()) => {
            if cells.has_words(value, &known.words) {
                statement::read(cells, value, here).err()
            } else {
                Some(Doubt::Untraced)
            }
        }
        What::Attribute(name, value) => {
            let read = numbers::numbers(value).is_empty()
                && !crate::differ::is_hash(value)
                && cells.has_words(value, &known.words);
            let plain = known.has_form(name) && (value.is_empty() || read);
            (!plain).then_some(Doubt::Untraced)
        }
        // So could blanks, and words that the site does not use could stand for anything.
        What::Text(text) if !cells.has_words(text, &known.words) => Some(Doubt::Untraced),
        What::Text(text) => {
            let cell = in_a_table(cells, markup, owner);
            match cell {
                Some((place, words)) => {
                    statement::read(cells, &format!("{text} {words}"), Some(&place)).err()
                }
                None => statement::read(cells, text, here).err(),
            }
        }
    }
}

/// The place that a row of a table is about, and the words over a cell.
fn in_a_table(cells: &Cells<'_>, markup: &Markup, node: usize) -> Option<(Place, String)> {
    let line = markup.line(node);
    let tag = |at: &usize| markup.nodes.get(*at).map_or("", |n| n.tag.as_str());
    let cell = *line.iter().find(|at| tag(at) == "td")?;
    let row = *line.iter().find(|at| tag(at) == "tr")?;
    let table = *line.iter().find(|at| tag(at) == "table")?;
    let siblings = &markup.nodes.get(row)?.children;
    let column = siblings.iter().position(|at| *at == cell)?;
    let mut name = markup.words(*siblings.first()?).to_lowercase();
    let place = cells.take_place(&mut name)?;
    let heads = rows(markup, table).into_iter().next()?;
    Some((place, markup.words(*heads.get(column)?).to_lowercase()))
}

/// The rows of a table: the cells of each.
fn rows(markup: &Markup, table: usize) -> Vec<Vec<usize>> {
    let mut rows = Vec::new();
    let mut open = vec![table];
    while let Some(node) = open.pop() {
        let Some(of) = markup.nodes.get(node) else {
            continue;
        };
        if of.tag == "tr" {
            rows.push(of.children.clone());
        } else {
            open.extend(of.children.iter().rev());
        }
    }
    rows
}

/// A row of a table or an item of a list: the name of its place, and the numbers beside it.
type Line = (String, Vec<Option<i64>>);

/// What elements have in common that stand beside each other: what they stand in, their name, the kind of place that they name.
type Beside<'a> = (Option<usize>, &'a str, &'static str);

/// The first of each group of added elements that stand beside each other, name places of one kind, and stand in an order that
/// tells something: rows of a table, items of a list, terms, dots. What names no place between them changes nothing.
fn telling(cells: &Cells<'_>, markup: &Markup, opened: &BTreeSet<usize>) -> Vec<usize> {
    let mut groups: BTreeMap<Beside<'_>, (usize, Vec<Line>)> = BTreeMap::new();
    for node in opened {
        let Some(of) = markup.nodes.get(*node) else {
            continue;
        };
        let Some((place, line)) = line(cells, markup, *node) else {
            continue;
        };
        let group = groups.entry((of.parent, of.tag.as_str(), place.kind));
        group.or_insert_with(|| (*node, Vec::new())).1.push(line);
    }
    let telling = groups.into_values().filter(|(_, lines)| !in_an_order(lines));
    telling.map(|(first, _)| first).collect()
}

/// The place that an element names first, and how it stands among others.
fn line(cells: &Cells<'_>, markup: &Markup, node: usize) -> Option<(Place, Line)> {
    let words = markup.words(node).to_lowercase();
    let mut left = words.clone();
    let place = cells.take_place(&mut left)?;
    // Where the place was cut out, its name begins; it ends where something is said of it.
    let start = words.bytes().zip(left.bytes()).position(|(a, b)| a != b)?;
    let name = words.get(start..)?.split([':', ';', ',', '(']).next()?;
    cells.take_period(&mut left);
    let value = |text: &str| {
        let found = numbers::numbers(text);
        found.first().map(|n| (n.value * 10.0).round() as i64)
    };
    let mut values = vec![value(&left)];
    let parts = &markup.nodes.get(node)?.children;
    values.extend(parts.iter().map(|part| value(&markup.words(*part))));
    Some((place, (name.to_owned(), values)))
}

/// Whether lines go by name, or by numbers that they show with equal ones by name.
fn in_an_order(lines: &[Line]) -> bool {
    let columns = lines.iter().map(|line| line.1.len()).max().unwrap_or(0);
    // Lines without a number stand after all others, by name.
    let by = |column: usize, sign: i64| {
        move |line: &Line| {
            let number = line.1.get(column).copied().flatten();
            (number.is_none(), sign * number.unwrap_or(0))
        }
    };
    sorted(lines, |_| (false, 0))
        || (0..columns).any(|column| sorted(lines, by(column, 1)) || sorted(lines, by(column, -1)))
}

fn sorted(lines: &[Line], key: impl Fn(&Line) -> (bool, i64)) -> bool {
    lines.windows(2).all(|pair| match pair {
        [a, b] => (key(a), &a.0) <= (key(b), &b.0),
        _ => true,
    })
}
