//! `counted verify --attack`: the site as a stranger reads it.

use attacker::{Bytes, Knowledge, Report, Seen};
use protect::Policy;
use protect::ledger::SignedLedger;
use study::{Earlier, Study};

use crate::exit::Failure;
use crate::tell;

/// So many findings are told; the others are counted.
const MOST_TOLD: usize = 20;

/// Attacks the site of a study, knowing every release of its ledger. A finding names places, never a value. The ledger that
/// lies beside the pages is no page: it must be the study's own.
pub(super) fn attack(study: &Study, ledger: &SignedLedger) -> Result<Report, Failure> {
    let failed = |error: attacker::AttackError| Failure::invariant(format!("{error}; run again"));
    let policy = Policy::hes().map_err(|error| Failure::invariant(error.to_string()))?;
    let mut bytes = Bytes::read(&study.out().join("site")).map_err(failed)?;
    let shown = bytes.take("ledger.jsonl").unwrap_or_default();
    if shown != own_ledger(study)? {
        return Err(Failure::invariant(
            "site/ledger.jsonl is not the ledger of this study; run again",
        ));
    }
    let id = release_id(study)?;
    let earlier = study::released_before(study, &id)?;
    let (facts, words, kept) = (
        study::public_facts(study)?,
        study::public_words(study),
        ledger.publications(),
    );
    let knowledge = Knowledge {
        facts: &facts,
        policy: &policy,
        words: &words,
        before: Earlier::beside(earlier.as_ref()),
        kept: &kept,
    };
    let seen = |relations| Seen {
        bytes: &bytes,
        relations,
    };
    let mut report = attacker::attack(&[seen(None)], &knowledge).map_err(failed)?;
    // Which sums hold a reader works out; of an approved release the ledger also has what its guard knew of them.
    if let Some(known) = kept.iter().find(|kept| kept.name == id) {
        let together = attacker::together(&[seen(Some(known))], &knowledge).map_err(failed)?;
        report.findings.extend(together.findings);
        report.findings.sort();
        report.findings.dedup();
    }
    if report.findings.is_empty() {
        return Ok(report);
    }
    for finding in report.findings.iter().take(MOST_TOLD) {
        tell::note(&finding.to_string());
    }
    Err(Failure::refused(format!(
        "the site says more than its released tables may: {} findings; do not publish it",
        report.findings.len()
    )))
}

/// The public part of the study's ledger; nothing where no release was approved yet.
fn own_ledger(study: &Study) -> Result<Vec<u8>, Failure> {
    match study.ledger() {
        path if path.is_file() => Ok(fs_err::read(path)?),
        _ => Ok(Vec::new()),
    }
}

/// The id of the release that was put out last.
pub(super) fn release_id(study: &Study) -> Result<String, Failure> {
    let manifest = release_manifest(study)?;
    Ok(manifest["release"].as_str().unwrap_or_default().to_owned())
}

/// What the release that was put out last says of itself.
pub(super) fn release_manifest(study: &Study) -> Result<serde_json::Value, Failure> {
    let path = study.out().join("release/manifest.json");
    let text =
        fs_err::read_to_string(&path).map_err(|error| Failure::invariant(format!("{error}; run again")))?;
    serde_json::from_str(&text)
        .map_err(|_| Failure::invariant(format!("{} is damaged; run again", path.display())))
}
