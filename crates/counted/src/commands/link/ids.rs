//! The ids of all records, in one buffer: a million ids are two allocations, not a million.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// The id of each record, in order; no id twice.
pub(super) struct Ids {
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
            bytes: String::new(),
            ends: Vec::new(),
            slots: vec![0; 1 << 10],
        }
    }

    /// Takes the id of the next record, in two parts that are written one after the other.
    pub(super) fn push(&mut self, before: &str, id: &str) -> Result<(), Refused> {
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

    /// Ends taking in: the look-up table is given back.
    pub(super) fn close(&mut self) {
        self.slots = Vec::new();
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// What they hold in memory.
    pub(super) fn size(&self) -> u64 {
        (self.bytes.len() + 4 * (self.ends.len() + self.slots.len())) as u64
    }

    /// The id of a record.
    pub(super) fn get(&self, record: usize) -> &str {
        let start = record.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.bytes
            .get(start as usize..self.ends[record] as usize)
            .unwrap_or_default()
    }

    /// The record with an id.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        (0..self.len()).find(|&record| self.get(record) == id)
    }

    fn slot(&self, id: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(id) & mask;
        while self.slots[slot] != 0 && self.get(self.slots[slot] as usize - 1) != id {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0; mask + 1];
        for record in 0..self.len() {
            let mut slot = hash(self.get(record)) & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = record as u32 + 1;
        }
        self.slots = slots;
    }
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

    #[test]
    fn an_id_comes_back_and_is_taken_once() {
        let mut ids = Ids::new();
        for record in 0..5_000 {
            assert_eq!(ids.push("a.csv#", &record.to_string()), Ok(()));
        }
        assert_eq!(ids.push("", "a.csv#4242"), Err(Refused::Twice(4242)));
        assert_eq!(
            (ids.len(), ids.get(0), ids.get(4_999)),
            (5_000, "a.csv#0", "a.csv#4999")
        );
        ids.close();
        assert_eq!((ids.find("a.csv#77"), ids.find("77")), (Some(77), None));
    }
}
