//! The cells of the estimate under the names that `counts` gives them.
//!
//! Invariant: a cell stands under a period only if it speaks of the very days of that period.

use estimate::joint::{AgeBand, Cell, Kind, Level, Measure, Sex, Status};
use estimate::prevalence::DurationBand;

use crate::estimating::places::Places;
use crate::periods::Span;
use crate::places::COUNTRY;

/// A cell with its names, in the order in which rows are written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) place_kind: &'static str,
    pub(crate) place: String,
    pub(crate) period: String,
    pub(crate) measure: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) sex: &'static str,
    pub(crate) age_band: &'static str,
    /// Estimate, the middle half, the 95 % interval.
    pub(crate) figures: [f64; 5],
    pub(crate) status: &'static str,
}

/// The row of a cell; none where the place or the period has no name in `counts`.
pub(crate) fn row(cell: &Cell, places: &Places, years: &[Span]) -> Option<Row> {
    let (place_kind, place) = place(cell.level, places)?;
    let first = years.first()?.first.year();
    let year = years.get(usize::try_from(cell.year - first).ok()?)?;
    let living = matches!(cell.measure, Measure::Living | Measure::LivingFor(_));
    let figures = &cell.figures;
    Some(Row {
        place_kind,
        place,
        period: if living {
            year.last.to_string()
        } else {
            year.label.clone()
        },
        measure: measure(cell.measure),
        kind: cell.kind.map_or("all", kind),
        sex: cell.sex.map_or("all", sex),
        age_band: cell.age.map_or("all", age_band),
        figures: [
            figures.median,
            figures.half.low,
            figures.half.high,
            figures.interval.low,
            figures.interval.high,
        ],
        status: status(cell.status),
    })
}

/// The word in the column `status`.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Estimate => "estimate",
        Status::LowerBound => "lower_bound",
    }
}

fn place(level: Level, places: &Places) -> Option<(&'static str, String)> {
    let named = |names: &[String], at: u16| {
        let name = names.get(usize::from(at))?;
        (!name.is_empty()).then(|| name.clone())
    };
    Some(match level {
        Level::Country => ("country", COUNTRY.to_owned()),
        Level::Nation(at) => ("nation", named(&places.nations, at)?),
        Level::Network(at) => ("network", named(&places.networks, at)?),
        Level::Organisation(at) => (
            "organisation",
            places.organisations.get(at as usize).cloned().flatten()?,
        ),
    })
}

fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::New => "new",
        Measure::Living => "living",
        Measure::Died => "died",
        Measure::DiedOfBreastCancer => "died_of_breast_cancer",
        Measure::Left => "left",
        Measure::LivingFor(DurationBand::UnderOne) => "living_under_1_year",
        Measure::LivingFor(DurationBand::OneToTwo) => "living_1_to_2_years",
        Measure::LivingFor(DurationBand::TwoToFive) => "living_2_to_5_years",
        Measure::LivingFor(DurationBand::FiveToTen) => "living_5_to_10_years",
        Measure::LivingFor(DurationBand::TenAndMore) => "living_10_years_and_more",
        Measure::LivingFor(DurationBand::OneAndMore) => "living_1_year_and_more",
        Measure::LivingFor(DurationBand::TwoAndMore) => "living_2_years_and_more",
        Measure::LivingFor(DurationBand::FiveAndMore) => "living_5_years_and_more",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::DeNovo => "de_novo",
        Kind::Recurrent => "recurrent",
        Kind::NotKnown => "not_known",
    }
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::NotKnown => "not_known",
    }
}

fn age_band(age: AgeBand) -> &'static str {
    match age {
        AgeBand::Under45 => "<45",
        AgeBand::From45 => "45-54",
        AgeBand::From55 => "55-64",
        AgeBand::From65 => "65-74",
        AgeBand::From75 => "75-84",
        AgeBand::From85 => "85+",
        AgeBand::NotKnown => "not_known",
    }
}
