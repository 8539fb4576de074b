//! Postcodes of invented places: well-formed, in areas that are not in use.
//!
//! An area is one or two letters; the first is never Q, V or X, the second never I, J or Z. The inward part is a
//! figure and two letters out of twenty (no C, I, K, M, O or V). Each hospital's catchment has three districts.

use crate::chance::Chance;

const AREAS: [&str; 6] = ["ZA", "ZB", "ZC", "ZD", "ZF", "ZG"];
const INWARD: &[u8; 20] = b"ABDEFGHJLNPQRSTUWXYZ";

/// A postcode in the catchment of a hospital (its position in the list and its network).
pub(crate) fn draw(hospital: usize, network: usize, chance: &mut Chance) -> String {
    let area = AREAS.get(network).copied().unwrap_or("ZA");
    // Positions within a network differ by less than 14, so districts stay apart below 43.
    let district = 1 + (hospital % 14) * 3 + chance.below(3);
    let sector = 1 + chance.below(9);
    let mut letter = || char::from(INWARD[chance.below(INWARD.len())]);
    let (first, second) = (letter(), letter());
    format!("{area}{district} {sector}{first}{second}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::chance::Purpose;

    #[test]
    fn postcodes_are_well_formed_and_not_in_use() {
        let mut chance = Chance::of(1, Purpose::Identity, 1, 0);
        for hospital in 0..40 {
            let postcode = draw(hospital, hospital % 6, &mut chance);
            let (outward, inward) = postcode.split_once(' ').unwrap();
            assert!(AREAS.contains(&&outward[..2]), "{postcode}");
            assert!((1..=42).contains(&outward[2..].parse::<u32>().unwrap()));
            assert_eq!(inward.len(), 3);
            assert!(inward.starts_with(|c: char| ('1'..='9').contains(&c)));
        }
    }
}
