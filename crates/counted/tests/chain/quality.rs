//! The guard of quality: a nation that nobody tuned on, scored against its truth.
//!
//! The bars are those of the first issue; the small nation has a little room for chance.

use serde_json::Value;

use crate::nation::Study;
use crate::program::{counted, long, run};

const SEED: u64 = 918_273;

#[test]
fn a_nation_that_nobody_tuned_on_is_found() {
    let (primaries, kind, date) = if long() {
        (20_000, 0.95, 0.80)
    } else {
        (3_000, 0.93, 0.78)
    };
    let study = Study::invented(SEED, primaries);
    run(&study.folder(), &[]).well();
    let (folder, truth) = (study.folder(), study.at("truth"));
    let arguments = [
        "evaluate",
        folder.to_str().unwrap(),
        "--truth",
        truth.to_str().unwrap(),
        "--format",
        "json",
    ];
    let score = counted(&arguments).well().json();
    eprintln!("{score:#}");
    let bars = [
        ("/cases/sensitivity", 0.96),
        ("/cases/ppv", 0.97),
        ("/cases/kind", kind),
        ("/cases/date_90", date),
        ("/linkage/precision", 0.999),
        ("/linkage/recall", 0.97),
    ];
    let missed: Vec<String> = bars
        .iter()
        .map(|(name, bar)| (name, bar, share(&score, name)))
        .filter(|(_, bar, found)| found < bar)
        .map(|(name, bar, found)| format!("{name} {found:.4} is below {bar}"))
        .collect();
    assert!(missed.is_empty(), "{missed:?}");
}

fn share(score: &Value, name: &str) -> f64 {
    let share = score.pointer(name).unwrap_or_else(|| panic!("no {name}"));
    let (part, whole) = (share["part"].as_f64().unwrap(), share["whole"].as_f64().unwrap());
    assert!(whole > 0.0, "{name} rests on nothing");
    part / whole
}
