//! The attacker reads the site of a whole run, with nothing but its bytes, the policy and public facts.

use attacker::{Bytes, Knowledge, Seen, attack};
use protect::Policy;

use crate::nation::Study;
use crate::program::counted;

/// What the attacker finds on the site as it stands, beside the site that was approved before it on a day.
fn findings(study: &Study, before: Option<(&Bytes, &str)>) -> (Vec<String>, usize) {
    let opened = study::Study::open(&study.folder()).unwrap();
    let facts = study::public_facts(&opened).unwrap();
    let site = Bytes::read(&study.at("out/site")).unwrap();
    let words = [
        opened.config.name.clone(),
        opened.definition.id.clone(),
        format!("counted {}", env!("CARGO_PKG_VERSION")),
    ];
    let policy = Policy::hes().unwrap();
    let knowledge = Knowledge {
        facts: &facts,
        policy: &policy,
        words: &words,
        before,
        kept: &[],
    };
    let seen = |bytes| Seen {
        bytes,
        relations: None,
    };
    let releases: Vec<Seen<'_>> = before
        .iter()
        .map(|(bytes, _)| *bytes)
        .chain([&site])
        .map(seen)
        .collect();
    let report = attack(&releases, &knowledge).unwrap();
    (
        report.findings.iter().map(ToString::to_string).collect(),
        report.figures,
    )
}

#[test]
fn the_sites_of_two_releases_give_nothing_away() {
    let study = Study::invented(78, 2_500);
    let publish = || counted(&["publish".as_ref(), study.folder().as_os_str()]).well();
    let settings = fs_err::read_to_string(study.at("study.toml")).unwrap();
    // A year earlier: the records of the last year are not there yet.
    study.write("study.toml", settings.replace("2025-12-31", "2024-12-31"));
    publish();
    let (found, figures) = findings(&study, None);
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(figures > 1_000, "{figures}");
    let first = Bytes::read(&study.at("out/site")).unwrap();
    let ledger = fs_err::read_to_string(study.at("ledger.jsonl")).unwrap();
    let entry: serde_json::Value = serde_json::from_str(ledger.lines().last().unwrap()).unwrap();
    study.write("study.toml", settings);
    publish();
    let (found, _) = findings(&study, Some((&first, entry["approved_on"].as_str().unwrap())));
    assert!(found.is_empty(), "{}", found.join("\n"));
    let front = fs_err::read_to_string(study.at("out/site/index.html")).unwrap();
    assert!(
        front.contains(entry["release"].as_str().unwrap()) || front.contains("since"),
        "what changed is told"
    );
}
