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

/// Items of which only a yes is ever written down: silence means both, so a hospital that differs on one cannot be told
/// from one that records otherwise, and none is ever flagged.
const DOCUMENTED: [&str; 5] = [
    "mdt",
    "mdt_at_primary",
    "plan_intent",
    "plan_intent_at_primary",
    "cord_compression",
];

/// What the truth says of care.
#[derive(Debug, Clone, Default)]
pub struct CareTruth {
    /// Yes and all, by indicator and organisation.
    shares: BTreeMap<(&'static str, String), (u64, u64)>,
    /// Odds ratio, and whether the recording is that of others, by indicator and organisation.
    habits: BTreeMap<(&'static str, String), (f64, bool)>,
    /// Hospitals that are truly different on what is only documented, by item.
    unscored: BTreeMap<String, u64>,
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
    /// Hospitals that are truly different, whether they were compared or not.
    pub planted: u64,
    /// Of them, those compared.
    pub planted_compared: u64,
    /// Of them, those flagged on the right side, by the limits of 95 % or of 99.8 %.
    pub found: u64,
    /// Hospitals like others that were compared, so that they could be flagged.
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
            let number = || {
                odds.parse::<f64>()
                    .map_err(|_| file.wrong(row, "odds_ratio must be a number"))
            };
            if let Some(indicator) = indicator(None, item) {
                let habit = (number()?, recording == "usual");
                truth.habits.insert((indicator, organisation.to_owned()), habit);
            } else if DOCUMENTED.contains(&item) && number()? != 1.0 {
                *truth.unscored.entry(item.to_owned()).or_default() += 1;
            }
            Ok(())
        })?;
        Ok(Some(truth))
    }

    /// Hospitals that are truly different on what is only documented, by item: none can be found.
    #[must_use]
    pub fn unscored(&self) -> &BTreeMap<String, u64> {
        &self.unscored
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
            planted_compared: 0,
            found: 0,
            ordinary: 0,
            flagged: 0,
        };
        let flags: BTreeMap<&str, &str> = own()
            .map(|cell| (cell.organisation.as_str(), cell.flag.as_str()))
            .collect();
        // All hospitals of the truth: one that has no cell was not found either.
        let habits = self.habits.iter().filter(|((own, _), _)| *own == indicator);
        for ((_, organisation), (odds, _)) in habits {
            let flag = flags.get(organisation.as_str()).copied().unwrap_or_default();
            let off = flag.starts_with("high") || flag.starts_with("low");
            let compared = off || flag == "within";
            if *odds == 1.0 {
                score.ordinary += u64::from(compared);
                score.flagged += u64::from(off);
            } else {
                let side = if *odds > 1.0 { "high" } else { "low" };
                score.planted += 1;
                score.planted_compared += u64::from(compared);
                score.found += u64::from(flag.starts_with(side));
            }
        }
        score
    }
}

/// Some lines for people.
#[must_use]
pub fn care_words(scores: &[CareScore], unscored: &BTreeMap<String, u64>) -> String {
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
            "Care, {}: {} in truth, measured {measured}; {} of {} different hospitals found ({} compared), {} of {} others flagged.",
            score.indicator,
            percent(score.truth),
            score.found,
            score.planted,
            score.planted_compared,
            score.flagged,
            score.ordinary,
        );
    }
    if !scores.is_empty() {
        text.push_str(
            "Care: found or flagged is a hospital outside the limits of 95 % or of 99.8 %; others are those like the rest that were compared.\n",
        );
    }
    if !unscored.is_empty() {
        let items: Vec<String> = unscored
            .iter()
            .map(|(item, hospitals)| format!("{item} {hospitals}"))
            .collect();
        let _ = writeln!(
            text,
            "Care, hospitals planted on what is only documented, which cannot be found: {}.",
            items.join(", ")
        );
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::care::standards::habits::TRULY;

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
        let bodies = "organisation,item,odds_ratio,recording\nA,nurse,2,usual\nB,nurse,1,less\nC,nurse,0.5,usual\n\
                      D,nurse,1,usual\nD,mdt,2,usual\nA,mdt,1,usual\n";
        fs_err::write(folder.path().join("care.csv"), care).unwrap();
        let days = ("2019-01-01".parse().unwrap(), "2025-12-31".parse().unwrap());
        assert!(CareTruth::read(folder.path(), days).unwrap().is_none());
        fs_err::write(folder.path().join("care_organisations.csv"), bodies).unwrap();
        let truth = CareTruth::read(folder.path(), days).unwrap().unwrap();
        let mut cells = vec![
            cell("all", "not_compared"),
            cell("A", "high_99_8"),
            cell("B", "low_95"),
            cell("D", "not_enough_recorded"),
            cell("C", "within"),
        ];
        let score = truth.score(&cells);
        assert_eq!(score.len(), 1);
        // Two of three events of the period, the progression not among them.
        assert!((score[0].truth - 2.0 / 3.0).abs() < 1e-12);
        let counts = |score: &CareScore| {
            [
                score.planted,
                score.planted_compared,
                score.found,
                score.ordinary,
                score.flagged,
            ]
        };
        // D records too little to be flagged, so it is not among the others.
        assert_eq!(counts(&score[0]), [2, 2, 1, 1, 1]);
        assert_eq!(
            care_words(&score, truth.unscored()),
            "Care, nurse: 66.7 % in truth, measured 50.0 % (40.0 % to 60.0 %); 1 of 2 different hospitals found (2 compared), 1 of 1 others flagged.\n\
             Care: found or flagged is a hospital outside the limits of 95 % or of 99.8 %; others are those like the rest that were compared.\n\
             Care, hospitals planted on what is only documented, which cannot be found: mdt 1.\n"
        );
        // C is different, also where nothing was measured of it.
        cells.retain(|cell| cell.organisation != "C");
        assert_eq!(counts(&truth.score(&cells)[0]), [2, 1, 1, 1, 1]);
    }

    #[test]
    fn what_is_planted_is_scored_or_said_to_be_unscored() {
        for item in TRULY.iter().copied().flatten() {
            let name = item.as_str();
            assert!(
                indicator(None, name).is_some() != DOCUMENTED.contains(&name),
                "{name}"
            );
        }
    }
}
