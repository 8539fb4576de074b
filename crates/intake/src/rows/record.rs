//! The row of a kind's table: its clinical columns, in the order of the layout.

use layouts::Cell;

use crate::rows::plan::Target;
use crate::rows::reader::{Cells, RowReader, first, pick};
use crate::rules;

impl RowReader<'_> {
    /// Appends the row of the kind's table.
    pub(crate) fn table(&mut self, cells: &impl Cells, row: u64) {
        let plan = self.plan;
        self.records.integer(i64::from(self.setting.file));
        self.records.integer(i64::try_from(row).unwrap_or(i64::MAX));
        for target in &plan.table {
            match target {
                Target::Absent => self.records.null(),
                Target::One(field) => self.one(cells, *field),
                Target::Group(fields) => self.group(cells, fields),
            }
        }
    }

    fn one(&mut self, cells: &impl Cells, index: usize) {
        let plan = self.plan;
        let field = &plan.fields[index];
        if field.column.cell == Cell::Date {
            // The date of death was judged with the person's vital status already.
            let date = if plan.roles.death_date == Some(index) || plan.roles.discharge_date == Some(index) {
                self.dates[index].filter(|date| *date <= self.setting.as_of)
            } else if plan.roles.looked_on == Some(index) && self.is_within() {
                // The disease lies within the study; when somebody looked may be later.
                self.dates[index].and(self.looked_on)
            } else {
                self.used(index)
            };
            self.records.date(date);
            return;
        }
        if plan.roles.organisation == Some(index) {
            self.records.text(&self.organisation);
            return;
        }
        let cell = pick(&mut self.cells, plan, &self.setting.limits, cells, index);
        // A question that nobody has answered yet lacks nothing.
        let asks = plan.roles.finding == Some(index) && self.is_unanswered(cells);
        if cell.is_empty() && field.column.required && !asks {
            self.cells.note(rules::REQUIRED_BLANK, field.name);
        }
        if field.column.cell == Cell::Integer {
            match self.cells.integer(cell, field) {
                Some(value) => self.records.integer(value),
                None => self.records.null(),
            }
            return;
        }
        let out = self.records.begin_text();
        if !cell.is_empty() {
            match field.column.cell {
                Cell::Icd10 | Cell::Opcs => {
                    self.cells.clinical_code(cell, field, out, &mut String::new());
                }
                Cell::Organisation => self.cells.organisation(cell, field, out),
                Cell::Codes => self.cells.codes(cell, field, out),
                Cell::Code => self.cells.code(cell, field, out),
                _ => self.cells.plain(cell, field, out),
            }
        }
        self.records.end_text();
    }

    /// The codes of a group in one text, in order; `-` holds the place of a blank before a code. Further codes of a cell stand
    /// behind the last element, so that each element keeps its place.
    fn group(&mut self, cells: &impl Cells, fields: &[usize]) {
        let plan = self.plan;
        let out = self.records.begin_text();
        let start = out.len();
        let mut blanks = 0;
        let mut more = String::new();
        for &index in fields {
            let field = &plan.fields[index];
            let cell = pick(&mut self.cells, plan, &self.setting.limits, cells, index);
            if cell.is_empty() {
                blanks += 1;
                continue;
            }
            let before = out.len();
            for _ in 0..blanks {
                out.push_str("- ");
            }
            if self.cells.clinical_code(cell, field, out, &mut more) {
                out.push(' ');
                blanks = 0;
            } else {
                out.truncate(before);
                blanks += 1;
            }
        }
        if !more.is_empty() {
            for _ in 0..blanks {
                out.push_str("- ");
            }
            out.push_str(&more);
        }
        if out.len() > start {
            out.pop();
        }
        self.records.end_text();
        let all_blank = fields
            .iter()
            .all(|&index| first(&plan.fields[index], cells).is_empty());
        if let (Some(&index), true) = (fields.first(), all_blank)
            && plan.fields[index].column.required
        {
            self.cells.note(rules::REQUIRED_BLANK, plan.fields[index].name);
        }
    }
}
