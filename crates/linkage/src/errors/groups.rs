//! Expectations added up by groups of records and by person.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Expected, Stands};
use crate::cascade::{FEMALE, Identities, Identity, MALE};
use crate::kept::{Apart, Everybody};
use crate::threads::{fill_in_parts, in_parts};
use crate::weigh::draw::{KNOWN, OFTEN};

/// Sums of a group, in billionths of a link.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) records: u64,
    pub(crate) false_links: u64,
    pub(crate) missed_links: u64,
}

impl Sums {
    /// Adds records that each stand for as much.
    pub(super) fn add(&mut self, records: u64, stands: Stands) {
        self.records += records;
        self.false_links += u64::from(stands.false_links) * records;
        self.missed_links += u64::from(stands.missed_links) * records;
    }

    /// Adds other sums.
    pub(super) fn add_all(&mut self, other: Self) {
        self.records += other.records;
        self.false_links += other.false_links;
        self.missed_links += other.missed_links;
    }
}

impl Expected {
    /// What records stand for together, by their identities.
    pub(crate) fn sums(&self, identities: &[u32]) -> Sums {
        let of = |identity: &u32| self.of.get(*identity as usize).copied();
        let mut sums = Sums::default();
        for identity in identities {
            sums.add(1, of(identity).unwrap_or_default());
        }
        sums
    }
}

/// Sums by file: made while the records are written, since only they know theirs.
pub(crate) struct ByFile<'a> {
    expected: &'a Expected,
    files: Vec<Sums>,
}

impl<'a> ByFile<'a> {
    /// For so many files.
    pub(crate) fn new(expected: &'a Expected, files: usize) -> Self {
        Self {
            expected,
            files: vec![Sums::default(); files],
        }
    }

    /// What is expected of the records' identities.
    pub(crate) fn expected(&self) -> &'a Expected {
        self.expected
    }

    /// Hears of records of a file, by their identities.
    pub(crate) fn hear(&mut self, file: usize, identities: &[u32]) {
        self.add(file, self.expected.sums(identities));
    }

    /// Hears what records of a file stand for together.
    pub(crate) fn add(&mut self, file: usize, sums: Sums) {
        if let Some(of_file) = self.files.get_mut(file) {
            of_file.add_all(sums);
        }
    }

    pub(super) fn into_files(self) -> Vec<Sums> {
        self.files
    }
}

/// Sums by person's number, of people with numbers up to `last`.
pub(crate) fn of_people(
    expected: &Expected,
    table: &Identities,
    everybody: &Everybody,
    apart: &Apart,
    (last, threads): (u32, usize),
) -> Vec<Stands> {
    let mut persons = vec![Stands::default(); last as usize + 1];
    // Each thread goes through all identities, and adds up the people of its part.
    fill_in_parts(threads, &mut persons, |first, part| {
        let mut add = |person: u32, stands: Stands, records: u32| {
            let own = (person as usize).checked_sub(first);
            if let Some(own) = own.and_then(|own| part.get_mut(own)) {
                let more = |of: u32, more: u32| of.saturating_add(more.saturating_mul(records));
                own.false_links = more(own.false_links, stands.false_links);
                own.missed_links = more(own.missed_links, stands.missed_links);
            }
        };
        let steps = everybody.linked.steps.iter();
        let all = steps
            .zip(&everybody.persons)
            .zip(&table.records)
            .zip(&expected.of);
        for (((step, person), records), stands) in all {
            // Records that stay apart are people of their own: one of them, or those of the list.
            if step.is_some() || *records == 1 {
                add(*person, *stands, *records);
            }
        }
        for record in apart.all() {
            let stands = expected.of.get(record.identity as usize).copied();
            add(record.person, stands.unwrap_or_default(), 1);
        }
    });
    persons
}

/// Groups by what they are grouped by and their name.
pub(super) type Groups = BTreeMap<(&'static str, String), Sums>;

/// Sums of what identities tell by themselves.
#[derive(Default)]
struct Told {
    all: Sums,
    sexes: [Sums; 3],
    orders: [Sums; 4],
    decades: Vec<Sums>,
    organisations: FxHashMap<u32, Sums>,
}

impl Told {
    fn add(&mut self, row: &Identity, order: usize, sums: Sums) {
        self.all.add_all(sums);
        self.sexes[usize::from(row.sex).min(2)].add_all(sums);
        self.orders[order].add_all(sums);
        let decade = if row.born.is_some() {
            row.born.year() as usize / 10
        } else {
            0
        };
        self.decade(decade).add_all(sums);
        self.organisations
            .entry(row.organisation)
            .or_default()
            .add_all(sums);
    }

    fn decade(&mut self, decade: usize) -> &mut Sums {
        if decade >= self.decades.len() {
            self.decades.resize(decade + 1, Sums::default());
        }
        &mut self.decades[decade]
    }

    fn add_all(&mut self, other: Self) {
        self.all.add_all(other.all);
        let (sexes, orders) = (other.sexes.into_iter(), other.orders.into_iter());
        self.sexes
            .iter_mut()
            .zip(sexes)
            .for_each(|(own, more)| own.add_all(more));
        self.orders
            .iter_mut()
            .zip(orders)
            .for_each(|(own, more)| own.add_all(more));
        for (decade, more) in other.decades.into_iter().enumerate() {
            self.decade(decade).add_all(more);
        }
        #[allow(clippy::iter_over_hash_type, reason = "added up as whole numbers")]
        for (word, more) in other.organisations {
            self.organisations.entry(word).or_default().add_all(more);
        }
    }
}

/// What all identities tell, added up on several threads.
fn told_by_all(table: &Identities, expected: &Expected, threads: usize) -> Told {
    let order = NameOrder::of(table, threads);
    let parts = in_parts(threads, &table.rows, |first, part| {
        let mut told = Told::default();
        for (row, at) in part.iter().zip(first..) {
            let mut sums = Sums::default();
            sums.add(u64::from(table.records[at]), expected.of[at]);
            told.add(row, order.of_row(row), sums);
        }
        told
    });
    let mut told = Told::default();
    parts.into_iter().for_each(|part| told.add_all(part));
    told
}

/// Sums of groups that identities tell by themselves.
pub(super) fn by_identity(
    table: &Identities,
    expected: &Expected,
    is_organisation: &dyn Fn(&str) -> bool,
    threads: usize,
) -> Groups {
    let Told {
        all,
        sexes,
        orders,
        decades,
        organisations,
    } = told_by_all(table, expected, threads);
    let mut groups = Groups::new();
    groups.insert(("all", "all".to_owned()), all);
    let mut put = |grouping: &'static str, group: String, sums: Sums| {
        if sums.records > 0 {
            groups.insert((grouping, group), sums);
        }
    };
    for (code, sums) in sexes.into_iter().enumerate() {
        let group = match code as u8 {
            FEMALE => "female",
            MALE => "male",
            _ => NOT_RECORDED,
        };
        put("sex", group.to_owned(), sums);
    }
    for (group, sums) in NameOrder::GROUPS.into_iter().zip(orders) {
        put("name_order", group.to_owned(), sums);
    }
    for (decade, sums) in decades.into_iter().enumerate() {
        let group = if decade == 0 {
            NOT_RECORDED.to_owned()
        } else {
            format!("{decade}0s")
        };
        put("birth_decade", group, sums);
    }
    #[allow(clippy::iter_over_hash_type, reason = "put into a map in order")]
    for (word, sums) in organisations {
        let group = match table.words.text(word) {
            "" => NOT_RECORDED,
            text if is_organisation(text) => text,
            _ => OTHER,
        };
        let group = groups.entry(("organisation", group.to_owned())).or_default();
        group.add_all(sums);
    }
    groups
}

/// The group of whatever says something that is not a code.
pub(super) const OTHER: &str = "other";
/// The group of whatever does not say.
pub(super) const NOT_RECORDED: &str = "not recorded";

/// How often each word is a given and a family name. Linkage that errs more for names of another order than the form's
/// errs against people.
#[derive(Default)]
struct NameOrder {
    given: Vec<u32>,
    family: Vec<u32>,
}

impl NameOrder {
    const GROUPS: [&'static str; 4] = [
        "no name",
        "as the form has it",
        "the given name is known as a family name",
        "names in each other's place",
    ];

    fn of(table: &Identities, threads: usize) -> Self {
        let words = table.words.len() + 1;
        let parts = in_parts(threads, &table.rows, |_, part| {
            let (mut given, mut family) = (vec![0; words], vec![0; words]);
            let count = |counts: &mut [u32], word: u32| {
                if let Some(count) = counts.get_mut(word as usize).filter(|_| word != 0) {
                    *count += 1;
                }
            };
            for row in part {
                count(&mut given, row.given);
                count(&mut family, row.family);
            }
            Self { given, family }
        });
        let add = |counts: &mut [u32], more: &[u32]| {
            counts.iter_mut().zip(more).for_each(|(own, more)| *own += more);
        };
        let all = parts.into_iter().reduce(|mut all, part| {
            add(&mut all.given, &part.given);
            add(&mut all.family, &part.family);
            all
        });
        all.unwrap_or_default()
    }

    fn of_row(&self, row: &Identity) -> usize {
        if !row.named() {
            return 0;
        }
        let at = |counts: &[u32], word: u32| counts.get(word as usize).copied().unwrap_or_default();
        let rather = |this: u32, other: u32| this >= KNOWN && this >= OFTEN * other;
        let first = rather(at(&self.family, row.given), at(&self.given, row.given));
        let second = rather(at(&self.given, row.family), at(&self.family, row.family));
        match (first, second) {
            (true, true) => 3,
            (true, false) => 2,
            _ => 1,
        }
    }
}
