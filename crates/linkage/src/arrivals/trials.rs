//! Trials of steps, once new identities are there: only groups with one of them are tried again.

use rustc_hash::FxHashSet;

use super::index::Index;
use super::view::View;
use crate::cascade::{Identity, Options, Step, Trial, Trust, one_in, value};

/// What the trial of a step comes to, after it came to `before`, when these identities are new or look other than
/// they did.
pub(crate) fn grown(
    step: Step,
    before: Trial,
    view: &View<'_>,
    other: &[u32],
    index: &Index<'_>,
    options: &Options,
) -> Trial {
    let mut trial = before;
    if step.trust() == Trust::Given {
        return trial;
    }
    let shares = step.shares();
    let one_in = one_in(view.table.rows.len(), options);
    let mut values: FxHashSet<u64> = FxHashSet::default();
    for &place in other {
        values.extend(value(&view.now(place), shares));
        if !view.is_new(place) {
            values.extend(value(&view.then(place), shares));
        }
    }
    let (mut out, mut taken_in) = (Trial::default(), Trial::default());
    // Sums do not depend on the order.
    #[allow(clippy::iter_over_hash_type, reason = "only counted")]
    for wanted in values {
        let members: Vec<u32> = index.members(shares, wanted).collect();
        let has = |row: &Identity| value(row, shares) == Some(wanted);
        let then: Vec<Identity> = members
            .iter()
            .filter(|place| !view.is_new(**place))
            .map(|place| view.then(*place))
            .filter(has)
            .collect();
        let now: Vec<Identity> = members.iter().map(|place| view.now(*place)).filter(has).collect();
        let words = &view.table.words;
        out.try_group(step, &then.iter().collect::<Vec<_>>(), words, one_in);
        taken_in.try_group(step, &now.iter().collect::<Vec<_>>(), words, one_in);
    }
    trial.exchange(out, taken_in);
    trial
}
