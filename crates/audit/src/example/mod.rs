//! Drawn examples: what a person's records say, and which answer must come of it.
//!
//! A folder of standards keeps them as text under `examples/`. They are tests and manual at once: `cargo test` runs them
//! and the book prints them. The form:
//!
//! ```text
//! What the theme is about, in words.
//! known 2015-01-01 to 2025-12-31
//!
//! # One sentence that says what this example shows
//!   secondary | date       | kind
//!             | 2021-03-01 | recurrent
//!   cosd      | of         | CNS
//!             | secondary  | Y1
//!   => nurse yes
//! ```
//!
//! Every example is one person. The tables `secondary` (columns `date`, `kind`, `died`, `left`, `only_at_death`, `born`)
//! and `primary` (`date`) are the person's disease; all others are tables of the layouts. A row of `cosd` is a record; its
//! column `of` says whether it states the `secondary` or the `primary` disease, or neither (blank), and `stated` the day that it
//! gives secondary disease, where that is not the day of the case. Rows of a section
//! (`cosd.mdt`) belong to the `cosd` row above them. `known` is the time that every source covers; `without sact, cosd` in
//! the line after it takes sources out.
//!
//! The question `meeting` is that of the agenda of a team, with the first day of `known` as the last meeting: `none` where
//! nothing waits for a review, `standard`, or `complex` with the names of what makes it so.
//!
//! The question `first-line` is answered by the subtype of the tumour and the class of the first treatment.
//!
//! After `=>` stand questions with their answers, parted by commas: `yes`, `no`, `missing`, `excluded`, one for each
//! event in order, or `none` where nothing is asked of this person.

mod read;
#[cfg(test)]
mod tests;

use vocabulary::date::Date;

use crate::answer::{Answer, Frame, Question};
use crate::definition::Standards;
use crate::first_line;
use crate::meeting::Asking;
use crate::people::{Asked, Case, Cover, Fact, Kind, Known, Person, Primary, RecordKey, Row, Stated, Tables};

/// The question that the agenda of a meeting answers.
const MEETING: &str = "meeting";

/// Columns of a drawn record of COSD that say what it is about, and are no facts about care.
const ABOUT: [&str; 4] = ["of", "stated", DIAGNOSES[0], DIAGNOSES[1]];

/// The columns of a record of COSD that say which cancer it is about.
const DIAGNOSES: [&str; 2] = ["PRIMARY_DIAGNOSIS", "ORIGINAL_DIAGNOSIS"];

/// The question of the first treatment: subtype and class, or `none`.
const FIRST_LINE: &str = "first-line";

/// One file of examples: a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// The file, as named in the definition.
    pub file: String,
    /// The theme in words.
    pub introduction: String,
    /// First and last day that the sources cover.
    pub known: (Date, Date),
    /// Kinds of source that are not there.
    pub without: Vec<String>,
    /// The examples in their order.
    pub examples: Vec<Example>,
}

/// One example: one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The line of its title.
    pub line: usize,
    /// What it shows, in one sentence.
    pub title: String,
    /// Its tables and outcome as they are drawn, without the title.
    pub drawing: String,
    tables: Vec<Drawn>,
    expected: Vec<(String, Vec<String>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Drawn {
    name: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Why a file of examples cannot be read or run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {why}")]
pub struct ExampleError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub why: String,
}

/// The examples of a folder of standards, by file.
pub fn chapters(standards: &Standards) -> Result<Vec<Chapter>, ExampleError> {
    standards
        .files
        .iter()
        .filter(|(name, _)| name.starts_with("examples/") && name.ends_with(".txt"))
        .map(|(name, text)| read::read(name, text))
        .collect()
}

impl Chapter {
    /// Every example whose answers are not the drawn ones: its title and both.
    pub fn differences(&self, standards: &Standards) -> Result<Vec<String>, ExampleError> {
        let mut found = Vec::new();
        for example in &self.examples {
            let fault = |why: String| ExampleError {
                file: self.file.clone(),
                line: example.line,
                why,
            };
            for (indicator, wanted) in &example.expected {
                let answers = self.answers(standards, example, indicator).map_err(fault)?;
                if answers != *wanted {
                    found.push(format!(
                        "{}, line {}: {}: `{indicator}` must be {} and is {}",
                        self.file,
                        example.line,
                        example.title,
                        wanted.join(" "),
                        answers.join(" ")
                    ));
                }
            }
        }
        Ok(found)
    }

    fn answers(
        &self,
        standards: &Standards,
        example: &Example,
        indicator: &str,
    ) -> Result<Vec<String>, String> {
        if indicator == MEETING {
            return self.meeting(standards, example);
        }
        if indicator == FIRST_LINE {
            return self.first_line(standards, example);
        }
        let indicator = standards
            .indicator(indicator)
            .ok_or_else(|| format!("no indicator `{indicator}`"))?;
        let asked = Asked::of(standards).ok_or("too many codes are asked for")?;
        let (person, facts) = example.person(standards, &asked)?;
        let cover = self.cover(standards);
        let frame = Frame {
            cover: &cover,
            period: self.known,
            as_of: self.known.1,
        };
        let mut found = Vec::new();
        Question::new(indicator, &asked).ask(&frame, &person, &facts, |_, answer| {
            let word = match answer {
                Answer::Yes => "yes",
                Answer::No => "no",
                Answer::Missing => "missing",
                Answer::Excluded => "excluded",
            };
            found.push(word.to_owned());
        });
        if found.is_empty() {
            found.push("none".to_owned());
        }
        Ok(found)
    }

    /// What the sources cover.
    fn cover(&self, standards: &Standards) -> Cover {
        let mut cover = Cover::default();
        for fact in &standards.facts {
            if !self.without.iter().any(|kind| kind == fact.kind()) {
                cover.add(fact.kind(), None, self.known);
            }
        }
        if !self.without.iter().any(|kind| kind == "deaths") {
            cover.add("deaths", None, self.known);
        }
        cover
    }

    fn first_line(&self, standards: &Standards, example: &Example) -> Result<Vec<String>, String> {
        let treatments = standards
            .treatments
            .as_ref()
            .ok_or("there is no treatments.toml")?;
        let asked = Asked::of(standards).ok_or("too many codes are asked for")?;
        let (person, facts) = example.person(standards, &asked)?;
        let frame = Frame {
            cover: &self.cover(standards),
            period: self.known,
            as_of: self.known.1,
        };
        let found = first_line::of(standards, &asked, &frame, &person, &facts);
        Ok(found.map_or_else(
            || vec!["none".to_owned()],
            |(subtype, first, _)| vec![subtype.word().to_owned(), first.word(treatments).to_owned()],
        ))
    }

    /// Onto which part of the list the person comes, and why.
    fn meeting(&self, standards: &Standards, example: &Example) -> Result<Vec<String>, String> {
        let agenda = standards.agenda.as_ref().ok_or("there is no meeting.toml")?;
        let asked = Asked::of_agenda(standards, agenda).ok_or("too many codes are asked for")?;
        let (person, facts) = example.person(standards, &asked)?;
        let waiting = Asking::new(agenda, &asked).waiting(self.known, &person, &facts);
        Ok(match waiting {
            None => vec!["none".to_owned()],
            Some(waiting) if waiting.reasons.is_empty() => vec!["standard".to_owned()],
            Some(waiting) => ["complex".to_owned()]
                .into_iter()
                .chain(waiting.reasons.into_iter().map(|(id, _)| id))
                .collect(),
        })
    }
}

impl Example {
    /// The person that the tables draw.
    fn person(&self, standards: &Standards, asked: &Asked) -> Result<(Person, Vec<Fact>), String> {
        let mut person = Person::default();
        let mut facts = Vec::new();
        let (mut record, mut of_another): (RecordKey, bool) = (0, false);
        let mut rows = 0;
        for drawn in &self.tables {
            for cells in &drawn.rows {
                rows += 1;
                match drawn.name.as_str() {
                    "secondary" => person.case = Some(drawn.case(cells, &mut person.born)?),
                    "primary" => person.primary = Some(drawn.primary(cells)?),
                    name => {
                        if name == "cosd" {
                            record = rows;
                            let diagnoses = DIAGNOSES.map(|column| drawn.cell(cells, column));
                            of_another =
                                drawn.cell(cells, "of").is_none() && standards.of_another_cancer(&diagnoses);
                            drawn.belongs(cells, record, standards.diagnosis_days, &mut person)?;
                        }
                        let of_cosd = name.starts_with("cosd");
                        if of_cosd && of_another {
                            continue;
                        }
                        let key = if of_cosd { record } else { 0 };
                        drawn.facts(cells, key, (standards, asked), &mut facts)?;
                    }
                }
            }
        }
        facts.sort_unstable();
        Ok((person, facts))
    }
}

impl Drawn {
    /// The cell of a column; blank is none.
    fn cell<'a>(&self, cells: &'a [String], column: &str) -> Option<&'a str> {
        let at = self.columns.iter().position(|own| own == column)?;
        cells.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    fn date(&self, cells: &[String], column: &str) -> Result<Option<Date>, String> {
        let cell = self.cell(cells, column);
        cell.map(|text| {
            text.parse()
                .map_err(|_| format!("`{text}` is not a date (YYYY-MM-DD)"))
        })
        .transpose()
    }

    fn case(&self, cells: &[String], born: &mut Option<Date>) -> Result<Case, String> {
        *born = self.date(cells, "born")?;
        Ok(Case {
            date: self.date(cells, "date")?,
            new: true,
            only_at_death: self.cell(cells, "only_at_death") == Some("yes"),
            kind: match self.cell(cells, "kind") {
                Some("de_novo") => Kind::DeNovo,
                Some("recurrent") => Kind::Recurrent,
                None | Some("not_known") => Kind::NotKnown,
                Some(other) => return Err(format!("`{other}` is no kind")),
            },
            organisation: None,
            nation: None,
            death: self.date(cells, "died")?,
            left: self.date(cells, "left")?,
            records: Vec::new(),
            first_shown: Vec::new(),
        })
    }

    fn primary(&self, cells: &[String]) -> Result<Primary, String> {
        Ok(Primary {
            date: self.date(cells, "date")?.ok_or("a primary needs a `date`")?,
            organisation: None,
            nation: None,
            records: Vec::new(),
        })
    }

    /// Which disease a record of COSD states.
    fn belongs(
        &self,
        cells: &[String],
        record: RecordKey,
        diagnosis_days: (i32, i32),
        person: &mut Person,
    ) -> Result<(), String> {
        let stated = self.date(cells, "stated")?;
        match (self.cell(cells, "of"), &mut person.case, &mut person.primary) {
            (None, _, _) => {}
            (Some("secondary"), Some(case), _) => {
                if stated.is_none_or(|stated| case.is_diagnosed(stated, diagnosis_days)) {
                    case.records.push(record);
                }
            }
            (Some("primary"), _, Some(primary)) => primary.records.push(record),
            (Some(other), _, _) => {
                return Err(format!("`of` is `{other}`, and no table `{other}` stands above"));
            }
        }
        Ok(())
    }

    fn facts(
        &self,
        cells: &[String],
        record: RecordKey,
        (standards, asked): (&Standards, &Asked),
        facts: &mut Vec<Fact>,
    ) -> Result<(), String> {
        let tables = Tables::of(standards);
        let table = tables.0.iter().find(|table| table.name == self.name);
        let table = table.ok_or_else(|| format!("no fact is read from a table `{}`", self.name))?;
        let known =
            |column: &String| table.columns.texts.contains(column) || table.columns.dates.contains(column);
        if let Some(strange) = self
            .columns
            .iter()
            .find(|column| !(known(column) || self.name == "cosd" && ABOUT.contains(&column.as_str())))
        {
            return Err(format!(
                "no fact is read from the column `{strange}` of `{}`",
                self.name
            ));
        }
        let texts: Vec<Option<&str>> = table
            .columns
            .texts
            .iter()
            .map(|name| self.cell(cells, name))
            .collect();
        let dates = table
            .columns
            .dates
            .iter()
            .map(|name| Ok(self.date(cells, name)?.map(Date::days)))
            .collect::<Result<Vec<_>, String>>()?;
        let row = Row {
            file: 0,
            row: 0,
            texts: &texts,
            dates: &dates,
        };
        let mut stated = vec![Stated::default(); standards.facts.len()];
        let mut known = vec![Known::default(); standards.facts.len()];
        let take = |fact, day, mask| {
            facts.push(Fact {
                person: 0,
                fact,
                day,
                mask,
                record,
            });
        };
        table.facts(&standards.facts, asked, &row, &mut stated, &mut known, take);
        Ok(())
    }
}
