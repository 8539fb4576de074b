//! The tables that come out: `id,person_id,probability` and `id_1,id_2,probability`.
//!
//! Written digit by digit into one buffer: millions of rows must not cost more than the comparing.

use std::io::Write;

use linkage::weigh::{Decided, Pairs};

use crate::draft::Draft;
use crate::exit::Failure;
use crate::export::safe;

use super::ids::Ids;

/// Bytes that are handed on at once.
const FULL: usize = 1 << 16;

/// A person a record, in the order of the records; people are numbered in the order of their first records.
pub(super) fn persons(draft: &mut Draft, ids: &Ids, decided: &Decided) -> Result<(), Failure> {
    let numbers = numbers(&decided.person);
    let mut rows = Rows::new(draft, "id,person_id,probability")?;
    for (record, &root) in decided.person.iter().enumerate() {
        rows.id(ids, record);
        rows.buffer.extend_from_slice(b",P");
        rows.digits(numbers[root as usize], 8);
        rows.probability(decided.probability[record]);
        rows.end()?;
    }
    rows.finish()
}

/// Pairs, the surest first.
pub(super) fn pairs(draft: &mut Draft, ids: &Ids, pairs: &mut Pairs, from: f64) -> Result<u64, Failure> {
    let mut rows = Rows::new(draft, "id_1,id_2,probability")?;
    let mut written = 0;
    for pair in pairs.in_order()? {
        let pair = pair?;
        if f64::from(pair.probability) < from {
            break;
        }
        rows.id(ids, pair.a as usize);
        rows.buffer.push(b',');
        rows.id(ids, pair.b as usize);
        rows.probability(pair.probability);
        rows.end()?;
        written += 1;
    }
    rows.finish()?;
    Ok(written)
}

/// The number of each person, at the place of its first record.
fn numbers(person: &[u32]) -> Vec<u32> {
    let mut numbers = vec![0; person.len()];
    let mut people = 0;
    for (record, &root) in person.iter().enumerate() {
        if root as usize == record {
            people += 1;
            numbers[record] = people;
        }
    }
    numbers
}

struct Rows<'a> {
    draft: &'a mut Draft,
    buffer: Vec<u8>,
}

impl<'a> Rows<'a> {
    fn new(draft: &'a mut Draft, header: &str) -> Result<Self, Failure> {
        writeln!(draft, "{header}")?;
        Ok(Self {
            draft,
            buffer: Vec::with_capacity(FULL * 2),
        })
    }

    fn id(&mut self, ids: &Ids, record: usize) {
        match ids.number(record) {
            Some(number) => self.digits(number, 1),
            None => self.text(ids.text(record)),
        }
    }

    /// A text as a cell: in quotes where it must be, and never a formula. A number may keep its sign.
    fn text(&mut self, id: &str) {
        let number = id
            .strip_prefix(['-', '+'])
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
        let cell = if number { id.into() } else { safe(id) };
        if !cell
            .bytes()
            .any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
        {
            self.buffer.extend_from_slice(cell.as_bytes());
            return;
        }
        self.buffer.push(b'"');
        for byte in cell.bytes() {
            if byte == b'"' {
                self.buffer.push(b'"');
            }
            self.buffer.push(byte);
        }
        self.buffer.push(b'"');
    }

    /// A number with at least so many digits.
    fn digits(&mut self, number: u32, least: usize) {
        let mut digits = [b'0'; 10];
        let (mut rest, mut at) = (number, digits.len());
        while rest > 0 || digits.len() - at < least {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.buffer.extend_from_slice(&digits[at..]);
    }

    /// A comma and a probability to six places. One that is not certain is not written as 1.
    fn probability(&mut self, probability: f32) {
        let millionths = (f64::from(probability) * 1e6).round() as u32;
        if probability >= 1.0 {
            self.buffer.extend_from_slice(b",1");
        } else {
            self.buffer.extend_from_slice(b",0.");
            self.digits(millionths.min(999_999), 6);
        }
    }

    fn end(&mut self) -> Result<(), Failure> {
        self.buffer.push(b'\n');
        if self.buffer.len() >= FULL {
            self.draft.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Failure> {
        self.draft.write_all(&self.buffer)?;
        self.draft.close()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(write: impl FnOnce(&mut Rows<'_>)) -> String {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out.csv");
        let mut draft = Draft::create(&place).unwrap();
        let mut rows = Rows::new(&mut draft, "h").unwrap();
        write(&mut rows);
        rows.finish().unwrap();
        draft.publish().unwrap();
        fs_err::read_to_string(&place).unwrap()
    }

    #[test]
    fn cells_are_quoted_where_they_must_be_and_never_formulas() {
        for (id, cell) in [
            ("rec-1", "rec-1"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("=cmd", "'=cmd"),
            ("-cmd,1", "\"'-cmd,1\""),
            ("-12", "-12"),
            ("+", "'+"),
            ("@x", "'@x"),
        ] {
            assert_eq!(written(|rows| rows.text(id)), format!("h\n{cell}"));
        }
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        for (number, digits) in [(0, "00000000"), (7, "00000007"), (u32::MAX, "4294967295")] {
            assert_eq!(written(|rows| rows.digits(number, 8)), format!("h\n{digits}"));
        }
        for (probability, words) in [
            (1.0, ",1"),
            (0.999_999_9, ",0.999999"),
            (0.25, ",0.250000"),
            (0.010_000_2, ",0.010000"),
        ] {
            assert_eq!(
                written(|rows| rows.probability(probability)),
                format!("h\n{words}")
            );
        }
        assert_eq!(numbers(&[0, 0, 2, 0, 4, 2]), [1, 0, 2, 0, 3, 0]);
    }
}
