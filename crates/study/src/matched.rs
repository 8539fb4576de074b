//! The files of a source: what a pattern of `study.toml` matches.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::config::Source;
use crate::error::StudyError;
use crate::open::{OF_LISTS, OF_THE_PROGRAM};

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
        not_ours(source, &relative)?;
        found.push(Matched { relative, absolute });
    }
    found.sort();
    if found.is_empty() {
        return Err(none(study, source));
    }
    Ok(found)
}

/// Why there is no file of a source: its path names a folder, or nothing is there.
fn none(study: &Path, source: &Source) -> StudyError {
    let (kind, path) = (&source.kind, &source.path);
    let is_open = path.contains(['*', '?', '[']);
    let message = if !is_open && study.join(path).is_dir() {
        let is_xml = layouts::layout(kind).is_some_and(|layout| layout.format == layouts::Format::Xml);
        let ending = if is_xml { "xml" } else { "csv" };
        let folder = path.trim_end_matches('/');
        format!(
            "source `{kind}`: `{path}` is a folder; write `{folder}/*.{ending}` as its `path` in study.toml"
        )
    } else {
        format!(
            "source `{kind}`: no file matches `{path}` in the study folder; put the file there, or correct `path` in study.toml"
        )
    };
    StudyError::Source { message }
}

/// No file of a source lies where the program writes: a list would take its place, and what was counted would be counted again.
fn not_ours(source: &Source, relative: &str) -> Result<(), StudyError> {
    let first = relative.split('/').next().unwrap_or_default().to_lowercase();
    let mut ours = OF_THE_PROGRAM.into_iter().chain(OF_LISTS);
    match ours.find(|folder| relative.contains('/') && *folder == first) {
        None => Ok(()),
        Some(folder) => Err(StudyError::Call {
            message: format!(
                "study.toml: the path `{}` of source `{}` matches {relative}, and `{folder}` is where this program writes; put the \
                 files in another folder, or write the path so that it does not match",
                source.path, source.kind
            ),
        }),
    }
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

/// No file is passed over because its name has capitals where the pattern has small letters, or the other way round, such as
/// `A.XML` beside `*.xml`. A pattern without a sign for any letters names its one file as it is.
///
/// # Errors
/// The first file that would be, unless it is among `files`, those of all sources.
pub(crate) fn none_by_case(
    study: &Path,
    sources: &[Source],
    files: &[Vec<Matched>],
) -> Result<(), StudyError> {
    let taken: BTreeSet<&Path> = files
        .iter()
        .flatten()
        .map(|file| file.absolute.as_path())
        .collect();
    for source in sources {
        let mut alike = in_any_case(study, &source.path);
        if let Some(missed) = alike.find(|path| !taken.contains(path.as_path()) && path.is_file()) {
            return Err(StudyError::Source {
                message: format!(
                    "source `{}`: {} matches `{}` but for capitals and small letters, so it would be passed over; rename it, or write \
                     the pattern for both, as `*.[xX][mM][lL]`",
                    source.kind,
                    missed.display(),
                    source.path
                ),
            });
        }
    }
    Ok(())
}

/// What a pattern matches in the study folder if capitals are as small letters; what cannot be read is named by who reads it.
fn in_any_case(study: &Path, pattern: &str) -> impl Iterator<Item = PathBuf> {
    let is_open = |part: &str| part.contains(['*', '?', '[']);
    // Names without such a sign are asked for as they are, unless each letter is one of a choice. Systems that take capitals
    // for small letters find them anyway, under the name of the pattern.
    let part = |part: &str| -> String {
        if is_open(part) || !cfg!(target_os = "linux") {
            return part.to_owned();
        }
        let mut choices = String::new();
        for letter in part.chars() {
            if letter.is_ascii_alphabetic() {
                choices.extend(['[', letter, ']']);
            } else {
                choices.push(letter);
            }
        }
        choices
    };
    let parts: Vec<String> = pattern.split('/').map(part).collect();
    let root = glob::Pattern::escape(&study.to_string_lossy());
    let options = glob::MatchOptions {
        case_sensitive: false,
        ..glob::MatchOptions::new()
    };
    let wanted = is_open(pattern).then(|| format!("{root}/{}", parts.join("/")));
    let found = wanted.and_then(|wanted| glob::glob_with(&wanted, options).ok());
    let study = study.to_owned();
    found
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter(move |path| path.starts_with(&study))
}

/// Folders that the pattern leads through can be entered. One that cannot be reached would be passed over, with its files.
fn folders_answer(study: &Path, source: &Source) -> Result<(), StudyError> {
    let ends = source.path.match_indices('/').map(|(end, _)| end);
    for end in ends {
        let folder = &source.path[..end];
        if folder.ends_with("**") {
            // At any depth nobody knows of a link to nowhere whether it was a folder: it may have been.
            for entry in entries(&at_any_depth(study, source, folder)?) {
                if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
                    answering(source, &entry.path())?;
                }
            }
        } else if folder.contains(['*', '?', '[']) {
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
                at_any_depth(study, source, &format!("{folder}**"))?
            } else {
                globbed(study, source, folder.trim_end_matches('/'))?
            };
            for entry in entries(&folders) {
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

/// The folders that a pattern ending with `**` matches, and those that it begins from.
fn at_any_depth(study: &Path, source: &Source, pattern: &str) -> Result<Vec<PathBuf>, StudyError> {
    let above = pattern.trim_end_matches("**").trim_end_matches('/');
    let mut folders = match above {
        "" => vec![study.to_owned()],
        above => globbed(study, source, above)?,
    };
    folders.extend(globbed(study, source, pattern)?);
    Ok(folders)
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

    /// Whoever names a folder is told how its files are named, with the ending of their kind.
    #[test]
    fn a_path_that_is_a_folder_is_told_as_such() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["cosd", "deaths"] {
            fs_err::create_dir_all(folder.path().join(name)).expect("a folder");
            fs_err::write(folder.path().join(name).join("a.txt"), "").expect("a file");
        }
        for (kind, path, said) in [
            ("cosd", "cosd", "`cosd` is a folder; write `cosd/*.xml`"),
            ("deaths", "deaths/", "`deaths/` is a folder; write `deaths/*.csv`"),
            ("cosd", "cosd/*.xml", "no file matches `cosd/*.xml`"),
            ("cosd", "elsewhere", "no file matches `elsewhere`"),
        ] {
            let config = Config::parse(GOOD).expect("a study");
            let source = Source {
                kind: kind.to_owned(),
                path: path.to_owned(),
                ..config.sources[0].clone()
            };
            let error = matches(folder.path(), &source).expect_err(path);
            assert!(
                error.exit_code() == 3 && error.to_string().contains(said),
                "{error}"
            );
        }
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
    fn what_the_program_writes_is_no_source() {
        for (pattern, file) in [
            ("worklists/*.xml", "worklists/RTH.xml"),
            ("*/*.xml", "meetings/RTH.xml"),
            ("**/*.xml", "out/release/counts.xml"),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let (root, source) = of_pattern(folder.path(), pattern);
            fs_err::create_dir_all(root.join(file).parent().expect("a parent")).expect("a folder");
            fs_err::write(root.join(file), "").expect("a file");
            let refused = matches(&root, &source).expect_err("it is ours");
            assert_eq!(refused.exit_code(), 2);
            assert!(refused.to_string().contains(file), "{refused}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let (root, source) = of_pattern(folder.path(), "*.xml");
        fs_err::write(root.join("out.xml"), "").expect("a file");
        assert_eq!(matches(&root, &source).expect("one file").len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_matches_and_leads_nowhere_is_a_fault() {
        use fs_err::os::unix::fs::symlink;
        for (pattern, link) in [
            ("cosd/*.xml", "cosd/b.xml"),
            ("*/*.xml", "hospital"),
            ("**/*.xml", "hospital"),
            ("cosd/**/*.xml", "cosd/a folder.xml/hospital"),
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

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_matches_but_for_its_case_is_not_passed_over() {
        for (pattern, name) in [("cosd/*.xml", "cosd/B.XML"), ("*/a.xml", "rtds/A.xml")] {
            let folder = tempfile::tempdir().expect("a folder");
            let (root, source) = of_pattern(folder.path(), pattern);
            for name in ["cosd/a.xml", "cosd/b.pdf", name] {
                let path = root.join(name);
                fs_err::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs_err::write(path, "").expect("a file");
            }
            let none = |sources: &[Source]| {
                let files = sources.iter().map(|source| matches(&root, source));
                let files: Vec<Vec<Matched>> = files.collect::<Result<_, _>>().expect("files");
                none_by_case(&root, sources, &files)
            };
            let error = none(std::slice::from_ref(&source)).expect_err(pattern);
            assert!(
                error.exit_code() == 3 && error.to_string().contains(name),
                "{pattern}: {error}"
            );
            // Another source may read it.
            let (_, other) = of_pattern(folder.path(), name);
            none(&[source, other]).expect("each has its source");
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
