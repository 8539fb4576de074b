//! The one way from raw tables to a [`Release`].
//!
//! Invariant: there is no other constructor and no mutable access, and no way back from a file but under the hashes that two
//! people signed in the ledger ([`SignedLedger::kept_release`](crate::ledger::SignedLedger::kept_release)), so whatever
//! takes a `&Release` takes only what passed the policy.

use std::collections::{BTreeMap, BTreeSet};

use crate::ProtectError;
use crate::attack::Publication;
use crate::derive::Deriver;
use crate::files;
use crate::guard::Guard;
use crate::manifest::PublicManifest;
use crate::policy::Policy;
use crate::raw::{RawRelease, RawTable, RawValue, Role};
use crate::sums::Draft;
use crate::table::ReleasedTable;

/// Tables and facts that passed disclosure control: the only thing that may be published.
#[derive(Clone, Debug)]
pub struct Release {
    pub(crate) manifest: PublicManifest,
    pub(crate) tables: Vec<ReleasedTable>,
    pub(crate) publication: Publication,
}

impl Release {
    /// The id of the release. It follows from what is released: same content, same id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.manifest.release
    }
    /// Facts about the release, safe to show.
    #[must_use]
    pub fn manifest(&self) -> &PublicManifest {
        &self.manifest
    }
    /// The tables.
    #[must_use]
    pub fn tables(&self) -> &[ReleasedTable] {
        &self.tables
    }
    /// What anybody can read off it, as the [attacker](crate::attack) does: to be kept, and given to
    /// [`release_after`] with every later release.
    #[must_use]
    pub fn publication(&self) -> &Publication {
        &self.publication
    }
    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&ReleasedTable> {
        self.tables.iter().find(|t| t.name == name)
    }
}

/// Protects tables and facts under a policy: the only maker of a [`Release`].
///
/// # Errors
/// If a table does not fit its columns, has a row twice, names a column that is not there, or gives a number away
/// whatever is hidden beside it.
pub fn release(raw: &RawRelease, policy: &Policy) -> Result<Release, ProtectError> {
    release_after(raw, policy, &[])
}

/// As [`release()`], knowing what was published before: what an earlier publication shows or hides is not given away by the
/// two together.
///
/// # Errors
/// As [`release()`]; also where earlier publications leave no way to make this one.
pub fn release_after(
    raw: &RawRelease,
    policy: &Policy,
    earlier: &[Publication],
) -> Result<Release, ProtectError> {
    let mut drafts = Vec::new();
    let mut first_cell = 0;
    for table in &raw.tables {
        check(table)?;
        let draft = Draft::new(table, leaving(table, policy)?, first_cell);
        check_once(&draft)?;
        first_cell += draft.cells();
        drafts.push(draft);
    }
    let counts = counts(&drafts);
    let guard = Guard::new(&drafts, &raw.links, policy, &counts)?;
    let (cells, mut publication) = guard.protect(counts, earlier)?;

    let mut tables = Vec::new();
    for (draft, table) in drafts.iter().zip(&raw.tables) {
        tables.push(Deriver::new(draft, &cells, policy)?.table(table));
    }
    let mut manifest = PublicManifest::new(&raw.manifest, policy);
    manifest.release = files::release_id(&manifest, &tables)?;
    publication.name.clone_from(&manifest.release);
    Ok(Release {
        manifest,
        tables,
        publication,
    })
}

/// Every row has one value a column, of a kind that fits.
fn check(table: &RawTable) -> Result<(), ProtectError> {
    for (index, row) in table.rows.iter().enumerate() {
        if row.len() != table.columns.len() {
            return Err(ProtectError::Width {
                table: table.name.clone(),
                row: index + 1,
            });
        }
        for (value, column) in row.iter().zip(&table.columns) {
            if let Some(what) = misfit(value, &column.role) {
                return Err(ProtectError::Value {
                    table: table.name.clone(),
                    row: index + 1,
                    column: column.name.clone(),
                    what,
                });
            }
        }
    }
    Ok(())
}

fn misfit(value: &RawValue, role: &Role) -> Option<&'static str> {
    match (role, value) {
        (_, RawValue::Null | RawValue::Missing(_)) => {
            matches!(role, Role::Dimension).then_some("a dimension must have a value; use `all` for a total")
        }
        (Role::Dimension | Role::Text | Role::Reason | Role::Status | Role::State(_), RawValue::Text(_))
        | (
            Role::Percentage { .. }
            | Role::CareShare { .. }
            | Role::Difference { .. }
            | Role::Share { .. }
            | Role::Interval { .. },
            _,
        ) => None,
        (Role::Dimension | Role::Text | Role::Reason | Role::Status | Role::State(_), _) => {
            Some("words are needed here, not a number")
        }
        (Role::Count | Role::Support, RawValue::Integer(n)) => {
            (*n < 0).then_some("a count cannot be below zero")
        }
        (Role::Count | Role::Support, _) => Some("a whole number is needed here"),
        (Role::Estimate { .. } | Role::Median { .. }, RawValue::Real(n)) => {
            (!n.is_finite()).then_some("a finite number is needed here")
        }
        (Role::Estimate { .. } | Role::Median { .. }, RawValue::Integer(_)) => None,
        (Role::Estimate { .. } | Role::Median { .. }, RawValue::Text(_)) => Some("a number is needed here"),
    }
}

/// The rows that may leave: a split that the policy keeps to some kinds of place leaves only there.
fn leaving(table: &RawTable, policy: &Policy) -> Result<Vec<Vec<RawValue>>, ProtectError> {
    let at = |name: &str| table.columns.iter().position(|c| c.name == name);
    let mut rules = Vec::new();
    for rule in policy.only_at() {
        if let Some(column) = at(&rule.column) {
            let place = at(&rule.place_column).ok_or_else(|| ProtectError::NoColumn {
                table: table.name.clone(),
                column: rule.place_column.clone(),
                wanted_by: format!("the policy's limit on {}", rule.column),
            })?;
            rules.push((column, place, rule));
        }
    }
    let text = |row: &[RawValue], column: usize| match row.get(column) {
        Some(RawValue::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let may_leave = |row: &&Vec<RawValue>| {
        rules.iter().all(|(column, place, rule)| {
            text(row, *column) == rule.total || rule.places.contains(&text(row, *place))
        })
    };
    Ok(table.rows.iter().filter(may_leave).cloned().collect())
}

fn check_once(draft: &Draft) -> Result<(), ProtectError> {
    let mut seen = BTreeSet::new();
    for row in 0..draft.rows.len() {
        let key: Vec<&str> = draft.dimensions.iter().map(|d| draft.text(row, *d)).collect();
        if !seen.insert(key) {
            return Err(ProtectError::Twice {
                table: draft.name.clone(),
                row: row + 1,
            });
        }
    }
    Ok(())
}

fn counts(drafts: &[Draft]) -> Vec<Option<i64>> {
    let mut counts = Vec::new();
    for draft in drafts {
        for row in &draft.rows {
            for column in &draft.counts {
                counts.push(match row.get(*column) {
                    Some(RawValue::Integer(n)) => Some(*n),
                    _ => None,
                });
            }
        }
    }
    counts
}

/// The places of columns by name, for quick look-up in released rows.
pub(crate) fn names<'a>(columns: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
    columns
        .enumerate()
        .map(|(i, name)| (name.to_owned(), i))
        .collect()
}
