//! The places of the estimate: every organisation of the registry, and one place a nation for people of whom no
//! organisation of the registry is known.
//!
//! Invariants: places stand in the order of their codes; a network that lies in two nations is no level of the
//! estimate, because its people would be filled from two nations at once.

use std::collections::BTreeMap;
use std::path::Path;

use engine::Session;
use estimate::joint::Place;
use estimate::lists::History;
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};

use crate::CountError;
use crate::cover::Cover;
use crate::error::at;
use crate::estimating::assumed::{Assumed, Sender};
use crate::periods::Span;
use crate::sql;
use crate::tables::REGISTRATIONS;

/// Places with the names behind their numbers.
pub(crate) struct Places {
    pub(crate) places: Vec<Place>,
    /// The organisation of each place; none where it is not known.
    pub(crate) organisations: Vec<Option<String>>,
    pub(crate) nations: Vec<String>,
    pub(crate) networks: Vec<String>,
    of_organisation: BTreeMap<String, u32>,
    of_nation: BTreeMap<String, u32>,
}

impl Places {
    /// The place of somebody at an organisation, or somewhere in a nation.
    pub(crate) fn of(&self, organisation: Option<&str>, nation: Option<&str>) -> Option<u32> {
        organisation
            .and_then(|code| self.of_organisation.get(code))
            .or_else(|| self.of_nation.get(nation.unwrap_or_default()))
            .copied()
    }

    /// Lays out the places; `years` are whole calendar years, or a part of one as the last.
    pub(crate) fn of_study(
        registry: &Registry,
        cover: &Cover,
        assumed: &Assumed,
        years: &[Span],
        primaries: &BTreeMap<String, f64>,
    ) -> Self {
        let nations = nations(registry, cover);
        let networks = networks(registry);
        let number = |names: &[String], name: &str| {
            names
                .binary_search_by(|known| known.as_str().cmp(name))
                .ok()
                .and_then(|at| u16::try_from(at).ok())
        };
        let mut all = Self {
            places: Vec::new(),
            organisations: Vec::new(),
            of_organisation: BTreeMap::new(),
            of_nation: BTreeMap::new(),
            nations,
            networks,
        };
        let mut codes: Vec<_> = registry.organisations().collect();
        codes.sort_by(|a, b| a.code.cmp(&b.code));
        for organisation in codes {
            let code = Some(organisation.code.as_str());
            let place = Place {
                nation: number(&all.nations, &organisation.nation).unwrap_or(0),
                network: number(&all.networks, &organisation.network),
                in_scope: organisation.breast_service,
                exposure: primaries.get(&organisation.code).copied().unwrap_or(0.0),
                sent: sent(cover, assumed, years, code, &organisation.nation),
            };
            all.of_organisation
                .insert(organisation.code.clone(), index(&all.places));
            all.organisations.push(Some(organisation.code.clone()));
            all.places.push(place);
        }
        for (at, nation) in all.nations.clone().into_iter().enumerate() {
            let place = Place {
                nation: u16::try_from(at).unwrap_or(u16::MAX),
                network: None,
                in_scope: false,
                exposure: 0.0,
                sent: sent(cover, assumed, years, None, &nation),
            };
            all.of_nation.insert(nation, index(&all.places));
            all.organisations.push(None);
            all.places.push(place);
        }
        all
    }
}

fn index(places: &[Place]) -> u32 {
    u32::try_from(places.len()).unwrap_or(u32::MAX)
}

/// Every nation by name; the nameless one is for people of whom not even that is known.
fn nations(registry: &Registry, cover: &Cover) -> Vec<String> {
    let mut nations: Vec<String> = registry
        .organisations()
        .map(|organisation| organisation.nation.clone())
        .chain(cover.nations().map(str::to_owned))
        .chain([String::new()])
        .collect();
    nations.sort_unstable();
    nations.dedup();
    nations
}

fn networks(registry: &Registry) -> Vec<String> {
    let mut nations: BTreeMap<&str, (&str, bool)> = BTreeMap::new();
    for organisation in registry.organisations() {
        let (nation, one) = nations
            .entry(&organisation.network)
            .or_insert((&organisation.nation, true));
        *one &= *nation == organisation.nation;
    }
    nations
        .into_iter()
        .filter(|(network, (_, one))| !network.is_empty() && *one)
        .map(|(network, _)| network.to_owned())
        .collect()
}

/// Which lists cover a place, year by year.
fn sent(
    cover: &Cover,
    assumed: &Assumed,
    years: &[Span],
    organisation: Option<&str>,
    nation: &str,
) -> Vec<History> {
    years
        .iter()
        .map(|year| {
            let mut lists: History = 0;
            for (bit, list) in assumed.lists.iter().enumerate() {
                let covers = list.sent_by.iter().any(|kind| match (list.by, organisation) {
                    (Sender::Organisation, Some(code)) => cover.sent_by_organisation(kind, code, year),
                    (Sender::Organisation, None) => false,
                    (Sender::Nation, _) => cover.sent_for_nation(kind, nation, year),
                });
                if covers {
                    lists |= 1 << bit;
                }
            }
            lists
        })
        .collect()
}

/// Primary breast cancers registered a year, by organisation; empty where the study has no registrations.
pub(crate) fn primaries(
    session: &Session,
    intake: &Path,
    registry: &Registry,
    (first, last): (Date, Date),
) -> Result<BTreeMap<String, f64>, CountError> {
    let mut primaries = BTreeMap::new();
    let path = intake.join("records").join("registrations");
    if !path.exists() {
        return Ok(primaries);
    }
    let step = || at("counting registered primaries");
    session.table(REGISTRATIONS, &path).map_err(step())?;
    let question = format!(
        r#"SELECT "DIAG_TRUST" AS organisation, count(*) AS n FROM {REGISTRATIONS}
           WHERE "SITE_ICD10_O2" LIKE 'C50%' AND "DIAGNOSISDATEBEST" BETWEEN {} AND {}
           GROUP BY 1 ORDER BY 1"#,
        sql::date(first),
        sql::date(last)
    );
    let years = f64::from(last.days() - first.days() + 1) / 365.25;
    for batch in session
        .query("counting registered primaries", &question)
        .map_err(step())?
    {
        let batch = batch.map_err(step())?;
        let (codes, counts) = (
            batch.text("organisation").map_err(step())?,
            batch.integer("n").map_err(step())?,
        );
        for row in 0..batch.rows() {
            let (Some(code), Some(count)) = (codes.get(row), counts.get(row)) else {
                continue;
            };
            if let Resolved::Known(organisation) = registry.resolve(code) {
                *primaries.entry(organisation.code.clone()).or_insert(0.0) +=
                    crate::tables::whole(count) / years;
            }
        }
    }
    Ok(primaries)
}
