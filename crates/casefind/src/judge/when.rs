//! Since when, and of which kind: what the days of the evidence say.

use std::collections::BTreeSet;

use vocabulary::date::Date;

use super::{Case, Judge, Weighed};
use crate::definition::Strength;
use crate::facts::Fact;
use crate::organisation::Bodies;

/// When a person died.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deaths {
    /// With breast cancer as the underlying cause.
    pub of_it: Option<Date>,
    pub of_any_cause: Option<Date>,
}

impl Deaths {
    /// That day, or that of a death before it.
    fn or_before(self, day: Date) -> Date {
        self.of_any_cause.map_or(day, |death| death.min(day))
    }
}

impl Judge<'_> {
    /// De novo or recurrent, by the earliest dated evidence.
    pub(super) fn kind(&self, items: &[&Weighed<'_>], primaries: &[&Fact]) -> &'static str {
        let said =
            |item: &Weighed<'_>| match (self.rule(item.fact).kind.as_deref(), item.fact.said.as_deref()) {
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
        let Some(date) = earliest.fact.date else {
            return "not_known";
        };
        let by_day = self.kind_on(date, primaries);
        if by_day == "de_novo" {
            return by_day;
        }
        // A code or a course of treatment a few weeks before the statement that it belongs to.
        let until = date.plus_days(self.definition.switches.de_novo_after_days);
        let stated = items
            .iter()
            .filter(|item| item.fact.date.is_some_and(|day| day <= until) && said(item).is_some())
            .min_by_key(|item| (item.fact.date, item.fact.rule));
        stated.and_then(|item| said(item)).unwrap_or(by_day)
    }

    /// The kind of a sign on that day, by the nearest diagnosis of a breast primary. A primary that
    /// was found long after the sign cannot have caused it and is passed over.
    pub(super) fn kind_on(&self, day: Date, primaries: &[&Fact]) -> &'static str {
        let switches = &self.definition.switches;
        let nearest = self
            .diagnoses(primaries)
            .filter(|diagnosed| *diagnosed <= day.plus_days(switches.de_novo_before_days))
            .max();
        match nearest {
            Some(diagnosed) if day <= diagnosed.plus_days(switches.de_novo_after_days) => "de_novo",
            Some(_) => "recurrent",
            None => "not_known",
        }
    }

    /// Since when the breast primary is known, looking back from a day: its last diagnosis, else the
    /// first record that speaks of it.
    pub(super) fn known_since(&self, primaries: &[&Fact], day: Date) -> Option<Date> {
        let last = self
            .diagnoses(primaries)
            .filter(|diagnosed| *diagnosed <= day)
            .max();
        last.or_else(|| {
            let records = primaries.iter().filter_map(|fact| fact.date);
            records.filter(|date| *date <= day).min()
        })
    }

    fn diagnoses(&self, primaries: &[&Fact]) -> impl Iterator<Item = Date> {
        let dating = primaries.iter().filter(|fact| self.rule(fact).dates_the_primary);
        dating.filter_map(|fact| fact.date)
    }

    /// A day by which it was there: no later than the death either. It may have begun since the breast primary is known.
    fn no_later_than(&self, case: &mut Case, day: Option<Date>, (primaries, deaths): (&[&Fact], Deaths)) {
        let day = day.into_iter().chain(deaths.of_any_cause).min();
        let since = day.and_then(|day| self.known_since(primaries, day));
        (case.date, case.date_high) = (day, day);
        // Who died of it had it, also where nothing says since when the primary was known: as of who is found at death.
        case.date_low = since.or(deaths.of_it.filter(|_| day == deaths.of_it));
    }

    /// The day of the earliest evidence that counts, and how far it may be off. A statement without a day is as old as the file
    /// that first made it, and nothing begins after the death, whatever day a hospital wrote down.
    pub(super) fn date(
        &self,
        case: &mut Case,
        weighed: &[Weighed<'_>],
        (primaries, deaths): (&[&Fact], Deaths),
        bodies: &mut Bodies<'_>,
        reasons: &mut BTreeSet<String>,
    ) {
        let counting: Vec<&Weighed<'_>> = weighed.iter().filter(|item| item.counts).collect();
        let Some(dated) = counting.iter().filter_map(|item| item.fact.date).min() else {
            let created = counting.iter().filter_map(|item| item.fact.created).min();
            self.no_later_than(case, created, (primaries, deaths));
            reasons.insert("the evidence bears no date".to_owned());
            return;
        };
        let told = counting
            .iter()
            .filter(|item| item.fact.date.is_none() && self.strength(item.fact) == Strength::Stated)
            .filter_map(|item| item.fact.created)
            .min();
        if told.is_some_and(|told| told < dated) {
            self.no_later_than(case, told, (primaries, deaths));
            return;
        }
        let date = deaths.or_before(dated);
        let signs = weighed
            .iter()
            .filter(|item| !item.aside && self.strength(item.fact) != Strength::Impossible)
            .filter_map(|item| item.fact.date);
        let low = signs
            .filter(|sign| date.plus_months(-12) <= *sign)
            .min()
            .unwrap_or(date);
        case.date = Some(date);
        case.date_low = Some(low.min(date));
        case.date_high = Some(deaths.or_before(self.at_the_latest(&counting, dated, deaths)));
        let first = counting.iter().find(|item| item.fact.date == Some(dated));
        let start = first.and_then(|item| {
            let nation = bodies.nation(item.fact);
            let own = self.cover.first_in(item.source, nation.as_deref());
            own.or_else(|| self.cover.first(item.source))
        });
        let early =
            start.is_some_and(|start| date < start.plus_months(self.definition.switches.new_after_months));
        if case.kind == "not_known" && early {
            case.date_low = None;
            reasons.insert("first seen when the records begin: living, not new".to_owned());
        }
    }

    /// The day of the first evidence that counts by itself, else of what confirmed a weak sign: another day of it, or another
    /// source. Several records of one stay are one, also where it went on elsewhere.
    fn at_the_latest(&self, counting: &[&Weighed<'_>], dated: Date, deaths: Deaths) -> Date {
        let by_itself = |item: &&&Weighed<'_>| self.strength(item.fact) != Strength::Weak;
        let sure = counting
            .iter()
            .filter(by_itself)
            .filter_map(|item| item.fact.date)
            .min();
        let apart = self.definition.switches.repeat_apart_days.max(1);
        let first = counting.first().map(|item| item.source);
        let is_later = |day: Date| day.days() - dated.days() >= apart;
        let another =
            |item: &&&Weighed<'_>| Some(item.source) != first || item.fact.date.is_some_and(is_later);
        let last = counting.iter().find(another).and_then(|item| item.fact.date);
        // A single weak sign that only the death confirms: at the latest, then.
        sure.or(last).or(deaths.of_it).unwrap_or(dated).max(dated)
    }
}
