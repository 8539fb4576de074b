//! An invented island: three nations, six networks, forty bodies, and how well each of them records.
//!
//! Nothing here stands for a real place or body. The island of Hesperay lies in the open Atlantic; its codes
//! (SIM01 to SIM40, the former SIM41) are held by no body in the national tables, and its postcode areas (ZA,
//! ZB, ZC, ZD, ZF, ZG) are well-formed and not in use.
//!
//! Recording. Recording secondary breast cancer was mandatory in England from 2013; in 2016 about a third of
//! trusts (charity) or a quarter (government) did it in full. Each body with a breast service is therefore put
//! into one of three equal groups that record 90 %, 50 % or 8 % of recurrences (`epidemiology`: "one third near
//! 0.9, one third near 0.5, one third near 0.1"), each with a small spread; two bodies send no records at all.
//! Which body falls in which group is drawn by the seed. Stage at first diagnosis is recorded much better than
//! recurrence (it has been asked for longer): 96 %, 86 % and 65 % in the three groups (assumption).

mod bodies;
mod postcodes;

use crate::care::standards::Habits;
use crate::care::standards::habits::Site;
use crate::chance::{Chance, Purpose};
use bodies::BODIES;
use std::fmt::Write as _;
use vocabulary::date::Date;

pub(crate) use bodies::{FORMER_CODE, MERGED_BODY, NETWORKS, OUTSIDE_BODY};
pub(crate) use postcodes::draw as draw_postcode;

/// One invented body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Body {
    pub(crate) code: &'static str,
    pub(crate) short_name: &'static str,
    pub(crate) nation: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) network: usize,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) breast_service: bool,
    pub(crate) treats_only: bool,
    /// Share of the people, in parts of any size.
    pub(crate) weight: f64,
}

/// A body with its habits.
#[derive(Debug, Clone)]
pub(crate) struct Hospital {
    pub(crate) body: Body,
    /// Share of recurrences stated in COSD; none for a body that sends nothing.
    pub(crate) records_recurrence: Option<f64>,
    /// Share of primaries whose stage is stated in COSD.
    pub(crate) records_stage: f64,
    /// Chemotherapy is coded as day-case admissions here (elsewhere as outpatient care).
    pub(crate) codes_day_cases: bool,
    /// Writes ICD-10 codes with a dot where the source leaves it open.
    pub(crate) dotted: bool,
    /// The centre that gives radiotherapy, and often drugs, to its people.
    pub(crate) centre: usize,
}

/// The nation as one seed draws it.
#[derive(Debug, Clone)]
pub(crate) struct Nation {
    pub(crate) hospitals: Vec<Hospital>,
    /// Cumulative share of people by hospital, for drawing homes.
    weights: Vec<f64>,
    /// The quality of each body's care, and its habit of recording it.
    pub(crate) care: Habits,
    /// When the former body became part of its successor.
    pub(crate) merged_on: Date,
}

impl Nation {
    /// Draws the habits of the bodies.
    pub(crate) fn draw(seed: u64, merged_on: Date) -> Nation {
        let mut chance = Chance::of(seed, Purpose::Nation, 0, 0);
        let mut groups = recording_groups(&mut chance);
        let hospitals: Vec<Hospital> = BODIES
            .iter()
            .map(|body| {
                let group = if body.breast_service && !body.treats_only {
                    groups.pop().flatten()
                } else {
                    None
                };
                Hospital {
                    body: *body,
                    records_recurrence: group.map(|(recurrence, _)| recurrence),
                    records_stage: group.map_or(0.0, |(_, stage)| stage),
                    codes_day_cases: chance.happens(0.45),
                    dotted: chance.happens(0.5),
                    centre: bodies::centre_of(body.network),
                }
            })
            .collect();
        let weights = hospitals.iter().map(|h| h.body.weight).collect();
        let sites: Vec<Site<'_>> = hospitals
            .iter()
            .map(|h| Site {
                body: &h.body,
                records_recurrence: h.records_recurrence,
            })
            .collect();
        let care = Habits::draw(seed, &sites);
        Nation {
            hospitals,
            weights,
            care,
            merged_on,
        }
    }

    /// The hospital at a position; positions come from this nation, so the first stands in for none.
    pub(crate) fn at(&self, position: usize) -> &Hospital {
        &self.hospitals[position.min(self.hospitals.len() - 1)]
    }

    /// A home: the hospital whose catchment a person lives in.
    pub(crate) fn home(&self, chance: &mut Chance) -> usize {
        chance.weighted(&self.weights)
    }

    /// A move: mostly within the network, else anywhere.
    pub(crate) fn new_home(&self, from: usize, chance: &mut Chance) -> usize {
        let network = self.at(from).body.network;
        for _ in 0..8 {
            let to = self.home(chance);
            if to != from && (self.at(to).body.network == network || chance.happens(0.3)) {
                return to;
            }
        }
        from
    }

    /// The code a body writes on a date: the merged body writes its former code before the merger, and one row
    /// in eight still does in the year after.
    pub(crate) fn code(&self, hospital: usize, on: Date, chance: &mut Chance) -> &'static str {
        if hospital == OUTSIDE {
            return OUTSIDE_BODY;
        }
        if hospital == MERGED_BODY {
            let after = on.days() - self.merged_on.days();
            // Half of the merged body's people belonged to the former one.
            if (after < 0 && chance.happens(0.5)) || ((0..365).contains(&after) && chance.happens(0.125)) {
                return FORMER_CODE;
            }
        }
        self.at(hospital).body.code
    }

    /// The code of one of a body's sites: the body's code and two figures.
    pub(crate) fn site(&self, hospital: usize, on: Date, chance: &mut Chance) -> String {
        let site = if chance.happens(0.8) {
            1
        } else {
            2 + chance.below(2)
        };
        format!("{}{site:02}", self.code(hospital, on, chance))
    }

    /// `organisations.csv` of the study.
    pub(crate) fn organisations_csv(&self) -> String {
        let mut text = String::from(
            "code,name,short_name,nation,kind,network,latitude,longitude,opened,closed,breast_service,treats_only,predecessors,note\n",
        );
        for (position, hospital) in self.hospitals.iter().enumerate() {
            let body = &hospital.body;
            let (predecessor, note) = if position == MERGED_BODY {
                (FORMER_CODE, "took over a neighbour")
            } else {
                ("", "")
            };
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "{},{} (invented),{},{},{},{},{},{},1994-04-01,,{},{},{predecessor},{note}",
                body.code,
                bodies::full_name(body),
                body.short_name,
                body.nation,
                body.kind,
                NETWORKS[body.network],
                body.latitude,
                body.longitude,
                yes_no(body.breast_service),
                yes_no(body.treats_only),
            );
        }
        text
    }
}

fn yes_no(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

/// Whether a body's nation has COSD; the other one fills in our form.
pub(crate) fn has_cosd(body: &Body) -> bool {
    body.nation != bodies::NATION_WITHOUT_COSD
}

/// A provider outside the nation's list: an independent hospital.
pub(crate) const OUTSIDE: usize = usize::MAX;

/// Recording shares for the bodies with a breast service, in random order; `None` sends nothing.
fn recording_groups(chance: &mut Chance) -> Vec<Option<(f64, f64)>> {
    let count = BODIES
        .iter()
        .filter(|b| b.breast_service && !b.treats_only)
        .count();
    let mut groups: Vec<Option<(f64, f64)>> = (0..count)
        .map(|n| {
            let spread = chance.normal();
            match n {
                0 | 1 => None,
                _ if n % 3 == 0 => Some(((0.90 + 0.03 * spread).clamp(0.82, 0.97), 0.96)),
                _ if n % 3 == 1 => Some(((0.50 + 0.08 * spread).clamp(0.30, 0.70), 0.86)),
                _ => Some(((0.08 + 0.02 * spread).clamp(0.02, 0.14), 0.65)),
            }
        })
        .collect();
    // Fisher and Yates.
    for last in (1..groups.len()).rev() {
        let other = chance.below(last + 1);
        groups.swap(last, other);
    }
    groups
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn nation(seed: u64) -> Nation {
        Nation::draw(seed, Date::new(2019, 4, 1).unwrap())
    }

    #[test]
    fn forty_bodies_in_three_nations_and_six_networks() {
        let nation = nation(1);
        assert_eq!(nation.hospitals.len(), 40);
        let nations: std::collections::BTreeSet<_> = nation.hospitals.iter().map(|h| h.body.nation).collect();
        assert_eq!(nations.len(), 3);
        for n in 0..NETWORKS.len() {
            assert!(nation.hospitals.iter().any(|h| h.body.network == n));
            assert_eq!(nation.at(bodies::centre_of(n)).body.network, n);
        }
        assert_eq!(nation.hospitals.iter().filter(|h| h.body.treats_only).count(), 4);
        assert_eq!(
            nation
                .hospitals
                .iter()
                .filter(|h| !h.body.breast_service && !h.body.treats_only)
                .count(),
            1
        );
        let codes: std::collections::BTreeSet<_> = nation.hospitals.iter().map(|h| h.body.code).collect();
        assert_eq!(codes.len(), 40);
    }

    #[test]
    fn recording_is_spread_over_three_groups_and_two_send_nothing() {
        for seed in 0..20 {
            let nation = nation(seed);
            let services: Vec<_> = nation
                .hospitals
                .iter()
                .filter(|h| h.body.breast_service && !h.body.treats_only)
                .collect();
            assert_eq!(
                services.iter().filter(|h| h.records_recurrence.is_none()).count(),
                2
            );
            for (low, high) in [(0.8, 1.0), (0.3, 0.71), (0.0, 0.15)] {
                let n = services
                    .iter()
                    .filter_map(|h| h.records_recurrence)
                    .filter(|r| (low..high).contains(r))
                    .count();
                assert!((10..=12).contains(&n), "{n} between {low} and {high}");
            }
        }
    }

    #[test]
    fn the_former_code_fades_after_the_merger() {
        let nation = nation(2);
        let mut chance = Chance::of(1, Purpose::Nation, 1, 0);
        let share = |date: Date, chance: &mut Chance| {
            (0..2000)
                .filter(|_| nation.code(MERGED_BODY, date, chance) == FORMER_CODE)
                .count()
        };
        assert!((900..1100).contains(&share(Date::new(2018, 1, 1).unwrap(), &mut chance)));
        assert!((150..350).contains(&share(Date::new(2019, 9, 1).unwrap(), &mut chance)));
        assert_eq!(share(Date::new(2021, 1, 1).unwrap(), &mut chance), 0);
    }

    #[test]
    fn organisations_csv_keeps_its_shape() {
        let text = nation(1).organisations_csv();
        let head: Vec<&str> = text.lines().take(3).collect();
        insta::assert_snapshot!(head.join("\n"));
        assert_eq!(text.lines().count(), 41);
        assert!(text.lines().all(|line| line.split(',').count() == 14));
    }
}
