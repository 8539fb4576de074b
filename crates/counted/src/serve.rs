//! Shows a finished site on this machine only.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use tower_http::services::{ServeDir, ServeFile};

use crate::exit::Failure;
use crate::tell;

/// What is shown for an address at which there is no page.
const MISSING: &str = "404.html";

/// Serves a folder on the loopback address until the program is stopped.
pub(crate) fn site(folder: &Path, port: u16) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let pages = pages(folder);
        let listener = listen(port).await?;
        tell::note(&format!(
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

/// The files of a folder; its own page, and that nothing is there, for every other address.
fn pages(folder: &Path) -> axum::Router {
    let missing = ServeFile::new(folder.join(MISSING));
    axum::Router::new().fallback_service(ServeDir::new(folder).not_found_service(missing))
}

/// Listens on the port, or on any free one where it is taken.
async fn listen(port: u16) -> Result<tokio::net::TcpListener, std::io::Error> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    match tokio::net::TcpListener::bind(at(port)).await {
        Ok(listener) => Ok(listener),
        Err(_) => tokio::net::TcpListener::bind(at(0)).await,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Read, Write};

    use super::*;

    /// What is answered when a path is asked for.
    fn answer(folder: &Path, path: &str) -> String {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(listen(0)).unwrap();
        let mut stream = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let pages = pages(folder);
        runtime.spawn(async move { axum::serve(listener, pages).await });
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_wrong_address_is_answered_with_the_page_for_it_at_any_depth() {
        let folder = tempfile::tempdir().unwrap();
        fs_err::write(folder.path().join("index.html"), "the count").unwrap();
        fs_err::write(folder.path().join(MISSING), "no page here").unwrap();
        for (path, status, words) in [
            ("/index.html", "200 OK", "the count"),
            ("/", "200 OK", "the count"),
            ("/nothing.html", "404 Not Found", "no page here"),
            ("/deep/er/nothing", "404 Not Found", "no page here"),
        ] {
            let text = answer(folder.path(), path);
            assert!(
                text.starts_with(&format!("HTTP/1.1 {status}\r\n")),
                "{path}: {text}"
            );
            assert!(text.ends_with(words), "{path}: {text}");
        }
    }
}
