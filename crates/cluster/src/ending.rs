//! The end of a process of a cluster: it is well only where somebody asked for it.

use std::pin::pin;

use ballista_core::error::BallistaError;

use crate::error::ClusterError;

/// Waits for ctrl-c or SIGTERM.
pub(crate) async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Runs the engine's executor until it is told to end. The engine calls every end a good one: also that of a server
/// which stopped by itself.
///
/// `lost` comes when it cannot go on; `serves` says whether the engine serves already, from which moment on it hears for
/// itself that it is told to end.
pub(crate) async fn until_told(
    engine: impl Future<Output = Result<(), BallistaError>>,
    told: impl Future<Output = ()>,
    lost: impl Future<Output = ClusterError>,
    serves: impl Fn() -> bool,
) -> Result<(), ClusterError> {
    let mut engine = pin!(engine);
    tokio::select! {
        // First who asks: the engine ends soon after, and that is no end by itself.
        biased;
        () = told => {}
        error = lost => return Err(error),
        _ = &mut engine => return Err(ClusterError::Stopped("executor")),
    }
    if !serves() {
        return Ok(());
    }
    // It tells the scheduler, and ends what it has begun.
    engine.await.map_err(|_| ClusterError::Stopped("executor"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::future::{pending, ready};
    use std::path::PathBuf;

    use super::*;

    #[tokio::test]
    async fn an_end_that_nobody_asked_for_is_a_failure() {
        let broken = || BallistaError::General("quoted".to_owned());
        for ended in [Ok(()), Err(broken())] {
            let stopped = until_told(ready(ended), pending(), pending(), || true).await;
            let stopped = stopped.unwrap_err();
            assert!(!stopped.is_call() && !stopped.is_refusal(), "{stopped}");
            let said = stopped.to_string();
            assert!(
                said.contains("without being told") && !said.contains("quoted"),
                "{said}"
            );
        }
        let lost = || ready(ClusterError::Lost(PathBuf::from("a folder")));
        let lost = until_told(pending(), pending(), lost(), || true)
            .await
            .unwrap_err();
        assert!(matches!(lost, ClusterError::Lost(_)), "{lost}");
    }

    #[tokio::test]
    async fn an_end_that_was_asked_for_is_waited_for() {
        let mut drained = false;
        let engine = async {
            tokio::task::yield_now().await;
            drained = true;
            Ok(())
        };
        until_told(engine, ready(()), pending(), || true).await.unwrap();
        assert!(drained);
        // Before it serves, the engine would never hear of it.
        until_told(pending(), ready(()), pending(), || false)
            .await
            .unwrap();
    }
}
