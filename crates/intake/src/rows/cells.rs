//! Reading one cell: what its kind makes of it, and what is said when it makes nothing.
//!
//! No function here lets the value of an identity cell into a problem, and values of other cells
//! appear only where [`crate::rows::codes`] proves them to have the shape of a code.

use layouts::Role;
use vocabulary::date::{Date, PartialDate, ReadDate, parse_date, parse_month_year};
use vocabulary::number::{NumberFault, PersonNumber};
use vocabulary::postcode::Postcode;
use vocabulary::sex::Sex;
use vocabulary::spreadsheet::bare;

use crate::problem::Problems;
use crate::rows::codes::{is_placeholder, shown};
use crate::rows::plan::Field;
use crate::rows::text::{key_in, says_not_known, says_nothing, text};
use crate::rules::{self, Rule};

/// The longest text that is kept of one cell, in bytes.
pub(crate) const TEXT_BYTES: usize = 4_096;
/// The days that stand for no date, as months of birth.
const NO_MONTH: [&str; 9] = [
    "101582", "011600", "011753", "011800", "011801", "121899", "011900", "019999", "129999",
];
/// 1 January 1900, as days since 1 January 1970. Of nothing that happened before does a hospital send a record.
const EARLIEST: i32 = -25_567;

/// How the dates of a column are ordered that are written in figures with the year last, as far as its cells tell.
#[derive(Debug, Clone, Copy)]
struct Order {
    column: &'static str,
    /// Some cell is a date with the day first only.
    day_first: bool,
    /// Some cell is a date with the month first only.
    month_first: bool,
}

/// Reads cells of one file and collects what is wrong with them.
pub(crate) struct CellReader {
    pub(crate) problems: Problems,
    /// The row that is being read.
    pub(crate) row: u64,
    /// Whether a cell had to be decoded.
    pub(crate) decoded: bool,
    /// The latest date of any cell.
    pub(crate) latest: Option<Date>,
    pub(crate) scratch: String,
    pub(crate) code: String,
    orders: Vec<Order>,
    /// The columns whose dates with the year last are known to have the month first: none of these is used.
    refused: Vec<&'static str>,
}

impl CellReader {
    pub(crate) fn new(problems: Problems) -> Self {
        Self {
            problems,
            row: 0,
            decoded: false,
            latest: None,
            scratch: String::new(),
            code: String::new(),
            orders: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Uses no date of these columns that has its year last.
    pub(crate) fn refuse(&mut self, columns: &[&'static str]) {
        self.refused = columns.to_vec();
    }

    /// The columns that look like month/day/year: some cell is a date only so, and none is one only as day/month/year.
    pub(crate) fn month_first(&self) -> Vec<&'static str> {
        self.orders
            .iter()
            .filter(|order| order.month_first && !order.day_first)
            .map(|order| order.column)
            .collect()
    }

    /// Notes that the row breaks a rule in a field.
    pub(crate) fn note(&mut self, rule: &'static Rule, field: &str) {
        rule.broken(&mut self.problems, self.row, field, String::new);
    }

    /// What a cell says, without what spreadsheets put round it, and where what is wrong with it goes: the problems, and the row.
    pub(crate) fn said<'c>(&'c mut self, cell: &'c [u8]) -> (&'c mut Problems, u64, &'c str) {
        let (text, _) = text(cell, &mut self.scratch);
        (&mut self.problems, self.row, bare(text))
    }

    /// Takes note of a date that a cell holds.
    pub(crate) fn saw(&mut self, date: Option<Date>) {
        // None is before every day.
        self.latest = self.latest.max(date);
    }

    /// A date, with what is wrong with it; later ones than `as_of` too, for the caller to judge.
    pub(crate) fn date(&mut self, cell: &[u8], field: &Field) -> Option<Date> {
        let date = self.read_date(cell, field);
        self.saw(date);
        date
    }

    fn read_date(&mut self, cell: &[u8], field: &Field) -> Option<Date> {
        let Self {
            problems,
            row,
            scratch,
            orders,
            refused,
            ..
        } = self;
        let (text, _) = text(cell, scratch);
        let text = bare(text);
        let read = parse_date(text);
        match read {
            ReadDate::DateWithNotice(..) | ReadDate::MonthFirst if refused.contains(&field.name) => {
                rules::DATE_MONTH_FIRST.broken(problems, *row, field.name, String::new);
                return None;
            }
            ReadDate::Date(_) => {}
            ReadDate::DateWithNotice(date, _) => {
                note_order(orders, field.name, date.day() > 12, false);
                rules::DATE_DAY_FIRST.broken(problems, *row, field.name, String::new);
            }
            ReadDate::MonthFirst => {
                note_order(orders, field.name, false, true);
                rules::DATE_UNREADABLE.broken(problems, *row, field.name, String::new);
            }
            ReadDate::Blank => {}
            ReadDate::NoDate => rules::DATE_PLACEHOLDER.broken(problems, *row, field.name, || {
                if field.identifies {
                    "the date".to_owned()
                } else {
                    format!("`{text}`")
                }
            }),
            ReadDate::Bad if says_nothing(text) => {}
            ReadDate::Bad if is_number_of_a_day(text) => {
                rules::DATE_AS_NUMBER.broken(problems, *row, field.name, String::new);
            }
            ReadDate::Bad => rules::DATE_UNREADABLE.broken(problems, *row, field.name, String::new),
        }
        let date = read.date()?;
        if is_early(date, field) {
            rules::DATE_EARLY.broken(problems, *row, field.name, String::new);
            return None;
        }
        Some(date)
    }

    /// The day of a cell, if it can be used, without a word about it.
    pub(crate) fn glance(&self, cell: &[u8], field: &Field) -> Option<Date> {
        let read = parse_date(std::str::from_utf8(cell).ok()?);
        if matches!(read, ReadDate::DateWithNotice(..)) && self.refused.contains(&field.name) {
            return None;
        }
        read.date().filter(|date| !is_early(*date, field))
    }

    /// Says so where a cell holds neither a vital status that is known nor a word for "not known".
    pub(crate) fn strange_status(&mut self, cell: &[u8], field: &Field) {
        let (problems, row, text) = self.said(cell);
        if !says_not_known(text) {
            rules::VITAL_UNKNOWN.broken(problems, row, field.name, || shown(text));
        }
    }

    /// A month of birth.
    pub(crate) fn month(&mut self, cell: &[u8], field: &Field) -> Option<PartialDate> {
        let (problems, row, text) = self.said(cell);
        if says_nothing(text) {
            return None;
        }
        let month = parse_month_year(text);
        if month.is_none() {
            let rule = if NO_MONTH.contains(&text) {
                rules::DATE_PLACEHOLDER
            } else {
                rules::MONTH_UNREADABLE
            };
            rule.broken(problems, row, field.name, || "the month".to_owned());
        }
        self.saw(month.map(|month| month.latest));
        month
    }

    /// A person's number.
    pub(crate) fn number(
        &mut self,
        cell: &[u8],
        field: &Field,
        nation: Option<&str>,
    ) -> Option<PersonNumber> {
        let (problems, row, text) = self.said(cell);
        if says_nothing(text) {
            return None;
        }
        // Spreadsheets turn numbers into 4010232137.0.
        let text = text.strip_suffix(".0").unwrap_or(text);
        let rule = match PersonNumber::read(text, nation) {
            Ok(number) => {
                if number.is_test_range() {
                    rules::NUMBER_TEST.broken(problems, row, field.name, String::new);
                }
                if number.has_restored_zero() {
                    rules::NUMBER_RESTORED.broken(problems, row, field.name, String::new);
                }
                return Some(number);
            }
            Err(NumberFault::Blank) => return None,
            Err(NumberFault::NotTenDigits) => rules::NUMBER_LENGTH,
            Err(NumberFault::NineDigits) => rules::NUMBER_NINE,
            Err(NumberFault::PowerOfTen) => rules::NUMBER_POWER,
            Err(NumberFault::CheckDigit) => rules::NUMBER_CHECK,
            Err(NumberFault::AllSame) => rules::NUMBER_SAME,
            Err(NumberFault::OutOfRange) => rules::NUMBER_RANGE,
        };
        rule.broken(problems, row, field.name, String::new);
        None
    }

    /// Sex.
    pub(crate) fn sex(&mut self, cell: &[u8], field: &Field) -> Option<Sex> {
        let (problems, row, text) = self.said(cell);
        let text = text.strip_suffix(".0").unwrap_or(text);
        let sex = Sex::read(text);
        if sex.is_none() && !says_nothing(text) {
            // These say that it is not known, and so nothing about the person.
            let known = [
                "0", "00", "3", "03", "9", "09", "99", "X", "U", "I", "UNKNOWN", "NK",
            ];
            match known.into_iter().find(|code| code.eq_ignore_ascii_case(text)) {
                Some(code) => rules::SEX_NOT_KNOWN.broken(problems, row, field.name, || format!("`{code}`")),
                None => rules::SEX_UNREADABLE.broken(problems, row, field.name, String::new),
            }
        }
        sex
    }

    /// A postcode that names a place of residence.
    pub(crate) fn postcode(&mut self, cell: &[u8], field: &Field) -> Option<Postcode> {
        let (problems, row, text) = self.said(cell);
        let postcode = Postcode::read(text);
        if postcode.is_none() && !says_nothing(text) {
            let rule = if Postcode::is_pseudo(text) {
                rules::POSTCODE_PSEUDO
            } else {
                rules::POSTCODE_UNREADABLE
            };
            rule.broken(problems, row, field.name, String::new);
        }
        postcode
    }

    /// A name, in the form in which names are compared; empty when there is none.
    pub(crate) fn name(&mut self, cell: &[u8], field: &Field) -> String {
        let Self {
            problems,
            row,
            decoded,
            scratch,
            ..
        } = self;
        let (text, not_utf8) = text(cell, scratch);
        *decoded |= not_utf8;
        let name = vocabulary::name::normalise_name(upto(text, TEXT_BYTES));
        if name.is_empty() && !text.is_empty() {
            rules::NAME_PLACEHOLDER.broken(problems, *row, field.name, String::new);
        }
        name
    }

    /// The code of an organisation, as sent but in upper case; appended to `out`.
    pub(crate) fn organisation(&mut self, cell: &[u8], field: &Field, out: &mut String) {
        let (problems, row, text) = self.said(cell);
        if says_nothing(text) || is_placeholder(text) {
            return;
        }
        if !may_be_organisation(text) {
            rules::ORGANISATION_UNREADABLE.broken(problems, row, field.name, String::new);
            return;
        }
        let start = out.len();
        out.push_str(text);
        out[start..].make_ascii_uppercase();
    }

    /// A key: a pseudonym, or the sender's own number of the person; empty where there is none.
    pub(crate) fn key<'c>(&'c mut self, cell: &'c [u8]) -> &'c str {
        let Self { decoded, scratch, .. } = self;
        let (text, not_utf8) = text(cell, scratch);
        *decoded |= not_utf8;
        upto(key_in(text), TEXT_BYTES)
    }

    /// Text as sent but for what spreadsheets put round it, for identities: numbers and categories; appended to `out`.
    pub(crate) fn identity_text(&mut self, cell: &[u8], out: &mut String) {
        let Self { decoded, scratch, .. } = self;
        let (text, not_utf8) = text(cell, scratch);
        *decoded |= not_utf8;
        let text = bare(text);
        if !says_nothing(text) && text != "-" {
            out.push_str(upto(text, TEXT_BYTES));
        }
    }

    /// Free text, appended to `out`.
    pub(crate) fn plain(&mut self, cell: &[u8], field: &Field, out: &mut String) {
        let Self { decoded, scratch, .. } = self;
        let (text, not_utf8) = text(cell, scratch);
        *decoded |= not_utf8;
        if !says_nothing(text) {
            push_cased(upto(text, TEXT_BYTES), field, false, out);
        }
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, cell: &[u8], field: &Field) -> Option<i64> {
        let (problems, row, text) = self.said(cell);
        if says_nothing(text) {
            return None;
        }
        let value = text.strip_suffix(".0").unwrap_or(text).parse().ok();
        if value.is_none() {
            rules::CODE_UNKNOWN.broken(problems, row, field.name, || "the cell".to_owned());
        }
        value
    }
}

/// Whether a text has the shape of the code of an organisation.
pub(crate) fn may_be_organisation(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shaped = (2..=12).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_alphanumeric);
    // Many digits and no letter are no organisation: a date or a number has slipped into the column.
    shaped && !(bytes.len() >= 6 && bytes.iter().all(u8::is_ascii_digit))
}

/// Whether a date lies before all records. People may be born before.
fn is_early(date: Date, field: &Field) -> bool {
    date.days() < EARLIEST && !field.column.roles.contains(&Role::BirthDate)
}

/// Five digits: the days since 1900 by which Excel keeps a date.
fn is_number_of_a_day(text: &str) -> bool {
    let text = text.strip_suffix(".0").unwrap_or(text);
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes note of what a cell says about the order of the dates of its column.
fn note_order(orders: &mut Vec<Order>, column: &'static str, day_first: bool, month_first: bool) {
    let Some(order) = orders.iter_mut().find(|order| order.column == column) else {
        orders.push(Order {
            column,
            day_first,
            month_first,
        });
        return;
    };
    order.day_first |= day_first;
    order.month_first |= month_first;
}

/// The beginning of a text, cut between characters.
pub(crate) fn upto(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Appends a text in the case that its column asks for.
pub(crate) fn push_cased(text: &str, field: &Field, is_code: bool, out: &mut String) {
    let start = out.len();
    let upper = is_code || field.column.upper;
    if text.is_ascii() || !(field.column.lower || upper) {
        out.push_str(text);
        if field.column.lower {
            out[start..].make_ascii_lowercase();
        } else if upper {
            out[start..].make_ascii_uppercase();
        }
    } else if field.column.lower {
        out.extend(text.chars().flat_map(char::to_lowercase));
    } else {
        out.extend(text.chars().flat_map(char::to_uppercase));
    }
}
