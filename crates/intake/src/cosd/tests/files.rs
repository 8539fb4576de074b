//! Many files together: every record is accounted for, and the same files give the same bytes.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// A record by small choices: person, day of diagnosis, side, whether a recurrence.
type Drawn = (usize, u32, bool, bool, u8);

fn drawn_record((person, day, left, back, id): Drawn) -> String {
    let number = [ANN, BEA, "9990000034", ""][person % 4];
    let date = format!("2024-01-{:02}", 1 + day % 3);
    let side = if left { "L" } else { "R" };
    let pathway = if back {
        recurrence(&date, "03/10")
    } else {
        primary("C509", &date, "").replace("code=\"L\"", &format!("code=\"{side}\""))
    };
    record(&format!("id-{id}"), &[&who(number), &pathway])
}

fn drawn_files() -> impl Strategy<Value = Vec<(u8, Vec<Drawn>)>> {
    let one = (0..4_usize, 0..3_u32, any::<bool>(), any::<bool>(), 0..6_u8);
    proptest::collection::vec((0..4_u8, proptest::collection::vec(one, 0..6)), 1..5)
}

fn study_of(files: &[(u8, Vec<Drawn>)]) -> Study {
    let files: Vec<(String, String)> = files
        .iter()
        .enumerate()
        .map(|(number, (made, records))| {
            let created = if *made == 0 {
                String::new()
            } else {
                format!("2024-03-0{made}")
            };
            (
                format!("{number}.xml"),
                v10(
                    &created,
                    &records
                        .iter()
                        .map(|record| drawn_record(*record))
                        .collect::<Vec<_>>(),
                ),
            )
        })
        .collect();
    let named: Vec<(&str, String)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.clone()))
        .collect();
    Study::of(&named)
}

/// Every file below a folder with its content.
fn bytes_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes_below(&path));
        } else {
            found.insert(path.clone(), fs_err::read(&path).unwrap());
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_record_is_in_use_or_set_aside_once(files in drawn_files()) {
        let study = study_of(&files);
        let outcome = study.run().unwrap();
        let mut fates: BTreeMap<(u32, u64), u32> = BTreeMap::new();
        for row in study.table("identities", "file row") {
            let (file, row) = row.split_once(' ').unwrap();
            *fates.entry((file.parse().unwrap(), row.parse().unwrap())).or_default() += 1;
        }
        let in_use: Vec<(u32, u64)> = fates.keys().copied().collect();
        for file in &outcome.files {
            for aside in &file.set_aside {
                *fates.entry((aside.file, aside.row)).or_default() += 1;
                // Nothing points at a record that is itself superseded or repeated.
                prop_assert!(aside.by.is_some_and(|by| in_use.contains(&by)));
            }
            prop_assert_eq!(file.facts.rows, file.in_identities + file.set_aside.len() as u64);
            let covered: u64 = file.coverage.values().map(|span| span.records).sum();
            prop_assert_eq!(covered, file.in_identities);
        }
        let expected: Vec<(u32, u64)> = files.iter().enumerate().flat_map(|(file, (_, records))| (1..=records.len() as u64).map(move |row| (file as u32, row))).collect();
        prop_assert_eq!(fates.keys().copied().collect::<Vec<_>>(), expected);
        prop_assert!(fates.values().all(|count| *count == 1));
        prop_assert_eq!(study.table("cosd", "file row"), study.table("identities", "file row"));
    }

    /// The naive oracle: in order of making, a record replaces the one of its key in earlier files.
    #[test]
    fn the_latest_record_of_each_key_stands(files in drawn_files()) {
        // One record a key and file, so that the order within a file decides nothing.
        let files: Vec<(u8, Vec<Drawn>)> = files.into_iter().map(|(made, records)| {
            let mut known = Vec::new();
            let fresh = |record: &Drawn| {
                let key = (record.0 % 4, record.1 % 3, record.3);
                let new = !known.contains(&key);
                known.push(key);
                new
            };
            (made, records.into_iter().filter(fresh).collect())
        }).collect();
        let study = study_of(&files);
        study.run().unwrap();
        let mut order: Vec<usize> = (0..files.len()).collect();
        order.sort_by_key(|file| (files[*file].0, *file));
        let mut standing: BTreeMap<(usize, u32, bool), (usize, usize)> = BTreeMap::new();
        for file in order {
            for (row, record) in files[file].1.iter().enumerate() {
                standing.insert((record.0 % 4, record.1 % 3, record.3), (file, row + 1));
            }
        }
        let mut expected: Vec<(usize, usize)> = standing.into_values().collect();
        expected.sort_unstable();
        let expected: Vec<String> = expected.iter().map(|(file, row)| format!("{file} {row}")).collect();
        prop_assert_eq!(study.table("identities", "file row"), expected);
    }
}

#[test]
fn the_same_files_give_the_same_bytes_on_any_number_of_threads() {
    let files: Vec<(u8, Vec<Drawn>)> = (0..6)
        .map(|file| {
            (
                file % 4,
                (0..20)
                    .map(|n| (n, n as u32, n % 2 == 0, n % 3 == 0, n as u8))
                    .collect(),
            )
        })
        .collect();
    let bytes = |threads: usize| {
        let study = study_of(&files);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| study.run()).unwrap();
        let out = study.out();
        bytes_below(&out)
            .into_iter()
            .map(|(path, bytes)| (path.strip_prefix(&out).unwrap().to_owned(), bytes))
            .collect::<Vec<_>>()
    };
    let one = bytes(1);
    for table in [
        "cosd.metastasis",
        "cosd.treatment",
        "cosd.mdt",
        "cosd.acute_oncology",
        "cosd.assessment",
    ] {
        assert!(
            one.iter()
                .any(|(path, _)| path.starts_with(Path::new("records").join(table))),
            "{table} can be asked"
        );
    }
    assert_eq!(
        one.iter()
            .filter(|(path, _)| path.starts_with("identities"))
            .count(),
        files.len()
    );
    assert!(one == bytes(4));
}

#[test]
fn a_wrong_record_count_is_an_error_that_stops_nothing() {
    let records = [record("a", &[&who(ANN), &primary("C509", "2024-01-10", "")])];
    let table = [
        ("1", ""),
        ("2", "record-count"),
        ("x", "record-count"),
        ("", "no-record-count"),
    ];
    for (count, expected) in table {
        let file = v10("2024-02-01", &records).replace(
            "<RecordCount value=\"1\"/>",
            &format!("<RecordCount value=\"{count}\"/>"),
        );
        let study = Study::of(&[("a.xml", file)]);
        let outcome = study.run().unwrap();
        let found: Vec<String> = rules(&outcome.files[0])
            .into_iter()
            .filter(|rule| rule.contains("count"))
            .collect();
        assert_eq!(found.join(" "), expected, "{count}");
        assert_eq!(outcome.files[0].in_identities, 1);
    }
}

#[test]
fn no_file_no_output() {
    let study = Study::of(&[]);
    assert!(study.run().unwrap().files.is_empty());
}
