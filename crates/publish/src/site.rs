//! What every page of one site has in common: the release, the facts, and where each organisation stands.
//!
//! Invariants: organisations, networks and nations are kept in order of name, and nothing here orders them by a figure. A
//! network is one of which the release has a row; the public facts alone make none.

use std::collections::{BTreeMap, BTreeSet};

use protect::{PublicManifest, Release, ReleasedRow};

use crate::before::Before;
use crate::facts::{Outline, PublicOrganisation, SiteFacts};
use crate::figures::{Figures, Place};
use crate::history::History;
use crate::public_figures::{PublicFigures, living_in_the_uk};
use crate::sourced::{Nearest, Sourced, nearest};
use crate::state::{Half, Sign, State};
use crate::told::{Answer, Question, Response, Told};
use crate::{PublishError, words};

/// A release and its facts, ready to be put on pages.
pub(crate) struct Site<'a> {
    pub(crate) release: &'a Release,
    pub(crate) manifest: &'a PublicManifest,
    pub(crate) facts: &'a SiteFacts,
    /// Whose people are counted, as it stands in a sentence: the country, or its nations with records where others have none.
    pub(crate) country_name: String,
    pub(crate) figures: Figures<'a>,
    /// What is known of the release before, and its figures where it is kept.
    pub(crate) before: Before<'a>,
    pub(crate) earlier: Option<Earlier<'a>>,
    pub(crate) hospitals: Vec<Hospital<'a>>,
    pub(crate) nations: Vec<String>,
    /// Networks of which the release has a row, shown or hidden: cancer alliances and the like.
    pub(crate) networks: Vec<&'a str>,
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

/// The release before.
pub(crate) struct Earlier<'a> {
    pub(crate) manifest: &'a PublicManifest,
    pub(crate) figures: Figures<'a>,
}

impl<'a> Earlier<'a> {
    fn of(before: Before<'a>) -> Option<Self> {
        let Before::Release { release, .. } = before else {
            return None;
        };
        Some(Self {
            manifest: release.manifest(),
            figures: Figures::new(release),
        })
    }

    /// The country of the study, as its tables named it.
    pub(crate) fn country(&self) -> Place<'a> {
        country(&self.figures)
    }

    /// The state of each of its organisations, in order of code.
    pub(crate) fn states(&self) -> Vec<State> {
        let rows = self.figures.completeness_in(&self.manifest.state_period);
        rows.into_iter().map(state_of).collect()
    }
}

/// An organisation, its state, and the row the state rests on.
pub(crate) struct Hospital<'a> {
    pub(crate) organisation: &'a PublicOrganisation,
    pub(crate) state: State,
    pub(crate) close: bool,
    pub(crate) row: Option<ReleasedRow<'a>>,
    /// What it answered last when it was asked whether it records everyone.
    pub(crate) told: Option<Told>,
}

impl Hospital<'_> {
    /// The address of its page inside the folder `hospitals`.
    pub(crate) fn address(&self) -> String {
        format!("{}.html", words::address(&self.organisation.code))
    }

    /// Whether it can be said how much it records: it sent records, and enough people have signs elsewhere.
    pub(crate) fn is_judged(&self) -> bool {
        matches!(
            self.state,
            State::Collecting | State::Partly | State::NotCollecting
        )
    }

    /// What its symbol shows: its state, and on which side of half the released percentage lies where the state leaves that open.
    pub(crate) fn sign(&self) -> Sign {
        if self.state == State::Partly {
            let percent = self.row.map(|row| row.figure("recorded_of_elsewhere_percent"));
            Sign::between(Half::of(percent))
        } else {
            self.state.into()
        }
    }

    pub(crate) fn place(&self) -> Place<'_> {
        Place {
            kind: "organisation",
            name: &self.organisation.code,
        }
    }

    /// Whether it is one of the hospitals of a place: of a country all are, of a hospital it is itself.
    pub(crate) fn lies_in(&self, place: Place<'_>) -> bool {
        match place.kind {
            "country" => true,
            "nation" => self.organisation.nation == place.name,
            "network" => self.organisation.network == place.name,
            _ => self.organisation.code == place.name,
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
    pub(crate) fn new(
        release: &'a Release,
        before: Before<'a>,
        facts: &'a SiteFacts,
    ) -> Result<Self, PublishError> {
        let figures = Figures::new(release);
        let mut hospitals: Vec<Hospital<'a>> = facts
            .organisations
            .iter()
            .map(|o| standing(o, &figures, &release.manifest().state_period, &facts.answers))
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
        let networks = figures.places("network");
        unique("networks", networks.iter().map(|n| (*n, words::slug(n))))?;
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
            country_name: counted_country(facts, &figures),
            figures,
            before,
            earlier: Earlier::of(before),
            hospitals,
            nations,
            networks,
            public_figures,
            elsewhere,
            sourced,
            history,
            nearest,
        })
    }

    /// The country of the study, as the tables name it.
    pub(crate) fn country(&self) -> Place<'a> {
        country(&self.figures)
    }

    /// The hospitals of a nation that are in a state.
    pub(crate) fn in_state(&self, nation: Option<&str>, state: State) -> usize {
        self.hospitals
            .iter()
            .filter(|h| h.state == state && nation.is_none_or(|nation| h.organisation.nation == nation))
            .count()
    }

    /// The hospitals of a place, or of all, that have a sign.
    pub(crate) fn with_sign(&self, place: Option<Place<'_>>, sign: Sign) -> usize {
        self.hospitals
            .iter()
            .filter(|h| h.sign() == sign && place.is_none_or(|place| h.lies_in(place)))
            .count()
    }

    /// The hospitals of a nation of which can be said how much they record: neither too few people nor no records.
    pub(crate) fn judged(&self, nation: Option<&str>) -> usize {
        self.hospitals
            .iter()
            .filter(|h| h.is_judged() && nation.is_none_or(|nation| h.organisation.nation == nation))
            .count()
    }

    /// How many hospitals record nearly everyone, of those of which it can be said, as a title.
    pub(crate) fn how_many_record(&self, nation: Option<&str>) -> String {
        match self.judged(nation) {
            0 => "No hospital trust or board here can be judged".to_owned(),
            judged => format!(
                "{} of the {judged} hospital trusts and boards that can be judged: {}",
                self.in_state(nation, State::Collecting),
                self.words(State::Collecting).to_lowercase()
            ),
        }
    }

    /// The hospitals of a nation that are asked to record.
    pub(crate) fn in_scope(&self, nation: Option<&str>) -> usize {
        self.hospitals
            .iter()
            .filter(|h| h.state != State::NotInScope)
            .filter(|h| nation.is_none_or(|nation| h.organisation.nation == nation))
            .count()
    }

    /// The nations in which hospitals of a network lie: one, as a rule.
    pub(crate) fn nations_of(&self, network: &str) -> Vec<&str> {
        let there = |nation: &&str| {
            let lies =
                |h: &Hospital<'_>| h.organisation.nation == *nation && h.organisation.network == network;
            self.hospitals.iter().any(lies)
        };
        self.nations.iter().map(String::as_str).filter(there).collect()
    }

    /// The networks with a page that have hospitals in a nation.
    pub(crate) fn networks_in(&self, nation: &str) -> Vec<&'a str> {
        let there = |network: &&str| self.nations_of(network).contains(&nation);
        self.networks.iter().copied().filter(there).collect()
    }

    /// Whether any hospital was asked whether it records everyone.
    pub(crate) fn asked(&self) -> bool {
        self.hospitals.iter().any(|hospital| hospital.told.is_some())
    }

    /// What a hospital answered: by question, the latest first.
    pub(crate) fn answers_of(&self, code: &str) -> Vec<&'a Answer> {
        let mut answers: Vec<&Answer> = self
            .facts
            .answers
            .iter()
            .filter(|answer| answer.organisation == code)
            .collect();
        answers.sort_by(|a, b| (a.question, b.day()).cmp(&(b.question, a.day())));
        answers
    }

    /// The responses of a hospital, the latest first.
    pub(crate) fn responses_of(&self, code: &str) -> Vec<&'a Response> {
        let mut responses: Vec<&Response> = self
            .facts
            .responses
            .iter()
            .filter(|response| response.organisation() == code)
            .collect();
        responses.sort_by(|a, b| b.date().cmp(a.date()));
        responses
    }

    /// A hospital's sign in words, and what it told us, for those who hear the map.
    pub(crate) fn label(&self, hospital: &Hospital<'_>) -> String {
        let measured = format!("{}: {}", hospital.short_name(), self.sign_words(hospital.sign()));
        match hospital.told {
            Some(told) => format!("{measured}. {}", told.words()),
            None => measured,
        }
    }

    /// A state in words, with the lines that were applied.
    pub(crate) fn words(&self, state: State) -> String {
        state.words(&self.facts.thresholds)
    }

    /// A sign in words, as on the map and in its legend.
    pub(crate) fn sign_words(&self, sign: Sign) -> String {
        sign.words(&self.facts.thresholds)
    }

    /// What a sign means, in a sentence or two.
    pub(crate) fn meaning(&self, sign: impl Into<Sign>) -> String {
        sign.into().meaning(&self.facts.thresholds)
    }

    /// What every chart and table says in a simulated study.
    pub(crate) fn mark(&self) -> Option<&'static str> {
        self.manifest.simulated.then_some(protect::SIMULATED_NOTICE)
    }
}

/// The country, where there are records of each of its nations; otherwise the nations of which there are.
fn counted_country(facts: &SiteFacts, figures: &Figures<'_>) -> String {
    let nations = facts.organisations.iter().map(|one| one.nation.as_str());
    let all: BTreeSet<&str> = nations.filter(|nation| !nation.is_empty()).collect();
    let mut counted: BTreeSet<&str> = facts.nations.iter().map(String::as_str).collect();
    if counted.is_empty() {
        counted.extend(figures.places("nation"));
    }
    counted.retain(|nation| all.contains(nation));
    if counted.is_empty() || counted == all {
        return facts.country_name.clone();
    }
    words::joined(&counted.into_iter().collect::<Vec<_>>())
}

fn country<'a>(figures: &Figures<'a>) -> Place<'a> {
    Place {
        kind: "country",
        name: figures.places("country").first().copied().unwrap_or(""),
    }
}

/// The state that a row of completeness says.
pub(crate) fn state_of(row: ReleasedRow<'_>) -> State {
    State::read(row.text("status"))
}

fn standing<'a>(
    organisation: &'a PublicOrganisation,
    figures: &Figures<'a>,
    period: &str,
    answers: &[Answer],
) -> Hospital<'a> {
    let row = figures.completeness(&organisation.code, period);
    let (state, close) = match row {
        Some(row) => (state_of(row), row.text("status_close_to_line") == "yes"),
        None if organisation.breast_service => (State::NotMeasured, false),
        None => (State::NotInScope, false),
    };
    Hospital {
        organisation,
        state,
        close,
        row,
        told: told(&organisation.code, answers),
    }
}

/// The last answer to the question on which the map's small signs rest.
fn told(code: &str, answers: &[Answer]) -> Option<Told> {
    answers
        .iter()
        .filter(|answer| answer.organisation == code && answer.question == Question::RecordsSecondary)
        .max_by_key(|answer| answer.rank())
        .map(|answer| answer.told)
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
