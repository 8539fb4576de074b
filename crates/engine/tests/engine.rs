//! The door to the engine: what is written reads back, the same rows give the same bytes, rows are
//! picked where they stand, and errors never quote a cell.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use engine::{EngineError, Options, Picked, Question, Session, TableReader, TableWriter};
use vocabulary::date::Date;
use vocabulary::table::{Kind, TableSchema, Value};

fn schema() -> TableSchema {
    TableSchema::new(
        "things",
        3,
        &[
            ("id", Kind::Integer),
            ("codes", Kind::Text),
            ("day", Kind::Date),
            ("share", Kind::Real),
            ("yes", Kind::Flag),
            ("list", Kind::Texts),
        ],
    )
}

fn session(folder: &Path, threads: usize) -> Session {
    Session::embedded(Options {
        memory_bytes: 64 << 20,
        threads,
        spill: folder.join("spill"),
    })
    .unwrap()
}

fn row(id: i64, codes: &str) -> [Value<'_>; 6] {
    [
        id.into(),
        codes.into(),
        Date::from_days(i32::try_from(id).unwrap()).into(),
        Value::Null,
        (id % 2 == 0).into(),
        Value::Texts(codes.split(' ').collect()),
    ]
}

fn write(path: &Path, rows: &[(i64, &str)]) {
    let mut table = TableWriter::create(path, &schema()).unwrap();
    for (id, codes) in rows {
        table.row(&row(*id, codes)).unwrap();
    }
    assert_eq!(table.finish().unwrap(), rows.len() as u64);
}

#[test]
fn what_is_written_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("things.parquet");
    write(&path, &[(1, "C509 C795"), (2, "Z853")]);
    assert_eq!(engine::schema_of(&path).unwrap(), Some(("things".to_owned(), 3)));
    let batch = TableReader::open(&path).unwrap().next().unwrap().unwrap();
    assert_eq!(batch.rows(), 2);
    assert_eq!(batch.integer("id").unwrap().get(1), Some(2));
    assert_eq!(batch.text("codes").unwrap().get(0), Some("C509 C795"));
    assert_eq!(
        batch.date("day").unwrap().get(1).unwrap().to_string(),
        "1970-01-03"
    );
    assert_eq!(batch.real("share").unwrap().get(0), None);
    assert_eq!(batch.flag("yes").unwrap().get(1), Some(true));
    assert_eq!(batch.texts("list").unwrap().get(0), ["C509", "C795"]);
}

#[test]
fn the_same_rows_give_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    fs_err::create_dir_all(&source).unwrap();
    for part in 0..4_i64 {
        let rows: Vec<(i64, &str)> = (0..30_000).map(|row| (row * 4 + part, "C509 C795")).collect();
        write(&source.join(format!("{part}.parquet")), &rows);
    }
    let mut bytes = Vec::new();
    for threads in [1, 2, 3] {
        let session = session(folder.path(), threads);
        session.table("source", &source).unwrap();
        let out = folder.path().join(format!("{threads}.parquet"));
        let small = TableSchema::new("small", 1, &[("id", Kind::Integer), ("codes", Kind::Text)]);
        let sql = "select id, codes from source where id % 3 <> 0 order by id";
        assert_eq!(session.write("sorting", sql, &out, &small).unwrap(), 80_000);
        bytes.push(fs_err::read(&out).unwrap());
    }
    assert!(bytes.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_sort_larger_than_memory_spills_into_a_private_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("things.parquet");
    let wide = "C509 C795 C787 Z853 ".repeat(40);
    let rows: Vec<(i64, &str)> = (0..120_000)
        .map(|row| ((row * 7_919) % 120_000, wide.trim()))
        .collect();
    write(&path, &rows);
    let session = session(folder.path(), 2);
    session.table("things", &path).unwrap();
    let mut last = -1;
    for batch in session
        .query("sorting", "select id, codes from things order by id")
        .unwrap()
    {
        let batch = batch.unwrap();
        let ids = batch.integer("id").unwrap();
        for row in 0..batch.rows() {
            assert_eq!(ids.get(row), Some(last + 1));
            last += 1;
        }
    }
    assert_eq!(last, 119_999);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs_err::metadata(folder.path().join("spill"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
fn errors_never_quote_a_cell() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("things.parquet");
    write(&path, &[(1, "CANARY")]);
    let session = session(folder.path(), 1);
    session.table("things", &path).unwrap();
    let error = match session.query("casting", "select cast(codes as bigint) as n from things") {
        Ok(mut answer) => answer.next().unwrap().err().unwrap(),
        Err(error) => error,
    };
    assert!(!error.to_string().contains("CANARY"), "{error}");
    assert!(matches!(error, EngineError::Failed { .. }), "{error}");
    let wrong = session
        .query("asking", "select nothing from things")
        .err()
        .unwrap();
    assert!(wrong.is_plan(), "{wrong}");
    let narrow = TableWriter::create(&folder.path().join("x.parquet"), &schema())
        .unwrap()
        .row(&[1_i64.into()]);
    assert_eq!(
        narrow.unwrap_err().to_string(),
        "table `things` has 6 columns, the row has 1"
    );
}

#[test]
fn a_file_that_is_no_parquet_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.parquet");
    fs_err::write(&path, "not a table").unwrap();
    let error = TableReader::open(&path).unwrap().next().unwrap().err().unwrap();
    assert!(error.to_string().contains("broken.parquet"), "{error}");
}

/// Picked rows stand where they stood, with the cells that are taken, whatever the groups of the file and whichever way
/// they are asked.
#[test]
fn rows_are_picked_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.parquet");
    let rows: Vec<(i64, String)> = (0..30_000)
        .map(|id| (id, format!("A{:02} B{}", id % 97, id % 7)))
        .collect();
    let rows: Vec<(i64, &str)> = rows.iter().map(|(id, codes)| (*id, codes.as_str())).collect();
    write(&path, &rows);
    for few in [true, false] {
        let starts = move |text: &str| text.starts_with("A13") || !few;
        let ends = |text: &str| text.ends_with("B3");
        let expected: Vec<&(i64, &str)> = rows
            .iter()
            .filter(|(id, codes)| starts(codes) && ends(codes) && id % 2 == 0)
            .collect();
        let questions = vec![
            Question::of_cells(&["none", "codes"], move |at, text| at == 1 && starts(text)),
            Question::of_rows(&["codes", "none", "id"], move |cells| {
                let [codes, none, id] = cells else { return false };
                ends(codes) && none.is_empty() && id.ends_with(['0', '2', '4', '6', '8'])
            }),
        ];
        let picked = Picked::open(&path, questions, few.then_some(&["id"])).unwrap();
        assert_eq!(picked.rows(), rows.len() as u64);
        let mut came = Vec::new();
        for part in picked {
            let part = part.unwrap();
            let id = part.batch.text("id").unwrap();
            assert_eq!(part.places.len(), part.batch.rows());
            assert_eq!(part.batch.text("codes").is_ok(), !few);
            for (row, place) in part.places.iter().enumerate() {
                assert_eq!(id.get(row), Some(place.to_string().as_str()));
                if let Ok(codes) = part.batch.text("codes") {
                    assert_eq!(codes.get(row), Some(rows[*place as usize].1));
                }
                came.push(*place as i64);
            }
        }
        assert_eq!(came, expected.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        assert!(!came.is_empty());
    }
    // A column that is asked and not there picks nothing; without a question all are picked.
    let none = vec![Question::of_cells(&["none"], |_, _| true)];
    assert_eq!(Picked::open(&path, none, None).unwrap().count(), 0);
    let all = Picked::open(&path, Vec::new(), Some(&["id"])).unwrap();
    assert_eq!(
        all.map(|part| part.unwrap().places.len()).sum::<usize>(),
        rows.len()
    );
}

#[test]
fn rows_of_a_batch_are_the_rows_that_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let rows: Vec<(i64, String)> = (0..20_000).map(|id| (id, format!("row {}", id % 97))).collect();
    let of = |rows: &[(i64, String)], name: &str| {
        let rows: Vec<(i64, &str)> = rows.iter().map(|(id, text)| (*id, text.as_str())).collect();
        write(&place(name), &rows);
    };
    of(&rows, "all");
    // Every third row goes, and another stands in for each hundredth: row by row, and taken over in runs.
    let stays = |id: i64| id % 3 != 0;
    let wanted: Vec<(i64, String)> = rows
        .iter()
        .filter(|(id, _)| stays(*id) || id % 100 == 0)
        .map(|(id, text)| {
            (
                *id,
                if stays(*id) {
                    text.clone()
                } else {
                    "other".to_owned()
                },
            )
        })
        .collect();
    of(&wanted, "wanted");
    let mut out = TableWriter::create(&place("came"), &schema()).unwrap();
    for batch in engine::TableReader::open(&place("all")).unwrap() {
        let batch = batch.unwrap();
        let id = batch.integer("id").unwrap();
        let mut start = 0;
        for at in 0..batch.rows() {
            let number = id.get(at).unwrap();
            if !stays(number) {
                out.rows_of(&batch, start..at).unwrap();
                start = at + 1;
                if number % 100 == 0 {
                    out.row(&row(number, "other")).unwrap();
                }
            }
        }
        out.rows_of(&batch, start..batch.rows()).unwrap();
    }
    assert_eq!(out.finish().unwrap(), wanted.len() as u64);
    assert!(fs_err::read(place("came")).unwrap() == fs_err::read(place("wanted")).unwrap());
}

/// Written on a thread of its own or not: the same bytes, of no row, few, and more than one chunk; some of a batch among them.
#[test]
fn rows_written_aside_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let [here, aside] = ["here", "aside"].map(|name| folder.path().join(name));
    for rows in [0_i64, 3, 1_500, 20_000] {
        let fill = |mut table: TableWriter| {
            for id in 0..rows {
                let codes = format!("C{id} C79");
                table.row(&row(id, &codes)).unwrap();
            }
            table.finish().unwrap()
        };
        assert_eq!(fill(TableWriter::create(&here, &schema()).unwrap()), rows as u64);
        assert_eq!(
            fill(TableWriter::create(&aside, &schema()).unwrap().aside()),
            rows as u64
        );
        let bytes = |path: &Path| fs_err::read(path).unwrap();
        assert!(bytes(&here) == bytes(&aside), "{rows} rows");
        for batch in TableReader::open(&here).unwrap() {
            let batch = batch.unwrap();
            let copy = |mut table: TableWriter| {
                table.rows_of(&batch, 0..batch.rows() / 2).unwrap();
                table.finish().unwrap();
            };
            let copies = [folder.path().join("1"), folder.path().join("2")];
            copy(TableWriter::create(&copies[0], &schema()).unwrap());
            copy(TableWriter::create(&copies[1], &schema()).unwrap().aside());
            assert!(bytes(&copies[0]) == bytes(&copies[1]), "{rows} rows, in part");
        }
    }
}

/// A disk without room is told, whichever thread writes, and never passed over in silence.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_from_aside_too() {
    for aside in [false, true] {
        let table = TableWriter::create(Path::new("/dev/full"), &schema()).unwrap();
        let mut table = if aside { table.aside() } else { table };
        let codes: Vec<String> = (0..400_000_u64)
            .map(|id| format!("{:x}", id.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .collect();
        let pushed = (0..)
            .zip(&codes)
            .try_for_each(|(id, codes)| table.row(&row(id, codes)));
        let told = pushed.and_then(|()| table.finish().map(drop));
        assert!(told.is_err(), "aside: {aside}");
    }
}

#[test]
fn a_table_of_few_rows_is_not_compressed_and_reads_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let cell = "A".repeat(200);
    let mut bytes = Vec::new();
    for count in [0, 1, 1_024, 1_025] {
        let path = folder.path().join(format!("{count}.parquet"));
        let cells: Vec<String> = (0..count).map(|id| format!("{cell}{id}")).collect();
        let rows: Vec<(i64, &str)> = (0..).zip(cells.iter().map(String::as_str)).collect();
        write(&path, &rows);
        bytes.push(fs_err::metadata(&path).unwrap().len());
        let mut read = Vec::new();
        for batch in TableReader::open(&path).unwrap() {
            let batch = batch.unwrap();
            let texts = batch.text("codes").unwrap();
            read.extend((0..batch.rows()).map(|at| texts.get(at).unwrap().to_owned()));
        }
        assert_eq!(read, cells);
    }
    assert!(bytes[3] * 4 < bytes[2], "{bytes:?}");
}

#[test]
fn a_column_that_unfolds_beyond_all_cells_is_not_unfolded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("things.parquet");
    let cell = "A".repeat(70 << 20);
    // Among as many rows as make a table worth compressing.
    let rows: Vec<(i64, &str)> = (0..1_025)
        .map(|id| (id, if id == 0 { cell.as_str() } else { "" }))
        .collect();
    write(&path, &rows);
    assert!(fs_err::metadata(&path).unwrap().len() < 1 << 14);
    let mut theirs = TableReader::foreign(&path).unwrap();
    assert!(matches!(theirs.next(), Some(Err(EngineError::Unfolds(place))) if place == path));
    // A table of our own is as we wrote it, and many cells of a usual size are a usual file.
    assert_eq!(
        TableReader::open(&path).unwrap().next().unwrap().unwrap().rows(),
        1_025
    );
    let usual = "A".repeat(1_000);
    let rows: Vec<(i64, &str)> = (0..5_000).map(|id| (id, usual.as_str())).collect();
    write(&path, &rows);
    let theirs: Vec<usize> = TableReader::foreign(&path)
        .unwrap()
        .map(|batch| batch.unwrap().rows())
        .collect();
    assert_eq!(theirs.iter().sum::<usize>(), 5_000);
}

/// A function of a plan that stops the program at one row, in words that hold a cell.
#[derive(Debug)]
struct Stops(Vec<String>);

impl engine::Marker for Stops {
    fn columns(&self) -> &[String] {
        &self.0
    }

    fn mark(&self, batch: &engine::Batch) -> Result<Vec<i64>, EngineError> {
        let ids = batch.integer("id")?;
        let marks = (0..batch.rows()).map(|row| ids.get(row).unwrap_or_default());
        Ok(marks
            .inspect(|id| assert!(*id != 30_000, "at cell {id}"))
            .collect())
    }
}

#[test]
fn an_answer_that_breaks_off_is_no_shorter_answer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("things.parquet");
    let rows: Vec<(i64, &str)> = (0..60_000).map(|id| (id, "")).collect();
    write(&path, &rows);
    for threads in [1, 2] {
        let session = session(folder.path(), threads);
        session.table("things", &path).unwrap();
        session.markers(engine::Markers {
            name: "stops",
            read: |_| Ok(std::sync::Arc::new(Stops(vec!["id".to_owned()]))),
        });
        let sql = "select stops('', id) as mark from things";
        let rows = session
            .query("asking", sql)
            .unwrap()
            .map(|batch| Ok(batch?.rows()));
        let ended: Result<Vec<usize>, EngineError> = rows.collect();
        let said = ended.unwrap_err().to_string();
        assert!(said.contains("asking") && said.contains("E-THREAD"), "{said}");
        let heard = session.each("asking", sql, |_| Ok::<_, EngineError>(()), |(), _| Ok(()));
        assert!(heard.unwrap_err().to_string().contains("E-THREAD"));
        // The rows before it are an answer.
        let whole = session
            .query("asking", &format!("{sql} where id < 30000"))
            .unwrap()
            .map(|batch| batch.unwrap().rows());
        assert_eq!(whole.sum::<usize>(), 30_000);
    }
}

/// Rows of a question about a table that lies there.
fn how_many(session: &Session, path: &Path) -> usize {
    session.table("things", path).unwrap();
    let answer = session.query("counting", "select id from things").unwrap();
    answer.map(|batch| batch.unwrap().rows()).sum()
}

/// No letter of a path is a pattern of names, or anything else than itself.
#[cfg(unix)]
#[test]
fn tables_are_read_from_folders_of_any_name() {
    let root = tempfile::tempdir().unwrap();
    for name in [
        "a b",
        "a[b",
        "a[bc]",
        "a*",
        "a?b",
        "a%20b",
        "a%",
        "a#1",
        "a\\b",
        "a;b=c&d",
        "\u{e9} ^|~{}\"'<>",
    ] {
        let folder = root.path().join(name);
        fs_err::create_dir_all(folder.join("parts")).unwrap();
        write(&folder.join("parts/0.parquet"), &[(1, "C509"), (2, "C795")]);
        write(&folder.join("parts/1.parquet"), &[(3, "C509")]);
        let first = session(&folder, 2);
        assert_eq!(how_many(&first, &folder.join("parts")), 3, "{name}");
        let out = folder.join("out.parquet");
        let small = TableSchema::new("small", 1, &[("id", Kind::Integer)]);
        let sql = "select id from things where id > 1 order by id";
        assert_eq!(first.write("sorting", sql, &out, &small).unwrap(), 2, "{name}");
        let again = session(&folder, 1);
        assert_eq!(how_many(&again, &out), 2, "{name}");
    }
    // Neighbours that a pattern would have matched are not read.
    write(&root.path().join("a[bc]/x[12].parquet"), &[(1, "")]);
    write(&root.path().join("a[bc]/x1.parquet"), &[(1, ""), (2, "")]);
    let last = session(root.path(), 1);
    assert_eq!(how_many(&last, &root.path().join("a[bc]/x[12].parquet")), 1);
}

#[test]
fn memory_that_does_not_suffice_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("things.parquet");
    let wide = "C509 ".repeat(80);
    let texts: Vec<String> = (0..6_000).map(|row| format!("{row} {wide}")).collect();
    let rows: Vec<(i64, &str)> = (0..).zip(texts.iter().map(String::as_str)).collect();
    write(&path, &rows);
    for sql in [
        "select id, codes from things order by id",
        // The engine would go on with this one, and stop over it or give other rows.
        "select a.id from things as a left join things as b on a.codes < b.codes",
    ] {
        let session = Session::embedded(Options {
            memory_bytes: 1 << 20,
            threads: 2,
            spill: folder.path().join("spill"),
        })
        .unwrap();
        session.table("things", &path).unwrap();
        let answer: Result<Vec<_>, EngineError> = session.query("asking", sql).unwrap().collect();
        let error = answer.err().unwrap();
        assert_eq!(error.lack(), Some(engine::Lack::Memory), "{sql}: {error}");
        assert!(error.to_string().contains("--memory"), "{error}");
    }
}
