//! Which places lie in which, as anybody knows it, and what that says of their figures.
//!
//! Everybody of a network is taken to be in one of its organisations: what nobody is in has no row. A country can have people of no
//! nation, and a nation people of whom no organisation is known, so their parts are only among them. Where one sum of a kind is seen
//! not to hold, no other of its kind is taken to.

use std::collections::{BTreeMap, BTreeSet};

use protect::Policy;
use protect::attack::{Key, Published, Relation};
use publish::SiteFacts;

use super::relations::{Parted, Rest, ends, sum, without, word};

/// Tables in which places stand with those that they lie in.
const TABLES: [&str; 2] = ["counts", "checks"];

/// Columns of which `all` is everybody.
const SPLITS: [&str; 4] = ["kind", "sex", "age_band", "group"];

/// Kind and name.
type Place<'a> = (&'a str, &'a str);

/// A figure of a place, and those of places in it.
pub(super) struct Inside<'a> {
    table: &'a str,
    kind: &'a str,
    total: usize,
    parts: Vec<usize>,
    /// Whether everybody of it is taken to be in one of them.
    whole: bool,
}

impl Inside<'_> {
    /// Whether what is shown speaks against everybody being in one of the parts.
    fn fails(&self, figures: &[Published]) -> bool {
        let span = |at: usize| figures.get(at).map_or((0, i64::MAX), |f| ends(f.known));
        let highest = self
            .parts
            .iter()
            .fold(0_i64, |sum, at| sum.saturating_add(span(*at).1));
        highest < span(self.total).0
    }
}

/// Every figure of a place that others lie in: with the places directly in it, and with the organisations in it.
pub(super) fn inside<'a>(figures: &'a [Published], facts: &'a SiteFacts) -> Vec<Inside<'a>> {
    let map = Map::of(facts);
    let mut families: BTreeMap<(&str, Rest<'_>), BTreeMap<Place<'_>, usize>> = BTreeMap::new();
    for (at, figure) in figures.iter().enumerate() {
        let key = &figure.key;
        if TABLES.contains(&key.table.as_str()) {
            let rest = (key.column.as_str(), without(key, &["place_kind", "place"]));
            let place = (word(key, "place_kind"), word(key, "place"));
            let family = families.entry((key.table.as_str(), rest)).or_default();
            family.insert(place, at);
        }
    }
    let mut found = Vec::new();
    for (&(table, _), family) in &families {
        let all_known = family.keys().all(|place| map.knows(*place));
        for (above, total) in family {
            let (direct, organisations) = map.parts(family, *above);
            let kind = above.0;
            for (parts, whole) in [(direct, false), (organisations, kind == "network" && all_known)] {
                if !parts.is_empty() {
                    found.push(Inside {
                        table,
                        kind,
                        total: *total,
                        parts,
                        whole,
                    });
                }
            }
        }
    }
    found
}

/// The sums that these are.
pub(super) fn sums(figures: &[Published], inside: &[Inside<'_>]) -> Vec<Relation> {
    let broken: BTreeSet<(&str, &str)> = inside
        .iter()
        .filter(|one| one.whole && one.fails(figures))
        .map(|one| (one.table, one.kind))
        .collect();
    let sums = inside.iter().filter_map(|one| {
        let whole = one.whole && !broken.contains(&(one.table, one.kind));
        sum(figures, one.total, one.parts.clone(), whole)
    });
    sums.collect()
}

/// Figures of which the policy lets the change from one period to the next be small: totals over every split at some kinds of
/// place, and the only part of such a one, over a split or in a place, which is the same.
pub(super) fn balances(
    figures: &[Published],
    splits: &[Parted],
    inside: &[Inside<'_>],
    policy: &Policy,
) -> BTreeSet<usize> {
    let is_one = |key: &Key| {
        let kind = word(key, "place_kind");
        TABLES.contains(&key.table.as_str())
            && policy.balances_at().iter().any(|at| at == kind)
            && SPLITS
                .iter()
                .all(|column| matches!(word(key, column), "all" | ""))
    };
    let totals = figures.iter().enumerate().filter(|(_, f)| is_one(&f.key));
    let mut balances: BTreeSet<usize> = totals.map(|(at, _)| at).collect();
    let of_splits = splits.iter().map(|one| (one.total, one.parts.as_slice()));
    let of_places = inside.iter().map(|one| (one.total, one.parts.as_slice()));
    let only_parts: Vec<(usize, usize)> = of_splits
        .chain(of_places)
        .filter_map(|(total, parts)| match parts {
            [only] => Some((total, *only)),
            _ => None,
        })
        .collect();
    // A nation of women alone has one network, and this one hospital: each hands it on to the next.
    loop {
        let before = balances.len();
        for (total, only) in &only_parts {
            if balances.contains(total) {
                balances.insert(*only);
            }
        }
        if balances.len() == before {
            return balances;
        }
    }
}

/// Where organisations and networks lie.
#[derive(Default)]
struct Map<'a> {
    /// The network and the nation of each organisation; no words where it is in no network.
    organisations: BTreeMap<&'a str, (&'a str, &'a str)>,
    /// The nations of each network.
    networks: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Map<'a> {
    fn of(facts: &'a SiteFacts) -> Self {
        let mut map = Self::default();
        for one in &facts.organisations {
            let (network, nation) = (one.network.as_str(), one.nation.as_str());
            map.organisations.insert(one.code.as_str(), (network, nation));
            if !network.is_empty() {
                map.networks.entry(network).or_default().insert(nation);
            }
        }
        map
    }

    /// Whether it is known where a place lies. One that became a part of another is not.
    fn knows(&self, (kind, name): Place<'_>) -> bool {
        kind != "organisation" || self.organisations.contains_key(name)
    }

    /// The figures of places directly in another, where these are more than organisations; and those of all organisations in it.
    fn parts(
        &self,
        family: &BTreeMap<Place<'_>, usize>,
        (above, name): Place<'_>,
    ) -> (Vec<usize>, Vec<usize>) {
        let (mut direct, mut organisations, mut levels) = (Vec::new(), Vec::new(), false);
        for ((kind, one), at) in family {
            match (above, *kind) {
                ("country", "nation") => {
                    direct.push(*at);
                    levels = true;
                }
                ("nation", "network") if self.is_level_of(one, name) => {
                    direct.push(*at);
                    levels = true;
                }
                (_, "organisation") => {
                    let Some((network, nation)) = self.organisations.get(*one) else {
                        continue;
                    };
                    if above == "nation" && *nation == name && network.is_empty() {
                        direct.push(*at);
                    }
                    let is_in = match above {
                        "country" => true,
                        "nation" => *nation == name,
                        "network" => *network == name,
                        _ => false,
                    };
                    organisations.extend(is_in.then_some(*at));
                }
                _ => {}
            }
        }
        if !levels {
            direct.clear();
        }
        (direct, organisations)
    }

    /// Whether a network lies in a nation, whose networks all lie in it alone.
    fn is_level_of(&self, network: &str, nation: &str) -> bool {
        let reaches = |nations: &BTreeSet<&str>| nations.len() > 1 && nations.contains(nation);
        self.networks
            .get(network)
            .is_some_and(|nations| nations.contains(nation))
            && !self.networks.values().any(reaches)
    }
}
