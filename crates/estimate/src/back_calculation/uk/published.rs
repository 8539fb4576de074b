//! What others have published, laid side by side.
//!
//! Only figures that were read where they were printed, or in a page that quotes them. They count different things:
//! people in a year or on a day, women or people, counted or modelled. Living over deaths, about the mean number of
//! years lived with the disease, shows how far apart the definitions are.

/// Whom an estimate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Women only.
    Women,
    /// Women and men.
    People,
}

/// When the people were living.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// On a day.
    Point,
    /// At any time in a period, so also those who died in it.
    Period,
    /// Not said.
    NotSaid,
}

/// How an estimate was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// Counted in records.
    Counted,
    /// Counted in a part and scaled up.
    ScaledUp,
    /// Calculated from deaths or rates and survival.
    Modelled,
    /// Not said.
    NotSaid,
}

/// A published number of people living with secondary breast cancer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PublishedEstimate {
    /// The country or part of it.
    pub place: &'static str,
    /// The day or period.
    pub date: &'static str,
    /// How many.
    pub number: u32,
    /// Whom it counts.
    pub who: Who,
    /// On a day or in a period.
    pub timing: Timing,
    /// How it was made.
    pub made: Made,
    /// All inhabitants in millions, rounded, where we set one beside it.
    pub population_millions: Option<f64>,
    /// Deaths from breast cancer a year, where some were read, and of when.
    pub deaths: Option<(u32, &'static str)>,
    /// Who printed it.
    pub source: &'static str,
    /// Where, if there is a page.
    pub url: Option<&'static str>,
}

impl PublishedEstimate {
    /// The number in 100,000 inhabitants: a crude rate, for no place prints it by age.
    pub fn crude_rate(&self) -> Option<f64> {
        self.population_millions
            .map(|millions| f64::from(self.number) / (millions * 10.0))
    }

    /// Living over deaths a year.
    pub fn living_over_deaths(&self) -> Option<f64> {
        self.deaths
            .map(|(deaths, _)| f64::from(self.number) / f64::from(deaths))
    }
}

/// The published estimates.
pub fn published_estimates() -> &'static [PublishedEstimate] {
    &PUBLISHED
}

const PUBLISHED: [PublishedEstimate; 14] = [
    PublishedEstimate {
        place: "United States",
        date: "1 January 2013",
        number: 138_622,
        who: Who::Women,
        timing: Timing::Point,
        made: Made::Modelled,
        population_millions: None,
        deaths: Some((40_860, "2013")),
        source: "Mariotto and others 2017, back-calculation from deaths",
        url: Some("https://aacrjournals.org/cebp/article/26/6/809/167836"),
    },
    PublishedEstimate {
        place: "United States",
        date: "1 January 2017",
        number: 154_794,
        who: Who::Women,
        timing: Timing::Point,
        made: Made::Modelled,
        population_millions: Some(325.2),
        deaths: None,
        source: "Mariotto and others 2017, projected",
        url: Some("https://aacrjournals.org/cebp/article/26/6/809/167836"),
    },
    PublishedEstimate {
        place: "United States",
        date: "1 January 2020",
        number: 168_000,
        who: Who::Women,
        timing: Timing::Point,
        made: Made::Modelled,
        population_millions: None,
        deaths: None,
        source: "after Mariotto and others 2017, projected and rounded",
        url: Some("https://aacrjournals.org/cebp/article/26/6/809/167836"),
    },
    PublishedEstimate {
        place: "Northern Ireland",
        date: "2009",
        number: 587,
        who: Who::People,
        timing: Timing::NotSaid,
        made: Made::Counted,
        population_millions: None,
        deaths: None,
        source: "Hawkins, Bennett and others, Northern Ireland Cancer Registry",
        url: Some("https://make2ndscount.co.uk/news/news/metastatic-breast-cancer-data-in-ni"),
    },
    PublishedEstimate {
        place: "Northern Ireland",
        date: "2020",
        number: 911,
        who: Who::People,
        timing: Timing::NotSaid,
        made: Made::Counted,
        population_millions: Some(1.896),
        deaths: Some((317, "mean of 2017 to 2019")),
        source: "Hawkins, Bennett and others, Northern Ireland Cancer Registry",
        url: Some("https://make2ndscount.co.uk/news/news/metastatic-breast-cancer-data-in-ni"),
    },
    PublishedEstimate {
        place: "Scotland",
        date: "2013",
        number: 4_090,
        who: Who::People,
        timing: Timing::NotSaid,
        made: Made::NotSaid,
        population_millions: Some(5.328),
        deaths: Some((983, "mean of 2017 to 2019")),
        source: "Scottish Cancer Registry with a charity; the method is not public",
        url: None,
    },
    PublishedEstimate {
        place: "England",
        date: "April 2016 to March 2017",
        number: 38_350,
        who: Who::People,
        timing: Timing::Period,
        made: Made::Counted,
        population_millions: None,
        deaths: Some((9_613, "women, 2016")),
        source: "Palmieri, Owide and Fryer 2022, hospital episodes",
        url: Some(
            "https://www.clatterbridgecc.nhs.uk/about-us/news/new-study-clatterbridge-researcher-shows-growth-secondary-breast-cancer-uk",
        ),
    },
    PublishedEstimate {
        place: "England",
        date: "April 2020 to March 2021",
        number: 57_215,
        who: Who::People,
        timing: Timing::Period,
        made: Made::Counted,
        population_millions: Some(56.5),
        deaths: Some((9_638, "women, 2020")),
        source: "Palmieri, Owide and Fryer 2022, hospital episodes",
        url: Some(
            "https://www.clatterbridgecc.nhs.uk/about-us/news/new-study-clatterbridge-researcher-shows-growth-secondary-breast-cancer-uk",
        ),
    },
    PublishedEstimate {
        place: "United Kingdom",
        date: "long quoted",
        number: 35_000,
        who: Who::People,
        timing: Timing::NotSaid,
        made: Made::NotSaid,
        population_millions: None,
        deaths: Some((11_499, "mean of 2017 to 2019")),
        source: "quoted for years; where it comes from is not known",
        url: None,
    },
    PublishedEstimate {
        place: "Australia",
        date: "2024",
        number: 20_950,
        who: Who::People,
        timing: Timing::NotSaid,
        made: Made::ScaledUp,
        population_millions: Some(27.2),
        deaths: Some((3_300, "about")),
        source: "Australian Institute of Health and Welfare, CAN 171, 2025 (20,800 women and 150 men)",
        url: Some("https://www.aihw.gov.au/reports/cancer/metastatic-breast-cancer-first-national-estimates"),
    },
    PublishedEstimate {
        place: "Australia",
        date: "2020",
        number: 10_553,
        who: Who::Women,
        timing: Timing::NotSaid,
        made: Made::Modelled,
        population_millions: None,
        deaths: None,
        source: "rates of New South Wales (Clements 2012) applied to the nation",
        url: None,
    },
    PublishedEstimate {
        place: "New South Wales",
        date: "1 January 2016",
        number: 5_009,
        who: Who::Women,
        timing: Timing::Point,
        made: Made::ScaledUp,
        population_millions: None,
        deaths: None,
        source: "Smith, Yu, Lord and others, COSA 2023, two linked cohorts",
        url: Some("https://cosa-2023.p.asnevents.com.au/days/2023-11-01/abstract/97107"),
    },
    PublishedEstimate {
        place: "New South Wales",
        date: "2024",
        number: 7_900,
        who: Who::People,
        timing: Timing::NotSaid,
        made: Made::Counted,
        population_millions: Some(8.34),
        deaths: None,
        source: "registry, hospital, medicines and radiotherapy, linked (7,850 women and 50 men)",
        url: None,
    },
    PublishedEstimate {
        place: "Queensland",
        date: "end of 2024",
        number: 3_863,
        who: Who::Women,
        timing: Timing::Point,
        made: Made::Counted,
        population_millions: None,
        deaths: None,
        source: "linked count of women diagnosed 1982 to 2024",
        url: None,
    },
];
