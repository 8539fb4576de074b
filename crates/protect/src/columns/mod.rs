//! The columns of the released tables (`counts`, `completeness`, `checks`, `care`, …) with the rule each falls under, so that no caller
//! has to decide which rule protects which column.
//!
//! Standard followed: `docs/src/tables-out.md`. A caller fills the rows in this order of columns.

mod care;

pub use care::{
    care_at_least_columns, care_columns, care_link, care_of_all_columns, care_sums, care_yes_sums,
    counts_and_care_link, only_at_death_link,
};

use std::collections::BTreeMap;

use crate::raw::{Bound, LinkRule, Place, RawColumn, Role, StateRule, SumRule};

/// What a table holds, in words for its readers; empty for one that is none of these.
#[must_use]
pub fn about(table: &str) -> &'static str {
    match table {
        "counts" => "People with secondary breast cancer: new, living and died, by place and period.",
        "completeness" => "What each organisation recorded of the people found.",
        "checks" => "How the count is checked against itself.",
        "care" => {
            "Care asked of everybody: known to be so, known not to be so, and not recorded, by nation and year."
        }
        "care_of_all" => "Care of which the answer is known of everybody asked, by nation and year.",
        "care_at_least" => "Care of which only a yes is ever recorded, by nation and year.",
        _ => "",
    }
}

fn column(name: &str, role: Role, about: &str) -> RawColumn {
    RawColumn::new(name, role, about)
}

fn estimate(bound: Bound) -> Role {
    Role::Estimate {
        bound,
        with: vec!["recorded".to_owned(), "found".to_owned()],
    }
}

/// `counts`: place_kind, place, period, measure, kind, sex, age_band, group_kind, group, recorded, found, estimate,
/// low, high, method, status.
#[must_use]
pub fn counts_columns() -> Vec<RawColumn> {
    let mut columns = vec![
        place_kind(),
        column(
            "place",
            Role::Dimension,
            "The place: a code for an organisation or network, a name otherwise.",
        ),
        column(
            "period",
            Role::Dimension,
            "A year, or the day for people living with the disease on that day.",
        ),
        column(
            "measure",
            Role::Dimension,
            "new: first secondary breast cancer in the period; living: alive with it on the day; died: died with it in the period.",
        ),
        column(
            "kind",
            Role::Dimension,
            "de_novo: secondary when breast cancer was first found; recurrent: found later; not_known; all.",
        ),
        column(
            "sex",
            Role::Dimension,
            "female, male, not_known or all. Split for nations and countries only.",
        ),
        column(
            "age_band",
            Role::Dimension,
            "Age in the period, in bands, or all. Split for nations and countries only.",
        ),
        column(
            "group_kind",
            Role::Dimension,
            "all, ethnicity or deprivation. Split for nations and countries only.",
        ),
        column("group", Role::Dimension, "The group, or all."),
    ];
    columns.extend(counts_figures());
    columns
}

fn counts_figures() -> Vec<RawColumn> {
    vec![
        column(
            "recorded",
            Role::Count,
            "People whom a hospital recorded as having secondary breast cancer.",
        ),
        column(
            "found",
            Role::Count,
            "People found to have secondary breast cancer in any records, recorded or not.",
        ),
        column(
            "estimate",
            estimate(Bound::Point),
            "Our estimate of how many there were.",
        ),
        column(
            "low",
            estimate(Bound::Low),
            "Low end of the range of the estimate (95 %), rounded down.",
        ),
        column(
            "high",
            estimate(Bound::High),
            "High end of the range of the estimate (95 %), rounded up.",
        ),
        column(
            "method",
            Role::Reason,
            "How the estimate was made; not_computable where the records for it are not held, suppressed where a number of the row is hidden.",
        ),
        column(
            "status",
            Role::Status,
            "estimate, lower_bound (of those whom some record can show; there may be more) or not_estimated; suppressed where a number of the row is hidden.",
        ),
    ]
}

/// The sums that can be read off `counts`, apart from those over places, which follow the country.
#[must_use]
pub fn counts_sums() -> Vec<SumRule> {
    let total = || "all".to_owned();
    let mut sums: Vec<SumRule> = ["kind", "sex", "age_band"]
        .iter()
        .map(|column| SumRule::Column {
            column: (*column).to_owned(),
            total: total(),
        })
        .collect();
    sums.push(SumRule::Groups {
        kind: "group_kind".to_owned(),
        column: "group".to_owned(),
        total: total(),
    });
    sums.push(SumRule::Within {
        part: "recorded".to_owned(),
        whole: "found".to_owned(),
    });
    sums
}

/// `completeness`, with the thresholds of its states (data of the study's definition). Columns, in order: organisation, period, kind, recorded, found, recorded_percent, found_elsewhere, recorded_of_elsewhere,
/// recorded_of_elsewhere_percent, estimate, low, high, found_only_at_death, people_with_days (never released), median_days_to_record,
/// status. The percentages are worked out here: their raw values are not read, give `Null`.
#[must_use]
pub fn completeness_columns(
    collecting_percent: u32,
    not_collecting_percent: u32,
    fewest_people: u32,
) -> Vec<RawColumn> {
    let state = StateRule {
        numerator: "recorded_of_elsewhere".to_owned(),
        denominator: "found_elsewhere".to_owned(),
        kind: Some("kind".to_owned()),
        collecting_percent,
        not_collecting_percent,
        fewest_people,
        keep: ["no_response", "not_measured", "not_in_scope"]
            .map(str::to_owned)
            .to_vec(),
    };
    let mut columns = completeness_counts();
    columns.extend(completeness_figures());
    columns.push(column(
        "status",
        Role::State(state),
        "The state of the organisation, from the rounded numbers.",
    ));
    columns
}

fn percentage(numerator: &str, denominator: &str) -> Role {
    Role::Percentage {
        numerator: numerator.to_owned(),
        denominator: denominator.to_owned(),
    }
}

fn completeness_counts() -> Vec<RawColumn> {
    let elsewhere =
        "People with evidence in admissions, drug treatment, radiotherapy or waiting-times records.";
    let share = "recorded_of_elsewhere over found_elsewhere, in per cent, from the rounded numbers: the state rests on it.";
    vec![
        column(
            "organisation",
            Role::Dimension,
            "Code of the trust, health board or HSC trust.",
        ),
        column(
            "period",
            Role::Dimension,
            "A year, or the 12 months on which the state rests.",
        ),
        column("kind", Role::Dimension, "de_novo, recurrent or all."),
        column(
            "recorded",
            Role::Count,
            "People whom a hospital recorded as having secondary breast cancer.",
        ),
        column(
            "found",
            Role::Count,
            "People found to have it in any records, recorded or not.",
        ),
        column(
            "recorded_percent",
            percentage("recorded", "found"),
            "recorded over found, in per cent, from the rounded numbers.",
        ),
        column("found_elsewhere", Role::Count, elsewhere),
        column(
            "recorded_of_elsewhere",
            Role::Count,
            "Of these, the people who were also recorded.",
        ),
        column(
            "recorded_of_elsewhere_percent",
            percentage("recorded_of_elsewhere", "found_elsewhere"),
            share,
        ),
    ]
}

fn completeness_figures() -> Vec<RawColumn> {
    let share = |bound| Role::Interval {
        numerator: "recorded_of_elsewhere".to_owned(),
        denominator: "found_elsewhere".to_owned(),
        bound,
    };
    let end = |which: &str| {
        format!(
            "{which} end of the range (95 %) of recorded_of_elsewhere_percent, as far as rounding can move it."
        )
    };
    let median = Role::Median {
        people: "people_with_days".to_owned(),
        with: vec!["recorded".to_owned()],
    };
    vec![
        column(
            "estimate",
            estimate(Bound::Point),
            "Our estimate of how many there were.",
        ),
        column("low", share(Bound::Low), &end("Low")),
        column("high", share(Bound::High), &end("High")),
        column(
            "found_only_at_death",
            Role::Count,
            "People in no earlier record that we hold.",
        ),
        column(
            "people_with_days",
            Role::Support,
            "People with a known date of recording.",
        ),
        column(
            "median_days_to_record",
            median,
            "Median days from the first evidence to the record, to the nearest 7; at least 10 people.",
        ),
    ]
}

/// `checks`: name, place, period, people, words. Only checks that are numbers of people belong in it
/// (`found_only_at_death`); ratios are worked out from released counts by whoever shows them.
#[must_use]
pub fn checks_columns() -> Vec<RawColumn> {
    vec![
        column(
            "name",
            Role::Dimension,
            "found_only_at_death: people in no earlier record that we hold.",
        ),
        place_kind(),
        column(
            "place",
            Role::Dimension,
            "The nation or organisation, or all for the country.",
        ),
        column(
            "period",
            Role::Dimension,
            "A year, or the first and last day of a part of one.",
        ),
        column("people", Role::Count, "The number of people."),
        column("words", Role::Text, "What the check means."),
    ]
}

/// The country is the sum of its nations, and they of their organisations; `inside` says which lies in which.
#[must_use]
pub fn checks_sums(inside: BTreeMap<Place, Place>) -> Vec<SumRule> {
    vec![SumRule::Places {
        kind: "place_kind".to_owned(),
        place: "place".to_owned(),
        inside,
    }]
}

fn place_kind() -> RawColumn {
    column(
        "place_kind",
        Role::Dimension,
        "Kind of place: country, nation, network, organisation or residence.",
    )
}

/// The numbers that stand in `checks` and in `completeness`: an organisation's people found only at death.
#[must_use]
pub fn checks_and_completeness_link() -> LinkRule {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    LinkRule {
        left: "checks".to_owned(),
        right: "completeness".to_owned(),
        on: vec![pair("place", "organisation"), pair("period", "period")],
        left_where: vec![
            pair("name", "found_only_at_death"),
            pair("place_kind", "organisation"),
        ],
        right_where: vec![pair("kind", "all")],
        same: vec![pair("people", "found_only_at_death")],
        always: true,
    }
}

/// The numbers that stand in both contract tables: an organisation's new people in a period.
#[must_use]
pub fn counts_and_completeness_link() -> LinkRule {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    LinkRule {
        left: "counts".to_owned(),
        right: "completeness".to_owned(),
        on: vec![
            pair("place", "organisation"),
            pair("period", "period"),
            pair("kind", "kind"),
        ],
        left_where: vec![
            pair("place_kind", "organisation"),
            pair("measure", "new"),
            pair("sex", "all"),
            pair("age_band", "all"),
            pair("group", "all"),
        ],
        right_where: Vec::new(),
        same: vec![pair("recorded", "recorded"), pair("found", "found")],
        always: true,
    }
}
