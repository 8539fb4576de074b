//! An open study: its folder, its settings, its organisations and its definition.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use casefind::Definition;
use vocabulary::organisation::Registry;

use crate::config::Config;
use crate::decisions::Decisions;
use crate::error::StudyError;
use crate::lock::Lock;
use crate::stages::Key;
use crate::{charts, people, responses, staffing, survey, swap};

/// Folders of a study that are what is published, or the program's own.
pub const OF_THE_PROGRAM: [&str; 3] = ["out", "released", "state"];
/// Folders of a study that hold lists of people, which a later list may take the place of.
pub const OF_LISTS: [&str; 2] = ["worklists", "meetings"];

/// A study, open for one command at a time.
pub struct Study {
    pub(crate) folder: PathBuf,
    /// What `study.toml` says.
    pub config: Config,
    /// The organisations of the study.
    pub registry: Registry,
    /// The case definition.
    pub definition: Definition,
    /// What somebody decided about records.
    pub(crate) decisions: Decisions,
    /// The text of the organisations table, where the study brings its own.
    pub(crate) organisations_text: String,
    /// What the estimate takes for granted, and its text.
    pub(crate) assumed: (count::Assumed, String),
    /// Charts that were read.
    pub(crate) review: count::Review,
    /// What is measured of care.
    pub(crate) standards: audit::definition::Standards,
    /// Nurses in post.
    pub(crate) staffing: Vec<audit::nurses::Staffing>,
    /// What organisations answered when they were asked.
    pub(crate) answers: Vec<publish::Answer>,
    /// What organisations wrote about their pages.
    pub(crate) responses: responses::Responses,
    _lock: Lock,
}

/// The assumptions of the estimate: the study's own, or those compiled into the program.
fn assumed(config: &Config, folder: &Path) -> Result<(count::Assumed, String), StudyError> {
    let call = |message: String| StudyError::Call { message };
    let (text, name) = match &config.estimate.assumptions {
        Some(name) => (
            fs_err::read_to_string(folder.join(name)).map_err(|error| call(error.to_string()))?,
            name.as_str(),
        ),
        None => {
            let text = count::Assumed::built_in_text().to_owned();
            return Ok((count::Assumed::built_in()?, text));
        }
    };
    let assumed = count::Assumed::read(&text, name).map_err(|error| call(error.to_string()))?;
    Ok((assumed, text))
}

/// The organisations of a study, and the text of the table where it brings its own.
pub(crate) fn registry(config: &Config, folder: &Path) -> Result<(Registry, String), StudyError> {
    let call = |message: String| StudyError::Call { message };
    match &config.organisations {
        Some(name) => {
            let text = fs_err::read_to_string(folder.join(name)).map_err(|error| call(error.to_string()))?;
            let registry = Registry::from_csv(&text).map_err(|error| call(error.to_string()))?;
            Ok((registry, text))
        }
        None if config.country == "uk" => {
            let registry = Registry::uk().map_err(|error| call(error.to_string()))?;
            Ok((registry, String::new()))
        }
        None => Err(call(format!(
            "study.toml: no country `{}`; there is `uk`, or give `organisations = \"FILE.csv\"`",
            config.country
        ))),
    }
}

/// Which finished stages the current output rests on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Current {
    pub intake: Key,
    pub linkage: Key,
    /// The decisions that linkage followed.
    #[serde(default)]
    pub decisions: String,
    pub casefind: Key,
    pub count: Key,
    /// None in a study that was run before care was measured.
    #[serde(default)]
    pub audit: Option<Key>,
}

impl Study {
    /// Opens a study folder; first completes what a killed command left half done.
    pub fn open(folder: &Path) -> Result<Self, StudyError> {
        let folder = engine::real(folder).map_err(|error| StudyError::Call {
            message: format!("{error}; a study is a folder with a study.toml"),
        })?;
        let config = Config::read(&folder)?;
        let call = |message: String| StudyError::Call { message };
        let (registry, organisations_text) = registry(&config, &folder)?;
        config.nations_are_known(&registry)?;
        let definition = Definition::load(&config.definition, &folder)?;
        let decisions = Decisions::read(&folder)?;
        let assumed = assumed(&config, &folder)?;
        let review = charts::read(&folder, &config.estimate, &registry)?;
        let standards = audit::definition::Standards::built_in()
            .map_err(|error| call(format!("definitions/standards: {error}")))?;
        let staffing = staffing::read(&folder, &registry)?;
        let answers = survey::read(&folder, &config.surveys, &registry)?;
        let responses = responses::read(&folder, &registry)?;
        let state = folder.join("state");
        let lock = Lock::take(&state)?;
        swap::recover(&folder, &state)?;
        people::settle(&folder, &state)?;
        Ok(Self {
            folder,
            config,
            registry,
            definition,
            decisions,
            organisations_text,
            assumed,
            review,
            standards,
            staffing,
            answers,
            responses,
            _lock: lock,
        })
    }

    /// The folder of the study.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Working files of the study: never published, readable by their owner only.
    pub fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// What the last complete run put out.
    pub fn out(&self) -> PathBuf {
        self.folder.join("out")
    }

    /// What organisations answered when they were asked directly, by question and nation, all nations first.
    #[must_use]
    pub fn asked(&self) -> Vec<publish::Asked> {
        publish::asked(&self.answers, |code| {
            self.registry.get(code).map(|body| body.nation.as_str())
        })
    }

    /// The tables of the last complete run.
    pub fn tables(&self) -> Result<PathBuf, StudyError> {
        let tables = self.out().join("tables");
        if tables.is_dir() {
            return Ok(tables);
        }
        Err(StudyError::Call {
            message: "this study has no output yet; first `counted run STUDY`".to_owned(),
        })
    }

    /// Folders of the finished stages that the current output rests on: intake, linkage.
    pub fn stage_folders(&self) -> Result<(PathBuf, PathBuf), StudyError> {
        let current = self.current()?.ok_or_else(|| StudyError::Call {
            message: "this study has no finished run yet; first `counted run STUDY`".to_owned(),
        })?;
        let stages = self.state().join("stages");
        Ok((
            stages.join("intake").join(current.intake.as_str()),
            stages.join("linkage").join(current.linkage.as_str()),
        ))
    }

    /// The ledger of approved releases: its public part.
    pub fn ledger(&self) -> PathBuf {
        self.folder.join("ledger.jsonl")
    }

    /// The confidential part of the ledger.
    pub(crate) fn confidential_ledger(&self) -> PathBuf {
        self.folder.join("ledger-confidential.jsonl")
    }

    /// Where the files of approved releases are kept.
    pub(crate) fn kept_releases(&self) -> PathBuf {
        self.folder.join("released")
    }

    /// Where the files of an approved release are kept.
    pub(crate) fn kept_release(&self, id: &str) -> PathBuf {
        self.kept_releases().join(id)
    }

    /// The keys that sign the ledger.
    pub(crate) fn ledger_keys(&self) -> PathBuf {
        self.folder.join("ledger-keys.txt")
    }

    pub(crate) fn current(&self) -> Result<Option<Current>, StudyError> {
        Ok(people::kept(&self.state().join("people"))?.map(|kept| kept.stages))
    }

    /// The nation of people of whom neither a body nor a source says it.
    pub(crate) fn home_nation(&self) -> Option<String> {
        only_nation(&self.config, &self.registry)
    }
}

/// The nation in which everybody counts of whom nothing says where, as far as the study has but one: the one that all its
/// sources name, or, where no source names any, the nation with most organisations. None where it may be one of several.
pub(crate) fn only_nation(config: &Config, registry: &Registry) -> Option<String> {
    let named: BTreeSet<&str> = config
        .sources
        .iter()
        .flat_map(|source| &source.nations)
        .map(String::as_str)
        .collect();
    let most = home_nation(registry);
    let everywhere = config.sources.iter().all(|source| !source.nations.is_empty());
    let mut named = named.into_iter();
    match (named.next(), named.next()) {
        (None, _) => Some(most),
        (Some(only), None) if everywhere || only == most => Some(only.to_owned()),
        _ => None,
    }
}

/// The nation with most organisations.
fn home_nation(registry: &Registry) -> String {
    let mut nations = std::collections::BTreeMap::<&str, usize>::new();
    for organisation in registry.organisations() {
        *nations.entry(&organisation.nation).or_default() += 1;
    }
    let most = nations
        .iter()
        .max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name)));
    most.map(|(name, _)| (*name).to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::GOOD;

    /// What the first source says, what a second one says, and where people count of whom nothing says it.
    #[test]
    fn people_of_no_known_place_count_where_the_study_has_but_one_nation() {
        let registry = Registry::uk().expect("the registry of the United Kingdom");
        for (first, second, nation) in [
            ("", "", Some("England")),
            (r#"["England"]"#, "", Some("England")),
            (r#"["Scotland"]"#, r#"["Scotland"]"#, Some("Scotland")),
            // The source that says nothing may be of any nation.
            (r#"["Scotland"]"#, "", None),
            (r#"["England"]"#, r#"["Scotland"]"#, None),
            (r#"["England", "Wales"]"#, r#"["England", "Wales"]"#, None),
        ] {
            let nations = |said: &str| match said {
                "" => String::new(),
                said => format!("nations = {said}\n"),
            };
            let text = format!(
                "{GOOD}\n{}[[source]]\nkind = \"deaths\"\npath = \"deaths.csv\"\n{}",
                nations(first),
                nations(second)
            );
            let config = Config::parse(&text).expect("a study");
            let only = only_nation(&config, &registry);
            assert_eq!(only.as_deref(), nation, "{first} {second}");
        }
    }
}
