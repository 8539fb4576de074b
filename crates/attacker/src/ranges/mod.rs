//! Everything that was ever released, as ranges and relations for the programs of [`protect::attack`].
//!
//! The figures are read from the released bytes. What can be checked between them (which totals are sums of which parts) is
//! either handed over, as the guard of the release knew it, or worked out from the tables as any reader would: a sum over
//! splits of the same people holds, and so does a country's over its nations and a network's over its organisations; a nation holds
//! its parts at least. A sum that the shown numbers contradict is left out.
//!
//! Invariant: no number comes from anywhere but the released bytes. A number that a state of an organisation calls small is
//! taken to be small.

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
    use super::*;

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
}
