//! The United Kingdom from public figures: how many people live with secondary breast cancer, from who died and how
//! long people live.
//!
//! Nothing here is a count. England prints deaths of women by year; how long people live is printed for other
//! countries and for parts of ours; nobody prints both for the UK. So there is one [scenario](Scenario) for each way
//! to read what is printed, the figure is given under each, and what is said of all of them is their range: **a range
//! of assumptions, and not an interval that holds the truth with a stated chance**.
//!
//! The tables ([`england_deaths`], [`scenarios`], [`published_estimates`]) are facts collected by us, each with its
//! source.

mod assume;
mod deaths;
mod figure;
mod published;
mod scenarios;
mod spread;

pub use deaths::{
    COVID_YEAR, DEATH_SOURCES, ENGLAND_WOMEN, INHABITANTS_SOURCE, UK_INHABITANTS_MILLIONS, UK_PEOPLE,
    england_deaths, uk_over_england_women,
};
pub use figure::{Drivers, ScenarioFigure, UkFigure, uk_figure};
pub use published::{Made, PublishedEstimate, Timing, Who, published_estimates};
pub use scenarios::{OtherCauses, PublishedSurvival, Role, Scenario, scenarios};
pub use spread::Spread;

/// Where a fact was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Who printed it, and where.
    pub title: &'static str,
    /// Its address.
    pub url: &'static str,
}

#[cfg(test)]
mod tests;
