//! A course year by year: new, living by duration, died, and how the field checks itself.

use estimate::EstimateError;
use estimate::back_calculation::{Course, Deaths};
use estimate::prevalence::DurationBand;
use serde_json::{Value, json};

use super::super::answer::Grid;
use super::super::figures::{plain, whole};
use super::super::rows::Row;

/// What is said of one course, in words and as rows.
pub(super) struct Told {
    pub(super) total: f64,
    pub(super) within_ten: f64,
    /// Whether the ratios of the last year are a reason to look again.
    pub(super) unusual: bool,
    pub(super) rows: Vec<Value>,
    pub(super) grid: Grid,
}

/// What is said of one course.
pub(super) fn told(course: &Course, deaths: &Deaths, factor: f64) -> Result<Told, EstimateError> {
    let last = deaths.last_year();
    let mut grid = Grid::new(
        "Year by year:",
        &[
            "year",
            "new",
            "living",
            "in the last 10 years",
            "died",
            "expected",
            "living/deaths",
            "new/deaths",
        ],
    );
    let mut rows = Vec::new();
    for year in deaths.first_year()..=last {
        let alive = course.alive_at_end(year)?;
        let ratios = course.ratios(year)?;
        grid.row([
            year.to_string(),
            whole(course.new_in(year)? * factor),
            whole(alive.total() * factor),
            whole(alive.within(10) * factor),
            whole(deaths.in_year(year)? as f64),
            whole(course.deaths_in(year)?),
            plain(ratios.living_over_deaths),
            plain(ratios.new_over_deaths),
        ]);
        rows.push(
            living_row(course, year, factor)?
                .with("deaths", deaths.in_year(year)?)
                .json(),
        );
    }
    for (year, new) in (course.first_year()..).zip(course.incidence()) {
        let row = Row::new("new", &year.to_string()).with("year", year);
        rows.push(row.n(new * factor).json());
    }
    let alive = course.alive_at_end(last)?;
    Ok(Told {
        total: alive.total() * factor,
        within_ten: alive.within(10) * factor,
        unusual: course.ratios(last)?.unusual,
        rows,
        grid,
    })
}

/// The living at the end of a year, by duration, and how the field checks itself.
pub(in crate::commands::estimate) fn living_row(
    course: &Course,
    year: i32,
    factor: f64,
) -> Result<Row, EstimateError> {
    let alive = course.alive_at_end(year)?;
    let ratios = course.ratios(year)?;
    let band = |band: DurationBand| alive.band(band) * factor;
    let total = alive.total();
    Ok(Row::new("living", &year.to_string())
        .n(total * factor)
        .with("year", year)
        .with("within_10_years", alive.within(10) * factor)
        .with(
            "by_duration",
            json!({
                "0-1": band(DurationBand::UnderOne), "1-2": band(DurationBand::OneToTwo),
                "2-5": band(DurationBand::TwoToFive), "5-10": band(DurationBand::FiveToTen),
                "10+": band(DurationBand::TenAndMore),
            }),
        )
        .with("share_under_2_years", alive.within(2) / total)
        .with("share_5_years_and_more", 1.0 - alive.within(5) / total)
        .with("new", course.new_in(year)? * factor)
        .with("expected_deaths", course.deaths_in(year)?)
        .with("other_deaths", course.other_deaths_in(year)? * factor)
        .with("living_over_deaths", ratios.living_over_deaths)
        .with("new_over_deaths", ratios.new_over_deaths))
}
