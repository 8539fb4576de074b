//! The answers from what an analyst would type.

use std::collections::BTreeMap;
use std::path::Path;

use vocabulary::date::Date;

use crate::answer::{Asked, Case};

/// From the lists that `counted find` wrote into the folder: `found.csv` and `evidence.csv`.
pub(crate) fn answer(out: &Path) {
    let (mut asked, mut numbers) = (Asked::default(), BTreeMap::new());
    let day = |cell: &str| (!cell.is_empty()).then(|| cell.parse::<Date>().unwrap());
    for line in csv::Reader::from_path(out.join("found.csv")).unwrap().records() {
        let line = line.unwrap();
        numbers.insert(line[0].to_owned(), line[2].to_owned());
        let case = Case {
            tier: line[3].to_owned(),
            date: day(&line[5]),
            organisation: line[8].to_owned(),
            death: day(&line[13]),
        };
        asked.cases.insert(line[2].to_owned(), case);
    }
    for line in csv::Reader::from_path(out.join("evidence.csv"))
        .unwrap()
        .records()
    {
        let line = line.unwrap();
        if let Some(date) = day(&line[4]) {
            asked.evidence(numbers[&line[0]].clone(), &line[1], date);
        }
    }
    asked.write(out);
}
