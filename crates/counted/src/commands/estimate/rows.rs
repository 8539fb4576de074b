//! One estimate of the list, in the shape that all of them have.

use estimate::{EstimateError, Interval};
use serde_json::{Map, Value, json};

use super::answer::because;

/// One estimate: `method`, `name`, `n`, `se`, `low`, `high`, and what the method has beside.
pub(super) struct Row(Map<String, Value>);

impl Row {
    /// An estimate, of something with a name.
    pub(super) fn new(method: &str, name: &str) -> Self {
        let mut row = Map::new();
        for key in ["n", "se", "low", "high"] {
            row.insert(key.to_owned(), Value::Null);
        }
        row.insert("method".to_owned(), json!(method));
        row.insert("name".to_owned(), json!(name));
        Self(row)
    }

    /// Its figure.
    pub(super) fn n(self, n: f64) -> Self {
        self.with("n", n)
    }

    /// Its standard error.
    pub(super) fn se(self, se: f64) -> Self {
        self.with("se", se)
    }

    /// Its interval.
    pub(super) fn within(self, interval: Interval) -> Self {
        self.with("low", interval.low).with("high", interval.high)
    }

    /// Why it has no figure.
    pub(super) fn none(self, error: &EstimateError) -> Self {
        self.with("reason", because(error))
    }

    /// One key more.
    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// As JSON.
    pub(super) fn json(self) -> Value {
        Value::Object(self.0)
    }
}
