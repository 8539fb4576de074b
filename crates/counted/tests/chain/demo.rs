//! `counted demo`, as a machine reads it.

use crate::nation::Study;
use crate::program::counted;

#[test]
fn a_demonstration_says_as_json_what_it_did_and_found() {
    let place = Study::empty();
    let folder = place.at("shown");
    let said = counted(&[
        "demo".as_ref(),
        "--folder".as_ref(),
        folder.as_os_str(),
        "--primaries".as_ref(),
        "400".as_ref(),
        "--no-serve".as_ref(),
        "--format".as_ref(),
        "json".as_ref(),
    ])
    .well()
    .json();
    assert_eq!(said["invented"], true);
    let at_least_one = |pointer: &str| {
        let number = said.pointer(pointer).and_then(serde_json::Value::as_u64);
        assert!(number.is_some_and(|number| number > 0), "{pointer}: {said:#}");
    };
    at_least_one("/run/stages/linkage/people");
    at_least_one("/score/cases/sensitivity/part");
    assert!(std::path::Path::new(said["site"].as_str().unwrap()).is_file());
}
