//! Who a row may be about, as far as its number and its pseudonyms say: quickly, and rather too much than too little.
//!
//! Invariant: two rows that are of one person by number ([`CellReader::number`], and the pseudonym where there is none)
//! have a claim in common. The reverse does not hold: a number whose check digit fails is a claim, too.
//!
//! [`CellReader::number`]: crate::rows::cells::CellReader::number

use std::hash::Hasher;

use rustc_hash::{FxHashSet, FxHasher};
use vocabulary::number::digits_of;
use vocabulary::spreadsheet::bare;

use crate::rows::cells::{TEXT_BYTES, upto};
use crate::rows::plan::Plan;
use crate::rows::reader::Cells;
use crate::rows::text::{key_in, text};

/// The claims of people who are looked for.
#[derive(Debug, Default)]
pub(crate) struct People {
    claims: FxHashSet<u64>,
    /// A bit for each place where some claim falls: nearly every claim that is asked for is nobody's, and most of these are
    /// turned away here, in memory that stays at hand however many people there are.
    places: Vec<u64>,
}

impl People {
    pub(crate) fn insert(&mut self, claim: u64) {
        self.claims.insert(claim);
    }

    pub(crate) fn join(&mut self, others: Self) {
        self.claims.extend(others.claims);
    }

    /// Ends the gathering.
    pub(crate) fn close(&mut self) {
        let places = (self.claims.len() * PLACES_A_CLAIM).next_power_of_two().max(64);
        self.places = vec![0; places / 64];
        for claim in &self.claims {
            let place = place(*claim, places);
            self.places[place / 64] |= 1 << (place % 64);
        }
    }

    fn holds(&self, claim: u64) -> bool {
        let place = place(claim, self.places.len() * 64);
        let taken = self
            .places
            .get(place / 64)
            .is_some_and(|bits| bits >> (place % 64) & 1 == 1);
        taken && self.claims.contains(&claim)
    }
}

/// So many places a claim turn away seven of eight others, and take a bit each.
const PLACES_A_CLAIM: usize = 8;

/// Where a claim falls among so many places, a power of two.
fn place(claim: u64, places: usize) -> usize {
    let shift = 64 - places.max(2).ilog2();
    (claim.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift) as usize
}

/// Tells the claims of the rows of one file.
#[derive(Debug, Clone)]
pub(crate) struct Claims {
    numbers: Vec<usize>,
    keys: Vec<(usize, String)>,
    scratch: String,
}

impl Claims {
    pub(crate) fn new(plan: &Plan) -> Self {
        let numbers = plan.roles.number.map(|field| plan.fields[field].sources.clone());
        Self {
            numbers: numbers.unwrap_or_default(),
            keys: plan
                .roles
                .keys
                .iter()
                .map(|key| (key.source, key.space.clone()))
                .collect(),
            scratch: String::new(),
        }
    }

    /// The columns of the file that it asks, in the order of [`Claims::of`].
    pub(crate) fn columns(&self) -> Vec<usize> {
        let keys = self.keys.iter().map(|(column, _)| *column);
        self.numbers.iter().copied().chain(keys).collect()
    }

    /// Hands out the claims of a row; `cell` gives the cell of each of the columns by its place among them.
    pub(crate) fn of<'c>(&mut self, cell: impl Fn(usize) -> &'c [u8], mut each: impl FnMut(u64)) {
        let Self {
            numbers,
            keys,
            scratch,
        } = self;
        for at in 0..numbers.len() {
            let cell = cell(at);
            // Nearly every number is ten digits and nothing else.
            let ten = <&[u8; 10]>::try_from(cell).ok().and_then(ten_digits);
            if let Some(claim) = ten.or_else(|| of_number(text(cell, scratch).0)) {
                each(claim);
            }
        }
        for (at, (_, space)) in keys.iter().enumerate() {
            let (text, _) = text(cell(numbers.len() + at), scratch);
            let key = upto(key_in(text), TEXT_BYTES);
            if !key.is_empty() {
                each(of_key(space, key));
            }
        }
    }

    /// Whether a row may be about one of these people. A row that names nobody may.
    pub(crate) fn may_be_of<'c>(&mut self, people: &People, cell: impl Fn(usize) -> &'c [u8]) -> bool {
        let (mut any, mut known) = (false, false);
        self.of(cell, |claim| {
            any = true;
            known |= people.holds(claim);
        });
        known || !any
    }

    /// The cells of a row, by their place among the columns.
    pub(crate) fn cells<'c>(columns: &[usize], cells: &'c impl Cells) -> impl Fn(usize) -> &'c [u8] {
        move |at| {
            columns
                .get(at)
                .map_or(b"".as_slice(), |&column| cells.cell(column))
        }
    }
}

fn ten_digits(cell: &[u8; 10]) -> Option<u64> {
    let digits = cell.map(|byte| byte.wrapping_sub(b'0'));
    let are_digits = digits.iter().all(|digit| *digit < 10);
    are_digits.then(|| {
        digits
            .iter()
            .fold(0, |value, digit| value * 10 + u64::from(*digit))
    })
}

/// The claim of a number: its value, in which a lost leading zero does not matter.
pub(crate) fn of_number(text: &str) -> Option<u64> {
    let text = bare(text);
    let (value, width) = digits_of(text.strip_suffix(".0").unwrap_or(text))?;
    // Fewer than nine digits are no number of anybody's.
    (width >= 9).then_some(value)
}

/// The claim of a pseudonym. It never meets that of a number.
pub(crate) fn of_key(space: &str, key: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(space.as_bytes());
    hasher.write_u8(0xFF);
    hasher.write(key.as_bytes());
    hasher.finish() | 1 << 63
}
