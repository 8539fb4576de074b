//! The field's own checks: living over deaths, new over deaths, found only at death, recurrent over de novo.

use rand::Rng;

use crate::chance::chance_of;
use crate::{Confidence, EstimateError, wilson};

use super::at_death::AtDeath;
use super::error::JointError;
use super::figures::{of_counts, of_numbers};
use super::grid::{AGES, SEXES};
use super::model::Model;
use super::place::Rows;
use super::proposals::Kept;
use super::result::{Checks, Figures, Year};
use super::sampling::gamma;
use super::study::Kind;

/// Years over which a ratio to deaths is taken, where there are as many whole ones: one year's deaths hold much chance.
const MOST_YEARS: usize = 3;

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

/// The years whose people are laid over their deaths.
struct Over<'a> {
    years: Vec<&'a Year>,
    /// Their national deaths; without a series, the study's own deaths stand for them.
    national: Option<u64>,
}

impl<'a> Over<'a> {
    /// The last whole years of which national deaths are known, else the last whole years.
    fn of(model: &Model, years: &'a [Year], at: usize) -> Self {
        let last = years.get(at.saturating_sub(MOST_YEARS - 1)..=at).unwrap_or(&[]);
        let known: Vec<(&Year, u64)> = last
            .iter()
            .filter_map(|year| Some((year, national(model, year.year)?)))
            .collect();
        if known.is_empty() {
            return Self {
                years: last.iter().collect(),
                national: None,
            };
        }
        Self {
            national: Some(known.iter().map(|(_, deaths)| deaths).sum()),
            years: known.into_iter().map(|(year, _)| year).collect(),
        }
    }

    /// The sum over the years, in one draw.
    fn sum(&self, counts: fn(&Year) -> &[u32], draw: usize) -> f64 {
        let of = |year: &&Year| counts(year).get(draw).map_or(0.0, |people| f64::from(*people));
        self.years.iter().map(of).sum()
    }

    /// People of a year over its deaths.
    ///
    /// **Formula.** Σ people / Gamma(Σ deaths + ½) over the years: deaths are a Poisson number, and the gamma number is its mean
    /// under Jeffreys' prior. So the ratio holds the chance of the deaths, too.
    fn ratio(&self, counts: fn(&Year) -> &[u32], chance: &mut impl Rng) -> Result<Figures, EstimateError> {
        let draws = self.years.first().map_or(0, |year| counts(year).len());
        let mut ratios = Vec::with_capacity(draws);
        for draw in 0..draws {
            let own = self.sum(|year| &year.died_of_breast_cancer, draw);
            let deaths = self.national.map_or(own, |deaths| deaths as f64);
            if deaths <= 0.0 {
                return Err(EstimateError::NoDeaths);
            }
            ratios.push(self.sum(counts, draw) / gamma(deaths + 0.5, chance)?);
        }
        of_numbers(ratios).ok_or(EstimateError::Empty)
    }
}

/// The share of breast-cancer deaths without metastasis that the draws leave room for, or the reason that it is no share.
fn without_metastasis(kept: &Kept) -> Result<Figures, EstimateError> {
    let shares: Vec<f64> = kept
        .draws()
        .into_iter()
        .filter_map(|(_, draw)| draw.without_metastasis)
        .collect();
    if shares.iter().any(|share| *share < 0.0) {
        return Err(JointError::NoRoom.into());
    }
    of_numbers(shares).ok_or(EstimateError::NoDeaths)
}

pub(super) fn checks(model: &Model, kept: &Kept, years: &[Year], country: &Rows, seed: u64) -> Checks {
    let at = last_whole(model);
    let over = Over::of(model, years, at);
    // A stream that no draw uses.
    let mut chance = chance_of(seed, u64::MAX - 1);
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
    let AtDeath { only, found, .. } = model.deaths;
    let year = model.study.first_year + at as i32;
    let of_ratios = over.years.first().zip(over.years.last());
    Checks {
        year,
        of_deaths: (model.study.first_year, model.study.last_year()),
        years: of_ratios.map_or((year, year), |(first, last)| (first.year, last.year)),
        living_over_deaths: over.ratio(|year| &year.living, &mut chance),
        new_over_deaths: over.ratio(|year| &year.new, &mut chance),
        independent: over.national.is_some(),
        found_only_at_death: wilson(only, only + found.round() as u64, Confidence::NINETY_FIVE),
        recurrent_over_de_novo: of_numbers(recurrent.collect()).ok_or(EstimateError::Empty),
        share_extrapolated: extrapolated(model, years, country, at),
        implied_without_metastasis: without_metastasis(kept),
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
