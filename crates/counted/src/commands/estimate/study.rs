//! `study`: what the last run of a study estimated, what the width of its interval is made of, and what would make it
//! narrower. Confidential: nothing here has passed disclosure control.

use std::path::{Path, PathBuf};

use ::study::Study;
use clap::Args;
use engine::TableReader;
use serde_json::{Value, json};

use crate::exit::Failure;

use super::answer::{Answer, Grid, Headline};
use super::figures::{from_to, or_dash, percent, plain, whole};

const METHOD: &str = "study";
const WHAT: &str = "people living with secondary breast cancer";

/// Which study, and what if.
#[derive(Args)]
pub(super) struct Options {
    /// The folder of the study, which has been run.
    study: PathBuf,
    /// What if this organisation recorded everything?
    #[arg(long, value_name = "CODE")]
    if_recorded: Option<String>,
    /// What if 300 more charts were read, spread over the classes of evidence by their size?
    #[arg(long)]
    if_reviewed: bool,
}

pub(super) const NOTE: &str =
    "Reads the tables `routes`, `width` and `assumptions` of the last run. The routes answer the same
question in different ways and are never averaged. The shares say which cause the variance of the
logarithm of the number living comes from; they and the interactions add up to 1.

Examples:
  counted estimate study nation
  counted estimate study nation --if-recorded RX1
  counted estimate study nation --if-reviewed --format json";

/// A row of `routes`.
struct Route {
    figure: String,
    route: String,
    period: String,
    numbers: [Option<f64>; 3],
    reason: Option<String>,
}

/// A row of `width`.
struct Part {
    part: String,
    name: String,
    value: Option<f64>,
    error: Option<f64>,
    words: Option<String>,
}

/// Says what the last run estimated.
pub(super) fn answer(options: &Options) -> Result<Answer, Failure> {
    let study = Study::open(&options.study)?;
    let tables = study.tables()?;
    let manifest = study.last_run()?;
    let (routes, parts) = (routes(&tables)?, parts(&tables)?);
    let (headline, sentence) = headline(&manifest["stages"]["count"]["living"], &manifest["warnings"]);
    let mut answer = Answer::new(METHOD, headline, sentence)
        .grid(side_by_side(&routes))
        .grid(checks(&routes))
        .grid(causes(&parts))
        .estimates(routes.iter().map(route_json))
        .with("width", parts.iter().map(part_json).collect::<Vec<_>>())
        .with("taken_for_granted", assumptions(&tables)?);
    for (what, ratio) in asked(options, &parts)? {
        answer = answer.warn("what_if", said(&what, ratio));
    }
    for part in parts.iter().filter(|part| part.part == "not_in_it") {
        let words = part.words.as_deref().unwrap_or_default();
        answer = answer.warn("not_in_the_interval", format!("Not in the interval: {words}."));
    }
    for warning in manifest["warnings"].as_array().into_iter().flatten() {
        if warning["stage"] == "count" {
            let message = warning["message"].as_str().unwrap_or_default();
            answer = answer.warn("count", message);
        }
    }
    Ok(answer)
}

fn headline(living: &Value, warnings: &Value) -> (Headline, String) {
    let number = |name: &str| living[name].as_f64();
    let day = living["day"].as_str().unwrap_or_default();
    let (Some(n), Some(low), Some(high)) = (number("estimate"), number("low"), number("high")) else {
        let message = warnings
            .as_array()
            .into_iter()
            .flatten()
            .find(|warning| warning["rule"] == "not_estimated")
            .and_then(|warning| warning["message"].as_str())
            .unwrap_or("The last run estimated nothing.");
        let none = Headline {
            what: WHAT,
            method: "joint",
            status: "none",
            n: None,
            low: None,
            high: None,
            reason: Some(message.to_owned()),
        };
        return (none, message.to_owned());
    };
    let bound = living["status"] == "lower_bound";
    let mut headline = Headline::estimate(WHAT, "joint", n, Some((low, high)));
    if bound {
        headline.status = "lower_bound";
    }
    let sentence = format!(
        "{}{} people{} were living with secondary breast cancer on {day} (95 % interval {}).",
        if bound { "About " } else { "" },
        whole(n),
        if bound { " or more" } else { "" },
        from_to(low, high, whole)
    );
    (headline, sentence)
}

/// The what-ifs that were asked for, with the width of the interval over what it is.
fn asked(options: &Options, parts: &[Part]) -> Result<Vec<(String, f64)>, Failure> {
    let ratio = |part: &str, name: &str| {
        let found = parts.iter().find(|row| row.part == part && row.name == name);
        found.and_then(|row| row.value)
    };
    let mut asked = Vec::new();
    if let Some(code) = &options.if_recorded {
        let Some(found) = ratio("if_recorded", code) else {
            let message = format!(
                "no estimate names the organisation `{code}`; the table width lists those it knows under if_recorded"
            );
            return Err(Failure::call(message));
        };
        asked.push((format!("{code} recorded everyone"), found));
    }
    if options.if_reviewed {
        let Some(found) = ratio("if_reviewed", "300 charts") else {
            return Err(Failure::call(
                "the last run estimated nothing, so nothing can be narrower".to_owned(),
            ));
        };
        asked.push(("300 more charts were read".to_owned(), found));
    }
    Ok(asked)
}

fn said(what: &str, ratio: f64) -> String {
    format!(
        "If {what}, the 95 % interval would have {} of its width.",
        percent(ratio)
    )
}

fn side_by_side(routes: &[Route]) -> Grid {
    let mut grid = Grid::new(
        "The same question, each way on its own:",
        &["route", "figure", "year", "number", "95 % interval", "why none"],
    );
    for route in routes.iter().filter(|route| is_route(route)) {
        let [n, low, high] = route.numbers;
        grid.row([
            route.route.clone(),
            route.figure.clone(),
            route.period.clone(),
            or_dash(n, whole),
            ends(low, high, whole),
            route.reason.clone().unwrap_or_default(),
        ]);
    }
    grid
}

fn is_route(route: &Route) -> bool {
    matches!(route.figure.as_str(), "living" | "new")
}

fn checks(routes: &[Route]) -> Grid {
    let mut grid = Grid::new(
        "How the estimate checks itself:",
        &["check", "year", "value", "95 % interval", "why none"],
    );
    for route in routes.iter().filter(|route| !is_route(route)) {
        let [n, low, high] = route.numbers;
        grid.row([
            route.figure.replace('_', " "),
            route.period.clone(),
            or_dash(n, plain),
            ends(low, high, plain),
            route.reason.clone().unwrap_or_default(),
        ]);
    }
    grid
}

/// An interval; empty where it has no width, as of people who were counted one by one.
fn ends(low: Option<f64>, high: Option<f64>, write: fn(f64) -> String) -> String {
    match (low, high) {
        (Some(low), Some(high)) if low < high => from_to(low, high, write),
        _ => String::new(),
    }
}

fn causes(parts: &[Part]) -> Grid {
    let mut grid = Grid::new(
        "What the width of the interval is made of:",
        &["cause", "share of the variance", "Monte-Carlo error"],
    );
    for part in parts
        .iter()
        .filter(|part| matches!(part.part.as_str(), "cause" | "interactions"))
    {
        let name = if part.part == "cause" {
            &part.name
        } else {
            &part.part
        };
        grid.row([
            name.replace('_', " "),
            or_dash(part.value, percent),
            or_dash(part.error, percent),
        ]);
    }
    grid
}

fn route_json(route: &Route) -> Value {
    let [n, low, high] = route.numbers;
    json!({
        "name": route.figure, "method": route.route, "period": route.period,
        "n": n, "low": low, "high": high, "reason": route.reason,
    })
}

fn part_json(part: &Part) -> Value {
    json!({
        "part": part.part, "name": part.name, "value": part.value, "error": part.error, "words": part.words,
    })
}

fn routes(tables: &Path) -> Result<Vec<Route>, Failure> {
    let mut rows = Vec::new();
    for batch in TableReader::open(&tables.join("routes.parquet"))? {
        let batch = batch?;
        let text = |name| batch.text(name);
        let (figure, route, period) = (text("figure")?, text("route")?, text("period")?);
        let reason = text("reason")?;
        let numbers = [batch.real("estimate")?, batch.real("low")?, batch.real("high")?];
        let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
        for row in 0..batch.rows() {
            rows.push(Route {
                figure: owned(figure.get(row)),
                route: owned(route.get(row)),
                period: owned(period.get(row)),
                numbers: numbers.map(|column| column.get(row)),
                reason: reason.get(row).map(str::to_owned),
            });
        }
    }
    Ok(rows)
}

fn parts(tables: &Path) -> Result<Vec<Part>, Failure> {
    let mut rows = Vec::new();
    for batch in TableReader::open(&tables.join("width.parquet"))? {
        let batch = batch?;
        let text = |name| batch.text(name);
        let (part, name, words) = (text("part")?, text("name")?, text("words")?);
        let (value, error) = (batch.real("value")?, batch.real("error")?);
        for row in 0..batch.rows() {
            rows.push(Part {
                part: part.get(row).unwrap_or_default().to_owned(),
                name: name.get(row).unwrap_or_default().to_owned(),
                value: value.get(row),
                error: error.get(row),
                words: words.get(row).map(str::to_owned),
            });
        }
    }
    Ok(rows)
}

fn assumptions(tables: &Path) -> Result<Vec<Value>, Failure> {
    let mut rows = Vec::new();
    for batch in TableReader::open(&tables.join("assumptions.parquet"))? {
        let batch = batch?;
        let text = |name| batch.text(name);
        let (what, why, refuted) = (text("what")?, text("why")?, text("refuted_by")?);
        for row in 0..batch.rows() {
            rows.push(json!({
                "what": what.get(row), "why": why.get(row), "refuted_by": refuted.get(row),
            }));
        }
    }
    Ok(rows)
}
