//! The column map of a source, laid against a layout and a header: which file column is which column of the layout.
//!
//! Invariant: no file column that the map names is lost in silence. What is named by itself has its place; a group of which
//! a place is taken so stands after all that is named by itself, in its own order.

use std::collections::{BTreeMap, BTreeSet};

use crate::bind::{Renames, header_key};
use crate::column::Repeat;
use crate::error::BindError;
use crate::layout::Layout;

/// File columns by their header, as it is compared.
pub(crate) type Places<'h> = BTreeMap<&'h str, Vec<usize>>;

/// The column map, resolved.
#[derive(Debug, Default)]
pub(crate) struct Mapped {
    /// Column and element of the layout to file columns.
    pub(crate) columns: BTreeMap<(usize, u32), Vec<usize>>,
    /// File columns that fit the header of a group with a number that the layout does not hold: layout column, file column.
    pub(crate) beyond: Vec<(usize, usize)>,
}

/// What a name of the column map stands for.
enum Named<'l> {
    /// A plain column, or one element of a group.
    One(usize, u32),
    /// A whole group.
    Group(usize, &'l Repeat),
}

impl Named<'_> {
    /// The column, and the element, of which a group names none.
    fn place(&self) -> (usize, Option<u32>) {
        match self {
            Self::One(column, element) => (*column, Some(*element)),
            Self::Group(column, _) => (*column, None),
        }
    }
}

impl Layout {
    /// Resolves a column map.
    pub(crate) fn mapped(&self, renames: &Renames, places: &Places<'_>) -> Result<Mapped, BindError> {
        let mut mapped = Mapped::default();
        let mut names: BTreeMap<(usize, u32), &str> = BTreeMap::new();
        let mut groups = Vec::new();
        for (name, header) in renames {
            let (column, element) = match self.named(name, header, places)? {
                Named::Group(column, repeat) => {
                    groups.push((column, repeat, name.as_str(), header.as_str()));
                    continue;
                }
                Named::One(column, element) => (column, element),
            };
            let Some(indices) = places.get(header_key(header).as_str()) else {
                return Err(no_such_header(name, header));
            };
            let of_column = mapped
                .columns
                .iter()
                .find(|((other, same), taken)| *other == column && (*same == element || *taken == indices));
            if let Some((place, _)) = of_column {
                let first = names.get(place).copied().unwrap_or_default();
                return Err(twice(name, first, *place == (column, element), header));
            }
            names.insert((column, element), name);
            mapped.columns.insert((column, element), indices.clone());
        }
        for (column, repeat, name, header) in groups {
            mapped.group((column, repeat), (name, header), places)?;
        }
        Ok(mapped)
    }

    /// What a name stands for in this layout.
    fn named(&self, name: &str, header: &str, places: &Places<'_>) -> Result<Named<'_>, BindError> {
        self.find(name).ok_or_else(|| BindError::NoSuchColumn {
            kind: self.kind.clone(),
            name: name.to_owned(),
            suggestion: self.instead(name, header, places),
        })
    }

    /// What was meant by a line of which the left side is no column: a near name, the same line the wrong way round, or
    /// neither.
    fn instead(&self, name: &str, header: &str, places: &Places<'_>) -> String {
        let right = self.find(header);
        let near = self.near(name, right.as_ref().map(|_| header));
        // A heading of the file is no slip, however near it is to a national name.
        let is_heading = places.keys().any(|key| number_in(name, key).is_some());
        match (&right, near) {
            (Some(_), _) if is_heading => wrong_way_round(name, header),
            (Some(right), Some(near))
                if self.find(near).is_some_and(|near| near.place() == right.place()) =>
            {
                format!(
                    "; did you mean `{near}`? `{header}` is a name of that column and read without a line: take the line out"
                )
            }
            (_, Some(near)) => format!("; did you mean `{near}`?"),
            (Some(_), None) => wrong_way_round(name, header),
            (None, None) => "; write the national name on the left and your heading on the right".to_owned(),
        }
    }

    fn find(&self, name: &str) -> Option<Named<'_>> {
        let wanted = header_key(name);
        let mut columns = self.columns.iter().enumerate();
        columns.find_map(|(index, column)| match &column.repeat {
            Some(repeat) if header_key(&column.name) == wanted => Some(Named::Group(index, repeat)),
            _ => {
                let is_named = |element: &u32| {
                    let headers = column.headers(*element);
                    headers.iter().any(|known| header_key(known) == wanted)
                };
                let element = (1..=column.size()).find(is_named)?;
                Some(Named::One(index, element))
            }
        })
    }
}

impl Mapped {
    /// Takes in a group, as it is numbered; or after what is named by itself, where that has one of its places.
    fn group(
        &mut self,
        (column, repeat): (usize, &Repeat),
        (name, header): (&str, &str),
        places: &Places<'_>,
    ) -> Result<(), BindError> {
        let single = || {
            self.columns
                .iter()
                .filter(move |((other, _), _)| *other == column)
        };
        let taken: BTreeSet<u32> = single().map(|((_, element), _)| *element).collect();
        let used: BTreeSet<usize> = single().flat_map(|(_, indices)| indices).copied().collect();
        let mut fitting: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (key, indices) in places {
            if let Some(number) = number_in(header, key) {
                fitting.entry(number).or_default().extend(indices);
            }
        }
        if fitting.is_empty() {
            return Err(no_such_header(name, header));
        }
        for indices in fitting.values_mut() {
            indices.retain(|index| !used.contains(index));
        }
        fitting.retain(|_, indices| !indices.is_empty());
        let is_held = |number: &u32| (1..=repeat.to).contains(number);
        let collides = fitting.keys().any(|number| taken.contains(number));
        let after = taken.last().filter(|_| collides).copied().unwrap_or_default();
        for (number, indices) in fitting {
            if !is_held(&number) {
                self.beyond
                    .extend(indices.into_iter().map(|index| (column, index)));
                continue;
            }
            if !is_held(&(number + after)) {
                return Err(no_room(name, header, number, repeat.to));
            }
            self.columns.insert((column, number + after), indices);
        }
        Ok(())
    }
}

/// The number that a header has in the place of `#`; 1 where the map has no `#`.
fn number_in(wanted: &str, key: &str) -> Option<u32> {
    let Some((before, after)) = wanted.split_once('#') else {
        return (header_key(wanted) == key).then_some(1);
    };
    let rest = key.strip_prefix(header_key(before).as_str())?;
    let digits = rest.strip_suffix(header_key(after).as_str())?;
    let is_number = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

fn wrong_way_round(name: &str, header: &str) -> String {
    format!(
        "; the national name stands on the left and your heading on the right: write `{header} = \"{name}\"`"
    )
}

fn no_such_header(name: &str, header: &str) -> BindError {
    BindError::NoSuchHeader {
        name: name.to_owned(),
        header: header.to_owned(),
    }
}

/// Two names for one column of the layout, or one column of the file for two elements of a group.
fn twice(name: &str, first: &str, is_one: bool, header: &str) -> BindError {
    BindError::Twice {
        what: if is_one {
            format!("`{first}` and `{name}` are names of one column; take one of them out")
        } else {
            format!("`{first}` and `{name}` are both read from `{header}`; take one of them out")
        },
    }
}

fn no_room(name: &str, header: &str, number: u32, most: u32) -> BindError {
    let lost = header.replace('#', &number.to_string());
    BindError::Twice {
        what: format!(
            "places of `{name}` are named twice, by themselves and by `{name} = \"{header}\"`; it holds {most}, and `{lost}` would be \
             lost: name each by itself"
        ),
    }
}
