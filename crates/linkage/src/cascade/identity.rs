//! Who a record says it is about, as integers; each distinct statement is stored once.

use rustc_hash::{FxHashMap, FxHashSet};

use super::birth::Born;
use super::intern::{NO_WORD, Word, Words, mix};
use crate::threads::{fill_in_parts, in_parts};

/// A person's number and its kind in one integer; 0 is none. Kinds never compare equal.
pub(crate) type Number = u64;

const DIGITS: u64 = 1 << 34;

/// Packs ten digits with the code of their kind (1 and up).
pub(crate) fn number(kind: u64, digits: u64) -> Number {
    kind * DIGITS + digits % DIGITS
}

/// The kind of a packed number.
pub(crate) fn kind(number: Number) -> u64 {
    number / DIGITS
}

/// Sex: 0 not known.
pub(crate) const FEMALE: u8 = 1;
pub(crate) const MALE: u8 = 2;

/// What the identity columns of a record say. It has no `Debug`, so that nothing prints it by accident.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Identity {
    pub(crate) number: Number,
    pub(crate) born: Born,
    pub(crate) family: Word,
    pub(crate) given: Word,
    pub(crate) postcode: Word,
    pub(crate) organisation: Word,
    /// The organisation's own number of the person; means something only together with `organisation`.
    pub(crate) local: Word,
    /// Key space and key as one word.
    pub(crate) key: Word,
    /// The people of the decisions that somebody took: records of one number are one person. 0: nobody decided.
    pub(crate) decided: u32,
    pub(crate) sex: u8,
    /// Set by the cascade: so many people carry this full name that it says little with a birth date.
    pub(crate) common_name: bool,
}

impl Identity {
    /// True when the record has no name at all (admissions, radiotherapy, waiting times).
    pub(crate) fn nameless(&self) -> bool {
        self.family == NO_WORD && self.given == NO_WORD
    }

    /// True when both parts of the name are there.
    pub(crate) fn named(&self) -> bool {
        self.family != NO_WORD && self.given != NO_WORD
    }

    pub(crate) fn hash(&self) -> u64 {
        let pair = |high: Word, low: Word| u64::from(high) << 32 | u64::from(low);
        let mut hash = mix(
            mix(0, self.number),
            u64::from(self.born.0) << 2 | u64::from(self.sex),
        );
        hash = mix(hash, pair(self.family, self.given));
        hash = mix(hash, pair(self.postcode, self.organisation));
        mix(mix(hash, pair(self.local, self.key)), u64::from(self.decided))
    }
}

const EMPTY: u32 = u32::MAX;

/// The distinct identities of all records, in order of their first record, and how many records each has.
pub(crate) struct Identities {
    pub(crate) rows: Vec<Identity>,
    pub(crate) records: Vec<u32>,
    pub(crate) words: Words,
    slots: Vec<u32>,
}

impl Identities {
    /// Distinct identities whose texts are in `words`, and to which none is added.
    pub(crate) fn of(rows: Vec<Identity>, records: Vec<u32>, words: Words) -> Self {
        Self {
            rows,
            records,
            words,
            slots: Vec::new(),
        }
    }

    /// The place of an identity that is there.
    pub(crate) fn find(&self, identity: &Identity) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = identity.hash() as usize & mask;
        loop {
            match self.slots[slot] {
                EMPTY => return None,
                place if self.rows[place as usize] == *identity => return Some(place),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    pub(crate) fn new() -> Self {
        Self {
            rows: Vec::new(),
            records: Vec::new(),
            words: Words::new(),
            slots: vec![EMPTY; 1 << 10],
        }
    }

    /// Takes in a record; gives the place of its identity.
    pub(crate) fn add(&mut self, identity: Identity) -> u32 {
        if (self.rows.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = identity.hash() as usize & mask;
        loop {
            match self.slots[slot] {
                EMPTY => break,
                place if self.rows[place as usize] == identity => {
                    self.records[place as usize] += 1;
                    return place;
                }
                _ => slot = (slot + 1) & mask,
            }
        }
        let place = self.rows.len() as u32;
        self.slots[slot] = place;
        self.rows.push(identity);
        self.records.push(1);
        place
    }

    /// Ends reading: the look-up table is given back, and sites take the code of their trust.
    ///
    /// A code of five or more characters is a site when the code without its last two is in the data too (`RTH08`,
    /// `RTH`); then both name one organisation, with one series of local numbers.
    pub(crate) fn close(&mut self) {
        self.slots = Vec::new();
        self.rows.shrink_to_fit();
        self.records.shrink_to_fit();
        let trusts = trusts(&organisations(&self.rows, 1), &self.words);
        self.take_trusts(&trusts, 1);
    }

    /// Puts each organisation's trust in its place.
    pub(crate) fn take_trusts(&mut self, trusts: &[(Word, Word)], threads: usize) {
        let sites: FxHashMap<Word, Word> = trusts
            .iter()
            .copied()
            .filter(|(site, trust)| site != trust)
            .collect();
        if sites.is_empty() {
            return;
        }
        fill_in_parts(threads, &mut self.rows, |_, part| {
            for row in part {
                if let Some(trust) = sites.get(&row.organisation) {
                    row.organisation = *trust;
                }
            }
        });
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![EMPTY; mask + 1];
        for (place, row) in self.rows.iter().enumerate() {
            let mut slot = row.hash() as usize & mask;
            while slots[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            slots[slot] = place as u32;
        }
        self.slots = slots;
    }
}

/// The organisations of some identities.
pub(crate) fn organisations(rows: &[Identity], threads: usize) -> FxHashSet<Word> {
    let parts = in_parts(threads, rows, |_, part| {
        let mut known = FxHashSet::default();
        // Identities come as their files do, in which neighbours are often of one organisation.
        let runs = part.chunk_by(|a, b| a.organisation == b.organisation);
        known.extend(runs.filter_map(|run| Some(run.first()?.organisation)));
        known
    });
    parts.into_iter().flatten().collect()
}

/// These organisations, in order, each with the one that it counts as.
pub(crate) fn trusts(known: &FxHashSet<Word>, words: &Words) -> Vec<(Word, Word)> {
    let mut trusts: Vec<(Word, Word)> = Vec::with_capacity(known.len());
    #[allow(clippy::iter_over_hash_type, reason = "sorted below")]
    for &word in known {
        let text = words.text(word);
        let end = text.len().checked_sub(2).filter(|end| *end >= 3);
        let trust = end
            .and_then(|end| text.get(..end))
            .and_then(|trust| words.find(trust));
        trusts.push((word, trust.filter(|trust| known.contains(trust)).unwrap_or(word)));
    }
    trusts.sort_unstable();
    trusts
}

#[cfg(test)]
mod tests {
    use super::{FEMALE, Identities, Identity, kind, number};
    use crate::cascade::birth::Born;

    #[test]
    fn equal_identities_are_stored_once_and_counted() {
        let mut table = Identities::new();
        for round in 0..3u32 {
            for person in 0..4_000u32 {
                let born = Born::new(1950, 1 + person % 12, 1 + person % 28);
                let place = table.add(Identity {
                    number: number(1, u64::from(person)),
                    born,
                    sex: FEMALE,
                    ..Identity::default()
                });
                assert_eq!(place, person, "round {round}");
            }
        }
        assert_eq!(table.rows.len(), 4_000);
        assert!(table.records.iter().all(|&records| records == 3));
    }

    #[test]
    fn the_kind_is_kept_with_the_number() {
        let (nhs, hcn) = (number(1, 3_200_000_011), number(3, 3_200_000_011));
        assert_ne!(nhs, hcn);
        assert_eq!((kind(nhs), kind(hcn), kind(0)), (1, 3, 0));
    }

    #[test]
    fn a_site_is_its_trust_only_when_the_trust_is_in_the_data() {
        let mut table = Identities::new();
        for code in ["RTH", "RTH08", "ZT001", "ZT002", "SIM26", "SIM2601"] {
            let organisation = table.words.word(code);
            table.add(Identity {
                organisation,
                ..Identity::default()
            });
        }
        table.close();
        let codes: Vec<&str> = table
            .rows
            .iter()
            .map(|row| table.words.text(row.organisation))
            .collect();
        assert_eq!(codes, ["RTH", "RTH", "ZT001", "ZT002", "SIM26", "SIM26"]);
    }
}
