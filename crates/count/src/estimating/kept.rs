//! What the lists said of each table, kept beside the tables of the stage: the next month asks only tables that changed.
//!
//! The file is confidential, as everything of this stage: it holds numbers of people. It begins with a hash over the
//! program and the rest, so that another program's answers, or a damaged file, are no answers.

use std::path::Path;

use estimate::joint::Fits;

use crate::CountError;

const FILE: &str = "fits.bin";

/// What a former run of the stage kept; nothing where this program kept nothing there, or nothing whole.
pub(crate) fn read(former: Option<&Path>, program: &str) -> Fits {
    let whole = || {
        let bytes = fs_err::read(former?.join(FILE)).ok()?;
        let (hash, body) = bytes.split_first_chunk::<{ blake3::OUT_LEN }>()?;
        (blake3::Hash::from_bytes(*hash) == hash_of(program, body)).then(|| Fits::from_bytes(body))?
    };
    whole().unwrap_or_default()
}

/// Keeps it for the next run.
pub(crate) fn write(fits: &Fits, program: &str, out: &Path) -> Result<(), CountError> {
    let body = fits.to_bytes();
    let mut bytes = hash_of(program, &body).as_bytes().to_vec();
    bytes.extend_from_slice(&body);
    fs_err::write(out.join(FILE), bytes).map_err(|source| CountError::Kept { source })
}

fn hash_of(program: &str, body: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(program.len() as u64).to_le_bytes());
    hasher.update(program.as_bytes()).update(body);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A question of two numbers, and its answer: no law, no slope, nobody missed.
    fn fits() -> Fits {
        let numbers: [u64; 8] = [2, 7, 8, 4, 0, 0, 0, 0];
        Fits::from_bytes(&numbers.map(u64::to_le_bytes).concat()).unwrap()
    }

    #[test]
    fn what_was_kept_is_read_by_the_same_program_if_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        assert!(read(None, "1").is_empty() && read(Some(at), "1").is_empty());
        write(&fits(), "1", at).unwrap();
        assert_eq!(read(Some(at), "1"), fits());
        assert!(read(Some(at), "2").is_empty());
        let whole = fs_err::read(at.join(FILE)).unwrap();
        for place in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 1;
            fs_err::write(at.join(FILE), &damaged).unwrap();
            assert!(read(Some(at), "1").is_empty(), "byte {place}");
            fs_err::write(at.join(FILE), &whole[..place]).unwrap();
            assert!(read(Some(at), "1").is_empty(), "cut at {place}");
        }
    }
}
