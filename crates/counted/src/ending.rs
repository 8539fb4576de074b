//! Told to end (ctrl-c, SIGTERM) while files that hold people are in the making: they go first.
//!
//! Who is killed outright cannot do that. Then the next call that writes to the same place does (`works`, `draft`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::Duration;

use crate::{tell, works};

/// Files and folders that go when the program is told to end.
static MAKING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Whether it was.
static TOLD: AtomicBool = AtomicBool::new(false);

/// What a shell says of a program that ctrl-c ended, and of one that SIGTERM did.
const INTERRUPTED: i32 = 130;
#[cfg(unix)]
const TERMINATED: i32 = 143;

/// How often it is tried to remove what is in the making: the work goes on meanwhile, and may add to a folder.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(10);

/// Longer than all tries.
const UNTIL_IT_ENDS: Duration = Duration::from_secs(10);

/// Notes a file or a folder of [`works`] that is in the making.
pub(crate) fn note(path: &Path) {
    attend();
    making().insert(path.to_owned());
}

/// Listens from now on. To be called before anything is made, so that there is no moment in which it would stay.
pub(crate) fn attend() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let (ready, listens) = mpsc::channel();
        let listener = thread::Builder::new().name("ending".to_owned());
        // Without a thread to listen, the program ends as one that was killed.
        if listener.spawn(move || listen(&ready)).is_ok() {
            let _heard = listens.recv();
        }
    });
}

/// It has its place, or is gone.
pub(crate) fn forget(path: &Path) {
    making().remove(path);
}

/// A failure that came of files that went because the program was told to end is not worth a word: waits for the end.
pub(crate) fn wait_if_told() {
    if TOLD.load(Ordering::SeqCst) {
        thread::sleep(UNTIL_IT_ENDS);
    }
}

fn making() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    MAKING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(ready: &Sender<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let told = runtime.ok().and_then(|runtime| runtime.block_on(told(ready)));
    let Some(code) = told else {
        return;
    };
    TOLD.store(true, Ordering::SeqCst);
    let mut gone = clear();
    for _ in 0..TRIES {
        if gone {
            break;
        }
        thread::sleep(BETWEEN);
        gone = clear();
    }
    tell::error(if gone {
        "ended before it was done; no working file is left"
    } else {
        "ended before it was done; working files are left beside the output, and the next call with this output removes them"
    });
    end(code);
}

#[allow(
    clippy::exit,
    reason = "the work goes on in other threads and is not to be done: nothing else ends them"
)]
fn end(code: i32) {
    std::process::exit(code);
}

/// Waits until the program is told to end, and says when it can be; gives the code of that. None where nothing can be heard.
#[cfg(unix)]
async fn told(ready: &Sender<()>) -> Option<i32> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).ok()?;
    let mut terminate = signal(SignalKind::terminate()).ok()?;
    ready.send(()).ok()?;
    tokio::select! {
        _ = interrupt.recv() => Some(INTERRUPTED),
        _ = terminate.recv() => Some(TERMINATED),
    }
}

#[cfg(not(unix))]
async fn told(ready: &Sender<()>) -> Option<i32> {
    ready.send(()).ok()?;
    tokio::signal::ctrl_c().await.ok().map(|()| INTERRUPTED)
}

/// Removes what is in the making; says whether nothing is left of it.
fn clear() -> bool {
    let paths: Vec<PathBuf> = making().iter().cloned().collect();
    let mut gone = true;
    for path in paths {
        let removed = if path.is_dir() {
            works::remove(&path)
        } else {
            fs_err::remove_file(&path)
        };
        gone &= removed.is_ok() || fs_err::symlink_metadata(&path).is_err();
    }
    gone
}
