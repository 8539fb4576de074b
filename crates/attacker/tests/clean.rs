//! Clean sites: the attacker reads everything and finds nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use protect::Policy;
use support::{Island, attacked, lines};

#[test]
fn a_clean_site_is_its_own_twin_under_every_policy() {
    for name in Policy::names() {
        let policy = Policy::named(name).unwrap();
        let mut island = Island::drawn(11, 8);
        island.split = true;
        let published = island.publish(&policy, &[]);
        for seen in [published.known(), published.seen()] {
            let report = attacked(&[seen], &island.facts(), &policy);
            assert_eq!(lines(&report), Vec::<String>::new(), "{name}");
            assert!(report.files > 60 && report.figures > 500, "{report:?}");
        }
    }
}
