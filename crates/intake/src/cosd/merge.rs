//! One record out of its versions: the latest file wins item by item, and a section that it lacks
//! erases nothing.

use vocabulary::date::Date;

use super::clean::{Clean, Entry, List};

/// A record as it stands, with where its parts come from.
pub(super) struct Standing {
    pub(super) clean: Clean,
    /// When the first file that held the record was made.
    pub(super) first_created: Option<Date>,
    /// When the file that it stands in was made.
    pub(super) created: Option<Date>,
    /// Its sections, each with its making.
    pub(super) entries: Vec<Dated>,
}

/// A section with the files it comes from.
pub(super) struct Dated {
    pub(super) entry: Entry,
    /// When the first file that held such a section of this record was made.
    pub(super) first_created: Option<Date>,
    /// When the file that this very section is taken from was made.
    pub(super) created: Option<Date>,
}

/// Puts the versions of one record together, oldest first, each with the day its file was made.
pub(super) fn merge(versions: Vec<(Clean, Option<Date>)>) -> Option<Standing> {
    let first_created = versions.first()?.1;
    let mut lists: Vec<Listed> = Vec::new();
    let mut standing: Option<(Clean, Option<Date>)> = None;
    for (mut version, created) in versions {
        for list in List::ALL {
            let entries: Vec<Entry> = version
                .entries
                .extract_if(.., |entry| entry.list == list)
                .collect();
            if entries.is_empty() {
                continue;
            }
            match lists.iter_mut().find(|known| known.list == list) {
                Some(known) => (known.created, known.entries) = (created, entries),
                None => lists.push(Listed {
                    list,
                    first_created: created,
                    created,
                    entries,
                }),
            }
        }
        standing = Some(match standing {
            Some((older, _)) => (newer_over(version, older), created),
            None => (version, created),
        });
    }
    lists.sort_by_key(|known| known.list);
    let (clean, created) = standing?;
    let entries = lists
        .into_iter()
        .flat_map(
            |Listed {
                 first_created,
                 created,
                 entries,
                 ..
             }| {
                entries.into_iter().map(move |entry| Dated {
                    entry,
                    first_created,
                    created,
                })
            },
        )
        .collect();
    Some(Standing {
        clean,
        first_created,
        created,
        entries,
    })
}

/// The occurrences of one section, all from one version.
struct Listed {
    list: List,
    first_created: Option<Date>,
    created: Option<Date>,
    entries: Vec<Entry>,
}

fn newer_over(mut newer: Clean, older: Clean) -> Clean {
    newer.cells.inherit(older.cells);
    newer.number = newer.number.or(older.number);
    newer.primary |= older.primary;
    newer.non_primary |= older.non_primary;
    newer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cosd::clean::Cells;
    use layouts::cosd_paths::Field;

    fn version(cells: &[(Field, &str)], sections: &[(List, &str)]) -> Clean {
        let mut clean = Clean::default();
        for (field, text) in cells {
            clean.cells.put_text(*field, *text);
        }
        clean.entries = sections
            .iter()
            .map(|(list, pairs)| Entry {
                list: *list,
                cells: Cells::default(),
                pairs: (*pairs).into(),
            })
            .collect();
        clean
    }

    #[test]
    fn the_latest_wins_item_by_item_and_erases_nothing() {
        let day = |day| Date::new(2024, 1, day);
        let standing = merge(vec![
            (
                version(
                    &[(Field::MFinal, "M0"), (Field::Nurse, "Y1")],
                    &[(List::Meeting, "m1")],
                ),
                day(1),
            ),
            (
                version(
                    &[(Field::MFinal, "M1")],
                    &[(List::Recurrence, "03/10"), (List::Recurrence, "03/03")],
                ),
                day(2),
            ),
            (
                version(&[(Field::Laterality, "L")], &[(List::Recurrence, "02/12")]),
                day(3),
            ),
        ])
        .unwrap();
        let text = |field| standing.clean.cells.text(field).unwrap_or("-").to_owned();
        assert_eq!(
            [Field::MFinal, Field::Nurse, Field::Laterality].map(text),
            ["M1", "Y1", "L"]
        );
        assert_eq!((standing.first_created, standing.created), (day(1), day(3)));
        let sections: Vec<_> = standing
            .entries
            .iter()
            .map(|dated| (&*dated.entry.pairs, dated.first_created, dated.created))
            .collect();
        assert_eq!(sections, [("02/12", day(2), day(3)), ("m1", day(1), day(1))]);
    }
}
