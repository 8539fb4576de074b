//! A person table: every value a small integer, each distinct text stored once.

use crate::cascade::{Born, Texts, Words};
use crate::error::LinkageError;

use super::field::{Field, Kind};
use super::glance::{glance, of_date};
use super::normal::Normal;
use super::numbers;

/// Rows of values. A value of 0 is missing. No `Debug`: the values stay inside.
///
/// A record is one run of integers: its values, then the glance of each value that has one. Records are met in no
/// order of theirs, so everything about one should lie together.
pub struct Table {
    pub(crate) fields: Vec<Field>,
    cells: Vec<u32>,
    /// Integers a record.
    width: usize,
    /// By field, where its glance stands in a record; 0 where it has none.
    glance_at: Vec<usize>,
    /// Given and family names share the first pool, so that names changed round meet as the same word.
    pools: Vec<Words>,
    pool_of: Vec<usize>,
    normal: Normal,
    /// By field, texts that were taken in and not yet turned into values.
    pending: Vec<Texts>,
    values: Vec<Vec<u32>>,
    keys: Vec<u64>,
    waiting: usize,
    records: usize,
}

/// Two integers of a row as one.
#[inline]
fn get(row: &[u32], at: usize) -> u64 {
    u64::from(row[at]) | u64::from(row[at + 1]) << 32
}

fn put(row: &mut [u32], at: usize, value: u64) {
    (row[at], row[at + 1]) = (value as u32, (value >> 32) as u32);
}

const NAMES: usize = 0;
/// Records that wait to be turned into values together.
const TOGETHER: usize = 512;

/// Integers of a line of the cache.
const LINE: usize = 16;
/// Integers in front of the first record. A large piece of memory begins a quarter of a line after a line does, with the
/// usual allocator; so records of a line's length lie in one line each, and looking at one waits for memory once.
/// Elsewhere they lie across two, and nothing else differs.
const LEAD: usize = 12;

/// Records are rounded up to whole lines where that costs an eighth of the memory at most.
fn padded(width: usize) -> usize {
    let lines = width.next_multiple_of(LINE);
    if (lines - width) * 8 <= lines {
        lines
    } else {
        width
    }
}

impl Table {
    /// An empty table with these columns.
    #[must_use]
    pub fn new(fields: Vec<Field>) -> Self {
        let mut pools = vec![Words::new()];
        let mut width = fields.len();
        let (mut pool_of, mut glance_at) = (Vec::new(), Vec::new());
        for field in &fields {
            pool_of.push(match field.kind {
                Kind::GivenName | Kind::FamilyName | Kind::BirthDate => NAMES,
                _ => {
                    pools.push(Words::new());
                    pools.len() - 1
                }
            });
            glance_at.push(if matches!(field.kind, Kind::Sex | Kind::BirthDate) {
                0
            } else {
                width
            });
            width += if matches!(field.kind, Kind::Sex | Kind::BirthDate) {
                0
            } else {
                2
            };
        }
        Self {
            cells: vec![0; LEAD],
            width: padded(width),
            glance_at,
            normal: Normal::new(fields.len()),
            pending: fields.iter().map(|_| Texts::default()).collect(),
            values: vec![Vec::new(); fields.len()],
            keys: Vec::new(),
            waiting: 0,
            fields,
            pools,
            pool_of,
            records: 0,
        }
    }

    /// An empty table for texts as another table shows them ([`Table::shown`]): they are taken in as they are.
    pub(crate) fn of_shown(fields: Vec<Field>) -> Self {
        Self {
            normal: Normal::done(fields.len()),
            ..Self::new(fields)
        }
    }

    /// Takes in a record: one text a field, in the order of the fields; blank where the record says nothing.
    pub fn push<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> Result<(), LinkageError> {
        if self.records >= u32::MAX as usize - 1 {
            return Err(LinkageError::TooMany);
        }
        let mut texts = texts.into_iter();
        for pending in &mut self.pending {
            pending.push(texts.next().unwrap_or_default());
        }
        self.records += 1;
        self.waiting += 1;
        if self.waiting == TOGETHER {
            self.settle();
        }
        Ok(())
    }

    /// Turns the texts that wait into values.
    fn settle(&mut self) {
        let fields = self
            .fields
            .iter()
            .zip(&mut self.pending)
            .zip(&mut self.values)
            .enumerate();
        let start = self.cells.len();
        self.cells.resize(start + self.waiting * self.width, 0);
        let added = &mut self.cells[start..];
        for (at, ((field, texts), values)) in fields {
            let pool = &mut self.pools[self.pool_of[at]];
            if field.kind == Kind::Number {
                self.normal.keys(texts, pool, &mut self.keys);
                let rows = added.chunks_exact_mut(self.width);
                rows.zip(&self.keys)
                    .for_each(|(row, key)| put(row, self.glance_at[at], *key));
            } else {
                self.normal.values(at, field.kind, texts, pool, values);
                let rows = added.chunks_exact_mut(self.width);
                rows.zip(values).for_each(|(row, value)| row[at] = *value);
            }
            texts.clear();
        }
        self.waiting = 0;
    }

    /// Gives the numbers of a field, whose keys wait where their glances will stand, their values.
    fn settle_numbers(&mut self, field: usize) {
        let (width, at) = (self.width, self.glance_at[field]);
        let others = std::mem::take(&mut self.pools[self.pool_of[field]]);
        let mut values = vec![0u32; self.records];
        let key = |record: usize| get(&self.cells[LEAD + record * width..], at);
        let pool = numbers::settle(self.records, key, &others, |record, value| values[record] = value);
        let rows = self.cells[LEAD..].chunks_exact_mut(width);
        rows.zip(values).for_each(|(row, value)| row[field] = value);
        self.pools[self.pool_of[field]] = pool;
    }

    /// Ends reading: what was needed for it is given back, and every value gets its glance.
    pub fn close(&mut self) {
        self.settle();
        self.normal = Normal::new(0);
        for field in 0..self.fields.len() {
            if self.fields[field].kind == Kind::Number {
                self.settle_numbers(field);
            }
        }
        for pool in &mut self.pools {
            pool.close();
        }
        self.cells.shrink_to_fit();
        for field in 0..self.fields.len() {
            let at = self.glance_at[field];
            if at == 0 {
                continue;
            }
            let pool = &self.pools[self.pool_of[field]];
            let kind = self.fields[field].kind;
            let glances: Vec<u64> = (0..=pool.len())
                .map(|word| glance(kind, pool.text(word as u32)))
                .collect();
            for record in self.cells[LEAD..].chunks_exact_mut(self.width) {
                put(record, at, glances[record[field] as usize]);
            }
        }
    }

    /// Records taken in.
    #[must_use]
    pub fn records(&self) -> usize {
        self.records
    }

    /// The value of a record in a field.
    #[inline]
    pub(crate) fn value(&self, field: usize, record: u32) -> u32 {
        self.cells[LEAD + record as usize * self.width + field]
    }

    /// All integers of a record.
    #[inline]
    pub(crate) fn row(&self, record: u32) -> &[u32] {
        let start = LEAD + record as usize * self.width;
        &self.cells[start..start + self.width]
    }

    /// The glance of a field in a record's integers.
    #[inline]
    pub(crate) fn glance(&self, field: usize, row: &[u32]) -> u64 {
        match self.glance_at[field] {
            0 if self.fields[field].kind == Kind::BirthDate => of_date(row[field]),
            0 => 0,
            at => get(row, at),
        }
    }

    /// The values of a field, record after record.
    pub(crate) fn column(&self, field: usize) -> impl Iterator<Item = u32> + '_ {
        self.rows().map(move |row| row[field])
    }

    /// The integers of all records.
    fn rows(&self) -> impl Iterator<Item = &[u32]> {
        self.cells[LEAD..].chunks_exact(self.width)
    }

    /// The columns.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The normalised text of a value; birth dates have none.
    pub(crate) fn text(&self, field: usize, value: u32) -> &str {
        match self.fields[field].kind {
            Kind::BirthDate => "",
            _ => self.pools[self.pool_of[field]].text(value),
        }
    }

    /// What a record says in a field, for the eyes of somebody entitled to it.
    #[must_use]
    pub fn shown(&self, field: usize, record: usize) -> String {
        let value = self.value(field, record as u32);
        match self.fields[field].kind {
            Kind::BirthDate if value != 0 => {
                let born = Born(value);
                format!("{:04}-{:02}-{:02}", born.year(), born.month(), born.day())
            }
            _ => self.text(field, value).to_owned(),
        }
    }

    /// The first field of a kind.
    pub(crate) fn first(&self, kind: Kind) -> Option<usize> {
        self.fields.iter().position(|field| field.kind == kind)
    }

    /// How many records have each value of a field: values in ascending order with their counts, missing left out.
    pub(crate) fn frequencies(&self, field: usize) -> Frequencies {
        let mut tally = self.tally(field);
        self.column(field).for_each(|value| tally.add(value));
        Frequencies::new(tally)
    }

    /// The same of every field, in one walk through the records.
    pub(crate) fn all_frequencies(&self) -> Vec<Frequencies> {
        let mut tallies: Vec<Tally> = (0..self.fields.len()).map(|field| self.tally(field)).collect();
        for row in self.rows() {
            let fields = tallies.iter_mut().zip(row);
            fields.for_each(|(tally, value)| tally.add(*value));
        }
        tallies.into_iter().map(Frequencies::new).collect()
    }

    /// An empty tally for a field.
    fn tally(&self, field: usize) -> Tally {
        if self.fields[field].kind != Kind::BirthDate {
            let values = self.pools[self.pool_of[field]].len() + 1;
            return Tally {
                counts: vec![0; values],
                dates: None,
            };
        }
        let dated = self.column(field).filter(|&value| value != 0);
        Tally {
            counts: vec![0],
            dates: Some(dated.map(|value| Born(value).year()).min().unwrap_or_default()),
        }
    }
}

/// Counts by the place of a value.
struct Tally {
    counts: Vec<u32>,
    /// The first year, where the values are dates.
    dates: Option<u32>,
}

impl Tally {
    #[inline]
    fn add(&mut self, value: u32) {
        let place = place_of(self.dates, value);
        if place >= self.counts.len() {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] += 1;
    }
}

/// Where a value stands among the counts of its field; dates from their first year on.
#[inline]
fn place_of(dates: Option<u32>, value: u32) -> usize {
    match dates {
        Some(_) if value == 0 => 0,
        Some(first) => date_place(value, first),
        None => value as usize,
    }
}

/// Years after the first that have places of their own.
const YEARS: u32 = 300;

/// A place for each date from a first year on; dates that no calendar has, and years far off, share theirs.
fn date_place(value: u32, first: u32) -> usize {
    let born = Born(value);
    let year = born.year().saturating_sub(first).min(YEARS);
    ((year * 13 + born.month().min(12)) * 32 + born.day().min(31)) as usize + 1
}

/// How often each value of a field occurs.
pub(crate) struct Frequencies {
    counts: Vec<u32>,
    /// The first year, where the values are dates.
    dates: Option<u32>,
    /// Records with a value.
    pub(crate) total: u64,
    pub(crate) distinct: u64,
    /// Ordered pairs of different records that share their value, as a share of all such pairs.
    pub(crate) coincidence: f64,
}

impl Frequencies {
    fn new(tally: Tally) -> Self {
        let Tally { mut counts, dates } = tally;
        counts[0] = 0;
        let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        let pairs: f64 = counts
            .iter()
            .map(|&count| f64::from(count) * (f64::from(count) - 1.0).max(0.0))
            .sum();
        let all = total as f64 * (total as f64 - 1.0);
        Self {
            total,
            distinct: counts.iter().filter(|count| **count > 0).count() as u64,
            coincidence: if all > 0.0 { pairs / all } else { 0.0 },
            counts,
            dates,
        }
    }

    /// Puts the counts of a larger table in the place of this one's.
    pub(crate) fn replace(&mut self, total: u64, counts: impl Iterator<Item = (u32, u32)>) {
        self.total = total;
        for (value, count) in counts {
            let place = self.place(value);
            if let Some(own) = self.counts.get_mut(place) {
                *own = count;
            }
        }
    }

    pub(crate) fn count(&self, value: u32) -> u32 {
        self.counts.get(self.place(value)).copied().unwrap_or_default()
    }

    /// Where a value stands among the counts.
    #[inline]
    pub(crate) fn place(&self, value: u32) -> usize {
        place_of(self.dates, value)
    }

    /// The counts, by place.
    pub(crate) fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// The coincidence of values between people, seen past the records of one person: a value that stands in
    /// `k` records of one person looks like a coincidence and is none.
    pub(crate) fn between_people(&self, records_a_person: f64) -> f64 {
        let extra = (records_a_person - 1.0).max(0.0) / self.total.max(1) as f64;
        let floor = 0.2 / self.distinct.max(1) as f64 * self.coincidence.min(1.0);
        (self.coincidence - extra).max(floor).max(1e-12)
    }
}
