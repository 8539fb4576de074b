//! First treatment as data: `treatments.toml` (classes by the words of drugs, receptors) and `guidelines.csv` (what was
//! advised first, and when).
//!
//! Invariants of [`Treatments`] that exist: every fact has a day; every advice names a class and a subtype that exist;
//! an advice that nobody has checked against its source says so.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use vocabulary::date::Date;

use super::read::{DrawnEnd, codes, fact, words};
use super::{Code, DefinitionError, FactSource};

const FILE: &str = "treatments.toml";
const GUIDELINES: &str = "guidelines.csv";
const COLUMNS: &str = "subtype,class,from,until,source,verified";

/// How the first treatment and the subtype are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treatments {
    /// How far the words are checked.
    pub status: String,
    /// From so many days before the diagnosis (negative) to so many after it.
    pub days: (i32, i32),
    /// What a course of medicine for secondary disease is: fact and codes.
    pub course: (usize, Vec<Code>),
    /// The facts that name a course.
    pub names: Vec<usize>,
    /// The receptors.
    pub receptors: Receptors,
    /// Classes: the first that is found names the course.
    pub classes: Vec<Class>,
    /// What was advised first, in the order of the file.
    pub advice: Vec<Advice>,
}

/// Where the receptors of a tumour are, and what the codes mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receptors {
    /// The fact of the oestrogen receptor.
    pub oestrogen: usize,
    /// The fact of the progesterone receptor.
    pub progesterone: usize,
    /// The fact of HER2.
    pub her2: usize,
    /// Codes for positive.
    pub positive: Vec<Code>,
    /// Codes for negative.
    pub negative: Vec<Code>,
}

/// A class of treatment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its name.
    pub id: String,
    /// As a heading.
    pub title: String,
    /// The words that name its drugs.
    pub words: Code,
}

/// What was advised first for a subtype.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Which subtype.
    pub subtype: String,
    /// Which class.
    pub class: String,
    /// The first day.
    pub from: Date,
    /// The day from which it was advised no more; none where it still is.
    pub until: Option<Date>,
    /// Who advised it.
    pub source: String,
    /// Whether somebody has checked this line against the source.
    pub verified: bool,
}

impl Treatments {
    /// What was advised first for a subtype on a day.
    pub fn advised(&self, subtype: &str, day: Date) -> impl Iterator<Item = &Advice> {
        let of_day =
            move |advice: &&Advice| advice.from <= day && advice.until.is_none_or(|until| day < until);
        self.advice
            .iter()
            .filter(move |advice| advice.subtype == subtype)
            .filter(of_day)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnTreatments {
    status: String,
    days: (i32, i32),
    course: DrawnEnd,
    names: Vec<String>,
    receptors: DrawnReceptors,
    class: Vec<DrawnClass>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnReceptors {
    oestrogen: String,
    progesterone: String,
    her2: String,
    positive: Vec<String>,
    negative: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnClass {
    id: String,
    title: String,
    words: Vec<String>,
}

/// The treatments of a folder; none where it has no such file.
pub(super) fn read(
    files: &BTreeMap<String, String>,
    facts: &[FactSource],
) -> Result<Option<Treatments>, DefinitionError> {
    let Some(text) = files.get(FILE) else {
        return Ok(None);
    };
    let wrong = |why: String| DefinitionError::new(FILE, why);
    let drawn: DrawnTreatments =
        toml::from_str(text).map_err(|error| wrong(error.to_string().trim().to_owned()))?;
    let dated = |name: &str| {
        let found = fact(name, facts).map_err(wrong)?;
        match facts.get(found).is_some_and(|fact| fact.date.is_some()) {
            true => Ok(found),
            false => Err(wrong(format!("`{name}` has no date"))),
        }
    };
    if drawn.days.0 > drawn.days.1 {
        return Err(wrong("`days` is [from, to]".to_owned()));
    }
    let mut classes: Vec<Class> = Vec::new();
    for class in drawn.class {
        if classes.iter().any(|own| own.id == class.id) {
            return Err(wrong(format!("two classes are called `{}`", class.id)));
        }
        classes.push(Class {
            id: class.id,
            title: class.title,
            words: words(class.words).map_err(wrong)?,
        });
    }
    let receptors = Receptors {
        oestrogen: dated(&drawn.receptors.oestrogen)?,
        progesterone: dated(&drawn.receptors.progesterone)?,
        her2: dated(&drawn.receptors.her2)?,
        positive: codes(&drawn.receptors.positive),
        negative: codes(&drawn.receptors.negative),
    };
    Ok(Some(Treatments {
        status: drawn.status,
        days: drawn.days,
        course: (dated(&drawn.course.fact)?, codes(&drawn.course.codes)),
        names: drawn
            .names
            .iter()
            .map(|name| dated(name))
            .collect::<Result<_, _>>()?,
        receptors,
        advice: advice(files, &classes)?,
        classes,
    }))
}

fn advice(files: &BTreeMap<String, String>, classes: &[Class]) -> Result<Vec<Advice>, DefinitionError> {
    let Some(text) = files.get(GUIDELINES) else {
        return Ok(Vec::new());
    };
    let mut lines = text.lines();
    if lines.next() != Some(COLUMNS) {
        return Err(DefinitionError::new(
            GUIDELINES,
            format!("the first line is `{COLUMNS}`"),
        ));
    }
    let known: BTreeSet<&str> = classes.iter().map(|class| class.id.as_str()).collect();
    let rows = lines.enumerate().filter(|(_, line)| !line.trim().is_empty());
    rows.map(|(index, line)| {
        row(line, &known)
            .map_err(|why| DefinitionError::new(GUIDELINES, format!("line {}: {why}", index + 2)))
    })
    .collect()
}

fn row(line: &str, classes: &BTreeSet<&str>) -> Result<Advice, String> {
    let cells: Vec<&str> = line.split(',').map(str::trim).collect();
    let [subtype, class, from, until, source, verified] = cells.as_slice() else {
        return Err(format!("{} cells, not 6; no cell holds a comma", cells.len()));
    };
    if !crate::first_line::Subtype::ALL
        .iter()
        .any(|own| own.word() == *subtype)
    {
        return Err(format!("`{subtype}` is no subtype"));
    }
    if !classes.contains(class) {
        return Err(format!("no class `{class}` in {FILE}"));
    }
    let date = |text: &str| {
        text.parse::<Date>()
            .map_err(|_| format!("`{text}` is not a date"))
    };
    Ok(Advice {
        subtype: (*subtype).to_owned(),
        class: (*class).to_owned(),
        from: date(from)?,
        until: (!until.is_empty()).then(|| date(until)).transpose()?,
        source: (*source).to_owned(),
        verified: match *verified {
            "yes" => true,
            "no" => false,
            other => return Err(format!("verified is `yes` or `no`, not `{other}`")),
        },
    })
}
