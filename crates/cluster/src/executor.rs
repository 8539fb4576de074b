//! An executor: asks the scheduler for tasks, runs them, and hands their rows to whoever may have them.
//!
//! Rows lie in its folder between two stages of a plan, and until the answer was read. It listens for one thing, to
//! hand these rows out: to other executors, and to whoever asked.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arrow_flight::flight_service_server::FlightServiceServer;
use ballista_core::RuntimeProducer;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::error::BallistaError;
use ballista_core::extension::SessionConfigExt;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_core::utils::create_grpc_server;
use ballista_executor::ArrowFlightServerProvider;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_executor::flight_service::BallistaFlightService;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::SessionConfig;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::server::TcpIncoming;

use crate::ending::{told_to_end, until_told};
use crate::error::ClusterError;
use crate::folder::Folder;
use crate::listening::{Address, listen};
use crate::session::greet;
use crate::storage::Storage;
use crate::trust::{Authority, Certificate, Token, calling};
use crate::{FUNCTIONS, LARGEST_MESSAGE, LONGEST_DEADLINE};

/// Seconds between two looks for shuffle files that nobody wants any more.
const CLEANING: u64 = 30;

/// How long an executor waits for its scheduler to come up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Between two times that it asks whether its scheduler would still let it in.
const AGAIN: Duration = Duration::from_secs(15);

/// The place where it listens, until the engine begins to serve there.
type Door = Arc<Mutex<Option<TcpListener>>>;

/// What an executor needs.
pub struct ExecutorOptions {
    /// Where its scheduler is.
    pub scheduler: Address,
    /// IP address to listen on.
    pub bind: IpAddr,
    /// Port; 0 for any that is free.
    pub port: u16,
    /// Name or number under which others reach it; that on which it listens when left out.
    pub host: Option<String>,
    /// Folder in which it makes one of its own for rows.
    pub work: PathBuf,
    /// Tasks at a time.
    pub threads: usize,
    /// Bytes that its tasks together may hold before they spill.
    pub memory_bytes: u64,
    /// What everybody must show.
    pub token: Token,
    /// For TLS, when others call.
    pub certificate: Option<Certificate>,
    /// Whom to believe, when it calls others.
    pub authority: Option<Authority>,
    /// Listens beyond this machine without TLS.
    pub insecure: bool,
    /// Where tables are lent to it; none where it sees the folders of whoever asks.
    pub storage: Option<Storage>,
}

/// Runs an executor until it is told to end (ctrl-c, SIGTERM); its folder is then gone. `ready` hears where it listens,
/// once the scheduler has taken its token.
///
/// Errors: it may not or cannot listen there, others could not reach it there, the scheduler does not answer or refuses
/// it (also later: one may be started anew with another token), its storage or its folder cannot be used, somebody removes the
/// folder, or it ends without being told to.
pub fn executor(options: &ExecutorOptions, ready: impl FnOnce(SocketAddr)) -> Result<(), ClusterError> {
    if options.bind.is_unspecified() && options.host.is_none() {
        return Err(ClusterError::Nowhere(options.bind));
    }
    let runtime = runtime(None)?;
    let (listener, address) = runtime.block_on(async {
        let certificate = options.certificate.as_ref();
        let heard = listen(options.bind, options.port, certificate, options.insecure).await?;
        let authority = options.authority.as_ref();
        greet(
            &options.scheduler,
            &options.token,
            authority,
            options.insecure,
            PATIENCE,
        )
        .await?;
        if let Some(storage) = &options.storage {
            storage.greet().await?;
        }
        Ok::<_, ClusterError>(heard)
    })?;
    let folder = Folder::make(&options.work)?;
    ready(address);
    let door: Door = Arc::new(Mutex::new(Some(listener)));
    let config = settings(options, Arc::clone(&door), address, folder.path());
    let lost = async {
        tokio::select! {
            error = folder.lost() => error,
            error = turned_away(options) => error,
        }
    };
    let ended = runtime.block_on(until_told(
        start_executor_process(Arc::new(config)),
        told_to_end(),
        lost,
        || opened(&door).is_none(),
    ));
    runtime.shutdown_background();
    let removed = folder.remove();
    // Why it ended is told first: that its folder cannot be removed may come of the same.
    ended.and(removed)
}

/// Comes when the scheduler that is there by now would not let this executor in: the engine would ask it for work for ever, and
/// say nothing. One that does not answer may come back.
async fn turned_away(options: &ExecutorOptions) -> ClusterError {
    loop {
        tokio::time::sleep(AGAIN).await;
        let authority = options.authority.as_ref();
        let asked = greet(
            &options.scheduler,
            &options.token,
            authority,
            options.insecure,
            AGAIN,
        );
        if let Err(
            error @ (ClusterError::Refused(_) | ClusterError::Version(_) | ClusterError::Doubted { .. }),
        ) = asked.await
        {
            return error;
        }
    }
}

fn opened(door: &Door) -> MutexGuard<'_, Option<TcpListener>> {
    door.lock().unwrap_or_else(PoisonError::into_inner)
}

fn settings(
    options: &ExecutorOptions,
    door: Door,
    address: SocketAddr,
    folder: String,
) -> ExecutorProcessConfig {
    let calling = calling(&options.token, options.authority.as_ref(), options.insecure);
    let (endpoint, tls) = (Arc::clone(&calling), options.authority.is_some());
    let config = move || -> SessionConfig {
        SessionConfig::new_with_ballista()
            .with_ballista_override_create_grpc_client_endpoint(Arc::clone(&endpoint))
            .with_ballista_use_tls(tls)
    };
    ExecutorProcessConfig {
        bind_host: host(address.ip()),
        external_host: Some(options.host.clone().unwrap_or_else(|| host(address.ip()))),
        port: address.port(),
        // Nothing listens for tasks: see the scheduler's policy.
        grpc_port: address.port(),
        scheduler_host: options.scheduler.host.clone(),
        scheduler_port: options.scheduler.port,
        vcores: options.threads.max(1),
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        override_runtime_producer: Some(environment(folder.clone(), options.storage.clone())),
        work_dir: Some(folder),
        job_data_ttl_seconds: LONGEST_DEADLINE,
        job_data_clean_up_interval_seconds: CLEANING,
        executor_heartbeat_interval_seconds: 3,
        memory_pool_size: Some(options.memory_bytes),
        grpc_max_decoding_message_size: LARGEST_MESSAGE,
        grpc_max_encoding_message_size: LARGEST_MESSAGE,
        override_function_registry: Some(Arc::new(registry())),
        override_config_producer: Some(Arc::new(config)),
        override_create_grpc_client_endpoint: Some(calling),
        override_arrow_flight_service: Some(handing_out(options, door)),
        ..ExecutorProcessConfig::default()
    }
}

/// The number of a machine as addresses write it before a port.
fn host(number: IpAddr) -> String {
    match number {
        IpAddr::V4(number) => number.to_string(),
        IpAddr::V6(number) => format!("[{number}]"),
    }
}

/// Where tasks spill, and the tables that are lent. The memory that they may hold is added below.
fn environment(folder: String, storage: Option<Storage>) -> RuntimeProducer {
    Arc::new(move |_config| {
        let environment = RuntimeEnvBuilder::new().with_temp_file_path(&folder).build()?;
        if let Some(storage) = &storage {
            storage.known_to(&environment);
        }
        Ok(Arc::new(environment))
    })
}

/// All functions that a task may name, ours among them.
fn registry() -> BallistaFunctionRegistry {
    let mut registry = BallistaFunctionRegistry::default();
    for function in engine::functions(FUNCTIONS) {
        let name = function.name().to_owned();
        registry.scalar_functions.insert(name, Arc::new(function));
    }
    registry
}

/// The service that hands rows out, to whoever shows the token.
fn handing_out(options: &ExecutorOptions, door: Door) -> Arc<ArrowFlightServerProvider> {
    let (token, certificate) = (options.token.clone(), options.certificate.clone());
    Arc::new(move |folder, _address, mut over, limits| {
        // It is asked for once, and takes the place where it listens.
        let listener = opened(&door).take();
        let (token, certificate) = (token.clone(), certificate.clone());
        tokio::spawn(async move {
            let Some(listener) = listener else {
                return Err(BallistaError::General("asked for twice".to_owned()));
            };
            let largest = LARGEST_MESSAGE as usize;
            let service = FlightServiceServer::new(BallistaFlightService::new(folder))
                .max_decoding_message_size(largest)
                .max_encoding_message_size(largest);
            let service = InterceptedService::new(service, move |request| token.check(request));
            let mut server = create_grpc_server(&limits);
            if let Some(certificate) = certificate {
                server = server
                    .tls_config(certificate.settings())
                    .map_err(BallistaError::TonicError)?;
            }
            let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
            server
                .add_service(service)
                .serve_with_incoming_shutdown(incoming, over.recv())
                .await
                .map_err(BallistaError::TonicError)?;
            // The engine would take this for a good end and go on, with rows that nobody can fetch.
            if over.is_shutdown() {
                Ok(())
            } else {
                Err(BallistaError::General("ended by itself".to_owned()))
            }
        })
    })
}

/// What everything here runs on.
pub(crate) fn runtime(threads: Option<usize>) -> Result<Runtime, ClusterError> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = threads {
        builder.worker_threads(threads.max(1));
    }
    Ok(builder.enable_all().build()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use arrow_flight::Ticket;
    use arrow_flight::flight_service_client::FlightServiceClient;
    use ballista_core::utils::GrpcServerConfig;
    use ballista_executor::shutdown::ShutdownNotifier;
    use tonic::Code;
    use tonic::transport::Endpoint;

    use super::*;

    fn token(folder: &std::path::Path, text: &str) -> Token {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.join("token");
        fs_err::write(&path, text).unwrap();
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        Token::read(&path).unwrap()
    }

    /// Whoever asks an executor for rows must show the token; with it, it is told that there is no such thing.
    #[cfg(unix)]
    #[tokio::test]
    async fn rows_are_handed_to_the_token_only() {
        let folder = tempfile::tempdir().unwrap();
        let ours = token(folder.path(), "the token of this cluster");
        let theirs = token(folder.path(), "the token of another one");
        let loopback = IpAddr::from([127, 0, 0, 1]);
        let (listener, address) = listen(loopback, 0, None, false).await.unwrap();
        let options = ExecutorOptions {
            scheduler: "127.0.0.1:1".parse().unwrap(),
            bind: loopback,
            port: 0,
            host: None,
            work: folder.path().to_owned(),
            threads: 1,
            memory_bytes: 64 << 20,
            token: ours.clone(),
            certificate: None,
            authority: None,
            insecure: false,
            storage: None,
        };
        let notifier = ShutdownNotifier::new();
        let work = folder.path().to_str().unwrap().to_owned();
        let over = notifier.subscribe_for_shutdown();
        let door = Arc::new(Mutex::new(Some(listener)));
        let serving = handing_out(&options, door)(work, address, over, GrpcServerConfig::default());
        let ask = async |endpoint: Endpoint| {
            let mut client = FlightServiceClient::new(endpoint.connect().await.unwrap());
            let ticket = Ticket { ticket: "x".into() };
            client.do_get(ticket).await.unwrap_err().code()
        };
        let place = Endpoint::from_shared(format!("http://{address}")).unwrap();
        assert_eq!(ask(place.clone()).await, Code::Unauthenticated);
        let strange = calling(&theirs, None, false)(place.clone()).unwrap();
        assert_eq!(ask(strange).await, Code::Unauthenticated);
        let known = calling(&ours, None, false)(place).unwrap();
        assert_ne!(ask(known).await, Code::Unauthenticated);
        notifier.notify_shutdown.send(()).unwrap();
        serving.await.unwrap().unwrap();
    }
}
