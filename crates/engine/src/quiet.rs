//! Faults that nobody may read: where code of others holds cells of records, a panic ends as an error and prints nothing.
//!
//! The readers of Arrow and Parquet, and functions of a plan, stop the program at some kinds of damage, and what they say of
//! it may hold a cell. The hook that keeps them quiet belongs to the process and looks only at threads marked here; every
//! other panic is told as before.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// A panic of this thread prints nothing from here on: for threads that do nothing but answer questions.
pub(crate) fn this_thread() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let tell = panic::take_hook();
        panic::set_hook(Box::new(move |stop| {
            if !QUIET.get() {
                tell(stop);
            }
        }));
    });
    QUIET.set(true);
}

/// What `work` gives; none where it panicked, of which nothing is told.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    let outer = QUIET.get();
    this_thread();
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(outer);
    done.ok()
}
