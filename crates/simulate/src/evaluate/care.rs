//! Care measured, beside the care that people truly had.
//!
//! The truth is of everybody with an event in the period, also of those whom no record shows; the measurement is of those
//! found. Where recording depends on the answer, and where people who are not found fare otherwise, the two may differ:
//! that is what this score is for.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use vocabulary::date::Date;

use super::truth::Table;
use crate::error::SimulateError;

/// Event and item of the truth, and the indicator that measures it.
const MEASURED: [(&str, &str, &str); 13] = [
    ("primary", "nurse_at_primary", "nurse-primary"),
    ("primary", "assessment_at_primary", "assessment-primary"),
    ("primary", "care_plan_at_primary", "care-plan-primary"),
    ("secondary", "nurse", "nurse"),
    ("secondary", "assessment", "assessment"),
    ("secondary", "care_plan", "care-plan"),
    ("secondary", "palliative", "palliative-specialist"),
    ("secondary", "key_worker", "key-worker"),
    ("secondary", "support_services", "support-services"),
    ("secondary", "money_and_work", "money-and-work"),
    ("secondary", "gp_informed", "gp-informed"),
    ("secondary", "family_support", "family-support"),
    ("regimen", "trial", "clinical-trial"),
];

/// What the truth says of care.
#[derive(Debug, Clone, Default)]
pub struct CareTruth {
    /// Yes and all, by indicator and organisation.
    shares: BTreeMap<(&'static str, String), (u64, u64)>,
    /// Odds ratio, and whether the recording is that of others, by indicator and organisation.
    habits: BTreeMap<(&'static str, String), (f64, bool)>,
}

/// One cell of the measurement, over the whole period: of an organisation, or `all`.
#[derive(Debug, Clone, PartialEq)]
pub struct CareCell {
    /// The indicator.
    pub indicator: String,
    /// Code, or `all`.
    pub organisation: String,
    /// Known answers.
    pub denominator: i64,
    /// Share of yes, with its interval.
    pub value: Option<(f64, f64, f64)>,
    /// What is said of a hospital.
    pub flag: String,
}

/// One indicator beside the truth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CareScore {
    /// The indicator.
    pub indicator: String,
    /// The true share of yes among all events in the period.
    pub truth: f64,
    /// The measured share; none where nothing is known.
    pub value: Option<f64>,
    /// Low end of its interval.
    pub low: Option<f64>,
    /// High end.
    pub high: Option<f64>,
    /// Hospitals that are truly different.
    pub planted: u64,
    /// Of them, those flagged on the right side.
    pub found: u64,
    /// Hospitals like others that were compared.
    pub ordinary: u64,
    /// Of them, those flagged.
    pub flagged: u64,
}

fn indicator(event: Option<&str>, item: &str) -> Option<&'static str> {
    let found = MEASURED
        .iter()
        .find(|(of, own, _)| *own == item && event.is_none_or(|event| event == *of));
    found.map(|(_, _, indicator)| *indicator)
}

impl CareTruth {
    /// Reads `care.csv` and `care_organisations.csv`; none in a folder without them.
    pub fn read(folder: &Path, (first, last): (Date, Date)) -> Result<Option<Self>, SimulateError> {
        let (care, organisations) = (folder.join("care.csv"), folder.join("care_organisations.csv"));
        if !care.is_file() || !organisations.is_file() {
            return Ok(None);
        }
        let mut truth = Self::default();
        let file = Table::open(&care, ["event", "date", "item", "truth", "organisation"])?;
        file.each(|row, [event, date, item, answer, organisation]| {
            let Some(indicator) = indicator(Some(event), item) else {
                return Ok(());
            };
            let date: Date = date
                .parse()
                .map_err(|_| file.wrong(row, "date must be YYYY-MM-DD"))?;
            if (first..=last).contains(&date) {
                for place in [organisation, "all"] {
                    let own = truth.shares.entry((indicator, place.to_owned())).or_default();
                    own.0 += u64::from(answer == "yes");
                    own.1 += 1;
                }
            }
            Ok(())
        })?;
        let file = Table::open(
            &organisations,
            ["organisation", "item", "odds_ratio", "recording"],
        )?;
        file.each(|row, [organisation, item, odds, recording]| {
            if let Some(indicator) = indicator(None, item) {
                let odds = odds
                    .parse()
                    .map_err(|_| file.wrong(row, "odds_ratio must be a number"))?;
                truth
                    .habits
                    .insert((indicator, organisation.to_owned()), (odds, recording == "usual"));
            }
            Ok(())
        })?;
        Ok(Some(truth))
    }

    /// Each indicator that the truth knows, beside its measurement.
    #[must_use]
    pub fn score(&self, cells: &[CareCell]) -> Vec<CareScore> {
        let scored = MEASURED.iter().filter_map(|(_, _, indicator)| {
            let (yes, all) = self.shares.get(&(*indicator, "all".to_owned()))?;
            Some(self.one(indicator, *yes as f64 / *all as f64, cells))
        });
        scored.collect()
    }

    fn one(&self, indicator: &'static str, truth: f64, cells: &[CareCell]) -> CareScore {
        let own = || cells.iter().filter(|cell| cell.indicator == indicator);
        let whole = own()
            .find(|cell| cell.organisation == "all")
            .and_then(|cell| cell.value);
        let mut score = CareScore {
            indicator: indicator.to_owned(),
            truth,
            value: whole.map(|(value, _, _)| value),
            low: whole.map(|(_, low, _)| low),
            high: whole.map(|(_, _, high)| high),
            planted: 0,
            found: 0,
            ordinary: 0,
            flagged: 0,
        };
        for cell in own().filter(|cell| cell.organisation != "all") {
            let habit = self.habits.get(&(indicator, cell.organisation.clone()));
            let Some((odds, _)) = habit else { continue };
            if *odds == 1.0 {
                score.ordinary += u64::from(cell.flag != "not_compared");
                score.flagged += u64::from(cell.flag.starts_with("high") || cell.flag.starts_with("low"));
            } else {
                let side = if *odds > 1.0 { "high" } else { "low" };
                score.planted += 1;
                score.found += u64::from(cell.flag.starts_with(side));
            }
        }
        score
    }
}

/// Some lines for people.
#[must_use]
pub fn care_words(scores: &[CareScore]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for score in scores {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let measured = match (score.value, score.low, score.high) {
            (Some(value), Some(low), Some(high)) => {
                format!("{} ({} to {})", percent(value), percent(low), percent(high))
            }
            _ => "nothing known".to_owned(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "Care, {}: {} in truth, measured {measured}; {} of {} different hospitals found, {} of {} others flagged.",
            score.indicator,
            percent(score.truth),
            score.found,
            score.planted,
            score.flagged,
            score.ordinary,
        );
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn cell(organisation: &str, flag: &str) -> CareCell {
        CareCell {
            indicator: "nurse".to_owned(),
            organisation: organisation.to_owned(),
            denominator: 50,
            value: Some((0.5, 0.4, 0.6)),
            flag: flag.to_owned(),
        }
    }

    #[test]
    fn what_is_measured_stands_beside_the_truth() {
        let folder = tempfile::tempdir().unwrap();
        let care = "person,event,date,item,truth,recorded,organisation\n\
                    T1,secondary,2021-01-02,nurse,yes,Y1,A\nT2,secondary,2021-01-02,nurse,no,,A\n\
                    T3,secondary,2021-01-02,nurse,yes,,B\nT4,secondary,2018-01-02,nurse,no,,B\n\
                    T4,progression,2021-01-02,nurse,no,,B\n";
        let bodies =
            "organisation,item,odds_ratio,recording\nA,nurse,2,usual\nB,nurse,1,less\nC,nurse,0.5,usual\n";
        fs_err::write(folder.path().join("care.csv"), care).unwrap();
        let days = ("2019-01-01".parse().unwrap(), "2025-12-31".parse().unwrap());
        assert!(CareTruth::read(folder.path(), days).unwrap().is_none());
        fs_err::write(folder.path().join("care_organisations.csv"), bodies).unwrap();
        let truth = CareTruth::read(folder.path(), days).unwrap().unwrap();
        let cells = [
            cell("all", "not_compared"),
            cell("A", "high_99_8"),
            cell("B", "low_95"),
            cell("C", "within"),
        ];
        let score = truth.score(&cells);
        assert_eq!(score.len(), 1);
        // Two of three events of the period, the progression not among them.
        assert!((score[0].truth - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(
            (
                score[0].planted,
                score[0].found,
                score[0].ordinary,
                score[0].flagged
            ),
            (2, 1, 1, 1)
        );
        insta::assert_snapshot!(care_words(&score), @"Care, nurse: 66.7 % in truth, measured 50.0 % (40.0 % to 60.0 %); 1 of 2 different hospitals found, 1 of 1 others flagged.");
    }
}
