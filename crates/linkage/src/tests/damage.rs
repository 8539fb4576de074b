//! Whatever is damaged of what a run left is noticed: everybody is linked anew, and is who they were.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::months::{listed, months};
use super::study::{File, Study, persons};
use crate::cascade::tests::row::Row;
use crate::kept::FOLDER;
use crate::{Decided, Decision};

/// Ten months linked at once, the eleventh beside them, and the twelfth among the files.
fn a_year() -> (Study, PathBuf) {
    let mut study = Study::new(&[]);
    let mut months = months(41, 300, 12);
    let (last, eleventh) = (months.pop().unwrap(), months.pop().unwrap());
    let (mut former, mut there) = (None::<PathBuf>, Vec::new());
    for files in [months.concat(), eleventh] {
        let names: Vec<_> = files.iter().map(listed).collect();
        study.add(files, &there);
        there.extend(names);
        former = Some(study.run(former.as_deref()).0);
    }
    study.add(last, &there);
    (study, former.unwrap())
}

/// The tables of a run and what it kept, so that damage to it harms no other.
fn copy(former: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs_err::create_dir(copy.path().join(FOLDER)).unwrap();
    for folder in [Path::new(""), Path::new(FOLDER)] {
        for entry in fs_err::read_dir(former.join(folder)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                let to = copy.path().join(folder).join(entry.file_name());
                fs_err::copy(entry.path(), to).unwrap();
            }
        }
    }
    copy
}

/// What may happen to a file.
type Damage = Box<dyn Fn(&mut Vec<u8>)>;

/// A turned bit here and there, a byte too few, a byte too many.
fn damages(length: usize) -> Vec<Damage> {
    let turned = |at: usize| -> Damage { Box::new(move |bytes| bytes[at] ^= 1 << (at % 8)) };
    let last = length - 1;
    let mut places = vec![0, 8, last / 3, last * 2 / 3, last];
    // The last byte before the hash, where there is one.
    places.push(last.saturating_sub(blake3::OUT_LEN));
    places.retain(|at| *at <= last);
    let mut all: Vec<Damage> = places.into_iter().map(turned).collect();
    all.push(Box::new(|bytes| {
        bytes.pop();
    }));
    all.push(Box::new(|bytes| bytes.push(0)));
    all
}

#[test]
fn damage_to_any_kept_file_is_noticed_and_costs_nobody_their_id() {
    let (mut study, former) = a_year();
    let (sound, report) = study.run(Some(&former));
    assert_eq!(report.everybody_because, None);
    let sound = persons(&sound);
    let mut names: Vec<_> = fs_err::read_dir(former.join(FOLDER))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    // Files with numbers are there twice, one of each run.
    assert!(names.len() >= 11, "{names:?}");
    for name in names {
        let bytes = fs_err::read(former.join(FOLDER).join(&name)).unwrap();
        let gone: Option<Damage> = None;
        for (at, damage) in damages(bytes.len())
            .into_iter()
            .map(Some)
            .chain([gone])
            .enumerate()
        {
            let damaged = copy(&former);
            let place = damaged.path().join(FOLDER).join(&name);
            match damage {
                Some(damage) => {
                    let mut bytes = bytes.clone();
                    damage(&mut bytes);
                    fs_err::write(&place, bytes).unwrap();
                }
                None => fs_err::remove_file(&place).unwrap(),
            }
            let (out, report) = study.try_run(Some(damaged.path()), 1 + at % 2).unwrap();
            assert!(report.everybody_because.is_some(), "{name:?}, damage {at}");
            assert!(persons(&out) == sound, "{name:?}, damage {at}");
        }
    }
}

#[test]
fn rows_are_not_believed_where_what_was_kept_is_damaged_and_their_file_came_again() {
    let row = |number: &str, born: u32, given: &str| Row {
        number: number.to_owned(),
        born,
        given: given.to_owned(),
        ..Row::default()
    };
    let mut file = File::new(
        "a.csv",
        "registrations",
        vec![
            row("9990000018", 19500312, "ANN"),
            row("9990000026", 19620728, "BEA"),
            row("9990000034", 19710905, "CAT"),
        ],
    );
    let mut study = Study::new(&[file.clone()]);
    let (former, _) = study.run(None);
    let place = former.join(FOLDER).join("kept.json");
    let mut bytes = fs_err::read(&place).unwrap();
    bytes[0] ^= 1;
    fs_err::write(&place, bytes).unwrap();
    study.set_aside();
    let same = |a: &str, b: &str| {
        vec![Decision {
            decision: Decided::Same,
            records: [a.to_owned(), b.to_owned()],
            author: "A. Nurse".to_owned(),
            reason: "seen in the notes".to_owned(),
        }]
    };
    // Intake says that the file is as it was.
    study.write([file.clone()]);
    let (out, _) = study.run(Some(&former));
    assert_eq!(persons(&out), persons(&former));
    study.decisions = same("a.csv#1", "a.csv#3");
    study.run(Some(&former));
    // And here that it is another.
    file.records.swap(0, 1);
    study.write([file]);
    let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
    assert!(error.contains("the file of `a.csv#1` came since"), "{error}");
    study.decisions.clear();
    let (out, report) = study.run(Some(&former));
    assert_eq!((report.kept, report.new), (0, 3));
    assert!(!persons(&out).values().any(|person| person == "P00000001"));
}

#[test]
fn a_turned_bit_in_the_largest_id_ever_given_is_refused() {
    let (mut study, former) = a_year();
    let place = former.join("numbering.json");
    let written = fs_err::read_to_string(&place).unwrap();
    for at in 0..written.len() {
        let mut bytes = written.clone().into_bytes();
        bytes[at] ^= 1;
        fs_err::write(&place, bytes).unwrap();
        let error = study.try_run(Some(&former), 1).unwrap_err().to_string();
        assert!(error.contains("numbering.json"), "byte {at}: {error}");
    }
    // Earlier programs wrote no hash.
    let line = written.lines().next().unwrap();
    fs_err::write(&place, format!("{line}\n")).unwrap();
    assert_eq!(study.run(Some(&former)).1.merges, 0);
}
