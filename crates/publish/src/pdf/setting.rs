//! Sets the blocks of a story as [pieces](super::piece), each as wide as its column.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use resvg::usvg::{Options, Tree};

use super::face::{DRAWN, Faces, Line};
use super::piece::{Area, Bookmark, Ink, Piece, stacked};
use super::story::{
    self, BAND, Block, Colour, GREY, INK, LINE, Label, PLUM, PLUM_PALE, Picture, PictureKind, Run, SOFT,
    TEAL, Term,
};
use super::structure::{Kind, Place, Structure};

/// The style inside charts, and the colour that signs take.
const STYLE: &str = concat!(
    "<style>",
    include_str!("../../../../web/charts/standalone.css"),
    "</style>"
);
/// The height of a line over the size of its words.
const LEADING: f32 = 1.36;
/// From the top of a line to where its words stand, over their size.
const ASCENT: f32 = 1.03;

/// A column: where it begins, and how wide it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) x: f32,
    pub(super) width: f32,
}

/// Sets one document at one scale.
pub(super) struct Setter<'f> {
    pub(super) faces: &'f Faces,
    /// Drawings that were read already, by how they are written: the same at every scale.
    pub(super) drawings: &'f Drawings,
    /// All sizes are multiplied by it.
    pub(super) scale: f32,
    pub(super) structure: Structure,
    /// The heads of tables, for the sheets on which a table goes on.
    pub(super) heads: Vec<Piece>,
}

impl Setter<'_> {
    /// The pieces of some blocks, in order.
    pub(super) fn blocks(&mut self, blocks: &[Block], frame: Frame, parent: Place) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut sheet = false;
        for block in blocks {
            if *block == Block::Sheet {
                sheet = true;
                continue;
            }
            let mut set = self.block(block, frame, parent);
            if let Some(first) = set.first_mut().filter(|_| sheet) {
                first.sheet = true;
                sheet = false;
            }
            pieces.extend(set);
        }
        pieces
    }

    fn block(&mut self, block: &Block, frame: Frame, parent: Place) -> Vec<Piece> {
        match block {
            Block::Sheet => Vec::new(),
            Block::Heading { level, runs } => self.heading(*level, runs, frame, parent),
            Block::Paragraph(runs) => {
                let place = self.structure.element(parent, Kind::Paragraph);
                self.paragraph(runs, frame, place, 4.5)
            }
            Block::List { items } => self.list(items, frame, parent),
            Block::Terms(terms) => self.terms(terms, frame, parent),
            Block::Table(table) => self.table(table, frame, parent),
            Block::Picture(picture) => self.picture(picture, frame, parent),
            Block::Columns { columns, boxed } => self.columns(columns, *boxed, frame, parent),
            Block::Signed { sign, blocks } => self.signed(sign, blocks, frame, parent),
            Block::Write(runs) => self.write(runs, frame, parent),
        }
    }

    fn heading(&mut self, level: u16, runs: &[Run], frame: Frame, parent: Place) -> Vec<Piece> {
        let words: String = runs.iter().map(|run| run.text.as_str()).collect();
        let kind = Kind::Heading {
            level,
            words: words.clone(),
        };
        let place = self.structure.element(parent, kind);
        let mut pieces = self.paragraph(runs, frame, place, if level == 1 { 4.0 } else { 11.0 });
        for piece in &mut pieces {
            piece.keep = true;
        }
        if let Some(first) = pieces.first_mut() {
            first.bookmark = Some(Bookmark { level, words });
        }
        pieces
    }

    /// Lines, of which the first two and the last two stay together.
    fn paragraph(&mut self, runs: &[Run], frame: Frame, place: Place, gap: f32) -> Vec<Piece> {
        let lines = self.faces.lines(&story::scaled(runs, self.scale), frame.width);
        let last = lines.len().saturating_sub(1);
        let mut pieces = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let mut piece = self.line(line, frame.x, place);
            piece.keep = at < last && (at == 0 || at + 1 == last);
            pieces.push(piece.after(if at == 0 { gap * self.scale } else { 0.0 }));
        }
        pieces
    }

    /// One line whose words belong to an element; those that lead somewhere to a link in it.
    pub(super) fn line(&mut self, line: &Line, x: f32, place: Place) -> Piece {
        let mut ink = Vec::new();
        let height = line.size * LEADING;
        let mut own = None;
        for set in &line.parts {
            let mark = if let Some(target) = &set.link {
                let link = self.structure.element(place, Kind::Link);
                ink.push(Ink::Link {
                    area: Area {
                        x: x + set.x,
                        y: 0.0,
                        width: set.width,
                        height,
                    },
                    target: target.clone(),
                    words: set.text.trim().to_owned(),
                    mark: self.structure.mark(link),
                });
                own = None;
                self.structure.mark(link)
            } else {
                *own.get_or_insert_with(|| self.structure.mark(place))
            };
            ink.push(Ink::Words {
                x: x + set.x,
                baseline: line.size * ASCENT,
                set: set.clone(),
                mark: Some(mark),
            });
        }
        Piece::of(height, ink)
    }

    /// Lines as one piece that is not cut.
    pub(super) fn whole(&mut self, runs: &[Run], frame: Frame, place: Place) -> Piece {
        let lines = self.faces.lines(runs, frame.width);
        stacked(lines.iter().map(|line| self.line(line, frame.x, place)).collect())
    }

    fn list(&mut self, items: &[(Label, Vec<Run>)], frame: Frame, parent: Place) -> Vec<Piece> {
        let numbered = items.iter().any(|(label, _)| matches!(label, Label::Number(_)));
        let list = self.structure.element(parent, Kind::List { numbered });
        let indent = 15.0 * self.scale;
        let mut pieces = Vec::new();
        for (label, runs) in items {
            let item = self.structure.element(list, Kind::Item);
            let size = runs.first().map_or(9.5, |run| run.style.size) * self.scale;
            let mut ink = self.label(label, size, frame.x, item);
            let body = self.structure.element(item, Kind::Body);
            let inner = Frame {
                x: frame.x + if *label == Label::None { 0.0 } else { indent },
                width: frame.width - indent,
            };
            let mut piece = self.whole(&story::scaled(runs, self.scale), inner, body);
            ink.append(&mut piece.ink);
            piece.ink = ink;
            pieces.push(piece.after(2.0 * self.scale));
        }
        pieces
    }

    fn label(&mut self, label: &Label, size: f32, x: f32, item: Place) -> Vec<Ink> {
        let words = match label {
            Label::None => return Vec::new(),
            Label::Swatch(class) => return swatch(class, size, x),
            Label::Box => {
                let area = Area {
                    x,
                    y: size * 0.3,
                    width: size * 0.85,
                    height: size * 0.85,
                };
                return vec![Ink::Edge(area, INK)];
            }
            Label::Bullet => "•".to_owned(),
            Label::Number(number) => format!("{number}."),
        };
        let place = self.structure.element(item, Kind::Label);
        let style = story::Style {
            size,
            bold: false,
            colour: SOFT,
        };
        let run = Run {
            text: words,
            style,
            link: None,
        };
        let frame = Frame { x, width: 40.0 };
        self.whole(&[run], frame, place).ink
    }

    fn terms(&mut self, terms: &[Term], frame: Frame, parent: Place) -> Vec<Piece> {
        let list = self.structure.element(parent, Kind::List { numbered: false });
        let mut pieces = Vec::new();
        let signed = terms.iter().any(|term| term.sign.is_some());
        let first = if signed { 0.0 } else { 62.0 * self.scale };
        for term in terms {
            let item = self.structure.element(list, Kind::Item);
            let label = self.structure.element(item, Kind::Label);
            let body = self.structure.element(item, Kind::Body);
            let (name, about) = (
                story::scaled(&term.term, self.scale),
                story::scaled(&term.about, self.scale),
            );
            let gap = if signed { 3.0 } else { 1.0 } * self.scale;
            let piece = match &term.sign {
                Some(sign) => {
                    let size = 12.0 * self.scale;
                    let inner = Frame {
                        x: frame.x + size * 1.5,
                        width: frame.width - size * 1.5,
                    };
                    let name = self.whole(&name, inner, label);
                    let about = self.whole(&about, inner, body);
                    let mut both = stacked(vec![name, about]);
                    both.ink.extend(self.sign(sign, frame.x, size));
                    both
                }
                None => {
                    let name = self.whole(
                        &name,
                        Frame {
                            width: first,
                            ..frame
                        },
                        label,
                    );
                    let inner = Frame {
                        x: frame.x + first,
                        width: frame.width - first,
                    };
                    let about = self.whole(&about, inner, body);
                    beside(vec![name, about])
                }
            };
            pieces.push(piece.after(gap));
        }
        if let Some(first) = pieces.first_mut() {
            first.gap = 6.0 * self.scale;
        }
        pieces
    }

    /// A drawing that repeats what the words beside it say.
    fn sign(&self, svg: &str, x: f32, size: f32) -> Option<Ink> {
        let tree = self.drawings.read(svg, self.faces)?;
        let area = Area {
            x,
            y: 0.0,
            width: size,
            height: size,
        };
        Some(Ink::Picture {
            area,
            tree,
            mark: None,
        })
    }

    fn picture(&mut self, picture: &Picture, frame: Frame, parent: Place) -> Vec<Piece> {
        let Some(tree) = self.drawings.read(&picture.svg, self.faces) else {
            return Vec::new();
        };
        let about = picture.about.clone();
        let place = self.structure.element(parent, Kind::Figure { about });
        let size = tree.size();
        let natural = frame.width * size.height() / size.width();
        let (width, height) = match picture.kind {
            PictureKind::Bar => (frame.width, 22.0 * self.scale),
            PictureKind::Years => (frame.width, natural),
            PictureKind::Map => {
                let height = natural.min(290.0 * self.scale);
                (height * size.width() / size.height(), height)
            }
        };
        let area = Area {
            x: frame.x,
            y: 0.0,
            width,
            height,
        };
        let mark = Some(self.structure.mark(place));
        vec![Piece::of(height, vec![Ink::Picture { area, tree, mark }]).after(3.0 * self.scale)]
    }

    fn columns(&mut self, columns: &[Vec<Block>], boxed: bool, frame: Frame, parent: Place) -> Vec<Piece> {
        let gap = 16.0 * self.scale;
        let inset = if boxed { 7.0 * self.scale } else { 0.0 };
        let count = columns.len().max(1) as f32;
        let width = (frame.width - gap * (count - 1.0)) / count;
        let outer = |at: usize| Frame {
            x: frame.x + (width + gap) * at as f32,
            width,
        };
        let mut set = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let inner = Frame {
                x: outer(at).x + inset,
                width: width - 2.0 * inset,
            };
            set.push(self.blocks(column, inner, parent));
        }
        let is_drawn = |column: &Vec<Block>| matches!(column.last(), Some(Block::Picture(_)));
        if columns.iter().all(is_drawn) {
            on_one_line(&mut set);
        }
        let pieces: Vec<Piece> = set.into_iter().map(stacked).collect();
        let gap = pieces.iter().map(|piece| piece.gap).fold(0.0, f32::max);
        let mut whole = beside(pieces);
        if boxed {
            whole.ink = whole
                .ink
                .into_iter()
                .map(|ink| super::piece::lower(ink, inset))
                .collect();
            whole.height += 2.0 * inset;
            for at in 0..columns.len() {
                let area = Area {
                    x: outer(at).x,
                    y: 0.0,
                    width,
                    height: whole.height,
                };
                whole.ink.push(Ink::Edge(area, LINE));
            }
        }
        vec![whole.after(gap.max(4.0 * self.scale))]
    }

    fn signed(&mut self, sign: &str, blocks: &[Block], frame: Frame, parent: Place) -> Vec<Piece> {
        let (size, inset) = (24.0 * self.scale, 9.0 * self.scale);
        let left = inset + size + 10.0 * self.scale;
        let inner = Frame {
            x: frame.x + left,
            width: frame.width - left - inset,
        };
        let words = stacked(self.blocks(blocks, inner, parent));
        let height = words.height.max(size) + 2.0 * inset;
        let mut ink = vec![Ink::Edge(
            Area {
                x: frame.x,
                y: 0.0,
                width: frame.width,
                height,
            },
            LINE,
        )];
        let lowered = |ink: Ink| super::piece::lower(ink, inset);
        ink.extend(self.sign(sign, frame.x + inset, size).map(lowered));
        ink.extend(words.ink.into_iter().map(lowered));
        vec![Piece::of(height, ink).after(6.0 * self.scale)]
    }

    /// Words, and a line to write on.
    fn write(&mut self, runs: &[Run], frame: Frame, parent: Place) -> Vec<Piece> {
        let place = self.structure.element(parent, Kind::Paragraph);
        let mut piece = self.whole(&story::scaled(runs, self.scale), frame, place);
        piece.height += 17.0 * self.scale;
        let area = Area {
            x: frame.x,
            y: piece.height - 1.0,
            width: frame.width,
            height: 0.6,
        };
        piece.ink.push(Ink::Fill(area, SOFT));
        vec![piece.after(4.0 * self.scale)]
    }
}

/// Drawings that end their columns stand on one line, however long the words above them are.
fn on_one_line(columns: &mut [Vec<Piece>]) {
    let height = |column: &[Piece]| -> f32 {
        let gaps: f32 = column.iter().skip(1).map(|piece| piece.gap).sum();
        column.iter().map(|piece| piece.height).sum::<f32>() + gaps
    };
    let most = columns.iter().map(|column| height(column)).fold(0.0, f32::max);
    for column in columns.iter_mut().filter(|column| column.len() > 1) {
        let lacks = most - height(column);
        if let Some(drawing) = column.last_mut() {
            drawing.gap += lacks;
        }
    }
}

/// Side by side, as high as the highest.
pub(super) fn beside(pieces: Vec<Piece>) -> Piece {
    let mut whole = Piece::default();
    for piece in pieces {
        whole.height = whole.height.max(piece.height);
        whole.bookmark = whole.bookmark.or(piece.bookmark);
        whole.ink.extend(piece.ink);
    }
    whole
}

fn swatch(class: &str, size: f32, x: f32) -> Vec<Ink> {
    let area = Area {
        x,
        y: size * 0.3,
        width: size,
        height: size * 0.85,
    };
    if class.contains("range") {
        // As over a bar: a line, and the estimate on it.
        let line = Area {
            x: x + size * 0.46,
            width: size * 0.1,
            ..area
        };
        let estimate = Area {
            x: x + size * 0.31,
            y: size * 0.53,
            width: size * 0.4,
            height: size * 0.4,
        };
        return vec![Ink::Fill(line, INK), Ink::Fill(estimate, INK)];
    }
    let (fill, edge) = colours(class);
    vec![Ink::Fill(area, fill), Ink::Edge(area, edge)]
}

/// What a part of a bar is filled with and edged with, as in its chart.
fn colours(class: &str) -> (Colour, Colour) {
    if class.contains("recorded") {
        (TEAL, TEAL)
    } else if class.contains("unsplit") {
        (BAND, GREY)
    } else {
        (PLUM_PALE, PLUM)
    }
}

/// Drawings that were read.
#[derive(Default)]
pub(super) struct Drawings(RefCell<BTreeMap<String, Option<Arc<Tree>>>>);

impl Drawings {
    fn read(&self, svg: &str, faces: &Faces) -> Option<Arc<Tree>> {
        if let Some(known) = self.0.borrow().get(svg) {
            return known.clone();
        }
        let tree = drawing(svg, faces);
        self.0.borrow_mut().insert(svg.to_owned(), tree.clone());
        tree
    }
}

/// A drawing of ours, read with its style; none where it cannot be read.
fn drawing(svg: &str, faces: &Faces) -> Option<Arc<Tree>> {
    let start = svg.find('>')? + 1;
    let (tag, rest) = svg.split_at_checked(start)?;
    let svg = faces.shown(&format!("{tag}{STYLE}{rest}"));
    let options = Options {
        fontdb: DRAWN.clone(),
        font_family: "Inter".to_owned(),
        ..Options::default()
    };
    Tree::from_str(&svg, &options).ok().map(Arc::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_below_titles_of_any_length_stand_on_one_line() {
        let title = |lines: usize| -> Vec<Piece> {
            let line = || Piece::of(12.0, Vec::new()).after(2.0);
            let drawing = Piece::of(80.0, Vec::new()).after(3.0);
            std::iter::repeat_with(line)
                .take(lines)
                .chain([drawing])
                .collect()
        };
        let mut columns = [title(2), title(3), title(1)];
        on_one_line(&mut columns);
        let heights = columns.map(|column| stacked(column).height);
        assert_eq!(heights, [3.0 * 12.0 + 2.0 * 2.0 + 3.0 + 80.0; 3]);
    }

    #[test]
    fn a_key_has_the_colours_of_the_bars() {
        let hex = |[red, green, blue]: Colour| format!("#{red:02x}{green:02x}{blue:02x}");
        for part in ["rest", "unsplit"] {
            let (fill, edge) = colours(&format!("swatch {part}"));
            let drawn = format!(".{part}{{fill:{};stroke:{};", hex(fill), hex(edge));
            assert!(STYLE.contains(&drawn), "{drawn}");
        }
        let (fill, _) = colours("swatch recorded");
        assert!(STYLE.contains(&format!(".recorded{{fill:{}}}", hex(fill))));
    }
}
