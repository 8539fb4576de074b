//! Stable ids: people are integers, and keep them from run to run.
//!
//! First every person gets a place by its first record. Without former people, the place is the id. With them,
//! each person takes the id that most of its records had, an id goes to one person only, and new people get ids
//! that were never in use. What changed is told as merges and splits.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cascade::{Linked, Step};
use crate::operations::{Kind, Operation};

/// Gives each record, in order, the place of its person: 1, 2, … in order of first record.
pub(crate) struct People<'a> {
    linked: &'a Linked,
    /// By root (or, for identities whose records stay apart, by identity: the first record's person).
    places: Vec<u32>,
    last: u32,
}

impl<'a> People<'a> {
    pub(crate) fn new(linked: &'a Linked) -> Self {
        Self {
            linked,
            places: vec![0; linked.roots.len()],
            last: 0,
        }
    }

    /// The person of the next record, whose identity is `identity`.
    pub(crate) fn next(&mut self, identity: u32) -> u32 {
        let joined = self.linked.steps[identity as usize].is_some();
        let place = &mut self.places[self.linked.roots[identity as usize] as usize];
        if *place == 0 || !joined {
            self.last += 1;
            if *place == 0 {
                *place = self.last;
            }
            return self.last;
        }
        *place
    }

    /// The number of people so far.
    pub(crate) fn count(&self) -> u32 {
        self.last
    }

    /// True when the records of an identity are one person's; `records` says how many each identity has.
    pub(crate) fn are_one(&self, identity: u32, records: &[u32]) -> bool {
        self.linked.steps[identity as usize].is_some() || records[identity as usize] == 1
    }

    /// The person of an identity; the first, where its records stay apart.
    pub(crate) fn of(&self, identity: u32) -> u32 {
        self.places[self.linked.roots[identity as usize] as usize]
    }
}

/// Gives each record, in order, the id of its person.
pub(crate) struct Ids<'a> {
    people: People<'a>,
    numbering: &'a Numbering,
    /// Where only some identities were linked anew: where each of them is among these.
    anew: Option<&'a [u32]>,
    persons: &'a [u32],
}

/// An identity that was not linked anew.
pub(crate) const AS_BEFORE: u32 = u32::MAX;

impl<'a> Ids<'a> {
    pub(crate) fn new(linked: &'a Linked, numbering: &'a Numbering) -> Self {
        Self {
            people: People::new(linked),
            numbering,
            anew: None,
            persons: &[],
        }
    }

    /// Of the identities that `anew` names, `linked` speaks; of all others `persons`.
    pub(crate) fn partly(
        linked: &'a Linked,
        numbering: &'a Numbering,
        anew: &'a [u32],
        persons: &'a [u32],
    ) -> Self {
        Self {
            anew: Some(anew),
            persons,
            ..Self::new(linked, numbering)
        }
    }

    /// The person of the next record; `before` is the one it had.
    pub(crate) fn of(&mut self, identity: u32, before: u32) -> u32 {
        let place = match self.anew.map(|anew| anew[identity as usize]) {
            None => identity,
            Some(AS_BEFORE) if before != 0 => return before,
            // A new record of somebody who is known by all that it says.
            Some(AS_BEFORE) => return self.persons[identity as usize],
            Some(place) => place,
        };
        self.numbering.id(self.people.next(place))
    }
}

/// How many records of a person had which former id.
#[derive(Default)]
pub(crate) struct Votes {
    counts: FxHashMap<(u32, u32), u32>,
}

impl Votes {
    pub(crate) fn add(&mut self, person: u32, former: u32) {
        *self.counts.entry((person, former)).or_default() += 1;
    }

    /// In order of person and former id.
    fn sorted(self) -> Vec<(u32, u32, u32)> {
        let mut votes: Vec<_> = self
            .counts
            .into_iter()
            .map(|((person, former), count)| (person, former, count))
            .collect();
        votes.sort_unstable();
        votes
    }
}

/// Whose records of a person were before they were merged into whom they had, where decisions were withdrawn since.
#[derive(Default)]
pub(crate) struct Recalled {
    /// By person, the id that it had and the one before.
    counts: FxHashMap<(u32, u32, u32), u32>,
    /// People with an id that they had, some of whose records a withdrawn decision had given it.
    given: FxHashSet<(u32, u32)>,
    /// Ids of those whom withdrawn decisions had made of several.
    apart: FxHashSet<u32>,
}

impl Recalled {
    /// A record of `person`, which had `had` and before that `earlier`.
    pub(crate) fn add(&mut self, person: u32, had: u32, earlier: u32, by_withdrawn: bool) {
        *self.counts.entry((person, had, earlier)).or_default() += 1;
        if by_withdrawn {
            self.given.insert((person, had));
        }
    }

    /// Whoever has this id was made by a decision that was withdrawn.
    pub(crate) fn fell_apart(&mut self, had: u32) {
        self.apart.insert(had);
    }

    /// Who goes back to an earlier id, with the id that it had: where somebody falls apart whom a decision had made, all
    /// with such records, however many have come since. One keeps the id: whoever is in it without such a decision, and then
    /// whoever never had another, or else has most records that never had.
    fn gone(&self, votes: &[(u32, u32, u32)]) -> FxHashSet<(u32, u32)> {
        let mut moved: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        for ((person, had, _), count) in &self.counts {
            *moved.entry((*person, *had)).or_default() += *count;
        }
        let mut those: Vec<(u32, bool, bool, Reverse<u32>, u32)> = Vec::new();
        for (person, had, count) in votes.iter().filter(|(_, had, _)| self.apart.contains(had)) {
            let back = moved.get(&(*person, *had)).copied().unwrap_or_default();
            let given = self.given.contains(&(*person, *had));
            let stayed = Reverse(count.saturating_sub(back));
            those.push((*had, given, back > 0, stayed, *person));
        }
        those.sort_unstable();
        let mut gone = FxHashSet::default();
        for people in those
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|people| people.len() > 1)
        {
            for (at, (had, _, goes_back, stayed, person)) in people.iter().enumerate() {
                if *goes_back && (at > 0 || stayed.0 == 0) {
                    gone.insert((*person, *had));
                }
            }
        }
        gone
    }

    /// How many records of a person had an earlier id, as votes.
    fn votes(self) -> Votes {
        let mut votes = Votes::default();
        for ((person, _, earlier), count) in self.counts {
            *votes.counts.entry((person, earlier)).or_default() += count;
        }
        votes
    }
}

/// The ids of this run.
pub(crate) struct Numbering {
    /// By place, from 1.
    ids: Vec<u32>,
    /// The largest id that was ever given.
    pub(crate) last: u32,
    pub(crate) kept: u64,
    pub(crate) operations: Vec<Operation>,
}

impl Numbering {
    /// Without former people: the place is the id.
    pub(crate) fn fresh(people: u32) -> Self {
        Self {
            ids: (0..=people).collect(),
            last: people,
            kept: 0,
            operations: Vec::new(),
        }
    }

    /// With former people, whose largest id ever was `last`.
    /// `recalled` says whose records were before somebody merged them: whoever goes back to that, or would be new, gets the
    /// id back, if it is nobody's now.
    pub(crate) fn keeping(
        people: u32,
        votes: Votes,
        recalled: Recalled,
        last: u32,
        weakest: &dyn Fn(u32) -> Option<Step>,
    ) -> Self {
        let votes = votes.sorted();
        let mut ids = vec![0; people as usize + 1];
        let mut taken = FxHashSet::default();
        let gone = recalled.gone(&votes);
        let stay = |(person, former, _): &&(u32, u32, u32)| !gone.contains(&(*person, *former));
        give(&mut ids, &mut taken, votes.iter().filter(stay));
        let kept = taken.len() as u64;
        taken.extend(votes.iter().map(|(_, former, _)| *former));
        give(&mut ids, &mut taken, recalled.votes().sorted().iter());
        let mut next = votes
            .iter()
            .map(|(_, former, _)| *former)
            .max()
            .unwrap_or_default()
            .max(last);
        for id in ids.iter_mut().skip(1).filter(|id| **id == 0) {
            next += 1;
            *id = next;
        }
        let operations = operations(&votes, &ids, weakest);
        Self {
            ids,
            last: next,
            kept,
            operations,
        }
    }

    /// People with an id that nobody had.
    pub(crate) fn new_people(&self) -> u64 {
        self.ids.len() as u64 - 1 - self.kept
    }

    /// The id of the person at a place.
    pub(crate) fn id(&self, place: u32) -> u32 {
        self.ids[place as usize]
    }
}

/// Gives ids to those who have none: the strongest claim first, each id once.
fn give<'a>(ids: &mut [u32], taken: &mut FxHashSet<u32>, votes: impl Iterator<Item = &'a (u32, u32, u32)>) {
    let mut strongest: Vec<&(u32, u32, u32)> = votes.collect();
    strongest.sort_by_key(|(person, former, count)| (Reverse(*count), *former, *person));
    for (person, former, _) in strongest {
        if ids[*person as usize] == 0 && taken.insert(*former) {
            ids[*person as usize] = *former;
        }
    }
}

/// The text of an id, as it stands in tables.
pub(crate) fn person_id(id: u32) -> String {
    format!("P{id:08}")
}

/// Puts the text of an id in place of what was in `text`.
pub(crate) fn put_person_id(text: &mut String, id: u32) {
    text.clear();
    text.push('P');
    let digits = id.checked_ilog10().map_or(1, |below| below + 1).max(8);
    let mut unit = 10_u32.pow(digits - 1);
    while unit > 0 {
        text.push(char::from(b'0' + (id / unit % 10) as u8));
        unit /= 10;
    }
}

/// The integer of a `person_id`.
pub(crate) fn parse_person_id(text: &str) -> Option<u32> {
    text.strip_prefix('P')?.parse().ok()
}

fn operations(
    votes: &[(u32, u32, u32)],
    ids: &[u32],
    weakest: &dyn Fn(u32) -> Option<Step>,
) -> Vec<Operation> {
    let operation = |operation, mut before: Vec<u32>, mut after: Vec<u32>, rule| {
        before.sort_unstable();
        after.sort_unstable();
        let texts = |ids: Vec<u32>| ids.into_iter().map(person_id).collect();
        let (author, reason) = ("counted".to_owned(), "records changed".to_owned());
        Operation {
            operation,
            author,
            before: texts(before),
            after: texts(after),
            reason,
            rule,
            ..Operation::default()
        }
    };
    let mut found = Vec::new();
    for group in votes.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let before = group.iter().map(|(_, former, _)| *former).collect();
        let person = group[0].0;
        let rule = weakest(person).map(|step| step.name().to_owned());
        found.push(operation(Kind::Merge, before, vec![ids[person as usize]], rule));
    }
    let mut by_former: Vec<(u32, u32)> = votes
        .iter()
        .map(|(person, former, _)| (*former, *person))
        .collect();
    by_former.sort_unstable();
    for group in by_former
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
    {
        let after = group.iter().map(|(_, person)| ids[*person as usize]).collect();
        found.push(operation(Kind::Split, vec![group[0].0], after, None));
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::{Kind, Numbering, Recalled, Votes, parse_person_id, person_id, put_person_id};
    use crate::cascade::Step;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn keeping(people: u32, votes: &[(u32, u32, u32)], last: u32) -> Numbering {
        let mut heard = Votes::default();
        for &(person, former, count) in votes {
            (0..count).for_each(|_| heard.add(person, former));
        }
        Numbering::keeping(people, heard, Recalled::default(), last, &|_| Some(Step::LocalId))
    }

    fn ids(numbering: &Numbering, people: u32) -> Vec<u32> {
        (1..=people).map(|place| numbering.id(place)).collect()
    }

    #[test]
    fn ids_read_as_written() {
        assert_eq!(person_id(12), "P00000012");
        assert_eq!(parse_person_id("P00000012"), Some(12));
        assert_eq!(parse_person_id(&person_id(u32::MAX)), Some(u32::MAX));
        assert_eq!(parse_person_id("12"), None);
        assert_eq!(parse_person_id("P1x"), None);
        for id in [
            0,
            7,
            99_999_999,
            100_000_000,
            123_456_789,
            999_999_999,
            1_000_000_000,
            u32::MAX,
        ] {
            let mut text = "former".to_owned();
            put_person_id(&mut text, id);
            assert_eq!(text, person_id(id));
        }
    }

    #[test]
    fn a_person_keeps_the_id_of_most_of_its_records() {
        // Three people; the first was 7 and 8, most of it 8. Nobody was the third.
        let numbering = keeping(3, &[(1, 7, 1), (1, 8, 3), (2, 9, 1)], 9);
        assert_eq!(ids(&numbering, 3), [8, 9, 10]);
        let [merge] = numbering.operations.as_slice() else {
            panic!("one operation")
        };
        assert_eq!(
            (merge.operation, merge.before.join(" "), merge.after.join(" ")),
            (Kind::Merge, "P00000007 P00000008".into(), "P00000008".into())
        );
        assert_eq!(merge.rule.as_deref(), Some("local number"));
    }

    #[test]
    fn of_a_split_person_the_larger_part_keeps_the_id() {
        let numbering = keeping(2, &[(1, 4, 1), (2, 4, 2)], 4);
        assert_eq!(ids(&numbering, 2), [5, 4]);
        assert_eq!(numbering.operations[0].operation, Kind::Split);
        // Ties go to the smaller former id, then to the earlier person.
        assert_eq!(ids(&keeping(1, &[(1, 6, 2), (1, 3, 2)], 6), 1), [3]);
        assert_eq!(ids(&keeping(2, &[(1, 6, 2), (2, 6, 2)], 6), 2), [6, 7]);
    }

    #[test]
    fn an_id_that_was_given_once_is_never_given_to_somebody_else() {
        // Person 9 of an earlier run is gone: the new one is 10.
        assert_eq!(ids(&keeping(2, &[(1, 4, 1)], 9), 2), [4, 10]);
    }

    #[test]
    fn an_id_comes_back_to_the_records_that_had_it_and_to_nobody_else() {
        let votes = |list: &[(u32, u32)]| {
            let mut votes = Votes::default();
            list.iter()
                .for_each(|(person, former)| votes.add(*person, *former));
            votes
        };
        let given = |recalled: &[(u32, u32)]| {
            let now = votes(&[(1, 4), (1, 4), (2, 4), (3, 6)]);
            let mut merged = Recalled::default();
            for &(person, earlier) in recalled {
                merged.add(person, 4, earlier, false);
            }
            let numbering = Numbering::keeping(3, now, merged, 9, &|_| None);
            ids(&numbering, 3)
        };
        assert_eq!(given(&[(2, 5)]), [4, 5, 6], "5 was merged into 4");
        assert_eq!(given(&[(2, 6)]), [4, 10, 6], "6 is somebody");
        assert_eq!(given(&[(1, 5)]), [4, 10, 6], "whoever has an id keeps it");
    }

    #[test]
    fn whoever_was_merged_by_a_decision_goes_back_when_it_is_withdrawn() {
        // Who had person 4, with how many records; and of these, how many had another id before, and by that decision or not.
        type Part = (u32, u32, u32, bool);
        let given = |parts: &[Part]| {
            let (mut now, mut merged) = (Votes::default(), Recalled::default());
            merged.fell_apart(4);
            for (person, &(records, before, earlier, by_decision)) in (1..).zip(parts) {
                (0..records).for_each(|_| now.add(person, 4));
                (0..before).for_each(|_| merged.add(person, 4, earlier, by_decision));
            }
            let people = parts.len() as u32;
            ids(&Numbering::keeping(people, now, merged, 9, &|_| None), people)
        };
        assert_eq!(
            given(&[(1, 1, 5, true), (1, 0, 0, false)]),
            [5, 4],
            "listed first"
        );
        assert_eq!(given(&[(1, 0, 0, false), (3, 1, 5, true)]), [4, 5], "grown since");
        let other = [(3, 1, 5, true), (2, 1, 6, false)];
        assert_eq!(
            given(&other),
            [5, 4],
            "who kept the id was another before as well"
        );
        let three = [(3, 2, 5, true), (1, 1, 6, true)];
        assert_eq!(given(&three), [4, 6], "of three, two stay together");
        assert_eq!(
            given(&[(2, 2, 5, true), (1, 1, 6, true)]),
            [5, 6],
            "whose it was is gone"
        );
        assert_eq!(given(&[(3, 1, 5, true)]), [4], "nobody parted");
    }

    proptest! {
        #[test]
        fn ids_are_unique_and_unchanged_people_keep_theirs(
            votes in prop::collection::btree_map((1u32..12, 1u32..12), 1u32..4, 0..20),
        ) {
            let votes: Vec<(u32, u32, u32)> = votes.into_iter().map(|((person, former), count)| (person, former, count)).collect();
            let numbering = keeping(12, &votes, 11);
            let given = ids(&numbering, 12);
            prop_assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 12);
            let mut of_person: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            let mut of_former: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for (person, former, _) in &votes {
                of_person.entry(*person).or_default().push(*former);
                of_former.entry(*former).or_default().push(*person);
            }
            for (person, formers) in &of_person {
                if let [former] = formers.as_slice()
                    && of_former[former].len() == 1
                {
                    prop_assert_eq!(numbering.id(*person), *former);
                }
            }
            let merges = of_person.values().filter(|formers| formers.len() > 1).count();
            let splits = of_former.values().filter(|people| people.len() > 1).count();
            prop_assert_eq!(numbering.operations.len(), merges + splits);
        }
    }
}
