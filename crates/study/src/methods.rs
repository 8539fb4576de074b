//! What the methods page says of the estimate: what was taken for granted, and what a reader must know. Words alone; no
//! number of people is in them.

use engine::TableReader;
use protect::{RawFact, RawSection};

use crate::error::StudyError;
use crate::run::Stage;

/// Warnings whose own words hold no number that comes from people.
const AS_SAID: [&str; 5] = [
    "lists_only",
    "check_not_independent",
    "late_reports",
    "charts_of_one_hospital",
    "charts_of_other_people",
];

/// What is said in public of warnings whose words hold one.
const IN_OTHER_WORDS: [(&str, &str); 15] = [
    (
        "silent_organisations",
        "Some organisations sent too few records. Their people are estimated from other organisations and from deaths.",
    ),
    (
        "heterogeneity",
        "People differ in how likely they are to be in a record, so the estimate is probably too low.",
    ),
    (
        "found_at_death",
        "The number of people found only at death does not fit what the other records say.",
    ),
    (
        "living_over_deaths",
        "The estimate of people living, over the yearly deaths from breast cancer in national statistics (up to three years), is \
         outside the usual range. (“Living for each death” on the pages is another figure: people found, over deaths of any cause.)",
    ),
    (
        "new_over_deaths",
        "The estimate of new people, over the yearly deaths from breast cancer in national statistics (up to three years), is outside the usual range. \
         (“New for each death” on the pages is another figure: people found, over those of them who died.)",
    ),
    (
        "routes_disagree",
        "Records and national deaths, each on their own, lead to numbers whose ranges do not meet.",
    ),
    (
        "few_draws",
        "The ends of the ranges are unsure: few of the draws fit the deaths.",
    ),
    (
        "silent_months",
        "Some files are missing for months in between. These months count as missing, and what needs them is not shown.",
    ),
    (
        "deaths_in_parts",
        "Deaths of some months in between are not held. What needs these months is not shown.",
    ),
    (
        "silent_senders",
        "Files of some hospitals are missing for months in between. Of those months nothing is said of what they recorded.",
    ),
    (
        "deaths_of_nations",
        "Deaths of some nation are not held. How many are living and how many died is not shown.",
    ),
    (
        "deaths_begin_late",
        "Deaths are held only from a day within the period on. How many were living or died before it is not shown.",
    ),
    (
        "deaths_of_the_registry",
        "There is no register of deaths, and the cancer registry does not follow everybody: some who died may count as living.",
    ),
    (
        "deaths_in_hospital",
        "There is no register of deaths: those who died outside hospital may count as living.",
    ),
    (
        "found_before_deaths",
        "Some people were found before the deaths that are held begin: those of them who died before may count as living.",
    ),
];

/// The sections about the estimate of the stage count.
pub(crate) fn sections(count: &Stage) -> Result<Vec<RawSection>, StudyError> {
    let taken = taken_for_granted(count)?;
    let warnings = count.report["warnings"].as_array().into_iter().flatten();
    let said: Vec<Vec<RawFact>> = warnings
        .filter_map(|warning| {
            let rule = warning["rule"].as_str()?;
            if AS_SAID.contains(&rule) {
                return Some(vec![text(warning["message"].as_str())]);
            }
            let other = IN_OTHER_WORDS.iter().find(|(known, _)| *known == rule)?;
            Some(vec![text(Some(other.1))])
        })
        .collect();
    let mut sections = Vec::new();
    if count.report["living"].is_null() {
        sections.push(RawSection {
            id: "estimate".to_owned(),
            title: "The estimate".to_owned(),
            words: "This run could not estimate how many people there are beyond those found.".to_owned(),
            columns: Vec::new(),
            rows: Vec::new(),
        });
        return Ok(sections);
    }
    sections.push(RawSection {
        id: "estimate".to_owned(),
        title: "What the estimate takes for granted".to_owned(),
        words: "One model of illness and death gives every estimate, new, living and died, from the same draws, so that in \
                each draw they fit together; medians and rounded numbers need not add up. It rests on these assumptions."
            .to_owned(),
        columns: ["Assumption", "Why", "What could show that it is wrong"]
            .map(str::to_owned)
            .to_vec(),
        rows: taken,
    });
    sections.push(RawSection {
        id: "estimate-warnings".to_owned(),
        title: "What to know before using the estimate".to_owned(),
        words: String::new(),
        columns: vec!["Warning".to_owned()],
        rows: said,
    });
    Ok(sections)
}

fn taken_for_granted(count: &Stage) -> Result<Vec<Vec<RawFact>>, StudyError> {
    let mut rows = Vec::new();
    for batch in TableReader::open(&count.folder.join("assumptions.parquet"))? {
        let batch = batch?;
        let column = |name| batch.text(name);
        let (what, why, refuted) = (column("what")?, column("why")?, column("refuted_by")?);
        for row in 0..batch.rows() {
            rows.push(vec![
                text(what.get(row)),
                text(why.get(row)),
                text(Some(refuted.get(row).unwrap_or("no data"))),
            ]);
        }
    }
    Ok(rows)
}

fn text(words: Option<&str>) -> RawFact {
    RawFact::Text(capital(words.unwrap_or_default()))
}

/// Words with a capital at their beginning.
pub(crate) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
