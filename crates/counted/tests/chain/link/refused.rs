//! Calls, settings, models and files that cannot be used: the exit code, the words, and nothing changed.

use crate::program::Ran;

use super::people::{Desk, csv, twice};

/// A value that stands in cells and may stand in no message.
const CANARY: &str = "ZZQCANARYSON";

/// Nothing of a cell is said, and no file is left behind or changed.
fn assert_quiet(desk: &Desk, ran: &Ran, files: usize) {
    assert!(!ran.words().to_uppercase().contains(CANARY), "{ran:#?}");
    assert_eq!(desk.read("out.csv"), "former");
    assert_eq!(
        fs_err::read_dir(desk.folder()).unwrap().count(),
        files,
        "a file was left behind"
    );
}

fn all(desk: &Desk, calls: &[(&str, &str)], code: i32) -> String {
    let mut seen = String::new();
    desk.write("out.csv", "former");
    let files = fs_err::read_dir(desk.folder()).unwrap().count();
    for (name, call) in calls {
        let ran = desk.link(call);
        assert_eq!(ran.code, code, "{name}: {ran:#?}");
        assert_eq!(ran.stdout, "", "{name}");
        assert_quiet(desk, &ran, files);
        let said = ran.stderr.replace(&format!("{}/", desk.folder().display()), "");
        seen += &format!("{name}\n{said}\n");
    }
    seen
}

#[test]
fn files_that_cannot_be_used_end_with_3() {
    let desk = Desk::new();
    let people = csv(&twice(60)).replace("Anna", CANARY);
    let (head, rows) = people.split_once('\n').unwrap();
    desk.write("people.csv", &people);
    desk.write("empty.csv", "");
    desk.write("header.csv", format!("{head}\n"));
    desk.write("nameless.csv", rows);
    desk.write(
        "twice.csv",
        format!("{people}R0-3,{CANARY},Jagger,1950-01-01,Leeds,LS1 1AB\n"),
    );
    desk.write(
        "blank.csv",
        format!("{people},{CANARY},Jagger,1950-01-01,Leeds,LS1 1AB\n"),
    );
    desk.write(
        "few.csv",
        format!("{head}\nR1,{CANARY},Jagger,1950-01-01,Leeds,LS1 1AB\n"),
    );
    desk.write("open.csv", format!("{people}R1,\"{CANARY},Jagger"));
    desk.write("people.xml", format!("<people>{CANARY}</people>"));
    desk.write("people.xlsx", b"PK\x03\x04");
    desk.write("people.parquet", b"PAR1 and nothing more");
    fs_err::create_dir(desk.at("folder")).unwrap();
    let calls = [
        ("not there", "none.csv --output out.csv"),
        ("a folder", "folder --output out.csv"),
        ("empty", "empty.csv --output out.csv"),
        ("headings only", "header.csv --output out.csv"),
        ("no headings", "nameless.csv --output out.csv"),
        ("no such id column", "people.csv --id number --output out.csv"),
        ("one id twice", "twice.csv --output out.csv"),
        ("one id in two files", "people.csv blank.csv --output out.csv"),
        ("an id is blank", "blank.csv --output out.csv"),
        ("too few to learn from", "few.csv --output out.csv"),
        ("a quote is not closed", "open.csv --output out.csv"),
        ("XML", "people.xml --output out.csv"),
        ("a spreadsheet", "people.xlsx --output out.csv"),
        ("broken Parquet", "people.parquet --output out.csv"),
        ("no rows to train on", "--train header.csv --model model.json"),
    ];
    insta::assert_snapshot!("files", all(&desk, &calls, 3));
}

#[test]
fn calls_and_settings_that_are_wrong_end_with_2() {
    let desk = Desk::new();
    desk.write("people.csv", csv(&twice(60)).replace("Anna", CANARY));
    for (name, text) in [
        ("broken.toml", "[[field]\n"),
        ("kind.toml", "[[field]]\ncolumn = \"town\"\nkind = \"place\"\n"),
        ("column.toml", "[[field]]\ncolumn = \"city\"\nkind = \"text\"\n"),
        ("key.toml", "[decide]\nacept = 0.9\n"),
        ("accept.toml", "[decide]\naccept = 1.5\n"),
        ("cap.toml", "[blocking]\ncap = 0\n"),
        ("rule.toml", "[blocking]\nrules = [\"dob + city\"]\n"),
        ("part.toml", "[blocking]\nrules = [\"surname.year\"]\n"),
        ("none.toml", "[[field]]\ncolumn = \"town\"\nkind = \"ignore\"\n"),
    ] {
        desk.write(name, text);
    }
    let calls = [
        ("nothing asked for", "people.csv"),
        ("no model to write", "--train people.csv"),
        ("written over the input", "people.csv --output people.csv"),
        ("one name for two", "people.csv --output new.csv --pairs new.csv"),
        ("no such folder", "people.csv --output nowhere/new.csv"),
        ("a folder to write", "people.csv --output ."),
        ("no probability", "people.csv --output out.csv --threshold 0"),
        (
            "no probability of pairs",
            "people.csv --pairs out.csv --pairs-from 2",
        ),
        (
            "settings not there",
            "people.csv --settings absent.toml --output out.csv",
        ),
        ("no TOML", "people.csv --settings broken.toml --output out.csv"),
        ("no such kind", "people.csv --settings kind.toml --output out.csv"),
        (
            "no such column",
            "people.csv --settings column.toml --output out.csv",
        ),
        ("no such key", "people.csv --settings key.toml --output out.csv"),
        (
            "accept above 1",
            "people.csv --settings accept.toml --output out.csv",
        ),
        ("no cap", "people.csv --settings cap.toml --output out.csv"),
        (
            "a rule on no field",
            "people.csv --settings rule.toml --output out.csv",
        ),
        (
            "a rule on no part",
            "people.csv --settings part.toml --output out.csv",
        ),
        (
            "nothing to compare",
            "people.csv --settings none.toml --output out.csv",
        ),
    ];
    insta::assert_snapshot!("calls", all(&desk, &calls, 2));
}

#[test]
fn a_least_probability_of_pairs_needs_a_file_for_them() {
    let desk = Desk::new();
    desk.write("people.csv", csv(&twice(60)));
    let ran = desk.link("people.csv --pairs-from 0.5 --output out.csv");
    assert_eq!(ran.code, 2, "{ran:#?}");
    assert!(
        ran.stderr.contains("not provided") && ran.stderr.contains("--pairs <CSV>"),
        "{ran:#?}"
    );
    assert!(!desk.at("out.csv").exists());
}

#[test]
fn a_table_that_does_not_fit_is_refused_while_it_is_read() {
    let desk = Desk::new();
    let mut text = "id,surname,town\n".to_owned();
    (0..700_000).for_each(|row| text += &format!("{row},S{row},T\n"));
    desk.write("people.csv", text);
    desk.write("out.csv", "former");
    let ran = desk.link("people.csv --output out.csv --memory 64MB");
    assert!(ran.code == 2 && ran.stderr.contains("--memory"), "{ran:#?}");
    assert!(ran.peak < 128 << 20, "held {} MB", ran.peak >> 20);
    assert_quiet(&desk, &ran, 2);
}

#[test]
fn models_that_cannot_be_used_end_with_2() {
    let desk = Desk::with_people(150);
    desk.link("--train people.csv --model model.json").well();
    let model = desk.read("model.json");
    desk.write("cut.json", &model[..model.len() / 2]);
    desk.write(
        "later.json",
        model.replacen("\"version\": 1", "\"version\": 99", 1),
    );
    desk.write("other.json", "{\"format\": \"something else\"}");
    desk.write("strange.csv", "id,NHS number\n1,9990000018\n");
    let calls = [
        ("not there", "people.csv --model absent.json --output out.csv"),
        ("cut off", "people.csv --model cut.json --output out.csv"),
        (
            "of a later version",
            "people.csv --model later.json --output out.csv",
        ),
        ("something else", "people.csv --model other.json --output out.csv"),
        ("other fields", "strange.csv --model model.json --output out.csv"),
    ];
    insta::with_settings!({filters => vec![(r"at line \d+ column \d+", "at line N column N")]}, {
        insta::assert_snapshot!("models", all(&desk, &calls, 2));
    });
}

#[test]
fn hostile_bytes_end_with_words() {
    let desk = Desk::new();
    desk.write("out.csv", "former");
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for round in 0..60 {
        let mut bytes = if round % 2 == 0 {
            b"id,surname,dob\n".to_vec()
        } else {
            csv(&twice(30)).into_bytes()
        };
        for _ in 0..400 {
            let byte = (next() % 256) as u8;
            match next() % 3 {
                0 => bytes.push(byte),
                1 => bytes.extend_from_slice(b",\"\n;"),
                _ => {
                    let at = next() as usize % bytes.len();
                    bytes[at] = byte;
                }
            }
        }
        desk.write("people.csv", &bytes);
        let ran = desk.link("people.csv --output new.csv");
        assert!([0, 2, 3].contains(&ran.code), "round {round}: {ran:#?}");
        assert!(ran.code == 0 || ran.stderr.contains("counted: "), "{ran:#?}");
    }
}
