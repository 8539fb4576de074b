//! The memory of a session: bounded, fairly shared, and never short in silence.
//!
//! A nested-loop join that is refused memory for the side it keeps goes on in a mode of its own (DataFusion 55). In it, it
//! asks a part of the plan a second time, which most parts do not survive; and where it gets through, an outer join over
//! several parts may give rows twice. So it is noted here that it was refused, and the question ends for want of memory,
//! whatever the engine made of it. Executors have pools of their own, so no such question is sent to them
//! (see [`crate::session::Session`]).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use datafusion::error::Result;
use datafusion::execution::memory_pool::{
    FairSpillPool, MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation,
};

/// How the engine calls what a nested-loop join keeps.
const KEPT_OF_A_JOIN: &str = "NestedLoopJoinLoad";

/// How it calls the same in the mode of its own.
const GOES_ON: &str = "NestedLoopJoinLoad[fallback]";

/// Whether a join was refused what it cannot do without.
#[derive(Debug, Clone, Default)]
pub(crate) struct Short(Arc<AtomicBool>);

impl Short {
    pub(crate) fn is_noted(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    fn note(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// A pool from which those who can spill get equal parts.
#[derive(Debug)]
pub(crate) struct Pool {
    fair: FairSpillPool,
    short: Short,
}

impl Pool {
    pub(crate) fn new(bytes: u64, short: Short) -> Self {
        Self {
            fair: FairSpillPool::new(usize::try_from(bytes).unwrap_or(usize::MAX)),
            short,
        }
    }
}

impl fmt::Display for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.fair, f)
    }
}

impl MemoryPool for Pool {
    fn name(&self) -> &str {
        self.fair.name()
    }

    fn register(&self, consumer: &MemoryConsumer) {
        // Also where not the join itself was refused, but what it reads.
        if consumer.name().starts_with(GOES_ON) {
            self.short.note();
        }
        self.fair.register(consumer);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.fair.unregister(consumer);
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        self.fair.grow(reservation, additional);
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        self.fair.shrink(reservation, shrink);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        let grown = self.fair.try_grow(reservation, additional);
        if grown.is_err() && reservation.consumer().name().starts_with(KEPT_OF_A_JOIN) {
            self.short.note();
        }
        grown
    }

    fn reserved(&self) -> usize {
        self.fair.reserved()
    }

    fn memory_limit(&self) -> MemoryLimit {
        self.fair.memory_limit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_join_cannot_do_without_is_noted() {
        let short = Short::default();
        let pool: Arc<dyn MemoryPool> = Arc::new(Pool::new(1_000, short.clone()));
        let sort = MemoryConsumer::new("ExternalSorter[0]")
            .with_can_spill(true)
            .register(&pool);
        assert!(sort.try_grow(2_000).is_err() && !short.is_noted());
        let join = MemoryConsumer::new(format!("{KEPT_OF_A_JOIN}[0]")).register(&pool);
        assert!(join.try_grow(500).is_ok() && !short.is_noted());
        assert_eq!(pool.reserved(), 500);
        assert!(join.try_grow(501).is_err() && short.is_noted());
        drop(join);
        assert_eq!(pool.reserved(), 0);
    }

    #[test]
    fn a_join_that_goes_on_is_noted_whoever_was_refused() {
        let short = Short::default();
        let pool: Arc<dyn MemoryPool> = Arc::new(Pool::new(1_000, short.clone()));
        let _first = MemoryConsumer::new(format!("{KEPT_OF_A_JOIN}[0]")).register(&pool);
        assert!(!short.is_noted());
        let _again = MemoryConsumer::new(GOES_ON).register(&pool);
        assert!(short.is_noted());
    }
}
