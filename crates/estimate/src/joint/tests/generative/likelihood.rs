//! The log-likelihood of a country, as a quantity that is ranked, and the prior of its curve.

use crate::joint::course::{Course, STEP};
use crate::joint::{Exit, Person};
use crate::lists::Distribution as Law;

use super::world::{END, SCALE, SHAPE, WITHOUT, World};

impl World {
    /// The log-likelihood of the lists, of everyone's follow-up, of the certificates, and of all, but for constants.
    ///
    /// A quantity that is ranked may use no datum that the core does not: of the lists, those of people watched long
    /// enough, at as many unseen as fall on them of all.
    pub(super) fn log_likelihood(&self, course: &Course, everyone: f64, without: f64) -> Option<[f64; 4]> {
        let Law::Steps { below, .. } = &self.law else {
            return None;
        };
        let unseen = ((everyone - self.seen) * self.ready / self.seen).round();
        let at = unseen.max(0.0) as usize;
        let chance = below.get(at)? - at.checked_sub(1).map_or(0.0, |before| below[before]);
        // The posterior times N, its prior being 1/N; far out its steps are lost in rounding.
        let lists = chance.max(1e-16).ln() + (self.ready + unseen).ln();
        let followed: f64 = (self.study.people.iter())
            .filter(|person| !person.only_at_death)
            .map(|person| followed(course, person))
            .sum();
        let certificates = self.certificates(without);
        Some([lists, followed, certificates, lists + followed + certificates])
    }

    /// Of all breast-cancer deaths so many without metastasis: a beta-negative-binomial chance.
    fn certificates(&self, without: f64) -> f64 {
        use statrs::function::gamma::ln_gamma;
        let dead = |person: &&Person| matches!(person.exit, Exit::OfBreastCancer(_));
        let all = self.study.people.iter().filter(dead).count() as f64;
        let others = (without * all).round();
        let with = all - others;
        ln_gamma(all) - ln_gamma(others + 1.0) - ln_gamma(with)
            + ln_gamma(WITHOUT.alpha + others)
            + ln_gamma(WITHOUT.beta + with)
    }
}

/// The log-chance of one person's follow-up: of the step of the course in which it ended, and of how.
fn followed(course: &Course, person: &Person) -> f64 {
    let time = person.exit.time().min(END) - person.established;
    if person.exit == Exit::Alive {
        return course.alive_after(time).max(1e-12).ln();
    }
    let from = (time / STEP).floor() * STEP;
    let gone = course.alive_after(from) - course.alive_after(from + STEP);
    let share = match person.exit {
        Exit::OfBreastCancer(_) => course.share_of_disease(time),
        _ => 1.0 - course.share_of_disease(time),
    };
    (gone * share).max(1e-12).ln()
}

/// The logarithm of the prior of a Weibull curve, over the flat one that the core takes.
pub(super) fn log_prior(course: &Course) -> f64 {
    // The cumulative hazard of the disease, (t/scale)^shape, after one year and after two.
    let hazard = |years: f64| -> f64 {
        let steps = (years / STEP).round() as usize;
        let within = |step: usize| {
            let [from, to] = [step, step + 1].map(|step| course.alive_after(step as f64 * STEP));
            (from / to).ln() * course.share_of_disease((step as f64 + 0.5) * STEP)
        };
        (0..steps).map(within).sum()
    };
    let shape = (hazard(2.0) / hazard(1.0)).log2();
    let scale = hazard(1.0).powf(-1.0 / shape);
    let of = |value: f64, (middle, spread): (f64, f64)| -((value / middle).ln() / spread).powi(2) / 2.0;
    of(shape, SHAPE) + of(scale, SCALE)
}
