//! What came of a linkage, in words for people.

use linkage::weigh::{Deciding, Kind, Plan, PlannedRule};

use crate::tell;

use super::reading::ReadFile;
use super::summary::{About, Found, Summary};

impl Summary<'_> {
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.read(&mut lines);
        if let Some(plan) = &self.plan {
            planned(plan, &mut lines);
        }
        if let Some(model) = &self.model {
            lines.push(model.words());
        }
        if let Some(found) = &self.found {
            found.words(&self.deciding, &mut lines);
        }
        lines.extend(self.files.iter().map(|(what, path)| format!("{what}: {path}")));
        lines
    }

    fn read(&self, lines: &mut Vec<String>) {
        let people = self.people;
        lines.push(format!("Records: {}", grouped(people.ids.len() as u64)));
        for file in &people.files {
            lines.push(format!(
                "  {} {}{}",
                grouped(file.records),
                file.path,
                left_out(file)
            ));
        }
        lines.push(match &people.id {
            Some(column) => format!("Ids of records: {column}"),
            None if people.id_in_some => {
                "Ids of records: the number of the row, since not every file has a column for them".to_owned()
            }
            None => "Ids of records: the number of the row, since there is no column for them".to_owned(),
        });
        lines.push("Compared:".to_owned());
        let fields = &people.columns.fields;
        let width = fields
            .iter()
            .map(|field| field.name.chars().count())
            .max()
            .unwrap_or_default();
        for (at, field) in fields.iter().enumerate() {
            let blank = if people.blank.contains(&at) {
                ", in none of the files"
            } else {
                ""
            };
            lines.push(format!("  {:<width$}  {}{blank}", field.name, kind(field.kind)));
        }
        if !people.columns.aside.is_empty() {
            lines.push("Left aside:".to_owned());
        }
        lines.extend(
            people
                .columns
                .aside
                .iter()
                .map(|aside| format!("  {}: {}", aside.column, aside.why)),
        );
    }
}

/// Rows that are no records, with the reason; nothing where there are none.
fn left_out(file: &ReadFile) -> String {
    let mut reasons = Vec::new();
    if file.blank > 0 {
        reasons.push(format!("{} without a single cell", grouped(file.blank)));
    }
    if file.long > 0 {
        reasons.push(format!("{} with more cells than headings", grouped(file.long)));
    }
    if reasons.is_empty() {
        String::new()
    } else {
        format!("; rows left out: {}", reasons.join(", "))
    }
}

fn planned(plan: &Plan, lines: &mut Vec<String>) {
    lines.push(format!(
        "Pairs to compare: {} of {}",
        grouped(plan.pairs),
        grouped(plan.all_pairs)
    ));
    lines.extend(plan.rules.iter().map(rule));
    if !plan.too_wide.is_empty() {
        lines.push("Rules that would cost too much and are not used:".to_owned());
        lines.extend(plan.too_wide.iter().map(rule));
    }
}

fn rule(rule: &PlannedRule) -> String {
    let (blocks, pairs) = rule.capped;
    let capped = if blocks > 0 {
        format!(
            "; left out: {} with {} pairs",
            tell::counted(blocks, "block above the cap", "blocks above the cap"),
            grouped(pairs)
        )
    } else {
        String::new()
    };
    format!("  {:>15}  {}{capped}", grouped(rule.pairs), rule.rule)
}

impl About {
    fn words(&self) -> String {
        let from = if self.given {
            "learnt before from"
        } else {
            "learnt from these"
        };
        format!(
            "Model: {from} {} records in {}; it expects that {:.1} % of one person's pairs of records lie where no \
             rule looks",
            grouped(self.records),
            tell::counted(u64::from(self.steps), "step", "steps"),
            self.unproposed * 100.0
        )
    }
}

impl Found {
    fn words(&self, deciding: &Deciding, lines: &mut Vec<String>) {
        lines.push(format!(
            "People: {}, {} of them with one record only; the largest has {}",
            grouped(self.people),
            grouped(self.alone),
            tell::counted(u64::from(self.largest), "record", "records")
        ));
        lines.push(format!(
            "To review: {} of probability {} up to {}, which are not joined",
            tell::counted(self.review, "pair", "pairs"),
            deciding.review,
            deciding.accept
        ));
        for (reason, pairs) in &self.refused {
            lines.push(format!(
                "Not joined although sure: {} ({})",
                tell::counted(*pairs, "pair", "pairs"),
                reason.words()
            ));
        }
    }
}

/// A kind in words, as settings write it.
pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::GivenName => "given name",
        Kind::FamilyName => "family name",
        Kind::BirthDate => "birth date",
        Kind::Postcode => "postcode",
        Kind::Number => "number",
        Kind::Sex => "sex",
        Kind::Text => "text",
    }
}

/// A number with a comma after every three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(
            [0, 999, 1_000, 12_345_678].map(grouped),
            ["0", "999", "1,000", "12,345,678"]
        );
    }
}
