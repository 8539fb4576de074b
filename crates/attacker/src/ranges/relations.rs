//! What any reader can check between the figures of one release.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use protect::Policy;
use protect::attack::{Key, Known, Published, Relation, one_period};
use publish::SiteFacts;

use super::{care, places};

/// Columns of which `all` is everybody, and whether the parts are everybody too.
const SPLITS: [(&str, &str, bool); 4] = [
    ("counts", "kind", true),
    ("counts", "sex", true),
    ("counts", "age_band", true),
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

/// What is a measure of care: of whom it is so, among those of whom it is known.
const MEASURE: (&str, &str, &str) = ("care", "yes", "known");

/// The column of a figure, and what it is about without what it differs in.
pub(super) type Rest<'a> = (&'a str, Vec<(&'a str, &'a str)>);

/// A family of figures: what they have in common, and the value in which they differ, with where each is.
type Families<'a> = BTreeMap<(&'a str, &'a str, Vec<(&'a str, &'a str)>), BTreeMap<&'a str, usize>>;

/// A total and its parts, and whether these are everybody.
pub(super) struct Parted {
    pub(super) total: usize,
    pub(super) parts: Vec<usize>,
    complete: bool,
}

pub(super) fn deduced(figures: &[Published], policy: &Policy, facts: &SiteFacts) -> Vec<Relation> {
    let splits = splits(figures);
    let sums = splits
        .iter()
        .filter_map(|one| sum(figures, one.total, one.parts.clone(), one.complete));
    let mut relations: Vec<Relation> = sums.collect();
    let inside = places::inside(figures, facts);
    relations.extend(places::sums(figures, &inside));
    relations.extend(within(figures));
    relations.extend(twice(figures));
    relations.extend(at_death(figures));
    relations.extend(care::same(figures));
    if policy.successive_periods() {
        let balances = places::balances(figures, &splits, &inside, policy);
        relations.extend(successive(figures, &balances));
    }
    relations
}

/// Every total over a split, and over groups.
fn splits(figures: &[Published]) -> Vec<Parted> {
    let mut splits = Vec::new();
    for (table, column, complete) in SPLITS {
        let families = families(figures, table, column).into_values();
        let parted = families.filter_map(|family| split(&family));
        splits.extend(parted.map(|(total, parts)| Parted {
            total,
            parts,
            complete,
        }));
    }
    splits.extend(groups(figures));
    splits
}

/// Figures of a table that differ in one column only.
fn families<'a>(figures: &'a [Published], table: &str, column: &str) -> Families<'a> {
    let mut families = Families::new();
    for (at, figure) in figures.iter().enumerate().filter(|(_, f)| f.key.table == table) {
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

pub(super) fn word<'a>(key: &'a Key, column: &str) -> &'a str {
    let found = key.about.iter().find(|(name, _)| name == column);
    found.map_or("", |(_, value)| value.as_str())
}

/// What a figure is about, without some columns.
pub(super) fn without<'a>(key: &'a Key, columns: &[&str]) -> Vec<(&'a str, &'a str)> {
    key.about
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| !columns.contains(name))
        .collect()
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
pub(super) fn sum(
    figures: &[Published],
    total: usize,
    parts: Vec<usize>,
    complete: bool,
) -> Option<Relation> {
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

/// Each kind of group (ethnicity, deprivation) splits the same total, which is of no kind.
fn groups(figures: &[Published]) -> Vec<Parted> {
    let mut totals: BTreeMap<Rest<'_>, usize> = BTreeMap::new();
    let mut parts: BTreeMap<(Rest<'_>, &str), Vec<usize>> = BTreeMap::new();
    for (at, figure) in figures.iter().enumerate() {
        let key = &figure.key;
        if key.table != "counts" {
            continue;
        }
        let rest = (key.column.as_str(), without(key, &["group_kind", "group"]));
        match word(key, "group_kind") {
            "all" => {
                totals.insert(rest, at);
            }
            kind => parts.entry((rest, kind)).or_default().push(at),
        }
    }
    parts
        .into_iter()
        .filter_map(|((rest, _), parts)| {
            Some(Parted {
                total: *totals.get(&rest)?,
                parts,
                complete: true,
            })
        })
        .collect()
}

/// The people of one count are among those of another in the same row; of a measure of care they may not be nobody, or everybody,
/// of a few.
pub(super) fn within(figures: &[Published]) -> Vec<Relation> {
    let at: BTreeMap<&Key, usize> = figures.iter().enumerate().map(|(at, f)| (&f.key, at)).collect();
    let mut relations = Vec::new();
    for (table, part, whole) in WITHIN {
        let is_measure = (table, part, whole) == MEASURE;
        for (index, figure) in figures.iter().enumerate() {
            if figure.key.table == table && figure.key.column == part {
                let mut key = figure.key.clone();
                key.column = whole.to_owned();
                if let Some(whole) = at.get(&key) {
                    relations.push(Relation::Within {
                        part: index,
                        whole: *whole,
                    });
                    relations.extend(is_measure.then_some(Relation::Measure {
                        part: index,
                        whole: *whole,
                    }));
                }
            }
        }
    }
    relations
}

/// What stands in `counts` and in `completeness`: the new people of an organisation. A year is one under both its names.
pub(super) fn twice(figures: &[Published]) -> Vec<Relation> {
    let mut at: BTreeMap<Cow<'_, Key>, Vec<usize>> = BTreeMap::new();
    for (index, figure) in figures.iter().enumerate() {
        at.entry(figure.key.of_one_period()).or_default().push(index);
    }
    let mut relations = Vec::new();
    for same in at.values() {
        if let Some((first, others)) = same.split_first() {
            relations.extend(others.iter().map(|other| Relation::Same(*first, *other)));
        }
    }
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
                ("period".to_owned(), one_period(word(key, "period")).to_owned()),
                of("kind"),
            ],
        };
        for other in at.get(&other).into_iter().flatten() {
            relations.push(Relation::Same(index, *other));
        }
    }
    relations
}

/// What stands in `checks` and in `completeness`: the people of an organisation found only at death.
fn at_death(figures: &[Published]) -> Vec<Relation> {
    let at: BTreeMap<&Key, usize> = figures.iter().enumerate().map(|(at, f)| (&f.key, at)).collect();
    let mut relations = Vec::new();
    for (index, figure) in figures.iter().enumerate() {
        let key = &figure.key;
        let is_one = key.table == "checks"
            && word(key, "name") == "found_only_at_death"
            && word(key, "place_kind") == "organisation";
        if !is_one {
            continue;
        }
        let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let other = Key {
            table: "completeness".to_owned(),
            column: "found_only_at_death".to_owned(),
            about: vec![
                of("organisation", word(key, "place")),
                of("period", word(key, "period")),
                of("kind", "all"),
            ],
        };
        if let Some(other) = at.get(&other) {
            relations.push(Relation::Same(index, *other));
        }
    }
    relations
}

/// The same people from one period to the next, where the change would be a group of people and no balance of hundreds.
fn successive(figures: &[Published], balances: &BTreeSet<usize>) -> Vec<Relation> {
    let with_periods = figures.iter().filter(|f| !word(&f.key, "period").is_empty());
    let tables: BTreeSet<&str> = with_periods.map(|f| f.key.table.as_str()).collect();
    let mut relations = Vec::new();
    for table in tables {
        for family in families(figures, table, "period").into_values() {
            // Years follow years and days days.
            let mut runs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for (period, at) in family {
                runs.entry(period.len()).or_default().push(at);
            }
            for pair in runs.values().flat_map(|run| run.windows(2)) {
                if let [earlier, later] = pair
                    && !balances.contains(earlier)
                    && !balances.contains(later)
                {
                    relations.push(Relation::Successive {
                        earlier: *earlier,
                        later: *later,
                    });
                }
            }
        }
    }
    relations
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use protect::attack::{LeakKind, Limits, Publication, examine};
    use publish::{Outline, PublicOrganisation, Thresholds};

    use super::*;

    /// Code, network and nation.
    const ORGANISATIONS: [[&str; 3]; 4] = [
        ["A", "North", "West"],
        ["B", "North", "West"],
        ["C", "South", "West"],
        ["D", "Only", "East"],
    ];

    fn facts() -> SiteFacts {
        let organisation = |[code, network, nation]: [&str; 3]| PublicOrganisation {
            code: code.into(),
            name: code.into(),
            short_name: code.into(),
            nation: nation.into(),
            network: network.into(),
            kind: "acute_trust".into(),
            latitude: None,
            longitude: None,
            breast_service: true,
        };
        SiteFacts {
            country_name: "Hesperay".into(),
            nations: Vec::new(),
            outline: Outline::AroundPoints,
            definition: Vec::new(),
            usual_living_over_deaths: (2.0, 5.5),
            thresholds: Thresholds {
                collecting_percent: 90,
                not_collecting_percent: 10,
                fewest_people: 20,
            },
            organisations: ORGANISATIONS.into_iter().map(organisation).collect(),
            answers: Vec::new(),
            responses: Vec::new(),
        }
    }

    /// One figure a line: table, column, the number as it is shown in fives, and what it is about.
    fn figures(lines: &str) -> Vec<Published> {
        let figure = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let shown: i64 = words[2].parse().unwrap();
            let about = words[3..].iter().map(|word| {
                let (name, value) = word.split_once('=').unwrap();
                (name.to_owned(), value.to_owned())
            });
            Published {
                key: Key {
                    table: words[0].to_owned(),
                    column: words[1].to_owned(),
                    about: about.collect(),
                },
                known: Known::Band {
                    shown,
                    low: shown - 2,
                    high: shown + 2,
                },
            }
        };
        let lines = lines.lines().filter(|line| !line.trim().is_empty());
        lines.map(figure).collect()
    }

    #[test]
    fn rounding_that_gives_numbers_away_between_places_is_seen() {
        let policy = Policy::hes().unwrap();
        let leaks = |lines: &str| {
            let figures = figures(lines);
            let publication = Publication {
                name: "one".to_owned(),
                small_to: 7,
                relations: deduced(&figures, &policy, &facts()),
                figures,
            };
            let leaks = examine(&[publication], &Limits::of(&policy));
            assert!(
                leaks.iter().all(|leak| leak.kind == LeakKind::Rounded),
                "{leaks:?}"
            );
            leaks.len()
        };
        // A country can have people of no nation.
        let nations = "
            counts found 25 place_kind=country place=all period=2024
            counts found 10 place_kind=nation place=West period=2024
            counts found 10 place_kind=nation place=East period=2024";
        assert_eq!(leaks(nations), 0);
        // Both parts are 11 or 12, and their sum 23 or 24.
        let hospitals = "
            counts found 25 place_kind=network place=North period=2024
            counts found 10 place_kind=organisation place=A period=2024
            counts found 10 place_kind=organisation place=B period=2024";
        assert_eq!(leaks(hospitals), 3);
        // Of a hospital that is not known it is not known either where its people are.
        let another = "
            counts found 10 place_kind=organisation place=Z period=2024";
        assert_eq!(leaks(&format!("{hospitals}{another}")), 0);
        // A nation can have people of whom no hospital is known.
        let networks = "
            counts found 25 place_kind=nation place=West period=2024
            counts found 10 place_kind=network place=North period=2024
            counts found 10 place_kind=network place=South period=2024";
        assert_eq!(leaks(networks), 0);
        // And where it is seen of one network, any can.
        let more = "
            counts found 60 place_kind=network place=Only period=2024
            counts found 10 place_kind=organisation place=D period=2024";
        assert_eq!(leaks(&format!("{hospitals}{more}")), 0);
    }

    #[test]
    fn networks_are_in_nations_groups_have_one_total_and_checks_stand_twice() {
        let figures = figures(
            "
            counts found 50 place=West group_kind=all group=all
            counts found 30 place=West group_kind=ethnicity group=one
            counts found 20 place=West group_kind=ethnicity group=other
            counts found 25 place=West group_kind=deprivation group=1
            counts found 25 place=West group_kind=deprivation group=2
            checks people 20 name=found_only_at_death place_kind=nation place=West period=2024
            checks people 10 name=found_only_at_death place_kind=organisation place=A period=2024
            checks people 10 name=found_only_at_death place_kind=organisation place=C period=2024
            completeness found_only_at_death 10 organisation=A period=2024 kind=all
            counts recorded 90 place_kind=nation place=West
            counts recorded 50 place_kind=network place=North
            counts recorded 40 place_kind=network place=South",
        );
        let among = |total, parts: [usize; 2]| Relation::Among {
            total,
            parts: parts.to_vec(),
        };
        let sum = |total, parts: [usize; 2]| Relation::Sum {
            total,
            parts: parts.to_vec(),
        };
        let expected = [
            sum(0, [3, 4]),
            sum(0, [1, 2]),
            among(5, [6, 7]),
            among(9, [10, 11]),
            Relation::Same(6, 8),
        ];
        let policy = Policy::hes().unwrap();
        assert_eq!(deduced(&figures, &policy, &facts()), expected);
    }

    #[test]
    fn a_change_is_a_balance_only_over_every_split_and_of_nations() {
        let lines = [
            // Balances, as the policy names them; a nation's only network is the nation, and its only hospital too.
            "counts found 100 place_kind=nation place=West kind=all",
            "counts found 100 place_kind=nation place=East kind=all",
            "counts found 100 place_kind=network place=Only kind=all",
            "counts found 100 place_kind=organisation place=D kind=all",
            "checks people 100 place_kind=nation place=West",
            // Where no man is, the women are everybody.
            "counts recorded 100 place_kind=nation place=West kind=all sex=all",
            "counts recorded 100 place_kind=nation place=West kind=all sex=female",
            // Groups of people.
            "counts found 50 place_kind=nation place=West kind=de_novo",
            "counts found 50 place_kind=nation place=West kind=recurrent",
            "counts found 50 place_kind=network place=North kind=all",
            "counts found 50 place_kind=network place=South kind=all",
            "completeness found_elsewhere 50 organisation=D kind=all",
            "care population 100 place_kind=nation place=West indicator=pain",
        ];
        let periods = ["2023", "2024", "2025-01-01/2025-06-30"];
        let each = lines
            .iter()
            .flat_map(|line| periods.map(|period| format!("{line} period={period}\n")));
        let figures = figures(&each.collect::<String>());
        let policy = Policy::hes().unwrap();
        let changes: Vec<(usize, usize)> = deduced(&figures, &policy, &facts())
            .into_iter()
            .filter_map(|relation| match relation {
                Relation::Successive { earlier, later } => Some((earlier, later)),
                _ => None,
            })
            .collect();
        // By table; part of a year follows no year.
        let of = |line: usize| (line * periods.len(), line * periods.len() + 1);
        let expected = [12, 11, 7, 8, 9, 10].map(of);
        assert_eq!(changes, expected);
    }
}
