//! A session of the embedded engine: tables by name, questions in SQL, answers as streams.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use futures::StreamExt;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use vocabulary::table::TableSchema;

use crate::batch::Batch;
use crate::error::EngineError;
use crate::functions::{self, NamedSet};
use crate::marks::{self, Marker};
use crate::write::FileWriter;

/// How much of the machine a session may use.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bytes that sorts, joins and aggregates may hold before they spill.
    pub memory_bytes: u64,
    /// Threads.
    pub threads: usize,
    /// Folder for spilled rows; made if missing, readable by its owner only.
    pub spill: PathBuf,
}

/// The embedded engine.
pub struct Session {
    context: SessionContext,
    runtime: Arc<Runtime>,
    memory_bytes: u64,
}

impl Session {
    /// Starts an engine inside this process.
    pub fn embedded(options: Options) -> Result<Self, EngineError> {
        private_folder(&options.spill)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(options.threads.max(1))
            .enable_all()
            .build()?;
        let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![options.spill]));
        let pool = FairSpillPool::new(usize::try_from(options.memory_bytes).unwrap_or(usize::MAX));
        let environment = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(pool))
            .with_disk_manager_builder(disk)
            .build_arc()
            .map_err(|error| EngineError::running("starting the engine", &error))?;
        let mut config = SessionConfig::new().with_target_partitions(options.threads.max(1));
        let settings = config.options_mut();
        settings.sql_parser.enable_ident_normalization = false;
        settings.execution.parquet.pushdown_filters = true;
        // The build side of a hash join cannot spill; sorting and merging can.
        settings.optimizer.prefer_hash_join = false;
        Ok(Self {
            context: SessionContext::new_with_config_rt(config, environment),
            runtime: Arc::new(runtime),
            memory_bytes: options.memory_bytes,
        })
    }

    /// The bytes that the engine, and whoever works beside it, may hold before they spill.
    pub fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }

    /// Gives a Parquet file, or a folder of parts, a name in SQL.
    pub fn table(&self, name: &str, path: &Path) -> Result<(), EngineError> {
        let mut place = path.to_string_lossy().into_owned();
        if fs_err::metadata(path)?.is_dir() && !place.ends_with('/') {
            place.push('/');
        }
        let quoted = format!("\"{name}\"");
        let options = ParquetReadOptions::default();
        self.runtime
            .block_on(
                self.context
                    .register_parquet(quoted.as_str(), place.as_str(), options),
            )
            .map_err(|error| EngineError::running(&format!("opening the table `{name}`"), &error))
    }

    /// Registers the functions of case definitions over these sets.
    pub fn sets(&self, sets: BTreeMap<String, NamedSet>) {
        for function in functions::all(sets) {
            self.context.register_udf(function);
        }
    }

    /// Registers a marker as a function of that name, over its columns in their order.
    pub fn marker(&self, name: &str, marker: Arc<dyn Marker>) {
        self.context.register_udf(marks::function(name, marker));
    }

    /// Asks, and hands the answer out where it arises: each part of the plan has a thread, a state of its own that
    /// `start` makes from the part's number, and its batches in their order. Which rows come in which part is the
    /// engine's choice. Gives the states in the order of the parts.
    pub fn each<T: Send, E: From<EngineError> + Send>(
        &self,
        what: &str,
        sql: &str,
        start: impl Fn(usize) -> Result<T, E> + Sync,
        hear: impl Fn(&mut T, &Batch) -> Result<(), E> + Sync,
    ) -> Result<Vec<T>, E> {
        let frame = self.runtime.block_on(self.context.sql(sql));
        let frame = frame.map_err(|error| EngineError::planning(what, &error))?;
        let streams = self.runtime.block_on(frame.execute_stream_partitioned());
        let streams = streams.map_err(|error| EngineError::running(what, &error))?;
        let hear_all = |number: usize, mut stream: SendableRecordBatchStream| -> Result<T, E> {
            let mut state = start(number)?;
            while let Some(batch) = self.runtime.block_on(stream.next()) {
                let batch = batch.map_err(|error| EngineError::running(what, &error))?;
                hear(&mut state, &Batch::new(what, &batch)?)?;
            }
            Ok(state)
        };
        let hear_all = &hear_all;
        let ended: Vec<_> = std::thread::scope(|scope| {
            let parts = streams.into_iter().enumerate();
            let threads: Vec<_> = parts
                .map(|(number, stream)| scope.spawn(move || hear_all(number, stream)))
                .collect();
            threads
                .into_iter()
                .map(std::thread::ScopedJoinHandle::join)
                .collect()
        });
        let crashed = |_| EngineError::Failed {
            what: what.to_owned(),
            code: "E-THREAD",
        };
        ended
            .into_iter()
            .map(|part| part.map_err(crashed).map_err(E::from)?)
            .collect()
    }

    /// Checks that a question can be planned, reading no row.
    pub fn check(&self, what: &str, sql: &str) -> Result<(), EngineError> {
        self.runtime
            .block_on(async { self.context.sql(sql).await?.create_physical_plan().await })
            .map(|_plan| ())
            .map_err(|error| EngineError::planning(what, &error))
    }

    /// Asks; the answer streams. `what` names the work in errors.
    pub fn query(&self, what: &str, sql: &str) -> Result<Answer, EngineError> {
        let mut stream = self.stream(what, sql)?;
        let (sender, receiver) = mpsc::channel(4);
        self.runtime.spawn(async move {
            while let Some(batch) = stream.next().await {
                if sender.send(batch).await.is_err() {
                    break;
                }
            }
        });
        Ok(Answer {
            what: what.to_owned(),
            receiver,
            _runtime: Arc::clone(&self.runtime),
        })
    }

    /// Asks and writes the answer as a table; the SQL must order it on a full key, and give the
    /// columns in the order of the schema. Gives the number of rows.
    pub fn write(
        &self,
        what: &str,
        sql: &str,
        path: &Path,
        schema: &TableSchema,
    ) -> Result<u64, EngineError> {
        let mut stream = self.stream(what, sql)?;
        let mut file = FileWriter::create(path, schema)?;
        while let Some(batch) = self.runtime.block_on(stream.next()) {
            let batch = batch.map_err(|error| EngineError::running(what, &error))?;
            if batch.num_columns() != schema.columns.len() {
                return Err(EngineError::Width {
                    table: schema.name.clone(),
                    wanted: schema.columns.len(),
                    given: batch.num_columns(),
                });
            }
            file.push(batch.columns().to_vec())?;
        }
        file.finish()
    }

    fn stream(&self, what: &str, sql: &str) -> Result<SendableRecordBatchStream, EngineError> {
        let frame = self.runtime.block_on(self.context.sql(sql));
        let frame = frame.map_err(|error| EngineError::planning(what, &error))?;
        let stream = self.runtime.block_on(frame.execute_stream());
        stream.map_err(|error| EngineError::running(what, &error))
    }
}

/// The rows of an answer, batch by batch.
pub struct Answer {
    what: String,
    receiver:
        mpsc::Receiver<Result<datafusion::arrow::array::RecordBatch, datafusion::error::DataFusionError>>,
    // Kept so that the stream goes on while the answer is read.
    _runtime: Arc<Runtime>,
}

impl Iterator for Answer {
    type Item = Result<Batch, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.receiver.blocking_recv()?;
        Some(match batch {
            Ok(batch) => Batch::new(&self.what, &batch),
            Err(error) => Err(EngineError::running(&self.what, &error)),
        })
    }
}

/// Makes a folder that only its owner can enter.
fn private_folder(path: &Path) -> Result<(), EngineError> {
    fs_err::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
