//! Whether the probabilities of the linker mean what they say, and whether it finds everybody equally well.
//!
//! On invented people whose truth is known and whose faults keep company. "0.9" must be right nine times in ten:
//! the share of true pairs in each band of probability must lie in the band, but for chance. And no sex, age or
//! kind of name may be found much less often than another, but for chance.
//!
//! `COUNTED_LONG=1` takes tables long enough for every band to hold a thousand pairs.

mod bands;
mod groups;
mod town;

use linkage::weigh::{Deciding, Linker, Rule, Settings};

use bands::Bands;
use groups::Groups;
use town::Town;

const SEEDS: [u64; 2] = [4_901, 4_902];
/// Rules of which each holds few pairs, as somebody would write them who has little time.
const NARROW: &[&str] = &[
    "nhs_number",
    "dob + surname",
    "dob + forename",
    "forename + surname + postcode",
    "postcode + dob.year",
];
/// No rules: the linker chooses.
const CHOSEN: &[&str] = &[];

fn linked(rules: &[&str], long: bool) -> (Bands, Groups) {
    let (mut bands, mut groups) = (Bands::default(), Groups::default());
    let records = if long { 1_500_000 } else { 100_000 };
    for seed in &SEEDS[..if long { 2 } else { 1 }] {
        eprintln!("seed {seed}, {records} records, rules {rules:?}");
        let town = Town::invented(records, *seed);
        let settings = Settings {
            rules: rules
                .iter()
                .map(|rule| Rule::read(rule, &town.table).unwrap())
                .collect(),
            // The bands that are judged begin far above.
            least: 0.5,
            deciding: Deciding {
                review: 0.5,
                ..Deciding::default()
            },
            ..Settings::default()
        };
        let linker = Linker::new(&town.table, settings).unwrap();
        let mut learnt = linker.train().unwrap();
        let mut weighed = linker.weigh(&mut learnt).unwrap();
        for pair in weighed.pairs.in_order().unwrap() {
            bands.add(&town, &pair.unwrap());
        }
        groups.add(&town, &linker.decide(&mut learnt, &mut weighed).unwrap().person);
    }
    eprintln!("{bands}\n{groups}");
    (bands, groups)
}

#[test]
fn probabilities_mean_what_they_say_and_everybody_is_found() {
    let mut wrong = Vec::new();
    for rules in [NARROW, CHOSEN] {
        let (bands, groups) = linked(rules, crate::program::long());
        for words in bands.wrong().into_iter().chain(groups.wrong()) {
            wrong.push(format!("rules {rules:?}: {words}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
