//! Care of the invented nation: one question of which enough is known, one of which little is and of one nation nothing, one of
//! which only a yes is.

use protect::*;

/// Question, standard, title, caution, and the numbers of each nation a year: excluded, yes, no, missing.
type Asked = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    [(&'static str, [i64; 4]); 3],
);

const ASKED: [Asked; 2] = [
    (
        "nurse",
        "1",
        "A nurse specialist at the diagnosis of secondary breast cancer",
        "It does not say that the nurse knows secondary breast cancer.",
        [
            ("Averland", [30, 610, 190, 150]),
            ("Brennick", [12, 120, 90, 180]),
            ("Corrow", [9, 0, 4, 230]),
        ],
    ),
    (
        "gp-informed",
        "8",
        "The GP was told within two weeks",
        "Hospitals say so themselves.",
        [
            ("Averland", [30, 90, 60, 800]),
            ("Brennick", [12, 310, 60, 20]),
            ("Corrow", [9, 0, 0, 234]),
        ],
    ),
];

const AT_LEAST: Asked = (
    "team-discussion",
    "7",
    "Discussed by a team of specialists",
    "Only discussions that took place are recorded.",
    [
        ("Averland", [30, 640, 0, 310]),
        ("Brennick", [12, 40, 0, 350]),
        ("Corrow", [9, 3, 0, 231]),
    ],
);

/// The two tables.
pub(crate) fn tables() -> [RawTable; 2] {
    let table = |name: &str, columns, sums, rows| RawTable {
        name: name.into(),
        version: 1,
        about: "Care by nation and year.".into(),
        columns,
        rows,
        sums,
    };
    let answered = ASKED.iter().flat_map(|asked| rows(asked, true)).collect();
    let at_least = rows(&AT_LEAST, false);
    [
        table("care", care_columns(), care_sums(), answered),
        table(
            "care_at_least",
            care_at_least_columns(),
            care_yes_sums(),
            at_least,
        ),
    ]
}

fn rows((id, standard, title, caution, nations): &Asked, answered: bool) -> Vec<Vec<RawValue>> {
    let reported = if *id == "gp-informed" {
        "form"
    } else {
        "national_records"
    };
    let mut rows = Vec::new();
    for (nation, [excluded, yes, no, missing]) in nations {
        for year in ["2022", "2023", "2024"] {
            let texts = ["nation", nation, id, year, standard, title, caution, reported].map(RawValue::from);
            let known = yes + no;
            let counted = [known + missing + excluded, *excluded].map(RawValue::from);
            let (answers, derived) = if answered {
                (vec![known, *yes], 8)
            } else {
                (vec![*yes], 2)
            };
            let null = |columns| std::iter::repeat_n(RawValue::Null, columns);
            let numbers = counted
                .into_iter()
                .chain(null(1))
                .chain(answers.into_iter().map(RawValue::from));
            rows.push(texts.into_iter().chain(numbers).chain(null(derived)).collect());
        }
    }
    rows
}
