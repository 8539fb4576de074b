//! Work on several threads, with the outcome of one.

use std::sync::mpsc::sync_channel;

use crate::error::LinkageError;

/// With fewer things than this a thread would cost more than it spares.
const FEW: usize = 1 << 14;

/// Does two things, at the same time where there are threads for it.
pub(crate) fn side_by_side<A: Send, B>(
    threads: usize,
    one: impl FnOnce() -> Result<A, LinkageError> + Send,
    other: impl FnOnce() -> Result<B, LinkageError>,
) -> Result<(A, B), LinkageError> {
    if threads < 2 {
        return Ok((one()?, other()?));
    }
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        let crashed = |_| engine::EngineError::Failed {
            what: "linking records".to_owned(),
            code: "E-THREAD",
        };
        let one = one.join().map_err(crashed)?;
        Ok((one?, other?))
    })
}

/// Likewise what cannot go wrong.
pub(crate) fn both<A: Send, B>(
    threads: usize,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B,
) -> (A, B) {
    if threads < 2 {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (joined(one), other)
    })
}

/// Goes through things in as many parts as there are threads: `of` is given the place of the first of its part, and the
/// part. What comes of them is in the order of the parts.
pub(crate) fn in_parts<T: Sync, R: Send>(
    threads: usize,
    things: &[T],
    of: impl Fn(usize, &[T]) -> R + Sync,
) -> Vec<R> {
    let each = part(threads, things.len());
    if each >= things.len() {
        return vec![of(0, things)];
    }
    let of = &of;
    std::thread::scope(|scope| {
        let parts = things.chunks(each).zip((0..).step_by(each));
        let running: Vec<_> = parts
            .map(|(part, first)| scope.spawn(move || of(first, part)))
            .collect();
        running.into_iter().map(joined).collect()
    })
}

/// Likewise with things that are changed.
pub(crate) fn fill_in_parts<T: Send>(threads: usize, things: &mut [T], of: impl Fn(usize, &mut [T]) + Sync) {
    let each = part(threads, things.len());
    let of = &of;
    std::thread::scope(|scope| {
        let parts = things.chunks_mut(each).zip((0..).step_by(each));
        let running: Vec<_> = parts
            .map(|(part, first)| scope.spawn(move || of(first, part)))
            .collect();
        running.into_iter().for_each(joined);
    });
}

/// Makes things, in order, while those before them are used; at most so many wait. Whoever uses them may end before they do.
pub(crate) fn ahead<T: Send, R>(
    threads: usize,
    waiting: usize,
    mut things: impl Iterator<Item = T> + Send,
    using: impl FnOnce(&mut dyn Iterator<Item = T>) -> R,
) -> R {
    if threads < 2 {
        return using(&mut things);
    }
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(waiting);
        scope.spawn(move || {
            for thing in things {
                // Nobody uses them any more.
                if sender.send(thing).is_err() {
                    break;
                }
            }
        });
        let mut things = receiver.into_iter();
        using(&mut things)
    })
}

fn part(threads: usize, things: usize) -> usize {
    things.div_ceil(threads.max(1)).max(FEW)
}

fn joined<R>(thread: std::thread::ScopedJoinHandle<'_, R>) -> R {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_ahead_comes_in_order_and_may_be_left() {
        for threads in [1, 2] {
            let all: Vec<u32> = ahead(threads, 2, 0..100, |things| things.collect());
            assert!(all.into_iter().eq(0..100));
            assert_eq!(ahead(threads, 2, 0.., |things| things.nth(7)), Some(7));
        }
    }

    #[test]
    fn parts_are_all_things_in_order_with_their_places() {
        let things: Vec<usize> = (0..5 * FEW + 3).collect();
        for (count, threads) in [(things.len(), 1), (things.len(), 3), (FEW + 1, 2), (7, 4), (0, 2)] {
            let parts = in_parts(threads, &things[..count], |first, part| {
                assert!(part.first().is_none_or(|own| *own == first));
                part.to_vec()
            });
            assert_eq!(parts.concat(), things[..count]);
            assert!(parts.len() <= threads.max(1));
            let mut filled = vec![0; count];
            fill_in_parts(threads, &mut filled, |first, part| {
                part.iter_mut().zip(first..).for_each(|(own, at)| *own = at);
            });
            assert_eq!(filled, things[..count]);
        }
    }
}
