mod families;
mod observed;

use super::FollowUp;

/// Times in months; a death where `true`.
pub(super) fn people(times: &[(f64, bool)]) -> Vec<FollowUp> {
    times
        .iter()
        .map(|&(exit, died)| FollowUp::from_start(exit, died))
        .collect()
}
