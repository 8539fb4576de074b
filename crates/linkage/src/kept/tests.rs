//! What is kept over many runs, against the same held in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::numbered::count;
use super::pack::{Packer, Unpacker};
use super::*;
use crate::cascade::{Linked, Step, Words};

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs_err::create_dir(folder.path().join(FOLDER)).unwrap();
    folder
}

fn file(id: u32, records: usize, lies: Lies) -> KeptFile {
    KeptFile {
        id,
        number: i64::from(id),
        path: format!("{id}.csv"),
        content: String::new(),
        bytes: String::new(),
        fingerprint: String::new(),
        records: records as u64,
        lies,
    }
}

/// Identities and sayings of a file's records.
type Said = Vec<(u32, u32)>;

/// Adds the records of new files to those of a former run, in a new folder.
fn add(former: Option<(&Path, &[KeptFile])>, said: &[Said]) -> (TempDir, Vec<KeptFile>) {
    let out = folder();
    let (mut writer, lies) = RecordsWriter::create(out.path(), former).unwrap();
    let before = former.map_or(&[][..], |(_, files)| files);
    let mut files: Vec<KeptFile> = before
        .iter()
        .zip(lies)
        .map(|(before, lies)| KeptFile {
            lies,
            ..before.clone()
        })
        .collect();
    for said in said {
        files.push(file(files.len() as u32, said.len(), writer.next()));
        for (identity, says) in said {
            writer.write(*identity, *says).unwrap();
        }
    }
    writer.finish().unwrap();
    (out, files)
}

fn read(folder: &Path, file: &KeptFile) -> Said {
    let mut reader = RecordsReader::open(folder);
    let (mut identities, mut says) = (Vec::new(), Vec::new());
    reader.go_to(file.lies).unwrap();
    let count = file.records as usize;
    reader.identities(count, usize::MAX, &mut identities).unwrap();
    reader.says(count, usize::MAX, &mut says).unwrap();
    identities.into_iter().zip(says).collect()
}

#[test]
fn records_of_more_runs_than_there_may_be_files_are_all_there() {
    let all: Vec<Said> = (0..70)
        .map(|run| (0..run % 4).map(|at| (run * 10 + at, at)).collect())
        .collect();
    let (mut last, mut files) = add(None, &all[..1]);
    let mut most = 0;
    for said in &all[1..] {
        let (next, of_next) = add(Some((last.path(), &files)), std::slice::from_ref(said));
        (last, files) = (next, of_next);
        most = most.max(count(last.path(), "records"));
    }
    let there: Vec<Said> = files.iter().map(|file| read(last.path(), file)).collect();
    assert_eq!(there, all);
    // They were put together once on the way.
    assert_eq!((most, count(last.path(), "records")), (61, 9));
}

#[test]
fn a_place_beyond_the_identities_is_damage() {
    let (folder, files) = add(None, &[vec![(7, 0), (3, 1)]]);
    let mut reader = RecordsReader::open(folder.path());
    reader.go_to(files[0].lies).unwrap();
    let mut into = Vec::new();
    assert!(matches!(
        reader.identities(2, 7, &mut into),
        Err(LinkageError::Kept)
    ));
    assert!(reader.says(2, 2, &mut into).is_ok());
}

#[test]
fn words_are_read_without_what_looks_them_up() {
    let mut words = Words::new();
    let all: Vec<u32> = (0..2_000).map(|at| words.word(&format!("word {at}"))).collect();
    let folder = folder();
    let path = folder.path().join("words.bin");
    let mut packer = Packer::create(&path).unwrap();
    packer.words(&words).unwrap();
    packer.finish().unwrap();
    let mut unpacker = Unpacker::open(&path).unwrap();
    let read = unpacker.texts().unwrap();
    unpacker.finish().unwrap();
    assert!(all.iter().all(|word| read.text(*word) == words.text(*word)));
}

#[test]
fn words_are_gone_on_with_where_they_were_left() {
    let mut words = Words::new();
    let texts: Vec<String> = (0..3_000)
        .map(|at| match at % 3 {
            0 => format!("{at}"),
            1 => format!("0123456{at:04}"),
            _ => format!("more than eight letters, {at}"),
        })
        .collect();
    let all: Vec<u32> = texts.iter().map(|text| words.word(text)).collect();
    let folder = folder();
    let path = folder.path().join("words.bin");
    let mut packer = Packer::create(&path).unwrap();
    packer.words(&words).unwrap();
    packer.finish().unwrap();
    let mut unpacker = Unpacker::open(&path).unwrap();
    let mut read = unpacker.words().unwrap();
    unpacker.finish().unwrap();
    let again: Vec<u32> = texts.iter().map(|text| read.word(text)).collect();
    assert_eq!(again, all);
    for text in ["new", "a text that was not there", "9999999999"] {
        assert_eq!(read.word(text), words.word(text));
    }
}

/// What is known of one identity.
type One = (u32, Option<Step>, u32, u32, u64);

fn one() -> impl Strategy<Value = One> {
    let step = prop::option::of(prop::sample::select(Step::ALL.to_vec()));
    (0..9_u32, step, 1..50_u32, 1..4_u32, 0..1_000_u64)
}

/// Changes of a month: what becomes of identities named by chance, and the new ones.
fn month() -> impl Strategy<Value = (Vec<(prop::sample::Index, One)>, Vec<One>)> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), one()), 0..6);
    (changes, prop::collection::vec(one(), 0..6))
}

fn everybody(all: &[One]) -> Everybody {
    let of = |value: fn(&One) -> u32| all.iter().map(value).collect::<Vec<u32>>();
    let linked = Linked {
        // Places must be among those that are there.
        roots: of(|one| one.0),
        circles: of(|one| one.0 / 2),
        early: of(|one| one.0 / 3),
        steps: all.iter().map(|one| one.1).collect(),
        joined: all.iter().map(|one| one.1.filter(|_| one.2 % 2 == 0)).collect(),
        ..Linked::default()
    };
    Everybody {
        linked,
        persons: of(|one| one.2),
        says: vec![(None, None)],
    }
}

fn same(kept: &(Everybody, Heard), all: &[One]) {
    let ((there, heard), now) = (kept, everybody(all));
    let columns = |of: &Everybody| {
        let linked = &of.linked;
        [&linked.roots, &linked.circles, &linked.early, &of.persons].map(Clone::clone)
    };
    assert_eq!(columns(there), columns(&now));
    assert_eq!(there.linked.steps, now.linked.steps);
    assert_eq!(there.linked.joined, now.linked.joined);
    assert_eq!(heard.records, all.iter().map(|one| one.3).collect::<Vec<_>>());
    assert_eq!(heard.firsts, all.iter().map(|one| one.4).collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn what_changed_month_by_month_is_all_that_became(
        begin in prop::collection::vec(one(), 9..30),
        months in prop::collection::vec(month(), 1..8),
    ) {
        // One file, whose number and place are 0, so that firsts stay as they are.
        let (files, present) = ([file(0, 0, Lies::default())], [0]);
        let mut all = begin;
        let mut last: Option<TempDir> = None;
        let mut changed: Vec<u32> = Vec::new();
        for (changes, new) in std::iter::once((Vec::new(), Vec::new())).chain(months) {
            changed.clear();
            for (at, one) in changes {
                let at = at.index(all.len());
                all[at] = one;
                changed.push(at as u32);
            }
            changed.extend((all.len() as u32..).take(new.len()));
            all.extend(new);
            changed.sort_unstable();
            changed.dedup();
            let now = everybody(&all);
            let (records, firsts): (Vec<u32>, Vec<u64>) = all.iter().map(|one| (one.3, one.4)).unzip();
            let became = Became {
                everybody: &now,
                records: &records,
                firsts: &firsts,
                files: &files,
                former: last.as_ref().map(|last| (last.path(), &changed[..])),
            };
            let out = folder();
            became.write(out.path()).unwrap();
            same(&Everybody::read(out.path(), &present).unwrap(), &all);
            // Past a half all is written anew, so the changes are never more than that.
            prop_assert!(count(out.path(), "became") <= 1 + all.len() / 2 + 8);
            last = Some(out);
        }
    }

    #[test]
    fn whose_records_are_that_stay_apart_is_told_by_their_files_of_today(
        records in prop::collection::btree_map((0..4_u32, 0..100_u64), (0..50_u32, 1..99_u32), 0..40),
        order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle(),
    ) {
        let list = |place: &dyn Fn(u32) -> usize| -> Vec<ApartRecord> {
            let all = records.iter();
            all.map(|((id, at), (identity, person))| ApartRecord {
                at: first(place(*id), *at),
                identity: *identity,
                person: *person,
            })
            .collect()
        };
        // The former list had the files by number, today's has them in another order.
        let files: Vec<KeptFile> = (0..4).map(|id| file(id, 0, Lies::default())).collect();
        let out = folder();
        Apart::of(list(&|id| id as usize)).write(out.path(), &files).unwrap();
        let read = Apart::read(out.path(), &order).unwrap();
        prop_assert_eq!(&read, &Apart::of(list(&|id| order[id as usize])));
        for ((id, at), (_, person)) in &records {
            let place = order[*id as usize];
            prop_assert_eq!(read.person(place, *at), Some(*person));
            let within = read.within(place, *at, at + 1);
            prop_assert_eq!(within.iter().map(|record| record.person).collect::<Vec<_>>(), [*person]);
        }
        prop_assert_eq!(read.person(4, 0), None);
    }
}
