//! Models as they are written and walked over.

use crate::EstimateError;
use crate::lists::{ListsError, Model, models};

fn names() -> Vec<String> {
    ["A", "B", "C", "chemotherapy"].map(str::to_owned).to_vec()
}

#[test]
fn a_model_is_read_as_it_is_written() {
    for text in [
        "",
        "A:B",
        "A:B,A:C",
        "A:B,A:chemotherapy,C:chemotherapy",
        "A:B:C",
        "A:chemotherapy,A:B:C",
    ] {
        assert_eq!(Model::parse(text, &names()).unwrap().text(&names()), text);
    }
    let same = Model::parse(" B : A ,, C:A, A:B ", &names()).unwrap();
    assert_eq!(same.text(&names()), "A:B,A:C");
    // Lower terms are implied, written or not.
    let triple = Model::parse("A:B:C", &names()).unwrap();
    assert_eq!(triple, Model::parse("A,A:B,B:C,A:C,A:B:C", &names()).unwrap());
    assert_eq!(
        (
            triple.parameters(),
            Model::parse("", &names()).unwrap().parameters()
        ),
        (9, 5)
    );
}

#[test]
fn a_name_that_is_no_lists_is_answered_with_the_nearest() {
    let refused = |text: &str| Model::parse(text, &names()).unwrap_err().to_string();
    assert_eq!(
        refused("A:chemoterapy"),
        "the model names a list \"chemoterapy\" that is not there; did you mean \"chemotherapy\"?"
    );
    assert_eq!(
        refused("A:radiotherapy centre"),
        "the model names a list \"radiotherapy centre\" that is not there; the lists are A, B, C, chemotherapy"
    );
    assert_eq!(refused("A:A"), "the term \"A:A\" names a list twice");
    let all = Model::parse("A:B:C:chemotherapy", &names());
    assert_eq!(all, Err(EstimateError::Lists(ListsError::Saturated)));
}

#[test]
fn there_are_as_many_models_as_are_known() {
    let counts: Vec<usize> = (2..=6).map(|lists| models(lists).unwrap().len()).collect();
    assert_eq!(counts, [1, 8, 113, 1_024, 32_768]);
    assert_eq!(models(1), Err(ListsError::OneList.into()));
    assert_eq!(
        models(7),
        Err(ListsError::TooManyLists { most: 6, found: 7 }.into())
    );
    for lists in 2..=5 {
        let mut all = models(lists).unwrap();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "no model comes twice");
    }
}
