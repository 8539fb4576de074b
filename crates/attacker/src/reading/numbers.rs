//! Numbers in words and digits.
//!
//! Standard followed: British English as the pages write it: commas between thousands, a point before tenths.

/// A number in a text, where it begins and ends, and whether it is a percentage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) value: f64,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) percent: bool,
}

/// Words that say how many.
const WORDS: [(&str, f64); 44] = [
    ("nobody", 0.0),
    ("none", 0.0),
    ("no-one", 0.0),
    ("zero", 0.0),
    ("nil", 0.0),
    ("one", 1.0),
    ("once", 1.0),
    ("single", 1.0),
    ("two", 2.0),
    ("both", 2.0),
    ("twice", 2.0),
    ("pair", 2.0),
    ("couple", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("dozen", 12.0),
    ("thirteen", 13.0),
    ("fourteen", 14.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("seventeen", 17.0),
    ("eighteen", 18.0),
    ("nineteen", 19.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("seventy", 70.0),
    ("eighty", 80.0),
    ("ninety", 90.0),
    ("hundred", 100.0),
    ("half", 0.5),
    ("third", 3.0),
    ("quarter", 4.0),
    ("fifth", 5.0),
];

/// Every number of a text, in order. Digits of any script count, and so do words and Roman numerals.
pub(crate) fn numbers(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, word)) = next_word(text, at) {
        at = start + word.len();
        let lower = word.to_lowercase();
        let after = text.get(at..).unwrap_or_default().trim_start();
        let percent = after.starts_with(['%', '\u{2030}', '\u{ff05}']) || after.starts_with("per cent");
        let value = if word.chars().any(char::is_numeric) {
            // A word that mixes letters and digits, or digits of another script, is a number that nobody can trace.
            Some(word.replace(',', "").parse().unwrap_or(f64::NAN))
        } else if is_roman(word) {
            Some(f64::NAN)
        } else {
            WORDS.iter().find(|(name, _)| *name == lower).map(|(_, n)| *n)
        };
        if let Some(value) = value {
            found.push(Found {
                value,
                start,
                end: at,
                percent,
            });
        }
    }
    found
}

/// The next word: letters and digits, with points and commas that stand between digits.
fn next_word(text: &str, from: usize) -> Option<(usize, &str)> {
    let rest = text.get(from..)?;
    let start = from + rest.find(char::is_alphanumeric)?;
    let rest = text.get(start..)?;
    let mut end = 0;
    let mut letters = rest.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let between = matches!(letter, ',' | '.') && letters.peek().is_some_and(|(_, c)| c.is_ascii_digit());
        let hyphen = letter == '-' && rest.get(..at) == Some("no");
        if letter.is_alphanumeric() || between || hyphen {
            end = at + letter.len_utf8();
        } else {
            break;
        }
    }
    Some((start, rest.get(..end)?))
}

/// II, IV, XII and so on; a lone I is a word.
fn is_roman(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_words_and_numerals_are_numbers() {
        let values = |text: &str| numbers(text).iter().map(|n| n.value).collect::<Vec<_>>();
        assert_eq!(values("1,205 people, 90.5% of 7."), [1205.0, 90.5, 7.0]);
        assert_eq!(values("three of a dozen; Nobody"), [3.0, 12.0, 0.0]);
        // A number of two words is two that are in no table.
        assert_eq!(values("thirteen, a couple; forty-two"), [13.0, 2.0, 40.0, 2.0]);
        assert!(values("VII")[0].is_nan() && values("x3f")[0].is_nan() && values("\u{0663}")[0].is_nan());
        assert!(values("I am counted; someone else is not").is_empty());
        assert!(numbers("90.5 % of")[0].percent && numbers("12 per cent")[0].percent);
    }
}
