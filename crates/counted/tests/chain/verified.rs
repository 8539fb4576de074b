//! From a released figure back to the rows, and a published site in a stranger's hands.

use std::path::Path;

use crate::nation::Study;
use crate::program::{Ran, counted, run};
use crate::shared;
use crate::tree::copy;

/// What a forger does to a copy.
type Change<'a> = &'a dyn Fn(&Path);

fn verify_site(site: &Path, more: &[&str]) -> Ran {
    let mut call = vec!["verify", "--site", site.to_str().unwrap()];
    call.extend(more);
    counted(&call)
}

#[test]
fn a_published_site_is_checked_by_anybody_and_any_change_is_found() {
    let study = shared::finished();
    let folder = study.folder();
    let publish = || counted(&["publish".as_ref(), folder.as_os_str()]).well();
    publish();
    let site = study.at("out/site");
    let said = verify_site(&site, &[]).well();
    assert!(
        said.stdout
            .contains("Every page and every table is as it was signed"),
        "{}",
        said.words()
    );
    // A response that one person has read waits: nothing public changes.
    let respond = |second: &str| {
        let text = format!(
            "organisation,date,text,read_by_1,read_by_2\nSIM01,2026-01-10,We send every month.,Ann Lee,{second}\n"
        );
        fs_err::write(study.at("responses.csv"), text).unwrap();
        run(&folder, &[]).well()
    };
    respond("");
    verify_site(&site, &[]).well();
    let run_json = fs_err::read_to_string(study.at("out/run.json")).unwrap();
    assert!(run_json.contains("response_waits") && run_json.contains("\"responses.csv\""));
    // When two have read it, the hospital's page changes and no figure: the same release, signed again.
    respond("Bo Oak");
    assert_eq!(verify_site(&site, &[]).code, 4, "nobody has signed these pages");
    publish();
    let json = verify_site(&site, &["--format", "json"]).well().json();
    assert_eq!((&json["number"], &json["of"]), (&2.into(), &2.into()));
    counted(&["verify".as_ref(), folder.as_os_str()]).well();

    let elsewhere = tempfile::tempdir().unwrap();
    let changed = |number: usize, change: Change<'_>| {
        let own = elsewhere.path().join(number.to_string());
        copy(&site, &own);
        change(&own);
        verify_site(&own, &[])
    };
    let replaced = |file: &'static str, from: &'static str, to: &'static str| {
        move |own: &Path| {
            let text = fs_err::read_to_string(own.join(file)).unwrap();
            assert!(text.contains(from), "{file} has no {from}");
            fs_err::write(own.join(file), text.replacen(from, to, 1)).unwrap();
        }
    };
    // The foot of a page leads to the ledger, which lies beside it.
    let front = fs_err::read_to_string(site.join("index.html")).unwrap();
    assert!(front.contains("href=\"ledger.jsonl\"") && site.join("ledger.jsonl").is_file());
    let cases: [(Change<'_>, &str); 7] = [
        (
            &replaced("index.html", "<h1", "<h1 title=\"x\""),
            "a page was changed, added or removed",
        ),
        (
            &|own: &Path| fs_err::write(own.join("more.html"), "x").unwrap(),
            "a page was changed, added or removed",
        ),
        (
            &|own: &Path| fs_err::remove_file(own.join("who.html")).unwrap(),
            "a page was changed, added or removed",
        ),
        (
            &|own: &Path| fs_err::create_dir(own.join("any words at all")).unwrap(),
            "any words at all is an empty folder",
        ),
        (
            &replaced("data/counts.csv", "suppressed", "12"),
            "data/counts.csv is not the file that was released",
        ),
        (&replaced("ledger.jsonl", "hes/", "hez/"), "ledger entry"),
        (
            &replaced("data/manifest.json", "\"release\": \"", "\"release\": \"0"),
            "is not in the ledger",
        ),
    ];
    for (number, (change, wanted)) in cases.into_iter().enumerate() {
        let said = changed(number, change);
        assert_eq!(said.code, 4, "{wanted}: {}", said.words());
        assert!(said.words().contains(wanted), "{wanted}: {}", said.words());
    }
    // By a ledger from elsewhere, and the copy's own is still no place for other words. One that is shorter is an older one.
    let good = elsewhere.path().join("good.jsonl");
    fs_err::copy(site.join("ledger.jsonl"), &good).unwrap();
    let by_good = |ledger: &str| {
        let own = elsewhere.path().join("by good");
        copy(&site, &own);
        fs_err::write(own.join("ledger.jsonl"), ledger).unwrap();
        let said = verify_site(&own, &["--ledger", good.to_str().unwrap()]);
        fs_err::remove_dir_all(&own).unwrap();
        said
    };
    let whole = fs_err::read_to_string(&good).unwrap();
    let first = whole.split_inclusive('\n').next().unwrap();
    for known in [whole.as_str(), first] {
        by_good(known).well();
    }
    let said = by_good("anything\n");
    assert!(
        said.code == 4 && said.words().contains("is not the ledger that was given"),
        "{said:#?}"
    );
    // Keys of somebody else.
    let keys = elsewhere.path().join("keys.txt");
    fs_err::write(
        &keys,
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\n\
         3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c\n",
    )
    .unwrap();
    let said = verify_site(&site, &["--trusted", keys.to_str().unwrap()]);
    assert!(
        said.code == 4 && said.words().contains("is not signed by both trusted keys"),
        "{}",
        said.words()
    );
}

#[test]
fn a_figure_leads_to_the_run_and_to_the_rows_behind_it() {
    let study = shared::finished();
    let folder = study.folder();
    counted(&["publish".as_ref(), folder.as_os_str()]).well();
    let rows = study.beside("behind.csv");
    let follow = |figure: &str, more: &[&str]| {
        let mut call = vec![
            "verify",
            folder.to_str().unwrap(),
            "--figure",
            figure,
            "--format",
            "json",
        ];
        call.extend(more);
        counted(&call)
    };
    let said = follow("living,all,2025-12-31", &["--rows", rows.to_str().unwrap()])
        .well()
        .json();
    let (found, people) = (&said["counted"]["found"], &said["people"]);
    assert!(found == people && people.as_u64().unwrap() > 5, "{said}");
    let nearest_five = (people.as_u64().unwrap() + 2) / 5 * 5;
    assert_eq!(said["released"]["found"], nearest_five.to_string(), "{said}");
    assert_eq!(said["release"]["entry"], 1);
    // The file has these people and no others, each row a record that stands in a file of the study.
    let text = fs_err::read_to_string(&rows).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut persons = std::collections::BTreeSet::new();
    for row in reader.records() {
        let row = row.unwrap();
        persons.insert(row[0].to_owned());
        let (file, record) = row[3].rsplit_once('#').unwrap();
        assert!(study.at(file).is_file() && !record.is_empty(), "{row:?}");
    }
    assert_eq!(persons.len() as u64, people.as_u64().unwrap());
    let log = fs_err::read_to_string(study.at("state/audit.jsonl")).unwrap();
    assert!(
        log.lines().last().unwrap().contains("\"action\":\"figure\""),
        "{log}"
    );
    // The parts of a total lead to the people of the total.
    let parts: u64 = ["de_novo", "recurrent", "not_known"]
        .into_iter()
        .map(|kind| follow(&format!("living,all,2025-12-31,{kind}"), &[]))
        .filter(|said| said.code == 0)
        .map(|said| said.json()["people"].as_u64().unwrap())
        .sum();
    assert_eq!(parts, people.as_u64().unwrap());
    let said = follow("living,all,1920-12-31", &[]);
    assert!(
        said.code == 2 && said.words().contains("it has the periods 2019-12-31"),
        "{}",
        said.words()
    );
    // A place that is unknown is not the fault of the measure.
    let said = follow("living,Averlnd,2025-12-31", &[]);
    assert!(
        said.code == 2 && said.words().contains("no place `Averlnd`") && said.words().contains("`Averland`?"),
        "{}",
        said.words()
    );
    // A cell that no hospital has: what it has in that period is said, and the period is not blamed.
    let said = follow("living,SIM01,2025-12-31,all,female,all", &[]);
    assert!(
        said.code == 2
            && said.words().contains("in 2025-12-31 it has the kinds all")
            && said.words().contains("; the sexes all; "),
        "{}",
        said.words()
    );
    // The kind of a place may stand before it; of another kind there is none.
    let named = follow("living,country:all,2025-12-31", &[]).well().json();
    assert_eq!(named["people"], *people);
    assert_eq!(follow("living,nation:all,2025-12-31", &[]).code, 2);
    let said = follow(
        "living,all,2025-12-31",
        &["--rows", study.at("out/behind.csv").to_str().unwrap()],
    );
    assert_eq!(said.code, 5, "{}", said.words());
}

/// What the program itself put out and is lost is made by another run: nobody is told to write it again.
#[test]
fn what_a_run_put_out_and_is_lost_is_told_by_whoever_reads_it() {
    let study = shared::finished();
    let (folder, truth) = (study.folder(), study.at("truth"));
    let (folder, truth) = (folder.to_str().unwrap(), truth.to_str().unwrap());
    let verify = || counted(&["verify", folder]);
    let again = |said: &Ran| said.code == 4 && said.stderr.contains("run again");
    fs_err::remove_dir_all(study.at("out/site")).unwrap();
    let said = verify();
    assert!(again(&said) && said.stderr.contains("site"), "{said:#?}");
    let calls: [&[&str]; 7] = [
        &["explain", folder, "P00000001"],
        &["worklist", folder, "--organisation", "SIM01"],
        &["mdt", folder, "--organisation", "SIM01", "--since", "2020-01-01"],
        &["evaluate", folder, "--truth", truth],
        &["nurses", folder],
        &["estimate", "study", folder],
        &["outliers", folder],
    ];
    let tables = crate::nation::files_in(&study.at("out/tables"));
    let spoil = |how: &dyn Fn(&Path)| tables.iter().for_each(|table| how(table));
    let ways: [&dyn Fn(&Path); 2] = [
        &|table: &Path| fs_err::write(table, "").unwrap(),
        &|table: &Path| fs_err::remove_file(table).unwrap(),
    ];
    for how in ways {
        spoil(how);
        for call in calls {
            let said = counted(call);
            let told = said.stderr.contains("run again: `counted run STUDY`");
            assert!(
                again(&said) && told && !said.stderr.contains("leave it out"),
                "{call:?}: {said:#?}"
            );
        }
        let said = verify();
        assert!(again(&said) && !said.stderr.contains("leave it out"), "{said:#?}");
    }
    run(&study.folder(), &[]).well();
    verify().well();
    fs_err::remove_file(study.at("out/run.json")).unwrap();
    for call in [&["estimate", "study", folder][..], &["outliers", folder]] {
        let said = counted(call);
        assert!(
            said.code == 2 && said.stderr.contains("run again: `counted run STUDY`"),
            "{call:?}: {said:#?}"
        );
    }
}

/// Tables of one day are not told of as those of another.
#[test]
fn what_was_run_by_other_settings_is_not_read_by_those_of_today() {
    let study = Study::tiny();
    let folder = study.folder();
    run(&folder, &[]).well();
    let folder = folder.to_str().unwrap();
    let calls: [&[&str]; 5] = [
        &["worklist", folder, "--organisation", "RTH"],
        &["mdt", folder, "--organisation", "RTH", "--since", "2020-01-01"],
        &["outliers", folder],
        &["evaluate", folder, "--truth", folder],
        &["verify", folder, "--figure", "living,all,2025-12-31"],
    ];
    let text = fs_err::read_to_string(study.at("study.toml")).unwrap();
    for (from, to, named) in [
        ("as_of = 2025-12-31", "as_of = 2026-01-31", "(`as_of`)"),
        (
            "[2019-01-01, 2025-12-31]",
            "[2020-01-01, 2025-12-31]",
            "(`period`)",
        ),
    ] {
        study.write("study.toml", text.replacen(from, to, 1));
        for call in calls {
            let said = counted(call);
            let told = said.words().contains("changed since the last run") && said.words().contains(named);
            assert!(said.code == 2 && told, "{call:?}: {said:#?}");
        }
    }
    study.write("study.toml", text);
    for call in calls.into_iter().take(3) {
        counted(call).well();
    }
}
