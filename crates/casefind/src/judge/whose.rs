//! Whose case it is: the organisation, every body that sent evidence, and what was recorded.

use layouts::ELSEWHERE;
use vocabulary::date::Date;

use super::{Case, Judge, Weighed};
use crate::definition::Strength;
use crate::facts::{Fact, source_of};
use crate::organisation::{Bodies, Body};

impl Judge<'_> {
    /// Provider of the earliest COSD statement (or form); else the diagnosing trust if de novo; else
    /// the body of the earliest sign, unless it only treats. Radiotherapy treats for several trusts, wherever it stands.
    pub(super) fn organisation(
        &self,
        counting: &[&Weighed<'_>],
        primaries: &[&Fact],
        kind: &str,
        bodies: &mut Bodies<'_>,
    ) -> Option<Body> {
        // A text that is no body names none, as a blank does.
        let mut stated = counting.iter().filter(|item| self.is_statement(item.fact));
        if let Some(body) = stated.find_map(|item| bodies.of(item.fact)) {
            return Some(body);
        }
        let first = counting
            .iter()
            .find(|item| item.fact.date.is_some())
            .or(counting.first())?;
        if kind == "de_novo" {
            let day = first.fact.date;
            let registered = primaries
                .iter()
                .filter(|fact| source_of(self.rule(fact)) == "registrations" && bodies.of(fact).is_some())
                .min_by_key(|fact| match (fact.date, day) {
                    (Some(a), Some(b)) => (a.days() - b.days()).abs(),
                    _ => i32::MAX,
                });
            if let Some(fact) = registered {
                return bodies.of(fact);
            }
        }
        let treated = counting
            .iter()
            .map(|item| item.fact)
            .find(|fact| bodies.of(fact).is_some());
        let body = treated.and_then(|fact| bodies.of(fact));
        let radiotherapy = |fact: &Fact| source_of(self.rule(fact)) == "rtds";
        let sent_there = treated.is_some_and(radiotherapy);
        match body {
            Some(body) if !body.treats_only && !sent_there => Some(body),
            other => {
                let day = treated.and_then(|fact| fact.date).or(first.fact.date);
                let before = day.unwrap_or(Date::from_days(i32::MAX));
                let mut trusts: Vec<&&Fact> = primaries
                    .iter()
                    .filter(|fact| fact.date.is_some_and(|date| date <= before) && !radiotherapy(fact))
                    .collect();
                trusts.sort_by_key(|fact| (fact.date, fact.file, fact.row));
                let trust = trusts
                    .iter()
                    .rev()
                    .find_map(|fact| bodies.of(fact).filter(|body| !body.treats_only));
                trust.or(other)
            }
        }
    }

    /// A statement of spread that a hospital sent: in COSD, also one too incomplete to be a record.
    fn is_statement(&self, fact: &Fact) -> bool {
        let rule = self.rule(fact);
        rule.recorded || rule.source == "cosd.metastasis"
    }

    /// Whether a record of this rule is one in the field meant for it: a form is, where there is nothing better of that day.
    pub(super) fn may_record(&self, fact: &Fact, bodies: &mut Bodies<'_>) -> bool {
        let Some(kind) = &self.rule(fact).recorded_unless else {
            return true;
        };
        let nation = bodies.nation(fact);
        nation.is_none_or(|nation| !self.cover.is_sent(kind, &nation, fact.date))
    }

    /// Whether records of treatment or of stays show the disease, and no hospital's own record is needed to find the person in
    /// life: who would be found by that record alone is on neither side of completeness, as who lacks it is on neither.
    pub(super) fn is_elsewhere(&self, weighed: &[Weighed<'_>], death: Option<Date>) -> bool {
        let edge = death.map(|death| death.plus_days(-self.definition.switches.death_lead_days));
        let is_late = |item: &Weighed<'_>| match (item.fact.date, edge) {
            (Some(date), Some(edge)) => date >= edge,
            _ => false,
        };
        let others = || weighed.iter().filter(|item| item.counts && !item.recorded);
        others().any(|item| ELSEWHERE.contains(&item.source)) && !others().all(is_late)
    }

    /// Sites, sources, organisations, and what a hospital recorded.
    pub(super) fn describe(&self, case: &mut Case, weighed: &[Weighed<'_>], bodies: &mut Bodies<'_>) {
        for item in weighed {
            let rule = self.rule(item.fact);
            case.sources.insert(item.source.to_owned());
            if !item.aside && rule.strength != Strength::Impossible {
                let codes = item.fact.sites.iter().flat_map(|sites| sites.split(' '));
                let sites = codes.filter_map(|code| self.definition.lists.site(code));
                case.sites.extend(sites.map(str::to_owned));
            }
            if let Some(body) = bodies.of(item.fact) {
                case.organisations.insert(body.code);
            }
            if item.recorded {
                case.recorded = true;
                case.recorded_date = match (case.recorded_date, item.fact.created) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
        }
        case.recorded_organisation = first_to_record(weighed, bodies);
    }
}

/// The body that recorded it first: that of the earliest file, whatever day of the disease the file states.
fn first_to_record(weighed: &[Weighed<'_>], bodies: &mut Bodies<'_>) -> Option<Body> {
    let recorded = weighed.iter().filter(|item| item.recorded);
    let named = recorded.filter_map(|item| Some((item.fact.created, bodies.of(item.fact)?)));
    let first = named.min_by_key(|(created, _)| (created.is_none(), *created));
    first.map(|(_, body)| body)
}

/// The body of the last breast record of a person up to a day, within so many months before it.
pub(super) fn last_breast_body(
    primaries: &[&Fact],
    (day, months): (Date, i32),
    bodies: &mut Bodies<'_>,
) -> Option<Body> {
    let edge = day.plus_months(-months);
    primaries
        .iter()
        .filter(|fact| fact.date.is_some_and(|date| edge <= date && date <= day))
        .filter_map(|fact| Some((fact, bodies.of(fact)?)))
        .max_by_key(|(fact, _)| (fact.date, fact.file, fact.row))
        .map(|(_, body)| body)
}
