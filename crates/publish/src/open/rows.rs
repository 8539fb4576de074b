//! Released rows as CSV and as JSON, with the columns of the released table.

use protect::{ReleasedRow, ReleasedTable, ReleasedValue};
use serde_json::{Map, Value};

use crate::PublishError;

/// Rows of one table as CSV, in the form of the released files.
pub(super) fn csv(
    table: &ReleasedTable,
    rows: &[ReleasedRow<'_>],
    notice: Option<&str>,
) -> Result<String, PublishError> {
    let failed = || PublishError::facts("charts", format!("rows of {} could not be written", table.name()));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header: Vec<String> = notice.iter().map(|_| "notice".to_owned()).collect();
    header.extend(table.file_columns().into_iter().map(|(name, _)| name));
    writer.write_record(&header).map_err(|_| failed())?;
    for row in rows {
        let mut record: Vec<String> = notice.iter().map(|notice| (*notice).to_owned()).collect();
        record.extend(row.file_values().into_iter().map(|value| match value {
            ReleasedValue::Null => String::new(),
            ReleasedValue::Text(text) => safe(text),
            ReleasedValue::Integer(n) => n.to_string(),
            ReleasedValue::Real(n) => n.to_string(),
        }));
        writer.write_record(&record).map_err(|_| failed())?;
    }
    let bytes = writer.into_inner().map_err(|_| failed())?;
    String::from_utf8(bytes).map_err(|_| failed())
}

/// Words that a spreadsheet could take for a formula get an apostrophe before them, as in the released files.
pub(super) fn safe(text: &str) -> String {
    if protect::risky(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A row as an object: a value for each column, null where nothing is shown, and its state beside it.
pub(super) fn json(table: &ReleasedTable, row: ReleasedRow<'_>) -> Value {
    let values = row.file_values().into_iter().map(|value| match value {
        ReleasedValue::Null => Value::Null,
        ReleasedValue::Text(text) => Value::from(text),
        ReleasedValue::Integer(n) => Value::from(n),
        ReleasedValue::Real(n) => Value::from(n),
    });
    let names = table.file_columns().into_iter().map(|(name, _)| name);
    Value::Object(names.zip(values).collect::<Map<_, _>>())
}
