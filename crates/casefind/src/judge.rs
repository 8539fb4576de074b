//! One person's facts, judged: is this a case, of which tier and kind, from when, and whose.
//!
//! The rules are those of the definition's reasons page; each function here is one of them.

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::date::Date;

use crate::cover::Cover;
use crate::definition::{Definition, Rule, Strength};
use crate::facts::{Fact, source_of};
use crate::organisation::{Bodies, Body};
use crate::tables::ELSEWHERE;

/// What is known of a person's end of follow-up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct End {
    pub death: Option<Date>,
    pub left: Option<Date>,
    /// One record that was joined to nothing and bears neither number nor name nor key: it may
    /// belong to somebody who is counted already.
    pub nameless: bool,
}

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
    /// Another cancer could own it.
    owned: bool,
    /// Counts as strong or more.
    counts: bool,
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
        let mut evidence: Vec<&Fact> = facts.iter().filter(|fact| self.strength(fact).is_evidence()).collect();
        if evidence.is_empty() {
            return Verdict::NoEvidence;
        }
        let primaries: Vec<&Fact> =
            facts.iter().filter(|fact| self.strength(fact) == Strength::Primary).collect();
        if primaries.is_empty() {
            return Verdict::NoPrimary;
        }
        evidence.sort_by_key(|fact| (fact.date.is_none(), fact.date, fact.file, fact.row, fact.rule));
        let mut reasons = BTreeSet::new();
        let mut weighed = self.weigh(facts, &evidence, &mut reasons);
        let death = self.death(&evidence, end);
        self.strengthen(&mut weighed, death, &mut reasons);
        if end.nameless {
            reasons.insert("no number or name: may be somebody who is counted already".to_owned());
            weighed.iter_mut().for_each(|item| item.counts = false);
        }
        let mut case = match self.at_death(&weighed, death, &mut reasons) {
            Some(death) => self.death_case(death, &primaries, bodies),
            None => self.living_case(&weighed, &primaries, death, bodies, &mut reasons),
        };
        self.describe(&mut case, &weighed, bodies);
        case.reasons.extend(reasons);
        Verdict::Case(Box::new(case), evidence.into_iter().cloned().collect())
    }

    /// Marks evidence that another cancer could own, and what counts by itself.
    fn weigh<'f>(
        &'f self,
        facts: &'f [Fact],
        evidence: &[&'f Fact],
        reasons: &mut BTreeSet<String>,
    ) -> Vec<Weighed<'f>> {
        let others: Vec<&Fact> =
            facts.iter().filter(|fact| self.strength(fact) == Strength::Competing).collect();
        let mut weighed = Vec::new();
        for fact in evidence {
            let rule = self.rule(fact);
            let owned = rule.ambiguous && others.iter().any(|other| self.could_own(other, fact));
            if owned {
                reasons.insert("another cancer could own the metastases".to_owned());
            }
            let counts = !owned && matches!(rule.strength, Strength::Stated | Strength::Strong);
            weighed.push(Weighed { fact, source: source_of(rule), owned, counts });
        }
        weighed
    }

    fn could_own(&self, other: &Fact, fact: &Fact) -> bool {
        let (Some(other), Some(date)) = (other.date, fact.date) else { return true };
        let switches = &self.definition.switches;
        date.plus_days(-switches.competing_before_days) <= other
            && other <= date.plus_days(switches.competing_after_days)
    }

    /// The day of a death with breast cancer as its underlying cause.
    fn death(&self, evidence: &[&Fact], end: End) -> Option<Date> {
        let death = evidence.iter().find(|fact| self.strength(fact) == Strength::Death)?;
        death.date.or(end.death)
    }

    /// Weak evidence becomes strong on another day, from another source, or by the death.
    fn strengthen(&self, weighed: &mut [Weighed<'_>], death: Option<Date>, reasons: &mut BTreeSet<String>) {
        let switches = &self.definition.switches;
        let mut days: BTreeMap<usize, BTreeSet<Date>> = BTreeMap::new();
        let mut sources: BTreeSet<&str> = BTreeSet::new();
        for item in weighed.iter().filter(|item| self.is_open_weak(item)) {
            sources.insert(item.source);
            if let Some(date) = item.fact.date
                && self.rule(item.fact).repeats
            {
                days.entry(item.fact.rule).or_default().insert(date);
            }
        }
        let by_source = sources.len() >= switches.repeat_sources;
        let dies_of_it = death.is_some();
        let mut strengthened = Vec::new();
        for (at, item) in weighed.iter().enumerate() {
            if !self.is_open_weak(item) {
                continue;
            }
            let by_day = days.get(&item.fact.rule).is_some_and(|days| days.len() >= switches.repeat_days);
            let by_death = dies_of_it && self.before_death(item.fact, death);
            let reason = match (by_day, by_source, by_death) {
                (true, _, _) => "the same sign on different days",
                (_, true, _) => "weak signs in different sources",
                (_, _, true) => "a weak sign, and death from breast cancer",
                _ => continue,
            };
            reasons.insert(reason.to_owned());
            strengthened.push(at);
        }
        for at in strengthened {
            weighed[at].counts = true;
        }
    }

    fn is_open_weak(&self, item: &Weighed<'_>) -> bool {
        !item.owned && self.strength(item.fact) == Strength::Weak
    }

    fn before_death(&self, fact: &Fact, death: Option<Date>) -> bool {
        let (Some(date), Some(death)) = (fact.date, death) else { return false };
        date <= death.plus_days(-self.definition.switches.death_lead_days)
            // An old code says little about the disease of which somebody died years later.
            && death <= date.plus_months(12 * self.definition.switches.death_organisation_years)
    }

    /// The death, when nothing more than the lead before it counts as evidence.
    fn at_death(&self, weighed: &[Weighed<'_>], death: Option<Date>, reasons: &mut BTreeSet<String>) -> Option<Date> {
        let death = death?;
        let edge = death.plus_days(-self.definition.switches.death_lead_days);
        let earlier = weighed
            .iter()
            .filter(|item| item.counts)
            .any(|item| item.fact.date.is_none_or(|date| date < edge) || self.rule(item.fact).recorded);
        if earlier {
            return None;
        }
        reasons.insert("death from breast cancer, in no earlier record that we hold".to_owned());
        Some(death)
    }

    fn death_case(&self, death: Date, primaries: &[&Fact], bodies: &mut Bodies<'_>) -> Case {
        let switches = &self.definition.switches;
        let last = last_breast_record(primaries, death, Some(12 * switches.death_organisation_years));
        let body = last.and_then(|fact| fact.organisation.as_deref()).map(|code| bodies.resolve(code));
        let covered = self
            .cover
            .first_of(&ELSEWHERE)
            .is_some_and(|first| first.plus_months(switches.death_cover_months) <= death);
        let primary = primaries
            .iter()
            .filter(|fact| self.rule(fact).dates_the_primary)
            .filter_map(|fact| fact.date)
            .filter(|date| *date <= death)
            .max();
        let kind = match primary {
            Some(primary) if death <= primary.plus_days(switches.de_novo_after_days) => "de_novo",
            Some(_) => "recurrent",
            None => "not_known",
        };
        let mut case = empty('C', kind);
        case.date = Some(death);
        case.date_low = Some(primary.unwrap_or(death));
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
        death: Option<Date>,
        bodies: &mut Bodies<'_>,
        reasons: &mut BTreeSet<String>,
    ) -> Case {
        let counting: Vec<&Weighed<'_>> = weighed.iter().filter(|item| item.counts).collect();
        let tier = self.tier(weighed, &counting, death, reasons);
        if counting.is_empty() {
            let first = weighed.iter().find_map(|item| item.fact.date);
            let mut case = empty(tier, self.kind(weighed.iter().collect::<Vec<_>>().as_slice(), primaries));
            (case.date, case.date_low, case.date_high) = (first, first, first);
            case.organisation = weighed
                .iter()
                .find_map(|item| item.fact.organisation.as_deref())
                .map(|code| bodies.resolve(code));
            return case;
        }
        let kind = self.kind(&counting, primaries);
        let mut case = empty(tier, kind);
        self.date(&mut case, weighed, &counting, reasons);
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
        if counting.iter().any(|item| self.strength(item.fact) == Strength::Stated) {
            reasons.insert("stated".to_owned());
            return 'A';
        }
        if counting.is_empty() {
            for item in weighed {
                let reason = match self.strength(item.fact) {
                    Strength::Impossible => format!("impossible: {}", self.rule(item.fact).words),
                    _ => "one weak sign".to_owned(),
                };
                reasons.insert(reason);
            }
            return 'D';
        }
        let mut sources: BTreeSet<&str> = counting.iter().map(|item| item.source).collect();
        sources.extend(weighed.iter().filter(|item| self.is_open_weak(item)).map(|item| item.source));
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

    /// De novo or recurrent, by the earliest dated evidence.
    fn kind(&self, items: &[&Weighed<'_>], primaries: &[&Fact]) -> &'static str {
        let said = |item: &Weighed<'_>| match (self.rule(item.fact).kind.as_deref(), item.fact.said.as_deref()) {
            (Some("de_novo"), _) | (_, Some("de_novo")) => Some("de_novo"),
            (Some("recurrent"), _) | (_, Some("recurrent")) => Some("recurrent"),
            _ => None,
        };
        // On the same day a statement speaks before a sign.
        let earliest = items
            .iter()
            .filter(|item| item.fact.date.is_some())
            .min_by_key(|item| (item.fact.date, said(item).is_none(), item.fact.rule));
        let Some(earliest) = earliest else {
            return items.iter().find_map(|item| said(item)).unwrap_or("not_known");
        };
        if let Some(kind) = said(earliest) {
            return kind;
        }
        let Some(date) = earliest.fact.date else { return "not_known" };
        let nearest = primaries
            .iter()
            .filter(|fact| self.rule(fact).dates_the_primary)
            .filter_map(|fact| fact.date)
            .min_by_key(|primary| ((date.days() - primary.days()).abs(), *primary));
        let Some(nearest) = nearest else { return "not_known" };
        let switches = &self.definition.switches;
        let after = date.days() - nearest.days();
        if after < -switches.de_novo_before_days {
            "not_known"
        } else if after <= switches.de_novo_after_days {
            "de_novo"
        } else {
            "recurrent"
        }
    }

    /// The day of the earliest evidence that counts, and how far it may be off.
    fn date(
        &self,
        case: &mut Case,
        weighed: &[Weighed<'_>],
        counting: &[&Weighed<'_>],
        reasons: &mut BTreeSet<String>,
    ) {
        let by_itself = |item: &&&Weighed<'_>| self.strength(item.fact) != Strength::Weak;
        let date = counting.iter().filter_map(|item| item.fact.date).min();
        let sure = counting.iter().filter(by_itself).filter_map(|item| item.fact.date).min();
        let last = counting.iter().filter_map(|item| item.fact.date).nth(1);
        let Some(date) = date else {
            // A statement without a date: no later than the file that first made it.
            let created = counting.iter().filter_map(|item| item.fact.created).min();
            (case.date, case.date_high) = (created, created);
            reasons.insert("the statement bears no date".to_owned());
            return;
        };
        let signs = weighed.iter().filter(|item| !item.owned).filter_map(|item| item.fact.date);
        let low = signs.filter(|sign| date.plus_months(-12) <= *sign).min().unwrap_or(date);
        case.date = Some(date);
        case.date_low = Some(low.min(date));
        case.date_high = Some(sure.or(last).unwrap_or(date).max(date));
        let first = counting.iter().find(|item| item.fact.date == Some(date));
        let start = first.and_then(|item| self.cover.first(item.source));
        let early = start.is_some_and(|start| date < start.plus_months(self.definition.switches.new_after_months));
        if case.kind == "not_known" && early {
            case.date_low = None;
            reasons.insert("first seen when the records begin: living, not new".to_owned());
        }
    }

    /// Provider of the earliest recorded statement; else the diagnosing trust if de novo; else
    /// the body of the earliest sign, unless it only treats.
    fn organisation(
        &self,
        counting: &[&Weighed<'_>],
        primaries: &[&Fact],
        kind: &str,
        bodies: &mut Bodies<'_>,
    ) -> Option<Body> {
        let of = |fact: &Fact, bodies: &mut Bodies<'_>| fact.organisation.as_deref().map(|code| bodies.resolve(code));
        let recorded = counting.iter().find(|item| self.rule(item.fact).recorded && item.fact.organisation.is_some());
        if let Some(item) = recorded {
            return of(item.fact, bodies);
        }
        let first = counting.iter().find(|item| item.fact.date.is_some()).or(counting.first())?;
        if kind == "de_novo" {
            let day = first.fact.date;
            let registered = primaries
                .iter()
                .filter(|fact| source_of(self.rule(fact)) == "registrations" && fact.organisation.is_some())
                .min_by_key(|fact| match (fact.date, day) {
                    (Some(a), Some(b)) => (a.days() - b.days()).abs(),
                    _ => i32::MAX,
                });
            if let Some(fact) = registered {
                return of(fact, bodies);
            }
        }
        let with_body = counting.iter().filter(|item| item.fact.organisation.is_some());
        let body = with_body.map(|item| item.fact).next().and_then(|fact| of(fact, bodies));
        match body {
            Some(body) if !body.treats_only => Some(body),
            other => {
                let before = first.fact.date.unwrap_or(Date::from_days(i32::MAX));
                let mut trusts: Vec<&&Fact> = primaries
                    .iter()
                    .filter(|fact| fact.date.is_some_and(|date| date <= before) && fact.organisation.is_some())
                    .collect();
                trusts.sort_by_key(|fact| (fact.date, fact.file, fact.row));
                let trust = trusts.iter().rev().find_map(|fact| of(fact, bodies).filter(|body| !body.treats_only));
                trust.or(other)
            }
        }
    }

    /// Sites, sources, organisations, and what a hospital recorded.
    fn describe(&self, case: &mut Case, weighed: &[Weighed<'_>], bodies: &mut Bodies<'_>) {
        let empty = BTreeMap::new();
        let names = self.definition.lists.names.get("site_names").unwrap_or(&empty);
        for item in weighed {
            let rule = self.rule(item.fact);
            case.sources.insert(item.source.to_owned());
            if !item.owned && rule.strength != Strength::Impossible {
                case.elsewhere |= ELSEWHERE.contains(&item.source);
                for code in item.fact.sites.iter().flat_map(|sites| sites.split(' ')) {
                    let site = code.rsplit('/').next().unwrap_or(code);
                    if let Some(name) = names.get(site).or_else(|| names.get(site.get(..4).unwrap_or(site))) {
                        case.sites.insert(name.clone());
                    }
                }
            }
            let body = item.fact.organisation.as_deref().map(|code| bodies.resolve(code));
            if let Some(body) = &body {
                case.organisations.insert(body.code.clone());
            }
            if rule.recorded {
                if !case.recorded {
                    case.recorded_organisation = body;
                }
                case.recorded = true;
                case.recorded_date = match (case.recorded_date, item.fact.created) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
        }
    }
}

/// The last breast record of a person up to a day, within so many months before it.
fn last_breast_record<'f>(primaries: &[&'f Fact], day: Date, months: Option<i32>) -> Option<&'f Fact> {
    primaries
        .iter()
        .filter(|fact| fact.organisation.is_some())
        .filter(|fact| {
            fact.date.is_some_and(|date| {
                date <= day && months.is_none_or(|months| day.plus_months(-months) <= date)
            })
        })
        .max_by_key(|fact| (fact.date, fact.file, fact.row))
        .copied()
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
