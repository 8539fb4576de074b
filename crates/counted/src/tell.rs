//! Words and progress on the terminal. Everything that the program prints passes here.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the one place that prints"
)]

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use study::Event;

/// Prints a line of the answer.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// Prints the answer as JSON.
pub(crate) fn json(value: &Value) {
    println!("{}", serde_json::to_string_pretty(value).unwrap_or_default());
}

/// Prints a remark beside the answer.
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

/// Prints a failure.
pub(crate) fn error(text: &str) {
    eprintln!("counted: {}", text.trim_end());
}

/// A number with its noun: `1 record`, `2 records`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Progress of a run: a bar on a terminal, plain lines otherwise.
pub(crate) struct Progress {
    bar: Mutex<Option<ProgressBar>>,
    terminal: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self {
            bar: Mutex::new(None),
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Shows an event of a run.
    pub(crate) fn show(&self, event: Event<'_>) {
        match event {
            Event::Stage(name) => self.start(words(name)),
            Event::Skipped(name) => self.say(&format!(
                "{}: nothing changed, taken from the last run",
                words(name)
            )),
            Event::Progress { done, of } => self.step(done, of),
            Event::Done(..) => self.clear(),
        }
    }

    /// Shows that some work starts.
    pub(crate) fn start(&self, words: &str) {
        self.clear();
        if !self.terminal {
            note(&format!("{words} …"));
            return;
        }
        let style = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {percent}% {elapsed}");
        let bar = ProgressBar::new(0);
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.set_message(words.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        if let Ok(mut slot) = self.bar.lock() {
            *slot = Some(bar);
        }
    }

    /// Shows how far the work is.
    pub(crate) fn step(&self, done: u64, of: u64) {
        if let Ok(slot) = self.bar.lock()
            && let Some(bar) = slot.as_ref()
        {
            bar.set_length(of);
            bar.set_position(done);
        }
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        if let Ok(mut slot) = self.bar.lock()
            && let Some(bar) = slot.take()
        {
            bar.finish_and_clear();
        }
    }

    fn say(&self, text: &str) {
        self.clear();
        note(text);
    }
}

fn words(stage: &str) -> &str {
    match stage {
        "intake" => "Reading the files",
        "linkage" => "Joining records into people",
        "casefind" => "Finding people with secondary breast cancer",
        "count" => "Counting",
        "audit" => "Measuring care",
        "publish" => "Protecting and writing the pages",
        other => other,
    }
}
