//! Pieces: what is set as wide as its column and moved down the sheets as a whole.

use std::sync::Arc;

use resvg::usvg::Tree;

use super::face::Set;
use super::story::Colour;
use super::structure::Mark;

/// A rectangle in points, from the left edge of the sheet and from the top of its piece.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// What is drawn. Without a mark it has no meaning for those who listen.
#[derive(Clone)]
pub(super) enum Ink {
    Words {
        x: f32,
        baseline: f32,
        set: Set,
        mark: Option<Mark>,
    },
    Fill(Area, Colour),
    Edge(Area, Colour),
    Picture {
        area: Area,
        tree: Arc<Tree>,
        mark: Option<Mark>,
    },
    Link {
        area: Area,
        target: String,
        words: String,
        mark: Mark,
    },
}

/// A heading for the list of bookmarks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bookmark {
    pub(super) level: u16,
    pub(super) words: String,
}

/// Something that is never cut in two.
#[derive(Clone, Default)]
pub(super) struct Piece {
    /// Room above, unless it is first on a sheet.
    pub(super) gap: f32,
    pub(super) height: f32,
    /// Whether it stays on one sheet with what follows.
    pub(super) keep: bool,
    /// Whether it begins a sheet.
    pub(super) sheet: bool,
    pub(super) bookmark: Option<Bookmark>,
    /// The heads of the table it is a row of, by number.
    pub(super) under: Option<usize>,
    pub(super) ink: Vec<Ink>,
}

impl Piece {
    pub(super) fn of(height: f32, ink: Vec<Ink>) -> Self {
        Self {
            height,
            ink,
            ..Self::default()
        }
    }

    pub(super) fn after(mut self, gap: f32) -> Self {
        self.gap = gap;
        self
    }
}

/// Ink moved down.
pub(super) fn lower(ink: Ink, by: f32) -> Ink {
    let area = |area: Area| Area {
        y: area.y + by,
        ..area
    };
    match ink {
        Ink::Words {
            x,
            baseline,
            set,
            mark,
        } => Ink::Words {
            x,
            baseline: baseline + by,
            set,
            mark,
        },
        Ink::Fill(at, colour) => Ink::Fill(area(at), colour),
        Ink::Edge(at, colour) => Ink::Edge(area(at), colour),
        Ink::Picture { area: at, tree, mark } => Ink::Picture {
            area: area(at),
            tree,
            mark,
        },
        Ink::Link {
            area: at,
            target,
            words,
            mark,
        } => Ink::Link {
            area: area(at),
            target,
            words,
            mark,
        },
    }
}

/// One under the other as a single piece.
pub(super) fn stacked(pieces: Vec<Piece>) -> Piece {
    let mut whole = Piece::default();
    for piece in pieces {
        if whole.height > 0.0 {
            whole.height += piece.gap;
        } else {
            whole.gap = piece.gap;
        }
        let by = whole.height;
        whole.ink.extend(piece.ink.into_iter().map(|ink| lower(ink, by)));
        whole.bookmark = whole.bookmark.or(piece.bookmark);
        whole.height += piece.height;
    }
    whole
}
