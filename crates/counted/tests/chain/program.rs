//! Runs the program as its users do, and keeps what it said, how it ended and what it held.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// No command of these tests may need longer; one that does hangs.
const LONGEST: Duration = Duration::from_secs(600);

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Exit code; -1 after a signal.
    pub(crate) code: i32,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it said beside.
    pub(crate) stderr: String,
    /// The most memory it ever held, in bytes; 0 where the system does not tell.
    pub(crate) peak: u64,
}

impl Ran {
    /// The same, after making sure that it ended well.
    pub(crate) fn well(self) -> Self {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }

    /// Everything it said.
    pub(crate) fn words(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    /// What it printed, as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

/// Starts the program.
pub(crate) fn start<A: AsRef<OsStr>>(arguments: &[A]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_counted"))
        .args(arguments)
        // The width and colours of the terminal at which the tests run must not matter.
        .env_remove("COLUMNS")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// Runs the program to its end.
pub(crate) fn counted<A: AsRef<OsStr>>(arguments: &[A]) -> Ran {
    let mut child = start(arguments);
    let stdout = listen(child.stdout.take().unwrap());
    let stderr = listen(child.stderr.take().unwrap());
    let (started, mut peak) = (Instant::now(), 0);
    let status = loop {
        peak = peak.max(held(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > LONGEST {
            child.kill().unwrap();
            panic!("the program hangs");
        }
        thread::sleep(Duration::from_millis(3));
    };
    let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
    Ran {
        code: status.code().unwrap_or(-1),
        stdout,
        stderr,
        peak,
    }
}

/// `counted run` on a study folder, with further arguments.
pub(crate) fn run(study: &Path, more: &[&str]) -> Ran {
    let mut arguments: Vec<&OsStr> = vec!["run".as_ref(), study.as_os_str()];
    arguments.extend(more.iter().map(OsStr::new));
    counted(&arguments)
}

/// Whether the long versions are asked for.
pub(crate) fn long() -> bool {
    #[allow(
        clippy::disallowed_methods,
        reason = "chooses how much is tested, never a result"
    )]
    std::env::var_os("COUNTED_LONG").is_some()
}

fn listen(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The high-water mark of a process, as Linux keeps it.
fn held(process: u32) -> u64 {
    let status = fs_err::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1024
}
