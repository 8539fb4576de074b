//! Numbers, dates and states in plain words.
//!
//! Invariant: a figure without a number is never left blank; it says which of the empty answers it is.

use maud::{Markup, html};
use protect::{Figure, State};

/// A whole number with commas, as the NHS writes it: 1,205.
pub(crate) fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        text.push('\u{2212}');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The ends of a range in thousands, with commas: never cut inwards.
pub(crate) fn thousands(low: u32, high: u32) -> [String; 2] {
    [low / 1000, high.div_ceil(1000)].map(|thousands| number(i64::from(thousands) * 1000))
}

/// A small number at the start of a sentence, in words.
pub(crate) fn count(n: usize) -> String {
    const WORDS: [&str; 11] = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
    ];
    WORDS
        .get(n)
        .map_or_else(|| number(n as i64), |word| (*word).to_owned())
}

/// The words for a figure that has no number.
pub(crate) fn empty(state: State) -> &'static str {
    match state {
        State::Shown | State::Zero => "",
        State::Suppressed => "hidden",
        State::TooFew => "too few people",
        State::NotEstimated => "not yet estimated",
        State::NotComputable => "cannot be worked out",
        State::NotReported => "not reported",
    }
}

/// Why there is no number, in a sentence for the notes under a table.
pub(crate) fn reason(state: State) -> &'static str {
    match state {
        State::Shown => "",
        State::Zero => "Nobody. A zero is a finding, not a gap.",
        State::Suppressed => {
            "A small number, or one from which a small number could be worked out. It is hidden so that nobody can be recognised."
        }
        State::TooFew => "There is a figure, but it rests on too few people to mean anything.",
        State::NotEstimated => "No estimate has been made yet.",
        State::NotComputable => "The records this needs are not part of this count.",
        State::NotReported => "No records were sent that could say. It does not mean zero.",
    }
}

/// A figure as text: a number with commas, or why there is none.
pub(crate) fn text(figure: Figure) -> String {
    match figure.number() {
        Some(protect::Number::Whole(n)) => number(n),
        Some(tenths) => tenths.to_string(),
        None => empty(figure.state()).to_owned(),
    }
}

/// A figure in a table or a sentence.
pub(crate) fn figure(figure: Figure) -> Markup {
    html! {
        @if figure.number().is_some() { (text(figure)) }
        @else { span.empty { (text(figure)) } }
    }
}

/// A percentage in a table or a sentence.
pub(crate) fn percent(figure: Figure) -> Markup {
    html! {
        @if figure.number().is_some() { (text(figure)) "%" }
        @else { span.empty { (text(figure)) } }
    }
}

/// A date as the NHS writes it: 31 December 2024. Anything that is not a date stays as it is.
pub(crate) fn date(iso: &str) -> String {
    let mut parts = iso.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return iso.to_owned();
    };
    match (month_name(month), day.parse::<u8>()) {
        (Some(month), Ok(day)) => format!("{day} {month} {year}"),
        _ => iso.to_owned(),
    }
}

/// A period in words: a year, a day, or two days or months with a stroke between.
#[must_use]
pub fn period(text: &str) -> String {
    if let Some((from, to)) = text.split_once('/').or_else(|| text.split_once(" to ")) {
        return format!("{} to {}", period(from), period(to));
    }
    match text.split('-').collect::<Vec<_>>()[..] {
        [year, month] => month_name(month).map_or_else(|| text.to_owned(), |month| format!("{month} {year}")),
        [_, _, _] => date(text),
        _ => text.to_owned(),
    }
}

/// When a period was, at the start of a sentence: `In 2024`, `From October 2023 to September 2024`, `On 31 December 2024`.
pub(crate) fn during(text: &str) -> String {
    let words = period(text);
    if words.contains(" to ") {
        format!("From {words}")
    } else if text.matches('-').count() == 2 {
        format!("On {words}")
    } else {
        format!("In {words}")
    }
}

/// Names in a sentence: `Averland, Corrow and Estmark`.
#[must_use]
pub fn joined(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => (*only).to_owned(),
        None => String::new(),
    }
}

/// A column's name, which may break after its underscores.
pub(crate) fn column(name: &str) -> Markup {
    html! { code { @for (i, part) in name.split('_').enumerate() { @if i > 0 { "_" wbr; } (part) } } }
}

fn month_name(month: &str) -> Option<&'static str> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    month
        .parse::<usize>()
        .ok()
        .and_then(|m| MONTHS.get(m.wrapping_sub(1)).copied())
}

/// A place's name at the start of a sentence.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The kind of an organisation in words.
pub(crate) fn organisation_kind(kind: &str) -> String {
    match kind {
        "acute_trust" => "Hospital trust".to_owned(),
        "specialist_trust" => "Specialist trust".to_owned(),
        "cancer_centre_trust" => "Cancer centre trust".to_owned(),
        "health_board" => "Health board".to_owned(),
        "hsc_trust" => "Health and Social Care trust".to_owned(),
        other => capital(&other.replace('_', " ")),
    }
}

/// A source of records in words.
pub(crate) fn kind_of_case(kind: &str) -> &str {
    match kind {
        "de_novo" => "Secondary when breast cancer was first found",
        "recurrent" => "Secondary after an earlier breast cancer",
        "not_known" => "Not known which",
        "all" => "All",
        other => other,
    }
}

/// A name as an address: lower case, a hyphen for anything but letters and digits.
pub(crate) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// A code as an address: letters and digits stay.
pub(crate) fn address(code: &str) -> String {
    code.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_as_the_nhs_writes_them() {
        assert_eq!(
            (number(5), number(1205), number(1_234_567)),
            ("5".into(), "1,205".into(), "1,234,567".into())
        );
        assert_eq!(
            (thousands(36_600, 45_300), thousands(36_000, 99_001)),
            (
                ["36,000".into(), "46,000".into()],
                ["36,000".into(), "100,000".into()]
            )
        );
        assert_eq!([0, 6, 11].map(count), ["No", "Six", "11"]);
        assert_eq!(date("2024-12-31"), "31 December 2024");
        assert_eq!(date("2024"), "2024");
        assert_eq!(
            period("2023-10-01/2024-09-30"),
            "1 October 2023 to 30 September 2024"
        );
        assert_eq!(period("2023-10 to 2024-09"), "October 2023 to September 2024");
        assert_eq!(period("2024-13"), "2024-13");
        assert_eq!(during("2023-10/2024-09"), "From October 2023 to September 2024");
        assert_eq!(
            (during("2024"), during("2024-12-31")),
            ("In 2024".into(), "On 31 December 2024".into())
        );
        assert_eq!(slug("Northern Ireland (HSC)"), "northern-ireland-hsc");
        assert_eq!(
            [&["Corrow"][..], &["Averland", "Brennick", "Corrow"]].map(joined),
            ["Corrow", "Averland, Brennick and Corrow"]
        );
    }
}
