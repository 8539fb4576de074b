//! Pairs that are scored on a cluster.

use std::path::PathBuf;

use cluster::Call;
use linkage::weigh::{Learnt, Linker, Weighed};

use crate::arguments::LinkArguments;
use crate::exit::Failure;
use crate::works::Works;

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
        let works = Works::take(&self.folder)?;
        let session = cluster::session(&self.call, self.memory)?;
        Ok(linkage::elsewhere::weigh(
            linker,
            learnt,
            &session,
            works.folder(),
        )?)
    }
}
