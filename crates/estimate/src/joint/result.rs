//! What the joint estimate gives.

use crate::calibrate::Decomposition;
use crate::prevalence::DurationBand;
use crate::{EstimateError, Interval};

use super::ahead::Ahead;
use super::assumptions::Statement;
use super::chance::Cause;
use super::study::{Kind, Sex};
use super::warnings::Warning;

/// How many draws, and where chance begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Draws; every count comes from the same ones.
    pub draws: usize,
    /// The seed; the same seed gives the same bits on any number of threads.
    pub seed: u64,
}

impl Settings {
    /// The 2,000 draws of every published count.
    pub fn seeded(seed: u64) -> Self {
        Self { draws: 2_000, seed }
    }
}

/// A level of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// An organisation, as an index into the study's places.
    Organisation(u32),
    /// A network.
    Network(u16),
    /// A nation.
    Nation(u16),
    /// All nations.
    Country,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Distant metastasis first established in the year.
    New,
    /// Established on or before the last day of the year and alive at its end.
    Living,
    /// Died in the year, of any cause.
    Died,
    /// Died in the year, breast cancer being the underlying cause.
    DiedOfBreastCancer,
    /// Emigrated or lost in the year.
    Left,
    /// Living at the end of the year, by the time since metastasis: the bands that the years counted by then
    /// [can tell](DurationBand::told).
    LivingFor(DurationBand),
}

/// The bands of age that are counted, at the day of the event or the last day of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeBand {
    /// Below 45.
    Under45,
    /// 45 to 54.
    From45,
    /// 55 to 64.
    From55,
    /// 65 to 74.
    From65,
    /// 75 to 84.
    From75,
    /// 85 and over.
    From85,
    /// Not known.
    NotKnown,
}

/// What may be said of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A random sample of people without evidence stands behind it, and says in every draw how many nobody found.
    Estimate,
    /// Of those whom some list reaches: nobody can know how many more there are.
    LowerBound,
}

/// One published cell. `None` along a dimension is the total over it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Where.
    pub level: Level,
    /// What.
    pub measure: Measure,
    /// The calendar year; *living* is at its end.
    pub year: i32,
    /// Of one kind.
    pub kind: Option<Kind>,
    /// Of one sex.
    pub sex: Option<Sex>,
    /// Of one band of age.
    pub age: Option<AgeBand>,
    /// How many.
    pub figures: Figures,
    /// What may be said of it.
    pub status: Status,
}

/// A count with its intervals, all whole numbers of people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// The median of the draws.
    pub median: f64,
    /// The middle half of the draws.
    pub half: Interval,
    /// The 95 % interval, under the assumptions stated.
    pub interval: Interval,
}

/// What the whole estimate says beside its cells.
#[derive(Debug, Clone)]
pub struct Joint {
    /// What may be called an estimate.
    pub status: Status,
    /// Everyone, year by year from the first.
    pub country: Vec<Year>,
    /// The field's own checks, each of the years that it names.
    pub checks: Checks,
    /// The same question answered by each route.
    pub routes: Vec<Route>,
    /// What the width of the interval is made of.
    pub width: Result<Width, EstimateError>,
    /// The years to come, by how new cases go on.
    pub ahead: Result<Vec<Ahead>, EstimateError>,
    /// What a reader must know, the standing warnings first.
    pub warnings: Vec<Warning>,
    /// What was assumed.
    pub assumptions: Vec<Statement>,
    /// How many separate proposals the draws rest on after deaths found only on certificates were taken in.
    pub effective_draws: f64,
}

/// Everyone in one year, draw by draw: living at its end = living at its start + new − died − left, in each draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// The calendar year.
    pub year: i32,
    /// Living as it began.
    pub start: Vec<u32>,
    /// New in it.
    pub new: Vec<u32>,
    /// Died in it, of any cause.
    pub died: Vec<u32>,
    /// Died in it of breast cancer.
    pub died_of_breast_cancer: Vec<u32>,
    /// Emigrated or lost in it.
    pub left: Vec<u32>,
    /// Living at its end.
    pub living: Vec<u32>,
}

/// The field's own checks.
#[derive(Debug, Clone, PartialEq)]
pub struct Checks {
    /// The year they are of, where they name no others: the last whole one.
    pub year: i32,
    /// The first and the last year of the study, a last part of one among them: the shares of deaths are of all of these.
    pub of_deaths: (i32, i32),
    /// The first and the last year of the ratios to deaths: the last three whole ones, or as many as there are.
    pub years: (i32, i32),
    /// Living over breast-cancer deaths, a year of these; its interval holds the chance of the deaths, too.
    pub living_over_deaths: Result<Figures, EstimateError>,
    /// New over breast-cancer deaths, in the same way.
    pub new_over_deaths: Result<Figures, EstimateError>,
    /// Whether these deaths are the national series; otherwise the study's own, and the check is not independent.
    pub independent: bool,
    /// Found only at death, of all breast-cancer deaths of the study.
    pub found_only_at_death: Result<crate::Proportion, EstimateError>,
    /// Recurrent over de novo, among new cases.
    pub recurrent_over_de_novo: Result<Figures, EstimateError>,
    /// The share of those living whose time since metastasis is longer than anybody was followed up. Whoever was ill before
    /// the first year counts as such: how long for, nobody knows.
    pub share_extrapolated: Result<Figures, EstimateError>,
    /// The share of all breast-cancer deaths of the study without metastasis that the lists leave room for; set beside its
    /// prior. None where more deaths are expected among people on no list than were found only on certificates.
    pub implied_without_metastasis: Result<Figures, EstimateError>,
}

/// A way to the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteName {
    /// Stated by a hospital.
    Recorded,
    /// Found in any record, on a certificate alone too, taken as it stands; as `found` in `counts`, without classes of which
    /// nobody counts before charts were read.
    Found,
    /// Found and corrected, with those whom the lists do not show: the headline.
    Joint,
    /// Calculated back from national deaths.
    BackCalculation,
}

/// One way to the number of people new in the last whole year and living at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Which.
    pub name: RouteName,
    /// Living.
    pub living: Result<Figures, EstimateError>,
    /// New.
    pub new: Result<Figures, EstimateError>,
}

/// What the width of the interval of those living is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Width {
    /// The causes, in the order of `split.causes`.
    pub causes: Vec<Cause>,
    /// The variance of the logarithm of the number living at the end of the last year, split.
    pub split: Decomposition,
    /// Deaths found only on certificates narrow the interval: the variance with them over that without, which is
    /// the one that is split.
    pub after_deaths: f64,
    /// What is not in the interval, because no data of the study can test it.
    pub not_in_it: Vec<&'static str>,
    /// If one organisation recorded everything: how wide the 95 % interval would be over what it is, for each place.
    pub if_recorded: Vec<f64>,
    /// If 300 more charts were read, spread over the classes by their size: the same ratio.
    pub if_reviewed: f64,
}
