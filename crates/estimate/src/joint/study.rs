//! What the joint estimate reads: people as they were found, and who sent what.

use crate::lists::History;
use crate::misclassification::{Reviewer, Stratum};

/// Time as years with their fraction: 2021.5 is the middle of 2021. The day *d* of a year of *n* days, counted from 1,
/// is year + (*d* − ½)/*n*, so that two dates in order stay in order and no date falls on the turn of a year.
pub type Time = f64;

/// A study: what the stages before it found, and nothing else.
#[derive(Debug, Clone)]
pub struct Study {
    /// The first whole year that is counted.
    pub first_year: i32,
    /// The moment up to which anything is known: 2026.0 for the end of 2025. A last year may be a part of one.
    pub end: Time,
    /// The lists whose overlaps are compared: at most 12, and up to 5 are compared in full. Treatment in one system
    /// (chemotherapy records and chemotherapy admissions; registry stage and the hospital's own statement) is one
    /// list, for the one is made from the other. Deaths are not a list.
    pub lists: Vec<String>,
    /// The organisations, in any order.
    pub places: Vec<Place>,
    /// Everyone found, in any order that is the same from run to run (chance is given out in it).
    pub people: Vec<Person>,
    /// Charts that were read of people who were found, by class of evidence.
    pub charts: Vec<Charts>,
    /// Charts of people without any evidence, if there was such a review.
    pub unflagged: Option<Unflagged>,
    /// Whether the reviewers err.
    pub reviewer: Reviewer,
    /// National deaths with breast cancer as underlying cause, for the outside check only.
    pub deaths: Option<NationalDeaths>,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its nation, counted from 0.
    pub nation: u16,
    /// Its network, counted from 0 over all nations.
    pub network: Option<u16>,
    /// Whether it has a breast service: only then do people stay uncounted when it sends nothing.
    pub in_scope: bool,
    /// Primary breast cancers registered in it, a year: how many people with secondary disease to expect.
    pub exposure: f64,
    /// For each year from the first, which lists cover the people of this place in it. A list that was not sent is
    /// missing and its bit is 0; it never says "nobody".
    pub sent: Vec<History>,
}

/// Whether the primary had been there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Metastatic at first diagnosis.
    DeNovo,
    /// After an earlier primary.
    Recurrent,
    /// Not known.
    NotKnown,
}

/// Sex as recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    /// A woman.
    Female,
    /// A man.
    Male,
    /// Not known.
    NotKnown,
}

/// How a person's time with the disease ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Exit {
    /// It has not: alive at the end.
    Alive,
    /// Died, breast cancer being the underlying cause.
    OfBreastCancer(Time),
    /// Died of something else.
    OfOther(Time),
    /// Emigrated or lost.
    Left(Time),
}

/// One person who was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Person {
    /// The organisation where metastatic disease was established, as an index into [`Study::places`]: fixed for life,
    /// so that levels add up.
    pub place: u32,
    /// When distant metastasis was first established, not when it was first known to the study. Before the first year
    /// for people whose disease is older than the records; how long before need not be known, for no figure tells such
    /// times apart.
    pub established: Time,
    /// How it ended.
    pub exit: Exit,
    /// New at diagnosis or later.
    pub kind: Kind,
    /// Sex.
    pub sex: Sex,
    /// When they were born, where known.
    pub born: Option<Time>,
    /// The lists that show the person within the [window](super::Assumptions::window) after `established`; 0 where
    /// none does and the person was found otherwise.
    pub pattern: History,
    /// The class of evidence, as an index into [`Assumptions::classes`](super::Assumptions::classes).
    pub class: u16,
    /// Whether a hospital stated it in the field meant for it.
    pub recorded: bool,
    /// Found only on the death certificate: breast cancer is the underlying cause and no other record says metastatic.
    /// Such people are not counted one by one: they say how many the lists did not show (see the module).
    pub only_at_death: bool,
    /// How many further people are expected to hide in this one through links that are wrong.
    pub false_links: f32,
    /// The chance that this person is another one of the study too, through a link that was missed.
    pub missed_links: f32,
}

/// Charts of one class of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Charts {
    /// The class.
    pub class: u16,
    /// Which charts.
    pub sample: Sample,
}

/// How charts were drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    /// At random from the whole.
    Everywhere(Stratum),
    /// From some hospitals only (one stratum each, those without charts too): a cluster sample, which knows less.
    Hospitals(Vec<Stratum>),
}

impl Sample {
    /// Hospitals of a cluster sample in which a chart was read; none where charts came from everywhere.
    fn hospitals_read(&self) -> Option<usize> {
        match self {
            Self::Everywhere(_) => None,
            Self::Hospitals(strata) => Some(strata.iter().filter(|stratum| stratum.reviewed > 0).count()),
        }
    }

    /// Whether what its charts show can be said of people whose charts were not read. The charts of one hospital cannot: nothing
    /// tells how much hospitals differ.
    pub(super) fn carries(&self) -> bool {
        match self {
            Self::Everywhere(stratum) => stratum.reviewed > 0,
            Self::Hospitals(_) => self.hospitals_read().is_some_and(|hospitals| hospitals > 1),
        }
    }

    /// Whether charts were read in one hospital alone.
    pub(super) fn is_of_one_hospital(&self) -> bool {
        self.hospitals_read() == Some(1)
    }

    /// How many people its charts were drawn from.
    pub(super) fn people(&self) -> u64 {
        match self {
            Self::Everywhere(stratum) => stratum.people,
            Self::Hospitals(strata) => strata
                .iter()
                .fold(0, |sum, stratum| sum.saturating_add(stratum.people)),
        }
    }
}

/// A random review of people without any evidence: the only thing that can see people whom no list reaches.
#[derive(Debug, Clone, PartialEq)]
pub struct Unflagged {
    /// The frame and its charts. `people` of the strata is everyone in the frame with no evidence.
    pub sample: Sample,
    /// Whom a chart confirms.
    pub confirmed: Confirmed,
}

/// Whom a chart of somebody without any evidence confirms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confirmed {
    /// People, dead or alive, whose disease was established from the first to the last of these years.
    Established(i32, i32),
    /// People with the disease, whenever it was established, in a frame of those alive at the end of the study. It says of
    /// the people living what no other datum says: nothing of it rests on survival, or on years before the records.
    Living,
}

/// Deaths of a national series, year by year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NationalDeaths {
    /// The first year.
    pub first_year: i32,
    /// Deaths, year by year.
    pub counts: Vec<u64>,
}

impl Study {
    /// The number of years counted, a last part of one among them.
    pub fn years(&self) -> usize {
        (self.end - f64::from(self.first_year)).ceil().clamp(0.0, 200.0) as usize
    }

    /// The last year counted.
    pub fn last_year(&self) -> i32 {
        self.first_year + self.years() as i32 - 1
    }

    /// The moment at which a year (counted from 0) ends in this study.
    pub(super) fn year_end(&self, year: usize) -> Time {
        (f64::from(self.first_year) + year as f64 + 1.0).min(self.end)
    }

    /// For how long, on average, people first metastatic in a year (counted from 0) are at risk by the end of the study.
    ///
    /// **Formula.** With *L* the years from the first to the end, and people falling evenly on each: *L* − *y* − ½; of a last
    /// part of a year, half of what has passed of it: (*L* − *y*)/2.
    pub(super) fn at_risk(&self, year: usize) -> f64 {
        let start = f64::from(self.first_year) + year as f64;
        self.end - f64::midpoint(start, self.year_end(year))
    }
}

impl Exit {
    /// When; never for the living.
    pub fn time(self) -> Time {
        match self {
            Self::Alive => f64::INFINITY,
            Self::OfBreastCancer(time) | Self::OfOther(time) | Self::Left(time) => time,
        }
    }
}
