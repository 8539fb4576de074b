//! `counted cluster`: the processes of a cluster, and how `counted run --cluster` asks one.

mod arguments;

use std::process::ExitCode;

use cluster::{
    Authority, Call, Certificate, ClusterError, ExecutorOptions, SchedulerOptions, Storage, Token,
};

pub(crate) use arguments::{ClusterArguments, OnCluster};
use arguments::{ExecutorArguments, Process, SchedulerArguments, Serving};

use crate::exit::Failure;
use crate::{machine, tell};

/// Runs a process of a cluster until it is told to end.
pub(crate) fn cluster(arguments: &ClusterArguments) -> Result<ExitCode, Failure> {
    match &arguments.process {
        Process::Scheduler(arguments) => scheduler(arguments)?,
        Process::Executor(arguments) => executor(arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn scheduler(arguments: &SchedulerArguments) -> Result<(), Failure> {
    let serving = &arguments.serving;
    let options = SchedulerOptions {
        bind: serving.bind,
        port: arguments.port,
        token: token(&serving.token)?,
        certificate: certificate(serving)?,
        insecure: serving.insecure,
        storage: storage(serving.storage.as_deref())?,
    };
    let clear = options.certificate.is_none();
    cluster::scheduler(&options, |address| {
        tell::line(&format!("The scheduler listens on {address}{}.", way(clear)));
    })?;
    tell::line("The scheduler has ended.");
    Ok(())
}

fn executor(arguments: &ExecutorArguments) -> Result<(), Failure> {
    let serving = &arguments.serving;
    if serving.certificate.is_some() != arguments.authority.is_some() {
        return Err(Failure::call(
            "an executor both listens and calls: `--certificate` and `--authority` go together",
        ));
    }
    let options = ExecutorOptions {
        scheduler: arguments.scheduler.clone(),
        bind: serving.bind,
        port: arguments.port,
        host: arguments.host.clone(),
        work: arguments.work.clone(),
        threads: machine::threads(arguments.threads),
        memory_bytes: arguments.memory,
        token: token(&serving.token)?,
        certificate: certificate(serving)?,
        authority: authority(arguments.authority.as_deref())?,
        insecure: serving.insecure,
        storage: storage(serving.storage.as_deref())?,
    };
    let clear = options.certificate.is_none();
    cluster::executor(&options, |address| {
        let scheduler = &options.scheduler;
        tell::line(&format!(
            "The executor listens on {address}{}, and works for {scheduler}.",
            way(clear)
        ));
    })?;
    tell::line("The executor has ended; its folder is gone.");
    Ok(())
}

/// How `counted run` asks a cluster, if it is to ask one.
pub(crate) fn call(arguments: &OnCluster) -> Result<Option<Call>, Failure> {
    let Some(scheduler) = &arguments.cluster else {
        return Ok(None);
    };
    let Some(path) = &arguments.cluster_token else {
        return Err(Failure::call("`--cluster` needs `--cluster-token FILE`"));
    };
    Ok(Some(Call {
        scheduler: scheduler.clone(),
        token: token(path)?,
        authority: authority(arguments.cluster_authority.as_deref())?,
        insecure: arguments.cluster_insecure,
        deadline: std::time::Duration::from_secs(arguments.deadline),
        storage: storage(arguments.cluster_storage.as_deref())?,
    }))
}

/// The token, shown by this build: an executor that was left running from another one would answer by other code.
fn token(path: &std::path::Path) -> Result<Token, Failure> {
    let token = Token::read(path)?;
    let build = machine::build().ok_or_else(|| {
        Failure::call(
            "the program cannot read its own file, and a cluster is of one build; make it readable for whoever starts it",
        )
    })?;
    Ok(token.of_build(&build))
}

fn certificate(serving: &Serving) -> Result<Option<Certificate>, ClusterError> {
    match (&serving.certificate, &serving.key) {
        (Some(certificate), Some(key)) => Certificate::read(certificate, key).map(Some),
        _ => Ok(None),
    }
}

fn authority(path: Option<&std::path::Path>) -> Result<Option<Authority>, ClusterError> {
    path.map(Authority::read).transpose()
}

fn storage(path: Option<&std::path::Path>) -> Result<Option<Storage>, ClusterError> {
    path.map(Storage::read).transpose()
}

fn way(clear: bool) -> &'static str {
    if clear { ", in clear" } else { ", with TLS" }
}
