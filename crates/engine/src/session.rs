//! A session of the engine: tables by name, questions in SQL, answers as streams.
//!
//! It stands on the engine of this process, or on a context whose plans run elsewhere; whoever asks does not know which.
//! What runs elsewhere may never answer, so there every question has a deadline.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::JoinType;
use datafusion::common::tree_node::TreeNode;
use datafusion::datasource::listing::{ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::DataFusionError;
use datafusion::execution::TaskContext;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::options::ReadOptions;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{LogicalPlan, ScalarUDF};
use datafusion::physical_plan::{
    ExecutionPlan, SendableRecordBatchStream, execute_stream, execute_stream_partitioned,
};
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use futures::StreamExt;
use futures::future::BoxFuture;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use vocabulary::table::TableSchema;

use crate::batch::Batch;
use crate::blocks::{self, BlockFunctions};
use crate::error::EngineError;
use crate::marks::{self, Markers};
use crate::memory::{Pool, Short};
use crate::place::place;
use crate::private::private_folder;
use crate::quiet;
use crate::read::parts;
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

/// An engine elsewhere.
pub struct Remote {
    /// Sends its plans there; made with [`Session::settings`].
    pub context: SessionContext,
    /// On which the answers are awaited.
    pub runtime: Arc<Runtime>,
    /// Bytes that whoever works beside the session may hold in this process.
    pub memory_bytes: u64,
    /// How long a question may take, its answer included.
    pub deadline: Duration,
    /// Tells it there that nobody waits for the answer to a plan any more.
    pub give_up: GiveUp,
    /// Brings tables to where it can read them; none when it sees this machine's folders.
    pub lend: Option<Lend>,
}

/// Brings a table (a file, or a folder of parts) to where plans that run elsewhere can read it. Gives the addresses of its
/// parts there, or why that could not be.
pub type Lend = Arc<dyn Fn(&Path) -> Result<Vec<String>, String> + Send + Sync>;

/// Gives up a plan that runs elsewhere.
pub type GiveUp = Arc<dyn Fn(&dyn ExecutionPlan) -> BoxFuture<'static, ()> + Send + Sync>;

/// The kinds of functions that plans name.
#[derive(Debug, Clone, Copy)]
pub struct Functions {
    /// Over rows.
    pub markers: &'static [Markers],
    /// Over blocks of rows.
    pub over_blocks: &'static [BlockFunctions],
}

/// All functions that a plan may name, of these kinds: registered wherever one may run.
pub fn functions(of: Functions) -> Vec<ScalarUDF> {
    let markers = of.markers.iter().copied().map(marks::function);
    let over_blocks = of.over_blocks.iter().copied().map(blocks::function);
    markers.chain(over_blocks).collect()
}

/// The engine, here or elsewhere.
pub struct Session {
    context: SessionContext,
    runtime: Arc<Runtime>,
    memory_bytes: u64,
    /// How long a question may take elsewhere, and how it is given up; none in this process.
    elsewhere: Option<(Duration, GiveUp)>,
    lend: Option<Lend>,
    /// Whether the memory of this process was too little for an answer that can be relied on.
    short: Short,
}

impl Session {
    /// Starts an engine inside this process.
    pub fn embedded(options: Options) -> Result<Self, EngineError> {
        private_folder(&options.spill)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(options.threads.max(1))
            .on_thread_start(quiet::this_thread)
            .enable_all()
            .build()?;
        let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![options.spill]));
        let short = Short::default();
        let pool = Pool::new(options.memory_bytes, short.clone());
        let environment = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(pool))
            .with_disk_manager_builder(disk)
            .build_arc()
            .map_err(|error| EngineError::running("starting the engine", &error))?;
        let config = Self::settings(SessionConfig::new(), options.threads);
        let context = SessionContext::new_with_config_rt(config, environment);
        Ok(Self {
            short,
            ..Self::on(context, Arc::new(runtime), options.memory_bytes)
        })
    }

    /// Stands on an engine elsewhere.
    pub fn over(remote: Remote) -> Self {
        Self {
            elsewhere: Some((remote.deadline, remote.give_up)),
            lend: remote.lend,
            ..Self::on(remote.context, remote.runtime, remote.memory_bytes)
        }
    }

    fn on(context: SessionContext, runtime: Arc<Runtime>, memory_bytes: u64) -> Self {
        Self {
            context,
            runtime,
            memory_bytes,
            elsewhere: None,
            lend: None,
            short: Short::default(),
        }
    }

    /// What our plans need of any context: names as written, questions pushed into the files, joins that can spill;
    /// and in how many parts a plan is cut.
    pub fn settings(config: SessionConfig, parts: usize) -> SessionConfig {
        let mut config = config.with_target_partitions(parts.max(1));
        let settings = config.options_mut();
        settings.sql_parser.enable_ident_normalization = false;
        settings.execution.parquet.pushdown_filters = true;
        // The build side of a hash join cannot spill; sorting and merging can.
        settings.optimizer.prefer_hash_join = false;
        config
    }

    /// The bytes that the engine, and whoever works beside it, may hold before they spill.
    pub fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }

    /// Gives a Parquet file, or a folder of parts, a name in SQL.
    pub fn table(&self, name: &str, path: &Path) -> Result<(), EngineError> {
        let here = place(path)?;
        let quoted = format!("\"{name}\"");
        let opened = if self.elsewhere.is_some() {
            let there = self.parts_elsewhere(name, path)?;
            self.runtime.block_on(self.name_parts(&quoted, &here, &there))
        } else {
            let options = ParquetReadOptions::default();
            let named = self
                .context
                .register_parquet(quoted.as_str(), here.as_str(), options);
            self.runtime.block_on(named)
        };
        opened.map_err(|error| EngineError::running(&format!("opening the table `{name}`"), &error))
    }

    /// The addresses of the parts of a table for plans that run elsewhere.
    fn parts_elsewhere(&self, name: &str, path: &Path) -> Result<Vec<String>, EngineError> {
        match &self.lend {
            Some(lend) => lend(path).map_err(|why| EngineError::Lent {
                table: name.to_owned(),
                why,
            }),
            None => parts(path)?.iter().map(|part| place(part)).collect(),
        }
    }

    /// Gives a table that is read elsewhere a name in SQL, part by part: a folder would be listed there, and where it is not
    /// seen it would pass for a table without rows. Its columns are read here.
    async fn name_parts(&self, quoted: &str, here: &str, there: &[String]) -> Result<(), DataFusionError> {
        let (config, of_tables) = (self.context.copied_config(), self.context.copied_table_options());
        let options = ParquetReadOptions::default().to_listing_options(&config, of_tables);
        let here = ListingTableUrl::parse(here)?;
        let columns = options.infer_schema(&self.context.state(), &here).await?;
        let there: Result<Vec<_>, _> = there.iter().map(ListingTableUrl::parse).collect();
        let table = ListingTableConfig::new_with_multi_paths(there?)
            .with_listing_options(options)
            .with_schema(columns);
        let table = ListingTable::try_new(table)?;
        self.context
            .register_table(quoted, Arc::new(table))
            .map(|_former| ())
    }

    /// Makes a kind of markers known.
    pub fn markers(&self, markers: Markers) {
        self.context.register_udf(marks::function(markers));
    }

    /// Makes a kind of functions over blocks known.
    pub fn block_function(&self, functions: BlockFunctions) {
        self.context.register_udf(blocks::function(functions));
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
        let (asked, task) = self.ask(what, sql)?;
        let here = self.runtime.enter();
        let streams = execute_stream_partitioned(Arc::clone(&asked.plan), task);
        let streams = streams.map_err(|error| asked.failed(&error))?;
        drop(here);
        let hear_all = |number: usize, mut stream: SendableRecordBatchStream| -> Result<T, E> {
            let mut state = start(number)?;
            while let Some(batch) = self.runtime.block_on(asked.next(&mut stream)) {
                hear(&mut state, &Batch::new(what, &batch?)?)?;
            }
            Ok(state)
        };
        let hear_all = &hear_all;
        let ended: Vec<_> = std::thread::scope(|scope| {
            let parts = streams.into_iter().enumerate();
            let threads: Vec<_> = parts
                .map(|(number, stream)| {
                    scope.spawn(move || {
                        quiet::this_thread();
                        hear_all(number, stream)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(std::thread::ScopedJoinHandle::join)
                .collect()
        });
        ended
            .into_iter()
            .map(|part| part.map_err(|_| crashed(what, &self.short)).map_err(E::from)?)
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
        let (asked, mut stream) = self.stream(what, sql)?;
        let (sender, receiver) = mpsc::channel(4);
        let asking = self.runtime.spawn(async move {
            while let Some(batch) = asked.next(&mut stream).await {
                let over = batch.is_err();
                if sender.send(batch).await.is_err() || over {
                    break;
                }
            }
        });
        Ok(Answer {
            what: what.to_owned(),
            receiver,
            asking: Some(asking),
            runtime: Arc::clone(&self.runtime),
            short: self.short.clone(),
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
        let (asked, mut stream) = self.stream(what, sql)?;
        let mut file = FileWriter::create(path, schema)?;
        let mut next = || {
            let next = quiet::guarded(|| self.runtime.block_on(asked.next(&mut stream)));
            next.unwrap_or_else(|| Some(Err(crashed(what, &self.short))))
        };
        while let Some(batch) = next() {
            let batch = batch?;
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

    fn stream(&self, what: &str, sql: &str) -> Result<(Asked, SendableRecordBatchStream), EngineError> {
        let (asked, task) = self.ask(what, sql)?;
        let _here = self.runtime.enter();
        let stream = execute_stream(Arc::clone(&asked.plan), task);
        let stream = stream.map_err(|error| asked.failed(&error))?;
        Ok((asked, stream))
    }

    /// Plans a question; its time runs from here.
    fn ask(&self, what: &str, sql: &str) -> Result<(Asked, Arc<TaskContext>), EngineError> {
        let frame = self.runtime.block_on(self.context.sql(sql));
        let frame = frame.map_err(|error| EngineError::planning(what, &error))?;
        if self.elsewhere.is_some() && self.may_tell_twice(frame.logical_plan()) {
            return Err(EngineError::TellsTwice {
                what: what.to_owned(),
            });
        }
        let task = Arc::new(frame.task_ctx());
        let plan = self.runtime.block_on(frame.create_physical_plan());
        let asked = Asked {
            what: what.to_owned(),
            plan: plan.map_err(|error| EngineError::running(what, &error))?,
            until: self.elsewhere.as_ref().map(|(deadline, give_up)| Until {
                deadline: *deadline,
                moment: Instant::now() + *deadline,
                give_up: Arc::clone(give_up),
            }),
            short: self.short.clone(),
        };
        Ok((asked, task))
    }

    /// Whether a join of this question may give rows twice where memory is short: one that keeps rows without a partner,
    /// and has no equality to sort by. In this process the pool notes it (see [`crate::memory`]); nobody notes it elsewhere.
    fn may_tell_twice(&self, plan: &LogicalPlan) -> bool {
        let state = self.context.state();
        // A question that cannot be made better is told of where it is planned.
        state.optimize(plan).is_ok_and(|plan| {
            plan.exists(|node| {
                Ok(matches!(node, LogicalPlan::Join(join) if join.on.is_empty() && join.join_type != JoinType::Inner))
            })
            .unwrap_or(true)
        })
    }
}

/// A question on its way.
struct Asked {
    what: String,
    plan: Arc<dyn ExecutionPlan>,
    /// None in this process.
    until: Option<Until>,
    short: Short,
}

/// When an answer from elsewhere must be whole.
struct Until {
    deadline: Duration,
    moment: Instant,
    give_up: GiveUp,
}

impl Asked {
    async fn within<F: Future>(&self, work: F) -> Result<F::Output, EngineError> {
        match &self.until {
            None => Ok(work.await),
            Some(until) => match tokio::time::timeout_at(until.moment, work).await {
                Ok(done) => Ok(done),
                Err(_) => {
                    (until.give_up)(self.plan.as_ref()).await;
                    Err(EngineError::late(&self.what, until.deadline))
                }
            },
        }
    }

    /// The next batch of an answer.
    async fn next(&self, stream: &mut SendableRecordBatchStream) -> Option<Result<RecordBatch, EngineError>> {
        let next = self.within(stream.next()).await;
        // Also at the end of an answer, and whatever the engine says of a thread that stopped over it.
        if self.short.is_noted() {
            return Some(Err(EngineError::Memory {
                what: self.what.clone(),
            }));
        }
        match next {
            Ok(batch) => batch.map(|batch| batch.map_err(|error| self.failed(&error))),
            Err(late) => Some(Err(late)),
        }
    }

    fn failed(&self, error: &DataFusionError) -> EngineError {
        if self.until.is_some() {
            EngineError::elsewhere(&self.what, error)
        } else {
            EngineError::running(&self.what, error)
        }
    }
}

/// The rows of an answer, batch by batch.
pub struct Answer {
    what: String,
    receiver: mpsc::Receiver<Result<RecordBatch, EngineError>>,
    /// Who asks; none once it is known how that ended.
    asking: Option<JoinHandle<()>>,
    // Kept so that the stream goes on while the answer is read.
    runtime: Arc<Runtime>,
    short: Short,
}

impl Iterator for Answer {
    type Item = Result<Batch, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(batch) = self.receiver.blocking_recv() {
            return Some(batch.and_then(|batch| Batch::new(&self.what, &batch)));
        }
        // An answer that breaks off must not pass for a whole one.
        let ended = self.runtime.block_on(self.asking.take()?);
        ended.err().map(|_| Err(crashed(&self.what, &self.short)))
    }
}

/// A thread of the engine stopped; why is not told, since it may hold a cell.
fn crashed(what: &str, short: &Short) -> EngineError {
    let what = what.to_owned();
    if short.is_noted() {
        return EngineError::Memory { what };
    }
    EngineError::Failed {
        what,
        code: "E-THREAD",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use vocabulary::table::{Kind, Value};

    use super::*;
    use crate::TableWriter;

    fn elsewhere() -> Session {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Session::over(Remote {
            context: SessionContext::new_with_config(Session::settings(SessionConfig::new(), 2)),
            runtime: Arc::new(runtime),
            memory_bytes: 1 << 20,
            deadline: Duration::from_secs(60),
            give_up: Arc::new(|_| Box::pin(std::future::ready(()))),
            lend: None,
        })
    }

    /// Whoever lists a folder that it does not see finds a table without rows, and nobody is told.
    #[test]
    fn plans_that_run_elsewhere_name_each_part() {
        let folder = tempfile::tempdir().unwrap();
        let schema = TableSchema::new("things", 1, &[("id", Kind::Integer)]);
        for part in ["a.parquet", "b.parquet"] {
            let mut table = TableWriter::create(&folder.path().join(part), &schema).unwrap();
            table.row(&[Value::Integer(7)]).unwrap();
            table.finish().unwrap();
        }
        let session = elsewhere();
        session.table("things", folder.path()).unwrap();
        let named = session.context.table_provider("things");
        let named = session.runtime.block_on(named).unwrap();
        let places = named.downcast_ref::<ListingTable>().unwrap().table_paths();
        let wanted = ["a.parquet", "b.parquet"].map(|part| place(&folder.path().join(part)).unwrap());
        assert!(
            places.iter().map(ListingTableUrl::as_str).eq(&wanted),
            "{places:?}"
        );
        let rows = session.query("asking", "select id from things").unwrap();
        assert_eq!(rows.map(|batch| batch.unwrap().rows()).sum::<usize>(), 2);
    }

    /// No row is told twice by executors, whose memory nobody watches.
    #[test]
    fn what_may_be_told_twice_is_not_asked_elsewhere() {
        let session = elsewhere();
        let things = "(values (1, 'a'), (2, 'b')) as";
        let told = |join: &str, on: &str| {
            let sql =
                format!("select a.id from {things} a (id, code) {join} join {things} b (id, code) on {on}");
            let answer = session.query("asking", &sql);
            answer.map(|rows| rows.map(|batch| batch.unwrap().rows()).sum::<usize>())
        };
        for join in ["left", "full", "right"] {
            let error = told(join, "a.code < b.code").unwrap_err();
            assert!(error.is_plan() && !error.is_cluster(), "{join}: {error}");
            assert!(error.to_string().contains("without `--cluster`"), "{error}");
        }
        assert_eq!(told("inner", "a.code < b.code").unwrap(), 1);
        assert_eq!(told("left", "a.id = b.id and a.code < b.code").unwrap(), 2);
    }
}
