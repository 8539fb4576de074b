//! Numbers as they come, and the check digit against a plain reckoning.

use proptest::prelude::*;

use super::*;

/// The check of the NHS data dictionary, digit by digit, as it is written there.
fn holds_by_the_book(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().map(|c| c.to_digit(10).unwrap()).collect();
    let sum: u32 = digits[..9]
        .iter()
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    match 11 - sum % 11 {
        11 => digits[9] == 0,
        10 => false,
        check => digits[9] == check,
    }
}

/// Nine digits, from a start upwards, with the check digit that makes them a number.
fn valid_from(nine: u64) -> u64 {
    let nine = (nine..).find(|nine| check_digit(*nine).is_some()).unwrap();
    nine * 10 + check_digit(nine).unwrap()
}

#[test]
fn numbers_as_they_come() {
    use NumberFault as F;
    use NumberKind as K;
    let table = [
        // The worked example of the NHS data dictionary: sum 299, 299 mod 11 = 2, check 9.
        ("943 476 5919", None, Ok(K::Nhs)),
        ("9434765919", Some("England"), Ok(K::Nhs)),
        ("943 476 5918", None, Err(F::CheckDigit)),
        ("4010232137", None, Ok(K::Nhs)),
        ("401-023-2137", Some("Wales"), Ok(K::Nhs)),
        ("\t4010232137 ", None, Ok(K::Nhs)),
        // As spreadsheets keep a text, and as pages set one.
        ("'9434765919", None, Ok(K::Nhs)),
        ("=\"9434765919\"", None, Ok(K::Nhs)),
        ("943\u{a0}476\u{202f}5919\u{200b}", None, Ok(K::Nhs)),
        ("943\u{2011}476\u{2010}5919", None, Ok(K::Nhs)),
        ("\u{200e}9434765919\u{202c}", None, Ok(K::Nhs)),
        ("94'34765919", None, Err(F::NotTenDigits)),
        ("4010232138", None, Err(F::CheckDigit)),
        // Fillers. The check digit of ten ones holds: 54 mod 11 = 10, 11 - 10 = 1.
        ("1111111111", None, Err(F::AllSame)),
        ("0000000000", None, Err(F::AllSame)),
        ("9999999999", None, Err(F::AllSame)),
        // Sum 210, 210 mod 11 = 1, so the check would be 10: there is no number with these nine digits.
        ("1234567890", None, Err(F::CheckDigit)),
        // Sum 210 - 54 = 156 = 14 x 11 + 2, check 9; but no range below 400 million holds 012345678 as a day of birth.
        ("0123456789", None, Err(F::OutOfRange)),
        // Nine digits are a number of Scotland or none.
        ("401023213", Some("England"), Err(F::NineDigits)),
        ("991 023 213", None, Err(F::NineDigits)),
        ("40102321", None, Err(F::NotTenDigits)),
        // As spreadsheets show a long number.
        ("4.04E+09", None, Err(F::PowerOfTen)),
        ("4,04e9", None, Err(F::PowerOfTen)),
        ("4E", None, Err(F::NotTenDigits)),
        ("E12345678", None, Err(F::NotTenDigits)),
        // Words for nothing.
        ("NK", None, Err(F::Blank)),
        ("unknown", None, Err(F::Blank)),
        ("N/A", None, Err(F::Blank)),
        (" None ", None, Err(F::Blank)),
        ("NKS", None, Err(F::NotTenDigits)),
        ("40102321370", None, Err(F::NotTenDigits)),
        ("40I0232137", None, Err(F::NotTenDigits)),
        ("4010232137.0", None, Err(F::NotTenDigits)),
        ("٤٠١٠٢٣٢١٣٧", None, Err(F::NotTenDigits)),
        ("18446744073709551616", None, Err(F::NotTenDigits)),
        ("-", None, Err(F::Blank)),
        ("", None, Err(F::Blank)),
        ("  ", None, Err(F::Blank)),
    ];
    for (text, nation, wanted) in table {
        assert_eq!(
            PersonNumber::read(text, nation).map(PersonNumber::kind),
            wanted,
            "{text}"
        );
    }
    assert_eq!(check_digit(943_476_591), Some(9));
    assert!(
        check_digit_holds(1_111_111_111),
        "found by the rule on fillers, not by its check digit"
    );
}

/// The range tells, not the sender: the same person must not be two.
#[test]
fn a_number_is_of_one_kind_whoever_sends_it() {
    for (nine, wanted) in [
        (319_900_000, NumberKind::Nhs),
        (320_000_001, NumberKind::Hcn),
        (323_000_000, NumberKind::Hcn),
        (399_999_900, NumberKind::Hcn),
        (400_000_000, NumberKind::Nhs),
    ] {
        let text = valid_from(nine).to_string();
        for nation in [None, Some("England"), Some("Northern Ireland"), Some("Wales")] {
            let kind = PersonNumber::read(&text, nation).map(PersonNumber::kind);
            assert_eq!(kind, Ok(wanted), "{nine} from {nation:?}");
        }
    }
}

#[test]
fn a_chi_begins_with_a_day_of_birth() {
    let kind = |nine| {
        PersonNumber::read(&format!("{:010}", valid_from(nine)), Some("Scotland")).map(PersonNumber::kind)
    };
    assert_eq!(kind(10_180_100), Ok(NumberKind::Chi), "1 January 1980");
    assert_eq!(kind(290_200_100), Ok(NumberKind::Chi), "29 February 2000");
    assert_eq!(kind(311_299_100), Ok(NumberKind::Chi), "31 December 1999");
    assert_eq!(
        kind(290_201_100),
        Err(NumberFault::OutOfRange),
        "29 February 2001"
    );
    assert_eq!(
        kind(310_480_100),
        Ok(NumberKind::Nhs),
        "31 April is no day, so perhaps a new English number"
    );
    assert_eq!(
        kind(11_380_100),
        Err(NumberFault::OutOfRange),
        "the thirteenth month"
    );
}

#[test]
fn a_chi_gets_its_leading_zero_back() {
    let digits = valid_from(10_180_100);
    let whole = PersonNumber::read(&format!("{digits:010}"), Some("Scotland")).unwrap();
    let short = PersonNumber::read(&digits.to_string(), Some("Scotland")).unwrap();
    assert_eq!(
        (whole.kind(), whole.reveal(), whole.has_restored_zero()),
        (NumberKind::Chi, digits, false)
    );
    assert!(short.has_restored_zero());
    assert_eq!(short, whole, "however it was written, it is one number");
    assert_eq!(short.cmp(&whole), std::cmp::Ordering::Equal);
    assert_eq!(short.reveal_text(), format!("0{digits}"));
    assert_eq!(
        PersonNumber::read(&digits.to_string(), Some("England")),
        Err(NumberFault::NineDigits)
    );
}

#[test]
fn the_test_range_is_valid_and_known() {
    let test = PersonNumber::read(&valid_from(999_000_000).to_string(), None).unwrap();
    assert!(test.is_test_range() && test.kind() == NumberKind::Nhs);
    assert!(!PersonNumber::read("4010232137", None).unwrap().is_test_range());
    assert!(!PersonNumber::read("9434765919", None).unwrap().is_test_range());
}

#[test]
fn a_number_never_prints_itself() {
    let number = PersonNumber::read("4010232137", None);
    assert_eq!(format!("{number:?}"), "Ok(nhs:[redacted])");
}

proptest! {
    #[test]
    fn the_check_is_that_of_the_book(text in "[0-9]{10}") {
        prop_assert_eq!(check_digit_holds(text.parse().unwrap()), holds_by_the_book(&text));
    }

    /// Whatever is read has ten digits that hold by the book and are not all the same; spaces and hyphens do not matter.
    #[test]
    fn what_is_read_holds(nine in 0..1_000_000_000_u64, spread in "[ -]{0,3}") {
        let Some(check) = check_digit(nine) else { return Ok(()) };
        let text = format!("{nine:09}{check}");
        let read = PersonNumber::read(&text, None);
        prop_assert_eq!(PersonNumber::read(&format!("{}{spread}{}", &text[..3], &text[3..]), None), read);
        match read {
            Ok(number) => {
                prop_assert!(holds_by_the_book(&number.reveal_text()));
                prop_assert_eq!(number.reveal_text(), text);
            }
            Err(fault) => prop_assert!(matches!(fault, NumberFault::OutOfRange | NumberFault::AllSame), "{:?}", fault),
        }
    }

    /// Modulus 11 finds every single wrong digit and every swap of neighbours.
    #[test]
    fn one_slip_is_always_found(nine in 400_000_000..499_999_999_u64, place in 0..10_u32, slip in 1..10_u64) {
        let Some(check) = check_digit(nine) else { return Ok(()) };
        let digits = nine * 10 + check;
        prop_assert!(check_digit_holds(digits));
        let unit = 10_u64.pow(place);
        let digit = digits / unit % 10;
        let wrong = digits - digit * unit + (digit + slip) % 10 * unit;
        prop_assert!(!check_digit_holds(wrong));
        if place < 9 {
            let next = digits / (unit * 10) % 10;
            let swapped = digits - digit * unit - next * unit * 10 + next * unit + digit * unit * 10;
            prop_assert!(digit == next || !check_digit_holds(swapped));
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,20}|[0-9 -]{0,24}") {
        let _ = PersonNumber::read(&text, None);
    }
}
