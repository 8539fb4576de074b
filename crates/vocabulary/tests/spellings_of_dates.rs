//! Every date as hospitals send it, clean and dirty: the table behind design 5.3.

#![allow(clippy::unwrap_used)]

use vocabulary::date::{Date, DateNotice, PartialDate, ReadDate, parse_date, parse_month_year};

fn on(year: i32, month: u32, day: u32) -> ReadDate {
    ReadDate::Date(Date::new(year, month, day).unwrap())
}

fn noted(year: i32, month: u32, day: u32) -> ReadDate {
    ReadDate::DateWithNotice(Date::new(year, month, day).unwrap(), DateNotice::DayMonthYear)
}

#[test]
fn dates_as_they_come() {
    use ReadDate::{Bad, Blank, MonthFirst, NoDate};
    let table = [
        // Clean.
        ("2024-02-29", on(2024, 2, 29)),
        ("  2024-02-29\t", on(2024, 2, 29)),
        ("2024-02-29T10:11:12", on(2024, 2, 29)),
        ("2024-02-29T10:11:12.345+01:00", on(2024, 2, 29)),
        ("2024-02-29 00:00:00", on(2024, 2, 29)),
        ("2024-02-29Z", on(2024, 2, 29)),
        ("20240229", on(2024, 2, 29)),
        ("29-FEB-2024", on(2024, 2, 29)),
        ("29-feb-2024", on(2024, 2, 29)),
        ("29-Feb-2024 00:00:00", on(2024, 2, 29)),
        ("9-Feb-2024", on(2024, 2, 9)),
        ("29 February 2024", on(2024, 2, 29)),
        ("9 may 2024 10:11", on(2024, 5, 9)),
        ("29-September-2024", on(2024, 9, 29)),
        ("2024/02/29", on(2024, 2, 29)),
        // As spreadsheets keep a text.
        ("'2024-02-29", on(2024, 2, 29)),
        ("=\"2024-02-29\"", on(2024, 2, 29)),
        // Day first: readable, but worth a word, since 03/04 is two days.
        ("29/02/2024", noted(2024, 2, 29)),
        ("03/04/2024", noted(2024, 4, 3)),
        ("29/02/2024 00:00", noted(2024, 2, 29)),
        ("29-02-2024", noted(2024, 2, 29)),
        ("29.02.2024", noted(2024, 2, 29)),
        ("1/6/2024", noted(2024, 6, 1)),
        ("1-6-2024T00:00:00", noted(2024, 6, 1)),
        ("1.12.2024", noted(2024, 12, 1)),
        // Nothing.
        ("", Blank),
        ("   ", Blank),
        // Placeholders, in every spelling.
        ("1582-10-15", NoDate),
        ("1600-01-01", NoDate),
        ("1800-01-01", NoDate),
        ("1801-01-01", NoDate),
        ("1900-01-01", NoDate),
        ("9999-01-01", NoDate),
        ("1801-01-01 00:00:00", NoDate),
        ("18010101", NoDate),
        ("01/01/1900", NoDate),
        ("01-JAN-1900", NoDate),
        ("1753-01-01", NoDate),
        ("30/12/1899", NoDate),
        ("1899-12-31", NoDate),
        ("9999-12-31", NoDate),
        // Near a placeholder, and a day.
        ("1899-12-29", on(1899, 12, 29)),
        ("1900-01-02", on(1900, 1, 2)),
        ("1801-02-01", on(1801, 2, 1)),
        // Days that no calendar has.
        ("2023-02-29", Bad),
        ("1900-02-29", Bad),
        ("2024-04-31", Bad),
        ("2024-13-01", Bad),
        ("2024-00-10", Bad),
        ("2024-01-00", Bad),
        ("00000000", Bad),
        ("0000-00-00", Bad),
        ("32/01/2024", Bad),
        // Month first is not guessed at.
        ("02/29/2024", MonthFirst),
        ("2-29-2024", MonthFirst),
        ("06.13.2024", MonthFirst),
        ("02/30/2024", Bad),
        ("13/13/2024", Bad),
        ("30-FEB-2024", Bad),
        ("29-FEV-2024", Bad),
        // Cut, garbled, too long, of another kind.
        ("2024-02", Bad),
        ("2024-2-9", Bad),
        ("24-02-29", Bad),
        ("29/02/24", Bad),
        ("1/6/24", Bad),
        ("29-Feb-24", Bad),
        ("29/02-2024", Bad),
        ("2024/02-29", Bad),
        ("29 02 2024", Bad),
        ("29/Feb/2024", Bad),
        ("29 Febr 2024", Bad),
        ("129/02/2024", Bad),
        ("29//2024", Bad),
        ("29 2024", Bad),
        ("2024-02-29x", Bad),
        ("2024-02-29T", Bad),
        ("2024-02-29 at noon", Bad),
        ("2024-02-290", Bad),
        ("2O24-02-29", Bad),
        ("45351", Bad),
        ("-", Bad),
        ("NULL", Bad),
        ("9434765919", Bad),
        ("２０２４-02-29", Bad),
    ];
    for (text, wanted) in table {
        assert_eq!(parse_date(text), wanted, "{text}");
    }
}

#[test]
fn only_iso_is_a_date_in_our_own_files() {
    for text in ["2024-02-29", "0001-01-01", "9999-12-31"] {
        assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
    }
    for text in [
        "20240229",
        "29/02/2024",
        " 2024-02-29",
        "2024-02-30",
        "2024-02-29T00:00:00",
        "",
    ] {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
}

#[test]
fn months_of_birth_as_they_come() {
    for (text, wanted) in [
        ("041968", PartialDate::month(1968, 4)),
        ("41968", PartialDate::month(1968, 4)),
        ("1968-04", PartialDate::month(1968, 4)),
        (" 121968 ", PartialDate::month(1968, 12)),
        ("011900", None),
        ("011801", None),
        ("101582", None),
        ("121899", None),
        ("129999", None),
        ("131968", None),
        ("001968", None),
        ("196804", None),
        ("04/1968", None),
        ("", None),
        ("abcdef", None),
    ] {
        assert_eq!(parse_month_year(text), wanted, "{text}");
    }
}
