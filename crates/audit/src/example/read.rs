//! Reading a file of drawn examples; every fault names its line.

use vocabulary::date::Date;

use super::{Chapter, Drawn, Example, ExampleError};

/// Reads one file.
pub(super) fn read(file: &str, text: &str) -> Result<Chapter, ExampleError> {
    let mut reading = Reading::default();
    let fault = |line: usize, why: String| ExampleError {
        file: file.to_owned(),
        line,
        why,
    };
    for (index, line) in text.lines().enumerate() {
        reading
            .line(index + 1, line)
            .map_err(|why| fault(index + 1, why))?;
    }
    if let Some(open) = reading.open {
        return Err(fault(
            open.line,
            "the example has no `=>`; say what must come of it".to_owned(),
        ));
    }
    let known = reading.known.ok_or_else(|| {
        fault(
            1,
            "no line `known YYYY-MM-DD to YYYY-MM-DD` before the examples".to_owned(),
        )
    })?;
    if reading.examples.is_empty() {
        return Err(fault(
            text.lines().count(),
            "no example; begin one with `# `".to_owned(),
        ));
    }
    Ok(Chapter {
        file: file.to_owned(),
        introduction: reading.introduction.trim().to_owned(),
        known,
        without: reading.without,
        examples: reading.examples,
    })
}

#[derive(Default)]
struct Reading {
    introduction: String,
    known: Option<(Date, Date)>,
    without: Vec<String>,
    examples: Vec<Example>,
    open: Option<Open>,
}

struct Open {
    line: usize,
    title: String,
    drawing: String,
    tables: Vec<Drawn>,
}

impl Reading {
    fn line(&mut self, number: usize, line: &str) -> Result<(), String> {
        if let Some(title) = line.strip_prefix("# ") {
            if let Some(open) = &self.open {
                return Err(format!("the example in line {} has no `=>` yet", open.line));
            }
            self.open = Some(Open {
                line: number,
                title: title.trim().to_owned(),
                drawing: String::new(),
                tables: Vec::new(),
            });
            return Ok(());
        }
        let Some(open) = &mut self.open else {
            return self.preface(line);
        };
        if line.trim().is_empty() {
            return Ok(());
        }
        open.drawing.push_str(line.trim_end());
        open.drawing.push('\n');
        if let Some(expected) = line.trim_start().strip_prefix("=>") {
            let expected = outcome(expected)?;
            if let Some(open) = self.open.take() {
                self.examples.push(Example {
                    line: open.line,
                    title: open.title,
                    drawing: open.drawing,
                    tables: open.tables,
                    expected,
                });
            }
            return Ok(());
        }
        let (name, cells) = line
            .split_once('|')
            .ok_or("neither a row (with `|`) nor an outcome (with `=>`)")?;
        let cells: Vec<String> = cells.split('|').map(|cell| cell.trim().to_owned()).collect();
        open.row(name.trim(), cells)
    }

    fn preface(&mut self, line: &str) -> Result<(), String> {
        if line.trim().is_empty() {
            self.introduction.push('\n');
        } else if !self.examples.is_empty() {
            return Err("words between examples; begin an example with `# `".to_owned());
        } else if let Some(span) = line.strip_prefix("known ") {
            let (first, last) = span
                .split_once(" to ")
                .ok_or("the form is `known DATE to DATE`")?;
            self.known = Some((date(first)?, date(last)?));
        } else if let Some(kinds) = line.strip_prefix("without ") {
            self.without = kinds.split(',').map(|kind| kind.trim().to_owned()).collect();
        } else {
            self.introduction.push_str(line.trim_end());
            self.introduction.push('\n');
        }
        Ok(())
    }
}

impl Open {
    /// The head of a table where it has a name, else a row of the last table.
    fn row(&mut self, name: &str, cells: Vec<String>) -> Result<(), String> {
        if !name.is_empty() {
            self.tables.push(Drawn {
                name: name.to_owned(),
                columns: cells,
                rows: Vec::new(),
            });
            return Ok(());
        }
        let table = self
            .tables
            .last_mut()
            .ok_or("a row before the name of its table")?;
        if cells.len() != table.columns.len() {
            return Err(format!(
                "{} cells under {} columns",
                cells.len(),
                table.columns.len()
            ));
        }
        table.rows.push(cells);
        Ok(())
    }
}

fn outcome(text: &str) -> Result<Vec<(String, Vec<String>)>, String> {
    const ANSWERS: [&str; 5] = ["yes", "no", "missing", "excluded", "none"];
    let mut found = Vec::new();
    for part in text.split(',') {
        let mut words = part.split_whitespace().map(str::to_owned);
        let indicator = words.next().ok_or("nothing after `=>`, or a comma too many")?;
        let answers: Vec<String> = words.collect();
        // The agenda of a meeting and the first treatment answer with names of their own.
        let free = [super::MEETING, super::FIRST_LINE].contains(&indicator.as_str()) && !answers.is_empty();
        if !free && (answers.is_empty() || !answers.iter().all(|answer| ANSWERS.contains(&answer.as_str()))) {
            return Err(format!(
                "`{indicator}` needs answers, each one of {}",
                ANSWERS.join(", ")
            ));
        }
        found.push((indicator, answers));
    }
    Ok(found)
}

fn date(text: &str) -> Result<Date, String> {
    let text = text.trim();
    text.parse()
        .map_err(|_| format!("`{text}` is not a date (YYYY-MM-DD)"))
}
