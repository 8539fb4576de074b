//! Everything that was ever released, as ranges and relations for the programs of [`protect::attack`].
//!
//! The figures are read from the released bytes. What can be checked between them (which totals are sums of which parts) is
//! either handed over, as the guard of the release knew it, or worked out from the tables as any reader would: a sum over
//! splits of the same people holds, a sum over places holds at least. A sum that the shown numbers contradict is left out.
//!
//! Invariant: no number comes from anywhere but the released bytes. A number that a state of an organisation calls small is
//! taken to be small.

mod care;
mod facts;
mod relations;

use std::collections::BTreeMap;

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
