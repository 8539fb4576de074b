//! Tables of every kind, and the answer that they must give.

use crate::program::counted;

use super::people::{Desk, csv, csv_rows, f1, truth, twice};

#[test]
fn records_of_one_person_meet_and_a_summary_says_so() {
    let desk = Desk::with_people(150);
    let ran = desk.link("people.csv --output out.csv --pairs pairs.csv").well();
    insta::with_settings!({filters => vec![
        (r"in \d+ steps", "in N steps"), (r"\d+\.\d % of", "N % of"), (r"To review: \d+", "To review: N"),
    ]}, {
        insta::assert_snapshot!("summary", desk.said(&ran));
    });
    let persons = desk.persons("out.csv");
    assert_eq!(persons.len(), 300);
    assert_eq!(
        persons["R0-0"], "P00000001",
        "people are numbered in the order of their records"
    );
    let f1 = f1(&persons, &truth(&twice(150)));
    assert!(f1 > 0.97, "{f1}");
    let rows: Vec<_> = csv_rows(&desk.read("pairs.csv")).collect();
    assert_eq!(rows[0], ["id_1", "id_2", "probability"]);
    let probability = |row: &Vec<String>| row[2].parse::<f64>().unwrap();
    assert!(rows.len() > 140);
    assert!(
        rows[1..]
            .windows(2)
            .all(|two| probability(&two[0]) >= probability(&two[1]))
    );
    assert!(rows[1..].iter().all(|row| probability(row) >= 0.01));
    // From between two probabilities on: the pairs above it, and no others.
    let (last, two) = rows[1..]
        .windows(2)
        .enumerate()
        .find(|(_, two)| two[0][2] != two[1][2])
        .unwrap();
    let from = f64::midpoint(probability(&two[0]), probability(&two[1]));
    desk.link(&format!("people.csv --pairs sure.csv --pairs-from {from}"))
        .well();
    let sure: Vec<_> = csv_rows(&desk.read("sure.csv")).collect();
    assert_eq!(sure, rows[..=last + 1]);
}

#[test]
fn files_link_to_each_other_and_within() {
    let (desk, records) = (Desk::new(), twice(150));
    let (left, right) = records.split_at(150);
    desk.write("left.csv", csv(left));
    // The same things under other headings, in another order; one column is not there.
    let mut text = "Postcode;Name;date of birth;id\n".to_owned();
    for r in right {
        text += &format!("{};{}, {};{};{}\n", r.postcode, r.family, r.given, r.born, r.id);
    }
    desk.write("right.csv", text);
    let ran = desk
        .link("left.csv right.csv --output out.csv --format json")
        .well();
    let said = ran.json();
    assert_eq!(
        (&said["records"], &said["id"]),
        (&300.into(), &"rec_id, id".into())
    );
    let f1 = f1(&desk.persons("out.csv"), &truth(&records));
    assert!(f1 > 0.97, "{f1}");
}

#[test]
fn rows_are_numbered_where_there_are_no_ids() {
    let desk = Desk::new();
    let bare: String = csv(&twice(60))
        .lines()
        .map(|line| line.split_once(',').unwrap().1.to_owned() + "\n")
        .collect();
    desk.write("bare.csv", &bare);
    let ran = desk.link("bare.csv --output out.csv").well();
    assert!(
        ran.stdout.contains("since there is no column for them"),
        "{ran:#?}"
    );
    let ids: Vec<String> = csv_rows(&desk.read("out.csv"))
        .skip(1)
        .map(|row| row[0].clone())
        .collect();
    assert_eq!(ids, (1..=120).map(|n| n.to_string()).collect::<Vec<_>>());
    desk.write("more.csv", &bare);
    let (one, two) = (desk.at("bare.csv"), desk.at("more.csv"));
    desk.link("bare.csv more.csv --output out.csv").well();
    let persons = desk.persons("out.csv");
    let of = |file: &std::path::Path, row: u32| &persons[&format!("{}#{row}", file.display())];
    assert_eq!(of(&one, 17), of(&two, 17));
    // Where one file has no ids, those of the others are not used either, and that is said.
    desk.write("people.csv", csv(&twice(60)));
    let ran = desk.link("people.csv bare.csv --output out.csv").well();
    assert!(
        ran.stdout.contains("since not every file has a column for them"),
        "{ran:#?}"
    );
    assert_eq!(desk.persons("out.csv").len(), 240);
    // A heading that says who is asked for by its name.
    desk.write("again.csv", csv(&twice(60)));
    desk.link("people.csv again.csv --ids-by-file --output out.csv")
        .well();
    assert_eq!(desk.persons("out.csv").len(), 240);
}

#[test]
fn encodings_delimiters_and_threads_do_not_matter() {
    let (desk, text) = (Desk::new(), csv(&twice(100)));
    let windows: Vec<u8> = text
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut wanted = None;
    for (bytes, threads) in [
        (text.clone().into_bytes(), 1),
        (text.clone().into_bytes(), 3),
        (windows, 2),
        (utf16, 2),
        (text.replace(',', ";").into_bytes(), 2),
        (text.replace('\n', "\r\n").replace(',', "\t").into_bytes(), 2),
    ] {
        desk.write("people.csv", bytes);
        desk.link(&format!(
            "people.csv --output out.csv --pairs pairs.csv --threads {threads}"
        ))
        .well();
        let made = (desk.read("out.csv"), desk.read("pairs.csv"));
        assert_eq!(&made, wanted.get_or_insert_with(|| made.clone()));
    }
}

#[test]
fn a_model_gives_what_training_gave() {
    let desk = Desk::with_people(150);
    let ran = desk.link("--train people.csv --model model.json").well();
    assert!(
        ran.stdout.contains("Model: ") && !ran.stdout.contains("People: "),
        "{}",
        ran.stdout
    );
    desk.link("people.csv --output trained.csv --pairs trained_pairs.csv")
        .well();
    desk.link("people.csv --model model.json --output used.csv --pairs used_pairs.csv")
        .well();
    assert_eq!(desk.read("trained.csv"), desk.read("used.csv"));
    assert_eq!(desk.read("trained_pairs.csv"), desk.read("used_pairs.csv"));
    let model = desk.read("model.json");
    desk.link("--train people.csv --model again.json --output again.csv")
        .well();
    assert_eq!(
        (model, desk.read("used.csv")),
        (desk.read("again.json"), desk.read("again.csv"))
    );
    // The same people under other headings, in another order, with a column more.
    let mut text = "town,born,last name,first name,post code,shoe size,id\n".to_owned();
    for r in twice(150) {
        text += &format!(
            "{},{},{},{},{},6,{}\n",
            r.town, r.born, r.family, r.given, r.postcode, r.id
        );
    }
    desk.write("other.csv", text);
    desk.link("other.csv --model model.json --output other_out.csv")
        .well();
    assert_eq!(desk.read("used.csv"), desk.read("other_out.csv"));
}

#[test]
fn settings_say_what_columns_hold_and_what_is_compared() {
    let desk = Desk::new();
    let mut text = "id,a,b,c,d\n".to_owned();
    for r in twice(150) {
        text += &format!("{},{},{},{},{}\n", r.id, r.given, r.family, r.born, r.town);
    }
    desk.write("people.csv", text);
    let field = |column: &str, kind: &str| format!("[[field]]\ncolumn = \"{column}\"\nkind = \"{kind}\"\n");
    let settings = [
        field("A", "given name"),
        field("b", "family name"),
        field("c", "birth date"),
        field("d", "ignore"),
        "[blocking]\nrules = [\"c\", \"b.sound + a.initial\"]\ncap = 50\n[decide]\naccept = 0.9\nreview = 0.3\n".to_owned(),
    ];
    desk.write("link.toml", settings.concat());
    let ran = desk
        .link("people.csv --settings link.toml --output out.csv --format json")
        .well();
    let said = ran.json();
    assert_eq!(said["fields"].as_array().unwrap().len(), 3, "{said}");
    assert_eq!(said["plan"]["rules"].as_array().unwrap().len(), 2, "{said}");
    assert_eq!(
        (said["accept"].as_f64(), said["review"].as_f64()),
        (Some(0.9), Some(0.3))
    );
    let f1 = f1(&desk.persons("out.csv"), &truth(&twice(150)));
    assert!(f1 > 0.8, "{f1}");
    let planned = desk
        .link("people.csv --settings link.toml --plan --threshold 0.5")
        .well();
    insta::assert_snapshot!("plan", desk.said(&planned));
}

#[test]
fn a_pair_is_explained_without_a_value_unless_asked() {
    let desk = Desk::with_people(150);
    let ran = desk.link("people.csv --explain R0-6 R1-6").well();
    for field in ["forename: ", "surname: ", "DOB: ", "town: ", "postcode: "] {
        assert!(ran.stdout.contains(field), "{}", ran.stdout);
    }
    let record = &twice(150)[6];
    let open = desk.link("people.csv --explain R1-6 R0-6 --identifiers").well();
    for value in [&record.given, &record.family, &record.born, &record.postcode] {
        assert!(
            !ran.words().to_uppercase().contains(&value.to_uppercase()),
            "{}",
            ran.stdout
        );
        assert!(
            open.stdout.to_uppercase().contains(&value.to_uppercase()),
            "{}",
            open.stdout
        );
    }
    let said = desk
        .link("people.csv --explain R0-6 R1-6 --format json")
        .well()
        .json();
    assert!(said["account"]["probability"].as_f64().unwrap() > 0.5, "{said}");
    for ids in ["R0-6 nobody", "nobody R0-6", "R0-6 R0-6"] {
        let ran = desk.link(&format!("people.csv --explain {ids}"));
        assert!(ran.code == 2 && !ran.stderr.contains("nobody"), "{ran:#?}");
    }
}

#[test]
fn what_comes_out_is_private_and_no_formula() {
    let desk = Desk::new();
    let text = csv(&twice(60))
        .replace("R0-7,", "=R0-7,")
        .replace("R1-7,", "\"a,b\",");
    desk.write("people.csv", text);
    desk.link("people.csv --output out.csv").well();
    let made = desk.read("out.csv");
    assert!(
        made.contains("\n'=R0-7,P") && made.contains("\n\"a,b\",P"),
        "{made}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs_err::metadata(desk.at("out.csv")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn rows_that_are_no_records_are_counted() {
    let desk = Desk::new();
    desk.write(
        "people.csv",
        csv(&twice(60)) + ",,,,,\nX1,Anna,Jagger\nX2,Anna,Jagger,1950-01-01,Leeds,LS1 1AB,more\n",
    );
    let ran = desk.link("people.csv --output out.csv --format json").well();
    let file = &ran.json()["files"][0];
    assert_eq!(file["records"], 121);
    assert_eq!(file["left_out"]["blank"], 1);
    assert_eq!(file["left_out"]["more_cells_than_headings"], 1);
    assert!(desk.persons("out.csv").contains_key("X1"));
}

#[test]
fn help_has_examples() {
    let ran = counted(&["link", "--help"]).well();
    assert!(
        ran.stdout
            .contains("Example: counted link people.csv --output persons.csv"),
        "{}",
        ran.stdout
    );
    insta::assert_snapshot!("help", ran.stdout);
}
