//! A session whose plans run on a cluster.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use ballista::prelude::SessionContextExt;
use ballista_core::execution_plans::DistributedQueryExec;
use ballista_core::extension::{EndpointOverrideFn, SessionConfigExt};
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::serde::protobuf::{CancelJobParams, GetJobStatusParams};
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion_proto::protobuf::LogicalPlanNode;
use engine::{GiveUp, Lend, Remote, Session};
use tokio::time::Instant;
use tonic::Code;
use tonic::transport::Endpoint;

use crate::LARGEST_MESSAGE;
use crate::error::ClusterError;
use crate::executor::runtime;
use crate::listening::Address;
use crate::storage::{Lent, Storage};
use crate::trust::{Authority, Token, calling, doubt};

/// Parts into which a plan is cut, so that some executors have some tasks each.
const PARTS: usize = 16;

/// How long whoever asks waits for the scheduler to answer at all.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two attempts to reach a scheduler that is not up yet.
const PAUSE: Duration = Duration::from_millis(250);

/// How a cluster is asked.
pub struct Call {
    /// Where its scheduler is.
    pub scheduler: Address,
    /// What it must be shown.
    pub token: Token,
    /// Whom to believe, where it uses TLS.
    pub authority: Option<Authority>,
    /// Whether to call beyond this machine without TLS, so that others on the network can read rows and the token.
    pub insecure: bool,
    /// How long each question may take, its answer included.
    pub deadline: Duration,
    /// Where tables are lent to it; none where its machines see this one's folders.
    pub storage: Option<Storage>,
}

/// Whether a cluster can be asked, so that a long run need not find out in its middle.
///
/// Errors: no scheduler answers, or something else does, its certificate is not believed, or it refuses the token or the
/// version; or the storage cannot be used.
pub fn reach(call: &Call) -> Result<(), ClusterError> {
    runtime(Some(1))?.block_on(async {
        let authority = call.authority.as_ref();
        greet(&call.scheduler, &call.token, authority, call.insecure, PATIENCE).await?;
        match &call.storage {
            Some(storage) => storage.greet().await,
            None => Ok(()),
        }
    })
}

/// A session on a cluster. Tables are opened by the scheduler and the executors under the same absolute path as here, or
/// in the storage to which they are lent until the session is dropped. `memory_bytes` are for whoever works beside the
/// session in this process.
///
/// Errors: as when a cluster is [reached](reach).
pub fn session(call: &Call, memory_bytes: u64) -> Result<Session, ClusterError> {
    let runtime = Arc::new(runtime(Some(2))?);
    let calling = calling(&call.token, call.authority.as_ref(), call.insecure);
    runtime.block_on(greet(
        &call.scheduler,
        &call.token,
        call.authority.as_ref(),
        call.insecure,
        PATIENCE,
    ))?;
    let context = runtime
        .block_on(context(call, Arc::clone(&calling)))
        .map_err(|_| ClusterError::Unreachable(call.scheduler.to_string()))?;
    let lend = match &call.storage {
        None => None,
        Some(storage) => {
            storage.known_in(&context);
            Some(lending(Lent::nothing_yet(
                storage.clone(),
                &call.token,
                Arc::clone(&runtime),
            )?))
        }
    };
    Ok(Session::over(Remote {
        context,
        runtime,
        memory_bytes,
        deadline: call.deadline,
        give_up: giving_up(&call.scheduler, calling),
        lend,
    }))
}

fn lending(lent: Lent) -> Lend {
    Arc::new(move |table| lent.lend(table).map_err(|trouble| trouble.to_string()))
}

/// Tells the scheduler that nobody waits for a plan any more; whether it heard is not known.
fn giving_up(scheduler: &Address, calling: EndpointOverrideFn) -> GiveUp {
    let place = format!("http://{scheduler}");
    Arc::new(move |plan| {
        let query = plan.downcast_ref::<DistributedQueryExec<LogicalPlanNode>>();
        let job = query.and_then(DistributedQueryExec::job_id);
        let (place, calling) = (place.clone(), Arc::clone(&calling));
        let tell = async move {
            let job = CancelJobParams { job_id: job?.into() };
            let endpoint = calling(Endpoint::from_shared(place).ok()?).ok()?;
            let channel = endpoint.connect().await.ok()?;
            SchedulerGrpcClient::new(channel).cancel_job(job).await.ok()
        };
        Box::pin(async {
            let _ = tokio::time::timeout(PATIENCE, tell).await;
        })
    })
}

async fn context(call: &Call, calling: EndpointOverrideFn) -> datafusion::common::Result<SessionContext> {
    // The adaptive planner loses count of its stages when an executor dies, and then never ends.
    let config = Session::settings(SessionConfig::new_with_ballista(), PARTS)
        .with_ballista_adaptive_query_planner(false)
        .with_ballista_override_create_grpc_client_endpoint(calling)
        .with_ballista_use_tls(call.authority.is_some())
        .with_ballista_grpc_client_max_message_size(LARGEST_MESSAGE as usize);
    let state = SessionStateBuilder::new()
        .with_default_features()
        .with_config(config)
        .build();
    SessionContext::remote_with_state(&format!("df://{}", call.scheduler), state).await
}

/// Calls the scheduler once, so that a wrong address, certificate, token or version is told in its own words. A scheduler
/// that does not answer is tried until patience ends.
pub(crate) async fn greet(
    scheduler: &Address,
    token: &Token,
    authority: Option<&Authority>,
    insecure: bool,
    patience: Duration,
) -> Result<(), ClusterError> {
    // The token goes with the first word, whoever listens: so it is asked before anything is sent.
    if authority.is_none() && !insecure && !scheduler.is_home() {
        return Err(ClusterError::Clear(scheduler.to_string()));
    }
    let wrong = |_| ClusterError::Certificate {
        what: "the authority's certificate",
    };
    let endpoint = Endpoint::from_shared(format!("http://{scheduler}"))
        .map_err(|_| ClusterError::Address(scheduler.to_string()))?;
    let endpoint = calling(token, authority, insecure)(endpoint).map_err(wrong)?;
    let until = Instant::now() + patience;
    loop {
        let answer = tokio::time::timeout_at(until, ask(&endpoint)).await;
        match answer {
            Ok(Answer::Said(Code::Unauthenticated)) => {
                return Err(ClusterError::Refused(scheduler.to_string()));
            }
            Ok(Answer::Said(Code::FailedPrecondition)) => {
                return Err(ClusterError::Version(scheduler.to_string()));
            }
            // It was let in: that it knows of no such work is the answer that was to be had.
            Ok(Answer::Said(Code::Ok)) => return Ok(()),
            // Any other server that speaks the same protocol, such as an executor, knows no such call.
            Ok(Answer::Said(_)) => return Err(ClusterError::NoScheduler(scheduler.to_string())),
            // No patience mends a certificate.
            Ok(Answer::Doubted(why)) => {
                let scheduler = scheduler.to_string();
                return Err(ClusterError::Doubted { scheduler, why });
            }
            Ok(Answer::Silence) if Instant::now() + PAUSE < until => tokio::time::sleep(PAUSE).await,
            Ok(Answer::Silence) | Err(_) => return Err(ClusterError::Unreachable(scheduler.to_string())),
        }
    }
}

/// What comes of a call.
enum Answer {
    /// Whoever listens there said something.
    Said(Code),
    /// Somebody showed a certificate that is not believed, and why.
    Doubted(&'static str),
    /// It cannot be reached.
    Silence,
}

/// What the scheduler says when it is asked of work that nobody gave it.
async fn ask(endpoint: &Endpoint) -> Answer {
    let channel = match endpoint.connect().await {
        Ok(channel) => channel,
        Err(error) => return doubt(&error).map_or(Answer::Silence, Answer::Doubted),
    };
    let nothing = GetJobStatusParams {
        job_id: "none".to_owned(),
    };
    match SchedulerGrpcClient::new(channel).get_job_status(nothing).await {
        Ok(_) => Answer::Said(Code::Ok),
        // A failure with a source arose on the way: the scheduler said nothing. So it is when one side alone uses TLS.
        Err(status) if status.code() == Code::Unavailable || status.source().is_some() => Answer::Silence,
        Err(status) => Answer::Said(status.code()),
    }
}
