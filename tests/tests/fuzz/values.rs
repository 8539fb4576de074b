//! Single values, one a line: whatever is read stays the same when it is read again.

use vocabulary::code::{CodeSet, normalise_icd10, normalise_opcs_into};
use vocabulary::date::{Date, parse_date, parse_month_year};
use vocabulary::name::normalise_name;
use vocabulary::number::{PersonNumber, check_digit};
use vocabulary::organisation::Registry;
use vocabulary::postcode::Postcode;
use vocabulary::sex::Sex;

use super::{fuzz, seeds};

fn lines(bytes: &[u8], check: impl Fn(&str)) {
    String::from_utf8_lossy(bytes).lines().for_each(check);
}

#[test]
fn numbers() {
    fuzz("numbers", &seeds("values"), 10_000, |bytes| {
        lines(bytes, |line| {
            for nation in [
                None,
                Some("England"),
                Some("Scotland"),
                Some("Northern Ireland"),
                Some(line),
            ] {
                let Ok(number) = PersonNumber::read(line, nation) else {
                    continue;
                };
                let text = number.reveal_text();
                assert_eq!(text.len(), 10);
                let digits = number.reveal();
                assert_eq!(
                    check_digit(digits / 10),
                    Some(digits % 10),
                    "an invalid number was taken"
                );
                let again = PersonNumber::read(&text, nation).expect("its own text");
                assert_eq!((again.reveal(), again.kind()), (digits, number.kind()));
                assert!(!format!("{number:?}").contains(&text), "a number printed itself");
            }
        });
    });
}

#[test]
fn dates() {
    fuzz("dates", &seeds("values"), 10_000, |bytes| {
        lines(bytes, |line| {
            if let Some(date) = parse_date(line).date() {
                assert_eq!(date.to_string().parse::<Date>().ok(), Some(date));
                assert_eq!(Date::new(date.year(), date.month(), date.day()), Some(date));
                assert!(date.first_of_month() <= date && date <= date.last_of_month());
            }
            if let Some(month) = parse_month_year(line) {
                assert!(month.earliest <= month.latest);
            }
        });
    });
}

#[test]
fn codes() {
    fuzz("codes", &seeds("values"), 10_000, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let set = CodeSet::from_lines(text.lines());
        let mut out = String::new();
        for line in text.lines() {
            if let Some(code) = normalise_icd10(line) {
                assert_eq!(
                    normalise_icd10(&code).as_deref(),
                    Some(code.as_str()),
                    "a code changed when read again"
                );
            }
            normalise_opcs_into(line, &mut out);
            set.contains(line);
            set.contains_any(line);
        }
    });
}

#[test]
fn names_places_and_sexes() {
    fuzz("names", &seeds("values"), 10_000, |bytes| {
        lines(bytes, |line| {
            let name = normalise_name(line);
            assert_eq!(normalise_name(&name), name, "a name changed when read again");
            if let Some(postcode) = Postcode::read(line) {
                assert_eq!(Postcode::read(postcode.reveal()).as_ref(), Some(&postcode));
                assert!(postcode.reveal().starts_with(postcode.area()));
                assert!(
                    !format!("{postcode:?}").contains(postcode.reveal()),
                    "a postcode printed itself"
                );
            }
            if let Some(sex) = Sex::read(line) {
                assert_eq!(Sex::read(sex.as_str()), Some(sex));
            }
        });
    });
}

#[test]
fn organisations() {
    fuzz("organisations", &seeds("organisations"), 2_000, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let Ok(mut registry) = Registry::from_csv(&text) else {
            return;
        };
        // Successions that go in a circle must end too.
        let added = registry.add_successions(&text);
        let codes: Vec<_> = registry.organisations().map(|body| body.code.clone()).collect();
        for code in &codes {
            registry.resolve(code);
        }
        registry.resolve(text.lines().next_back().unwrap_or_default());
        drop(added);
    });
}
