//! One hospital never sees another's people: every row of every work list of a nation, compared with who sent what.
//!
//! Who sent what is read again here from the files themselves, by readers that know nothing of ours.

use std::collections::{BTreeMap, BTreeSet};

use crate::accounts::inputs;
use crate::nation::Study;
use crate::program::counted;
use crate::{shared, tree};

/// What one record says of its sender and of a person.
#[derive(Default)]
struct Sent {
    organisation: String,
    /// Local identifier, number, family name, given name, birth date.
    person: [String; 5],
}

/// The columns of each kind of table: who sent it, then the person's. Registrations and death records are sent by others
/// than the hospital that they name.
const TABLES: [(&str, &str, [&str; 5]); 5] = [
    (
        "sact.csv",
        "Organisation_Identifier_(Code_Of_Provider)",
        [
            "Local_Patient_Identifier",
            "NHS_Number",
            "Person_Family_Name",
            "Person_Given_Name",
            "Date_Of_Birth",
        ],
    ),
    (
        "rtds.csv",
        "ORGCODEPROVIDER",
        ["", "NHS_NUMBER", "", "", "DATE_OF_BIRTH"],
    ),
    (
        "cwt.csv",
        "ORGANISATION_TREATMENT",
        ["", "NHS_NUMBER", "", "", "DATE_OF_BIRTH"],
    ),
    (
        "form.csv",
        "ORGANISATION",
        [
            "LOCAL_ID",
            "NHS_NUMBER",
            "FAMILY_NAME",
            "GIVEN_NAME",
            "BIRTH_DATE",
        ],
    ),
    ("admissions/", "PROCODE", ["", "NEWNHSNO", "", "", "DOB"]),
];

/// Every record that some hospital sent, by its id.
fn sent(study: &Study) -> BTreeMap<String, Sent> {
    let mut all = BTreeMap::new();
    for (name, text) in inputs(study) {
        if name.ends_with(".xml") {
            // Whatever stands between one id and the next is said of the first.
            for record in text.split("<Id root=\"").skip(1) {
                let id = record.split('"').next().unwrap();
                let one = |names: [&str; 2]| {
                    names
                        .iter()
                        .find_map(|name| element(record, name))
                        .unwrap_or_default()
                };
                let sent = Sent {
                    organisation: one(["OrganisationIdentifierCodeOfProvider"; 2]),
                    person: [
                        one(["LocalPatientIdentifier", "LocalPatientIdExtended"]),
                        one(["NhsNumber", "NHSNumber"]),
                        one(["PersonFamilyName"; 2]),
                        one(["PersonGivenName"; 2]),
                        one(["PersonBirthDate", "Birthdate"]),
                    ],
                };
                all.insert(format!("{name}#{id}"), sent);
            }
            continue;
        }
        let Some((_, organisation, person)) = TABLES.iter().find(|(table, ..)| name.starts_with(table))
        else {
            continue;
        };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        // Older years of admissions say `PROCODE5`.
        let is = |own: &str, column: &str| own == column || (column == "PROCODE" && own == "PROCODE5");
        let place = |column: &str| header.iter().position(|own| is(own, column));
        for (row, record) in reader.into_records().enumerate() {
            let record = record.unwrap();
            let cell = |column: &str| {
                place(column)
                    .and_then(|at| record.get(at))
                    .unwrap_or_default()
                    .to_owned()
            };
            let sent = Sent {
                organisation: cell(organisation),
                person: person.map(cell),
            };
            all.insert(format!("{name}#{}", row + 1), sent);
        }
    }
    all
}

/// What an element says, as an attribute or as text.
fn element(record: &str, name: &str) -> Option<String> {
    let (_, rest) = record.split_once(&format!("<{name}"))?;
    let (tag, after) = rest.split_once('>')?;
    let value = match tag.split_once('"') {
        Some((_, value)) => value.split('"').next()?,
        None => {
            // A name may stand in an element of its own.
            let inner = after.trim_start();
            let inner = ["<family>", "<given>"]
                .iter()
                .find_map(|tag| inner.strip_prefix(tag));
            let text = inner.unwrap_or(after);
            match text.strip_prefix("<![CDATA[") {
                Some(data) => data.split("]]>").next()?,
                None => text.split('<').next()?,
            }
        }
    };
    Some(value.trim().replace("&apos;", "'").replace("&amp;", "&"))
}

/// The trust of each code: its own, its sites', and those of whom it took over.
struct Trusts(Vec<(String, String)>);

impl Trusts {
    fn read(study: &Study) -> Self {
        let text = fs_err::read_to_string(study.at("organisations.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let column = reader
            .headers()
            .unwrap()
            .iter()
            .position(|name| name == "predecessors")
            .unwrap();
        let mut codes = Vec::new();
        for row in reader.records() {
            let row = row.unwrap();
            codes.push((row[0].to_owned(), row[0].to_owned()));
            codes.extend(
                row[column]
                    .split(';')
                    .map(str::trim)
                    .filter(|before| !before.is_empty())
                    .map(|before| (before.to_owned(), row[0].to_owned())),
            );
        }
        Self(codes)
    }

    fn of(&self, code: &str) -> Option<&str> {
        let own = self.0.iter().find(|(own, _)| code.starts_with(own.as_str()));
        own.map(|(_, trust)| trust.as_str())
    }

    fn all(&self) -> BTreeSet<&str> {
        self.0.iter().map(|(_, trust)| trust.as_str()).collect()
    }
}

/// A birth date in whichever of the forms of the files, as a list writes it.
fn iso(date: &str) -> String {
    let months = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ];
    let parts: Vec<&str> = date.split('-').collect();
    match (&parts[..], date.len()) {
        ([day, month, year], 11) => {
            let month = months.iter().position(|own| own == month).unwrap() + 1;
            format!("{year}-{month:02}-{day}")
        }
        ([_], 8) => format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]),
        _ => date.chars().take(10).collect(),
    }
}

/// A cell of a list and of a file, so that the two compare.
fn plain(at: usize, value: &str) -> String {
    match at {
        1 => value.replace(' ', ""),
        4 => iso(value),
        _ => value.trim().to_uppercase(),
    }
}

/// Whom each trust sent a sign of: person and trust.
fn signs(study: &Study, trusts: &Trusts) -> BTreeSet<(String, String)> {
    let columns = ["person_id", "source", "organisation"];
    let rows = tree::rows(&study.at("out/tables/evidence.parquet"), &columns);
    let mut signs = BTreeSet::new();
    for row in rows {
        let [person, source, body] = &row[..] else {
            continue;
        };
        let sent_by_it = !matches!(source.as_deref(), Some("registrations" | "deaths"));
        if let Some(trust) = body
            .as_deref()
            .and_then(|body| trusts.of(body))
            .filter(|_| sent_by_it)
        {
            signs.insert((person.clone().unwrap(), trust.to_owned()));
        }
    }
    signs
}

/// The people who were found and not recorded, and whose case each is.
fn missing(study: &Study) -> BTreeMap<String, String> {
    let mut missing = BTreeMap::new();
    for batch in engine::TableReader::open(&study.at("out/tables/cases.parquet")).unwrap() {
        let batch = batch.unwrap();
        let person = batch.text("person_id").unwrap();
        let (recorded, counted) = (batch.flag("recorded").unwrap(), batch.flag("counted").unwrap());
        let body = batch.text("organisation").unwrap();
        let those = (0..batch.rows())
            .filter(|row| recorded.get(*row) == Some(false) && counted.get(*row) == Some(true));
        missing.extend(those.map(|row| {
            let body = body.get(row).unwrap_or_default();
            (person.get(row).unwrap().to_owned(), body.to_owned())
        }));
    }
    missing
}

/// A list says what it is for, only its owner may read it, no cell of it is a formula, and the log tells who had it.
fn is_for_its_owner_only(study: &Study, trust: &str, told: &serde_json::Value, list: &str) {
    let begins = "For checking records.";
    assert!(told["notice"].as_str().unwrap().starts_with(begins));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let list = fs_err::metadata(study.at(&format!("worklists/{trust}.csv"))).unwrap();
        assert_eq!(list.permissions().mode() & 0o777, 0o600);
    }
    for row in csv::Reader::from_reader(list.as_bytes()).records() {
        let row = row.unwrap();
        assert!(row[0].starts_with(begins), "{row:?}");
        assert!(
            row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])),
            "a formula"
        );
    }
    let log = fs_err::read_to_string(study.at("state/audit.jsonl")).unwrap();
    assert!(log.lines().last().unwrap().contains(trust), "{log}");
    assert!(
        !study.at("state/work").exists(),
        "working files hold rows of persons and are left"
    );
}

#[test]
fn every_row_of_every_list_is_of_somebody_whose_record_the_hospital_sent() {
    let study = shared::finished();
    let (sent, trusts, missing) = (sent(&study), Trusts::read(&study), missing(&study));
    let signs = signs(&study, &trusts);
    let mut by_trust: BTreeMap<(String, String), Vec<&Sent>> = BTreeMap::new();
    for row in tree::rows(
        &study.at("out/tables/persons.parquet"),
        &["record_id", "person_id"],
    ) {
        let (record, person) = (row[0].clone().unwrap(), row[1].clone().unwrap());
        if let Some(sent) = sent.get(&record)
            && let Some(trust) = trusts.of(&sent.organisation)
        {
            by_trust.entry((trust.to_owned(), person)).or_default().push(sent);
        }
    }
    let (mut rows, mut shown, mut elsewhere, mut days, mut months) = (0, 0, 0, 0, 0);
    for trust in trusts.all() {
        let told = counted(&[
            "worklist",
            study.folder().to_str().unwrap(),
            "--organisation",
            trust,
            "--format",
            "json",
        ]);
        let told = told.well().json();
        let earlier = told["before_own_records"].as_u64().unwrap();
        let list = fs_err::read_to_string(study.at(&format!("worklists/{trust}.csv"))).unwrap();
        is_for_its_owner_only(&study, trust, &told, &list);
        let mut listed = BTreeSet::new();
        for row in csv::Reader::from_reader(list.as_bytes()).records() {
            let row = row.unwrap();
            let person = &row[1];
            assert!(listed.insert(person.to_owned()), "{person} twice for {trust}");
            let own = by_trust.get(&(trust.to_owned(), person.to_owned()));
            let own = own.unwrap_or_else(|| panic!("{trust} sent no record of {person}"));
            for (at, cell) in row
                .iter()
                .skip(2)
                .take(5)
                .enumerate()
                .filter(|(_, cell)| !cell.is_empty())
            {
                let says = own
                    .iter()
                    .any(|sent| plain(at, &sent.person[at]) == plain(at, cell));
                assert!(says, "{person}: no record of {trust} has this cell {at}");
                shown += 1;
            }
            for record in row[10].split("; ").filter(|words| !words.is_empty()) {
                let id = record.rsplit_once(" (").unwrap().1.strip_suffix(')').unwrap();
                assert_eq!(trusts.of(&sent[id].organisation), Some(trust), "{person}: {id}");
            }
            for words in row[11].split("; ").filter(|words| !words.is_empty()) {
                let month = words.rsplit_once(' ').unwrap().1;
                // No day, no record, no hospital.
                let alike = month == "date" || month.len() == 7;
                let body = words.contains("SIM") || words.contains('#');
                assert!(alike && !body, "{person}: {words}");
                elsewhere += 1;
            }
            // The day of a case only where a record of its own has it, and no site where none is its own.
            let own_day = row[10].split("; ").any(|words| words.contains(&row[13]));
            assert!(
                row[13].len() == 7 || own_day,
                "{person}: {} of {}",
                &row[13],
                &row[10]
            );
            assert!(
                !row[10].is_empty() || row[15].is_empty(),
                "{person}: {}",
                &row[15]
            );
            assert!(
                !row[10].is_empty() || &row[8] == "yours",
                "{person}: none of its business"
            );
            assert_eq!(&row[19], trust);
            (days, months) = (days + usize::from(own_day), months + usize::from(!own_day));
            rows += 1;
        }
        // Nobody is left out either of whom it sent a record, and whose case is its own or who has a sign in its records, but
        // those, counted, of before its COSD.
        let concerns =
            |person: &String| missing[person] == trust || signs.contains(&(person.clone(), trust.to_owned()));
        let of_trust = by_trust
            .keys()
            .filter(|(own, person)| own == trust && missing.contains_key(person) && concerns(person));
        let wanted: BTreeSet<String> = of_trust.map(|(_, person)| person.clone()).collect();
        assert!(listed.is_subset(&wanted), "{trust}");
        assert_eq!((wanted.len() - listed.len()) as u64, earlier, "{trust}");
    }
    assert!(
        rows > 20 && shown > 2 * rows && elsewhere > rows && days > 0 && months > 0,
        "{rows} rows, {shown} cells, {elsewhere} elsewhere, {days} days, {months} months"
    );
}
