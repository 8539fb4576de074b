//! Pairs that are scored on a cluster.

use std::path::{Path, PathBuf};

use cluster::Call;
use linkage::weigh::{Learnt, Linker, Weighed};

use crate::arguments::LinkArguments;
use crate::exit::Failure;

/// Bytes that may be held here beside the cluster, when nobody says how many.
const MEMORY: u64 = 4 << 30;

/// A cluster that was reached, and where tables for it lie for a while.
pub(super) struct Far {
    call: Call,
    memory: u64,
    folder: PathBuf,
}

impl Far {
    /// Asks the cluster, if one is named, before anything is read.
    pub(super) fn reach(arguments: &LinkArguments) -> Result<Option<Self>, Failure> {
        let Some(call) = crate::commands::cluster::call(&arguments.on)? else {
            return Ok(None);
        };
        cluster::reach(&call)?;
        let beside = std::path::absolute(super::settings::beside(arguments))?;
        let outputs = [&arguments.output, &arguments.pairs];
        let output = outputs.into_iter().flatten().find_map(|path| path.file_name());
        let mut name = std::ffi::OsString::from(".");
        name.push(output.unwrap_or_default());
        name.push(".on-the-cluster");
        Ok(Some(Self {
            call,
            memory: arguments.memory.unwrap_or(MEMORY),
            folder: beside.join(name),
        }))
    }

    /// Scores every pair that the rules propose.
    pub(super) fn weigh(&self, linker: &Linker<'_>, learnt: &mut Learnt) -> Result<Weighed, Failure> {
        let folder = Folder::make(&self.folder)?;
        let session = cluster::session(&self.call, self.memory)?;
        Ok(linkage::elsewhere::weigh(linker, learnt, &session, folder.0)?)
    }
}

/// A folder that only its owner can enter, gone when it is no longer needed; or when it is made the next time, if the
/// program was killed.
struct Folder<'a>(&'a Path);

impl<'a> Folder<'a> {
    fn make(path: &'a Path) -> Result<Self, Failure> {
        if path.is_dir() {
            fs_err::remove_dir_all(path)?;
        }
        fs_err::create_dir(path)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
        }
        Ok(Self(path))
    }
}

impl Drop for Folder<'_> {
    fn drop(&mut self) {
        // Whoever made the output in this folder can see what could not be removed.
        let _removed = fs_err::remove_dir_all(self.0);
    }
}
