//! The numbers of methods.md D1, D2 and D4 (R 4.2.2 with Rcapture 1.4-4, refitted in Python).

use crate::Confidence;
use crate::lists::samples::{anomaly, diabetes, hiv};
use crate::lists::{Histories, LogLinear, Model, log_linear, models, profile, walk};

/// Model, N, se(n0), deviance, degrees of freedom.
type Row = (&'static str, f64, f64, f64, usize);

fn fitted(histories: &Histories, text: &str) -> LogLinear {
    log_linear(histories, &Model::parse(text, histories.names()).unwrap()).unwrap()
}

#[test]
fn printing() {
    for (h, t) in [
        (hiv(), ""),
        (hiv(), "1:2"),
        (hiv(), "1:2,1:3,1:4,2:3,2:4,3:4"),
        (diabetes(), ""),
        (anomaly(), "a:b,a:c,b:d,d:e"),
        (anomaly(), "a:b,a:c,d:e"),
    ] {
        let f = fitted(&h, t);
        println!(
            "{t}: {} {} {} {} {} {}",
            f.total(),
            f.standard_error,
            f.deviance,
            f.degrees_of_freedom,
            f.aic,
            f.bic
        );
    }
    for h in [hiv(), diabetes(), anomaly()] {
        let start = std::time::Instant::now();
        let w = walk(&h).unwrap();
        println!("{:?}", start.elapsed());
        let a = w.average(Confidence::NINETY_FIVE);
        println!(
            "{} {} avg {} {} {:?}",
            w.fits.len(),
            w.without.len(),
            a.total,
            a.standard_error,
            a.interval
        );
        println!(
            "aic {} {}; bic {} {}",
            w.best_by_aic().unwrap().model.text(h.names()),
            w.best_by_aic().unwrap().total(),
            w.best_by_bic().unwrap().model.text(h.names()),
            w.best_by_bic().unwrap().total()
        );
        println!("limits {}", w.fits.iter().filter(|f| f.is_limit()).count());
    }
    println!(
        "{:?}",
        profile(
            &hiv(),
            &Model::parse("1:2", hiv().names()).unwrap(),
            Confidence::NINETY_FIVE
        )
    );
}
