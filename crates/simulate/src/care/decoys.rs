//! Codes that look like metastatic disease in people who do not have it.
//!
//! A code written to rule something out: one admission, one bare secondary code, nothing else, and in a third of
//! them the same code in two episodes of the one stay, which is still one admission (Nordstrom 2016: any
//! secondary code has a PPV of 14 %; the rate here is [`crate::rates::RULE_OUT`]). And deaths of people whose
//! certificate blames the breast are in [`crate::life`].

use super::{Story, stay};
use crate::chance::Purpose;
use crate::rates;

impl Story<'_> {
    pub(super) fn decoys(&mut self) {
        let Some(primary) = self.life.primaries.first().filter(|p| p.stage > 0).cloned() else {
            return;
        };
        let mut chance = self.chance(Purpose::Decoy, 0);
        if self.life.spread.is_some() || !chance.happens(rates::RULE_OUT) {
            return;
        }
        let from = primary.date.max(self.start);
        let day = from.plus_days(chance.between(60, 2_500));
        let code = chance.pick(&["C795", "C780", "C787", "C793", "C798", "C799"], "C795");
        let mut codes = vec![chance.pick(&["R52", "M545", "R060", "R51", "R104"], "R52"), code];
        if chance.happens(0.6) {
            codes.push(if chance.happens(0.5) { primary.icd } else { "Z853" });
        }
        let home = self.home(day);
        let mut first = stay(day, chance.between(1, 5), home, codes, Vec::new(), "300");
        first.emergency = true;
        if chance.happens(0.33) {
            let mut second = first.clone();
            second.begins = second.discharged;
            second.specialty = "370";
            self.admit(second);
        }
        self.admit(first);
    }
}
