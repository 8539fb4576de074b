#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use engine::TableWriter;
use vocabulary::table::{Kind, TableSchema, Value};

use super::*;

fn read(bytes: &[u8]) -> Result<(Vec<String>, Vec<Vec<String>>), IntakeError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    fs_err::write(&path, bytes).unwrap();
    rows(Sheet::open(&path, "people.csv", Limits::default())?)
}

fn rows(mut sheet: Sheet) -> Result<(Vec<String>, Vec<Vec<String>>), IntakeError> {
    let header = sheet.header().to_vec();
    let mut rows = Vec::new();
    while let Some(row) = sheet.next_row()? {
        rows.push((0..header.len()).map(|at| row.cell(at).to_owned()).collect());
    }
    assert_eq!(sheet.row(), rows.len() as u64);
    assert_eq!(sheet.progress().0, sheet.progress().1);
    Ok((header, rows))
}

#[test]
fn any_delimiter_and_encoding_gives_the_same_rows() {
    let text = "id, name ,town\r\n1,\"Zo\u{eb}, Ann\", Leeds \r\n2,,\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows: Vec<u8> = text.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
    let wanted = (
        vec!["id".to_owned(), "name".to_owned(), "town".to_owned()],
        vec![
            vec!["1".to_owned(), "Zo\u{eb}, Ann".to_owned(), "Leeds".to_owned()],
            vec!["2".to_owned(), String::new(), String::new()],
        ],
    );
    for bytes in [text.as_bytes(), &utf16, &windows] {
        assert_eq!(read(bytes).unwrap(), wanted);
    }
    for delimiter in [";", "|", "\t"] {
        let text = format!("id{delimiter}name\n1{delimiter}Ann, or Anna\n");
        assert_eq!(read(text.as_bytes()).unwrap().1[0], ["1", "Ann, or Anna"]);
    }
}

#[test]
fn rows_of_other_lengths_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    fs_err::write(&path, "a,b\n1\n1,2,3\n,\n1,2,\n").unwrap();
    let mut sheet = Sheet::open(&path, "people.csv", Limits::default()).unwrap();
    let mut told = Vec::new();
    while let Some(row) = sheet.next_row().unwrap() {
        told.push((row.cell(1).to_owned(), row.is_longer_than(2), row.is_blank()));
    }
    let cell = |text: &str, long: bool, blank: bool| (text.to_owned(), long, blank);
    let wanted = [
        cell("", false, false),
        cell("2", true, false),
        cell("", false, true),
        cell("2", false, false),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn parquet_is_read_like_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.parquet");
    let schema = TableSchema::new("people", 1, &[("id", Kind::Integer), ("name", Kind::Text)]);
    let mut writer = TableWriter::create(&path, &schema).unwrap();
    for row in 0..20_000 {
        let name = if row % 2 == 0 {
            Value::Text("Ann")
        } else {
            Value::Null
        };
        writer.row(&[Value::Integer(row), name]).unwrap();
    }
    writer.finish().unwrap();
    let (header, rows) = rows(Sheet::open(&path, "people.parquet", Limits::default()).unwrap()).unwrap();
    assert_eq!(header, ["id", "name"]);
    assert_eq!(rows.len(), 20_000);
    assert_eq!(
        (&*rows[19_998][0], &*rows[19_998][1], &*rows[19_999][1]),
        ("19998", "Ann", "")
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| match Sheet::open(&folder.path().join(name), name, Limits::default()) {
        Ok(_) => panic!("{name} was opened"),
        Err(error) => error.to_string(),
    };
    let mut said = vec![open("none.csv"), open("")];
    for (name, bytes) in [
        ("empty.csv", &b""[..]),
        ("blank.csv", b"\n\n"),
        ("people.xml", b"<people/>"),
        ("people.xlsx", b"PK\x03\x04"),
        ("broken.parquet", b"PAR1 and nothing more"),
    ] {
        fs_err::write(folder.path().join(name), bytes).unwrap();
        said.push(open(name));
    }
    insta::assert_snapshot!(said.join("\n"));
    let cut = read(b"a,b\n1,\"ZZQCANARY").unwrap_err().to_string();
    assert!(cut.contains("quote") && !cut.contains("CANARY"), "{cut}");
}
