//! Look-ups in a release: the figure of a place, a period and a measure.
//!
//! Invariant: read only; nothing is computed here but an order.

use std::collections::BTreeMap;

use protect::{Figure, Release, ReleasedRow, ReleasedTable, State};

/// The columns that split a place and a measure, in the order of a [`Split`].
const SPLIT: [&str; 6] = ["period", "kind", "sex", "age_band", "group_kind", "group"];

/// What a row of `counts` is about, beside its place and measure.
type Split<'a> = [&'a str; 6];

/// By kind of place, place and measure: the rows, ordered by their split.
type ByPlace<'a> = BTreeMap<&'a str, BTreeMap<&'a str, BTreeMap<&'a str, Vec<(Split<'a>, ReleasedRow<'a>)>>>>;

/// The counts and the completeness of a release, by what they are about.
pub(crate) struct Figures<'a> {
    counts: ByPlace<'a>,
    completeness: BTreeMap<(&'a str, &'a str, &'a str), ReleasedRow<'a>>,
}

/// A place: its kind and its code or name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
}

impl<'a> Figures<'a> {
    pub(crate) fn new(release: &'a Release) -> Self {
        let mut counts = ByPlace::new();
        for row in release.table("counts").into_iter().flat_map(ReleasedTable::rows) {
            let places = counts.entry(row.text("place_kind")).or_default();
            let measures = places.entry(row.text("place")).or_default();
            let rows = measures.entry(row.text("measure")).or_default();
            rows.push((SPLIT.map(|column| row.text(column)), row));
        }
        for rows in counts
            .values_mut()
            .flat_map(BTreeMap::values_mut)
            .flat_map(BTreeMap::values_mut)
        {
            rows.sort_by_key(|(split, _)| *split);
        }
        let mut completeness = BTreeMap::new();
        for row in release
            .table("completeness")
            .into_iter()
            .flat_map(ReleasedTable::rows)
        {
            completeness.insert(
                (row.text("organisation"), row.text("period"), row.text("kind")),
                row,
            );
        }
        Self { counts, completeness }
    }

    /// The places of a kind, in order of name.
    pub(crate) fn places(&self, kind: &str) -> Vec<&'a str> {
        self.counts
            .get(kind)
            .into_iter()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect()
    }

    fn rows(&self, place: Place<'_>, measure: &str) -> &[(Split<'a>, ReleasedRow<'a>)] {
        let places = self.counts.get(place.kind);
        places
            .and_then(|p| p.get(place.name))
            .and_then(|m| m.get(measure))
            .map_or(&[], Vec::as_slice)
    }

    /// Everybody in a place under a measure, period by period, oldest first.
    pub(crate) fn periods(&self, place: Place<'_>, measure: &str) -> Vec<(&'a str, ReleasedRow<'a>)> {
        let everybody = |split: &Split<'_>| split[1..].iter().all(|value| *value == "all");
        self.rows(place, measure)
            .iter()
            .filter(|(s, _)| everybody(s))
            .map(|(s, row)| (s[0], *row))
            .collect()
    }

    /// The row of everybody in a place, a period and a measure.
    pub(crate) fn total(&self, place: Place<'_>, measure: &str, period: &str) -> Option<ReleasedRow<'a>> {
        self.periods(place, measure)
            .into_iter()
            .find(|(p, _)| *p == period)
            .map(|(_, row)| row)
    }

    /// The last period of a measure with a number or a hidden one; else the last of all.
    pub(crate) fn latest(&self, place: Place<'_>, measure: &str) -> Option<(&'a str, ReleasedRow<'a>)> {
        let periods = self.periods(place, measure);
        let known = |figure: Figure| figure.number().is_some() || figure.is_hidden();
        periods
            .iter()
            .rev()
            .find(|(_, row)| known(row.figure("found")))
            .or(periods.last())
            .copied()
    }

    /// A split of a place, a period and a measure by one column, without its total. A release has a row of each value, so that it
    /// says nothing of whether somebody is there; a page lists no zero of those not known, and no split of nobody.
    pub(crate) fn split(
        &self,
        place: Place<'_>,
        measure: &str,
        period: &str,
        column: &str,
    ) -> Vec<(&'a str, ReleasedRow<'a>)> {
        let Some(at) = SPLIT.iter().position(|c| *c == column) else {
            return Vec::new();
        };
        let nobody = |row: &ReleasedRow<'_>| row.figure("found").state() == State::Zero;
        let rows: Vec<_> = self
            .rows(place, measure)
            .iter()
            .filter(|(split, _)| split[0] == period && split[at] != "all")
            .filter(|(split, _)| (1..SPLIT.len()).all(|other| other == at || split[other] == "all"))
            .filter(|(split, row)| split[at] != "not_known" || !nobody(row))
            .map(|(split, row)| (split[at], *row))
            .collect();
        if rows.iter().all(|(_, row)| nobody(row)) {
            return Vec::new();
        }
        rows
    }

    /// A split of a place, a period and a measure by another group: ethnicity, deprivation.
    pub(crate) fn groups(
        &self,
        place: Place<'_>,
        measure: &str,
        period: &str,
        kind: &str,
    ) -> Vec<(&'a str, ReleasedRow<'a>)> {
        self.rows(place, measure)
            .iter()
            .filter(|(split, _)| split[0] == period && split[1..4].iter().all(|value| *value == "all"))
            .filter(|(split, _)| split[4] == kind && split[5] != "all")
            .map(|(split, row)| (split[5], *row))
            .collect()
    }

    /// The kinds of other groups that a place is split by, in order of name.
    pub(crate) fn group_kinds(&self, place: Place<'_>, measure: &str) -> Vec<&'a str> {
        let rows = self.rows(place, measure).iter();
        let mut kinds: Vec<&str> = rows
            .map(|(split, _)| split[4])
            .filter(|kind| *kind != "all")
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// The completeness of an organisation in a period, all kinds together.
    pub(crate) fn completeness(&self, organisation: &str, period: &str) -> Option<ReleasedRow<'a>> {
        self.completeness.get(&(organisation, period, "all")).copied()
    }

    /// The completeness of every organisation in a period, all kinds together, in order of code.
    pub(crate) fn completeness_in(&self, period: &str) -> Vec<ReleasedRow<'a>> {
        self.completeness
            .iter()
            .filter(|((_, of, kind), _)| *of == period && *kind == "all")
            .map(|(_, row)| *row)
            .collect()
    }

    /// The completeness of an organisation by kind.
    pub(crate) fn completeness_of(
        &self,
        organisation: &str,
        period: &str,
        kind: &str,
    ) -> Option<ReleasedRow<'a>> {
        self.completeness.get(&(organisation, period, kind)).copied()
    }
}

/// The share of the people found that was recorded, in whole per cent, from two released numbers; none where either has
/// no number, or nobody was found.
pub(crate) fn percent(recorded: Figure, found: Figure) -> Option<i64> {
    let (recorded, found) = (recorded.whole()?, found.whole()?);
    (found > 0).then(|| whole_percent(recorded, found))
}

/// The same as it is said on a page, by [`said_percent`].
pub(crate) fn percent_said(recorded: Figure, found: Figure) -> Option<String> {
    let (recorded, found) = (recorded.whole()?, found.whole()?);
    (found > 0).then(|| said_percent(recorded, found))
}

/// A share in whole per cent, or in as many decimals as it needs so that it is not said by rounding that nobody was recorded where
/// somebody was, nor that everybody was where not all were. Of more than nobody found.
pub(crate) fn said_percent(recorded: i64, found: i64) -> String {
    let whole = whole_percent(recorded, found);
    let is_rounded_off = (whole == 0 && recorded > 0) || (whole == 100 && recorded < found);
    if !is_rounded_off {
        return whole.to_string();
    }
    let share = 100.0 * recorded as f64 / found as f64;
    let true_to_it = |said: &String| said.parse::<f64>().is_ok_and(|said| said > 0.0 && said < 100.0);
    (1..=6)
        .map(|decimals: usize| format!("{share:.decimals$}"))
        .find(true_to_it)
        .unwrap_or_else(|| share.to_string())
}

fn whole_percent(recorded: i64, found: i64) -> i64 {
    (recorded.min(found) * 200 + found) / (found * 2)
}

#[cfg(test)]
mod tests {
    use super::said_percent;

    #[test]
    fn a_few_are_not_nobody_and_nearly_all_are_not_all() {
        for (recorded, found, said) in [
            (0, 13_290, "0"),
            (20, 13_290, "0.2"),
            (10, 52_340, "0.02"),
            (8_100, 13_290, "61"),
            (13_270, 13_290, "99.8"),
            (52_335, 52_340, "99.99"),
            (13_290, 13_290, "100"),
            // Each is rounded by itself, so that more may seem to be recorded than found.
            (13_295, 13_290, "100"),
        ] {
            assert_eq!(said_percent(recorded, found), said, "{recorded} of {found}");
        }
    }
}
