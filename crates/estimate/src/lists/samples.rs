//! Overlap tables from the literature, on which the estimators are checked.

use super::{Histories, Repeated};

fn table(lists: &[&str], rows: &str) -> Histories {
    let rows = rows.split_whitespace().map(|row| {
        let (history, count) = row.split_once(':').unwrap();
        let bits = history
            .chars()
            .enumerate()
            .map(|(list, digit)| u32::from(digit == '1') << list);
        (bits.sum::<u32>(), count.parse().unwrap())
    });
    Histories::from_rows(lists.iter().copied(), rows, Repeated::Refuse).unwrap()
}

/// HIV in Rome (Abeni and others 1994; data set HIV of Rcapture): methods.md D1.
pub(super) fn hiv() -> Histories {
    table(
        &["1", "2", "3", "4"],
        "1111:0 1110:3 1101:1 1100:33 1011:0 1010:20 1001:6 1000:403 0111:3 0110:35 0101:10 0100:545 0011:11 \
         0010:621 0001:205",
    )
}

/// Diabetes in Casale Monferrato (Bruno and others 1994; data set Diabetes of CARE1): methods.md D2.
pub(super) fn diabetes() -> Histories {
    table(
        &["clinic", "hospital", "prescriptions", "strips"],
        "0001:10 0010:182 0011:8 0100:74 0101:7 0110:20 0111:14 1000:709 1001:12 1010:650 1011:46 1100:104 1101:18 \
         1110:157 1111:58",
    )
}

/// A congenital anomaly in Massachusetts (Wittes 1974, Fienberg 1972; data set Congenital of CARE1): methods.md D4.
pub(super) fn anomaly() -> Histories {
    table(
        &["a", "b", "c", "d", "e"],
        "00001:83 00010:97 00011:30 00100:4 00101:3 00110:2 00111:0 01000:37 01001:34 01010:37 01011:23 01100:1 \
         01101:0 01110:3 01111:0 10000:27 10001:36 10010:22 10011:5 10100:4 10101:5 10110:1 10111:3 11000:19 \
         11001:18 11010:25 11011:8 11100:1 11101:2 11110:5 11111:2",
    )
}
