//! Hospitals and months through the command: methods.md D8, D10 and D11.

use serde_json::Value;

use super::desk::{json, near, row, rows};

/// D8: surgical deaths in 12 hospitals.
pub(super) const SURGERY: &str = "hospital,n,r\nA,47,0\nB,148,18\nC,119,8\nD,810,46\nE,211,8\nF,196,13\nG,148,9\nH,215,31\n\
                                  I,207,14\nJ,97,8\nK,256,29\nL,360,24\n";

#[test]
fn shrinkage_of_surgical_deaths() {
    let answer = json("shrink", SURGERY, &[]);
    let family = &answer["family"];
    // The printed shapes, 8.2534195 and 99.636021, are where an optimiser stopped a little before the top.
    near(&family["a"], 8.253_488_17, 5e-8);
    near(&family["b"], 99.636_848_34, 5e-7);
    near(&family["mu"], 0.076_498_862, 5e-9);
    near(&family["loglik"], -38.753_089, 5e-7);
    let means = [
        0.053_285_88,
        0.102_596_73,
        0.071_635_86,
        0.059_106_70,
        0.050_968_82,
        0.069_938_00,
        0.067_425_29,
        0.121_569_23,
        0.070_670_58,
        0.079_327_76,
        0.102_375_65,
        0.068_933_85,
    ];
    let plug_in = rows(&answer, "empirical-bayes");
    for (found, wanted) in plug_in.iter().zip(means) {
        near(&found["n"], wanted, 2e-7);
    }
    let of = |name: &str| row(&answer, "empirical-bayes", "name", name);
    near(&of("A")["low"], 0.023_804_4, 5e-7);
    near(&of("A")["high"], 0.093_612_7, 5e-7);
    near(&of("H")["low"], 0.088_272_8, 5e-7);
    near(&of("H")["high"], 0.159_301_3, 5e-7);
    // Integrated over what the family may be: the middle is near, the interval wider.
    let width = |row: &Value| row["high"].as_f64().unwrap() - row["low"].as_f64().unwrap();
    let integrated = row(&answer, "integrated", "name", "A");
    near(&integrated["n"], 0.053, 0.01);
    assert!(width(integrated) > width(of("A")));
    assert_eq!(
        answer["estimates"],
        json("shrink", SURGERY, &[])["estimates"],
        "the same seed"
    );
}

#[test]
fn the_funnel_of_surgical_deaths() {
    let answer = json("funnel", SURGERY, &["--sizes", "97,215,810"]);
    near(&answer["target"], 0.073_916_134, 5e-10);
    near(&answer["phi"], 3.212_97, 5e-6);
    near(&answer["phi_winsorised"], 2.363_287, 5e-7);
    near(&answer["tau_squared"], 7.776_300e-4, 5e-11);
    near(&answer["tau_squared_winsorised"], 4.898_897e-4, 5e-11);
    near(&row(&answer, "funnel", "name", "A")["z"], -1.936_84, 5e-6);
    near(&row(&answer, "funnel", "name", "H")["z"], 3.938_16, 5e-6);
    let limits = [
        [0.000_955_53, 0.021_242_35, 0.124_745_55, 0.162_692_41],
        [0.022_648_65, 0.038_422_36, 0.108_505_38, 0.132_217_86],
        [0.046_416_37, 0.055_778_61, 0.091_827_40, 0.103_185_90],
    ];
    for (found, wanted) in answer["limits"].as_array().unwrap().iter().zip(limits) {
        for (tail, wanted) in ["0.1", "2.5", "97.5", "99.9"].iter().zip(wanted) {
            near(&found["chance"][tail], wanted, 6e-9);
        }
    }
    let fixed = json("funnel", "n,r\n500,9\n1000,22\n", &["--target", "0.02"]);
    let of = |row: usize, tail: &str| fixed["estimates"][row]["limits"]["chance"][tail].clone();
    near(&of(0, "0.1"), 0.002_507_03, 5e-9);
    near(&of(0, "99.9"), 0.041_017_26, 5e-9);
    near(&of(1, "2.5"), 0.011_265_61, 5e-9);
    near(&of(1, "97.5"), 0.028_646_82, 5e-9);
}

#[test]
fn limits_of_counts() {
    let answer = json("standardise", "observed\n0\n1\n5\n10\n50\n100\n", &[]);
    let wanted = [
        (0, 0.0, 3.688_879_5),
        (1, 0.025_317_808, 5.571_643_4),
        (5, 1.623_486_4, 11.668_332),
        (10, 4.795_388_7, 18.390_356),
        (50, 37.110_964, 65.918_767),
        (100, 81.363_991, 121.626_79),
    ];
    for (count, low, high) in wanted {
        let found = row(&answer, "exact-poisson", "observed", count);
        near(&found["low"], low, 6e-7);
        near(&found["high"], high, 6e-6);
    }
    let byar = row(&answer, "byar", "observed", 10);
    near(&byar["low"], 4.787_449_9, 6e-8);
    near(&byar["high"], 18.391_459, 6e-7);
    let ratio = json("standardise", "hospital,observed,expected\nA,10,5\n", &[]);
    near(&ratio["headline"]["n"], 2.0, 0.0);
    near(&ratio["headline"]["low"], 4.795_388_7 / 5.0, 6e-8);
}

/// A rate by hand: two bands, equal weights.
#[test]
fn a_rate_by_hand() {
    let file = "age,deaths,population,standard\n45-54,10,1000,1\n55-64,30,1000,1\n";
    let answer = json("standardise", file, &["--per", "1000"]);
    near(&answer["headline"]["n"], 20.0, 1e-9);
    near(
        &rows(&answer, "direct-dobson")[0]["se"],
        40.0_f64.sqrt() / 2.0,
        1e-9,
    );
    // The places' own rates beside a standard population change nothing.
    let beside = "age,deaths,population,standard,rate\n45-54,10,1000,1,0.01\n55-64,30,1000,1,0.03\n";
    let answer = json("standardise", beside, &["--per", "1000"]);
    near(&answer["headline"]["n"], 20.0, 1e-9);
    let lacking = "name,age,deaths,population\nA,45-54,10,1000\nA,55-64,30,1000\nB,45-54,9,1000\n";
    let answer = json("standardise", lacking, &[]);
    assert_eq!(answer["warnings"][0]["code"], "bands_differ");
    // The European Standard Population of 2013 has 14,000 people of 45 to 54, and 12,500 of 55 to 64.
    let european = json(
        "standardise",
        "age,deaths,population\n45-54,10,1000\n55-64,30,1000\n",
        &["--per", "1000"],
    );
    near(
        &european["headline"]["n"],
        (14.0 * 10.0 + 12.5 * 30.0) / 26.5,
        1e-9,
    );
    // The same in words.
    let words = json(
        "standardise",
        "age,deaths,population\n45 to 54,10,1000\naged 55 to 64 years,30,1000\n",
        &["--per", "1000"],
    );
    assert_eq!(words["headline"], european["headline"]);
}

#[test]
fn charts() {
    let values = "value\n42\n38\n45\n51\n47\n40\n44\n39\n48\n46\n60\n43\n";
    let xmr = json("chart", values, &[]);
    near(&xmr["mean"], 45.25, 0.0);
    near(&xmr["mean_moving_range"], 7.181_818_2, 5e-8);
    near(&xmr["low"], 26.146_364, 5e-7);
    near(&xmr["high"], 64.353_636, 5e-7);
    near(&xmr["moving_range_limit"], 23.463, 5e-4);
    let n = [500, 520, 480, 510, 530, 495, 505, 515, 490, 525, 500, 510];
    let r = [200, 215, 190, 230, 222, 180, 210, 221, 188, 236, 199, 205];
    let rows: String = n.iter().zip(r).map(|(n, r)| format!("{n},{r}\n")).collect();
    let answer = json("chart", &format!("n,r\n{rows}"), &[]);
    near(&answer["pbar"], 0.410_526_32, 5e-9);
    near(&answer["sigma_z"], 1.493_081_9, 5e-8);
    near(&answer["estimates"][0]["low"], 0.311_984_04, 5e-9);
    near(&answer["estimates"][0]["high"], 0.509_068_59, 5e-9);
}
