//! Reads a sentence or a label, and asks of each number in it which released cell it is.
//!
//! The grammar is small on purpose: a place (or the one the page is about), a period (or the last), and numbers with the words
//! that people use for the released columns beside them. What it does not understand does not pass.

use super::cells::{Cells, Place};
use super::{Doubt, numbers};

/// Words for columns, most telling first.
const COLUMNS: [(&str, &str); 10] = [
    ("found only at death", "found_only_at_death"),
    ("found elsewhere", "found_elsewhere"),
    ("with signs", "found_elsewhere"),
    ("recorded of those with signs", "recorded_of_elsewhere"),
    ("days", "median_days_to_record"),
    ("low end", "low"),
    ("high end", "high"),
    ("estimated", "estimate"),
    ("recorded", "recorded"),
    ("found", "found"),
];

const MEASURES: [(&str, &str); 3] = [("living", "living"), ("died", "died"), ("new", "new")];

/// How many numbers a text holds, where each is one that the tables show.
pub(super) fn read(cells: &Cells<'_>, text: &str, here: Option<&Place>) -> Result<usize, Doubt> {
    let mut words = text.to_lowercase();
    // Lower case can change the length of rare letters; then places cannot be cut out.
    if words.len() != text.len() {
        return if numbers::numbers(text).is_empty() {
            Ok(0)
        } else {
            Err(Doubt::Untraced)
        };
    }
    let place = cells.take_place(&mut words).or_else(|| here.cloned());
    let period = cells.take_period(&mut words);
    // Roman numerals are known by their capitals, so numbers are looked for in the text as it was written.
    let blanked: String = text
        .chars()
        .zip(words.chars())
        .map(|(written, left)| if left == ' ' { ' ' } else { written })
        .collect();
    let found = numbers::numbers(if blanked.len() == words.len() {
        &blanked
    } else {
        &words
    });
    if found.is_empty() {
        return Ok(0);
    }
    let place = place.ok_or(Doubt::Untraced)?;
    let measure = MEASURES
        .iter()
        .find(|(word, _)| words.contains(word))
        .map(|(_, m)| *m);
    for (at, number) in found.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|b| found.get(b)).map_or(0, |b| b.end);
        let after = found.get(at + 1).map_or(words.len(), |next| next.start);
        let follows = clause(words.get(number.end..after).unwrap_or_default());
        let leads = words.get(before..number.start).unwrap_or_default();
        let column = column(follows, number.percent)
            .or_else(|| column(leads.rsplit(['.', ';']).next().unwrap_or(leads), number.percent))
            .ok_or(Doubt::Untraced)?;
        let cell = cells.cell(&place, column, measure, period.as_deref());
        match cell.read {
            None => return Err(Doubt::Untraced),
            Some(read) => match read.number {
                None => return Err(Doubt::Hidden(cell.name)),
                Some(shown) if (shown - number.value).abs() < 1e-9 => {}
                Some(_) => return Err(Doubt::Otherwise(cell.name)),
            },
        }
    }
    Ok(found.len())
}

/// What belongs to a number: up to the end of its part of the sentence.
fn clause(text: &str) -> &str {
    let end = text.find([',', ';', '.', '(', ')']).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

fn column(words: &str, percent: bool) -> Option<&'static str> {
    let (_, column) = COLUMNS.iter().find(|(name, _)| words.contains(name))?;
    match (*column, percent) {
        (column, false) => Some(column),
        ("recorded", true) => Some("recorded_percent"),
        ("recorded_of_elsewhere" | "found_elsewhere", true) => Some("recorded_of_elsewhere_percent"),
        _ => None,
    }
}
