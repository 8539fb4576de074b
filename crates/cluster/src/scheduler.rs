//! The scheduler: takes plans, cuts them into tasks, and hands tasks to executors that ask for some.
//!
//! It holds no row. What it knows of plans is in its memory alone: when it ends, whoever asked is told, and asks again.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ballista_core::JobId;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::serde::protobuf::scheduler_grpc_server::SchedulerGrpcServer;
use ballista_core::utils::default_session_builder;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::create_scheduler;
use ballista_scheduler::scheduler_server::SchedulerServer;
use datafusion::execution::SessionState;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tokio::time::Instant;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::ending::told_to_end;
use crate::error::ClusterError;
use crate::executor::runtime;
use crate::listening::listen;
use crate::seen::Seen;
use crate::storage::Storage;
use crate::trust::{Certificate, Token};
use crate::{EXECUTOR_TIMEOUT, FUNCTIONS, LARGEST_MESSAGE};

/// Seconds after which the parts of an answer may be removed from the executors. Whoever asked reads them at once.
const FINISHED: u64 = 900;

/// Between two looks whether plans wait for executors that are not there.
const LOOK: Duration = Duration::from_secs(2);

/// What a scheduler needs.
pub struct SchedulerOptions {
    /// IP address to listen on.
    pub bind: IpAddr,
    /// Port; 0 for any that is free.
    pub port: u16,
    /// What everybody must show.
    pub token: Token,
    /// For TLS.
    pub certificate: Option<Certificate>,
    /// Listens beyond this machine without TLS.
    pub insecure: bool,
    /// Where tables are lent to it; none where it sees the folders of whoever asks.
    pub storage: Option<Storage>,
}

/// Runs a scheduler until it is told to end (ctrl-c, SIGTERM). `ready` hears where it listens, once it does.
///
/// Errors: it may not or cannot listen there, cannot use its storage, or stops by itself.
pub fn scheduler(options: &SchedulerOptions, ready: impl FnOnce(SocketAddr)) -> Result<(), ClusterError> {
    let runtime = runtime(None)?;
    let ended = runtime.block_on(async {
        tokio::select! {
            // It serves until it is told to end: to end by itself is a failure, however well that went.
            ended = serve(options, ready) => Err(ended.err().unwrap_or(ClusterError::Stopped("scheduler"))),
            () = told_to_end() => Ok(()),
        }
    });
    runtime.shutdown_background();
    ended
}

async fn serve(options: &SchedulerOptions, ready: impl FnOnce(SocketAddr)) -> Result<(), ClusterError> {
    let stopped = |_| ClusterError::Stopped("scheduler");
    let certificate = options.certificate.as_ref();
    let (listener, address) = listen(options.bind, options.port, certificate, options.insecure).await?;
    if let Some(storage) = &options.storage {
        storage.greet().await?;
    }
    let config = Arc::new(settings(address, options.storage.clone()));
    let cluster = BallistaCluster::new_from_config(&config)
        .await
        .map_err(|_| ClusterError::Stopped("scheduler"))?;
    let scheduler = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, config)
        .await
        .map_err(|_| ClusterError::Stopped("scheduler"))?;
    tokio::spawn(forsaken(scheduler.clone()));
    let largest = LARGEST_MESSAGE as usize;
    let service = SchedulerGrpcServer::new(scheduler)
        .max_encoding_message_size(largest)
        .max_decoding_message_size(largest);
    let token = options.token.clone();
    let service = InterceptedService::new(service, move |request| token.check(request));
    let mut server = match certificate {
        Some(certificate) => certificate.server()?,
        None => Server::builder(),
    };
    ready(address);
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    server
        .add_service(service)
        .serve_with_incoming(incoming)
        .await
        .map_err(stopped)
}

/// Gives up the plans that wait while no executor is there. The engine does so only where it lost one that it had: it would wait
/// for the first one until whoever asks gives up.
async fn forsaken(engine: SchedulerServer<LogicalPlanNode, PhysicalPlanNode>) {
    let mut waiting: BTreeMap<JobId, Instant> = BTreeMap::new();
    loop {
        tokio::time::sleep(LOOK).await;
        let plans = engine.state.task_manager.get_running_job_cache();
        if engine.is_ready() {
            waiting.clear();
            continue;
        }
        waiting.retain(|plan, _| plans.contains_key(plan));
        for plan in plans.keys() {
            let since = *waiting.entry(plan.clone()).or_insert_with(Instant::now);
            if since.elapsed().as_secs() >= EXECUTOR_TIMEOUT {
                // It fails only where the engine ends.
                let _ = engine.cancel_job(plan.clone()).await;
            }
        }
    }
}

fn settings(address: SocketAddr, storage: Option<Storage>) -> SchedulerConfig {
    SchedulerConfig {
        external_host: address.ip().to_string(),
        bind_host: address.ip().to_string(),
        bind_port: address.port(),
        // Executors ask for work: so nothing must listen on them for it.
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: EXECUTOR_TIMEOUT,
        expire_dead_executor_interval_seconds: 2,
        no_executors_grace_period_seconds: EXECUTOR_TIMEOUT,
        // "Ready" is a scheduler with an executor that is alive: see `forsaken`.
        min_ready_executors: 1,
        finished_job_data_clean_up_interval_seconds: FINISHED,
        finished_job_state_clean_up_interval_seconds: FINISHED,
        grpc_server_max_decoding_message_size: LARGEST_MESSAGE,
        grpc_server_max_encoding_message_size: LARGEST_MESSAGE,
        grpc_client_max_message_size: LARGEST_MESSAGE,
        override_session_builder: Some(Arc::new(move |config| state(config, storage.as_ref()))),
        // The scheduler would tell executors to stop what was given up, at a port where nothing listens for it.
        override_create_grpc_client_endpoint: Some(Arc::new(|_| Err("executors are not called".into()))),
        ..SchedulerConfig::default()
    }
}

/// The state in which a plan is planned: with our functions, the files that are seen, and the tables that are lent.
fn state(config: SessionConfig, storage: Option<&Storage>) -> datafusion::common::Result<SessionState> {
    let context = SessionContext::new_with_state(default_session_builder(config)?);
    Seen::known_in(&context);
    if let Some(storage) = storage {
        storage.known_in(&context);
    }
    for function in engine::functions(FUNCTIONS) {
        context.register_udf(function);
    }
    Ok(context.state())
}
