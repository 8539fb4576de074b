//! The question, answered by the real stage.

use std::collections::BTreeMap;
use std::path::Path;

use casefind::{Definition, Request, run};
use engine::{Options, Session};
use vocabulary::organisation::Registry;

use crate::answer;
use crate::people::last_day;

/// From the canonical tables, in this process.
#[allow(dead_code, reason = "the same on a cluster has a session of its own")]
pub(crate) fn canonical(folder: &Path, out: &Path, memory: u64, threads: u64) {
    let session = Session::embedded(Options {
        memory_bytes: memory,
        threads: usize::try_from(threads).unwrap(),
        spill: out.join("spill"),
    })
    .unwrap();
    over(&session, folder, out);
    fs_err::remove_dir_all(out.join("spill")).unwrap_or_default();
}

/// From the canonical tables, wherever the session's plans run.
pub(crate) fn over(session: &Session, folder: &Path, out: &Path) {
    let work = out.join("work");
    fs_err::create_dir_all(&work).unwrap();
    let request = Request {
        intake: &folder.join("intake"),
        linkage: &folder.join("linkage"),
        definition: &Definition::load("uk-mbc/2026.1", Path::new("")).unwrap(),
        registry: &Registry::uk().unwrap(),
        as_of: last_day(),
        declared_cover: &BTreeMap::new(),
        nations: &BTreeMap::new(),
        home_nation: Some("England"),
        former: None,
        settings: None,
        session,
        out,
        work: &work,
    };
    let report = run(&request).unwrap();
    println!("{report:?}");
    answer::from_tables(out);
    fs_err::remove_dir_all(&work).unwrap();
}
