//! What can go wrong in this stage: a table that cannot be read or written, thresholds that make no sense,
//! or counts that break the stage's own invariant. No message holds a value of a person's record.

use engine::EngineError;

/// An error of the stage `count`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CountError {
    /// The engine could not read, plan or write; its own text says which table.
    #[error("counting stopped at {step}: {source}")]
    Engine {
        /// What was being done, in words.
        step: &'static str,
        /// The engine's reason.
        source: EngineError,
    },
    /// The thresholds are not TOML of the expected shape.
    #[error(
        "thresholds of completeness in {file}: {reason}; compare with definitions/completeness/status.toml"
    )]
    ThresholdsText {
        /// The file as it was named to us.
        file: String,
        /// What the TOML reader says.
        reason: String,
    },
    /// The thresholds contradict each other.
    #[error("thresholds of completeness: {reason}")]
    Thresholds {
        /// Which one, and what it must be.
        reason: String,
    },
    /// The assumptions of the estimate are not TOML of the expected shape, or make no sense.
    #[error("assumptions of the estimate in {file}: {reason}; compare with definitions/estimate/README.md")]
    Assumptions {
        /// The file as it was named to us.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// Charts of people without evidence ask about years that the study does not count.
    #[error(
        "charts.csv: charts of people without evidence ask about {first} to {last}, and {counted}; write `first_year` and \
         `last_year` within the whole years of the study, with only those `confirmed` whose disease was established in them, or ask \
         about people alive, `none living`"
    )]
    ChartYears {
        /// The first year that they ask about.
        first: i32,
        /// The last one.
        last: i32,
        /// Which whole years are counted, in words.
        counted: String,
    },
    /// The period ends before it begins, or begins after `as_of`.
    #[error(
        "the period {first} to {last} holds no day up to as_of {as_of}; correct [study] period in study.toml"
    )]
    Period {
        /// First day of the period.
        first: String,
        /// Last day of the period.
        last: String,
        /// The study's last day.
        as_of: String,
    },
    /// A figure is asked for that no table has.
    #[error(
        "there is no figure of measure `{measure}` and period `{period}`; measures are new, living and died, and periods stand in the table counts"
    )]
    NoFigure {
        /// The measure asked for.
        measure: String,
        /// The period asked for.
        period: String,
    },
    /// A number came out that no input can lead to: a bug, not a fault of the data.
    #[error("the stage count broke its own rule: {rule}; please report this")]
    Invariant {
        /// Which rule.
        rule: String,
    },
}

/// Says at which step the engine failed.
pub(crate) fn at(step: &'static str) -> impl FnOnce(EngineError) -> CountError {
    move |source| CountError::Engine { step, source }
}
