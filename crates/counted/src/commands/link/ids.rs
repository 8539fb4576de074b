//! The ids of all records, in one buffer: a million ids are two allocations, not a million.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// The id of each record, in order; no id twice.
///
/// Most tables number their records: as long as every id is a larger number than the one before, none can come twice,
/// and only the numbers are kept.
pub(super) struct Ids {
    /// Rising numbers; empty once an id is none.
    rising: Vec<u32>,
    bytes: String,
    /// Where each id ends.
    ends: Vec<u32>,
    /// Open addressing: a record and 1 more, or 0.
    slots: Vec<u32>,
}

/// Why an id is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// This record has it already.
    Twice(usize),
    /// All ids together are longer than 4 GB.
    TooLong,
}

impl Ids {
    pub(super) fn new() -> Self {
        Self {
            rising: Vec::new(),
            bytes: String::new(),
            ends: Vec::new(),
            slots: Vec::new(),
        }
    }

    /// Takes the id of the next record, in two parts that are written one after the other.
    pub(super) fn push(&mut self, before: &str, id: &str) -> Result<(), Refused> {
        if self.ends.is_empty() {
            let number = number(id).filter(|_| before.is_empty());
            match number.filter(|number| self.rising.last().is_none_or(|last| last < number)) {
                Some(number) => {
                    self.rising.push(number);
                    return Ok(());
                }
                None => self.write_out(),
            }
        }
        let start = self.bytes.len();
        self.bytes.push_str(before);
        self.bytes.push_str(id);
        let Ok(end) = u32::try_from(self.bytes.len()) else {
            self.bytes.truncate(start);
            return Err(Refused::TooLong);
        };
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let new = self.bytes.get(start..).unwrap_or_default();
        let slot = self.slot(new);
        if let Some(known) = self.slots[slot].checked_sub(1) {
            self.bytes.truncate(start);
            return Err(Refused::Twice(known as usize));
        }
        self.ends.push(end);
        self.slots[slot] = self.ends.len() as u32;
        Ok(())
    }

    /// Goes over from numbers to texts.
    fn write_out(&mut self) {
        for number in std::mem::take(&mut self.rising) {
            self.bytes.push_str(&number.to_string());
            self.ends.push(self.bytes.len() as u32);
        }
        self.slots = vec![0; (self.ends.len() * 2).next_power_of_two().max(1 << 9)];
        self.grow();
    }

    /// Ends taking in: the look-up table is given back.
    pub(super) fn close(&mut self) {
        self.slots = Vec::new();
        self.rising.shrink_to_fit();
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len() + self.rising.len()
    }

    /// What they hold in memory.
    pub(super) fn size(&self) -> u64 {
        (self.bytes.len() + 4 * (self.rising.len() + self.ends.len() + self.slots.len())) as u64
    }

    /// The id of a record, where it is kept as a number.
    pub(super) fn number(&self, record: usize) -> Option<u32> {
        self.rising.get(record).copied()
    }

    /// The id of a record, where it is kept as a text.
    pub(super) fn text(&self, record: usize) -> &str {
        let start = record.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.bytes
            .get(start as usize..self.ends[record] as usize)
            .unwrap_or_default()
    }

    /// The record with an id.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        if !self.rising.is_empty() {
            return self.rising.binary_search(&number(id)?).ok();
        }
        (0..self.len()).find(|&record| self.text(record) == id)
    }

    fn slot(&self, id: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(id) & mask;
        while self.slots[slot] != 0 && self.text(self.slots[slot] as usize - 1) != id {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0; mask + 1];
        for record in 0..self.len() {
            let mut slot = hash(self.text(record)) & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = record as u32 + 1;
        }
        self.slots = slots;
    }
}

/// A number that is written as numbers are: its digits alone, the first of them no 0.
fn number(id: &str) -> Option<u32> {
    let plain = !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit());
    id.parse().ok().filter(|_| plain)
}

fn hash(id: &str) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(id.as_bytes());
    let hash = hasher.finish();
    (hash ^ hash >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(ids: &Ids, record: usize) -> String {
        ids.number(record)
            .map_or_else(|| ids.text(record).to_owned(), |number| number.to_string())
    }

    #[test]
    fn an_id_comes_back_and_is_taken_once() {
        let mut ids = Ids::new();
        for record in 0..5_000 {
            assert_eq!(ids.push("a.csv#", &record.to_string()), Ok(()));
        }
        assert_eq!(ids.push("", "a.csv#4242"), Err(Refused::Twice(4242)));
        assert_eq!(
            (ids.len(), id(&ids, 0), id(&ids, 4_999)),
            (5_000, "a.csv#0".to_owned(), "a.csv#4999".to_owned())
        );
        ids.close();
        assert_eq!((ids.find("a.csv#77"), ids.find("77")), (Some(77), None));
    }

    /// Numbers that rise are kept as numbers until one does not; it makes no difference to anybody.
    #[test]
    fn rising_numbers_are_ids_like_others() {
        let other = ["7", "007", "40000", "4294967296", "x", "", "+9", "1 "];
        for (at, odd) in other.iter().enumerate() {
            let mut ids = Ids::new();
            for record in 1..=4_000 {
                assert_eq!(ids.push("", &(record * 5).to_string()), Ok(()));
            }
            assert_eq!(ids.push("", odd), Ok(()), "{odd}");
            assert_eq!(ids.push("", "35"), Err(Refused::Twice(6)), "{odd}");
            assert_eq!(ids.push("", odd), Err(Refused::Twice(4_000)), "{odd}");
            assert_eq!(ids.push("", "3"), Ok(()));
            ids.close();
            assert_eq!(ids.len(), 4_002);
            assert_eq!(
                [id(&ids, 0), id(&ids, 3_999), id(&ids, 4_000)],
                ["5", "20000", odd]
            );
            assert_eq!(
                (ids.find("20000"), ids.find("05"), ids.find("6")),
                (Some(3_999), None, None),
                "{at}"
            );
        }
        let mut ids = Ids::new();
        for record in 1..=100 {
            assert_eq!(ids.push("", &record.to_string()), Ok(()));
        }
        assert_eq!(
            (ids.number(41), ids.find("42"), ids.find("042"), ids.find("101")),
            (Some(42), Some(41), None, None)
        );
        assert_eq!(ids.push("", "100"), Err(Refused::Twice(99)));
    }
}
