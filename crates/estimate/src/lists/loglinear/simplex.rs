//! A linear programme, small and exact enough to say which overlaps can be fitted.

/// What is taken for zero: the tables hold small whole numbers and their ratios.
const ZERO: f64 = 1e-9;

/// Maximises the sum of some of the variables x ≥ 0 under rows · x ≤ limits, where every limit is 0 or more.
///
/// `rows` is row by row; the result is *x* at the optimum, or `None` where the sum has no bound.
/// Bland's rule (the first column that gains, the first row that binds) never goes in a circle.
pub(super) fn maximise(gains: &[f64], rows: &[Vec<f64>], limits: &[f64]) -> Option<Vec<f64>> {
    let variables = gains.len();
    let width = variables + rows.len() + 1;
    let mut tableau: Vec<Vec<f64>> = rows
        .iter()
        .zip(limits)
        .enumerate()
        .map(|(at, (row, limit))| {
            let slack = (0..rows.len()).map(|other| f64::from(other == at));
            row.iter().copied().chain(slack).chain([*limit]).collect()
        })
        .collect();
    let mut costs: Vec<f64> = gains.iter().map(|gain| -gain).collect();
    costs.resize(width, 0.0);
    let mut basis: Vec<usize> = (variables..variables + rows.len()).collect();
    while let Some(entering) = costs.iter().take(width - 1).position(|cost| *cost < -ZERO) {
        let leaving = leaving_row(&tableau, &basis, entering)?;
        pivot(&mut tableau, &mut costs, leaving, entering);
        if let Some(base) = basis.get_mut(leaving) {
            *base = entering;
        }
    }
    let mut solution = vec![0.0; variables];
    for (row, base) in tableau.iter().zip(&basis) {
        if let (Some(value), Some(limit)) = (solution.get_mut(*base), row.last()) {
            *value = *limit;
        }
    }
    Some(solution)
}

/// The row that binds first as a variable grows, the one of the lowest variable among equals.
fn leaving_row(tableau: &[Vec<f64>], basis: &[usize], entering: usize) -> Option<usize> {
    let mut best: Option<(f64, usize, usize)> = None;
    for (at, (row, base)) in tableau.iter().zip(basis).enumerate() {
        let (rate, limit) = (row.get(entering).copied()?, row.last().copied()?);
        if rate <= ZERO {
            continue;
        }
        let ratio = limit / rate;
        let better = best.is_none_or(|(least, least_base, _)| {
            ratio < least - ZERO || (ratio <= least + ZERO && *base < least_base)
        });
        if better {
            best = Some((ratio, *base, at));
        }
    }
    best.map(|(_, _, at)| at)
}

/// Makes a column the unit vector of a row.
fn pivot(tableau: &mut [Vec<f64>], costs: &mut [f64], leaving: usize, entering: usize) {
    let Some(mut row) = tableau.get_mut(leaving).map(std::mem::take) else {
        return;
    };
    let divisor = row.get(entering).copied().unwrap_or(1.0);
    for value in &mut row {
        *value /= divisor;
    }
    for other in tableau.iter_mut().map(Vec::as_mut_slice).chain([costs]) {
        let times = other.get(entering).copied().unwrap_or(0.0);
        if times != 0.0 {
            for (value, base) in other.iter_mut().zip(&row) {
                *value -= times * base;
            }
        }
    }
    if let Some(place) = tableau.get_mut(leaving) {
        *place = row;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dantzig's textbook example: maximise 3x + 5y under x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18.
    #[test]
    fn the_textbook_example() {
        let rows = vec![vec![1.0, 0.0], vec![0.0, 2.0], vec![3.0, 2.0]];
        let found = maximise(&[3.0, 5.0], &rows, &[4.0, 12.0, 18.0]).unwrap();
        assert!(
            (found[0] - 2.0).abs() < 1e-12 && (found[1] - 6.0).abs() < 1e-12,
            "{found:?}"
        );
    }

    #[test]
    fn without_a_bound_there_is_no_optimum() {
        assert_eq!(maximise(&[1.0, 0.0], &[vec![-1.0, 1.0]], &[1.0]), None);
    }

    /// Beale's example, on which the plain rule goes in a circle.
    #[test]
    fn it_does_not_go_in_a_circle() {
        let rows = vec![
            vec![0.25, -60.0, -1.0 / 25.0, 9.0],
            vec![0.5, -90.0, -1.0 / 50.0, 3.0],
            vec![0.0, 0.0, 1.0, 0.0],
        ];
        let found = maximise(&[0.75, -150.0, 0.02, -6.0], &rows, &[0.0, 0.0, 1.0]).unwrap();
        let value = 0.75 * found[0] - 150.0 * found[1] + 0.02 * found[2] - 6.0 * found[3];
        assert!((value - 0.05).abs() < 1e-12, "{value}");
    }
}
