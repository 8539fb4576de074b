//! The European Standard Population of 2013.

/// One age band of a standard population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandardBand {
    /// The first age in it.
    pub from: u8,
    /// The last age in it; none where it is open.
    pub to: Option<u8>,
    /// People in it, of 100,000.
    pub people: u32,
}

const fn five(from: u8, people: u32) -> StandardBand {
    StandardBand {
        from,
        to: Some(from + 4),
        people,
    }
}

/// The European Standard Population of 2013, in five-year bands, 100,000 people in all.
///
/// **Source.** Eurostat, Revision of the European Standard Population: report of Eurostat's task force (2013),
/// table of the population adopted. Eurostat splits the first band into age 0 (1,000) and 1 to 4 (4,000); the
/// Office for National Statistics joins the last two into 90 and over (1,000).
pub const EUROPEAN_2013: [StandardBand; 20] = [
    five(0, 5_000),
    five(5, 5_500),
    five(10, 5_500),
    five(15, 5_500),
    five(20, 6_000),
    five(25, 6_000),
    five(30, 6_500),
    five(35, 7_000),
    five(40, 7_000),
    five(45, 7_000),
    five(50, 7_000),
    five(55, 6_500),
    five(60, 6_000),
    five(65, 5_500),
    five(70, 5_000),
    five(75, 4_000),
    five(80, 2_500),
    five(85, 1_500),
    five(90, 800),
    StandardBand {
        from: 95,
        to: None,
        people: 200,
    },
];
