//! A record as a test writes it: plain text, invented people.

use crate::cascade::{Born, FEMALE, Given, Identities, Identity, MALE, Options, Step, link, number};

/// The identity columns of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) number: String,
    pub(crate) born: u32,
    pub(crate) family: String,
    pub(crate) given: String,
    pub(crate) sex: char,
    pub(crate) postcode: String,
    pub(crate) organisation: String,
    pub(crate) local: String,
    pub(crate) key: String,
    pub(crate) decided: u32,
}

/// Takes rows into a table; gives it with the identity of each row.
pub(crate) fn table(rows: &[Row]) -> (Identities, Vec<u32>) {
    let mut table = Identities::new();
    let places = rows.iter().map(|row| add(&mut table, row)).collect();
    table.close();
    (table, places)
}

pub(crate) fn add(table: &mut Identities, row: &Row) -> u32 {
    let words = &mut table.words;
    // A leading letter is the kind of number: C for CHI, H for HCN, none for NHS.
    let digits: String = row.number.chars().filter(char::is_ascii_digit).collect();
    let kind = match row.number.chars().next() {
        Some('C') => 2,
        Some('H') => 3,
        _ => 1,
    };
    let identity = Identity {
        number: if digits.is_empty() {
            0
        } else {
            number(kind, digits.parse().unwrap())
        },
        born: Born(row.born),
        family: words.word(&row.family),
        given: words.word(&row.given),
        postcode: words.word(&row.postcode),
        organisation: words.word(&row.organisation),
        local: words.word(&row.local),
        key: words.word(&row.key),
        decided: row.decided,
        sex: match row.sex {
            'F' => FEMALE,
            'M' => MALE,
            _ => 0,
        },
        common_name: false,
    };
    table.add(identity)
}

/// The person of each row (numbered by first row), and the step that joined it.
pub(crate) fn people(rows: &[Row], options: &Options) -> Vec<(u32, Option<Step>)> {
    let (mut table, places) = table(rows);
    let linked = link(&mut table, options, Given::default(), &|_| ());
    let mut numbers = std::collections::BTreeMap::new();
    let mut last = 0;
    let mut people = Vec::new();
    for place in places {
        let step = linked.steps[place as usize];
        // Without a step every record is a person of its own.
        let handle = step.map(|_| linked.roots[place as usize]);
        let person = match handle.and_then(|root| numbers.get(&root).copied()) {
            Some(person) => person,
            None => {
                last += 1;
                handle.map(|root| numbers.insert(root, last));
                last
            }
        };
        people.push((person, step));
    }
    assert_eq!(
        u64::from(last),
        linked.people,
        "the count of people kept by the cascade"
    );
    people
}
