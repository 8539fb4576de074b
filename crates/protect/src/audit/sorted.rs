//! Sorts questions to the pieces they are about, and puts the answers of several pieces together.

use std::collections::BTreeMap;

use super::piece::Solved;
use super::{Answer, Need, Question, Span, Terms};

/// Questions by piece; those over several pieces in parts.
pub(super) struct Sorted {
    pub(super) asked: Vec<Vec<Question>>,
    /// For each question: the pieces it touches, and the place of its part among what these are asked.
    places: Vec<Vec<(usize, usize)>>,
    /// The same for parts asked again.
    again: BTreeMap<usize, Vec<(usize, usize)>>,
}

impl Sorted {
    /// By the piece of each figure, of so many.
    pub(super) fn new(piece_of: &[usize], pieces: usize, questions: &[Question]) -> Self {
        let mut asked = vec![Vec::new(); pieces];
        let mut places = Vec::with_capacity(questions.len());
        for question in questions {
            let mut at = question.of.iter().map(|(figure, _)| piece_of[*figure]);
            if let Some(piece) = at.next()
                && at.all(|other| other == piece)
            {
                asked[piece].push(question.clone());
                places.push(vec![(piece, asked[piece].len() - 1)]);
                continue;
            }
            let mut parts: BTreeMap<usize, Terms> = BTreeMap::new();
            for (figure, factor) in &question.of {
                parts
                    .entry(piece_of[*figure])
                    .or_default()
                    .push((*figure, *factor));
            }
            let need = Need::Met;
            places.push(
                parts
                    .into_iter()
                    .map(|(piece, of)| {
                        asked[piece].push(Question { of, need });
                        (piece, asked[piece].len() - 1)
                    })
                    .collect(),
            );
        }
        Self {
            asked,
            places,
            again: BTreeMap::new(),
        }
    }

    /// Which parts need exact ends.
    pub(super) fn second_round(&mut self, questions: &[Question], results: &[Solved]) -> Vec<Vec<Question>> {
        let mut again = vec![Vec::new(); self.asked.len()];
        for (index, (question, places)) in questions.iter().zip(&self.places).enumerate() {
            if places.len() < 2 {
                continue;
            }
            let met = places
                .iter()
                .map(|(piece, at)| results[*piece].answers[*at].values)
                .fold(Span::exactly(0), Span::plus);
            if question.need.met_by(met) {
                continue;
            }
            let parts = places.iter().map(|(piece, at)| {
                again[*piece].push(Question {
                    of: self.asked[*piece][*at].of.clone(),
                    need: Need::Ends,
                });
                (*piece, again[*piece].len() - 1)
            });
            self.again.insert(index, parts.collect());
        }
        again
    }

    pub(super) fn answers(&self, questions: &[Question], first: &[Solved], again: &[Solved]) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(questions.len());
        for (index, (question, places)) in questions.iter().zip(&self.places).enumerate() {
            if let [(piece, at)] = places.as_slice() {
                answers.push(first[*piece].answers[*at].clone());
                continue;
            }
            let (from, places) = self.again.get(&index).map_or((first, places), |p| (again, p));
            let parts: Vec<&Answer> = places
                .iter()
                .map(|(piece, at)| &from[*piece].answers[*at])
                .collect();
            let values = parts.iter().map(|a| a.values).fold(Span::exactly(0), Span::plus);
            answers.push(Answer {
                values,
                met: question.need.met_by(values),
                because: parts.iter().flat_map(|a| a.because.iter().copied()).collect(),
                settled: parts.iter().all(|a| a.settled),
            });
        }
        answers
    }
}
