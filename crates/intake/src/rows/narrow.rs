//! Passing over the rows that speak of no tumour, before anything else is read of them.
//!
//! For whoever asks of tumours alone and keeps nothing: most rows of a nation's admissions are then neither checked
//! nor written. A row is passed over when none of its diagnoses, read as [`CellReader::clinical_code`] reads them, is a
//! code of a tumour; so every row of the table's
//! excerpt stays.
//!
//! [`CellReader::clinical_code`]: crate::rows::cells::CellReader::clinical_code

use vocabulary::code::{CodeSet, of_tumours, read_icd10};

use crate::rows::codes::is_placeholder;
use crate::rows::plan::Plan;
use crate::rows::reader::Cells;
use crate::rows::text::text;

/// Tells the rows that speak of a tumour.
#[derive(Clone)]
pub(crate) struct Narrow {
    /// The columns of the file that hold diagnoses.
    pub(crate) columns: Vec<usize>,
    tumours: CodeSet,
    scratch: String,
    code: String,
}

impl Narrow {
    /// For a file of a kind that has an excerpt.
    pub(crate) fn new(plan: &Plan) -> Option<Self> {
        let name = layouts::tables::excerpt(&plan.layout.kind)?;
        let fields = plan.fields.iter();
        let columns = fields
            .filter(|field| field.column.table.as_deref() == Some(name))
            .flat_map(|field| field.sources.iter().copied())
            .collect();
        Some(Self {
            columns,
            tumours: of_tumours(),
            scratch: String::new(),
            code: String::new(),
        })
    }

    /// Whether a row speaks of a tumour.
    pub(crate) fn keeps(&mut self, cells: &impl Cells) -> bool {
        (0..self.columns.len()).any(|at| {
            let column = self.columns.get(at).copied().unwrap_or(usize::MAX);
            self.is_of_tumour(cells.cell(column))
        })
    }

    /// Whether a cell holds the code of a tumour.
    pub(crate) fn is_of_tumour(&mut self, cell: &[u8]) -> bool {
        // Nearly every code is written in its normal form already.
        if let [b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9'] = cell {
            return self
                .tumours
                .contains(std::str::from_utf8(cell).unwrap_or_default());
        }
        if cell.is_empty() {
            return false;
        }
        let (text, _) = text(cell, &mut self.scratch);
        !is_placeholder(text) && read_icd10(text, &mut self.code).is_ok() && self.tumours.contains(&self.code)
    }
}
