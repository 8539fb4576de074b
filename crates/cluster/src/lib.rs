//! The same plans on several machines: a scheduler, executors, and a session that sends its plans there.
//!
//! When one machine is too small, [`session`] gives an [`engine::Session`] whose plans run on an Apache DataFusion
//! Ballista cluster. The stages do not know it. [`scheduler`] and [`executor`] are the two kinds of process of such a
//! cluster; they are this program, so that our functions are registered there. Nothing distributed is written here: what
//! is here is who may take part, where rows may lie, how long anything may take, and what is said when it fails.
//!
//! Invariants:
//! - whoever calls a scheduler or an executor shows the cluster's token and has this program's version and build, at every
//!   call;
//! - nothing listens or calls beyond this machine without TLS, unless whoever starts it says so in words;
//! - executors ask the scheduler for work, nobody calls them to give it: what listens on an executor serves shuffle
//!   files and nothing else;
//! - rows that executors put down lie in a folder of each of them, below one that only its owner can enter; it goes when
//!   the executor ends, or, if that was killed, when the next one starts;
//! - a table that the scheduler or an executor does not see is a failure, never a table without rows;
//! - a process that ends without being told to has failed;
//! - what is lent to a storage is taken back when the session ends, or when the next one begins;
//! - no text of the engines below comes out, since it may quote cells.

mod ending;
mod error;
mod executor;
mod folder;
mod listening;
mod scheduler;
mod seen;
mod session;
mod storage;
mod trust;

use engine::Functions;

pub use error::ClusterError;
pub use executor::{ExecutorOptions, executor};
pub use listening::Address;
pub use scheduler::{SchedulerOptions, scheduler};
pub use session::{Call, reach, session};
pub use storage::Storage;
pub use trust::{Authority, Certificate, Token};

/// The kinds of functions that our plans name, registered on scheduler, executors and sessions alike.
const FUNCTIONS: Functions = Functions {
    markers: &[casefind::MARKS],
    over_blocks: &[linkage::elsewhere::PAIRS],
};

/// The largest message between two processes, in bytes. Plans carry definitions, so they are larger than usual.
const LARGEST_MESSAGE: u32 = 64 << 20;

/// The longest deadline of a question, in seconds. What executors put down is removed when it was not changed for as long,
/// whatever became of who wanted it: a longer question could lose its own rows.
pub const LONGEST_DEADLINE: u64 = 4 * 3_600;

/// Seconds without a word from an executor, after which its work is given to others.
const EXECUTOR_TIMEOUT: u64 = 15;
