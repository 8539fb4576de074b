//! How the count checks itself.

use vocabulary::table::Kind::{Real, Text};
use vocabulary::table::TableSchema;

/// How the count is checked against itself, by nation and year.
#[must_use]
pub fn checks() -> TableSchema {
    TableSchema::new(
        "checks",
        1,
        &[
            ("name", Text),
            ("place", Text),
            ("period", Text),
            ("value", Real),
            ("words", Text),
        ],
    )
}
