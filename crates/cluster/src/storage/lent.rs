//! Tables in a bucket for as long as a session lasts.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use tokio::runtime::Runtime;

use super::bucket::{PATIENCE, within};
use super::{Storage, Trouble};
use crate::error::ClusterError;
use crate::trust::Token;

/// The context in which names of tables are keyed.
const CONTEXT: &str = "counted 2026 names of tables that are lent";

/// Files that are sent, or removed, at a time.
const AT_A_TIME: usize = 4;

/// How long a session that ends waits for a storage to answer: what is to be told is known already.
const PARTING: Duration = Duration::from_secs(10);

/// What a session has lent. Dropping it takes everything back.
pub(crate) struct Lent {
    storage: Storage,
    key: [u8; 32],
    runtime: Arc<Runtime>,
    /// Tables, each with the addresses of its parts.
    tables: Mutex<Vec<(PathBuf, Vec<String>)>>,
}

impl Lent {
    /// Begins, and takes back what a session that was killed left there.
    pub(crate) fn nothing_yet(
        storage: Storage,
        token: &Token,
        runtime: Arc<Runtime>,
    ) -> Result<Self, ClusterError> {
        let taken = runtime.block_on(take_back(&storage, PATIENCE));
        taken.map_err(|trouble| storage.failed(&trouble))?;
        Ok(Self {
            key: token.key_for(CONTEXT),
            storage,
            runtime,
            tables: Mutex::default(),
        })
    }

    /// Puts a table (a Parquet file, or a folder of parts) into the bucket; gives the addresses of its parts there.
    pub(crate) fn lend(&self, table: &Path) -> Result<Vec<String>, Trouble> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, addresses)) = tables.iter().find(|(other, _)| other == table) {
            return Ok(addresses.clone());
        }
        let parts = engine::parts(table).map_err(|_| Trouble::Gone)?;
        let folder = format!("{}{}", self.storage.prefix, self.name_of(&parts)?);
        // Files may be named by whoever sent them: in the bucket they have numbers.
        let names = (0..parts.len()).map(|number| format!("{folder}/{number:06}.parquet"));
        let names: Vec<String> = names.collect();
        self.runtime.block_on(self.send(&names, &parts))?;
        let root = &self.storage.root;
        let addresses: Vec<String> = names.iter().map(|name| format!("{root}/{name}")).collect();
        tables.push((table.to_owned(), addresses.clone()));
        Ok(addresses)
    }

    /// A name for the bytes of a table, of which they cannot be guessed.
    fn name_of(&self, parts: &[PathBuf]) -> Result<String, Trouble> {
        let mut all = blake3::Hasher::new_keyed(&self.key);
        for part in parts {
            let mut one = blake3::Hasher::new_keyed(&self.key);
            one.update_reader(fs_err::File::open(part)?)?;
            all.update(one.finalize().as_bytes());
        }
        Ok(all.finalize().to_hex().to_string())
    }

    async fn send(&self, names: &[String], parts: &[PathBuf]) -> Result<(), Trouble> {
        let both = names.iter().zip(parts);
        let sent = both.map(|(name, part)| self.storage.bucket.put(name, part));
        stream::iter(sent).buffer_unordered(AT_A_TIME).try_collect().await
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // What a storage that has gone away keeps is taken back by the next session.
        let _ = self.runtime.block_on(take_back(&self.storage, PARTING));
    }
}

/// Removes whatever is lent there, with so much patience for each answer.
async fn take_back(storage: &Storage, patience: Duration) -> Result<(), Trouble> {
    let lent = within(patience, storage.bucket.names(&storage.prefix)).await??;
    let removed = lent.iter().map(|named| async move {
        let removed = within(patience, storage.bucket.remove(&named.name)).await;
        removed.flatten()
    });
    stream::iter(removed)
        .buffer_unordered(AT_A_TIME)
        .try_collect()
        .await
}
