//! What case-finding needs to know of each table beside its documented columns.

/// The places in a table that do not depend on a rule.
pub(crate) struct Place {
    /// Column of the body that the record speaks of or comes from.
    pub organisation: Option<&'static str>,
    /// Column of the day on which the record was first sent, where known.
    pub created: Option<&'static str>,
    /// Whether the record has an id of its own (`ID` of the `cosd` table).
    pub own_id: bool,
}

/// The places of a table such as `admissions` or `cosd.metastasis`.
pub(crate) fn place(table: &str) -> Place {
    let (organisation, created) = match table {
        "registrations" => (Some("DIAG_TRUST"), None),
        "sact" => (Some("PROVIDER"), None),
        "rtds" => (Some("ORGCODEPROVIDER"), None),
        "admissions" => (Some("PROCODE"), None),
        "cwt" => (Some("ORGANISATION_TREATMENT"), None),
        "form" => (Some("ORGANISATION"), Some("RECORDED_ON")),
        _ if is_cosd(table) => (Some("PROVIDER"), Some("CREATED")),
        _ => (None, None),
    };
    Place {
        organisation,
        created,
        own_id: is_cosd(table),
    }
}

fn is_cosd(table: &str) -> bool {
    kind(table) == "cosd"
}

/// The kind of source that a table belongs to.
pub(crate) fn kind(table: &str) -> &str {
    table.split('.').next().unwrap_or(table)
}

/// The name of a table in SQL. A dot in a name is read as one between a schema and a table when a plan is read again
/// elsewhere.
pub(crate) fn in_sql(table: &str) -> String {
    table.replace('.', "_")
}

/// The name of the excerpt of a table in SQL.
pub(crate) fn excerpt_in_sql(table: &str) -> String {
    format!("{}_excerpt", in_sql(table))
}
