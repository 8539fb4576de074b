//! Reading a folder of standards; every fault names its file and says what to do.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::{
    Adjuster, Clause, Code, Delay, Direction, Excluded, Exclusion, FactSource, Indicator, Place, Population,
    Reported, Role, Span, Standards, What, agenda, check, treatments,
};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../definitions/standards");

/// What is wrong with a folder of standards.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct DefinitionError {
    /// The file in the folder.
    pub file: String,
    /// What is wrong and what to do.
    pub why: String,
}

impl DefinitionError {
    pub(crate) fn new(file: &str, why: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            why: why.into(),
        }
    }
}

impl Standards {
    /// The version that is compiled into the program.
    pub fn built_in() -> Result<Self, DefinitionError> {
        let version = "uk-2026.1";
        let folder = BUILT_IN
            .get_dir(version)
            .ok_or_else(|| DefinitionError::new(version, "is not in the program"))?;
        let mut files = BTreeMap::new();
        collect(folder, folder, &mut files);
        Self::from_files(&format!("standards/{version}"), files)
    }

    /// Reads the files of a folder: name with `/`, and text.
    pub fn from_files(id: &str, files: BTreeMap<String, String>) -> Result<Self, DefinitionError> {
        let Facts {
            facts,
            diagnosis_days,
            breast,
        } = facts(&files)?;
        let mut indicators = Vec::new();
        let mut delays = Vec::new();
        for (name, text) in &files {
            if !name.starts_with("indicators/") {
                continue;
            }
            let file: IndicatorsFile =
                toml::from_str(text).map_err(|error| DefinitionError::new(name, error.to_string().trim()))?;
            for drawn in file.indicator {
                indicators.push(indicator(name, drawn, &facts)?);
            }
            for drawn in file.delay {
                delays.push(delay(name, drawn, &facts)?);
            }
        }
        indicators.sort_by(|a, b| (rank(a.standard), &a.id).cmp(&(rank(b.standard), &b.id)));
        delays.sort_by(|a, b| a.id.cmp(&b.id));
        let standards = Self {
            id: id.to_owned(),
            agenda: agenda::read(&files, &facts)?,
            treatments: treatments::read(&files, &facts)?,
            facts,
            diagnosis_days,
            breast,
            indicators,
            delays,
            files,
        };
        check::check(&standards)?;
        Ok(standards)
    }
}

/// The eleven first, then the questions beside them.
fn rank(standard: u8) -> u8 {
    if standard == 0 { u8::MAX } else { standard }
}

fn collect(root: &Dir<'_>, folder: &Dir<'_>, files: &mut BTreeMap<String, String>) {
    for file in folder.files() {
        let path = file.path().strip_prefix(root.path()).unwrap_or(file.path());
        let name = path.to_string_lossy().replace('\\', "/");
        if let Some(text) = file.contents_utf8() {
            files.insert(name, text.to_owned());
        }
    }
    for below in folder.dirs() {
        collect(root, below, files);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsFile {
    diagnosis_days: (i32, i32),
    breast_codes: Vec<String>,
    fact: Vec<DrawnFact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnFact {
    name: String,
    table: String,
    date: Option<String>,
    code: Option<String>,
    #[serde(default)]
    several: bool,
    only: Option<DrawnOnly>,
    diagnosis: Option<String>,
    except: Option<DrawnExcept>,
    item: String,
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnOnly {
    column: String,
    codes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnExcept {
    column: String,
    words: Vec<String>,
}

/// What `facts.toml` holds.
struct Facts {
    facts: Vec<FactSource>,
    diagnosis_days: (i32, i32),
    breast: Vec<Code>,
}

fn facts(files: &BTreeMap<String, String>) -> Result<Facts, DefinitionError> {
    const FILE: &str = "facts.toml";
    let text = files
        .get(FILE)
        .ok_or_else(|| DefinitionError::new(FILE, "is missing: it names what records can say about care"))?;
    let file: FactsFile =
        toml::from_str(text).map_err(|error| DefinitionError::new(FILE, error.to_string().trim()))?;
    if file.diagnosis_days.0 > file.diagnosis_days.1 {
        return Err(DefinitionError::new(FILE, "`diagnosis_days` is [from, to]"));
    }
    let breast = codes(&file.breast_codes);
    let facts = file.fact.into_iter().map(|drawn| source(drawn, &breast));
    Ok(Facts {
        facts: facts
            .collect::<Result<_, _>>()
            .map_err(|why| DefinitionError::new(FILE, why))?,
        diagnosis_days: file.diagnosis_days,
        breast,
    })
}

/// One fact. Where it names the column of its diagnosis, rows of another cancer are left out, and rows without one stay.
fn source(drawn: DrawnFact, breast: &[Code]) -> Result<FactSource, String> {
    let only = match (drawn.only, drawn.diagnosis) {
        (Some(only), None) => Some((only.column, codes(&only.codes))),
        (None, Some(column)) => {
            let blank = Code::Exact(String::new());
            Some((column, breast.iter().cloned().chain([blank]).collect()))
        }
        (None, None) => None,
        (Some(_), Some(_)) => return Err(format!("fact `{}`: either `only` or `diagnosis`", drawn.name)),
    };
    let except = match drawn.except {
        Some(except) => Some((except.column, words(except.words)?)),
        None => None,
    };
    Ok(FactSource {
        name: drawn.name,
        table: drawn.table,
        date: drawn.date,
        code: drawn.code,
        several: drawn.several,
        only,
        except,
        item: drawn.item,
        words: drawn.words,
    })
}

/// Words that names are looked through for. What holds no letter and no number would stand in every name.
pub(super) fn words(drawn: Vec<String>) -> Result<Code, String> {
    let empty = drawn.iter().find(|word| !word.contains(char::is_alphanumeric));
    if let Some(word) = empty {
        return Err(format!("`{word}` holds no letter and no number"));
    }
    Ok(Code::Word(drawn))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorsFile {
    #[serde(default)]
    indicator: Vec<DrawnIndicator>,
    #[serde(default)]
    delay: Vec<DrawnDelay>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnIndicator {
    id: String,
    #[serde(default)]
    standard: u8,
    title: String,
    patients: String,
    boards: String,
    #[serde(default)]
    caution: String,
    source: String,
    direction: String,
    role: String,
    #[serde(default)]
    reported: Option<String>,
    #[serde(default)]
    case_mix: Vec<String>,
    threshold: Option<f64>,
    pair: Option<String>,
    population: DrawnPopulation,
    #[serde(default)]
    exclude: Vec<DrawnExclusion>,
    #[serde(default)]
    known: Vec<DrawnClause>,
    yes: Vec<DrawnClause>,
    no: Vec<DrawnClause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DrawnPopulation {
    event: Option<String>,
    fact: Option<String>,
    #[serde(default)]
    codes: Vec<String>,
    #[serde(default)]
    first: bool,
    #[serde(default)]
    after_days: i32,
    #[serde(default)]
    same_event_days: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnExclusion {
    reason: String,
    died_within_days: Option<i32>,
    #[serde(default)]
    only_at_death: bool,
    #[serde(default)]
    not_recurrent: bool,
    #[serde(default)]
    not_covered_since_diagnosis: Vec<String>,
    when: Option<DrawnClause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DrawnClause {
    fact: Option<String>,
    absent: Option<String>,
    #[serde(default)]
    codes: Vec<String>,
    days: Option<(i32, i32)>,
    #[serde(rename = "in")]
    place: Option<String>,
    #[serde(default)]
    covered_by: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawnDelay {
    id: String,
    title: String,
    #[serde(default)]
    caution: String,
    before: Option<String>,
    until: Option<String>,
    longest_days: Option<i32>,
    #[serde(default)]
    after: Vec<DrawnEnd>,
    #[serde(default)]
    lead_days: i32,
    #[serde(default)]
    contacts: Vec<DrawnEnd>,
    #[serde(default)]
    covered_by: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DrawnEnd {
    pub(super) fact: String,
    #[serde(default)]
    pub(super) codes: Vec<String>,
}

/// A question of care, checked.
fn indicator(file: &str, drawn: DrawnIndicator, facts: &[FactSource]) -> Result<Indicator, DefinitionError> {
    let id = drawn.id;
    let wrong = |why: String| DefinitionError::new(file, format!("indicator `{id}`: {why}"));
    let clauses = |drawn: Vec<DrawnClause>| {
        let read = drawn.into_iter().map(|drawn| clause(drawn, facts));
        read.collect::<Result<Vec<_>, String>>()
    };
    Ok(Indicator {
        standard: drawn.standard,
        title: drawn.title,
        patients: drawn.patients,
        boards: drawn.boards,
        caution: drawn.caution,
        source: drawn.source,
        direction: direction(&drawn.direction).map_err(wrong)?,
        role: role(&drawn.role).map_err(wrong)?,
        reported: reported(drawn.reported.as_deref()).map_err(wrong)?,
        case_mix: case_mix(&drawn.case_mix).map_err(wrong)?,
        threshold: drawn.threshold.unwrap_or(0.7),
        pair: drawn.pair,
        population: population(drawn.population, facts).map_err(wrong)?,
        exclusions: drawn
            .exclude
            .into_iter()
            .map(|drawn| exclusion(drawn, facts))
            .collect::<Result<_, _>>()
            .map_err(wrong)?,
        known: clauses(drawn.known).map_err(wrong)?,
        yes: clauses(drawn.yes).map_err(wrong)?,
        no: clauses(drawn.no).map_err(wrong)?,
        id: id.clone(),
    })
}

/// Whether more or fewer are better.
fn direction(word: &str) -> Result<Direction, String> {
    let known = [("higher", Direction::Higher), ("lower", Direction::Lower)];
    one_of("direction", word, &known)
}

/// Whether it asks of what was done, or of what came of it.
fn role(word: &str) -> Result<Role, String> {
    let known = [("process", Role::Process), ("outcome", Role::Outcome)];
    one_of("role", word, &known)
}

/// Who answers: national records where nothing is said.
fn reported(word: Option<&str>) -> Result<Reported, String> {
    let known = [
        ("nationally", Reported::Nationally),
        ("by_form", Reported::ByForm),
    ];
    one_of("reported", word.unwrap_or("nationally"), &known)
}

/// What hospitals are made comparable by.
fn case_mix(words: &[String]) -> Result<Vec<Adjuster>, String> {
    let known = [
        ("age", Adjuster::Age),
        ("kind", Adjuster::Kind),
        ("deprivation", Adjuster::Deprivation),
        ("subtype", Adjuster::Subtype),
    ];
    words
        .iter()
        .map(|word| one_of("case_mix", word, &known))
        .collect()
}

pub(super) fn population(drawn: DrawnPopulation, facts: &[FactSource]) -> Result<Population, String> {
    match (drawn.event.as_deref(), drawn.fact) {
        (Some(event), None) => one_of(
            "population",
            event,
            &[
                ("primary", Population::Primary),
                ("secondary", Population::Secondary),
                ("death", Population::Death),
            ],
        ),
        (None, Some(name)) => Ok(Population::Fact {
            fact: fact(&name, facts)?,
            codes: codes(&drawn.codes),
            first: drawn.first,
            after_days: drawn.after_days,
            same_event_days: drawn.same_event_days,
        }),
        _ => Err("population needs either `event` or `fact`".to_owned()),
    }
}

fn exclusion(drawn: DrawnExclusion, facts: &[FactSource]) -> Result<Exclusion, String> {
    let mut found = Vec::new();
    if let Some(days) = drawn.died_within_days {
        found.push(Excluded::DiedWithin(days));
    }
    if drawn.only_at_death {
        found.push(Excluded::OnlyAtDeath);
    }
    if drawn.not_recurrent {
        found.push(Excluded::NotRecurrent);
    }
    if !drawn.not_covered_since_diagnosis.is_empty() {
        found.push(Excluded::NotCoveredSinceDiagnosis(
            drawn.not_covered_since_diagnosis,
        ));
    }
    if let Some(when) = drawn.when {
        found.push(Excluded::Fact(clause(when, facts)?));
    }
    let [when] = <[Excluded; 1]>::try_from(found).map_err(|_| {
        "an exclusion needs exactly one of `died_within_days`, `only_at_death`, `not_recurrent`, \
         `not_covered_since_diagnosis`, `when`"
            .to_owned()
    })?;
    Ok(Exclusion {
        reason: drawn.reason,
        when,
    })
}

pub(super) fn clause(drawn: DrawnClause, facts: &[FactSource]) -> Result<Clause, String> {
    let (name, absent) = match (drawn.fact, drawn.absent) {
        (Some(name), None) => (name, false),
        (None, Some(name)) => (name, true),
        _ => return Err("a clause names either a `fact` or what is `absent`".to_owned()),
    };
    let what = match name.as_str() {
        "death" => What::Death,
        "only_at_death" => What::OnlyAtDeath,
        _ => What::Fact(fact(&name, facts)?, codes(&drawn.codes)),
    };
    let place = match (drawn.place.as_deref(), drawn.days) {
        (Some("record"), None) => Place::Record,
        (Some("anywhere"), None) => Place::Anywhere,
        (None, Some((from, to))) if from <= to => Place::Days(from, to),
        (None, None) if what == What::OnlyAtDeath => Place::Anywhere,
        _ => {
            return Err(format!(
                "`{name}` needs a place: `days = [from, to]`, or `in = \"record\"` (`\"anywhere\"` for forms)"
            ));
        }
    };
    Ok(Clause {
        what,
        place,
        absent,
        covered_by: drawn.covered_by,
    })
}

fn delay(file: &str, drawn: DrawnDelay, facts: &[FactSource]) -> Result<Delay, DefinitionError> {
    let wrong = |why: String| DefinitionError::new(file, format!("delay `{}`: {why}", drawn.id));
    let ends = |drawn: &[DrawnEnd]| {
        let read = drawn
            .iter()
            .map(|end| Ok((fact(&end.fact, facts)?, codes(&end.codes))));
        read.collect::<Result<Vec<_>, String>>()
    };
    let span = match (&drawn.before, drawn.after.is_empty(), drawn.contacts.is_empty()) {
        (Some(name), true, true) => Span::Before {
            fact: fact(name, facts).map_err(wrong)?,
            until: match &drawn.until {
                Some(until) => fact(until, facts).map_err(wrong)?,
                None => return Err(wrong("`before` needs `until`".to_owned())),
            },
            longest: drawn
                .longest_days
                .ok_or_else(|| wrong("`before` needs `longest_days`".to_owned()))?,
        },
        (None, false, true) => Span::After {
            facts: ends(&drawn.after).map_err(wrong)?,
            lead: drawn.lead_days,
            covered_by: drawn.covered_by.clone(),
        },
        (None, true, false) => Span::Contacts {
            facts: ends(&drawn.contacts).map_err(wrong)?,
            covered_by: drawn.covered_by.clone(),
        },
        _ => {
            return Err(wrong(
                "exactly one of `before`, `[[delay.after]]` and `[[delay.contacts]]`".to_owned(),
            ));
        }
    };
    Ok(Delay {
        id: drawn.id,
        title: drawn.title,
        caution: drawn.caution,
        span,
    })
}

pub(super) fn codes(drawn: &[String]) -> Vec<Code> {
    let read = drawn.iter().map(|code| match code.strip_suffix('*') {
        Some(beginning) => Code::Prefix(beginning.to_owned()),
        None => Code::Exact(code.clone()),
    });
    read.collect()
}

pub(super) fn fact(name: &str, facts: &[FactSource]) -> Result<usize, String> {
    let known = facts.iter().map(|fact| fact.name.as_str());
    known
        .clone()
        .position(|known| known == name)
        .ok_or_else(|| format!("no fact `{name}` in facts.toml{}", suggestion(name, known)))
}

fn one_of<T: Clone>(key: &str, word: &str, known: &[(&str, T)]) -> Result<T, String> {
    let found = known.iter().find(|(known, _)| *known == word);
    found.map(|(_, value)| value.clone()).ok_or_else(|| {
        let words: Vec<&str> = known.iter().map(|(known, _)| *known).collect();
        format!("{key} = \"{word}\" is none of {}", words.join(", "))
    })
}

/// Words that suggest the nearest known name, or nothing.
pub(super) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = known
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .filter(|(steps, known)| *steps <= 1 + known.len() / 4)
        .min();
    near.map_or_else(String::new, |(_, known)| format!("; did you mean `{known}`?"))
}
