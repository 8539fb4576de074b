//! Deaths of women in England, and the step from them to people in the UK.

use crate::EstimateError;

use super::super::deaths::Deaths;
use super::Source;

/// Deaths of women in England with breast cancer as the underlying cause, 1996 to 2020.
const ENGLAND_WOMEN_DEATHS: [u64; 25] = [
    11_471, 11_255, 11_025, 10_803, 10_631, // 1996 to 2000
    10_837, 10_795, 10_501, 10_288, 10_297, 10_243, 9_986, 10_065, 9_749, 9_634, // 2001 to 2010
    9_702, 9_698, 9_545, 9_497, 9_556, 9_613, 9_502, 9_562, 9_462, 9_638, // 2011 to 2020
];

/// Deaths a year of all people in the UK, mean of 2017 to 2019.
pub const UK_PEOPLE: f64 = 11_499.0;
/// Deaths a year of women in England, mean of the same years.
pub const ENGLAND_WOMEN: f64 = 9_509.0;

/// The year whose deaths and certificates the first waves of covid may have changed.
pub const COVID_YEAR: i32 = 2020;

/// Where the deaths were printed.
pub const DEATH_SOURCES: [Source; 3] = [
    Source {
        title: "House of Commons, written answers of 25 June 2008 (deaths of women in England, 1996 to 2000)",
        url: "https://publications.parliament.uk/pa/cm200708/cmhansrd/cm080625/text/80625w0023.htm",
    },
    Source {
        title: "National Disease Registration Service, CancerData (deaths of women in England, 2001 to 2020), as extracted in \
                GrailHealthEconomics",
        url: "https://github.com/David-Andrew-Jones/GrailHealthEconomics",
    },
    Source {
        title: "Cancer Research UK, breast cancer mortality statistics (deaths by nation, mean of 2017 to 2019)",
        url: "https://www.cancerresearchuk.org/health-professional/cancer-statistics/statistics-by-cancer-type/breast-cancer/mortality",
    },
];

/// Everyone who lived in the UK in the middle of 2020, millions: what the figure is laid over to stand beside other
/// countries.
pub const UK_INHABITANTS_MILLIONS: f64 = 67.1;

/// Where the inhabitants were printed.
pub const INHABITANTS_SOURCE: Source = Source {
    title: "Office for National Statistics, population estimates for the UK, middle of 2020 (25 June 2021)",
    url: "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates/bulletins/annualmidyearpopulationestimates/mid2020",
};

/// Deaths of women in England by year.
///
/// **When it fails.** The years before 2001 were coded in the ninth revision of the classification of diseases; 2001
/// is printed as 10,837 by the registry and as 10,860 in Parliament.
pub fn england_deaths() -> Result<Deaths, EstimateError> {
    Deaths::new(1996, ENGLAND_WOMEN_DEATHS.to_vec())
}

/// People in the UK for each woman in England, by their deaths: 1.209.
///
/// **When it fails.** It takes Scotland, Wales, Northern Ireland and men to live with the disease as long as women in
/// England.
pub fn uk_over_england_women() -> f64 {
    UK_PEOPLE / ENGLAND_WOMEN
}
