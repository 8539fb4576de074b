//! The Parquet parts of one file: identities and the six COSD tables.

use std::path::Path;

use engine::TableWriter;
use layouts::cosd_paths::Field;
use vocabulary::date::Date;
use vocabulary::table::{TableSchema, Value};

use super::clean::{Clean, List};
use super::fills::{Fill, fill};
use super::merge::{Dated, Standing};
use crate::error::IntakeError;
use crate::outcome::{identities_part, records_part};

/// The tables of sections, in the order of their writers.
pub(super) const LISTS: [&str; 5] = [
    "cosd.metastasis",
    "cosd.treatment",
    "cosd.mdt",
    "cosd.acute_oncology",
    "cosd.assessment",
];

/// A record that is to be written.
pub(super) struct Record<'a> {
    pub(super) file: u32,
    pub(super) version: &'a str,
    pub(super) standing: &'a Standing,
    /// Its date that lies within the study, if it has one.
    pub(super) event_date: Option<Date>,
}

/// The schema of a COSD table.
pub(super) fn schema(table: &str) -> Result<TableSchema, IntakeError> {
    layouts::tables::records(table).ok_or_else(|| IntakeError::Study {
        kind: "cosd".to_owned(),
        what: format!("there is no table `{table}`"),
    })
}

/// Writes the parts of one file.
pub(super) struct Parts<'a> {
    out: &'a Path,
    file: u32,
    identities: Part,
    records: Part,
    lists: [Option<Part>; 5],
}

struct Part {
    writer: TableWriter,
    fills: Vec<Fill>,
    name: String,
}

impl Part {
    fn create(path: &Path, table: &str, schema: &TableSchema) -> Result<Self, IntakeError> {
        if let Some(folder) = path.parent() {
            let making = |error| IntakeError::Folder {
                what: format!("making the folder of {table}"),
                error,
            };
            fs_err::create_dir_all(folder).map_err(making)?;
        }
        let fills = schema
            .columns
            .iter()
            .map(|column| fill(table, &column.name))
            .collect();
        let writer = TableWriter::create(path, schema).map_err(IntakeError::table(table))?;
        Ok(Self {
            writer,
            fills,
            name: table.to_owned(),
        })
    }

    fn row(&mut self, record: &Record<'_>, entry: Option<(usize, &Dated)>) -> Result<(), IntakeError> {
        let values: Vec<Value<'_>> = self
            .fills
            .iter()
            .map(|fill| value(*fill, record, entry))
            .collect();
        self.writer.row(&values).map_err(IntakeError::table(&self.name))
    }

    fn finish(self) -> Result<u64, IntakeError> {
        self.writer.finish().map_err(IntakeError::table(&self.name))
    }
}

impl<'a> Parts<'a> {
    pub(super) fn create(out: &'a Path, file: u32) -> Result<Self, IntakeError> {
        let identities = Part::create(
            &identities_part(out, file),
            "identities",
            &layouts::tables::identities(),
        )?;
        let records = Part::create(&records_part(out, "cosd", file), "cosd", &schema("cosd")?)?;
        Ok(Self {
            out,
            file,
            identities,
            records,
            lists: [const { None }; 5],
        })
    }

    /// Writes a record and its sections.
    pub(super) fn record(&mut self, record: &Record<'_>) -> Result<(), IntakeError> {
        self.identities.row(record, None)?;
        self.records.row(record, None)?;
        let mut seq = [0; 5];
        for dated in &record.standing.entries {
            let list = list_of(dated.entry.list);
            seq[list] += 1;
            let part = match &mut self.lists[list] {
                Some(part) => part,
                none => none.insert(create_list(self.out, list, self.file)?),
            };
            part.row(record, Some((seq[list], dated)))?;
        }
        Ok(())
    }

    /// Completes the parts; gives the records written, and which section tables have a part.
    pub(super) fn finish(self) -> Result<(u64, [bool; 5]), IntakeError> {
        let mut present = [false; 5];
        for (list, part) in self.lists.into_iter().enumerate() {
            if let Some(part) = part {
                part.finish()?;
                present[list] = true;
            }
        }
        self.records.finish()?;
        Ok((self.identities.finish()?, present))
    }
}

fn create_list(out: &Path, list: usize, file: u32) -> Result<Part, IntakeError> {
    let table = LISTS[list];
    Part::create(&records_part(out, table, file), table, &schema(table)?)
}

/// Gives every section table that no file filled one empty part, so that it can be asked.
pub(super) fn complete(out: &Path, file: u32, present: [bool; 5]) -> Result<(), IntakeError> {
    for list in (0..LISTS.len()).filter(|list| !present[*list]) {
        create_list(out, list, file)?.finish()?;
    }
    Ok(())
}

fn list_of(list: List) -> usize {
    match list {
        List::AtDiagnosis | List::PrimaryProgression | List::Recurrence | List::Progression => 0,
        List::Treatment => 1,
        List::Meeting => 2,
        List::AcuteOncology => 3,
        List::Assessment => 4,
    }
}

/// What a column holds of a record, or of one of its sections.
fn value<'a>(fill: Fill, record: &Record<'a>, entry: Option<(usize, &'a Dated)>) -> Value<'a> {
    let standing = record.standing;
    let (clean, cells) = (&standing.clean, &standing.clean.cells);
    let dated = entry.map(|(_, dated)| dated);
    let later = |non_primary, primary| {
        if clean.non_primary {
            [non_primary, primary]
        } else {
            [primary, non_primary]
        }
    };
    match fill {
        Fill::File => Value::Integer(i64::from(record.file)),
        Fill::Row => Value::Integer(clean.row as i64),
        Fill::Seq => entry.map_or(Value::Null, |(seq, _)| Value::Integer(seq as i64)),
        Fill::Source => Value::Text("cosd"),
        Fill::Id => text(clean.id.as_deref()),
        Fill::Version => Value::Text(record.version),
        Fill::FirstCreated => date(dated.map_or(standing.first_created, |dated| dated.first_created)),
        Fill::Pathway => text(pathway(clean)),
        Fill::Future => Value::Flag(lies_ahead(standing, dated)),
        Fill::ReferralSource => text(
            later(Field::NonPrimaryReferralSource, Field::ReferralSource)
                .iter()
                .find_map(|field| cells.text(*field)),
        ),
        Fill::FirstSeen => date(
            later(Field::NonPrimaryFirstSeen, Field::FirstSeen)
                .iter()
                .find_map(|field| cells.date(*field)),
        ),
        Fill::Section => text(dated.and_then(|dated| dated.entry.list.metastasis())),
        Fill::EventDate => date(dated.and_then(|dated| entry_date(dated, standing))),
        Fill::Pairs => text(
            dated
                .map(|dated| &*dated.entry.pairs)
                .filter(|pairs| !pairs.is_empty()),
        ),
        Fill::Number => text(clean.number.as_ref().map(|number| &*number.digits)),
        Fill::NumberKind => text(clean.number.as_ref().map(|number| &*number.kind)),
        Fill::Event => date(record.event_date),
        Fill::VitalStatus => text(cells.date(Field::DeathDate).map(|_| "dead")),
        Fill::TreatmentProvider => {
            let own = dated.and_then(|dated| dated.entry.cells.text(Field::TreatmentProvider));
            text(own.or_else(|| cells.text(Field::Provider)))
        }
        Fill::Text(field) => text(cells.text(field)),
        Fill::Date(field) => date(cells.date(field)),
        Fill::EntryText(field) => text(dated.and_then(|dated| dated.entry.cells.text(field))),
        Fill::EntryDate(field) => date(dated.and_then(|dated| dated.entry.cells.date(field))),
        Fill::Nothing => Value::Null,
    }
}

/// The pathways that a record speaks of.
fn pathway(clean: &Clean) -> Option<&'static str> {
    match (clean.primary, clean.non_primary) {
        (true, true) => Some("both"),
        (true, false) => Some("primary"),
        (false, true) => Some("non_primary"),
        (false, false) => None,
    }
}

/// Whether a section, or a record without one, has a date that lies after the making of its file.
fn lies_ahead(standing: &Standing, dated: Option<&Dated>) -> bool {
    match dated {
        Some(dated) => is_future(entry_date(dated, standing), dated.created),
        None => [Field::PrimaryDate, Field::NonPrimaryDate]
            .iter()
            .any(|field| is_future(standing.clean.cells.date(*field), standing.created)),
    }
}

/// The date of a section: its own, or that of the pathway it lies in.
pub(super) fn entry_date(dated: &Dated, standing: &Standing) -> Option<Date> {
    let own = &dated.entry.cells;
    let record = &standing.clean.cells;
    match dated.entry.list {
        List::AtDiagnosis => record.date(Field::PrimaryDate),
        List::PrimaryProgression => own.date(Field::ProgressionDate),
        List::Recurrence | List::Progression => own
            .date(Field::NonPrimaryDate)
            .or_else(|| record.date(Field::NonPrimaryDate)),
        List::Treatment => own.date(Field::TreatmentDate),
        List::Meeting => own.date(Field::MeetingDate),
        List::AcuteOncology => own.date(Field::AcuteDate),
        List::Assessment => own.date(Field::AssessmentDate),
    }
}

/// Whether a date lies after the day its file was made.
pub(super) fn is_future(date: Option<Date>, created: Option<Date>) -> bool {
    matches!((date, created), (Some(date), Some(created)) if date > created)
}

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Null, Value::Text)
}

fn date(date: Option<Date>) -> Value<'static> {
    date.map_or(Value::Null, Value::Date)
}
