//! The overlap table: how many people stand on which combination of lists.

use super::ListsError;
use crate::EstimateError;

/// The most lists that can be laid over each other: 4,095 combinations.
pub const MOST_LISTS: usize = 12;

/// A combination of lists as bits: bit *j* is set when the person stands on list *j*, counted from 0.
pub type History = u32;

/// What stands in a cell of the overlap table: people ([`u64`]), or people weighted by the chance that each is
/// rightly listed ([`f64`]).
pub trait Count: Copy + PartialEq {
    /// Nobody.
    const NONE: Self;
    /// The cell as a number; `None` when it is no count (negative or not finite).
    fn weight(self) -> Option<f64>;
    /// Both cells together.
    fn plus(self, other: Self) -> Self;
}

impl Count for u64 {
    const NONE: Self = 0;
    fn weight(self) -> Option<f64> {
        Some(self as f64)
    }
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }
}

impl Count for f64 {
    const NONE: Self = 0.0;
    fn weight(self) -> Option<f64> {
        (self.is_finite() && self >= 0.0).then_some(self)
    }
    fn plus(self, other: Self) -> Self {
        self + other
    }
}

/// What to do with a combination that comes twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeated {
    /// Add it up: rows are people or groups of people.
    Add,
    /// Refuse it: rows are a table, in which a second line is a mistake.
    Refuse,
}

/// The overlap table of *t* lists: their names, and a count for each of the 2ᵗ − 1 combinations.
///
/// A combination that is not given counts nobody. What is asked for, the people on no list, is never in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Histories<C: Count = u64> {
    names: Vec<String>,
    /// By history; the first, "on no list", is always nobody.
    counts: Vec<C>,
    people: f64,
}

impl<C: Count> Histories<C> {
    /// The overlap table of rows, each a combination and a count.
    ///
    /// **Errors.** No list or more than [`MOST_LISTS`]; a name that is empty, taken or could not be written in a
    /// model (`A:B,A:C`); a row on no list or on a list without a name; a combination given twice, where that is to be
    /// refused; a count that is none; nobody at all.
    pub fn from_rows<N: Into<String>>(
        names: impl IntoIterator<Item = N>,
        rows: impl IntoIterator<Item = (History, C)>,
        repeated: Repeated,
    ) -> Result<Self, EstimateError> {
        let names = checked_names(names.into_iter().map(Into::into).collect())?;
        let lists = names.len();
        let mut counts = vec![C::NONE; 1 << lists];
        let mut given = vec![false; 1 << lists];
        for (history, count) in rows {
            if history == 0 {
                return Err(ListsError::OnNoList.into());
            }
            count.weight().ok_or(ListsError::BadCount)?;
            let at = history as usize;
            let (Some(cell), Some(known)) = (counts.get_mut(at), given.get_mut(at)) else {
                return Err(ListsError::UnknownHistory { lists }.into());
            };
            if *known && repeated == Repeated::Refuse {
                let history = label(history, lists);
                return Err(ListsError::RepeatedHistory { history }.into());
            }
            *cell = cell.plus(count);
            *known = true;
        }
        let people: f64 = counts.iter().filter_map(|count| count.weight()).sum();
        if !people.is_finite() {
            return Err(EstimateError::NotFinite);
        }
        if people <= 0.0 {
            return Err(EstimateError::Empty);
        }
        Ok(Self {
            names,
            counts,
            people,
        })
    }

    /// How many lists there are.
    pub fn lists(&self) -> usize {
        self.names.len()
    }

    /// Their names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many stand on exactly this combination; nobody on one that cannot be.
    pub fn count(&self, history: History) -> C {
        self.counts.get(history as usize).copied().unwrap_or(C::NONE)
    }

    /// Every combination with its count, from the first list alone to all of them.
    pub fn cells(&self) -> impl Iterator<Item = (History, C)> + '_ {
        (0..).zip(self.counts.iter().copied()).skip(1)
    }

    /// The counts as numbers, by history; the first, on no list, is 0.
    pub fn weights(&self) -> Vec<f64> {
        self.counts
            .iter()
            .map(|count| count.weight().unwrap_or(0.0))
            .collect()
    }

    /// How many stand on at least one list.
    pub fn people(&self) -> f64 {
        self.people
    }

    /// How many stand on all of these lists, and perhaps on others.
    pub fn on_all(&self, lists: History) -> f64 {
        self.sum(|history| history & lists == lists)
    }

    /// How many stand on exactly so many lists.
    pub fn on_exactly(&self, lists: u32) -> f64 {
        self.sum(|history| history.count_ones() == lists)
    }

    /// How many stand on a combination of which something holds.
    pub(super) fn sum(&self, holds: impl Fn(History) -> bool) -> f64 {
        self.cells()
            .filter(|(history, _)| holds(*history))
            .filter_map(|(_, count)| count.weight())
            .sum()
    }

    /// One digit a list, in their order: 1 on it, 0 not.
    pub fn label(&self, history: History) -> String {
        label(history, self.lists())
    }

    /// The same table with counts as numbers.
    pub fn weighted(&self) -> Histories<f64> {
        Histories {
            names: self.names.clone(),
            counts: self.weights(),
            people: self.people,
        }
    }

    /// What every method asks first: two lists at least, somebody on each, somebody on two.
    pub(super) fn overlapping(&self, least: usize) -> Result<(), ListsError> {
        let found = self.lists();
        if found < 2 {
            return Err(ListsError::OneList);
        }
        if found < least {
            return Err(ListsError::TooFewLists { least, found });
        }
        for (list, name) in self.names.iter().enumerate() {
            if self.on_all(1 << list) <= 0.0 {
                return Err(ListsError::EmptyList { name: name.clone() });
            }
        }
        if self.sum(|history| history.count_ones() > 1) <= 0.0 {
            return Err(ListsError::NoOverlap);
        }
        Ok(())
    }
}

impl Histories<u64> {
    /// How many people stand on at least one list, as a count.
    pub fn seen(&self) -> u64 {
        self.counts
            .iter()
            .fold(0_u64, |sum, count| sum.saturating_add(*count))
    }
}

/// One digit a list: 1 on it, 0 not.
fn label(history: History, lists: usize) -> String {
    (0..lists)
        .map(|list| if history >> list & 1 == 1 { '1' } else { '0' })
        .collect()
}

/// Names that can be told apart and written in a model.
fn checked_names(names: Vec<String>) -> Result<Vec<String>, ListsError> {
    let found = names.len();
    if found == 0 || found > MOST_LISTS {
        let most = MOST_LISTS;
        return Err(ListsError::NumberOfLists { found, most });
    }
    for (at, name) in names.iter().enumerate() {
        let taken = names.iter().take(at).any(|other| other == name);
        if taken || name.is_empty() || name.trim() != name || name.contains([',', ':']) {
            return Err(ListsError::ListName { name: name.clone() });
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[(History, u64)], repeated: Repeated) -> Result<Histories, EstimateError> {
        Histories::from_rows(["A", "B"], rows.iter().copied(), repeated)
    }

    #[test]
    fn a_table_and_its_sums() {
        let table = rows(&[(1, 5), (3, 4)], Repeated::Refuse).unwrap();
        assert_eq!((table.lists(), table.seen(), table.people()), (2, 9, 9.0));
        assert_eq!(table.cells().collect::<Vec<_>>(), [(1, 5), (2, 0), (3, 4)]);
        assert_eq!(
            (table.on_all(1), table.on_all(2), table.on_exactly(1)),
            (9.0, 4.0, 5.0)
        );
        assert_eq!(
            (table.label(1), table.label(3), table.count(9)),
            ("10".to_owned(), "11".to_owned(), 0)
        );
        assert_eq!(table.weighted().count(3), 4.0);
    }

    #[test]
    fn rows_may_be_people() {
        let table = rows(&[(1, 1), (3, 1), (1, 1)], Repeated::Add).unwrap();
        assert_eq!((table.count(1), table.count(3)), (2, 1));
    }

    #[test]
    fn rows_that_are_refused() {
        let refused = |given: &[(History, u64)]| rows(given, Repeated::Refuse).unwrap_err();
        assert_eq!(refused(&[(0, 5)]), ListsError::OnNoList.into());
        assert_eq!(refused(&[(4, 5)]), ListsError::UnknownHistory { lists: 2 }.into());
        let twice = ListsError::RepeatedHistory {
            history: "10".to_owned(),
        };
        assert_eq!(refused(&[(1, 5), (1, 5)]), twice.into());
        assert_eq!(refused(&[]), EstimateError::Empty);
        assert_eq!(refused(&[(1, 0)]), EstimateError::Empty);
        for count in [-1.0, f64::NAN, f64::INFINITY] {
            let weighted = Histories::from_rows(["A", "B"], [(1, count)], Repeated::Refuse);
            assert_eq!(weighted, Err(ListsError::BadCount.into()));
        }
    }

    #[test]
    fn names_that_are_refused() {
        let named =
            |names: &[&str]| Histories::from_rows(names.iter().copied(), [(1, 5_u64)], Repeated::Refuse);
        for names in [vec!["A", "A"], vec![""], vec!["A:B"], vec!["A,B"], vec![" A"]] {
            assert!(
                matches!(
                    named(&names),
                    Err(EstimateError::Lists(ListsError::ListName { .. }))
                ),
                "{names:?}"
            );
        }
        assert!(named(&[]).is_err());
        let many: Vec<String> = (0..13).map(|list| list.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(
            named(&many),
            Err(ListsError::NumberOfLists { found: 13, most: 12 }.into())
        );
        assert!(named(&many[..12]).is_ok());
    }
}
