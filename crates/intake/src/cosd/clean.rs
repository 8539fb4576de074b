//! One record, read and normalised: what is known of it, and nothing that could not be read.
//!
//! A clean record goes to the scratch file in a compact form of our own, because whether it
//! stands, and what of older versions it takes over, is known only when every file was read.

use layouts::cosd_paths::Field;
use vocabulary::date::Date;

/// A value that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Text(Box<str>),
    Date(Date),
}

/// The values of a record or of a section, at most one a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cells(Vec<(Field, Cell)>);

impl Cells {
    pub(super) fn put_text(&mut self, field: Field, text: impl Into<Box<str>>) {
        let text = text.into();
        if !text.is_empty() {
            self.0.push((field, Cell::Text(text)));
        }
    }

    pub(super) fn put_date(&mut self, field: Field, date: Option<Date>) {
        self.0.extend(date.map(|date| (field, Cell::Date(date))));
    }

    pub(super) fn text(&self, field: Field) -> Option<&str> {
        self.0
            .iter()
            .filter(|(known, _)| *known == field)
            .find_map(|(_, cell)| match cell {
                Cell::Text(text) => Some(&**text),
                Cell::Date(_) => None,
            })
    }

    pub(super) fn date(&self, field: Field) -> Option<Date> {
        self.0
            .iter()
            .filter(|(known, _)| *known == field)
            .find_map(|(_, cell)| match cell {
                Cell::Date(date) => Some(*date),
                Cell::Text(_) => None,
            })
    }

    pub(super) fn remove(&mut self, field: Field) {
        self.0.retain(|(known, _)| *known != field);
    }

    /// Takes over what is not said here.
    pub(super) fn inherit(&mut self, older: Self) {
        for (field, cell) in older.0 {
            if !self.0.iter().any(|(known, _)| *known == field) {
                self.0.push((field, cell));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A section that may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum List {
    AtDiagnosis,
    PrimaryProgression,
    Recurrence,
    Progression,
    Treatment,
    Meeting,
    AcuteOncology,
    Assessment,
}

impl List {
    pub(super) const ALL: [Self; 8] = [
        Self::AtDiagnosis,
        Self::PrimaryProgression,
        Self::Recurrence,
        Self::Progression,
        Self::Treatment,
        Self::Meeting,
        Self::AcuteOncology,
        Self::Assessment,
    ];

    /// The word in the column `SECTION` of metastases; none for other lists.
    pub(super) fn metastasis(self) -> Option<&'static str> {
        match self {
            Self::AtDiagnosis => Some("at_diagnosis"),
            Self::PrimaryProgression => Some("primary_progression"),
            Self::Recurrence => Some("recurrence"),
            Self::Progression => Some("progression"),
            Self::Treatment | Self::Meeting | Self::AcuteOncology | Self::Assessment => None,
        }
    }
}

/// One occurrence of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) list: List,
    pub(super) cells: Cells,
    /// Types and sites, such as `03/10 03/12`.
    pub(super) pairs: Box<str>,
}

/// A person's number that passed its check.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) digits: Box<str>,
    pub(super) kind: Box<str>,
}

/// One record.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Clean {
    pub(super) row: u64,
    pub(super) id: Option<Box<str>>,
    pub(super) primary: bool,
    pub(super) non_primary: bool,
    /// A birth after its date was stated, so that no month is sure.
    pub(super) unsure: bool,
    pub(super) number: Option<Number>,
    pub(super) cells: Cells,
    pub(super) entries: Vec<Entry>,
}

impl Clean {
    /// The date of the non primary diagnosis, else of the primary one.
    pub(super) fn event_date(&self) -> Option<Date> {
        self.cells
            .date(Field::NonPrimaryDate)
            .or_else(|| self.cells.date(Field::PrimaryDate))
    }

    /// The content as bytes; the row is left out, so that equal content is equal bytes.
    pub(super) fn encode(&self, into: &mut Vec<u8>) {
        put_optional(into, self.id.as_deref());
        into.push(u8::from(self.primary) | u8::from(self.non_primary) << 1 | u8::from(self.unsure) << 2);
        put_optional(into, self.number.as_ref().map(|number| &*number.digits));
        put_optional(into, self.number.as_ref().map(|number| &*number.kind));
        put_cells(into, &self.cells);
        put_number(into, self.entries.len());
        for entry in &self.entries {
            into.push(entry.list as u8);
            put_text(into, &entry.pairs);
            put_cells(into, &entry.cells);
        }
    }

    /// Reads back what [`Clean::encode`] wrote; none when the bytes are damaged.
    pub(super) fn decode(row: u64, bytes: &[u8]) -> Option<Self> {
        let mut from = Bytes(bytes);
        let id = from.optional()?.map(Into::into);
        let flags = from.byte()?;
        let number = from.optional()?.zip(from.optional()?);
        let cells = from.cells()?;
        let mut entries = Vec::new();
        for _ in 0..from.number()? {
            let list = *List::ALL.get(usize::from(from.byte()?))?;
            entries.push(Entry {
                list,
                pairs: from.text()?.into(),
                cells: from.cells()?,
            });
        }
        Some(Self {
            row,
            id,
            primary: flags & 1 != 0,
            non_primary: flags & 2 != 0,
            unsure: flags & 4 != 0,
            number: number.map(|(digits, kind)| Number {
                digits: digits.into(),
                kind: kind.into(),
            }),
            cells,
            entries,
        })
    }
}

fn put_number(into: &mut Vec<u8>, number: usize) {
    into.extend_from_slice(&(number as u32).to_le_bytes());
}

fn put_text(into: &mut Vec<u8>, text: &str) {
    put_number(into, text.len());
    into.extend_from_slice(text.as_bytes());
}

fn put_optional(into: &mut Vec<u8>, text: Option<&str>) {
    into.push(u8::from(text.is_some()));
    if let Some(text) = text {
        put_text(into, text);
    }
}

fn put_cells(into: &mut Vec<u8>, cells: &Cells) {
    put_number(into, cells.0.len());
    for (field, cell) in &cells.0 {
        into.push(*field as u8);
        match cell {
            Cell::Text(text) => {
                into.push(0);
                put_text(into, text);
            }
            Cell::Date(date) => {
                into.push(1);
                into.extend_from_slice(&date.days().to_le_bytes());
            }
        }
    }
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    fn four(&mut self) -> Option<[u8; 4]> {
        self.take(4)?.try_into().ok()
    }

    fn number(&mut self) -> Option<usize> {
        Some(u32::from_le_bytes(self.four()?) as usize)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    fn optional(&mut self) -> Option<Option<&'a str>> {
        Some(if self.byte()? == 1 {
            Some(self.text()?)
        } else {
            None
        })
    }

    fn cells(&mut self) -> Option<Cells> {
        let mut cells = Vec::new();
        for _ in 0..self.number()? {
            let field = *Field::ALL.get(usize::from(self.byte()?))?;
            let cell = match self.byte()? {
                0 => Cell::Text(self.text()?.into()),
                _ => Cell::Date(Date::from_days(i32::from_le_bytes(self.four()?))),
            };
            cells.push((field, cell));
        }
        Some(Cells(cells))
    }
}
