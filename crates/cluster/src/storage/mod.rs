//! S3-compatible storage, where the machines of a cluster share no folder.
//!
//! Whoever runs a study lends its tables: each is copied into a bucket while a session lasts, and removed when it ends.
//! The scheduler and the executors read them there, as plans name them. Nothing else is ever written to a bucket.
//!
//! ```text
//! session ── lends tables ──► bucket ◄── reads ── scheduler, executors
//!    (lent)                  (bucket)              (store)
//! ```
//!
//! Invariants:
//! - a table lies under a keyed hash of its bytes: what is read under a name is what was lent under it, whoever else
//!   uses the bucket; and plans name each part, so that one that is gone is a failure;
//! - keys come from a file that only its owner can read; neither they nor a signed address are ever shown;
//! - nothing leaves this machine without TLS, unless the file says so in words.

mod bucket;
mod lent;
mod settings;
mod store;

use std::sync::Arc;

use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::prelude::SessionContext;
use object_store::limit::LimitStore;

pub(crate) use bucket::Trouble;
pub(crate) use lent::Lent;
pub use settings::Storage;
use store::Shelf;

use crate::error::ClusterError;

/// Questions to a storage at a time: a plan asks for each part of a table at once.
const AT_A_TIME: usize = 64;

impl Storage {
    /// Lets plans that run in an environment read the bucket.
    pub(crate) fn known_to(&self, environment: &RuntimeEnv) {
        let shelf = LimitStore::new(Shelf(Arc::clone(&self.bucket)), AT_A_TIME);
        environment.register_object_store(&self.root, Arc::new(shelf));
    }

    /// Lets the plans of a session name what lies in the bucket.
    pub(crate) fn known_in(&self, context: &SessionContext) {
        self.known_to(&context.runtime_env());
    }

    /// Whether it can be reached, so that a long run need not find out in its middle.
    pub(crate) async fn greet(&self) -> Result<(), ClusterError> {
        let told = self.bucket.names(&self.prefix).await;
        told.map(|_| ()).map_err(|trouble| self.failed(&trouble))
    }

    pub(crate) fn failed(&self, trouble: &Trouble) -> ClusterError {
        ClusterError::Storage {
            endpoint: self.endpoint.clone(),
            why: trouble.to_string(),
        }
    }
}
