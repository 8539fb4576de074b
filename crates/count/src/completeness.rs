//! The table `completeness`: of the people found, how many were recorded, and the state of every organisation.
//!
//! `estimate` is the number of new people estimated for the organisation in a year; `low` and `high` are the ends of the
//! share on which the state rests, from 0 to 1.
//!
//! Invariants: `recorded` and `found` are those of `counts` for the organisation's new people; people found only at
//! death are in `found` but never in the two numbers on which a state rests, and their number is blank where not all deaths
//! of the period are known, or where nothing in most of it could have shown them before.
//! Standard followed: `docs/src/tables-out.md`; interval by Wilson (1927).

use std::collections::BTreeMap;
use std::path::Path;

use engine::{Session, TableWriter};
use estimate::Interval;
use vocabulary::cover::Spans;
use vocabulary::organisation::{Organisation, Registry};
use vocabulary::table::{Column, Kind, TableSchema, Value};

use crate::cover::Cover;
use crate::error::at;
use crate::periods::{Measure, Period, Span};
use crate::state::{Standing, State, Tally, state};
use crate::tables::{ESTIMATES, whole};
use crate::tallies::{Numbers, Table, numbers};
use crate::{CountError, Thresholds};

/// Each kind that has a row, the total first.
const KINDS: [&str; 3] = ["all", "de_novo", "recurrent"];

/// The schema of `completeness.parquet`: the contract's, and beside it how many people the median rests on, which
/// disclosure control asks for and never releases.
#[must_use]
pub fn completeness_schema() -> TableSchema {
    let mut schema = layouts::tables::completeness();
    if schema.column_index(PEOPLE_WITH_DAYS).is_none() {
        let name = PEOPLE_WITH_DAYS.to_owned();
        schema.columns.push(Column {
            name,
            kind: Kind::Integer,
            required: false,
        });
    }
    schema
}

const PEOPLE_WITH_DAYS: &str = "people_with_days";

/// What was written.
pub(crate) struct Written {
    pub rows: u64,
    /// The state of each organisation over the window.
    pub states: BTreeMap<String, State>,
}

/// Counts and writes the table.
pub(crate) fn write(
    session: &Session,
    registry: &Registry,
    (cover, deaths): (&Cover, &Spans),
    (years, window): (&[Span], &Span),
    thresholds: &Thresholds,
    out: &Path,
) -> Result<Written, CountError> {
    let spans: Vec<&Span> = years
        .iter()
        .filter(|year| *year != window)
        .chain([window])
        .collect();
    let numbers = numbers(session, registry, &spans)?;
    let estimates = estimates(session)?;
    let mut labelled = spans;
    labelled.sort_by(|a, b| a.label.cmp(&b.label));

    let mut states = BTreeMap::new();
    let mut table = TableWriter::create(out, &completeness_schema()).map_err(at("writing completeness"))?;
    for organisation in registry.organisations() {
        for span in &labelled {
            let group = Group::new(organisation, span, (cover, deaths), &numbers);
            for kind in KINDS {
                let state = group.state(kind, thresholds);
                let key = (organisation.code.clone(), span.label.clone(), kind.to_owned());
                let estimate = estimates.get(&key).copied();
                group.write(&mut table, (kind, state), estimate, thresholds)?;
                if *span == window && kind == "all" {
                    states.insert(organisation.code.clone(), state);
                }
            }
        }
    }
    let rows = table.finish().map_err(at("writing completeness"))?;
    Ok(Written { rows, states })
}

/// The rows of one organisation and period.
struct Group<'a> {
    organisation: &'a Organisation,
    span: &'a Span,
    covered: bool,
    /// Whether sources of treatment and hospital stays cover the span.
    elsewhere_covered: bool,
    /// What covers which days, and the days of which deaths are known.
    cover: &'a Cover,
    deaths: &'a Spans,
    standing: Standing,
    kinds: BTreeMap<&'static str, Numbers>,
}

impl<'a> Group<'a> {
    fn new(
        organisation: &'a Organisation,
        span: &'a Span,
        (cover, deaths): (&'a Cover, &'a Spans),
        numbers: &Table,
    ) -> Self {
        let period = Period {
            measure: Measure::New,
            span: span.clone(),
            computable: true,
        };
        let nation = Some(organisation.nation.as_str());
        let key = |kind: &str| (organisation.code.clone(), span.label.clone(), kind.to_owned());
        Self {
            organisation,
            span,
            covered: cover.covers(nation, &period),
            elsewhere_covered: cover.looks(&layouts::ELSEWHERE, nation, span),
            cover,
            deaths,
            standing: Standing {
                in_scope: organisation.breast_service,
                measured: cover.records(nation, &period),
                responded: cover.answered(&organisation.code, span),
            },
            kinds: KINDS
                .into_iter()
                .map(|kind| (kind, numbers.get(&key(kind)).copied().unwrap_or_default()))
                .collect(),
        }
    }

    fn numbers(&self, kind: &str) -> Numbers {
        self.kinds.get(kind).copied().unwrap_or_default()
    }

    fn state(&self, kind: &str, thresholds: &Thresholds) -> State {
        let single: Vec<Tally> = if kind == "all" {
            KINDS
                .into_iter()
                .filter(|kind| *kind != "all")
                .map(|kind| self.numbers(kind).tally())
                .collect()
        } else {
            Vec::new()
        };
        state(self.standing, self.numbers(kind).tally(), &single, thresholds)
    }

    fn write(
        &self,
        table: &mut TableWriter,
        (kind, state): (&str, State),
        estimate: Option<f64>,
        thresholds: &Thresholds,
    ) -> Result<(), CountError> {
        let n = self.numbers(kind);
        // A number above zero was seen; a zero is said only where a source looked, or of a kind where somebody of another was found:
        // there `counts` has a zero too, and the two say the same.
        let found = |count: i64, looked: bool| (count > 0 || looked).then_some(count);
        let told = self.covered || self.numbers("all").found > 0;
        // Of a body that sent no records nobody knows how many it had recorded.
        let looked = self.standing.measured && self.standing.responded;
        let recorded = |count: i64| (count > 0 || looked).then_some(count);
        let share = recorded(n.recorded_of_elsewhere).filter(|_| n.found_elsewhere > 0);
        let nation = Some(self.organisation.nation.as_str());
        let only_at_death = self
            .cover
            .only_at_death(n.only_at_death, (nation, self.span), self.deaths)
            .filter(|_| self.cover.shows(&self.organisation.nation, self.span));
        let interval = share.map(|_| interval(n.tally(), thresholds)).transpose()?;
        table
            .row(&[
                Value::Text(&self.organisation.code),
                Value::Text(&self.span.label),
                Value::Text(kind),
                Value::from(recorded(n.recorded)),
                Value::from(found(n.found, told)),
                Value::from(found(n.found_elsewhere, self.elsewhere_covered)),
                Value::from(recorded(n.recorded_of_elsewhere)),
                Value::from(estimate),
                Value::from(interval.map(|interval| interval.low)),
                Value::from(interval.map(|interval| interval.high)),
                Value::from(only_at_death),
                Value::from(n.median_days.map(whole)),
                Value::Text(state.as_str()),
                Value::from(recorded(n.people_with_days)),
            ])
            .map_err(at("writing completeness"))
    }
}

fn interval(tally: Tally, thresholds: &Thresholds) -> Result<Interval, CountError> {
    let (part, whole) = (tally.recorded_of_elsewhere, tally.found_elsewhere);
    estimate::wilson(part, whole, thresholds.confidence()?)
        .map(|share| share.interval)
        .map_err(|error| CountError::Invariant {
            rule: format!("recorded is a part of found elsewhere: {error}"),
        })
}

/// New people estimated, by organisation, year and kind.
fn estimates(session: &Session) -> Result<BTreeMap<(String, String, String), f64>, CountError> {
    let step = || at("reading the estimates of organisations");
    let question = format!(
        r#"SELECT place, period, kind, estimate FROM {ESTIMATES}
           WHERE place_kind = 'organisation' AND measure = 'new' AND sex = 'all' AND age_band = 'all'"#
    );
    let mut estimates = BTreeMap::new();
    for batch in session
        .query("reading the estimates of organisations", &question)
        .map_err(step())?
    {
        let batch = batch.map_err(step())?;
        let text = |name| batch.text(name).map_err(step());
        let (places, periods, kinds) = (text("place")?, text("period")?, text("kind")?);
        let numbers = batch.real("estimate").map_err(step())?;
        for row in 0..batch.rows() {
            let key = [places, periods, kinds].map(|column| column.get(row).unwrap_or_default().to_owned());
            let [place, period, kind] = key;
            estimates.extend(numbers.get(row).map(|number| ((place, period, kind), number)));
        }
    }
    Ok(estimates)
}
