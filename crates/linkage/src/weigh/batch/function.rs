//! The scoring as a function of the engine.

use std::sync::Arc;

use arrow_array::RecordBatch;
use engine::{BlockFunction, BlockFunctions, EngineError};

use super::Scoring;
use super::written::of_pairs;

/// The scoring of blocks as a function of the engine, registered wherever a plan that scores pairs may run.
pub const PAIRS: BlockFunctions = BlockFunctions {
    name: "pairs",
    gives: of_pairs,
    read: |text| {
        let scoring =
            Scoring::read(text).map_err(|_| failed("reading what to score pairs by", "E-SCORING"))?;
        Ok(Arc::new(scoring))
    },
};

impl BlockFunction for Scoring {
    fn call(&self, rows: &RecordBatch) -> Result<RecordBatch, EngineError> {
        // The reason speaks of columns of ours: nobody who asked for pairs could do anything about it.
        self.score(rows).map_err(|_| failed("scoring pairs", "E-PAIRS"))
    }
}

fn failed(what: &str, code: &'static str) -> EngineError {
    EngineError::Failed {
        what: what.to_owned(),
        code,
    }
}
