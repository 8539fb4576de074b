//! What is said beyond the number of people, beside the truth: how long they have lived with it, and the years to come.
//!
//! The files of an invented nation reach two years farther than the day on which it is counted here, so its truth knows
//! what was then to come.

use crate::nation::Study;
use crate::program::{long, run};
use crate::tree;

const SEED: u64 = 4_242;

/// The day from which somebody had it, and of death, as `2023-12-31`.
struct Life {
    from: String,
    to: Option<String>,
}

fn lives(study: &Study) -> Vec<Life> {
    let mut people = csv::Reader::from_path(study.at("truth/people.csv")).unwrap();
    let head = people.headers().unwrap().clone();
    let at = |name: &str| head.iter().position(|column| column == name).unwrap();
    let (metastatic, from, to) = (at("metastatic"), at("date"), at("death"));
    people
        .records()
        .map(Result::unwrap)
        .filter(|person| &person[metastatic] == "true")
        .map(|person| Life {
            from: person[from].to_owned(),
            to: Some(person[to].to_owned()).filter(|day| !day.is_empty()),
        })
        .collect()
}

/// People living at the end of a year who had had it for so many years, the last not among them.
fn living(lives: &[Life], year: i32, (least, below): (i32, i32)) -> f64 {
    let end = |year: i32| format!("{year:04}-12-31");
    let lived = |life: &&Life| {
        life.from <= end(year - least)
            && life.from > end(year - below)
            && life.to.as_ref().is_none_or(|death| *death > end(year))
    };
    lives.iter().filter(lived).count() as f64
}

struct Interval {
    what: String,
    year: i32,
    low: f64,
    high: f64,
    truth: f64,
}

impl Interval {
    fn holds(&self) -> bool {
        (self.low..=self.high).contains(&self.truth)
    }

    fn said(&self) -> String {
        format!(
            "{} {}: {:.0} to {:.0}, truth {}",
            self.what, self.year, self.low, self.high, self.truth
        )
    }
}

/// The country's intervals of one table beside the truth; the columns are what, period, low and high.
fn intervals(
    study: &Study,
    table: &str,
    columns: [&str; 4],
    truth: impl Fn(&str, i32) -> Option<f64>,
) -> Vec<Interval> {
    let all = ["place_kind", "kind", "sex", "age_band"];
    let names: Vec<&str> = match table {
        "estimates" => columns.into_iter().chain(all).collect(),
        _ => columns.to_vec(),
    };
    let rows = tree::rows(&study.at(&format!("out/tables/{table}.parquet")), &names);
    let rows = rows.into_iter().filter_map(|row| {
        let row: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
        let total = row.get(4..).unwrap_or_default();
        if !total.is_empty() && total != ["country", "all", "all", "all"] {
            return None;
        }
        let year: i32 = row[1].get(..4)?.parse().ok()?;
        Some(Interval {
            truth: truth(&row[0], year)?,
            what: row[0].clone(),
            year,
            low: row[2].parse().ok()?,
            high: row[3].parse().ok()?,
        })
    });
    rows.collect()
}

#[test]
fn time_lived_with_it_and_the_years_to_come_are_as_they_were() {
    let study = Study::invented(SEED, if long() { 20_000 } else { 3_000 });
    let text = fs_err::read_to_string(study.at("study.toml")).unwrap();
    let text = text
        .replace("as_of = 2025-12-31", "as_of = 2023-12-31")
        .replace("[2019-01-01, 2025-12-31]", "[2017-01-01, 2023-12-31]");
    study.write("study.toml", text);
    run(&study.folder(), &[]).well();
    let lives = lives(&study);

    let bands = intervals(
        &study,
        "estimates",
        ["measure", "period", "low", "high"],
        |measure, year| {
            let years = match measure {
                "living_under_1_year" => (0, 1),
                "living_1_to_2_years" => (1, 2),
                "living_2_to_5_years" => (2, 5),
                "living_5_to_10_years" => (5, 10),
                "living_10_years_and_more" => (10, 200),
                "living_1_year_and_more" => (1, 200),
                "living_2_years_and_more" => (2, 200),
                "living_5_years_and_more" => (5, 200),
                _ => return None,
            };
            Some(living(&lives, year, years))
        },
    );
    let ahead = intervals(
        &study,
        "projection",
        ["new_cases", "period", "low", "high"],
        |_, year| (year <= 2025).then(|| living(&lives, year, (0, 200))),
    );
    let missed = |intervals: &[Interval]| -> Vec<String> {
        let missed = intervals.iter().filter(|interval| !interval.holds());
        missed.map(Interval::said).collect()
    };
    assert_eq!(
        bands.len(),
        23,
        "seven years, in as many bands as the years before them tell apart"
    );
    assert_eq!(ahead.len(), 6, "two years, three ways on");
    // They are lower bounds that share one set of draws: a low end above the truth is rare, and the truth not far above.
    let above = bands.iter().filter(|interval| interval.low > interval.truth);
    assert!(above.count() <= 2, "{:#?}", missed(&bands));
    let far = |interval: &&Interval| interval.truth > 1.1 * interval.high;
    assert_eq!(bands.iter().filter(far).count(), 0, "{:#?}", missed(&bands));
    assert!(long() || missed(&bands).len() <= 3, "{:#?}", missed(&bands));
    assert!(missed(&ahead).is_empty(), "{:#?}", missed(&ahead));
}
