//! Tables: as wide as they need to be, a row never cut, their heads again on each sheet.

use super::face::Faces;
use super::piece::{Area, Ink, Piece};
use super::setting::{Frame, Setter, beside};
use super::story::{self, Cell, INK, LINE, Table};
use super::structure::{Kind, Place};

/// Room between the words of two columns, and above and below those of a row.
const BETWEEN: f32 = 10.0;
const ABOVE: f32 = 1.6;

impl Setter<'_> {
    pub(super) fn table(&mut self, table: &Table, frame: Frame, parent: Place) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let about: String = table.caption.iter().map(|run| run.text.as_str()).collect();
        if !table.caption.is_empty() {
            let place = self.structure.element(parent, Kind::Paragraph);
            let runs = story::scaled(&table.caption, self.scale);
            let mut caption = self.whole(&runs, frame, place).after(8.0 * self.scale);
            caption.keep = true;
            pieces.push(caption);
        }
        let frames = self.columns_of(table, frame);
        let place = self.structure.element(parent, Kind::Table { about });
        let head = self.structure.element(place, Kind::Head);
        let mut first = self.row(&table.head, &frames, head, INK);
        first.keep = true;
        self.heads.push(without_meaning(&first));
        let under = Some(self.heads.len() - 1);
        pieces.push(first.after(2.0 * self.scale));
        let body = self.structure.element(place, Kind::Rows);
        for row in &table.rows {
            let mut piece = self.row(row, &frames, body, LINE);
            piece.under = under;
            pieces.push(piece);
        }
        pieces
    }

    fn row(&mut self, cells: &[Cell], frames: &[Frame], part: Place, rule: story::Colour) -> Piece {
        let row = self.structure.element(part, Kind::Row);
        let in_head = rule == INK;
        let mut set = Vec::new();
        for (cell, frame) in cells.iter().zip(frames) {
            let kind = match (cell.heads, in_head) {
                (true, true) => Kind::HeadOfColumn,
                (true, false) => Kind::HeadOfRow,
                _ => Kind::Cell,
            };
            let place = self.structure.element(row, kind);
            set.push(self.whole(&story::scaled(&cell.runs, self.scale), *frame, place));
        }
        let room = ABOVE * self.scale;
        let mut piece = beside(set);
        piece.ink = piece
            .ink
            .into_iter()
            .map(|ink| super::piece::lower(ink, room))
            .collect();
        piece.height += 2.0 * room;
        if let (Some(first), Some(last)) = (frames.first(), frames.last()) {
            let area = Area {
                x: first.x,
                y: piece.height - 0.5,
                width: last.x + last.width - first.x,
                height: if in_head { 0.9 } else { 0.5 },
            };
            piece.ink.push(Ink::Fill(area, rule));
        }
        piece
    }

    /// Each column gets what its longest word needs, and of the rest a share by how much more its cells could use.
    fn columns_of(&self, table: &Table, frame: Frame) -> Vec<Frame> {
        let count = table.head.len().max(1);
        let between = BETWEEN * self.scale;
        let mut needs = vec![(0.0_f32, 0.0_f32); count];
        for row in std::iter::once(&table.head).chain(&table.rows) {
            for (cell, need) in row.iter().zip(&mut needs) {
                let (word, line) = self.needs(cell);
                *need = (need.0.max(word), need.1.max(line));
            }
        }
        let room = frame.width - between * (count - 1) as f32;
        let least: f32 = needs.iter().map(|(word, _)| word).sum();
        let more: f32 = needs.iter().map(|(word, line)| line - word).sum();
        let rest = (room - least).max(0.0);
        let mut x = frame.x;
        let mut frames = Vec::new();
        for (word, line) in needs {
            let share = if more > 0.0 {
                rest * (line - word) / more
            } else {
                rest / count as f32
            };
            let width = if least > room {
                room * word / least
            } else {
                word + share
            };
            frames.push(Frame { x, width });
            x += width + between;
        }
        frames
    }

    /// The width of a cell's longest word, and of its longest line.
    fn needs(&self, cell: &Cell) -> (f32, f32) {
        let runs = story::scaled(&cell.runs, self.scale);
        let faces: &Faces = self.faces;
        let mut longest = 0.0_f32;
        for run in &runs {
            for word in run.text.split_whitespace() {
                longest = longest.max(faces.width(word, run.style));
            }
        }
        let lines = faces.lines(&runs, f32::MAX);
        let width = |line: &super::face::Line| line.parts.iter().map(|part| part.width).sum::<f32>();
        let line = lines.iter().map(width).fold(0.0, f32::max);
        // A little more, so that what fits exactly is not broken by rounding.
        (longest + 0.5, line.max(longest) + 0.5)
    }
}

/// The same to look at, for the sheets on which a table goes on: it was read once.
fn without_meaning(head: &Piece) -> Piece {
    let mut piece = head.clone();
    piece.ink = piece
        .ink
        .into_iter()
        .filter_map(|ink| match ink {
            Ink::Words { x, baseline, set, .. } => Some(Ink::Words {
                x,
                baseline,
                set,
                mark: None,
            }),
            Ink::Link { .. } => None,
            other => Some(other),
        })
        .collect();
    piece
}
