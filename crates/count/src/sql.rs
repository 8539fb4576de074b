//! Literals and small tables inside SQL, so that facts of the study (places, periods) travel with a plan.
//!
//! Invariant: whatever a registry or a study names a place, it stays a literal: quotes are doubled.

use std::fmt::Write as _;

use vocabulary::date::Date;

/// A text literal.
pub(crate) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A date literal.
pub(crate) fn date(value: Date) -> String {
    format!("DATE '{value}'")
}

/// A truth literal.
pub(crate) fn flag(value: bool) -> String {
    if value { "true" } else { "false" }.to_owned()
}

/// A small table for `FROM`; `columns` are names with SQL types, `rows` hold literals.
pub(crate) fn table(alias: &str, columns: &[(&str, &str)], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        // SQL has no empty VALUES; a typed row that is filtered away is the same table.
        let typed: Vec<String> = columns
            .iter()
            .map(|(name, kind)| format!("CAST(NULL AS {kind}) AS \"{name}\""))
            .collect();
        return format!("(SELECT {} WHERE false) AS {alias}", typed.join(", "));
    }
    let mut sql = String::from("(VALUES ");
    for (index, row) in rows.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(sql, "{comma}({})", row.join(", "));
    }
    let names: Vec<String> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let _ = write!(sql, ") AS {alias} ({})", names.join(", "));
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_names_stay_inside_the_literal() {
        assert_eq!(text("St Mary's'; DROP"), "'St Mary''s''; DROP'");
        let sql = table("o", &[("code", "VARCHAR")], &[vec![text("A'B")], vec![text("C")]]);
        assert_eq!(sql, "(VALUES ('A''B'), ('C')) AS o (\"code\")");
    }

    #[test]
    fn no_rows_are_still_a_table() {
        let sql = table("o", &[("code", "VARCHAR"), ("from", "DATE")], &[]);
        assert_eq!(
            sql,
            "(SELECT CAST(NULL AS VARCHAR) AS \"code\", CAST(NULL AS DATE) AS \"from\" WHERE false) AS o"
        );
    }
}
