//! The end of what is known of a person, and records of long after it.

use std::collections::BTreeSet;

use vocabulary::date::Date;

use super::{End, Judge, Weighed};
use crate::definition::{Definition, Strength};
use crate::facts::{Fact, source_of};

/// What is said where records speak of a person long after a death that a register has.
pub(crate) const AFTER_DEATH: &str = "signs of long after the registered death: they count for nothing";

/// What is said where some record says that the person died, and none says when.
pub(crate) const UNDATED: &str = "died on a day that no record says";

/// What is said where some record says that the person left, and none says when.
pub(crate) const LEFT_UNDATED: &str = "left on a day that no record says";

/// Whether a reason tells of a death without a day that can be used.
pub(crate) fn tells_of_a_death(reason: &str) -> bool {
    reason == UNDATED || Contradicted::told(reason) == Some(Contradicted::Death)
}

/// An end that records of long after it speak against. Either may be wrong, or of somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contradicted {
    /// A death that no register has: when the person died is not known.
    Death,
    /// A death of a register: what came after it counts for nothing.
    Registered,
    /// A departure: the person was here again.
    Departure,
}

impl Contradicted {
    /// The reason that it gives.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Death => {
                "records of long after a death that no register has: followed up to the last of them"
            }
            Self::Registered => AFTER_DEATH,
            Self::Departure => "records of long after a departure: the person was here again",
        }
    }

    /// What a reason tells of.
    pub(crate) fn told(reason: &str) -> Option<Self> {
        let all = [Self::Death, Self::Registered, Self::Departure];
        all.into_iter().find(|one| one.words() == reason)
    }
}

impl End {
    /// The end as a person's facts leave it. Of somebody who died or left on a day that nobody knows, the end of what is known is
    /// the day of the last of these facts: who is known to have gone is not among the living. The day of a file is none of theirs,
    /// as it may be made long after; only of who has no evidence with a day it is that of the case, and so the end. So it is where records of long after a death speak against its day, and no register of
    /// deaths has it. A departure that records of long after it speak against ends nothing. What is a refutation, or of a death,
    /// is no sign of life; and what a hospital states may have been written down long after a death, so it speaks against none.
    pub(crate) fn known_by(self, facts: &[Fact], definition: &Definition) -> Self {
        let is_of_life = |fact: &&Fact| {
            let rule = &definition.rules[fact.rule];
            rule.strength != Strength::Refuted && source_of(rule) != "deaths"
        };
        let of_life = || facts.iter().filter(is_of_life);
        let is_evidence = |fact: &&Fact| definition.rules[fact.rule].strength.is_evidence();
        let is_stated = |fact: &&Fact| definition.rules[fact.rule].strength == Strength::Stated;
        let bears_a_day = of_life().filter(is_evidence).any(|fact| fact.date.is_some());
        let told = of_life().filter(is_stated).filter_map(|fact| fact.created).min();
        let last = of_life().filter_map(|fact| fact.date).max();
        let last = last.max(told.filter(|_| !bears_a_day));
        let signs = of_life().filter(|fact| definition.rules[fact.rule].strength != Strength::Stated);
        let last_sign = signs.filter_map(|fact| fact.date).max();
        let long = definition.switches.after_death_days;
        let is_after = |day: Date| last_sign.is_some_and(|last| last > day.plus_days(long));
        let left = self.left.filter(|left| !is_after(*left));
        let (death, contradicted) = match self.death {
            Some(death) if is_after(death) && self.registered => {
                (Some(death), Some(Contradicted::Registered))
            }
            Some(death) if is_after(death) => (None, Some(Contradicted::Death)),
            death if left != self.left => (death, Some(Contradicted::Departure)),
            death => (death, None),
        };
        let died_unknown = self.undated || contradicted == Some(Contradicted::Death);
        Self {
            death,
            left: if (died_unknown || self.left_undated) && death.is_none() {
                left.or(last)
            } else {
                left
            },
            contradicted,
            ..self
        }
    }

    /// Whether a person whose records are as they were stands as the former run left them, under the end that it came to. What
    /// was contradicted then is judged anew.
    pub(crate) fn is_as(self, former: Self) -> bool {
        let registered = former.registered;
        Self { registered, ..self } == former
    }
}

impl Judge<'_> {
    /// Says what is not known of the end, and what speaks against it, and sets aside signs that are dated long after a death
    /// that a register has: they are of somebody else, or their day is wrong. Nobody is treated after their death. What a hospital
    /// states stands: it may have been written down later, with the day of the writing.
    pub(super) fn contradict(&self, weighed: &mut [Weighed<'_>], end: End, reasons: &mut BTreeSet<String>) {
        if end.undated && end.death.is_none() {
            reasons.insert(UNDATED.to_owned());
        }
        if end.left_undated {
            reasons.insert(LEFT_UNDATED.to_owned());
        }
        let Some(contradicted) = end.contradicted else {
            return;
        };
        reasons.insert(contradicted.words().to_owned());
        let Some(death) = end.death.filter(|_| contradicted == Contradicted::Registered) else {
            return;
        };
        let latest = death.plus_days(self.definition.switches.after_death_days);
        for item in weighed {
            let stands = matches!(self.strength(item.fact), Strength::Death | Strength::Stated);
            if !stands && item.fact.date.is_some_and(|date| date > latest) {
                item.aside = true;
                item.counts = false;
                item.recorded = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::path::Path;

    use super::*;

    fn day(year: i32, month: u32) -> Option<Date> {
        Date::new(year, month, 15)
    }

    fn fact(definition: &Definition, rule: &str, date: Option<Date>) -> Fact {
        Fact {
            rule: definition.rules.iter().position(|one| one.id == rule).unwrap(),
            date,
            created: None,
            organisation: None,
            sites: None,
            said: None,
            file: 0,
            row: 0,
            record: None,
        }
    }

    #[test]
    fn records_of_long_after_an_end_contradict_it() {
        let definition = Definition::load("uk-mbc/2026.1", Path::new("")).unwrap();
        // Treated in March 2025; who looked in November is no sign of life.
        let facts = [
            ("primary-registered", day(2012, 3)),
            ("sact-intent", day(2025, 3)),
            ("form-refuted", day(2025, 11)),
        ];
        let facts = facts.map(|(rule, date)| fact(&definition, rule, date));
        let known = |end: End| {
            let end = end.known_by(&facts, &definition);
            (end.death, end.left, end.contradicted)
        };
        let died = |death: Option<Date>, registered: bool| End {
            death,
            registered,
            ..End::default()
        };
        let left = |left: Option<Date>| End {
            left,
            ..End::default()
        };
        let last = day(2025, 3);
        assert_eq!(
            known(died(day(2016, 1), false)),
            (None, last, Some(Contradicted::Death))
        );
        assert_eq!(
            known(died(day(2016, 1), true)),
            (day(2016, 1), None, Some(Contradicted::Registered))
        );
        assert_eq!(known(died(day(2025, 2), false)), (day(2025, 2), None, None));
        assert_eq!(
            known(left(day(2015, 6))),
            (None, None, Some(Contradicted::Departure))
        );
        assert_eq!(known(left(day(2025, 2))), (None, day(2025, 2), None));
        let undated = End {
            undated: true,
            ..End::default()
        };
        assert_eq!(known(undated), (None, last, None));
        let gone = End {
            left_undated: true,
            ..End::default()
        };
        assert_eq!(known(gone), (None, last, None));
        // A form without the day of the disease is of the day on which it was filled in.
        let stated = Fact {
            created: day(2020, 5),
            ..fact(&definition, "form-stated", None)
        };
        let facts = [fact(&definition, "primary-registered", day(2012, 3)), stated];
        assert_eq!(undated.known_by(&facts, &definition).left, day(2020, 5));
    }

    #[test]
    fn a_file_that_was_made_later_keeps_nobody_alive() {
        let definition = Definition::load("uk-mbc/2026.1", Path::new("")).unwrap();
        let undated = End {
            undated: true,
            ..End::default()
        };
        let made = |rule: &str, created: Option<Date>| Fact {
            created,
            ..fact(&definition, rule, None)
        };
        let primary = || fact(&definition, "primary-registered", day(2012, 3));
        let treated = || fact(&definition, "sact-intent", day(2021, 3));
        let left = |facts: &[Fact]| undated.known_by(facts, &definition).left;
        for rule in ["cosd-recurrence", "cosd-assessment-recurrence"] {
            let facts = [primary(), treated(), made(rule, day(2026, 2))];
            assert_eq!(left(&facts), day(2021, 3), "{rule}");
        }
        // Without a day of evidence the case is of the first file, and so is the end.
        let files = [2026, 2025].map(|year| made("cosd-recurrence", day(year, 2)));
        let [later, first] = files;
        assert_eq!(left(&[primary(), later, first]), day(2025, 2));
        let sign = made("cosd-assessment-recurrence", day(2026, 2));
        assert_eq!(left(&[primary(), sign]), day(2012, 3));
    }

    #[test]
    fn who_was_contradicted_is_judged_anew() {
        let died = End {
            death: day(2016, 1),
            registered: true,
            ..End::default()
        };
        let mut former = End {
            registered: false,
            ..died
        };
        assert!(died.is_as(former));
        former.contradicted = Contradicted::told(AFTER_DEATH);
        assert!(!died.is_as(former));
    }
}
