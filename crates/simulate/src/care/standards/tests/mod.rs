#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::habits::{Habit, Recording};
use super::items::with_odds;
use super::*;
use crate::care::{Care, Episode, What, tell};
use crate::geography::{Nation, has_cosd};
use crate::identity::Identity;
use crate::life::{Group, Kind, Life, Who};
use crate::plan::Plan;
use std::sync::OnceLock;

/// Standard deviations of the binomial that a share may lie off its truth. By chance alone one comparison in 150,000
/// goes further; a run makes under a thousand.
const BOUND: f64 = 4.5;

struct Nations {
    plan: Plan,
    nation: Nation,
    told: Vec<(Life, Care)>,
}

/// Everyone with breast cancer in one large nation.
fn nation() -> &'static Nations {
    static NATION: OnceLock<Nations> = OnceLock::new();
    NATION.get_or_init(|| {
        let plan = Plan::new(31, 16_000);
        let nation = Nation::draw(plan.seed, plan.start());
        let mut told = Vec::new();
        for group in [Group::Breast, Group::Earlier] {
            for n in 0..16_000 {
                let who = Who { group, n };
                if let Some(life) = Life::draw(&plan, who) {
                    let identity = Identity::draw(&plan, &nation, who, &life);
                    let care = tell(&plan, &nation, who, &life, &identity);
                    told.push((life, care));
                }
            }
        }
        Nations { plan, nation, told }
    })
}

fn lines() -> impl Iterator<Item = &'static Line> {
    nation().told.iter().flat_map(|(_, care)| &care.standards.lines)
}

fn habit(line: &Line) -> Habit {
    nation().nation.care.at(line.hospital, line.item).unwrap()
}

/// How many standard deviations a count lies off what its shares expect.
#[derive(Default)]
struct Tally {
    count: f64,
    expected: f64,
    variance: f64,
    of: f64,
}

impl Tally {
    fn add(&mut self, happened: bool, share: f64) {
        self.count += f64::from(u8::from(happened));
        self.expected += share;
        self.variance += share * (1.0 - share);
        self.of += 1.0;
    }

    fn deviations(&self) -> f64 {
        (self.count - self.expected) / self.variance.sqrt().max(1e-9)
    }

    fn check(&self, what: &str) {
        assert!(
            self.deviations().abs() < BOUND,
            "{what}: {} of {}, expected {:.1}",
            self.count,
            self.of,
            self.expected
        );
    }
}

/// The share that is truly so in a hospital; of a care plan, among those assessed, who have one as often everywhere.
fn truly(line: &Line) -> Option<f64> {
    let ratio = match line.item {
        Item::CarePlan | Item::CarePlanAtPrimary => 1.0,
        _ => habit(line).odds_ratio,
    };
    Some(with_odds(line.item.given()?, ratio))
}

mod planted;
mod records;
mod shares;
