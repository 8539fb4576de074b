//! Stages that are done once: a finished stage lies in a folder named by all it depends on.
//!
//! A folder appears under its name only when it is complete, so a killed run leaves either the
//! whole stage or nothing of it, and the next run goes on from there.
//!
//! A finished stage is believed only where what leaves the study of it is as the stage left it: the tables under `out/` are
//! second names of its own, so whoever rewrites one there in its place rewrites what the next run would publish. [`seal`] says
//! what is looked at; of large tables of people only that they are there, with as many bytes, since reading them would cost a
//! month what it saves.
//!
//! Beside its tables a stage keeps what it depended on, each thing by name with a hash ([`Depends`]), so that the next run
//! can say which of them is the reason for doing it again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::StudyError;
use crate::hashes;
use crate::manifest::tree_hash;

/// The name of a finished stage: a hash of everything it depends on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Key(String);

impl Key {
    /// Starts a key for a stage of this program.
    pub(crate) fn of(stage: &str, program: &str) -> KeyBuilder {
        let mut builder = KeyBuilder {
            hasher: blake3::Hasher::new(),
            depends: Depends::default(),
        };
        builder.add("stage", stage);
        builder.add("the program", program);
        builder
    }

    /// The key as the name of a folder.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names in a sentence that says why a stage is done again; what is beyond that is counted.
const NAMED: usize = 4;

/// The file in a stage's folder that says what it depended on.
const DEPENDS: &str = "depends.json";

/// The file in a stage's folder that says what its tables were like when it was finished.
const SEAL: &str = "sealed.json";

/// Stages of which everything is sealed: the figures of a release, of the pages and of the packs.
const SEALED_WHOLE: [&str; 2] = ["count", "audit"];

/// What is sealed by its bytes of every other stage: what the figures are made from, and what a release says of where they come
/// from.
const SEALED: [&str; 6] = [
    "report.json",
    "files.parquet",
    "set_aside.parquet",
    "cases.parquet",
    "case_people.parquet",
    "evidence.parquet",
];

/// Files that a system leaves in a folder at which somebody looked, beside those whose names begin with a point.
const STRAY: [&str; 2] = ["thumbs.db", "desktop.ini"];

/// Whether a file is nothing of a stage but what a system left: somebody looked at the folder, or holds open what was removed. What
/// would be read as a part of a table is none of these, whatever its name.
pub(crate) fn is_stray(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let is_part = name.rsplit('.').next() == Some("parquet");
    !is_part && (name.starts_with('.') || STRAY.contains(&name.as_str()))
}

/// What a stage's folder is like: the hashes of what is sealed by its bytes, and the names and lengths of all other files.
/// Nothing is added to the folder once it has its name, so a file that is gone, came later or has another length tells that
/// somebody was at it; but for what a [system leaves](is_stray).
fn seal(stage: &str, folder: &Path) -> Result<BTreeMap<String, String>, StudyError> {
    if SEALED_WHOLE.contains(&stage) {
        let all = tree_hash(folder, |name| name == SEAL || is_stray(name))?;
        return Ok(BTreeMap::from([("everything".to_owned(), all)]));
    }
    let mut held = BTreeMap::new();
    let mut waiting = vec![(String::new(), folder.to_owned())];
    while let Some((prefix, place)) = waiting.pop() {
        for entry in fs_err::read_dir(&place)? {
            let path = entry?.path();
            let name = format!(
                "{prefix}{}",
                path.file_name().unwrap_or_default().to_string_lossy()
            );
            let found = fs_err::metadata(&path)?;
            if found.is_dir() {
                waiting.push((format!("{name}/"), path));
            } else if SEALED.contains(&name.as_str()) {
                held.insert(name, hashes::of_file(&path)?);
            } else if name != SEAL && !is_stray(&name) {
                held.insert(name, format!("{} bytes", found.len()));
            }
        }
    }
    Ok(held)
}

/// What a stage depends on: each thing by its name, with a hash of its content.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Depends(BTreeMap<String, String>);

impl Depends {
    /// What differs from a former time, in words; nothing where nothing does.
    fn since(&self, former: &Self) -> Option<String> {
        let became = |name: &String| match (former.0.get(name), self.0.get(name)) {
            (None, Some(_)) => Some(format!("{name} is new")),
            (Some(_), None) => Some(format!("{name} is gone")),
            (before, now) if before != now => Some(format!("{name} changed")),
            _ => None,
        };
        let gone = former.0.keys().filter(|name| !self.0.contains_key(*name));
        let all: Vec<String> = self.0.keys().chain(gone).filter_map(became).collect();
        let (named, rest) = all.split_at(all.len().min(NAMED));
        let (last, before) = named.split_last()?;
        let more = format!("{} more", rest.len());
        let (before, last) = if rest.is_empty() {
            (before, last)
        } else {
            (named, &more)
        };
        Some(if before.is_empty() {
            last.clone()
        } else {
            format!("{} and {last}", before.join(", "))
        })
    }
}

/// Collects what a stage depends on.
pub(crate) struct KeyBuilder {
    hasher: blake3::Hasher,
    depends: Depends,
}

impl KeyBuilder {
    /// Adds one thing; name and content are kept apart by their lengths.
    pub(crate) fn add(&mut self, name: &str, content: &str) -> &mut Self {
        for part in [name, content] {
            self.hasher.update(&(part.len() as u64).to_le_bytes());
            self.hasher.update(part.as_bytes());
        }
        let hash = blake3::hash(content.as_bytes()).to_hex();
        self.depends.0.insert(name.to_owned(), hash.to_string());
        self
    }

    pub(crate) fn finish(&self) -> Key {
        Key(self.hasher.finalize().to_hex().as_str()[..32].to_owned())
    }

    /// The key, with what it is made of.
    pub(crate) fn explained(&self) -> (Key, Depends) {
        (self.finish(), self.depends.clone())
    }
}

/// The folder of finished stages of a study.
pub(crate) struct Stages {
    root: PathBuf,
}

impl Stages {
    pub(crate) fn open(state: &Path) -> Result<Self, StudyError> {
        let root = state.join("stages");
        fs_err::create_dir_all(&root)?;
        Ok(Self { root })
    }

    /// Where a finished stage lies, or will lie.
    pub(crate) fn place(&self, stage: &str, key: &Key) -> PathBuf {
        self.root.join(stage).join(key.as_str())
    }

    /// Whether a stage is finished, and what is sealed of it is as it was then.
    pub(crate) fn done(&self, stage: &str, key: &Key) -> bool {
        let place = self.place(stage, key);
        let said = fs_err::read(place.join(SEAL)).ok();
        let said: Option<BTreeMap<String, String>> = said.and_then(|text| serde_json::from_slice(&text).ok());
        said.is_some_and(|said| seal(stage, &place).is_ok_and(|held| held == said))
    }

    /// Why a stage is to be done: what differs from the time before.
    pub(crate) fn why(&self, stage: &str, depends: &Depends) -> Result<String, StudyError> {
        let root = self.root.join(stage);
        let mut former: Vec<PathBuf> = Vec::new();
        if root.is_dir() {
            for entry in fs_err::read_dir(&root)? {
                former.push(entry?.path().join(DEPENDS));
            }
        }
        former.sort();
        // Parts of killed runs have no such file yet: it is written last.
        let former = former.iter().find(|path| path.is_file());
        let Some(former) = former else {
            return Ok("it was not done before".to_owned());
        };
        let former: Depends = serde_json::from_str(&fs_err::read_to_string(former)?).unwrap_or_default();
        Ok(depends
            .since(&former)
            .unwrap_or_else(|| "what it left is damaged or lost".to_owned()))
    }

    /// Runs a stage unless it is finished; the work writes into a folder of its own, which takes
    /// its name when the work is complete. Gives the folder and whether the work was done now.
    pub(crate) fn run(
        &self,
        stage: &str,
        key: &Key,
        depends: &Depends,
        work: impl FnOnce(&Path) -> Result<(), StudyError>,
    ) -> Result<(PathBuf, bool), StudyError> {
        let place = self.place(stage, key);
        if self.done(stage, key) {
            return Ok((place, false));
        }
        // Removed before the work and not after it, so that nothing is taken over from what somebody changed.
        if place.exists() {
            fs_err::remove_dir_all(&place)?;
        }
        let part = self.root.join(stage).join(format!("{}.part", key.as_str()));
        if part.exists() {
            fs_err::remove_dir_all(&part)?;
        }
        fs_err::create_dir_all(&part)?;
        work(&part)?;
        crate::run::write_json(
            &part.join(DEPENDS),
            &serde_json::to_value(depends).unwrap_or_default(),
        )?;
        crate::run::write_json(
            &part.join(SEAL),
            &serde_json::to_value(seal(stage, &part)?).unwrap_or_default(),
        )?;
        engine::rename(&part, &place)?;
        Ok((place, true))
    }

    /// Removes every folder but the given ones: former stages and parts of killed runs.
    pub(crate) fn keep_only(&self, kept: &[PathBuf]) -> Result<(), StudyError> {
        for stage in fs_err::read_dir(&self.root)? {
            let stage = stage?.path();
            if !stage.is_dir() {
                continue;
            }
            for entry in fs_err::read_dir(&stage)? {
                let entry = entry?.path();
                if !kept.contains(&entry) {
                    fs_err::remove_dir_all(&entry)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_names_and_contents_apart() {
        let key = |name: &str, content: &str| Key::of("stage", "program").add(name, content).finish();
        assert_ne!(key("ab", "c"), key("a", "bc"));
        assert_eq!(key("a", "b"), key("a", "b"));
    }

    #[test]
    fn a_stage_says_what_changed_since_the_last_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let stages = Stages::open(folder.path()).expect("stages");
        let of = |things: &[(&str, &str)]| {
            let mut key = Key::of("stage", "program");
            for (name, content) in things {
                key.add(name, content);
            }
            key.explained()
        };
        let (key, depends) = of(&[("file a", "1"), ("file b", "2"), ("as_of", "3")]);
        assert_eq!(
            stages.why("stage", &depends).expect("why"),
            "it was not done before"
        );
        stages.run("stage", &key, &depends, |_| Ok(())).expect("done");
        let why = |things: &[(&str, &str)]| stages.why("stage", &of(things).1).expect("why");
        assert_eq!(
            why(&[("file a", "1"), ("file b", "9"), ("as_of", "3")]),
            "file b changed"
        );
        assert_eq!(
            why(&[("file a", "1"), ("file c", "2"), ("as_of", "3")]),
            "file c is new and file b is gone"
        );
        assert_eq!(
            why(&[("1", ""), ("2", ""), ("3", ""), ("4", ""), ("5", "")]),
            "1 is new, 2 is new, 3 is new, 4 is new and 4 more"
        );
    }

    #[test]
    fn a_stage_that_fails_leaves_nothing_under_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let stages = Stages::open(folder.path()).expect("stages");
        let key = Key::of("stage", "program").finish();
        let failed = stages.run("stage", &key, &Depends::default(), |out| {
            fs_err::write(out.join("half"), "half")?;
            Err(StudyError::Busy)
        });
        assert!(failed.is_err() && !stages.done("stage", &key));
        let (place, ran) = stages
            .run("stage", &key, &Depends::default(), |out| {
                Ok(fs_err::write(out.join("whole"), "whole")?)
            })
            .expect("a finished stage");
        assert!(ran && place.join("whole").exists() && !place.join("half").exists());
        let (_, again) = stages
            .run("stage", &key, &Depends::default(), |_| Err(StudyError::Busy))
            .expect("the finished stage");
        assert!(!again);
        stages.keep_only(&[]).expect("removed");
        assert!(!place.exists());
    }

    /// Tables of all people are not read for it, and still one that is gone, cut or added is seen.
    #[test]
    fn a_stage_of_which_a_file_is_gone_cut_or_added_is_done_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let stages = Stages::open(folder.path()).expect("stages");
        let key = Key::of("linkage", "program").finish();
        let work = |out: &Path| {
            fs_err::create_dir_all(out.join("kept"))?;
            fs_err::write(out.join("kept/people.bin"), "123")?;
            Ok(fs_err::write(out.join("links.parquet"), "12")?)
        };
        let run = || {
            stages
                .run("linkage", &key, &Depends::default(), work)
                .expect("done")
        };
        let (place, _) = run();
        assert!(stages.done("linkage", &key) && !run().1);
        let changes: [&dyn Fn(&Path); 4] = [
            &|at| fs_err::remove_file(at.join("links.parquet")).expect("removed"),
            &|at| fs_err::write(at.join("links.parquet"), "1").expect("cut"),
            &|at| fs_err::remove_file(at.join("kept/people.bin")).expect("removed"),
            &|at| fs_err::write(at.join("kept/more.bin"), "").expect("added"),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            change(&place);
            assert!(!stages.done("linkage", &key), "change {number}");
            assert!(run().1 && stages.done("linkage", &key), "change {number}");
        }
        assert_eq!(fs_err::read(place.join("links.parquet")).expect("a table"), b"12");
    }

    /// Looking at a folder, over a share or on another machine, is no change of it; a part of a table that was added is.
    #[test]
    fn what_a_system_leaves_in_a_folder_does_no_stage_again() {
        for stage in ["linkage", "audit"] {
            let folder = tempfile::tempdir().expect("a folder");
            let stages = Stages::open(folder.path()).expect("stages");
            let key = Key::of(stage, "program").finish();
            let work = |out: &Path| {
                fs_err::create_dir_all(out.join("packs"))?;
                Ok(fs_err::write(out.join("packs/people.bin"), "12")?)
            };
            let (place, _) = stages.run(stage, &key, &Depends::default(), work).expect("done");
            for name in [
                ".DS_Store",
                "packs/Thumbs.db",
                "packs/desktop.ini",
                "packs/.nfs00000000001",
            ] {
                fs_err::write(place.join(name), "left").expect("left");
                assert!(stages.done(stage, &key), "{stage}/{name}");
            }
            for name in ["packs/more.bin", "packs/._00000.parquet"] {
                fs_err::write(place.join(name), "added").expect("added");
                assert!(!stages.done(stage, &key), "{stage}/{name}");
                fs_err::remove_file(place.join(name)).expect("removed");
            }
            assert!(stages.done(stage, &key));
        }
    }

    #[test]
    fn a_stage_whose_tables_were_changed_is_done_again() {
        for (stage, table) in [
            ("count", "counts.parquet"),
            ("audit", "networks/standards.parquet"),
            ("audit", "packs/SIM01.json"),
            ("casefind", "cases.parquet"),
            ("intake", "report.json"),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let stages = Stages::open(folder.path()).expect("stages");
            let key = Key::of(stage, "program").finish();
            let work = |out: &Path| {
                let place = out.join(table);
                fs_err::create_dir_all(place.parent().expect("a folder"))?;
                Ok(fs_err::write(place, "12")?)
            };
            let run = || stages.run(stage, &key, &Depends::default(), work).expect("done");
            let (place, _) = run();
            assert!(stages.done(stage, &key) && !run().1);
            let changes: [&dyn Fn(&Path); 2] =
                [&|file| fs_err::write(file, "13").expect("changed"), &|file| {
                    fs_err::remove_file(file).expect("removed")
                }];
            for change in changes {
                change(&place.join(table));
                assert!(!stages.done(stage, &key), "{stage}/{table}");
                assert!(run().1);
                assert_eq!(fs_err::read(place.join(table)).expect("a table"), b"12");
            }
        }
    }
}
