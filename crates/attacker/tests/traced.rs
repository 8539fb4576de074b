//! Where each number of a site comes from, and where a cell stands.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use attacker::{Knowledge, Of, trace};
use protect::Policy;
use support::{Island, words};

#[test]
fn every_number_has_a_cell_a_name_or_stands_on_an_empty_site() {
    let policy = Policy::hes().unwrap();
    let island = Island::drawn(11, 5);
    let published = island.publish(&policy, &[]);
    let (facts, words) = (island.facts(), words());
    let knowledge = Knowledge {
        facts: &facts,
        policy: &policy,
        words: &words,
        before: publish::Before::Nothing,
        kept: &[],
    };
    let traced = trace(&published.bytes, &knowledge).unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unmoved: BTreeSet<String> = BTreeSet::new();
    for one in &traced {
        let of = match &one.of {
            Of::Cell(_) => "one cell",
            Of::Cells => "several cells",
            Of::Fixed => "fixed",
            Of::Name => "a name",
            Of::Unmoved => {
                let folder = one.file.split('/').next().unwrap();
                let end = one.at.rsplit('/').next().unwrap().split(',').next_back().unwrap();
                unmoved.insert(format!("{folder}: {end}"));
                "unmoved"
            }
        };
        *counts.entry(of).or_default() += 1;
    }
    eprintln!("{counts:?}");
    assert!(counts["one cell"] > 1000, "{counts:?}");
    // The figure in the first cell of an organisation's table is that of completeness, on its page and in its files.
    let of_cell = |file: &str, column: &str| {
        traced.iter().any(|one| match &one.of {
            Of::Cell(key) => {
                one.file == file && key.column == column && key.about.iter().any(|(_, v)| v == "INVA")
            }
            _ => false,
        })
    };
    for file in [
        "hospitals/INVA.html",
        "data/completeness.csv",
        "api/organisations/INVA.json",
    ] {
        assert!(of_cell(file, "found"), "{file}");
    }
    // The page of a network speaks of its own rows and of those of its hospitals, and of no other place.
    for file in ["networks/averland-north.html", "cy/networks/averland-north.html"] {
        let places: BTreeSet<&str> = traced
            .iter()
            .filter(|one| one.file == file)
            .filter_map(|one| match &one.of {
                Of::Cell(key) => key
                    .about
                    .iter()
                    .find(|(name, _)| name == "place" || name == "organisation"),
                _ => None,
            })
            .map(|(_, place)| place.as_str())
            .collect();
        assert!(places.contains("Averland North"), "{file}: {places:?}");
        let own = ["Averland North", "INVA", "INVB"];
        assert!(
            places.iter().all(|place| own.contains(place)),
            "{file}: {places:?}"
        );
    }
    // A bar of a year says its estimate, where there is one.
    assert!(
        ["estimate", "found"]
            .iter()
            .any(|column| of_cell("charts/organisation-INVA-years.svg", column))
    );
    // A page of fixed words names no cell; the id of the release in its footer comes from all of them.
    let of_page = traced.iter().filter(|one| one.file == "support.html");
    assert!(of_page.clone().all(|one| !matches!(one.of, Of::Cell(_))));
    assert!(
        of_page
            .filter(|one| one.of == Of::Cells)
            .all(|one| one.at.contains("footer"))
    );
}
