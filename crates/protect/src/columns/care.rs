//! The columns of what is released of the care people get, and the numbers that stand there and in other tables too.
//!
//! Invariant: of numbers that make up each other, as many are counts as say everything, and the others are worked out from what
//! is shown of those. A fourth number rounded by itself would tell how the first three were rounded.

use super::column;
use crate::raw::{Bound, LinkRule, RawColumn, Role, SumRule};

/// `care`: questions to which the records answer yes and no. Columns, in order: place_kind, place, indicator, period,
/// standard, title, caution, reported, population, excluded, asked, known, yes, no, missing, recorded_percent, share_percent,
/// low, high, yes_at_least_percent, no_at_least_percent. Asked, no, missing and all that follow are worked out here: give `Null`.
#[must_use]
pub fn care_columns() -> Vec<RawColumn> {
    let mut columns = about();
    columns.extend([
        column("known", Role::Count, "Of those asked, events whose answer is known."),
        column("yes", Role::Count, "Known to be so."),
        column("no", left("known", &["yes"]), "Known not to be so: known less yes, as shown."),
        column(
            "missing",
            left("asked", &["known"]),
            "Of those asked, events whose answer nobody recorded: asked less known, as shown.",
        ),
        column(
            "recorded_percent",
            share("known", "asked"),
            "known over asked, in per cent, from the numbers shown: to be read before the share.",
        ),
        column(
            "share_percent",
            Role::CareShare {
                numerator: "yes".to_owned(),
                denominator: "known".to_owned(),
            },
            "yes over known, in per cent, from the rounded numbers: those whose answer is missing are not in it.",
        ),
        column(
            "low",
            end(Bound::Low, "known"),
            "Low end of the range of share_percent (95 %), by chance and rounding alone.",
        ),
        column(
            "high",
            end(Bound::High, "known"),
            "High end of the range of share_percent (95 %), by chance and rounding alone.",
        ),
        column(
            "yes_at_least_percent",
            share("yes", "asked"),
            "yes over asked, in per cent: the share if every missing answer were no.",
        ),
        column(
            "no_at_least_percent",
            share("no", "asked"),
            "no over asked, in per cent: the share that is not so if every missing answer were yes.",
        ),
    ]);
    columns
}

/// `care_of_all`: questions whose answer is known of everybody asked. Columns, in order: place_kind, place, indicator, period,
/// standard, title, caution, reported, population, excluded, asked, yes, no, share_percent, low, high. Asked, no and what follows
/// are worked out here: give `Null`.
#[must_use]
pub fn care_of_all_columns() -> Vec<RawColumn> {
    let mut columns = about();
    columns.extend([
        column("yes", Role::Count, "So, of those asked."),
        column("no", left("asked", &["yes"]), "Not so: asked less yes, as shown."),
        column(
            "share_percent",
            share("yes", "asked"),
            "yes over asked, in per cent, from the numbers shown.",
        ),
        column(
            "low",
            end(Bound::Low, "asked"),
            "Low end of the range of share_percent (95 %), by chance and rounding alone.",
        ),
        column(
            "high",
            end(Bound::High, "asked"),
            "High end of the range of share_percent (95 %), by chance and rounding alone.",
        ),
    ]);
    columns
}

/// `care_at_least`: questions of which only a yes is ever recorded. Columns, in order: place_kind, place, indicator, period,
/// standard, title, caution, reported, population, excluded, asked, yes, missing, yes_at_least_percent. Asked, missing and
/// the share are worked out here: give `Null`.
#[must_use]
pub fn care_at_least_columns() -> Vec<RawColumn> {
    let mut columns = about();
    columns.extend([
        column("yes", Role::Count, "Recorded to be so."),
        column(
            "missing",
            left("asked", &["yes"]),
            "Of those asked, events of which nothing says whether it was so: asked less yes, as shown.",
        ),
        column(
            "yes_at_least_percent",
            share("yes", "asked"),
            "yes over asked, in per cent, from the numbers shown: at least so many.",
        ),
    ]);
    columns
}

/// What a row is about, and of how many events it is asked.
fn about() -> Vec<RawColumn> {
    vec![
        column("place_kind", Role::Dimension, "Kind of place: nation."),
        column("place", Role::Dimension, "The nation."),
        column(
            "indicator",
            Role::Dimension,
            "The question: a name in the definition of the standards.",
        ),
        column(
            "period",
            Role::Dimension,
            "The year of the event that is asked about.",
        ),
        column(
            "standard",
            Role::Text,
            "The Standard of care, 1 to 11; 0 for questions beside them.",
        ),
        column("title", Role::Text, "What the share says."),
        column("caution", Role::Text, "What it does not say."),
        column("reported", Role::Text, "Who says so: national_records or form."),
        column(
            "population",
            Role::Count,
            "Events (diagnoses, deaths, new treatments) of the question's kind.",
        ),
        column(
            "excluded",
            Role::Count,
            "Of these, events of which it is not asked, for a reason in the definition.",
        ),
        column(
            "asked",
            left("population", &["excluded"]),
            "Events of which it is asked: population less excluded, as shown.",
        ),
    ]
}

fn left(whole: &str, parts: &[&str]) -> Role {
    Role::Difference {
        whole: whole.to_owned(),
        parts: parts.iter().map(|part| (*part).to_owned()).collect(),
    }
}

fn share(numerator: &str, denominator: &str) -> Role {
    Role::Share {
        numerator: numerator.to_owned(),
        denominator: denominator.to_owned(),
    }
}

fn end(bound: Bound, denominator: &str) -> Role {
    Role::Interval {
        numerator: "yes".to_owned(),
        denominator: denominator.to_owned(),
        bound,
    }
}

/// What holds in each row of `care`: those excluded and those whose answer is known are different people of the population.
#[must_use]
pub fn care_sums() -> Vec<SumRule> {
    among("population", &["excluded", "known"])
}

/// What holds in each row of `care_of_all` and of `care_at_least`.
#[must_use]
pub fn care_yes_sums() -> Vec<SumRule> {
    among("population", &["excluded", "yes"])
}

fn among(whole: &str, parts: &[&str]) -> Vec<SumRule> {
    vec![SumRule::Parts {
        whole: whole.to_owned(),
        parts: parts.iter().map(|part| (*part).to_owned()).collect(),
    }]
}

fn pair(left: &str, right: &str) -> (String, String) {
    (left.to_owned(), right.to_owned())
}

/// A question of the diagnosis of secondary disease is about the people who are `new` in `counts`; `table` is the one it
/// stands in.
#[must_use]
pub fn counts_and_care_link(table: &str, indicator: &str) -> LinkRule {
    LinkRule {
        left: "counts".to_owned(),
        right: table.to_owned(),
        on: vec![
            pair("place_kind", "place_kind"),
            pair("place", "place"),
            pair("period", "period"),
        ],
        left_where: vec![
            pair("measure", "new"),
            pair("kind", "all"),
            pair("sex", "all"),
            pair("age_band", "all"),
            pair("group", "all"),
        ],
        right_where: vec![pair("indicator", indicator)],
        same: vec![pair("found", "population")],
        always: false,
    }
}

/// People known only from a death certificate are one of the `checks`, and a number of a question: those excluded, or those of
/// whom it is so (`count`).
#[must_use]
pub fn only_at_death_link(table: &str, indicator: &str, count: &str) -> LinkRule {
    LinkRule {
        left: "checks".to_owned(),
        right: table.to_owned(),
        on: ["place_kind", "place", "period"]
            .iter()
            .map(|column| pair(column, column))
            .collect(),
        left_where: vec![pair("name", "found_only_at_death")],
        right_where: vec![pair("indicator", indicator)],
        same: vec![pair("people", count)],
        always: false,
    }
}

/// Two questions, each with the table it stands in, that are asked of the same events: in the `same` counts they agree.
#[must_use]
pub fn care_link(left: (&str, &str), right: (&str, &str), same: &[&str]) -> LinkRule {
    LinkRule {
        left: left.0.to_owned(),
        right: right.0.to_owned(),
        on: ["place_kind", "place", "period"]
            .iter()
            .map(|column| pair(column, column))
            .collect(),
        left_where: vec![pair("indicator", left.1)],
        right_where: vec![pair("indicator", right.1)],
        same: same.iter().map(|count| pair(count, count)).collect(),
        always: false,
    }
}
