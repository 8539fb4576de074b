//! Names of millions of people from the lists of this crate, prepared once.
//!
//! The lists serve a nation of some hundred thousand. For millions, a larger share of British family names is
//! put together from parts, with more parts, so that pairs of strangers share a name about as often as they do
//! in the United Kingdom; and given names come from the decades around the birth, not from one list alone.

use crate::chance::Chance;
use crate::names::{self, FIRST_PARTS, LAST_PARTS, ROOTS, Roots};
use vocabulary::sex::Sex;

/// Share of British family names that are put together from parts.
const RARE: f64 = 0.70;
/// Share of British and Irish family names that are double.
const DOUBLE: f64 = 0.02;
/// Years by which parents' taste runs before or behind the list of the decade.
const TASTE: f64 = 9.0;

/// The lists, prepared for drawing.
pub(super) struct Names {
    lists: Vec<(&'static str, Ranked)>,
    roots: Vec<f64>,
    first: Vec<&'static str>,
    last: Vec<&'static str>,
}

/// One list and its running sums of weight; the n-th name has weight 1 / (n + 4), as everywhere in this crate.
struct Ranked {
    names: Vec<&'static str>,
    sums: Vec<f64>,
}

impl Ranked {
    fn new(list: &'static str) -> Ranked {
        let names: Vec<&str> = list.split_ascii_whitespace().collect();
        let sums = (0..names.len()).scan(0.0, |sum, n| {
            *sum += 1.0 / (n as f64 + 4.0);
            Some(*sum)
        });
        Ranked {
            sums: sums.collect(),
            names,
        }
    }

    fn draw(&self, chance: &mut Chance) -> &'static str {
        let at = chance.unit() * self.sums.last().copied().unwrap_or_default();
        let place = self.sums.partition_point(|sum| *sum <= at);
        self.names.get(place).copied().unwrap_or("Mary")
    }
}

impl Names {
    pub(super) fn new() -> Names {
        let mut names = Names {
            lists: Vec::new(),
            roots: ROOTS.iter().map(|root| root.1).collect(),
            first: FIRST_PARTS
                .split_ascii_whitespace()
                .chain(MORE_PARTS.split_ascii_whitespace())
                .collect(),
            last: LAST_PARTS.split_ascii_whitespace().collect(),
        };
        for (roots, _, _) in ROOTS {
            names.prepare(names::family_list(roots));
            for year in 1900..2030 {
                names.prepare(names::given_list(true, year, roots));
                names.prepare(names::given_list(false, year, roots));
            }
        }
        names
    }

    fn prepare(&mut self, list: &'static str) {
        if self.lists.iter().all(|(known, _)| !std::ptr::eq(*known, list)) {
            self.lists.push((list, Ranked::new(list)));
        }
    }

    fn draw(&self, list: &'static str, chance: &mut Chance) -> &'static str {
        // Few lists: finding one by its address is faster than hashing its text.
        let found = self.lists.iter().find(|(known, _)| std::ptr::eq(*known, list));
        found.map_or("Mary", |(_, ranked)| ranked.draw(chance))
    }

    /// Where a person's names come from.
    pub(super) fn roots(&self, chance: &mut Chance) -> Roots {
        ROOTS[chance.weighted(&self.roots)].0
    }

    /// A given name that fits the year of birth.
    pub(super) fn given(&self, sex: Sex, birth_year: i32, roots: Roots, chance: &mut Chance) -> &'static str {
        let year = birth_year + (chance.normal() * TASTE) as i32;
        let borrowed = birth_year > 1965 && chance.happens(0.15);
        let roots = if borrowed { Roots::British } else { roots };
        self.draw(names::given_list(sex == Sex::Female, year, roots), chance)
    }

    /// A family name. The same chance gives a woman and a man the two forms of one name.
    pub(super) fn family(&self, sex: Sex, roots: Roots, chance: &mut Chance) -> String {
        let (rare, double) = (chance.happens(RARE), chance.happens(DOUBLE));
        let listed = |chance: &mut Chance| self.draw(names::family_list(roots), chance);
        match roots {
            Roots::British | Roots::Irish if double => {
                let before = listed(chance);
                format!("{before}-{}", self.composed(chance))
            }
            Roots::British | Roots::Caribbean if rare => self.composed(chance),
            Roots::SouthAsian if chance.happens(names::SHARED_SHARE) => {
                chance.pick(names::shared(sex), "Khan").to_owned()
            }
            Roots::EasternEuropean => names::feminine(sex, listed(chance)),
            _ => listed(chance).to_owned(),
        }
    }

    fn composed(&self, chance: &mut Chance) -> String {
        format!(
            "{}{}",
            chance.pick(&self.first, "Ash"),
            chance.pick(&self.last, "ley")
        )
    }
}

/// First parts of family names, beside those of [`FIRST_PARTS`].
const MORE_PARTS: &str = "Al Ark Ays Bal Bank Bar Bas Beck Ben Birk Blen Bol Bos Bright Brock Buck Bux Cald Cam Car \
Chad Charl Chat Ches Chil Chip Col Cop Cot Crow Cul Dar Dart Ded Dray Duck Dur East Eck Eg El Ember Ever Fen Finch \
Flax Fleet Fol Ful Gals Gil Glen Gold Grat Green Grim Had Ham Hart Has Hazel Hem Hes Hin Hol Horn Hux Ing Ken Kil \
Lam Led Lei Lock Lud Lyn Mal Marsh Mel Mer Mil Monk Mul Net New North Or Os Pad Park Pen Pres Rams Rock Ros Rush Sal \
Sand Sel Shel Ship Sil South Spar Stam Star Stret Sut Tam Tar Ted Til Tor Up Wake Warb Wes Wey Wig Wind Wis Wor";

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::chance::Purpose;
    use std::collections::BTreeMap;

    #[test]
    fn strangers_seldom_share_a_family_name() {
        let names = Names::new();
        let mut seen = BTreeMap::<String, f64>::new();
        let mut chance = Chance::of(4, Purpose::TablePerson, 1, 0);
        let n = 50_000.0;
        for _ in 0..50_000 {
            let roots = names.roots(&mut chance);
            *seen
                .entry(names.family(Sex::Female, roots, &mut chance))
                .or_default() += 1.0;
        }
        assert!(seen.len() > 5_000, "{}", seen.len());
        let shared: f64 = seen.values().map(|count| (count / n) * (count / n)).sum();
        assert!((0.0005..0.003).contains(&shared), "{shared}");
        let most = seen.values().copied().fold(0.0, f64::max);
        assert!((0.01..0.03).contains(&(most / n)), "the commonest: {most}");
    }

    #[test]
    fn one_chance_gives_a_couple_one_name() {
        let names = Names::new();
        let mut forms = 0;
        for who in 0..2_000 {
            let name = |sex| {
                let mut chance = Chance::of(1, Purpose::TableHome, who, 1);
                names.family(sex, Roots::EasternEuropean, &mut chance)
            };
            let (hers, his) = (name(Sex::Female), name(Sex::Male));
            assert_eq!(hers[..hers.len() - 1], his[..his.len() - 1]);
            forms += usize::from(hers != his);
        }
        assert!(forms > 200, "{forms}");
    }
}
