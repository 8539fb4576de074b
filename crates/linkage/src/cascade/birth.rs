//! Birth dates and the ways in which they are written wrongly.

/// A birth date as `yyyymmdd`; a day or month that is not known is 00; 0 is no date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Born(pub(crate) u32);

/// How two birth dates agree, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BirthAgreement {
    /// The same day.
    Same,
    /// The same as far as the less exact one goes (month and year, or year).
    Part,
    /// One slip apart: day and month changed round, one digit wrong, two digits changed round, a day or a year off.
    Slip,
    /// One slip apart, in the decade or century: also what a parent and a child of one name look like.
    FarSlip,
    /// At least one is missing.
    Missing,
    /// Apart.
    Differs,
}

impl Born {
    pub(crate) fn new(year: u32, month: u32, day: u32) -> Self {
        Self(year * 10_000 + month * 100 + day)
    }

    pub(crate) fn is_some(self) -> bool {
        self.0 != 0
    }

    /// True when the day is known.
    pub(crate) fn is_whole(self) -> bool {
        !self.0.is_multiple_of(100)
    }

    pub(crate) fn year(self) -> u32 {
        self.0 / 10_000
    }

    pub(crate) fn month(self) -> u32 {
        self.0 / 100 % 100
    }

    pub(crate) fn day(self) -> u32 {
        self.0 % 100
    }

    /// How this date agrees with another.
    pub(crate) fn agreement(self, other: Self) -> BirthAgreement {
        if !self.is_some() || !other.is_some() {
            return BirthAgreement::Missing;
        }
        if !self.is_whole() || !other.is_whole() {
            let month = |born: Self| born.month() == 0;
            let same =
                self.year() == other.year() && (month(self) || month(other) || self.month() == other.month());
            return if same {
                BirthAgreement::Part
            } else {
                BirthAgreement::Differs
            };
        }
        if self == other {
            return BirthAgreement::Same;
        }
        if !one_slip(self, other) {
            return BirthAgreement::Differs;
        }
        if self.year().abs_diff(other.year()) >= 10 {
            BirthAgreement::FarSlip
        } else {
            BirthAgreement::Slip
        }
    }
}

fn one_slip(a: Born, b: Born) -> bool {
    let (same_year, same_month, same_day) =
        (a.year() == b.year(), a.month() == b.month(), a.day() == b.day());
    if same_year && a.day() == b.month() && a.month() == b.day() {
        return true;
    }
    if same_month && same_day && matches!(a.year().abs_diff(b.year()), 1 | 10 | 100) {
        return true;
    }
    if same_year && same_month && a.day().abs_diff(b.day()) == 1 {
        return true;
    }
    one_digit_or_two_changed_round(a.0, b.0)
}

fn one_digit_or_two_changed_round(a: u32, b: u32) -> bool {
    let (a, b) = (digits(a), digits(b));
    let differ: Vec<usize> = (0..8).filter(|&at| a[at] != b[at]).collect();
    match differ.as_slice() {
        [_] => true,
        [left, right] => left + 1 == *right && a[*left] == b[*right] && a[*right] == b[*left],
        _ => false,
    }
}

fn digits(mut date: u32) -> [u8; 8] {
    let mut digits = [0; 8];
    for place in digits.iter_mut().rev() {
        *place = (date % 10) as u8;
        date /= 10;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::BirthAgreement::{Differs, FarSlip, Missing, Part, Same, Slip};
    use super::Born;

    #[test]
    fn agreement_of_birth_dates() {
        let cases = [
            (19500312, 19500312, Same),
            (19500312, 19501203, Slip), // day and month changed round
            (19500312, 19500313, Slip), // one digit
            (19500312, 19500321, Slip), // two digits changed round
            (19500309, 19500310, Slip), // a day off
            (19491231, 19501231, Slip), // a year off
            (19500312, 19510312, Slip),
            (19500312, 19600312, FarSlip), // a parent and a child differ like this too
            (19500312, 20500312, FarSlip),
            (19500312, 19050312, FarSlip),
            (19500312, 19500424, Differs),
            (19500312, 19710905, Differs),
            (19500300, 19500312, Part),
            (19500000, 19500312, Part),
            (19500000, 19500300, Part),
            (19500400, 19500312, Differs),
            (0, 19500312, Missing),
            (0, 0, Missing),
        ];
        for (a, b, agreement) in cases {
            assert_eq!(Born(a).agreement(Born(b)), agreement, "{a} {b}");
            assert_eq!(Born(b).agreement(Born(a)), agreement, "{b} {a}");
        }
    }
}
