//! The model file: what is read is what was written, and what is damaged is refused in words.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::model::any_model;
use super::town::FIELDS;
use crate::weigh::{Field, Kind, Linker, Model, Settings, Table};

fn fields() -> Vec<Field> {
    FIELDS
        .map(|(name, kind)| Field {
            name: name.to_owned(),
            kind,
        })
        .to_vec()
}

fn rules() -> Vec<String> {
    ["number", "born + family", "postcode + born.year"]
        .map(str::to_owned)
        .to_vec()
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_written(model in any_model(fields(), rules()), small in 1e-14..1e-9f64) {
        let mut model = model;
        model.random[0][1] = small;
        let model = model.rounded();
        let text = model.text().unwrap();
        let read = Model::read(&text).unwrap();
        prop_assert_eq!(&read, &model);
        prop_assert_eq!(read.text().unwrap(), text);
    }
}

fn model() -> Model {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    any_model(fields(), rules())
        .new_tree(&mut runner)
        .unwrap()
        .current()
}

/// Why a model with this change is refused.
fn refusal(change: impl FnOnce(&mut Value)) -> String {
    let mut file: Value = serde_json::from_str(&model().text().unwrap()).unwrap();
    change(&mut file);
    Model::read(&file.to_string())
        .map(|_| ())
        .unwrap_err()
        .to_string()
}

#[test]
fn damaged_models_are_refused() {
    assert!(Model::read(&model().text().unwrap()).is_ok());
    let text = model().text().unwrap();
    let cut = Model::read(&text[..text.len() / 2])
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(
        cut.contains("damaged or not a model") && cut.contains("train it anew"),
        "{cut}"
    );
    for (wanted, refused) in [
        ("damaged or not a model", refusal(|file| *file = json!({"a": 1}))),
        (
            "`something else` version 1",
            refusal(|file| file["format"] = json!("something else")),
        ),
        ("version 2", refusal(|file| file["version"] = json!(2))),
        (
            "different lengths",
            refusal(|file| drop(file["random"].as_array_mut().unwrap().pop())),
        ),
        ("different lengths", refusal(|file| file["matches"] = json!([]))),
        (
            "different lengths",
            refusal(|file| file["strata"][0]["shares"] = json!([1.0])),
        ),
        (
            "different lengths",
            refusal(|file| file["strata"][1]["strangers"] = json!([])),
        ),
        (
            "different lengths",
            refusal(|file| drop(file["fields"].as_array_mut().unwrap().pop())),
        ),
        (
            "damaged or not a model",
            refusal(|file| file["fields"][0]["kind"] = json!("shoe size")),
        ),
        ("no rule", refusal(|file| file["strata"] = json!([]))),
        (
            "not a share from 0 to 1",
            refusal(|file| file["strata"][0]["shares"][0] = json!(-0.5)),
        ),
        (
            "not a share from 0 to 1",
            refusal(|file| file["matches"][0][0][7] = json!(1.5)),
        ),
        (
            "not a share from 0 to 1",
            refusal(|file| file["strata"][0]["strangers"][0][1] = json!(-1e-3)),
        ),
        (
            "not a share from 0 to 1",
            refusal(|file| file["random"][0][7] = json!(7)),
        ),
        (
            "classes",
            refusal(|file| {
                for list in ["matches", "missing"] {
                    let classes = file[list].as_array_mut().unwrap();
                    let one = classes[0].clone();
                    classes.resize(3, one);
                }
                let classes = 4 + usize::from(file["kin"].is_array());
                for stratum in file["strata"].as_array_mut().unwrap() {
                    stratum["mass"] = json!([0.5, 0.5, 0.5]);
                    stratum["shares"] = json!(vec![0.1; classes]);
                }
            }),
        ),
    ] {
        assert!(refused.contains(wanted), "`{refused}` does not say `{wanted}`");
    }
}

/// Why a model cannot be used on a table.
fn unfit(change: impl FnOnce(&mut Model), fields: Vec<Field>) -> String {
    let mut model = model();
    change(&mut model);
    let mut table = Table::new(fields);
    table.push(["ANNA"]).unwrap();
    table.close();
    Linker::with_model(&table, Settings::default(), model)
        .map(|_| ())
        .unwrap_err()
        .to_string()
}

#[test]
fn a_model_is_used_on_its_own_fields_alone() {
    let mut others = fields();
    others[2].name = "birthday".to_owned();
    let told = unfit(|_| {}, others);
    assert!(
        told.contains("born (birth date)") && told.contains("birthday (birth date)"),
        "{told}"
    );
    let mut others = fields();
    others[5].kind = Kind::Text;
    assert!(unfit(|_| {}, others).contains("number (text)"));
    let told = unfit(|model| model.strata[0].rule = "shoe size".to_owned(), fields());
    assert!(
        told.contains("no field `shoe size`") && told.contains("given, family, born"),
        "{told}"
    );
    let told = unfit(|model| model.strata[0].rule = "born.sound".to_owned(), fields());
    assert!(told.contains("a birth date has no such part"), "{told}");
}
