//! The built-in file holds, and one that is wrong is refused.

use super::*;

#[test]
fn the_file_reads_back_to_the_byte() {
    let figures = living_in_the_uk().unwrap();
    assert_eq!(
        figures.to_toml().unwrap(),
        LIVING_IN_THE_UK,
        "nothing in it was typed"
    );
    assert!(
        figures.rerun.draws >= 1_000,
        "too few draws for a published figure"
    );
    assert!(figures.rerun.command.contains(&format!(
        "--draws {} --seed {}",
        figures.rerun.draws, figures.rerun.seed
    )));
    assert!(figures.deaths.covid_year && figures.deaths.last_year == 2020);
    // methods.md marks with MEM what nobody has read where it was printed.
    assert!(!LIVING_IN_THE_UK.contains("MEM"));
}

/// The words beside the figures lean on these; where they change, the words must.
#[test]
fn what_the_words_take_for_granted() {
    let figures = living_in_the_uk().unwrap();
    let drivers = figures.drivers;
    assert!(drivers.survival_percent > 50.0, "\"would narrow the range most\"");
    assert!(drivers.found_at_death_percent > drivers.chance_percent);
    assert!(
        figures
            .deaths
            .sources
            .iter()
            .any(|source| source.title.contains("mean of 2017 to 2019"))
    );
    assert!(figures.published.iter().any(|one| one.timing == "in a period"));
    assert!(figures.published.iter().any(|one| one.who == "women"));
}

/// One change to the file, and the words of the refusal.
#[test]
fn a_file_that_contradicts_itself_is_refused() {
    let with = |from: &str, to: &str| {
        assert!(LIVING_IN_THE_UK.contains(from), "{from}");
        PublicFigures::read(&LIVING_IN_THE_UK.replacen(from, to, 1))
            .unwrap_err()
            .to_string()
    };
    let figures = living_in_the_uk().unwrap();
    let low = format!("low = {}", figures.within_ten_years.low);
    let middle = format!("middle = {}", figures.scenarios[0].within_ten_years.middle);
    let rate = format!("low_in_100000 = {:.1}", figures.total.low_in_100000);
    let survival = format!("survival_percent = {:.1}", figures.drivers.survival_percent);
    for (from, to, reason) in [
        (
            low.as_str(),
            "low = 30000",
            "within_ten_years does not run from the lowest",
        ),
        (&middle, "middle = 1", "a middle lies outside its own range"),
        (
            &rate,
            "low_in_100000 = 12.0",
            "total: people and people in 100,000 do not agree",
        ),
        (&survival, "survival_percent = 12.0", "does not sum to 100"),
        (
            "date = \"2021-01-01\"",
            "date = \"2022-01-01\"",
            "the day after the last year of deaths",
        ),
        (
            "first_year = 1996",
            "first_year = 1995",
            "one number for each year",
        ),
        (
            "a range of scenarios",
            "a confidence interval of scenarios",
            "it must call the range one of scenarios",
        ),
        ("url = \"https:", "url = \"http:", "does not begin with https"),
        ("who = \"women\"", "who = \"ladies\"", "is none of women, people"),
        ("in_range = true", "in_range = false", "an edge stands before"),
        ("place = \"the United Kingdom\"\n", "", "missing field `place`"),
        (
            "rounded_to = 100",
            "rounded_to = 100\nguess = 1",
            "unknown field `guess`",
        ),
        ("seed = 1", "seed = ", "TOML parse error"),
    ] {
        let refused = with(from, to);
        assert!(
            refused.starts_with("public figures: ") && refused.contains(reason),
            "{from} to {to}: {refused}"
        );
    }
}
