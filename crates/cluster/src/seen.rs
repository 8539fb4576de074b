//! What a scheduler sees of the files that plans name.
//!
//! The engine underneath takes a file that is not there for a folder, lists it, finds nothing, and plans a table without
//! rows: whoever asks would be told that there is nobody. So a scheduler lists nothing, and a file that it does not see is
//! a failure.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use tokio::sync::Semaphore;

const STORE: &str = "the files of the scheduler";

/// Files that are open at a time: a plan asks for each part of a table at once.
const AT_A_TIME: usize = 64;

/// How the system says that a file may not be read; passed on in these words.
const NOT_ALLOWED: &str = "Permission denied";

/// Whoever asked knows this failure by these words.
fn unseen() -> Error {
    failed("the scheduler does not see a file")
}

fn failed(words: &'static str) -> Error {
    Error::Generic {
        store: STORE,
        source: words.into(),
    }
}

fn read_only<T>(operation: &str) -> Result<T> {
    Err(Error::NotImplemented {
        operation: operation.to_owned(),
        implementer: STORE.to_owned(),
    })
}

/// The files of this machine, of which each is there or is a failure.
#[derive(Debug)]
pub(crate) struct Seen {
    files: LocalFileSystem,
    turns: Semaphore,
}

impl Seen {
    /// Lets the plans of a session read files in this way only.
    pub(crate) fn known_in(context: &SessionContext) {
        let seen = Self {
            files: LocalFileSystem::new(),
            turns: Semaphore::new(AT_A_TIME),
        };
        let root = ObjectStoreUrl::local_filesystem();
        context.register_object_store(root.as_ref(), Arc::new(seen));
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(STORE)
    }
}

#[async_trait]
impl ObjectStore for Seen {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let head = options.head;
        let _turn = self.turns.acquire().await;
        let found = self.files.get_opts(location, options).await;
        let found = found.map_err(|error| {
            // The store underneath has no kind of its own for it.
            if error.to_string().contains(NOT_ALLOWED) {
                failed(NOT_ALLOWED)
            } else {
                unseen()
            }
        })?;
        // An empty file would be left out of the plan without a word.
        if found.meta.size == 0 {
            return Err(unseen());
        }
        if !head {
            return Ok(found);
        }
        // Nothing of it is read, so it need not stay open.
        Ok(GetResult {
            payload: GetResultPayload::Stream(stream::empty().boxed()),
            ..found
        })
    }

    fn list(&self, _: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        stream::once(async { Err(unseen()) }).boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        Err(unseen())
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        read_only("put")
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        read_only("put in parts")
    }

    fn delete_stream(&self, _: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        stream::once(async { read_only("delete") }).boxed()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        read_only("copy")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use datafusion::arrow::datatypes::{DataType, Field, Schema};
    use datafusion::prelude::ParquetReadOptions;
    use url::Url;

    use super::*;

    /// Plans a question of all rows of a table.
    async fn planned(address: String) -> datafusion::common::Result<()> {
        let context = SessionContext::new();
        Seen::known_in(&context);
        let schema = Schema::new(vec![Field::new("id", DataType::Int64, true)]);
        let options = ParquetReadOptions::default().schema(&schema);
        let frame = context.read_parquet(address, options).await?;
        frame.create_physical_plan().await.map(|_plan| ())
    }

    #[tokio::test]
    async fn a_table_that_is_not_there_is_no_table_without_rows() {
        let folder = tempfile::tempdir().unwrap();
        fs_err::write(folder.path().join("empty.parquet"), "").unwrap();
        fs_err::write(folder.path().join("some.parquet"), "some bytes").unwrap();
        let root = Url::from_directory_path(folder.path()).unwrap();
        for (name, why) in [
            ("none.parquet", "a file that is missing"),
            ("empty.parquet", "a file without bytes"),
            ("", "a folder that would be listed"),
        ] {
            let error = planned(format!("{root}{name}")).await.unwrap_err();
            let said = error.to_string();
            assert!(said.contains("the scheduler does not see"), "{why}: {said}");
        }
        // What is there is read, whatever it says.
        let read = planned(format!("{root}some.parquet")).await;
        let said = read.map_err(|error| error.to_string()).err().unwrap_or_default();
        assert!(!said.contains("does not see"), "{said}");
    }
}
