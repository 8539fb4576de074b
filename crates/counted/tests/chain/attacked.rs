//! The attacker reads the site of a whole run, with nothing but its bytes, the policy and public facts.

use crate::nation::Study;
use crate::program::{counted, run};

#[test]
fn the_sites_of_two_releases_give_nothing_away() {
    let study = Study::invented(78, 2_500);
    // A study's own reasons may hold numbers: they are its words, and say nothing of anybody's records.
    study.assumes(&[
        ("draws = 2000", "draws = 400"),
        ("name = \"one strong sign\"", "name = \"1 strong sign\""),
        (
            "no validation of the field itself is published",
            "in 2019 we read 212 charts and 191 were right",
        ),
    ]);
    let folder = study.folder();
    let publish = || counted(&["publish".as_ref(), folder.as_os_str()]).well();
    let attack = || {
        let said = counted(&["verify".as_ref(), folder.as_os_str(), "--attack".as_ref()]);
        assert_eq!(said.code, 0, "{}", said.words());
        assert!(said.words().contains("give nothing away"), "{}", said.words());
    };
    let settings = fs_err::read_to_string(study.at("study.toml")).unwrap();
    // Some quarters earlier: the records of the last year are not there yet, and the year before is told in part.
    study.write("study.toml", settings.replace("2025-12-31", "2024-09-30"));
    publish();
    attack();
    study.write("study.toml", settings);
    publish();
    attack();
    let front = fs_err::read_to_string(study.at("out/site/index.html")).unwrap();
    assert!(
        front.contains("with records up to 30 September 2024"),
        "what changed is told beside the first release"
    );
    // A page that was touched afterwards is found out before it is read: its hash is in the accounts. What the attacker finds on
    // sites whose accounts agree is in its own tests.
    let page = study.at("out/site/who.html");
    let html = fs_err::read_to_string(&page).unwrap();
    fs_err::write(&page, html.replacen("<h1>", "<h1 title=\"3 men\">", 1)).unwrap();
    let said = counted(&["verify".as_ref(), folder.as_os_str(), "--attack".as_ref()]);
    assert_eq!(said.code, 4, "{}", said.words());
}

/// What has to be hidden beside small numbers, and how hard that is to find, depends on how large a nation is: in a small one nearly
/// everything is small, in a large one little is, far apart. Whoever changes protection, or what is published, looks at all sizes.
#[test]
#[ignore = "takes minutes; run it when protection or what is published changes"]
fn nations_of_every_size_are_released_and_give_nothing_away() {
    for (seed, primaries) in [(11, 700), (12, 5_000), (13, 20_000), (14, 50_000), (7, 120_000)] {
        let study = Study::invented(seed, primaries);
        let folder = study.folder();
        run(&folder, &[]).well();
        let said = counted(&["verify".as_ref(), folder.as_os_str(), "--attack".as_ref()]);
        assert_eq!(said.code, 0, "{primaries} primaries: {}", said.words());
    }
}
