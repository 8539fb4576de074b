//! The ages of a band, as people write them: read once, for the standard population and for bands that overlap alike.

/// What stands beside the age from which an open band goes.
const OPEN: [&str; 6] = ["+", "over", "older", "above", "more", "plus"];
/// What stands between the first age and the last.
const BETWEEN: [&str; 4] = ["-", "–", "—", "to"];
/// Words that change nothing about the ages.
const BESIDE: [&str; 10] = [
    "age", "ages", "aged", "and", "or", "year", "years", "yrs", "old", "of",
];

/// From which to which age a band goes, to [`u32::MAX`] where it is open; none where that cannot be read for certain.
pub(super) fn ages(text: &str) -> Option<(u32, u32)> {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    let parts: Vec<String> = letters
        .chunk_by(|one, next| kind(*one) == kind(*next))
        .map(|part| part.iter().collect::<String>())
        .filter(|part| !part.trim().is_empty() && !BESIDE.contains(&part.as_str()))
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        [one] => age(one).map(|age| (age, age)),
        [from, open] | [open, from] if OPEN.contains(open) => age(from).map(|from| (from, u32::MAX)),
        [from, between, to] if BETWEEN.contains(between) => {
            age(from).zip(age(to)).filter(|(from, to)| from <= to)
        }
        _ => None,
    }
}

/// Digits, letters, spaces or signs: what stands together.
fn kind(letter: char) -> (bool, bool, bool) {
    (
        letter.is_ascii_digit(),
        letter.is_alphabetic(),
        letter.is_whitespace(),
    )
}

fn age(part: &str) -> Option<u32> {
    part.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::ages;

    #[test]
    fn bands_as_people_write_them() {
        for (word, wanted) in [
            ("45-54", Some((45, 54))),
            ("45–54", Some((45, 54))),
            ("45 - 54", Some((45, 54))),
            ("45 to 54", Some((45, 54))),
            ("Aged 45 to 54 years", Some((45, 54))),
            ("90+", Some((90, u32::MAX))),
            ("90 +", Some((90, u32::MAX))),
            ("85 and over", Some((85, u32::MAX))),
            ("85 or older", Some((85, u32::MAX))),
            ("85 years and over", Some((85, u32::MAX))),
            ("Over 85", Some((85, u32::MAX))),
            ("45", Some((45, 45))),
            ("<45", None),
            ("under5", None),
            ("under 5", None),
            ("54-45", None),
            ("45 54", None),
            ("45-54-64", None),
            ("women 45-54", None),
            ("99999999999", None),
            ("+", None),
            ("", None),
        ] {
            assert_eq!(ages(word), wanted, "{word}");
        }
    }
}
