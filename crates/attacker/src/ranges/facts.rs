//! The counts in tables of facts about the run: how many rows were read, joined, set aside.
//!
//! Nobody says which of them are sums, but where in every row of a table the first can be the sum of the others, anybody takes it
//! for one. A count that is hidden alone in its row is small.

use protect::attack::{Key, Known, Publication, Published, Relation};
use protect::{Policy, State};

use super::relations::ends;
use crate::released::{Released, Section};

pub(super) fn read(released: &Released, policy: &Policy, publication: &mut Publication) {
    for section in &released.manifest.sections {
        let rows: Vec<Vec<usize>> = section
            .rows
            .iter()
            .enumerate()
            .map(|(at, _)| row(section, at, policy, &mut publication.figures))
            .collect();
        let span = |at: &usize| {
            publication
                .figures
                .get(*at)
                .map_or((0, i64::MAX), |f| ends(f.known))
        };
        let sum = |row: &Vec<usize>| {
            let Some((total, parts)) = row.split_first().filter(|(_, parts)| parts.len() > 1) else {
                return false;
            };
            let low = parts.iter().fold(0_i64, |sum, at| sum.saturating_add(span(at).0));
            let high = parts.iter().fold(0_i64, |sum, at| sum.saturating_add(span(at).1));
            low <= span(total).1 && high >= span(total).0
        };
        if !rows.is_empty() && rows.iter().all(sum) {
            let relations = rows.iter().filter_map(|row| {
                let (total, parts) = row.split_first()?;
                Some(Relation::Sum {
                    total: *total,
                    parts: parts.to_vec(),
                })
            });
            publication.relations.extend(relations);
        }
    }
}

/// The counts of one row, as figures; where each is in the list.
fn row(section: &Section, at: usize, policy: &Policy, figures: &mut Vec<Published>) -> Vec<usize> {
    let cells = section.rows.get(at).map_or(&[][..], Vec::as_slice);
    let is_hidden = |cell: &serde_json::Value| cell.as_str() == Some(State::Suppressed.as_str());
    let alone = cells.iter().filter(|cell| is_hidden(cell)).count() == 1;
    let mut places = Vec::new();
    for (column, cell) in cells.iter().enumerate() {
        let known = match cell.as_i64() {
            Some(shown) => Known::read(policy, |_| None, Some(shown), State::Shown),
            None if is_hidden(cell) && alone => Known::Range {
                low: 1,
                high: policy.hide_to(),
            },
            None if is_hidden(cell) => Known::Hidden,
            None => continue,
        };
        places.push(figures.len());
        figures.push(Published {
            key: Key {
                table: format!("facts/{}", section.id),
                column: section.columns.get(column).cloned().unwrap_or_default(),
                about: vec![("row".to_owned(), (at + 1).to_string())],
            },
            known,
        });
    }
    places
}
