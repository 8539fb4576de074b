//! Which released cell a place on a site speaks of: places by name, periods in words, columns by what people call them.

use publish::SiteFacts;

use crate::released::{Read, Released, Table};

/// A place that figures are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) kind: &'static str,
    /// Its code, or its name in the tables.
    pub(crate) name: String,
}

/// The released tables, with the names that people give to their places.
pub(crate) struct Cells<'a> {
    pub(crate) released: &'a Released,
    /// Names in lower case, longest first.
    names: Vec<(String, Place)>,
    /// Periods in words and as they are in tables, longest first.
    periods: Vec<(String, String)>,
}

/// A cell, and its name for a message.
pub(crate) struct Cell {
    pub(crate) read: Option<Read>,
    pub(crate) name: String,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(released: &'a Released, facts: &SiteFacts) -> Self {
        let mut names: Vec<(String, Place)> = Vec::new();
        let mut add = |name: &str, place: &Place| {
            if !name.is_empty() {
                names.push((name.to_lowercase(), place.clone()));
            }
        };
        for organisation in &facts.organisations {
            let place = Place {
                kind: "organisation",
                name: organisation.code.clone(),
            };
            add(&organisation.name, &place);
            add(&organisation.short_name, &place);
            add(&organisation.code, &place);
            let nation = Place {
                kind: "nation",
                name: organisation.nation.clone(),
            };
            add(&organisation.nation, &nation);
        }
        // After all others: a name that a nation has too is the nation's, but on the network's own page.
        for organisation in &facts.organisations {
            let network = Place {
                kind: "network",
                name: organisation.network.clone(),
            };
            add(&organisation.network, &network);
        }
        names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(&b.0)));
        names.dedup();
        let mut periods = Vec::new();
        for table in &released.tables {
            for row in &table.rows {
                let period = table.word(row, "period");
                if !period.is_empty() {
                    periods.push((publish::period_in_words(period).to_lowercase(), period.to_owned()));
                    periods.push((period.to_lowercase(), period.to_owned()));
                }
            }
        }
        periods.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
        periods.dedup();
        Self {
            released,
            names,
            periods,
        }
    }

    /// Takes the names of places out of a text in lower case, and gives the first of them.
    pub(crate) fn take_place(&self, text: &mut String) -> Option<Place> {
        let mut taken: Option<(usize, Place)> = None;
        for (name, place) in &self.names {
            while let Some(at) = whole_word(text, name) {
                text.replace_range(at..at + name.len(), &" ".repeat(name.len()));
                if taken.as_ref().is_none_or(|(first, _)| at < *first) {
                    taken = Some((at, place.clone()));
                }
            }
        }
        taken.map(|(_, place)| place)
    }

    /// Takes periods out of a text in lower case, and gives the last of them.
    pub(crate) fn take_period(&self, text: &mut String) -> Option<String> {
        let mut taken = None;
        for (words, period) in &self.periods {
            while let Some(at) = whole_word(text, words) {
                text.replace_range(at..at + words.len(), &" ".repeat(words.len()));
                taken.get_or_insert_with(|| period.clone());
            }
        }
        taken
    }

    /// Whether a text has words, and all of them are names of places or words that the file uses anyway.
    pub(crate) fn has_words(&self, text: &str, known: &std::collections::BTreeSet<String>) -> bool {
        const COLUMNS: [&str; 8] = [
            "found",
            "recorded",
            "people",
            "estimated",
            "living",
            "died",
            "new",
            "of",
        ];
        let mut left = text.to_lowercase();
        let named = self.take_place(&mut left).is_some();
        self.take_period(&mut left);
        let mut words = left
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .peekable();
        let ordinary = |c: char| c.is_alphanumeric() || " %.,:;()-'\u{2013}\u{2019}".contains(c);
        (named || words.peek().is_some())
            && text.chars().all(ordinary)
            && !text.contains("  ")
            && words.all(|word| {
                word.starts_with(|c: char| c.is_ascii_digit())
                    || known.contains(word)
                    || COLUMNS.contains(&word)
            })
    }

    /// The place that a file of the site is about.
    pub(crate) fn place_of(&self, file: &str) -> Option<Place> {
        let name = file.rsplit('/').next()?.split('.').next()?.replace('-', " ");
        let name = name.to_lowercase();
        let of_network = file.split('/').any(|folder| folder == "networks") || name.starts_with("network ");
        let known = |(of, place): &&(String, Place)| {
            let chart = |kind: &str| name == format!("{kind} {of} years");
            let is_network = place.kind == "network";
            is_network == of_network && (*of == name || chart("organisation") || chart("network"))
        };
        self.names.iter().find(known).map(|(_, place)| place.clone())
    }

    /// The figure of a place in a column, for everybody: of the period that is named, or the one that pages speak of.
    pub(crate) fn cell(
        &self,
        place: &Place,
        column: &str,
        measure: Option<&str>,
        period: Option<&str>,
    ) -> Cell {
        let state_period = self.released.manifest.state_period.as_str();
        let of_state = period.is_none_or(|period| period == state_period);
        if place.kind == "organisation"
            && of_state
            && measure.is_none_or(|measure| measure == "new")
            && let Some((table, row)) = self.completeness(place, state_period)
            && table.header.iter().any(|name| name == column)
        {
            return cell(table, row, column, &place.name, state_period);
        }
        let measure = measure.unwrap_or(if place.kind == "organisation" {
            "new"
        } else {
            "living"
        });
        match self.counts(place, measure, period) {
            Some((table, row)) => cell(table, row, column, &place.name, table.word(row, "period")),
            None => Cell {
                read: None,
                name: format!("{column} of {}", place.name),
            },
        }
    }

    fn completeness(&self, place: &Place, period: &str) -> Option<(&'a Table, &'a [String])> {
        let table = self.released.table("completeness")?;
        let row = table.rows.iter().find(|row| {
            table.word(row, "organisation") == place.name
                && table.word(row, "period") == period
                && table.word(row, "kind") == "all"
        })?;
        Some((table, row.as_slice()))
    }

    fn counts(
        &self,
        place: &Place,
        measure: &str,
        period: Option<&str>,
    ) -> Option<(&'a Table, &'a [String])> {
        let table = self.released.table("counts")?;
        let everybody = |row: &[String]| {
            let all = |column| table.word(row, column) == "all";
            ["kind", "sex", "age_band", "group_kind", "group"]
                .into_iter()
                .all(all)
        };
        let rows = table.rows.iter().filter(|row| {
            table.word(row, "place_kind") == place.kind
                && table.word(row, "place") == place.name
                && table.word(row, "measure") == measure
                && period.is_none_or(|period| table.word(row, "period") == period)
                && everybody(row)
        });
        let last = rows.max_by_key(|row| table.word(row, "period"))?;
        Some((table, last.as_slice()))
    }
}

fn cell(table: &Table, row: &[String], column: &str, place: &str, period: &str) -> Cell {
    Cell {
        read: table.figure(row, column),
        name: format!("{}/{column} of {place} in {period}", table.name),
    }
}

/// Where a name stands as a whole word.
fn whole_word(text: &str, name: &str) -> Option<usize> {
    let outside = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(name)
        .find(|(at, _)| {
            let (before, after) = (text.get(..*at), text.get(at + name.len()..));
            outside(before.and_then(|b| b.chars().next_back()))
                && outside(after.and_then(|a| a.chars().next()))
        })
        .map(|(at, _)| at)
}
