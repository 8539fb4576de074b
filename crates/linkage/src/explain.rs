//! Why records are one person: each record with its step and how each of its fields agrees with the others.
//!
//! Values are given only when the caller asks for them; whoever asks writes the audit row first.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{Batch, TableReader};
use serde::Serialize;
use vocabulary::redact::Secret;

use crate::cascade::{BirthAgreement, family_may_be, given_may_be, one_edit};
use crate::error::LinkageError;
use crate::files::Files;
use crate::fit::{Fit, Texts, fits};
use crate::links::record_id;
use crate::numbering::person_id;
use crate::read::born;

/// A field of identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each has its words in `Field::words`")]
pub enum Field {
    Number,
    BirthDate,
    FamilyName,
    GivenName,
    Sex,
    Postcode,
    Organisation,
    LocalNumber,
    Key,
}

impl Field {
    /// All fields, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Number,
        Self::BirthDate,
        Self::FamilyName,
        Self::GivenName,
        Self::Sex,
        Self::Postcode,
        Self::Organisation,
        Self::LocalNumber,
        Self::Key,
    ];

    /// The field in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::BirthDate => "birth date",
            Self::FamilyName => "family name",
            Self::GivenName => "given name",
            Self::Sex => "sex",
            Self::Postcode => "postcode",
            Self::Organisation => "organisation",
            Self::LocalNumber => "local number",
            Self::Key => "key",
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::BirthDate => "birth_date",
            Self::FamilyName => "family_name",
            Self::GivenName => "given_name",
            Self::Sex => "sex",
            Self::Postcode => "postcode",
            Self::Organisation => "organisation",
            Self::LocalNumber => "local_id",
            Self::Key => "key",
        }
    }
}

/// How a field of a record agrees with the same field of the person's other records: with the nearest of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Another record says exactly this.
    Exact,
    /// Another record is one slip away: one letter or digit, two changed round, day and month changed round.
    OneEdit,
    /// A short form, an initial, a part of a double-barrelled name, a date known less exactly.
    Form,
    /// Every other record that has the field says something else.
    Differs,
    /// The record does not have the field.
    Missing,
    /// No other record has the field.
    OnlyHere,
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedField {
    /// Which field.
    pub field: Field,
    /// How it agrees with the person's other records.
    pub agreement: Agreement,
    /// What it says, if values were asked for and there is one. It does not print itself.
    pub value: Option<Secret<String>>,
}

/// A record of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedRecord {
    /// The kind of source.
    pub source: String,
    /// Leads back to the record.
    pub record_id: String,
    /// The step that joined it, or `alone`.
    pub step: String,
    /// The share of right links that this step makes.
    pub probability: f64,
    /// Its fields, in the order of [`Field::ALL`].
    pub fields: Vec<ExplainedField>,
    /// The weights against the record of the person that it fits best, by the built-in model; none where it is alone.
    pub fit: Option<Fit>,
}

/// Why some records are one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The person.
    pub person_id: String,
    /// The records, in order.
    pub records: Vec<ExplainedRecord>,
}

/// Explains a person: `linkage` and `intake` are the folders that these stages wrote.
pub fn explain(
    linkage: &Path,
    intake: &Path,
    person: u32,
    values: bool,
) -> Result<Explanation, LinkageError> {
    let (links, among) = links_of(linkage, person)?;
    if links.is_empty() {
        return Err(LinkageError::NoPerson {
            person: person_id(person),
        });
    }
    let files = Files::read(intake)?;
    let mut statements = Vec::new();
    for (file, of_file) in &links {
        let rows: Vec<i64> = of_file.iter().map(|link| link.row).collect();
        statements.extend(statements_of(intake, *file, &rows)?);
    }
    let texts: Vec<Texts> = statements.iter().map(Statement::texts).collect();
    let fits = fits(&texts, among, values)?;
    let links = links
        .into_iter()
        .flat_map(|(file, of_file)| of_file.into_iter().map(move |link| (file, link)));
    let mut records = Vec::new();
    for (at, ((file, link), fit)) in links.zip(fits).enumerate() {
        let Some(own) = statements.get(at) else {
            return Err(LinkageError::Order { file, row: link.row });
        };
        let mut id = format!("{}#", files.path(file)?);
        let path_end = id.len();
        record_id(&mut id, path_end, own.record.as_deref(), link.row);
        records.push(ExplainedRecord {
            source: link.source,
            record_id: id,
            step: link.step,
            probability: link.probability,
            fields: fields_of(own, at, &statements, values),
            fit,
        });
    }
    Ok(Explanation {
        person_id: person_id(person),
        records,
    })
}

/// The fields of the record in place `at`, each beside those of the other records; with their values where asked for.
fn fields_of(own: &Statement, at: usize, all: &[Statement], values: bool) -> Vec<ExplainedField> {
    let fields = Field::ALL.into_iter().map(|field| {
        let others = all
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .map(|(_, other)| other);
        let value = own
            .values
            .get(&field)
            .filter(|_| values)
            .cloned()
            .map(Secret::new);
        ExplainedField {
            field,
            agreement: agreement(field, own, others),
            value,
        }
    });
    fields.collect()
}

struct Link {
    source: String,
    row: i64,
    step: String,
    probability: f64,
}

/// The links of a person, by file, and how many records the study has.
fn links_of(linkage: &Path, person: u32) -> Result<(BTreeMap<i64, Vec<Link>>, u64), LinkageError> {
    let mut links: BTreeMap<i64, Vec<Link>> = BTreeMap::new();
    let mut records = 0;
    for batch in TableReader::open(&linkage.join("links.parquet"))? {
        let batch = batch?;
        records += batch.rows() as u64;
        let people = batch.integer("person")?;
        let wanted: Vec<usize> = (0..batch.rows())
            .filter(|&at| people.get(at) == Some(i64::from(person)))
            .collect();
        if wanted.is_empty() {
            continue;
        }
        let (source, file, row) = (
            batch.text("source")?,
            batch.integer("file")?,
            batch.integer("row")?,
        );
        let (step, probability) = (batch.text("step")?, batch.real("probability")?);
        for at in wanted {
            let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
            links.entry(file.get(at).unwrap_or(-1)).or_default().push(Link {
                source: text(source.get(at)),
                row: row.get(at).unwrap_or(-1),
                step: text(step.get(at)),
                probability: probability.get(at).unwrap_or_default(),
            });
        }
    }
    Ok((links, records))
}

/// What a record says. No `Debug`: the values stay inside.
struct Statement {
    record: Option<String>,
    values: BTreeMap<Field, String>,
    born: crate::cascade::Born,
}

impl Statement {
    /// What it says in the fields of the built-in model.
    fn texts(&self) -> Texts {
        let of = |field: Field| self.values.get(&field).cloned().unwrap_or_default();
        let born = match (self.born.year(), self.born.month(), self.born.day()) {
            (0, ..) => String::new(),
            (year, 0, _) => format!("{year:04}"),
            (year, month, 0) => format!("{year:04}-{month:02}"),
            (year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
        };
        [
            of(Field::GivenName),
            of(Field::FamilyName),
            born,
            of(Field::Sex),
            of(Field::Postcode),
            of(Field::Number),
        ]
    }
}

fn statements_of(intake: &Path, file: i64, rows: &[i64]) -> Result<Vec<Statement>, LinkageError> {
    let mut statements = Vec::new();
    // Intake writes one part a file.
    let part = intake.join("identities").join(format!("{file:05}.parquet"));
    for batch in TableReader::open(&part)? {
        let batch = batch?;
        let row = batch.integer("row")?;
        for at in 0..batch.rows() {
            if row.get(at).is_some_and(|row| rows.binary_search(&row).is_ok()) {
                statements.push(statement(&batch, at)?);
            }
        }
    }
    if statements.len() == rows.len() {
        return Ok(statements);
    }
    Err(LinkageError::Order {
        file,
        row: rows.first().copied().unwrap_or(-1),
    })
}

fn statement(batch: &Batch, at: usize) -> Result<Statement, LinkageError> {
    let mut values = BTreeMap::new();
    for field in Field::ALL {
        let value = match field {
            Field::BirthDate => batch.date(field.column())?.get(at).map(|date| date.to_string()),
            Field::Key => {
                let space = batch.text("key_space")?.get(at).unwrap_or_default();
                batch
                    .text(field.column())?
                    .get(at)
                    .map(|key| format!("{space} {key}"))
            }
            _ => batch.text(field.column())?.get(at).map(str::to_owned),
        };
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            values.insert(field, value);
        }
    }
    let born = born(
        batch.date("birth_date")?.get(at),
        batch.date("birth_date_latest")?.get(at),
    );
    Ok(Statement {
        record: batch.text("record")?.get(at).map(str::to_owned),
        values,
        born,
    })
}

fn agreement<'a>(field: Field, own: &Statement, others: impl Iterator<Item = &'a Statement>) -> Agreement {
    let Some(value) = own.values.get(&field) else {
        return Agreement::Missing;
    };
    let levels = others.filter_map(|other| {
        let theirs = other.values.get(&field)?;
        Some(match field {
            Field::BirthDate => birth_level(own.born.agreement(other.born)),
            _ if theirs == value => Agreement::Exact,
            Field::FamilyName | Field::GivenName | Field::Number | Field::Postcode
                if one_edit(value, theirs) =>
            {
                Agreement::OneEdit
            }
            Field::FamilyName if family_may_be(value, theirs) => Agreement::Form,
            Field::GivenName if given_may_be(value, theirs) => Agreement::Form,
            _ => Agreement::Differs,
        })
    });
    levels.min().unwrap_or(Agreement::OnlyHere)
}

fn birth_level(agreement: BirthAgreement) -> Agreement {
    match agreement {
        BirthAgreement::Same => Agreement::Exact,
        BirthAgreement::Slip | BirthAgreement::FarSlip => Agreement::OneEdit,
        BirthAgreement::Part => Agreement::Form,
        BirthAgreement::Missing | BirthAgreement::Differs => Agreement::Differs,
    }
}
