//! What organisations answered when they were asked, beside the nurses that they have in post.

use crate::program::{counted, run};
use crate::shared;

const ANSWERS: &str = "organisation,asked_on,answered_on,question,answer,count,source_url\n\
    SIM01,2024-01-10,2024-02-01,enough_nurses,yes,,https://example.org/1\n\
    SIM01,2025-01-10,2025-02-01,enough_nurses,no,,https://example.org/2\n\
    SIM02,2025-01-10,2025-02-03,enough_nurses,partly,,https://example.org/3\n\
    SIM09,2025-01-10,,enough_nurses,no_response,,https://example.org/4\n\
    SIM10,2025-01-10,2025-02-04,dedicated_nurse,yes,,https://example.org/5\n\
    SIM10,2025-01-10,2025-02-04,records_secondary,yes,,https://example.org/6\n";

#[test]
fn answers_about_nurses_are_added_up_by_nation_and_the_silent_are_not_forgotten() {
    let study = shared::finished();
    fs_err::write(study.at("survey.csv"), ANSWERS).unwrap();
    let toml = fs_err::read_to_string(study.at("study.toml")).unwrap();
    let source = "\n[[source]]\nkind = \"survey\"\npath = \"survey.csv\"\n";
    fs_err::write(study.at("study.toml"), toml + source).unwrap();
    run(&study.folder(), &[]).well();
    let folder = study.folder();
    let said = counted(&["nurses", folder.to_str().unwrap(), "--format", "json"])
        .well()
        .json();
    let asked = said["asked"].as_array().unwrap();
    let of = |nation: &str, question: &str| {
        let own = asked
            .iter()
            .find(|own| own["nation"] == nation && own["question"] == question)?;
        let number = |name: &str| own[name].as_u64().unwrap();
        Some((number("yes"), number("partly"), number("no"), number("silent")))
    };
    assert_eq!(of("all", "enough_nurses"), Some((0, 1, 1, 1)));
    assert_eq!(of("all", "dedicated_nurse"), Some((1, 0, 0, 0)));
    assert_eq!(of("all", "records_secondary"), None);
    // Each organisation is in its own nation as well.
    let by_nation: u64 = asked
        .iter()
        .filter(|own| own["nation"] != "all")
        .map(|own| own["asked"].as_u64().unwrap())
        .sum();
    assert_eq!(by_nation, 4);
    let call = ["nurses", folder.to_str().unwrap()];
    let words = counted(&call).well().stdout;
    assert!(
        words.contains("All nations: 3 asked; 0 yes, 1 partly, 1 no, 1 silent; yes from 0 % of those that answered, between 0 and 33 % of all whatever the silent would say"),
        "{words}"
    );
    // The table is of the file as it was run.
    let text = fs_err::read_to_string(study.at("staffing.csv")).unwrap();
    let (code, _) = text.lines().nth(1).unwrap().split_once(',').unwrap();
    study.append("staffing.csv", format!("{code},2019-04-01,1.0,2.0,0.0,0.0\n"));
    let ran = counted(&call);
    let told = "staffing.csv changed since the last run";
    assert!(ran.code == 2 && ran.stderr.contains(told), "{ran:#?}");
    run(&folder, &[]).well();
    counted(&call).well();
}
