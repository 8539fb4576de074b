//! What a linkage was unsure of, from its outcome.

use crate::cascade::Born;
use crate::error::LinkageError;
use crate::weigh::decide::Decided;
use crate::weigh::field::Kind;
use crate::weigh::link::{Learnt, Linker, Weighed};

use super::sparse::Sparse;
use super::{Allowance, Stated, Uncertain, Who};

/// A sure pair that was refused counts as an even chance at most: what the other records say spoke against it.
const REFUSED: f32 = 0.5;
/// Pairs below this are not handed on.
const LEAST: f32 = 0.01;

impl Linker<'_> {
    /// What the linkage was unsure of. `apart` are records that may never be one person's.
    pub fn uncertain(
        &self,
        learnt: &Learnt,
        weighed: &mut Weighed,
        decided: &Decided,
        apart: Vec<(u32, u32)>,
    ) -> Result<Uncertain, LinkageError> {
        let person = &decided.person;
        let (mut held, mut between, mut tree) = (Vec::new(), Vec::new(), Sparse::default());
        // The surest come first, so what spans a person is known at once.
        for pair in weighed.pairs.in_order()? {
            let mut pair = pair?;
            if person[pair.a as usize] == person[pair.b as usize] {
                if tree.join(pair.a, pair.b) {
                    held.push(pair);
                }
            } else if pair.probability >= LEAST {
                pair.probability = pair.probability.min(REFUSED);
                between.push(pair);
            }
        }
        Ok(Uncertain::new(Stated {
            person: person.clone(),
            held,
            between,
            apart,
            allowance: self.beyond_the_rules(learnt, person),
        }))
    }

    /// True pairs grow with the records of a table.
    fn beyond_the_rules(&self, learnt: &Learnt, person: &[u32]) -> Allowance {
        let table = self.table;
        let of = |kind: Kind, record: u32| table.first(kind).map_or(0, |field| table.value(field, record));
        let people = (0..).zip(person).filter(|(record, person)| record == *person);
        Allowance {
            expected: learnt.model.expected_pairs.1 * table.records() as f64
                / learnt.model.records.max(1) as f64,
            who: people
                .map(|(record, _)| Who {
                    person: record,
                    sex: of(Kind::Sex, record).min(255) as u8,
                    year: Born(of(Kind::BirthDate, record)).year() as u16,
                })
                .collect(),
            also: Vec::new(),
        }
    }
}
