//! Fills sheets with pieces, one under the other.
//!
//! Invariants: no piece is cut; one that stays with the next is on the same sheet, unless both are higher than a sheet; a
//! table that goes on has its heads again.

use super::piece::{Bookmark, Ink, Piece, lower};

/// One sheet: what is drawn on it, measured from the top of its text.
#[derive(Default)]
pub(super) struct Sheet {
    pub(super) ink: Vec<Ink>,
    /// Headings on it, each with how far down it is.
    pub(super) bookmarks: Vec<(Bookmark, f32)>,
    filled: f32,
}

/// Fills sheets of a height.
pub(super) fn fill(pieces: Vec<Piece>, heads: &[Piece], height: f32) -> Vec<Sheet> {
    let mut sheets = vec![Sheet::default()];
    let needed = together(&pieces);
    let mut before = None;
    for (piece, needed) in pieces.into_iter().zip(needed) {
        let filled = sheets.last().map_or(0.0, |sheet| sheet.filled);
        let first = filled == 0.0;
        let full = !first && filled + piece.gap + needed.min(height) > height;
        let again = piece.under.filter(|_| before == piece.under);
        before = piece.under;
        if full || (piece.sheet && !first) {
            sheets.push(Sheet::default());
            let head = again.and_then(|at| heads.get(at)).cloned();
            if let (Some(head), Some(sheet)) = (head, sheets.last_mut()) {
                sheet.put(head);
            }
        }
        if let Some(sheet) = sheets.last_mut() {
            sheet.put(piece);
        }
    }
    sheets
}

/// For each piece, the height of it and of all that must stay with it.
fn together(pieces: &[Piece]) -> Vec<f32> {
    let mut needed = Vec::with_capacity(pieces.len());
    let mut next: Option<(f32, f32)> = None;
    for piece in pieces.iter().rev() {
        let height = match next {
            Some((gap, height)) if piece.keep => piece.height + gap + height,
            _ => piece.height,
        };
        needed.push(height);
        next = Some((piece.gap, height));
    }
    needed.reverse();
    needed
}

impl Sheet {
    fn put(&mut self, piece: Piece) {
        if self.filled > 0.0 {
            self.filled += piece.gap;
        }
        let at = self.filled;
        self.bookmarks
            .extend(piece.bookmark.map(|bookmark| (bookmark, at)));
        self.ink.extend(piece.ink.into_iter().map(|ink| lower(ink, at)));
        self.filled += piece.height;
    }
}

#[cfg(test)]
mod tests {
    use super::super::piece::Area;
    use super::*;

    fn piece(height: f32) -> Piece {
        let area = Area {
            x: 0.0,
            y: 0.0,
            width: 1.0,
            height,
        };
        Piece::of(height, vec![Ink::Fill(area, [0, 0, 0])]).after(2.0)
    }

    fn heights(sheets: &[Sheet]) -> Vec<f32> {
        sheets.iter().map(|sheet| sheet.filled).collect()
    }

    #[test]
    fn a_sheet_is_filled_and_the_next_begins_without_its_gap() {
        let sheets = fill(vec![piece(40.0), piece(40.0), piece(40.0)], &[], 100.0);
        assert_eq!(heights(&sheets), [82.0, 40.0]);
    }

    #[test]
    fn a_heading_goes_over_with_what_it_stands_above() {
        let mut heading = piece(10.0);
        heading.keep = true;
        let sheets = fill(vec![piece(60.0), heading, piece(40.0)], &[], 100.0);
        assert_eq!(heights(&sheets), [60.0, 52.0]);
    }

    #[test]
    fn a_table_that_goes_on_has_its_heads_again() {
        let mut head = piece(10.0);
        head.keep = true;
        let mut row = piece(45.0);
        row.under = Some(0);
        let sheets = fill(vec![head.clone(), row.clone(), row], &[head], 100.0);
        assert_eq!(heights(&sheets), [57.0, 57.0]);
    }

    #[test]
    fn what_is_higher_than_a_sheet_has_one_of_its_own() {
        let sheets = fill(vec![piece(10.0), piece(300.0), piece(10.0)], &[], 100.0);
        assert_eq!(heights(&sheets), [10.0, 300.0, 10.0]);
    }
}
