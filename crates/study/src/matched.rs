//! The files of a source: what a pattern of `study.toml` matches.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::config::Source;
use crate::error::StudyError;

/// A file of a source: its path as matched, relative to the study with `/`, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Matched {
    /// Path relative to the study.
    pub relative: String,
    /// The same, from here.
    pub absolute: PathBuf,
}

/// The files that a source's pattern matches, in the order of their paths. What matches and cannot be told to be a file or a
/// folder, such as a link that leads nowhere or a mount that is gone, is a fault: nobody may be left out of a count in silence.
pub(crate) fn matches(study: &Path, source: &Source) -> Result<Vec<Matched>, StudyError> {
    folders_answer(study, source)?;
    names_are_text(study, source)?;
    let mut found = Vec::new();
    for absolute in globbed(study, source, &source.path)? {
        let meta = answering(source, &absolute)?;
        if meta.is_dir() {
            continue;
        }
        if !meta.is_file() {
            return Err(StudyError::Source {
                message: format!(
                    "source `{}`: {} is neither a file nor a folder; take it away, or correct `path` in study.toml",
                    source.kind,
                    absolute.display()
                ),
            });
        }
        let relative = absolute.strip_prefix(study).ok().filter(|relative| {
            let leaves = |part| part == std::path::Component::ParentDir;
            !relative.components().any(leaves)
        });
        let relative = relative.ok_or_else(|| StudyError::Call {
            message: format!(
                "study.toml: the path `{}` also matches {}, outside the study folder; write it so that it does not",
                source.path,
                absolute.display()
            ),
        })?;
        let relative = relative.to_string_lossy();
        let relative = if cfg!(windows) {
            relative.replace('\\', "/")
        } else {
            relative.into_owned()
        };
        found.push(Matched { relative, absolute });
    }
    found.sort();
    if found.is_empty() {
        return Err(StudyError::Source {
            message: format!(
                "source `{}`: no file matches `{}` in the study folder; put the file there, or correct `path` in study.toml",
                source.kind, source.path
            ),
        });
    }
    Ok(found)
}

/// No file is matched by two sources: records are known by the path of their file, so one of the two would be lost.
///
/// # Errors
/// The first file that is, with both sources by their place in study.toml.
pub(crate) fn each_once(sources: &[Vec<Matched>]) -> Result<(), StudyError> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, files) in (1..).zip(sources) {
        for file in files {
            if let Some(before) = seen.insert(&file.relative, number) {
                return Err(StudyError::Call {
                    message: format!(
                        "study.toml: {} is matched by source {before} and by source {number}; write the paths so that each file \
                         belongs to one, or give the other a copy under another name",
                        file.relative
                    ),
                });
            }
        }
    }
    Ok(())
}

/// Folders that the pattern leads through can be entered. One that cannot be reached would be passed over, with its files.
fn folders_answer(study: &Path, source: &Source) -> Result<(), StudyError> {
    let ends = source.path.match_indices('/').map(|(end, _)| end);
    for end in ends {
        let folder = &source.path[..end];
        if folder.contains(['*', '?', '[']) && !folder.ends_with("**") {
            for path in globbed(study, source, folder)? {
                answering(source, &path)?;
            }
        }
    }
    Ok(())
}

/// Names that the pattern may match are UTF-8. Others, as an archive of another system leaves them, match no pattern and
/// would be passed over.
fn names_are_text(study: &Path, source: &Source) -> Result<(), StudyError> {
    let mut folder = String::new();
    for part in source.path.split('/') {
        let any_depth = part == "**";
        if part.contains(['*', '?', '[']) {
            let names = glob::Pattern::new(part).unwrap_or_default();
            let folders = if any_depth {
                format!("{folder}**")
            } else {
                folder.clone()
            };
            for entry in entries(&globbed(study, source, folders.trim_end_matches('/'))?) {
                let name = entry.file_name();
                if name.to_str().is_none() && (any_depth || names.matches(&name.to_string_lossy())) {
                    return Err(StudyError::Source {
                        message: format!(
                            "source `{}`: the name of {} is not UTF-8, so no pattern can match it; rename it",
                            source.kind,
                            entry.path().display()
                        ),
                    });
                }
            }
        }
        folder.push_str(part);
        folder.push('/');
    }
    Ok(())
}

/// What lies in these folders; what cannot be read is named by who reads it.
fn entries(folders: &[PathBuf]) -> impl Iterator<Item = fs_err::DirEntry> {
    let read = folders.iter().filter(|folder| folder.is_dir());
    read.flat_map(|folder| fs_err::read_dir(folder).into_iter().flatten().flatten())
}

/// What the system says of a path that a source's pattern matches.
fn answering(source: &Source, path: &Path) -> Result<std::fs::Metadata, StudyError> {
    fs_err::metadata(path).map_err(|error| StudyError::Source {
        message: format!(
            "source `{}`: {error}; bring it back, or take it away if it is not to be counted",
            source.kind
        ),
    })
}

/// All that a pattern matches in the study folder.
fn globbed(study: &Path, source: &Source, pattern: &str) -> Result<Vec<PathBuf>, StudyError> {
    let root = study.to_string_lossy();
    let pattern = format!("{}/{pattern}", glob::Pattern::escape(&root));
    let paths = glob::glob(&pattern).map_err(|error| StudyError::Call {
        message: format!(
            "study.toml: the path `{}` is not a valid pattern: {}",
            source.path, error.msg
        ),
    })?;
    paths
        .map(|path| {
            path.map_err(|error| StudyError::Source {
                message: format!(
                    "source `{}`: {} cannot be read",
                    source.kind,
                    error.path().display()
                ),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::config::tests::GOOD;

    #[test]
    fn files_are_matched_in_the_order_of_their_paths() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("a [study]");
        fs_err::create_dir_all(root.join("cosd")).expect("a folder");
        for name in ["b.xml", "a.xml", "c.txt"] {
            fs_err::write(root.join("cosd").join(name), "").expect("a file");
        }
        let config = Config::parse(GOOD).expect("a study");
        let found = matches(&root, &config.sources[0]).expect("two files");
        let relative: Vec<&str> = found.iter().map(|file| file.relative.as_str()).collect();
        assert_eq!(relative, ["cosd/a.xml", "cosd/b.xml"]);
        let none = matches(folder.path(), &config.sources[0]).expect_err("no file");
        assert_eq!(none.exit_code(), 3);
    }

    /// A study of one pattern, and where it lies.
    #[cfg(unix)]
    fn of_pattern(folder: &Path, pattern: &str) -> (PathBuf, Source) {
        let root = folder.join("study");
        fs_err::create_dir_all(&root).expect("a folder");
        let config = Config::parse(&GOOD.replace("cosd/*.xml", pattern)).expect("a study");
        (root, config.sources[0].clone())
    }

    #[cfg(unix)]
    #[test]
    fn what_matches_and_leads_nowhere_is_a_fault() {
        use fs_err::os::unix::fs::symlink;
        for (pattern, link) in [
            ("cosd/*.xml", "cosd/b.xml"),
            ("*/*.xml", "hospital"),
            ("cosd/b.xml", "cosd/b.xml"),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let (root, source) = of_pattern(folder.path(), pattern);
            fs_err::create_dir_all(root.join("cosd/a folder.xml")).expect("a folder");
            fs_err::write(root.join("cosd/a.xml"), "").expect("a file");
            symlink("/nowhere", root.join(link)).expect("a link");
            let error = matches(&root, &source).expect_err(link);
            assert!(
                error.exit_code() == 3 && error.to_string().contains(link),
                "{pattern}: {error}"
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_no_text_is_not_passed_over() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().expect("a folder");
        for (pattern, depth) in [
            ("cosd/*.xml", ""),
            ("*/*.xml", ""),
            ("*.xml", ".."),
            ("**/*.xml", "a/b"),
        ] {
            let (root, source) = of_pattern(folder.path(), pattern);
            let place = root.join("cosd").join(depth);
            for name in ["a.xml", "../b.xml"] {
                fs_err::create_dir_all(&place).expect("a folder");
                fs_err::write(place.join(name), "").expect("a file");
            }
            let odd = |name: &[u8]| place.join(std::ffi::OsStr::from_bytes(name));
            // Of another kind, so no pattern asks for it, or for any depth only.
            let (other, asked) = (odd(b"Kr\xf6nig.pdf"), odd(b"Kr\xf6nig.xml"));
            fs_err::write(&other, "").expect("a file");
            let found = matches(&root, &source);
            assert_eq!(found.is_ok(), !pattern.contains("**"), "{pattern}: {found:?}");
            fs_err::remove_file(other).expect("removed");
            matches(&root, &source).expect("files");
            fs_err::write(&asked, "").expect("a file");
            let error = matches(&root, &source).expect_err(pattern);
            assert!(
                error.exit_code() == 3 && error.to_string().contains("is not UTF-8"),
                "{pattern}: {error}"
            );
            fs_err::remove_dir_all(root).expect("removed");
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_pattern_leaves_the_study_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        for pattern in [".*/form.csv", ".*/*.csv"] {
            let (root, source) = of_pattern(folder.path(), pattern);
            fs_err::create_dir_all(root.join(".hidden")).expect("a folder");
            fs_err::write(root.join(".hidden/form.csv"), "").expect("a file");
            let found = matches(&root, &source).expect("a file");
            assert_eq!(found[0].relative, ".hidden/form.csv");
            let outside = folder.path().join("form.csv");
            fs_err::write(&outside, "").expect("a file");
            let error = matches(&root, &source).expect_err(pattern);
            assert!(
                error.exit_code() == 2 && error.to_string().contains("outside the study folder"),
                "{error}"
            );
            fs_err::remove_file(outside).expect("removed");
        }
    }
}
