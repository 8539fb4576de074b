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
    lower_bounds_are_kept(&score);
    the_width_adds_up(&folder);
}

/// Every estimate is called a lower bound, so its low end must not lie above the truth; of twenty-one intervals of
/// 95 %, which share one set of draws, two may by chance.
fn lower_bounds_are_kept(score: &Value) {
    let estimates = score["estimates"].as_array().unwrap();
    assert_eq!(estimates.len(), 21, "new, living and died in seven years");
    let above = estimates.iter().filter(|estimate| estimate["at_least"] == false);
    assert!(above.count() <= 2, "{estimates:#?}");
    // People living, in years that are complete: lists reach nearly all of them, so the interval holds them too.
    let living = estimates
        .iter()
        .filter(|estimate| estimate["measure"] == "living" && estimate["last"] != "2025-12-31");
    let held = living.filter(|estimate| estimate["held"] == true).count();
    assert!(held >= 4, "{held} of 6: {estimates:#?}");
}

/// What the width is made of adds up to all of it, and what-ifs never make it wider by more than chance.
fn the_width_adds_up(folder: &std::path::Path) {
    let folder = folder.to_str().unwrap();
    let said = counted(&["estimate", "study", folder, "--if-reviewed", "--format", "json"])
        .well()
        .json();
    let parts = said["width"].as_array().unwrap();
    let of = |names: &[&str]| -> Vec<f64> {
        let kept = parts
            .iter()
            .filter(|part| names.contains(&part["part"].as_str().unwrap()));
        kept.map(|part| part["value"].as_f64().unwrap_or(f64::NAN))
            .collect()
    };
    let sum: f64 = of(&["cause", "interactions"]).iter().sum();
    assert!((sum - 1.0).abs() < 1e-9, "the shares add up to {sum}");
    let ratios = of(&["if_recorded", "if_reviewed"]);
    assert!(ratios.len() > 30, "a ratio for each organisation");
    assert!(
        ratios.iter().all(|ratio| (0.0..1.1).contains(ratio)),
        "{ratios:?}"
    );
    assert_eq!(said["headline"]["status"], "lower_bound");
    let figures: Vec<&str> = said["estimates"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["method"].as_str())
        .collect();
    for route in ["recorded", "found", "joint", "back_calculation"] {
        assert!(figures.contains(&route), "{route} is missing");
    }
    let refused = counted(&["estimate", "study", folder, "--if-recorded", "NOWHERE"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("NOWHERE"), "{}", refused.stderr);
}

fn share(score: &Value, name: &str) -> f64 {
    let share = score.pointer(name).unwrap_or_else(|| panic!("no {name}"));
    let (part, whole) = (share["part"].as_f64().unwrap(), share["whole"].as_f64().unwrap());
    assert!(whole > 0.0, "{name} rests on nothing");
    part / whole
}
