//! `linkage-decisions.csv`: what somebody decided about records, which linkage follows.

use std::path::Path;

use linkage::Decision;

use crate::beside::{self, rows, wrong};
use crate::error::StudyError;

/// The file, in the study folder. A study need not have one.
pub const FILE: &str = "linkage-decisions.csv";

const COLUMNS: [&str; 5] = ["decision", "record_id_1", "record_id_2", "author", "reason"];

/// The decisions of a study, each with its line.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// In the order of the file.
    pub list: Vec<Decision>,
    lines: Vec<u64>,
}

impl Decisions {
    /// Reads and checks the file of a study folder.
    pub fn read(study: &Path) -> Result<Self, StudyError> {
        match beside::read(&study.join(FILE))? {
            Some(bytes) => Self::parse(&bytes),
            None => Ok(Self::default()),
        }
    }

    fn parse(bytes: &[u8]) -> Result<Self, StudyError> {
        let mut decisions = Self::default();
        for (line, cells) in rows(FILE, bytes, &COLUMNS)? {
            let cell = |column: usize| cells.get(column).cloned().unwrap_or_default();
            let decision = Decision::verdict(&cell(0).to_lowercase())
                .ok_or_else(|| wrong(FILE, line, "`decision` is `same` or `different`"))?;
            decisions.list.push(Decision {
                decision,
                records: [cell(1), cell(2)],
                author: cell(3),
                reason: cell(4),
            });
            decisions.lines.push(line);
        }
        Ok(decisions)
    }

    /// Stands for all decisions, in the key of whatever depends on them.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(&self.list).unwrap_or_default()
    }

    /// What linkage says about a decision, with its line.
    pub(crate) fn wrong(&self, decision: u64, what: &str) -> StudyError {
        let at = usize::try_from(decision).unwrap_or_default().saturating_sub(1);
        wrong(FILE, self.lines.get(at).copied().unwrap_or(1), what)
    }
}

#[cfg(test)]
mod tests {
    use super::Decisions;

    const GOOD: &str = "decision,record_id_1,record_id_2,author,reason\n\
                        same,a.csv#1,b.csv#2,A. Nurse,\"seen in the notes, both\"\n\
                        different,a.csv#3,b.csv#4,A. Nurse,twins\n";

    #[test]
    fn decisions_are_read_in_any_order_of_columns() {
        let found = Decisions::parse(GOOD.as_bytes()).expect("two decisions");
        assert_eq!(found.list.len(), 2);
        assert_eq!(found.list[0].reason, "seen in the notes, both");
        let other = "\u{feff}Reason, author, decision, record_id_2, record_id_1\n\
                     twins, A. Nurse, Different, b.csv#4, a.csv#3\n";
        let other = Decisions::parse(other.as_bytes()).expect("a decision");
        assert_eq!(other.list[0], found.list[1]);
    }

    /// A mistake, and what the message must name.
    #[test]
    fn every_mistake_is_named() {
        let table = [
            ("decision,", "verdict,", "line 1: no column `verdict`"),
            (",reason\n", "\n", "line 1: the column `reason` is missing"),
            (
                "different",
                "apart",
                "line 3: `decision` is `same` or `different`",
            ),
            (",twins", "", "line 3: not as many cells"),
        ];
        for (from, to, named) in table {
            let error = Decisions::parse(GOOD.replacen(from, to, 1).as_bytes()).expect_err(to);
            assert!(error.to_string().contains(named), "{to}: {error}");
            assert_eq!(error.exit_code(), 2);
        }
    }
}
