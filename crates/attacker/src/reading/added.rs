//! What was added to a page or a picture: each atom is read by what it is.

use std::collections::BTreeSet;

use super::cells::{Cells, Place};
use super::{Doubt, drawn, numbers, statement};
use crate::differ::markup::{Markup, What};

/// Attributes that only tie elements together or give them a form. Their words must be ones that the site uses anyway.
const TIES: [&str; 14] = [
    "class",
    "id",
    "for",
    "href",
    "src",
    "role",
    "scope",
    "lang",
    "aria-labelledby",
    "aria-describedby",
    "aria-hidden",
    "focusable",
    "text-anchor",
    "preserveAspectRatio",
];

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
    known: &BTreeSet<String>,
) -> Vec<(usize, Doubt)> {
    let here = cells.place_of(file);
    let new: BTreeSet<usize> = atoms.iter().copied().collect();
    let opened: BTreeSet<usize> = atoms
        .iter()
        .filter(|at| matches!(markup.atoms.get(**at), Some(What::Open(_))))
        .filter_map(|at| markup.owners.get(*at).copied())
        .collect();
    let mut doubts = Vec::new();
    let pictures: Vec<usize> = opened
        .iter()
        .copied()
        .filter(|node| markup.nodes.get(*node).is_some_and(|n| n.tag == "svg"))
        .collect();
    let mut drawn_nodes = BTreeSet::new();
    for svg in pictures {
        let picture = drawn::read(cells, markup, svg, here.as_ref());
        drawn_nodes.extend(picture.inside);
        for (node, doubt) in picture.doubts {
            let of = || new.iter().filter(|at| markup.owners.get(**at) == Some(&node));
            let place = of()
                .find(|at| matches!(markup.atoms.get(**at), Some(What::Attribute(name, _)) if name == "cx"));
            let at = place.or_else(|| of().next());
            doubts.push((at.copied().unwrap_or_default(), doubt));
        }
    }
    for table in opened
        .iter()
        .filter(|node| markup.nodes.get(**node).is_some_and(|n| n.tag == "table"))
    {
        if !in_an_order(cells, markup, *table) {
            let at = new.iter().find(|at| markup.owners.get(**at) == Some(table));
            doubts.push((at.copied().unwrap_or_default(), Doubt::Order));
        }
    }
    for at in &new {
        let owner = markup.owners.get(*at).copied().unwrap_or_default();
        if drawn_nodes.contains(&owner) {
            continue;
        }
        if let Some(doubt) = atom(cells, markup, *at, here.as_ref(), known) {
            doubts.push((*at, doubt));
        }
    }
    doubts
}

fn atom(
    cells: &Cells<'_>,
    markup: &Markup,
    at: usize,
    here: Option<&Place>,
    known: &BTreeSet<String>,
) -> Option<Doubt> {
    let owner = markup.owners.get(at).copied().unwrap_or_default();
    match markup.atoms.get(at)? {
        What::Close(_) => None,
        // Elements that hold nothing could be counted.
        What::Open(tag) => {
            let strange = tag.chars().any(char::is_numeric) && !matches!(tag.as_str(), "h1" | "h2" | "h3");
            let empty = tag != "meta" && markup.words(owner).trim().is_empty();
            (strange || empty).then_some(Doubt::Untraced)
        }
        // A comment is no part of what we publish: nobody needs one.
        What::Comment(_) => Some(Doubt::Untraced),
        What::Attribute(name, value) if TIES.contains(&name.as_str()) => {
            let strange = value
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word.chars().any(char::is_numeric) && !known.contains(word));
            strange.then_some(Doubt::Untraced)
        }
        What::Attribute(name, value) if TOLD.contains(&name.as_str()) => {
            if cells.has_words(value, known) {
                statement::read(cells, value, here).err()
            } else {
                Some(Doubt::Untraced)
            }
        }
        What::Attribute(name, value) => {
            let says_something = !numbers::numbers(value).is_empty() || crate::differ::is_hash(value);
            (says_something || name.chars().any(char::is_numeric)).then_some(Doubt::Untraced)
        }
        // So could blanks, and words that the site does not use could stand for anything.
        What::Text(text) if !cells.has_words(text, known) => Some(Doubt::Untraced),
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

/// A row of a table: its name, and the numbers beside it.
type Line = (String, Vec<Option<i64>>);

/// Whether the rows of a table that names places go by name, or by numbers that it shows with equal ones by name.
fn in_an_order(cells: &Cells<'_>, markup: &Markup, table: usize) -> bool {
    let mut lines: Vec<Line> = Vec::new();
    for row in rows(markup, table).into_iter().skip(1) {
        let Some(name) = row.first().map(|cell| markup.words(*cell).to_lowercase()) else {
            continue;
        };
        if cells.take_place(&mut name.clone()).is_none() {
            return true;
        }
        let value = |cell: &usize| {
            let found = numbers::numbers(&markup.words(*cell));
            found.first().map(|n| (n.value * 10.0).round() as i64)
        };
        lines.push((name, row.iter().skip(1).map(value).collect()));
    }
    let columns = lines.iter().map(|line| line.1.len()).max().unwrap_or(0);
    // Rows without a number stand after all others, by name.
    let by = |column: usize, sign: i64| {
        move |line: &Line| {
            let number = line.1.get(column).copied().flatten();
            (number.is_none(), sign * number.unwrap_or(0))
        }
    };
    sorted(&lines, |_| (false, 0))
        || (0..columns).any(|column| sorted(&lines, by(column, 1)) || sorted(&lines, by(column, -1)))
}

fn sorted(lines: &[Line], key: impl Fn(&Line) -> (bool, i64)) -> bool {
    lines.windows(2).all(|pair| match pair {
        [a, b] => (key(a), &a.0) <= (key(b), &b.0),
        _ => true,
    })
}
