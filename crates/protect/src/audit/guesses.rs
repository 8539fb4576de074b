//! Which guesses from other publications can be true together: taken one publication after the other, oldest first.
//!
//! A publication's guesses are kept as far as they contradict neither what is published here nor the guesses kept
//! before. So a later publication never changes what was made of the earlier ones: it can only add to it.

use std::collections::BTreeMap;

use super::piece::Piece;
use super::program::Program;
use super::{Span, System};

/// Narrows the ranges of a piece by the guesses that are kept; says which publication (by rank) narrowed which figure.
pub(super) fn keep(
    system: &System,
    piece: &Piece,
    local: &[usize],
    program: &mut Program,
) -> Vec<(usize, usize)> {
    let mut narrowed = Vec::new();
    let mut by_rank: BTreeMap<usize, Vec<(usize, Span)>> = BTreeMap::new();
    for figure in &piece.figures {
        for (rank, span) in system.guesses.get(*figure).into_iter().flatten() {
            by_rank.entry(*rank).or_default().push((local[*figure], *span));
        }
    }
    for (rank, guesses) in by_rank {
        let mut new: BTreeMap<usize, Span> = guesses
            .into_iter()
            .filter_map(|(figure, guess)| {
                let both = program.spans[figure].and(guess)?;
                (both != program.spans[figure]).then_some((figure, both))
            })
            .collect();
        while !new.is_empty() {
            match program.narrow(new.iter()) {
                Ok(()) => {
                    narrowed.extend(new.keys().map(|figure| (piece.figures[*figure], rank)));
                    break;
                }
                Err(proof) => {
                    let before = new.len();
                    new.retain(|figure, _| !proof.contains(figure));
                    if new.len() == before {
                        break;
                    }
                }
            }
        }
    }
    narrowed
}
