//! `survival`: how long people live, as seen and as extrapolated.

mod causes;
mod curves;
mod families;
mod reading;

use clap::{Args, ValueEnum};
use estimate::survival::{FollowUp, SurvivalCurve, kaplan_meier};
use estimate::{Confidence, EstimateError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::answer::{Answer, Grid, Headline};
use super::figures::{or_dash, plain};
use super::settings::confidence;
use super::table::Table;
use reading::Group;

const METHOD: &str = "survival";
const WHAT: &str = "the median survival";
const KAPLAN_MEIER: &str = "kaplan-meier";

/// How follow-up is looked at.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    /// How often the intervals are meant to hold the truth; 0.95 when left out.
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<f64>,
    /// Families that are fitted and averaged; all of them when left out.
    #[arg(long, value_enum, value_delimiter = ',')]
    family: Option<Vec<FittedName>>,
    /// Hazard of the slow class in one unit of time: an assumption. 0.05 a year when left out, where the times are
    /// called years, months or days.
    #[arg(long, value_name = "HAZARD")]
    slow_hazard: Option<f64>,
    /// Hazard of other causes in one unit of time, for the families; 0 when left out.
    #[arg(long, value_name = "HAZARD")]
    other_causes: Option<f64>,
    /// The end of the restricted mean; the last time at which anybody was watched when left out.
    #[arg(long, value_name = "TIME")]
    horizon: Option<f64>,
    /// Times at which the share alive is given too, such as 12,24,60.
    #[arg(long, value_delimiter = ',', value_name = "TIMES")]
    at: Option<Vec<f64>>,
}

/// A family that can be fitted.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FittedName {
    /// A hazard that rises or falls with time.
    Weibull,
    /// A heavy tail.
    LogLogistic,
    /// A Weibull curve beside people who live long.
    SlowClass,
    /// No family: only what was seen.
    None,
}

pub(super) const FILE: &str = "The file has one row a person, in one unit of time throughout:
  time       when watching ended (also: exit, end, stop; months, years or days, which say the unit)
  event      1 died, 0 lost or still alive (also: status, died, dead, death);
             without it, a time such as 13+ is of somebody still alive, and all others died
  entry      when watching began, where it began late (also: start, enter); 0 when left out
  cause      instead of event: 0 (or empty, censored, alive) for nobody, else which cause
             (also: an event or status with 0, 1, 2, …); beside an event, which says who died,
             of what they did
  group      curves are drawn by group, and for all (also: arm, treatment, stratum, x)
  count      how many people the row stands for; 1 when left out

  time,event,group
  9,1,maintained
  13,0,maintained

Example: counted estimate survival people.csv --at 12,24 --family weibull";

/// What is said of one group.
struct Told {
    rows: Vec<Value>,
    curve: Result<SurvivalCurve, EstimateError>,
}

/// Draws the curves.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let confidence = confidence(options.confidence)?;
    let read = match reading::groups(table)? {
        Ok(read) => read,
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason).with("observed", Value::Null)),
    };
    let told: Vec<(&Group, Told)> = read
        .groups
        .iter()
        .map(|group| (group, of_group(group, options, confidence, read.in_a_year)))
        .collect();
    let overall = told.iter().find(|(group, _)| group.name == reading::ALL);
    let curve = overall.map(|(_, told)| &told.curve);
    let median = match curve {
        Some(Ok(curve)) => curve.median(),
        Some(Err(reason)) => Err(reason.clone()),
        None => Err(EstimateError::Empty),
    };
    let answer = match median {
        Ok(median) => {
            let headline = Headline {
                high: median.high,
                low: Some(median.low),
                ..Headline::estimate(WHAT, KAPLAN_MEIER, median.value, None)
            };
            let sentence = format!(
                "Half live longer than {} ({} to {}).",
                plain(median.value),
                plain(median.low),
                or_dash(median.high, plain).replace('–', "no end seen")
            );
            Answer::new(METHOD, headline, sentence)
        }
        Err(reason) => Answer::none(METHOD, WHAT, &reason),
    };
    let people: Vec<Value> = read.groups.iter().map(Group::json).collect();
    let answer = told
        .iter()
        .fold(answer, |answer, (group, told)| match &told.curve {
            Ok(curve) => answer.grid(grid(&group.name, curve)),
            Err(_) => answer,
        });
    Ok(answer
        .estimates(told.into_iter().flat_map(|(_, told)| told.rows))
        .with("observed", json!({ "groups": people, "causes": read.causes, "set_aside": read.set_aside }))
        .assuming(
            "people who are lost are like those who stay; everyone enters the figures at the time they came under \
             observation; what lies after the last time watched is the family's and nobody's observation.",
        )
        .warn_if(
            read.set_aside > 0,
            "set_aside",
            format!("{} rows without a time or an end were set aside.", read.set_aside),
        ))
}

fn of_group(group: &Group, options: &Options, confidence: Confidence, in_a_year: Option<f64>) -> Told {
    let people: Vec<FollowUp> = group.follow_up();
    let curve = kaplan_meier(&people, confidence);
    let mut rows = curves::rows(&group.name, &people, &curve, options, confidence);
    rows.extend(causes::rows(group, confidence));
    rows.extend(families::rows(&group.name, &people, options, in_a_year));
    Told { rows, curve }
}

fn grid(name: &str, curve: &SurvivalCurve) -> Grid {
    let title = if name == reading::ALL {
        "Everyone:".to_owned()
    } else {
        format!("{name}:")
    };
    let mut grid = Grid::new(title, &["time", "at risk", "died", "alive", "se", "low", "high"]);
    for step in curve.steps() {
        grid.row([
            plain(step.time),
            step.at_risk.to_string(),
            step.deaths.to_string(),
            plain(step.survival),
            or_dash(step.standard_error, plain),
            or_dash(step.interval.map(|ends| ends.low), plain),
            or_dash(step.interval.map(|ends| ends.high), plain),
        ]);
    }
    grid
}
