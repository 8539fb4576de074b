//! The columns of the released tables, asked of a release that holds nobody.

use std::fmt::Write as _;

use protect::{ColumnKind, RawManifest, RawRelease, RawTable};

use super::cell;

/// The released tables with their columns, as they stand in a release of nobody.
pub(super) fn columns() -> String {
    let tables = [
        ("counts", protect::counts_columns()),
        ("completeness", protect::completeness_columns(80, 20, 20)),
        ("checks", protect::checks_columns()),
        ("care", protect::care_columns()),
        ("care_of_all", protect::care_of_all_columns()),
        ("care_at_least", protect::care_at_least_columns()),
    ];
    let tables = tables.map(|(name, columns)| RawTable {
        name: name.to_owned(),
        version: 1,
        about: protect::about(name).to_owned(),
        columns,
        rows: Vec::new(),
        sums: Vec::new(),
    });
    let raw = RawRelease {
        manifest: of_nobody(),
        tables: tables.into(),
        links: Vec::new(),
    };
    let policy = protect::Policy::hes().expect("the policy");
    let release = protect::release(&raw, &policy).expect("a release of nobody");
    let mut out = String::new();
    for table in release.tables() {
        write!(
            out,
            "### Released `{}`\n\n{}\n\n| column | holds | words |\n|---|---|---|\n",
            table.name(),
            table.about()
        )
        .unwrap();
        for column in table.columns() {
            let name = column.name();
            let holds = match column.kind() {
                ColumnKind::Key | ColumnKind::Text => "text".to_owned(),
                ColumnKind::Integer => format!("integer, and `{name}_state`"),
                ColumnKind::Real => format!("real, and `{name}_state`"),
            };
            let words: Vec<String> = column.words().iter().map(|word| format!("`{word}`")).collect();
            let words = match words.len() {
                0 => String::new(),
                _ => format!(" ({})", words.join(", ")),
            };
            writeln!(out, "| `{name}` | {holds} | {}{words} |", cell(column.about())).unwrap();
        }
        out.push('\n');
    }
    out
}

/// What a release says of itself, where it says nothing.
fn of_nobody() -> RawManifest {
    RawManifest {
        study: String::new(),
        as_of: String::new(),
        period: (String::new(), String::new()),
        country: String::new(),
        coverage: String::new(),
        definition: String::new(),
        program: String::new(),
        simulated: false,
        approved: false,
        demonstration_keys: false,
        state_period: String::new(),
        sections: Vec::new(),
    }
}
