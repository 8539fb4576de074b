//! What must hold within a file of public figures, so that a wrong one never reaches a page.

use crate::PublishError;

use super::format::{PublicFigures, Published, Range, Scenario, Spread};

const WHO: [&str; 2] = ["women", "people"];
const TIMING: [&str; 3] = ["on a day", "in a period", "not said"];
const MADE: [&str; 4] = ["counted", "scaled up", "modelled", "not said"];

/// Half of the last digit of a figure that is printed with one decimal, and a little for the sum of three.
const LAST_DIGIT: f64 = 0.151;

impl PublicFigures {
    /// Refuses figures that contradict each other.
    pub(super) fn checked(&self) -> Result<(), PublishError> {
        let in_range: Vec<&Scenario> = self.scenarios.iter().filter(|one| one.in_range).collect();
        hold(!in_range.is_empty(), "no scenario counts in the range")?;
        let sorted = self.scenarios.is_sorted_by_key(|one| !one.in_range);
        hold(sorted, "an edge stands before a scenario of the range")?;
        self.deaths_are_whole()?;
        for scenario in &self.scenarios {
            self.scenario(scenario)?;
        }
        for (name, range, ends) in [
            (
                "within_ten_years",
                self.within_ten_years,
                ends(&in_range, |one| [one.within_ten_years.middle; 2]),
            ),
            ("total", self.total, ends(&in_range, |one| [one.total.middle; 2])),
            (
                "total_at_widest",
                self.total_at_widest,
                ends(&in_range, |one| [one.total.low, one.total.high]),
            ),
        ] {
            hold(
                (range.low, range.high) == ends,
                &format!("{name} does not run from the lowest to the highest scenario"),
            )?;
            self.rates(name, range)?;
        }
        let sum =
            self.drivers.survival_percent + self.drivers.found_at_death_percent + self.drivers.chance_percent;
        hold(
            (sum - 100.0).abs() < LAST_DIGIT,
            "what the range depends on does not sum to 100 per cent",
        )?;
        let no_chance = !self.label.contains("confidence") && self.label.contains("scenarios");
        hold(no_chance, "label: it must call the range one of scenarios")?;
        self.published.iter().try_for_each(published)
    }

    fn deaths_are_whole(&self) -> Result<(), PublishError> {
        let deaths = &self.deaths;
        let years = i64::from(deaths.last_year) - i64::from(deaths.first_year) + 1;
        hold(
            years == deaths.women_in_england.len() as i64,
            "deaths: there is not one number for each year",
        )?;
        hold(!deaths.sources.is_empty(), "deaths: there is no source")?;
        let after = format!("{}-01-01", i64::from(deaths.last_year) + 1);
        hold(
            self.date == after,
            "date: it must be the day after the last year of deaths",
        )?;
        let links = deaths.sources.iter().chain([&self.inhabitants.source]);
        hold(
            links.clone().all(|one| is_link(&one.url)),
            "an address does not begin with https",
        )?;
        let millions = self.inhabitants.millions;
        hold(
            millions.is_finite() && millions > 0.0,
            "inhabitants: there must be some",
        )
    }

    fn scenario(&self, one: &Scenario) -> Result<(), PublishError> {
        let name = &one.name;
        let ordered = |spread: Spread| spread.low <= spread.middle && spread.middle <= spread.high;
        hold(
            ordered(one.within_ten_years) && ordered(one.total),
            &format!("{name}: a middle lies outside its own range"),
        )?;
        hold(
            one.within_ten_years.middle > 0 && one.within_ten_years.middle <= one.total.middle,
            &format!("{name}: more people in ten years than in all"),
        )?;
        let numbers = [
            one.extrapolated_percent,
            one.living_over_deaths,
            one.new_over_deaths,
        ];
        hold(
            numbers.iter().all(|n| n.is_finite() && *n > 0.0),
            &format!("{name}: a ratio is not a number"),
        )?;
        hold(
            one.extrapolated_percent < 100.0,
            &format!("{name}: a share is over 100 per cent"),
        )?;
        hold(
            !one.sources.is_empty() && one.sources.iter().all(|source| is_link(&source.url)),
            &format!("{name}: it has no source, or an address does not begin with https"),
        )
    }

    fn rates(&self, name: &str, range: Range) -> Result<(), PublishError> {
        // Both the people and the rate are rounded.
        let slack = f64::from(self.rounded_to) / 2.0 / (self.inhabitants.millions * 10.0) + LAST_DIGIT;
        let fits = |people: u32, rate: f64| {
            (f64::from(people) / (self.inhabitants.millions * 10.0) - rate).abs() < slack
        };
        hold(
            fits(range.low, range.low_in_100000) && fits(range.high, range.high_in_100000),
            &format!("{name}: people and people in 100,000 do not agree"),
        )
    }
}

fn published(one: &Published) -> Result<(), PublishError> {
    let place = format!("{}, {}", one.place, one.date);
    let words = [
        (one.who.as_str(), &WHO[..]),
        (one.timing.as_str(), &TIMING),
        (one.made.as_str(), &MADE),
    ];
    for (word, known) in words {
        hold(
            known.contains(&word),
            &format!("{place}: \"{word}\" is none of {}", known.join(", ")),
        )?;
    }
    let rate = one.crude_in_100000.unwrap_or(1.0);
    hold(
        rate.is_finite() && rate > 0.0 && one.number > 0,
        &format!("{place}: a number that is none"),
    )?;
    hold(
        one.url.as_deref().is_none_or(is_link),
        &format!("{place}: its address does not begin with https"),
    )
}

fn ends(scenarios: &[&Scenario], of: fn(&Scenario) -> [u32; 2]) -> (u32, u32) {
    scenarios
        .iter()
        .map(|one| of(one))
        .fold((u32::MAX, 0), |(low, high), [lowest, highest]| {
            (low.min(lowest), high.max(highest))
        })
}

/// An address that a page may link to.
pub(crate) fn is_link(url: &str) -> bool {
    url.starts_with("https://") && !url.contains([' ', '"', '<', '>'])
}

fn hold(right: bool, otherwise: &str) -> Result<(), PublishError> {
    if right {
        Ok(())
    } else {
        Err(PublishError::public_figures(otherwise.to_owned()))
    }
}
