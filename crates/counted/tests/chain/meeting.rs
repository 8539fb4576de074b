//! `counted mdt`: who is named, for whose eyes, and what leaves a trace.

use std::collections::BTreeSet;

use vocabulary::organisation::{Registry, Resolved};

use crate::nation::Study;
use crate::program::counted;
use crate::shared;

const SINCE: &str = "2019-06-01";
/// Hospitals with people on their lists, of the nation that is shared: few are on the lists of so small a one.
const LISTED: [&str; 5] = ["SIM16", "SIM17", "SIM24", "SIM25", "SIM35"];

/// The numbers that an organisation has sent in COSD, SACT or admissions: the only people whom it may see named.
fn sent_by(study: &Study, code: &str) -> BTreeSet<String> {
    let organisations = fs_err::read_to_string(study.at("organisations.csv")).unwrap();
    let registry = Registry::from_csv(&organisations).unwrap();
    // A trust that took others over answers for what they sent.
    let its_own = |sender: Option<&str>| match sender.map(|sender| registry.resolve(sender)) {
        Some(Resolved::Known(body)) => body.code == code,
        _ => false,
    };
    let intake = fs_err::read_dir(study.at("state/stages/intake")).unwrap();
    let mut found = BTreeSet::new();
    for made in intake {
        let identities = made.unwrap().path().join("identities");
        if !identities.is_dir() {
            continue;
        }
        for batch in engine::TableReader::open(&identities).unwrap() {
            let batch = batch.unwrap();
            let text = |name: &str| batch.text(name).unwrap();
            let (organisation, source, number) =
                (text("organisation"), text("source"), text("number_as_sent"));
            for row in 0..batch.rows() {
                let by_others = ["registrations", "deaths"].map(Some).contains(&source.get(row));
                if its_own(organisation.get(row)) && !by_others {
                    found.extend(number.get(row).map(|number| number.replace(' ', "")));
                }
            }
        }
    }
    found
}

#[test]
fn a_list_for_a_meeting_names_only_people_whom_the_organisation_has_sent() {
    let study = shared::finished();
    let folder = study.folder();
    let (mut named, mut complex) = (0, 0);
    for code in LISTED {
        let print = study.beside(&format!("{code}.html"));
        let said = counted(&[
            "mdt",
            folder.to_str().unwrap(),
            "--organisation",
            code,
            "--since",
            SINCE,
            "--print",
            print.to_str().unwrap(),
            "--format",
            "json",
        ])
        .well()
        .json();
        assert!(
            said["notice"]
                .as_str()
                .unwrap()
                .starts_with("For preparing a team meeting.")
        );
        let list = study.at(&format!("meetings/{code}.csv"));
        let text = fs_err::read_to_string(&list).unwrap();
        let page = fs_err::read_to_string(&print).unwrap();
        assert!(page.matches("<section>").count() == 2 && !page.contains("<script"));
        let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(text.as_bytes())
            .into_records()
            .map(Result::unwrap)
            .collect();
        let own = sent_by(&study, code);
        for row in &rows {
            assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
            let number = row[4].replace(' ', "");
            assert!(
                number.is_empty() || own.contains(&number),
                "{code} is told of somebody else's"
            );
            assert_eq!(&row[1] == "complex", !row[9].is_empty(), "{row:?}");
            assert!(!row[8].is_empty(), "nobody is listed without an occasion");
        }
        assert_eq!(
            rows.len() as u64,
            said["complex"].as_u64().unwrap() + said["standard_plan"].as_u64().unwrap()
        );
        named += rows.len();
        complex += said["complex"].as_u64().unwrap();
        #[cfg(unix)]
        for file in [&list, &print] {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs_err::metadata(file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let log = fs_err::read_to_string(study.at("state/audit.jsonl")).unwrap();
        let last = log.lines().last().unwrap();
        assert!(last.contains("\"mdt\"") && last.contains(code), "{last}");
    }
    assert!(
        named > 0 && complex > 0,
        "{named} named, {complex} of them complex"
    );
    assert!(!study.at("state/work").exists(), "working files are left");
}
