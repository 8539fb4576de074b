//! What records say beside their identity (ethnicity, deprivation), counted per person.

use rustc_hash::FxHashMap;

use crate::kept::Says;

/// All that records say, each once. The first is nothing.
pub(crate) struct Sayings {
    list: Vec<Says>,
    by_text: FxHashMap<Says, u32>,
}

impl Sayings {
    /// Goes on with what former records said.
    pub(crate) fn new(list: Vec<Says>) -> Self {
        let by_text = list.iter().cloned().zip(0..).collect();
        Self { list, by_text }
    }

    pub(crate) fn place(&mut self, ethnicity: Option<&str>, deprivation: Option<&str>) -> u32 {
        if ethnicity.is_none() && deprivation.is_none() {
            return 0;
        }
        let says = (ethnicity.map(str::to_owned), deprivation.map(str::to_owned));
        if let Some(place) = self.by_text.get(&says) {
            return *place;
        }
        let place = self.list.len() as u32;
        self.list.push(says.clone());
        self.by_text.insert(says, place);
        place
    }

    pub(crate) fn list(&self) -> &[Says] {
        &self.list
    }
}

/// A value of each person that has one, in order of the person's id.
pub(crate) type ByPerson<'a> = Vec<(u32, &'a str)>;

/// How often each person's records say something.
#[derive(Default)]
pub(crate) struct Said {
    /// Person, saying and count, in order.
    counts: Vec<(u32, u32, u32)>,
    /// Person and saying of records that are not counted yet.
    heard: Vec<(u32, u32)>,
}

impl Said {
    pub(crate) fn hear(&mut self, person: u32, says: u32) {
        if says == 0 {
            return;
        }
        self.heard.push((person, says));
        // Counting now and then keeps what is held in proportion to people, not to records.
        if self.heard.len() > 1 << 16 && self.heard.len() > self.counts.len() {
            self.count();
        }
    }

    fn count(&mut self) {
        self.heard.sort_unstable();
        let room = Vec::with_capacity(self.counts.len() + self.heard.len());
        let before = std::mem::replace(&mut self.counts, room);
        let mut before = before.into_iter().peekable();
        for group in self.heard.chunk_by(|a, b| a == b) {
            let (person, says) = group[0];
            while let Some(other) = before.next_if(|(a, b, _)| (*a, *b) < (person, says)) {
                self.counts.push(other);
            }
            let counted = before.next_if(|(a, b, _)| (*a, *b) == (person, says));
            let count = counted.map_or(0, |(.., count)| count) + group.len() as u32;
            self.counts.push((person, says, count));
        }
        self.counts.extend(before);
        self.heard.clear();
    }

    /// The most frequent ethnicity and deprivation of each person, in order of person; ties by smallest.
    pub(crate) fn most_frequent(mut self, list: &[Says]) -> (ByPerson<'_>, ByPerson<'_>) {
        self.count();
        (
            self.most(|says| list.get(says as usize)?.0.as_deref()),
            self.most(|says| list.get(says as usize)?.1.as_deref()),
        )
    }

    fn most<'a>(&self, text: impl Fn(u32) -> Option<&'a str>) -> ByPerson<'a> {
        let mut most = ByPerson::new();
        let mut of_person: Vec<(&str, u32)> = Vec::new();
        for person in self.counts.chunk_by(|a, b| a.0 == b.0) {
            of_person.clear();
            let heard = person
                .iter()
                .filter_map(|(_, says, count)| Some((text(*says)?, *count)));
            of_person.extend(heard);
            of_person.sort_unstable();
            // Two sayings may agree in one of their parts.
            let sums = of_person
                .chunk_by(|a, b| a.0 == b.0)
                .map(|group| (group[0].0, group.iter().map(|(_, count)| count).sum::<u32>()));
            if let Some((text, _)) = sums.max_by_key(|(text, count)| (*count, std::cmp::Reverse(*text))) {
                most.push((person[0].0, text));
            }
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, Sayings};

    #[test]
    fn what_most_records_say_is_given_and_ties_go_to_the_smallest() {
        let mut sayings = Sayings::new(vec![(None, None)]);
        let mut said = Said::default();
        let records = [
            (7, Some("B"), Some("1")),
            (7, Some("A"), Some("1")),
            (7, Some("B"), Some("2")),
            (9, None, None),
            (3, Some("C"), None),
            (3, Some("A"), None),
        ];
        for (person, ethnicity, deprivation) in records {
            said.hear(person, sayings.place(ethnicity, deprivation));
            said.count();
        }
        let (ethnicity, deprivation) = said.most_frequent(sayings.list());
        assert_eq!(ethnicity, [(3, "A"), (7, "B")]);
        assert_eq!(deprivation, [(7, "1")]);
    }
}
