//! Stages that are done once: a finished stage lies in a folder named by all it depends on.
//!
//! A folder appears under its name only when it is complete, so a killed run leaves either the
//! whole stage or nothing of it, and the next run goes on from there.

use std::path::{Path, PathBuf};

use crate::error::StudyError;

/// The name of a finished stage: a hash of everything it depends on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Key(String);

impl Key {
    /// Starts a key for a stage of this program.
    pub(crate) fn of(stage: &str, program: &str) -> KeyBuilder {
        let mut builder = KeyBuilder {
            hasher: blake3::Hasher::new(),
        };
        builder.add("stage", stage);
        builder.add("program", program);
        builder
    }

    /// The key as the name of a folder.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Collects what a stage depends on.
pub(crate) struct KeyBuilder {
    hasher: blake3::Hasher,
}

impl KeyBuilder {
    /// Adds one thing; name and content are kept apart by their lengths.
    pub(crate) fn add(&mut self, name: &str, content: &str) -> &mut Self {
        for part in [name, content] {
            self.hasher.update(&(part.len() as u64).to_le_bytes());
            self.hasher.update(part.as_bytes());
        }
        self
    }

    pub(crate) fn finish(&self) -> Key {
        Key(self.hasher.finalize().to_hex().as_str()[..32].to_owned())
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

    /// Whether a stage is finished.
    pub(crate) fn done(&self, stage: &str, key: &Key) -> bool {
        self.place(stage, key).is_dir()
    }

    /// Runs a stage unless it is finished; the work writes into a folder of its own, which takes
    /// its name when the work is complete. Gives the folder and whether the work was done now.
    pub(crate) fn run(
        &self,
        stage: &str,
        key: &Key,
        work: impl FnOnce(&Path) -> Result<(), StudyError>,
    ) -> Result<(PathBuf, bool), StudyError> {
        let place = self.place(stage, key);
        if place.is_dir() {
            return Ok((place, false));
        }
        let part = self.root.join(stage).join(format!("{}.part", key.as_str()));
        if part.exists() {
            fs_err::remove_dir_all(&part)?;
        }
        fs_err::create_dir_all(&part)?;
        work(&part)?;
        fs_err::rename(&part, &place)?;
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
    fn a_stage_that_fails_leaves_nothing_under_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let stages = Stages::open(folder.path()).expect("stages");
        let key = Key::of("stage", "program").finish();
        let failed = stages.run("stage", &key, |out| {
            fs_err::write(out.join("half"), "half")?;
            Err(StudyError::Busy)
        });
        assert!(failed.is_err() && !stages.done("stage", &key));
        let (place, ran) = stages
            .run("stage", &key, |out| {
                Ok(fs_err::write(out.join("whole"), "whole")?)
            })
            .expect("a finished stage");
        assert!(ran && place.join("whole").exists() && !place.join("half").exists());
        let (_, again) = stages
            .run("stage", &key, |_| Err(StudyError::Busy))
            .expect("the finished stage");
        assert!(!again);
        stages.keep_only(&[]).expect("removed");
        assert!(!place.exists());
    }
}
