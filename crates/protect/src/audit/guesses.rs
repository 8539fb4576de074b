//! Which guesses from other publications can be true together: taken one publication after the other, oldest first.
//!
//! A publication's guesses are kept as far as they contradict neither what is published here nor the guesses kept
//! before. So a later publication never changes what was made of the earlier ones: it can only add to it.

use std::collections::{BTreeMap, BTreeSet};

use super::piece::{Piece, build, cap};
use super::simplex::Outcome;
use super::{Span, System};

/// The ranges of a piece with the guesses that are kept, and which publication (by rank) narrowed which figure.
pub(super) fn kept(system: &System, piece: &Piece, local: &[usize]) -> (Vec<Span>, Vec<(usize, usize)>) {
    let mut spans: Vec<Span> = piece.figures.iter().map(|f| system.figures[*f]).collect();
    let mut narrowed = Vec::new();
    let mut by_rank: BTreeMap<usize, Vec<(usize, Span)>> = BTreeMap::new();
    for figure in &piece.figures {
        for (rank, span) in system.guesses.get(*figure).into_iter().flatten() {
            by_rank.entry(*rank).or_default().push((local[*figure], *span));
        }
    }
    let cap = cap(system, &piece.figures);
    for (rank, guesses) in by_rank {
        let mut new: BTreeMap<usize, Span> = guesses
            .into_iter()
            .filter_map(|(figure, guess)| {
                let both = spans[figure].and(guess)?;
                (both != spans[figure]).then_some((figure, both))
            })
            .collect();
        while !new.is_empty() {
            let mut tried = spans.clone();
            for (figure, span) in &new {
                tried[*figure] = *span;
            }
            let mut simplex = build(system, local, &piece.rows, &tried, cap);
            let proof: BTreeSet<usize> = match simplex.feasible() {
                Outcome::Best { .. } => {
                    spans = tried;
                    narrowed.extend(new.keys().map(|figure| (piece.figures[*figure], rank)));
                    break;
                }
                Outcome::Contradiction { variables, .. } => variables.into_iter().collect(),
                Outcome::Unsettled => BTreeSet::new(),
            };
            let before = new.len();
            new.retain(|figure, _| !proof.contains(figure));
            if new.len() == before {
                break;
            }
        }
    }
    (spans, narrowed)
}
