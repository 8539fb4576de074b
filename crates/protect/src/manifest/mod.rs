//! The public manifest: facts about a run that pages and footers may show, every count in it protected.
//!
//! Invariant: it holds no row count, hash of an input, seed or date of running that the policy has not let through.

mod facts;

use serde::{Serialize, Serializer};

use crate::cell::Figure;
use crate::policy::Policy;
use crate::raw::RawManifest;

/// Facts about a release, safe to show.
#[derive(Clone, Debug, Serialize)]
pub struct PublicManifest {
    /// The id of the release: it follows from what is released.
    pub release: String,
    /// The name of the study.
    pub study: String,
    /// Nothing after this date was used.
    pub as_of: String,
    /// First day counted.
    pub period_from: String,
    /// Last day counted.
    pub period_to: String,
    /// The country folder, or the name of an invented country.
    pub country: String,
    /// What the records cover, in a short phrase.
    pub coverage: String,
    /// The definition, as `uk-mbc/2026.1`.
    pub definition: String,
    /// Name and version of the program.
    pub program: String,
    /// The disclosure policy, as `hes/2026.1`.
    pub policy: String,
    /// Its title.
    pub policy_title: String,
    /// What it does, in plain words.
    pub policy_words: String,
    /// The largest number of people that is hidden.
    pub hidden_to: i64,
    /// What other numbers are rounded to.
    pub rounded_to: i64,
    /// Whether people and hospitals are invented.
    pub simulated: bool,
    /// Whether the release was approved for publication.
    pub approved: bool,
    /// What must stand on every page and file, if anything.
    pub notices: Vec<&'static str>,
    /// The period of the completeness table on which the states of organisations rest.
    pub state_period: String,
    /// Tables of facts for the methods page.
    pub sections: Vec<PublicSection>,
}

/// One table of facts on the methods page.
#[derive(Clone, Debug, Serialize)]
pub struct PublicSection {
    /// A short key.
    pub id: String,
    /// The heading.
    pub title: String,
    /// What the table says.
    pub words: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<PublicFact>>,
}

/// One fact: words, or a protected count.
#[derive(Clone, Debug, PartialEq)]
pub enum PublicFact {
    /// Words, a date, a version.
    Text(String),
    /// A protected count.
    Count(Figure),
}

impl Serialize for PublicFact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Count(figure) => match figure.whole() {
                Some(n) => serializer.serialize_i64(n),
                None => serializer.serialize_str(figure.state().as_str()),
            },
        }
    }
}

impl PublicManifest {
    /// Protects the facts of a run; the release id is filled in when the tables are known.
    pub(crate) fn new(raw: &RawManifest, policy: &Policy) -> Self {
        let mut notices = Vec::new();
        if raw.simulated {
            notices.push(crate::SIMULATED_NOTICE);
        }
        if !raw.approved {
            notices.push(crate::UNAPPROVED_NOTICE);
        } else if raw.demonstration_keys {
            notices.push(crate::ledger::DEMO_STAMP);
        }
        let sections = raw
            .sections
            .iter()
            .map(|section| PublicSection {
                id: section.id.clone(),
                title: section.title.clone(),
                words: section.words.clone(),
                columns: section.columns.clone(),
                rows: facts::protect(&section.rows, policy),
            })
            .collect();
        Self {
            release: String::new(),
            study: raw.study.clone(),
            as_of: raw.as_of.clone(),
            period_from: raw.period.0.clone(),
            period_to: raw.period.1.clone(),
            country: raw.country.clone(),
            coverage: raw.coverage.clone(),
            definition: raw.definition.clone(),
            program: raw.program.clone(),
            policy: format!("{}/{}", policy.name(), policy.version()),
            policy_title: policy.title().to_owned(),
            policy_words: policy.words().to_owned(),
            hidden_to: policy.hide_to(),
            rounded_to: policy.round_to(),
            simulated: raw.simulated,
            approved: raw.approved,
            notices,
            state_period: raw.state_period.clone(),
            sections,
        }
    }

    /// What must stand on every page and file, as one line; none for an approved release of real data.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        (!self.notices.is_empty()).then(|| self.notices.join(". "))
    }
}
