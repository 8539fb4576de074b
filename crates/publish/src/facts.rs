//! Facts that a site needs beside a release: public ones about places and words, never about people.

use crate::told::{Answer, Response};

/// Public facts about a study's places, and the words of its definition.
#[derive(Clone, Debug)]
pub struct SiteFacts {
    /// The country as it stands in a sentence: `the United Kingdom`, `Hesperay`.
    pub country_name: String,
    /// The nations of which the records are said to be; empty: those of which the release has figures. Where they are not all,
    /// they stand in place of the country wherever its people are counted.
    pub nations: Vec<String>,
    /// How the map is drawn.
    pub outline: Outline,
    /// What counts as a case, in plain words, a paragraph each.
    pub definition: Vec<String>,
    /// The lines between the states of organisations, so that their words say what was applied.
    pub thresholds: Thresholds,
    /// Between which figures people living lie for each death of a year where a count is sound.
    pub usual_living_over_deaths: (f64, f64),
    /// The organisations of the country.
    pub organisations: Vec<PublicOrganisation>,
    /// What organisations answered when they were asked.
    pub answers: Vec<Answer>,
    /// Their responses to what is shown of them.
    pub responses: Vec<Response>,
}

/// The lines between the states of organisations (data of the study's definition of completeness).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// From this share on, in per cent: recording.
    pub collecting_percent: u32,
    /// Below this share, in per cent: not recording.
    pub not_collecting_percent: u32,
    /// Under this many people: too few to say.
    pub fewest_people: u32,
}

/// How the land is drawn under the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outline {
    /// The United Kingdom, by our own coarse outline.
    UnitedKingdom,
    /// A soft shape around the organisations: for an invented country.
    AroundPoints,
}

/// A trust, health board or HSC trust, as the public knows it.
#[derive(Clone, Debug)]
pub struct PublicOrganisation {
    /// Its code.
    pub code: String,
    /// Its full name.
    pub name: String,
    /// Its short name.
    pub short_name: String,
    /// Its nation.
    pub nation: String,
    /// Its network or cancer alliance, if it has one.
    pub network: String,
    /// `acute_trust`, `specialist_trust`, `health_board`, `hsc_trust`, …
    pub kind: String,
    /// Latitude of its main site, rounded; none if it is not on the map.
    pub latitude: Option<f64>,
    /// Longitude of its main site, rounded.
    pub longitude: Option<f64>,
    /// Whether it has a breast service and so is asked to record.
    pub breast_service: bool,
}
