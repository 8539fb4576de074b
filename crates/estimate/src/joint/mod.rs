//! The joint estimate: one illness–death model, one set of draws, from which every published count comes.
//!
//! **Who is counted.** People, women and men, with true distant metastatic breast cancer, whatever the tier of their
//! evidence. Regional nodes and local recurrence are not. *New*: first distant metastasis clinically established in
//! the year. *Living*: established on or before a day, and alive at its end. *Died*: of any cause; with breast cancer
//! as the underlying cause apart. *Left*: emigrated or lost. *Place*: where the disease was established, for life.
//!
//! **The balance.** Living at the end = living at the start + new − died − left, in every draw, at every level.
//!
//! **Each datum enters once:**
//!
//! | datum | enters | must not feed as well |
//! |---|---|---|
//! | expected link errors of a person | the person's weight in the draw | the review's frame |
//! | class of evidence, and its charts | the class's PPV, one for all people of the class in a draw | sensitivity of a source |
//! | lists within the window | the unseen of the person's closed set | completeness of the same lists |
//! | deaths of people on lists | their own exits, and the survival of people not followed | the national check |
//! | deaths found only on certificates | weights of the draws, through f₀; the rates of silent organisations | the unseen once more |
//! | primaries registered | what to expect of silent organisations | new cases elsewhere |
//! | what earlier runs knew | reports to come in the last periods | the unseen (sets are closed before) |
//! | charts of people without evidence | the number unseen, in place of the lists' own | PPV |
//! | national deaths | nothing: the outside check | everything |
//!
//! **What is a posterior, and what is not.** No single prior and likelihood stand behind the whole. A *cut* passes what one
//! part says on to the next and lets nothing come back; a *mixture* proposes members with equal weights because no datum of
//! its own tells which is right, and the certificates, which weigh whole draws, keep what they allow of each. A posterior is
//! what is left, the generative core: people by year of metastatic diagnosis, lists, exits and survival, f₀.
//!
//! | part | is |
//! |---|---|
//! | people on no list, by decomposable graphs, 1/*N* | posterior, core |
//! | beside people not watched long enough; over years and places | posterior, core (gamma shapes are the counts: Haldane's prior) |
//! | hazards and one family of survival, from people followed | posterior, core (of the curve Laplace's, with flat priors of the logarithms) |
//! | deaths of people on no list by the end; f₀ and certificates, by weights | posterior, core |
//! | people whom no list reached and a certificate names | posterior of f₀ and a flat prior of their number; cut: the weights know nothing of them |
//! | exits of single people on no list | core, but drawn afresh after the weights: what a certificate says of the *number* that died, beyond f₀'s own spread, is lost |
//! | PPV | posterior of its charts; cut: lists and deaths say nothing back of it, and lists are fitted at its middle |
//! | link errors | cut: taken as expected |
//! | several estimators of the unseen, families by AIC and after the years watched, two beliefs of years before, two of deaths on certificates alone | mixtures |
//! | silent places | posterior of a Poisson–gamma family; cut: new people elsewhere are given |
//! | reports to come | posterior of what the runs knew; cut |
//! | charts of people without evidence | posterior of the review; cut: proportions are the lists' |
//!
//! Simulation-based calibration is the test of the core, on the path of the published draws with each mixture held at one
//! member (`tests/generative`); for cuts and mixtures it is how often intervals hold the truth (`tests/calibration.rs`).

mod ahead;
mod alive;
mod anchor;
mod assumptions;
mod at_death;
mod before;
mod chance;
mod check;
mod course;
mod definition;
mod error;
mod figures;
mod grid;
mod late;
mod mixtures;
mod model;
mod new_people;
mod place;
mod proposals;
mod ratios;
mod result;
mod roster;
mod routes;
mod run;
mod sampling;
mod sets;
mod silent;
mod split;
mod statements;
mod study;
#[cfg(test)]
mod tests;
mod totals;
mod warnings;
mod width;

pub use ahead::{Ahead, FARTHEST, NewAhead};
pub use assumptions::{Assumptions, BetaPrior, Delay, EvidenceClass, Ppv, Statement};
pub use chance::Cause;
pub use error::JointError;
pub use result::{
    AgeBand, Cell, Checks, Figures, Joint, Level, Measure, Route, RouteName, Settings, Status, Width, Year,
};
pub use study::{
    Charts, Confirmed, Exit, Kind, NationalDeaths, Person, Place, Sample, Sex, Study, Time, Unflagged,
};
pub use warnings::{Loudness, Warning, WarningCode};

use crate::EstimateError;
use chance::Seeds;
use mixtures::Mixtures;

/// The joint estimate of a study: every count, cell by cell, and what must be said beside them.
///
/// Cells come place by place in a fixed order (by nation and network), a level after the places it is made of; all are
/// in whole people. Cells in which no draw has anybody are left out, but for the totals.
///
/// **Formula.** In each draw: every class of evidence gets a PPV, by its prior or its charts; every person counts as
/// often as that PPV and the links allow; to each closed set are added the people on none of its lists, by one of the
/// estimators of [`lists`](crate::lists), all sets that have it by the same; silent organisations are filled from a Poisson–gamma
/// family of their peers and from their deaths; people of before the records from new cases and survival; late reports
/// from reverse-time hazards. Draws are weighted by the chance of as many breast-cancer deaths without metastasis as they
/// leave room for, f₀ integrated over its prior. Whoever nobody found gets an exit from the survival of the draw and
/// falls on a place. Then everyone is counted.
///
/// **Source.** The pieces as named in [`lists`](crate::lists), [`shrink`](crate::shrink),
/// [`survival`](crate::survival), [`prevalence`](crate::prevalence), [`delay`](crate::delay) and
/// [`misclassification`](crate::misclassification); that new, living and died come from one illness–death model: A.
/// Verdecchia and others, Statistics in Medicine 8 (1989) 201–216.
///
/// **When it fails.** People whom no list can reach are not seen, so the status is [`Status::LowerBound`] until charts
/// of people without evidence were drawn at random. People on no list are taken to live as long as those found. An
/// organisation that fell silent because it is unlike the others is filled with the others.
///
/// **Errors.** [`JointError`], whose texts fit behind "cannot be estimated, because "; what the pieces refuse.
pub fn joint(
    study: &Study,
    assumptions: &Assumptions,
    settings: &Settings,
    cell: &mut dyn FnMut(Cell),
) -> Result<Joint, EstimateError> {
    let Drawn {
        model,
        kept,
        counted,
        years,
        status,
    } = Drawn::of(study, assumptions, settings, Mixtures::ALL, cell)?;
    let checks = ratios::checks(&model, &kept, &years, &counted.country, settings.seed);
    let routes = routes::routes(&model, &years, settings.seed);
    let warnings = warnings::warnings(&warnings::Seen {
        model: &model,
        kept: &kept,
        checks: &checks,
        routes: &routes,
        anchored: status == Status::Estimate,
    });
    Ok(Joint {
        status,
        width: width::width(&model, &counted, &years, settings.seed),
        ahead: ahead::ahead(&model, &kept, &years, Seeds::of(settings.seed)),
        country: years,
        checks,
        routes,
        warnings,
        assumptions: statements::statements(assumptions, status),
        effective_draws: kept.effective,
    })
}

/// The model and its draws: all that is published rests on them.
struct Drawn<'a> {
    model: model::Model<'a>,
    kept: proposals::Kept,
    counted: run::Counted,
    years: Vec<Year>,
    status: Status,
}

impl<'a> Drawn<'a> {
    /// Works the model out, keeps the draws that the deaths speak for, and counts everyone in them.
    fn of(
        study: &'a Study,
        assumptions: &'a Assumptions,
        settings: &Settings,
        mixtures: Mixtures,
        cell: &mut dyn FnMut(Cell),
    ) -> Result<Self, EstimateError> {
        let seeds = Seeds::of(settings.seed);
        let model = model::Model::of(study, assumptions, settings, seeds, mixtures)?;
        let kept = proposals::Kept::of(&model, seeds, settings.draws, settings.seed)?;
        let held = kept.draws().iter().all(|(_, draw)| draw.held);
        let status = if held {
            Status::Estimate
        } else {
            Status::LowerBound
        };
        let counted = run::run(&model, &kept, settings, seeds, status, cell)?;
        let years = run::years(&model, &counted.country);
        Ok(Self {
            model,
            kept,
            counted,
            years,
            status,
        })
    }
}
