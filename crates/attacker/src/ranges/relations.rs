//! What any reader can check between the figures of one release.

use std::collections::BTreeMap;

use protect::Policy;
use protect::attack::{Key, Known, Published, Relation};
use publish::SiteFacts;

use super::care;

/// Columns of which `all` is everybody, and whether the parts are everybody too.
const SPLITS: [(&str, &str, bool); 5] = [
    ("counts", "kind", true),
    ("counts", "sex", true),
    ("counts", "age_band", true),
    ("counts", "group", true),
    // Completeness leaves out those of whom it is not known how it began.
    ("completeness", "kind", false),
];

const WITHIN: [(&str, &str, &str); 10] = [
    ("counts", "recorded", "found"),
    ("completeness", "recorded", "found"),
    ("completeness", "recorded_of_elsewhere", "found_elsewhere"),
    ("care", "excluded", "population"),
    ("care", "known", "population"),
    ("care", "yes", "known"),
    ("care_of_all", "excluded", "population"),
    ("care_of_all", "yes", "population"),
    ("care_at_least", "excluded", "population"),
    ("care_at_least", "yes", "population"),
];

/// A family of figures: what they have in common, and the value in which they differ, with where each is.
type Families<'a> = BTreeMap<(&'a str, &'a str, Vec<(&'a str, &'a str)>), BTreeMap<&'a str, usize>>;

pub(super) fn deduced(figures: &[Published], policy: &Policy, facts: &SiteFacts) -> Vec<Relation> {
    let mut relations = Vec::new();
    for (table, column, complete) in SPLITS {
        for family in families(figures, table, column).into_values() {
            if let Some((total, parts)) = split(&family) {
                relations.extend(sum(figures, total, parts, complete));
            }
        }
    }
    relations.extend(places(figures, facts));
    relations.extend(within(figures));
    relations.extend(twice(figures));
    relations.extend(care::same(figures));
    if policy.successive_periods() {
        relations.extend(successive(figures, policy));
    }
    relations
}

/// Figures of a table that differ in one column only.
fn families<'a>(figures: &'a [Published], table: &str, column: &str) -> Families<'a> {
    let mut families = Families::new();
    for (at, figure) in figures.iter().enumerate().filter(|(_, f)| f.key.table == table) {
        // A group belongs to its kind of group, and the total to every kind.
        let rest: Vec<(&str, &str)> = figure
            .key
            .about
            .iter()
            .filter(|(name, _)| name != column)
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let value = word(&figure.key, column);
        let key = (figure.key.table.as_str(), figure.key.column.as_str(), rest);
        families.entry(key).or_default().insert(value, at);
    }
    families
}

fn word<'a>(key: &'a Key, column: &str) -> &'a str {
    let found = key.about.iter().find(|(name, _)| name == column);
    found.map_or("", |(_, value)| value.as_str())
}

fn split(family: &BTreeMap<&str, usize>) -> Option<(usize, Vec<usize>)> {
    let total = *family.get("all")?;
    let parts: Vec<usize> = family
        .iter()
        .filter(|(value, _)| **value != "all")
        .map(|(_, at)| *at)
        .collect();
    (!parts.is_empty()).then_some((total, parts))
}

/// The lowest and highest that a figure can be.
pub(super) fn ends(known: Known) -> (i64, i64) {
    match known {
        Known::Exact(n) => (n, n),
        Known::Band { low, high, .. } | Known::Range { low, high } => (low, high),
        Known::Rounded { shown, base } => (shown - base, shown + base),
        Known::Hidden | Known::NotReported => (0, i64::MAX),
    }
}

/// A total and its parts, as far as what is shown does not speak against it.
fn sum(figures: &[Published], total: usize, parts: Vec<usize>, complete: bool) -> Option<Relation> {
    let span = |at: usize| figures.get(at).map_or((0, i64::MAX), |f| ends(f.known));
    let low = parts
        .iter()
        .fold(0_i64, |sum, at| sum.saturating_add(span(*at).0));
    let high = parts
        .iter()
        .fold(0_i64, |sum, at| sum.saturating_add(span(*at).1));
    let whole = span(total);
    if low > whole.1 {
        None
    } else if complete && high >= whole.0 {
        Some(Relation::Sum { total, parts })
    } else {
        Some(Relation::Among { total, parts })
    }
}

/// Organisations are in networks and nations, and these in the country.
fn places(figures: &[Published], facts: &SiteFacts) -> Vec<Relation> {
    let mut above: BTreeMap<(&str, &str), Vec<(&str, &str)>> = BTreeMap::new();
    for one in &facts.organisations {
        let place = ("organisation", one.code.as_str());
        above.insert(
            place,
            vec![("network", one.network.as_str()), ("nation", one.nation.as_str())],
        );
    }
    type Rest<'a> = (&'a str, Vec<(&'a str, &'a str)>);
    let mut families: BTreeMap<Rest<'_>, BTreeMap<(&str, &str), usize>> = BTreeMap::new();
    for (at, figure) in figures
        .iter()
        .enumerate()
        .filter(|(_, f)| f.key.table == "counts")
    {
        let rest = figure
            .key
            .about
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "place_kind" | "place"))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let place = (word(&figure.key, "place_kind"), word(&figure.key, "place"));
        families
            .entry((figure.key.column.as_str(), rest))
            .or_default()
            .insert(place, at);
    }
    let mut relations = Vec::new();
    for family in families.into_values() {
        for ((kind, place), total) in &family {
            let inside = |(other, name): &(&str, &str)| match *kind {
                "country" => *other == "nation",
                "nation" | "network" => above
                    .get(&(*other, *name))
                    .is_some_and(|above| above.contains(&(*kind, *place))),
                _ => false,
            };
            let parts: Vec<usize> = family
                .iter()
                .filter(|(place, _)| inside(place))
                .map(|(_, at)| *at)
                .collect();
            if !parts.is_empty() {
                relations.extend(sum(figures, *total, parts, false));
            }
        }
    }
    relations
}

/// The people of one count are among those of another in the same row.
fn within(figures: &[Published]) -> Vec<Relation> {
    let at: BTreeMap<&Key, usize> = figures.iter().enumerate().map(|(at, f)| (&f.key, at)).collect();
    let mut relations = Vec::new();
    for (table, part, whole) in WITHIN {
        for (index, figure) in figures.iter().enumerate() {
            if figure.key.table == table && figure.key.column == part {
                let mut key = figure.key.clone();
                key.column = whole.to_owned();
                if let Some(whole) = at.get(&key) {
                    relations.push(Relation::Within {
                        part: index,
                        whole: *whole,
                    });
                }
            }
        }
    }
    relations
}

/// What stands in `counts` and in `completeness`: the new people of an organisation.
fn twice(figures: &[Published]) -> Vec<Relation> {
    let at: BTreeMap<&Key, usize> = figures.iter().enumerate().map(|(at, f)| (&f.key, at)).collect();
    let mut relations = Vec::new();
    for (index, figure) in figures.iter().enumerate() {
        let key = &figure.key;
        let new = word(key, "measure") == "new" && word(key, "place_kind") == "organisation";
        let everybody = ["sex", "age_band", "group"]
            .iter()
            .all(|column| word(key, column) == "all");
        if key.table != "counts" || !new || !everybody {
            continue;
        }
        let of = |column: &str| (column.to_owned(), word(key, column).to_owned());
        let other = Key {
            table: "completeness".to_owned(),
            column: key.column.clone(),
            about: vec![
                ("organisation".to_owned(), word(key, "place").to_owned()),
                of("period"),
                of("kind"),
            ],
        };
        if let Some(other) = at.get(&other) {
            relations.push(Relation::Same(index, *other));
        }
    }
    relations
}

/// The same people from one period to the next, where the change would be a group of people and no balance of hundreds.
fn successive(figures: &[Published], policy: &Policy) -> Vec<Relation> {
    let mut relations = Vec::new();
    for family in families(figures, "counts", "period").into_values() {
        let periods: Vec<(usize, &Key)> = family
            .into_values()
            .filter_map(|at| Some((at, &figures.get(at)?.key)))
            .collect();
        for pair in periods.windows(2) {
            let [(earlier, key), (later, _)] = pair else {
                continue;
            };
            let balance = policy
                .balances_at()
                .iter()
                .any(|kind| kind == word(key, "place_kind"));
            if !balance {
                relations.push(Relation::Successive {
                    earlier: *earlier,
                    later: *later,
                });
            }
        }
    }
    relations
}
