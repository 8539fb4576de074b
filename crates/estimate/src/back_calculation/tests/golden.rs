//! The golden table of England's deaths (methods.md 4.3), as worked out there by other code from the same public inputs.

use super::*;

/// methods.md 4.3: persons of the UK over persons of England, mean of 2017 to 2019.
const UK_OVER_ENGLAND: f64 = 11_499.0 / 9_578.0;

/// methods.md 4.3, every row and column, to half a percent; shares to their printed digits.
#[test]
fn the_golden_table_of_england() {
    let rows = [
        (
            1.0, 2.765, 0.0, 9_525.0, 9_676.0, 26_558.0, 0.517, 0.163, 31_885.0,
        ),
        (
            0.8, 3.926, 0.03, 10_696.0, 10_913.0, 41_229.0, 0.377, 0.333, 49_498.0,
        ),
        (
            0.8, 3.926, 0.0, 9_446.0, 9_670.0, 42_742.0, 0.331, 0.395, 51_314.0,
        ),
        (
            0.587, 4.198, 0.0, 9_340.0, 9_598.0, 62_770.0, 0.205, 0.608, 75_359.0,
        ),
    ];
    for (shape, scale, other, new_2015, new_2020, living, under_two, five_up, uk) in rows {
        let found = fitted(&unchanged(shape, scale, other));
        let alive = found.course.alive_at_end(2020).unwrap();
        let what = format!("Weibull ({shape}, {scale}) with {other}");
        within(found.course.new_in(2015).unwrap(), new_2015, 0.005, &what);
        within(found.course.new_in(2020).unwrap(), new_2020, 0.005, &what);
        within(alive.total(), living, 0.005, &what);
        within(alive.within(2) / alive.total(), under_two, 0.005, &what);
        within(1.0 - alive.within(5) / alive.total(), five_up, 0.005, &what);
        within(alive.total() * UK_OVER_ENGLAND, uk, 0.005, &what);
        // methods.md: "deviance 17.5–20 on 25 years".
        assert!(
            (17.0..20.0).contains(&found.deviance),
            "{what}: {}",
            found.deviance
        );
    }
}

/// methods.md 4.3, the rows with survival that improved: the median grows evenly from 1990 to 2020, and is level
/// before.
#[test]
fn the_golden_rows_of_improving_survival() {
    let found = fitted(&improving(20.0, 33.0));
    for (year, wanted) in [(2000, 32_686.0), (2012, 35_248.0), (2020, 39_263.0)] {
        let alive = found.course.alive_at_end(year).unwrap().total();
        within(alive, wanted, 0.005, &format!("end of {year}"));
    }
    let last = found.course.alive_at_end(2020).unwrap();
    within(last.within(10), 37_035.0, 0.005, "the last ten years");
    for (first, last, uk) in [
        (20.0, 33.0, 47_139.0),
        (20.0, 28.0, 40_763.0),
        (18.0, 36.0, 50_574.0),
    ] {
        let alive = fitted(&improving(first, last))
            .course
            .alive_at_end(2020)
            .unwrap()
            .total();
        within(
            alive * UK_OVER_ENGLAND,
            uk,
            0.005,
            &format!("{first} to {last} months"),
        );
    }
}
