//! One record out of its versions: the latest file wins item by item, and a section that it lacks
//! erases nothing.

use layouts::cosd_paths::Field;
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
            let entries: Vec<Made> = version
                .entries
                .extract_if(.., |entry| entry.list == list)
                .map(|entry| Made { entry, created })
                .collect();
            if entries.is_empty() {
                continue;
            }
            match lists.iter_mut().find(|known| known.list == list) {
                Some(known) => known.take(entries),
                None => lists.push(Listed {
                    list,
                    first_created: created,
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
                 entries,
                 ..
             }| {
                entries.into_iter().map(move |Made { entry, created }| Dated {
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

/// The occurrences of one section.
struct Listed {
    list: List,
    first_created: Option<Date>,
    entries: Vec<Made>,
}

/// One of them, with the day its file was made.
struct Made {
    entry: Entry,
    created: Option<Date>,
}

impl Made {
    fn progressed(&self) -> Option<Date> {
        self.entry.cells.date(Field::ProgressionDate)
    }
}

impl Listed {
    /// Those of a later version stand for those of an earlier one; but each progression is one of its own, and a file that
    /// tells of the next leaves those before it as they were.
    fn take(&mut self, entries: Vec<Made>) {
        let first = entries.iter().filter_map(Made::progressed).min();
        let earlier = |made: &Made| {
            made.progressed()
                .zip(first)
                .is_some_and(|(day, first)| day < first)
        };
        self.entries
            .retain(|made| self.list == List::PrimaryProgression && earlier(made));
        self.entries.extend(entries);
    }
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

    #[test]
    fn a_later_progression_leaves_an_earlier_one_as_it_was() {
        let day = |month| Date::new(2024, month, 1);
        let progressed = |months: &[(u32, &str)]| {
            let mut clean = version(&[], &[]);
            clean.entries = months
                .iter()
                .map(|(month, pairs)| {
                    let mut cells = Cells::default();
                    cells.put_date(Field::ProgressionDate, day(*month));
                    Entry {
                        list: List::PrimaryProgression,
                        cells,
                        pairs: (*pairs).into(),
                    }
                })
                .collect();
            clean
        };
        let came = |versions: Vec<(Clean, Option<Date>)>| -> Vec<(String, Option<Date>)> {
            let standing = merge(versions).unwrap();
            let entries = standing.entries.into_iter();
            entries
                .map(|dated| (dated.entry.pairs.into(), dated.created))
                .collect()
        };
        let bone_then_nodes = came(vec![
            (progressed(&[(1, "03/10")]), day(2)),
            (progressed(&[(5, "02/12")]), day(6)),
        ]);
        assert_eq!(
            bone_then_nodes,
            [("03/10".to_owned(), day(2)), ("02/12".to_owned(), day(6))]
        );
        // The same day told again, and an earlier one: corrections.
        for corrected in [5, 3] {
            let versions = vec![
                (progressed(&[(5, "03/10")]), day(6)),
                (progressed(&[(corrected, "03/03")]), day(7)),
            ];
            assert_eq!(came(versions), [("03/03".to_owned(), day(7))]);
        }
    }
}
