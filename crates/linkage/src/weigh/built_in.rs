//! The model that comes with the program, for when there is nothing to learn from.

use super::model::Model;

const UK: &str = include_str!("../../../../definitions/linkage/uk-2026.1/model.json");

/// The model `uk-2026.1`: given name, family name, birth date, sex, postcode, number, in this order. Why it is as it is,
/// and how to replace it: `definitions/linkage/uk-2026.1`.
#[must_use]
#[allow(clippy::expect_used, reason = "a part of the program; a test reads it")]
pub fn built_in() -> Model {
    Model::read(UK).expect("the model compiled in is a model")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weigh::{Kind, Table};

    #[test]
    fn the_model_that_comes_along_is_whole_and_written_as_it_would_be_again() {
        let model = built_in();
        let kinds: Vec<Kind> = model.fields.iter().map(|field| field.kind).collect();
        let wanted = [
            Kind::GivenName,
            Kind::FamilyName,
            Kind::BirthDate,
            Kind::Sex,
            Kind::Postcode,
            Kind::Number,
        ];
        assert_eq!(kinds, wanted);
        let table = Table::new(model.fields.clone());
        assert_eq!(model.rules(&table).unwrap().len(), model.strata.len());
        assert_eq!(model.text().unwrap(), UK);
    }
}
