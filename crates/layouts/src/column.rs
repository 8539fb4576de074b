//! One column of a layout: what it is called, what its cells hold, what it is for.

use std::collections::BTreeMap;
use std::fmt;

use vocabulary::table::Kind;

/// What the cells of a column hold, and so how they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// A person's number: NHS, CHI or Health and Care number.
    Number,
    /// A date, in any of the forms of `docs/src/layouts-in.md`.
    Date,
    /// Month and year, `mmyyyy`.
    MonthYear,
    /// An ICD-10 code in any spelling.
    Icd10,
    /// An OPCS-4 code.
    Opcs,
    /// The code of an organisation or of one of its sites.
    Organisation,
    /// A postcode.
    Postcode,
    /// A sex: 1 or M, 2 or F.
    Sex,
    /// A person's name.
    Name,
    /// A code of some list, kept in upper case.
    Code,
    /// Several codes of one list in one cell.
    Codes,
    /// Free text, kept as sent but for outer spaces.
    Text,
    /// A whole number.
    Integer,
}

impl Cell {
    /// The word for this kind of cell in a layout file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Cell::Number => "number",
            Cell::Date => "date",
            Cell::MonthYear => "month_year",
            Cell::Icd10 => "icd10",
            Cell::Opcs => "opcs",
            Cell::Organisation => "organisation",
            Cell::Postcode => "postcode",
            Cell::Sex => "sex",
            Cell::Name => "name",
            Cell::Code => "code",
            Cell::Codes => "codes",
            Cell::Text => "text",
            Cell::Integer => "integer",
        }
    }

    pub(crate) fn read(word: &str) -> Option<Cell> {
        const ALL: [Cell; 13] = [
            Cell::Number,
            Cell::Date,
            Cell::MonthYear,
            Cell::Icd10,
            Cell::Opcs,
            Cell::Organisation,
            Cell::Postcode,
            Cell::Sex,
            Cell::Name,
            Cell::Code,
            Cell::Codes,
            Cell::Text,
            Cell::Integer,
        ];
        ALL.into_iter().find(|cell| cell.as_str() == word)
    }

    /// The kind of the table column that such cells are written to.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Cell::Date => Kind::Date,
            Cell::Integer => Kind::Integer,
            _ => Kind::Text,
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a column is for, beyond its table: the parts of a person's identity and of the record's date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The person's number.
    NhsNumber,
    /// A pseudonym; equal keys join only within the key space named here.
    PersonKey(String),
    /// Date of birth.
    BirthDate,
    /// Month and year of birth, when the day is withheld.
    BirthMonth,
    /// Family name.
    FamilyName,
    /// Given name.
    GivenName,
    /// Sex.
    Sex,
    /// Postcode of residence.
    Postcode,
    /// The sender's own number of the person.
    LocalId,
    /// The organisation the record belongs to.
    Organisation,
    /// The principal date of the record; of several, by rank, the first that is a date.
    EventDate,
    /// Date of death.
    DeathDate,
    /// Whether the person lives: first letter D dead, A alive, X left.
    VitalStatus,
    /// The date of the vital status.
    VitalDate,
    /// Method of discharge: 4 means died.
    DischargeMethod,
    /// Date of discharge: the date of death when the method says died.
    DischargeDate,
    /// Ethnic category.
    Ethnicity,
    /// Deprivation quintile.
    Deprivation,
    /// Whether somebody who looked found the disease: first letter N, F or 0 means that there is none.
    Finding,
    /// The day on which somebody looked; it may lie after the study's last day.
    LookedOn,
}

impl Role {
    pub(crate) fn read(word: &str) -> Option<Role> {
        if let Some(space) = word.strip_prefix("person_key:") {
            return (!space.is_empty()).then(|| Role::PersonKey(space.to_owned()));
        }
        Some(match word {
            "nhs_number" => Role::NhsNumber,
            "birth_date" => Role::BirthDate,
            "birth_month" => Role::BirthMonth,
            "family_name" => Role::FamilyName,
            "given_name" => Role::GivenName,
            "sex" => Role::Sex,
            "postcode" => Role::Postcode,
            "local_id" => Role::LocalId,
            "organisation" => Role::Organisation,
            "event_date" => Role::EventDate,
            "death_date" => Role::DeathDate,
            "vital_status" => Role::VitalStatus,
            "vital_date" => Role::VitalDate,
            "discharge_method" => Role::DischargeMethod,
            "discharge_date" => Role::DischargeDate,
            "ethnicity" => Role::Ethnicity,
            "deprivation" => Role::Deprivation,
            "finding" => Role::Finding,
            "looked_on" => Role::LookedOn,
            _ => return None,
        })
    }

    /// Whether a cell in this role says who the person is, so that its value is never shown.
    #[must_use]
    pub fn identifies(&self) -> bool {
        matches!(
            self,
            Role::NhsNumber
                | Role::PersonKey(_)
                | Role::BirthDate
                | Role::BirthMonth
                | Role::FamilyName
                | Role::GivenName
                | Role::Sex
                | Role::Postcode
                | Role::LocalId
                | Role::DeathDate
                | Role::VitalDate
                | Role::Ethnicity
        )
    }
}

/// A numbered group of columns that is read as one, such as DIAG_01 to DIAG_20.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// The last number; the first is 1.
    pub to: u32,
    /// How many digits we write the number with; it is read with and without its leading zero.
    pub width: usize,
    /// How a header is formed; `#` stands for the number. The first form is the one we write.
    pub forms: Vec<String>,
}

impl Repeat {
    /// The headers of this group in its first form, in order: the names of its elements.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        (1..=self.to)
            .filter_map(|n| self.forms.first().map(|form| numbered(form, n, self.width)))
            .collect()
    }

    /// The headers that may stand for an element: each form, with the number as we write it, plain, and of two digits.
    pub(crate) fn headers(&self, n: u32) -> Vec<String> {
        let mut headers = Vec::new();
        for form in &self.forms {
            for width in [self.width, 1, 2] {
                let header = numbered(form, n, width);
                if !headers.contains(&header) {
                    headers.push(header);
                }
            }
        }
        headers
    }
}

fn numbered(form: &str, n: u32, width: usize) -> String {
    form.replace('#', &format!("{n:0width$}"))
}

/// One column of a layout.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The national name, as the header is written.
    pub name: String,
    /// Other headers that mean the same column.
    pub aliases: Vec<String>,
    /// Other columns to read, in order, while this one is blank; they may differ without a problem.
    pub fallbacks: Vec<String>,
    /// National item number, where known.
    pub item: Option<String>,
    /// What the cells hold.
    pub cell: Cell,
    /// What the column is for.
    pub roles: Vec<Role>,
    /// Among columns of one role, the lower rank is taken first.
    pub rank: u32,
    /// Whether a file without it cannot be read at all.
    pub required: bool,
    /// What cannot be computed when it is missing: then its absence is a warning.
    pub without: Option<String>,
    /// Columns that serve as well: no warning while one of them is there.
    pub instead: Vec<String>,
    /// Not part of the plain national layout: read if there, never missed.
    pub extra: bool,
    /// Text is put into upper case.
    pub upper: bool,
    /// Codes are put into lower case.
    pub lower: bool,
    /// The codes that may occur, when the list is closed.
    pub values: Vec<String>,
    /// What people write for one of the codes: as written, in the case of the codes, and the code.
    pub means: BTreeMap<String, String>,
    /// The column of the kind's table that it is written to.
    pub table: Option<String>,
    /// Set for a numbered group.
    pub repeat: Option<Repeat>,
    /// What it is, in one line.
    pub words: String,
}

impl Column {
    /// Whether cells of this column say who the person is, so that no value is ever shown.
    #[must_use]
    pub fn identifies(&self) -> bool {
        self.roles.iter().any(Role::identifies)
            || matches!(self.cell, Cell::Number | Cell::Name | Cell::Postcode | Cell::Sex)
    }

    /// The names under which a header may stand for element `n` (1 for a plain column).
    pub(crate) fn headers(&self, n: u32) -> Vec<String> {
        match &self.repeat {
            None => std::iter::once(&self.name)
                .chain(&self.aliases)
                .cloned()
                .collect(),
            Some(repeat) => repeat.headers(n),
        }
    }

    /// How many file columns it may take: 1, or the size of the group.
    #[must_use]
    pub fn size(&self) -> u32 {
        self.repeat.as_ref().map_or(1, |repeat| repeat.to)
    }
}
