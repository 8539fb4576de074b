//! A person is explained without values, unless they are asked for.

use super::study::{File, Study};
use crate::cascade::tests::row::Row;
use crate::{Agreement, Explanation, Field, explain};

fn study() -> Study {
    let row = Row {
        number: "9990000018".to_owned(),
        born: 19500312,
        family: "SMITH".to_owned(),
        given: "SUSAN".to_owned(),
        sex: 'F',
        postcode: "ZA1 1AA".to_owned(),
        organisation: "X01".to_owned(),
        ..Row::default()
    };
    let moved = Row {
        born: 19501203,
        family: "SMYTH".to_owned(),
        given: "SUE".to_owned(),
        postcode: "ZB2 2BB".to_owned(),
        ..row.clone()
    };
    let bare = Row {
        family: String::new(),
        given: String::new(),
        organisation: "X02".to_owned(),
        local: "4711".to_owned(),
        ..row.clone()
    };
    let other = Row {
        number: "9990000026".to_owned(),
        given: "BETH".to_owned(),
        ..row.clone()
    };
    let mut cosd = File::new("cosd/a.xml", "cosd", vec![moved]);
    cosd.records[0].0 = Some("0F2A".to_owned());
    Study::new(&[
        File::new("reg.csv", "registrations", vec![other, row]),
        cosd,
        File::new("hes.csv", "admissions", vec![bare]),
    ])
}

fn table(explanation: &Explanation) -> String {
    let mut text = format!("{}\n", explanation.person_id);
    for record in &explanation.records {
        text += &format!(
            "{} {}: {} ({})\n",
            record.source, record.record_id, record.step, record.probability
        );
        for field in record
            .fields
            .iter()
            .filter(|field| field.agreement != Agreement::Missing)
        {
            text += &format!(
                "  {}: {:?} {:?}\n",
                field.field.words(),
                field.agreement,
                field.value
            );
        }
    }
    text
}

#[test]
fn each_record_says_how_its_fields_agree() {
    let mut study = study();
    let (out, _) = study.run(None);
    let explanation = explain(&out, &study.intake(), 2, false).unwrap();
    insta::assert_snapshot!(table(&explanation), @r"
    P00000002
    registrations reg.csv#2: number and birth date (0.9999)
      number: Exact None
      birth date: Exact None
      family name: OneEdit None
      given name: Form None
      sex: Exact None
      postcode: Exact None
      organisation: Exact None
    cosd cosd/a.xml#0F2A: number and birth date with one slip (0.999)
      number: Exact None
      birth date: OneEdit None
      family name: OneEdit None
      given name: Form None
      sex: Exact None
      postcode: Differs None
      organisation: Exact None
    admissions hes.csv#1: number and birth date (0.9999)
      number: Exact None
      birth date: Exact None
      sex: Exact None
      postcode: Exact None
      organisation: Differs None
      local number: OnlyHere None
    ");
}

#[test]
fn values_are_given_when_asked_for_and_do_not_print_themselves() {
    let mut study = study();
    let (out, _) = study.run(None);
    let explanation = explain(&out, &study.intake(), 2, true).unwrap();
    let printed = format!("{explanation:?}");
    for value in ["SMITH", "SUSAN", "99900", "1950", "ZA1", "4711"] {
        assert!(!printed.contains(value), "{value} prints itself");
    }
    let first = &explanation.records[0];
    let value = |field| {
        first
            .fields
            .iter()
            .find(|found| found.field == field)
            .unwrap()
            .value
            .as_ref()
            .map(|value| value.reveal().as_str())
    };
    assert_eq!(value(Field::FamilyName), Some("SMITH"));
    assert_eq!(value(Field::BirthDate), Some("1950-03-12"));
    assert_eq!(value(Field::Key), None);
}

/// By the built-in model: the record with another first name and number is nobody's, and the others fit each other.
#[test]
fn each_record_is_weighed_against_the_one_it_fits_best() {
    let mut study = study();
    let (out, _) = study.run(None);
    let fits = |person: u32, values: bool| {
        let explanation = explain(&out, &study.intake(), person, values).unwrap();
        explanation
            .records
            .into_iter()
            .map(|record| record.fit)
            .collect::<Vec<_>>()
    };
    assert_eq!(fits(1, false), [None]);
    let of_second = fits(2, false);
    let with: Vec<usize> = of_second.iter().flatten().map(|fit| fit.with).collect();
    // A name in any form tells her from her household; a record without one, at her address, does not.
    assert_eq!(with, [1, 0, 0]);
    for fit in of_second.iter().flatten() {
        let account = &fit.account;
        assert_eq!(account.rule.as_deref(), Some("number"));
        assert!(account.fields.iter().all(|field| field.values.is_none()));
        let sum: f64 = account.fields.iter().map(|field| field.weight).sum();
        assert!((account.prior + sum + account.company + account.roof - account.odds).abs() < 1e-9);
    }
    let first = fits(2, true).swap_remove(0).unwrap();
    let names = first.account.fields[1].values.as_ref().unwrap();
    assert_eq!(names[0].reveal(), "SMITH");
}
