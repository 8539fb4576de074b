//! The table `nurses`: people living and newly diagnosed beside nurses in post, by organisation, nation and country.
//!
//! Invariants: an organisation that said nothing has no nurses in the table, not 0; where no nurse for secondary disease is
//! in post there is no number of people for each of them; a nation's people are those of the organisations that answered,
//! since nurses of some cannot be set beside the people of all. One without a breast service brings its nurses and the people that
//! it has, if any, but is none of those whose share is given. Ranges are added end to end, which is at least as wide as the
//! range of the sum.

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
    /// Organisations with a breast service that answered; and those of them with a nurse for secondary disease.
    answered: u64,
    dedicated: u64,
    /// People of each that answered; nothing where those of a breast service are not estimated.
    living: Vec<Option<(String, Range)>>,
    new: Vec<Option<Range>>,
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

    /// Adds the answer of an organisation, and its people. Where there is no breast service, people that nobody estimated are
    /// none.
    fn answer(&mut self, own: &Staffing, people: Option<&People>, breast_service: bool) {
        let living = people
            .and_then(People::living_now)
            .map(|(day, range)| (day.to_owned(), range));
        let new = people.and_then(People::new_a_year);
        if breast_service || living.is_some() {
            self.living.push(living);
        }
        if breast_service || new.is_some() {
            self.new.push(new);
        }
        if breast_service {
            self.answered += 1;
            self.dedicated += u64::from(own.secondary_wte > 0.0);
        }
    }

    /// People living, all together, with their day; none once somebody's are not estimated, or are of another day.
    fn living(&self) -> Option<(&str, Range)> {
        let mut sum: Option<(&str, Range)> = None;
        for own in &self.living {
            let (day, own) = own.as_ref()?;
            sum = match sum {
                None => Some((day.as_str(), *own)),
                Some((of, sum)) if of == day.as_str() => Some((of, added(sum, *own))),
                Some(_) => return None,
            };
        }
        sum
    }

    /// People newly diagnosed, all together; none once somebody's are not estimated.
    fn new_people(&self) -> Option<Range> {
        let known: Option<Vec<Range>> = self.new.iter().copied().collect();
        known?.into_iter().reduce(added)
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
            post.answer(own, own_people, body.breast_service);
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
    let living = post.living();
    let new = post.new_people();
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
    values.extend(three(living.map(|(_, living)| living)));
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
    use super::super::{Hours, Model, need};
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

    /// Organisation, nurses, people living, people for each nurse; breast services that answered, and of them those with a nurse.
    type Found = (String, Option<f64>, Option<f64>, Option<f64>, [Option<i64>; 2]);

    /// AAA has a breast service and 120 people, BBB half a nurse, no breast service, and the people given.
    fn written(of_bbb: Option<f64>) -> Vec<Found> {
        let folder = tempfile::tempdir().unwrap();
        let counts = folder.path().join("counts.parquet");
        let living = |(place, value): (&'static str, f64)| {
            let mut living = vec![
                ("place_kind", Value::Text("organisation")),
                ("place", Value::Text(place)),
                ("period", Value::Text("2025-12-31")),
                ("measure", Value::Text("living")),
                ("estimate", Value::Real(value)),
                ("low", Value::Real(value)),
                ("high", Value::Real(value)),
            ];
            living.extend(["kind", "sex", "age_band", "group_kind"].map(|total| (total, Value::Text(ALL))));
            living
        };
        let people = [Some(("AAA", 120.0)), of_bbb.map(|value| ("BBB", value))];
        let people: Vec<_> = people.into_iter().flatten().map(living).collect();
        table(&counts, &layouts::tables::counts(), &people);
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
        (0..batch.rows())
            .map(|row| {
                (
                    text("organisation", row),
                    real("secondary_wte", row),
                    real("living", row),
                    real("people_per_nurse", row),
                    ["answered", "with_dedicated_nurse"].map(|name| whole(name, row)),
                )
            })
            .collect()
    }

    #[test]
    fn a_body_without_a_breast_service_adds_its_nurses_and_the_people_it_has() {
        let of = |name: &str, wte: f64, living: Option<f64>, each: Option<f64>, services: i64| -> Found {
            (name.to_owned(), Some(wte), living, each, [Some(services); 2])
        };
        // The nation, and all nations, stand last.
        for (of_bbb, each_bbb, all, each_all) in
            [(Some(10.0), Some(20.0), 130.0, 65.0), (None, None, 120.0, 60.0)]
        {
            let sum = of(ALL, 2.0, Some(all), Some(each_all), 1);
            assert_eq!(
                written(of_bbb),
                [
                    of("AAA", 1.5, Some(120.0), Some(80.0), 1),
                    of("BBB", 0.5, of_bbb, each_bbb, 0),
                    sum.clone(),
                    sum,
                ]
            );
        }
    }

    /// Administration is that of breast services, so needs add up also where a body has none.
    #[test]
    fn needs_add_up_through_a_body_without_a_breast_service() {
        let model = Model::Hours(Hours {
            each_person: 20.0,
            each_new: 0.0,
            administration: 300.0,
            of_a_nurse: 1_500.0,
        });
        let needed: Vec<f64> = written(Some(10.0))
            .into_iter()
            .map(|(_, _, living, _, [answered, _])| {
                let living = living.unwrap();
                let living = Range {
                    value: living,
                    low: living,
                    high: living,
                };
                let model = model.of_services(answered.unwrap());
                need(&model, living, None, 0.0).unwrap().needed.value
            })
            .collect();
        // (120 × 20 + 300) / 1,500 and 10 × 20 / 1,500.
        assert!((needed[0] - 1.8).abs() < 1e-12, "{needed:?}");
        assert!((needed[0] + needed[1] - needed[2]).abs() < 1e-12, "{needed:?}");
    }
}
