//! Numbers of care that stand elsewhere too: a question may be asked of the people who are new in `counts`, leave out those found
//! only at death, or be asked of the events of another question. This reader takes two series of figures for one wherever all that
//! is shown and hidden of both agrees, so that what one of them lies in narrows the other.
//!
//! **When it fails.** A number that is shown in one series and hidden in the other speaks against their being one: that the
//! definitions say so all the same is known to the guard of the release, not here.

use std::collections::BTreeMap;

use protect::attack::{Key, Published, Relation};

use super::relations::ends;

/// Fewer pairs that agree could agree by chance.
const FEWEST: usize = 3;

/// What a series is of: table, column and question.
type Name<'a> = (&'a str, &'a str, &'a str);

/// A series: where each place and period of it stands.
type Series<'a> = BTreeMap<(&'a str, &'a str), usize>;

pub(super) fn same(figures: &[Published]) -> Vec<Relation> {
    let mut series: BTreeMap<Name<'_>, Series<'_>> = BTreeMap::new();
    for (at, figure) in figures.iter().enumerate() {
        if let Some((name, of)) = named(&figure.key) {
            series.entry(name).or_default().insert(of, at);
        }
    }
    let mut relations = Vec::new();
    let all: Vec<(&Name<'_>, &Series<'_>)> = series.iter().collect();
    for (at, (name, one)) in all.iter().enumerate() {
        // The first that agrees is enough: what agrees with it agrees with one another.
        let earlier = all.iter().take(at).filter(|(other, _)| comparable(other, name));
        for (_, other) in earlier {
            let pairs: Vec<(usize, usize)> = one
                .iter()
                .filter_map(|(of, at)| Some((*other.get(of)?, *at)))
                .collect();
            if agree(figures, &pairs) {
                relations.extend(pairs.into_iter().map(|(left, right)| Relation::Same(left, right)));
                break;
            }
        }
    }
    relations
}

/// The series that a figure belongs to (table, column, question), and its place and period.
fn named(key: &Key) -> Option<(Name<'_>, (&str, &str))> {
    let of = |column: &str| {
        let found = key.about.iter().find(|(name, _)| name == column);
        found.map_or("", |(_, value)| value.as_str())
    };
    let name = match (key.table.as_str(), key.column.as_str()) {
        ("care" | "care_of_all" | "care_at_least", column @ ("population" | "excluded" | "yes")) => {
            (key.table.as_str(), column, of("indicator"))
        }
        ("checks", "people") => ("checks", "people", ""),
        ("counts", "found") => {
            let everybody = ["kind", "sex", "age_band", "group"]
                .iter()
                .all(|column| of(column) == "all");
            let new = of("measure") == "new" && of("place_kind") == "nation";
            (everybody && new).then_some(("counts", "found", ""))?
        }
        _ => return None,
    };
    Some((name, (of("place"), of("period"))))
}

/// Whether two series can be the same people: populations among themselves and with `counts`, those left out among
/// themselves and with those found only at death, who can also be those of whom it is so.
fn comparable(one: &Name<'_>, other: &Name<'_>) -> bool {
    let side = |(table, column, _): &Name<'_>| match (*table, *column) {
        ("counts", _) | (_, "population") => 0,
        ("checks", _) | (_, "excluded") => 1,
        _ => 2,
    };
    let pair = (side(one).min(side(other)), side(one).max(side(other)));
    matches!(pair, (0, 0) | (1, 1)) || (pair == (1, 2) && (one.0 == "checks" || other.0 == "checks"))
}

/// Whether enough pairs are shown alike, and nothing speaks against the two being one: one number is hidden wherever it stands.
fn agree(figures: &[Published], pairs: &[(usize, usize)]) -> bool {
    let known = |at: usize| figures.get(at).map(|figure| ends(figure.known));
    let mut alike = 0;
    for (left, right) in pairs {
        let Some((one, other)) = known(*left).zip(known(*right)) else {
            continue;
        };
        if one != other {
            return false;
        }
        alike += usize::from(one.1 < i64::MAX);
    }
    alike >= FEWEST
}
