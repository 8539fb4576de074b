//! Numbers as a person reads them.

/// A whole number with its thousands apart: 2,403.
pub(super) fn whole(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0.0 && digits != "0" {
        text.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with as many digits as say something: 2,403, 47.31, 0.0739.
pub(super) fn plain(number: f64) -> String {
    let text = match number.abs() {
        size if !size.is_finite() => return "none".to_owned(),
        0.0 => return "0".to_owned(),
        size if size >= 1_000.0 || size.fract() == 0.0 => return whole(number),
        size if size >= 100.0 => format!("{number:.1}"),
        size if size >= 1.0 => format!("{number:.3}"),
        size if size >= 0.001 => format!("{number:.4}"),
        _ => format!("{number:.2e}"),
    };
    text.replace('-', "−")
}

/// A share as a percentage: 7.4 %.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A number, or a dash where there is none.
pub(super) fn or_dash(number: Option<f64>, write: fn(f64) -> String) -> String {
    number.map_or_else(|| "–".to_owned(), write)
}

/// An interval: "2,262 to 3,276".
pub(super) fn from_to(low: f64, high: f64, write: fn(f64) -> String) -> String {
    format!("{} to {}", write(low), write(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_read() {
        assert_eq!(
            [0.0, 7.4, 2_403.2, 1_234_567.0, -1_500.0].map(whole),
            ["0", "7", "2,403", "1,234,567", "−1,500"]
        );
        assert_eq!(
            [45.0, 0.073_916, 47.312, 211.36, 2_403.2, -1.936_84, 0.000_777_6].map(plain),
            ["45", "0.0739", "47.312", "211.4", "2,403", "−1.937", "7.78e−4"]
        );
        assert_eq!(percent(0.0739), "7.4 %");
        assert_eq!(or_dash(None, whole), "–");
    }
}
