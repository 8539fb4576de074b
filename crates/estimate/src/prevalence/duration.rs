//! Prevalence by the time since the first metastasis.

use crate::EstimateError;

/// Years since the first metastasis, as they are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DurationBand {
    /// Less than a year.
    UnderOne,
    /// One year to under two.
    OneToTwo,
    /// Two to under five.
    TwoToFive,
    /// Five to under ten.
    FiveToTen,
    /// Ten and more.
    TenAndMore,
    /// One and more, not told apart; as the next two, for records that reach no farther back.
    OneAndMore,
    /// Two and more, not told apart.
    TwoAndMore,
    /// Five and more, not told apart.
    FiveAndMore,
}

impl DurationBand {
    /// The finest, in order: everybody is in one of them.
    pub const ALL: [Self; 5] = [
        Self::UnderOne,
        Self::OneToTwo,
        Self::TwoToFive,
        Self::FiveToTen,
        Self::TenAndMore,
    ];

    /// The first whole year in it, and the first after it; none for the last.
    pub fn years(self) -> (usize, Option<usize>) {
        match self {
            Self::UnderOne => (0, Some(1)),
            Self::OneToTwo => (1, Some(2)),
            Self::TwoToFive => (2, Some(5)),
            Self::FiveToTen => (5, Some(10)),
            Self::TenAndMore => (10, None),
            Self::OneAndMore => (1, None),
            Self::TwoAndMore => (2, None),
            Self::FiveAndMore => (5, None),
        }
    }

    /// The bands that records can tell which reach so many years back: the finest that end within them, and one band of
    /// everybody who has lived longer. None where they do not reach back a year.
    ///
    /// **Why.** Somebody whose disease is older than the records was first seen some time after it began, and nobody knows how
    /// long. Such people have lived for longer than the records reach back: that is known, and no more is said.
    pub fn told(reach: f64) -> Vec<Self> {
        let ends_within = |band: &Self| band.years().1.is_some_and(|end| end as f64 <= reach);
        let mut bands: Vec<Self> = Self::ALL.into_iter().filter(ends_within).collect();
        bands.extend(match bands.last() {
            Some(Self::UnderOne) => Some(Self::OneAndMore),
            Some(Self::OneToTwo) => Some(Self::TwoAndMore),
            Some(Self::TwoToFive) => Some(Self::FiveAndMore),
            Some(Self::FiveToTen) => Some(Self::TenAndMore),
            _ => None,
        });
        bands
    }

    /// Whether everybody of another band is in this one.
    pub fn holds(self, other: Self) -> bool {
        let ((from, to), (least, most)) = (self.years(), other.years());
        from <= least && to.is_none_or(|to| most.is_some_and(|most| most <= to))
    }
}

/// People alive at the end of a year, by whole years since their first metastasis.
#[derive(Debug, Clone, PartialEq)]
pub struct ByDuration {
    years: Vec<f64>,
}

impl ByDuration {
    /// From the numbers alive after 0 to 1 years, 1 to 2 years, and so on.
    ///
    /// **Errors.** No numbers; one that is below 0 or not finite.
    pub fn new(years: Vec<f64>) -> Result<Self, EstimateError> {
        if years.is_empty() {
            return Err(EstimateError::Empty);
        }
        if years.iter().any(|people| !people.is_finite()) {
            return Err(EstimateError::NotFinite);
        }
        if years.iter().any(|&people| people < 0.0) {
            return Err(EstimateError::Negative);
        }
        Ok(Self { years })
    }

    /// People alive by whole years since their first metastasis.
    pub fn years(&self) -> &[f64] {
        &self.years
    }

    /// Everyone.
    pub fn total(&self) -> f64 {
        self.years.iter().sum()
    }

    /// Those diagnosed in the last `years` years: limited-duration prevalence.
    pub fn within(&self, years: usize) -> f64 {
        self.years.iter().take(years).sum()
    }

    /// Those of one published band.
    pub fn band(&self, band: DurationBand) -> f64 {
        let (from, to) = band.years();
        let to = to.unwrap_or(self.years.len());
        self.years.iter().take(to).skip(from).sum()
    }

    /// The share that has lived longer than anybody was followed up to learn the survival curve: this
    /// share rests on the family of the curve, and on nothing that was seen.
    ///
    /// **Errors.** A window that is not above 0; nobody alive at all.
    pub fn share_extrapolated(&self, window: f64) -> Result<f64, EstimateError> {
        if window.is_nan() || window <= 0.0 {
            return Err(EstimateError::Duration);
        }
        let total = self.total();
        if total <= 0.0 {
            return Err(EstimateError::NobodyExpected);
        }
        // A year that the window cuts counts by the part that lies after it.
        let after = |(year, people): (usize, &f64)| people * (year as f64 + 1.0 - window).clamp(0.0, 1.0);
        Ok(self.years.iter().enumerate().map(after).sum::<f64>() / total)
    }

    /// All numbers multiplied, such as by a ratio of two populations.
    pub fn scaled(&self, factor: f64) -> Result<Self, EstimateError> {
        Self::new(self.years.iter().map(|people| people * factor).collect())
    }
}
