//! Folders as maps from path to bytes, so that two can be compared and one can be searched.

use std::collections::BTreeMap;
use std::path::Path;

use engine::TableReader;

/// Every file below a folder, by its path from there.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    gather(folder, folder, &mut found);
    found
}

fn gather(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            found.insert(name, fs_err::read(&path).unwrap());
        }
    }
}

/// Fails with the names of the files that differ.
pub(crate) fn assert_same(one: &Path, other: &Path, when: &str) {
    let (one, other) = (files(one), files(other));
    assert!(!one.is_empty(), "{when}: there is nothing to compare");
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&one), names(&other), "{when}: other files");
    let differ: Vec<&String> = one
        .iter()
        .filter(|(name, bytes)| other[*name] != **bytes)
        .map(|(name, _)| name)
        .collect();
    assert!(differ.is_empty(), "{when}: other bytes in {differ:?}");
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let place = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &place);
        } else {
            fs_err::copy(&path, &place).unwrap();
        }
    }
}

/// Every cell of a Parquet table, as text, with the column in which it stands.
pub(crate) fn cells(table: &Path) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    for batch in TableReader::foreign(table).unwrap() {
        let batch = batch.unwrap();
        for name in batch.names().map(str::to_owned).collect::<Vec<_>>() {
            let column = batch.text(&name).unwrap();
            cells.extend(
                (0..batch.rows()).filter_map(|row| Some((name.clone(), column.get(row)?.to_owned()))),
            );
        }
    }
    cells
}

/// Every row of a Parquet table, some columns of it as text.
pub(crate) fn rows(table: &Path, names: &[&str]) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    for batch in TableReader::foreign(table).unwrap() {
        let batch = batch.unwrap();
        let columns: Vec<_> = names.iter().map(|name| batch.text(name).unwrap()).collect();
        rows.extend((0..batch.rows()).map(|row| {
            columns
                .iter()
                .map(|column| column.get(row).map(str::to_owned))
                .collect::<Vec<_>>()
        }));
    }
    rows
}
