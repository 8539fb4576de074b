//! Whether reporting goes on as it did.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::EstimateError;

use super::triangle::Triangle;

/// What the last calendar periods of reports look like beside the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReportingChange {
    /// Late reports that came in the last calendar periods.
    pub found: f64,
    /// Late reports that would have come, had their delays been those of all periods.
    pub expected: f64,
    /// The sum of squared deviations, a delay (or several sparse ones together) each.
    pub chi_squared: f64,
    /// How many deviations were summed.
    pub compared: usize,
    /// The chance of lying as far apart without a change.
    pub p_value: f64,
}

impl ReportingChange {
    /// Whether a warning is due: with no change it is given once in a hundred times.
    pub fn warns(&self) -> bool {
        self.p_value < 0.01
    }
}

/// Delays are compared together until their numbers vary by this much: a single report is no pattern.
const LEAST_VARIANCE: f64 = 3.0;

/// Compares the reports that came in the last `recent` calendar periods with the earlier ones.
///
/// The last calendar period is that of the newest report which the triangle can know: where the newest periods know
/// more than one delay, it comes after the newest period.
///
/// **Formula.** For each delay from 1, the reports with this delay among those up to it, in the last calendar periods
/// and before, are a table of two by two: the recent late reports have mean and variance of a hypergeometric number.
/// Sparse delays are summed with their neighbours, after Mantel and Haenszel. The squared deviations, each over its
/// variance, are summed and compared with χ². They are not summed before they are squared: reports that come sooner
/// are more at short delays and fewer at long ones.
///
/// **Source.** N. Mantel and W. Haenszel, Journal of the National Cancer Institute 22 (1959) 719–748; that calendar
/// effects must be looked for in triangles: T. Mack, in Casualty Actuarial Society Forum (1994), appendix H.
///
/// **Errors.** No recent periods, or so many that nothing is left before; too few reports for either side to say
/// anything.
///
/// **When it fails.** A change that reached all periods, or one that is older than the triangle, is not seen. Reports
/// that come in batches vary more than this test supposes, and warn too often.
pub fn reporting_change(triangle: &Triangle, recent: usize) -> Result<ReportingChange, EstimateError> {
    let now = calendar_periods(triangle);
    if recent == 0 || recent.saturating_add(1) >= now {
        return Err(EstimateError::TriangleTooSmall {
            periods: triangle.rows().len(),
            delays: triangle.delays(),
        });
    }
    let earlier = now - recent;
    let mut groups: Vec<Compared> = Vec::new();
    let mut open = Compared::default();
    for delay in 1..triangle.delays() {
        open.add(compare(triangle, delay, earlier));
        if open.variance >= LEAST_VARIANCE {
            groups.push(std::mem::take(&mut open));
        }
    }
    match groups.last_mut() {
        Some(last) => last.add(open),
        None => groups.push(open),
    }
    let all = groups.iter().fold(Compared::default(), |mut sum, one| {
        sum.add(*one);
        sum
    });
    if all.variance <= 0.0 {
        return Err(EstimateError::NothingReportedBefore { delay: 1 });
    }
    let chi_squared = groups
        .iter()
        .map(|one| (one.found - one.expected).powi(2) / one.variance)
        .sum();
    let distribution = ChiSquared::new(groups.len() as f64).map_err(|_| EstimateError::NotFinite)?;
    Ok(ReportingChange {
        found: all.found,
        expected: all.expected,
        chi_squared,
        compared: groups.len(),
        p_value: distribution.sf(chi_squared),
    })
}

/// Recent late reports, as found and as expected.
#[derive(Debug, Clone, Copy, Default)]
struct Compared {
    found: f64,
    expected: f64,
    variance: f64,
}

impl Compared {
    fn add(&mut self, other: Self) {
        self.found += other.found;
        self.expected += other.expected;
        self.variance += other.variance;
    }
}

/// How many calendar periods there are, from the first period to the last one in which a report can have come.
fn calendar_periods(triangle: &Triangle) -> usize {
    let rows = triangle.rows().iter().enumerate();
    rows.map(|(period, row)| period + row.len()).max().unwrap_or(0)
}

/// The table of two by two of one delay: so many `earlier` calendar periods, and those after them.
fn compare(triangle: &Triangle, delay: usize, earlier: usize) -> Compared {
    // Reports with this delay, and up to it: in the last calendar periods, and in all.
    let (mut recent_late, mut recent_all, mut late, mut all) = (0.0, 0.0, 0.0, 0.0);
    for (period, row) in triangle.rows().iter().enumerate() {
        let Some(own) = row.get(delay) else { continue };
        let up_to: f64 = row.iter().take(delay + 1).map(|&count| count as f64).sum();
        late += *own as f64;
        all += up_to;
        if period + delay >= earlier {
            recent_late += *own as f64;
            recent_all += up_to;
        }
    }
    if all <= 1.0 {
        return Compared::default();
    }
    Compared {
        found: recent_late,
        expected: late * recent_all / all,
        variance: late * (all - late) * recent_all * (all - recent_all) / (all * all * (all - 1.0)),
    }
}
