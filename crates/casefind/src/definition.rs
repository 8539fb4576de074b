//! A case definition as data: rules, switches and code lists from a folder.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::error::CasefindError;
use crate::lists::Lists;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../definitions/uk-mbc");

/// What a record that meets a rule means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Distant disease stated in a field meant for it.
    Stated,
    /// A strong sign.
    Strong,
    /// A sign that needs another day or another source.
    Weak,
    /// A statement that contradicts itself.
    Impossible,
    /// Death with breast cancer as the underlying cause.
    Death,
    /// A breast primary is known.
    Primary,
    /// Another cancer that could own the metastases.
    Competing,
    /// Somebody who looked states that the person does not have it.
    Refuted,
}

impl Strength {
    /// The word in the `evidence` table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Strong => "strong",
            Self::Weak => "weak",
            Self::Impossible => "impossible",
            Self::Death => "death",
            Self::Primary => "primary",
            Self::Competing => "competing",
            Self::Refuted => "refuted",
        }
    }

    /// Whether such a record is evidence of metastatic disease.
    pub fn is_evidence(self) -> bool {
        !matches!(self, Self::Primary | Self::Competing | Self::Refuted)
    }
}

/// One rule of a definition.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name in the evidence.
    pub id: String,
    /// The table it looks at, such as `admissions` or `cosd.metastasis`.
    pub source: String,
    /// The condition, in the closed subset of SQL.
    pub when: String,
    /// For a section of a record: a condition over the columns of the record itself.
    pub of_record: Option<String>,
    /// What a record that meets it means.
    pub strength: Strength,
    /// The column with the date of the event.
    pub date: Option<String>,
    /// The column with the sites, if any.
    pub sites: Option<String>,
    /// The kind that the statement itself gives.
    pub kind: Option<String>,
    /// The column that gives the kind.
    pub kind_column: Option<String>,
    /// Whether a hospital stated it in the field meant for it.
    #[serde(default)]
    pub recorded: bool,
    /// A kind of source: where the nation of the body sends it, a record of this rule is no record in the field meant for it.
    pub recorded_unless: Option<String>,
    /// Whether another cancer could have caused the same record.
    #[serde(default)]
    pub ambiguous: bool,
    /// Whether the date is the diagnosis of the breast primary.
    #[serde(default)]
    pub dates_the_primary: bool,
    /// Whether weak evidence becomes strong on another day.
    #[serde(default = "yes")]
    pub repeats: bool,
    /// Whether weak evidence of this rule may confirm that of another source by itself: what may as well tell of local disease
    /// confirms only what does.
    #[serde(default = "yes")]
    pub confirms: bool,
    /// The rule in words, as a person reads it beside a record.
    pub words: String,
}

fn yes() -> bool {
    true
}

/// The numbers a definition may turn.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switches {
    /// Days before the primary's diagnosis that are still de novo.
    pub de_novo_before_days: i32,
    /// Days after the primary's diagnosis that are still de novo.
    pub de_novo_after_days: i32,
    /// Evidence within this many days of death is found at death.
    pub death_lead_days: i32,
    /// Days before the evidence in which another cancer could own it.
    pub competing_before_days: i32,
    /// Days after the evidence in which another cancer could own it.
    pub competing_after_days: i32,
    /// Months of cover before a death for "found only at death".
    pub death_cover_months: i32,
    /// Years before death in which a breast record names the organisation.
    pub death_organisation_years: i32,
    /// Years before death from breast cancer in which it confirms a weak sign.
    pub death_confirms_years: i32,
    /// Months at the start of the cover in which first evidence is not new.
    pub new_after_months: i32,
    /// Different days of weak evidence that make it strong; no more than two.
    pub repeat_days: usize,
    /// Different sources of weak evidence that make it strong; no more than two.
    pub repeat_sources: usize,
    /// Days within which they must lie.
    pub repeat_within_days: i32,
    /// Days nearer than this are one.
    pub repeat_apart_days: i32,
    /// Records later than this many days after a death or a departure contradict it.
    pub after_death_days: i32,
}

/// No window of a definition is longer.
const MOST_YEARS: i32 = 100;

/// Two weak signs that are near each other lie in one window; of three, each may be near the next, and the ends far apart.
const MOST_REPEATS: i32 = 2;

impl Switches {
    /// A switch that is no number of days, months or years that anybody could mean, with how much it may be.
    fn beyond(&self) -> Option<(&'static str, i32)> {
        let (days, months) = (366 * MOST_YEARS, 12 * MOST_YEARS);
        let whole = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let switches = [
            ("de_novo_before_days", self.de_novo_before_days, days),
            ("de_novo_after_days", self.de_novo_after_days, days),
            ("death_lead_days", self.death_lead_days, days),
            ("competing_before_days", self.competing_before_days, days),
            ("competing_after_days", self.competing_after_days, days),
            ("death_cover_months", self.death_cover_months, months),
            (
                "death_organisation_years",
                self.death_organisation_years,
                MOST_YEARS,
            ),
            ("death_confirms_years", self.death_confirms_years, MOST_YEARS),
            ("new_after_months", self.new_after_months, months),
            ("repeat_days", whole(self.repeat_days), MOST_REPEATS),
            ("repeat_sources", whole(self.repeat_sources), MOST_REPEATS),
            ("repeat_within_days", self.repeat_within_days, days),
            ("repeat_apart_days", self.repeat_apart_days, days),
            ("after_death_days", self.after_death_days, days),
        ];
        let mut beyond = switches
            .into_iter()
            .filter(|(_, own, most)| !(0..=*most).contains(own));
        beyond.next().map(|(name, _, most)| (name, most))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DefinitionFile {
    id: String,
    name: String,
    status: String,
    switches: Switches,
    lists: BTreeMap<String, ListFile>,
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum ListFile {
    Codes(String),
    Phrases { phrases: String },
    Names { names: String },
}

/// A definition, read and internally consistent; its conditions are checked by `run`.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its citable name with its version, such as `uk-mbc/2026.1`.
    pub id: String,
    /// Its title.
    pub name: String,
    /// How far it has been reviewed.
    pub status: String,
    /// Its switches.
    pub switches: Switches,
    /// Its rules, in the order of the file.
    pub rules: Vec<Rule>,
    /// Its lists.
    pub lists: Lists,
    /// Every file of the folder, name and content, for hashing and for printing.
    pub files: BTreeMap<String, String>,
}

impl Definition {
    /// Reads a definition by its name (built in) or from a folder (`base` is where relative
    /// paths start).
    pub fn load(name: &str, base: &Path) -> Result<Self, CasefindError> {
        if let Some(version) = name.strip_prefix("uk-mbc/")
            && let Some(folder) = BUILT_IN.get_dir(version)
        {
            return Self::from_files(name, built_in(folder, version));
        }
        let folder = base.join(name);
        if folder.join("definition.toml").is_file() {
            let own = Self::from_files(name, from_folder(&folder)?)?;
            own.goes_by_its_own_name()?;
            return Ok(own);
        }
        Err(CasefindError::NoDefinition {
            name: name.to_owned(),
            known: Self::built_in_names().join(", "),
        })
    }

    /// Pages cite a definition by its name, so another one must not go by the name of one that everybody has.
    fn goes_by_its_own_name(&self) -> Result<(), CasefindError> {
        let version = self.id.strip_prefix("uk-mbc/").unwrap_or_default();
        let Some(folder) = BUILT_IN.get_dir(version).filter(|_| !version.is_empty()) else {
            return Ok(());
        };
        let rules = |files: &BTreeMap<String, String>| -> BTreeMap<String, String> {
            let rules = files
                .iter()
                .filter(|(name, _)| *name == "definition.toml" || name.starts_with("lists/"));
            rules
                .map(|(name, text)| (name.clone(), text.replace("\r\n", "\n")))
                .collect()
        };
        if rules(&self.files) == rules(&built_in(folder, version)) {
            return Ok(());
        }
        Err(CasefindError::Definition {
            definition: self.id.clone(),
            place: "definition.toml".to_owned(),
            why: format!(
                "this folder is not the definition that everybody knows as `{}`; give it an `id` of its own, such as \"{}-ours\"",
                self.id, self.id
            ),
        })
    }

    /// The names of the built-in definitions.
    pub fn built_in_names() -> Vec<String> {
        BUILT_IN
            .dirs()
            .map(|folder| format!("uk-mbc/{}", folder.path().display()))
            .collect()
    }

    /// The drawn examples: name and text.
    pub fn examples(&self) -> impl Iterator<Item = (&str, &str)> {
        let examples = self.files.iter().filter(|(name, _)| name.starts_with("cases/"));
        examples.map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The rule of that name.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    fn from_files(name: &str, files: BTreeMap<String, String>) -> Result<Self, CasefindError> {
        let wrong = |place: &str, why: String| CasefindError::Definition {
            definition: name.to_owned(),
            place: place.to_owned(),
            why,
        };
        let text = files
            .get("definition.toml")
            .ok_or_else(|| wrong("definition.toml", "the file is missing".to_owned()))?;
        let file: DefinitionFile =
            toml::from_str(text).map_err(|error| wrong("definition.toml", error.to_string()))?;
        if let Some((switch, most)) = file.switches.beyond() {
            let why = format!("the switch `{switch}` is from 0 to {most}");
            return Err(wrong("definition.toml", why));
        }
        let lists = Lists::read(&file.lists, &files).map_err(|(place, why)| wrong(&place, why))?;
        let mut seen = std::collections::BTreeSet::new();
        for rule in &file.rule {
            if !seen.insert(rule.id.as_str()) {
                return Err(wrong(
                    "definition.toml",
                    format!("two rules are called `{}`; rename one", rule.id),
                ));
            }
            let kinds = [None, Some("de_novo"), Some("recurrent")];
            if !kinds.contains(&rule.kind.as_deref()) {
                let why = format!("rule `{}`: `kind` is `de_novo` or `recurrent`", rule.id);
                return Err(wrong("definition.toml", why));
            }
            let unknown = |kind: &&String| layouts::all().iter().all(|layout| layout.kind != **kind);
            if let Some(kind) = rule.recorded_unless.as_ref().filter(unknown) {
                let why = format!(
                    "rule `{}`: `recorded_unless` names no kind of source: `{kind}`",
                    rule.id
                );
                return Err(wrong("definition.toml", why));
            }
        }
        Ok(Self {
            id: file.id,
            name: file.name,
            status: file.status,
            switches: file.switches,
            rules: file.rule,
            lists,
            files,
        })
    }
}

fn built_in(folder: &Dir<'_>, version: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![folder];
    while let Some(folder) = waiting.pop() {
        waiting.extend(folder.dirs());
        for file in folder.files() {
            let name = file.path().strip_prefix(version).unwrap_or(file.path());
            let name = name.to_string_lossy().replace('\\', "/");
            files.insert(name, file.contents_utf8().unwrap_or_default().to_owned());
        }
    }
    files
}

fn from_folder(folder: &Path) -> Result<BTreeMap<String, String>, CasefindError> {
    let mut files = BTreeMap::new();
    for part in ["", "lists", "cases"] {
        let place = folder.join(part);
        if !place.is_dir() {
            continue;
        }
        for entry in fs_err::read_dir(&place)? {
            let path = entry?.path();
            if path.is_file() {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                let name = if part.is_empty() {
                    file.to_string()
                } else {
                    format!("{part}/{file}")
                };
                files.insert(name, fs_err::read_to_string(&path)?);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The built-in definition with a word changed.
    fn own(from: &str, to: &str) -> Result<Definition, CasefindError> {
        let folder = tempfile::tempdir().unwrap();
        fs_err::create_dir(folder.path().join("lists")).unwrap();
        let built_in = Definition::load("uk-mbc/2026.1", folder.path()).unwrap();
        for (name, text) in built_in.files {
            if name == "definition.toml" || name.starts_with("lists/") {
                fs_err::write(folder.path().join(name), text.replacen(from, to, 1)).unwrap();
            }
        }
        Definition::load(".", folder.path())
    }

    #[test]
    fn another_definition_needs_a_name_of_its_own() {
        assert!(own("nothing that stands there", "").is_ok());
        assert!(own("\n", "\r\n").is_ok(), "ends of lines say nothing");
        let error = own("de_novo_after_days = 120", "de_novo_after_days = 90").unwrap_err();
        assert!(error.to_string().contains("an `id` of its own"), "{error}");
        assert!(own("id = \"uk-mbc/2026.1\"", "id = \"ours\"").is_ok());
    }

    #[test]
    fn no_switch_is_longer_than_a_life() {
        for other in ["-1", "101", "200000000", "-2147483648"] {
            let years = format!("death_organisation_years = {other}");
            let error = own("death_organisation_years = 5", &years).unwrap_err();
            assert!(error.to_string().contains("is from 0 to 100"), "{other}: {error}");
        }
        assert!(own("death_confirms_years = 5", "death_confirms_years = 101").is_err());
    }

    /// Of three signs the ends may lie further apart than the window.
    #[test]
    fn no_more_than_two_weak_signs_are_asked_for() {
        for switch in ["repeat_days", "repeat_sources"] {
            let error = own(&format!("{switch} = 2"), &format!("{switch} = 3")).unwrap_err();
            let said = format!("`{switch}` is from 0 to 2");
            assert!(error.to_string().contains(&said), "{error}");
        }
    }
}
