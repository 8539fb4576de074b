//! The truth: what happened to each person.
//!
//! Invariant: a life is drawn whole, from streams of its own, before any file is thought of; files only show
//! parts of it. Nothing about a life depends on the dirt of the plan.

mod breast;
mod other;
mod sites;

use crate::chance::{Chance, Purpose};
use crate::plan::Plan;
use crate::rates;
use vocabulary::date::Date;
use vocabulary::sex::Sex;

pub(crate) use other::OtherCancer;
pub(crate) use sites::Site;

/// The four groups of people; the number is the high part of [`Who`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// A breast primary in the years covered.
    Breast = 0,
    /// A breast primary before them.
    Earlier = 1,
    /// Another cancer, or breast cancer in situ only.
    OtherCancer = 2,
    /// No cancer.
    NoCancer = 3,
}

/// Which person: a group and a number within it. Streams hang on this, so a larger nation keeps its first people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) group: Group,
    pub(crate) n: u64,
}

impl Who {
    /// The number that names this person's streams.
    pub(crate) fn stream(self) -> u64 {
        ((self.group as u64) << 40) | self.n
    }

    /// The elder twin, if this person is the younger of a pair of twins.
    pub(crate) fn elder_twin(self, plan: &Plan) -> Option<Who> {
        if self.n.is_multiple_of(2) {
            return None;
        }
        let elder = Who {
            group: self.group,
            n: self.n - 1,
        };
        let twins = Chance::of(plan.seed, Purpose::Pair, elder.stream(), 0).happens(plan.dirt.twins);
        twins.then_some(elder)
    }
}

/// Kind of metastatic disease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    DeNovo,
    Recurrent,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::DeNovo => "de_novo",
            Kind::Recurrent => "recurrent",
        }
    }
}

/// Receptor subtype, in the order of the tables in [`rates`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subtype {
    Luminal = 0,
    LuminalHer2 = 1,
    Her2 = 2,
    TripleNegative = 3,
}

impl Subtype {
    pub(crate) fn hormone_positive(self) -> bool {
        matches!(self, Subtype::Luminal | Subtype::LuminalHer2)
    }
    pub(crate) fn her2_positive(self) -> bool {
        matches!(self, Subtype::LuminalHer2 | Subtype::Her2)
    }
}

/// A breast primary.
#[derive(Debug, Clone)]
pub(crate) struct Primary {
    pub(crate) date: Date,
    /// C50 with its fourth figure, or D05.
    pub(crate) icd: &'static str,
    /// 0 in situ, 1 to 4.
    pub(crate) stage: u8,
    pub(crate) nodes: bool,
    pub(crate) subtype: Subtype,
    pub(crate) side: &'static str,
    pub(crate) registered: bool,
}

/// Metastatic breast cancer.
#[derive(Debug, Clone)]
pub(crate) struct Spread {
    pub(crate) date: Date,
    pub(crate) kind: Kind,
    pub(crate) sites: Vec<Site>,
    pub(crate) treated: bool,
    /// The primary it belongs to, by position.
    pub(crate) primary: usize,
}

/// A local or regional return.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LocalReturn {
    pub(crate) date: Date,
    pub(crate) regional: bool,
}

/// A death and what the certificate says.
#[derive(Debug, Clone)]
pub(crate) struct Death {
    pub(crate) date: Date,
    pub(crate) underlying: &'static str,
    pub(crate) mentioned: Vec<&'static str>,
}

/// One life.
#[derive(Debug, Clone)]
pub(crate) struct Life {
    pub(crate) sex: Sex,
    pub(crate) birth: Date,
    pub(crate) primaries: Vec<Primary>,
    pub(crate) spread: Option<Spread>,
    pub(crate) local: Option<LocalReturn>,
    pub(crate) others: Vec<OtherCancer>,
    pub(crate) death: Option<Death>,
}

impl Life {
    /// Draws one life; `None` when the person died before the sources begin.
    pub(crate) fn draw(plan: &Plan, who: Who) -> Option<Life> {
        let mut chance = Chance::of(plan.seed, Purpose::Life, who.stream(), 0);
        let twin_birth = who.elder_twin(plan).map(|elder| birth_of(plan, elder));
        let mut life = match who.group {
            Group::Breast | Group::Earlier => breast::draw(plan, who, twin_birth, &mut chance),
            Group::OtherCancer | Group::NoCancer => other::draw(plan, who, twin_birth, &mut chance),
        };
        life.settle_death(plan, who);
        match &life.death {
            Some(death) if death.date < plan.start() => None,
            _ => Some(life),
        }
    }

    /// Whole years of age on a date.
    pub(crate) fn age_on(&self, date: Date) -> i32 {
        years_between(self.birth, date)
    }

    /// The last day of this life that any file can show.
    pub(crate) fn last_day(&self, plan: &Plan) -> Date {
        self.death
            .as_ref()
            .map_or(plan.horizon(), |death| death.date.min(plan.horizon()))
    }

    /// Metastatic on a date?
    pub(crate) fn metastatic_on(&self, date: Date) -> bool {
        self.spread.as_ref().is_some_and(|spread| spread.date <= date)
    }

    /// Other cancers, then the earliest of all deaths, then what the certificate says.
    fn settle_death(&mut self, plan: &Plan, who: Who) {
        let mut chance = Chance::of(plan.seed, Purpose::OtherCancer, who.stream(), 0);
        if let Some(first) = self.primaries.first().map(|p| p.date) {
            other::second_cancers(self, first, plan, &mut chance);
        }
        let from = self.primaries.first().map_or(plan.start(), |p| p.date);
        let own = self.death.take();
        let natural = other_death(self.sex, self.birth, from, &mut chance);
        let cancer = self
            .others
            .iter()
            .filter_map(|o| o.death.map(|d| (d, o.icd)))
            .min();
        let of_breast = own.map(|d| d.date);
        let (date, mut underlying) = match (of_breast, cancer) {
            (Some(b), _) if b <= natural && cancer.is_none_or(|(c, _)| b <= c) => (b, "C509"),
            (_, Some((c, icd))) if c <= natural => (c, icd),
            _ => (natural, natural_cause(&mut chance)),
        };
        self.date_de_novo_by(date.min(plan.as_of));
        if date > plan.horizon() {
            return;
        }
        self.drop_after(date);
        let metastatic = self.metastatic_on(date);
        let had_breast = self.primaries.iter().any(|p| p.stage > 0);
        if underlying == "C509" && !chance.happens(rates::DEATH_OF_BREAST) {
            underlying = natural_cause(&mut chance);
        } else if had_breast && !metastatic && chance.happens(plan.misattributed()) {
            underlying = "C509";
        }
        let mut mentioned = vec![underlying];
        let mention = if metastatic { 0.85 } else { rates::DEATH_MENTIONED };
        if had_breast && underlying != "C509" && chance.happens(mention) {
            mentioned.push("C509");
        }
        if metastatic && chance.happens(0.5) {
            mentioned.extend(
                self.spread
                    .iter()
                    .flat_map(|s| s.sites.iter().map(|site| site.icd())),
            );
        }
        for _ in 0..chance.below(3) {
            mentioned.push(natural_cause(&mut chance));
        }
        self.death = Some(Death {
            date,
            underlying,
            mentioned,
        });
    }

    /// Whoever is stage 4 at diagnosis has metastases, also where death or the study's last day comes before the day that
    /// was drawn for them. A first primary is no later than either.
    fn date_de_novo_by(&mut self, last: Date) {
        if let Some(spread) = self.spread.as_mut().filter(|s| s.kind == Kind::DeNovo) {
            spread.date = spread.date.min(last);
        }
    }

    fn drop_after(&mut self, death: Date) {
        self.primaries.retain(|p| p.date <= death);
        self.others.retain(|o| o.date <= death);
        self.spread = self.spread.take().filter(|s| s.date <= death);
        self.local = self.local.filter(|l| l.date <= death);
    }
}

/// The birth date of someone, without the rest of the life: for a twin.
fn birth_of(plan: &Plan, who: Who) -> Date {
    let mut chance = Chance::of(plan.seed, Purpose::Life, who.stream(), 0);
    match who.group {
        Group::Breast | Group::Earlier => breast::beginning(plan, who, None, &mut chance).birth,
        Group::OtherCancer | Group::NoCancer => other::beginning(plan, None, &mut chance).1,
    }
}

/// Whole years between two dates.
pub(crate) fn years_between(from: Date, to: Date) -> i32 {
    let years = to.year() - from.year();
    let before = (to.month(), to.day()) < (from.month(), from.day());
    years - i32::from(before)
}

/// A day in the year in which someone has this age on a date.
fn birth_for_age(date: Date, age: i32, chance: &mut Chance) -> Date {
    date.plus_months(-12 * age).plus_days(-chance.between(0, 364))
}

/// Death from other causes, by Gompertz' law from a date on which the person was alive.
fn other_death(sex: Sex, birth: Date, from: Date, chance: &mut Chance) -> Date {
    let (mut a, b) = rates::OTHER_DEATH;
    if sex == Sex::Male {
        a *= 1.45;
    }
    let age = f64::from(from.days() - birth.days()) / 365.25;
    let now = a * (b * (age - 50.0)).exp();
    let years = (1.0 + b * chance.exponential(1.0) / now).ln() / b;
    from.plus_days((years * 365.25).min(45_000.0) as i32)
}

fn natural_cause(chance: &mut Chance) -> &'static str {
    const CAUSES: [&str; 18] = [
        "I219", "I251", "I639", "I64", "I500", "I48", "F03", "G309", "J189", "J440", "J449", "N179", "A419",
        "I10", "E149", "K703", "R54", "W19",
    ];
    chance.pick(&CAUSES, "R54")
}

#[cfg(test)]
mod tests;
