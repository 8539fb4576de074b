//! The calendar, and every day in every spelling. The table of spellings is in `tests/spellings_of_dates.rs`.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn months_end_where_the_calendar_says() {
    for (start, months, wanted) in [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", -12, "2023-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-12-31", -3, "2025-09-30"),
    ] {
        assert_eq!(day(start).plus_months(months), day(wanted), "{start} {months:+}");
    }
    assert_eq!(day("2024-02-10").last_of_month(), day("2024-02-29"));
    assert_eq!(day("2024-02-10").first_of_month(), day("2024-02-01"));
    assert_eq!(Date::from_days(0).to_string(), "1970-01-01");
}

#[test]
fn a_partial_date_holds_its_days() {
    let month = PartialDate::month(2024, 2).unwrap();
    assert_eq!(
        (month.earliest, month.latest),
        (day("2024-02-01"), day("2024-02-29"))
    );
    assert!(month.may_equal(PartialDate::day(day("2024-02-29"))));
    assert!(!month.may_equal(PartialDate::day(day("2024-03-01"))));
    assert!(!month.is_exact() && PartialDate::day(day("2024-02-29")).is_exact());
    assert_eq!(PartialDate::month(2024, 13), None);
}

proptest! {
    /// Every day there is survives writing and reading, and no day, however far, makes the arithmetic panic.
    #[test]
    fn days_survive_writing(days in -700_000..2_900_000_i32) {
        let date = Date::from_days(days);
        prop_assert_eq!(date.to_string().parse(), Ok(date));
        prop_assert_eq!(Date::new(date.year(), date.month(), date.day()), Some(date));
        prop_assert!(date.first_of_month() <= date && date <= date.last_of_month());
        prop_assert_eq!(date.last_of_month().plus_days(1), date.first_of_month().plus_months(1));
    }

    #[test]
    fn no_day_is_too_far(days: i32, step: i32) {
        let date = Date::from_days(days);
        let _ = (date.plus_days(step), date.plus_months(step), date.first_of_month(), date.last_of_month(), date.to_string());
    }

    /// All spellings of a day are read as that day.
    #[test]
    fn spellings_agree(days in -60_000..40_000_i32) {
        let date = Date::from_days(days);
        let (year, month, day) = (date.year(), date.month(), date.day());
        prop_assume!(!is_placeholder(year, month, day));
        let name = ["jan", "Feb", "MAR", "apr", "May", "JUN", "jul", "Aug", "SEP", "oct", "Nov", "DEC"][month as usize - 1];
        for text in [
            format!("{year:04}-{month:02}-{day:02}"),
            format!("{year:04}-{month:02}-{day:02}T23:59:59.000Z"),
            format!(" {year:04}-{month:02}-{day:02} 00:00:00"),
            format!("{year:04}{month:02}{day:02}"),
            format!("{day:02}-{name}-{year:04}"),
            format!("{day:02}-{name}-{year:04} 00:00:00"),
            format!("{day} {name} {year:04}"),
            format!("{year:04}/{month:02}/{day:02}"),
            format!("'{year:04}-{month:02}-{day:02}"),
        ] {
            prop_assert_eq!(parse_date(&text), ReadDate::Date(date), "{}", text);
        }
        for text in [
            format!("{day:02}/{month:02}/{year:04}"),
            format!("{day}.{month}.{year:04}"),
            format!("{day}-{month:02}-{year:04} 10:11"),
        ] {
            prop_assert_eq!(parse_date(&text), ReadDate::DateWithNotice(date, DateNotice::DayMonthYear), "{}", text);
        }
        // The same day with the month first is another day, or, where there is no such day, one to be named.
        let american = parse_date(&format!("{month}/{day}/{year:04}"));
        match Date::new(year, day, month) {
            Some(other) if !is_placeholder(year, day, month) => {
                prop_assert_eq!(american, ReadDate::DateWithNotice(other, DateNotice::DayMonthYear));
            }
            Some(_) => prop_assert_eq!(american, ReadDate::NoDate),
            None => prop_assert_eq!(american, ReadDate::MonthFirst),
        }
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in "\\PC{0,24}|[0-9/T:. -]{0,24}") {
        let _ = (parse_date(&text), parse_month_year(&text), text.parse::<Date>());
    }
}
