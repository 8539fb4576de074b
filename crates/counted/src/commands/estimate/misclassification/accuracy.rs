//! A flag whose accuracy was validated, or is known.

use estimate::misclassification::{
    Accuracy, Measured, RoganGladen, Validation, Validity, rogan_gladen, rogan_gladen_draws,
    rogan_gladen_known,
};
use estimate::{Confidence, EstimateError, Interval, Posterior, Proportion, Tally, wilson};
use serde_json::{Value, json};

use crate::exit::Failure;

use super::super::answer::{Answer, Grid, Headline, because};
use super::super::columns::{NAME, Names};
use super::super::figures::{from_to, plain, whole};
use super::super::groups::label;
use super::super::rows::Row;
use super::super::settings::{confidence, draws, seed, told_apart, without_say};
use super::super::table::{Line, Table};
use super::{METHOD, Options, WHAT};

const CELLS: [Names; 4] = [
    Names(&["tp", "true_positives", "true_positive"]),
    Names(&["fp", "false_positives", "false_positive"]),
    Names(&["fn", "false_negatives", "false_negative"]),
    Names(&["tn", "true_negatives", "true_negative"]),
];
const FLAGGED: Names = Names(&[
    "flagged",
    "test_positive",
    "positive",
    "positives",
    "x",
    "apparent",
    "r",
]);
const TOTAL: Names = Names(&["total", "people", "n", "population", "denominator", "tested"]);
const SENSITIVITY: Names = Names(&["sensitivity", "se", "sens"]);
const SPECIFICITY: Names = Names(&["specificity", "sp", "spec"]);
const MEASURED_ON: [Names; 2] = [
    Names(&["n_pos", "npos", "n_positive", "with_disease", "sensitivity_n"]),
    Names(&["n_neg", "nneg", "n_negative", "without_disease", "specificity_n"]),
];

/// One row of the file.
struct Case {
    name: String,
    validation: Option<Validation>,
    accuracy: Result<Accuracy, EstimateError>,
    flagged: Tally,
}

/// Every row of the file.
pub(super) fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let confidence = confidence(options.confidence)?;
    let (draws, seed) = (draws(options.draws, 4_000)?, seed(options.seed));
    used(table, options)?;
    let mut told = Told {
        all_read: table.find(FLAGGED).is_none(),
        ..Told::default()
    };
    for line in &table.rows {
        let Some(case) = case(table, line, options)? else {
            told.set_aside += 1;
            continue;
        };
        told.case(&case, confidence, draws, seed);
    }
    let rows = table.rows.len();
    let assumed = if told.all_read {
        "whoever read the charts is right."
    } else {
        "the accuracy of the flag holds for these people too, and is of other people than those flagged."
    };
    Ok(told
        .answer()
        .with("observed", json!({ "rows": rows }))
        .with("draws", draws)
        .assuming(assumed))
}

/// Refuses shares of the flag that are none, and those that the file says itself.
fn used(table: &Table, options: &Options) -> Result<(), Failure> {
    let [sensitivity, specificity] = options.of_flag();
    if CELLS.iter().all(|names| table.find(*names).is_some()) {
        without_say(
            &[sensitivity, specificity],
            "the file holds a validation of the flag, which says it; leave it out",
        )?;
    } else {
        for (names, option) in [(SENSITIVITY, sensitivity), (SPECIFICITY, specificity)] {
            if table.find(names).is_some() {
                without_say(&[option], "the file says it in a column of its own; leave it out")?;
            }
        }
    }
    told_apart(
        [sensitivity.0, specificity.0],
        [options.sensitivity, options.specificity],
    )
}

/// What the row that leads says of its people.
enum Lead {
    /// How many have the disease by the flag and its accuracy, and of how many people.
    Flag(Result<RoganGladen, EstimateError>, f64),
    /// How many have it by their own charts, all of which were read, and of how many people.
    Charts(f64, f64),
}

/// What was said so far.
#[derive(Default)]
struct Told {
    rows: Vec<Value>,
    validities: Vec<Value>,
    lead: Option<Lead>,
    /// Whether the people are those of the validation: then every one of their charts was read.
    all_read: bool,
    clipped: bool,
    set_aside: usize,
    cases: usize,
}

impl Told {
    fn case(&mut self, case: &Case, confidence: Confidence, draws: usize, seed: u64) {
        self.cases += 1;
        if let Some(validation) = &case.validation {
            self.validities
                .push(of_validity(&case.name, validation.validity(confidence)));
        }
        let people = case.flagged.whole as f64;
        let accuracy = case.accuracy.clone();
        let found = accuracy
            .clone()
            .and_then(|accuracy| rogan_gladen(case.flagged, accuracy, confidence));
        let known = accuracy.and_then(|accuracy| {
            let (se, sp) = (accuracy.sensitivity.value, accuracy.specificity.value);
            rogan_gladen_known(case.flagged, se, sp, confidence)
        });
        self.clipped |= found.as_ref().is_ok_and(|found| found.clipped);
        let mut by_flag = vec![
            of_share("rogan-gladen", &case.name, &found, people),
            of_share("rogan-gladen-known", &case.name, &known, people),
        ];
        if let Some(validation) = &case.validation {
            let drawn = rogan_gladen_draws(case.flagged, validation, draws, seed);
            by_flag.push(of_draws(&case.name, &drawn, people, confidence));
        }
        let mut lead = Lead::Flag(found, people);
        if let (true, Some(validation), Ok(_)) = (self.all_read, &case.validation, &case.accuracy) {
            let confirmed = validation
                .true_positives
                .saturating_add(validation.false_negatives) as f64;
            let row = Row::new("confirmed", &case.name).with("people", people);
            self.rows.push(row.n(confirmed).json());
            by_flag = by_flag.into_iter().map(as_check).collect();
            lead = Lead::Charts(confirmed, people);
        }
        self.rows.append(&mut by_flag);
        if let Ok(apparent) = wilson(case.flagged.part, case.flagged.whole, confidence) {
            let row = Row::new("apparent", &case.name).with("share", apparent.value);
            self.rows.push(
                row.n(case.flagged.part as f64)
                    .within(times(apparent.interval, people))
                    .json(),
            );
        }
        self.lead.get_or_insert(lead);
    }

    /// How good the flag is by each validation, as a table to read.
    fn grid(&self) -> Grid {
        let mut grid = Grid::new(
            "The flag:",
            &["validation", "sensitivity", "specificity", "PPV", "NPV"],
        );
        for validity in &self.validities {
            let cell = |key: &str| {
                validity
                    .get(key)
                    .and_then(|share| share.get("value"))
                    .and_then(Value::as_f64)
            };
            let name = validity.get("name").and_then(Value::as_str).unwrap_or_default();
            let shares = ["sensitivity", "specificity", "ppv", "npv"]
                .map(|key| cell(key).map_or_else(|| "–".to_owned(), plain));
            grid.row(std::iter::once(name.to_owned()).chain(shares));
        }
        grid
    }

    /// What the first row says of the people, and what to know of all rows.
    fn answer(self) -> Answer {
        let grid = self.grid();
        led_by(self.lead)
            .grid(grid)
            .estimates(self.rows)
            .with("validations", Value::Array(self.validities))
            .warn_if(
                self.cases > 1,
                "several",
                "The first row leads; the others are among the estimates.",
            )
            .warn_if(
                self.clipped,
                "clipped",
                "The formula gave a share outside 0 to 1, and it was cut: the flag and its accuracy do not fit each other.",
            )
            .warn_if(
                self.set_aside > 0,
                "set_aside",
                format!("{} rows with a missing figure were set aside.", self.set_aside),
            )
            .warn_if(
                !self.all_read,
                "rare",
                "For a rare disease what is not known of the specificity rules; a random review of flagged and unflagged \
                 charts says more for less work.",
            )
    }
}

/// How many have the disease by the row that leads.
fn led_by(lead: Option<Lead>) -> Answer {
    match lead {
        Some(Lead::Charts(confirmed, people)) => {
            // Nothing was drawn by chance, so there is no interval.
            let headline = Headline::estimate(WHAT, "confirmed", confirmed, None);
            let sentence = format!(
                "{} of {} people have the disease: all of their charts were read.",
                whole(confirmed),
                whole(people)
            );
            Answer::new(METHOD, headline, sentence)
        }
        Some(Lead::Flag(Ok(found), people)) => {
            let ends = times(found.interval, people);
            let headline = Headline::estimate(
                WHAT,
                "rogan-gladen",
                found.share * people,
                Some((ends.low, ends.high)),
            );
            let sentence = format!(
                "{} of {} people have the disease ({}).",
                whole(found.share * people),
                whole(people),
                from_to(ends.low, ends.high, whole)
            );
            Answer::new(METHOD, headline, sentence)
        }
        Some(Lead::Flag(Err(reason), _)) => Answer::none(METHOD, WHAT, &reason),
        None => Answer::none(METHOD, WHAT, &EstimateError::Empty),
    }
}

/// One row; none where a figure of it is missing.
fn case(table: &Table, line: &Line, options: &Options) -> Result<Option<Case>, Failure> {
    let name = label(table, line, table.find(NAME));
    let cells = CELLS.map(|names| table.find(names));
    let mut validation = None;
    if let [Some(tp), Some(fp), Some(missed), Some(tn)] = cells {
        let counts = [tp, fp, missed, tn].map(|column| table.count(line, column));
        let [
            Some(true_positives),
            Some(false_positives),
            Some(false_negatives),
            Some(true_negatives),
        ] = flat(counts)?
        else {
            return Ok(None);
        };
        validation = Some(Validation {
            true_positives,
            false_negatives,
            false_positives,
            true_negatives,
        });
    }
    let flagged = match (table.find(FLAGGED), &validation) {
        (Some(flagged), _) => {
            let total = table.need(TOTAL)?;
            let (Some(part), Some(whole)) = (table.count(line, flagged)?, table.count(line, total)?) else {
                return Ok(None);
            };
            Tally::new(part, whole).map_err(|error| table.wrong_row(line, &error.to_string()))?
        }
        // Without others, the flag is applied to the people it was validated on.
        (None, Some(of)) => {
            let part = of.true_positives.saturating_add(of.false_positives);
            let rest = of.false_negatives.saturating_add(of.true_negatives);
            Tally {
                part,
                whole: part.saturating_add(rest),
            }
        }
        (None, None) => {
            table.need(FLAGGED)?;
            return Ok(None);
        }
    };
    let accuracy = match &validation {
        Some(validation) => Accuracy::measured(validation),
        None => match stated(table, line, options)? {
            Some(accuracy) => Ok(accuracy),
            None => return Ok(None),
        },
    };
    Ok(Some(Case {
        name,
        validation,
        accuracy,
        flagged,
    }))
}

fn flat<const N: usize>(counts: [Result<Option<u64>, Failure>; N]) -> Result<[Option<u64>; N], Failure> {
    let mut found = [None; N];
    for (place, count) in found.iter_mut().zip(counts) {
        *place = count?;
    }
    Ok(found)
}

/// Sensitivity and specificity as the file or the call states them.
fn stated(table: &Table, line: &Line, options: &Options) -> Result<Option<Accuracy>, Failure> {
    let share = |names: Names, typed: Option<f64>| match (table.find(names), typed) {
        (Some(column), _) => table.number(line, column),
        (None, Some(typed)) => Ok(Some(typed)),
        (None, None) => table.need(names).map(|_| None),
    };
    let people = |names: Names| {
        table
            .find(names)
            .map_or(Ok(None), |column| table.count(line, column))
    };
    let (Some(se), Some(sp)) = (
        share(SENSITIVITY, options.sensitivity)?,
        share(SPECIFICITY, options.specificity)?,
    ) else {
        return Ok(None);
    };
    Ok(Some(Accuracy {
        sensitivity: Measured {
            value: se,
            people: people(MEASURED_ON[0])?,
        },
        specificity: Measured {
            value: sp,
            people: people(MEASURED_ON[1])?,
        },
    }))
}

fn of_validity(name: &str, validity: Result<Validity, EstimateError>) -> Value {
    let share =
        |of: Proportion| json!({ "value": of.value, "low": of.interval.low, "high": of.interval.high });
    match validity {
        Ok(of) => json!({
            "name": name, "sensitivity": share(of.sensitivity), "specificity": share(of.specificity),
            "ppv": share(of.ppv), "npv": share(of.npv),
        }),
        Err(reason) => json!({ "name": name, "reason": because(&reason) }),
    }
}

fn of_share(method: &str, name: &str, found: &Result<RoganGladen, EstimateError>, people: f64) -> Value {
    let row = Row::new(method, name).with("people", people);
    match found {
        Ok(found) => row
            .n(found.share * people)
            .se(found.variance.sqrt() * people)
            .within(times(found.interval, people))
            .with("share", found.share)
            .with("share_low", found.interval.low)
            .with("share_high", found.interval.high)
            .with("variance", found.variance)
            .with("unclipped", found.unclipped)
            .with("clipped", found.clipped)
            .json(),
        Err(reason) => row.none(reason).json(),
    }
}

/// A row that only checks what the charts say: the flag, corrected, of the very people whom it was validated on.
fn as_check(mut row: Value) -> Value {
    if let Some(fields) = row.as_object_mut() {
        fields.insert("check".to_owned(), json!(true));
    }
    row
}

fn of_draws(
    name: &str,
    drawn: &Result<Posterior, EstimateError>,
    people: f64,
    confidence: Confidence,
) -> Value {
    let row = Row::new("rogan-gladen-bayes", name).with("people", people);
    match drawn {
        Ok(share) => {
            let interval = share.interval(confidence);
            row.n(share.mean() * people)
                .se(share.standard_deviation() * people)
                .within(times(interval, people))
                .with("share", share.mean())
                .with("share_low", interval.low)
                .with("share_high", interval.high)
                .json()
        }
        Err(reason) => row.none(reason).json(),
    }
}

fn times(interval: Interval, people: f64) -> Interval {
    Interval {
        low: interval.low * people,
        high: interval.high * people,
    }
}
