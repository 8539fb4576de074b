//! `counted run` and `counted publish`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use study::{Options, Outcome, Study};

use crate::arguments::{Format, MachineArguments, PublishArguments, RunArguments};
use crate::exit::Failure;
use crate::{machine, tell};

/// Runs a study and says what came of it.
pub(crate) fn run(arguments: &RunArguments, format: Format) -> Result<ExitCode, Failure> {
    let call = super::cluster::call(&arguments.on)?;
    let way = Way {
        approved_on: None,
        relink: arguments.relink,
        reread: arguments.reread,
        cluster: call.as_ref(),
    };
    let outcome = chain(&arguments.study, &arguments.machine, &way)?;
    if arguments.explain {
        for (stage, ran, why) in &outcome.explained {
            tell::note(&format!(
                "{stage}: {}, because {why}",
                if *ran { "ran" } else { "skipped" }
            ));
        }
        // Where linkage was skipped, its report is that of a run before.
        let is_linkage = |(stage, ran, _): &(String, bool, String)| *ran && stage == "linkage";
        if outcome.explained.iter().any(is_linkage) {
            linked(&outcome.manifest["stages"]["linkage"]);
        }
    }
    match format {
        Format::Json => tell::json(&outcome.manifest),
        Format::Text => summary(&outcome, &arguments.study),
    }
    Ok(ExitCode::SUCCESS)
}

/// Approves the release of a study and enters it in the ledger.
pub(crate) fn publish(arguments: &PublishArguments, format: Format) -> Result<ExitCode, Failure> {
    let day = machine::today().to_string();
    let way = Way {
        approved_on: Some(&day),
        ..Way::default()
    };
    let outcome = chain(&arguments.study, &arguments.machine, &way)?;
    let site = outcome.site.display().to_string();
    let first_page = outcome.site.join("index.html");
    let demonstration = study::ledger_keys(&Study::open(&arguments.study)?)?
        .trusted()
        .is_demo();
    match format {
        Format::Json => tell::json(&json!({ "approved_on": day, "site": site })),
        Format::Text => {
            tell::line("The release is approved and entered in the ledger (ledger.jsonl).");
            if demonstration {
                tell::line(
                    "It is signed with the keys of the demonstration, and every page says so: not for publication. Your own go \
                     into ledger-keys.txt.",
                );
            }
            tell::line(&format!("The site: {}", first_page.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How the chain is to run.
#[derive(Default)]
pub(crate) struct Way<'a> {
    /// Approves the release, on this day.
    pub(crate) approved_on: Option<&'a str>,
    /// Links everybody anew.
    pub(crate) relink: bool,
    /// Reads every file to tell whether it changed.
    pub(crate) reread: bool,
    /// Looks for people on a cluster.
    pub(crate) cluster: Option<&'a cluster::Call>,
}

/// The whole chain on a study folder.
pub(crate) fn chain(folder: &Path, machine: &MachineArguments, way: &Way<'_>) -> Result<Outcome, Failure> {
    let study = Study::open(folder)?;
    if let Some(call) = way.cluster {
        cluster::reach(call)?;
    }
    let progress = tell::Progress::new();
    let outcome = study::run(
        &study,
        &Options {
            memory_bytes: machine.memory,
            threads: machine::threads(machine.threads),
            program: &machine::program(),
            relink: way.relink,
            reread: way.reread,
            cluster: way.cluster,
            approved_on: way.approved_on,
            progress: &|event| progress.show(event),
        },
    );
    progress.clear();
    let outcome = outcome?;
    // The run is done and stands, whatever the file of the procedure says.
    if let Err(failure) = super::outliers::enter(&study) {
        tell::note(&format!(
            "What stands outside was not entered in the outlier procedure: {}",
            failure.message()
        ));
    }
    Ok(outcome)
}

/// How much of linkage was done anew.
fn linked(report: &Value) {
    match report["everybody_because"].as_str() {
        Some(why) => tell::note(&format!("linkage: everybody was linked, because {why}")),
        None => tell::note(&format!(
            "linkage: read {} of {} records, linked {} of {} identities",
            report["records_read"], report["records"], report["identities_linked"], report["identities"]
        )),
    }
}

/// Known and explained warnings that are said at the end of a run all the same; the others stand in `run.json` alone.
const SAID: [&str; 4] = [
    "not_estimated",
    "response_waits",
    "deaths_in_parts",
    "later_run_kept",
];

/// What a run came to, in words. Confidential: it is printed for whoever holds the data.
pub(crate) fn summary(outcome: &Outcome, folder: &Path) {
    let manifest = &outcome.manifest;
    for source in manifest["sources"].as_array().into_iter().flatten() {
        let aside: i64 = source["set_aside"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, n)| n.as_i64())
            .sum();
        tell::line(&format!(
            "{:<14} {:>12} rows, {:>12} in persons, {:>8} set aside{}",
            source["kind"].as_str().unwrap_or_default(),
            source["rows"],
            source["in_persons"],
            aside,
            reasons(&source["set_aside"]),
        ));
    }
    let tiers = &manifest["stages"]["casefind"]["tiers"];
    let tier = |name: &str| tiers[name].as_u64().unwrap_or_default();
    tell::line(&format!(
        "Found: {} (A {}, B {}, C {}); to review: {} (D)",
        tell::counted(tier("A") + tier("B") + tier("C"), "person", "people"),
        tier("A"),
        tier("B"),
        tier("C"),
        tier("D"),
    ));
    estimated(&manifest["stages"]["count"]["living"]);
    care(&manifest["stages"]["audit"]);
    for warning in manifest["warnings"].as_array().into_iter().flatten() {
        let (level, message) = (warning["level"].as_str(), warning["message"].as_str());
        if level == Some("alarm") {
            tell::line(&format!("Alarm: {}", message.unwrap_or_default()));
        } else if SAID.iter().any(|rule| warning["rule"] == *rule) {
            tell::line(message.unwrap_or_default());
        }
    }
    tell::line(&format!(
        "Problems and tables (confidential): {}",
        folder.join("out").join("tables").display()
    ));
    tell::line(&format!(
        "The site ({}): {}",
        if outcome.approved {
            "approved"
        } else {
            "unapproved"
        },
        outcome.site.join("index.html").display()
    ));
}

/// How many questions of care these files answer.
fn care(audit: &Value) {
    let measured = audit["measured"].as_u64().unwrap_or_default();
    let lacking = audit["not_measured"].as_array().map_or(0, Vec::len) as u64;
    let rest = if lacking == 0 {
        String::new()
    } else {
        format!("; the table `indicators` says what the other {lacking} need")
    };
    tell::line(&format!(
        "Care: {} answered{rest}",
        tell::counted(measured, "question", "questions")
    ));
}

/// The headline: people living on the last day that can be told, or why there is no estimate.
fn estimated(living: &Value) {
    let number = |name: &str| living[name].as_f64().map(|people| people.round() as u64);
    if let (Some(people), Some(low), Some(high)) = (number("estimate"), number("low"), number("high")) {
        let (about, more) = if living["status"] == "estimate" {
            ("", "")
        } else {
            ("about ", " or more")
        };
        tell::line(&format!(
            "Estimated living on {}: {about}{}{more} (95 % interval {} to {})",
            living["day"].as_str().unwrap_or_default(),
            tell::counted(people, "person", "people"),
            low,
            high,
        ));
    }
}

fn reasons(aside: &Value) -> String {
    let reasons: Vec<String> = aside
        .as_object()
        .into_iter()
        .flatten()
        .map(|(reason, count)| format!("{reason} {count}"))
        .collect();
    if reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", reasons.join(", "))
    }
}
