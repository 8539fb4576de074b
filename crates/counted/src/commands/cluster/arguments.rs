//! What can be typed about clusters.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use cluster::{Address, LONGEST_DEADLINE};

/// Run a process of a cluster, for studies that are too large for one machine.
///
/// One scheduler, and executors as many as there are machines; then `counted run STUDY --cluster HOST`. All processes
/// see the study's folder under the same absolute path, or use one S3-compatible storage; they share a token in a file,
/// and are of one build.
///
/// Example: counted cluster scheduler --token cluster.token
#[derive(Args)]
pub(crate) struct ClusterArguments {
    #[command(subcommand)]
    pub(crate) process: Process,
}

#[derive(Subcommand)]
pub(crate) enum Process {
    Scheduler(SchedulerArguments),
    Executor(ExecutorArguments),
}

/// Take plans, and hand their tasks to executors.
///
/// Runs until it is told to end (ctrl-c). Holds no row of any person.
///
/// Example: counted cluster scheduler --bind 10.0.0.1 --token cluster.token --certificate m1.pem --key m1.key
#[derive(Args)]
pub(crate) struct SchedulerArguments {
    /// Port to listen on; 0 for any that is free.
    #[arg(long, default_value_t = 50_050)]
    pub(crate) port: u16,
    #[command(flatten)]
    pub(crate) serving: Serving,
}

/// Ask a scheduler for tasks, and run them.
///
/// Runs until it is told to end (ctrl-c). Rows of people lie in a folder of its own below `--work`, that only its owner
/// can enter: put it on an encrypted disk. The folder goes at the end; that of an executor that was killed goes when the
/// next one starts.
///
/// Example: counted cluster executor --scheduler 10.0.0.1 --bind 10.0.0.2 --work /scratch --token cluster.token --certificate m2.pem --key m2.key --authority ca.pem
#[derive(Args)]
pub(crate) struct ExecutorArguments {
    /// Where the scheduler is: HOST:PORT.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) scheduler: Address,
    /// Port to hand rows out on; 0 for any that is free.
    #[arg(long, default_value_t = 50_051)]
    pub(crate) port: u16,
    /// Name or number under which the others reach this machine; that of --bind when left out.
    #[arg(long)]
    pub(crate) host: Option<String>,
    /// Folder in which the executor makes one of its own for rows.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) work: PathBuf,
    /// Tasks at a time; as many as the machine has threads when left out.
    #[arg(long, value_parser = crate::machine::some_threads)]
    pub(crate) threads: Option<usize>,
    /// Memory that its tasks together may hold before they spill, such as 4GB.
    #[arg(long, default_value = "2GB", value_parser = crate::machine::memory)]
    pub(crate) memory: u64,
    /// Certificate, in PEM form, of the authority that signed those of the cluster: calls with TLS.
    #[arg(long, value_name = "PEM")]
    pub(crate) authority: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) serving: Serving,
}

/// How a process of a cluster listens.
#[derive(Args)]
pub(crate) struct Serving {
    /// IP address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) bind: IpAddr,
    /// File with the token that everybody in the cluster shares, readable by its owner only.
    #[arg(long, value_name = "FILE")]
    pub(crate) token: PathBuf,
    /// Own certificate, in PEM form: listens with TLS.
    #[arg(long, value_name = "PEM", requires = "key")]
    pub(crate) certificate: Option<PathBuf>,
    /// Key of the certificate, in PEM form.
    #[arg(long, value_name = "PEM", requires = "certificate")]
    pub(crate) key: Option<PathBuf>,
    /// File about the S3-compatible storage to which tables are lent, readable by its owner only; when left out, the
    /// folders of whoever runs a study are seen from here under the same path.
    #[arg(long, value_name = "FILE")]
    pub(crate) storage: Option<PathBuf>,
    /// Listen and call beyond this machine without TLS: whoever is on the network can read rows of people, and the token.
    #[arg(long, conflicts_with = "certificate")]
    pub(crate) insecure: bool,
}

/// A cluster that does the heavy part.
#[derive(Args, Clone)]
pub(crate) struct OnCluster {
    /// Do the heavy part on the cluster whose scheduler is there: HOST:PORT. With `run` that is looking for people, with
    /// `link` scoring pairs.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) cluster: Option<Address>,
    /// File with the token of the cluster, readable by its owner only.
    #[arg(long, value_name = "FILE", requires = "cluster")]
    pub(crate) cluster_token: Option<PathBuf>,
    /// Certificate, in PEM form, of the authority that signed those of the cluster: calls with TLS.
    #[arg(long, value_name = "PEM", requires = "cluster")]
    pub(crate) cluster_authority: Option<PathBuf>,
    /// Call a cluster beyond this machine without TLS: whoever is on the network can read rows of people, and the token.
    #[arg(long, requires = "cluster", conflicts_with = "cluster_authority")]
    pub(crate) cluster_insecure: bool,
    /// File about the S3-compatible storage to which tables are lent while the cluster reads them, readable by its owner
    /// only; when left out, the cluster sees this machine's folders under the same paths.
    #[arg(long, value_name = "FILE", requires = "cluster")]
    pub(crate) cluster_storage: Option<PathBuf>,
    /// Seconds that each question may take on the cluster before it is given up; at most 14400.
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600, value_parser = deadline, requires = "cluster")]
    pub(crate) deadline: u64,
}

/// Reads a deadline.
fn deadline(text: &str) -> Result<u64, String> {
    match text.trim().parse::<u64>() {
        Ok(seconds) if (1..=LONGEST_DEADLINE).contains(&seconds) => Ok(seconds),
        _ => Err(format!(
            "`{text}` is not a deadline; write seconds from 1 to {LONGEST_DEADLINE}, since executors keep the rows of a question for \
             no longer"
        )),
    }
}
