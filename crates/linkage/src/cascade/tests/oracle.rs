//! The cascade against the naive one, on small crowded worlds in which everything happens.

use proptest::prelude::*;

use super::naive;
use super::row::{Row, people};
use crate::cascade::Options;

fn one_of(values: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(values).prop_map(str::to_owned)
}

prop_compose! {
    pub(crate) fn row()(
        number in one_of(&["", "", "9990000018", "9990000018", "9990000026", "C0101500014"]),
        born in prop::sample::select(&[0, 19500312, 19500312, 19500312, 19500313, 19501203, 19600312, 19710905, 19500300][..]),
        family in one_of(&["", "SMITH", "SMITH", "SMYTH", "JONES"]),
        given in one_of(&["", "ANNA", "ANNA", "ANNE", "BETH", "A", "SMITH"]),
        sex in prop::sample::select(&[' ', 'F', 'F', 'M'][..]),
        postcode in one_of(&["", "ZA1 1AA", "ZA1 1AA", "ZB2 2BB"]),
        organisation in one_of(&["", "X01", "X02"]),
        local in one_of(&["", "", "17", "18"]),
        key in one_of(&["", "", "", "A1", "B2"]),
        decided in prop::sample::select(&[0, 0, 0, 0, 0, 0, 1, 2][..]),
    ) -> Row {
        Row { number, born, family, given, sex, postcode, organisation, local, key, decided }
    }
}

pub(crate) fn options(tight: bool, unproven: bool) -> Options {
    let unproven = if unproven { 1.0 } else { 0.005 };
    let loose = Options {
        wrong_share_unproven: unproven,
        wrong_share: 0.4,
        ..Options::default()
    };
    if !tight {
        return loose;
    }
    Options {
        birth_dates_per_number: 3,
        birth_dates_per_key: 3,
        birth_dates_per_local_number: 2,
        people_per_postcode: 3,
        people_per_birth_date: 2,
        people_per_birth_date_times_mean: 1,
        people_per_group: 3,
        chance_of_namesake: 0.0002,
        ..loose
    }
}

prop_compose! {
    /// Rows, some of them sent twice.
    fn rows()(rows in prop::collection::vec((row(), prop::bool::weighted(0.3)), 1..16)) -> Vec<Row> {
        let again: Vec<Row> = rows.iter().filter(|(_, twice)| *twice).map(|(row, _)| row.clone()).collect();
        rows.into_iter().map(|(row, _)| row).chain(again).collect()
    }
}

/// Numbers the parts of a partition by their first row, so that two partitions can be compared.
fn by_first<T: PartialEq>(parts: &[T]) -> Vec<usize> {
    parts
        .iter()
        .map(|part| parts.iter().position(|other| other == part).unwrap())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn the_cascade_is_what_the_naive_one_says(
        rows in rows(),
        tight in any::<bool>(),
        unproven in any::<bool>(),
    ) {
        let options = options(tight, unproven);
        let found: Vec<u32> = people(&rows, &options).into_iter().map(|(person, _)| person).collect();
        prop_assert_eq!(by_first(&found), by_first(&naive::people(&rows, &options)));
    }

    #[test]
    fn no_person_has_two_numbers_of_a_kind_without_a_common_key(rows in rows()) {
        let rows: Vec<Row> = rows.into_iter().map(|row| Row { key: String::new(), decided: 0, ..row }).collect();
        let found = people(&rows, &options(false, true));
        for (a, x) in rows.iter().zip(&found) {
            for (b, y) in rows.iter().zip(&found) {
                let kind = |row: &Row| row.number.starts_with('C');
                let two = !a.number.is_empty() && !b.number.is_empty() && kind(a) == kind(b) && a.number != b.number;
                prop_assert!(!two || x.0 != y.0);
            }
        }
    }
}
