//! `study.toml`: what a study is, which files it reads, by which definition it counts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use toml::value::Datetime;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::error::StudyError;
use crate::survey;

/// The content of `study.toml`.
#[derive(Debug, Clone)]
pub struct Config {
    /// Title of the study, as shown on pages.
    pub name: String,
    /// The country: `uk`, or a name of one's own beside a list of organisations.
    pub country: String,
    /// Nothing after this date is used.
    pub as_of: Date,
    /// First and last day that are counted.
    pub period: (Date, Date),
    /// Case definition.
    pub definition: String,
    /// Whether the people and hospitals are invented.
    pub simulated: bool,
    /// Organisations instead of the country's own.
    pub organisations: Option<String>,
    /// The sources, in the order of the file.
    pub sources: Vec<Source>,
    /// Surveys: sources of the kind `survey`, which hold no record of a person.
    pub surveys: Vec<Source>,
    /// What the estimate is given beside the sources.
    pub estimate: Estimate,
}

/// `[estimate]`: what the estimate is given beside the sources.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// Assumptions instead of those compiled into the program: a file, relative to the study.
    pub assumptions: Option<String>,
    /// National deaths with breast cancer as underlying cause: an outside check, in no estimate.
    pub national_deaths: Option<NationalDeaths>,
    /// How far the word of those who read charts is the truth; without it they do not err.
    pub reviewer: Option<Reviewer>,
}

/// How often reviewers are right.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewer {
    /// The share of people with the disease whom they confirm.
    pub sensitivity: f64,
    /// The share of people without it whom they refute.
    pub specificity: f64,
}

/// National deaths, year by year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NationalDeaths {
    /// The first year.
    pub first_year: i32,
    /// Deaths of each year from the first.
    pub counts: Vec<u64>,
}

/// One `[[source]]`.
#[derive(Debug, Clone)]
pub struct Source {
    /// Kind of file, such as `cosd`.
    pub kind: String,
    /// Path or pattern, relative to the study.
    pub path: String,
    /// Months that it covers, where declared.
    pub covers: Option<(Date, Date)>,
    /// Nations that it covers, where declared.
    pub nations: Vec<String>,
    /// National column name by the header that the file uses instead.
    pub columns: BTreeMap<String, String>,
    /// Column that holds a key for the person, and the name of its space.
    pub person_key: Option<String>,
    /// Name of the space in which keys are equal.
    pub key_space: Option<String>,
    /// Whether a file that cannot be read is set aside rather than stopping the run.
    pub set_aside_unreadable: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    study: Study,
    #[serde(default)]
    source: Vec<SourceTable>,
    #[serde(default)]
    estimate: Estimate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Study {
    name: String,
    #[serde(default = "uk")]
    country: String,
    as_of: Datetime,
    period: [Datetime; 2],
    definition: String,
    #[serde(default)]
    simulated: bool,
    organisations: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceTable {
    kind: String,
    path: String,
    covers: Option<[Datetime; 2]>,
    #[serde(default)]
    nations: Vec<String>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    person_key: Option<String>,
    key_space: Option<String>,
    unreadable: Option<String>,
}

fn uk() -> String {
    "uk".to_owned()
}

impl Config {
    /// Reads and checks `study.toml` of a study folder.
    pub fn read(study: &Path) -> Result<Self, StudyError> {
        let path = study.join("study.toml");
        let text = fs_err::read_to_string(&path).map_err(|error| StudyError::Call {
            message: format!("{error}; a study is a folder with a study.toml, see `counted run --help`"),
        })?;
        Self::parse(&text)
    }

    /// Checks the text of a `study.toml`.
    pub fn parse(text: &str) -> Result<Self, StudyError> {
        let wrong = |message: String| StudyError::Call {
            message: format!("study.toml: {message}"),
        };
        let file: File = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let as_of = date(&file.study.as_of, "as_of").map_err(wrong)?;
        let period = span(&file.study.period, "period").map_err(wrong)?;
        if period.0 > as_of {
            return Err(wrong(format!(
                "`period` starts on {}, after `as_of`, {as_of}",
                period.0
            )));
        }
        if file.source.is_empty() {
            return Err(wrong(
                "there is no `[[source]]`; name at least one kind of file and its path".to_owned(),
            ));
        }
        let sources = file
            .source
            .into_iter()
            .map(source)
            .collect::<Result<Vec<_>, _>>()
            .map_err(wrong)?;
        // A survey holds no record of a person: it goes past the stages.
        let (surveys, sources): (Vec<Source>, Vec<Source>) = sources
            .into_iter()
            .partition(|source: &Source| source.kind == survey::KIND);
        keys_have_spaces(&sources).map_err(wrong)?;
        has_names(&file.study).map_err(wrong)?;
        file.estimate
            .reviewer
            .as_ref()
            .map_or(Ok(()), right)
            .map_err(wrong)?;
        Ok(Self {
            name: file.study.name,
            country: file.study.country,
            as_of,
            period,
            definition: file.study.definition,
            simulated: file.study.simulated,
            organisations: file.study.organisations,
            sources,
            surveys,
            estimate: file.estimate,
        })
    }

    /// Refuses a nation in which no organisation lies: what a source says of it would count nowhere that anybody looks.
    pub(crate) fn nations_are_known(&self, registry: &Registry) -> Result<(), StudyError> {
        let known = nations(registry);
        let is_none = |nation: &&String| !known.contains(nation.as_str());
        for source in self.sources.iter().chain(&self.surveys) {
            if let Some(other) = source.nations.iter().find(is_none) {
                let names: Vec<&str> = known.iter().copied().collect();
                return Err(StudyError::Call {
                    message: format!(
                        "study.toml: source `{}`: no nation `{other}`; there are {}",
                        source.kind,
                        names.join(", ")
                    ),
                });
            }
        }
        Ok(())
    }

    /// The nations of which the records are said to be: none where a source does not say it.
    pub(crate) fn named_nations(&self) -> BTreeSet<&str> {
        let says = |source: &Source| !source.nations.is_empty();
        let sources = self.sources.iter().filter(|_| self.sources.iter().all(says));
        sources
            .flat_map(|source| &source.nations)
            .map(String::as_str)
            .collect()
    }

    /// What the records cover, in a short public phrase: `4 nations, 2019 to 2024, 7 kinds of record`. The nations are those of
    /// which the records are said to be; where that is not said, those that were `counted`.
    pub(crate) fn coverage(&self, registry: &Registry, counted: &BTreeSet<String>) -> String {
        let kinds: BTreeSet<&str> = self.sources.iter().map(|source| source.kind.as_str()).collect();
        let all = nations(registry);
        let mut nations = self.named_nations();
        if nations.is_empty() {
            nations.extend(
                counted
                    .iter()
                    .map(String::as_str)
                    .filter(|nation| all.contains(nation)),
            );
        }
        if nations.is_empty() {
            nations = all;
        }
        let counted = |number: usize, one: &str, many: &str| {
            let word = if number == 1 { one } else { many };
            format!("{number} {word}")
        };
        format!(
            "{}, {} to {}, {} of record",
            counted(nations.len(), "nation", "nations"),
            self.period.0.year(),
            self.period.1.year(),
            counted(kinds.len(), "kind", "kinds")
        )
    }

    /// What each source is declared to cover, as text.
    pub(crate) fn covers(&self) -> String {
        let covers = self.sources.iter().map(|source| match source.covers {
            Some((first, last)) => format!("{first}/{last}"),
            None => "-".to_owned(),
        });
        covers.collect::<Vec<_>>().join(" ")
    }

    /// From when to when each kind of source is declared to cover. What lies between is [`crate::covered`]'s to say.
    pub(crate) fn declared_cover(&self) -> BTreeMap<String, (Date, Date)> {
        let mut cover: BTreeMap<String, (Date, Date)> = BTreeMap::new();
        for source in &self.sources {
            if let Some((first, last)) = source.covers {
                let span = cover.entry(source.kind.clone()).or_insert((first, last));
                *span = (span.0.min(first), span.1.max(last));
            }
        }
        cover
    }
}

/// The nations in which organisations lie.
pub(crate) fn nations(registry: &Registry) -> BTreeSet<&str> {
    let organisations = registry.organisations();
    organisations
        .map(|organisation| organisation.nation.as_str())
        .collect()
}

/// Whether the study has a name, and its country one that is no path: there are no folders of countries.
fn has_names(study: &Study) -> Result<(), String> {
    if study.name.trim().is_empty() {
        return Err("`name` is blank; it stands on every page".to_owned());
    }
    let country = study.country.as_str();
    if country.trim().is_empty() || country.contains(['/', '\\']) {
        return Err(format!(
            "`country` is `uk`, or a name beside `organisations = \"FILE.csv\"`, and not {country:?}"
        ));
    }
    Ok(())
}

/// Whether reviewers can be that often right, and more often than wrong: otherwise nothing follows from what they say, and
/// the estimate would be missing without a word.
fn right(reviewer: &Reviewer) -> Result<(), String> {
    let shares = [
        ("sensitivity", reviewer.sensitivity),
        ("specificity", reviewer.specificity),
    ];
    for (name, share) in shares {
        if !(0.0..=1.0).contains(&share) {
            return Err(format!(
                "`reviewer` under [estimate]: `{name}` lies from 0 to 1, not at {share}; write for example 0.95"
            ));
        }
    }
    if reviewer.sensitivity + reviewer.specificity <= 1.0 {
        return Err(
            "`reviewer` under [estimate]: `sensitivity` and `specificity` add up to 1 or less, so a chart would say nothing; \
             correct them, or leave `reviewer` out where reviewers do not err"
                .to_owned(),
        );
    }
    Ok(())
}

/// Whether sources that name one column of keys say where equal keys mean one person. Without a word each source is a space of
/// its own, and nobody would be joined across them.
fn keys_have_spaces(sources: &[Source]) -> Result<(), String> {
    let mut of_heading: BTreeMap<String, Vec<&Source>> = BTreeMap::new();
    for source in sources {
        if let Some(heading) = source
            .person_key
            .as_deref()
            .filter(|heading| !has_space(source, heading))
        {
            let key = layouts::header_key(heading);
            of_heading.entry(key).or_default().push(source);
        }
    }
    for of_one in of_heading.values().filter(|of_one| of_one.len() > 1) {
        if of_one.iter().any(|source| source.key_space.is_some()) {
            continue;
        }
        let kinds: Vec<&str> = of_one.iter().map(|source| source.kind.as_str()).collect();
        let heading = of_one[0].person_key.as_deref().unwrap_or_default();
        return Err(format!(
            "sources {} have `person_key = \"{heading}\"` and no `key_space`, so nobody would be joined across them; write \
             `key_space = \"{}\"` beside it in each where equal values mean one person, and another name where they do not",
            kinds.join(", "),
            heading.to_lowercase()
        ));
    }
    Ok(())
}

/// Whether a heading is the national name of a column of keys: these have a space of their own.
fn has_space(source: &Source, heading: &str) -> bool {
    let is_key = |column: &layouts::Column| {
        let is_named = layouts::header_key(&column.name) == layouts::header_key(heading);
        is_named
            && column
                .roles
                .iter()
                .any(|role| matches!(role, layouts::Role::PersonKey(_)))
    };
    layouts::layout(&source.kind).is_some_and(|layout| layout.columns.iter().any(is_key))
}

fn source(table: SourceTable) -> Result<Source, String> {
    if table.kind != survey::KIND && layouts::layout(&table.kind).is_none() {
        let known: Vec<String> = layouts::all()
            .iter()
            .map(|layout| layout.kind.to_string())
            .chain([survey::KIND.to_owned()])
            .collect();
        return Err(format!(
            "no kind of source `{}`; there are {}",
            table.kind,
            known.join(", ")
        ));
    }
    let set_aside_unreadable = match table.unreadable.as_deref() {
        None => false,
        Some("set-aside") => true,
        Some(other) => {
            return Err(format!(
                "`unreadable` is \"set-aside\" or left out, not {other:?}"
            ));
        }
    };
    let place = Path::new(&table.path);
    if place.is_absolute()
        || place
            .components()
            .any(|part| part == std::path::Component::ParentDir)
    {
        return Err(format!(
            "the path `{}` leaves the study folder; put the files, or a link to them, inside",
            table.path
        ));
    }
    let covers = table
        .covers
        .as_ref()
        .map(|days| span(days, "covers"))
        .transpose()?;
    Ok(Source {
        kind: table.kind,
        path: table.path,
        covers,
        nations: table.nations,
        columns: table.columns,
        person_key: table.person_key,
        key_space: table.key_space,
        set_aside_unreadable,
    })
}

fn span(days: &[Datetime; 2], what: &str) -> Result<(Date, Date), String> {
    let (first, last) = (date(&days[0], what)?, date(&days[1], what)?);
    if first <= last {
        Ok((first, last))
    } else {
        Err(format!("`{what}` ends on {last}, before it starts on {first}"))
    }
}

fn date(value: &Datetime, what: &str) -> Result<Date, String> {
    let date = value
        .date
        .ok_or_else(|| format!("`{what}` is a date such as 2025-12-31"))?;
    Date::new(i32::from(date.year), u32::from(date.month), u32::from(date.day))
        .ok_or_else(|| format!("`{what}` is not a day of the calendar"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A study of one source, as text.
    pub(crate) const GOOD: &str = r#"
        [study]
        name = "A study"
        as_of = 2025-12-31
        period = [2019-01-01, 2025-12-31]
        definition = "uk-mbc/2026.1"

        [[source]]
        kind = "cosd"
        path = "cosd/*.xml"
    "#;

    #[test]
    fn one_nation_and_one_kind_of_record_are_told_in_the_singular() {
        let registry = |nations: &[&str]| {
            let mut list =
                "code,name,short_name,nation,kind,network,latitude,longitude,opened,closed,breast_service,\
                            treats_only,predecessors\n"
                    .to_owned();
            for (code, nation) in ["AAA", "BBB"].iter().zip(nations) {
                list.push_str(&format!(
                    "{code},A Trust,A,{nation},acute trust,,52.0,-1.0,,,yes,no,\n"
                ));
            }
            Registry::from_csv(&list).expect("a list of organisations")
        };
        let deaths = "\n[[source]]\nkind = \"deaths\"\npath = \"deaths.csv\"\n";
        let two = ["Northland", "Westland"];
        let of_one = "nations = [\"Westland\"]\n";
        // A nation without records is none that the study covers.
        for (listed, more, counted, told) in [
            (1, "", 1, "1 nation, 2019 to 2025, 1 kind of record"),
            (2, deaths, 2, "2 nations, 2019 to 2025, 2 kinds of record"),
            (2, deaths, 1, "1 nation, 2019 to 2025, 2 kinds of record"),
            (2, of_one, 2, "1 nation, 2019 to 2025, 1 kind of record"),
            (2, "", 0, "2 nations, 2019 to 2025, 1 kind of record"),
        ] {
            let config = Config::parse(&[GOOD, more].concat()).expect("a study");
            let counted = two[..counted].iter().map(|nation| (*nation).to_owned());
            assert_eq!(
                config.coverage(&registry(&two[..listed]), &counted.collect()),
                told
            );
        }
    }

    /// A mistake in study.toml, and what the message must name.
    #[test]
    fn every_mistake_is_named() {
        let table = [
            ("as_of = 2025-12-31", "as_off = 2025-12-31", "as_off"),
            ("as_of = 2025-12-31", "as_of = 2018-12-31", "after `as_of`"),
            (
                "[2019-01-01, 2025-12-31]",
                "[2025-12-31, 2019-01-01]",
                "before it starts",
            ),
            ("\"cosd\"", "\"cost\"", "no kind of source `cost`"),
            ("cosd/*.xml", "../cosd/*.xml", "leaves the study folder"),
            ("cosd/*.xml", "/etc/*.xml", "leaves the study folder"),
            ("name = \"A study\"", "name = \" \"", "`name` is blank"),
            (
                "name = \"A study\"",
                "name = \"A study\"\ncountry = \"countries/fr\"\norganisations = \"own.csv\"",
                "`country` is `uk`, or a name beside",
            ),
            ("[[source]]", "[[sources]]", "sources"),
            (
                "path = \"cosd/*.xml\"",
                "path = \"a\"\nunreadable = \"skip\"",
                "`unreadable` is",
            ),
            (
                "[[source]]",
                "[estimate]\nreviewer = { sensitivity = 1.95, specificity = 0.9 }\n[[source]]",
                "`sensitivity` lies from 0 to 1, not at 1.95",
            ),
            (
                "[[source]]",
                "[estimate]\nreviewer = { sensitivity = 0.9, specificity = nan }\n[[source]]",
                "`specificity` lies from 0 to 1",
            ),
            (
                "[[source]]",
                "[estimate]\nreviewer = { sensitivity = 0.5, specificity = 0.5 }\n[[source]]",
                "add up to 1 or less",
            ),
        ];
        assert!(Config::parse(GOOD).is_ok());
        for (from, to, named) in table {
            let message = Config::parse(&GOOD.replace(from, to))
                .map(|_| ())
                .expect_err(to)
                .to_string();
            assert!(
                message.starts_with("study.toml: ") && message.contains(named),
                "{to}: {message}"
            );
        }
    }

    /// Two sources with a key, and what their blocks say of its space.
    #[test]
    fn one_key_in_two_sources_wants_a_space() {
        let parsed = |kinds: [&str; 2], key: &str, spaces: [&str; 2]| {
            let blocks: String = kinds
                .iter()
                .zip(spaces)
                .map(|(kind, space)| {
                    let space = match space {
                        "" => String::new(),
                        space => format!("key_space = \"{space}\"\n"),
                    };
                    format!("[[source]]\nkind = \"{kind}\"\npath = \"{kind}.csv\"\nperson_key = \"{key}\"\n{space}")
                })
                .collect();
            let head = GOOD.split("[[source]]").next().unwrap_or_default();
            Config::parse(&format!("{head}\n{blocks}"))
                .map_err(|error| (error.exit_code(), error.to_string()))
        };
        let kinds = ["registrations", "admissions"];
        let said = "study.toml: sources registrations, admissions have `person_key = \"ALF_PE\"` and no `key_space`, so nobody would \
                    be joined across them; write `key_space = \"alf_pe\"` beside it in each where equal values mean one person, and \
                    another name where they do not";
        let refused = parsed(kinds, "ALF_PE", ["", ""]).map(|_| ());
        assert_eq!(refused, Err((2, said.to_owned())));
        assert!(parsed(kinds, "ALF_PE", ["alf", "alf"]).is_ok());
        assert!(parsed(kinds, "ALF_PE", ["one", "two"]).is_ok());
        // A national column of keys has its space.
        assert!(parsed(kinds, "PatientId", ["", ""]).is_ok());
    }

    #[test]
    fn a_nation_that_is_none_is_named_beside_those_there_are() {
        let registry = Registry::uk().expect("the registry of the United Kingdom");
        let checked = |nations: &str| {
            let config = Config::parse(&format!("{GOOD}\nnations = {nations}\n")).expect(nations);
            config
                .nations_are_known(&registry)
                .map_err(|error| (error.exit_code(), error.to_string()))
        };
        assert_eq!(checked(r#"["Wales", "Northern Ireland"]"#), Ok(()));
        let said = "study.toml: source `cosd`: no nation `wales`; there are England, Northern Ireland, Scotland, Wales";
        assert_eq!(checked(r#"["England", "wales"]"#), Err((2, said.to_owned())));
    }
}
