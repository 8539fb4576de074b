//! A month after the other: what is taken over from the former run, beside finding everybody anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::{Options, Session, TableReader};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};

use super::SEED;
use super::records::{Records, Row};
use crate::definition::Definition;
use crate::facts::FormerRun;
use crate::run::{Report, Request, run};

/// Files of each kind that there may be.
const FILES: i64 = 4;

/// How the records lie one month.
struct Month {
    /// Which files are there, by kind and number within it.
    there: BTreeMap<(String, i64), bool>,
    /// Files that were sent again without some of their rows.
    shortened: BTreeMap<(String, i64), i64>,
    /// People who turned out to be somebody else, by a remainder of the row's number.
    moved: i64,
    as_of: Date,
}

impl Month {
    fn any(chance: &mut ChaCha8Rng, before: Option<&Self>) -> Self {
        let kinds = ["admissions", "cosd", "deaths", "registrations", "sact"];
        let mut month = Self {
            there: BTreeMap::new(),
            shortened: before.map(|before| before.shortened.clone()).unwrap_or_default(),
            moved: before.map_or(0, |before| before.moved),
            as_of: before.map_or(Date::new(2024, 1, 31).unwrap(), |before| before.as_of),
        };
        for kind in kinds {
            for file in 0..FILES {
                let key = (kind.to_owned(), file);
                let was = before.and_then(|before| before.there.get(&key).copied());
                // Of the first month half is there; later most stays, and some comes or goes.
                let there = match was {
                    None => chance.random_bool(0.5),
                    Some(was) => was != chance.random_bool(if was { 0.05 } else { 0.3 }),
                };
                if chance.random_bool(0.05) {
                    month.shortened.insert(key.clone(), chance.random_range(2..5));
                }
                month.there.insert(key, there);
            }
        }
        if chance.random_bool(0.3) {
            month.moved = chance.random_range(2..40);
        }
        if chance.random_bool(0.3) {
            month.as_of = month.as_of.plus_days(31);
        }
        month
    }

    /// The files that are there: number, path, kind.
    fn files(&self) -> Vec<(i64, String, &str)> {
        let there = self.there.iter().filter(|(_, there)| **there);
        let named = there.map(|((kind, file), _)| (format!("{kind}/{file}.csv"), kind.as_str()));
        (0..)
            .zip(named)
            .map(|(number, (path, kind))| (number, path, kind))
            .collect()
    }

    fn records(&self, all: &Records) -> Records {
        let numbers: BTreeMap<String, i64> = self
            .files()
            .into_iter()
            .map(|(number, path, _)| (path, number))
            .collect();
        all.at(|table, row| {
            let kind = crate::tables::kind(table);
            let within = row.row % FILES;
            let file = *numbers.get(&format!("{kind}/{within}.csv"))?;
            let kept = self.shortened.get(&(kind.to_owned(), within));
            if kept.is_some_and(|rest| row.row / FILES % rest == 0) {
                return None;
            }
            let moved = self.moved > 0 && (row.row + row.person) % 41 == self.moved;
            Some(Row {
                file,
                // As a file's rows are: one after the other, unless some were left out.
                row: row.row / FILES,
                person: if moved { row.person + 7 } else { row.person },
                ..row.clone()
            })
        })
    }
}

/// What the study says of the nations of files, by path.
type Nations = BTreeMap<String, String>;

/// The stage's two tables, and its report.
type Came = (Vec<u8>, Vec<u8>, Report);

fn find(
    folder: &Path,
    (as_of, nations): (Date, &Nations),
    former: Option<&PathBuf>,
    out: &str,
    threads: usize,
) -> Came {
    let out = folder.join(out);
    fs_err::create_dir_all(&out).unwrap();
    let session = Session::embedded(Options {
        memory_bytes: 64 << 20,
        threads,
        spill: out.join("spill"),
    });
    let former = former.map(|folder| ["intake", "linkage", "casefind"].map(|name| folder.join(name)));
    let report = run(&Request {
        intake: &folder.join("intake"),
        linkage: &folder.join("linkage"),
        definition: &Definition::load("uk-mbc/2026.1", Path::new("")).unwrap(),
        registry: &Registry::uk().unwrap(),
        as_of,
        declared_cover: &BTreeMap::new(),
        nations,
        home_nation: Some("England"),
        former: former.as_ref().map(|[intake, linkage, casefind]| FormerRun {
            intake,
            linkage: Some(linkage),
            casefind,
        }),
        settings: Some("the tests"),
        session: &session.unwrap(),
        out: &out,
        work: &out.join("work"),
    })
    .unwrap();
    let read = |name: &str| fs_err::read(out.join(name)).unwrap();
    (read("cases.parquet"), read("evidence.parquet"), report)
}

/// How many spools a run took over from the one before.
fn taken(before: &Path, now: &Path) -> usize {
    let names = |folder: &Path| -> Vec<String> {
        let entries = fs_err::read_dir(folder.join("casefind/kept")).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    };
    let before = names(before);
    names(now)
        .iter()
        .filter(|name| !name.contains('.') && before.contains(name))
        .count()
}

#[test]
fn a_month_beside_the_last_one_finds_what_finding_everybody_finds() {
    let (mut took, mut evidence) = (0, 0);
    for seed in SEED..SEED + 6 {
        let (mut chance, mut other) = (
            ChaCha8Rng::seed_from_u64(seed),
            ChaCha8Rng::seed_from_u64(seed + 1_000),
        );
        let all = Records::any(&mut chance, 400, 150);
        let mut nations = Nations::new();
        let folder = tempfile::tempdir().unwrap();
        let mut before: Option<(Month, PathBuf)> = None;
        for number in 0..6 {
            let month = Month::any(&mut chance, before.as_ref().map(|(month, _)| month));
            let place = folder.path().join(number.to_string());
            month.records(&all).write_by_file(&place, &month.files());
            // Some months the study says another nation of a file, which is as it was.
            if number % 2 == 1 {
                let files = month.files();
                let (_, path, _) = &files[other.random_range(0..files.len())];
                let nation = ["Scotland", "Wales"][other.random_range(0..2)];
                nations.insert(path.clone(), nation.to_owned());
            }
            let former = before.as_ref().map(|(_, folder)| folder);
            let threads = 1 + number % 3;
            let said_of = (month.as_of, &nations);
            let came = find(&place, said_of, former, "casefind", threads);
            let anew = find(&place, said_of, None, "anew", 2);
            let said = format!("seed {seed}, month {number}");
            assert_eq!(came.2, anew.2, "{said}");
            assert!(came.0 == anew.0, "{said}: other cases");
            assert!(came.1 == anew.1, "{said}: other evidence");
            took += former.map_or(0, |former| taken(former, &place));
            evidence += came.2.evidence;
            before = Some((month, place));
        }
    }
    // Where nothing is taken over, or nobody is found, everything agrees as well.
    assert!(took > 100 && evidence > 5_000, "{took} spools, {evidence} lines");
}

/// The nation of each case, said once more from what stands beside it: the body's, another body's, or that of the sources,
/// which are all of Scotland.
#[test]
fn a_case_counts_where_its_body_lies_or_else_where_its_records_come_from() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let all = Records::any(&mut chance, 400, 150);
    let folder = tempfile::tempdir().unwrap();
    let month = Month::any(&mut chance, None);
    month.records(&all).write_by_file(folder.path(), &month.files());
    let of_scotland = |(_, path, _): (i64, String, &str)| (path, "Scotland".to_owned());
    let nations: Nations = month.files().into_iter().map(of_scotland).collect();
    find(folder.path(), (month.as_of, &nations), None, "casefind", 2);
    let registry = Registry::uk().unwrap();
    let listed = |code: &str| match registry.resolve(code) {
        Resolved::Known(body) => Some(body.nation.clone()),
        Resolved::Outside(_) => None,
    };
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for batch in TableReader::open(&folder.path().join("casefind/cases.parquet")).unwrap() {
        let batch = batch.unwrap();
        let (own, nation) = (batch.text("organisation").unwrap(), batch.text("nation").unwrap());
        let bodies = batch.texts("organisations").unwrap();
        for row in 0..batch.rows() {
            let by_list = match own.get(row) {
                Some(code) => listed(code),
                None => bodies.get(row).iter().find_map(|code| listed(code)),
            };
            let wanted = by_list.unwrap_or_else(|| "Scotland".to_owned());
            assert_eq!(nation.get(row), Some(wanted.as_str()), "row {row} of the cases");
            *seen.entry(wanted).or_default() += 1;
        }
    }
    // The bodies of the generated records that are in the list lie in England.
    assert!(
        seen.len() == 2 && seen.values().all(|cases| *cases > 5),
        "{seen:?}"
    );
}

/// A spool of the former run that stands, under a name of its own, so that what is done to it is done to no other run.
fn a_spool(before: &Path, extension: &str) -> PathBuf {
    let folder = before.join("casefind/kept");
    let entries = fs_err::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let of_its_kind = |path: &PathBuf| {
        path.extension().unwrap_or_default() == extension
            && path.file_name().is_some_and(|name| name != "hits")
    };
    let largest = entries
        .filter(of_its_kind)
        .max_by_key(|path| path.metadata().unwrap().len());
    let path = largest.unwrap();
    let bytes = fs_err::read(&path).unwrap();
    fs_err::remove_file(&path).unwrap();
    fs_err::write(&path, bytes).unwrap();
    path
}

#[test]
fn what_was_lost_or_cut_short_of_the_last_run_is_looked_for_anew() {
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let all = Records::any(&mut chance, 200, 80);
    let folder = tempfile::tempdir().unwrap();
    let month = Month::any(&mut chance, None);
    let [before, now] = ["before", "now"].map(|name| folder.path().join(name));
    for place in [&before, &now] {
        month.records(&all).write_by_file(place, &month.files());
    }
    let none = Nations::new();
    let anew = find(&now, (month.as_of, &none), None, "anew", 2);
    let cut = |path: PathBuf| {
        let file = fs_err::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(path.metadata().unwrap().len() - 1).unwrap();
    };
    let lose = |path: PathBuf| fs_err::remove_file(path).unwrap();
    let flip = |path: PathBuf| {
        let mut bytes = fs_err::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs_err::write(&path, bytes).unwrap();
    };
    let list = before.join("casefind/kept/hits");
    let damages: [(&str, &dyn Fn()); 9] = [
        ("a spool is lost", &|| lose(a_spool(&before, ""))),
        ("a spool is cut short", &|| cut(a_spool(&before, ""))),
        ("the persons of a spool are lost", &|| {
            lose(a_spool(&before, "persons"))
        }),
        ("the persons of a spool are cut short", &|| {
            cut(a_spool(&before, "persons"))
        }),
        ("a bit of a spool is turned", &|| flip(a_spool(&before, ""))),
        ("a bit of the persons is turned", &|| {
            flip(a_spool(&before, "persons"))
        }),
        ("the list is cut short", &|| cut(list.clone())),
        ("a bit of the list is turned", &|| flip(list.clone())),
        ("the evidence is lost", &|| {
            lose(before.join("casefind/evidence.parquet"))
        }),
    ];
    for (said, damage) in damages {
        for place in [before.join("casefind"), now.join("casefind")] {
            if place.exists() {
                fs_err::remove_dir_all(place).unwrap();
            }
        }
        find(&before, (month.as_of, &none), None, "casefind", 2);
        damage();
        let came = find(&now, (month.as_of, &none), Some(&before), "casefind", 2);
        assert_eq!(came, anew, "{said}");
    }
}
