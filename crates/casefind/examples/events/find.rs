//! The question, answered by the real stage.

use std::collections::BTreeMap;
use std::path::Path;

use casefind::{Definition, Request, run};
use engine::{Options, Session};
use vocabulary::organisation::Registry;

use crate::answer;
use crate::people::last_day;

/// From the canonical tables.
pub(crate) fn canonical(folder: &Path, out: &Path, memory: u64, threads: u64) {
    let work = out.join("work");
    fs_err::create_dir_all(&work).unwrap();
    let session = Session::embedded(Options {
        memory_bytes: memory,
        threads: usize::try_from(threads).unwrap(),
        spill: work.join("spill"),
    })
    .unwrap();
    let request = Request {
        intake: &folder.join("intake"),
        linkage: &folder.join("linkage"),
        definition: &Definition::load("uk-mbc/2026.1", Path::new("")).unwrap(),
        registry: &Registry::uk().unwrap(),
        as_of: last_day(),
        declared_cover: &BTreeMap::new(),
        home_nation: "England",
        session: &session,
        out,
        work: &work,
    };
    let report = run(&request).unwrap();
    println!("{report:?}");
    answer::from_tables(out);
    fs_err::remove_dir_all(&work).unwrap();
}
