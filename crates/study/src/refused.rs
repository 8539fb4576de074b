//! Why a release is refused, in words that somebody can act on.
//!
//! What the protection says names cells. Mostly the cause lies before it: records come from bodies that the study's list does not
//! hold, so a nation has many people and its listed bodies have none, and no hiding helps.

use std::path::Path;

use engine::TableReader;
use protect::ProtectError;
use vocabulary::organisation::{Registry, Resolved};

use crate::error::StudyError;

/// From one case in so many that belongs to no listed body on, that is the likely cause.
const LIKELY: u64 = 10;

/// The refusal of a release, with its likely cause and where the tables of the run are; any other error as it is.
pub(crate) fn told(error: ProtectError, registry: &Registry, casefind: &Path) -> StudyError {
    if !matches!(error, ProtectError::Leaks { .. }) {
        return error.into();
    }
    let mut message = error.to_string();
    if let Ok((outside, all)) = outside(registry, casefind)
        && outside > 0
        && outside * LIKELY >= all
    {
        message.push_str(&format!(
            "; {outside} of {all} cases belong to no body of the list of organisations, which is most likely why: put the bodies of \
             their records into the list (`organisations` in study.toml); `counted check` names their codes"
        ));
    }
    message.push_str(
        "; until the next command on this study its tables, which are confidential, lie in state/next/tables",
    );
    StudyError::Refused { message }
}

/// Counted cases that belong to no listed body, and all.
fn outside(registry: &Registry, casefind: &Path) -> Result<(u64, u64), StudyError> {
    let (mut outside, mut all) = (0, 0);
    let columns = ["organisation", "counted"];
    for batch in TableReader::open_columns(&casefind.join("cases.parquet"), &columns)? {
        let batch = batch?;
        let (body, counted) = (batch.text("organisation")?, batch.flag("counted")?);
        for row in (0..batch.rows()).filter(|&row| counted.get(row) == Some(true)) {
            let is_outside = |code: &str| matches!(registry.resolve(code), Resolved::Outside(_));
            all += 1;
            outside += u64::from(body.get(row).is_none_or(is_outside));
        }
    }
    Ok((outside, all))
}

#[cfg(test)]
mod tests {
    use engine::TableWriter;
    use vocabulary::table::{Kind, TableSchema, Value};

    use super::*;

    /// Bodies of the counted cases, and whether they are named as the cause.
    #[test]
    fn bodies_outside_the_list_are_named_as_the_likely_cause() {
        let registry = Registry::uk().expect("the registry");
        let leaks = || ProtectError::Leaks {
            leaks: vec!["a number would stay known".to_owned()],
        };
        let table: [(&[&str], Option<&str>); 3] = [
            (&["RTH", "RTH"], None),
            (&["G107H", "RTH", ""], Some("2 of 3 cases belong to no body")),
            (&["RTH"; 20], None),
        ];
        for (bodies, cause) in table {
            let folder = tempfile::tempdir().expect("a folder");
            let schema = TableSchema::new(
                "cases",
                1,
                &[("organisation", Kind::Text), ("counted", Kind::Flag)],
            );
            let mut cases =
                TableWriter::create(&folder.path().join("cases.parquet"), &schema).expect("a table");
            for code in bodies {
                let body = if code.is_empty() {
                    Value::Null
                } else {
                    Value::Text(code)
                };
                cases.row(&[body, Value::Flag(true)]).expect("a case");
            }
            // A case that is not counted is in no release.
            cases
                .row(&[Value::Text("G107H"), Value::Flag(false)])
                .expect("a case");
            cases.finish().expect("the table");
            let told = told(leaks(), &registry, folder.path());
            assert_eq!(told.exit_code(), 5);
            let said = told.to_string();
            assert!(
                said.starts_with("the release is refused: a number would stay known;"),
                "{said}"
            );
            assert_eq!(
                said.contains("cases belong to no body"),
                cause.is_some(),
                "{said}"
            );
            assert!(cause.is_none_or(|cause| said.contains(cause)), "{said}");
        }
    }
}
