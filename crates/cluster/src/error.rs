//! What can go wrong with a cluster, in words.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// Why a cluster could not be started, joined or asked.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The address is none.
    #[error("`{0}` is not the address of a scheduler; write HOST:PORT or df://HOST:PORT")]
    Address(String),
    /// The token cannot be one.
    #[error("the token in {path} cannot be used: {why}", path = path.display())]
    Token {
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what to do.
        why: &'static str,
    },
    /// A file that the call names cannot be read.
    #[error("{0}; give a file that is there and that you may read")]
    Given(std::io::Error),
    /// A file does not hold what a connection with TLS needs.
    #[error("{path} cannot be used: {why}", path = path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what to do.
        why: &'static str,
    },
    /// A certificate, its key or an authority does not read as one.
    #[error("{what} cannot be used: it is not a file in PEM form that goes with the others")]
    Certificate {
        /// Which file.
        what: &'static str,
    },
    /// An executor cannot put rows down where it is told to.
    #[error("the folder for rows {path} cannot be used: {why}", path = path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it and what to do.
        why: &'static str,
    },
    /// Somebody removed the folder of an executor that works.
    #[error(
        "the folder for rows {path} was removed while the executor used it; start it again, with a `--work` that nobody clears",
        path = .0.display()
    )]
    Lost(PathBuf),
    /// The file about a storage cannot be one.
    #[error("the storage in {path} cannot be used: {why}", path = path.display())]
    StorageFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what to do.
        why: String,
    },
    /// Rows of people would go over a network in clear.
    #[error(
        "refused to use the storage at {0} without TLS: whoever is on the network could read rows of people; give an `endpoint` with https and an `authority`, or accept it with `insecure = true`"
    )]
    StorageOpen(String),
    /// The storage does not do what it is asked.
    #[error(
        "{why}: {endpoint}; see that it runs, that its `authority` is the one of its certificate, and that the bucket and the keys are right"
    )]
    Storage {
        /// Where it is.
        endpoint: String,
        /// What it did.
        why: String,
    },
    /// It would listen to everybody in clear.
    #[error(
        "refused to listen on {0} without TLS: whoever is on the network could read rows of people and the token; give `--certificate` and `--key`, or listen on 127.0.0.1, or accept it with `--insecure`"
    )]
    Open(SocketAddr),
    /// It would show the token to everybody on the way.
    #[error(
        "refused to call {0} without TLS: whoever is on the network could read rows of people and the token; give the certificate of the cluster's authority (`--cluster-authority`; of an executor `--authority`), or accept it with `--cluster-insecure` (of an executor `--insecure`)"
    )]
    Clear(String),
    /// It would tell others to reach it nowhere.
    #[error(
        "others cannot reach an executor at {0}; say with `--host` where they can, or listen on one number"
    )]
    Nowhere(IpAddr),
    /// It cannot listen there.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The other side does not take the token.
    #[error("the scheduler at {0} refused the token; it is not the one that the cluster was started with")]
    Refused(String),
    /// The other side is another version, or another build of it.
    #[error(
        "the scheduler at {0} is of another version or build than this program; a cluster is of one build: start its scheduler and \
         its executors anew with this program"
    )]
    Version(String),
    /// The other side is not who it must be.
    #[error("the scheduler at {scheduler} showed a certificate that is not believed: {why}")]
    Doubted {
        /// Where it is.
        scheduler: String,
        /// What is wrong with the certificate and what to do.
        why: &'static str,
    },
    /// Nobody answers.
    #[error(
        "no scheduler answers at {0}; see that it runs, that the address is right, and that both sides use TLS or neither does"
    )]
    Unreachable(String),
    /// Somebody answers who is no scheduler.
    #[error(
        "something else than a scheduler listens at {0}; a scheduler's port is 50050, unless it was told another"
    )]
    NoScheduler(String),
    /// It ended by itself.
    #[error(
        "the {0} ended without being told to; see whether this machine lacks memory, disk or open files, and start it again"
    )]
    Stopped(&'static str),
    /// The engine did not start.
    #[error(transparent)]
    Engine(#[from] engine::EngineError),
    /// A file could not be read or written.
    #[error("{0}")]
    File(#[from] std::io::Error),
}

impl ClusterError {
    /// True when the call or one of its files is at fault.
    pub fn is_call(&self) -> bool {
        matches!(
            self,
            Self::Address(_)
                | Self::Nowhere(_)
                | Self::Token { .. }
                | Self::Given(_)
                | Self::Pem { .. }
                | Self::Certificate { .. }
                | Self::Folder { .. }
                | Self::StorageFile { .. }
                | Self::Listen { .. }
        )
    }

    /// True when it was refused for safety.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Open(_) | Self::Clear(_) | Self::StorageOpen(_) | Self::Refused(_)
        )
    }
}
