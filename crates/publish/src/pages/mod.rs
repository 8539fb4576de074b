//! The pages of a site, each in its own file.

mod asked;
mod care;
mod changes;
mod counted;
mod data;
mod front;
mod hospital;
mod hospitals;
pub(crate) mod kingdom;
mod letter;
mod letters;
pub(crate) mod measured;
mod methods;
pub(crate) mod missing;
mod nation;
pub(crate) mod nations;
mod network;
mod next;
pub(crate) mod parts;
mod postcodes;
pub(crate) mod real;
pub(crate) mod reports;
pub(crate) mod signs;
mod statements;
mod support;
mod told;
pub(crate) mod who;
pub(crate) mod years;

use crate::page::{Page, Paper};
use crate::site::Site;

/// Every page of a site.
pub(crate) fn all(site: &Site<'_>) -> Vec<Page> {
    let mut pages = vec![
        front::page(site),
        hospitals::page(site),
        hospitals::hexagons(site),
        methods::page(site),
        data::page(site),
        nations::page(site),
        who::page(site),
        reports::state_of_the_nation(site).on(Paper::Open),
        statements::accessibility(site),
        statements::privacy(site),
    ];
    if let Some(sourced) = &site.sourced {
        pages.extend(care::pages(site, &sourced.standards));
        pages.push(measured::page(site, &sourced.standards));
        pages.push(counted::page(site));
        pages.push(support::page(site, &sourced.support));
        if signs::stands_on(site) {
            pages.push(signs::page(site, &sourced.signs));
        }
    }
    if !site.nearest.is_empty() {
        pages.push(postcodes::page(site, &site.nearest));
    }
    pages.extend(
        site.hospitals
            .iter()
            .map(|hospital| hospital::page(site, hospital)),
    );
    let with_letters = site.hospitals.iter().filter(|h| letters::stand_for(h));
    pages.extend(with_letters.map(|hospital| letters::page(site, hospital)));
    let with_packs = site.hospitals.iter().filter(|h| reports::stands_for(h));
    pages.extend(with_packs.map(|hospital| reports::pack(site, hospital).on(Paper::Sheets(2))));
    pages.extend(site.nations.iter().map(|nation| nation::page(site, nation)));
    pages.extend(site.networks.iter().map(|network| network::page(site, network)));
    let reports = site
        .nations
        .iter()
        .map(|nation| reports::of_nation(site, nation).on(Paper::Open));
    pages.extend(reports);
    pages
}
