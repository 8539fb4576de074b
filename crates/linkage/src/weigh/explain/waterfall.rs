//! The account as a bar chart in plain characters.

use super::{FieldAccount, PairAccount};

/// Columns of a line: words, bits, bars, probability.
const WORDS: usize = 33;
const BARS: usize = 22;

/// A step of the chart.
struct Step {
    words: String,
    bits: f64,
}

impl PairAccount {
    /// The account as lines of text, at most 74 columns wide, with the probability after each step. Bars begin where the
    /// former ended; `+` speaks for one person, `-` against, and `|` stands at even odds.
    #[must_use]
    pub fn waterfall(&self) -> Vec<String> {
        let steps = self.steps();
        let mut ends = vec![0.0];
        for step in &steps {
            ends.push(ends.last().copied().unwrap_or_default() + step.bits);
        }
        let low = ends.iter().copied().fold(-1.0, f64::min);
        let high = ends.iter().copied().fold(1.0, f64::max);
        let place = |odds: f64| ((odds - low) / (high - low) * (BARS - 1) as f64).round() as usize;
        let mut lines = vec![format!(
            "{:WORDS$} {:>6}  {:BARS$} {:>9}",
            "", "bits", "", "chance"
        )];
        for (step, ends) in steps.iter().zip(ends.windows(2)) {
            let bars = bars(place(ends[0]), place(ends[1]), place(0.0));
            let mut words = wrapped(&step.words);
            let last = words.pop().unwrap_or_default();
            lines.extend(words);
            lines.push(format!(
                "{last:WORDS$} {:>+6.1}  {bars} {:>9}",
                step.bits,
                chance(ends[1])
            ));
        }
        lines
    }

    /// What is heard, in order: where it starts, the fields, what they add together.
    fn steps(&self) -> Vec<Step> {
        let start = match &self.rule {
            Some(rule) => format!("pairs met by {rule}"),
            None => "all pairs, as no rule proposes it".to_owned(),
        };
        let step = |words: String, bits: f64| Step { words, bits };
        let mut steps = vec![step(start, self.prior)];
        for field in &self.fields {
            steps.push(step(said(field), field.weight));
            if field.rarity.abs() >= 0.05 {
                let value = if field.rarity > 0.0 { "rare" } else { "common" };
                steps.push(step(format!("  and that value is {value}"), field.rarity));
            }
        }
        if self.company.abs() >= 0.05 {
            steps.push(step("errors keep company".to_owned(), self.company));
        }
        if self.roof.abs() >= 0.05 {
            steps.push(step("people under one roof".to_owned(), self.roof));
        }
        steps
    }
}

fn said(field: &FieldAccount) -> String {
    if field.fixed {
        format!("{}: {}, by rule", field.name, field.words)
    } else {
        format!("{}: {}", field.name, field.words)
    }
}

/// Words in lines that fit their column; the second and later ones stand further in.
fn wrapped(words: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let indent = words.len() - words.trim_start().len();
    for word in words.split_whitespace() {
        // A name longer than the column is cut: it is told by its beginning.
        let word: String = word.chars().take(WORDS - 4).collect();
        let first = lines.len() == 1;
        if let Some(line) = lines.last_mut() {
            if line.trim().is_empty() {
                *line = " ".repeat(if first { indent } else { 4 }) + &word;
            } else if line.chars().count() + 1 + word.chars().count() <= WORDS {
                *line = format!("{line} {word}");
            } else {
                lines.push(format!("    {word}"));
            }
        }
    }
    lines
}

/// One bar, with the mark of even odds.
fn bars(from: usize, to: usize, even: usize) -> String {
    (0..BARS)
        .map(|at| match at {
            _ if from <= at && at < to => '+',
            _ if to <= at && at < from => '-',
            _ if at == even => '|',
            _ => ' ',
        })
        .collect()
}

/// Log odds (base 2) as a probability in words, with as many decimals as it needs.
#[must_use]
pub fn chance(odds: f64) -> String {
    let (yes, no) = (1.0 / (1.0 + (-odds).exp2()), 1.0 / (1.0 + odds.exp2()));
    let rarer = yes.min(no);
    let decimals = match rarer {
        _ if rarer >= 0.1 => 0,
        _ if rarer >= 0.01 => 1,
        _ if rarer >= 0.001 => 2,
        _ if rarer >= 0.000_01 => 4,
        _ if yes < no => return "<0.001 %".to_owned(),
        _ => return ">99.999 %".to_owned(),
    };
    format!("{:.decimals$} %", yes * 100.0)
}
