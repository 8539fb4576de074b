//! Laying the header of a file against a layout: which file column is which layout column.
//!
//! Matching ignores case, spaces and punctuation. Unknown headers are kept aside, and of missing
//! columns only those are named whose absence means that something cannot be computed.

use std::collections::BTreeMap;

use crate::column::Column;
use crate::error::BindError;
use crate::layout::Layout;

/// A header as it is compared: letters and digits only, in upper case.
#[must_use]
pub fn header_key(header: &str) -> String {
    header
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// Whether a header looks like the name of a column: no date and no number of a person fits in, nor most sentences.
/// One that does not may be somebody's cell, so it is named by its place and never shown.
#[must_use]
pub fn is_column_name(header: &str) -> bool {
    let digits = header.chars().filter(|c| c.is_numeric()).count();
    let plain = |c: char| c.is_alphanumeric() || " _-./()".contains(c);
    header.is_empty() || (header.starts_with(char::is_alphabetic) && digits <= 4 && header.chars().all(plain))
}

/// A column map: national name to the header that the file uses. For a numbered group the header
/// may hold `#`, which stands for the number.
pub type Renames = BTreeMap<String, String>;

/// One layout column, or one element of a numbered group, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Index into `Layout::columns`.
    pub column: usize,
    /// Which element of a group, from 1; 1 for a plain column.
    pub element: u32,
    /// The file columns with this meaning, mostly one; of several, the first that is not blank counts.
    pub headers: Vec<usize>,
    /// File columns to read while `headers` are blank, in order.
    pub fallbacks: Vec<usize>,
}

impl Bound {
    /// All file columns to look at, in order.
    pub fn sources(&self) -> impl Iterator<Item = usize> + '_ {
        self.headers.iter().chain(&self.fallbacks).copied()
    }
}

/// A header laid against a layout.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Binding {
    /// What is there, in layout order.
    pub bound: Vec<Bound>,
    /// File columns that the layout does not know.
    pub unknown: Vec<usize>,
    /// File columns that fit a group of the column map with a number that the layout does not hold, and so are not read: layout
    /// column, file column.
    pub beyond: Vec<(usize, usize)>,
    /// Layout columns that are not there and are missed.
    pub missing: Vec<usize>,
    /// The file column that study.toml calls the person key.
    pub person_key: Option<usize>,
    /// How many file columns the layout recognises, used or not: tells delimiters and kinds apart.
    pub recognised: usize,
}

impl Layout {
    /// Lays a header against this layout.
    ///
    /// # Errors
    /// When a required column is missing, or the column map names something that does not exist.
    pub fn bind(
        &self,
        header: &[&str],
        renames: &Renames,
        person_key: Option<&str>,
    ) -> Result<Binding, BindError> {
        let binding = self.lay(header, renames, person_key)?;
        self.demand(&binding)?;
        Ok(binding)
    }

    /// How many of these headers the layout knows, and whether it could be read.
    #[must_use]
    pub fn recognise(&self, header: &[&str]) -> (usize, bool) {
        match self.lay(header, &Renames::new(), None) {
            Ok(binding) => (binding.recognised, self.demand(&binding).is_ok()),
            Err(_) => (0, false),
        }
    }

    fn lay(
        &self,
        header: &[&str],
        renames: &Renames,
        person_key: Option<&str>,
    ) -> Result<Binding, BindError> {
        let keys: Vec<String> = header.iter().map(|name| header_key(name)).collect();
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, key) in keys.iter().enumerate() {
            places.entry(key).or_default().push(index);
        }
        let mapped = self.mapped(renames, &places)?;
        let look_up = |name: &str| places.get(header_key(name).as_str()).cloned().unwrap_or_default();
        let mut binding = Binding {
            bound: self.bound(&mapped.columns, &look_up),
            beyond: mapped.beyond,
            ..Binding::default()
        };
        if let Some(name) = person_key {
            let index = look_up(name).first().copied();
            binding.person_key = Some(index.ok_or_else(|| BindError::NoSuchKey {
                header: name.to_owned(),
            })?);
        }
        let mut used = vec![false; header.len()];
        let bound = binding.bound.iter().flat_map(Bound::sources);
        let known = self.known.iter().flat_map(|name| look_up(name));
        for index in bound.chain(binding.person_key).chain(known) {
            used[index] = true;
        }
        binding.recognised = used.iter().filter(|&&used| used).count();
        binding.unknown = (0..header.len())
            .filter(|&index| !used[index] && !keys[index].is_empty())
            .filter(|&index| !binding.beyond.iter().any(|(_, beyond)| *beyond == index))
            .collect();
        binding.missing = self.missed(&binding);
        Ok(binding)
    }

    /// Every layout column that the file has. A header that the column map names is taken for nothing else.
    fn bound(
        &self,
        mapped: &BTreeMap<(usize, u32), Vec<usize>>,
        look_up: &impl Fn(&str) -> Vec<usize>,
    ) -> Vec<Bound> {
        let is_free = |index: &usize| !mapped.values().flatten().any(|taken| taken == index);
        let of_names = |names: &[String]| -> Vec<usize> {
            names
                .iter()
                .flat_map(|name| look_up(name))
                .filter(is_free)
                .collect()
        };
        let mut all = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            for element in 1..=column.size() {
                let headers = match mapped.get(&(index, element)) {
                    Some(indices) => indices.clone(),
                    None => of_names(&column.headers(element)),
                };
                let fallbacks = of_names(&column.fallbacks);
                if !headers.is_empty() || !fallbacks.is_empty() {
                    all.push(Bound {
                        column: index,
                        element,
                        headers,
                        fallbacks,
                    });
                }
            }
        }
        all
    }

    fn missed(&self, binding: &Binding) -> Vec<usize> {
        let there = |name: &str| {
            binding
                .bound
                .iter()
                .any(|bound| self.columns[bound.column].name == name)
        };
        (0..self.columns.len())
            .filter(|&index| {
                let column = &self.columns[index];
                column.without.is_some()
                    && !there(&column.name)
                    && !column.instead.iter().any(|other| there(other))
            })
            .collect()
    }

    /// Refuses a header that lacks what the layout requires.
    fn demand(&self, binding: &Binding) -> Result<(), BindError> {
        let there = |index: usize| binding.bound.iter().any(|bound| bound.column == index);
        for (index, column) in self.columns.iter().enumerate() {
            if column.required && !there(index) {
                return Err(self.lacks(first_name(column), ""));
            }
        }
        for need in &self.needs {
            let members: Vec<usize> = (0..self.columns.len())
                .filter(|&index| need.any_of.contains(&self.columns[index].name))
                .collect();
            let a_key_serves = members.iter().any(|&index| self.columns[index].identifies());
            if members.iter().any(|&index| there(index)) || (a_key_serves && binding.person_key.is_some()) {
                continue;
            }
            return Err(self.lacks(
                need.any_of.join("` or `"),
                &format!(", which gives {}", need.words),
            ));
        }
        Ok(())
    }

    fn lacks(&self, column: String, gives: &str) -> BindError {
        let national = column.split('`').next().unwrap_or_default().to_owned();
        BindError::Lacks {
            kind: self.kind.clone(),
            column,
            fix: format!(
                "add it{gives}, or, if it is there under another name, write `{national} = \"that name\"` under [source.columns] in study.toml"
            ),
        }
    }

    /// The name of a column that is nearest to a name, if one is near. `more` is another name of a column that it may have been.
    pub(crate) fn near<'n>(&'n self, name: &str, more: Option<&'n str>) -> Option<&'n str> {
        let wanted = header_key(name);
        let known = self.columns.iter().map(|column| column.name.as_str());
        known
            .chain(more)
            .map(|known| (distance(&wanted, &header_key(known)), known))
            .min()
            .filter(|(distance, _)| *distance <= 1 + wanted.len() / 4)
            .map(|(_, known)| known)
    }
}

/// The name of a column, or of the first element of a group.
fn first_name(column: &Column) -> String {
    column.headers(1).into_iter().next().unwrap_or_default()
}

/// Edit distance between two short names; two letters that changed places count as one edit.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let plain = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if swapped {
                    plain.min(rows[i - 2][j - 2] + 1)
                } else {
                    plain
                }
            };
        }
    }
    rows[a.len()][b.len()]
}
