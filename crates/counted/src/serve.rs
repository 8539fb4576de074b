//! Shows a finished site on this machine only.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use tower_http::services::ServeDir;

use crate::exit::Failure;
use crate::tell;

/// Serves a folder on the loopback address until the program is stopped.
pub(crate) fn site(folder: &Path, port: u16) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let pages = axum::Router::new().fallback_service(ServeDir::new(folder));
        let listener = listen(port).await?;
        tell::line(&format!(
            "The pages: http://{}/  (Ctrl+C stops)",
            listener.local_addr()?
        ));
        let stopped = async {
            // Without a signal to wait for, the pages are served until the program is killed.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        axum::serve(listener, pages)
            .with_graceful_shutdown(stopped)
            .await?;
        Ok(())
    })
}

/// Listens on the port, or on any free one where it is taken.
async fn listen(port: u16) -> Result<tokio::net::TcpListener, std::io::Error> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    match tokio::net::TcpListener::bind(at(port)).await {
        Ok(listener) => Ok(listener),
        Err(_) => tokio::net::TcpListener::bind(at(0)).await,
    }
}
