//! Flags and reviews through the command: methods.md 1.3 and D19.

use serde_json::Value;

use super::desk::{json, near, row, rows};

#[test]
fn the_validation_of_northern_ireland() {
    let answer = json("misclassification", "tp,fp,fn,tn\n175,7,9,837\n", &[]);
    let of = &answer["validations"][0];
    near(&of["sensitivity"]["value"], 0.951_087, 5e-7);
    near(&of["specificity"]["value"], 0.991_706, 5e-7);
    near(&of["ppv"]["value"], 0.961_538, 5e-7);
    near(&of["npv"]["value"], 0.989_362, 5e-7);
    let found = rows(&answer, "rogan-gladen")[0];
    near(&found["n"], 184.0, 1e-9);
    assert_eq!(found["check"], true);
    // Every one of the 1,028 charts was read: so many have it, without an interval.
    near(&answer["headline"]["n"], 184.0, 0.0);
    assert_eq!(answer["headline"]["method"], "confirmed");
    assert!(answer["headline"]["low"].is_null() && answer["headline"]["high"].is_null());
    near(&found["share"], 184.0 / 1_028.0, 1e-12);
    near(&rows(&answer, "apparent")[0]["share"], 0.177_043, 5e-7);
}

#[test]
fn a_flag_of_known_accuracy() {
    let file = "flagged,total,sensitivity,specificity\n1000,20000,0.951,0.992\n";
    let answer = json("misclassification", file, &[]);
    near(&answer["headline"]["n"], 890.774, 5e-4);
    let known = json("misclassification", "x,n,se,sp\n106,1028,0.951,0.992\n", &[]);
    let known = rows(&known, "rogan-gladen-known")[0];
    near(&known["share"], 0.100_861_97, 5e-9);
    near(&known["share_low"], 0.082_689_7, 5e-8);
    near(&known["share_high"], 0.122_168_0, 5e-8);
    // Fewer flagged than would be by mistake alone: cut, and said.
    let few = json(
        "misclassification",
        "flagged,total\n5,1000\n",
        &["--sensitivity", "0.9", "--specificity", "0.99"],
    );
    assert_eq!(rows(&few, "rogan-gladen")[0]["clipped"], true);
    let codes: Vec<&Value> = few["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| &warning["code"])
        .collect();
    assert!(codes.contains(&&"clipped".into()), "{codes:?}");
    // So few that chance cannot be why: no number, rather than "0 (0 to 0)".
    let none = json(
        "misclassification",
        "flagged,total,sensitivity,specificity\n100,20000,0.951,0.99\n",
        &[],
    );
    assert!(none["headline"]["n"].is_null());
    assert_eq!(none["headline"]["status"], "none");
    let reason = none["headline"]["reason"].as_str().unwrap();
    assert!(reason.contains("contradict each other"), "{reason}");
}

#[test]
fn a_review_in_two_phases() {
    let file = "stratum,people,reviewed,confirmed\nflagged,1000,300,270\nothers,30000,500,5\n";
    let answer = json("misclassification", file, &[]);
    near(&rows(&answer, "two-phase-design")[0]["n"], 1_200.0, 1e-9);
    near(&answer["headline"]["n"], 1_200.0, 60.0);
    near(
        &row(&answer, "two-phase-stratum", "name", "flagged")["n"],
        900.0,
        10.0,
    );
    near(&row(&answer, "ppv", "name", "flagged")["n"], 0.9, 1e-12);
    // The example of `review_size` in the crate `estimate`.
    let plan = "stratum,people,charts,share\nflagged,1000,300,0.9\nothers,30000,300,0.01\n";
    let answer = json("misclassification", plan, &["--width", "400"]);
    near(&answer["headline"]["n"], 724.0, 0.5);
    near(&row(&answer, "review-size", "name", "others")["n"], 892.0, 0.0);
    assert!(row(&answer, "review-size", "name", "flagged")["n"].is_null());
}
