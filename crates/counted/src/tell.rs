//! Words and progress on the terminal. Everything that the program prints passes here.

use std::io::{ErrorKind, IsTerminal, Write as _};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use study::Event;

/// Why the answer could not be printed to its end. The work of a command goes on without it, and the end says so.
static UNPRINTED: OnceLock<std::io::Error> = OnceLock::new();

/// Prints a line of the answer.
pub(crate) fn line(text: &str) {
    if UNPRINTED.get().is_none()
        && let Err(error) = writeln!(std::io::stdout(), "{text}")
    {
        UNPRINTED.get_or_init(|| error);
    }
}

/// Prints the answer as JSON.
pub(crate) fn json(value: &Value) {
    line(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// Why the answer was not printed to its end. A reader who has seen enough and went (`| head`) is no fault.
pub(crate) fn unprinted() -> Option<&'static std::io::Error> {
    if let Err(error) = std::io::stdout().flush() {
        UNPRINTED.get_or_init(|| error);
    }
    UNPRINTED
        .get()
        .filter(|error| error.kind() != ErrorKind::BrokenPipe)
}

/// Prints a remark beside the answer.
pub(crate) fn note(text: &str) {
    // Where nobody can be told, there is nobody to tell that either.
    let _unheard = writeln!(std::io::stderr(), "{text}");
}

/// Prints a failure.
pub(crate) fn error(text: &str) {
    note(&format!("counted: {}", text.trim_end()));
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
