//! A cluster on this machine: its processes, and their certificates.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use crate::program::{Ran, counted, start};

/// A process that takes longer to start, or to end, hangs; also on a machine that has much else to do.
const LONGEST: Duration = Duration::from_secs(120);

/// Seconds that a question may take: as long.
const DEADLINE: &str = "120";

/// A scheduler and its executors; killed at the end of the test.
pub(super) struct Cluster {
    folder: TempDir,
    pub(super) scheduler: Process,
    pub(super) executors: Vec<Process>,
    tls: bool,
}

impl Cluster {
    /// With a token of its own, and with certificates if asked for.
    pub(super) fn start(executors: usize, tls: bool) -> Self {
        Self::reading(executors, tls, None)
    }

    /// Likewise; its executors read tables in a storage, if one is given, and so does its scheduler.
    pub(super) fn reading(executors: usize, tls: bool, storage: Option<&Path>) -> Self {
        let folder = TempDir::new().unwrap();
        secret(&folder.path().join("token"), "the token of this very cluster");
        if tls {
            certificates(folder.path());
        }
        let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let token = place("token");
        let mut listen = vec!["--port", "0", "--token", &token];
        let pem = [place("machine.pem"), place("machine.key"), place("ca.pem")];
        if tls {
            listen.extend(["--certificate", &pem[0], "--key", &pem[1]]);
        }
        if let Some(storage) = storage {
            listen.extend(["--storage", storage.to_str().unwrap()]);
        }
        let scheduler = Process::start(&[&["cluster", "scheduler"][..], &listen].concat());
        let work = place("work");
        let executors = (0..executors).map(|_| {
            let mut call = vec!["cluster", "executor", "--scheduler", &scheduler.address];
            call.extend(["--work", &work, "--threads", "1", "--memory", "256MB"]);
            if tls {
                call.extend(["--authority", &pem[2]]);
            }
            Process::start(&[&call[..], &listen].concat())
        });
        Self {
            executors: executors.collect(),
            folder,
            scheduler,
            tls,
        }
    }

    /// The arguments with which a study is run on it.
    pub(super) fn arguments(&self, study: &Path) -> Vec<String> {
        self.on(&["run", study.to_str().unwrap()])
    }

    /// A call of the program that uses the cluster.
    pub(super) fn on(&self, call: &[&str]) -> Vec<String> {
        let mut arguments: Vec<String> = call.iter().map(|&word| word.to_owned()).collect();
        arguments.extend(["--cluster".to_owned(), self.scheduler.address.clone()]);
        let token = self.folder.path().join("token");
        arguments.extend(["--cluster-token".to_owned(), token.to_str().unwrap().to_owned()]);
        if self.tls {
            let authority = self.at("ca.pem");
            arguments.extend([
                "--cluster-authority".to_owned(),
                authority.to_str().unwrap().to_owned(),
            ]);
        }
        arguments.extend(["--deadline", DEADLINE].map(str::to_owned));
        arguments
    }

    /// Runs a study on it.
    pub(super) fn run(&self, study: &Path) -> Ran {
        counted(&self.arguments(study))
    }

    /// A file of the cluster.
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folders of the executors, and whatever else lies there when they are gone.
    pub(super) fn work(&self) -> Vec<PathBuf> {
        let entries = fs_err::read_dir(self.at("work/counted-executors")).unwrap();
        let entries = entries.map(|entry| entry.unwrap().path());
        let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
        if folders.is_empty() { files } else { folders }
    }

    /// Starts another scheduler in the place of this one, with another token.
    pub(super) fn replace_scheduler(&mut self) {
        self.scheduler.kill();
        let token = self.at("another token");
        secret(&token, "the token of the next cluster");
        let (_, port) = self.scheduler.address.rsplit_once(':').unwrap();
        let mut call = vec!["cluster", "scheduler", "--port", port, "--token"];
        call.push(token.to_str().unwrap());
        let next = Process::start(&call);
        self.scheduler = next;
    }

    /// Another scheduler, with one of the certificates of this machine.
    pub(super) fn scheduler_showing(&self, certificate: &str) -> Process {
        let place = |name: &str| self.at(name).to_str().unwrap().to_owned();
        let (token, certificate, key) = (place("token"), place(certificate), place("machine.key"));
        let mut call = vec!["cluster", "scheduler", "--port", "0", "--token", &token];
        call.extend(["--certificate", &certificate, "--key", &key]);
        Process::start(&call)
    }
}

/// A process that goes on until it is told to end.
pub(super) struct Process {
    child: Child,
    /// Where it listens.
    pub(super) address: String,
}

impl Process {
    fn start<A: AsRef<OsStr>>(arguments: &[A]) -> Self {
        let mut child = start(arguments);
        let lines = lines(child.stdout.take().unwrap());
        let errors = lines_of(&mut child);
        let Ok(said) = lines.recv_timeout(LONGEST) else {
            let _ = child.kill();
            panic!("it does not start: {:?}", errors.iter().collect::<Vec<_>>());
        };
        let address = said
            .split(" listens on ")
            .nth(1)
            .and_then(|rest| rest.split(',').next());
        Self {
            address: address.unwrap_or_else(|| panic!("{said}")).to_owned(),
            child,
        }
    }

    /// Kills it as a machine that loses its power does.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Tells it to end; gives the exit code.
    pub(super) fn end(&mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        let told = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap();
        assert!(told.success());
        self.ended()
    }

    /// Waits until it ended; gives the exit code.
    pub(super) fn ended(&mut self) -> Option<i32> {
        let since = Instant::now();
        while since.elapsed() < LONGEST {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A run that can be heard while it goes on.
pub(super) struct Running {
    child: Child,
    said: Receiver<String>,
}

impl Running {
    pub(super) fn start(arguments: &[String]) -> Self {
        let mut child = start(arguments);
        let said = lines_of(&mut child);
        Self { child, said }
    }

    /// Waits until the run says something.
    pub(super) fn until_it_says(&self, words: &str) {
        let since = Instant::now();
        while since.elapsed() < LONGEST {
            match self.said.recv_timeout(LONGEST) {
                Ok(line) if line.contains(words) => return,
                Ok(_) => {}
                Err(_) => break,
            }
        }
        panic!("it never said: {words}");
    }

    /// Waits for the end; gives the exit code and what it said last.
    pub(super) fn end(mut self) -> (i32, String) {
        let since = Instant::now();
        while since.elapsed() < 2 * LONGEST {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.code().unwrap_or(-1), self.said.iter().collect());
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.child.kill().unwrap();
        panic!(
            "it hangs; it said last: {:?}",
            self.said.iter().collect::<Vec<_>>()
        );
    }
}

fn lines_of(child: &mut Child) -> Receiver<String> {
    lines(child.stderr.take().unwrap())
}

fn lines(pipe: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// A file that only its owner can read.
pub(super) fn secret(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    fs_err::write(path, text).unwrap();
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// An authority of this test, and two certificates of this machine by it, of which one holds no more.
fn certificates(folder: &Path) {
    let key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    fs_err::write(folder.join("ca.pem"), authority.self_signed(&key).unwrap().pem()).unwrap();
    let issuer = Issuer::new(authority, key);
    let key = KeyPair::generate().unwrap();
    let machine = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    let machine = machine.signed_by(&key, &issuer).unwrap();
    fs_err::write(folder.join("machine.pem"), machine.pem()).unwrap();
    let mut expired = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    expired.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let expired = expired.signed_by(&key, &issuer).unwrap();
    fs_err::write(folder.join("expired.pem"), expired.pem()).unwrap();
    fs_err::write(folder.join("machine.key"), key.serialize_pem()).unwrap();
}
