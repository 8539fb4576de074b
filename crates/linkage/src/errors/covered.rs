//! People with a number are looked for as if they had none.
//!
//! A record's number is covered and the steps are asked one after the other, as linkage asks them: the first that gives
//! an answer is heard. A fixed part of the numbers is drawn, by the number alone, so that the same data give the same
//! answer however they came. The answers are kept, and asked for again when there are a tenth more identities: a month
//! more changes them little.

use serde::{Deserialize, Serialize};

use super::ONE;
use super::class::{CLASSES, class};
use crate::cascade::{Around, Identities, Identity, Linked, Options, Shares, Step, Trust, kind, mix, value};

/// About so many identities are asked for.
const ASKED: usize = 20_000;
/// Of a class with fewer, nothing is known but what is known of all.
const FEW: u64 = 50;

/// How the search went for the records of a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Answers {
    asked: u64,
    /// There is more of the person.
    more: u64,
    /// And a step found it, or took somebody else for it.
    found: u64,
}

/// The answers, with the number of identities that they were asked among.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Covered {
    identities: u64,
    by_class: Vec<Answers>,
}

impl Covered {
    /// True when these answers will do for so many identities.
    pub(crate) fn will_do(&self, identities: u64) -> bool {
        self.by_class.len() == CLASSES
            && self.identities <= identities
            && identities - self.identities <= self.identities / 10
    }

    /// Asks the steps that were used.
    pub(crate) fn of(table: &Identities, linked: &Linked, options: &Options, threads: usize) -> Self {
        let used = linked
            .reports
            .iter()
            .filter(|report| report.stands_down.is_none());
        let steps = used
            .map(|report| report.step)
            .filter(|step| step.trust() != Trust::Given);
        let one_in = (table.rows.len() / ASKED + 1) as u64;
        let drawn = |row: &Identity| row.number != 0 && mix(1, row.number).is_multiple_of(one_in);
        let asked: Vec<u32> = (0..)
            .zip(&table.rows)
            .filter_map(|(place, row)| drawn(row).then_some(place))
            .collect();
        let searching = Searching {
            table,
            around: Around::new(&table.rows, &asked, threads),
            steps: steps.collect(),
            most: options.people_per_group.saturating_mul(8) as usize,
        };
        let mut by_class = vec![Answers::default(); CLASSES];
        for place in asked {
            let answers = &mut by_class[class(&table.rows[place as usize])];
            answers.asked += 1;
            if searching.is_more(place) {
                answers.more += 1;
                answers.found += u64::from(searching.finds(place));
            }
        }
        Self {
            identities: table.rows.len() as u64,
            by_class,
        }
    }

    /// The chances that follow; none where too few people carry a number.
    pub(crate) fn chances(&self) -> Option<Chances> {
        let mut all = Answers::default();
        for answers in &self.by_class {
            all.asked += answers.asked;
            all.more += answers.more;
            all.found += answers.found;
        }
        if all.asked < FEW {
            return None;
        }
        let chance = |answers: &Answers| if answers.asked < FEW { all } else { *answers }.chance();
        Some(Chances {
            by_class: self.by_class.iter().map(chance).collect(),
        })
    }
}

/// By class, the chance in billionths that somebody who was not found has other records.
pub(crate) struct Chances {
    by_class: Vec<u32>,
}

impl Chances {
    pub(super) fn of(&self, row: &Identity) -> u32 {
        self.by_class.get(class(row)).copied().unwrap_or_default()
    }
}

impl Answers {
    /// `q(1 - f)/(1 - qf)`, with half an answer added on either side.
    fn chance(self) -> u32 {
        let share = |part: u64, whole: u64| (part as f64 + 0.5) / (whole as f64 + 1.0);
        let (q, f) = (share(self.more, self.asked), share(self.found, self.more));
        (q * (1.0 - f) / (1.0 - q * f) * ONE as f64).round() as u32
    }
}

struct Searching<'a> {
    table: &'a Identities,
    around: Around,
    steps: Vec<Step>,
    /// Larger groups are not looked through.
    most: usize,
}

impl Searching<'_> {
    /// True when others have the same number, or the identity has more than one record.
    fn is_more(&self, place: u32) -> bool {
        let row = &self.table.rows[place as usize];
        let same = self.around.group(Shares::Number, row.number);
        same.len() > 1 || self.table.records[place as usize] > 1
    }

    /// True when a step gives an answer.
    fn finds(&self, place: u32) -> bool {
        let row = &self.table.rows[place as usize];
        self.steps.iter().any(|step| self.asks(*step, place, row))
    }

    /// True when all that fit are one person's.
    fn asks(&self, step: Step, place: u32, row: &Identity) -> bool {
        let Some(shared) = value(row, step.shares()).filter(|_| step.is_for(row)) else {
            return false;
        };
        let group = self.around.group(step.shares(), shared);
        if group.len() > self.most {
            return false;
        }
        let table = self.table;
        let fits = |other: &Identity| {
            other.number != 0 && kind(other.number) == kind(row.number) && step.fits(&table.words, row, other)
        };
        let mut answer = None;
        for (_, other) in group {
            // Another record of the same identity is found as well as any.
            if *other == place && table.records[place as usize] < 2 {
                continue;
            }
            let other = &table.rows[*other as usize];
            if fits(other)
                && answer
                    .replace(other.number)
                    .is_some_and(|before| before != other.number)
            {
                return false;
            }
        }
        answer.is_some()
    }
}
