//! Calls and small files beside a study that are wrong: the words name what is wrong, and not something else.

use crate::nation::Study;
use crate::program::{counted, run};

#[test]
fn a_wrong_call_is_told_by_what_is_wrong_with_it() {
    let study = Study::tiny();
    let (folder, file) = (study.folder(), study.at("registrations.csv"));
    let (folder, file) = (folder.to_str().unwrap(), file.to_str().unwrap());
    let nosuch = study.beside("nosuch.csv");
    let (nosuch, list) = (nosuch.to_str().unwrap(), study.beside("cases.csv"));
    let list = list.to_str().unwrap();
    let kind = "--kind foo: no such kind; kinds are registrations, cosd";
    let cases: [(&[&str], i32, &str); 5] = [
        (&["check", "--kind", "foo", file], 2, kind),
        (&["find", file, "--kind", "foo", "--output", list], 2, kind),
        (
            &["check", nosuch],
            3,
            "there is no such file; check how its name is spelt",
        ),
        (
            &["verify", "--site", folder],
            2,
            "no ledger.jsonl there: give the folder of the pages, or --ledger",
        ),
        (
            &["verify", "--site", nosuch, "--ledger", file],
            2,
            "there is no such folder",
        ),
    ];
    for (call, code, words) in cases {
        let ran = counted(call);
        assert!(
            ran.code == code && ran.stderr.contains(words),
            "{call:?}: {ran:#?}"
        );
    }
    study.write(
        "charts.csv",
        "of,organisation,people,reviewed,confirmed,first_year,last_year\nB,NOBODY,20,10,9,,\n",
    );
    let ran = run(&study.folder(), &[]);
    let told = "charts.csv, line 2: `organisation` is not a code of a trust or board of this study";
    assert!(ran.code == 2 && ran.stderr.contains(told), "{ran:#?}");
}
