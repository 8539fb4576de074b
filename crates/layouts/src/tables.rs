//! The schema of every table that passes between stages or out of a run, each with its version.
//!
//! A stage never names columns of its own: it asks here. The committed snapshot of all schemas
//! is the contract; whoever changes it raises the version and writes a line in the change log.

use vocabulary::table::Kind::{self, Date, Flag, Integer, Real, Text, Texts};
use vocabulary::table::TableSchema;

use crate::layout::{all, layout};

mod care;
mod checks;

pub use care::{care_over_time, delays, disparity, first_line, indicators, nurses, standards, variation};
pub use checks::checks;

/// One row a record that is in use: who it is about, and when.
#[must_use]
pub fn identities() -> TableSchema {
    TableSchema::new(
        "identities",
        1,
        &[
            ("file", Integer),
            ("row", Integer),
            ("source", Text),
            ("record", Text),
            ("number", Text),
            ("number_kind", Text),
            ("number_as_sent", Text),
            ("birth_date", Date),
            ("birth_date_latest", Date),
            ("family_name", Text),
            ("given_name", Text),
            ("sex", Text),
            ("postcode", Text),
            ("organisation", Text),
            ("local_id", Text),
            ("key_space", Text),
            ("key", Text),
            ("event_date", Date),
            ("death_date", Date),
            ("vital_status", Text),
            ("vital_date", Date),
            ("ethnicity", Text),
            ("deprivation", Text),
        ],
    )
}

/// One row an input file.
#[must_use]
pub fn files() -> TableSchema {
    TableSchema::new(
        "files",
        1,
        &[
            ("file", Integer),
            ("source", Integer),
            ("kind", Text),
            ("path", Text),
            ("hash", Text),
            ("rows", Integer),
            ("version", Text),
            ("created", Date),
            ("organisation", Text),
            ("period_start", Date),
            ("period_end", Date),
        ],
    )
}

/// What is wrong with the input, where, and what to do; grouped and capped.
#[must_use]
pub fn problems() -> TableSchema {
    TableSchema::new(
        "problems",
        1,
        &[
            ("source", Text),
            ("path", Text),
            ("row", Integer),
            ("field", Text),
            ("rule", Text),
            ("severity", Text),
            ("message", Text),
            ("fix", Text),
            ("count", Integer),
        ],
    )
}

/// Records that are not used, each with its reason.
#[must_use]
pub fn set_aside() -> TableSchema {
    TableSchema::new(
        "set_aside",
        1,
        &[
            ("file", Integer),
            ("row", Integer),
            ("source", Text),
            ("record", Text),
            ("reason", Text),
            ("by_file", Integer),
            ("by_row", Integer),
        ],
    )
}

/// Which bodies sent what, and for which months.
#[must_use]
pub fn coverage() -> TableSchema {
    TableSchema::new(
        "coverage",
        1,
        &[
            ("kind", Text),
            ("organisation", Text),
            ("nation", Text),
            ("records", Integer),
            ("first_month", Date),
            ("last_month", Date),
        ],
    )
}

/// Records of each month, by source, sender and organisation; those without a date have no month. Not a contract: what the
/// sources cover is worked out from it.
#[must_use]
pub fn months() -> TableSchema {
    TableSchema::new(
        "months",
        1,
        &[
            ("source", Integer),
            ("kind", Text),
            ("sender", Text),
            ("organisation", Text),
            ("nation", Text),
            ("month", Date),
            ("records", Integer),
        ],
    )
}

/// Which person each record belongs to, as integers, ordered by file and row.
#[must_use]
pub fn links() -> TableSchema {
    TableSchema::new(
        "links",
        1,
        &[
            ("source", Text),
            ("file", Integer),
            ("row", Integer),
            ("person", Integer),
            ("step", Text),
            ("probability", Real),
        ],
    )
}

/// Which person each record belongs to.
#[must_use]
pub fn persons() -> TableSchema {
    TableSchema::new(
        "persons",
        1,
        &[
            ("source", Text),
            ("record_id", Text),
            ("person_id", Text),
            ("step", Text),
            ("probability", Real),
        ],
    )
}

/// One row a person.
#[must_use]
pub fn people() -> TableSchema {
    TableSchema::new(
        "people",
        1,
        &[
            ("person", Integer),
            ("person_id", Text),
            ("records", Integer),
            ("sex", Text),
            ("birth_date", Date),
            ("postcode_area", Text),
            ("number_kind", Text),
            ("ethnicity", Text),
            ("deprivation", Text),
        ],
    )
}

/// What each step of linkage did.
#[must_use]
pub fn steps() -> TableSchema {
    TableSchema::new(
        "steps",
        1,
        &[
            ("step", Text),
            ("identities", Integer),
            ("records", Integer),
            ("people_before", Integer),
            ("people_after", Integer),
            ("refused", Integer),
        ],
    )
}

/// Contradictions that linkage met.
#[must_use]
pub fn conflicts() -> TableSchema {
    TableSchema::new(
        "conflicts",
        1,
        &[
            ("rule", Text),
            ("person_id", Text),
            ("other_person_id", Text),
            ("reason", Text),
        ],
    )
}

/// The errors that linkage expects of itself, by groups of records.
#[must_use]
pub fn link_errors() -> TableSchema {
    TableSchema::new(
        "link_errors",
        1,
        &[
            ("grouping", Text),
            ("group", Text),
            ("records", Integer),
            ("false_links", Real),
            ("missed_links", Real),
        ],
    )
}

/// People of whom linkage is not sure: links within the person that are expected to be false, and the chance that
/// somebody else is the same person.
#[must_use]
pub fn doubts() -> TableSchema {
    TableSchema::new(
        "doubts",
        1,
        &[
            ("person", Integer),
            ("person_id", Text),
            ("false_links", Real),
            ("missed_links", Real),
        ],
    )
}

/// Records that say that a person may have metastatic disease.
#[must_use]
pub fn evidence() -> TableSchema {
    TableSchema::new(
        "evidence",
        1,
        &[
            ("person_id", Text),
            ("rule", Text),
            ("strength", Text),
            ("source", Text),
            ("date", Date),
            ("organisation", Text),
            ("record_id", Text),
            ("words", Text),
            ("sites", Text),
        ],
    )
}

/// People with metastatic disease, or with evidence of it.
#[must_use]
pub fn cases() -> TableSchema {
    TableSchema::new(
        "cases",
        1,
        &[
            ("person_id", Text),
            ("tier", Text),
            ("kind", Text),
            ("date", Date),
            ("date_low", Date),
            ("date_high", Date),
            ("organisation", Text),
            ("nation", Text),
            ("sites", Texts),
            ("recorded", Flag),
            ("recorded_date", Date),
            ("sources", Texts),
            ("death_date", Date),
            ("reasons", Texts),
            ("organisations", Texts),
            ("elsewhere", Flag),
            ("counted", Flag),
            ("new", Flag),
            ("only_at_death", Flag),
            ("only_at_death_organisation", Text),
            ("left_date", Date),
            ("recorded_organisation", Text),
        ],
    )
}

/// What linkage knows of the people of the cases.
#[must_use]
pub fn case_people() -> TableSchema {
    TableSchema::new(
        "case_people",
        1,
        &[
            ("person", Integer),
            ("person_id", Text),
            ("sex", Text),
            ("birth_date", Date),
            ("ethnicity", Text),
            ("deprivation", Text),
            ("false_links", Real),
            ("missed_links", Real),
        ],
    )
}

/// New, living, died by place, period, sex, age and kind.
#[must_use]
pub fn counts() -> TableSchema {
    TableSchema::new(
        "counts",
        1,
        &[
            ("place_kind", Text),
            ("place", Text),
            ("period", Text),
            ("measure", Text),
            ("kind", Text),
            ("sex", Text),
            ("age_band", Text),
            ("recorded", Integer),
            ("found", Integer),
            ("estimate", Real),
            ("low", Real),
            ("high", Real),
            ("method", Text),
            ("status", Text),
            ("group_kind", Text),
            ("group", Text),
        ],
    )
}

/// New people found of each quarter, kept so that later runs see how many come late.
#[must_use]
pub fn quarters() -> TableSchema {
    TableSchema::new("quarters", 1, &[("quarter", Date), ("found", Integer)])
}

/// What each organisation recorded of what was found.
#[must_use]
pub fn completeness() -> TableSchema {
    TableSchema::new(
        "completeness",
        1,
        &[
            ("organisation", Text),
            ("period", Text),
            ("kind", Text),
            ("recorded", Integer),
            ("found", Integer),
            ("found_elsewhere", Integer),
            ("recorded_of_elsewhere", Integer),
            ("estimate", Real),
            ("low", Real),
            ("high", Real),
            ("found_only_at_death", Integer),
            ("median_days_to_record", Real),
            ("status", Text),
        ],
    )
}

/// Every cell of the joint estimate, with the middle half and the 95 % interval of its draws (confidential).
#[must_use]
pub fn estimates() -> TableSchema {
    TableSchema::new(
        "estimates",
        1,
        &[
            ("place_kind", Text),
            ("place", Text),
            ("period", Text),
            ("measure", Text),
            ("kind", Text),
            ("sex", Text),
            ("age_band", Text),
            ("estimate", Real),
            ("half_low", Real),
            ("half_high", Real),
            ("low", Real),
            ("high", Real),
            ("status", Text),
        ],
    )
}

/// The same question answered by each route, and the field's checks of itself; a figure that does not exist has its
/// reason (confidential).
#[must_use]
pub fn routes() -> TableSchema {
    TableSchema::new(
        "routes",
        1,
        &[
            ("figure", Text),
            ("route", Text),
            ("period", Text),
            ("estimate", Real),
            ("low", Real),
            ("high", Real),
            ("reason", Text),
        ],
    )
}

/// What the width of the interval of people living is made of: the share of the variance of its logarithm by cause,
/// the ratio of the width if one organisation recorded everything or charts were read, and what is not in it.
#[must_use]
pub fn width() -> TableSchema {
    TableSchema::new(
        "width",
        1,
        &[
            ("part", Text),
            ("name", Text),
            ("value", Real),
            ("error", Real),
            ("words", Text),
        ],
    )
}

/// People living at the end of each year to come, by how new cases go on, and that over those living at the end of the last
/// whole year (confidential). `new_cases` is `as_now`, `trend_fades` or `trend_goes_on`; where it cannot be said, one row with
/// the reason.
#[must_use]
pub fn projection() -> TableSchema {
    TableSchema::new(
        "projection",
        1,
        &[
            ("new_cases", Text),
            ("period", Text),
            ("living", Real),
            ("low", Real),
            ("high", Real),
            ("times_now", Real),
            ("times_low", Real),
            ("times_high", Real),
            ("reason", Text),
        ],
    )
}

/// What an estimate takes for granted, why, and what could show that it is wrong.
#[must_use]
pub fn assumptions() -> TableSchema {
    TableSchema::new(
        "assumptions",
        1,
        &[("what", Text), ("why", Text), ("refuted_by", Text)],
    )
}

/// Past estimates of the country and its nations beside today's, for the same date (confidential).
#[must_use]
pub fn revisions() -> TableSchema {
    TableSchema::new(
        "revisions",
        1,
        &[
            ("place_kind", Text),
            ("place", Text),
            ("period", Text),
            ("measure", Text),
            ("as_of", Date),
            ("estimate", Real),
            ("low", Real),
            ("high", Real),
            ("now", Real),
            ("held", Flag),
        ],
    )
}

/// The clinical columns of a kind (`admissions`) or of one of its sections (`cosd.metastasis`).
/// Sections carry `seq` after `file` and `row`.
#[must_use]
pub fn records(table: &str) -> Option<TableSchema> {
    let kind = table.split('.').next().unwrap_or(table);
    let layout = layout(kind)?;
    let section = layout.sections.iter().find(|section| section.name == table)?;
    let mut columns: Vec<(&str, Kind)> = vec![("file", Integer), ("row", Integer)];
    if table != kind {
        columns.push(("seq", Integer));
    }
    columns.extend(
        section
            .columns
            .iter()
            .map(|column| (column.name.as_str(), column.kind)),
    );
    Some(TableSchema::new(
        &format!("records/{table}"),
        layout.version,
        &columns,
    ))
}

/// The column of diagnoses of a table in which few records speak of a tumour ([`vocabulary::code::of_tumours`]). Intake
/// writes those few a second time, as the excerpt of the table: who asks of tumours alone reads those.
#[must_use]
pub fn excerpt(table: &str) -> Option<&'static str> {
    (table == "admissions").then_some("DIAG")
}

/// The names of all record tables: kinds and sections.
#[must_use]
pub fn record_tables() -> Vec<&'static str> {
    all()
        .iter()
        .flat_map(|layout| &layout.sections)
        .map(|section| section.name.as_str())
        .collect()
}

/// Every schema, for the snapshot and the book.
#[must_use]
pub fn every() -> Vec<TableSchema> {
    let mut schemas = vec![
        files(),
        identities(),
        problems(),
        set_aside(),
        coverage(),
        months(),
        links(),
        persons(),
        people(),
        steps(),
        conflicts(),
        link_errors(),
        doubts(),
        evidence(),
        cases(),
        case_people(),
        counts(),
        completeness(),
        checks(),
        estimates(),
        routes(),
        projection(),
        width(),
        assumptions(),
        revisions(),
        quarters(),
        standards(),
        indicators(),
        variation(),
        disparity(),
        delays(),
        first_line(),
        care_over_time(),
        nurses(),
    ];
    schemas.extend(record_tables().into_iter().filter_map(records));
    schemas
}
