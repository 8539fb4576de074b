//! Everything that was ever released, as ranges and relations for the programs of [`protect::attack`].
//!
//! The figures are read from the released bytes. What can be checked between them (which totals are sums of which parts) is
//! either handed over, as the guard of the release knew it, or worked out from the tables as any reader would: a sum over
//! splits of the same people holds, and so does a network's over its organisations; a country and a nation hold their parts at
//! least. A sum that the shown numbers contradict is left out.
//!
//! Invariant: no number comes from anywhere but the released bytes. A number that a state of an organisation calls small is
//! taken to be small, and one that it would call so and does not is taken not to be.

mod care;
mod facts;
mod places;
mod relations;

use std::collections::{BTreeMap, BTreeSet};

use protect::attack::{Key, Known, Publication, Published, Relation};
use protect::{Policy, Role};
use publish::SiteFacts;

use crate::released::{Released, Table};
use crate::twin;

/// The publication that anybody can read off the released tables.
pub(crate) fn publication(
    name: &str,
    released: &Released,
    policy: &Policy,
    facts: &SiteFacts,
    relations: Option<&Publication>,
) -> Publication {
    let mut publication = Publication {
        name: name.to_owned(),
        small_to: if policy.hide_to() > 0 {
            policy.hide_to()
        } else {
            policy.round_to()
        },
        ..Publication::default()
    };
    for table in &released.tables {
        figures(table, policy, facts, &mut publication.figures);
    }
    facts::read(released, policy, &mut publication);
    let known = std::mem::take(&mut publication.relations);
    publication.relations = match relations {
        Some(known) => moved(known, &publication.figures),
        None => relations::deduced(&publication.figures, policy, facts),
    };
    publication.relations.extend(known);
    publication
}

fn figures(table: &Table, policy: &Policy, facts: &SiteFacts, figures: &mut Vec<Published>) {
    let columns = twin::columns(&table.name, &facts.thresholds).unwrap_or_default();
    let telling = Telling::of(table);
    for row in &table.rows {
        let word = |name: &str| Some(table.word(row, name)).filter(|word| !word.is_empty());
        let about: Vec<(String, String)> = columns
            .iter()
            .filter(|column| matches!(column.role, Role::Dimension))
            .map(|column| (column.name.clone(), table.word(row, &column.name).to_owned()))
            .collect();
        for column in columns.iter().filter(|column| matches!(column.role, Role::Count)) {
            let Some(read) = table.figure(row, &column.name) else {
                continue;
            };
            let mut known = Known::read(policy, word, read.whole(), read.state);
            if known == Known::Hidden && twin::said_to_be_small(table, row, &columns, &column.name) {
                known = Known::Range {
                    low: 1,
                    high: policy.hide_to(),
                };
            } else if known == Known::Hidden
                && policy.hide_to() > 0
                && twin::said_not_to_be_small(table, row, &columns, &column.name)
            {
                known = Known::Range {
                    low: policy.hide_to() + 1,
                    high: i64::MAX,
                };
            } else if known == Known::Hidden && column.name == "found" && telling.says_somebody(table, row) {
                known = Known::Range {
                    low: 1,
                    high: i64::MAX,
                };
            }
            let key = Key {
                table: table.name.clone(),
                column: column.name.clone(),
                about: about.clone(),
            };
            figures.push(Published { key, known });
        }
    }
}

/// What the rows of `counts` tell by standing there at all.
#[derive(Default)]
struct Telling<'t> {
    /// Kinds, sexes and ages by kind of place.
    values: BTreeMap<&'t str, [BTreeSet<&'t str>; 3]>,
    /// Rows by kind of place, place, period and measure.
    rows: BTreeMap<[&'t str; 4], usize>,
}

impl<'t> Telling<'t> {
    const SPLITS: [&'static str; 3] = ["kind", "sex", "age_band"];
    const GROUP: [&'static str; 4] = ["place_kind", "place", "period", "measure"];

    fn of(table: &'t Table) -> Self {
        let mut telling = Self::default();
        for row in table.rows.iter().filter(|_| table.name == "counts") {
            let values = telling.values.entry(table.word(row, "place_kind")).or_default();
            for (values, split) in values.iter_mut().zip(Self::SPLITS) {
                values.insert(table.word(row, split));
            }
            *telling
                .rows
                .entry(Self::GROUP.map(|name| table.word(row, name)))
                .or_default() += 1;
        }
        telling
    }

    /// Whether a split has a row here that others of its place and period lack: then it has one because somebody is there.
    fn says_somebody(&self, table: &Table, row: &[String]) -> bool {
        let is_split = Self::SPLITS.iter().any(|split| table.word(row, split) != "all");
        let group = Self::GROUP.map(|name| table.word(row, name));
        let rows = self.rows.get(&group).copied().unwrap_or(0);
        let values = self.values.get(group[0]);
        let wanted = values.map_or(0, |values| values.iter().map(BTreeSet::len).product());
        is_split && rows < wanted
    }
}

/// Relations between figures of the same names in another list.
fn moved(known: &Publication, figures: &[Published]) -> Vec<Relation> {
    let at: BTreeMap<&Key, usize> = figures.iter().enumerate().map(|(at, f)| (&f.key, at)).collect();
    let place = |index: &usize| at.get(&known.figures.get(*index)?.key).copied();
    let all = |parts: &[usize]| parts.iter().map(place).collect::<Option<Vec<usize>>>();
    let one = |relation: &Relation| {
        Some(match relation {
            Relation::Sum { total, parts } => Relation::Sum {
                total: place(total)?,
                parts: all(parts)?,
            },
            Relation::Among { total, parts } => Relation::Among {
                total: place(total)?,
                parts: all(parts)?,
            },
            Relation::AtMost { small, large } => Relation::AtMost {
                small: place(small)?,
                large: place(large)?,
            },
            Relation::Within { part, whole } => Relation::Within {
                part: place(part)?,
                whole: place(whole)?,
            },
            Relation::Same(a, b) => Relation::Same(place(a)?, place(b)?),
            Relation::Successive { earlier, later } => Relation::Successive {
                earlier: place(earlier)?,
                later: place(later)?,
            },
            Relation::Share {
                part,
                whole,
                tenths,
                step,
            } => Relation::Share {
                part: place(part)?,
                whole: place(whole)?,
                tenths: *tenths,
                step: *step,
            },
            Relation::Measure { part, whole } => Relation::Measure {
                part: place(part)?,
                whole: place(whole)?,
            },
        })
    };
    known.relations.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use protect::attack::{LeakKind, Limits, examine};

    fn figure(table: &str, column: &str, about: &[(&str, &str)], known: Known) -> Published {
        let about = about
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Published {
            key: Key {
                table: table.to_owned(),
                column: column.to_owned(),
                about: about.collect(),
            },
            known,
        }
    }

    /// A table of nations by kind; nothing else is split.
    fn table(rows: &[[&str; 2]]) -> Table {
        let header = [
            "place_kind",
            "place",
            "period",
            "measure",
            "kind",
            "sex",
            "age_band",
        ];
        let row = |[place, kind]: &[&str; 2]| {
            ["nation", place, "2024", "new", kind, "all", "all"]
                .map(str::to_owned)
                .to_vec()
        };
        Table {
            name: "counts".to_owned(),
            about: String::new(),
            version: 1,
            header: header.map(str::to_owned).to_vec(),
            rows: rows.iter().map(row).collect(),
        }
    }

    #[test]
    fn a_row_that_others_lack_says_that_somebody_is_there() {
        let whole = [
            ["A", "all"],
            ["A", "de_novo"],
            ["A", "recurrent"],
            ["B", "all"],
            ["B", "de_novo"],
        ];
        let says = |rows: &[[&str; 2]]| -> Vec<bool> {
            let table = table(rows);
            let telling = Telling::of(&table);
            table
                .rows
                .iter()
                .map(|row| telling.says_somebody(&table, row))
                .collect()
        };
        assert_eq!(says(&whole), [false, false, false, false, true]);
        let complete = [&whole[..], &[["B", "recurrent"]]].concat();
        assert_eq!(says(&complete), [false; 6]);
        // A total alone tells nothing.
        assert_eq!(says(&whole[..4]), [false; 4]);
    }

    #[test]
    fn a_year_is_one_under_both_its_names() {
        let in_counts = [
            ("place_kind", "organisation"),
            ("place", "INVA"),
            ("period", "2024"),
            ("measure", "new"),
            ("kind", "all"),
            ("sex", "all"),
            ("age_band", "all"),
            ("group", "all"),
        ];
        let in_completeness = |period: &str| {
            let about = [("organisation", "INVA"), ("period", period), ("kind", "all")];
            figure("completeness", "found", &about, Known::Hidden)
        };
        let figures = [
            figure("counts", "found", &in_counts, Known::Hidden),
            in_completeness("2024"),
            in_completeness("2024-01-01/2024-12-31"),
            in_completeness("2024-01-01/2024-06-30"),
        ];
        let same = [(1, 2), (0, 1), (0, 2)].map(|(one, other)| Relation::Same(one, other));
        assert_eq!(relations::twice(&figures), same);
    }

    #[test]
    fn everybody_of_a_few_is_a_leak_of_a_measure_of_care() {
        let policy = Policy::hes().unwrap();
        let band = |shown: i64| Known::Band {
            shown,
            low: shown - 2,
            high: shown + 2,
        };
        let leaks = |yes: i64, known: i64| {
            let figures = [("yes", yes), ("known", known)]
                .map(|(column, shown)| figure("care", column, &[("indicator", "nurse")], band(shown)));
            let publication = Publication {
                small_to: policy.hide_to(),
                relations: relations::within(&figures),
                figures: figures.to_vec(),
                ..Publication::default()
            };
            let leaks = examine(&[publication], &Limits::of(&policy));
            leaks.iter().map(|leak| leak.kind).collect::<Vec<_>>()
        };
        assert_eq!(leaks(15, 15), [LeakKind::WholeGroup]);
        assert_eq!((leaks(10, 15), leaks(40, 40)), (vec![], vec![]));
    }
}
