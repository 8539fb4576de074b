//! The stage `count`: from cases to the number of people, and to what each organisation left out.
//!
//! It reads what the stages before it wrote (`cases`, `case_people`, `evidence`, `coverage`, `months`, `files`,
//! registrations) and writes `counts` (new, living and died by place, period, kind, sex and age), `completeness`
//! (recorded against found, with the state of every organisation) and `checks` (the ratios by which the field checks
//! itself); and of the estimate `estimates`, `routes`, `projection`, `width`, `assumptions` and `quarters`.
//!
//! Invariants:
//! - *counted* is tier A, B or C; tier D is a list to review and in no number;
//! - *new* and *died* are people in a period, *living* people on a day; someone found only at death is new and died,
//!   never living, never recorded, and never moves a state;
//! - what no source covers is blank or absent, never zero;
//! - people are added up by the engine, in whole numbers; only the estimate holds people one by one.
//!
//! The estimate is that of [`estimate::joint`], in all cells from one set of draws. Where there is none, its place
//! holds the number found, marked `not_estimated`, and a warning says why; it is blank in a cell of which the estimate of its
//! period says nothing.

mod accounts;
mod behind;
mod checks;
mod completeness;
mod counts;
mod cover;
mod error;
mod estimating;
mod periods;
mod places;
mod senders;
mod sql;
mod state;
mod tables;
mod tallies;
mod thresholds;

use std::collections::BTreeMap;
use std::path::Path;

use engine::Session;
use vocabulary::cover::Spans;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

pub use accounts::People;
pub use behind::{Figure, Person, behind};
pub use completeness::completeness_schema;
pub use error::CountError;
pub use estimate::joint::Confirmed;
pub use estimating::{Assumed, Living, Look, Of, Review, Reviewed, Warning};
pub use state::{Standing, State, Tally, state};
pub use thresholds::Thresholds;

use cover::Cover;
use error::at;
use estimating::Asked;

/// What the stage is asked to do.
pub struct Request<'a> {
    /// Folder of the stage casefind: `cases.parquet`, `case_people.parquet`, `evidence.parquet`.
    pub casefind: &'a Path,
    /// Folder of the stage intake: `coverage.parquet`, `months.parquet`, `files.parquet`, and `records/registrations` where sent.
    pub intake: &'a Path,
    /// The organisations of the study.
    pub registry: &'a Registry,
    /// Nothing after this day is counted.
    pub as_of: Date,
    /// First and last day that is counted.
    pub period: (Date, Date),
    /// When an organisation is said to be collecting.
    pub thresholds: Thresholds,
    /// What the estimate takes for granted.
    pub assumed: Assumed,
    /// Charts that were read; by default none.
    pub review: Review,
    /// What earlier runs of the study knew that read alike; by default none.
    pub earlier: Vec<Look>,
    /// National deaths with breast cancer as underlying cause, from the first year on: an outside check, in no estimate.
    pub national_deaths: Option<(i32, Vec<u64>)>,
    /// Days that each kind of source covers in each nation, or in none. Where nothing is said of a kind and nation, they are
    /// those from first to last month in `coverage`.
    pub cover: &'a BTreeMap<(String, Option<String>), Spans>,
    /// Days of which deaths are known; without them, living and died are not computable.
    pub deaths: &'a Spans,
    /// The engine; the stage names its tables `count_…` in it, so one session serves one run.
    pub session: &'a Session,
    /// Folder to write into; it exists.
    pub out: &'a Path,
}

/// What the stage did.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Rows of `counts.parquet`.
    pub counts: u64,
    /// Rows of `completeness.parquet`.
    pub completeness: u64,
    /// Rows of `checks.parquet`.
    pub checks: u64,
    /// Rows of `estimates.parquet`.
    pub estimates: u64,
    /// Everyone living with the disease on the last day that can be told, if it was estimated.
    pub living: Option<Living>,
    /// Last day for which living can be told.
    pub deaths_until: Option<Date>,
    /// What a reader of the estimate must know.
    pub warnings: Vec<Warning>,
    /// Where everyone in `cases` went.
    pub people: People,
    /// The window on which states rest, as it stands in the column `period` of `completeness`.
    pub window: String,
    /// The state of each organisation of the registry over the window.
    pub states: BTreeMap<String, State>,
}

/// Counts and estimates the people, and writes the tables named above.
///
/// # Errors
/// When a table cannot be read or written, the period holds no day up to `as_of`, charts ask about years that are not counted, or
/// somebody is not accounted for.
/// That nothing can be estimated is no error: a warning says why.
pub fn run(request: &Request<'_>) -> Result<Report, CountError> {
    let years = periods::years(request.period, request.as_of)?;
    request.review.check_years(&years)?;
    let periods = periods::periods(&years, request.deaths)?;
    let deaths_until = periods::deaths_until(&years, request.deaths);
    let cover = Cover::read(request.intake, request.registry, request.cover)?;
    let window = periods::window(request.as_of, cover.last_cosd, &request.thresholds);
    let (session, registry) = (request.session, request.registry);
    let known = (&cover, request.deaths);
    for (name, file) in [
        (tables::CASES, "cases.parquet"),
        (tables::PEOPLE, "case_people.parquet"),
        (tables::EVIDENCE, "evidence.parquet"),
    ] {
        open(session, name, &request.casefind.join(file))?;
    }
    let mut estimated = estimating::write(&Asked {
        session,
        intake: request.intake,
        registry,
        cover: &cover,
        assumed: &request.assumed,
        review: &request.review,
        earlier: &request.earlier,
        as_of: request.as_of,
        national_deaths: request.national_deaths.as_ref(),
        years: &years,
        deaths: request.deaths,
        deaths_until,
        out: request.out,
    })?;
    open(session, tables::ESTIMATES, &request.out.join("estimates.parquet"))?;
    let counts_path = request.out.join("counts.parquet");
    let counts = counts::write(session, registry, &cover, &periods, &counts_path)?;
    open(session, tables::COUNTS, &counts_path)?;
    let people = accounts::check(session, (request.period.0, request.period.1.min(request.as_of)))?;
    let completeness = completeness::write(
        session,
        registry,
        known,
        (&years, &window),
        &request.thresholds,
        &request.out.join("completeness.parquet"),
    )?;
    estimated.warnings.extend(cover.warning());
    let checks = checks::write(session, known, &years, &request.out.join("checks.parquet"))?;
    Ok(Report {
        counts,
        completeness: completeness.rows,
        checks,
        estimates: estimated.rows,
        living: estimated.living,
        deaths_until,
        warnings: estimated.warnings,
        people,
        window: window.label,
        states: completeness.states,
    })
}

/// Gives the engine a table that lies in a file, under a name.
fn open(session: &Session, name: &str, path: &Path) -> Result<(), CountError> {
    session
        .table(name, path)
        .map_err(at("opening the tables to count"))
}
