//! One survival curve that was given.

use estimate::back_calculation::{
    Assumptions, Deaths, Settings, SurvivalOverTime, back_calculate, beta_share, draw_courses,
};
use estimate::{Confidence, EstimateError, Posterior};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::super::answer::{Answer, Headline, because};
use super::super::curve::curve_json;
use super::super::figures::{from_to, whole};
use super::super::settings::{confidence, draws, seed};
use super::super::working;
use super::course::told;
use super::{METHOD, Options, WHAT};

/// Deaths found at death only: one in ten on average, mostly from none to a quarter.
const FOUND_AT_DEATH: (f64, f64) = (2.0, 18.0);

/// The warning of the field about itself.
const UNUSUAL: &str = "Living over deaths lies outside 2 to 5.5, or new over deaths outside 0.8 to 1.25: look again at \
                       what is taken for granted.";

/// What the deaths say, were this curve right.
pub(super) fn answer(
    deaths: &Deaths,
    curves: &SurvivalOverTime,
    options: &Options,
) -> Result<Answer, Failure> {
    let (settings, factor) = (options.fit.settings(deaths)?, options.fit.factor()?);
    let share = options.fit.found_at_death()?;
    let confidence = confidence(options.confidence)?;
    let drawing = Drawing {
        deaths,
        curves,
        settings,
        factor,
        draws: draws(options.draws, 100)?,
        seed: seed(options.seed),
    };
    let best = back_calculate(deaths, curves, share, &settings);
    let told = best.and_then(|best| Ok((told(&best.course, deaths, factor)?, best)));
    let (told, best) = match told {
        Ok(told) => told,
        Err(reason) => return Ok(Answer::none(METHOD, WHAT, &reason)),
    };
    let last = deaths.last_year();
    let (chance, found_at_death_drawn) = working(|| (drawing.courses(Some(share)), drawing.courses(None)));
    // An interval that takes the survival as given held the truth in 9 of 100 simulations: it is no headline.
    let headline = Headline::estimate(WHAT, METHOD, told.total, None);
    let sentence = format!(
        "About {} people were living with it at the end of {last} under this curve, {} of them diagnosed in the last \
         ten years; the rest is extrapolated.",
        whole(told.total),
        whole(told.within_ten)
    );
    Ok(Answer::new(METHOD, headline, sentence)
        .grid(told.grid)
        .estimates(told.rows)
        .with("curve", curve_json(curves.in_year(last)))
        .with("deviance", best.deviance)
        .with("within_10_years", told.within_ten)
        .with("found_at_death", share)
        .with("factor", factor)
        .with("draws", drawing.draws)
        .with("by_chance", json(&chance, confidence))
        .with("found_at_death_drawn", json(&found_at_death_drawn, confidence))
        .warn("survival_given", survival_given(&chance, confidence))
        .warn_if(told.unusual, "unusual_ratio", UNUSUAL))
}

/// Why there is no interval, and how narrow that of chance alone would be.
fn survival_given(chance: &Result<Drawn, EstimateError>, confidence: Confidence) -> String {
    let alone = chance.as_ref().map_or_else(
        |_| String::new(),
        |drawn| {
            let ends = drawn.living.interval(confidence);
            format!(
                " (chance in the deaths alone leaves {})",
                from_to(ends.low, ends.high, whole)
            )
        },
    );
    format!(
        "The number has no interval: it is as good as the curve{alone}, and deaths cannot tell which curve is right. Try \
         several."
    )
}

/// What draws are made of.
struct Drawing<'a> {
    deaths: &'a Deaths,
    curves: &'a SurvivalOverTime,
    settings: Settings,
    factor: f64,
    draws: usize,
    seed: u64,
}

/// The last year, as draws.
struct Drawn {
    living: Posterior,
    new: Posterior,
}

impl Drawing<'_> {
    /// Courses with a share found at death that is given, or drawn.
    fn courses(&self, share: Option<f64>) -> Result<Drawn, EstimateError> {
        let last = self.deaths.last_year();
        let drawn = draw_courses(
            self.deaths,
            &self.settings,
            self.draws,
            self.seed,
            |rng| {
                let share_found_at_death = match share {
                    Some(share) => share,
                    None => beta_share(FOUND_AT_DEATH.0, FOUND_AT_DEATH.1, rng)?,
                };
                Ok(Assumptions {
                    curves: *self.curves,
                    share_found_at_death,
                })
            },
            |_, course| {
                let living = course.alive_at_end(last)?.total() * self.factor;
                Ok((living, course.new_in(last)? * self.factor))
            },
        )?;
        let (living, new) = drawn.into_iter().unzip();
        Ok(Drawn {
            living: Posterior::from_draws(living)?,
            new: Posterior::from_draws(new)?,
        })
    }
}

fn json(drawn: &Result<Drawn, EstimateError>, confidence: Confidence) -> Value {
    let of = |draws: &Posterior| {
        let ends = draws.interval(confidence);
        json!({
            "median": draws.median(), "mean": draws.mean(), "sd": draws.standard_deviation(), "low": ends.low,
            "high": ends.high,
        })
    };
    match drawn {
        Ok(drawn) => json!({ "living": of(&drawn.living), "new": of(&drawn.new) }),
        Err(reason) => json!({ "reason": because(reason) }),
    }
}
