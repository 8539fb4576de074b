//! Expectations added up by groups of records and by person.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Expected, Stands};
use crate::cascade::{FEMALE, Identities, Identity, MALE};
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

/// Sums by file, and by person: made while the records are written, since only they know both.
pub(crate) struct ByFile<'a> {
    expected: &'a Expected,
    files: Vec<Sums>,
    /// By person's number.
    persons: Vec<Stands>,
}

impl<'a> ByFile<'a> {
    /// For so many files, and people with numbers up to `last`.
    pub(crate) fn new(expected: &'a Expected, files: usize, last: u32) -> Self {
        Self {
            expected,
            files: vec![Sums::default(); files],
            persons: vec![Stands::default(); last as usize + 1],
        }
    }

    /// Hears of a record.
    pub(crate) fn hear(&mut self, file: usize, identity: u32, person: u32) {
        let stands = self
            .expected
            .of
            .get(identity as usize)
            .copied()
            .unwrap_or_default();
        if let Some(of_file) = self.files.get_mut(file) {
            of_file.add(1, stands);
        }
        if let Some(of_person) = self.persons.get_mut(person as usize) {
            of_person.false_links = of_person.false_links.saturating_add(stands.false_links);
            of_person.missed_links = of_person.missed_links.saturating_add(stands.missed_links);
        }
    }

    pub(super) fn into_parts(self) -> (Vec<Sums>, Vec<Stands>) {
        (self.files, self.persons)
    }
}

/// Groups by what they are grouped by and their name.
pub(super) type Groups = BTreeMap<(&'static str, String), Sums>;

/// Sums of groups that identities tell by themselves.
pub(super) fn by_identity(
    table: &Identities,
    expected: &Expected,
    is_organisation: &dyn Fn(&str) -> bool,
) -> Groups {
    let order = NameOrder::of(table);
    let mut all = Sums::default();
    let mut sexes = [Sums::default(); 3];
    let mut orders = [Sums::default(); 4];
    let mut decades: Vec<Sums> = Vec::new();
    let mut organisations: FxHashMap<u32, Sums> = FxHashMap::default();
    for ((row, records), stands) in table.rows.iter().zip(&table.records).zip(&expected.of) {
        let add = |sums: &mut Sums| sums.add(u64::from(*records), *stands);
        add(&mut all);
        add(&mut sexes[usize::from(row.sex).min(2)]);
        add(&mut orders[order.of_row(row)]);
        let decade = if row.born.is_some() {
            row.born.year() as usize / 10
        } else {
            0
        };
        if decade >= decades.len() {
            decades.resize(decade + 1, Sums::default());
        }
        add(&mut decades[decade]);
        add(organisations.entry(row.organisation).or_default());
    }
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

    fn of(table: &Identities) -> Self {
        let words = table.words.len() + 1;
        let (mut given, mut family) = (vec![0; words], vec![0; words]);
        let count = |counts: &mut [u32], word: u32| {
            if let Some(count) = counts.get_mut(word as usize).filter(|_| word != 0) {
                *count += 1;
            }
        };
        for row in &table.rows {
            count(&mut given, row.given);
            count(&mut family, row.family);
        }
        Self { given, family }
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
