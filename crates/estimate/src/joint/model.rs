//! The model, prepared once; and one draw of everything that concerns the whole country.
//!
//! A draw is made in two steps. First what all people share: the PPV of each class, the number on no list in each
//! closed set, the rates of silent places, survival, delays. Then, place by place, who it falls on (`place`).

use rand::{Rng, RngExt};

use crate::EstimateError;

use super::alive::AliveAtEnd;
use super::anchor::{self, Anchor};
use super::assumptions::Assumptions;
use super::at_death::{AtDeath, at_death};
use super::before::{Before, Older};
use super::chance::{Cause, Seeds};
use super::check::check;
use super::course::{Course, Courses};
use super::definition::Definition;
use super::grid::Grid;
use super::late::Late;
use super::mixtures::{Mixtures, in_order};
use super::new_people::NewPeople;
use super::result::Settings;
use super::roster::Roster;
use super::sampling::{beta, binomial, gamma, poisson, whole};
use super::sets::{Set, Sets};
use super::silent::Silent;
use super::study::{Confirmed, Study};

/// Curves that draws choose from: more would not widen any interval.
const MOST_COURSES: usize = 2_000;

/// All that is worked out before the first draw.
pub(super) struct Model<'a> {
    pub(super) study: &'a Study,
    pub(super) assumptions: &'a Assumptions,
    pub(super) definition: Definition,
    pub(super) roster: Roster,
    pub(super) grid: Grid,
    pub(super) sets: Sets,
    pub(super) courses: Courses,
    pub(super) silent: Silent,
    pub(super) before: Before,
    pub(super) late: Late,
    pub(super) anchor: Option<Anchor>,
    pub(super) deaths: AtDeath,
}

/// What all people share in one draw.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    pub(super) ppv: Vec<f64>,
    /// People on no list, by set.
    pub(super) unseen: Vec<u32>,
    /// People on no list over people found, at places whose lists speak.
    pub(super) hidden: f64,
    /// People still to be reported over people reported, by year; and how many they are.
    pub(super) late_ratio: Vec<f64>,
    pub(super) late: Vec<u32>,
    /// People at silent places whom nobody found, by leaf.
    pub(super) silent: Vec<u32>,
    pub(super) older: Older,
    /// The share of breast-cancer deaths without metastasis for which the draw leaves room.
    pub(super) without_metastasis: Option<f64>,
    /// Of the deaths found only on certificates, the share that had metastases though no list reached them.
    pub(super) unreached: f64,
    /// Whether charts of people without evidence say how many were not found.
    pub(super) held: bool,
}

/// Everyone whom nobody found, in one draw.
pub(super) struct Unfound {
    /// On no list, by set.
    pub(super) unseen: Vec<f64>,
    /// At silent places, by leaf.
    pub(super) silent: Vec<f64>,
    /// Still to be reported, by year.
    pub(super) late: Vec<f64>,
    /// Of before the records.
    pub(super) older: Older,
    /// People on no list over people found, at places whose lists speak.
    pub(super) hidden: f64,
}

impl<'a> Model<'a> {
    /// Works everything out.
    pub(super) fn of(
        study: &'a Study,
        assumptions: &'a Assumptions,
        settings: &Settings,
        seeds: Seeds,
        mixtures: Mixtures,
    ) -> Result<Self, EstimateError> {
        check(study, assumptions, settings)?;
        let definition = Definition::of(study, assumptions, seeds.seed(Cause::Definition))?;
        let roster = Roster::of(study, &definition.middle);
        if roster.members.is_empty() {
            return Err(super::JointError::Nobody.into());
        }
        // Neither reads the other, and how long people live is one long search on one thread.
        let sets = || {
            let seed = seeds.seed(Cause::Unseen);
            Sets::of(study, assumptions, &roster, &definition, mixtures, seed)
        };
        let courses = || {
            let most = settings.draws.min(MOST_COURSES);
            Courses::of(study, assumptions, &roster, &definition.middle, most, seeds)
        };
        let (sets, courses) = rayon::join(sets, courses);
        let (sets, courses) = (sets?, courses?);
        let silent = Silent::of(
            study,
            &roster,
            &sets,
            &definition.middle,
            seeds.seed(Cause::Silent),
        )?;
        let classes = definition.middle.len();
        Ok(Self {
            study,
            assumptions,
            grid: Grid::of(study, courses.watched),
            before: Before::of(
                study,
                &roster,
                assumptions.growth_before,
                classes,
                mixtures.beliefs,
            ),
            late: Late::of(study, assumptions)?,
            anchor: Anchor::of(study, seeds.seed(Cause::Unseen))?,
            deaths: at_death(
                (study, &roster, &sets),
                &definition.middle,
                assumptions.without_metastasis,
                mixtures.on_certificates,
            ),
            definition,
            roster,
            sets,
            courses,
            silent,
        })
    }

    /// The curves of a draw.
    pub(super) fn courses(&self, seeds: Seeds, draw: usize) -> Result<&[Course; 3], EstimateError> {
        self.courses.pick(seeds, draw).ok_or(EstimateError::NoDraws)
    }

    /// What all people share in one draw.
    pub(super) fn draw(&self, seeds: Seeds, draw: usize) -> Result<Draw, EstimateError> {
        let ppv = self.definition.draw(seeds, draw)?;
        let courses = self.courses(seeds, draw)?;
        let late_ratio = self.late.draw(seeds, draw)?;
        let mut chance = seeds.chance(Cause::Unseen, draw);
        let mut unseen = self.unseen(&ppv, &late_ratio, &mut chance)?;
        let new = NewPeople::of(self, &ppv, &late_ratio, &unseen).sum();
        let rate = self.silent.rate(new);
        let mut silent = self.silent.draw(rate, &ppv, seeds, draw)?;
        let rest = |unseen: Vec<f64>, silent: Vec<f64>| -> Result<Unfound, EstimateError> {
            let new = NewPeople::of(self, &ppv, &late_ratio, &unseen);
            let yearly = new.first_years(self, &ppv, &silent);
            let (hidden, unfound) = new.unfound(&unseen, &silent);
            Ok(Unfound {
                older: self.before.draw((yearly, unfound), courses, &ppv, seeds, draw)?,
                late: new.late,
                hidden,
                unseen,
                silent,
            })
        };
        let (unfound, held) = match &self.anchor {
            Some(anchor) => {
                let wanted = anchor.draw(&mut chance);
                match anchor.confirmed {
                    Confirmed::Established(first, last) => {
                        let years = (first, last);
                        let held = anchor::hold_years(self, years, wanted, &ppv, &mut unseen, &mut silent);
                        (rest(unseen, silent)?, held)
                    }
                    Confirmed::Living => {
                        let alive = AliveAtEnd::of(self, &late_ratio, courses);
                        anchor::hold_living(self, &alive, wanted, rest(unseen, silent)?, rest)?
                    }
                }
            }
            None => (rest(unseen, silent)?, false),
        };
        let Unfound {
            unseen,
            silent,
            late,
            older,
            hidden,
        } = unfound;
        let without_metastasis =
            self.room_for_others((&unseen, &silent, &late), &older, courses, &mut chance);
        let late = late.iter().map(|people| whole(*people, &mut chance)).collect();
        let streams = 2 * self.study.places.len();
        Ok(Draw {
            unreached: self.deaths.unreached(without_metastasis, seeds, streams, draw),
            unseen: unseen.iter().map(|people| whole(*people, &mut chance)).collect(),
            silent: silent.iter().map(|people| whole(*people, &mut chance)).collect(),
            ppv,
            hidden,
            late_ratio,
            late,
            older,
            without_metastasis,
            held,
        })
    }

    /// The people on no list, by set. All sets that have it take the same estimator in a draw, so that what estimators
    /// disagree on does not average out over sets; those without it take the next one.
    fn unseen(&self, ppv: &[f64], late: &[f64], chance: &mut impl Rng) -> Result<Vec<f64>, EstimateError> {
        let order = in_order(&self.sets.estimators, chance.random());
        self.sets
            .sets
            .iter()
            .map(|set| {
                let log = set.first_of(&order).map_or(0.0, |(_, law)| law.draw(chance));
                let away = |(slope, (ppv, middle)): (&f64, (&f64, &f64))| slope * (ppv - middle);
                let moved: f64 = set
                    .slope
                    .iter()
                    .zip(ppv.iter().zip(&self.definition.middle))
                    .map(away)
                    .sum();
                let otherwise: f64 = set
                    .otherwise
                    .iter()
                    .zip(ppv)
                    .map(|(people, ppv)| people * ppv)
                    .sum();
                let closed = (log.exp_m1() * moved.clamp(-3.0, 3.0).exp() - otherwise).max(0.0);
                let all: f64 = self.shares(set, late).map(|(_, _, people)| people).sum();
                beyond((closed, otherwise), set, all, chance)
            })
            .collect()
    }

    /// People of a set by year and kind, weighted by the middle of their PPV, with those still to be reported.
    pub(super) fn shares<'b>(
        &'b self,
        set: &'b Set,
        late: &'b [f64],
    ) -> impl Iterator<Item = (usize, usize, f64)> + 'b {
        set.all.iter().map(|((year, kind, class), people)| {
            let right = self
                .definition
                .middle
                .get(usize::from(*class))
                .copied()
                .unwrap_or(0.0);
            let year = usize::from(*year);
            let more = late.get(year).copied().unwrap_or(0.0);
            (year, *kind as usize, people * right * (1.0 + more))
        })
    }

    /// People on no list by year and kind.
    pub(super) fn spread<'b>(
        &'b self,
        set: &'b Set,
        late: &'b [f64],
        unseen: f64,
    ) -> impl Iterator<Item = (usize, usize, f64)> + 'b {
        let all: f64 = self.shares(set, late).map(|(_, _, people)| people).sum();
        let each = if all > 0.0 { unseen / all } else { 0.0 };
        self.shares(set, late)
            .map(move |(year, kind, people)| (year, kind, people * each))
    }
}

/// The people on no list of a whole set, from those of its people who were watched long enough.
///
/// **Formula.** With *u* whom nobody found and *o* found otherwise on no list among those who are compared, the odds *w* to be
/// on none are [drawn](crate::lists::Missed::odds) for all *u* + *o*. Of those on none a share *s* ~ Beta(*u*, *o*) is not found,
/// so for each person found *s w*/(1 + (1 − *s*) *w*) are not; without *o* that is *w*. Beside *m* further people stand a
/// Poisson number of mean Γ(*m*) times these odds, Γ being a gamma number of that shape. Of a set that borrows, its own are a
/// binomial number of the *u*, its share being Beta(own, others).
pub(super) fn beyond(
    (unseen, otherwise): (f64, f64),
    set: &Set,
    all: f64,
    chance: &mut impl Rng,
) -> Result<f64, EstimateError> {
    // Nobody of a set may be watched long enough where it borrows from a wider one.
    if set.ready <= 0.0 {
        return Ok(0.0);
    }
    let others = set.ready - set.own;
    let own = if others > 1e-6 {
        let share = beta(set.own, others, chance)?;
        f64::from(binomial(whole(unseen, chance), share, chance))
    } else {
        unseen
    };
    let mut odds = set.missed.odds(unseen + otherwise, chance);
    if otherwise > 0.0 {
        let share = beta(unseen, otherwise, chance)?;
        odds *= share / (1.0 + (1.0 - share) * odds);
    }
    let further = poisson(gamma(all - set.own, chance)? * odds, chance)?;
    Ok(own + further as f64)
}
