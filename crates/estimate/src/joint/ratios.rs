//! The field's own checks: living over deaths, new over deaths, found only at death, recurrent over de novo.

use crate::{Confidence, EstimateError, wilson};

use super::at_death::AtDeath;
use super::figures::{of_counts, of_numbers};
use super::grid::{AGES, SEXES};
use super::model::Model;
use super::place::Rows;
use super::proposals::Kept;
use super::result::{Checks, Figures, Year};
use super::study::Kind;

/// The last whole year, counted from 0; where the study has none, its last part.
pub(super) fn last_whole(model: &Model) -> usize {
    let whole = (model.study.end - f64::from(model.study.first_year) + 1e-6).floor() as usize;
    whole.clamp(1, model.grid.years.max(1)) - 1
}

/// National breast-cancer deaths of a calendar year, where the series has it.
fn national(model: &Model, year: i32) -> Option<u64> {
    let deaths = model.study.deaths.as_ref()?;
    let at = usize::try_from(i64::from(year) - i64::from(deaths.first_year)).ok()?;
    deaths.counts.get(at).copied()
}

pub(super) fn checks(model: &Model, kept: &Kept, years: &[Year], country: &Rows) -> Checks {
    let at = last_whole(model);
    let year = model.study.first_year + at as i32;
    let outside = national(model, year);
    let over = |counts: Option<&Vec<u32>>| -> Result<Figures, EstimateError> {
        let counts = counts.ok_or(EstimateError::Empty)?;
        let own = years.get(at).map_or(&[][..], |year| &year.died_of_breast_cancer);
        let ratios = counts.iter().enumerate().map(|(draw, count)| {
            let deaths = outside.map_or_else(|| own.get(draw).map_or(0.0, |n| f64::from(*n)), |n| n as f64);
            f64::from(*count) / deaths
        });
        of_numbers(ratios.collect()).ok_or(EstimateError::NoDeaths)
    };
    let of = |kind: Kind| {
        let from = model.grid.groups_of(0, at) + kind as usize * SEXES.len() * AGES.len();
        let row = |row: &[u32]| -> u32 {
            row.get(from..from + SEXES.len() * AGES.len())
                .map_or(0, |groups| groups.iter().sum())
        };
        country
            .cells
            .chunks(country.width.max(1))
            .map(row)
            .collect::<Vec<u32>>()
    };
    let pairs = of(Kind::Recurrent).into_iter().zip(of(Kind::DeNovo));
    let recurrent = pairs.map(|(recurrent, new)| f64::from(recurrent) / f64::from(new));
    let AtDeath { only, found } = model.deaths;
    let rooms = kept
        .draws()
        .into_iter()
        .filter_map(|(_, draw)| draw.without_metastasis);
    Checks {
        year,
        living_over_deaths: over(years.get(at).map(|year| &year.living)),
        new_over_deaths: over(years.get(at).map(|year| &year.new)),
        independent: outside.is_some(),
        found_only_at_death: wilson(only, only + found.round() as u64, Confidence::NINETY_FIVE),
        recurrent_over_de_novo: of_numbers(recurrent.collect()).ok_or(EstimateError::Empty),
        share_extrapolated: extrapolated(model, years, country, at),
        implied_without_metastasis: of_numbers(rooms.collect()).ok_or(EstimateError::NoDeaths),
    }
}

fn extrapolated(model: &Model, years: &[Year], country: &Rows, at: usize) -> Result<Figures, EstimateError> {
    let beyond = country.cell(
        model
            .grid
            .duration(crate::prevalence::DurationBand::ALL.len(), at),
    );
    let living = years.get(at).map_or(&[][..], |year| &year.living);
    let shares = beyond
        .iter()
        .zip(living)
        .map(|(beyond, all)| f64::from(*beyond) / f64::from(*all));
    of_numbers(shares.collect()).ok_or(EstimateError::NobodyExpected)
}

/// The figures of whole counts, or the reason that there are none.
pub(super) fn counted(counts: Option<&Vec<u32>>) -> Result<Figures, EstimateError> {
    counts
        .and_then(|counts| of_counts(counts))
        .ok_or(EstimateError::Empty)
}
