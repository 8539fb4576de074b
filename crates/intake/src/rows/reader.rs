//! From the cells of a row to a row of identities and a row of the kind's table, or to a reason why
//! the row is set aside. The same for CSV and Parquet.
//!
//! Invariant: [`RowReader::row`] either appends exactly one row to both tables or sets the row aside or, where not
//! everything is asked for, passes it over; and nothing is said about the cells of a row that is set aside.

use layouts::Cell;
use vocabulary::date::{Date, ReadDate, parse_date};
use vocabulary::spreadsheet::bare;

use crate::limits::Limits;
use crate::outcome::{Reason, SetAside};
use crate::problem::Problems;
use crate::rows::bodies::Bodies;
use crate::rows::buffer::RowBuffer;
use crate::rows::cells::CellReader;
use crate::rows::marks::{Known, Marker, Seen};
use crate::rows::narrow::Narrow;
use crate::rows::plan::{Field, Plan};
use crate::rows::text::{is_blank, key_in, says_nothing, text};
use crate::rules;

/// The cells of one row; none beyond its end.
pub(crate) trait Cells {
    /// How many cells the row has.
    fn width(&self) -> usize;
    /// A cell, without outer spaces; empty where there is none.
    fn cell(&self, index: usize) -> &[u8];
}

impl Cells for csv::ByteRecord {
    fn width(&self) -> usize {
        self.len()
    }

    #[inline]
    fn cell(&self, index: usize) -> &[u8] {
        match self.get(index) {
            // Most cells are empty, and most others begin and end with what they hold.
            Some(cell @ [first, .., last])
                if !(first.is_ascii_whitespace() || last.is_ascii_whitespace()) =>
            {
                cell
            }
            Some(cell) => cell.trim_ascii(),
            None => b"",
        }
    }
}

/// What stays the same for all rows of a file.
pub(crate) struct Setting<'a> {
    pub(crate) file: u32,
    pub(crate) as_of: Date,
    pub(crate) limits: Limits,
    /// The one nation that the source comes from, if study.toml says so.
    pub(crate) nation: Option<&'a str>,
    /// Rows that repeat a row of an earlier file.
    pub(crate) known: &'a Known,
}

/// Reads the rows of one file.
pub(crate) struct RowReader<'a> {
    pub(crate) setting: Setting<'a>,
    pub(crate) plan: &'a Plan,
    pub(crate) cells: CellReader,
    pub(crate) identities: RowBuffer,
    pub(crate) records: RowBuffer,
    pub(crate) set_aside: Vec<SetAside>,
    pub(crate) bodies: Bodies<'a>,
    pub(crate) seen: Seen,
    pub(crate) in_identities: u64,
    /// Passes over rows that nobody asks for.
    pub(crate) narrow: Option<Narrow>,
    /// Rows that were passed over.
    pub(crate) passed_over: u64,
    /// Whether the date of any record can be read.
    is_dated: bool,
    /// The first field that should hold the date of a record, and holds something else.
    undatable: Option<usize>,
    marker: Marker,
    /// The dates of the row, by field.
    pub(crate) dates: Vec<Option<Date>>,
    /// Whether a date of the row lies after the study's last day and was taken as that day.
    pub(crate) looked_later: bool,
    /// The day on which somebody looked, as it is written.
    pub(crate) looked_on: Option<Date>,
    /// The sender of the row, as sent.
    pub(crate) organisation: String,
}

impl<'a> RowReader<'a> {
    pub(crate) fn new(setting: Setting<'a>, plan: &'a Plan, bodies: Bodies<'a>, problems: Problems) -> Self {
        let table_width = 2 + plan.table.len();
        Self {
            plan,
            cells: CellReader::new(problems),
            identities: RowBuffer::new(layouts::tables::identities().columns.len()),
            records: RowBuffer::new(table_width),
            set_aside: Vec::new(),
            bodies,
            seen: Seen::default(),
            in_identities: 0,
            narrow: None,
            passed_over: 0,
            is_dated: false,
            undatable: None,
            marker: Marker::new(&plan.header),
            dates: vec![None; plan.fields.len()],
            looked_later: false,
            looked_on: None,
            organisation: String::new(),
            setting,
        }
    }

    /// Reads one row. `lines` is how many lines of the file it spans.
    pub(crate) fn row(&mut self, cells: &impl Cells, row: u64, lines: u64) {
        if self.narrow.as_mut().is_some_and(|narrow| !narrow.keeps(cells)) {
            self.passed_over += 1;
            return;
        }
        self.cells.row = row;
        if let Some((reason, by)) = self.reason_against(cells, row) {
            self.set_aside.push(SetAside {
                file: self.setting.file,
                row,
                record: None,
                reason,
                by,
            });
            return;
        }
        if lines > 1 {
            rules::ROW_LINES.broken(&mut self.cells.problems, row, "", || lines.to_string());
        }
        if cells.width() < self.plan.header.len() {
            self.cells.note(rules::ROW_SHORT, "");
        }
        for &field in &self.plan.dates {
            let cell = pick(&mut self.cells, self.plan, &self.setting.limits, cells, field);
            self.dates[field] = self.cells.date(cell, &self.plan.fields[field]);
        }
        self.look_back(cells);
        let event = self.plan.roles.events.iter().find_map(|&field| self.dates[field]);
        self.hear_date(cells, event);
        self.identity(cells, row);
        self.table(cells, row);
        self.in_identities += 1;
    }

    fn hear_date(&mut self, cells: &impl Cells, event: Option<Date>) {
        self.is_dated |= event.is_some();
        if self.is_dated || self.undatable.is_some() {
            return;
        }
        let mut fields = self.plan.roles.events.iter().copied();
        self.undatable = fields.find(|&field| is_no_date(first(&self.plan.fields[field], cells)));
    }

    /// The column of the records' dates, where there is something in it and no date of the whole file can be read. Not
    /// where rows were passed over, or are known to stand in another file: these may have dates.
    pub(crate) fn undated(&self) -> Option<&'static str> {
        let field = self.undatable.filter(|_| !self.is_dated)?;
        let is_whole = self.passed_over == 0 && self.setting.known.is_empty();
        is_whole.then(|| self.plan.fields[field].name)
    }

    /// Why the row is not used, if so, and what stands in its place.
    fn reason_against(&mut self, cells: &impl Cells, row: u64) -> Option<(Reason, Option<(u32, u64)>)> {
        let (width, wanted) = (cells.width(), self.plan.header.len());
        if width != wanted {
            if (wanted..width).any(|index| !cells.cell(index).is_empty()) {
                self.cells.note(rules::ROW_LONG, "");
                return Some((Reason::Unparsable, None));
            }
            if width < wanted && (0..width).any(|index| !cells.cell(index).is_empty()) && self.is_cut(width) {
                self.cells.note(rules::ROW_CUT, "");
                return Some((Reason::Unparsable, None));
            }
        }
        if (0..width.min(wanted)).all(|index| cells.cell(index).is_empty()) {
            self.cells.note(rules::ROW_BLANK, "");
            return Some((Reason::Unparsable, None));
        }
        let space = self.only_space(cells);
        let mark = self.marker.mark(|index| cells.cell(index), space);
        let earlier = self.setting.known.get(&row).copied();
        let own = self.seen.first(mark, row);
        if let Some(by) = earlier.or_else(|| own.map(|first| self.stands_for(first))) {
            rules::REPEATED.broken(&mut self.cells.problems, row, "", || {
                if by.0 == self.setting.file {
                    format!("row {}", by.1)
                } else {
                    format!("row {} of an earlier file", by.1)
                }
            });
            return Some((Reason::Repeated, Some(by)));
        }
        let event = self
            .plan
            .roles
            .events
            .iter()
            .find_map(|&field| self.glance(cells, field));
        if event.is_some_and(|date| date > self.setting.as_of) && !self.found_none(cells) {
            self.is_dated = true;
            self.cells.saw(event);
            self.cells.note(rules::AFTER_AS_OF, "");
            return Some((Reason::AfterAsOf, None));
        }
        None
    }

    /// The space of the key of a row that says by nothing else who it is about; empty for any other. Equal rows of this kind are
    /// of one person only within one space.
    fn only_space(&mut self, cells: &impl Cells) -> &'a str {
        let plan = self.plan;
        let roles = &plan.roles;
        if roles.keys.is_empty() {
            return "";
        }
        let others = [
            roles.number,
            roles.birth_date,
            roles.birth_month,
            roles.family_name,
            roles.local_id,
        ];
        let scratch = &mut self.cells.scratch;
        let mut says = |cell: &[u8]| !key_in(text(cell, scratch).0).is_empty();
        let mut others = others.into_iter().flatten();
        if others.any(|field| says(first(&plan.fields[field], cells))) {
            return "";
        }
        let mut keys = roles.keys.iter();
        let key = keys.find(|key| says(cells.cell(key.source)));
        key.map_or("", |key| key.space.as_str())
    }

    /// Whether the row says that somebody looked and found no disease. That it is not known is no such answer.
    pub(crate) fn found_none(&self, cells: &impl Cells) -> bool {
        const NO: [&str; 4] = ["no", "n", "false", "0"];
        let Some(field) = self.plan.roles.finding else {
            return false;
        };
        let mut scratch = String::new();
        let (said, _) = text(first(&self.plan.fields[field], cells), &mut scratch);
        NO.iter().any(|no| bare(said).eq_ignore_ascii_case(no))
    }

    /// Whether the row is a question that nobody has answered yet, such as a line of a work list that came back as it went: what
    /// was found, every day of it, and whatever else is asked with yes or no are blank.
    pub(crate) fn is_unanswered(&self, cells: &impl Cells) -> bool {
        let plan = self.plan;
        if plan.roles.finding.is_none() {
            return false;
        }
        let asks = |field: &&Field| field.column.values.iter().any(|value| value == "yes");
        let days = plan.roles.events.iter().map(|&field| &plan.fields[field]);
        let mut answers = plan.fields.iter().filter(asks).chain(days);
        answers.all(|field| first(field, cells).is_empty())
    }

    /// Who looked after the study's last day and found none had before them all that was there on it: the row is of that day.
    /// Answers to a work list come after that day, and a "yes" has the day of the disease beside the day of looking. The day of
    /// looking itself stays, since it says which of two who looked came later.
    fn look_back(&mut self, cells: &impl Cells) {
        self.looked_later = false;
        self.looked_on = self.plan.roles.looked_on.and_then(|field| self.dates[field]);
        if !self.found_none(cells) {
            return;
        }
        let as_of = self.setting.as_of;
        for &field in &self.plan.roles.events {
            if self.dates[field].is_some_and(|date| date > as_of) {
                self.dates[field] = Some(as_of);
                self.looked_later = true;
            }
        }
    }

    /// A row of this file that is itself a repeat stands for the one that it repeats.
    fn stands_for(&self, row: u64) -> (u32, u64) {
        self.setting
            .known
            .get(&row)
            .copied()
            .unwrap_or((self.setting.file, row))
    }

    /// A short row is cut when it ends before every date of the record, or before all that says who it is about.
    fn is_cut(&self, width: usize) -> bool {
        let reaches = |field: usize| {
            self.plan.fields[field]
                .sources
                .iter()
                .any(|&source| source < width)
        };
        let roles = &self.plan.roles;
        let who = [
            roles.number,
            roles.birth_date,
            roles.birth_month,
            roles.family_name,
            roles.given_name,
            roles.local_id,
        ];
        let mut who = who.into_iter().flatten().peekable();
        let key = roles.keys.iter().any(|key| key.source < width);
        let nobody = who.peek().is_some() && !key && !who.any(reaches);
        nobody || !roles.events.iter().any(|&field| reaches(field))
    }

    /// A date without a word about it.
    fn glance(&self, cells: &impl Cells, field: usize) -> Option<Date> {
        let field = &self.plan.fields[field];
        self.cells.glance(first(field, cells), field)
    }

    /// Whether the date of the record is known and not after `as_of`.
    pub(crate) fn is_within(&self) -> bool {
        let event = self.plan.roles.events.iter().find_map(|&field| self.dates[field]);
        event.is_some_and(|date| date <= self.setting.as_of)
    }

    /// A date up to `as_of`; a later one is noted and not used.
    pub(crate) fn used(&mut self, field: usize) -> Option<Date> {
        let date = self.dates[field]?;
        if date <= self.setting.as_of {
            return Some(date);
        }
        self.cells
            .note(rules::DATE_AFTER_AS_OF, self.plan.fields[field].name);
        None
    }
}

/// The cell of a field: the first that is not blank. Headers that mean the same must agree.
pub(crate) fn pick<'c>(
    reader: &mut CellReader,
    plan: &Plan,
    limits: &Limits,
    cells: &'c impl Cells,
    field: usize,
) -> &'c [u8] {
    let field = &plan.fields[field];
    let found = first(field, cells);
    if field.twins > 1 {
        let mut twins = field.sources[..field.twins]
            .iter()
            .map(|&source| cells.cell(source));
        if twins.any(|twin| !is_nothing(twin, field) && twin != found) {
            reader.note(rules::DISAGREE, field.name);
        }
    }
    if found.len() > limits.cell_bytes {
        reader.note(rules::CELL_LONG, field.name);
        return b"";
    }
    found
}

/// Whether a cell holds something that is neither a date nor says that there is none.
fn is_no_date(cell: &[u8]) -> bool {
    match std::str::from_utf8(cell) {
        Ok(text) => matches!(parse_date(text), ReadDate::Bad | ReadDate::MonthFirst) && !says_nothing(text),
        Err(_) => true,
    }
}

/// Whether a cell of a field says nothing, so that the next is looked at. There are people called Null.
fn is_nothing(cell: &[u8], field: &Field) -> bool {
    if field.column.cell == Cell::Name {
        cell.is_empty()
    } else {
        is_blank(cell)
    }
}

/// The cell of a field without a word about it; empty where none says anything.
pub(crate) fn first<'c>(field: &Field, cells: &'c impl Cells) -> &'c [u8] {
    field
        .sources
        .iter()
        .map(|&source| cells.cell(source))
        .find(|cell| !is_nothing(cell, field))
        .unwrap_or_default()
}
