#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! Headings in, fields out: drawn as text, a file a line.

use super::*;

fn headers(files: &[&str]) -> Vec<Vec<String>> {
    files
        .iter()
        .map(|file| file.split(',').map(str::to_owned).collect())
        .collect()
}

fn ids(headers: &[Vec<String>]) -> Vec<Option<usize>> {
    headers.iter().map(|header| id_column(header, None)).collect()
}

fn recognised(files: &[&str]) -> Columns {
    let headers = headers(files);
    Columns::recognise(&headers, &ids(&headers))
}

/// Fields with their places, file by file; then what is left aside.
fn drawn(columns: &Columns) -> String {
    let mut out = String::new();
    for (at, field) in columns.fields.iter().enumerate() {
        let places: Vec<String> = columns.origins.iter().map(|origins| place(origins[at])).collect();
        out += &format!("{} = {:?} ({})\n", field.name, field.kind, places.join(" | "));
    }
    for aside in &columns.aside {
        out += &format!("- {}: {}\n", aside.column, aside.why);
    }
    out
}

fn place(origin: Origin) -> String {
    match origin {
        Origin::Nowhere => "-".to_owned(),
        Origin::Column(at) => at.to_string(),
        Origin::GivenOf(at) => format!("given of {at}"),
        Origin::FamilyOf(at) => format!("family of {at}"),
        Origin::Date(_) => format!("date of {:?}", origin.columns().collect::<Vec<_>>()),
    }
}

#[test]
fn the_tables_that_everybody_measures_with() {
    let mut out = String::new();
    for header in [
        "unique_id,first_name,surname,dob,city,email,cluster",
        "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id",
        "unique_id,cluster,full_name,first_and_surname,first_name,surname,dob,birth_place,postcode_fake,gender,occupation",
        "fname_c1,fname_c2,lname_c1,lname_c2,by,bm,bd",
        "id,name,dob,Sex,Postcode,NHS Number,MRN,Telephone,visit_id",
        "Vorname,Name,Geburtsdatum,PLZ",
    ] {
        out += &format!("{header}\n{}\n", drawn(&recognised(&[header])));
    }
    insta::assert_snapshot!(out);
}

#[test]
fn files_with_other_columns_meet_by_what_they_mean() {
    insta::assert_snapshot!(drawn(&recognised(&[
        "id,forename,surname,dob,town,weight",
        "rec_id,Full Name,Date of Birth,City,NHS number,colour,colour",
        "id,last name,first name,birth_year,birth_month,Weight",
    ])));
}

#[test]
fn settings_take_what_they_name() {
    let headers = headers(&["id, Fore Name,who,cluster,x", "id,who,born"]);
    let choice = |column: &str, kind| Choice {
        column: column.to_owned(),
        kind,
    };
    let choices = [
        choice("fore-name", Use::GivenName),
        choice("WHO", Use::FullName),
        choice("cluster", Use::Number),
        choice("x", Use::Ignore),
        choice("born", Use::BirthDate),
    ];
    let chosen = Columns::chosen(&headers, &ids(&headers), &choices).unwrap();
    insta::assert_snapshot!(drawn(&chosen));
    let wrong = |choices: &[Choice]| {
        let error = Columns::chosen(&headers, &ids(&headers), choices).unwrap_err();
        error.to_string()
    };
    insta::assert_snapshot!(
        [
            wrong(&[choice("surname", Use::FamilyName)]),
            wrong(&[choice("who", Use::FullName), choice("WHO", Use::Text)]),
        ]
        .join("\n")
    );
}

#[test]
fn a_model_finds_its_fields_under_other_headings() {
    let trained = recognised(&["id,forename,surname,dob,town,nhs_number,colour"]);
    let mut columns = recognised(&["Colour,NHS no,last_name,first_name,birth_date,shoe_size"]);
    let blank = columns.fit(&trained.fields);
    assert_eq!(columns.fields, trained.fields);
    assert_eq!(blank, [3], "no town");
    insta::assert_snapshot!(drawn(&columns));
}

#[test]
fn at_most_twenty_columns_and_the_known_ones_first() {
    let many: Vec<String> = (0..30).map(|n| format!("c{n}")).collect();
    let header = format!("{},surname,dob", many.join(","));
    let columns = recognised(&[&header]);
    assert_eq!(columns.fields.len(), MOST_COLUMNS);
    assert!(columns.fields.iter().any(|field| field.name == "surname"));
    assert_eq!(columns.aside.len(), 12);
}

#[test]
fn what_may_be_a_cell_is_not_shown() {
    assert_eq!(shown("forename ", 0), "forename");
    for (heading, place) in [
        ("9434765919", 2),
        ("1971-06-24", 3),
        ("", 4),
        ("anna@example.org", 5),
    ] {
        assert_eq!(shown(heading, place), format!("column {}", place + 1));
    }
    assert!(!is_header(&headers(&["Anna,Smith,1971-06-24,Leeds"])[0]));
    assert!(is_header(&headers(&["a,b,dob"])[0]));
}
