//! The table `nurses`: people living and newly diagnosed beside nurses in post, by organisation, nation and country.
//!
//! Invariants: an organisation that said nothing has no nurses in the table, not 0; where no nurse for secondary disease is
//! in post there is no number of people for each of them; a nation's people are those of the organisations that answered,
//! since nurses of some cannot be set beside the people of all, and of one without a breast service, which has no people of
//! its own, only the nurses are in the sums. Their ranges are added end to end, which is at least as wide
//! as the range of the sum.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{EngineError, TableReader, TableWriter};
use estimate::{Confidence, Interval, wilson};
use vocabulary::date::Date;
use vocabulary::organisation::Registry;
use vocabulary::table::Value;

use super::{Range, Staffing, latest};
use crate::cells::ALL;

/// People of one place, by the table `counts`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct People {
    /// Living at the end of each year that can be told, by the label of the period.
    pub living: BTreeMap<String, Range>,
    /// Newly diagnosed by year.
    pub new: BTreeMap<String, Range>,
}

impl People {
    /// The last number living, with its day.
    #[must_use]
    pub fn living_now(&self) -> Option<(&str, Range)> {
        self.living
            .iter()
            .next_back()
            .map(|(period, range)| (period.as_str(), *range))
    }

    /// Newly diagnosed in the last year but one: reports of the last are still to come.
    #[must_use]
    pub fn new_a_year(&self) -> Option<Range> {
        self.new
            .values()
            .rev()
            .nth(1)
            .or_else(|| self.new.values().next_back())
            .copied()
    }
}

/// People living and newly diagnosed, by kind of place and place.
pub fn people(counts: &Path) -> Result<BTreeMap<(String, String), People>, EngineError> {
    let columns = [
        "place_kind",
        "place",
        "period",
        "measure",
        "kind",
        "sex",
        "age_band",
        "group_kind",
        "estimate",
        "low",
        "high",
    ];
    let mut found: BTreeMap<(String, String), People> = BTreeMap::new();
    for batch in TableReader::open_columns(counts, &columns)? {
        let batch = batch?;
        let text = |name: &str| batch.text(name);
        let (place_kind, place, period, measure) = (
            text("place_kind")?,
            text("place")?,
            text("period")?,
            text("measure")?,
        );
        let totals = [
            text("kind")?,
            text("sex")?,
            text("age_band")?,
            text("group_kind")?,
        ];
        let (value, low, high) = (batch.real("estimate")?, batch.real("low")?, batch.real("high")?);
        for row in 0..batch.rows() {
            if !totals.iter().all(|column| column.get(row) == Some(ALL)) {
                continue;
            }
            let (Some(place_kind), Some(place), Some(period)) =
                (place_kind.get(row), place.get(row), period.get(row))
            else {
                continue;
            };
            let (Some(value), Some(low), Some(high)) = (value.get(row), low.get(row), high.get(row)) else {
                continue;
            };
            let own = found
                .entry((place_kind.to_owned(), place.to_owned()))
                .or_default();
            let range = Range { value, low, high };
            match measure.get(row) {
                Some("living") => own.living.insert(period.to_owned(), range),
                Some("new") => own.new.insert(period.to_owned(), range),
                _ => None,
            };
        }
    }
    Ok(found)
}

/// The nurses of a place.
#[derive(Default)]
struct Post {
    date: Option<Date>,
    wte: [f64; 4],
    /// Organisations that answered, in sums those with a breast service; and those of them with a nurse for secondary disease.
    answered: u64,
    dedicated: u64,
    /// People of those that answered; none once somebody's are not estimated.
    living: Option<(String, Range)>,
    new: Option<Range>,
}

/// End to end.
fn added(one: Range, two: Range) -> Range {
    Range {
        value: one.value + two.value,
        low: one.low + two.low,
        high: one.high + two.high,
    }
}

impl Post {
    /// Adds the nurses.
    fn add(&mut self, own: &Staffing) {
        self.date = self.date.max(Some(own.date));
        let wte = [
            own.primary_wte,
            own.secondary_wte,
            own.generic_wte,
            own.support_wte,
        ];
        self.wte.iter_mut().zip(wte).for_each(|(sum, own)| *sum += own);
    }

    /// Adds the answer of an organisation, and its people.
    fn answer(&mut self, own: &Staffing, people: Option<&People>) {
        let living = people
            .and_then(People::living_now)
            .map(|(day, range)| (day.to_owned(), range));
        let new = people.and_then(People::new_a_year);
        if self.answered == 0 {
            (self.living, self.new) = (living, new);
        } else {
            self.living = self
                .living
                .take()
                .zip(living)
                .and_then(|((day, sum), (other, own))| (day == other).then(|| (day, added(sum, own))));
            self.new = self.new.zip(new).map(|(sum, own)| added(sum, own));
        }
        self.answered += 1;
        self.dedicated += u64::from(own.secondary_wte > 0.0);
    }
}

/// Writes the table.
pub(crate) fn write(
    counts: &Path,
    staffing: &[Staffing],
    registry: &Registry,
    as_of: Date,
    out: &Path,
) -> Result<u64, EngineError> {
    let people = people(counts)?;
    let mut posts: BTreeMap<(&str, &str), Post> = BTreeMap::new();
    for (code, own) in latest(staffing, as_of) {
        // A study takes codes of bodies of the registry only, and refuses those of sites and former bodies.
        let Some(body) = registry.get(code) else { continue };
        let own_people = people.get(&("organisation".to_owned(), body.code.clone()));
        for key in [
            (ALL, ALL),
            (body.nation.as_str(), ALL),
            (body.nation.as_str(), body.code.as_str()),
        ] {
            let post = posts.entry(key).or_default();
            post.add(own);
            // Whoever has no breast service has no people of its own, and is none of those whose share is given.
            if body.breast_service || key.1 != ALL {
                post.answer(own, own_people);
            }
        }
    }
    let mut table = TableWriter::create(&out.join("nurses.parquet"), &layouts::tables::nurses())?;
    for ((nation, organisation), post) in &posts {
        let in_scope = registry.organisations().filter(|body| {
            let nation = *nation == ALL || body.nation == *nation;
            let own = *organisation == ALL || body.code == *organisation;
            nation && own && body.breast_service
        });
        let in_scope = in_scope.count();
        row(&mut table, (nation, organisation), post, in_scope)?;
    }
    table.finish()
}

fn row(
    table: &mut TableWriter,
    (nation, organisation): (&str, &str),
    post: &Post,
    in_scope: usize,
) -> Result<(), EngineError> {
    let living = post.living.as_ref();
    let new = post.new;
    let secondary = post.wte[1];
    let each = living
        .filter(|_| secondary > 0.0)
        .map(|(_, living)| living.map(|living| living / secondary));
    let share: Option<(f64, Interval)> = (organisation == ALL)
        .then(|| wilson(post.dedicated, post.answered, Confidence::NINETY_FIVE).ok())
        .flatten()
        .map(|share| (share.value, share.interval));
    let real = |number: Option<f64>| number.map_or(Value::Null, Value::Real);
    let three = |range: Option<Range>| {
        [
            real(range.map(|range| range.value)),
            real(range.map(|range| range.low)),
            real(range.map(|range| range.high)),
        ]
    };
    let mut values = vec![
        Value::Text(nation),
        Value::Text(organisation),
        post.date.map_or(Value::Null, Value::Date),
    ];
    values.extend(post.wte.map(Value::Real));
    values.push(living.map_or(Value::Null, |(day, _)| Value::Text(day)));
    values.extend(three(living.map(|(_, living)| *living)));
    values.extend(three(new));
    values.extend(three(each));
    values.push(Value::Integer(i64::try_from(in_scope).unwrap_or(i64::MAX)));
    values.push(Value::Integer(i64::try_from(post.answered).unwrap_or(i64::MAX)));
    values.push(Value::Integer(i64::try_from(post.dedicated).unwrap_or(i64::MAX)));
    values.extend([
        real(share.map(|(share, _)| share)),
        real(share.map(|(_, interval)| interval.low)),
        real(share.map(|(_, interval)| interval.high)),
    ]);
    table.row(&values)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::run_tests::table;

    fn staffing(organisation: &str, secondary_wte: f64) -> Staffing {
        Staffing {
            organisation: organisation.to_owned(),
            date: "2025-03-31".parse().unwrap(),
            primary_wte: 0.0,
            secondary_wte,
            generic_wte: 0.0,
            support_wte: 0.0,
        }
    }

    /// AAA has a breast service and 120 people, BBB has a nurse only.
    #[test]
    fn a_body_without_a_breast_service_adds_its_nurses_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let counts = folder.path().join("counts.parquet");
        let mut living = vec![
            ("place_kind", Value::Text("organisation")),
            ("place", Value::Text("AAA")),
            ("period", Value::Text("2025-12-31")),
            ("measure", Value::Text("living")),
            ("estimate", Value::Real(120.0)),
            ("low", Value::Real(100.0)),
            ("high", Value::Real(160.0)),
        ];
        living.extend(["kind", "sex", "age_band", "group_kind"].map(|total| (total, Value::Text(ALL))));
        table(&counts, &layouts::tables::counts(), &[living]);
        let registry = Registry::from_csv(
            "code,name,short_name,nation,kind,network,latitude,longitude,opened,closed,breast_service,treats_only,predecessors\n\
             AAA,AAA,AAA,N,acute_trust,W,51.0,0.0,,,yes,no,\n\
             BBB,BBB,BBB,N,acute_trust,W,51.0,0.0,,,no,no,\n",
        )
        .unwrap();
        let posts = [staffing("AAA", 1.5), staffing("BBB", 0.5)];
        let as_of = "2025-12-31".parse().unwrap();
        write(&counts, &posts, &registry, as_of, folder.path()).unwrap();
        let written = TableReader::open(&folder.path().join("nurses.parquet"));
        let batch = written.unwrap().next().unwrap().unwrap();
        let text = |name: &str, row: usize| batch.text(name).unwrap().get(row).unwrap().to_owned();
        let real = |name: &str, row: usize| batch.real(name).unwrap().get(row);
        let whole = |name: &str, row: usize| batch.integer(name).unwrap().get(row);
        let found: Vec<_> = (0..batch.rows())
            .map(|row| {
                (
                    text("organisation", row),
                    real("secondary_wte", row),
                    real("living", row),
                    real("people_per_nurse", row),
                    whole("answered", row),
                    whole("with_dedicated_nurse", row),
                )
            })
            .collect();
        let of = |name: &str, wte, living, each| (name.to_owned(), Some(wte), living, each, Some(1), Some(1));
        assert_eq!(
            found,
            [
                of("AAA", 1.5, Some(120.0), Some(80.0)),
                of("BBB", 0.5, None, None),
                // The nation, and all nations.
                of(ALL, 2.0, Some(120.0), Some(60.0)),
                of(ALL, 2.0, Some(120.0), Some(60.0)),
            ]
        );
    }
}
