//! Everyone found, laid out by place.

use std::ops::Range;

use super::study::{Exit, Person, Study};

/// One person who may count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    /// The index into the study's people.
    pub(super) person: u32,
    pub(super) class: u16,
}

/// Everyone who may count, by place.
pub(super) struct Roster {
    pub(super) members: Vec<Member>,
    of_place: Vec<Range<usize>>,
    /// Found only on the death certificate, by place and year: indices into the study's people.
    pub(super) only_at_death: Vec<Vec<Vec<u32>>>,
}

impl Roster {
    /// Lays out the people of classes that count at all.
    pub(super) fn of(study: &Study, middle: &[f64]) -> Self {
        let places = study.places.len();
        let mut by_place: Vec<Vec<Member>> = vec![Vec::new(); places];
        let mut only_at_death = vec![vec![Vec::new(); study.years()]; places];
        for (index, person) in (0..).zip(&study.people) {
            if person.only_at_death {
                put_death(study, (index, person), &mut only_at_death);
            } else if counts(study, person, middle)
                && let Some(place) = by_place.get_mut(person.place as usize)
            {
                place.push(Member {
                    person: index,
                    class: person.class,
                });
            }
        }
        let mut of_place = Vec::with_capacity(places);
        let mut members = Vec::new();
        for place in by_place {
            let from = members.len();
            members.extend(place);
            of_place.push(from..members.len());
        }
        Self {
            members,
            of_place,
            only_at_death,
        }
    }

    /// The members of a place.
    pub(super) fn range(&self, place: usize) -> Range<usize> {
        self.of_place.get(place).cloned().unwrap_or(0..0)
    }

    /// Members of a place with their people.
    pub(super) fn at<'a>(
        &'a self,
        study: &'a Study,
        place: usize,
    ) -> impl Iterator<Item = (Member, &'a Person)> {
        let members = self.members.get(self.range(place)).unwrap_or(&[]);
        members
            .iter()
            .filter_map(|member| Some((*member, study.people.get(member.person as usize)?)))
    }

    /// Found only on the death certificate in a place, in all years.
    pub(super) fn only_at_death_in(&self, place: usize) -> u32 {
        self.only_at_death
            .get(place)
            .map_or(0, |years| years.iter().map(|people| people.len() as u32).sum())
    }
}

/// Whether a person can add to any number of the study.
fn counts(study: &Study, person: &Person, middle: &[f64]) -> bool {
    let right = middle.get(usize::from(person.class)).copied().unwrap_or(0.0) > 0.0;
    let here = person.established < study.end && person.exit.time() >= f64::from(study.first_year);
    right && here
}

fn put_death(study: &Study, (index, person): (u32, &Person), only_at_death: &mut [Vec<Vec<u32>>]) {
    let Exit::OfBreastCancer(time) = person.exit else {
        return;
    };
    let year = (time - f64::from(study.first_year)).floor();
    if year < 0.0 || time >= study.end {
        return;
    }
    let cell = only_at_death
        .get_mut(person.place as usize)
        .and_then(|years| years.get_mut(year as usize));
    if let Some(people) = cell {
        people.push(index);
    }
}
