//! One place in all draws: its people thinned, joined by those whom nobody found, and counted.

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::EstimateError;

use super::before::lived_before;
use super::chance::{Cause, Seeds};
use super::course::Course;
use super::grid::{GROUPS, Life};
use super::model::{Draw, Model};
use super::sampling::poisson;
use super::split::{Left, Split};
use super::study::{Exit, Kind};

/// The counts of one place (or of places together): a row of the grid for each draw.
pub(super) struct Rows {
    pub(super) width: usize,
    pub(super) cells: Vec<u32>,
}

impl Rows {
    pub(super) fn empty(width: usize, draws: usize) -> Self {
        Self {
            width,
            cells: vec![0; width * draws],
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.cells
            .par_chunks_mut(1 << 16)
            .zip(other.cells.par_chunks(1 << 16))
            .for_each(|(sums, parts)| {
                for (sum, part) in sums.iter_mut().zip(parts) {
                    *sum += part;
                }
            });
    }

    pub(super) fn clear(&mut self) {
        self.cells.par_chunks_mut(1 << 16).for_each(|cells| cells.fill(0));
    }

    /// The sum of the groups that begin at a cell, draw by draw.
    pub(super) fn groups(&self, from: usize) -> Vec<u32> {
        let row = |row: &[u32]| {
            row.get(from..from + GROUPS)
                .map_or(0, |groups| groups.iter().sum())
        };
        self.cells.chunks(self.width.max(1)).map(row).collect()
    }

    /// One cell, draw by draw.
    pub(super) fn cell(&self, at: usize) -> Vec<u32> {
        let row = |row: &[u32]| row.get(at).copied().unwrap_or(0);
        self.cells.chunks(self.width.max(1)).map(row).collect()
    }
}

/// A found person as the draws need them.
struct Found {
    class: usize,
    false_links: f64,
    missed_links: f64,
    cells: std::ops::Range<usize>,
}

/// A place, and what is needed to count it.
pub(super) struct At<'a> {
    pub(super) model: &'a Model<'a>,
    pub(super) split: &'a Split,
    pub(super) seeds: Seeds,
    pub(super) place: usize,
    /// People whose traits are taken where the place has nobody of its own.
    pub(super) others: &'a [u32],
}

/// The people found at a place, with the cells of each.
#[derive(Default)]
struct Everyone {
    found: Vec<Found>,
    cells: Vec<u32>,
}

impl At<'_> {
    /// Counts the place in all draws. `draws` are the national draws and `left` who is still to be shared out in each.
    /// `extra` gets, for each draw, the people added to those found who live at the end.
    pub(super) fn count(
        &self,
        draws: &[(usize, &Draw)],
        left: &mut [Left],
        rows: &mut Rows,
        extra: &mut [u32],
    ) -> Result<(), EstimateError> {
        let everyone = self.everyone();
        let width = rows.width.max(1);
        rows.cells
            .par_chunks_mut(width)
            .zip(left.par_iter_mut())
            .zip(draws.par_iter().zip(extra.par_iter_mut()))
            .enumerate()
            .try_for_each(|(draw, ((row, left), ((proposal, drawn), extra)))| {
                row.fill(0);
                self.found_people(&everyone, draw, drawn, row)?;
                let courses = self.model.courses(self.seeds, *proposal)?;
                *extra = self.unseen_people(draw, drawn, courses, left, row)?;
                Ok(())
            })
    }

    fn everyone(&self) -> Everyone {
        let mut of = Everyone::default();
        for (member, person) in self.model.roster.at(self.model.study, self.place) {
            let from = of.cells.len();
            let life = Life {
                established: person.established,
                exit: person.exit,
                kind: person.kind,
                sex: person.sex,
                born: person.born,
            };
            self.model.grid.cells(&life, &mut of.cells);
            of.found.push(Found {
                class: usize::from(member.class),
                false_links: f64::from(person.false_links),
                missed_links: f64::from(person.missed_links),
                cells: from..of.cells.len(),
            });
        }
        of
    }

    /// The people found: each counts as often as linkage and the PPV of the class allow.
    fn found_people(
        &self,
        everyone: &Everyone,
        draw: usize,
        drawn: &Draw,
        row: &mut [u32],
    ) -> Result<(), EstimateError> {
        let mut definition = self.seeds.chance_at(Cause::Definition, self.place, draw);
        let mut linkage: Option<ChaCha8Rng> = None;
        for found in &everyone.found {
            let ppv = drawn.ppv.get(found.class).copied().unwrap_or(0.0);
            let mut times = u32::from(ppv >= 1.0 || definition.random::<f64>() < ppv);
            if found.false_links > 0.0 || found.missed_links > 0.0 {
                let chance =
                    linkage.get_or_insert_with(|| self.seeds.chance_at(Cause::Linkage, self.place, draw));
                let same = chance.random::<f64>() < found.missed_links;
                let hidden = poisson(found.false_links * ppv, chance)? as u32;
                times = if same { hidden } else { times + hidden };
            }
            if times > 0 {
                for cell in everyone.cells.get(found.cells.clone()).into_iter().flatten() {
                    add(row, *cell, times);
                }
            }
        }
        Ok(())
    }

    /// The people whom nobody found. Gives how many of them live at the end.
    fn unseen_people(
        &self,
        draw: usize,
        drawn: &Draw,
        courses: &[Course; 3],
        left: &mut Left,
        row: &mut [u32],
    ) -> Result<u32, EstimateError> {
        let mut chance = self.seeds.chance_at(Cause::Unseen, self.place, draw);
        let mut after = self.seeds.chance_at(Cause::Survival, self.place + 1, draw);
        let mut cells = Vec::with_capacity(64);
        let mut living = 0;
        let mut put = |life: Life| {
            cells.clear();
            self.model.grid.cells(&life, &mut cells);
            cells.iter().for_each(|cell| add(row, *cell, 1));
            living += u32::from(life.exit.time() >= self.model.study.end);
        };
        let Some(place) = self.split.places.get(self.place) else {
            return Ok(0);
        };
        let weights = self.split.weights(self.place, draw, drawn)?;
        for ((at, leaf), weight) in place.leaves.iter().enumerate().zip(weights) {
            let (unseen, late) = self.split.take(left, (self.place, at), weight, &mut chance);
            for _ in 0..unseen.saturating_add(late) {
                if let Some(life) = self.like(&leaf.donors, None, None, &mut chance) {
                    put(follow(life, courses, &mut after));
                }
            }
        }
        let silent = drawn.silent.get(place.silent.clone()).unwrap_or(&[]);
        for (people, leaf) in silent
            .iter()
            .zip(self.model.silent.leaves.get(place.silent.clone()).unwrap_or(&[]))
        {
            for _ in 0..*people {
                if let Some(life) = self.like(self.others, None, Some(leaf.year), &mut chance) {
                    put(follow(life, courses, &mut after));
                }
            }
        }
        let mut before = self.seeds.chance_at(Cause::Before, self.place, draw);
        let older = self.split.take_before(left, drawn, self.place, &mut before);
        for (kind, people) in older.iter().enumerate() {
            for _ in 0..*people {
                if let Some(life) = self.older(kind, drawn, courses, &mut before) {
                    put(life);
                }
            }
        }
        self.unreached(draw, drawn.unreached, &mut put);
        Ok(living)
    }

    /// The people whom no list reached and a certificate names: new, and dead, in its year.
    fn unreached(&self, draw: usize, share: f64, put: &mut impl FnMut(Life)) {
        if share <= 0.0 {
            return;
        }
        let model = self.model;
        // Streams after those by which people are shared out, and the one of the draw.
        let streams = 2 * model.study.places.len() + 1;
        let mut chance = self.seeds.chance_at(Cause::Unseen, streams + self.place, draw);
        let covers = |year: usize| model.sets.covers(model.study, self.place, year);
        let by_year = model.roster.only_at_death.get(self.place).into_iter().flatten();
        for (_, people) in by_year.enumerate().filter(|(year, _)| covers(*year)) {
            for index in people {
                if chance.random::<f64>() >= share {
                    continue;
                }
                if let Some(person) = model.study.people.get(*index as usize) {
                    put(Life {
                        established: person.exit.time(),
                        exit: person.exit,
                        kind: person.kind,
                        sex: person.sex,
                        born: person.born,
                    });
                }
            }
        }
    }

    /// A life like that of somebody found, of a kind where one is asked for, moved into a year where one is.
    fn like(
        &self,
        donors: &[u32],
        kind: Option<Kind>,
        year: Option<usize>,
        chance: &mut impl Rng,
    ) -> Option<Life> {
        let members = &self.model.roster.members;
        let mut last = None;
        for _ in 0..20 {
            let donor = donors.get(chance.random_range(0..donors.len().max(1)))?;
            let member = members.get(*donor as usize)?;
            let person = self.model.study.people.get(member.person as usize)?;
            let right = self
                .model
                .definition
                .middle
                .get(usize::from(member.class))
                .copied()
                .unwrap_or(0.0);
            let mut life = Life {
                established: person.established,
                exit: Exit::Alive,
                kind: person.kind,
                sex: person.sex,
                born: person.born,
            };
            if let Some(year) = year {
                // The same day of another year; the person is as old as then.
                let target = f64::from(self.model.study.first_year) + year as f64;
                life = life.at(target + life.established.rem_euclid(1.0));
                if life.established >= self.model.study.end {
                    life = life.at(f64::midpoint(target, self.model.study.end));
                }
            }
            last = Some(life);
            if chance.random::<f64>() < right && kind.is_none_or(|kind| kind == life.kind) {
                break;
            }
        }
        last.map(|life| Life {
            kind: kind.unwrap_or(life.kind),
            ..life
        })
    }

    /// Somebody whose disease is older than the records, alive as they begin.
    fn older(&self, kind: usize, drawn: &Draw, courses: &[Course; 3], chance: &mut impl Rng) -> Option<Life> {
        let course = courses.get(kind)?;
        let first = f64::from(self.model.study.first_year);
        let lived = lived_before(course, drawn.older.growth, chance);
        let of = super::grid::KINDS.get(kind).copied();
        let range = self.model.roster.range(self.place);
        let own: std::ops::Range<u32> = range.start as u32..range.end as u32;
        let life = if own.is_empty() {
            self.like(self.others, of, None, chance)?
        } else {
            let donors: Vec<u32> = (0..8).map(|_| chance.random_range(own.clone())).collect();
            self.like(&donors, of, None, chance)?
        };
        let life = life.at(first - lived);
        let alive = drawn.older.alive.get(kind)?;
        let level = chance.random::<f64>();
        // The first moment at which fewer are left than the level: the exit lies in the year before it.
        let Some(moment) = alive.iter().position(|share| *share <= level) else {
            return Some(life);
        };
        let end = self.model.study.year_end(moment.saturating_sub(1));
        let start = first + moment.saturating_sub(1) as f64;
        let time = start + (end - start) * chance.random::<f64>().min(1.0 - 1e-9);
        Some(Life {
            exit: course.cause(time - life.established, time, chance),
            ..life
        })
    }
}

impl Life {
    /// The same life with the disease established at another moment, at the same age.
    fn at(self, established: f64) -> Self {
        let by = established - self.established;
        Self {
            established,
            born: self.born.map(|born| born + by),
            ..self
        }
    }
}

fn follow(life: Life, courses: &[Course; 3], chance: &mut impl Rng) -> Life {
    let exit = courses
        .get(life.kind as usize)
        .map_or(Exit::Alive, |course| course.exit(life.established, 0.0, chance));
    Life { exit, ..life }
}

fn add(row: &mut [u32], cell: u32, times: u32) {
    if let Some(count) = row.get_mut(cell as usize) {
        *count += times;
    }
}
