//! The released tables as Parquet, beside their CSV.

use std::path::Path;

use engine::TableWriter;
use protect::{ColumnKind, Release, ReleasedValue, WrittenFile};
use vocabulary::table::{Kind, TableSchema, Value as Cell};

use crate::error::StudyError;
use crate::hashes;

/// The released tables as Parquet beside the CSV, to be signed with them.
pub(crate) fn write(release: &Release, folder: &Path) -> Result<Vec<WrittenFile>, StudyError> {
    let mut written = Vec::new();
    for table in release.tables() {
        let columns = table.file_columns();
        let kinds: Vec<(&str, Kind)> = columns
            .iter()
            .map(|(name, kind)| {
                let kind = match kind {
                    ColumnKind::Key | ColumnKind::Text => Kind::Text,
                    ColumnKind::Integer => Kind::Integer,
                    ColumnKind::Real => Kind::Real,
                };
                (name.as_str(), kind)
            })
            .collect();
        let notice = release.manifest().notice();
        let mut named: Vec<(&str, Kind)> = notice.iter().map(|_| ("notice", Kind::Text)).collect();
        named.extend(kinds);
        let schema = TableSchema::new(table.name(), table.version(), &named);
        let name = format!("{}.parquet", table.name());
        let path = folder.join(&name);
        let mut writer = TableWriter::create(&path, &schema)?;
        for row in table.rows() {
            let mut values: Vec<Cell<'_>> = notice.iter().map(|notice| Cell::Text(notice)).collect();
            values.extend(row.file_values().into_iter().map(|value| match value {
                ReleasedValue::Null => Cell::Null,
                ReleasedValue::Text(text) => Cell::Text(text),
                ReleasedValue::Integer(number) => Cell::Integer(number),
                ReleasedValue::Real(number) => Cell::Real(number),
            }));
            writer.row(&values)?;
        }
        writer.finish()?;
        written.push(WrittenFile {
            blake3: hashes::of_file(&path)?,
            bytes: fs_err::metadata(&path)?.len(),
            path: name,
        });
    }
    Ok(written)
}
