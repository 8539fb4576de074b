//! The figures of the public pages: the committed file is what the command writes, and not what somebody typed.

use publish::public_figures::{LIVING_IN_THE_UK, PublicFigures, Scenario, Spread, living_in_the_uk};

use super::desk::Desk;
use crate::program::long;

/// What a call of the program writes into a file of this name.
fn written(desk: &Desk, words: &[&str]) -> String {
    desk.write("living-2021.toml", "");
    desk.run(words).well();
    fs_err::read_to_string(desk.at("living-2021.toml")).unwrap()
}

/// A figure made anew with few draws, to a tolerance: a share of the committed one.
#[track_caller]
fn near(found: u32, wanted: u32, tolerance: f64, what: &str) {
    let off = f64::from(found) / f64::from(wanted) - 1.0;
    assert!(
        off.abs() < tolerance,
        "{what}: {wanted} in the file, {found} made anew"
    );
}

/// What does not hang on chance.
fn words(scenario: &Scenario) -> (&str, &str, bool, Vec<&str>) {
    let sources = scenario.sources.iter().map(|source| source.url.as_str());
    (
        &scenario.name,
        &scenario.words,
        scenario.in_range,
        sources.collect(),
    )
}

/// With 400 draws the middle of a scenario strays by about 0.5 % (ten years) and 1 % (everyone), its ends by two or
/// three times as much: four times that is allowed.
#[test]
fn the_published_figures_are_made_by_the_command() {
    let file = living_in_the_uk().unwrap();
    let desk = Desk::new();
    let text = written(
        &desk,
        &["estimate", "uk", "--draws", "400", "--write", "living-2021.toml"],
    );
    let anew = PublicFigures::read(&text).unwrap();
    assert_eq!(anew.rerun.draws, 400);
    assert_eq!(
        (&anew.place, &anew.date, &anew.label),
        (&file.place, &file.date, &file.label)
    );
    assert_eq!(
        (&anew.deaths, &anew.inhabitants),
        (&file.deaths, &file.inhabitants)
    );
    assert_eq!(anew.published, file.published);
    assert_eq!(anew.scenarios.len(), file.scenarios.len());
    let spread = |found: Spread, wanted: Spread, tolerance: f64, what: &str| {
        near(found.middle, wanted.middle, tolerance, what);
        near(found.low, wanted.low, 2.5 * tolerance, what);
        near(found.high, wanted.high, 2.5 * tolerance, what);
    };
    for (found, wanted) in anew.scenarios.iter().zip(&file.scenarios) {
        assert_eq!(words(found), words(wanted));
        spread(
            found.within_ten_years,
            wanted.within_ten_years,
            0.02,
            &wanted.name,
        );
        spread(found.total, wanted.total, 0.04, &wanted.name);
        near(found.new, wanted.new, 0.04, &wanted.name);
    }
    assert!((anew.drivers.survival_percent - file.drivers.survival_percent).abs() < 6.0);
}

/// The command that the page prints, run as it is printed: the same text. Some twenty seconds, so only when long
/// versions are asked for. A later version of the program may have made it.
#[test]
fn the_command_on_the_page_writes_the_file_of_the_page() {
    let file = living_in_the_uk().unwrap();
    let call: Vec<&str> = file.rerun.command.split(' ').collect();
    assert_eq!(call[..3], ["counted", "estimate", "uk"]);
    if !long() {
        return;
    }
    let text = written(&Desk::new(), &call[1..]);
    let program = format!("program = \"{}\"", file.rerun.program);
    let now = concat!("program = \"counted ", env!("CARGO_PKG_VERSION"), "\"");
    assert_eq!(text.replace(now, &program), LIVING_IN_THE_UK);
}

#[test]
fn a_file_that_cannot_be_written_is_said() {
    let desk = Desk::new();
    for name in ["nowhere/living.toml", "/"] {
        let ran = desk.run(&["estimate", "uk", "--draws", "10", "--write", name]);
        assert_eq!(ran.code, 2, "{ran:#?}");
        assert!(
            ran.stderr.contains("--write: ") && ran.stdout.is_empty(),
            "{ran:#?}"
        );
    }
}

/// The one figure that stands in prose.
#[test]
fn the_readme_says_what_the_file_says() {
    let file = living_in_the_uk().unwrap().within_ten_years;
    // Outwards: no end of a range is cut.
    let thousand = |n: u32| format!("{},000", n / 1000);
    let words = format!(
        "about {} to {} people",
        thousand(file.low),
        thousand(file.high + 999)
    );
    let readme = fs_err::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    assert!(readme.contains(&words), "{words}");
}
