//! Another name for what is there.

use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::lack::Lack;

/// How often Windows is asked: a scanner for viruses or an index of the machine may hold what was just written for a moment.
const TRIES: u32 = if cfg!(windows) { 20 } else { 1 };
const BETWEEN: Duration = Duration::from_millis(100);

/// Gives a file or a folder another name, at once; a file of that name goes.
///
/// Errors: those of the system, with both names. On Windows nothing in a folder may be open, and no other program may have a
/// file open that goes.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let mut tries = 1;
    loop {
        match fs_err::rename(from, to) {
            Err(error) if tries < TRIES && Lack::of(&error) == Some(Lack::Permission) => {
                tries += 1;
                thread::sleep(BETWEEN);
            }
            ended => return ended,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_takes_the_name_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let [new, place] = ["new", "place"].map(|name| folder.path().join(name));
        fs_err::write(&new, "new").unwrap();
        fs_err::write(&place, "former").unwrap();
        rename(&new, &place).unwrap();
        assert_eq!(fs_err::read_to_string(&place).unwrap(), "new");
        let error = rename(&new, &place).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().contains("place"), "{error}");
    }
}
