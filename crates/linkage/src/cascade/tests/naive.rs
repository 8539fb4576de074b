//! The cascade once more, as slowly and plainly as it can be said: every pair is looked at, clusters are lists, and
//! every question goes through all members. Only the comparison of two identities (`Step::agrees`) is shared.

use std::collections::{BTreeMap, BTreeSet};

use super::row::{Row, table};
use crate::cascade::birth::{BirthAgreement, Born};
use crate::cascade::identity::{Identity, kind};
use crate::cascade::name::{family_may_be, given_may_be};
use crate::cascade::step::{Shares, Trust};
use crate::cascade::trial::Trial;
use crate::cascade::{Identities, Options, Step};

/// The partition of the rows: for each row a number; rows of one person have the same.
pub(crate) fn people(rows: &[Row], options: &Options) -> Vec<usize> {
    let (mut table, places) = table(rows);
    blank(&mut table, options);
    let mut naive = Naive {
        clusters: (0..table.rows.len()).map(|place| vec![place]).collect(),
        settled: vec![false; table.rows.len()],
        table: &table,
        options,
        common: BTreeSet::new(),
    };
    for step in Step::ALL {
        if step == Step::NameBirthDate {
            naive.common_names();
        }
        naive.step(step);
    }
    let numbers = places.iter().enumerate().map(|(row, &place)| {
        let place = place as usize;
        if naive.settled[place] {
            naive.cluster(place)
        } else {
            places.len() * 10 + row
        }
    });
    numbers.collect()
}

struct Naive<'a> {
    table: &'a Identities,
    options: &'a Options,
    clusters: Vec<Vec<usize>>,
    settled: Vec<bool>,
    common: BTreeSet<(u32, u32)>,
}

impl Naive<'_> {
    fn row(&self, place: usize) -> Identity {
        let mut row = self.table.rows[place];
        row.common_name = self.common.contains(&(row.family, row.given));
        row
    }

    fn cluster(&self, place: usize) -> usize {
        self.clusters
            .iter()
            .position(|cluster| cluster.contains(&place))
            .unwrap()
    }

    fn agrees(&self, step: Step, a: usize, b: usize) -> bool {
        step.agrees(&self.table.words, &self.row(a), &self.row(b))
    }

    fn join(&mut self, a: usize, b: usize) {
        let (x, y) = (self.cluster(a), self.cluster(b));
        for place in [a, b] {
            self.settled[place] |= self.clusters[self.cluster(place)].len() == 1;
        }
        if x != y {
            let moved = self.clusters.remove(x.max(y));
            self.clusters[x.min(y)].extend(moved);
        }
    }

    fn step(&mut self, step: Step) {
        if self.trial(step).verdict(step.trust(), self.options).is_some() {
            return;
        }
        match step {
            Step::Key => self.keys(),
            _ => self.pairs(step),
        }
    }

    fn trial(&self, step: Step) -> Trial {
        let mut trial = Trial::default();
        if step.trust() == Trust::Given {
            return trial;
        }
        let all = 0..self.table.rows.len();
        for own in all.clone().filter(|&own| step.is_for(&self.row(own))) {
            let number = self.row(own).number;
            let fits = all.clone().filter(|&other| {
                other != own && step.fits(&self.table.words, &self.row(own), &self.row(other))
            });
            let others: BTreeSet<u64> = fits
                .map(|other| self.row(other).number)
                .filter(|&n| n != 0 && kind(n) == kind(number))
                .collect();
            match (number, others.len()) {
                (0, _) | (_, 0) => {}
                (_, 1) if others.contains(&number) => trial.right += 1,
                (_, 1) => trial.wrong += 1,
                _ => trial.refused += 1,
            }
        }
        trial
    }

    /// Each identity goes to the first person under its key that nothing speaks against.
    fn keys(&mut self) {
        let all = 0..self.table.rows.len();
        let mut keys: Vec<u32> = Vec::new();
        for key in all.clone().map(|place| self.row(place).key) {
            if key != 0 && !keys.contains(&key) {
                keys.push(key);
            }
        }
        for key in keys {
            let mut heads: Vec<usize> = Vec::new();
            let members: Vec<usize> = all.clone().filter(|&place| self.row(place).key == key).collect();
            for place in members {
                let home = heads.iter().copied().find(|&head| {
                    let head = self.cluster(head);
                    self.against(
                        Step::Key,
                        &self.clusters[head],
                        &self.clusters[self.cluster(place)],
                    )
                    .is_none()
                });
                match home {
                    Some(head) => self.join(head, place),
                    None if heads.len() < self.options.people_per_group as usize => {
                        heads.push(place);
                        self.settled[place] |= self.table.records[place] > 1;
                    }
                    None => {}
                }
            }
        }
    }

    fn pairs(&mut self, step: Step) {
        let all = 0..self.table.rows.len();
        let crowded = self.crowded(step);
        let free = |place: &usize| !crowded.contains(place);
        let mut edges: BTreeSet<(usize, usize)> = BTreeSet::new();
        for a in all.clone().filter(free) {
            for b in all.clone().filter(free) {
                if self.cluster(a) != self.cluster(b) && self.agrees(step, a, b) {
                    // A cluster goes by its smallest member.
                    let head = |place| *self.clusters[self.cluster(place)].iter().min().unwrap();
                    edges.insert((head(a).min(head(b)), head(a).max(head(b))));
                }
            }
        }
        let sure = |edge: &(usize, usize)| unasked(step) || self.may(step, *edge);
        let open: BTreeSet<(usize, usize)> = edges.into_iter().filter(sure).collect();
        let torn: BTreeSet<usize> = all.clone().filter(|&head| self.torn(step, head, &open)).collect();
        let torn_members: BTreeSet<usize> = torn
            .iter()
            .flat_map(|&head| self.clusters[self.cluster(head)].clone())
            .collect();
        for (a, b) in open {
            if !torn.contains(&a) && !torn.contains(&b) && (unasked(step) || self.may(step, (a, b))) {
                self.join(a, b);
            }
        }
        for place in all.filter(|place| free(place) && !torn_members.contains(place)) {
            if self.table.records[place] > 1 && self.agrees(step, place, place) {
                self.settled[place] = true;
            }
        }
    }

    /// Members of groups with more people than one value can have.
    fn crowded(&self, step: Step) -> BTreeSet<usize> {
        let mut groups: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
        for place in 0..self.table.rows.len() {
            if let Some(value) = value(&self.row(place), step.shares()) {
                groups.entry(value).or_default().push(place);
            }
        }
        groups.retain(|_, members| {
            let people: BTreeSet<usize> = members.iter().map(|&member| self.cluster(member)).collect();
            !unasked(step) && people.len() > self.options.people_per_group as usize
        });
        groups.into_values().flatten().collect()
    }

    fn may(&self, step: Step, (a, b): (usize, usize)) -> bool {
        self.against(
            step,
            &self.clusters[self.cluster(a)],
            &self.clusters[self.cluster(b)],
        )
        .is_none()
    }

    fn torn(&self, step: Step, head: usize, edges: &BTreeSet<(usize, usize)>) -> bool {
        let edge = |a: usize, b: usize| edges.contains(&(a.min(b), a.max(b)));
        let only_one = step.wants_only_one();
        let near: Vec<usize> = (0..self.table.rows.len())
            .filter(|&other| edge(head, other))
            .collect();
        let apart =
            |x: usize, y: usize| self.apart(&self.clusters[self.cluster(x)], &self.clusters[self.cluster(y)]);
        !unasked(step)
            && step != Step::NumberNearBirthDate
            && (near.len() > self.options.people_per_group as usize
                || near.iter().any(|&x| {
                    near.iter()
                        .any(|&y| x < y && !edge(x, y) && (only_one || apart(x, y)))
                }))
    }

    /// True when every pair of stated values of two clusters fails, and there is at least one pair.
    fn none<T: Copy>(
        &self,
        a: &[usize],
        b: &[usize],
        of: impl Fn(Identity) -> Option<T>,
        may: impl Fn(T, T) -> bool,
    ) -> bool {
        let said = |members: &[usize]| -> Vec<T> {
            members.iter().filter_map(|&place| of(self.row(place))).collect()
        };
        let (a, b) = (said(a), said(b));
        !a.is_empty() && !b.is_empty() && a.iter().all(|&x| b.iter().all(|&y| !may(x, y)))
    }

    fn numbers_conflict(&self, a: &[usize], b: &[usize]) -> bool {
        let number = |row: Identity| (row.number != 0).then_some(row.number);
        let of_kind = |wanted: u64| move |row: Identity| number(row).filter(|&n| kind(n) == wanted);
        (1..=3).any(|kind| self.none(a, b, of_kind(kind), |x, y| x == y))
    }

    fn numbers_differ(&self, a: &[usize], b: &[usize]) -> bool {
        let number = |row: Identity| (row.number != 0).then_some(row.number);
        self.none(a, b, number, |x, y| x == y)
    }

    fn births_conflict(&self, a: &[usize], b: &[usize]) -> bool {
        let differ = |x: Born, y: Born| x.agreement(y) == BirthAgreement::Differs;
        self.none(
            a,
            b,
            |row| row.born.is_some().then_some(row.born),
            |x, y| !differ(x, y),
        )
    }

    fn conflicts(&self, a: &[usize], b: &[usize]) -> (bool, bool, bool) {
        let text = |word: u32| self.table.words.text(word);
        let sex = self.none(a, b, |row| (row.sex != 0).then_some(row.sex), |x, y| x == y);
        let given = self.none(
            a,
            b,
            |row| (row.given != 0).then_some(row.given),
            |x, y| given_may_be(text(x), text(y)),
        );
        let family = self.none(
            a,
            b,
            |row| (row.family != 0).then_some(row.family),
            |x, y| family_may_be(text(x), text(y)),
        );
        let meet = |of: fn(Identity) -> u32, other: fn(Identity) -> u32| {
            a.iter().any(|&x| {
                b.iter()
                    .any(|&y| of(self.row(x)) != 0 && of(self.row(x)) == other(self.row(y)))
            })
        };
        let turned = meet(|row| row.given, |row| row.family) && meet(|row| row.family, |row| row.given);
        (sex, given && !turned, family && !turned)
    }

    fn apart(&self, a: &[usize], b: &[usize]) -> bool {
        let (sex, given, _) = self.conflicts(a, b);
        let agree = a.iter().any(|&x| {
            b.iter()
                .any(|&y| self.row(x).number != 0 && self.row(x).number == self.row(y).number)
        });
        self.numbers_conflict(a, b) || self.births_conflict(a, b) || (!agree && (sex || given))
    }

    /// `Some` when something speaks against joining; the rules of `facts`, said once more.
    fn against(&self, step: Step, a: &[usize], b: &[usize]) -> Option<()> {
        use Step as S;
        let (sex, given, family) = self.conflicts(a, b);
        // Under one key numbers of two kinds are as different as two of one.
        let numbers = match step {
            S::Key => {
                (self.numbers_conflict(a, b) || self.numbers_differ(a, b)) && self.births_conflict(a, b)
            }
            _ => self.numbers_conflict(a, b),
        };
        let slip = |x: Born, y: Born| {
            matches!(
                x.agreement(y),
                BirthAgreement::Same | BirthAgreement::Part | BirthAgreement::Slip
            )
        };
        let births = |members: &[usize]| -> Vec<Born> {
            members
                .iter()
                .map(|&place| self.row(place).born)
                .filter(|born| born.is_some())
                .collect()
        };
        let some_apart = births(a).iter().any(|&x| births(b).iter().any(|&y| !slip(x, y)));
        let other = match step {
            S::Decision | S::Key | S::NumberBirthDate | S::NameBirthDatePostcode => false,
            S::NumberNearBirthDate | S::NumberOnly => sex || (given && family),
            S::NumberName => sex && (given || family),
            S::NumberPostcode => sex || given,
            S::LocalId | S::NameBirthDateOrganisation | S::GivenNameBirthDatePostcode => sex || given,
            S::NearNameBirthDatePostcode | S::NameBirthDate | S::BirthDateSexPostcode => sex || given,
            S::WeighedBirthDatePostcode | S::WeighedBirthDateOrganisation | S::WeighedNamePostcode => {
                sex || given
            }
            S::NamePostcode => some_apart || sex || given,
            S::BirthDateSexOrganisation | S::BirthDateOrganisation => sex || given || family,
        };
        (numbers || other).then_some(())
    }

    fn common_names(&mut self) {
        let people = |of: &dyn Fn(Identity) -> Option<(u32, u32)>| {
            let mut bearers: BTreeMap<(u32, u32), BTreeSet<usize>> = BTreeMap::new();
            for place in 0..self.table.rows.len() {
                if let Some(value) = of(self.row(place)) {
                    bearers.entry(value).or_default().insert(self.cluster(place));
                }
            }
            bearers
        };
        let births = people(&|row| row.born.is_whole().then_some((row.born.0, 0)));
        let all: usize = births.values().map(BTreeSet::len).sum();
        let pairs: usize = births
            .values()
            .map(|people| people.len() * (people.len() - 1))
            .sum();
        let dates = (all * all.saturating_sub(1) + 100_000) as f64 / (pairs + 5) as f64;
        let names = people(&|row| (row.family != 0 && row.given != 0).then_some((row.family, row.given)));
        let most = dates * self.options.chance_of_namesake;
        self.common = names
            .into_iter()
            .filter(|(_, bearers)| bearers.len() as f64 > most)
            .map(|(name, _)| name)
            .collect();
    }
}

/// Steps that join whatever the records say.
fn unasked(step: Step) -> bool {
    matches!(step, Step::Decision | Step::NumberBirthDate)
}

fn value(row: &Identity, shares: Shares) -> Option<Vec<u32>> {
    let born = if row.born.is_whole() { row.born.0 } else { 0 };
    let value = match shares {
        Shares::Decision => vec![row.decided],
        Shares::Key => vec![row.key],
        Shares::Number => vec![
            u32::from(row.number != 0),
            (row.number >> 32) as u32 + 1,
            row.number as u32,
        ],
        Shares::LocalId => vec![row.organisation, row.local],
        Shares::BirthDatePostcode => vec![born, row.postcode],
        Shares::BirthDateOrganisation => vec![born, row.organisation],
        Shares::NamedBirthDateOrganisation if row.family == 0 || row.given == 0 => return None,
        Shares::NamedBirthDateOrganisation => vec![born, row.organisation],
        Shares::NameBirthDate => vec![row.family, row.given, born],
        Shares::NameBirthDateOrganisation => vec![row.family, row.given, born, row.organisation],
        Shares::NamePostcode => vec![row.family, row.given, row.postcode],
    };
    (!value.contains(&0)).then_some(value)
}

fn blank(table: &mut Identities, options: &Options) {
    type Of<'a> = &'a dyn Fn(&Identity) -> Vec<u64>;
    let some = |value: u64| if value == 0 { vec![] } else { vec![value] };
    let born: Of<'_> = &|row| some(u64::from(if row.born.is_whole() { row.born.0 } else { 0 }));
    let local: Of<'_> = &|row| {
        if row.local == 0 || row.organisation == 0 {
            vec![]
        } else {
            vec![row.organisation.into(), row.local.into()]
        }
    };
    let person: Of<'_> = &|row| match (row.number, row.family, row.given) {
        (0, 0, _) | (0, _, 0) => vec![],
        (0, family, given) => vec![family.into(), given.into()],
        (number, _, _) => vec![number],
    };
    let count = |table: &Identities, value: Of<'_>, of: Of<'_>| {
        let mut seen: BTreeMap<Vec<u64>, BTreeSet<Vec<u64>>> = BTreeMap::new();
        for row in &table.rows {
            let (value, of) = (value(row), of(row));
            if !value.is_empty() && !of.is_empty() {
                seen.entry(value).or_default().insert(of);
            }
        }
        seen
    };
    let wipe =
        |table: &mut Identities, value: Of<'_>, of: Of<'_>, most: usize, blank: &dyn Fn(&mut Identity)| {
            let seen = count(table, value, of);
            for row in &mut table.rows {
                if seen.get(&value(row)).is_some_and(|people| people.len() > most) {
                    blank(row);
                }
            }
        };
    let caps = [
        options.birth_dates_per_key,
        options.birth_dates_per_number,
        options.birth_dates_per_local_number,
    ];
    wipe(
        table,
        &|row| some(row.key.into()),
        born,
        caps[0] as usize,
        &|row| row.key = 0,
    );
    wipe(table, &|row| some(row.number), born, caps[1] as usize, &|row| {
        row.number = 0
    });
    wipe(table, local, born, caps[2] as usize, &|row| row.local = 0);
    let births = count(table, born, person);
    let people: usize = births.values().map(BTreeSet::len).sum();
    let mean = people.div_ceil(births.len().max(1)) as u32;
    let most = options.people_per_birth_date + options.people_per_birth_date_times_mean * mean;
    wipe(table, born, person, most as usize, &|row| row.born = Born(0));
    wipe(
        table,
        &|row| some(row.postcode.into()),
        person,
        options.people_per_postcode as usize,
        &|row| row.postcode = 0,
    );
}
