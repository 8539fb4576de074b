//! New people of each organisation, added up by the engine: recorded, found, found elsewhere, only at death, and the
//! days until they were recorded.
//!
//! Invariant: whole numbers only; a person is found at one organisation, or none, and found only at death at one, or
//! none.

use std::collections::BTreeMap;

use engine::Session;
use vocabulary::organisation::Registry;

use crate::error::at;
use crate::periods::Span;
use crate::state::Tally;
use crate::tables::CASES;
use crate::{CountError, places};

/// The numbers of one organisation, period and kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub recorded: i64,
    pub found: i64,
    pub found_elsewhere: i64,
    pub recorded_of_elsewhere: i64,
    pub only_at_death: i64,
    pub people_with_days: i64,
    pub median_days: Option<i64>,
}

impl Numbers {
    /// The two numbers on which a state rests.
    pub(crate) fn tally(self) -> Tally {
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        Tally {
            found_elsewhere: count(self.found_elsewhere),
            recorded_of_elsewhere: count(self.recorded_of_elsewhere),
        }
    }
}

/// Numbers by organisation, period and kind.
pub(crate) type Table = BTreeMap<(String, String, String), Numbers>;

/// The numbers of every organisation that the registry knows.
pub(crate) fn numbers(session: &Session, registry: &Registry, spans: &[&Span]) -> Result<Table, CountError> {
    let mut table = Table::new();
    let step = || at("comparing recorded with found");
    for batch in session
        .query("comparing recorded with found", &tallies(registry, spans))
        .map_err(step())?
    {
        let batch = batch.map_err(step())?;
        let key = Key::of(&batch).map_err(step())?;
        let integer = |name| batch.integer(name).map_err(step());
        let (recorded, found) = (integer("recorded")?, integer("found")?);
        let (elsewhere, of_elsewhere) = (integer("found_elsewhere")?, integer("recorded_of_elsewhere")?);
        let only_at_death = integer("only_at_death")?;
        for row in 0..batch.rows() {
            let numbers = table.entry(key.get(row)).or_default();
            numbers.recorded = recorded.get(row).unwrap_or(0);
            numbers.found = found.get(row).unwrap_or(0);
            numbers.found_elsewhere = elsewhere.get(row).unwrap_or(0);
            numbers.recorded_of_elsewhere = of_elsewhere.get(row).unwrap_or(0);
            numbers.only_at_death = only_at_death.get(row).unwrap_or(0);
        }
    }
    let step = || at("counting days to record");
    for batch in session
        .query("counting days to record", &medians(registry, spans))
        .map_err(step())?
    {
        let batch = batch.map_err(step())?;
        let key = Key::of(&batch).map_err(step())?;
        let integer = |name| batch.integer(name).map_err(step());
        let (days, people) = (integer("days")?, integer("people")?);
        for row in 0..batch.rows() {
            let numbers = table.entry(key.get(row)).or_default();
            numbers.median_days = days.get(row);
            numbers.people_with_days = people.get(row).unwrap_or(0);
        }
    }
    Ok(table)
}

/// The three columns that name a row.
struct Key<'a> {
    organisation: engine::TextColumn<'a>,
    period: engine::TextColumn<'a>,
    kind: engine::TextColumn<'a>,
}

impl<'a> Key<'a> {
    fn of(batch: &'a engine::Batch) -> Result<Self, engine::EngineError> {
        Ok(Self {
            organisation: batch.text("organisation")?,
            period: batch.text("period")?,
            kind: batch.text("kind")?,
        })
    }

    fn get(&self, row: usize) -> (String, String, String) {
        let text = |column: &engine::TextColumn<'_>| column.get(row).unwrap_or_default().to_owned();
        (text(&self.organisation), text(&self.period), text(&self.kind))
    }
}

/// New people by organisation, period and kind. Someone found only at death counts twice in the scan and once in each
/// column: as found where the case belongs, and as found only at death where the last breast record was.
fn tallies(registry: &Registry, spans: &[&Span]) -> String {
    let organisations = places::organisations("o", registry);
    let spans = places::spans("p", spans.iter().copied());
    format!(
        r#"SELECT organisation, period, coalesce(kind, 'all') AS kind, sum(recorded) AS recorded, sum(found) AS found,
                  sum(found_elsewhere) AS found_elsewhere, sum(recorded_of_elsewhere) AS recorded_of_elsewhere,
                  sum(only_at_death) AS only_at_death
           FROM (SELECT o.organisation AS organisation, s.period AS period, s.kind AS kind,
                        CASE WHEN s.own AND s.recorded AND NOT s.only_at_death THEN 1 ELSE 0 END AS recorded,
                        CASE WHEN s.own THEN 1 ELSE 0 END AS found,
                        CASE WHEN s.own AND s.elsewhere AND NOT s.only_at_death THEN 1 ELSE 0 END AS found_elsewhere,
                        CASE WHEN s.own AND s.elsewhere AND s.recorded AND NOT s.only_at_death THEN 1 ELSE 0 END
                          AS recorded_of_elsewhere,
                        CASE WHEN s.own THEN 0 ELSE 1 END AS only_at_death
                 FROM (SELECT p.period AS period, coalesce(c.kind, 'not_known') AS kind, r.own AS own,
                              c.recorded AS recorded, c.elsewhere AS elsewhere, c.only_at_death AS only_at_death,
                              CASE WHEN r.own THEN c.organisation ELSE c.only_at_death_organisation END AS body
                       FROM {CASES} AS c
                       CROSS JOIN {spans}
                       CROSS JOIN (VALUES (true), (false)) AS r (own)
                       WHERE c.counted AND c."new" AND c."date" BETWEEN p.first AND p.last
                         AND (r.own OR c.only_at_death)) AS s
                 JOIN {organisations} ON o.organisation = s.body) AS scanned
           GROUP BY GROUPING SETS ((organisation, period), (organisation, period, kind))
           ORDER BY 1, 2, 3"#
    )
}

/// Median days from the date of the case to its first record: the smallest number of days within which half of the
/// people recorded were recorded (the lower median, so that it is a number of days that somebody waited).
fn medians(registry: &Registry, spans: &[&Span]) -> String {
    let organisations = places::organisations("o", registry);
    let spans = places::spans("p", spans.iter().copied());
    format!(
        r#"SELECT organisation, period, kind, min(days) AS days, max(people) AS people
           FROM (SELECT organisation, period, kind, days,
                        sum(n) OVER (PARTITION BY organisation, period, kind ORDER BY days) AS within,
                        sum(n) OVER (PARTITION BY organisation, period, kind) AS people
                 FROM (SELECT o.organisation AS organisation, p.period AS period,
                              CASE WHEN k.total THEN 'all' ELSE coalesce(c.kind, 'not_known') END AS kind,
                              CAST(c.recorded_date AS INT) - CAST(c."date" AS INT) AS days, count(*) AS n
                       FROM {CASES} AS c
                       JOIN {organisations} ON o.organisation = c.organisation
                       CROSS JOIN {spans}
                       CROSS JOIN (VALUES (true), (false)) AS k (total)
                       WHERE c.counted AND c."new" AND c.recorded AND NOT c.only_at_death
                         AND c.recorded_date IS NOT NULL AND c."date" BETWEEN p.first AND p.last
                       GROUP BY 1, 2, 3, 4) AS grouped) AS running
           WHERE within * 2 >= people
           GROUP BY organisation, period, kind
           ORDER BY 1, 2, 3"#
    )
}
