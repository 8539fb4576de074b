//! Which columns of somebody's tables are compared, and as what.
//!
//! For whom: `counted link`, which takes any table of people. Headings in; out come the fields, where each stands in
//! each file, and the columns left aside with the reason. Several files need not have the same columns: what means the
//! same is one field, and what a file lacks is blank there.
//!
//! It looks at headings alone, so the outcome can be told before a row is read.

mod chosen;
mod file;
mod meaning;
mod origin;

use layouts::{header_key, is_column_name};

use crate::weigh::{Field, Kind};

pub use chosen::{Choice, ChoiceError, Use};
pub use origin::Origin;

use meaning::Meaning;

/// The fields of a linkage, and where they come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// The fields, in the order of the first file that has them.
    pub fields: Vec<Field>,
    /// By file, by field.
    pub origins: Vec<Vec<Origin>>,
    /// What is not compared.
    pub aside: Vec<Aside>,
    /// By field, what it is, whatever its heading.
    things: Vec<String>,
}

/// A column that is left aside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Aside {
    /// Its heading, or its place where the heading may be somebody's cell.
    pub column: String,
    /// Why.
    pub why: &'static str,
}

/// More fields than this cannot be compared.
pub const MOST_COLUMNS: usize = 20;
/// Headings that number records, in the order in which they are taken.
const IDS: [&str; 4] = ["id", "unique_id", "rec_id", "record_id"];

/// The column with the records' ids: the one asked for, or one that is named so.
#[must_use]
pub fn id_column(header: &[String], asked: Option<&str>) -> Option<usize> {
    let find = |name: &str| {
        header
            .iter()
            .position(|heading| header_key(heading) == header_key(name))
    };
    match asked {
        Some(name) => find(name),
        None => IDS.iter().find_map(|name| find(name)),
    }
}

/// How a heading is named in words for people.
#[must_use]
pub fn shown(heading: &str, place: usize) -> String {
    let heading = heading.trim();
    if heading.is_empty() || heading.len() > 60 || !is_column_name(heading) {
        format!("column {}", place + 1)
    } else {
        heading.to_owned()
    }
}

/// Whether anything in a header is known. If not, it may be no header but the first person.
#[must_use]
pub fn is_header(header: &[String]) -> bool {
    header
        .iter()
        .any(|heading| !heading.is_empty() && meaning::meaning(heading) != Meaning::Other)
}

impl Columns {
    /// Recognises the columns of some files; `ids` are the columns with the records' ids.
    #[must_use]
    pub fn recognise(headers: &[Vec<String>], ids: &[Option<usize>]) -> Self {
        let mut columns = Self::default();
        for (header, id) in headers.iter().zip(ids) {
            let (found, aside) = file::recognise(header, *id);
            columns.add(found, aside);
        }
        columns.trim();
        columns
    }

    /// Adds a file: what is known already is found again, the rest is new.
    fn add(&mut self, found: Vec<file::Found>, aside: Vec<Aside>) {
        let mut origins = vec![Origin::Nowhere; self.fields.len()];
        for found in found {
            let known = self.things.iter().position(|thing| *thing == found.thing);
            match known.and_then(|at| origins.get_mut(at)) {
                Some(origin) => *origin = found.origin,
                None => {
                    origins.push(found.origin);
                    self.fields.push(Field {
                        name: self.free(&found.name),
                        kind: found.kind,
                    });
                    self.things.push(found.thing);
                    self.origins
                        .iter_mut()
                        .for_each(|origins| origins.push(Origin::Nowhere));
                }
            }
        }
        self.origins.push(origins);
        self.aside.extend(aside);
        self.aside.sort();
        self.aside.dedup();
    }

    /// A name that no other field has, so that rules and models can tell them apart.
    fn free(&self, name: &str) -> String {
        let taken = |name: &str| {
            self.fields
                .iter()
                .any(|field| field.name.eq_ignore_ascii_case(name))
        };
        let mut free = name.to_owned();
        let mut number = 2;
        while taken(&free) {
            free = format!("{name} ({number})");
            number += 1;
        }
        free
    }

    /// Leaves the last of the unknown columns aside where there are too many.
    fn trim(&mut self) {
        let over = self.fields.len().saturating_sub(MOST_COLUMNS);
        let texts = (0..self.fields.len())
            .rev()
            .filter(|&at| self.fields[at].kind == Kind::Text);
        let mut over: Vec<usize> = texts.take(over).collect();
        over.sort_unstable();
        self.leave(
            &over,
            "only 20 columns can be compared; name the ones that matter in --settings",
        );
    }

    /// Leaves fields aside, given by place in ascending order.
    pub fn leave(&mut self, places: &[usize], why: &'static str) {
        for &at in places.iter().rev() {
            let column = self.fields.remove(at).name;
            self.things.remove(at);
            self.aside.push(Aside { column, why });
            for origins in &mut self.origins {
                origins.remove(at);
            }
        }
        self.aside.sort();
    }

    /// Brings the fields into the order and under the names that a model was trained with. A field of the model that no
    /// file has stays blank; the places of these are given back.
    pub fn fit(&mut self, model: &[Field]) -> Vec<usize> {
        let things = file::things(model);
        let mut fitted = Self {
            fields: model.to_vec(),
            origins: vec![Vec::new(); self.origins.len()],
            aside: Vec::new(),
            things: things.clone(),
        };
        let (mut blank, mut used) = (Vec::new(), vec![false; self.fields.len()]);
        for (at, (field, thing)) in model.iter().zip(&things).enumerate() {
            let same = |other: &Field| header_key(&other.name) == header_key(&field.name);
            let by_name = self.fields.iter().position(same);
            let found = by_name.or_else(|| self.things.iter().position(|other| other == thing));
            match found.and_then(|found| used.get_mut(found)) {
                Some(used) => *used = true,
                None => blank.push(at),
            }
            for (into, origins) in fitted.origins.iter_mut().zip(&self.origins) {
                into.push(
                    found
                        .and_then(|found| origins.get(found))
                        .copied()
                        .unwrap_or(Origin::Nowhere),
                );
            }
        }
        let strange: Vec<usize> = (0..used.len()).filter(|&at| !used[at]).collect();
        self.leave(&strange, "the model was trained without it");
        fitted.aside = std::mem::take(&mut self.aside);
        *self = fitted;
        blank
    }
}

#[cfg(test)]
mod tests;
