//! A square matrix that grows and shrinks by a row and a column at a time, hundreds of thousands of times: its rows stand in one
//! piece of memory, with room for more.

/// The least room for a row.
const ROOM: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Square {
    /// Row after row, each with `room` numbers, of which the first `size` count.
    numbers: Vec<f64>,
    room: usize,
    size: usize,
}

impl Square {
    /// Nothing; the room stays.
    pub(super) fn clear(&mut self) {
        self.size = 0;
    }

    pub(super) fn row(&self, at: usize) -> &[f64] {
        &self.numbers[at * self.room..][..self.size]
    }

    pub(super) fn row_mut(&mut self, at: usize) -> &mut [f64] {
        &mut self.numbers[at * self.room..][..self.size]
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        let rows = self.numbers.chunks_exact(self.room.max(1)).take(self.size);
        rows.map(|row| &row[..self.size])
    }

    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        let rows = self.numbers.chunks_exact_mut(self.room.max(1)).take(self.size);
        rows.map(|row| &mut row[..self.size])
    }

    /// One row and one column more, of which nothing is said yet.
    pub(super) fn grow(&mut self) {
        let size = self.size + 1;
        if size > self.room {
            let mut wider = Self {
                room: (2 * self.room).max(ROOM).max(size),
                ..Self::default()
            };
            wider.numbers.resize(wider.room * wider.room, 0.0);
            for (old, row) in self.rows().zip(wider.numbers.chunks_exact_mut(wider.room)) {
                row[..old.len()].copy_from_slice(old);
            }
            *self = wider;
        }
        self.size = size;
    }

    /// The last row takes the place of one, the last column of another.
    pub(super) fn swap_remove(&mut self, row: usize, column: usize) {
        let last = self.size - 1;
        if row < last {
            let (before, after) = self.numbers.split_at_mut(last * self.room);
            before[row * self.room..][..self.size].copy_from_slice(&after[..self.size]);
        }
        for row in self.rows_mut().take(last) {
            row[column] = row[last];
        }
        self.size = last;
    }

    /// Takes so many rows of as many numbers.
    pub(super) fn fill<'a>(&mut self, rows: impl ExactSizeIterator<Item = &'a [f64]>) {
        self.clear();
        (0..rows.len()).for_each(|_| self.grow());
        for (row, from) in self.rows_mut().zip(rows) {
            row.copy_from_slice(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix of numbers that say where they stand.
    fn of(size: usize) -> Square {
        let mut square = Square::default();
        for _ in 0..size {
            square.grow();
        }
        for (at, row) in square.rows_mut().enumerate() {
            row.iter_mut()
                .enumerate()
                .for_each(|(column, number)| *number = (10 * at + column) as f64);
        }
        square
    }

    fn rows(square: &Square) -> Vec<Vec<f64>> {
        square.rows().map(<[f64]>::to_vec).collect()
    }

    #[test]
    fn it_keeps_what_it_holds_when_it_grows_beyond_its_room() {
        let mut square = of(ROOM);
        let before = rows(&square);
        square.grow();
        for (row, before) in square.rows().zip(before) {
            assert_eq!(row[..ROOM], before);
        }
        assert_eq!(square.rows().count(), ROOM + 1);
    }

    #[test]
    fn the_last_row_and_column_take_the_places_of_those_removed() {
        let mut square = of(3);
        square.swap_remove(0, 1);
        assert_eq!(rows(&square), [[20.0, 22.0], [10.0, 12.0]]);
        square.swap_remove(1, 1);
        assert_eq!(rows(&square), [[20.0]]);
        square.swap_remove(0, 0);
        assert!(rows(&square).is_empty());
    }
}
