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
    counts: FxHashMap<(u32, u32), u32>,
}

impl Said {
    pub(crate) fn hear(&mut self, person: u32, says: u32) {
        if says != 0 {
            *self.counts.entry((person, says)).or_default() += 1;
        }
    }

    /// The most frequent ethnicity and deprivation of each person, in order of person; ties by smallest.
    pub(crate) fn most_frequent<'a>(&self, list: &'a [Says]) -> (ByPerson<'a>, ByPerson<'a>) {
        (
            self.most(|says| list.get(says as usize)?.0.as_deref()),
            self.most(|says| list.get(says as usize)?.1.as_deref()),
        )
    }

    fn most<'a>(&self, text: impl Fn(u32) -> Option<&'a str>) -> ByPerson<'a> {
        #[allow(clippy::iter_over_hash_type, reason = "sorted below")]
        let mut heard: Vec<(u32, &str, u32)> = self
            .counts
            .iter()
            .filter_map(|((person, says), count)| Some((*person, text(*says)?, *count)))
            .collect();
        heard.sort_unstable();
        // Two sayings may agree in one of their parts.
        heard.dedup_by(|later, first| {
            let same = (later.0, later.1) == (first.0, first.1);
            if same {
                first.2 += later.2;
            }
            same
        });
        heard.sort_unstable_by(|(a, x, n), (b, y, m)| a.cmp(b).then(m.cmp(n)).then(x.cmp(y)));
        heard.dedup_by_key(|(person, ..)| *person);
        heard
            .into_iter()
            .map(|(person, text, _)| (person, text))
            .collect()
    }
}
