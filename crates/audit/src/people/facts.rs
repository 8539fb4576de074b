//! From the rows of a table to facts: a day, and a mask of the codes that some question asks for.
//!
//! Up to 30 codes of a fact are asked for, each a bit; the lowest bit stands for "any code", and the highest for a row that
//! leaves its code blank, or its day where it has no code: it may be what is asked about. A row that has none of them is
//! not kept. Twenty diagnoses of an episode are looked through and never laid out as rows.

use rustc_hash::FxHashMap;

use crate::definition::{
    Agenda, Clause, Code, Delay, Excluded, FactSource, Indicator, Population, Span, Standards, Treatments,
    What,
};

use super::rows::{Columns, Row};

/// In the mask of a row that does not say what the fact is told by. Only facts whose silence is asked about have it.
pub(crate) const BLANK: u32 = 1 << 31;

/// Which codes of each fact are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    codes: Vec<Vec<Code>>,
    any: Vec<bool>,
    /// Whether somebody asks if there was none.
    absent: Vec<bool>,
}

/// Rows that hold anything of a fact, and those of them with a code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Stated {
    pub rows: u64,
    pub coded: u64,
}

impl Stated {
    /// Whether some row can say whether the fact has one of these codes; none for any.
    pub(crate) fn speaks(self, codes: &[Code]) -> bool {
        let blank_will_do = codes.is_empty() || codes.iter().any(|code| code.matches(""));
        if blank_will_do {
            self.rows > 0
        } else {
            self.coded > 0
        }
    }

    pub(crate) fn sum(&mut self, other: Self) {
        self.rows += other.rows;
        self.coded += other.coded;
    }
}

impl Asked {
    /// What a definition asks for; none where a fact is asked for more codes than a mask holds.
    pub(crate) fn of(standards: &Standards) -> Option<Self> {
        let mut asked = Self::nothing(standards);
        standards
            .indicators
            .iter()
            .for_each(|indicator| asked.indicator(indicator));
        standards.delays.iter().for_each(|delay| asked.delay(delay));
        if let Some(treatments) = &standards.treatments {
            asked.treatments(treatments);
        }
        asked.codes.iter().all(|codes| codes.len() < 31).then_some(asked)
    }

    /// What the agenda of a meeting asks for, and nothing else.
    pub(crate) fn of_agenda(standards: &Standards, agenda: &Agenda) -> Option<Self> {
        let mut asked = Self::nothing(standards);
        for occasion in &agenda.occasions {
            if let Population::Fact { fact, codes, .. } = &occasion.population {
                asked.add(*fact, codes);
            }
        }
        let reasons = agenda
            .reasons
            .iter()
            .flat_map(|reason| reason.every.iter().flatten());
        agenda
            .reviewed
            .iter()
            .chain(reasons)
            .for_each(|clause| asked.clause(clause));
        asked.codes.iter().all(|codes| codes.len() < 31).then_some(asked)
    }

    fn nothing(standards: &Standards) -> Self {
        Self {
            codes: vec![Vec::new(); standards.facts.len()],
            any: vec![false; standards.facts.len()],
            absent: vec![false; standards.facts.len()],
        }
    }

    fn indicator(&mut self, indicator: &Indicator) {
        if let Population::Fact { fact, codes, .. } = &indicator.population {
            self.add(*fact, codes);
        }
        for exclusion in &indicator.exclusions {
            if let Excluded::Fact(clause) = &exclusion.when {
                self.clause(clause);
            }
        }
        indicator
            .yes
            .iter()
            .chain(&indicator.no)
            .chain(&indicator.known)
            .for_each(|clause| self.clause(clause));
    }

    fn treatments(&mut self, treatments: &Treatments) {
        self.add(treatments.course.0, &treatments.course.1);
        for name in &treatments.names {
            for class in &treatments.classes {
                self.add(*name, std::slice::from_ref(&class.words));
            }
        }
        let receptors = &treatments.receptors;
        for fact in [receptors.oestrogen, receptors.progesterone, receptors.her2] {
            self.add(fact, &receptors.positive);
            self.add(fact, &receptors.negative);
            // A tumour of which nothing is known is a tumour: an older one's receptors are not its own.
            self.add(fact, &[]);
        }
    }

    fn delay(&mut self, delay: &Delay) {
        match &delay.span {
            Span::Before { fact, until, .. } => {
                self.add(*fact, &[]);
                self.add(*until, &[]);
            }
            Span::After { facts, .. } | Span::Contacts { facts, .. } => {
                facts.iter().for_each(|(fact, codes)| self.add(*fact, codes));
            }
        }
    }

    fn clause(&mut self, clause: &Clause) {
        if let What::Fact(fact, codes) = &clause.what {
            self.add(*fact, codes);
            self.absent[*fact] |= clause.absent;
        }
    }

    fn add(&mut self, fact: usize, codes: &[Code]) {
        if codes.is_empty() {
            self.any[fact] = true;
        }
        for code in codes {
            if !self.codes[fact].contains(code) {
                self.codes[fact].push(code.clone());
            }
        }
    }

    /// The mask that a fact must meet to have one of these codes.
    pub(crate) fn mask(&self, fact: usize, codes: &[Code]) -> u32 {
        if codes.is_empty() {
            return 1;
        }
        let known = self.codes[fact].iter().enumerate();
        known
            .filter(|(_, known)| codes.contains(known))
            .fold(0, |mask, (bit, _)| mask | 2 << bit)
    }

    /// Whether it can be told of a fact how many of its rows are blank: every row is kept.
    pub(crate) fn counts_blanks(&self, fact: usize) -> bool {
        self.absent[fact] && self.any[fact]
    }

    /// The mask of a cell.
    fn of_cell(&self, fact: usize, source: &FactSource, cell: Option<&str>) -> u32 {
        let of_code = |code: &str| {
            let known = self.codes[fact].iter().enumerate();
            known
                .filter(|(_, known)| known.matches(code))
                .fold(0, |mask, (bit, _)| mask | 2 << bit)
        };
        let cell = cell.unwrap_or("");
        let coded = if source.code.is_none() {
            0
        } else if source.several {
            cell.split_ascii_whitespace()
                .fold(0, |mask, code| mask | of_code(code))
        } else {
            of_code(cell)
        };
        let blank = self.absent[fact] && source.code.is_some() && cell.trim().is_empty();
        coded | u32::from(self.any[fact]) | if blank { BLANK } else { 0 }
    }
}

/// What cells came to, by their text.
#[derive(Debug, Clone, Default)]
struct ByCell<T>(FxHashMap<String, T>);

/// For how many texts of a column it is kept what they came to.
const KEPT: usize = 4_096;

impl<T: Copy> ByCell<T> {
    /// What a cell comes to, which `find` finds where it is not known.
    fn of(&mut self, cell: &str, find: impl FnOnce() -> T) -> T {
        if let Some(known) = self.0.get(cell) {
            return *known;
        }
        let found = find();
        if self.0.len() < KEPT {
            self.0.insert(cell.to_owned(), found);
        }
        found
    }
}

/// What cells of a fact came to before: drugs are few, each stands in many rows, and to look for words takes long.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// The masks of codes.
    masks: ByCell<u32>,
    /// Whether a row is left out.
    excepted: ByCell<bool>,
}

/// One table, with the facts that are read from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub name: String,
    pub columns: Columns,
    facts: Vec<Reading>,
}

/// How a fact is read: where its columns stand among those of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reading {
    fact: usize,
    date: Option<usize>,
    code: Option<usize>,
    only: Option<usize>,
    except: Option<usize>,
}

/// The tables that the facts of a definition are read from, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tables(pub Vec<Table>);

impl Tables {
    pub(crate) fn of(standards: &Standards) -> Self {
        let mut tables: Vec<Table> = Vec::new();
        for (index, fact) in standards.facts.iter().enumerate() {
            let at = tables.iter().position(|table| table.name == fact.table);
            let at = at.unwrap_or_else(|| {
                tables.push(Table {
                    name: fact.table.clone(),
                    columns: Columns {
                        texts: Vec::new(),
                        dates: Vec::new(),
                    },
                    facts: Vec::new(),
                });
                tables.len() - 1
            });
            let table = &mut tables[at];
            let place = |columns: &mut Vec<String>, name: &Option<String>| {
                name.as_ref().map(|name| {
                    columns.iter().position(|own| own == name).unwrap_or_else(|| {
                        columns.push(name.clone());
                        columns.len() - 1
                    })
                })
            };
            let date = place(&mut table.columns.dates, &fact.date);
            let code = place(&mut table.columns.texts, &fact.code);
            let only = fact.only.as_ref().map(|(column, _)| column.clone());
            let only = place(&mut table.columns.texts, &only);
            let except = fact.except.as_ref().map(|(column, _)| column.clone());
            let except = place(&mut table.columns.texts, &except);
            table.facts.push(Reading {
                fact: index,
                date,
                code,
                only,
                except,
            });
        }
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        Self(tables)
    }
}

impl Table {
    /// The kind of source that brings it.
    pub(crate) fn kind(&self) -> &str {
        self.name.split('.').next().unwrap_or(&self.name)
    }

    /// Gives each fact of a row that somebody asks for: its index, day and mask. `stated` counts items that hold
    /// anything, asked for or not; `known` keeps what cells of each fact came to. A row without the day that a fact is told by is
    /// given as blank where silence is asked about.
    pub(crate) fn facts(
        &self,
        sources: &[FactSource],
        asked: &Asked,
        row: &Row<'_>,
        stated: &mut [Stated],
        known: &mut [Known],
        mut take: impl FnMut(u16, i32, u32),
    ) {
        for reading in &self.facts {
            let fact = reading.fact;
            let day = reading.date.and_then(|at| row.dates[at]);
            let cell = reading.code.and_then(|at| row.texts[at]);
            if let (Some(at), Some((_, codes))) = (reading.only, &sources[fact].only) {
                let own = row.texts[at].unwrap_or("");
                if !codes.iter().any(|code| code.matches(own)) {
                    continue;
                }
            }
            if let (Some(at), Some((_, words))) = (reading.except, &sources[fact].except)
                && row.texts[at].is_some_and(|own| known[fact].excepted.of(own, || words.matches(own)))
            {
                continue;
            }
            let number = u16::try_from(fact).unwrap_or(u16::MAX);
            // An item that is neither dated nor coded here says nothing, or that it was on a day that nobody knows.
            if day.is_none() && cell.is_none() {
                if reading.code.is_none() && asked.absent[fact] {
                    take(number, super::UNDATED, BLANK);
                }
                continue;
            }
            stated[fact].rows += 1;
            stated[fact].coded += u64::from(cell.is_some_and(|cell| !cell.trim().is_empty()));
            let of_cell = || asked.of_cell(fact, &sources[fact], cell);
            let mask = match cell {
                // Several codes together hardly ever come again.
                Some(cell) if !sources[fact].several => known[fact].masks.of(cell, of_cell),
                _ => of_cell(),
            };
            if mask != 0 {
                take(number, day.unwrap_or(super::UNDATED), mask);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    const CELLS: [&str; 14] = [
        "",
        " ",
        "02",
        "P",
        "C509",
        "C341",
        "Fulvestrant",
        "Xgeva 120 mg",
        "T-DXD",
        "t dxd",
        "DATO-DXD",
        "TRASTUZUMAB + EC",
        "03/02 /05",
        "denosumab, letrozole",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever stood in the rows before, a row says what it says alone.
        #[test]
        fn a_cell_that_comes_again_says_the_same(
            rows in prop::collection::vec(
                prop::collection::vec(prop::option::of(prop::sample::select(CELLS.to_vec())), 7),
                1..30,
            ),
        ) {
            let standards = Standards::built_in().unwrap();
            let asked = Asked::of(&standards).unwrap();
            let nothing = vec![Known::default(); standards.facts.len()];
            let mut known = nothing.clone();
            for table in &Tables::of(&standards).0 {
                for cells in &rows {
                    let texts: Vec<_> = cells.iter().copied().cycle().take(table.columns.texts.len()).collect();
                    let dates = vec![Some(18_000); table.columns.dates.len()];
                    let row = Row { file: 0, row: 0, texts: &texts, dates: &dates };
                    let said = |known: &mut [Known]| {
                        let mut stated = vec![Stated::default(); standards.facts.len()];
                        let mut found = Vec::new();
                        table.facts(&standards.facts, &asked, &row, &mut stated, known, |fact, day, mask| {
                            found.push((fact, day, mask));
                        });
                        (found, stated)
                    };
                    prop_assert_eq!(said(&mut known), said(&mut nothing.clone()));
                }
            }
        }
    }

    #[test]
    fn of_many_texts_some_are_kept_and_all_are_right() {
        let mut known = ByCell::default();
        for number in (0..2 * KEPT).chain(0..2 * KEPT) {
            assert_eq!(known.of(&number.to_string(), || number), number);
        }
        assert_eq!(known.0.len(), KEPT);
    }
}
