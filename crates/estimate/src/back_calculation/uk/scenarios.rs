//! How long people live with secondary breast cancer, in the ways in which what is printed can be read.

use super::Source;

/// What is printed of a survival curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PublishedSurvival {
    /// A median in months, its printed 95 % interval where there is one, and shapes of a Weibull curve from lowest to
    /// highest: ours, for a median says nothing of a shape.
    Median {
        /// The median, months.
        months: f64,
        /// Its 95 % interval, months.
        interval: Option<(f64, f64)>,
        /// The range of shapes.
        shapes: (f64, f64),
    },
    /// Two points, each printed to a whole percent: years and share alive.
    Points {
        /// The earlier.
        first: (f64, f64),
        /// The later.
        second: (f64, f64),
    },
}

/// What else people die of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OtherCauses {
    /// The printed curve is of the disease alone; others die beside, with this hazard a year.
    Beside(f64),
    /// The printed curve is of all deaths, and this hazard a year is part of it.
    Within(f64),
}

/// Whether a scenario is held to be plausible for everyone, or shows an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It counts in the range.
    Plausible,
    /// It is shown beside the range: its survival is known of some of the people only.
    Edge,
}

/// One way to read what is printed about survival.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scenario {
    /// A short name.
    pub name: &'static str,
    /// What it assumes, in a sentence.
    pub words: &'static str,
    /// Whether it counts in the range.
    pub role: Role,
    /// The survival, for those diagnosed last.
    pub survival: PublishedSurvival,
    /// The median of those diagnosed by 1990 in months, where survival improved until 2020.
    pub median_1990: Option<f64>,
    /// What else people die of.
    pub other_causes: OtherCauses,
    /// Where it was printed.
    pub sources: &'static [Source],
}

const SWEDEN: Source = Source {
    title: "Valachis and others 2022: everyone with secondary breast cancer in Sweden, 2009 to 2016",
    url: "https://pmc.ncbi.nlm.nih.gov/articles/PMC9381497",
};
const DENMARK: Source = Source {
    title: "Denmark, secondary at first diagnosis: median 23 months (2000 to 2004), 33 months (2015 to 2020)",
    url: "https://research.regionh.dk/en/publications/incidence-and-survival-of-primary-metastatic-breast-cancer-in-den",
};
const REVIEW: Source = Source {
    title: "Lord and others 2022: review of population cohorts, recurrent median 23 months",
    url: "https://pmc.ncbi.nlm.nih.gov/articles/PMC8804182",
};
const UNITED_STATES: Source = Source {
    title: "Mariotto and others 2017: medians of secondary at first diagnosis, 1992 to 2012, United States",
    url: "https://aacrjournals.org/cebp/article/26/6/809/167836",
};
const ENGLAND_NET: Source = Source {
    title: "Office for National Statistics, women diagnosed at the latest stage 2012 to 2016 in England: 66 % after one year, 28 % after five",
    url: "https://breastcancernow.org/about-us/media/statements/we-respond-new-ons-statistics-cancer-survival-in-england",
};
const AUDIT: Source = Source {
    title: "National Audit of Metastatic Breast Cancer 2025, diagnosed 2020 to 2022: 65 % after one year, 44 % after three",
    url: "https://www.hqip.org.uk/resource/632-naome-natcan",
};

/// Other causes of death, a year: an assumption of ours, near that of women of about 70.
const OTHER: f64 = 0.03;
/// Shapes for a printed median. Where two points are printed, shapes lie from 0.6 (audit) over 0.7 (England) to 1.07
/// (France).
const SHAPES: (f64, f64) = (0.7, 0.9);
const STEEPER: (f64, f64) = (0.8, 1.0);

const SCENARIOS: [Scenario; 8] = [
    Scenario {
        name: "As in Sweden, never changed",
        words: "Everyone lives as long as people in Sweden did from 2009 to 2016 (half of them longer than 29.8 months), whenever \
                it was diagnosed; some die of other causes as well.",
        role: Role::Plausible,
        survival: PublishedSurvival::Median {
            months: 29.8,
            interval: Some((28.9, 30.6)),
            shapes: SHAPES,
        },
        median_1990: None,
        other_causes: OtherCauses::Beside(OTHER),
        sources: &[SWEDEN],
    },
    Scenario {
        name: "As in Sweden, all deaths",
        words: "As in Sweden too, but the Swedish figure is taken to count deaths from every cause already: each year, 3 in 100 people \
                die of something else.",
        role: Role::Plausible,
        survival: PublishedSurvival::Median {
            months: 29.8,
            interval: Some((28.9, 30.6)),
            shapes: SHAPES,
        },
        median_1990: None,
        other_causes: OtherCauses::Within(OTHER),
        sources: &[SWEDEN],
    },
    Scenario {
        name: "Slowly improving",
        words: "People live longer than they used to: half lived longer than 20 months when it was diagnosed by 1990, and half \
                longer than 28 months in 2020.",
        role: Role::Plausible,
        survival: PublishedSurvival::Median {
            months: 28.0,
            interval: None,
            shapes: STEEPER,
        },
        median_1990: Some(20.0),
        other_causes: OtherCauses::Beside(OTHER),
        sources: &[REVIEW, UNITED_STATES],
    },
    Scenario {
        name: "Improving as in Denmark",
        words: "People live longer than they used to, as in Denmark: from 20 months (diagnosed by 1990) to 33 months (2020), the \
                time that half live beyond.",
        role: Role::Plausible,
        survival: PublishedSurvival::Median {
            months: 33.0,
            interval: None,
            shapes: STEEPER,
        },
        median_1990: Some(20.0),
        other_causes: OtherCauses::Beside(OTHER),
        sources: &[DENMARK, UNITED_STATES],
    },
    Scenario {
        name: "Fast improving",
        words: "The time that half live beyond has doubled, from 18 months (diagnosed by 1990) to 36 months (2020).",
        role: Role::Plausible,
        survival: PublishedSurvival::Median {
            months: 36.0,
            interval: None,
            shapes: STEEPER,
        },
        median_1990: Some(18.0),
        other_causes: OtherCauses::Beside(OTHER),
        sources: &[DENMARK, UNITED_STATES],
    },
    Scenario {
        name: "As in England at first diagnosis, five years watched",
        words: "Everyone lives as long as women in England whose cancer was secondary when first diagnosed, from 2012 to 2016; \
                some die of other causes as well.",
        role: Role::Plausible,
        survival: PublishedSurvival::Points {
            first: (1.0, 0.66),
            second: (5.0, 0.28),
        },
        median_1990: None,
        other_causes: OtherCauses::Beside(OTHER),
        sources: &[ENGLAND_NET],
    },
    Scenario {
        name: "Low edge: as in older studies of cancer that came back",
        words: "Everyone lives as long as people in older studies whose cancer had come back: half longer than 23 months, the same \
                share dying every year, and nobody of anything else.",
        role: Role::Edge,
        survival: PublishedSurvival::Median {
            months: 23.0,
            interval: None,
            shapes: (1.0, 1.0),
        },
        median_1990: None,
        other_causes: OtherCauses::Beside(0.0),
        sources: &[REVIEW],
    },
    Scenario {
        name: "High edge: as at first diagnosis, three years watched",
        words: "Everyone lives as long as people whose cancer was secondary when first diagnosed, from 2020 to 2022. They were \
                watched for three years; everything after that is a guess.",
        role: Role::Edge,
        survival: PublishedSurvival::Points {
            first: (1.0, 0.65),
            second: (3.0, 0.44),
        },
        median_1990: None,
        other_causes: OtherCauses::Beside(0.0),
        sources: &[AUDIT],
    },
];

/// The scenarios, those that count in the range first.
pub fn scenarios() -> &'static [Scenario] {
    &SCENARIOS
}
