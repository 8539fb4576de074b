//! The attacker reads the site of a whole run, with nothing but its bytes, the policy and public facts.

use attacker::{Bytes, Knowledge, Seen, attack};
use protect::Policy;

use crate::nation::Study;
use crate::program::run;

#[test]
fn the_site_of_a_run_gives_nothing_away() {
    let study = Study::invented(78, 2_500);
    run(&study.folder(), &[]).well();
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
        before: None,
        kept: &[],
    };
    let seen = Seen {
        bytes: &site,
        relations: None,
    };
    let report = attack(&[seen], &knowledge).unwrap();
    let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert!(
        findings.is_empty(),
        "{} findings:\n{}",
        findings.len(),
        findings[..findings.len().min(20)].join("\n")
    );
    assert!(report.figures > 1_000, "{}", report.figures);
}
