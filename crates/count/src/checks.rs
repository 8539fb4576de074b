//! The table `checks`: how the field checks itself, by nation and country.
//!
//! `living_over_deaths` (P/D) is about the mean number of years lived with the disease; `new_over_deaths` (I/D) sits
//! near 1 when everybody is found; `found_only_at_death` are people missed while they lived. They follow
//! from the steady state, in which people living = new a year × mean years lived, and new a year is near deaths a year.
//!
//! Invariants: one division of two whole numbers, last; a ratio without deaths is blank with its reason, never 0; so is the
//! number found only at death where not all deaths of the year are known, also above 0;
//! the words hold no number of people, so that they need no disclosure control.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::{Session, TableWriter};
use vocabulary::cover::Spans;
use vocabulary::table::Value;

use crate::cover::Cover;
use crate::error::at;
use crate::periods::Span;
use crate::tables::{CASES, COUNTS, whole};
use crate::{CountError, places};

/// Found people by place, measure and period; blank where not computable.
type Found = BTreeMap<(String, String, String), Option<i64>>;

/// Works out the checks from the counts just written, and writes them.
pub(crate) fn write(
    session: &Session,
    (cover, deaths): (&Cover, &Spans),
    years: &[Span],
    out: &Path,
) -> Result<u64, CountError> {
    let found = found(session)?;
    let only_at_death = only_at_death(session, years)?;
    let places: BTreeSet<&str> = found.keys().map(|(place, ..)| place.as_str()).collect();
    let step = || at("writing checks");
    let mut table = TableWriter::create(out, &layouts::tables::checks()).map_err(step())?;
    for name in ["found_only_at_death", "living_over_deaths", "new_over_deaths"] {
        for place in &places {
            for year in years {
                let of = |measure: &str, period: &str| {
                    found
                        .get(&((*place).to_owned(), measure.to_owned(), period.to_owned()))
                        .copied()
                };
                // A place that no source covers in this year has no row in `counts`, and none here.
                let Some(new) = of("new", &year.label) else {
                    continue;
                };
                let died = of("died", &year.label).flatten();
                let check = match name {
                    "living_over_deaths" => living_over_deaths(year, died, of),
                    "new_over_deaths" => Some(new_over_deaths(year, new, died)),
                    _ => {
                        let key = ((*place).to_owned(), year.label.clone());
                        let people = only_at_death.get(&key).copied().unwrap_or(0);
                        let nation = Some(*place).filter(|place| *place != "all");
                        // Of a place without a row of deaths no zero is said.
                        let told = cover
                            .only_at_death(people, (nation, year), deaths)
                            .filter(|people| *people > 0 || died.is_some());
                        Some(found_only_at_death(year, told))
                    }
                };
                let Some(check) = check else { continue };
                table
                    .row(&[
                        Value::Text(name),
                        Value::Text(place),
                        Value::Text(&year.label),
                        Value::from(check.value),
                        Value::Text(&check.words),
                    ])
                    .map_err(step())?;
            }
        }
    }
    table.finish().map_err(step())
}

struct Check {
    value: Option<f64>,
    words: String,
}

/// People found only at death, and blank where that cannot be told.
fn found_only_at_death(year: &Span, people: Option<i64>) -> Check {
    let meaning = format!(
        "People new in {} who are in no earlier record that we hold. They count as new and as died, never as living.",
        year.label
    );
    match people {
        Some(people) => Check {
            value: Some(whole(people)),
            words: meaning,
        },
        None => Check {
            value: None,
            words: without_deaths(&meaning, &year.label),
        },
    }
}

/// P/D; only for whole years, since a part of a year holds only a part of the deaths.
fn living_over_deaths(
    year: &Span,
    died: Option<i64>,
    of: impl Fn(&str, &str) -> Option<Option<i64>>,
) -> Option<Check> {
    if year.label.contains('/') {
        return None;
    }
    let living = of("living", &year.last.to_string()).flatten();
    let meaning = format!(
        "People living with secondary breast cancer on {}, for each person with it who died of any cause in {}. \
         About the mean number of years lived with it.",
        year.last, year.label
    );
    Some(ratio(living, died, &year.label, meaning))
}

fn new_over_deaths(year: &Span, new: Option<i64>, died: Option<i64>) -> Check {
    let meaning = format!(
        "People new in {}, for each person with secondary breast cancer who died of any cause in it. Near 1 when \
         numbers are steady and everybody is found.",
        year.label
    );
    ratio(new, died, &year.label, meaning)
}

fn ratio(above: Option<i64>, below: Option<i64>, period: &str, meaning: String) -> Check {
    match (above, below) {
        (Some(_), Some(0)) => Check {
            value: None,
            words: format!("{meaning} Not computable: nobody with it is known to have died in {period}."),
        },
        (Some(above), Some(below)) => Check {
            value: Some(whole(above) / whole(below)),
            words: meaning,
        },
        _ => Check {
            value: None,
            words: without_deaths(&meaning, period),
        },
    }
}

fn without_deaths(meaning: &str, period: &str) -> String {
    format!("{meaning} Not computable: deaths are not held for the whole of {period}.")
}

fn found(session: &Session) -> Result<Found, CountError> {
    let step = || at("reading counts for the checks");
    let sql = format!(
        r#"SELECT place, measure, period, found FROM {COUNTS}
           WHERE place_kind IN ('country', 'nation') AND kind = 'all' AND sex = 'all' AND age_band = 'all'
           ORDER BY 1, 2, 3"#
    );
    let mut found = Found::new();
    for batch in session
        .query("reading counts for the checks", &sql)
        .map_err(step())?
    {
        let batch = batch.map_err(step())?;
        let text = |name| batch.text(name).map_err(step());
        let (places, measures, periods) = (text("place")?, text("measure")?, text("period")?);
        let numbers = batch.integer("found").map_err(step())?;
        for row in 0..batch.rows() {
            let key =
                [places, measures, periods].map(|column| column.get(row).unwrap_or_default().to_owned());
            let [place, measure, period] = key;
            found.insert((place, measure, period), numbers.get(row));
        }
    }
    Ok(found)
}

/// People found only at death, by place and year.
fn only_at_death(session: &Session, years: &[Span]) -> Result<BTreeMap<(String, String), i64>, CountError> {
    let step = || at("counting people found only at death");
    let spans = places::spans("p", years);
    let country = places::COUNTRY;
    let sql = format!(
        r#"SELECT coalesce(nation, '{country}') AS place, period, sum(n) AS people
           FROM (SELECT coalesce(c.nation, '') AS nation, p.period AS period, count(*) AS n
                 FROM {CASES} AS c CROSS JOIN {spans}
                 WHERE c.counted AND c."new" AND c.only_at_death AND c."date" BETWEEN p.first AND p.last
                 GROUP BY 1, 2) AS grouped
           GROUP BY GROUPING SETS ((period), (nation, period))
           ORDER BY 1, 2"#
    );
    let mut people = BTreeMap::new();
    for batch in session
        .query("counting people found only at death", &sql)
        .map_err(step())?
    {
        let batch = batch.map_err(step())?;
        let (places, periods) = (
            batch.text("place").map_err(step())?,
            batch.text("period").map_err(step())?,
        );
        let numbers = batch.integer("people").map_err(step())?;
        for row in 0..batch.rows() {
            let key = [places, periods].map(|column| column.get(row).unwrap_or_default().to_owned());
            let [place, period] = key;
            people.insert((place, period), numbers.get(row).unwrap_or(0));
        }
    }
    Ok(people)
}
