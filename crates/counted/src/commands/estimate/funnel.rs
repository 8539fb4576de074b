//! `funnel`: which hospitals differ from a target by more than chance.

use clap::{Args, ValueEnum};
use estimate::funnel::{Dispersion, Funnel, FunnelPoint, Spread, funnel_of_ratios, funnel_of_shares};
use estimate::{Confidence, EstimateError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::exit::Failure;

use super::answer::{Answer, Grid, Headline};
use super::figures::{plain, whole};
use super::groups::{Figures, Groups};
use super::rows::Row;
use super::settings::confidence;
use super::table::Table;

const METHOD: &str = "funnel";
const WHAT: &str = "the funnel";
/// Beyond this the hospitals differ more than chance in a way worth a warning.
const OVERDISPERSED: f64 = 1.5;
/// The levels of the limits that are printed: their tails are the names in the JSON.
const LEVELS: [(f64, &str, &str); 2] = [(0.95, "2.5", "97.5"), (0.998, "0.1", "99.9")];

/// How the funnel is drawn.
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Options {
    /// The share or ratio that hospitals are compared with; the pooled share, or a ratio of 1, when left out.
    #[arg(long, value_name = "TARGET")]
    target: Option<f64>,
    /// How far the funnel reaches beyond chance, in the answer in words and in low and high; chance when left out.
    #[arg(long, value_enum)]
    spread: Option<SpreadName>,
    /// The share of hospitals at either end whose z is drawn in before the spread is measured; 0.1 when left out.
    #[arg(long, value_name = "SHARE")]
    winsorise: Option<f64>,
    /// Sizes at which limits are given too, such as 100,500,1000.
    #[arg(long, value_delimiter = ',', value_name = "SIZES")]
    sizes: Option<Vec<f64>>,
    /// The level of low and high; 0.95 when left out. Limits of 95 and 99.8 % are always given.
    #[arg(long, value_name = "LEVEL")]
    confidence: Option<f64>,
}

/// How far a funnel reaches beyond chance.
#[derive(Clone, Copy, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SpreadName {
    /// Chance alone, with exact limits.
    Chance,
    /// The variance of chance times phi.
    Multiplicative,
    /// The variance of chance plus that between hospitals.
    Additive,
}

pub(super) const FILE: &str = "The file has one row a hospital (or other group):
  name       what it is called; line numbers when left out
             (also: hospital, organisation, trust, unit, group, area)
and either a part of a whole
  r          how many have the property (also: numerator, part, events, recorded, deaths)
  n          of how many (also: denominator, whole, total, people, patients)
or a count beside an expectation
  observed   how many there were (also: o, events, deaths, count)
  expected   how many were expected, above 0 (also: e)
A row in which a figure is missing (empty, NA), or with nobody in it, is set aside, with a note.

  hospital,r,n
  A,0,47
  B,18,148

Example: counted estimate funnel hospitals.csv --spread additive";

/// Draws the funnel.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let confidence = confidence(options.confidence)?;
    let groups = Groups::read(table)?;
    let winsorise = options.winsorise.unwrap_or(0.1);
    if !(0.0..0.5).contains(&winsorise) {
        return Err(Failure::call(
            "--winsorise: a share from 0 to below 0.5 is drawn in; 0.1 is usual",
        ));
    }
    options.target_is_one(&groups.figures)?;
    let answer = match Three::of(&groups.figures, options.target, winsorise) {
        Ok(found) => of_funnels(&groups, &found, options, confidence)?,
        Err(reason) => {
            let row = |name: &String| Row::new(METHOD, name).none(&reason).json();
            Answer::none(METHOD, WHAT, &reason).estimates(groups.names.iter().map(row))
        }
    };
    Ok(answer
        .with("observed", groups.observed())
        .with("winsorised", winsorise)
        .assuming(
            "the target is one that people of the same mix could reach; hospitals are compared with it, and never \
             ranked.",
        )
        .warn_if(!groups.set_aside.is_empty(), "set_aside", groups.note()))
}

impl Options {
    /// Refuses a target that no group could have.
    fn target_is_one(&self, figures: &Figures) -> Result<(), Failure> {
        let Some(target) = self.target else { return Ok(()) };
        let (holds, what) = match figures {
            Figures::Shares(_) => (
                target > 0.0 && target < 1.0,
                "the file holds parts of wholes, so it is a share between 0 and 1, such as 0.2",
            ),
            Figures::Ratios(_) => (
                target > 0.0 && target.is_finite(),
                "the file holds counts beside what was expected, so it is a ratio above 0; 1 is usual",
            ),
        };
        if holds {
            Ok(())
        } else {
            Err(Failure::call(format!("--target: {what}")))
        }
    }
}

/// The answer of funnels that could be drawn.
fn of_funnels(
    groups: &Groups,
    Three { all, unchanged }: &Three,
    options: &Options,
    confidence: Confidence,
) -> Result<Answer, Failure> {
    let (name, chosen) = match options.spread.unwrap_or(SpreadName::Chance) {
        SpreadName::Chance => ("chance", &all[0]),
        SpreadName::Multiplicative => ("multiplicative", &all[1]),
        SpreadName::Additive => ("additive", &all[2]),
    };
    let drawn = Drawn {
        groups,
        all,
        chosen,
        confidence,
    };
    let winsorised = chosen.dispersion;
    let outside = drawn.outside();
    let headline = Headline::estimate("the target", METHOD, chosen.target, None);
    let sentence = format!(
        "{} of {} hospitals lie outside the 99.8 % limits of {} (target {}).",
        outside,
        groups.names.len(),
        if name == "chance" {
            "chance"
        } else {
            "chance and the spread between hospitals"
        },
        plain(chosen.target)
    );
    Ok(Answer::new(METHOD, headline, sentence)
        .grid(drawn.grid()?)
        .estimates(drawn.rows()?)
        .with("target", chosen.target)
        .with("spread", name)
        .with("phi", unchanged.phi)
        .with("tau_squared", unchanged.tau_squared)
        .with("phi_winsorised", winsorised.phi)
        .with("tau_squared_winsorised", winsorised.tau_squared)
        .with("limits", drawn.at_sizes(options.sizes.as_deref().unwrap_or_default())?)
        .warn_if(
            winsorised.phi > OVERDISPERSED && name == "chance",
            "overdispersed",
            format!(
                "The hospitals differ by more than chance explains (phi {}): --spread additive widens the funnel by \
                 that.",
                plain(winsorised.phi)
            ),
        ))
}

/// The funnel with each of the three spreads, and the dispersion without winsorising.
struct Three {
    all: [Funnel; 3],
    unchanged: Dispersion,
}

impl Three {
    fn of(figures: &Figures, target: Option<f64>, winsorise: f64) -> Result<Self, EstimateError> {
        let funnel = |spread, winsorise| match figures {
            Figures::Shares(tallies) => funnel_of_shares(tallies, target, spread, winsorise),
            Figures::Ratios(groups) => funnel_of_ratios(groups, target, spread, winsorise),
        };
        Ok(Self {
            all: [
                funnel(Spread::Chance, winsorise)?,
                funnel(Spread::Multiplicative, winsorise)?,
                funnel(Spread::Additive, winsorise)?,
            ],
            unchanged: funnel(Spread::Chance, 0.0)?.dispersion,
        })
    }
}

struct Drawn<'a> {
    groups: &'a Groups,
    all: &'a [Funnel; 3],
    chosen: &'a Funnel,
    confidence: Confidence,
}

impl Drawn<'_> {
    /// The limits of one funnel at a size, by the names of their tails.
    fn limits_of(funnel: &Funnel, size: f64) -> Result<Value, Failure> {
        let mut limits = Map::new();
        for (level, low, high) in LEVELS {
            let level = confidence(Some(level))?;
            let found = funnel
                .limits(size, level)
                .map_err(|error| Failure::call(format!("--sizes: {error}")))?;
            limits.insert(low.to_owned(), json!(found.low));
            limits.insert(high.to_owned(), json!(found.high));
        }
        Ok(Value::Object(limits))
    }

    fn limits(&self, size: f64) -> Result<Value, Failure> {
        let [chance, multiplicative, additive] = self.all;
        Ok(json!({
            "chance": Self::limits_of(chance, size)?,
            "multiplicative": Self::limits_of(multiplicative, size)?,
            "additive": Self::limits_of(additive, size)?,
        }))
    }

    fn at_sizes(&self, sizes: &[f64]) -> Result<Value, Failure> {
        let at = |size: &f64| {
            let mut limits = self.limits(*size)?;
            if let Some(limits) = limits.as_object_mut() {
                limits.insert("size".to_owned(), json!(size));
            }
            Ok(limits)
        };
        sizes
            .iter()
            .map(at)
            .collect::<Result<Vec<_>, Failure>>()
            .map(Value::Array)
    }

    /// Where a point lies: within, or beyond the 95 or 99.8 % limits of the chosen funnel.
    fn place(&self, point: &FunnelPoint) -> &'static str {
        let beyond = |level: f64| {
            let level = Confidence::new(level).ok()?;
            let limits = self.chosen.limits(point.size, level).ok()?;
            Some(if point.value < limits.low {
                -1
            } else {
                i32::from(point.value > limits.high)
            })
        };
        match (beyond(0.998), beyond(0.95)) {
            (Some(-1), _) => "below 99.8 %",
            (Some(1), _) => "above 99.8 %",
            (_, Some(-1)) => "below 95 %",
            (_, Some(1)) => "above 95 %",
            _ => "within",
        }
    }

    fn outside(&self) -> usize {
        let far = |point: &&FunnelPoint| self.place(point).ends_with("99.8 %");
        self.chosen.points.iter().filter(far).count()
    }

    fn rows(&self) -> Result<Vec<Value>, Failure> {
        let [_, multiplicative, additive] = self.all;
        let mut rows = Vec::new();
        for (at, (name, point)) in self.groups.names.iter().zip(&self.chosen.points).enumerate() {
            let z = |funnel: &Funnel| funnel.points.get(at).map(|point| point.z);
            let mut row = Row::new(METHOD, name)
                .n(point.value)
                .with("size", point.size)
                .with("z", point.naive_z)
                .with("z_multiplicative", z(multiplicative))
                .with("z_additive", z(additive))
                .with("place", self.place(point))
                .with("limits", self.limits(point.size)?);
            if let Ok(limits) = self.chosen.limits(point.size, self.confidence) {
                row = row.within(limits);
            }
            rows.push(row.json());
        }
        Ok(rows)
    }

    fn grid(&self) -> Result<Grid, Failure> {
        let mut grid = Grid::new(
            "In the order of the file:",
            &[
                "hospital", "size", "value", "z", "2.5 %", "97.5 %", "0.1 %", "99.9 %", "place",
            ],
        );
        for (name, point) in self.groups.names.iter().zip(&self.chosen.points) {
            let limits = Self::limits_of(self.chosen, point.size)?;
            let at = |tail: &str| {
                limits
                    .get(tail)
                    .and_then(Value::as_f64)
                    .map_or_else(String::new, plain)
            };
            grid.row([
                name.clone(),
                whole(point.size),
                plain(point.value),
                plain(point.z),
                at("2.5"),
                at("97.5"),
                at("0.1"),
                at("99.9"),
                self.place(point).to_owned(),
            ]);
        }
        Ok(grid)
    }
}
