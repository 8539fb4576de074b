//! What columns may be called. Case, spaces and punctuation do not matter.

/// Names of one column, the one in the documents first.
#[derive(Clone, Copy)]
pub(super) struct Names(pub(super) &'static [&'static str]);

/// A name without case, spaces and punctuation.
pub(super) fn plainly(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A hospital, or whatever is compared.
pub(super) const NAME: Names = Names(&[
    "name",
    "hospital",
    "organisation",
    "organization",
    "trust",
    "provider",
    "unit",
    "site",
    "centre",
    "center",
    "group",
    "area",
    "place",
    "label",
    "code",
    "org",
    "id",
]);
/// A part of a whole.
pub(super) const PART: Names = Names(&[
    "r",
    "numerator",
    "part",
    "events",
    "recorded",
    "deaths",
    "died",
    "successes",
    "yes",
    "flagged",
    "x",
    "count",
    "cases",
    "defects",
    "nonconforming",
    "k",
    "y",
]);
/// The whole.
pub(super) const WHOLE: Names = Names(&[
    "n",
    "denominator",
    "whole",
    "total",
    "size",
    "people",
    "patients",
    "trials",
    "operations",
    "procedures",
    "population",
    "found",
    "sample",
    "sample_size",
    "cases",
    "at_risk",
]);
/// A count beside what was expected.
pub(super) const OBSERVED: Names = Names(&[
    "observed", "o", "obs", "events", "deaths", "count", "cases", "d", "new", "n", "x",
]);
/// What was expected.
pub(super) const EXPECTED: Names = Names(&["expected", "e", "exp", "expected_count", "expected_events"]);
/// A calendar year.
pub(super) const YEAR: Names = Names(&["year", "calendar_year", "y", "period", "time", "t"]);
/// Deaths.
pub(super) const DEATHS: Names = Names(&["deaths", "died", "d", "count", "n", "observed"]);
/// New people.
pub(super) const NEW: Names = Names(&[
    "new",
    "incidence",
    "new_cases",
    "cases",
    "diagnosed",
    "diagnoses",
    "i",
    "incident",
]);
/// How many people a row stands for.
pub(super) const COUNT: Names = Names(&[
    "count",
    "freq",
    "frequency",
    "counts",
    "n",
    "people",
    "number",
    "observed",
    "obs",
]);
/// A point in time of a chart.
pub(super) const PERIOD: Names = Names(&[
    "period", "month", "date", "quarter", "week", "day", "year", "time", "t", "label", "name", "point", "i",
    "index",
]);
