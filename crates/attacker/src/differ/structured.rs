//! Differences of files for programs: JSON by its keys, CSV by its rows and columns.

use serde_json::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Place, is_hash};
use crate::FindingKind as Kind;

/// Differences by the way of keys that leads to each.
pub(super) fn json(site: &str, twin: &str) -> Vec<Place> {
    let (Ok(site), Ok(twin)) = (serde_json::from_str(site), serde_json::from_str(twin)) else {
        return Vec::new();
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    flat("", &site, &mut ours);
    flat("", &twin, &mut theirs);
    let sorted = |all: &[(String, String)]| {
        let mut values: Vec<String> = all.iter().map(|(_, value)| value.clone()).collect();
        values.sort();
        values
    };
    let order = sorted(&ours) == sorted(&theirs);
    let mut places = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &theirs, &ours) {
        let (range, all) = match op {
            DiffOp::Equal { .. } => continue,
            DiffOp::Delete { .. } => (op.old_range(), &theirs),
            _ => (op.new_range(), &ours),
        };
        for (path, value) in all.get(range).unwrap_or_default() {
            let hash = value.trim_matches('"').split(':').any(is_hash);
            let kind = if order {
                Kind::Order
            } else if hash {
                Kind::Hash
            } else {
                Kind::Metadata
            };
            places.push((path.clone(), kind, None));
        }
    }
    if order {
        places.truncate(1);
    }
    places
}

/// Every value of a file of JSON by the keys that lead to it; none where it is no JSON.
pub(crate) fn values(text: &str) -> Vec<(String, String)> {
    let mut values = Vec::new();
    if let Ok(whole) = serde_json::from_str(text) {
        flat("", &whole, &mut values);
    }
    values
}

/// Every value by the keys that lead to it.
fn flat(path: &str, value: &Value, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            into.push((path.to_owned(), "{".to_owned()));
            for (key, value) in object {
                flat(&format!("{path}/{key}"), value, into);
            }
        }
        Value::Array(list) => {
            into.push((path.to_owned(), "[".to_owned()));
            for value in list {
                flat(&format!("{path}/-"), value, into);
            }
        }
        other => into.push((path.to_owned(), other.to_string())),
    }
}

/// Differences by row and column.
pub(super) fn csv(site: &str, twin: &str) -> Vec<Place> {
    let (ours, theirs) = (rows(site), rows(twin));
    let sorted = |rows: &[Vec<String>]| {
        let mut rows = rows.to_vec();
        rows.sort();
        rows
    };
    if sorted(&ours) == sorted(&theirs) {
        let first = ours.iter().zip(&theirs).position(|(a, b)| a != b);
        return first
            .map(|row| (format!("row {row}"), Kind::Order, None))
            .into_iter()
            .collect();
    }
    let header = ours.first().cloned().unwrap_or_default();
    let mut places = Vec::new();
    if ours.len() != theirs.len() {
        places.push(("rows".to_owned(), Kind::Cell, None));
    }
    for (at, (a, b)) in ours.iter().zip(&theirs).enumerate() {
        for column in 0..a.len().max(b.len()) {
            if a.get(column) != b.get(column) {
                let name = header.get(column).map_or("a column too many", String::as_str);
                places.push((format!("row {at}, column {name}"), Kind::Cell, None));
            }
        }
        // After rows that were put in or left out everything differs: the first is enough.
        if ours.len() != theirs.len() && places.len() > 1 {
            break;
        }
    }
    places
}

pub(crate) fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let records = reader.records().map_while(Result::ok);
    records
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_named_by_its_place_and_not_by_its_value() {
        let (a, b) = ("{\"a\":[1,2],\"b\":3}", "{\"a\":[1,2],\"b\":4}");
        assert_eq!(json(a, b), [("/b".to_owned(), Kind::Metadata, None)]);
        let swapped = json("{\"a\":[2,1]}", "{\"a\":[1,2]}");
        assert_eq!(swapped, [("/a/-".to_owned(), Kind::Order, None)]);
        let cells = csv("p,n\nA,1\nB,2\n", "p,n\nA,1\nB,3\n");
        assert_eq!(cells, [("row 2, column n".to_owned(), Kind::Cell, None)]);
        assert_eq!(csv("p\nB\nA\n", "p\nA\nB\n")[0].1, Kind::Order);
    }
}
