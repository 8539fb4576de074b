//! The manual, `weighing.md`, is run: every table of people in it is a case.

use std::sync::LazyLock;

use super::town::{FIELDS, Row, Town, table};
use crate::drawn::{self, Case};
use crate::weigh::{Linker, Model, Rule, Settings};

const MANUAL: &str = include_str!("../../../weighing.md");
/// The model by which the manual is judged; see [`the_model_is_made_anew`].
const MODEL: &str = include_str!("model.json");
/// The manual speaks of these.
const RULES: [&str; 5] = [
    "number",
    "born + family",
    "born + given",
    "given + family + postcode",
    "postcode + born.year",
];

static TOWN: LazyLock<Town> = LazyLock::new(|| Town::invented(12_000, 1));

/// The rows of a case, in the order of the fields.
fn rows(case: &Case) -> Vec<Row> {
    let field = |column: &str| FIELDS.iter().position(|(name, _)| *name == column);
    case.rows()
        .map(|cells| {
            let mut row = Row::default();
            for (column, cell) in cells {
                match (column, field(column)) {
                    (_, Some(field)) => cell.clone_into(&mut row[field]),
                    ("person" | "sure", None) => {}
                    (other, None) => panic!("{}: unknown column {other}", case.title),
                }
            }
            row
        })
        .collect()
}

/// The bands of the manual, from the surest.
fn bands() -> Vec<(String, f64)> {
    let all = drawn::cases(MANUAL);
    let words = all.first().unwrap();
    let from = words
        .column("probability")
        .into_iter()
        .map(|from| from.split(' ').next().unwrap().parse());
    let bands = words.column("word").into_iter().zip(from);
    bands
        .map(|(word, from)| (word.to_owned(), from.unwrap_or(0.0)))
        .collect()
}

/// What the program answers: by row, the letter of its person, and how sure it is that this is the first row's.
fn answer(case: &Case) -> (Vec<String>, Vec<String>) {
    let drawn = rows(case);
    let mut all = TOWN.rows.clone();
    let first = all.len() as u32;
    all.extend(drawn.iter().cloned());
    let table = table(&FIELDS, &all);
    let model = Model::read(MODEL).unwrap();
    let (linker, mut learnt) = Linker::with_model(&table, Settings::default(), model).unwrap();
    let mut weighed = linker.weigh(&mut learnt).unwrap();
    let mut sure = vec![0.0; drawn.len()];
    for pair in weighed.pairs.in_order().unwrap().map(Result::unwrap) {
        if pair.a == first {
            sure[(pair.b - first) as usize] = f64::from(pair.probability);
        }
    }
    let decided = linker.decide(&mut learnt, &mut weighed).unwrap();
    let mut people: Vec<u32> = Vec::new();
    let mut letter = |person: u32| {
        assert!(person >= first, "{}: joined to somebody of the town", case.title);
        let known = people.iter().position(|known| *known == person);
        let at = known.unwrap_or_else(|| {
            people.push(person);
            people.len() - 1
        });
        char::from(b'A' + at as u8).to_string()
    };
    let letters = decided.person[first as usize..]
        .iter()
        .map(|person| letter(*person))
        .collect();
    let bands = bands();
    let word = |sure: f64| bands.iter().find(|(_, from)| sure >= *from).unwrap().0.clone();
    let words = sure
        .iter()
        .enumerate()
        .map(|(row, sure)| if row == 0 { String::new() } else { word(*sure) });
    (letters, words.collect())
}

#[test]
fn the_manual_is_true() {
    let cases = drawn::cases(MANUAL);
    let mut wrong = Vec::new();
    for case in &cases[1..] {
        let (letters, sure) = answer(case);
        if letters != case.column("person") || sure != case.column("sure") {
            wrong.push(format!(
                "{}: {letters:?} {sure:?} {:?}",
                case.title, case.lines[1]
            ));
        }
    }
    assert!(cases.len() > 12, "the manual has lost its tables");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_manual_says_of_itself_is_true() {
    let usual = Settings::default().deciding;
    let bands = bands();
    let from = |word: &str| bands.iter().find(|(other, _)| other == word).unwrap().1;
    assert_eq!(
        (from("fair"), from("review"), from("no")),
        (usual.accept, usual.review, 0.0)
    );
    let records = TOWN.rows.len();
    assert!(
        MANUAL.contains("20,000 records") && (19_500..20_500).contains(&records),
        "{records}"
    );
    let model = Model::read(MODEL).unwrap();
    assert_eq!(
        model.records, records as u64,
        "the model was trained on another town: make it anew"
    );
    let rules: Vec<&str> = model.strata.iter().map(|stratum| stratum.rule.as_str()).collect();
    assert_eq!(rules, RULES);
}

/// Run this with `--ignored` after training has changed, and look at what it does to the manual.
#[test]
#[ignore = "writes model.json, by which the manual is judged"]
fn the_model_is_made_anew() {
    let table = TOWN.table();
    let settings = Settings {
        rules: RULES
            .iter()
            .map(|rule| Rule::read(rule, &table).unwrap())
            .collect(),
        ..Settings::default()
    };
    let model = Linker::new(&table, settings).unwrap().train().unwrap().model;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/weigh/tests/model.json");
    fs_err::write(file, model.text().unwrap()).unwrap();
}
