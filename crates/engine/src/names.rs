//! Several names of one file: how tables pass from run to run without being copied.

use std::path::Path;

/// Gives a file a second name, making the folder where there is none; a copy where the file system has no such thing. Whoever
/// takes a file over must not write to it: it is the other's too.
pub fn second_name(from: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(folder) = to.parent() {
        fs_err::create_dir_all(folder)?;
    }
    if fs_err::hard_link(from, to).is_err() {
        fs_err::copy(from, to)?;
    }
    Ok(())
}

/// Whether two names are of one file; where the system does not say, they are taken for two.
#[cfg(unix)]
pub fn one_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |path: &Path| fs_err::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()));
    place(a).is_some_and(|own| place(b) == Some(own))
}

/// Whether two names are of one file; where the system does not say, they are taken for two.
#[cfg(not(unix))]
pub fn one_file(_: &Path, _: &Path) -> bool {
    false
}
