//! The floor: decoding the columns that the question needs, and nothing else.

use std::path::Path;

use engine::TableReader;

/// Decodes; prints the rows.
pub(crate) fn decode(folder: &Path, shape: &str) {
    let diagnoses: Vec<String> = (1..=20).map(|at| format!("DIAG_{at:02}")).collect();
    let operations: Vec<String> = (1..=24).map(|at| format!("OPERTN_{at:02}")).collect();
    let asked = vec!["file", "row", "ADMIDATE", "PROCODE", "DIAG", "OPERTN"];
    let persons = ("linkage/links.parquet", vec!["person"]);
    let tables: Vec<(&str, Vec<&str>)> = match shape {
        "excerpt" => vec![("intake/excerpts/admissions", asked), persons],
        "canonical" => vec![("intake/records/admissions", asked), persons],
        _ => {
            let mut columns = vec!["NEWNHSNO", "ADMIDATE", "PROCODE"];
            columns.extend(diagnoses.iter().chain(&operations).map(String::as_str));
            vec![("raw/admissions", columns)]
        }
    };
    // A thread for every second part, as the ways that are measured beside it have.
    for (place, columns) in tables {
        let parts = engine::parts(&folder.join(place)).unwrap();
        let decode = |start: usize| -> usize {
            let mine = parts.iter().skip(start).step_by(2);
            mine.flat_map(|part| TableReader::open_columns(part, &columns).unwrap())
                .map(|batch| batch.unwrap().rows())
                .sum()
        };
        let rows = std::thread::scope(|scope| {
            let other = scope.spawn(|| decode(1));
            decode(0) + other.join().unwrap()
        });
        println!("{place}: {rows} rows");
    }
}
