//! Passing over the rows that nobody asks for, before anything else is read of them.
//!
//! For whoever looks for people with one disease and keeps nothing: most rows of a nation's admissions are then neither
//! checked nor written. A row is passed over when it is about somebody else for certain, or, in kinds with an excerpt,
//! when none of its diagnoses, read as [`CellReader::clinical_code`] reads them, is a code of a tumour. Where it reads several
//! codes of one cell, each of them is asked.
//!
//! [`CellReader::clinical_code`]: crate::rows::cells::CellReader::clinical_code

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Question;
use layouts::Cell;
use vocabulary::code::{CodeSet, of_tumours, read_icd10};

use crate::rows::claims::{Claims, People};
use crate::rows::codes::{further, is_placeholder};
use crate::rows::plan::Plan;
use crate::rows::reader::Cells;
use crate::rows::text::text;

/// What is looked for, so that all else may be passed over.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// By kind: which records say that somebody is looked for, as columns of its table and the codes of ICD-10 in them;
    /// without columns every record says so. The records of a kind that is not here never do.
    pub people: BTreeMap<String, Option<BTreeMap<String, CodeSet>>>,
    /// Whether nothing is asked of admissions that speak of no tumour.
    pub tumours_alone: bool,
}

/// A narrowing whose people are known.
#[derive(Debug, Clone)]
pub(crate) struct Narrowed {
    pub(crate) people: Arc<People>,
    pub(crate) tumours_alone: bool,
}

/// Tells the rows of one file that are asked for.
pub(crate) struct Narrow {
    people: Arc<People>,
    claims: Claims,
    columns: Vec<usize>,
    tumours: Option<Sought>,
}

impl Narrow {
    pub(crate) fn new(plan: &Plan, known: &Narrowed) -> Self {
        let claims = Claims::new(plan);
        let excerpt = layouts::tables::excerpt(&plan.layout.kind).filter(|_| known.tumours_alone);
        Self {
            people: Arc::clone(&known.people),
            columns: claims.columns(),
            claims,
            tumours: excerpt.and_then(|column| Sought::new(plan, &[(column, &of_tumours())])),
        }
    }

    /// Whether a row is asked for.
    pub(crate) fn keeps(&mut self, cells: &impl Cells) -> bool {
        let cell = Claims::cells(&self.columns, cells);
        self.claims.may_be_of(&self.people, cell)
            && self.tumours.as_mut().is_none_or(|tumours| tumours.is_in(cells))
    }

    /// A question to a file with these columns, which each row must meet that is asked for. Where it can tell people apart
    /// it asks for those alone: of them most records speak of a tumour, and the row itself is asked that.
    pub(crate) fn question(&self, header: &[String]) -> Option<Question> {
        if self.columns.is_empty() {
            return self.tumours.as_ref().map(|tumours| tumours.question(header));
        }
        let (people, mut claims) = (Arc::clone(&self.people), self.claims.clone());
        Some(Question::of_rows(
            &names(header, &self.columns),
            move |cells: &[&str]| {
                let cell = |at: usize| cells.get(at).copied().unwrap_or_default().as_bytes();
                claims.may_be_of(&people, cell)
            },
        ))
    }
}

/// The names of columns of a file.
pub(crate) fn names<'h>(header: &'h [String], columns: &[usize]) -> Vec<&'h str> {
    let names = columns.iter().filter_map(|&column| header.get(column));
    names.map(String::as_str).collect()
}

/// Codes of ICD-10 that are looked for in the cells of a file.
#[derive(Clone)]
pub(crate) struct Sought {
    /// The columns of the file, which set is looked for in them, and whether a cell may hold further codes.
    columns: Vec<(usize, usize, bool)>,
    sets: Vec<CodeSet>,
    scratch: String,
    code: String,
}

impl Sought {
    /// Looks for codes in columns of the table; nothing where one of them holds other things than one such code a cell.
    pub(crate) fn new(plan: &Plan, asked: &[(&str, &CodeSet)]) -> Option<Self> {
        let mut columns = Vec::new();
        for (set, (name, _)) in asked.iter().enumerate() {
            let fields = plan.fields.iter();
            for field in fields.filter(|field| field.column.table.as_deref() == Some(name)) {
                if field.column.cell != Cell::Icd10 {
                    return None;
                }
                let is_group = field.element.is_some();
                columns.extend(field.sources.iter().map(|&source| (source, set, is_group)));
            }
        }
        Some(Self {
            columns,
            sets: asked.iter().map(|(_, set)| (*set).clone()).collect(),
            scratch: String::new(),
            code: String::new(),
        })
    }

    /// Whether a row has such a code.
    pub(crate) fn is_in(&mut self, cells: &impl Cells) -> bool {
        (0..self.columns.len()).any(|at| {
            let column = self.columns.get(at).map_or(usize::MAX, |(column, ..)| *column);
            self.holds(at, cells.cell(column))
        })
    }

    /// The same as a question to a file with these columns.
    pub(crate) fn question(&self, header: &[String]) -> Question {
        let columns: Vec<usize> = self.columns.iter().map(|(column, ..)| *column).collect();
        let mut sought = self.clone();
        Question::of_cells(&names(header, &columns), move |at, cell| {
            sought.holds(at, cell.as_bytes().trim_ascii())
        })
    }

    /// Whether a cell of a column, by its place among them, holds such a code.
    fn holds(&mut self, at: usize, cell: &[u8]) -> bool {
        let Some((set, is_group)) = self
            .columns
            .get(at)
            .and_then(|(_, set, is_group)| Some((self.sets.get(*set)?, *is_group)))
        else {
            return false;
        };
        // Nearly every code is written in its normal form already.
        if let [b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9'] = cell {
            return set.contains(std::str::from_utf8(cell).unwrap_or_default());
        }
        if cell.is_empty() {
            return false;
        }
        let (text, _) = text(cell, &mut self.scratch);
        if is_placeholder(text) || read_icd10(text, &mut self.code).is_err() {
            return false;
        }
        if set.contains(&self.code) || !is_group {
            return set.contains(&self.code);
        }
        let mut found = false;
        further(text, &mut self.code, |code| found |= set.contains(code)) && found
    }
}
