//! The score in words, for a terminal.

use super::{EstimateScore, Measure, Score, Share};
use std::fmt::Write as _;

impl Score {
    /// Some lines for people.
    pub fn words(&self) -> String {
        let mut text = String::new();
        let (l, c, v) = (&self.linkage, &self.cases, &self.living);
        let f1 = l.f1.map_or_else(|| "none".to_owned(), |f1| format!("{f1:.4}"));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "Linkage: {} records of {} people became {} people; pair precision {}, pair recall {}, F1 {f1}; {} people split, {} people mixed.",
            l.records,
            l.true_people,
            l.found_people,
            fine(l.precision),
            fine(l.recall),
            l.split,
            l.merged,
        );
        let _ = writeln!(
            text,
            "Cases (tiers A to C): sensitivity {}, specificity {}, positive predictive value {}.",
            of(c.sensitivity),
            of(c.specificity),
            of(c.ppv),
        );
        if c.repeated + c.unmatched > 0 {
            let _ = writeln!(
                text,
                "Of the false cases, {} repeat a person and {} hold no known record.",
                c.repeated, c.unmatched
            );
        }
        let _ = writeln!(
            text,
            "Of the right cases: kind right {} ({} where stated), date within 90 days {} ({} where the sources can know it), organisation right {}.",
            of(c.kind),
            of(c.kind_of_stated),
            of(c.date_90),
            of(c.date_90_known),
            of(c.organisation),
        );
        for tier in &self.tiers {
            let _ = writeln!(
                text,
                "Tier {}: {} cases, {} of them right; the best case of {} of the people who have it.",
                tier.tier,
                tier.right.whole,
                percent(tier.right),
                percent(tier.of_truth),
            );
        }
        let _ = writeln!(
            text,
            "Living with it: {} in truth, {} found, {} in both.",
            v.truth, v.found, v.both
        );
        text.push_str(&estimates(&self.estimates));
        text
    }
}

/// How many intervals hold the truth, and the last of people living.
fn estimates(scores: &[EstimateScore]) -> String {
    let mut text = String::new();
    for (measure, whom) in [
        (Measure::Living, "people living, year by year"),
        (Measure::New, "people new, year by year"),
        (Measure::Died, "people who died, year by year"),
    ] {
        let of: Vec<&EstimateScore> = scores.iter().filter(|score| score.measure == measure).collect();
        let Some(last) = of.last() else { continue };
        let count = |wanted: fn(&EstimateScore) -> bool| of.iter().filter(|score| wanted(score)).count();
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "Estimates of {whom}: {} of {} intervals begin at or below the truth, which is what a lower bound promises; \
             {} hold it; the last says {:.0} ({:.0} to {:.0}), in truth {}.",
            count(|score| score.at_least),
            of.len(),
            count(|score| score.held),
            last.estimate,
            last.low,
            last.high,
            last.truth
        );
    }
    text
}

fn percent(share: Share) -> String {
    share
        .value()
        .map_or_else(|| "none".to_owned(), |value| format!("{:.1} %", value * 100.0))
}

fn fine(share: Share) -> String {
    share
        .value()
        .map_or_else(|| "none".to_owned(), |value| format!("{value:.5}"))
}

fn of(share: Share) -> String {
    share.value().map_or_else(
        || "none".to_owned(),
        |value| format!("{value:.3} ({} of {})", share.part, share.whole),
    )
}
