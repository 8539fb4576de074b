//! `staffing.csv`: specialist nurses in post, one row a hospital and year, in whole-time equivalents.
//!
//! Shape. 21 % of organisations had a nurse for secondary breast cancer in 2016/17 (Breast Cancer Care, mapping
//! survey), and 72 % had none two years later, so one in four has one here, 0.4 to 2.0 WTE, and once there it stays.
//! Nurses for primary disease follow the size of the hospital, changing a little from year to year; nurses for any
//! cancer and support workers do not depend on it, and half the hospitals have a support worker (assumptions: no
//! census by organisation was found).
//! One hospital in twelve never answers, and one answer in twenty-five is missing (assumption).
//!
//! Whether a person saw a nurse does not depend on these numbers: the planted hospitals are the only ones that
//! truly differ ([`crate::care::standards`]).

use crate::chance::{Chance, Purpose};
use crate::geography::Nation;
use crate::plan::Plan;
use std::fmt::Write as _;
use vocabulary::date::Date;

/// One in so many hospitals has a nurse for secondary disease.
const WITH_SECONDARY: usize = 4;
/// One in so many never answers.
const SILENT: usize = 12;
/// Answers that are missing all the same.
const MISSING: f64 = 0.04;

/// Every hospital with a breast service, on 31 March of each year covered.
pub(crate) fn csv(plan: &Plan, nation: &Nation) -> String {
    let mut text = String::from("organisation,date,primary_wte,secondary_wte,generic_wte,support_wte\n");
    let mut services: Vec<usize> = (0..nation.hospitals.len())
        .filter(|n| nation.at(*n).body.breast_service)
        .collect();
    let count = services.len();
    let mut chance = Chance::of(plan.seed, Purpose::Staffing, 0, 0);
    // Fisher and Yates: the first in order have a nurse, the last never answer.
    for last in (1..count).rev() {
        let other = chance.below(last + 1);
        services.swap(last, other);
    }
    let mut rows: Vec<(usize, String)> = Vec::new();
    for (order, hospital) in services.into_iter().enumerate() {
        if order < count - count / SILENT {
            rows.push((
                hospital,
                rows_of(plan, nation, hospital, order < count / WITH_SECONDARY),
            ));
        }
    }
    rows.sort_by_key(|row| row.0);
    text.extend(rows.into_iter().map(|row| row.1));
    text
}

fn rows_of(plan: &Plan, nation: &Nation, hospital: usize, secondary: bool) -> String {
    let mut chance = Chance::of(plan.seed, Purpose::Staffing, 1 + hospital as u64, 0);
    let body = &nation.at(hospital).body;
    let mut primary = 1.0 + 1.2 * body.weight + 0.6 * chance.unit();
    let dedicated = 0.4 + 1.6 * chance.unit();
    let generic = 1.5 * chance.unit();
    let support = if chance.happens(0.5) {
        0.4 + chance.unit()
    } else {
        0.0
    };
    let mut text = String::new();
    for year in plan.start().year()..=plan.as_of.year() {
        let date = Date::new(year, 3, 31).filter(|d| (plan.start()..=plan.as_of).contains(d));
        primary = (primary + 0.2 * chance.normal()).clamp(0.6, 8.0);
        let missing = chance.happens(MISSING);
        if let Some(date) = date.filter(|_| !missing) {
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "{},{date},{primary:.1},{:.1},{generic:.1},{support:.1}",
                body.code,
                if secondary { dedicated } else { 0.0 },
            );
        }
    }
    text
}
