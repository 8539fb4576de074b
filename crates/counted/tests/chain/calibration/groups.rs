//! Whether records of one person are brought together equally often in every group of people.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use estimate::{Confidence, Proportion, wilson};

use super::town::Town;

/// Groups may differ by so much.
const SPREAD: f64 = 0.02;
/// Groups with fewer pairs are reported, not judged.
const FEWEST: u64 = 200;

/// By question and answer: pairs of one person's records, and those found.
#[derive(Default)]
pub(super) struct Groups(BTreeMap<(&'static str, String), (u64, u64)>);

impl Groups {
    pub(super) fn add(&mut self, town: &Town, found: &[u32]) {
        for records in town.people().values().filter(|records| records.len() > 1) {
            let together = |(place, a): (usize, &usize)| {
                let later = &records[place + 1..];
                later.iter().filter(|b| found[*a] == found[**b]).count()
            };
            let pairs = (records.len() * (records.len() - 1) / 2) as u64;
            let right: usize = records.iter().enumerate().map(together).sum();
            for group in town.groups(records) {
                let tally = self.0.entry(group).or_default();
                tally.0 += pairs;
                tally.1 += right as u64;
            }
        }
    }

    /// What is wrong, in words: groups of which one is surely found less often than another.
    pub(super) fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for question in ["sex", "age", "names"] {
            let asked = |(key, tally): &(&(&str, String), &(u64, u64))| {
                key.0 == question && tally.0 >= FEWEST && key.1 != "not known"
            };
            let judged = || {
                self.0
                    .iter()
                    .filter(asked)
                    .map(|(key, tally)| (&key.1, share(*tally)))
            };
            let best = judged().max_by(|x, y| x.1.interval.low.total_cmp(&y.1.interval.low));
            let worst = judged().min_by(|x, y| x.1.interval.high.total_cmp(&y.1.interval.high));
            let (Some((best, most)), Some((worst, least))) = (best, worst) else {
                wrong.push(format!("no groups of {question} are large enough to be judged"));
                continue;
            };
            if most.interval.low - least.interval.high > SPREAD {
                wrong.push(format!(
                    "{question}: {worst} found {:.4}, {best} {:.4}",
                    least.value, most.value
                ));
            }
        }
        wrong
    }
}

fn share((pairs, found): (u64, u64)) -> Proportion {
    wilson(found, pairs, Confidence::new(0.99).unwrap()).unwrap()
}

impl Display for Groups {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "| | group | pairs of one person | found | 99 % interval |")?;
        writeln!(f, "|---|---|---|---|---|")?;
        for ((question, group), tally) in &self.0 {
            let Proportion { value, interval } = share(*tally);
            let (low, high) = (interval.low, interval.high);
            writeln!(
                f,
                "| {question} | {group} | {} | {value:.4} | {low:.4} to {high:.4} |",
                tally.0
            )?;
        }
        Ok(())
    }
}
