//! Which days the sources cover: those that study.toml declares, else the months that hold records.
//!
//! Invariant: a month of which no file was sent is missing, also between months of which files were sent; and a file that
//! comes later fills it, since all is worked out from the records that are there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::TableReader;
use serde_json::{Value, json};
use vocabulary::cover::{Months, Spans, begins_late, silent};
use vocabulary::date::Date;

use crate::config::Config;
use crate::error::StudyError;
use crate::followed::{Asked, By, Followed, Nations, beside_a_register};

const DEATHS: &str = "deaths";
const ADMISSIONS: &str = "admissions";

/// Months at the end in which a source may fall silent without a word: the last months are often not in yet.
const NOT_IN_YET: i32 = 3;

/// A kind of source and the nation whose it is, if it is one's.
type Place = (String, Option<String>);

/// What the sources cover.
#[derive(Debug, Default)]
pub(crate) struct Covered {
    /// Days by kind and nation, where they are known.
    pub by_place: BTreeMap<Place, Spans>,
    /// Those that declare nothing of their first days, and whose first record may by chance be no earlier than it is.
    by_chance: BTreeSet<Place>,
    /// The nations of which the registers of deaths tell.
    registered: Nations,
    /// Days between or behind months with records in which a source is silent, and nothing declares them.
    silent: Vec<(Place, Date, Date)>,
}

/// The records of a kind and nation.
#[derive(Debug, Default)]
struct Held {
    /// What those sources declare that declare anything.
    declared: Spans,
    /// Records of the others.
    months: Months,
}

impl Held {
    fn last(&self) -> Option<Date> {
        let held = self.months.keys().next_back().map(|month| month.last_of_month());
        held.max(self.declared.last())
    }
}

impl Covered {
    /// Reads `months.parquet` of the stage intake.
    pub(crate) fn read(intake: &Path, config: &Config) -> Result<Self, StudyError> {
        let mut covered = Self::default();
        let held = covered.held(&intake.join("months.parquet"), config)?;
        let of_deaths = held.iter().filter(|((kind, _), _)| kind == DEATHS);
        let deaths_end = of_deaths.filter_map(|(_, held)| held.last()).max();
        for (place, held) in held {
            // Where the deaths of one nation end, those of all do.
            let until = deaths_end.filter(|_| place.0 == DEATHS);
            covered.place(place, &held, (config.period.0, until));
        }
        Ok(covered)
    }

    fn held(&mut self, path: &Path, config: &Config) -> Result<BTreeMap<Place, Held>, StudyError> {
        let mut places: BTreeMap<Place, Held> = BTreeMap::new();
        for batch in TableReader::open(path)? {
            let batch = batch?;
            let (source, kind, nation) = (
                batch.integer("source")?,
                batch.text("kind")?,
                batch.text("nation")?,
            );
            let (month, records) = (batch.date("month")?, batch.integer("records")?);
            for row in 0..batch.rows() {
                let kind = kind.get(row).unwrap_or_default();
                let source = source
                    .get(row)
                    .and_then(|source| config.sources.get(usize::try_from(source).ok()?));
                if kind == DEATHS {
                    let of_source = source.map(|source| source.nations.as_slice());
                    self.registered
                        .add(nation.get(row), of_source.unwrap_or_default());
                }
                let held = places
                    .entry((kind.to_owned(), nation.get(row).map(str::to_owned)))
                    .or_default();
                if let Some(days) = source.and_then(|source| source.covers) {
                    held.declared = held.declared.joined(&Spans::of([days]));
                    continue;
                }
                if let Some(month) = month.get(row) {
                    *held.months.entry(month).or_default() += records.get(row).unwrap_or(0).unsigned_abs();
                }
            }
        }
        Ok(places)
    }

    fn place(&mut self, place: Place, held: &Held, (from, until): (Date, Option<Date>)) {
        let ends = held.months.keys().next().zip(held.months.keys().next_back());
        let of_records = ends.map_or_else(Spans::default, |(first, last)| {
            Spans::of([(
                *first,
                until.map_or(*last, |until| until.max(*last)).last_of_month(),
            )])
        });
        let silence = silent(&held.months, until, &Spans::default());
        for (first, last) in silence.without(&held.declared).pieces() {
            let begins = of_records.first() == Some(first);
            let ends = of_records.last() == Some(last) && first.plus_months(NOT_IN_YET) > last;
            if !begins && !ends {
                self.silent.push((place.clone(), first, last));
            }
        }
        let spoken = of_records.without(&silence);
        if let Some(first) = spoken.first()
            && held.declared.first().is_none_or(|declared| first <= declared)
        {
            let months: Months = held
                .months
                .range(first..)
                .map(|(month, n)| (*month, *n))
                .collect();
            if !begins_late(&months, from) {
                self.by_chance.insert(place.clone());
            }
        }
        let days = spoken.joined(&held.declared);
        if !days.is_empty() {
            self.by_place.insert(place, days);
        }
    }

    /// The days of which a kind of source of every nation that sends it tells: not before the last of them has begun. A source
    /// that declares nothing may begin with the first of few records, so where that may be chance it tells of everything `from` a
    /// day on. None without a date.
    pub(crate) fn everywhere(&self, kind: &str, from: Date) -> Option<Spans> {
        let places = self.by_place.iter().filter(|((of, _), _)| of == kind);
        let own: Vec<&Spans> = places.clone().map(|(_, days)| days).collect();
        let first = own.iter().filter_map(|days| days.first()).min()?;
        let last = own.iter().filter_map(|days| days.last()).max()?;
        let late = places
            .filter(|(place, _)| !self.by_chance.contains(*place))
            .filter_map(|(_, days)| days.first().filter(|first| *first > from))
            .max();
        let first = late.unwrap_or(first.min(from));
        // Deaths of all nations end together, see `read`; a nation's hospitals may fall silent in the last months by chance.
        let missing = own.into_iter().filter_map(|days| {
            let end = if kind == DEATHS { last } else { days.last()? };
            Some(Spans::of([(days.first()?, end)]).without(days))
        });
        Some(missing.fold(Spans::of([(first, last)]), |all, missing| all.without(&missing)))
    }

    /// The days of which deaths are known: from the death register, else from the vital status of registrations, else from
    /// deaths in hospital; none where a nation with people counted is left out. None after `as_of`.
    pub(crate) fn deaths(&self, asked: &Asked<'_>) -> Result<Followed, StudyError> {
        let (from, as_of) = (asked.config.period.0, asked.config.as_of);
        let (known, by, nations) = match self.everywhere(DEATHS, from) {
            Some(known) => (Some(known), By::Register, self.registered.clone()),
            None => match beside_a_register(asked)? {
                (by, nations, Some(last)) => (Some(Spans::of([(from.min(last), last)])), by, nations),
                (By::Hospitals, ..) => {
                    let places = self.by_place.keys().filter(|(kind, _)| kind == ADMISSIONS);
                    let nations = Nations::of(places.filter_map(|(_, nation)| nation.clone()));
                    (self.everywhere(ADMISSIONS, from), By::Hospitals, nations)
                }
                (by, nations, None) => (None, by, nations),
            },
        };
        let known = known.unwrap_or_default();
        let known = Spans::of(known.pieces().map(|(first, last)| (first, last.min(as_of))));
        Followed::of(known, (by, &nations), asked)
    }

    /// What somebody must know of months in which a source is silent: one warning for all.
    pub(crate) fn warning(&self) -> Option<Value> {
        if self.silent.is_empty() {
            return None;
        }
        let told: Vec<String> = self
            .silent
            .iter()
            .map(|((kind, nation), first, last)| {
                let of = nation
                    .as_ref()
                    .map(|nation| format!(" of {nation}"))
                    .unwrap_or_default();
                format!("`{kind}`{of} from {first} to {last}")
            })
            .collect();
        // Those who died where deaths are missing would count as living in the whole.
        let of_deaths = if self.silent.iter().any(|((kind, _), ..)| kind == DEATHS) {
            " While deaths are missing, be it of one nation alone, the numbers of people who died in these years and of people \
             living from then on are given for no nation."
        } else {
            ""
        };
        Some(json!({
            "rule": "silent_months",
            "level": "alarm",
            "message": format!(
                "No records, or next to none, where there are many before: {}. Is a file missing? Then put it into the study \
                 and run again. Until then these months count as missing, not as months without people; what needs them is \
                 left out.{of_deaths} Where the records do cover them, say so with `covers` in study.toml.",
                told.join("; ")
            ),
        }))
    }
}

/// What somebody must know of days of the period between days of which deaths are known: what they cost, where `covers` of
/// study.toml leaves them out and no silence is warned of.
pub(crate) fn declared_hole(deaths: &Spans, (first, last): (Date, Date)) -> Option<Value> {
    let whole = deaths.first().zip(deaths.last())?;
    let holes = Spans::of([whole])
        .without(deaths)
        .within(&Spans::of([(first, last)]));
    let told: Vec<String> = holes
        .pieces()
        .map(|(first, last)| format!("{first} to {last}"))
        .collect();
    (!told.is_empty()).then(|| {
        json!({
            "rule": "deaths_in_parts",
            "level": "standing",
            "message": format!(
                "The sources of deaths leave out {}, as `covers` in study.toml says. Whoever died then would count as living ever \
                 after, so people living are given up to the day before, and people who died and the estimate not for years that \
                 need these days; people found only at death are missing among those new.",
                told.join(", ")
            ),
        })
    })
}

#[cfg(test)]
mod tests {
    use engine::TableWriter;
    use vocabulary::table::Value as Cell;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Sources as kind and rest of their table, and records: number of the source, kind, nation, first and last month, and how
    /// many in each.
    type Records = (
        usize,
        &'static str,
        Option<&'static str>,
        &'static str,
        &'static str,
        i64,
    );

    fn covered(sources: &[(&str, &str)], records: &[Records]) -> (Covered, Config) {
        let mut text = "
            [study]
            name = \"A study\"
            as_of = 2025-12-31
            period = [2019-01-01, 2025-12-31]
            definition = \"uk-mbc/2026.1\"
        "
        .to_owned();
        for (kind, rest) in sources {
            text.push_str(&format!(
                "\n[[source]]\nkind = \"{kind}\"\npath = \"a.csv\"\n{rest}\n"
            ));
        }
        let config = Config::parse(&text).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("months.parquet");
        let mut table = TableWriter::create(&path, &layouts::tables::months()).unwrap();
        for (source, kind, nation, first, last, records) in records {
            let mut month = day(first);
            while month <= day(last) {
                let row: [Cell<'_>; 7] = [
                    i64::try_from(*source).unwrap().into(),
                    (*kind).into(),
                    Cell::Null,
                    Cell::Null,
                    (*nation).into(),
                    month.into(),
                    (*records).into(),
                ];
                table.row(&row).unwrap();
                month = month.plus_months(1);
            }
        }
        table.finish().unwrap();
        (Covered::read(folder.path(), &config).unwrap(), config)
    }

    fn drawn(days: Option<Spans>) -> String {
        let days = days.unwrap_or_default();
        let pieces = days.pieces().map(|(first, last)| format!("{first}..{last}"));
        pieces.collect::<Vec<_>>().join(" ")
    }

    /// What is known of deaths, and the months that are warned of.
    fn deaths(sources: &[(&str, &str)], records: &[Records]) -> (String, String) {
        let (covered, config) = covered(sources, records);
        let warned = covered.warning();
        let message = warned.map_or_else(String::new, |warning| {
            warning["message"].as_str().unwrap().to_owned()
        });
        let months = message
            .split(": ")
            .nth(1)
            .and_then(|rest| rest.split(". Is").next());
        (
            drawn(covered.everywhere(DEATHS, config.period.0)),
            months.unwrap_or_default().to_owned(),
        )
    }

    #[test]
    fn a_hole_that_is_declared_is_no_cover_and_nobody_is_warned() {
        let sources = [
            ("deaths", "covers = [2014-01-01, 2021-12-31]"),
            ("deaths", "covers = [2023-01-01, 2025-12-31]"),
        ];
        let records = [
            (0, "deaths", None, "2014-01-01", "2021-12-01", 13),
            (1, "deaths", None, "2023-01-01", "2025-11-01", 13),
        ];
        let (known, warned) = deaths(&sources, &records);
        assert_eq!(known, "2014-01-01..2021-12-31 2023-01-01..2025-12-31");
        assert_eq!(warned, "");
        // What it costs is told.
        let (covered, config) = covered(&sources, &records);
        let known = covered.everywhere(DEATHS, config.period.0).unwrap();
        let cost = declared_hole(&known, config.period).unwrap();
        let message = cost["message"].as_str().unwrap();
        assert!(
            message.contains("leave out 2022-01-01 to 2022-12-31, as"),
            "{message}"
        );
        let before = (config.period.0, day("2021-12-31"));
        assert_eq!(declared_hole(&known, before), None);
    }

    #[test]
    fn a_missing_file_is_a_hole_until_it_comes() {
        let mut records: Vec<Records> = vec![
            (0, "deaths", None, "2014-01-01", "2021-12-01", 13),
            (0, "deaths", None, "2023-01-01", "2025-12-01", 13),
        ];
        let (known, warned) = deaths(&[("deaths", "")], &records);
        assert_eq!(known, "2014-01-01..2021-12-31 2023-01-01..2025-12-31");
        assert_eq!(warned, "`deaths` from 2022-01-01 to 2022-12-31");
        records.push((0, "deaths", None, "2022-01-01", "2022-12-01", 13));
        let (known, warned) = deaths(&[("deaths", "")], &records);
        assert_eq!((known.as_str(), warned.as_str()), ("2014-01-01..2025-12-31", ""));
    }

    #[test]
    fn a_straggler_is_no_cover_of_the_months_before_it() {
        let records = [
            (0, "deaths", Some("England"), "2014-01-01", "2025-03-01", 13),
            (0, "deaths", Some("England"), "2025-12-01", "2025-12-01", 1),
        ];
        let (known, warned) = deaths(&[("deaths", "")], &records);
        assert_eq!(known, "2014-01-01..2025-03-31");
        assert_eq!(warned, "`deaths` of England from 2025-04-01 to 2025-12-31");
        // Who says that the file covers them is believed.
        let (known, warned) = deaths(&[("deaths", "covers = [2014-01-01, 2025-12-31]")], &records);
        assert_eq!((known.as_str(), warned.as_str()), ("2014-01-01..2025-12-31", ""));
    }

    #[test]
    fn months_without_records_of_a_small_source_are_covered() {
        let records = [
            (0, "deaths", None, "2019-06-01", "2020-02-01", 1),
            (0, "deaths", None, "2020-06-01", "2021-02-01", 2),
            (0, "deaths", None, "2021-04-01", "2025-12-01", 1),
        ];
        let (known, warned) = deaths(&[("deaths", "")], &records);
        assert_eq!(
            known, "2019-01-01..2025-12-31",
            "its first record is not its first day"
        );
        assert_eq!(warned, "");
    }

    /// Thirty deaths a month do not begin three years into the period by chance; and no nation's deaths stand for another's.
    #[test]
    fn deaths_are_known_from_the_day_on_which_those_of_every_nation_begin() {
        let late = [(0, "deaths", None, "2022-01-01", "2025-12-01", 30)];
        assert_eq!(deaths(&[("deaths", "")], &late).0, "2022-01-01..2025-12-31");
        let declared = [("deaths", "covers = [2022-01-01, 2025-12-31]")];
        assert_eq!(deaths(&declared, &late).0, "2022-01-01..2025-12-31");
        let sources = [
            ("deaths", "nations = [\"England\"]"),
            (
                "deaths",
                "nations = [\"Scotland\"]\ncovers = [2023-01-01, 2025-12-31]",
            ),
        ];
        let records = [
            (0, "deaths", Some("England"), "2010-01-01", "2025-12-01", 300),
            (1, "deaths", Some("Scotland"), "2023-01-01", "2025-12-01", 30),
        ];
        assert_eq!(deaths(&sources, &records).0, "2023-01-01..2025-12-31");
    }

    #[test]
    fn deaths_are_known_where_those_of_every_nation_are() {
        let records = [
            (0, "deaths", Some("England"), "2014-01-01", "2025-06-01", 300),
            (1, "deaths", Some("Wales"), "2014-01-01", "2020-12-01", 20),
            (1, "deaths", Some("Wales"), "2021-03-01", "2025-12-01", 20),
        ];
        let (known, warned) = deaths(&[("deaths", ""), ("deaths", "")], &records);
        assert_eq!(known, "2014-01-01..2020-12-31 2021-03-01..2025-06-30");
        assert_eq!(
            warned,
            "`deaths` of England from 2025-07-01 to 2025-12-31; `deaths` of Wales from 2021-01-01 to 2021-02-28"
        );
    }

    /// A hole in the deaths of one nation is one of all, and the warning says so; one in another kind of record is not.
    #[test]
    fn whoever_misses_deaths_of_one_nation_is_told_what_it_costs_all() {
        for (kind, costs_all) in [("deaths", true), ("admissions", false)] {
            let records = [
                (0, kind, Some("England"), "2014-01-01", "2025-12-01", 300),
                (1, kind, Some("Wales"), "2014-01-01", "2020-12-01", 50),
                (1, kind, Some("Wales"), "2022-01-01", "2025-12-01", 50),
            ];
            let (covered, _) = covered(&[(kind, ""), (kind, "")], &records);
            let message = covered.warning().unwrap()["message"].to_string();
            assert!(
                message.contains(&format!("`{kind}` of Wales from 2021-01-01 to 2021-12-31")),
                "{message}"
            );
            assert_eq!(
                message.contains("are given for no nation"),
                costs_all,
                "{message}"
            );
        }
    }

    #[test]
    fn what_one_source_declares_says_nothing_of_another() {
        let sources = [
            ("admissions", "covers = [2020-01-01, 2020-12-31]"),
            ("admissions", ""),
        ];
        let records = [
            (0, "admissions", Some("Wales"), "2020-01-01", "2020-12-01", 50),
            (1, "admissions", Some("Wales"), "2022-01-01", "2025-12-01", 50),
            (1, "admissions", Some("England"), "2014-01-01", "2025-12-01", 50),
        ];
        let (covered, _) = covered(&sources, &records);
        let of = |nation: &str| {
            let place = ("admissions".to_owned(), Some(nation.to_owned()));
            drawn(covered.by_place.get(&place).cloned())
        };
        assert_eq!(of("Wales"), "2020-01-01..2020-12-31 2022-01-01..2025-12-31");
        assert_eq!(of("England"), "2014-01-01..2025-12-31");
    }
}
