//! What hospitals state in COSD: which is not what happened.
//!
//! - A hospital that sends nothing states nothing. Others send 96 % of primaries; stage is stated at the rate of
//!   the hospital's group, recurrence likewise (see [`crate::geography`]).
//! - Dates: 87 % within 90 days of the truth, most within a fortnight (Central Sweden 2024).
//! - Late: a third of recurrences are sent months after (assumption: two months and an exponential of five, seven in the
//!   mean).
//! - Two hospitals: 7 % of people are reported by a second one as well (assumption).
//! - Sent again: 12 % of records come again in a later file, fuller or corrected.
//! - Wrong: `impossible_statement` of the plan, a tenth of them dates in the future; 1 % of local returns called
//!   distant and 0.05 % of early primaries called stage 4 (assumptions).
//! - Traces without a record: hospitals that do not record recurrence still discuss some people in a metastatic
//!   breast meeting (type 0102) or see them in acute oncology (type 06); 4 % each (assumption). Where the truth of a
//!   meeting is known, two in fifteen of the metastatic meetings that are written down leave such a trace.
//! - Care: what a record says of nurse, meeting, plan and assessment is drawn here as before; for an event whose
//!   care has a truth it is replaced by what [`super::standards`] says was written down, so that no draw here depends on it.

use super::Story;
use super::record::{Assessment, Meeting, Pair, Plan, Statement, What};
use super::standards::{About, Event, Item, Sending};
use crate::chance::{Chance, Purpose};
use crate::geography::has_cosd;
use crate::life::{Kind, Primary, Spread};
use vocabulary::date::Date;

impl Story<'_> {
    pub(super) fn statements(&mut self) {
        let primaries = self.life.primaries.clone();
        for (n, primary) in primaries.iter().enumerate() {
            let mut chance = self.chance(Purpose::Cosd, n as u8);
            if primary.date >= self.start {
                self.state_primary(n, primary, &mut chance);
            }
        }
        let Some(first) = primaries.first().filter(|p| p.stage > 0) else {
            return;
        };
        if let Some(local) = self.life.local.filter(|l| l.date >= self.start) {
            let mut chance = self.chance(Purpose::Cosd, 50);
            let pairs = match (local.regional, chance.happens(0.01)) {
                (_, true) => vec![("03", "98")],
                (true, _) => vec![("02", "12")],
                (false, _) => vec![("01", "97")],
            };
            self.state_return(first, local.date, pairs, About::Nothing, &mut chance);
        }
        let Some(spread) = self.life.spread.clone().filter(|s| s.date >= self.start) else {
            return;
        };
        let mut chance = self.chance(Purpose::Cosd, 60);
        if spread.kind == Kind::Recurrent {
            let pairs = stated_pairs(&spread, &mut chance);
            self.state_return(
                first,
                spread.date,
                pairs,
                About::Event(Event::Secondary),
                &mut chance,
            );
        } else if chance.happens(0.10) {
            // Later progression of disease that was metastatic from the start.
            let pairs = stated_pairs(&spread, &mut chance);
            let later = spread.date.plus_days(chance.log_normal(400.0, 0.6) as i32);
            if later < self.end {
                self.progression(later);
                self.state_return(first, later, pairs, About::Event(Event::Progression), &mut chance);
            }
        }
        self.traces(first, &spread, &mut chance);
    }

    /// The share of recurrences a hospital states; `None` when it sends nothing.
    fn records(&self, hospital: usize) -> Option<f64> {
        self.nation.at(hospital).records_recurrence
    }

    fn state_primary(&mut self, n: usize, primary: &Primary, chance: &mut Chance) {
        let home = self.home(primary.date);
        let mut hospitals = vec![home];
        if chance.happens(0.07) {
            hospitals.push(self.nation.new_home(home, chance));
        }
        let about = self.about_primary(n, primary);
        for (place, hospital) in hospitals.into_iter().enumerate() {
            if self.records(hospital).is_none() || !chance.happens(0.96) {
                continue;
            }
            let what = self.primary_what(n, primary, hospital, chance);
            let ready = primary.date.plus_days(chance.between(35, 110));
            let mut statement = self.statement(hospital, ready, primary.date, primary, what, chance);
            let surgery = primary.date.plus_days(32);
            if primary.stage < 4 && chance.happens(0.7) {
                statement.treatments.push((surgery, "01", "01", "01"));
            }
            self.send(statement, here(about, place), chance);
        }
    }

    /// The event that a primary's record is about: the primary, or metastatic disease that was there from the start.
    fn about_primary(&self, n: usize, primary: &Primary) -> About {
        match primary.stage {
            0 => About::Nothing,
            _ => About::Event(self.event_of(n)),
        }
    }

    fn event_of(&self, n: usize) -> Event {
        let spread = self.life.spread.as_ref();
        match spread.filter(|s| s.kind == Kind::DeNovo && s.primary == n) {
            Some(_) => Event::Secondary,
            None => Event::Primary(n),
        }
    }

    fn primary_what(&self, n: usize, primary: &Primary, hospital: usize, chance: &mut Chance) -> What {
        let stated = chance.happens(self.nation.at(hospital).records_stage);
        let spread = self
            .life
            .spread
            .as_ref()
            .filter(|s| s.kind == Kind::DeNovo && s.primary == n);
        let called_four = primary.stage < 4 && chance.happens(0.0005);
        let (stage, m) = match (stated, primary.stage) {
            (false, _) => (
                chance.pick(&["", "", "X", "U"], ""),
                chance.pick(&["", "X", "9"], ""),
            ),
            (true, 4) => (
                chance.pick(&["4", "4", "4", "IV"], "4"),
                chance.pick(&["1", "1", "M1", "1b"], "1"),
            ),
            _ if called_four => ("4", "0"),
            (true, 0) => ("0", "0"),
            (true, 1) => (chance.pick(&["1A", "1A", "1B", "1"], "1"), "0"),
            (true, 2) => (
                chance.pick(&["2A", "2B", "2"], "2"),
                chance.pick(&["0", "M0"], "0"),
            ),
            _ => (chance.pick(&["3A", "3B", "3C", "3"], "3"), "0"),
        };
        let pairs = match spread {
            Some(spread) if stated && chance.happens(0.7) => stated_pairs(spread, chance),
            Some(_) => Vec::new(),
            None if primary.nodes && chance.happens(0.15) => vec![("02", "12")],
            None if chance.happens(0.1) => vec![("01", "97")],
            None => Vec::new(),
        };
        What::Primary {
            stage,
            m,
            pairs,
            progression: None,
        }
    }

    /// States a return, local or distant, if the hospital records it; a second hospital may too.
    fn state_return(
        &mut self,
        primary: &Primary,
        truth: Date,
        pairs: Vec<Pair>,
        about: About,
        chance: &mut Chance,
    ) {
        let home = self.home(truth);
        let mut hospitals = vec![home];
        if chance.happens(0.07) {
            hospitals.push(self.nation.new_home(home, chance));
        }
        for (place, hospital) in hospitals.into_iter().enumerate() {
            let Some(share) = self.records(hospital) else {
                continue;
            };
            if !chance.happens(share) {
                continue;
            }
            let mut date = stated_date(truth, chance);
            let mut pairs = pairs.clone();
            if chance.happens(self.plan.dirt.impossible_statement) {
                (date, pairs) = impossible(date, &pairs, self.plan.as_of, chance);
            }
            let referral = chance.pick(&["01", "03", "05", "04", "13", "17"], "05");
            let palliative = chance.pick(&["Y", "N", "N", "9"], "9");
            let progression = chance.happens(0.12);
            let seen = date.plus_days(-chance.between(3, 40));
            let late = if chance.happens(0.33) {
                60 + chance.exponential(150.0).min(1500.0) as i32
            } else {
                chance.between(10, 60)
            };
            let ready = date.min(self.plan.as_of).max(truth).plus_days(late);
            // A few recurrences are entered on the primary's own record (new in v10).
            let entered_there = progression
                && primary.date >= self.start
                && ready >= crate::sources::cosd_v10_from()
                && has_cosd(&self.nation.at(hospital).body);
            let (pathway, what) = if entered_there {
                let what = What::Primary {
                    stage: "",
                    m: "",
                    pairs: Vec::new(),
                    progression: Some((date, pairs)),
                };
                (primary.date, what)
            } else {
                let what = What::Return {
                    progression,
                    pairs,
                    referral,
                    palliative,
                    seen,
                };
                (date, what)
            };
            let mut statement = self.statement(hospital, ready, pathway, primary, what, chance);
            self.discuss_return(&mut statement, truth, date, chance);
            self.send(statement, here(about, place), chance);
        }
    }

    /// The meeting at which a return was discussed, and an assessment of needs, if they were entered.
    fn discuss_return(&self, statement: &mut Statement, truth: Date, stated: Date, chance: &mut Chance) {
        if chance.happens(0.4) {
            // Distant disease goes to the metastatic meeting half the time; local disease hardly ever.
            let metastatic = chance.happens(if self.life.metastatic_on(truth) { 0.5 } else { 0.02 });
            statement.meetings.push(Meeting {
                date: stated.plus_days(chance.between(0, 21)),
                kind: if metastatic { "0102" } else { "0101" },
                discussion: "",
            });
        }
        if chance.happens(0.15) {
            statement.assessments.push(Assessment {
                date: stated.plus_days(chance.between(0, 60)),
                point: "05",
                offered: "",
                status: "03",
            });
        }
    }

    /// Traces of metastatic disease at hospitals that made no record of it.
    fn traces(&mut self, primary: &Primary, spread: &Spread, chance: &mut Chance) {
        let hospital = self.home(spread.date);
        if self.records(hospital).is_none() || primary.date < self.start {
            return;
        }
        let date = spread.date.plus_days(chance.between(5, 60));
        let (meeting, acute) = (self.leaves_trace(chance), chance.happens(0.04));
        if meeting || acute {
            let empty = What::Primary {
                stage: "",
                m: "",
                pairs: Vec::new(),
                progression: None,
            };
            let ready = date.plus_days(chance.between(20, 60));
            let mut statement = self.statement(hospital, ready, primary.date, primary, empty, chance);
            if acute {
                statement.acute.push((date, "06"));
            }
            self.send(statement, About::Trace { meeting }, chance);
        }
    }

    /// Whether a metastatic meeting is written down without a record of the recurrence.
    fn leaves_trace(&self, chance: &mut Chance) -> bool {
        const OF_THOSE_WRITTEN_DOWN: f64 = 2.0 / 15.0;
        let line = self.care.standards.find(Event::Secondary, Item::Meeting);
        let written_down = line.is_some_and(|(_, line)| line.code == Some("0102"));
        chance.happens(OF_THOSE_WRITTEN_DOWN) && written_down
    }

    fn statement(
        &self,
        hospital: usize,
        ready: Date,
        date: Date,
        primary: &Primary,
        what: What,
        chance: &mut Chance,
    ) -> Statement {
        let nurse = chance
            .happens(0.6)
            .then(|| chance.pick(&["Y1", "Y1", "Y3", "Y4", "Y5", "NI", "NN", "99"], "99"));
        let metastatic = self.life.metastatic_on(date);
        let intent = if metastatic {
            chance.pick(&["Z", "Z", "9"], "Z")
        } else {
            chance.pick(&["C", "C", "C", "9"], "C")
        };
        let mut plan = Plan::default();
        if chance.happens(0.5) {
            plan.discussed = Some(date.plus_days(chance.between(3, 30)));
            plan.intent = Some(intent);
        }
        let (icd, side) = (primary.icd, primary.side);
        let death = self.life.death.as_ref().map(|d| d.date).filter(|d| *d <= ready);
        Statement {
            hospital,
            ready,
            date,
            icd,
            side,
            what,
            nurse,
            plan,
            meetings: Vec::new(),
            acute: Vec::new(),
            assessments: Vec::new(),
            treatments: Vec::new(),
            death,
            says: Vec::new(),
        }
    }

    /// Sends a record, and sometimes sends it again later, fuller.
    fn send(&mut self, mut statement: Statement, about: About, chance: &mut Chance) {
        let primary = self.event_of(0);
        let mut sending = Sending::Whole;
        if chance.happens(0.12) {
            let mut again = statement.clone();
            again.ready = again
                .ready
                .plus_days(60 + chance.exponential(120.0).min(900.0) as i32);
            if again.meetings.is_empty() {
                again.meetings.push(Meeting {
                    date: again.date.plus_days(chance.between(3, 20)),
                    kind: "0101",
                    discussion: "",
                });
            }
            again.nurse = again.nurse.or(Some("Y1"));
            self.care
                .standards
                .settle(&mut again, about, Sending::Whole, primary);
            self.care.statements.push(again);
            sending = Sending::First;
        }
        self.care
            .standards
            .settle(&mut statement, about, sending, primary);
        self.care.statements.push(statement);
    }
}

/// The event of the first hospital's record is its own; a second one states what another cared for.
fn here(about: About, place: usize) -> About {
    if place == 0 || about == About::Nothing {
        about
    } else {
        About::Elsewhere
    }
}

/// Pairs as hospitals enter them: the type is sometimes left out, the site sometimes unknown.
fn stated_pairs(spread: &Spread, chance: &mut Chance) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for site in &spread.sites {
        let site = if chance.happens(0.05) {
            "07"
        } else {
            site.national()
        };
        let kind = if chance.happens(0.06) { "" } else { "03" };
        if !pairs.iter().any(|p| p.1 == site) {
            pairs.push((kind, site));
        }
    }
    pairs
}

/// 87 % within 90 days, most within a fortnight.
fn stated_date(truth: Date, chance: &mut Chance) -> Date {
    match chance.weighted(&[0.60, 0.27, 0.10, 0.03]) {
        0 => truth.plus_days(chance.between(0, 14)),
        1 => truth.plus_days((25.0 * chance.normal()).clamp(-60.0, 88.0) as i32),
        2 => truth.plus_days(90 + chance.exponential(120.0).min(900.0) as i32),
        _ => truth.plus_days(-(90 + chance.exponential(60.0).min(300.0) as i32)),
    }
}

/// Statements that cannot be right.
fn impossible(date: Date, pairs: &[Pair], as_of: Date, chance: &mut Chance) -> (Date, Vec<Pair>) {
    match chance.weighted(&[0.3, 0.3, 0.3, 0.1]) {
        0 => (date, vec![("03", "97")]),
        1 => (date, vec![("03", "12")]),
        2 => (
            date,
            vec![(
                chance.pick(&["01", "02"], "01"),
                chance.pick(&["10", "03", "04"], "10"),
            )],
        ),
        _ => (as_of.plus_days(chance.between(200, 3_000)), pairs.to_vec()),
    }
}
