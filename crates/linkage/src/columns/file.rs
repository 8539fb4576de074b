//! The columns of one file.

use layouts::header_key;

use crate::weigh::{Field, Kind};

use super::meaning::{BORN, FAMILY, GIVEN, Meaning, POSTCODE, Part, SEX, meaning};
use super::{Aside, Origin, shown};

/// A field that a file has.
pub(super) struct Found {
    /// What it is; two files mean the same when this is the same.
    pub(super) thing: String,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) origin: Origin,
}

const ANSWER: &str = "it looks like the answer; name it in --settings to compare it all the same";
const OF_RECORD: &str = "it names the record or where it is from, not the person";
const OF_EVENT: &str = "it numbers an event, not a person";
const REPEATS: &str = "it repeats what stands in other columns";
const TWICE: &str = "its heading stands twice";

/// The fields of a file, and what is left aside.
pub(super) fn recognise(header: &[String], id: Option<usize>) -> (Vec<Found>, Vec<Aside>) {
    let means: Vec<Meaning> = header.iter().map(|heading| meaning(heading)).collect();
    let mut file = File {
        found: Vec::new(),
        aside: Vec::new(),
        header,
        given: known(&means, GIVEN),
        family: known(&means, FAMILY),
        born: known(&means, BORN),
        parts: [Part::Year, Part::Month, Part::Day]
            .map(|part| means.iter().position(|meaning| *meaning == Meaning::Born(part))),
    };
    for (at, meaning) in means.iter().enumerate().filter(|(at, _)| Some(*at) != id) {
        file.take(at, meaning);
    }
    (file.found, file.aside)
}

fn known(means: &[Meaning], thing: &str) -> bool {
    means
        .iter()
        .any(|meaning| matches!(meaning, Meaning::Known(name, _) if *name == thing))
}

struct File<'a> {
    found: Vec<Found>,
    aside: Vec<Aside>,
    header: &'a [String],
    given: bool,
    family: bool,
    born: bool,
    parts: [Option<usize>; 3],
}

impl File<'_> {
    fn take(&mut self, at: usize, meaning: &Meaning) {
        match meaning {
            Meaning::OfRecord => self.leave(at, OF_RECORD),
            Meaning::Answer => self.leave(at, ANSWER),
            Meaning::OfEvent => self.leave(at, OF_EVENT),
            Meaning::Known(thing, kind) if !self.has(thing) => {
                self.add(thing, shown(&self.header[at], at), *kind, Origin::Column(at));
            }
            // A second postcode is compared like one; a second given name would be taken for the first.
            Meaning::Known(POSTCODE, kind) => self.unlisted(at, *kind),
            Meaning::Known(..) | Meaning::Other => self.unlisted(at, Kind::Text),
            Meaning::Number => self.unlisted(at, Kind::Number),
            Meaning::FullName => self.full_name(at),
            Meaning::Born(_) => self.born(at),
        }
    }

    fn has(&self, thing: &str) -> bool {
        self.found.iter().any(|found| found.thing == thing)
    }

    fn leave(&mut self, at: usize, why: &'static str) {
        let column = shown(&self.header[at], at);
        self.aside.push(Aside { column, why });
    }

    fn add(&mut self, thing: &str, name: String, kind: Kind, origin: Origin) {
        self.found.push(Found {
            thing: thing.to_owned(),
            name,
            kind,
            origin,
        });
    }

    /// A column that is what its heading says and no more is known of it.
    fn unlisted(&mut self, at: usize, kind: Kind) {
        let thing = by_heading(&self.header[at]);
        if self.has(&thing) {
            self.leave(at, TWICE);
        } else {
            self.add(&thing, shown(&self.header[at], at), kind, Origin::Column(at));
        }
    }

    /// A full name is split, where it says what no other column does.
    fn full_name(&mut self, at: usize) {
        let (given, family) = (self.given || self.has(GIVEN), self.family || self.has(FAMILY));
        let name = shown(&self.header[at], at);
        if given && family {
            return self.leave(at, REPEATS);
        }
        if !given {
            // Beside a family name, what is headed "name" alone is the other one.
            let alone = family && header_key(&self.header[at]) == "NAME";
            let (name, origin) = if alone {
                (name.clone(), Origin::Column(at))
            } else {
                (format!("{name}.given"), Origin::GivenOf(at))
            };
            self.add(GIVEN, name, Kind::GivenName, origin);
        }
        if !family {
            self.add(
                FAMILY,
                format!("{name}.family"),
                Kind::FamilyName,
                Origin::FamilyOf(at),
            );
        }
    }

    /// Year, month and day in columns of their own make one date.
    fn born(&mut self, at: usize) {
        let [year, ..] = self.parts;
        if self.born || !self.parts.contains(&Some(at)) {
            self.leave(at, REPEATS);
        } else if year.is_none() {
            // Without a year, a month is a word like others.
            self.unlisted(at, Kind::Text);
        } else if !self.has(BORN) {
            self.add(
                BORN,
                shown(&self.header[at], at),
                Kind::BirthDate,
                Origin::Date(self.parts),
            );
        }
    }
}

/// The thing that a column is of which no more is known than its heading.
pub(super) fn by_heading(heading: &str) -> String {
    format!("`{}`", header_key(heading))
}

/// What the fields of a model are. The first of a kind is that kind's thing, whatever it is called.
pub(super) fn things(fields: &[Field]) -> Vec<String> {
    let mut things: Vec<String> = Vec::new();
    for field in fields {
        let by_kind = match field.kind {
            Kind::GivenName => GIVEN,
            Kind::FamilyName => FAMILY,
            Kind::BirthDate => BORN,
            Kind::Postcode => POSTCODE,
            Kind::Sex => SEX,
            _ => "",
        };
        let thing = match meaning(&field.name) {
            _ if !by_kind.is_empty() => by_kind.to_owned(),
            Meaning::Known(thing, kind) if kind == field.kind => thing.to_owned(),
            _ => by_heading(&field.name),
        };
        let thing = if things.contains(&thing) {
            by_heading(&field.name)
        } else {
            thing
        };
        things.push(thing);
    }
    things
}
