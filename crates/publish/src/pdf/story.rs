//! What stands on the sheets: a page's headings, paragraphs, lists, tables and pictures, without how a screen shows them.
//!
//! Invariant: every word comes from the page. What is left out has no meaning on paper: ways to other pages beside the text,
//! files to download, and what the page itself keeps from print or from those who listen.

use crate::markup::{Element, Node};
use crate::page::Paper;

/// A colour of the site, as red, green and blue.
pub(super) type Colour = [u8; 3];

pub(super) const INK: Colour = [0x1a, 0x23, 0x2d];
pub(super) const SOFT: Colour = [0x4b, 0x56, 0x63];
pub(super) const LINE: Colour = [0xd9, 0xd4, 0xc9];
pub(super) const TEAL: Colour = [0x11, 0x54, 0x50];
pub(super) const PLUM: Colour = [0x86, 0x30, 0x5a];
pub(super) const PLUM_PALE: Colour = [0xf4, 0xe4, 0xec];
pub(super) const BAND: Colour = [0xf3, 0xf0, 0xe9];
pub(super) const GREY: Colour = [0x5f, 0x69, 0x75];

/// How words look. Sizes are in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) colour: Colour,
}

impl Style {
    pub(super) const BODY: Self = Self::plain(9.5);
    pub(super) const CELL: Self = Self::plain(8.6);
    pub(super) const NOTE: Self = Self {
        size: 8.2,
        bold: false,
        colour: SOFT,
    };

    const fn plain(size: f32) -> Self {
        Self {
            size,
            bold: false,
            colour: INK,
        }
    }

    pub(super) const fn heading(level: u16) -> Self {
        Self {
            bold: true,
            ..Self::plain(match level {
                1 => 19.0,
                2 => 12.5,
                _ => 10.5,
            })
        }
    }

    fn times(self, scale: f32) -> Self {
        Self {
            size: self.size * scale,
            ..self
        }
    }
}

/// Words in one style; `link` is where they lead.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) style: Style,
    pub(super) link: Option<String>,
}

/// The same words at another size.
pub(super) fn scaled(runs: &[Run], scale: f32) -> Vec<Run> {
    let one = |run: &Run| Run {
        style: run.style.times(scale),
        ..run.clone()
    };
    runs.iter().map(one).collect()
}

/// What stands before an item of a list.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Label {
    None,
    Bullet,
    Number(usize),
    /// What a part of a chart is, by the class of its swatch.
    Swatch(String),
    /// A box to tick.
    Box,
}

/// A picture and what is said of it to those who do not see it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picture {
    pub(super) svg: String,
    pub(super) about: String,
    /// What kind of drawing it is, by the class of its figure.
    pub(super) kind: PictureKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PictureKind {
    /// A bar as wide as the column.
    Bar,
    /// Bars over years.
    Years,
    Map,
}

/// A term, the drawing before it, and what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) sign: Option<String>,
    pub(super) term: Vec<Run>,
    pub(super) about: Vec<Run>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) heads: bool,
    pub(super) runs: Vec<Run>,
}

/// A table with its caption.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    pub(super) caption: Vec<Run>,
    pub(super) head: Vec<Cell>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// One thing after another down a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    /// What follows begins a sheet of its own.
    Sheet,
    Heading {
        level: u16,
        runs: Vec<Run>,
    },
    Paragraph(Vec<Run>),
    List {
        items: Vec<(Label, Vec<Run>)>,
    },
    Terms(Vec<Term>),
    Table(Table),
    Picture(Picture),
    /// Side by side; in boxes or not.
    Columns {
        columns: Vec<Vec<Block>>,
        boxed: bool,
    },
    /// A drawing of no meaning of its own before what it belongs to.
    Signed {
        sign: String,
        blocks: Vec<Block>,
    },
    /// A line to write on, after its words.
    Write(Vec<Run>),
}

/// The story of a page's main part. Its sheets begin on paper of their own only where their number is fixed.
pub(super) fn story(main: &Element<'_>, paper: Paper) -> Vec<Block> {
    let mut blocks = Vec::new();
    inside(main, &mut blocks);
    if paper == Paper::Open {
        blocks.retain(|block| *block != Block::Sheet);
    }
    level(&mut blocks, &mut Vec::new());
    blocks
}

/// Headings lie one level below the one they stand under, and no more: those of one level on the page stay on one level.
fn level(blocks: &mut [Block], above: &mut Vec<(u16, u16)>) {
    for block in blocks {
        match block {
            Block::Heading { level, runs } => {
                while above.last().is_some_and(|(on_page, _)| on_page >= level) {
                    above.pop();
                }
                let fits = above.last().map_or(1, |(_, set)| set + 1);
                above.push((*level, fits));
                if fits < *level {
                    *runs = restyled(runs, Style::heading(fits));
                }
                *level = fits;
            }
            Block::Columns { columns, .. } => {
                for column in columns {
                    self::level(column, above);
                }
            }
            Block::Signed { blocks, .. } => self::level(blocks, above),
            _ => {}
        }
    }
}

fn restyled(runs: &[Run], style: Style) -> Vec<Run> {
    let one = |run: &Run| Run { style, ..run.clone() };
    runs.iter().map(one).collect()
}

fn left_out(element: &Element<'_>) -> bool {
    const CLASSES: [&str; 4] = ["downloads", "screen-only", "visually-hidden", "crumbs"];
    CLASSES.iter().any(|class| element.has_class(class))
        || element.name == "nav"
        || element.attribute("aria-hidden") == Some("true")
}

fn inside(element: &Element<'_>, blocks: &mut Vec<Block>) {
    for one in element.elements() {
        block(one, blocks);
    }
}

fn block(element: &Element<'_>, blocks: &mut Vec<Block>) {
    if left_out(element) {
        return;
    }
    match element.name {
        "h1" | "h2" | "h3" => {
            let level = match element.name {
                "h1" => 1,
                "h2" => 2,
                _ => 3,
            };
            let runs = runs(element, Style::heading(level));
            blocks.push(Block::Heading { level, runs });
        }
        "p" => blocks.push(Block::Paragraph(runs(element, paragraph(element)))),
        "ul" | "ol" => list(element, blocks),
        "dl" => blocks.push(Block::Terms(terms(element))),
        "table" => blocks.push(Block::Table(table(element))),
        "figure" => figure(element, blocks),
        "svg" => blocks.extend(picture(element, String::new(), PictureKind::Map).map(Block::Picture)),
        "div" if element.has_class("state-card") => signed(element, blocks),
        "div" if sides(element) => {
            let columns = element.elements().map(|one| {
                let mut column = Vec::new();
                match one.name {
                    "div" => inside(one, &mut column),
                    _ => block(one, &mut column),
                }
                column
            });
            let boxed = element.has_class("cards");
            let columns = columns.filter(|column| !column.is_empty()).collect();
            blocks.push(Block::Columns { columns, boxed });
        }
        _ => {
            if element.has_class("sheet") && !blocks.is_empty() {
                blocks.push(Block::Sheet);
            }
            inside(element, blocks);
        }
    }
}

fn sides(element: &Element<'_>) -> bool {
    ["columns", "panels", "cards"]
        .iter()
        .any(|class| element.has_class(class))
}

fn paragraph(element: &Element<'_>) -> Style {
    if element.has_class("kicker") {
        Style {
            bold: true,
            ..Style::NOTE
        }
    } else if element.has_class("reading") || element.has_class("under") {
        Style::NOTE
    } else if element.has_class("state-words") {
        Style::heading(2)
    } else if element.has_class("answer") {
        Style::plain(12.0)
    } else if element.has_class("figure") {
        Style::plain(18.0)
    } else {
        Style::BODY
    }
}

fn list(element: &Element<'_>, blocks: &mut Vec<Block>) {
    let start = element
        .attribute("start")
        .and_then(|start| start.parse().ok())
        .unwrap_or(1_usize);
    let style = if element.has_class("key") {
        Style::CELL
    } else {
        Style::BODY
    };
    let mut items = Vec::new();
    for (at, item) in element.elements().filter(|one| one.name == "li").enumerate() {
        let swatch = item.elements().find(|one| one.has_class("swatch"));
        let has = |class: &str| item.elements().any(|one| one.has_class(class));
        let label = match swatch {
            Some(swatch) => Label::Swatch(swatch.attribute("class").unwrap_or_default().to_owned()),
            None if has("box") => Label::Box,
            None if has("line") => {
                blocks.push(Block::Write(runs(item, style)));
                continue;
            }
            None if element.has_class("key") => Label::None,
            None if element.name == "ol" => Label::Number(start + at),
            None => Label::Bullet,
        };
        items.push((label, runs(item, style)));
    }
    if !items.is_empty() {
        blocks.push(Block::List { items });
    }
}

fn terms(element: &Element<'_>) -> Vec<Term> {
    let groups = element.elements().filter(|one| one.name == "div");
    let small = element.has_class("source") || element.has_class("reasons");
    let style = if small { Style::NOTE } else { Style::CELL };
    groups
        .map(|group| {
            let of = |name: &str, style| group.find(name).map(|one| runs(one, style)).unwrap_or_default();
            Term {
                sign: group.find("dt").and_then(|dt| dt.find("svg")).map(drawn),
                term: of("dt", Style { bold: true, ..style }),
                about: of("dd", style),
            }
        })
        .collect()
}

fn table(element: &Element<'_>) -> Table {
    let row = |row: &Element<'_>| -> Vec<Cell> {
        let cells = row.elements().filter(|one| matches!(one.name, "th" | "td"));
        cells
            .map(|cell| {
                let heads = cell.name == "th";
                let style = Style {
                    bold: heads && cell.attribute("scope") == Some("col"),
                    ..Style::CELL
                };
                Cell {
                    heads,
                    runs: runs(cell, style),
                }
            })
            .collect()
    };
    let rows = |name: &str| -> Vec<Vec<Cell>> {
        element
            .find(name)
            .map(|part| part.elements().map(row).collect())
            .unwrap_or_default()
    };
    let caption = Style {
        bold: true,
        ..Style::BODY
    };
    Table {
        caption: element
            .find("caption")
            .map(|one| runs(one, caption))
            .unwrap_or_default(),
        head: rows("thead").into_iter().next().unwrap_or_default(),
        rows: rows("tbody"),
    }
}

/// A figure: what it finds, the drawing, and what its parts are.
fn figure(element: &Element<'_>, blocks: &mut Vec<Block>) {
    let caption = element.find("figcaption");
    let kind = if element.has_class("share") {
        PictureKind::Bar
    } else {
        PictureKind::Years
    };
    let words = caption.map(Element::words).unwrap_or_default();
    blocks.extend(caption.map(|one| Block::Paragraph(runs(one, Style::BODY))));
    let svg = element.elements().find(|one| one.name == "svg");
    blocks.extend(svg.and_then(|svg| picture(svg, words, kind)).map(Block::Picture));
    for key in element.elements().filter(|one| one.name == "ul") {
        list(key, blocks);
    }
}

fn picture(svg: &Element<'_>, caption: String, kind: PictureKind) -> Option<Picture> {
    let told = ["title", "desc"].into_iter().filter_map(|name| svg.find(name));
    let mut about = caption;
    for words in told.map(Element::words) {
        if !about.is_empty() {
            about.push_str(". ");
        }
        about.push_str(&words);
    }
    (!about.is_empty()).then(|| Picture {
        svg: drawn(svg),
        about,
        kind,
    })
}

/// A drawing on its own: with the name of its language, which a page need not say.
fn drawn(svg: &Element<'_>) -> String {
    svg.written
        .replacen("<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"", 1)
}

fn signed(element: &Element<'_>, blocks: &mut Vec<Block>) {
    let mut words = Vec::new();
    for one in element.elements().filter(|one| one.name == "div") {
        inside(one, &mut words);
    }
    match element.elements().find(|one| one.name == "svg") {
        Some(svg) => blocks.push(Block::Signed {
            sign: drawn(svg),
            blocks: words,
        }),
        None => blocks.extend(words),
    }
}

/// The words of an element in runs: blanks drawn together, and none at either end of a line.
pub(super) fn runs(element: &Element<'_>, style: Style) -> Vec<Run> {
    let mut runs = Vec::new();
    collect(element, style, None, &mut runs);
    if let Some(last) = runs.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    runs.retain(|run| !run.text.is_empty());
    runs
}

fn collect(element: &Element<'_>, style: Style, link: Option<&str>, runs: &mut Vec<Run>) {
    for node in &element.children {
        match node {
            Node::Text(text) => push(text, style, link, runs),
            Node::Element(one) if left_out(one) || one.name == "svg" => {}
            Node::Element(one) => {
                let style = inline(one, style);
                let target = one.attribute("href").filter(|target| !target.starts_with('#'));
                if (one.has_class("under") || one.name == "br") && !runs.is_empty() {
                    push_sign('\n', style, runs);
                } else if one.has_class("count") {
                    push(": ", style, link, runs);
                } else if one.name == "span" && one.attribute("class").is_none() && !runs.is_empty() {
                    push(" ", style, link, runs);
                }
                collect(one, style, target.or(link), runs);
            }
        }
    }
}

fn inline(element: &Element<'_>, style: Style) -> Style {
    if element.has_class("number") {
        return Style {
            bold: true,
            ..Style::plain(34.0)
        };
    }
    if element.has_class("under") {
        return Style {
            size: style.size * 0.91,
            bold: false,
            colour: SOFT,
        };
    }
    if element.has_class("empty") || element.has_class("mark") {
        return Style {
            bold: false,
            colour: SOFT,
            ..style
        };
    }
    match element.name {
        "strong" => Style { bold: true, ..style },
        "a" => Style {
            colour: TEAL,
            ..style
        },
        _ => style,
    }
}

fn push_sign(sign: char, style: Style, runs: &mut Vec<Run>) {
    if let Some(last) = runs.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    runs.push(Run {
        text: sign.to_string(),
        style,
        link: None,
    });
}

fn push(text: &str, style: Style, link: Option<&str>, runs: &mut Vec<Run>) {
    let mut clean = String::with_capacity(text.len());
    let before = runs.last().and_then(|run| run.text.chars().next_back());
    let mut blank = before.is_none_or(char::is_whitespace);
    for sign in text.chars() {
        let is_blank = matches!(sign, ' ' | '\n' | '\t' | '\r');
        if !is_blank {
            clean.push(sign);
        } else if !blank {
            clean.push(' ');
        }
        blank = is_blank;
    }
    if !clean.is_empty() {
        runs.push(Run {
            text: clean,
            style,
            link: link.map(str::to_owned),
        });
    }
}
