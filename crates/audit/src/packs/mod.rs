//! Packs: all that a report to a board needs about one organisation, one network or one nation, in one file of JSON.
//!
//! A pack is confidential like the tables that it is made of: nothing in it has passed disclosure control, and figures of
//! outcomes go through the outlier procedure before anybody outside sees them. It holds sums only, never a person, and of
//! other organisations only what all of them are together.
//!
//! The form is documented in the book ("Packs") and has a version. Its lists are rows of the tables of the same name, with
//! the columns in the order of the table, without those that say which place it is.
//!
//! Invariant: the same tables give the same bytes.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;
use vocabulary::table::TableSchema;

use crate::cells::ALL;
use crate::error::AuditError;
use crate::run::Request;
use rows::{Row, Rows, read};

/// The folder, in the stage's own, with the tables of networks.
pub(crate) const NETWORKS: &str = "networks";

/// The folder of packs.
const PACKS: &str = "packs";

/// The version of the form; changes with it.
const VERSION: u32 = 1;

const NOTICE: &str = "Confidential. Not for publication: nothing here has passed disclosure control, and an outcome outside the \
limits goes through the outlier procedure first. A difference is a reason to talk; hospitals are never put in order.";

/// One pack. The order of the fields is the order of the keys.
#[derive(Serialize)]
struct Pack<'a> {
    version: u32,
    notice: &'static str,
    place_kind: &'static str,
    place: &'a str,
    name: &'a str,
    nation: &'a str,
    network: Option<&'a str>,
    /// Codes of the organisations that the sums hold, by code.
    organisations: Vec<&'a str>,
    as_of: Date,
    period: (Date, Date),
    definition: &'a str,
    completeness: &'a [Row],
    indicators: &'a [Row],
    standards: &'a [Row],
    variation: &'a [Row],
    disparity: &'a [Row],
    delays: &'a [Row],
    first_line: &'a [Row],
    care_over_time: &'a [Row],
    nurses: &'a [Row],
}

/// The tables, by place.
struct Tables {
    standards: Rows,
    disparity: Rows,
    delays: Rows,
    first_line: Rows,
    care_over_time: Rows,
}

impl Tables {
    fn read(folder: &Path) -> Result<Self, AuditError> {
        let of = |schema: &TableSchema| read(folder, schema);
        Ok(Self {
            standards: of(&layouts::tables::standards())?,
            disparity: of(&layouts::tables::disparity())?,
            delays: of(&layouts::tables::delays())?,
            first_line: of(&layouts::tables::first_line())?,
            care_over_time: of(&layouts::tables::care_over_time())?,
        })
    }

    /// Every place with a row: nation, and organisation or network.
    fn places(&self) -> BTreeSet<&(String, String)> {
        let all = [
            &self.standards,
            &self.disparity,
            &self.delays,
            &self.first_line,
            &self.care_over_time,
        ];
        all.into_iter().flat_map(|rows| rows.places()).collect()
    }
}

/// What is the same in every pack, and what only organisations and nations have.
struct Shared {
    indicators: Rows,
    variation: Rows,
    completeness: Rows,
    nurses: Rows,
}

/// Writes the packs from the tables that the stage has just written.
pub(crate) fn write(request: &Request<'_>) -> Result<(), AuditError> {
    let folder = request.out.join(PACKS);
    fs_err::create_dir_all(&folder)?;
    let shared = Shared {
        indicators: read(request.out, &layouts::tables::indicators())?,
        variation: read(request.out, &layouts::tables::variation())?,
        completeness: read(request.count, &layouts::tables::completeness())?,
        nurses: read(request.out, &layouts::tables::nurses())?,
    };
    let own = Tables::read(request.out)?;
    let members = Members::of(request.registry, own.places());
    for place in own.places() {
        let (nation, organisation) = place;
        if nation == ALL {
            continue;
        }
        let pack = if organisation == ALL {
            nation_pack(request, &members, &shared, &own, place)
        } else {
            organisation_pack(request, &shared, &own, place)
        };
        let name = if organisation == ALL {
            format!("nation-{}", slug(nation))
        } else {
            organisation.clone()
        };
        store(&folder, &name, &pack)?;
    }
    let networks = Tables::read(&request.out.join(NETWORKS))?;
    for place in networks.places() {
        let (nation, network) = place;
        let pack = Pack {
            place_kind: "network",
            place: network,
            name: network,
            network: Some(network),
            organisations: members.of_network(nation, network),
            ..empty(request, &shared, &networks, place)
        };
        store(&folder, &format!("network-{}", slug(network)), &pack)?;
    }
    Ok(())
}

/// A pack of the sums of a place, without its name.
fn empty<'a>(
    request: &Request<'a>,
    shared: &'a Shared,
    tables: &'a Tables,
    place: &'a (String, String),
) -> Pack<'a> {
    Pack {
        version: VERSION,
        notice: NOTICE,
        place_kind: "",
        place: "",
        name: "",
        nation: &place.0,
        network: None,
        organisations: Vec::new(),
        as_of: request.as_of,
        period: request.period,
        definition: &request.standards.id,
        completeness: &[],
        indicators: shared.indicators.everywhere(),
        standards: tables.standards.at(place),
        variation: shared.variation.everywhere(),
        disparity: tables.disparity.at(place),
        delays: tables.delays.at(place),
        first_line: tables.first_line.at(place),
        care_over_time: tables.care_over_time.at(place),
        nurses: &[],
    }
}

fn nation_pack<'a>(
    request: &Request<'a>,
    members: &Members<'a>,
    shared: &'a Shared,
    tables: &'a Tables,
    place: &'a (String, String),
) -> Pack<'a> {
    Pack {
        place_kind: "nation",
        place: &place.0,
        name: &place.0,
        organisations: members.of_nation(&place.0),
        nurses: shared.nurses.at(place),
        ..empty(request, shared, tables, place)
    }
}

fn organisation_pack<'a>(
    request: &Request<'a>,
    shared: &'a Shared,
    tables: &'a Tables,
    place: &'a (String, String),
) -> Pack<'a> {
    let code = &place.1;
    let body = request.registry.get(code);
    Pack {
        place_kind: "organisation",
        place: code,
        name: body.map_or(code, |body| &body.name),
        network: body
            .map(|body| body.network.as_str())
            .filter(|own| !own.is_empty()),
        organisations: vec![code],
        completeness: shared.completeness.of_organisation(code),
        nurses: shared.nurses.at(place),
        ..empty(request, shared, tables, place)
    }
}

/// The organisations whose sums those of nations and networks are, by nation and network: those with a breast service, and any
/// other at which something was counted.
struct Members<'a> {
    by_network: BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>,
}

impl<'a> Members<'a> {
    /// `counted` holds the nation and organisation of each place with a row.
    fn of(registry: &'a Registry, counted: impl IntoIterator<Item = &'a (String, String)>) -> Self {
        let services = registry.organisations().filter(|body| body.breast_service);
        let services = services.map(|body| (body.nation.as_str(), body));
        let counted = counted
            .into_iter()
            .filter_map(|(nation, code)| Some((nation.as_str(), registry.get(code)?)));
        let mut by_network: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        for (nation, body) in services.chain(counted) {
            let key = (nation, body.network.as_str());
            by_network.entry(key).or_default().insert(&body.code);
        }
        Self { by_network }
    }

    fn of_network(&self, nation: &str, network: &str) -> Vec<&'a str> {
        let own = self.by_network.get(&(nation, network));
        own.into_iter().flatten().copied().collect()
    }

    fn of_nation(&self, nation: &str) -> Vec<&'a str> {
        let own = self.by_network.iter().filter(|((own, _), _)| *own == nation);
        own.flat_map(|(_, codes)| codes)
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }
}

/// Letters and numbers of a name, in lower case, with hyphens for all else.
fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-")
}

fn store(folder: &Path, name: &str, pack: &Pack<'_>) -> Result<(), AuditError> {
    let mut text = serde_json::to_string_pretty(pack).map_err(std::io::Error::from)?;
    text.push('\n');
    fs_err::write(folder.join(format!("{name}.json")), text)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_without_a_breast_service_is_named_where_its_people_are_in_the_sum() {
        let head = "code,name,short_name,nation,kind,network,latitude,longitude,opened,closed,breast_service,treats_only,predecessors\n";
        let row = |code: &str, service: &str| {
            format!("{code},{code},{code},N,acute_trust,W,51.0,0.0,,,{service},no,\n")
        };
        let rows = [row("AAA", "yes"), row("BBB", "no"), row("CCC", "no")].concat();
        let registry = Registry::from_csv(&format!("{head}{rows}")).unwrap();
        let counted = [("N", "BBB"), ("N", ALL), (ALL, ALL)];
        let counted = counted.map(|(nation, code)| (nation.to_owned(), code.to_owned()));
        let members = Members::of(&registry, &counted);
        assert_eq!(members.of_network("N", "W"), ["AAA", "BBB"]);
        assert_eq!(members.of_nation("N"), ["AAA", "BBB"]);
    }

    #[test]
    fn a_name_of_a_network_makes_a_name_of_a_file() {
        assert_eq!(
            super::slug("Somerset, Wiltshire & Avon"),
            "somerset-wiltshire-avon"
        );
    }
}
