//! The audit log of a study: who looked at identities, when, by which command, and whose.
//!
//! The row is durable before anything is shown. It names the person by study id only.

use std::io::Write;

use serde_json::json;
use study::Study;

use crate::exit::Failure;
use crate::machine;

/// Writes one row to `STUDY/state/audit.jsonl`.
pub(crate) fn write(study: &Study, action: &str, subject: &str) -> Result<(), Failure> {
    let path = study.state().join("audit.jsonl");
    let mut file = fs_err::OpenOptions::new().create(true).append(true).open(path)?;
    let row =
        json!({ "at": machine::seconds(), "by": machine::user(), "action": action, "subject": subject });
    writeln!(file, "{row}")?;
    file.sync_all()?;
    Ok(())
}
