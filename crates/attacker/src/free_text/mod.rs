//! Words that the tables and the manifest carry from the run itself: what a column is about, a method, facts of the run.
//!
//! The twin of a site has them too, so a number in them is not seen by comparing. Each is read here, and a number passes where
//! it is a day, a year or an age of the tables' own dimensions, a code or name of a known place, or stands in a sentence of the
//! reviewed list (`allowed.txt`): sentences, not numbers, are what is allowed there. What the caller knows to be the study's
//! own words passes as well.

use std::collections::BTreeSet;

use protect::{RawColumn, Role};
use publish::SiteFacts;

use crate::reading::numbers::numbers;
use crate::released::{Manifest, Released, Table};
use crate::twin;

/// Sentences that may hold numbers: `#` stands for one, `{year}` for a year of the study.
const ALLOWED: &str = include_str!("allowed.txt");

/// Where a number stands that nothing accounts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Strange {
    pub(crate) file: String,
    pub(crate) at: String,
}

pub(crate) fn strange(released: &Released, facts: &SiteFacts, words: &[String]) -> Vec<Strange> {
    let reader = Reader::new(released, facts, words);
    let mut strange = in_manifest(&reader, &released.manifest);
    for table in &released.tables {
        if !reader.passes(&table.about) {
            strange.push(Strange {
                file: "data/datapackage.json".to_owned(),
                at: format!("/resources/{}", table.name),
            });
        }
        let columns = twin::columns(&table.name, &facts.thresholds).unwrap_or_default();
        in_rows(&reader, table, &columns, &mut strange);
    }
    strange
}

fn in_manifest(reader: &Reader<'_>, manifest: &Manifest) -> Vec<Strange> {
    let words = [
        ("study", &manifest.study),
        ("country", &manifest.country),
        ("coverage", &manifest.coverage),
        ("definition", &manifest.definition),
        ("program", &manifest.program),
        ("as_of", &manifest.as_of),
        ("period_from", &manifest.period_from),
        ("period_to", &manifest.period_to),
        ("state_period", &manifest.state_period),
    ];
    let mut texts: Vec<(String, &str)> = words.map(|(at, text)| (at.to_owned(), text.as_str())).to_vec();
    for section in &manifest.sections {
        let at = |what: &str| format!("sections/{}/{what}", section.id);
        for (what, text) in [
            ("id", &section.id),
            ("title", &section.title),
            ("words", &section.words),
        ] {
            texts.push((at(what), text));
        }
        texts.extend(
            section
                .columns
                .iter()
                .map(|column| (at("columns"), column.as_str())),
        );
        for (row, cells) in section.rows.iter().enumerate() {
            let words = cells.iter().filter_map(|cell| cell.as_str());
            let words = words.filter(|text| !reader.is_fact(&section.id, text));
            texts.extend(words.map(|text| (at(&format!("row {}", row + 1)), text)));
        }
    }
    let strange = texts.into_iter().filter(|(_, text)| !reader.passes(text));
    strange
        .map(|(at, _)| Strange {
            file: "data/manifest.json".to_owned(),
            at: format!("/{at}"),
        })
        .collect()
}

fn in_rows(reader: &Reader<'_>, table: &Table, columns: &[RawColumn], strange: &mut Vec<Strange>) {
    for (at, row) in table.rows.iter().enumerate() {
        for column in columns {
            let word = table.word(row, &column.name);
            let passes = match column.role {
                Role::Dimension => reader.dimension(&column.name, word),
                Role::Text if column.name == "standard" => is_standard(word),
                Role::Text | Role::Reason | Role::Status | Role::State(_) => reader.passes(word),
                _ => true,
            };
            if !passes {
                strange.push(Strange {
                    file: format!("data/{}.csv", table.name),
                    at: format!("row {}, column {}", at + 1, column.name),
                });
            }
        }
    }
}

struct Reader<'a> {
    names: BTreeSet<&'a str>,
    words: &'a [String],
    allowed: BTreeSet<&'static str>,
    years: std::ops::RangeInclusive<i64>,
}

impl<'a> Reader<'a> {
    fn new(released: &Released, facts: &'a SiteFacts, words: &'a [String]) -> Self {
        let names = facts
            .organisations
            .iter()
            .flat_map(|o| [&o.code, &o.name, &o.short_name, &o.nation, &o.network])
            .map(String::as_str)
            .collect();
        let year = |day: &str| day.get(..4).and_then(|y| y.parse::<i64>().ok()).unwrap_or(0);
        let manifest = &released.manifest;
        Self {
            names,
            words,
            allowed: ALLOWED.lines().filter(|line| !line.starts_with("##")).collect(),
            years: year(&manifest.period_from)..=year(&manifest.as_of),
        }
    }

    fn passes(&self, text: &str) -> bool {
        numbers(text).is_empty()
            || is_period(text)
            || self.names.contains(text)
            || self.words.iter().any(|known| known == text)
            || self.allowed.contains(self.form(text).as_str())
    }

    /// A fact that is allowed in one section only: a number alone.
    fn is_fact(&self, section: &str, text: &str) -> bool {
        self.allowed
            .contains(format!("{section} | {}", self.form(text)).as_str())
    }

    /// A text with its numbers taken out.
    fn form(&self, text: &str) -> String {
        let text = &self.days_as_years(text);
        let mut form = String::with_capacity(text.len());
        let mut from = 0;
        for number in numbers(text) {
            let written = text.get(number.start..number.end).unwrap_or_default();
            if !written.starts_with(|c: char| c.is_ascii_digit()) || number.value.is_nan() {
                continue;
            }
            form.push_str(text.get(from..number.start).unwrap_or_default());
            let year = written.len() == 4 && self.years.contains(&(number.value as i64));
            form.push_str(if year { "{year}" } else { "#" });
            from = number.end;
        }
        form.push_str(text.get(from..).unwrap_or_default());
        form
    }

    /// The text with each day, and each part of a year by its first and last day, as the year of the study that it is of.
    fn days_as_years(&self, text: &str) -> String {
        let (mut years, mut rest, mut before) = (String::with_capacity(text.len()), text, ' ');
        while let Some(next) = rest.chars().next() {
            let first = self.after_a_day(rest).filter(|_| !before.is_ascii_digit());
            let Some(after) = first else {
                years.push(next);
                (rest, before) = (rest.get(next.len_utf8()..).unwrap_or_default(), next);
                continue;
            };
            let last = [" to ", "/"]
                .iter()
                .find_map(|between| after.strip_prefix(between));
            years.push_str("{year}");
            (rest, before) = (last.and_then(|last| self.after_a_day(last)).unwrap_or(after), ' ');
        }
        years
    }

    /// What follows the day of a year of the study with which a text begins.
    fn after_a_day<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (day, after) = (text.get(..DAY)?, text.get(DAY..)?);
        let year: i64 = day.get(..4)?.parse().ok()?;
        let whole = is_period(day) && !after.starts_with(|c: char| c.is_ascii_digit());
        (whole && self.years.contains(&year)).then_some(after)
    }

    /// A word that says whom a row is about.
    fn dimension(&self, column: &str, word: &str) -> bool {
        match column {
            "age_band" => is_age(word),
            // Tenths or fifths of the population by deprivation.
            "group" => numbers(word).iter().all(|n| n.value <= 10.0),
            "period" => numbers(word).is_empty() || is_period(word),
            _ => self.passes(word),
        }
    }
}

/// Letters of a day: `2025-09-30`.
const DAY: usize = 10;

/// A year, a day, or two of them with a stroke between.
fn is_period(text: &str) -> bool {
    let day = |text: &str| {
        let parts: Vec<&str> = text.split('-').collect();
        let digits = |part: &str, length| part.len() == length && part.chars().all(|c| c.is_ascii_digit());
        match parts.as_slice() {
            [year] => digits(year, 4),
            [year, month] => digits(year, 4) && digits(month, 2),
            [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
            _ => false,
        }
    };
    text.split('/').count() <= 2 && text.split('/').all(day)
}

/// The number of one of the eleven Standards of care; 0 for questions beside them.
fn is_standard(word: &str) -> bool {
    word.parse::<u8>().is_ok_and(|number| number <= 11)
}

/// An age band: `<45`, `45-54`, `85+`, `under_50`, `50_to_69`, `70_and_over`.
fn is_age(word: &str) -> bool {
    let parts = word
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty());
    let mut ages = 0;
    for part in parts {
        match part.parse::<u32>() {
            Ok(age) if age <= 120 => ages += 1,
            Ok(_) => return false,
            Err(_) if part.chars().any(char::is_numeric) => return false,
            Err(_) => {}
        }
    }
    ages <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(years: std::ops::RangeInclusive<i64>) -> Reader<'static> {
        Reader {
            names: BTreeSet::new(),
            words: &[],
            allowed: ALLOWED.lines().filter(|line| !line.starts_with("##")).collect(),
            years,
        }
    }

    /// The texts in a part of a source, between two of its own lines, as the program has them, with a capital.
    fn texts(source: &str, from: &str, to: &str) -> Vec<String> {
        let after = source.split_once(from).map_or("", |(_, after)| after);
        let part = after.split_once(to).map_or(after, |(part, _)| part);
        let written = part.split('"').skip(1).step_by(2);
        written
            .map(|text| {
                let mut lines = text.split("\\\n");
                let first = lines.next().unwrap_or_default().to_owned();
                capital(&lines.fold(first, |all, line| all + line.trim_start()))
            })
            .collect()
    }

    fn capital(text: &str) -> String {
        let mut letters = text.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    }

    /// A text with each of its places taken by the next of these words, and by a number where there are no more.
    fn filled(text: &str, words: &[&str]) -> String {
        let (mut filled, mut rest, mut words) = (String::new(), text, words.iter());
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            filled.push_str(words.next().unwrap_or(&"7.5"));
            rest = after.split_once('}').map_or("", |(_, rest)| rest);
        }
        filled + rest
    }

    const ASSUMED: &str = include_str!("../../../../definitions/estimate/uk-2026.1/estimate.toml");

    /// The classes of evidence as the stage `count` names them, also where charts of the living and of those who died are read
    /// apart.
    fn classes() -> Vec<String> {
        let mut classes = Vec::new();
        for class in ASSUMED.split("[[class]]").skip(1) {
            let mut words = class.split('"').skip(1).step_by(2);
            let (tier, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            for state in ["", ", living", ", died"] {
                classes.push(format!("{tier} ({name}{state})"));
            }
        }
        assert_eq!(classes.len(), 12);
        classes
    }

    #[test]
    fn every_sentence_of_the_estimate_that_is_released_passes() {
        let statements = include_str!("../../../estimate/src/joint/statements.rs");
        let statements = texts(statements, "pub(super) fn statements", "#[cfg(test)]");
        // What is said of a class to be reviewed stays in the file: its statement has a reason of its own.
        let reasons: Vec<String> = ASSUMED
            .lines()
            .filter_map(|line| line.strip_prefix("why = \"")?.strip_suffix('"'))
            .filter(|why| !why.starts_with("a list to review"))
            .map(capital)
            .collect();
        assert!(
            statements.len() > 20 && reasons.len() == 9,
            "{statements:?} {reasons:?}"
        );
        // A study that begins before the sources of the assumptions, and one that begins after them.
        for years in [2005..=2025, 2019..=2025, 2022..=2025] {
            let reader = reader(years);
            for text in statements.iter().chain(&reasons) {
                let of_class = text.starts_with("{}");
                for class in classes() {
                    if of_class && text.contains("counts only") != class.starts_with('D') {
                        continue;
                    }
                    let said = filled(text, &[class.as_str()][..usize::from(of_class)]);
                    assert!(reader.passes(&said), "{said}");
                }
            }
        }
    }

    #[test]
    fn every_warning_of_the_estimate_that_is_released_passes() {
        let methods = include_str!("../../../study/src/methods.rs");
        let reader = reader(2019..=2025);
        let other = texts(methods, "const IN_OTHER_WORDS", "\n];");
        assert!(other.len() >= 30, "{other:?}");
        for text in &other {
            assert!(reader.passes(text), "{text}");
        }
        let as_said = texts(methods, "const AS_SAID", "\n];");
        assert_eq!(
            as_said.len(),
            5,
            "each is in one of the sources below: {as_said:?}"
        );
        let warnings = include_str!("../../../estimate/src/joint/warnings.rs");
        let mut said = texts(warnings, "pub(super) fn warnings", "charts(seen.model");
        said.retain(|text| text.starts_with("There may be more") || text.starts_with("The ratios to deaths"));
        for class in classes()
            .iter()
            .map(String::as_str)
            .chain(["people without evidence"])
        {
            for text in texts(warnings, "fn charts(", "/// Whether the charts of a class") {
                let hows = text.contains("{how}").then_some(["fewer", "more"]);
                match hows {
                    Some(hows) => said.extend(hows.map(|how| filled(&text, &[class, how]))),
                    None => said.push(filled(&text, &[class])),
                }
            }
        }
        let late = include_str!("../../../count/src/estimating/mod.rs");
        for text in texts(late, "fn late_reports(", "fn said(") {
            for last in ["2025", "2025-01-01 to 2025-09-30", "the last year"] {
                said.push(filled(&text, &[last]));
            }
        }
        for start in [
            "There",
            "The ratios",
            "Charts of D",
            "Charts of people",
            "Records of 2025",
        ] {
            assert!(said.iter().any(|text| text.starts_with(start)), "{start}");
        }
        for text in &said {
            assert!(reader.passes(text), "{text}");
        }
    }

    /// As the stage `count` writes them: of a year, of a part of one, and where deaths are missing.
    #[test]
    fn every_sentence_of_the_check_that_is_released_passes() {
        let written = include_str!("../../../count/src/checks.rs");
        let meaning = [
            "People new in ",
            " who are in no earlier record that we hold. They count as new and as died, never as living.",
        ];
        let without = [" Not computable: deaths are not held for the whole of ", "."];
        for part in meaning.iter().chain(&without) {
            assert!(written.contains(*part), "{part}");
        }
        let reader = reader(2019..=2025);
        for period in ["2024", "2025-01-01/2025-09-30"] {
            let meaning = meaning.join(period);
            let without = format!("{meaning}{}", without.join(period));
            assert!(reader.passes(&meaning) && reader.passes(&without), "{period}");
            assert!(!reader.passes(&without.replace("whole of", "first 3 of")));
        }
    }

    #[test]
    fn periods_and_ages_are_what_they_look_like() {
        for period in ["2024", "2024-12-31", "2023-10-01/2024-09-30", "2023-10"] {
            assert!(is_period(period), "{period}");
        }
        for other in ["3", "2024-12-31/3", "2024-1-1", "2024/3/4", ""] {
            assert!(!is_period(other), "{other}");
        }
        for age in [
            "<45",
            "45-54",
            "85+",
            "under_50",
            "70_and_over",
            "all",
            "not_known",
        ] {
            assert!(is_age(age), "{age}");
        }
        assert!(!is_age("45-54-3") && !is_age("4x") && !is_age("345"));
    }
}
