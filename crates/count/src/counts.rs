//! The table `counts`: people new, living and died, by place, period, kind, sex and age band.
//!
//! Invariants: only integers are summed, so that the same people give the same bytes on any number of threads;
//! along `kind`, `sex` and `age_band` the row `all` is the sum of the others, and every split that is published has its row
//! wherever the total has, of every kind, sex and age that anybody in the table is; `recorded` never exceeds `found`. The
//! estimate stands beside them, cell by cell: medians of draws, which need not add up. In one measure and period every
//! estimate is of one kind: where the country was estimated, a cell that no draw reaches has none (mostly one in which nobody was
//! found; and people found only at death are in no draw under their own kind, sex and age), and the number found never stands
//! for it.
//! Standard followed: `docs/src/tables-out.md`; measures by point, not period, prevalence (`docs/src/words.md`).

use engine::Session;
use vocabulary::organisation::Registry;

use crate::CountError;
use crate::cover::Cover;
use crate::error::at;
use crate::periods::Period;
use crate::places;
use crate::tables::{CASES, ESTIMATES, PEOPLE};

/// Counts and writes; gives the number of rows.
pub(crate) fn write(
    session: &Session,
    registry: &Registry,
    cover: &Cover,
    periods: &[Period],
    out: &std::path::Path,
) -> Result<u64, CountError> {
    let sql = plan(registry, cover, periods);
    session
        .write(
            "counting new, living and died",
            &sql,
            out,
            &layouts::tables::counts(),
        )
        .map_err(at("counting people"))
}

/// One row for each person and each period in which they count, with the cells they belong to.
fn events(registry: &Registry, periods: &[Period]) -> String {
    let organisations = places::organisations("o", registry);
    let periods = places::periods("p", periods);
    format!(
        r#"SELECT c.person_id AS person_id, coalesce(c.nation, '') AS nation, coalesce(o.network, '') AS network,
                  coalesce(o.organisation, '') AS organisation, p.measure AS measure, p.period AS period,
                  coalesce(c.kind, 'not_known') AS kind, coalesce(b.sex, 'not_known') AS sex,
                  b.birth_date AS born,
                  CASE p.measure WHEN 'new' THEN c."date" WHEN 'died' THEN c.death_date ELSE p.last END AS day,
                  CASE WHEN c.recorded AND NOT c.only_at_death THEN 1 ELSE 0 END AS recorded
           FROM {CASES} AS c
           LEFT JOIN {PEOPLE} AS b ON b.person_id = c.person_id
           LEFT JOIN {organisations} ON o.organisation = c.organisation
           CROSS JOIN {periods}
           WHERE c.counted AND (
                 (p.measure = 'new' AND c."new" AND c."date" BETWEEN p.first AND p.last)
              OR (p.measure = 'died' AND c.death_date BETWEEN p.first AND p.last)
              OR (p.measure = 'living' AND NOT c.only_at_death AND c."date" <= p.last
                  AND (c.death_date IS NULL OR c.death_date > p.last)
                  AND (c.left_date IS NULL OR c.left_date > p.last)))"#
    )
}

/// Completed years of age on a day; the birthday of 29 February falls on 1 March in common years.
fn age(born: &str, day: &str) -> String {
    let month_and_day = |date: &str| format!("(date_part('month', {date}) * 100 + date_part('day', {date}))");
    format!(
        "(date_part('year', {day}) - date_part('year', {born}) - CASE WHEN {} < {} THEN 1 ELSE 0 END)",
        month_and_day(day),
        month_and_day(born)
    )
}

/// The same rows with their age bands.
pub(crate) fn banded(registry: &Registry, periods: &[Period]) -> String {
    let events = events(registry, periods);
    let age = age("e.born", "e.day");
    format!(
        r#"SELECT person_id, nation, network, organisation, measure, period, kind, sex, recorded,
                  CASE WHEN age IS NULL OR age < 0 OR age > 125 THEN 'not_known'
                       WHEN age < 45 THEN '<45' WHEN age < 55 THEN '45-54' WHEN age < 65 THEN '55-64'
                       WHEN age < 75 THEN '65-74' WHEN age < 85 THEN '75-84' ELSE '85+' END AS age_band
           FROM (SELECT e.*, {age} AS age FROM ({events}) AS e) AS aged"#
    )
}

/// The finest cells, small enough to be added up in every direction.
fn cells(registry: &Registry, periods: &[Period]) -> String {
    let banded = banded(registry, periods);
    format!(
        r#"SELECT nation, network, organisation, measure, period, kind, sex, age_band,
                  count(*) AS found, sum(recorded) AS recorded
           FROM ({banded}) AS banded
           GROUP BY nation, network, organisation, measure, period, kind, sex, age_band"#
    )
}

/// Every cell at every level of place, and the totals along each dimension.
fn totals(registry: &Registry, periods: &[Period]) -> String {
    let cells = cells(registry, periods);
    let country = places::COUNTRY;
    format!(
        r#"SELECT place_kind, place, measure, period, coalesce(kind, 'all') AS kind, coalesce(sex, 'all') AS sex,
                  coalesce(age_band, 'all') AS age_band, sum(found) AS found, sum(recorded) AS recorded
           FROM (SELECT l.place_kind AS place_kind,
                        CASE l.place_kind WHEN 'country' THEN '{country}' WHEN 'nation' THEN nation
                             WHEN 'network' THEN network ELSE organisation END AS place,
                        measure, period, kind, sex, age_band, found, recorded
                 FROM ({cells}) AS cells
                 CROSS JOIN (VALUES ('country'), ('nation'), ('network'), ('organisation')) AS l (place_kind)
                ) AS levels
           WHERE place <> ''
           GROUP BY GROUPING SETS (
               (place_kind, place, measure, period),
               (place_kind, place, measure, period, kind),
               (place_kind, place, measure, period, sex),
               (place_kind, place, measure, period, age_band),
               (place_kind, place, measure, period, kind, sex),
               (place_kind, place, measure, period, kind, age_band),
               (place_kind, place, measure, period, sex, age_band),
               (place_kind, place, measure, period, kind, sex, age_band))
           HAVING NOT (place_kind = 'organisation' AND sex IS NOT NULL)"#
    )
}

/// Whether anybody in the whole table is what a split says. What nobody is (of unknown age, say) has no rows: they would be hidden
/// beside numbers that say something.
fn met(split: &str) -> String {
    let people = format!("sum(sum(found)) OVER (PARTITION BY {split})");
    format!("({split} = 'all' OR coalesce({people}, 0) > 0) AS met_{split}")
}

/// The whole table: people, and the zeros and blanks of the frame.
fn plan(registry: &Registry, cover: &Cover, periods: &[Period]) -> String {
    let totals = totals(registry, periods);
    let frame = |alias| places::frame(alias, registry, cover, periods);
    let (zeros, marks) = (frame("z"), frame("m"));
    // A total brings a zero of each split, so that a row says nothing of whether somebody is there.
    let nobodies = places::splits("n");
    let nobody = "n.kind <> 'all' OR n.sex <> 'all' OR n.age_band <> 'all'";
    let met = ["kind", "sex", "age_band"].map(met).join(", ");
    format!(
        r#"SELECT k.place_kind, k.place, k.period, k.measure, k.kind, k.sex, k.age_band,
                  CASE WHEN k.recorded = 0 AND NOT coalesce(m.recording, false) THEN CAST(NULL AS BIGINT)
                       ELSE k.recorded END AS recorded,
                  k.found AS found,
                  CASE WHEN e.estimate IS NOT NULL THEN e.estimate
                       WHEN c.period IS NULL THEN CAST(k.found AS DOUBLE) END AS estimate,
                  e.low AS low, e.high AS high,
                  CASE WHEN m.computable = false THEN 'not_computable'
                       WHEN e.estimate IS NOT NULL THEN 'joint' ELSE 'found' END AS method,
                  coalesce(e.status, 'not_estimated') AS status, 'all' AS group_kind, 'all' AS "group"
           FROM (SELECT place_kind, place, measure, period, kind, sex, age_band,
                        sum(found) AS found, sum(recorded) AS recorded,
                        {met}
                 FROM (SELECT t.place_kind, t.place, t.measure, t.period, coalesce(n.kind, t.kind) AS kind,
                              coalesce(n.sex, t.sex) AS sex, coalesce(n.age_band, t.age_band) AS age_band,
                              CASE WHEN {nobody} THEN 0 ELSE t.found END AS found,
                              CASE WHEN {nobody} THEN 0 ELSE t.recorded END AS recorded
                       FROM (SELECT place_kind, place, measure, period, kind, sex, age_band, found, recorded
                             FROM ({totals}) AS people
                             UNION ALL
                             SELECT z.place_kind, z.place, z.measure, z.period, 'all', 'all', 'all',
                                    CASE WHEN z.computable THEN 0 END, CASE WHEN z.computable THEN 0 END
                             FROM {zeros} WHERE z.covered) AS t
                       LEFT JOIN {nobodies} ON n.place_kind = t.place_kind AND t.found IS NOT NULL
                                           AND t.kind = 'all' AND t.sex = 'all' AND t.age_band = 'all') AS both
                 GROUP BY place_kind, place, measure, period, kind, sex, age_band) AS k
           LEFT JOIN {marks} ON m.place_kind = k.place_kind AND m.place = k.place
                            AND m.measure = k.measure AND m.period = k.period
           LEFT JOIN {ESTIMATES} AS e ON e.place_kind = k.place_kind AND e.place = k.place AND e.period = k.period
                            AND e.measure = k.measure AND e.kind = k.kind AND e.sex = k.sex
                            AND e.age_band = k.age_band AND m.computable
           LEFT JOIN (SELECT period, measure FROM {ESTIMATES}
                      WHERE place_kind = 'country' AND kind = 'all' AND sex = 'all' AND age_band = 'all'
                     ) AS c ON c.period = k.period AND c.measure = k.measure
           WHERE k.met_kind AND k.met_sex AND k.met_age_band
           ORDER BY 1, 2, 3, 4, 5, 6, 7"#
    )
}
