//! One person's facts, judged: is this a case, of which tier and kind, from when, and whose.
//!
//! The rules are those of the definition's reasons page; each function here is one of them.

use std::collections::BTreeSet;

use layouts::ELSEWHERE;
use vocabulary::date::Date;

use crate::cover::Cover;
use crate::definition::{Definition, Rule, Strength};
use crate::facts::{Fact, source_of};
use crate::organisation::{Bodies, Body};

mod end;
mod when;
mod whose;

pub(crate) use end::{AFTER_DEATH, Contradicted, LEFT_UNDATED, UNDATED, tells_of_a_death};
use when::Deaths;

#[cfg(test)]
mod tests;

/// What is known of a person's end of follow-up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct End {
    pub death: Option<Date>,
    pub left: Option<Date>,
    /// One record that was joined to nothing and bears neither number nor name nor key: it may
    /// belong to somebody who is counted already.
    pub nameless: bool,
    /// Some record says that the person died, and not when.
    pub undated: bool,
    /// Some record says that the person left, and none says when, or when the person died.
    pub left_undated: bool,
    /// The death is one of a register of deaths.
    pub registered: bool,
    /// What records of long after it speak against.
    pub contradicted: Option<Contradicted>,
}

/// The reason that a nameless end gives.
pub(crate) const NAMELESS: &str = "no number or name: may be somebody who is counted already";

/// How the reason begins where somebody who looked states that there is none.
pub(crate) const REFUTED: &str = "refuted in review";

/// A person judged to be a case of some tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    pub tier: char,
    pub kind: &'static str,
    pub date: Option<Date>,
    pub date_low: Option<Date>,
    pub date_high: Option<Date>,
    pub organisation: Option<Body>,
    pub sites: BTreeSet<String>,
    pub recorded: bool,
    pub recorded_date: Option<Date>,
    pub recorded_organisation: Option<Body>,
    pub sources: BTreeSet<String>,
    pub organisations: BTreeSet<String>,
    pub elsewhere: bool,
    pub only_at_death: bool,
    pub only_at_death_organisation: Option<Body>,
    pub reasons: BTreeSet<String>,
}

/// What comes of a person's facts.
pub(crate) enum Verdict {
    /// A case, tier D included, with the evidence in order.
    Case(Box<Case>, Vec<Fact>),
    /// Evidence, but no breast primary in any source.
    NoPrimary,
    /// No evidence of metastatic disease.
    NoEvidence,
}

/// Judges persons by one definition.
pub(crate) struct Judge<'a> {
    pub definition: &'a Definition,
    pub cover: &'a Cover,
}

/// Evidence after it has been weighed.
struct Weighed<'f> {
    fact: &'f Fact,
    source: &'f str,
    /// Set aside: another cancer could own it, or it was refuted.
    aside: bool,
    /// Somebody looked after it was there, and states that it is none.
    refuted: bool,
    /// Counts as strong or more.
    counts: bool,
    /// A hospital stated it in the field meant for it.
    recorded: bool,
}

impl Judge<'_> {
    fn rule(&self, fact: &Fact) -> &Rule {
        &self.definition.rules[fact.rule]
    }

    fn strength(&self, fact: &Fact) -> Strength {
        self.rule(fact).strength
    }

    /// Judges one person.
    pub(crate) fn person(&self, facts: &[Fact], end: End, bodies: &mut Bodies<'_>) -> Verdict {
        let mut evidence: Vec<&Fact> = facts
            .iter()
            .filter(|fact| self.strength(fact).is_evidence())
            .collect();
        if evidence.is_empty() {
            return Verdict::NoEvidence;
        }
        let primaries: Vec<&Fact> = facts
            .iter()
            .filter(|fact| self.strength(fact) == Strength::Primary)
            .collect();
        let in_life = primaries
            .iter()
            .any(|fact| source_of(self.rule(fact)) != "deaths");
        let only_death = evidence.iter().all(|fact| self.strength(fact) == Strength::Death);
        // A certificate names the breast cancer of somebody with other evidence; alone it is no case.
        if primaries.is_empty() || (only_death && !in_life) {
            return Verdict::NoPrimary;
        }
        evidence.sort_by_key(|fact| (fact.date.is_none(), fact.date, fact.file, fact.row, fact.rule));
        let mut reasons = BTreeSet::new();
        let mut weighed = self.weigh(facts, &evidence, bodies, &mut reasons);
        self.contradict(&mut weighed, end, &mut reasons);
        let death = self.death(&weighed, end);
        self.strengthen(&mut weighed, death, &mut reasons);
        if end.nameless {
            reasons.insert(NAMELESS.to_owned());
            weighed.iter_mut().for_each(|item| item.counts = false);
        }
        let mut case = match self.at_death(&weighed, death.filter(|_| in_life), &mut reasons) {
            Some(death) => self.death_case(death, &primaries, bodies),
            None => {
                let deaths = Deaths {
                    of_it: death,
                    of_any_cause: end.death.or(death),
                };
                self.living_case(&weighed, &primaries, deaths, bodies, &mut reasons)
            }
        };
        self.describe(&mut case, &weighed, bodies);
        case.elsewhere = self.is_elsewhere(&weighed, death.filter(|_| in_life));
        case.reasons.extend(reasons);
        let shown = evidence
            .into_iter()
            .map(|fact| self.shown(fact, bodies))
            .collect();
        Verdict::Case(Box::new(case), shown)
    }

    /// A fact as the evidence shows it: the body by its code, sites that are sites. Whatever else a
    /// column held may name the person.
    fn shown(&self, fact: &Fact, bodies: &mut Bodies<'_>) -> Fact {
        let sites = fact.sites.as_deref().map(|sites| {
            let is_site = |code: &&str| self.definition.lists.site(code).is_some();
            let sites: Vec<&str> = sites.split(' ').filter(is_site).collect();
            sites.join(" ")
        });
        Fact {
            organisation: bodies.of(fact).map(|body| body.code),
            sites: sites.filter(|sites| !sites.is_empty()),
            ..fact.clone()
        }
    }

    /// Marks evidence that another cancer could own or that was refuted, and what counts by itself.
    fn weigh<'f>(
        &'f self,
        facts: &'f [Fact],
        evidence: &[&'f Fact],
        bodies: &mut Bodies<'_>,
        reasons: &mut BTreeSet<String>,
    ) -> Vec<Weighed<'f>> {
        let others: Vec<&Fact> = facts
            .iter()
            .filter(|fact| self.strength(fact) == Strength::Competing)
            .collect();
        let refuted = self.refuted(facts, reasons);
        let mut weighed = Vec::new();
        for fact in evidence {
            let rule = self.rule(fact);
            let another = others.iter().any(|other| self.could_own(other, fact));
            let owned = rule.ambiguous && another;
            if owned {
                reasons.insert("another cancer could own the metastases".to_owned());
            } else if another {
                reasons.insert("another cancer is known too".to_owned());
            }
            let refuted = refuted.filter(|day| self.was_there(fact, *day));
            if let Some(day) = refuted {
                reasons.insert(format!("{REFUTED} on {day}"));
            }
            let aside = owned || refuted.is_some();
            let counts = !aside && matches!(rule.strength, Strength::Stated | Strength::Strong);
            weighed.push(Weighed {
                fact,
                source: source_of(rule),
                aside,
                refuted: refuted.is_some(),
                counts,
                recorded: rule.recorded && refuted.is_none() && self.may_record(fact, bodies),
            });
        }
        weighed
    }

    /// The last day on which somebody who looked stated that the person does not have it.
    fn refuted(&self, facts: &[Fact], reasons: &mut BTreeSet<String>) -> Option<Date> {
        let mut refutations = facts
            .iter()
            .filter(|fact| self.strength(fact) == Strength::Refuted)
            .peekable();
        refutations.peek()?;
        let day = refutations.filter_map(|fact| fact.date).max();
        if day.is_none() {
            reasons.insert(format!(
                "{REFUTED} on a day that nobody wrote down: the evidence stands"
            ));
        }
        day
    }

    /// Whether whoever looked on a day had this evidence before them. A statement is as old as the file that first made it, all
    /// else as what it tells of.
    fn was_there(&self, fact: &Fact, day: Date) -> bool {
        let stated = self.strength(fact) == Strength::Stated;
        let since = fact.created.filter(|_| stated).or(fact.date);
        since.is_none_or(|since| since <= day)
    }

    fn could_own(&self, other: &Fact, fact: &Fact) -> bool {
        let (Some(other), Some(date)) = (other.date, fact.date) else {
            return true;
        };
        let switches = &self.definition.switches;
        date.plus_days(-switches.competing_before_days) <= other
            && other <= date.plus_days(switches.competing_after_days)
    }

    /// The day of a death with breast cancer as its underlying cause.
    fn death(&self, weighed: &[Weighed<'_>], end: End) -> Option<Date> {
        let death = weighed
            .iter()
            .find(|item| !item.refuted && self.strength(item.fact) == Strength::Death)?;
        death.fact.date.or(end.death)
    }

    /// Weak evidence becomes strong on another day, from another source, or by the death.
    fn strengthen(&self, weighed: &mut [Weighed<'_>], death: Option<Date>, reasons: &mut BTreeSet<String>) {
        let open: Vec<usize> = (0..weighed.len())
            .filter(|at| self.is_open_weak(&weighed[*at]))
            .collect();
        let mut strengthened = Vec::new();
        for at in &open {
            let item = &weighed[*at];
            let others: Vec<&Weighed<'_>> = open
                .iter()
                .map(|other| &weighed[*other])
                .filter(|other| self.near(other.fact, item.fact))
                .collect();
            let reason = if self.by_day(item, &others) {
                "the same sign on different days"
            } else if self.by_source(&others) {
                "weak signs in different sources"
            } else if self.before_death(item.fact, death) {
                "a weak sign, and death from breast cancer"
            } else {
                continue;
            };
            reasons.insert(reason.to_owned());
            strengthened.push(*at);
        }
        for at in strengthened {
            weighed[at].counts = true;
        }
    }

    /// Whether two signs can be of one disease's beginning: what was suspected once does not become true years later.
    fn near(&self, one: &Fact, other: &Fact) -> bool {
        match (one.date, other.date) {
            (Some(one), Some(other)) => {
                (one.days() - other.days()).abs() <= self.definition.switches.repeat_within_days
            }
            _ => true,
        }
    }

    /// Whether the same sign was there on enough days, each far enough from the next; `others` are all near it, and it.
    fn by_day(&self, item: &Weighed<'_>, others: &[&Weighed<'_>]) -> bool {
        let switches = &self.definition.switches;
        let Some(day) = item.fact.date.filter(|_| self.rule(item.fact).repeats) else {
            return false;
        };
        let same = others.iter().filter(|other| other.fact.rule == item.fact.rule);
        let days: BTreeSet<i32> = same.filter_map(|other| other.fact.date).map(Date::days).collect();
        let apart = |count: (usize, i32), day: &i32| match (day - count.1).abs()
            >= switches.repeat_apart_days.max(1)
        {
            true => (count.0 + 1, *day),
            false => count,
        };
        let later = days.range(day.days()..).fold((1, day.days()), apart);
        let all = days.range(..day.days()).rev().fold((later.0, day.days()), apart);
        all.0 >= switches.repeat_days
    }

    /// Whether enough sources agree, and one of them at least with a sign that tells of distant disease.
    fn by_source(&self, near: &[&Weighed<'_>]) -> bool {
        let sources: BTreeSet<&str> = near.iter().map(|item| item.source).collect();
        sources.len() >= self.definition.switches.repeat_sources
            && near.iter().any(|item| self.rule(item.fact).confirms)
    }

    fn is_open_weak(&self, item: &Weighed<'_>) -> bool {
        !item.aside && self.strength(item.fact) == Strength::Weak
    }

    fn before_death(&self, fact: &Fact, death: Option<Date>) -> bool {
        let (Some(date), Some(death)) = (fact.date, death) else {
            return false;
        };
        date < death.plus_days(-self.definition.switches.death_lead_days)
            // An old code says little about the disease of which somebody died years later.
            && death <= date.plus_months(12 * self.definition.switches.death_confirms_years)
    }

    /// The death, when nothing more than the lead before it counts as evidence.
    fn at_death(
        &self,
        weighed: &[Weighed<'_>],
        death: Option<Date>,
        reasons: &mut BTreeSet<String>,
    ) -> Option<Date> {
        let death = death?;
        let edge = death.plus_days(-self.definition.switches.death_lead_days);
        let earlier = weighed
            .iter()
            .filter(|item| item.counts)
            .any(|item| item.fact.date.is_none_or(|date| date < edge) || item.recorded);
        if earlier {
            return None;
        }
        let lead = self.definition.switches.death_lead_days;
        reasons.insert(format!(
            "death from breast cancer, and in no record that we hold from more than {lead} days before"
        ));
        Some(death)
    }

    fn death_case(&self, death: Date, primaries: &[&Fact], bodies: &mut Bodies<'_>) -> Case {
        let switches = &self.definition.switches;
        let months = 12 * switches.death_organisation_years;
        let body = whose::last_breast_body(primaries, (death, months), bodies);
        let covered = self
            .cover
            .first_of(&ELSEWHERE, body.as_ref().and_then(|body| body.nation.as_deref()))
            .is_some_and(|first| first.plus_months(switches.death_cover_months) <= death);
        let kind = self.kind_on(death, primaries);
        let mut case = empty('C', kind);
        case.date = Some(death);
        case.date_low = Some(self.known_since(primaries, death).unwrap_or(death));
        case.date_high = Some(death);
        case.organisation = body.clone();
        case.only_at_death = true;
        case.only_at_death_organisation = body.filter(|_| covered);
        case
    }

    fn living_case(
        &self,
        weighed: &[Weighed<'_>],
        primaries: &[&Fact],
        deaths: Deaths,
        bodies: &mut Bodies<'_>,
        reasons: &mut BTreeSet<String>,
    ) -> Case {
        let counting: Vec<&Weighed<'_>> = weighed.iter().filter(|item| item.counts).collect();
        let tier = self.tier(weighed, &counting, deaths.of_it, reasons);
        if counting.is_empty() {
            let first = weighed.iter().find_map(|item| item.fact.date);
            let mut case = empty(
                tier,
                self.kind(weighed.iter().collect::<Vec<_>>().as_slice(), primaries),
            );
            (case.date, case.date_low, case.date_high) = (first, first, first);
            case.organisation = weighed.iter().find_map(|item| bodies.of(item.fact));
            return case;
        }
        let kind = self.kind(&counting, primaries);
        let mut case = empty(tier, kind);
        self.date(&mut case, weighed, (primaries, deaths), bodies, reasons);
        case.organisation = self.organisation(&counting, primaries, kind, bodies);
        case
    }

    /// A stated, B two sources, C one, D to review.
    fn tier(
        &self,
        weighed: &[Weighed<'_>],
        counting: &[&Weighed<'_>],
        death: Option<Date>,
        reasons: &mut BTreeSet<String>,
    ) -> char {
        if counting
            .iter()
            .any(|item| self.strength(item.fact) == Strength::Stated)
        {
            reasons.insert("stated".to_owned());
            return 'A';
        }
        if counting.is_empty() {
            for item in weighed {
                let reason = match self.strength(item.fact) {
                    _ if item.refuted => continue,
                    Strength::Impossible => format!("impossible: {}", self.rule(item.fact).words),
                    Strength::Death => continue,
                    _ if item.aside => continue,
                    _ => "one weak sign".to_owned(),
                };
                reasons.insert(reason);
            }
            return 'D';
        }
        let mut sources: BTreeSet<&str> = counting.iter().map(|item| item.source).collect();
        sources.extend(
            weighed
                .iter()
                .filter(|item| self.is_open_weak(item))
                .map(|item| item.source),
        );
        if death.is_some() {
            sources.insert("deaths");
        }
        if sources.len() >= 2 {
            reasons.insert("two independent sources".to_owned());
            'B'
        } else {
            reasons.insert("one source".to_owned());
            'C'
        }
    }
}

fn empty(tier: char, kind: &'static str) -> Case {
    Case {
        tier,
        kind,
        date: None,
        date_low: None,
        date_high: None,
        organisation: None,
        sites: BTreeSet::new(),
        recorded: false,
        recorded_date: None,
        recorded_organisation: None,
        sources: BTreeSet::new(),
        organisations: BTreeSet::new(),
        elsewhere: false,
        only_at_death: false,
        only_at_death_organisation: None,
        reasons: BTreeSet::new(),
    }
}
