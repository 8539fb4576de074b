//! Values in the one form in which they are compared.

use vocabulary::date::{Date, ReadDate, parse_date};
use vocabulary::name::normalise_name;
use vocabulary::postcode::Postcode;

use crate::cascade::{Born, Keys, Texts, Words};

use super::field::Kind;

/// Turns texts into values. Names, which repeat, are normalised once for each spelling.
pub(crate) struct Normal {
    /// True where texts come in that form already.
    is_done: bool,
    /// By field: spellings met, and the value of each.
    spellings: Vec<(Words, Vec<u32>)>,
    texts: Texts,
    known: Vec<u32>,
}

impl Normal {
    pub(crate) fn new(fields: usize) -> Self {
        Self {
            is_done: false,
            spellings: (0..fields).map(|_| (Words::new(), vec![0])).collect(),
            texts: Texts::default(),
            known: Vec::new(),
        }
    }

    /// For texts that come in that form already: those that a table shows.
    pub(crate) fn done(fields: usize) -> Self {
        Self {
            is_done: true,
            ..Self::new(fields)
        }
    }

    /// The values of texts; 0 for blanks and for words that stand where a value should.
    pub(crate) fn values(
        &mut self,
        field: usize,
        kind: Kind,
        texts: &Texts,
        pool: &mut Words,
        values: &mut Vec<u32>,
    ) {
        match kind {
            Kind::BirthDate => {
                let born = if self.is_done { in_digits } else { born };
                values.clear();
                values.extend(texts.iter().map(|text| born(text).0));
            }
            _ if self.is_done => pool.words(texts, values),
            Kind::GivenName | Kind::FamilyName | Kind::Sex => {
                let (spellings, of) = &mut self.spellings[field];
                spellings.words(texts, &mut self.known);
                for (&spelling, text) in self.known.iter().zip(texts.iter()) {
                    // Spellings are numbered as they come.
                    if spelling as usize == of.len() {
                        of.push(match kind {
                            Kind::Sex => pool.word(sex(text)),
                            _ => pool.word(&normalise_name(text)),
                        });
                    }
                }
                values.clear();
                values.extend(self.known.iter().map(|&spelling| of[spelling as usize]));
            }
            _ => {
                self.texts.clear();
                for text in texts.iter() {
                    self.texts.write(|buffer| write(kind, text, buffer));
                }
                pool.words(&self.texts, values);
            }
        }
    }
}

impl Normal {
    /// The keys of numbers; 0 for blanks and placeholders.
    pub(crate) fn keys(&mut self, texts: &Texts, others: &mut Words, keys: &mut Vec<u64>) {
        keys.clear();
        for text in texts.iter() {
            if self.is_done {
                keys.push(Keys::of(text, others));
                continue;
            }
            self.texts.clear();
            self.texts.write(|buffer| write(Kind::Number, text, buffer));
            let text = self.texts.iter().next().unwrap_or_default();
            keys.push(Keys::of(text, others));
        }
    }
}

fn write(kind: Kind, text: &str, buffer: &mut String) {
    let start = buffer.len();
    match kind {
        Kind::Text => spaced(text, buffer),
        Kind::Postcode => match Postcode::read(text) {
            Some(postcode) => buffer.push_str(postcode.reveal()),
            // "No fixed abode", "not known" and other countries.
            None if Postcode::is_pseudo(text) => {}
            None => plain(text, buffer),
        },
        _ => plain(text, buffer),
    }
    let written = buffer.get(start..).unwrap_or_default();
    if says_nothing(written) || (kind != Kind::Text && placeholder(written)) {
        buffer.truncate(start);
    }
}

/// Zeros, nines or crosses only.
fn placeholder(text: &str) -> bool {
    let first = text.bytes().next().unwrap_or(b'0');
    matches!(first, b'0' | b'9' | b'X') && text.bytes().all(|byte| byte == first)
}

/// Capital letters and digits alone.
fn plain(text: &str, buffer: &mut String) {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
    {
        return buffer.push_str(text);
    }
    for letter in text.chars() {
        match letter {
            '0'..='9' | 'A'..='Z' => buffer.push(letter),
            'a'..='z' => buffer.push(letter.to_ascii_uppercase()),
            _ if letter.is_ascii() => {}
            _ => buffer.extend(letter.to_uppercase()),
        }
    }
}

/// Capital letters, words parted by one space.
fn spaced(text: &str, buffer: &mut String) {
    let start = buffer.len();
    for word in text.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';')) {
        if word.is_empty() {
            continue;
        }
        if buffer.len() > start {
            buffer.push(' ');
        }
        for letter in word.chars() {
            if letter.is_ascii() {
                buffer.push(letter.to_ascii_uppercase());
            } else {
                buffer.extend(letter.to_uppercase());
            }
        }
    }
}

fn says_nothing(text: &str) -> bool {
    matches!(
        text,
        "" | "-"
            | "?"
            | "."
            | "N/A"
            | "NA"
            | "NAN"
            | "NONE"
            | "NULL"
            | "NK"
            | "UNKNOWN"
            | "NOT KNOWN"
            | "NOT STATED"
    )
}

fn sex(text: &str) -> &'static str {
    match text.trim().to_ascii_lowercase().as_str() {
        "f" | "female" | "2" | "woman" | "w" => "FEMALE",
        "m" | "male" | "1" | "man" => "MALE",
        _ => "",
    }
}

/// Reads a date, or a year, or a year and month. Default dates are no dates; eight digits that are no day of the
/// calendar are kept, since a slip of the pen is still near the day that was meant.
fn born(text: &str) -> Born {
    let day = |date: Date| {
        u32::try_from(date.year()).map_or(Born::default(), |year| Born::new(year, date.month(), date.day()))
    };
    match parse_date(text) {
        // Most stand there as their digits, which need not be worked out from the day again.
        ReadDate::Date(date) => match in_digits(text) {
            written if written.is_some() => written,
            _ => day(date),
        },
        ReadDate::DateWithNotice(date, _) => day(date),
        ReadDate::Blank | ReadDate::NoDate => Born::default(),
        ReadDate::Bad | ReadDate::MonthFirst => in_digits(text),
    }
}

fn in_digits(text: &str) -> Born {
    let bytes = text.trim_ascii().as_bytes();
    let digits = |from: usize, to: usize| {
        bytes.get(from..to)?.iter().try_fold(0u32, |sum, byte| {
            byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'))
        })
    };
    let parts = match bytes {
        [_, _, _, _, b'-', _, _, b'-', _, _] => (digits(0, 4), digits(5, 7), digits(8, 10)),
        [_, _, _, _, _, _, _, _] => (digits(0, 4), digits(4, 6), digits(6, 8)),
        [_, _, _, _, b'-', _, _] => (digits(0, 4), digits(5, 7), Some(0)),
        [_, _, _, _] => (digits(0, 4), Some(0), Some(0)),
        _ => (None, None, None),
    };
    match parts {
        (Some(year @ 1..), Some(month), Some(day)) => Born::new(year, month, day),
        _ => Born::default(),
    }
}
