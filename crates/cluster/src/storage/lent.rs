//! Tables in a bucket for as long as a session lasts.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use futures::{StreamExt, TryStreamExt, stream};
use tokio::runtime::Runtime;

use super::{Storage, Trouble};
use crate::error::ClusterError;
use crate::trust::Token;

/// The context in which names of tables are keyed.
const CONTEXT: &str = "counted 2026 names of tables that are lent";

/// Files that are sent, or removed, at a time.
const AT_A_TIME: usize = 4;

/// What a session has lent. Dropping it takes everything back.
pub(crate) struct Lent {
    storage: Storage,
    key: [u8; 32],
    runtime: Arc<Runtime>,
    /// Tables, each with its name in the bucket.
    tables: Mutex<Vec<(PathBuf, String)>>,
}

impl Lent {
    /// Begins, and takes back what a session that was killed left there.
    pub(crate) fn nothing_yet(
        storage: Storage,
        token: &Token,
        runtime: Arc<Runtime>,
    ) -> Result<Self, ClusterError> {
        let taken = runtime.block_on(take_back(&storage));
        taken.map_err(|trouble| storage.failed(&trouble))?;
        Ok(Self {
            key: token.key_for(CONTEXT),
            storage,
            runtime,
            tables: Mutex::default(),
        })
    }

    /// Puts a table (a Parquet file, or a folder of parts) into the bucket; gives the address of its folder there.
    pub(crate) fn lend(&self, table: &Path) -> Result<String, Trouble> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let known = tables.iter().find(|(other, _)| other == table);
        let name = match known {
            Some((_, name)) => name.clone(),
            None => {
                let parts = engine::parts(table).map_err(|_| Trouble::Gone)?;
                let name = format!("{}{}/", self.storage.prefix, self.name_of(&parts)?);
                self.runtime.block_on(self.send(&name, &parts))?;
                tables.push((table.to_owned(), name.clone()));
                name
            }
        };
        Ok(format!("{}/{name}", self.storage.root))
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

    async fn send(&self, name: &str, parts: &[PathBuf]) -> Result<(), Trouble> {
        // Files may be named by whoever sent them: in the bucket they have numbers.
        let sent = parts.iter().enumerate().map(|(number, part)| {
            let name = format!("{name}{number:06}.parquet");
            async move { self.storage.bucket.put(&name, part).await }
        });
        stream::iter(sent).buffer_unordered(AT_A_TIME).try_collect().await
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // What a storage that has gone away keeps is taken back by the next session.
        let _ = self.runtime.block_on(take_back(&self.storage));
    }
}

async fn take_back(storage: &Storage) -> Result<(), Trouble> {
    let lent = storage.bucket.names(&storage.prefix).await?;
    let removed = lent.iter().map(|named| storage.bucket.remove(&named.name));
    stream::iter(removed)
        .buffer_unordered(AT_A_TIME)
        .try_collect()
        .await
}
