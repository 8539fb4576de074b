//! Which organisation is nearest to each postcode district, by straight line and within one nation.
//!
//! No postcode of a person goes into it: a visitor looks a district up in the list, and nothing is sent.

use crate::PublishError;

const FILE: &str = "countries/uk/nearest.csv";
const TEXT: &str = include_str!("../../../../countries/uk/nearest.csv");

/// Districts of one postcode area that have the same nearest organisation.
pub(crate) struct Nearest {
    /// The letters that the districts begin with.
    pub(crate) area: String,
    /// The organisation's code.
    pub(crate) code: String,
    /// The districts, in order.
    pub(crate) districts: Vec<String>,
}

/// The built-in table, in order of area.
///
/// **Errors.** A line is not as it must be; the message says which.
pub(crate) fn nearest() -> Result<Vec<Nearest>, PublishError> {
    let mut reader = csv::Reader::from_reader(TEXT.as_bytes());
    reader
        .records()
        .enumerate()
        .map(|(at, line)| {
            let failed =
                || PublishError::facts(FILE, format!("line {} is no area, code and districts", at + 2));
            let line = line.map_err(|_| failed())?;
            let [Some(area), Some(code), Some(districts)] = [line.get(0), line.get(1), line.get(2)] else {
                return Err(failed());
            };
            let districts: Vec<String> = districts.split(' ').map(str::to_owned).collect();
            let fits = districts
                .iter()
                .all(|one| one.starts_with(area) && one.len() > area.len());
            (fits && !area.is_empty()).then_some(()).ok_or_else(failed)?;
            Ok(Nearest {
                area: area.to_owned(),
                code: code.to_owned(),
                districts,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use vocabulary::organisation::Registry;

    use super::nearest;

    #[test]
    fn every_district_stands_once_and_every_code_is_a_breast_service() {
        let registry = Registry::uk().unwrap();
        let mut seen = BTreeSet::new();
        for one in nearest().unwrap() {
            let organisation = registry.get(&one.code).unwrap_or_else(|| panic!("{}", one.code));
            assert!(organisation.breast_service, "{}", one.code);
            for district in one.districts {
                assert!(seen.insert(district.clone()), "{district} twice");
            }
        }
        assert!(seen.len() > 2_800, "{}", seen.len());
        assert!(
            seen.contains("AB10") && seen.contains("SW17") && seen.contains("BT9") && seen.contains("CF14")
        );
    }
}
