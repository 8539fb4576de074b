//! All publications as one system: a figure of each, its range, and what other publications suggest about it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Key, Known, Place, Publication, Relation};
use crate::audit::{Row, Span, System};

/// The system, with where each of its figures comes from.
pub(super) struct Stack<'a> {
    pub(super) publications: &'a [Publication],
    pub(super) system: System,
    offsets: Vec<usize>,
    /// The fewest values that one publication alone leaves for each figure.
    pub(super) alone: Vec<i64>,
    /// Where each key is published, oldest first, under the one name of its period.
    pub(super) by_key: BTreeMap<Cow<'a, Key>, Vec<Place>>,
}

impl Known {
    /// What a figure can be before any relation.
    pub(crate) fn span(self) -> Span {
        match self {
            Self::Exact(n) => Span::exactly(n),
            Self::Rounded { shown: 0, base } => Span {
                low: 0,
                high: (base.max(1) - 1) / 2,
            },
            Self::Rounded { shown, base } => {
                let low = shown.saturating_sub(base.max(1) / 2);
                Span {
                    low: low.max(0),
                    high: low.saturating_add(base.max(1) - 1),
                }
            }
            Self::Band { low, high, .. } | Self::Range { low, high } => Span { low, high },
            Self::Hidden | Self::NotReported => Span {
                low: 0,
                high: Span::OPEN,
            },
        }
    }

    /// The number as it is shown, if one is.
    pub(super) fn shown(self) -> Option<i64> {
        match self {
            Self::Exact(n) => Some(n),
            Self::Rounded { shown, .. } | Self::Band { shown, .. } => Some(shown),
            Self::Range { .. } | Self::Hidden | Self::NotReported => None,
        }
    }
}

impl<'a> Stack<'a> {
    /// With `distinct`, no two figures have the same key.
    pub(super) fn new(publications: &'a [Publication], distinct: bool) -> Self {
        let mut stack = Self {
            publications,
            system: System::default(),
            offsets: Vec::new(),
            alone: Vec::new(),
            by_key: BTreeMap::new(),
        };
        for (at, publication) in publications.iter().enumerate() {
            stack.offsets.push(stack.system.figures.len());
            for (figure, published) in publication.figures.iter().enumerate() {
                stack.system.figures.push(published.known.span());
                if !distinct {
                    let key = published.key.of_one_period();
                    stack.by_key.entry(key).or_default().push(Place {
                        publication: at,
                        figure,
                    });
                }
            }
            for relation in &publication.relations {
                stack.relate(at, relation);
            }
        }
        stack.guess();
        stack
    }

    /// The number of a figure in the system; none where a relation names a figure that is not there.
    pub(super) fn index(&self, place: Place) -> Option<usize> {
        let publication = self.publications.get(place.publication)?;
        (place.figure < publication.figures.len()).then(|| self.offsets[place.publication] + place.figure)
    }

    pub(super) fn known(&self, place: Place) -> Option<Known> {
        let publication = self.publications.get(place.publication)?;
        publication.figures.get(place.figure).map(|f| f.known)
    }

    /// Where a figure of the system was published.
    pub(super) fn place(&self, index: usize) -> Place {
        let publication = self
            .offsets
            .partition_point(|offset| *offset <= index)
            .saturating_sub(1);
        Place {
            publication,
            figure: index - self.offsets[publication],
        }
    }

    fn relate(&mut self, publication: usize, relation: &Relation) {
        let at = |figure: &usize| {
            self.index(Place {
                publication,
                figure: *figure,
            })
        };
        let at_most = |small, large| Row {
            terms: vec![(large, 1), (small, -1)],
            low: Some(0),
            high: None,
        };
        let rows = match relation {
            Relation::Sum { total, parts } => {
                let parts: Option<Vec<usize>> = parts.iter().map(at).collect();
                at(total)
                    .zip(parts)
                    .map(|(total, parts)| vec![Row::sum(total, &parts)])
            }
            Relation::Among { total, parts } => {
                let parts: Option<Vec<usize>> = parts.iter().map(at).collect();
                at(total)
                    .zip(parts)
                    .map(|(total, parts)| vec![Row::among(total, &parts)])
            }
            Relation::Same(a, b) => at(a).zip(at(b)).map(|(a, b)| vec![Row::sum(a, &[b])]),
            Relation::AtMost { small, large } => at(small).zip(at(large)).map(|(s, l)| vec![at_most(s, l)]),
            Relation::Within { part, whole } | Relation::Measure { part, whole } => {
                at(part).zip(at(whole)).map(|(p, w)| vec![at_most(p, w)])
            }
            Relation::Share {
                part,
                whole,
                tenths,
                step,
            } => at(part).zip(at(whole)).map(|(part, whole)| {
                // (tenths − step/2) ≤ 1000 part / whole ≤ (tenths + step/2).
                let bound = |edge: i64, low, high| Row {
                    terms: vec![(part, 2000), (whole, -edge)],
                    low,
                    high,
                };
                vec![
                    bound(2 * tenths - step, Some(0), None),
                    bound(2 * tenths + step, None, Some(0)),
                ]
            }),
            Relation::Successive { .. } => None,
        };
        let rows = rows.into_iter().flatten();
        self.system.rows.extend(rows.filter(|row| {
            // A figure related to itself says nothing.
            let mut figures: Vec<usize> = row.terms.iter().map(|(figure, _)| *figure).collect();
            figures.sort_unstable();
            figures.len() > 1 && figures.windows(2).all(|two| two[0] != two[1])
        }));
    }

    /// For each figure, what the others of its key suggest, as far as both can be true of one number.
    fn guess(&mut self) {
        let count = self.system.figures.len();
        self.system.guesses = vec![Vec::new(); count];
        self.alone = self.system.figures.iter().map(|span| span.len()).collect();
        for places in self.by_key.values().filter(|places| places.len() > 1) {
            for place in places {
                let index = self.offsets[place.publication] + place.figure;
                let span = self.system.figures[index];
                for other in places.iter().filter(|other| *other != place) {
                    let theirs = self.system.figures[self.offsets[other.publication] + other.figure];
                    let both = span.and(theirs);
                    if both.is_some() {
                        self.alone[index] = self.alone[index].min(theirs.len());
                    }
                    if both.is_some_and(|both| both != span) {
                        self.system.guesses[index].push((other.publication, theirs));
                    }
                }
            }
        }
    }

    /// What is known of the figures of a publication from the others alone: its own statements are taken away, its sums
    /// stay. Of the others, those statements count that are true of what was made of all together: `kept` are the guesses
    /// that narrowed a figure, by the rank of their publication.
    pub(super) fn of_others(&self, publication: usize, kept: &BTreeMap<usize, Vec<Place>>) -> System {
        let mut system = self.system.clone();
        (system.start, system.guesses) = (Vec::new(), Vec::new());
        let figures = self
            .publications
            .get(publication)
            .into_iter()
            .flat_map(|p| &p.figures);
        for (figure, published) in figures.enumerate() {
            let index = self.offsets[publication] + figure;
            let span_of = |place: &Place| self.system.figures[self.offsets[place.publication] + place.figure];
            let kept = kept.get(&index).into_iter().flatten();
            let made = kept.fold(self.system.figures[index], |span, place| {
                span.and(span_of(place)).unwrap_or(span)
            });
            let elsewhere = self
                .by_key
                .get(&*published.key.of_one_period())
                .into_iter()
                .flatten();
            system.figures[index] = elsewhere
                .filter(|place| place.publication != publication)
                .map(span_of)
                .filter(|theirs| theirs.low <= made.low && made.high <= theirs.high)
                .fold(Known::Hidden.span(), |span, theirs| {
                    span.and(theirs).unwrap_or(span)
                });
        }
        system
    }

    /// Where a publication speaks of what a figure of the system is about.
    pub(super) fn place_in(&self, index: usize, publication: usize) -> Option<Place> {
        let place = self.place(index);
        let figure = self
            .publications
            .get(place.publication)?
            .figures
            .get(place.figure)?;
        self.by_key
            .get(&*figure.key.of_one_period())?
            .iter()
            .copied()
            .find(|p| p.publication == publication)
    }
}
