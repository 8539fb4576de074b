//! Reading a file of drawn examples; every fault names its line.

use vocabulary::date::Date;
use vocabulary::table::Kind;

use super::{Cell, Chapter, Example, Expected, SpecError, Table, kind_of};

/// Reads one file.
pub fn read(file: &str, text: &str) -> Result<Chapter, SpecError> {
    let mut reading = Reading::default();
    for (index, line) in text.lines().enumerate() {
        reading.line(index + 1, line).map_err(|why| SpecError {
            file: file.to_owned(),
            line: index + 1,
            why,
        })?;
    }
    let last = text.lines().count();
    let fault = |line: usize, why: &str| SpecError {
        file: file.to_owned(),
        line,
        why: why.to_owned(),
    };
    if let Some(open) = reading.open {
        return Err(fault(
            open.line,
            "the example has no `=>`; say what must come of it",
        ));
    }
    let cover = reading
        .cover
        .ok_or_else(|| fault(1, "no line `cover YYYY-MM-DD to YYYY-MM-DD` before the examples"))?;
    if reading.examples.is_empty() {
        return Err(fault(last, "no example; begin one with `# `"));
    }
    Ok(Chapter {
        file: file.to_owned(),
        introduction: reading.introduction.trim().to_owned(),
        cover,
        examples: reading.examples,
    })
}

#[derive(Default)]
struct Reading {
    introduction: String,
    cover: Option<(Date, Date)>,
    open: Option<Open>,
    examples: Vec<Example>,
}

/// An example whose `=>` is still to come.
struct Open {
    line: usize,
    title: String,
    tables: Vec<Table>,
    drawing: String,
}

impl Reading {
    fn line(&mut self, number: usize, line: &str) -> Result<(), String> {
        if let Some(title) = line.strip_prefix("# ") {
            return self.begin(number, title.trim());
        }
        if line.trim().is_empty() && self.open.is_none() {
            if self.examples.is_empty() {
                self.introduction.push('\n');
            }
            return Ok(());
        }
        let Some(open) = &mut self.open else {
            return self.preface(line);
        };
        if !line.trim().is_empty() {
            open.drawing.push_str(line.trim_end());
            open.drawing.push('\n');
        }
        if let Some(expected) = line.trim_start().strip_prefix("=>") {
            return self.end(expected);
        }
        match line.split_once('|') {
            None if line.trim().is_empty() => Ok(()),
            None => Err("neither a row (with `|`) nor an outcome (with `=>`)".to_owned()),
            Some((name, cells)) if name.trim().is_empty() => open.row(cells),
            Some((name, columns)) => open.table(name.trim(), columns),
        }
    }

    fn preface(&mut self, line: &str) -> Result<(), String> {
        if !self.examples.is_empty() {
            return Err("words between examples; begin an example with `# `".to_owned());
        }
        if let Some(span) = line.strip_prefix("cover ") {
            let (first, last) = span
                .split_once(" to ")
                .ok_or("the form is `cover DATE to DATE`")?;
            self.cover = Some((date(first)?, date(last)?));
        } else {
            self.introduction.push_str(line.trim_end());
            self.introduction.push('\n');
        }
        Ok(())
    }

    fn begin(&mut self, line: usize, title: &str) -> Result<(), String> {
        if let Some(open) = &self.open {
            return Err(format!("the example in line {} has no `=>` yet", open.line));
        }
        self.open = Some(Open {
            line,
            title: title.to_owned(),
            tables: Vec::new(),
            drawing: String::new(),
        });
        Ok(())
    }

    fn end(&mut self, expected: &str) -> Result<(), String> {
        let expected: Expected = expected.trim().parse()?;
        let open = self.open.take().ok_or("an outcome without an example")?;
        if open.tables.iter().all(|table| table.rows.is_empty()) {
            return Err("the example has no record".to_owned());
        }
        self.examples.push(Example {
            line: open.line,
            title: open.title,
            tables: open.tables,
            expected,
            drawing: open.drawing,
        });
        Ok(())
    }
}

impl Open {
    fn table(&mut self, name: &str, columns: &str) -> Result<(), String> {
        let columns: Vec<String> = columns
            .split('|')
            .map(|column| column.trim().to_owned())
            .collect();
        for column in &columns {
            kind_of(name, column)?;
        }
        self.tables.push(Table {
            name: name.to_owned(),
            columns,
            rows: Vec::new(),
        });
        Ok(())
    }

    fn row(&mut self, cells: &str) -> Result<(), String> {
        let table = self
            .tables
            .last_mut()
            .ok_or("a row before the name of its table")?;
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        if cells.len() != table.columns.len() {
            return Err(format!(
                "{} cells under {} columns",
                cells.len(),
                table.columns.len()
            ));
        }
        let row = cells.iter().zip(&table.columns);
        let row = row.map(|(text, column)| cell(text, kind_of(&table.name, column)?));
        table.rows.push(row.collect::<Result<_, String>>()?);
        Ok(())
    }
}

fn cell(text: &str, kind: Kind) -> Result<Cell, String> {
    Ok(match (text, kind) {
        ("", _) => Cell::Blank,
        (_, Kind::Date) => Cell::Date(date(text)?),
        ("yes", Kind::Flag) => Cell::Flag(true),
        ("no", Kind::Flag) => Cell::Flag(false),
        (_, Kind::Flag) => return Err(format!("`{text}` is neither yes nor no")),
        (_, Kind::Text) => Cell::Text(text.to_owned()),
        (_, kind) => return Err(format!("columns of {} cannot be drawn", kind.word())),
    })
}

pub(super) fn date(text: &str) -> Result<Date, String> {
    let text = text.trim();
    text.parse()
        .map_err(|_| format!("`{text}` is not a date (YYYY-MM-DD)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "Words.\ncover 2018-01-01 to 2025-12-31\n\n# A person\n";

    #[test]
    fn an_example_is_read_as_it_is_drawn() {
        let drawn = "  admissions | ADMIDATE   | DIAG\n             | 2020-01-02 | C509 C795\n             |            | C509\n  => D weak\n";
        let chapter = read("who.txt", &format!("{HEAD}{drawn}")).unwrap();
        assert_eq!(chapter.introduction, "Words.");
        let example = &chapter.examples[0];
        assert_eq!((example.line, example.title.as_str()), (4, "A person"));
        assert_eq!(example.tables[0].columns, ["ADMIDATE", "DIAG"]);
        let day = Cell::Date(Date::new(2020, 1, 2).unwrap());
        assert_eq!(
            example.tables[0].rows[0],
            [day, Cell::Text("C509 C795".to_owned())]
        );
        assert_eq!(example.tables[0].rows[1][0], Cell::Blank);
        assert_eq!(example.to_string(), format!("# A person\n{drawn}"));
    }

    #[test]
    fn a_fault_names_its_file_and_line() {
        let table = "  admissions | ADMIDATE\n";
        let faults: &[(String, &str)] = &[
            (
                format!("{HEAD}  admision | ADMIDATE\n"),
                "who.txt, line 5: no table `admision` in any layout",
            ),
            (
                format!("{HEAD}  cwt | ADMIDATE\n"),
                "who.txt, line 5: no column `ADMIDATE` in `cwt`; there are",
            ),
            (
                format!("{HEAD}{table}  | a | b\n"),
                "who.txt, line 6: 2 cells under 1 columns",
            ),
            (
                format!("{HEAD}{table}  | 01/02/2020\n"),
                "who.txt, line 6: `01/02/2020` is not a date",
            ),
            (
                format!("{HEAD}  | x\n"),
                "who.txt, line 5: a row before the name of its table",
            ),
            (
                format!("{HEAD}words\n"),
                "who.txt, line 5: neither a row (with `|`)",
            ),
            (
                format!("{HEAD}{table}"),
                "who.txt, line 4: the example has no `=>`",
            ),
            (
                format!("{HEAD}# Next\n"),
                "who.txt, line 5: the example in line 4 has no `=>` yet",
            ),
            (
                format!("{HEAD}{table}  => none\n"),
                "who.txt, line 6: the example has no record",
            ),
            (
                format!("{HEAD}{table}  | 2020-01-02\n  => E\n"),
                "who.txt, line 7: `E` is no tier",
            ),
            (
                "cover 2018 to 2019\n".to_owned(),
                "who.txt, line 1: `2018` is not a date",
            ),
            (
                HEAD.replace("cover", "from"),
                "who.txt, line 4: the example has no `=>`",
            ),
        ];
        for (text, wanted) in faults {
            let said = read("who.txt", text).unwrap_err().to_string();
            assert!(said.starts_with(wanted), "\n  said   {said}\n  wanted {wanted}");
        }
    }
}
