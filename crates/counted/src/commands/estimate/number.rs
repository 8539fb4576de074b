//! Numbers and yes or no, as they stand in cells.

use crate::exit::Failure;

use super::table::{Line, Table};

/// What people write where nothing is known.
const MISSING: [&str; 12] = [
    "",
    "na",
    "n/a",
    "nan",
    "null",
    "none",
    "missing",
    "unknown",
    "not known",
    ".",
    "-",
    "–",
];

/// Whether a cell says that nothing is known.
pub(super) fn is_missing(text: &str) -> bool {
    MISSING.contains(&text.trim().to_lowercase().as_str())
}

/// A number as written: 1234, 1,234, 0.95, 5 %, and 0,95 where the delimiter is a semicolon.
pub(super) fn parse(text: &str, decimal_comma: bool) -> Option<f64> {
    let text = text.trim();
    let (text, factor) = match text.strip_suffix('%') {
        Some(share) => (share.trim_end(), 0.01),
        None => (text, 1.0),
    };
    let number: f64 = if decimal_comma && !text.contains('.') {
        text.replace(',', ".").parse().ok()?
    } else if is_grouped(text) {
        text.replace(',', "").parse().ok()?
    } else {
        text.parse().ok()?
    };
    number.is_finite().then_some(number * factor)
}

/// Whether every comma stands before three digits: 1,234,567.
fn is_grouped(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or("").trim_start_matches('-');
    let mut groups = whole.split(',');
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups
        .next()
        .is_some_and(|group| (1..=3).contains(&group.len()) && digits(group));
    first && groups.all(|group| group.len() == 3 && digits(group))
}

/// Whether a comma or a point stands before three digits, as between thousands: 11,000 or 11.000.
fn is_in_doubt(text: &str) -> bool {
    let text = text.trim().replace('.', ",");
    text.contains(',') && is_grouped(&text)
}

impl Table {
    /// A number; none where nothing is known.
    pub(super) fn number(&self, line: &Line, column: usize) -> Result<Option<f64>, Failure> {
        let text = self.text(line, column);
        if is_missing(text) {
            return Ok(None);
        }
        parse(text, self.decimal_comma)
            .map(Some)
            .ok_or_else(|| self.wrong(line, column, "it is not a number; write for example 12 or 0.95"))
    }

    /// A count; none where nothing is known.
    pub(super) fn count(&self, line: &Line, column: usize) -> Result<Option<u64>, Failure> {
        let Some(number) = self.number(line, column)? else {
            return Ok(None);
        };
        if self.decimal_comma && is_in_doubt(self.text(line, column)) {
            return Err(self.wrong(
                line,
                column,
                "its comma or point may stand between thousands or before decimals; write 11000 or 11",
            ));
        }
        // Larger ones are not counted exactly any more.
        if number < 0.0 || number.fract() != 0.0 || number > 9e15 {
            return Err(self.wrong(line, column, "it is not a count; write a whole number from 0 on"));
        }
        Ok(Some(number as u64))
    }

    /// A count that the table cannot do without.
    pub(super) fn sure_count(&self, line: &Line, column: usize) -> Result<u64, Failure> {
        self.count(line, column)?
            .ok_or_else(|| self.wrong(line, column, "it is empty; write 0 where there was nobody"))
    }

    /// A number that the table cannot do without.
    pub(super) fn sure_number(&self, line: &Line, column: usize) -> Result<f64, Failure> {
        self.number(line, column)?
            .ok_or_else(|| self.wrong(line, column, "it is empty; a number is needed here"))
    }

    /// Yes or no: 1 or 0, yes or no, true or false.
    pub(super) fn yes(&self, line: &Line, column: usize) -> Result<bool, Failure> {
        match self.text(line, column).trim().to_lowercase().as_str() {
            "1" | "1.0" | "yes" | "y" | "true" => Ok(true),
            "0" | "0.0" | "no" | "n" | "false" => Ok(false),
            _ => Err(self.wrong(
                line,
                column,
                "it is neither 1 nor 0; write 1 for on this list, 0 for not on it",
            )),
        }
    }

    /// One value for each calendar year, in their order, and the first year.
    pub(super) fn by_year<T>(
        &self,
        year: usize,
        value: impl Fn(&Line) -> Result<T, Failure>,
    ) -> Result<(i32, Vec<T>), Failure> {
        let mut years = Vec::with_capacity(self.rows.len());
        for line in &self.rows {
            let number = self.sure_number(line, year)?;
            if number.fract() != 0.0 || !(1_000.0..=3_000.0).contains(&number) {
                return Err(self.wrong(line, year, "it is no calendar year; write for example 2016"));
            }
            years.push((number as i32, line));
        }
        years.sort_by_key(|(number, _)| *number);
        let first = years.first().map_or(0, |(number, _)| *number);
        for (wanted, (number, line)) in (first..).zip(&years) {
            if *number < wanted {
                return Err(self.wrong(line, year, "this year stands in the file already; remove one"));
            }
            if *number > wanted {
                let what = format!("the year {wanted} before it is missing; every year is needed");
                return Err(self.wrong(line, year, &what));
            }
        }
        let values = years.iter().map(|(_, line)| value(line));
        Ok((first, values.collect::<Result<_, _>>()?))
    }

    /// Whether not one cell of these columns holds anything, though there are rows.
    pub(super) fn all_missing(&self, columns: &[usize]) -> bool {
        let missing = |line: &Line| columns.iter().all(|column| is_missing(self.text(line, *column)));
        !self.rows.is_empty() && self.rows.iter().all(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, wanted) in [
            ("12", Some(12.0)),
            (" 1,234 ", Some(1_234.0)),
            ("1,234,567.5", Some(1_234_567.5)),
            ("0.95", Some(0.95)),
            ("5 %", Some(0.05)),
            ("1e3", Some(1_000.0)),
            ("-3", Some(-3.0)),
            ("1,2", None),
            ("12,34", None),
            ("twelve", None),
            ("inf", None),
        ] {
            assert_eq!(parse(text, false), wanted, "{text}");
        }
        assert_eq!(parse("0,95", true), Some(0.95));
        assert!(["11,000", "11.000", "1.234,567"].into_iter().all(is_in_doubt));
        assert!(!["11000", "11,0", "110", "1234,5"].into_iter().any(is_in_doubt));
        assert!(is_missing(" N/A ") && is_missing("") && !is_missing("0"));
    }
}
