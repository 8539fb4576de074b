//! The rules that rows are checked against: each with its weight, its words and what to do.
//!
//! A message may show a value only where [`crate::rows`] proves it to be a code; `{}` marks the place.

use crate::problem::{Problem, Problems, Severity};

/// A rule of intake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name in the problems table.
    pub name: &'static str,
    /// How much breaking it weighs.
    pub severity: Severity,
    /// What is wrong; `{}` stands for a detail.
    pub message: &'static str,
    /// What to do.
    pub fix: &'static str,
}

impl Rule {
    /// Notes that a row breaks this rule. `detail` is worded only while the group is listed.
    pub(crate) fn broken(
        &'static self,
        problems: &mut Problems,
        row: u64,
        field: &str,
        detail: impl FnOnce() -> String,
    ) {
        if problems.count(self.name, field) {
            return;
        }
        problems.add(Problem {
            row: Some(row),
            field: (!field.is_empty()).then(|| field.to_owned()),
            rule: self.name.into(),
            severity: self.severity,
            message: self.worded(detail),
            fix: self.fix.to_owned(),
        });
    }

    /// Notes that a file as a whole breaks this rule.
    pub(crate) fn of_file(
        &'static self,
        problems: &mut Problems,
        field: &str,
        detail: impl FnOnce() -> String,
    ) {
        problems.add(Problem {
            row: None,
            field: (!field.is_empty()).then(|| field.to_owned()),
            rule: self.name.into(),
            severity: self.severity,
            message: self.worded(detail),
            fix: self.fix.to_owned(),
        });
    }

    fn worded(&self, detail: impl FnOnce() -> String) -> String {
        if self.message.contains("{}") {
            self.message.replace("{}", &detail())
        } else {
            self.message.to_owned()
        }
    }
}

macro_rules! rules {
    ($($constant:ident = $name:literal, $severity:ident, $message:literal, $fix:literal;)*) => {
        $(pub(crate) const $constant: &Rule = &Rule {
            name: $name,
            severity: Severity::$severity,
            message: $message,
            fix: $fix,
        };)*
        /// Every rule that rows of CSV and Parquet are checked against, for the book.
        pub const ROW_RULES: &[&Rule] = &[$($constant),*];
    };
}

rules! {
    // The file as a whole.
    COLUMN_MISSING = "column-missing", Warning,
        "the column is not there; without it {}",
        "add it, or, if it has another name, map it under [source.columns] in study.toml";
    COLUMN_UNKNOWN = "column-unknown", Notice,
        "these columns are not known and are not read: {}",
        "nothing to do, unless one of them is a known column under another name: then map it under [source.columns]";
    NOT_UTF_8 = "encoding-windows-1252", Notice,
        "some text is not UTF-8 and was read as Windows-1252",
        "export the file as UTF-8";
    MALFORMED = "encoding-broken", Warning,
        "some bytes are no text in the encoding that the file begins with; each was replaced",
        "export the file again as UTF-8";
    NO_ROWS = "no-rows", Warning,
        "the file has a header and no rows",
        "nothing to do if there was nothing to send; otherwise export it again";
    UNREADABLE = "file-unreadable", Error,
        "the whole file was set aside: {}",
        "correct it and run again";
    ORGANISATION_UNKNOWN = "organisation-unknown", Notice,
        "codes of organisations that are in no list that we hold, with their records; old and local codes are kept as sent: {}",
        "check that they are no typing errors, or put them into the list (`organisations` in study.toml); records under them count for the nation of their source (`nations`), not for a trust on the map";
    // The row as a whole.
    ROW_BLANK = "row-blank", Notice,
        "every cell is blank; the row was set aside",
        "nothing to do";
    ROW_LONG = "row-too-long", Error,
        "the row has more cells than the header, so which cell belongs to which column is not known; it was set aside",
        "put quotes round cells that hold the delimiter, and export again";
    ROW_SHORT = "row-too-short", Warning,
        "the row has fewer cells than the header; the missing ones were taken as blank",
        "check the row against the system it came from";
    ROW_CUT = "row-cut", Error,
        "the row ends before the columns that say what it is; it was set aside",
        "it may be a line of totals or a cut row: take it out, or export again";
    ROW_LINES = "row-swallows-lines", Warning,
        "a quoted cell runs over {} lines; if a quote is misplaced, whole rows lie inside it",
        "check the quotes of this row";
    CELL_LONG = "cell-too-long", Warning,
        "the cell is longer than any that belongs here and was taken as blank",
        "check the row for a misplaced quote";
    REPEATED = "row-repeated", Notice,
        "the row repeats {} word for word; it was set aside",
        "nothing to do; send each record once";
    AFTER_AS_OF = "row-after-as-of", Notice,
        "the record lies after the study's last day and was set aside",
        "nothing to do, or set `as_of` in study.toml later";
    NOBODY = "person-missing", Warning,
        "nothing in the row says who it is about, so it joins no other record",
        "add the number, or name and date of birth, or the pseudonym";
    EVENT_DATE_MISSING = "record-date-missing", Warning,
        "the record has no date that can be read, so it is in no period",
        "add the date";
    LOOKED_UNDATED = "looked-undated", Warning,
        "an answer `no` without the day on which somebody looked has no effect",
        "fill in the day on which you looked";
    REQUIRED_BLANK = "cell-missing", Warning,
        "the cell is blank, and without it the record says little",
        "fill it in";
    // Cells.
    DISAGREE = "columns-disagree", Warning,
        "two columns of the file mean this one and differ; the first was used",
        "keep the right one of the two columns";
    DATE_UNREADABLE = "date-unreadable", Warning,
        "not a date; taken as blank",
        "write dates as yyyy-mm-dd";
    DATE_PLACEHOLDER = "date-placeholder", Notice,
        "{} stands for no date; taken as blank",
        "nothing to do; leave the cell blank if the date is not known";
    DATE_AS_NUMBER = "date-as-number", Warning,
        "a whole number, as Excel keeps dates; taken as blank",
        "format the column as a date in Excel and save again";
    DATE_DAY_FIRST = "date-day-first", Warning,
        "the date was read as day/month/year",
        "write dates as yyyy-mm-dd";
    DATE_MONTH_FIRST = "date-month-first", Error,
        "the column looks like month/day/year, so none of its dates written this way was used",
        "write the dates as yyyy-mm-dd";
    DATE_EARLY = "date-before-1900", Warning,
        "the date lies before 1900, so its year is wrong; taken as blank",
        "correct the year";
    DATE_BEFORE_BIRTH = "date-before-birth", Warning,
        "the date lies before the date of birth, and a hundred years later it would fit; taken as blank",
        "correct the year";
    DATE_AFTER_AS_OF = "date-after-as-of", Notice,
        "the date lies after the study's last day and was not used",
        "nothing to do, or set `as_of` in study.toml later";
    BIRTH_LATE = "birth-after-record", Warning,
        "the date of birth lies after the record; it was not used",
        "correct the date of birth, or the date of the record if that is wrong";
    BIRTH_EARLY = "birth-too-early", Warning,
        "the date of birth lies more than 120 years before the record; it was not used",
        "correct the year";
    MONTH_UNREADABLE = "month-unreadable", Warning,
        "not a month and year; taken as blank",
        "write months of birth as mmyyyy";
    NUMBER_LENGTH = "number-not-ten-digits", Error,
        "not a number of ten digits; it is not used for linking, the record counts",
        "correct the number from the patient system, or leave it blank";
    NUMBER_NINE = "number-nine-digits", Error,
        "nine digits: a lost leading zero? it is not used for linking, the record counts",
        "save the column as text, and export it again";
    NUMBER_POWER = "number-power-of-ten", Error,
        "written by a spreadsheet in powers of ten, so its last digits are lost; it is not used for linking, the record counts",
        "save the column as text, and export it again";
    NUMBER_CHECK = "number-check-digit", Error,
        "the check digit is wrong; the number is not used for linking, the record counts",
        "correct the number from the patient system, or leave it blank";
    NUMBER_SAME = "number-all-same", Error,
        "ten times the same digit is nobody's number; it is not used for linking, the record counts",
        "leave the number blank if it is not known";
    NUMBER_RANGE = "number-out-of-range", Error,
        "no such number is given out; it is not used for linking, the record counts",
        "correct the number from the patient system, or leave it blank";
    NUMBER_TEST = "number-test-range", Notice,
        "the number is of the range kept for tests (999); it is used as it is",
        "nothing to do in a test; a real person has another number";
    NUMBER_RESTORED = "number-leading-zero", Warning,
        "the number has lost its leading zero, which was put back",
        "export the number as text, not as a number";
    ICD_US = "icd10-us-style", Warning,
        "{} is of the United States' ICD-10-CM, not of ICD-10 as used here; taken as blank",
        "send the ICD-10 code of four characters";
    ICD_UNREADABLE = "icd10-unreadable", Warning,
        "{} is not an ICD-10 code; taken as blank",
        "send codes such as C509 or C50.9";
    ICD_SEVERAL = "icd10-several", Warning,
        "the cell holds more than one code, or a text behind the code; the first code was used",
        "put each code in a column of its own";
    ICD_SEVERAL_READ = "icd10-several-read", Notice,
        "the cell holds more than one code; each was read",
        "nothing to do, or put each code in a column of its own";
    OPCS_UNREADABLE = "opcs-unreadable", Warning,
        "{} is not an OPCS-4 code; taken as blank",
        "send codes such as B274";
    CODE_PLACEHOLDER = "code-placeholder", Notice,
        "{} stands for none or not known; taken as blank",
        "nothing to do";
    CODE_UNKNOWN = "code-not-in-list", Warning,
        "{} is not in the list of codes of this column; kept as sent",
        "check the code against the list of this column in the book (layouts in)";
    STAGE_UNKNOWN = "stage-unreadable", Warning,
        "{} is no stage or M category that is known; kept as sent, and it says nothing of spread",
        "send stages such as 4, IV or 2B, and M categories such as M1, 1 or 0";
    VITAL_UNKNOWN = "vital-status-unreadable", Warning,
        "{} is no vital status that is known; whether the person has died is not known from this row",
        "send D for dead, A for alive, X for left";
    CODE_LONG = "code-too-long", Warning,
        "too long for a code; taken as blank",
        "check the row for shifted cells";
    ORGANISATION_UNREADABLE = "organisation-unreadable", Warning,
        "not the code of an organisation; taken as blank",
        "send the code, such as RTH or RTH08, not the name";
    POSTCODE_UNREADABLE = "postcode-unreadable", Warning,
        "not a postcode; taken as blank",
        "correct it, or leave it blank if it is not known";
    POSTCODE_PSEUDO = "postcode-pseudo", Notice,
        "the postcode stands for no fixed abode, not known or a place abroad (such as ZZ99, NF1, NK1, BF1); it is not used for linking",
        "nothing to do";
    SEX_NOT_KNOWN = "sex-not-known", Notice,
        "sex is {}: not known or not stated",
        "nothing to do, or send it if it is known";
    SEX_UNREADABLE = "sex-unreadable", Warning,
        "not a code of sex; taken as not known",
        "send 1 for male, 2 for female";
    NAME_PLACEHOLDER = "name-placeholder", Notice,
        "a word stands where a name should be; it is not used for linking",
        "leave the cell blank if the name is not known";
    DEATH_UNDATED = "death-undated", Warning,
        "the row says that the person has died, and no date can be read; the person is not counted as living after the last record",
        "add the date";
    DEPARTURE_UNDATED = "departure-undated", Warning,
        "the row says that the person has left, and no date can be read; the person is not counted as living after the last record",
        "add the date";
    // Found when a file is mapped, or read to its end.
    COLUMN_BEYOND = "column-beyond-group", Warning,
        "the column {} fits the header that [source.columns] gives to this group, with a number that the group does not hold; it is not read",
        "if it holds codes of the group, map it by itself to one of its places under [source.columns]; the others then follow after it";
    DATES_UNREADABLE = "record-dates-unreadable", Error,
        "the column has something in it, and no date of the whole file can be read; a run refuses the file",
        "write dates as yyyy-mm-dd, or, if they stand in another column, map that one under [source.columns]";
}
