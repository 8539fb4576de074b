//! Where rows go: into the two parts of a file, written in their order while the next rows are read.
//!
//! With more than one thread each part has a writer of its own, fed through a short queue; buffers
//! come back and are used again. A part has one writer, so its bytes do not depend on timing.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use engine::{EngineError, TableWriter};
use vocabulary::table::TableSchema;

use crate::error::IntakeError;
use crate::rows::buffer::RowBuffer;

/// Rows in a buffer before it is handed on.
const ROWS: usize = 4_096;
/// Bytes of text in a buffer before it is handed on, whatever its rows.
const BYTES: usize = 8 << 20;
/// Buffers on their way to one writer.
const QUEUE: usize = 4;

/// Whether a buffer should be handed on.
pub(crate) fn is_full(buffer: &RowBuffer) -> bool {
    buffer.rows() >= ROWS || buffer.bytes() >= BYTES
}

/// Takes buffers of rows of one table.
pub(crate) enum Sink {
    /// Checks only: rows are dropped.
    Nowhere,
    /// Writes on the same thread.
    Here { writer: Box<TableWriter>, what: PathBuf },
    /// Writes on a thread of its own.
    Aside {
        queue: SyncSender<RowBuffer>,
        back: Receiver<RowBuffer>,
        worker: JoinHandle<Result<u64, EngineError>>,
        what: PathBuf,
    },
}

impl Sink {
    /// Opens a part; its folder is made if need be.
    pub(crate) fn create(part: &Path, schema: &TableSchema, aside: bool) -> Result<Self, IntakeError> {
        if let Some(folder) = part.parent() {
            fs_err::create_dir_all(folder).map_err(|error| IntakeError::Folder {
                what: "making a folder for tables".to_owned(),
                error,
            })?;
        }
        let what = part.to_owned();
        let mut writer = TableWriter::create(part, schema).map_err(failed(part))?;
        if !aside {
            return Ok(Sink::Here {
                writer: Box::new(writer),
                what,
            });
        }
        let (queue, incoming) = sync_channel::<RowBuffer>(QUEUE);
        let (returned, back) = channel();
        let worker = std::thread::Builder::new()
            .name("intake-writer".to_owned())
            .spawn(move || {
                for mut buffer in incoming {
                    buffer.write(&mut writer)?;
                    buffer.clear();
                    // Nobody waits for buffers any more once reading has ended.
                    let _ = returned.send(buffer);
                }
                writer.finish()
            })
            .map_err(|error| IntakeError::Folder {
                what: "starting a writer".to_owned(),
                error,
            })?;
        Ok(Sink::Aside {
            queue,
            back,
            worker,
            what,
        })
    }

    /// Takes the rows of a buffer and leaves it empty.
    pub(crate) fn take(&mut self, buffer: &mut RowBuffer) -> Result<(), IntakeError> {
        match self {
            Sink::Nowhere => buffer.clear(),
            Sink::Here { writer, what } => {
                buffer.write(writer).map_err(failed(what))?;
                buffer.clear();
            }
            Sink::Aside { queue, back, .. } => {
                let empty = back.try_recv().unwrap_or_else(|_| buffer.alike());
                let full = std::mem::replace(buffer, empty);
                // A writer that failed hangs up; `finish` tells why.
                let _ = queue.send(full);
            }
        }
        Ok(())
    }

    /// Completes the part; gives its rows.
    pub(crate) fn finish(self) -> Result<u64, IntakeError> {
        match self {
            Sink::Nowhere => Ok(0),
            Sink::Here { writer, what } => writer.finish().map_err(failed(&what)),
            Sink::Aside {
                queue,
                back,
                worker,
                what,
            } => {
                drop(queue);
                drop(back);
                let joined = worker.join().unwrap_or_else(|_| {
                    Err(EngineError::File(std::io::Error::other(
                        "the writer of a table stopped",
                    )))
                });
                joined.map_err(failed(&what))
            }
        }
    }
}

fn failed(part: &Path) -> impl FnOnce(EngineError) -> IntakeError + use<> {
    // The last two names say which table and which part; the folder above is the study's business.
    let names: Vec<String> = part
        .iter()
        .rev()
        .take(2)
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    IntakeError::table(&names.into_iter().rev().collect::<Vec<_>>().join("/"))
}
