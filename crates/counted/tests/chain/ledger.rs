//! What calls itself approved is signed, and what was released is never forgotten.

use std::path::Path;

use crate::program::{Ran, counted, run};
use crate::{shared, tree};

fn publish(folder: &Path) -> Ran {
    counted(&["publish".as_ref(), folder.as_os_str()])
}

fn verify(folder: &Path) -> Ran {
    counted(&["verify".as_ref(), folder.as_os_str()])
}

fn lines(path: &Path) -> Vec<String> {
    let text = fs_err::read_to_string(path).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// The id of the release in place, and whether it calls itself approved.
fn in_place(folder: &Path) -> (String, bool) {
    let text = fs_err::read(folder.join("out/release/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&text).unwrap();
    (
        manifest["release"].as_str().unwrap().to_owned(),
        manifest["approved"].as_bool().unwrap(),
    )
}

#[test]
fn no_release_is_approved_in_place_before_it_is_signed() {
    let study = shared::finished();
    let folder = study.folder();
    let former = study.beside("former");
    tree::copy(&folder, &former);
    let released = study.at("released");
    // Where its files cannot be kept, or a part of the ledger cannot be written, nothing becomes approved.
    let hindered = [
        (&released, 0),
        (&study.at("ledger-confidential.writing"), 0),
        (&study.at("ledger.writing"), 1),
    ];
    for (number, (place, left)) in hindered.into_iter().enumerate() {
        if number == 0 {
            fs_err::write(place, "").unwrap();
        } else {
            fs_err::create_dir(place).unwrap();
        }
        let failed = publish(&folder);
        assert_eq!(failed.code, if number == 0 { 4 } else { 70 }, "{failed:#?}");
        assert!(!in_place(&folder).1, "{}: {failed:#?}", place.display());
        tree::assert_same(
            &former.join("out"),
            &study.at("out"),
            "a release that nobody signed",
        );
        assert!(!study.at("ledger.jsonl").exists());
        assert_eq!(lines(&study.at("ledger-confidential.jsonl")).len(), left);
        if number == 0 {
            // What is no folder may stand for one that is lost.
            let said = verify(&folder);
            assert!(
                said.code == 4 && said.words().contains("is no folder"),
                "{said:#?}"
            );
            fs_err::remove_file(place).unwrap();
        } else {
            fs_err::remove_dir(place).unwrap();
        }
        verify(&folder).well();
    }
    publish(&folder).well();
    verify(&folder).well();
    let (id, approved) = in_place(&folder);
    assert!(approved && released.join(&id).join("manifest.json").is_file());
    assert_eq!(fs_err::read_dir(&released).unwrap().count(), 1);
    // Killed after the ledger was written and before the pages took their place, with the files kept or not: the former
    // output stands, and the next run puts out what was signed.
    for with in [&["released"][..], &[]] {
        let killed = study.beside("killed");
        tree::copy(&former, &killed);
        for file in ["ledger.jsonl", "ledger-confidential.jsonl"] {
            fs_err::copy(study.at(file), killed.join(file)).unwrap();
        }
        for part in with {
            tree::copy(&study.at(part), &killed.join(part));
        }
        verify(&killed).well();
        assert!(!in_place(&killed).1);
        run(&killed, &[]).well();
        tree::assert_same(&study.at("out"), &killed.join("out"), "after a kill");
        tree::assert_same(&released, &killed.join("released"), "after a kill");
        verify(&killed).well();
        fs_err::remove_dir_all(&killed).unwrap();
    }
    // Whoever loses the ledger is told that these pages have no signature.
    for file in ["ledger.jsonl", "ledger-confidential.jsonl"] {
        fs_err::remove_file(study.at(file)).unwrap();
    }
    fs_err::remove_dir_all(&released).unwrap();
    for words in [
        "has entries that ledger.jsonl does not have",
        "calls itself approved",
    ] {
        for said in [verify(&folder), run(&folder, &[])] {
            assert!(
                said.code == 4 && said.words().contains(words),
                "{words}: {said:#?}"
            );
        }
        // Without the copy beside the pages either, the release itself tells.
        fs_err::write(study.at("out/site/ledger.jsonl"), "").unwrap();
    }
}

#[test]
fn what_calls_itself_approved_is_what_was_signed() {
    let study = shared::finished();
    let folder = study.folder();
    publish(&folder).well();
    let (signed, approved) = in_place(&folder);
    assert!(approved);
    // The same figures with a word that nobody signed are no approved release.
    let text =
        "organisation,date,text,read_by_1,read_by_2\nSIM01,2026-01-05,Nobody signed this.,A. One,B. Two\n";
    study.write("responses.csv", text);
    let ran = run(&folder, &[]).well();
    assert!(ran.stdout.contains("The site (unapproved): "), "{ran:#?}");
    let said = fs_err::read_to_string(study.at("out/site/hospitals/SIM01.html")).unwrap();
    assert!(said.contains("Nobody signed this.") && !in_place(&folder).1);
    verify(&folder).well();
    // Without it, the pages are those that were signed.
    fs_err::remove_file(study.at("responses.csv")).unwrap();
    let ran = run(&folder, &[]).well();
    assert!(ran.stdout.contains("The site (approved): "), "{ran:#?}");
    assert_eq!(in_place(&folder), (signed, true));
    verify(&folder).well();
    // `run.json` is signed by nobody, so what it says of a released file or of the pages is not enough.
    type Change<'a> = &'a dyn Fn(&Path);
    let forged: [(Change<'_>, &str); 4] = [
        (
            &|out| {
                let table = out.join("release/counts.csv");
                let text = fs_err::read_to_string(&table).unwrap();
                fs_err::write(&table, text.replacen(",5,", ",10,", 1)).unwrap();
            },
            "release/counts.csv is not what was signed",
        ),
        // The table as it was before it was protected.
        (
            &|out| {
                let table = out.join("release/counts.parquet");
                fs_err::remove_file(&table).unwrap();
                fs_err::copy(out.join("tables/counts.parquet"), &table).unwrap();
            },
            "release/counts.parquet is not what was signed",
        ),
        (
            &|out| fs_err::write(out.join("release/more.csv"), "more").unwrap(),
            "release/more.csv was not signed",
        ),
        // Pages that call themselves approved, beside a release that no longer does.
        (
            &|out| {
                let (page, manifest) = (out.join("site/index.html"), out.join("release/manifest.json"));
                let html = fs_err::read_to_string(&page).unwrap();
                fs_err::write(&page, html.replacen("<h1", "<h1 title=\"3 men\"", 1)).unwrap();
                let text = fs_err::read_to_string(&manifest).unwrap();
                let text = text.replacen("\"approved\": true", "\"approved\": false", 1);
                fs_err::write(&manifest, text).unwrap();
            },
            "release/manifest.json is not what was signed",
        ),
    ];
    for (change, wanted) in forged {
        let copy = study.beside("changed");
        tree::copy(&folder, &copy);
        let out = copy.join("out");
        change(&out);
        let run_json = out.join("run.json");
        let mut said: serde_json::Value = serde_json::from_slice(&fs_err::read(&run_json).unwrap()).unwrap();
        for entry in fs_err::read_dir(out.join("release")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let hash = blake3::hash(&fs_err::read(&path).unwrap());
            said["release"][name] = hash.to_hex().to_string().into();
        }
        said["site"] = study::site_hash(&out.join("site")).unwrap().into();
        fs_err::write(&run_json, said.to_string()).unwrap();
        let found = verify(&copy);
        assert!(
            found.code == 4 && found.words().contains(wanted),
            "{wanted}: {found:#?}"
        );
        fs_err::remove_dir_all(&copy).unwrap();
    }
    // What a link leads to can be changed after it was checked.
    #[cfg(unix)]
    {
        let page = study.at("out/site/index.html");
        fs_err::rename(&page, study.beside("elsewhere.html")).unwrap();
        fs_err::os::unix::fs::symlink(study.beside("elsewhere.html"), &page).unwrap();
        let found = verify(&folder);
        assert!(
            found.code == 4 && found.words().contains("is a link"),
            "{found:#?}"
        );
    }
}

#[test]
fn a_ledger_that_was_cut_is_not_unbroken() {
    let study = shared::finished();
    let folder = study.folder();
    for name in ["one", "two", "three"] {
        let text = fs_err::read_to_string(study.at("study.toml")).unwrap();
        let named: Vec<String> = text
            .lines()
            .map(|line| match line.starts_with("name = ") {
                true => format!("name = \"Study {name}\""),
                false => line.to_owned(),
            })
            .collect();
        study.write("study.toml", named.join("\n"));
        publish(&folder).well();
    }
    verify(&folder).well();
    let (public, last) = (lines(&study.at("ledger.jsonl")), in_place(&folder).0);
    assert_eq!(public.len(), 3);
    let confidential = lines(&study.at("ledger-confidential.jsonl"));
    let text = |lines: &[String]| -> String { lines.iter().map(|line| format!("{line}\n")).collect() };
    let cut = |left: usize, both: bool, forget: bool| {
        let copy = study.beside("cut");
        tree::copy(&folder, &copy);
        fs_err::write(copy.join("ledger.jsonl"), text(&public[..left])).unwrap();
        if both {
            fs_err::write(
                copy.join("ledger-confidential.jsonl"),
                text(&confidential[..left]),
            )
            .unwrap();
        }
        if forget {
            fs_err::remove_dir_all(copy.join("released")).unwrap();
        }
        let (verified, ran) = (verify(&copy), run(&copy, &[]));
        fs_err::remove_dir_all(&copy).unwrap();
        (verified, ran)
    };
    for left in 0..3 {
        for forget in [false, true] {
            for both in [false, true] {
                let words = match (left, both, forget) {
                    // One line more in the confidential part alone may be what a killed program left.
                    (_, true, true) | (2, false, true) => "has entries that ledger.jsonl does not have",
                    (2, _, false) => &last,
                    (_, true, false) => "was released, and ledger.jsonl has no entry of it",
                    (_, false, _) => "was cut off",
                };
                let (verified, ran) = cut(left, both, forget);
                for said in [verified, ran] {
                    let told = said.code == 4 && said.words().contains(words);
                    assert!(told, "{left} {both} {forget}, {words}: {said:#?}");
                }
            }
        }
    }
    // What is signed is also written as it was.
    fs_err::write(study.at("ledger.jsonl"), text(&public).replace('\n', "\r\n")).unwrap();
    let said = verify(&folder);
    assert!(
        said.code == 4 && said.words().contains("is not written as it was"),
        "{said:#?}"
    );
    fs_err::write(study.at("ledger.jsonl"), text(&public)).unwrap();
    // So is what only its holders can check.
    let whole = text(&confidential);
    for other in [whole.replace('\n', "\r\n"), whole.trim_end().to_owned()] {
        fs_err::write(study.at("ledger-confidential.jsonl"), other).unwrap();
        let said = verify(&folder);
        assert!(
            said.code == 4 && said.words().contains("confidential part"),
            "{said:#?}"
        );
    }
    fs_err::write(study.at("ledger-confidential.jsonl"), whole).unwrap();
    // A disk that is gone is no leave to forget what lies there.
    #[cfg(unix)]
    {
        let (released, away) = (study.at("released"), study.beside("away"));
        fs_err::rename(&released, &away).unwrap();
        fs_err::os::unix::fs::symlink("/nowhere", &released).unwrap();
        for said in [verify(&folder), run(&folder, &[])] {
            assert!(
                said.code == 4 && said.words().contains("is no folder"),
                "{said:#?}"
            );
        }
        fs_err::remove_file(&released).unwrap();
        fs_err::rename(&away, &released).unwrap();
    }
    // Files that are kept of a release are those that were released, and no others.
    for file in ["counts.csv", "more.csv"] {
        let place = study.at(&format!("released/{last}/{file}"));
        let before = fs_err::read(&place).ok();
        fs_err::write(&place, "another").unwrap();
        let said = verify(&folder);
        let words = format!("{file} is not what was released");
        assert!(said.code == 4 && said.words().contains(&words), "{said:#?}");
        match before {
            Some(bytes) => fs_err::write(&place, bytes).unwrap(),
            None => fs_err::remove_file(&place).unwrap(),
        }
    }
    let more = study.at(&format!("released/{last}/more"));
    fs_err::create_dir(&more).unwrap();
    let said = verify(&folder);
    assert!(
        said.code == 4 && said.words().contains("more/ is not what was released"),
        "{said:#?}"
    );
    fs_err::remove_dir(&more).unwrap();
    verify(&folder).well();
    // Whoever can read the keys can sign.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let keys = ["1", "2", "3"].map(|digit| digit.repeat(64)).join("\n");
        study.write("ledger-keys.txt", &keys);
        let place = study.at("ledger-keys.txt");
        fs_err::set_permissions(&place, std::fs::Permissions::from_mode(0o640)).unwrap();
        let said = publish(&folder);
        assert!(said.code == 5 && said.words().contains("chmod 600"), "{said:#?}");
    }
}

/// What the program advises after a demonstration was published: keys of one's own, and how a ledger begins with them.
#[test]
fn keys_of_ones_own_begin_a_ledger_of_their_own() {
    let study = shared::finished();
    let folder = study.folder();
    publish(&folder).well();
    let keys = ["1", "2", "3"].map(|digit| digit.repeat(64)).join("\n");
    study.write("ledger-keys.txt", &keys);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let owner = std::fs::Permissions::from_mode(0o600);
        fs_err::set_permissions(study.at("ledger-keys.txt"), owner).unwrap();
    }
    for (said, code) in [
        (run(&folder, &[]), 2),
        (publish(&folder), 2),
        (verify(&folder), 4),
    ] {
        let told = said.words().contains("signed with the keys of the demonstration")
            && said.words().contains("released/ and out/ aside");
        assert!(said.code == code && told, "{said:#?}");
    }
    let aside = study.beside("aside");
    fs_err::create_dir(&aside).unwrap();
    for name in ["ledger.jsonl", "ledger-confidential.jsonl", "released", "out"] {
        fs_err::rename(study.at(name), aside.join(name)).unwrap();
    }
    run(&folder, &[]).well();
    publish(&folder).well();
    verify(&folder).well();
    let entries = lines(&study.at("ledger.jsonl"));
    assert!(
        entries.len() == 1 && !entries[0].contains("Demonstration"),
        "{entries:?}"
    );
}
