//! What every page of one site has in common: the release, the facts, and where each organisation stands.
//!
//! Invariant: organisations and nations are kept in order of name, and nothing here orders them by a figure.

use std::collections::BTreeMap;

use protect::{PublicManifest, Release, ReleasedRow};

use crate::facts::{Outline, PublicOrganisation, SiteFacts};
use crate::figures::{Figures, Place};
use crate::history::History;
use crate::public_figures::{PublicFigures, living_in_the_uk};
use crate::sourced::{Nearest, Sourced, nearest};
use crate::state::State;
use crate::{PublishError, words};

/// A release and its facts, ready to be put on pages.
pub(crate) struct Site<'a> {
    pub(crate) release: &'a Release,
    pub(crate) manifest: &'a PublicManifest,
    pub(crate) facts: &'a SiteFacts,
    pub(crate) figures: Figures<'a>,
    pub(crate) hospitals: Vec<Hospital<'a>>,
    pub(crate) nations: Vec<String>,
    /// Real figures from public sources: on the site of an invented nation, and on no other.
    pub(crate) public_figures: Option<PublicFigures>,
    /// What others have published, for the page of nations.
    pub(crate) elsewhere: PublicFigures,
    /// Promises, standards, signs and support of the United Kingdom: on its own site, and on that of an invented nation.
    pub(crate) sourced: Option<Sourced>,
    /// Earlier codes of organisations: of the United Kingdom's own table, and otherwise empty.
    pub(crate) history: History,
    /// The organisation nearest to each postcode district: of the United Kingdom, and otherwise empty.
    pub(crate) nearest: Vec<Nearest>,
}

/// An organisation, its state, and the row the state rests on.
pub(crate) struct Hospital<'a> {
    pub(crate) organisation: &'a PublicOrganisation,
    pub(crate) state: State,
    pub(crate) close: bool,
    pub(crate) row: Option<ReleasedRow<'a>>,
}

impl Hospital<'_> {
    /// The address of its page inside the folder `hospitals`.
    pub(crate) fn address(&self) -> String {
        format!("{}.html", words::address(&self.organisation.code))
    }

    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            kind: "organisation",
            name: &self.organisation.code,
        }
    }

    /// Its name as lists show it.
    pub(crate) fn short_name(&self) -> &str {
        if self.organisation.short_name.is_empty() {
            &self.organisation.name
        } else {
            &self.organisation.short_name
        }
    }
}

impl<'a> Site<'a> {
    pub(crate) fn new(release: &'a Release, facts: &'a SiteFacts) -> Result<Self, PublishError> {
        let figures = Figures::new(release);
        let mut hospitals: Vec<Hospital<'a>> = facts
            .organisations
            .iter()
            .map(|o| standing(o, &figures, &release.manifest().state_period))
            .collect();
        hospitals.sort_by(|a, b| {
            (a.short_name().to_lowercase(), &a.organisation.code)
                .cmp(&(b.short_name().to_lowercase(), &b.organisation.code))
        });
        let mut nations: Vec<String> = figures.places("nation").into_iter().map(str::to_owned).collect();
        nations.extend(facts.organisations.iter().map(|o| o.nation.clone()));
        nations.sort();
        nations.dedup();
        nations.retain(|n| !n.is_empty());
        unique(
            "organisations",
            hospitals
                .iter()
                .map(|h| (h.organisation.code.as_str(), h.address().to_lowercase())),
        )?;
        unique("nations", nations.iter().map(|n| (n.as_str(), words::slug(n))))?;
        let manifest = release.manifest();
        let elsewhere = living_in_the_uk()?;
        let public_figures = manifest.simulated.then(|| elsewhere.clone());
        let sourced = (manifest.simulated || manifest.country == "uk")
            .then(Sourced::built_in)
            .transpose()?;
        let (history, nearest) = match facts.outline {
            Outline::UnitedKingdom => (History::united_kingdom()?, nearest()?),
            Outline::AroundPoints => (History::default(), Vec::new()),
        };
        let known = |one: &Nearest| facts.organisations.iter().any(|o| o.code == one.code);
        let nearest: Vec<Nearest> = nearest.into_iter().filter(known).collect();
        Ok(Self {
            release,
            manifest,
            facts,
            figures,
            hospitals,
            nations,
            public_figures,
            elsewhere,
            sourced,
            history,
            nearest,
        })
    }

    /// The country of the study, as the tables name it.
    pub(crate) fn country(&self) -> Place<'a> {
        Place {
            kind: "country",
            name: self.figures.places("country").first().copied().unwrap_or(""),
        }
    }

    /// The hospitals of a nation that are in a state.
    pub(crate) fn in_state(&self, nation: Option<&str>, state: State) -> usize {
        self.hospitals
            .iter()
            .filter(|h| h.state == state && nation.is_none_or(|nation| h.organisation.nation == nation))
            .count()
    }

    /// The hospitals of a nation that are asked to record.
    pub(crate) fn in_scope(&self, nation: Option<&str>) -> usize {
        self.hospitals
            .iter()
            .filter(|h| h.state != State::NotInScope)
            .filter(|h| nation.is_none_or(|nation| h.organisation.nation == nation))
            .count()
    }

    /// A state in words, with the lines that were applied.
    pub(crate) fn words(&self, state: State) -> String {
        state.words(&self.facts.thresholds)
    }

    /// What a state means, in a sentence.
    pub(crate) fn meaning(&self, state: State) -> String {
        state.meaning(&self.facts.thresholds)
    }

    /// What every chart and table says in a simulated study.
    pub(crate) fn mark(&self) -> Option<&'static str> {
        self.manifest.simulated.then_some(protect::SIMULATED_NOTICE)
    }
}

fn standing<'a>(organisation: &'a PublicOrganisation, figures: &Figures<'a>, period: &str) -> Hospital<'a> {
    let row = figures.completeness(&organisation.code, period);
    let (state, close) = match row {
        Some(row) => (
            State::read(row.text("status")),
            row.text("status_close_to_line") == "yes",
        ),
        None if organisation.breast_service => (State::NotMeasured, false),
        None => (State::NotInScope, false),
    };
    Hospital {
        organisation,
        state,
        close,
        row,
    }
}

fn unique<'n>(
    kind: &'static str,
    names: impl Iterator<Item = (&'n str, String)>,
) -> Result<(), PublishError> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, address) in names {
        if let Some(first) = seen.insert(address.clone(), name) {
            return Err(PublishError::SameAddress {
                kind,
                first: first.to_owned(),
                second: name.to_owned(),
                address,
            });
        }
    }
    Ok(())
}
